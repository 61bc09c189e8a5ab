//! The pages say what the code says. Tables between markers are written from the code; every link,
//! every path and the size of every page is checked. It knows no sentence of a page.
//!
//! `UPDATE_PAGES=1 cargo test --test main pages` rewrites the tables.

use crate::support::{Daemon, Data, carnet, run};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Every page, and the bytes that it may have. A page that grows beyond it is split.
const PAGES: &[(&str, usize)] = &[
    ("README.md", 8_192),
    ("CHANGELOG.md", 12_288),
    ("bin/README.md", 12_032),
    ("crates/README.md", 9_984),
    ("crates/FAULTS-OF-OTHERS.md", 10_240),
    ("crates/book/README.md", 10_752),
    ("crates/formats/README.md", 13_312),
    ("crates/http/README.md", 28_160),
    ("crates/http/SWITCHES.md", 11_520),
    ("crates/phone/README.md", 11_264),
    ("crates/search/README.md", 3_072),
    ("crates/phone/metadata/README.md", 1_024),
    ("benches/README.md", 24_576),
    ("tests/README.md", 5_120),
];

/// Words of our own making. The field's word stands beside each.
const OWN_WORDS: &[(&str, &str)] = &[
    ("bar", "target"),
    ("bars", "targets"),
    ("dream", "best case"),
    ("dreams", "best cases"),
    ("yardstick", "bare server"),
    ("yardsticks", "bare servers"),
    ("aims", "targets"),
    ("ready answers", "render cache"),
    ("answers kept ready", "render cache"),
    ("answers that are kept ready", "render cache"),
    ("look-up path", "fast path"),
    ("usual way", "hyper"),
    ("quick path", "fast path"),
    ("folder of a book", "indexer"),
    ("by and by", "later"),
    ("nobody's", "of no contact"),
];

/// Pages with paths in the form of the shell, or of the past, are not searched for paths.
const WITHOUT_PATHS: &[&str] = &["CHANGELOG.md"];

/// How the vendor counts: the operations of its API.
const VENDOR_OPERATIONS: usize = 145;
const VENDOR_PATHS: &str = "/api/v2/externalcontacts";

/// Tests run side by side, and two of them may write one page.
static WRITING: Mutex<()> = Mutex::new(());

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Checks the table of this name in a page, or writes it.
fn check_table(page: &str, name: &str, head: &[&str], rows: &[Vec<String>]) {
    let mut table = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        assert_eq!(row.len(), head.len(), "{name}: {row:?}");
        writeln!(table, "| {} |", row.join(" | ")).unwrap();
    }
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = read(page);
    let begin = format!("<!-- table: {name} -->\n");
    let (before, rest) =
        text.split_once(&begin).unwrap_or_else(|| panic!("{page} lacks the line {begin}"));
    let (found, after) =
        rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("{page}: {name} has no end"));
    if found == table {
        return;
    }
    if std::env::var_os("UPDATE_PAGES").is_some() {
        let text = format!("{before}{begin}{table}<!-- end -->{after}");
        std::fs::write(root().join(page), text).unwrap();
        return;
    }
    let old: BTreeSet<&str> = found.lines().collect();
    let new: BTreeSet<&str> = table.lines().collect();
    panic!(
        "the table `{name}` of {page} is not what the code says; \
         `UPDATE_PAGES=1 cargo test --test main pages` rewrites it\nin the page: {:#?}\n\
         in the code: {:#?}",
        old.difference(&new).collect::<Vec<_>>(),
        new.difference(&old).collect::<Vec<_>>()
    );
}

/// Name and sentence of each command in the help of these words.
fn commands_of(words: &[&str]) -> Vec<(String, String)> {
    let help = run(&[words, &["--help"]].concat());
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.trim_start().split_once(' '))
        .map(|(name, sentence)| (name.to_owned(), sentence.trim_start().to_owned()))
        .filter(|(name, _)| name != "help")
        .collect()
}

#[test]
fn the_table_of_commands_is_the_help() {
    let mut rows = Vec::new();
    for (name, sentence) in commands_of(&[]) {
        rows.push(vec![format!("`carnet {name}`"), sentence]);
        for (below, sentence) in commands_of(&[&name]) {
            rows.push(vec![format!("`carnet {name} {below}`"), sentence]);
        }
    }
    assert!(rows.len() > 5, "{rows:?}");
    check_table("bin/README.md", "commands", &["command", "what it does"], &rows);
}

#[test]
fn the_table_of_exit_codes_is_the_help() {
    let help = run(&["--help"]);
    let (_, codes) = help.split_once("Exit codes: ").expect("the help tells the exit codes");
    let codes = codes.trim_end().trim_end_matches('.').split(", ");
    let rows: Vec<_> = codes
        .map(|code| code.split_once(' ').unwrap())
        .map(|(code, what)| vec![format!("`{code}`"), what.to_owned()])
        .collect();
    check_table("bin/README.md", "exit codes", &["code", "what it says"], &rows);
}

