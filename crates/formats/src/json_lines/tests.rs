use super::*;
use crate::json_lines::records;
use carnet_model::{
    ContactKind, CoreType, Definition, ImportContact, ImportNote, ImportOrganization, ImportSchema,
    Property, Restrictions, Timestamp, Uuid,
};
use proptest::prelude::*;

fn rules() -> Rules {
    Rules { require_names: false, ..Rules::default() }
}

/// Reads what was written, which is one whole line.
fn read_back(out: &[u8]) -> ImportItem {
    let (end, line) = out.split_last().unwrap();
    assert_eq!(*end, b'\n');
    assert!(!line.contains(&b'\n'));
    read(out, &rules()).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(out)))
}

proptest! {
    #[test]
    fn a_contact_comes_back_as_it_was((contact, organization) in records::contact()) {
        let mut out = Vec::new();
        write_contact(&contact, organization.as_deref(), &mut out);
        let expected = ImportContact {
            create_date: Some(contact.create_date),
            modify_date: Some(contact.modify_date),
            organization_name: organization,
            mentioned: None,
            names_required: false,
            contact: Contact { create_date: Timestamp(0), modify_date: Timestamp(0), ..contact },
        };
        prop_assert_eq!(read_back(&out), ImportItem::Contact(expected));
    }

    #[test]
    fn an_organization_comes_back_as_it_was(organization in records::organization()) {
        let mut out = Vec::new();
        write_organization(&organization, &mut out);
        let expected = ImportOrganization {
            create_date: Some(organization.create_date),
            modify_date: Some(organization.modify_date),
            organization: Organization { create_date: Timestamp(0), modify_date: Timestamp(0), ..organization },
        };
        prop_assert_eq!(read_back(&out), ImportItem::Organization(expected));
    }

    #[test]
    fn a_note_comes_back_as_it_was(note in records::note()) {
        let mut out = Vec::new();
        write_note(&note, &mut out);
        let expected = ImportNote {
            create_date: Some(note.create_date),
            modify_date: Some(note.modify_date),
            note: Note { create_date: Timestamp(0), modify_date: Timestamp(0), ..note },
        };
        prop_assert_eq!(read_back(&out), ImportItem::Note(expected));
    }

    #[test]
    fn no_line_panics(line in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&line, &rules());
    }

    #[test]
    fn no_cut_line_panics((contact, name) in records::contact(), cut in any::<prop::sample::Index>()) {
        let mut out = Vec::new();
        write_contact(&contact, name.as_deref(), &mut out);
        let cut = cut.index(out.len() - 1);
        let is_no_json = matches!(read(&out[..cut], &rules()), Err(LineError::Json { .. }));
        prop_assert!(is_no_json);
    }
}

#[test]
fn several_records_stand_one_a_line() {
    let contact = Contact { last_name: Some("Zoë".into()), ..Contact::default() };
    let organization = Organization { name: "Acme".into(), ..Organization::default() };
    let mut out = Vec::new();
    write_organization(&organization, &mut out);
    write_contact(&contact, None, &mut out);
    let text = String::from_utf8(out).unwrap();
    let starts: Vec<&str> = text.lines().map(|line| line.split(',').next().unwrap()).collect();
    let nobody = Uuid::nil();
    assert_eq!(starts, ["{\"carnet\":\"organization\"", &format!("{{\"id\":\"{nobody}\"")]);
}

#[test]
fn a_line_of_a_schema_brings_it_back_removed_or_not() {
    let property = Property {
        key: "n_integer".into(),
        title: Some("Żółć".into()),
        description: None,
        core_type: CoreType::Integer,
        restrictions: Restrictions {
            maximum: Some(carnet_model::whole_value("18446744073709551616")),
            ..Restrictions::default()
        },
    };
    let schema = DataSchema {
        id: Uuid::from_u128(7),
        name: "Customer".into(),
        version: 3,
        definition: Definition { properties: vec![property], ..Definition::default() },
        ..DataSchema::default()
    };
    for removed in [false, true] {
        let mut out = Vec::new();
        write_schema(&schema, removed, &mut out);
        let expected = ImportSchema { schema: schema.clone(), removed };
        assert_eq!(read_back(&out), ImportItem::Schema(expected));
    }
}

