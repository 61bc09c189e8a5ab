use super::*;
use crate::settings::file::FILE_NAME;
use std::fs;

/// Settings from flags, pairs of the environment, and a file in the working directory.
fn settings(flags: &Flags, pairs: &[(&str, &str)], file: Option<&str>) -> Result<Settings, String> {
    let directory = tempfile::tempdir().unwrap();
    if let Some(text) = file {
        fs::write(directory.path().join(FILE_NAME), text).unwrap();
    }
    let variable = |name: &str| {
        let pair = pairs.iter().find(|(n, _)| *n == name);
        pair.map(|(_, value)| (*value).to_owned())
    };
    Settings::read_with(flags, variable, directory.path())
        .map_err(|f| f.sentence.unwrap_or_default())
}

fn refused(file: &str, names: &[&str]) {
    let why = settings(&Flags::default(), &[], Some(file)).unwrap_err();
    for name in names {
        assert!(why.contains(name), "{why} does not name {name}");
    }
}

#[test]
fn without_anything_the_defaults_hold() {
    let settings = settings(&Flags::default(), &[], None).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8420");
    assert_eq!(settings.data, Path::new("./carnet-data"));
    assert!(settings.require_names);
    assert!(!settings.insecure_listen);
    assert!(settings.values.iter().all(|row| row.2 == Source::Default));
    let book = carnet_book::Settings::new("./carnet-data");
    assert_eq!(settings.book().default_region, book.default_region);
    assert_eq!(settings.book().store_cache_bytes, book.store_cache_bytes);
    assert_eq!(settings.book().ready_memory_bytes, book.ready_memory_bytes);
    assert_eq!(settings.book().ready_file_bytes, book.ready_file_bytes);
    assert_eq!(settings.book().index_writer_bytes, book.index_writer_bytes);
    assert_eq!(settings.book().token_seconds, book.token_seconds);
    assert_eq!(settings.book().require_names, book.require_names);
    assert_eq!(settings.book().free_fields, book.free_fields);
}

#[test]
fn custom_fields_are_free_where_the_file_or_the_environment_says_so() {
    let free = |pairs: &[(&str, &str)], file: &str| {
        settings(&Flags::default(), pairs, Some(file)).unwrap().book().free_fields
    };
    assert!(free(&[], "[contacts]\nfree_fields = true"));
    assert!(free(&[("CARNET_CONTACTS_FREE_FIELDS", "yes")], ""));
    assert!(!free(&[], ""));
}

#[test]
fn flag_wins_over_environment_and_environment_over_file() {
    let file = Some("listen = '127.0.0.1:1'\n[contacts]\ndefault_region = 'de'\n");
    let pairs = [("CARNET_LISTEN", "127.0.0.1:2")];
    let flags = Flags { listen: Some("127.0.0.1:3".into()), ..Flags::default() };
    let port =
        |flags: &Flags, pairs: &[(&str, &str)]| settings(flags, pairs, file).unwrap().listen.port();
    assert_eq!(port(&Flags::default(), &[]), 1);
    assert_eq!(port(&Flags::default(), &pairs), 2);
    assert_eq!(port(&flags, &pairs), 3);
    let region = settings(&flags, &pairs, file).unwrap().default_region;
    assert_eq!(region.as_str(), "DE");
}

#[test]
fn internal_numbers_have_lengths_or_there_are_none() {
    let read = |file: &str| settings(&Flags::default(), &[], Some(file)).unwrap();
    for (text, lengths) in [("2-5", Some("2-5")), ("4", Some("4-4")), (" 1 - 6 ", Some("1-6"))] {
        let settings = read(&format!("[contacts]\ninternal_numbers = '{text}'"));
        let shown = settings.internal_numbers.map(|lengths| lengths.to_string());
        assert_eq!(shown.as_deref(), lengths, "{text}");
        assert_eq!(settings.book().internal_numbers, settings.internal_numbers);
        assert_eq!(settings.book().internal_numbers, settings.internal_numbers);
    }
    assert_eq!(read("[contacts]\ninternal_numbers = ''").internal_numbers, None);
    assert_eq!(read("").internal_numbers, None);
}

#[test]
fn an_unknown_key_is_named() {
    refused("listne = '127.0.0.1:1'", &["listne", "listen"]);
    refused("[contacts]\ndefault_regoin = 'DE'", &["contacts.default_regoin", "default_region"]);
    refused("[contact]\ndefault_region = 'DE'", &["contact", "[contacts]"]);
}

