//! `carnet import`: JSON lines and CSV into the address book, in constant memory. Bad rows do
//! not stop it: each is named in a report. A stop by a signal leaves whole batches, and says so.

mod dry_run;
mod into_book;
mod into_daemon;
mod pipeline;
mod report;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use carnet_formats::csv::COLUMNS;
use carnet_formats::csv::cells::{HeaderError, delimiter_of, read_header};
use carnet_formats::cut::{Batch, LINE_BYTES_MAX, Shape};
use carnet_formats::rows::Reading;
use carnet_formats::stream::Records;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::failure::{self, Failure};
use crate::settings::Settings;
use crate::target::open_book::{self, OpenBook};
use crate::target::{Target, TargetOptions};
use crate::terminal::log;
use crate::terminal::output;
use crate::terminal::progress;
use crate::terminal::signals::Stop;
use carnet_client::Remote;
use dry_run::Against;
use into_book::Keeper;
use report::Report;

/// Import contacts, organisations and notes from JSON lines, or contacts from CSV.
///
/// JSON lines are in the form of the API, one record a line; CSV has a header with the names of
/// the API's fields, nested ones with dots, in any order. A record with the id or an external id
/// of one that is there replaces that record whole: a field that the row does not have is empty
/// afterwards. A record with neither is added every time that it is imported. Organisations that
/// rows name are made. Bad rows are skipped and reported.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What to read; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What the files are [default: by their ending, else by their first line]
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

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values with a header; semicolons and tabs are recognised
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// They are new. In a dry run: they would be.
    pub(crate) added: u64,
    /// They were there and have other values now. In a dry run: they are there.
    pub(crate) updated: u64,
    /// They were there just so.
    pub(crate) unchanged: u64,
    /// They are bad.
    pub(crate) skipped: u64,
    /// Those of the added ones that have neither an id nor an external id.
    pub(crate) unkeyed: u64,
}

impl Tally {
    /// All rows.
    pub(crate) fn rows(&self) -> u64 {
        self.added + self.updated + self.unchanged + self.skipped
    }

    /// Whether rows came and none of them was good.
    fn is_hopeless(&self) -> bool {
        self.skipped > 0 && self.skipped == self.rows()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.added += other.added;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.unkeyed += other.unkeyed;
    }
}

/// Where the rows go.
enum Receiver {
    /// Into an open book, or nowhere in a dry run.
    Here { settings: Box<Settings>, keeper: Keeper },
    /// To a running daemon.
    Daemon(Box<Remote>),
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.report.is_some() && arguments.files.len() > 1 {
        return Err(Failure::usage(
            "--report goes with a single file; without it every file has a report of its own",
        ));
    }
    let stop = Stop::hear()?;
    let mut target = target(arguments)?;
    let mut taken = HashSet::new();
    let mut total = Tally::default();
    let mut reports = Vec::new();
    let mut ended = Ok(());
    for path in &arguments.files {
        let report =
            arguments.report.clone().unwrap_or_else(|| Report::default_path(path, &mut taken));
        let mut run =
            Run { tally: Tally::default(), report: Report::at(report), bar: ProgressBar::hidden() };
        let done = run.file(path, arguments, &mut target, &stop);
        run.bar.finish_and_clear();
        let done = done.and(run.report.finish());
        total += run.tally;
        let report = run.report.path().map(Path::to_owned);
        if !arguments.json && (done.is_ok() || run.tally.rows() > 0) {
            output::line(&summary(
                &name_of(path),
                &run.tally,
                report.as_deref(),
                arguments.dry_run,
            ))?;
        }
        reports.extend(report);
        if let Err(failure) = done {
            ended = Err(failure);
            break;
        }
    }
    if let Receiver::Here { keeper, .. } = target {
        keeper.close(!arguments.json);
    }
    if arguments.json {
        output::json(&value(&total, &reports, arguments.dry_run))?;
    } else if arguments.files.len() > 1 && ended.is_ok() {
        output::line(&summary("altogether", &total, None, arguments.dry_run))?;
    }
    if total.unkeyed > 0 && !arguments.json {
        output::line(&unkeyed(total.unkeyed, arguments.dry_run))?;
    }
    ended?;
    if total.is_hopeless() {
        // The summary has said it.
        return Err(Failure::silent(failure::FAILED));
    }
    Ok(())
}

