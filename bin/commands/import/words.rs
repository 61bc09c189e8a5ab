//! What an import says when it ends: a line for each file, the sentences behind it, and the same as
//! JSON.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use carnet_formats::encoding::TextEncoding;
use carnet_wire::import::NoticeKind;
use serde_json::{Value, json};

use super::account::UnknownFields;
use super::tally::Tally;

/// The work of the command, by which its answers are worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It imports them.
    Import,
    /// It says what an import would do.
    DryRun,
}

/// A line about an input.
pub(super) fn summary(
    name: &str,
    tally: &Tally,
    encoding: Option<TextEncoding>,
    report: Option<&Path>,
    mode: Mode,
) -> String {
    let Tally { added, updated, unchanged, skipped, .. } = tally;
    let counts = match mode {
        Mode::Import => {
            format!("{added} added, {updated} updated, {unchanged} unchanged, {skipped} skipped")
        }
        Mode::DryRun => format!(
            "{added} would be added, {updated} updated, {unchanged} left unchanged, {skipped} \
             skipped"
        ),
    };
    let counts = match tally.noted(NoticeKind::Unread) {
        0 => counts,
        1 => format!("{counts}; 1 number kept as typed, which no look-up finds"),
        unread => format!("{counts}; {unread} numbers kept as typed, which no look-up finds"),
    };
    let counts = match encoding {
        Some(encoding) => format!("{counts}; read as {}", encoding.name()),
        None => counts,
    };
    match report {
        // Rows that were taken may be in the report, too.
        Some(report) if *skipped == 0 => format!("{name}: {counts} (see {})", report.display()),
        Some(report) => format!("{name}: {counts} (why is in {})", report.display()),
        None => format!("{name}: {counts}"),
    }
}

/// The sentences behind the lines, one for each thing that there is to say.
pub(super) fn sentences(tally: &Tally, unknown: &UnknownFields, mode: Mode) -> Vec<String> {
    let mut all = Vec::new();
    for kind in NoticeKind::ALL {
        let count = tally.noted(kind);
        if count > 0
            && let Some(noticed) = noticed(kind, mode)
        {
            all.push(format!("{} {noticed}", fields(count)));
        }
    }
    if !unknown.is_empty() {
        let names: Vec<String> =
            unknown.iter().map(|(name, rows)| format!("{name} ({})", in_rows(*rows))).collect();
        all.push(format!("left out, because they are not known: {}", names.join(", ")));
    }
    if tally.unkeyed > 0 {
        all.push(unkeyed(tally.unkeyed, mode));
    }
    all
}

/// A sentence about contacts that rows of a table have replaced, which has not all columns.
pub(super) fn replaced(contacts: u64, mode: Mode) -> Option<String> {
    let who = if contacts == 1 { "1 contact".to_owned() } else { format!("{contacts} contacts") };
    let then = match mode {
        _ if contacts == 0 => return None,
        Mode::Import if contacts == 1 => "was replaced whole: what has no column is empty now",
        Mode::Import => "were replaced whole: what has no column is empty now",
        Mode::DryRun => "would be replaced whole: what has no column would be empty",
    };
    Some(format!("{who} {then}; with --keep-missing it stays"))
}

fn fields(count: u64) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

fn in_rows(rows: u64) -> String {
    if rows == 1 { "in 1 row".to_owned() } else { format!("in {rows} rows") }
}

/// What was the matter with fields; `None` where the line of the file tells it.
fn noticed(kind: NoticeKind, mode: Mode) -> Option<&'static str> {
    Some(match (kind, mode) {
        (NoticeKind::Unread, _) => return None,
        (NoticeKind::Moved, Mode::Import) => {
            "with several numbers or addresses: the others were put into free fields"
        }
        (NoticeKind::Moved, Mode::DryRun) => {
            "with several numbers or addresses: the others go into free fields"
        }
        (NoticeKind::Crowded, _) => {
            "with several numbers that have no free fields to go to: kept as typed"
        }
        (NoticeKind::Rounded, _) => "with a number that a spreadsheet has rounded: kept as it is",
        (NoticeKind::ReadAnew, _) => "with a number that is read anew from what was typed",
    })
}

/// A sentence about rows that have neither an id nor an external id.
fn unkeyed(rows: u64, mode: Mode) -> String {
    let (has, them) = if rows == 1 { ("row has", "it") } else { ("rows have", "them") };
    let then = match mode {
        Mode::Import => format!("importing {them} again adds {them} again"),
        Mode::DryRun => format!("every import adds {them} anew"),
    };
    format!("{rows} {has} neither an id nor an external id; {then}")
}