#[test]
fn a_value_that_cannot_be_is_named() {
    refused("listen = 8420", &["listen", "text"]);
    refused("listen = 'localhost'", &["listen", "localhost"]);
    refused("[contacts]\ndefault_region = 'XX'", &["contacts.default_region", "XX"]);
    refused("[contacts]\ndefault_region = '001'", &["contacts.default_region", "001"]);
    refused("[contacts]\nrequire_names = 'no'", &["contacts.require_names", "true or false"]);
    for lengths in ["0-5", "2-7", "5-2", "2-", "two", "2,5", "-"] {
        let file = format!("[contacts]\ninternal_numbers = '{lengths}'");
        refused(&file, &["contacts.internal_numbers", lengths, "1 to 6"]);
    }
    refused("[contacts]\ninternal_numbers = 4", &["contacts.internal_numbers", "text"]);
    refused("[store]\ncache_mib = 0", &["store.cache_mib", "1 or more"]);
    refused("[cid]\nformat = '{name}'", &["cid.format", "{name}", "{first}"]);
    refused("[cid]\nallow = ['10.0.0.0/40']", &["cid.allow", "10.0.0.0/40"]);
    refused("[cid]\nallow = '10.0.0.0/8'", &["cid.allow", "list"]);
    refused("[cid]\nmax_age_seconds = -1", &["cid.max_age_seconds", "0 or more"]);
    refused("[cid]\nmax_age_seconds = 99999999999", &["cid.max_age_seconds"]);
    refused("[log]\nlevel = 'loud'", &["log.level", "loud"]);
    refused("[log]\nformat = 'xml'", &["log.format", "xml"]);
    refused("listen = \n", &["line 1"]);
}

#[test]
fn networks_and_formats_of_caller_id_are_taken() {
    let file = "[cid]\nformat = '{last}'\nallow = ['127.0.0.1/32', '10.0.0.0/8']\n";
    let caller_id = settings(&Flags::default(), &[], Some(file)).unwrap().caller_id;
    assert_eq!(caller_id.format, NameFormat::parse("{last}").unwrap());
    assert_eq!(caller_id.allow.len(), 2);
    let pairs = [("CARNET_CID_ALLOW", "::1, 192.168.0.0/16"), ("CARNET_CID_MAX_AGE_SECONDS", "60")];
    let caller_id = settings(&Flags::default(), &pairs, Some(file)).unwrap().caller_id;
    assert_eq!((caller_id.allow.len(), caller_id.max_age_seconds), (2, 60));
    let caller_id = settings(&Flags::default(), &[], None).unwrap().caller_id;
    assert_eq!((caller_id.allow.len(), caller_id.max_age_seconds), (0, 0));
    assert_eq!(caller_id.format, NameFormat::default());
}

#[test]
fn own_roles_are_sets_of_known_permissions() {
    let file = "[roles]\nfront-desk = ['externalContacts:contact:view', 'carnet:lookup']\n";
    let roles = settings(&Flags::default(), &[], Some(file)).unwrap().roles;
    assert!(roles["front-desk"].has(Permission::Lookup));
    assert!(!roles["front-desk"].has(Permission::ContactAdd));
    refused("[roles]\nx = ['contacts:everything']", &["roles.x", "contacts:everything"]);
    refused("[roles]\nadmin = []", &["roles.admin", "built in"]);
    refused("[roles]\nx = 'carnet:lookup'", &["roles.x", "list"]);
}

#[test]
fn a_file_in_the_data_directory_goes_before_one_in_the_working_directory() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("here");
    fs::create_dir(&data).unwrap();
    fs::write(data.join(FILE_NAME), "listen = '127.0.0.1:1'").unwrap();
    fs::write(directory.path().join(FILE_NAME), "listen = '127.0.0.1:2'").unwrap();
    let read = |flags: &Flags| Settings::read_with(flags, |_| None, directory.path()).unwrap();
    assert_eq!(read(&Flags::default()).listen.port(), 2);
    let flags = Flags { data: Some("here".into()), ..Flags::default() };
    assert_eq!(read(&flags).listen.port(), 1);
}

#[test]
fn a_relative_data_directory_is_meant_from_where_the_file_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("own.toml");
    fs::write(&path, "data = 'book'").unwrap();
    let flags = Flags { config: Some(path), ..Flags::default() };
    let settings = Settings::read_with(&flags, |_| None, Path::new(".")).unwrap();
    assert_eq!(settings.data, directory.path().join("book"));
}

#[test]
fn a_named_file_that_is_not_there_is_an_error() {
    let flags = Flags { config: Some("no-such.toml".into()), ..Flags::default() };
    let failure = Settings::read_with(&flags, |_| None, Path::new(".")).unwrap_err();
    assert_eq!(failure.code, crate::failure::USAGE);
    assert!(failure.sentence.unwrap().contains("no-such.toml"));
}

#[test]
fn pages_of_browsers_are_listed_by_their_origins() {
    assert_eq!(settings(&Flags::default(), &[], None).unwrap().cors, Origins::default());
    let file = "[server]\ncors_origins = ['https://crm.example.org', 'http://localhost:5173']\n";
    let listed = settings(&Flags::default(), &[], Some(file)).unwrap().cors;
    let pairs = [("CARNET_SERVER_CORS_ORIGINS", "https://crm.example.org, http://localhost:5173")];
    assert_eq!(settings(&Flags::default(), &pairs, None).unwrap().cors, listed);
    assert_ne!(listed, Origins::default());
    refused("[server]\ncors_origins = ['crm.example.org']", &["server.cors_origins", "https://"]);
    refused("[server]\ncors_origins = ['https://a.example/x']", &["https://a.example/x"]);
    refused("[server]\ncors_origins = 'https://a.example'", &["server.cors_origins", "list"]);
}