#[test]
fn whole_numbers_beyond_64_bits_stand_in_a_line_as_they_are() {
    let line = "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"customFields\":{\"n_integer\":\
                99999999999999999999999999999999999999}}";
    let ImportItem::Contact(import) = read(line.as_bytes(), &rules()).unwrap() else {
        panic!("it is a contact");
    };
    let mut out = Vec::new();
    write_contact(&import.contact, None, &mut out);
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("\"n_integer\":99999999999999999999999999999999999999}"), "{text}");
}

#[test]
fn a_line_brings_only_what_it_says() {
    let line = br#"{"firstName":"Anna","lastName":"Bell","type":"External","externalOrganization":{"name":" Acme "}}"#;
    let Ok(ImportItem::Contact(import)) = read(line, &Rules::default()) else {
        panic!("it is a contact");
    };
    assert!(import.contact.id.is_nil());
    assert_eq!(import.contact.kind, ContactKind::Curated);
    assert_eq!(import.organization_name.as_deref(), Some("Acme"));
    assert_eq!((import.create_date, import.modify_date), (None, None));
}

#[test]
fn names_are_not_required_of_a_record_that_brings_its_id() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let mut out = Vec::new();
    let only =
        Contact { id: id.parse().unwrap(), title: Some("only".into()), ..Contact::default() };
    write_contact(&only, None, &mut out);
    let Ok(ImportItem::Contact(import)) = read(&out, &Rules::default()) else {
        panic!("what was exported is a contact");
    };
    assert_eq!(import.contact, only);
    let both = "firstName is required; lastName is required";
    assert_eq!(error_of(r#"{"title":"only"}"#), both);
    assert_eq!(error_of(r#"{"id":"","title":"only"}"#), both);
    let bare = format!(r#"{{"id":"{id}"}}"#);
    assert_eq!(error_of(&bare), "$: a contact needs at least one field");
}

fn error_of(line: &str) -> String {
    read(line.as_bytes(), &Rules::default()).unwrap_err().to_string()
}

#[test]
fn a_bad_line_says_why() {
    let tag = "carnet: a line is a contact, an organization, a note or a schema";
    assert_eq!(error_of(r#"{"carnet":"car"}"#), tag);
    assert_eq!(error_of(r#"{"carnet":5}"#), tag);
    assert_eq!(error_of("[]"), "$ must be an object");
    assert_eq!(error_of(r#"{"carnet":"organization"}"#), "name is required");
    assert_eq!(
        error_of(r#"{"lastName":"x" "#),
        "not JSON: EOF while parsing an object at column 16"
    );
    assert_eq!(error_of(r#"{"lastName":tru}"#), "not JSON: expected ident at column 16");
    assert_eq!(error_of(""), "not JSON: EOF while parsing a value at column 0");
    assert_eq!(error_of(&"[".repeat(500)), "not JSON: recursion limit exceeded at column 128");
}

#[test]
fn a_line_that_is_not_one_record_says_what_it_is() {
    let why = |line: &str| {
        let options = ImportOptions::default();
        import(line.as_bytes(), &rules(), options).unwrap_err().to_string()
    };
    for (line, part) in [
        ("{\"lastName\":\"A\"}\r{\"lastName\":\"B\"}\r", "a carriage return alone"),
        ("{", "spread over several lines"),
        ("[{\"lastName\":\"A\"}]", "`jq -c '.[]'`"),
        ("{\"entities\":[],\"pageSize\":1}", "`jq -c '.entities[]'`"),
        ("{\"lastName\":\"A\"", "not JSON"),
        ("{\"shoe\":1}", "no field of a contact"),
    ] {
        assert!(why(line).contains(part), "{}", why(line));
    }
}

#[test]
fn every_fault_of_a_line_is_named() {
    let line = r#"{"id":"x","firstName":5,"workEmail":"anna","createDate":"yesterday"}"#;
    let Err(LineError::Invalid(invalid)) = read(line.as_bytes(), &Rules::default()) else {
        panic!("it has faults");
    };
    let mut fields: Vec<&str> = invalid.faults.iter().map(|fault| fault.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["createDate", "firstName", "id", "lastName", "workEmail"]);
}

#[test]
fn a_byte_order_mark_and_a_tag_of_a_contact_are_read_over() {
    for line in [
        "\u{feff}{\"firstName\":\"A\",\"lastName\":\"B\"}\r\n",
        r#"{"carnet":"contact","firstName":"A","lastName":"B"}"#,
    ] {
        assert!(
            matches!(read(line.as_bytes(), &Rules::default()), Ok(ImportItem::Contact(_))),
            "{line}"
        );
    }
}