/// All of it as JSON.
pub(super) fn value(
    tally: &Tally,
    unknown: &UnknownFields,
    encodings: &BTreeMap<String, &'static str>,
    reports: &[PathBuf],
    mode: Mode,
) -> Value {
    let Tally { added, updated, unchanged, skipped, unkeyed, .. } = tally;
    let reports: Vec<String> = reports.iter().map(|path| path.display().to_string()).collect();
    let mut value = match mode {
        Mode::Import => json!({
            "added": added, "updated": updated, "unchanged": unchanged, "skipped": skipped,
        }),
        Mode::DryRun => json!({
            "dryRun": true, "added": added, "updated": updated, "unchanged": unchanged,
            "skipped": skipped,
        }),
    };
    value["withoutIds"] = json!(unkeyed);
    value["numbersUnread"] = json!(tally.noted(NoticeKind::Unread));
    let noted = |kind: &NoticeKind| (kind.as_str().to_owned(), json!(tally.noted(*kind)));
    value["notices"] = Value::Object(NoticeKind::ALL.iter().map(noted).collect());
    value["unknownFields"] = json!(unknown);
    value["encodings"] = json!(encodings);
    value["reports"] = json!(reports);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally() -> Tally {
        Tally { added: 1, updated: 2, unchanged: 3, skipped: 4, ..Tally::default() }
    }

    #[test]
    fn rows_without_ids_are_counted_in_grammar() {
        assert_eq!(
            unkeyed(1, Mode::Import),
            "1 row has neither an id nor an external id; importing it again adds it again"
        );
        assert!(unkeyed(2, Mode::DryRun).starts_with("2 rows have"));
    }

    #[test]
    fn the_summary_names_the_report() {
        let report = Some(Path::new("a.csv.report.csv"));
        let text = summary("a.csv", &tally(), None, report, Mode::Import);
        assert_eq!(
            text,
            "a.csv: 1 added, 2 updated, 3 unchanged, 4 skipped (why is in a.csv.report.csv)"
        );
        let good = Tally { skipped: 0, ..tally() };
        let text = summary("a.csv", &good, None, Some(Path::new("r.csv")), Mode::Import);
        assert!(text.ends_with("0 skipped (see r.csv)"), "{text}");
        let encoding = TextEncoding::parse("windows-1250");
        let text = summary("a.csv", &good, encoding, None, Mode::Import);
        assert!(text.ends_with("0 skipped; read as windows-1250"), "{text}");
    }

    #[test]
    fn a_dry_run_says_what_an_import_would_do() {
        assert_eq!(
            summary("-", &tally(), None, None, Mode::DryRun),
            "-: 1 would be added, 2 updated, 3 left unchanged, 4 skipped"
        );
        let encodings = [("a.csv".to_owned(), "Big5")].into();
        let json = value(&tally(), &UnknownFields::new(), &encodings, &[], Mode::DryRun);
        assert_eq!(json["encodings"]["a.csv"], "Big5");
        assert_eq!((&json["updated"], &json["unchanged"]), (&json!(2), &json!(3)));
    }

    /// Laravel-Excel#300, Automattic/camptix#40: what a spreadsheet spoils must not come in unseen.
    #[test]
    fn numbers_that_nobody_will_find_are_in_the_summary() {
        for (unread, part) in [(1, "; 1 number kept as"), (4, "; 4 numbers kept as")] {
            let mut tally = Tally { added: 5, ..Tally::default() };
            (0..unread).for_each(|_| tally.note(NoticeKind::Unread));
            for mode in [Mode::Import, Mode::DryRun] {
                let text = summary("a.csv", &tally, None, None, mode);
                assert!(text.contains(part), "{text}");
                let json = value(&tally, &UnknownFields::new(), &BTreeMap::new(), &[], mode);
                assert_eq!(json["numbersUnread"], unread);
            }
        }
        let text = summary("a.csv", &Tally::default(), None, None, Mode::Import);
        assert!(!text.contains("as typed"), "{text}");
    }

    #[test]
    fn contacts_that_lost_fields_are_told() {
        assert_eq!(replaced(0, Mode::Import), None);
        assert!(replaced(1, Mode::Import).is_some_and(|said| said.starts_with("1 contact was")));
        assert!(replaced(2, Mode::DryRun).is_some_and(|said| said.contains("--keep-missing")));
    }

    #[test]
    fn what_was_left_out_or_moved_is_said_at_the_end() {
        let mut tally = Tally::default();
        tally.note(NoticeKind::Moved);
        tally.note(NoticeKind::Rounded);
        tally.note(NoticeKind::Rounded);
        let unknown = [("shoe".to_owned(), 1), ("hat".to_owned(), 12)].into();
        let said = sentences(&tally, &unknown, Mode::Import);
        assert_eq!(
            said,
            [
                "1 field with several numbers or addresses: the others were put into free fields",
                "2 fields with a number that a spreadsheet has rounded: kept as it is",
                "left out, because they are not known: hat (in 12 rows), shoe (in 1 row)",
            ]
        );
        let json = value(&tally, &unknown, &BTreeMap::new(), &[], Mode::Import);
        assert_eq!(
            (&json["notices"]["rounded"], &json["unknownFields"]["hat"]),
            (&json!(2), &json!(12))
        );
    }
}