fn target(arguments: &Arguments) -> Result<Receiver, Failure> {
    let settings = match (arguments.target.resolve()?, arguments.dry_run) {
        (Target::Daemon(remote), false) => return Ok(Receiver::Daemon(remote)),
        // The daemon is not asked: the rows are checked by themselves.
        (Target::Daemon(_), true) => {
            let settings = arguments.target.settings()?;
            let keeper = Keeper::dry(Against::Nothing);
            return Ok(Receiver::Here { settings: Box::new(settings), keeper });
        }
        (Target::Directory(settings), _) => settings,
    };
    log::start_quietly(&settings);
    let keeper = match arguments.dry_run {
        true if open_book::has_store(&settings.data) => {
            Keeper::dry(Against::book(OpenBook::existing(&settings)?)?)
        }
        true => Keeper::dry(Against::EmptyBook),
        false => Keeper::book(OpenBook::for_import(&settings)?.searchable()?),
    };
    Ok(Receiver::Here { settings, keeper })
}

/// The import of one file.
struct Run {
    tally: Tally,
    report: Report,
    bar: ProgressBar,
}

impl Run {
    fn file(
        &mut self,
        path: &Path,
        arguments: &Arguments,
        target: &mut Receiver,
        stop: &Stop,
    ) -> Result<(), Failure> {
        let name = name_of(path);
        let go_on = || match stop.is_told() {
            true => Err(stopped(arguments.dry_run)),
            false => Ok(()),
        };
        // A stop ends the wait for an input with an error of reading.
        let unreadable = |error: io::Error| match go_on() {
            Ok(()) => Failure::file(&name, &error),
            Err(stopped) => stopped,
        };
        go_on()?;
        let (input, bytes) = open(path, stop).map_err(unreadable)?;
        let mut records = Records::new(input).map_err(unreadable)?;
        let format = match arguments.format {
            Some(format) => format,
            None => format_of(path, records.first_line()),
        };
        let reading = match format {
            Format::Jsonl if records.first_line().trim_ascii_start().starts_with(b"[") => {
                return Err(Failure::failed(format!(
                    "{name} is one JSON list; an import reads one object a line, as `jq -c '.[]'` \
                     makes them"
                )));
            }
            Format::Jsonl => Reading::Lines,
            Format::Csv => {
                let delimiter = delimiter_of(records.first_line());
                records.set_shape(Shape::Rows { delimiter });
                match header(&mut records, delimiter, &name, unreadable)? {
                    Some(reading) => reading,
                    // An export of nothing, piped on.
                    None if path == Path::new("-") => return Ok(()),
                    None => return Err(Failure::failed(format!("{name} has no header"))),
                }
            }
        };
        self.bar = progress::bytes(bytes, !arguments.json);
        match target {
            Receiver::Here { settings, keeper } => {
                let rules = settings.rules();
                let parse = |batch: &Batch| reading.items(batch, &rules);
                let keep = |rows, read| {
                    keeper.keep(rows, read, &mut self.tally, &mut self.report)?;
                    self.bar.set_position(read);
                    progress::say(&self.bar, self.tally.rows() + keeper.rows_under_way());
                    go_on()
                };
                let read = pipeline::run(records, parse, keep, unreadable);
                let kept = keeper.finish(&mut self.tally, &mut self.report);
                read.and(kept)
            }
            Receiver::Daemon(remote) => {
                let parse = |batch: &Batch| reading.lines(batch);
                let mut parcel = into_daemon::Parcel::default();
                let keep = |rows, read| {
                    parcel.add(rows, remote, &mut self.tally, &mut self.report)?;
                    self.bar.set_position(read);
                    progress::say(&self.bar, self.tally.rows());
                    go_on()
                };
                let read = pipeline::run(records, parse, keep, unreadable);
                let sent = parcel.send(remote, &mut self.tally, &mut self.report);
                read.and(sent)
            }
        }
    }
}

/// Reads the header, and says on standard error which columns are not read. `None` when the
/// input is empty.
fn header<R: Read>(
    records: &mut Records<R>,
    delimiter: u8,
    name: &str,
    unreadable: impl FnOnce(io::Error) -> Failure,
) -> Result<Option<Reading>, Failure> {
    let mut text = Vec::new();
    let Some(header) = records.next(&mut text).map_err(unreadable)? else {
        return Ok(None);
    };
    if header.range.is_err() {
        return Err(Failure::failed(format!(
            "the header of {name} does not end within {LINE_BYTES_MAX} bytes"
        )));
    }
    let (header, ignored) = read_header(&text, delimiter)
        .map_err(|error| Failure::failed(format!("the header of {name}: {}", no_header(error))))?;
    if !ignored.unknown.is_empty() {
        eprintln!("carnet: {name}: these columns are ignored: {}", ignored.unknown.join(", "));
    }
    if !ignored.repeated.is_empty() {
        let repeated = ignored.repeated.join(", ");
        eprintln!(
            "carnet: {name}: of columns that stand there twice the first is read: {repeated}"
        );
    }
    Ok(Some(Reading::Rows { header, delimiter }))
}

/// Why a header is none.
fn no_header(error: HeaderError) -> String {
    match error {
        HeaderError::NotUtf8 => "it is not UTF-8".to_owned(),
        HeaderError::Unknown => {
            let some = COLUMNS.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            format!("none of its columns is a field of a contact, such as {some}")
        }
    }
}

