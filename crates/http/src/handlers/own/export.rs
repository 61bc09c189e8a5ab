//! `GET /api/v2/carnet/export`: everything as JSON lines, under one snapshot, in bounded memory:
//! schemas first, organisations before the contacts that name them, notes last.

use crate::api::context::RequestContext;
use crate::api::route::HandlerFuture;
use crate::message::answer::{Answer, Broken, Pieces};
use bytes::Bytes;
use carnet_book::{BookError, ExportItem, Snapshot};
use carnet_formats::json_lines;

/// Bytes of lines that are sent as one piece.
const PIECE_BYTES: usize = 64 << 10;

/// Streams the export. A failure midway cuts the answer off, which HTTP shows the client.
pub(crate) fn run(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let place = context.state.job()?;
        let snapshot = context.book().snapshot().await?;
        let (pieces, answer) = Answer::lines();
        tokio::task::spawn_blocking(move || {
            let _place = place;
            let mut out = Out { pieces, lines: Vec::with_capacity(PIECE_BYTES) };
            match write_all(&snapshot, &mut out) {
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
