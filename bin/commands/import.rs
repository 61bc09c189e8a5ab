//! `carnet import`: JSON lines and CSV into the address book, in constant memory. Bad rows do
//! not stop it: each is named in a report. A stop by a signal leaves whole batches, and says so.

mod account;
mod format;
mod header;
mod input;
mod into_book;
mod into_daemon;
mod pipeline;
mod report;
mod source;
mod spool;
mod tally;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::env;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use carnet_book::RecordSettings;
use carnet_formats::csv::cells::{CellsError, HeaderOptions};
use carnet_formats::cut::Batch;
use carnet_formats::encoding::TextEncoding;
use carnet_formats::rows::{Reading, Row, RowError};
use carnet_wire::Rules;
use carnet_wire::import::{ImportOptions, Imported};
use clap::Args;
use indicatif::ProgressBar;

use crate::failure::{self, Failure};
use crate::target::open_book::{OpenBook, has_store};
use crate::target::{Target, TargetOptions};
use crate::terminal::signals::Stop;
use crate::terminal::{log, output, progress};
use account::{Account, UnknownFields};
use format::{Format, name_of};
use input::Input;
use into_book::BookWriter;
use into_daemon::{Upload, UploadBatch};
use report::Report;
use source::Opening;
use tally::Tally;
use words::{Mode, sentences, summary, value};

/// Import contacts, organisations, notes and schemas from JSON lines, or contacts from CSV.
///
/// JSON lines are in the form of the API, one record a line; CSV has a header with the names of
/// the API's fields, nested ones with dots, in any order. A record with the id or an external id
/// of one that is there replaces that record whole: a field that the row does not have is empty
/// afterwards, unless --keep-missing says otherwise. A record with neither is added every time that
/// it is imported. Organisations that rows name are made. Bad rows are skipped and reported. Files
/// may come in any order: a row that names a record of a later one waits for it.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Files to read; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Form of the files [default: by their ending, else by their first line]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Encoding of the files, such as windows-1250, shift_jis or macintosh [default: told from the
    /// whole text, or refused]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<TextEncoding>,
    /// Leave the fields of a known contact alone that a row does not mention; an empty cell, or a
    /// null, still empties its field
    #[arg(long)]
    keep_missing: bool,
    /// Refuse rows of JSON, and tables, that have a field which is not known
    #[arg(long, conflicts_with = "ignore_unknown")]
    strict: bool,
    /// Column of a table that has another name here, as in 'Business Phone=workPhone'
    #[arg(long, value_name = "NAME=FIELD", value_parser = rename)]
    column: Vec<(String, String)>,
    /// Import a table although most of its columns are not known, without these
    #[arg(long)]
    ignore_unknown: bool,
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

fn encoding(label: &str) -> Result<TextEncoding, String> {
    let why = "no encoding has this name; some that have one are utf-8, utf-16le, windows-1250 to \
               windows-1258, macintosh, koi8-r, shift_jis, euc-jp, gbk, big5 and euc-kr";
    TextEncoding::parse(label).ok_or_else(|| why.to_owned())
}

fn rename(text: &str) -> Result<(String, String), String> {
    // A name of another program may have the sign in it, a field of ours has not.
    let (theirs, ours) = text.rsplit_once('=').ok_or("it is NAME=FIELD")?;
    Ok((theirs.trim().to_owned(), ours.trim().to_owned()))
}

/// Where the rows go.
enum Destination {
    /// Into an open book, for good or for a dry run.
    Book { rules: Rules, writer: BookWriter },
    /// To a running daemon, for good or for a dry run.
    Daemon(Upload),
}

