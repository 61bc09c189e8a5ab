//! Reading, parsing and keeping at the same time: one thread cuts the input into batches, some
//! parse them, and the caller's thread gets the parsed batches in the order of the input. The
//! number of batches under way is bounded, and so is the memory.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use carnet_formats::cut::Batch;
use carnet_formats::stream::Records;

/// Batches that may wait between reading and keeping.
const BATCHES_WAITING_MAX: usize = 1;

/// Threads that parse. The writer behind them needs a core of its own; two keep ahead of it.
const PARSERS: usize = 2;

/// Gives `keep` what `parse` makes of each batch, in order.
///
/// # Errors
/// The first error of `keep`; an error of reading goes through `unreadable` and ends the work
/// after everything before it was kept.
pub(super) fn run<R, P, E>(
    mut records: Records<R>,
    parse: impl Fn(&Batch) -> P + Sync,
    mut keep: impl FnMut(P, u64) -> Result<(), E>,
    unreadable: impl FnOnce(io::Error) -> E,
) -> Result<(), E>
where
    R: Read + Send,
    P: Send,
{
    let (to_parsers, work) = sync_channel::<(Batch, SyncSender<(P, u64)>)>(BATCHES_WAITING_MAX);
    let (in_order, parsed) = sync_channel::<io::Result<Receiver<(P, u64)>>>(BATCHES_WAITING_MAX);
    // Owned by the parsers alone: without any, the reader's work goes nowhere, and it ends.
    let work = Arc::new(Mutex::new(work));
    let parse = &parse;
    thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                let batch = match records.next_batch() {
                    Ok(Some(batch)) => batch,
                    Ok(None) => return,
                    Err(error) => {
                        // Fails when the caller has given up, and then the error is of no use.
                        let _ = in_order.send(Err(error));
                        return;
                    }
                };
                let (done, result) = sync_channel(1);
                if in_order.send(Ok(result)).is_err() || to_parsers.send((batch, done)).is_err() {
                    return;
                }
            }
        });
        for _ in 0..PARSERS {
            let work = Arc::clone(&work);
            scope.spawn(move || {
                loop {
                    // The lock is held while waiting: who waits for the lock waits for work too.
                    let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((batch, done)) = next else { return };
                    // Fails when the caller has given up, and then the batch is of no use.
                    let _ = done.send((parse(&batch), batch.read));
                }
            });
        }
        drop(work);
        for next in parsed {
            match next {
                // A parser that ended without a result has panicked; the scope passes that on.
                Ok(result) => match result.recv() {
                    Ok((batch, read)) => keep(batch, read)?,
                    Err(_) => return Ok(()),
                },
                Err(error) => return Err(unreadable(error)),
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(lines: usize) -> String {
        (0..lines).map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn batches_come_in_the_order_of_the_input() {
        let text = input(20_000);
        let records = Records::new(text.as_bytes()).unwrap();
        let mut seen = String::new();
        let mut end = 0;
        let parse = |batch: &Batch| batch.text.clone();
        let keep = |text: Vec<u8>, read| {
            seen.push_str(std::str::from_utf8(&text).unwrap());
            end = read;
            Ok::<(), io::Error>(())
        };
        run(records, parse, keep, |error| error).unwrap();
        assert_eq!(seen, text);
        assert_eq!(end, u64::try_from(text.len()).unwrap());
    }

    #[test]
    fn an_error_of_keeping_ends_everything() {
        let text = input(50_000);
        let records = Records::new(text.as_bytes()).unwrap();
        let mut kept = 0;
        let keep = |_: usize, _| {
            kept += 1;
            if kept == 2 { Err("full") } else { Ok(()) }
        };
        let ended = run(records, |batch: &Batch| batch.records.len(), keep, |_| "unreadable");
        assert_eq!(ended, Err("full"));
        assert_eq!(kept, 2);
    }

    #[test]
    fn what_came_before_an_error_of_reading_is_kept() {
        struct Breaks(usize);
        impl Read for Breaks {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.0 == 0 {
                    return Err(io::Error::other("gone"));
                }
                self.0 -= 1;
                buffer.fill(b'\n');
                buffer[0] = b'x';
                Ok(buffer.len())
            }
        }
        let records = Records::new(Breaks(2)).unwrap();
        let mut kept = 0;
        let keep = |records: usize, _| {
            kept += records;
            Ok(())
        };
        let ended = run(records, |batch: &Batch| batch.records.len(), keep, |_| "unreadable");
        assert_eq!(ended, Err("unreadable"));
        assert_eq!(kept, 2);
    }
}
