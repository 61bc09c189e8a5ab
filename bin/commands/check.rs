//! `carnet check`: compares everything with everything. Rows of the store with the records that
//! they belong to, and the index with the store. It also lists the external ids that several
//! contacts, or several organisations, have.

use carnet_book::{BookError, CheckReport, SharedExternalId, SharedExternalIds};
use clap::Args;
use serde_json::{Value, json};

use crate::failure::{self, Failure};
use crate::target::open_book::OpenBook;
use crate::target::{Target, TargetOptions};
use crate::terminal::log;
use crate::terminal::output;
use crate::terminal::progress;
use carnet_client::CARNET_PATH;

/// Check that the store and the index agree; exit code 4 if they do not.
///
/// Also lists the external ids that several contacts, or several organisations, share.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let report = match arguments.target.resolve()? {
        Target::Daemon(remote) => {
            let waiting = progress::waiting("the daemon checks its data", !arguments.json);
            let report = remote.get(&format!("{CARNET_PATH}/check"), &[])?;
            waiting.finish_and_clear();
            report
        }
        Target::Directory(settings) => {
            log::start_quietly(&settings);
            let book = OpenBook::existing(&settings)?.searchable()?;
            let bar = progress::items(None, !arguments.json);
            let checked = book.check(&mut |done, all| {
                bar.set_length(all);
                bar.set_position(done);
            });
            bar.finish_and_clear();
            value(&checked.map_err(unreadable)?)
        }
    };
    let sound = report["problems"].as_array().is_some_and(Vec::is_empty);
    match arguments.json {
        true => output::json(&report)?,
        false => output::line(text(&report).trim_end())?,
    }
    if sound { Ok(()) } else { Err(Failure::silent(failure::DAMAGED)) }
}

/// A store that cannot be read to the end is damaged, not busy.
fn unreadable(error: BookError) -> Failure {
    let code = match error {
        BookError::Engine { .. } => failure::DAMAGED,
        _ => failure::FAILED,
    };
    Failure { code, ..Failure::from(error) }
}

fn value(report: &CheckReport) -> Value {
    json!({
        "contacts": report.contacts,
        "organizations": report.organizations,
        "notes": report.notes,
        "problems": report.problems,
        "problemCount": report.problem_count,
        "sharedExternalIds": shared_value(&report.shared_by_contacts, CONTACTS),
        "sharedExternalIdCount": report.shared_by_contacts.count,
        "sharedOrganizationExternalIds": shared_value(&report.shared_by_organizations, ORGANIZATIONS),
        "sharedOrganizationExternalIdCount": report.shared_by_organizations.count,
    })
}

/// The key under which the answer has the holders of an external id.
const CONTACTS: &str = "contacts";
const ORGANIZATIONS: &str = "organizations";

fn shared_value(shared: &SharedExternalIds, holders: &str) -> Value {
    let one = |shared: &SharedExternalId| {
        let mut one = json!({
            "source": shared.id.source.name.as_ref().or(shared.id.source.id.as_ref()),
            "value": shared.id.value,
        });
        one[holders] = json!(shared.holders);
        one
    };
    shared.listed.iter().map(one).collect()
}

/// The external ids that several contacts or organisations have, from before that was refused. It is
/// for a person to say which record is the right one.
fn shared_text(report: &Value) -> String {
    let contacts = ["sharedExternalIds", "sharedExternalIdCount", CONTACTS, "contacts"];
    let organizations = [
        "sharedOrganizationExternalIds",
        "sharedOrganizationExternalIdCount",
        ORGANIZATIONS,
        "organisations",
    ];
    [contacts, organizations].map(|names| shared_by(report, names)).concat()
}

/// Those of one kind of record: the keys of the list, of the count and of the holders, and the kind.
fn shared_by(report: &Value, [list, count, holders, kind]: [&str; 4]) -> String {
    let listed = report[list].as_array().map(Vec::as_slice).unwrap_or_default();
    if listed.is_empty() {
        return String::new();
    }
    let all = report[count].as_u64().unwrap_or_default();
    let mut text = format!("\n{} of several {kind}, oldest first:", counted(all, "external id"));
    for shared in listed {
        let name = |field: &str| shared[field].as_str().unwrap_or_default();
        let ids = shared[holders].as_array().into_iter().flatten();
        let ids: Vec<&str> = ids.filter_map(Value::as_str).collect();
        text += &format!("\n{} {}: {}", name("source"), name("value"), ids.join(", "));
    }
    let listed = u64::try_from(listed.len()).unwrap_or(u64::MAX);
    if all > listed {
        text += &format!("\nand {} more", all - listed);
    }
    text
}

fn text(report: &Value) -> String {
    let count = |name: &str| report[name].as_u64().unwrap_or_default();
    let checked = format!(
        "checked {}, {} and {}: ",
        counted(count("contacts"), "contact"),
        counted(count("organizations"), "organisation"),
        counted(count("notes"), "note")
    );
    let listed: Vec<&str> =
        report["problems"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if listed.is_empty() {
        return checked + "everything agrees" + &shared_text(report);
    }
    let listed_count = u64::try_from(listed.len()).unwrap_or(u64::MAX);
    let all = count("problemCount").max(listed_count);
    let more = match all - listed_count {
        0 => String::new(),
        more => format!("\nand {more} more"),
    };
    let shared = shared_text(report);
    format!("{checked}{}\n{}{more}{shared}", counted(all, "problem"), listed.join("\n"))
}

/// A count and its noun.
fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::{ExternalId, ExternalSource, Uuid};

    #[test]
    fn problems_are_listed_and_the_rest_is_counted() {
        let mut report = CheckReport { contacts: 3, ..CheckReport::default() };
        assert!(text(&value(&report)).ends_with("everything agrees"));
        report.organizations = 1;
        let sound = text(&value(&report));
        assert!(sound.contains("3 contacts, 1 organisation and 0 notes"), "{sound}");
        report.problems = vec!["one".into(), "two".into()];
        report.problem_count = 12;
        let text = text(&value(&report));
        assert!(text.ends_with("12 problems\none\ntwo\nand 10 more"), "{text}");
    }

    #[test]
    fn shared_external_ids_are_listed_and_are_no_problem() {
        let source = ExternalSource { id: Some("7".into()), name: Some("CRM".into()) };
        let shared = SharedExternalId {
            id: ExternalId { source, value: "race".into() },
            holders: vec![Uuid::from_u128(1), Uuid::from_u128(2)],
        };
        let shared = |count| SharedExternalIds { listed: vec![shared.clone()], count };
        let report = CheckReport {
            shared_by_contacts: shared(3),
            shared_by_organizations: shared(1),
            ..CheckReport::default()
        };
        let text = text(&value(&report));
        let both = "CRM race: 00000000-0000-0000-0000-000000000001, \
                    00000000-0000-0000-0000-000000000002";
        let expected = &format!(
            "everything agrees\n3 external ids of several contacts, oldest first:\n{both}\n\
             and 2 more\n1 external id of several organisations, oldest first:\n{both}"
        );
        assert!(text.ends_with(expected), "{text}");
    }
}