/// What holds for all files.
struct Import<'a> {
    arguments: &'a Arguments,
    options: ImportOptions,
    header: HeaderOptions,
    /// The region where the files probably come from.
    region: &'a str,
    /// The directory in which standard input is kept for as long as it is read.
    spool: PathBuf,
    mode: Mode,
    stop: &'a Stop,
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
    let region = match &destination {
        Destination::Book { rules, .. } => rules.default_region,
        Destination::Daemon(_) => arguments.target.settings()?.default_region,
    };
    let spool = match (&destination, arguments.target.settings()?.data) {
        (Destination::Book { .. }, data) if data.is_dir() => data,
        _ => env::temp_dir(),
    };
    let import = Import {
        arguments,
        options: options(arguments),
        header: HeaderOptions {
            renames: arguments.column.clone(),
            ignore_unknown: arguments.ignore_unknown,
            strict: arguments.strict,
        },
        region: region.as_str(),
        spool,
        mode,
        stop: &stop,
    };
    let mut taken = HashSet::new();
    let mut files = Vec::new();
    let mut ended = Ok(());
    for path in &arguments.files {
        let report =
            arguments.report.clone().unwrap_or_else(|| Report::default_path(path, &mut taken));
        let mut file = FileImport {
            path,
            account: Account::new(Report::at(report)),
            spooled: None,
            encoding: None,
            is_whole: false,
            replaces: false,
        };
        ended = file.run(&import, &mut destination, None);
        files.push(file);
        if ended.is_err() {
            break;
        }
    }
    if ended.is_ok() {
        ended = retry(&import, &mut destination, &mut files);
    }
    let mut total = Tally::default();
    let mut unknown = UnknownFields::new();
    let mut reports = Vec::new();
    let mut replaced = 0;
    let mut encodings = BTreeMap::new();
    for file in &mut files {
        let settled = file.account.settle().and(file.account.report.finish());
        ended = ended.and(settled);
        let Account { tally, report, .. } = &file.account;
        if !arguments.json && (file.is_whole || tally.rows() > 0) {
            let name = name_of(file.path);
            output::line(&summary(&name, tally, file.encoding, report.path(), mode))?;
        }
        total += *tally;
        encodings.extend(file.encoding.map(|encoding| (name_of(file.path), encoding.name())));
        replaced += if file.replaces { tally.updated } else { 0 };
        reports.extend(report.path().map(Path::to_owned));
        for (field, rows) in &file.account.unknown {
            *unknown.entry(field.clone()).or_default() += rows;
        }
    }
    if let Destination::Book { writer, .. } = destination {
        // A dry run that ended early says why when it is closed.
        writer.close(!arguments.json)?;
    }
    if arguments.json {
        output::json(&value(&total, &unknown, &encodings, &reports, mode))?;
    } else {
        if arguments.files.len() > 1 && ended.is_ok() {
            output::line(&summary("altogether", &total, None, None, mode))?;
        }
        let sentences = sentences(&total, &unknown, mode);
        for sentence in words::replaced(replaced, mode).into_iter().chain(sentences) {
            output::line(&sentence)?;
        }
    }
    ended?;
    if total.is_hopeless() {
        // The summary has said it.
        return Err(Failure::silent(failure::FAILED));
    }
    Ok(())
}

/// Tries the rows again that waited for others, as long as that helps: a contact may wait for its
/// organisation, and a note for that contact.
fn retry(
    import: &Import<'_>,
    destination: &mut Destination,
    files: &mut [FileImport<'_>],
) -> Result<(), Failure> {
    let waiting = |files: &[FileImport<'_>]| -> usize {
        files.iter().map(|file| file.account.waiting()).sum()
    };
    let mut before = waiting(files);
    while before > 0 {
        for file in &mut *files {
            let lines = file.account.take_waiting();
            if !lines.is_empty() {
                file.run(import, destination, Some(&lines))?;
            }
        }
        let now = waiting(files);
        if now == before {
            return Ok(());
        }
        before = now;
    }
    Ok(())
}

fn options(arguments: &Arguments) -> ImportOptions {
    ImportOptions { keep_missing: arguments.keep_missing, strict: arguments.strict }
}

fn destination(arguments: &Arguments) -> Result<(Destination, Mode), Failure> {
    let settings = match (arguments.target.resolve()?, arguments.dry_run) {
        (Target::Daemon(remote), is_dry) => {
            let options = options(arguments);
            let upload = match is_dry {
                true => Upload::dry_run(*remote, options)?,
                false => Upload::new(*remote, options),
            };
            let mode = if is_dry { Mode::DryRun } else { Mode::Import };
            return Ok((Destination::Daemon(upload), mode));
        }
        (Target::Directory(settings), _) => settings,
    };
    log::start_quietly(&settings);
    if !arguments.dry_run {
        let opened = OpenBook::for_import(&settings)?.searchable()?;
        let rules = rules(opened.records());
        return Ok((Destination::Book { rules, writer: BookWriter::import(opened) }, Mode::Import));
    }
    let opened = match has_store(&settings.data) {
        true => OpenBook::existing(&settings)?,
        false => OpenBook::empty(&settings)?,
    };
    let rules = rules(opened.records());
    Ok((Destination::Book { rules, writer: BookWriter::dry_run(opened) }, Mode::DryRun))
}

/// The rules by which a row is read.
fn rules(records: RecordSettings) -> Rules {
    Rules {
        default_region: records.default_region,
        require_names: records.require_names,
        internal_numbers: records.internal_numbers,
    }
}

impl Import<'_> {
    /// An error when a signal has come.
    fn go_on(&self) -> Result<(), Failure> {
        match self.stop.is_requested() {
            true => Err(stopped(self.mode)),
            false => Ok(()),
        }
    }
}

/// The import of one file.
struct FileImport<'a> {
    path: &'a Path,
    account: Account,
    /// What came from a pipe, to be read again.
    spooled: Option<File>,
    /// Its encoding, where it is not UTF-8.
    encoding: Option<TextEncoding>,
    /// Whether it was read to its end.
    is_whole: bool,
    /// Whether its rows replace contacts and lack some of their fields.
    replaces: bool,
}

