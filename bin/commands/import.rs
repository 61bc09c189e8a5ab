//! `carnet import`: JSON lines and CSV into the address book, in constant memory. Bad rows do
//! not stop it: each is named in a report. A stop by a signal leaves whole batches, and says so.

mod input;
mod into_book;
mod into_daemon;
mod pipeline;
mod report;
mod tally;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use carnet_client::Remote;
use carnet_formats::cut::Batch;
use carnet_wire::Rules;
use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::failure::{self, Failure};
use crate::settings::Settings;
use crate::target::open_book::{OpenBook, has_store};
use crate::target::{Target, TargetOptions};
use crate::terminal::signals::Stop;
use crate::terminal::{log, output, progress};
use input::{Format, Input, name_of};
use into_book::BookWriter;
use into_daemon::UploadBatch;
use report::Report;
use tally::Tally;

/// Import contacts, organisations and notes from JSON lines, or contacts from CSV.
///
/// JSON lines are in the form of the API, one record a line; CSV has a header with the names of
/// the API's fields, nested ones with dots, in any order. A record with the id or an external id
/// of one that is there replaces that record whole: a field that the row does not have is empty
/// afterwards. A record with neither is added every time that it is imported. Organisations that
/// rows name are made. Bad rows are skipped and reported.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Files to read; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Form of the files [default: by their ending, else by their first line]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Check every row and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Where to write line, field and reason of bad rows, as CSV [default: FILE.report.csv in
    /// the working directory]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// Where the rows go.
enum Destination {
    /// Into an open book, for good or for a dry run; or they are only counted.
    Book { rules: Rules, writer: BookWriter },
    /// To a running daemon.
    Daemon(Box<Remote>),
}

/// The work of the command, by which its answers are worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It imports them.
    Import,
    /// It says what an import would do.
    DryRun,
    /// It says which of them are good. For a dry run with a daemon, which is not asked.
    Count,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.report.is_some() && arguments.files.len() > 1 {
        return Err(Failure::usage(
            "--report goes with a single file; without it every file has a report of its own",
        ));
    }
    let stop = Stop::on_signal()?;
    let (mut destination, mode) = destination(arguments)?;
    let mut taken = HashSet::new();
    let mut total = Tally::default();
    let mut reports = Vec::new();
    let mut ended = Ok(());
    for path in &arguments.files {
        let report =
            arguments.report.clone().unwrap_or_else(|| Report::default_path(path, &mut taken));
        let mut run = FileImport { tally: Tally::default(), report: Report::at(report) };
        let file = ImportFile { path, mode, stop: &stop, drawn: !arguments.json };
        let done = run.file(&file, arguments.format, &mut destination);
        let done = done.and(run.report.finish());
        total += run.tally;
        let report = run.report.path().map(Path::to_owned);
        if !arguments.json && (done.is_ok() || run.tally.rows() > 0) {
            output::line(&summary(&name_of(path), &run.tally, report.as_deref(), mode))?;
        }
        reports.extend(report);
        if let Err(failure) = done {
            ended = Err(failure);
            break;
        }
    }
    if let Destination::Book { writer, .. } = destination {
        // A dry run that ended early says why when it is closed.
        writer.close(!arguments.json)?;
    }
    if arguments.json {
        output::json(&value(&total, &reports, mode))?;
    } else if arguments.files.len() > 1 && ended.is_ok() {
        output::line(&summary("altogether", &total, None, mode))?;
    }
    if total.unkeyed > 0 && !arguments.json {
        output::line(&unkeyed(total.unkeyed, mode))?;
    }
    ended?;
    if total.is_hopeless() {
        // The summary has said it.
        return Err(Failure::silent(failure::FAILED));
    }
    Ok(())
}

