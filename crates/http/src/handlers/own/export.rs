//! `GET /api/v2/carnet/export`: everything as JSON lines, schemas first, organisations before the
//! contacts that name them, notes last; or with `format=csv` the contacts as a table. Under one
//! snapshot, in bounded memory.

use crate::api::context::RequestContext;
use crate::api::route::HandlerFuture;
use crate::message::answer::{Answer, Broken, Pieces};
use crate::message::error::Failure;
use bytes::Bytes;
use carnet_book::{BookError, ExportItem, Snapshot};
use carnet_formats::csv::FieldColumns;
use carnet_formats::csv::writer::ContactWriter;
use carnet_formats::json_lines;
use std::io::{self, Write};

/// Bytes of lines that are sent as one piece.
const PIECE_BYTES: usize = 64 << 10;

/// The form of an export.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Lines,
    /// With the mark by which spreadsheets know UTF-8, or without.
    Table {
        mark: bool,
    },
}

impl Form {
    fn of(context: &RequestContext) -> Result<Form, Failure> {
        let parameters = context.parameters()?;
        let mark = parameters.switch("bom")?;
        match parameters.first("format") {
            None | Some("jsonl") if !mark => Ok(Form::Lines),
            Some("csv") => Ok(Form::Table { mark }),
            None | Some("jsonl") => Err(Failure::bad_request("bom goes with format=csv.")),
            Some(_) => Err(Failure::bad_request("format is jsonl or csv.")),
        }
    }
}

/// Streams the export. A failure midway cuts the answer off, which HTTP shows the client.
pub(crate) fn run(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let form = Form::of(&context)?;
        let place = context.state.job()?;
        let snapshot = context.book().snapshot().await?;
        let (pieces, answer) = match form {
            Form::Lines => Answer::lines(),
            Form::Table { .. } => Answer::table(),
        };
        tokio::task::spawn_blocking(move || {
            let _place = place;
            let mut out = Out { pieces, lines: Vec::with_capacity(PIECE_BYTES) };
            let written = match form {
                Form::Lines => write_all(&snapshot, &mut out),
                Form::Table { mark } => write_table(&snapshot, &mut out, mark),
            };
            match written {
                Ok(()) | Err(ExportEnd::ClientGone) => {}
                Err(ExportEnd::Failed(error)) => {
                    tracing::error!(%error, "an export broke off");
                    // The client may be gone as well, and then the error has no receiver.
                    let _ = out.pieces.blocking_send(Err(Broken));
                }
            }
        });
        Ok(answer)
    })
}

/// Why an export ends before its end.
enum ExportEnd {
    ClientGone,
    Failed(BookError),
}

impl From<BookError> for ExportEnd {
    fn from(error: BookError) -> ExportEnd {
        ExportEnd::Failed(error)
    }
}

/// Nothing but the client's end keeps a row from being written.
impl From<io::Error> for ExportEnd {
    fn from(_: io::Error) -> ExportEnd {
        ExportEnd::ClientGone
    }
}

/// Lines on their way out.
struct Out {
    pieces: Pieces,
    lines: Vec<u8>,
}

impl Out {
    /// Sends what has gathered, once that is worth it.
    fn step(&mut self) -> Result<(), ExportEnd> {
        if self.lines.len() < PIECE_BYTES {
            return Ok(());
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<(), ExportEnd> {
        let piece = Bytes::from(std::mem::take(&mut self.lines));
        if piece.is_empty() {
            return Ok(());
        }
        // Waits while the client is slower than the store. A client that takes nothing at all is
        // given up by its connection, which ends the wait.
        let sent = self.pieces.blocking_send(Ok(piece));
        sent.map_err(|_| ExportEnd::ClientGone)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines.extend_from_slice(bytes);
        self.step().map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Out::flush(self).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

fn write_table(snapshot: &Snapshot, out: &mut Out, mark: bool) -> Result<(), ExportEnd> {
    if mark {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut fields = FieldColumns::default();
    snapshot.export_schemas(|schema, _| {
        fields.add(schema);
        Ok::<(), ExportEnd>(())
    })?;
    let mut rows = ContactWriter::new(out, fields)?;
    snapshot.export_contacts(|contact, name| Ok::<(), ExportEnd>(rows.write(contact, name)?))?;
    Ok(rows.flush()?)
}

fn write_all(snapshot: &Snapshot, out: &mut Out) -> Result<(), ExportEnd> {
    snapshot.export(|item| {
        match item {
            ExportItem::Schema(schema, removed) => {
                json_lines::write_schema(schema, removed, &mut out.lines);
            }
            ExportItem::Organization(organization) => {
                json_lines::write_organization(organization, &mut out.lines);
            }
            ExportItem::Contact(contact, name) => {
                json_lines::write_contact(contact, name, &mut out.lines)
            }
            ExportItem::Note(note) => json_lines::write_note(note, &mut out.lines),
        }
        out.step()
    })?;
    out.flush()
}
