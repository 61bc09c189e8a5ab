//! `carnet numbers`: the numbers that no look-up finds, and their texts read anew. Both go through all
//! contacts part by part, here or at a daemon, so that other work goes on meanwhile.

use carnet_book::Principal;
use carnet_client::{CARNET_PATH, Remote, segment};
use carnet_model::ContactNo;
use carnet_phone::Region;
use carnet_wire::numbers::{Reread, Unread};
use clap::{ArgGroup, Args};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::settings::region_argument;
use crate::target::open_book::{OpenBook, wait_for};
use crate::target::{Target, TargetOptions};
use crate::terminal::signals::Stop;
use crate::terminal::{log, output, progress};

/// List the numbers that were kept as typed and cannot be found, or read their texts anew.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["unread", "reread"])))]
pub(crate) struct Arguments {
    /// List them, each with the reason
    #[arg(long)]
    unread: bool,
    /// Read the texts of all numbers anew, after the default region, the internal numbers or the
    /// numbering plans have changed, and list what changes; a valid number is never taken away
    #[arg(long)]
    reread: bool,
    /// With --reread: the country whose code is assumed for a number that has none, such as DE
    /// [default: contacts.default_region of the settings]
    #[arg(long, value_name = "CC", value_parser = region_argument, conflicts_with = "unread")]
    region: Option<Region>,
    /// With --reread: list what would change, and change nothing
    #[arg(long, conflicts_with = "unread")]
    dry_run: bool,
    /// Answer in JSON lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let stop = Stop::on_signal()?;
    let source = Source::open(arguments)?;
    let bar = progress::items(None, !arguments.json);
    let (mut after, mut total) = (None, Total::default());
    let ended = loop {
        if stop.is_requested() {
            break Err(stopped(arguments));
        }
        let part = match source.part(arguments, after.as_ref()) {
            Ok(part) => part,
            Err(failure) => break Err(failure),
        };
        let shown = bar.suspend(|| part.rows.iter().try_for_each(|row| show(arguments, row)));
        if let Err(failure) = shown {
            break Err(failure);
        }
        total.add(&part);
        bar.set_position(total.contacts.max(total.rows));
        match part.after {
            Some(next) => after = Some(next),
            None => break Ok(()),
        }
    };
    bar.finish_and_clear();
    match (arguments.json, arguments.reread) {
        (true, true) => output::json(&total.value(arguments.dry_run))?,
        (true, false) => {}
        (false, _) => output::line(&total.sentence(arguments))?,
    }
    ended
}

/// The contacts, here or at a daemon.
enum Source {
    Book(OpenBook),
    Daemon(Box<Remote>),
}

/// Where the next part begins.
enum After {
    Contact(ContactNo),
    Cursor(String),
}

/// What came of a part of all contacts.
struct Part {
    rows: Vec<Value>,
    contacts: u64,
    kept: u64,
    after: Option<After>,
}

impl Source {
    fn open(arguments: &Arguments) -> Result<Source, Failure> {
        match arguments.target.resolve()? {
            Target::Daemon(remote) => Ok(Source::Daemon(remote)),
            Target::Directory(settings) => {
                log::start_quietly(&settings);
                let book = OpenBook::existing(&settings)?;
                // What is changed must be found by search, too.
                let writes = arguments.reread && !arguments.dry_run;
                Ok(Source::Book(if writes { book.searchable()? } else { book }))
            }
        }
    }

    fn part(&self, arguments: &Arguments, after: Option<&After>) -> Result<Part, Failure> {
        match self {
            Source::Book(book) => here(book, arguments, after),
            Source::Daemon(remote) => there(remote, arguments, after),
        }
    }
}

fn here(book: &OpenBook, arguments: &Arguments, after: Option<&After>) -> Result<Part, Failure> {
    let after = match after {
        Some(After::Contact(no)) => Some(*no),
        Some(After::Cursor(_)) | None => None,
    };
    let snapshot = book.snapshot_now()?;
    if arguments.unread {
        let page = snapshot.unread_numbers(after)?;
        return Ok(Part {
            rows: values(
                page.entries.into_iter().map(|row| serde_json::to_value(Unread::from(row))),
            )?,
            contacts: 0,
            kept: 0,
            after: page.after.map(After::Contact),
        });
    }
    let page = snapshot.numbers_to_reread(arguments.region, after)?;
    drop(snapshot);
    let changes = if arguments.dry_run || page.changed.is_empty() {
        page.changes
    } else {
        let principal = Principal::command_line();
        wait_for(book.reread_numbers(&principal, arguments.region, page.changed))??
    };
    Ok(Part {
        rows: values(changes.into_iter().map(|row| serde_json::to_value(Reread::from(row))))?,
        contacts: page.contacts,
        kept: page.kept,
        after: page.after.map(After::Contact),
    })
}

fn values(rows: impl Iterator<Item = serde_json::Result<Value>>) -> Result<Vec<Value>, Failure> {
    let values: Result<Vec<Value>, _> = rows.collect();
    values.map_err(|error| Failure::failed(format!("the answer cannot be written: {error}")))
}