#[test]
fn the_table_of_settings_is_what_config_prints() {
    let data = Data::new();
    // Elsewhere than here, where somebody may have a carnet.toml.
    let output = carnet(&["config"]).current_dir(data.folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (mut rows, mut table, mut help) = (Vec::new(), String::new(), "");
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_end_matches(']').to_owned();
        } else if let Some(comment) = line.strip_prefix("# ") {
            help = comment.trim_end_matches(" (default)");
        } else if let Some((name, default)) = line.split_once(" = ") {
            let (key, variable) = match table.as_str() {
                "" => (format!("`{name}`"), format!("CARNET_{name}")),
                table => (format!("`[{table}] {name}`"), format!("CARNET_{table}_{name}")),
            };
            let variable = format!("`{}`", variable.to_uppercase());
            rows.push(vec![key, variable, format!("`{default}`"), help.to_owned()]);
        }
    }
    assert!(rows.len() > 5, "{text}");
    let head = ["key in `carnet.toml`", "environment", "default", "what it is for"];
    check_table("bin/README.md", "settings", &head, &rows);
}

#[test]
fn the_table_of_roles_is_the_model() {
    let rows: Vec<_> = carnet_model::Role::ALL
        .into_iter()
        .map(|role| {
            let all = role.permissions().iter().count() == carnet_model::Permission::ALL.len();
            let names = role.permissions().iter().map(|one| format!("`{}`", one.name()));
            let names: Vec<String> = names.collect();
            let may = if all { "everything".to_owned() } else { names.join(", ") };
            vec![format!("`{}`", role.name()), may]
        })
        .collect();
    check_table("bin/README.md", "roles", &["role", "permissions"], &rows);
}

#[test]
fn the_table_of_operations_is_the_table_of_routes() {
    let rows: Vec<_> = carnet_http::routes()
        .map(|(method, path, permissions)| {
            let names: Vec<String> = permissions.iter().map(|name| format!("`{name}`")).collect();
            let needs = if names.is_empty() { "–".to_owned() } else { names.join(" or ") };
            vec![format!("`{method} {}`", path.trim_start_matches(VENDOR_PATHS)), needs]
        })
        .collect();
    check_table("crates/http/README.md", "operations", &["operation", "permission"], &rows);
}

#[test]
fn the_table_of_columns_is_what_an_import_reads() {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for column in carnet_formats::csv::columns() {
        let name = numbered(column.name);
        // Places in a list have one row.
        if rows.iter().any(|row| row[0] == format!("`{name}`")) {
            continue;
        }
        let short = column.short_name.map(|short| format!("`{short}`")).unwrap_or_default();
        rows.push(vec![format!("`{name}`"), short, column.holds.to_owned()]);
    }
    assert!(rows.len() > 5, "{rows:?}");
    let head = ["column", "short name", "what a cell holds"];
    check_table("crates/formats/README.md", "columns", &head, &rows);
}

/// The name of a column with `N` for its place in a list.
fn numbered(name: &str) -> String {
    let step = |step: &str| match step.bytes().all(|byte| byte.is_ascii_digit()) {
        true => "N".to_owned(),
        false => step.to_owned(),
    };
    name.split('.').map(step).collect::<Vec<_>>().join(".")
}

/// The examples of a page are imported as they stand.
#[test]
fn the_examples_of_the_forms_come_in_whole() {
    let page = read("crates/formats/README.md");
    for (form, added) in [("csv", 2), ("json", 4)] {
        let data = Data::new();
        let (_, rest) = page.split_once(&format!("```{form}\n")).expect("the page has an example");
        let (example, _) = rest.split_once("```").expect("the example ends");
        let file = data.file(&format!("example.{form}"));
        std::fs::write(&file, example).unwrap();
        let counts = run(&["import", &file, "--data", &data.dir(), "--strict", "--json"]);
        let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
        assert_eq!((&counts["added"], &counts["skipped"]), (&added.into(), &0.into()), "{counts}");
    }
}

#[test]
fn the_readme_counts_the_operations() {
    let of_vendor = carnet_http::routes().filter(|route| route.1.starts_with(VENDOR_PATHS)).count();
    let own = carnet_http::routes().count() - of_vendor;
    let readme = read("README.md");
    for sentence in
        [format!("{of_vendor} of {VENDOR_OPERATIONS} operations"), format!("carnet's own {own}")]
    {
        assert!(readme.contains(&sentence), "README.md does not say `{sentence}`");
    }
}