impl FileImport<'_> {
    /// Imports the file, or the rows of these lines.
    fn run(
        &mut self,
        import: &Import<'_>,
        destination: &mut Destination,
        only: Option<&BTreeSet<u64>>,
    ) -> Result<(), Failure> {
        import.go_on()?;
        let opening = Opening {
            path: self.path,
            format: import.arguments.format,
            encoding: import.arguments.encoding,
            region: import.region,
            spool: &import.spool,
            stop: import.stop,
            is_quiet: only.is_some(),
        };
        let path = self.path;
        let unreadable = |error: io::Error| unreadable(import, path, &error);
        let opened = Input::open(opening, &mut self.spooled, &import.header, unreadable)?;
        let Some(input) = opened else {
            self.is_whole = true;
            return Ok(());
        };
        self.encoding = input.encoding;
        self.replaces = !import.options.keep_missing
            && matches!(&input.reading, Reading::Rows { header, .. } if header.is_partial());
        let bar = progress::bytes(input.bytes, !import.arguments.json);
        let pass = Pass { import, path, only, bar: &bar };
        let done = match destination {
            Destination::Book { rules, writer } => {
                pass.write_to_book(input, rules, writer, &mut self.account)
            }
            Destination::Daemon(upload) => pass.send_to_daemon(input, upload, &mut self.account),
        };
        bar.finish_and_clear();
        self.is_whole = done.is_ok();
        done.and(self.account.report.finish())
    }
}

/// The failure of reading a file. A stop ends the wait for an input with such an error.
fn unreadable(import: &Import<'_>, path: &Path, error: &io::Error) -> Failure {
    match import.go_on() {
        Ok(()) => Failure::file(name_of(path), error),
        Err(stopped) => stopped,
    }
}

/// One reading of a file.
struct Pass<'a> {
    import: &'a Import<'a>,
    path: &'a Path,
    /// The lines of the rows that are wanted; all where there are none.
    only: Option<&'a BTreeSet<u64>>,
    bar: &'a ProgressBar,
}

impl Pass<'_> {
    fn write_to_book(
        &self,
        Input { records, reading, .. }: Input,
        rules: &Rules,
        writer: &mut BookWriter,
        account: &mut Account,
    ) -> Result<(), Failure> {
        let options = self.import.options;
        let parse = |batch: &Batch| self.wanted(reading.items(batch, rules, options));
        let keep = |rows: Vec<Row<Imported>>, read| {
            self.refuse_half(&rows)?;
            writer.take(rows, read, account)?;
            self.show(read, account.tally.rows() + writer.rows_under_way());
            self.import.go_on()
        };
        let read =
            pipeline::run(records, parse, keep, |error| unreadable(self.import, self.path, &error));
        let kept = writer.finish(account);
        read.and(kept)
    }

    fn send_to_daemon(
        &self,
        Input { records, reading, .. }: Input,
        upload: &mut Upload,
        account: &mut Account,
    ) -> Result<(), Failure> {
        let mut batch = UploadBatch::default();
        let options = self.import.options;
        let parse = |batch: &Batch| self.wanted(reading.lines(batch, options));
        let keep = |rows: Vec<Row<Vec<u8>>>, read| {
            self.refuse_half(&rows)?;
            batch.add(rows, upload, account)?;
            self.show(read, account.tally.rows());
            self.import.go_on()
        };
        let read =
            pipeline::run(records, parse, keep, |error| unreadable(self.import, self.path, &error));
        let sent = batch.send(upload, account);
        read.and(sent)
    }

    /// The rows that are wanted.
    fn wanted<T>(&self, mut rows: Vec<Row<T>>) -> Vec<Row<T>> {
        if let Some(lines) = self.only {
            rows.retain(|row| lines.contains(&row.line));
        }
        rows
    }

    /// Ends the import of a table that was UTF-8 when it was looked through, and is not any more.
    fn refuse_half<T>(&self, rows: &[Row<T>]) -> Result<(), Failure> {
        let is_half = |row: &&Row<T>| matches!(row.item, Err(RowError::Cells(CellsError::NotUtf8)));
        match rows.iter().find(is_half) {
            Some(Row { line, .. }) => Err(Failure::failed(format!(
                "{}: line {line} is not UTF-8 any more: the file was changed while it was imported, \
                 and the import ends before it",
                name_of(self.path)
            ))),
            None => Ok(()),
        }
    }

    fn show(&self, read: u64, rows: u64) {
        self.bar.set_position(read);
        progress::show_rows(self.bar, rows);
    }
}

/// The failure of an import that a signal ended.
fn stopped(mode: Mode) -> Failure {
    Failure::failed(match mode {
        Mode::Import => {
            "the import was stopped before its end; it can be started again: what has an id or \
             an external id is not added twice"
        }
        Mode::DryRun => "the dry run was stopped before its end; it can be started again",
    })
}