fn there(remote: &Remote, arguments: &Arguments, after: Option<&After>) -> Result<Part, Failure> {
    let after = match after {
        Some(After::Cursor(text)) => text.as_str(),
        Some(After::Contact(_)) | None => "",
    };
    let (mut answer, rows) = if arguments.unread {
        let path = format!("{CARNET_PATH}/numbers/unread");
        (remote.get(&path, &[("after", after)])?, "numbers")
    } else {
        let region = arguments.region.map(Region::as_str).unwrap_or_default();
        let path = format!(
            "{CARNET_PATH}/numbers/reread?region={region}&dryRun={}&after={}",
            arguments.dry_run,
            segment(after)
        );
        (remote.post(&path, "application/json", b"")?, "changes")
    };
    let count = |name: &str| answer[name].as_u64().unwrap_or_default();
    let (contacts, kept) = (count("contacts"), count("kept"));
    let after = answer["after"].as_str().map(|after| After::Cursor(after.to_owned()));
    let Value::Array(rows) = answer[rows].take() else {
        return Err(Failure::failed("the daemon's answer cannot be read; is it an older carnet?"));
    };
    Ok(Part { rows, contacts, kept, after })
}

/// Shows a row: as JSON, or for people.
fn show(arguments: &Arguments, row: &Value) -> Result<(), Failure> {
    match (arguments.json, arguments.unread) {
        (true, _) => output::json(row),
        (false, true) => output::line(&unread_line(row)),
        (false, false) => output::line(&reread_line(row)),
    }
}

fn unread_line(row: &Value) -> String {
    let [id, name, field, text, reason] =
        ["contactId", "name", "field", "text", "reason"].map(|field| cell(&row[field]));
    format!("{id}  {name:24}  {field:10}  {text:20}  {reason}")
}

fn reread_line(row: &Value) -> String {
    let [id, name, field, text, old, new, reason] =
        ["contactId", "name", "field", "text", "old", "new", "reason"].map(|f| cell(&row[f]));
    let old = if old.is_empty() { "no number" } else { &old };
    let new = if new.is_empty() { format!("no number, {reason}") } else { new };
    format!("{id}  {name:24}  {field:10}  {text:20}  {old} -> {new}")
}

/// A text on one line: what was typed may have line ends in it.
fn cell(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The sums over all parts.
#[derive(Default)]
struct Total {
    contacts: u64,
    rows: u64,
    kept: u64,
}

impl Total {
    fn add(&mut self, part: &Part) {
        self.contacts += part.contacts;
        self.rows += u64::try_from(part.rows.len()).unwrap_or_default();
        self.kept += part.kept;
    }

    fn value(&self, dry_run: bool) -> Value {
        json!({
            "contacts": self.contacts, "changed": self.rows, "kept": self.kept, "dryRun": dry_run,
        })
    }

    fn sentence(&self, arguments: &Arguments) -> String {
        let numbers = counted(self.rows, "number");
        if arguments.unread {
            return match self.rows {
                0 => "every number can be found".to_owned(),
                1 => "1 number was kept as typed and cannot be found".to_owned(),
                _ => format!("{numbers} were kept as typed and cannot be found"),
            };
        }
        let contacts = counted(self.contacts, "contact");
        let changed = if arguments.dry_run { "would change" } else { "changed" };
        let kept = match self.kept {
            0 => String::new(),
            1 => "; 1 valid number stays although its text no longer spells it".to_owned(),
            kept => {
                format!("; {kept} valid numbers stay although their texts no longer spell them")
            }
        };
        format!("{contacts} read, {numbers} {changed}{kept}")
    }
}

fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// The failure of a pass that a signal ended.
fn stopped(arguments: &Arguments) -> Failure {
    Failure::failed(match arguments.reread && !arguments.dry_run {
        true => {
            "stopped before the end; what was read anew stays so, and the command can be started \
             again"
        }
        false => "stopped before the end",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn parse(words: &str) -> Result<Arguments, clap::Error> {
        let words = format!("carnet numbers {words}");
        match crate::Cli::try_parse_from(words.split_whitespace())?.command {
            crate::Command::Numbers(arguments) => Ok(arguments),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_of_the_two_is_asked_for() {
        for words in [
            "",
            "--unread --reread",
            "--unread --dry-run",
            "--unread --region DE",
            "--reread --region XX",
            "--dry-run",
        ] {
            assert!(parse(words).is_err(), "{words}");
        }
        let arguments = parse("--reread --region fr --dry-run --json").unwrap();
        assert_eq!(arguments.region, Region::parse("FR"));
        assert!(arguments.dry_run && arguments.json && !arguments.unread);
    }

    #[test]
    fn rows_stay_on_one_line() {
        let row = json!({
            "contactId": "7", "name": "Ann", "field": "workPhone", "text": "one\r\ntwo",
            "reason": "there is more than one number", "old": null, "new": "+33612345678",
        });
        assert!(unread_line(&row).ends_with("one  two              there is more than one number"));
        assert!(reread_line(&row).ends_with("no number -> +33612345678"));
        let lost = json!({"old": "+10612345678", "new": null, "reason": "too long"});
        assert!(reread_line(&lost).ends_with("+10612345678 -> no number, too long"));
    }

    #[test]
    fn sums_are_told_in_grammar() {
        let total = Total { contacts: 2, rows: 1, kept: 1 };
        let sentence = |words| total.sentence(&parse(words).unwrap());
        assert_eq!(
            sentence("--reread --dry-run"),
            "2 contacts read, 1 number would change; 1 valid number stays although its text no \
             longer spells it"
        );
        assert_eq!(sentence("--unread"), "1 number was kept as typed and cannot be found");
        let none = Total::default().sentence(&parse("--unread").unwrap());
        assert_eq!(none, "every number can be found");
    }
}