fn destination(arguments: &Arguments) -> Result<(Destination, Mode), Failure> {
    let book = |settings: &Settings, writer| Destination::Book { rules: settings.rules(), writer };
    let settings = match (arguments.target.resolve()?, arguments.dry_run) {
        (Target::Daemon(remote), false) => {
            return Ok((Destination::Daemon(remote), Mode::Import));
        }
        (Target::Daemon(_), true) => {
            let settings = arguments.target.settings()?;
            return Ok((book(&settings, BookWriter::Count), Mode::Count));
        }
        (Target::Directory(settings), _) => settings,
    };
    log::start_quietly(&settings);
    if !arguments.dry_run {
        let opened = OpenBook::for_import(&settings)?.searchable()?;
        return Ok((book(&settings, BookWriter::import(opened)), Mode::Import));
    }
    let opened = match has_store(&settings.data) {
        true => OpenBook::existing(&settings)?,
        false => OpenBook::empty(&settings)?,
    };
    Ok((book(&settings, BookWriter::dry_run(opened)), Mode::DryRun))
}

/// A file to be imported.
#[derive(Clone, Copy)]
struct ImportFile<'a> {
    path: &'a Path,
    mode: Mode,
    stop: &'a Stop,
    /// Whether progress is drawn.
    drawn: bool,
}

impl ImportFile<'_> {
    /// An error when a signal has come.
    fn go_on(&self) -> Result<(), Failure> {
        match self.stop.is_requested() {
            true => Err(stopped(self.mode)),
            false => Ok(()),
        }
    }

    /// The failure of reading the file. A stop ends the wait for an input with such an error.
    fn unreadable(&self, error: &io::Error) -> Failure {
        match self.go_on() {
            Ok(()) => Failure::file(name_of(self.path), error),
            Err(stopped) => stopped,
        }
    }
}

/// The import of one file.
struct FileImport {
    tally: Tally,
    report: Report,
}

impl FileImport {
    fn file(
        &mut self,
        file: &ImportFile<'_>,
        format: Option<Format>,
        destination: &mut Destination,
    ) -> Result<(), Failure> {
        file.go_on()?;
        let unreadable = |error: io::Error| file.unreadable(&error);
        let Some(input) = Input::open(file.path, format, file.stop, unreadable)? else {
            return Ok(());
        };
        let bar = progress::bytes(input.bytes, file.drawn);
        let done = match destination {
            Destination::Book { rules, writer } => {
                self.write_to_book(file, input, rules, writer, &bar)
            }
            Destination::Daemon(remote) => self.send_to_daemon(file, input, remote, &bar),
        };
        bar.finish_and_clear();
        done
    }

    fn write_to_book(
        &mut self,
        file: &ImportFile<'_>,
        Input { records, reading, .. }: Input,
        rules: &Rules,
        writer: &mut BookWriter,
        bar: &ProgressBar,
    ) -> Result<(), Failure> {
        let FileImport { tally, report } = self;
        let parse = |batch: &Batch| reading.items(batch, rules);
        let keep = |rows, read| {
            writer.take(rows, rules.numbers(), read, tally, report)?;
            bar.set_position(read);
            progress::show_rows(bar, tally.rows() + writer.rows_under_way());
            file.go_on()
        };
        let read = pipeline::run(records, parse, keep, |error| file.unreadable(&error));
        let kept = writer.finish(tally, report);
        read.and(kept)
    }

    fn send_to_daemon(
        &mut self,
        file: &ImportFile<'_>,
        Input { records, reading, .. }: Input,
        remote: &Remote,
        bar: &ProgressBar,
    ) -> Result<(), Failure> {
        let FileImport { tally, report } = self;
        let mut upload = UploadBatch::default();
        let parse = |batch: &Batch| reading.lines(batch);
        let keep = |rows, read| {
            upload.add(rows, remote, tally, report)?;
            bar.set_position(read);
            progress::show_rows(bar, tally.rows());
            file.go_on()
        };
        let read = pipeline::run(records, parse, keep, |error| file.unreadable(&error));
        let sent = upload.send(remote, tally, report);
        read.and(sent)
    }
}

/// The failure of an import that a signal ended.
fn stopped(mode: Mode) -> Failure {
    Failure::failed(match mode {
        Mode::Import => {
            "the import was stopped before its end; it can be started again: what has an id or \
             an external id is not added twice"
        }
        Mode::DryRun | Mode::Count => {
            "the dry run was stopped before its end; it can be started again"
        }
    })
}