type Input = Box<dyn Read + Send>;

/// Opens an input; its size is known when it is a plain file. Others may be silent for long.
fn open(path: &Path, stop: &Stop) -> io::Result<(Input, Option<u64>)> {
    if path == Path::new("-") {
        return Ok((Box::new(stop.interrupts(io::stdin())), None));
    }
    let file = File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    match facts.is_file() {
        true => Ok((Box::new(file), Some(facts.len()))),
        false => Ok((Box::new(stop.interrupts(file)), None)),
    }
}

fn name_of(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// The format of a file: by its ending, else by how its first line begins.
fn format_of(path: &Path, first_line: &[u8]) -> Format {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("csv" | "tsv") => Format::Csv,
        Some("jsonl" | "ndjson" | "json") => Format::Jsonl,
        _ if first_line.trim_ascii_start().starts_with(b"{") => Format::Jsonl,
        _ if first_line.trim_ascii_start().starts_with(b"[") => Format::Jsonl,
        _ => Format::Csv,
    }
}

/// What is said when a signal ended the import.
fn stopped(dry_run: bool) -> Failure {
    Failure::failed(match dry_run {
        true => "the dry run was stopped before its end; it can be started again",
        false => {
            "the import was stopped before its end; it can be started again: what has an id or \
             an external id is not added twice"
        }
    })
}

/// What is said of rows that nothing recognises.
fn unkeyed(rows: u64, dry_run: bool) -> String {
    let (has, them) = if rows == 1 { ("row has", "it") } else { ("rows have", "them") };
    let then = match dry_run {
        true => format!("every import adds {them} anew"),
        false => format!("importing {them} again adds {them} again"),
    };
    format!("{rows} {has} neither an id nor an external id; {then}")
}

fn summary(name: &str, tally: &Tally, report: Option<&Path>, dry_run: bool) -> String {
    let Tally { added, updated, unchanged, skipped, .. } = tally;
    let counts = match dry_run {
        true => format!(
            "{added} would be added, {updated} are known already, {skipped} would be skipped"
        ),
        false => {
            format!("{added} added, {updated} updated, {unchanged} unchanged, {skipped} skipped")
        }
    };
    match report {
        Some(report) => format!("{name}: {counts} (why is in {})", report.display()),
        None => format!("{name}: {counts}"),
    }
}

fn value(tally: &Tally, reports: &[PathBuf], dry_run: bool) -> Value {
    let Tally { added, updated, unchanged, skipped, unkeyed } = tally;
    let reports: Vec<String> = reports.iter().map(|path| path.display().to_string()).collect();
    match dry_run {
        true => json!({
            "dryRun": true, "new": added, "known": updated, "skipped": skipped,
            "withoutIds": unkeyed, "reports": reports,
        }),
        false => json!({
            "added": added, "updated": updated, "unchanged": unchanged, "skipped": skipped,
            "withoutIds": unkeyed, "reports": reports,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_told_by_ending_else_by_the_first_line() {
        let format = |path: &str, line: &str| format_of(Path::new(path), line.as_bytes());
        assert_eq!(format("a.CSV", "{"), Format::Csv);
        assert_eq!(format("a.jsonl", "firstName"), Format::Jsonl);
        assert_eq!(format("-", "  {\"firstName\""), Format::Jsonl);
        assert_eq!(format("-", "firstName,lastName"), Format::Csv);
        assert_eq!(format("people.txt", "[{"), Format::Jsonl);
    }

    #[test]
    fn a_header_without_a_known_column_names_some() {
        assert!(no_header(HeaderError::Unknown).contains("firstName"));
    }

    #[test]
    fn an_import_without_a_good_row_is_a_failure() {
        let tally = |added, skipped| Tally { added, skipped, ..Tally::default() };
        assert!(tally(0, 3).is_hopeless());
        assert!(!tally(1, 3).is_hopeless());
        assert!(!tally(0, 0).is_hopeless());
    }

    #[test]
    fn rows_without_ids_are_counted_in_grammar() {
        assert_eq!(
            unkeyed(1, false),
            "1 row has neither an id nor an external id; importing it again adds it again"
        );
        assert!(unkeyed(2, true).starts_with("2 rows have"));
    }

    #[test]
    fn the_summary_names_the_report() {
        let tally = Tally { added: 1, updated: 2, unchanged: 3, skipped: 4, unkeyed: 0 };
        let text = summary("a.csv", &tally, Some(Path::new("a.csv.report.csv")), false);
        assert_eq!(
            text,
            "a.csv: 1 added, 2 updated, 3 unchanged, 4 skipped (why is in a.csv.report.csv)"
        );
    }
}
