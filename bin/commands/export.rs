//! `carnet export`: everything as JSON lines, or the contacts as CSV. Both in bounded memory,
//! under one snapshot.

mod source;

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;

use carnet_book::ExportItem;
use carnet_formats::csv::FieldColumns;
use carnet_formats::csv::writer::ContactWriter;
use carnet_formats::json_lines;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

use crate::failure::Failure;
use crate::target::open_book::OpenBook;
use crate::target::{Target, TargetOptions};
use crate::terminal::log;
use crate::terminal::output::Sink;
use crate::terminal::progress;
use carnet_client::{CARNET_PATH, Remote};

/// The mark by which Excel tells that a table is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Write out everything: schemas, organisations, contacts and notes as JSON lines, or contacts as CSV.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Form of the export [default: by the ending of FILE, else jsonl]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to this file, which appears when it is whole, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Begin a table with a byte order mark, by which Excel tells that it is UTF-8
    #[arg(long)]
    bom: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Schemas, organisations, contacts and notes, one JSON object a line; importing it loses nothing
    Jsonl,
    /// Contacts, one a row
    Csv,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let ending = arguments.output.as_ref().and_then(|path| path.extension());
    let by_ending = match ending.is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
        true => Format::Csv,
        false => Format::Jsonl,
    };
    let format = arguments.format.unwrap_or(by_ending);
    if arguments.bom && format != Format::Csv {
        return Err(Failure::usage("--bom goes with --format csv"));
    }
    let place = arguments.target.resolve()?;
    let opened = match place {
        Target::Directory(settings) => {
            log::start_quietly(&settings);
            Opened::Here(OpenBook::existing(&settings)?)
        }
        Target::Daemon(remote) => Opened::There(remote),
    };
    let mut sink = Sink::open(arguments.output.as_deref())?;
    let mark = if arguments.bom { BYTE_ORDER_MARK } else { "" };
    let written =
        sink.write_all(mark.as_bytes()).map_err(Failure::from).and_then(|()| match &opened {
            Opened::Here(book) => here(book, format, &mut sink),
            Opened::There(remote) => there(remote, format, &mut sink),
        });
    match written {
        Ok(()) => sink.finish(),
        Err(failure) => {
            sink.abandon();
            Err(failure)
        }
    }
}

enum Opened {
    Here(OpenBook),
    There(Box<Remote>),
}

fn here(book: &OpenBook, format: Format, sink: &mut Sink) -> Result<(), Failure> {
    let snapshot = book.snapshot_now()?;
    let contacts = snapshot.contact_count()?;
    let all = match format {
        Format::Jsonl => contacts + snapshot.organization_count()? + snapshot.note_count()?,
        Format::Csv => contacts,
    };
    let bar = progress::items(Some(all), sink.is_file());
    let done = match format {
        Format::Jsonl => {
            let mut text = Vec::new();
            snapshot.export(|item| {
                text.clear();
                match item {
                    ExportItem::Schema(schema, removed) => {
                        json_lines::write_schema(schema, removed, &mut text);
                        // They are few, and the bar counts what is many.
                        return Ok(sink.write_all(&text)?);
                    }
                    ExportItem::Organization(organization) => {
                        json_lines::write_organization(organization, &mut text);
                    }
                    ExportItem::Contact(contact, name) => {
                        json_lines::write_contact(contact, name, &mut text);
                    }
                    ExportItem::Note(note) => json_lines::write_note(note, &mut text),
                }
                bar.inc(1);
                Ok(sink.write_all(&text)?)
            })
        }
        Format::Csv => {
            let mut fields = FieldColumns::default();
            snapshot.export_schemas(|schema, _| {
                fields.add(schema);
                Ok::<(), Failure>(())
            })?;
            let mut rows = ContactWriter::new(sink, fields)?;
            snapshot.export_contacts(|contact, name| {
                bar.inc(1);
                Ok::<(), Failure>(rows.write(contact, name)?)
            })?;
            Ok(rows.flush()?)
        }
    };
    bar.finish_and_clear();
    done
}

fn there(remote: &Remote, format: Format, sink: &mut Sink) -> Result<(), Failure> {
    let bar = progress::bytes(None, sink.is_file());
    let done = match format {
        Format::Jsonl => stream(remote, &bar, |line| Ok(sink.write_all(line)?)),
        Format::Csv => table_of(remote, &bar, sink),
    };
    bar.finish_and_clear();
    done
}

/// Writes the contacts of the daemon's export as a table. Its schemas come first; the columns are known
/// with the first record of another kind.
fn table_of(remote: &Remote, bar: &ProgressBar, sink: &mut Sink) -> Result<(), Failure> {
    let mut fields = Some(FieldColumns::default());
    let (mut sink, mut rows) = (Some(sink), None);
    stream(remote, bar, |line| {
        let record = source::read(line)?;
        if let (source::Record::Schema(schema), Some(fields)) = (&record, &mut fields) {
            fields.add(schema);
            return Ok(());
        }
        if let (Some(sink), Some(fields)) = (sink.take(), fields.take()) {
            rows = Some(ContactWriter::new(sink, fields)?);
        }
        match (record, &mut rows) {
            (source::Record::Contact(contact, name), Some(rows)) => {
                Ok(rows.write(&contact, name.as_deref())?)
            }
            _ => Ok(()),
        }
    })?;
    if let (Some(sink), Some(fields)) = (sink, fields) {
        rows = Some(ContactWriter::new(sink, fields)?);
    }
    match rows {
        Some(mut rows) => Ok(rows.flush()?),
        None => Ok(()),
    }
}

/// Gives every line of the daemon's export, its line end included. A stream that ends in the
/// middle of a line is not whole.
fn stream(
    remote: &Remote,
    bar: &ProgressBar,
    mut keep: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let reader = remote.stream(&format!("{CARNET_PATH}/export"))?;
    let mut reader = BufReader::with_capacity(256 << 10, reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        let read = read.map_err(|e| Failure::file("the export broke off", &e))?;
        if read == 0 {
            return Ok(());
        }
        if !line.ends_with(b"\n") {
            return Err(Failure::failed("the export broke off in the middle of a line"));
        }
        bar.inc(u64::try_from(read).unwrap_or_default());
        keep(&line)?;
    }
}