/// A sentence about rows that have neither an id nor an external id.
fn unkeyed(rows: u64, mode: Mode) -> String {
    let (has, them) = if rows == 1 { ("row has", "it") } else { ("rows have", "them") };
    let then = match mode {
        Mode::Import => format!("importing {them} again adds {them} again"),
        Mode::DryRun | Mode::Count => format!("every import adds {them} anew"),
    };
    format!("{rows} {has} neither an id nor an external id; {then}")
}

fn summary(name: &str, tally: &Tally, report: Option<&Path>, mode: Mode) -> String {
    let Tally { added, updated, unchanged, skipped, unread, .. } = tally;
    let mut counts = match mode {
        Mode::Import => {
            format!("{added} added, {updated} updated, {unchanged} unchanged, {skipped} skipped")
        }
        Mode::DryRun => format!(
            "{added} would be added, {updated} updated, {unchanged} left unchanged, {skipped} \
             skipped"
        ),
        Mode::Count => format!(
            "{added} can be imported, {skipped} would be skipped; what the daemon has was not \
             compared"
        ),
    };
    match unread {
        0 => {}
        1 => counts.push_str("; 1 number kept as typed, which no look-up finds"),
        _ => counts.push_str(&format!("; {unread} numbers kept as typed, which no look-up finds")),
    }
    match report {
        Some(report) => format!("{name}: {counts} (why is in {})", report.display()),
        None => format!("{name}: {counts}"),
    }
}

fn value(tally: &Tally, reports: &[PathBuf], mode: Mode) -> Value {
    let Tally { added, updated, unchanged, skipped, unkeyed, unread } = tally;
    let reports: Vec<String> = reports.iter().map(|path| path.display().to_string()).collect();
    match mode {
        Mode::Import => json!({
            "added": added, "updated": updated, "unchanged": unchanged, "skipped": skipped,
            "withoutIds": unkeyed, "numbersUnread": unread, "reports": reports,
        }),
        Mode::DryRun => json!({
            "dryRun": true, "added": added, "updated": updated, "unchanged": unchanged,
            "skipped": skipped, "withoutIds": unkeyed, "numbersUnread": unread, "reports": reports,
        }),
        Mode::Count => json!({
            "dryRun": true, "good": added, "skipped": skipped, "withoutIds": unkeyed,
            "numbersUnread": unread, "reports": reports,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let tally = Tally { added: 1, updated: 2, unchanged: 3, skipped: 4, ..Tally::default() };
        let text = summary("a.csv", &tally, Some(Path::new("a.csv.report.csv")), Mode::Import);
        assert_eq!(
            text,
            "a.csv: 1 added, 2 updated, 3 unchanged, 4 skipped (why is in a.csv.report.csv)"
        );
    }

    /// Laravel-Excel#300, Automattic/camptix#40: what a spreadsheet spoils must not come in unseen.
    #[test]
    fn numbers_that_nobody_will_find_are_in_the_summary() {
        for (unread, part) in [(1, "; 1 number kept as"), (4, "; 4 numbers kept as")] {
            let tally = Tally { added: 5, unread, ..Tally::default() };
            for mode in [Mode::Import, Mode::DryRun, Mode::Count] {
                let text = summary("a.csv", &tally, None, mode);
                assert!(text.contains(part), "{text}");
                assert_eq!(value(&tally, &[], mode)["numbersUnread"], unread);
            }
        }
        let text = summary("a.csv", &Tally::default(), None, Mode::Import);
        assert!(!text.contains("as typed"), "{text}");
    }

    #[test]
    fn a_dry_run_says_what_an_import_would_do() {
        let tally = Tally { added: 1, updated: 2, unchanged: 3, skipped: 4, ..Tally::default() };
        assert_eq!(
            summary("-", &tally, None, Mode::DryRun),
            "-: 1 would be added, 2 updated, 3 left unchanged, 4 skipped"
        );
        let json = value(&tally, &[], Mode::DryRun);
        assert_eq!((&json["updated"], &json["unchanged"]), (&json!(2), &json!(3)));
    }
}
