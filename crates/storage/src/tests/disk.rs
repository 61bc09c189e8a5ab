//! A disk in memory that can be opened again, and that remembers what was done to it in order.

use crate::store::{Store, StoreOptions, builder, lay_out};
use redb::StorageBackend;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

/// An event of the disk.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Write(usize, Vec<u8>),
    SetLen(usize),
    Sync,
    /// A write of the store was acknowledged: the n-th.
    Acknowledged(usize),
}

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    journal: Option<Vec<Event>>,
}

/// Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<Mutex<Content>>);

impl Disk {
    pub(super) fn holding(bytes: Vec<u8>) -> Disk {
        Disk(Arc::new(Mutex::new(Content { bytes, journal: None })))
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.content().bytes.clone()
    }

    /// From now on everything is written down.
    pub(super) fn start_journal(&self) {
        self.content().journal = Some(Vec::new());
    }

    pub(super) fn note(&self, event: Event) {
        if let Some(journal) = &mut self.content().journal {
            journal.push(event);
        }
    }

    pub(super) fn take_journal(&self) -> Vec<Event> {
        self.content().journal.take().unwrap_or_default()
    }

    /// Opens the store on this disk, made first when the disk is empty.
    pub(super) fn open(&self, options: &StoreOptions) -> Result<Store, String> {
        let engine = || builder(options).create_with_backend(self.clone());
        if self.content().bytes.is_empty() {
            lay_out(&engine().map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
        }
        let engine = engine().map_err(|e| e.to_string())?;
        Store::adopt(engine, PathBuf::new(), options).map_err(|e| e.to_string())
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap()
    }
}

impl Event {
    /// Does the event to `bytes`. Writing beyond the end makes room, as file systems do.
    pub(super) fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Event::Write(offset, data) => {
                let end = offset + data.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*offset..end].copy_from_slice(data);
            }
            Event::SetLen(len) => bytes.resize(*len, 0),
            Event::Sync | Event::Acknowledged(_) => {}
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.content().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let content = self.content();
        let offset = usize::try_from(offset).unwrap();
        let found = content.bytes.get(offset..offset + out.len());
        out.copy_from_slice(found.ok_or(io::Error::from(io::ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let event = Event::SetLen(usize::try_from(len).unwrap());
        event.apply(&mut self.content().bytes);
        self.note(event);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.note(Event::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let event = Event::Write(usize::try_from(offset).unwrap(), data.to_vec());
        event.apply(&mut self.content().bytes);
        self.note(event);
        Ok(())
    }
}