#[test]
fn the_table_of_metrics_is_what_the_daemon_answers() {
    let data = Data::new().with_client("admin");
    let daemon = Daemon::start(&data.path());
    let text = daemon.agent.get(format!("{}/metrics", daemon.url)).call().unwrap();
    let text = text.into_body().read_to_string().unwrap();
    let (mut rows, mut lines) = (Vec::new(), text.lines().peekable());
    while let Some(line) = lines.next() {
        let Some(help) = line.strip_prefix("# HELP ") else { continue };
        let (name, help) = help.split_once(' ').unwrap();
        let kind = lines.next().unwrap().rsplit(' ').next().unwrap();
        let labels = match lines.peek().and_then(|line| line.split_once('{')) {
            Some((_, sample)) if kind != "histogram" => label_names(sample).join(","),
            _ => String::new(),
        };
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        rows.push(vec![format!("`{name}{labels}`"), kind.to_owned(), help.to_owned()]);
    }
    assert!(rows.len() > 5, "{text}");
    // Only Linux tells of the process.
    if Path::new("/proc/self/stat").exists() {
        let head = ["metric", "type", "what it is"];
        check_table("crates/http/README.md", "metrics", &head, &rows);
    }
}

/// The names of the labels of a sample, in their order.
fn label_names(sample: &str) -> Vec<&str> {
    sample
        .split("=\"")
        .filter_map(|piece| piece.rsplit(['"', ',', '{']).next())
        .take_while(|name| {
            !name.is_empty()
                && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
        })
        .collect()
}

#[test]
fn the_tables_of_limits_are_the_constants() {
    for (page, name, source) in [
        ("crates/http/README.md", "limits of the daemon", "crates/http/src/limits.rs"),
        ("crates/book/README.md", "limits of the book", "crates/book/src/limits.rs"),
        ("crates/book/README.md", "limits of records", "crates/model/src/limits.rs"),
    ] {
        let rows = limits(source);
        assert!(rows.len() > 5, "{source}");
        check_table(page, name, &["name", "value", "what it bounds"], &rows);
    }
}

/// Name, value and first paragraph of documentation of each public constant in a file.
fn limits(source: &str) -> Vec<Vec<String>> {
    let (mut rows, mut help, mut ended) = (Vec::new(), Vec::new(), false);
    let text = read(source);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(more) = line.strip_prefix("///") {
            ended |= more.trim().is_empty();
            if !ended {
                help.push(more.trim());
            }
        } else if let Some(constant) = line.strip_prefix("pub const ") {
            let mut constant = constant.to_owned();
            while !constant.ends_with(';') {
                constant.push_str(lines.next().expect("a constant ends").trim());
            }
            let (name, rest) = constant.split_once(": ").unwrap();
            let (_, value) = rest.split_once(" = ").unwrap();
            let value = value_of(name, value.trim_end_matches(';'))
                .unwrap_or_else(|| panic!("{source}: this test cannot read {name} = {value}"));
            let text = help.join(" ").replace("[`", "`").replace("`]", "`");
            rows.push(vec![format!("`{name}`"), value, text.trim_end_matches('.').to_owned()]);
            (help, ended) = (Vec::new(), false);
        } else {
            (help, ended) = (Vec::new(), false);
        }
    }
    rows
}

/// A limit as a person writes it.
fn value_of(name: &str, text: &str) -> Option<String> {
    // Tests have smaller limits; the page tells those of the product.
    let text = match text.strip_prefix("if cfg!(test) {") {
        Some(choice) => choice.split_once("else {")?.1.trim().trim_end_matches('}').trim(),
        None => text,
    };
    if let Some(seconds) = text.strip_prefix("Duration::from_secs(") {
        return Some(format!("{} s", grouped(number(seconds.trim_end_matches(')'))?)));
    }
    if let Some(millis) = text.strip_prefix("Duration::from_millis(") {
        return Some(format!("{} ms", grouped(number(millis.trim_end_matches(')'))?)));
    }
    let value = number(text)?;
    Some(match (name.contains("BYTES"), value) {
        (true, 0x10_0000..) if value % 0x10_0000 == 0 => format!("{} MiB", grouped(value >> 20)),
        (true, 0x400..) if value % 0x400 == 0 => format!("{} KiB", grouped(value >> 10)),
        _ => grouped(value),
    })
}

/// The value of an integer, a product of such, or one shifted to the left.
fn number(text: &str) -> Option<u64> {
    if let Some((left, right)) = text.split_once(" << ") {
        return Some(number(left)? << number(right)?);
    }
    text.split(" * ").map(|one| one.trim().replace('_', "").parse::<u64>().ok()).product()
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn values_are_written_as_people_write_them() {
    for (name, text, expect) in [
        ("BODY_BYTES_MAX", "32 << 20", "32 MiB"),
        ("HEAD_BYTES_MAX", "32 << 10", "32 KiB"),
        ("CHECK", "1 << 16", "65,536"),
        ("CURSOR_LIFE", "Duration::from_secs(24 * 60 * 60)", "86,400 s"),
        ("PAUSE", "Duration::from_millis(250)", "250 ms"),
        ("FEW", "if cfg!(test) { 25 } else { 2_000 }", "2,000"),
    ] {
        assert_eq!(value_of(name, text).as_deref(), Some(expect));
    }
    assert_eq!(value_of("OTHER_MAX", "OTHER + 1"), None);
}

/// The Markdown files of the project, by their paths from the root.
fn pages_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            pages_below(&path, found);
        } else if name.ends_with(".md") {
            let path = path.strip_prefix(root()).unwrap();
            found.insert(path.to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn every_page_is_known_and_of_a_size_that_is_read() {
    let mut found = BTreeSet::new();
    pages_below(&root(), &mut found);
    let known: BTreeSet<String> = PAGES.iter().map(|(page, _)| (*page).to_owned()).collect();
    assert_eq!(found, known);
    for (page, bytes_max) in PAGES {
        let bytes = read(page).len();
        assert!(bytes <= *bytes_max, "{page} has {bytes} bytes, more than {bytes_max}");
    }
}

/// The text of a page without blocks of code.
fn prose(page: &str) -> String {
    let (mut text, mut code) = (String::new(), false);
    for line in read(page).lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            text.push_str(line);
            text.push('\n');
        }
    }
    assert!(!code, "{page}: a block of code has no end");
    text
}

/// The pieces of a text between backticks, or with `inside` false those outside of them.
fn by_backticks(text: &str, inside: bool) -> impl Iterator<Item = &str> {
    text.lines().flat_map(move |line| line.split('`').skip(usize::from(inside)).step_by(2))
}

#[test]
fn no_page_has_words_of_our_own_making() {
    for (page, _) in PAGES {
        let text = prose(page).to_lowercase().replace("progress bar", "progress display");
        for piece in by_backticks(&text, false) {
            for (own, of_the_field) in OWN_WORDS {
                let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphabetic);
                let alone = piece.match_indices(own).any(|(at, _)| {
                    let (before, after) = (&piece[..at], &piece[at + own.len()..]);
                    !is_letter(before.chars().next_back()) && !is_letter(after.chars().next())
                });
                assert!(!alone, "{page} says `{own}`, not `{of_the_field}`: {piece}");
            }
        }
    }
}

/// The name of a heading in a link, as forges make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_leads_to_something() {
    for (page, _) in PAGES {
        let folder = root().join(page).parent().unwrap().to_owned();
        for rest in prose(page).split("](").skip(1) {
            let link = rest.split(')').next().unwrap();
            if link.starts_with("http://") || link.starts_with("https://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { root().join(page) } else { folder.join(file) };
            assert!(target.exists(), "{page} links to {link}, which is not there");
            if !heading.is_empty() {
                let mut target = target;
                if target.is_dir() {
                    target.push("README.md");
                }
                let text = std::fs::read_to_string(target).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|line| anchor(line.trim_start_matches('#')) == heading);
                assert!(found, "{page} links to {link}, but there is no such heading");
            }
        }
    }
}

/// Whether a piece of code in a text names a file of the project.
fn is_source(text: &str) -> bool {
    let endings = [".rs", ".py", ".sh", ".md", ".svg", ".css"];
    let folders = ["bin/", "benches/", "crates/", "tests/"];
    !text.contains([' ', '*', '<', '$'])
        && (endings.iter().any(|ending| text.ends_with(ending))
            || folders.iter().any(|folder| text.starts_with(folder) && text.len() > folder.len()))
}

#[test]
fn every_file_that_a_page_names_is_there() {
    for (page, _) in PAGES.iter().filter(|(page, _)| !WITHOUT_PATHS.contains(page)) {
        let folder = root().join(page).parent().unwrap().to_owned();
        for path in by_backticks(&prose(page), true).filter(|piece| is_source(piece)) {
            let there = folder.join(path).exists() || root().join(path).exists();
            assert!(there, "{page} names `{path}`, which is not there");
        }
    }
}

#[test]
fn paths_are_told_from_other_code() {
    for (text, expect) in [
        ("http/src/routes.rs", true),
        ("tests/kill", true),
        ("bin/", false),
        ("carnet bench lookup", false),
        ("carnet.toml", false),
        ("GET /contacts", false),
    ] {
        assert_eq!(is_source(text), expect, "{text}");
    }
    assert_eq!(anchor(" What is `normal`: a page"), "what-is-normal-a-page");
}
