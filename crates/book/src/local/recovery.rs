//! Opening a data directory: the store first, then the index, which is brought level with it.

use crate::book::{AddressBook, Core};
use crate::limits::{OVERLAY_ENTRIES_MAX, QUEUE_WRITES_MAX, SCAN_RECORDS};
use crate::local::edit::transaction::Effect;
use crate::local::workers::indexer::Folder;
use crate::local::workers::writer::Writer;
use crate::{OpenError, Settings};
use carnet_model::{ChangeNo, Contact, Entity, OrganizationNo};
use carnet_search::{
    Entry, OrganizationEntry, OrganizationName, SearchError, SearchIndex, SearchOptions,
};
use carnet_storage::{ReadTxn, Readable, Store, StoreError, StoreOptions};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// The store's file in the data directory.
const STORE_FILE: &str = "carnet.redb";
/// The index's folder in the data directory. It can be deleted while carnet is stopped.
const INDEX_FOLDER: &str = "index";
/// The folder of answers kept ready. It can be deleted while carnet is stopped, which does so itself.
const READY_FOLDER: &str = "ready";

impl AddressBook {
    /// Opens the data directory, making it when it is missing. Look-ups are answered at once;
    /// search is when the index is level with the store, which takes long only when it must be
    /// built anew.
    ///
    /// # Errors
    /// [`OpenError`] says in one sentence why the directory cannot be used.
    pub fn open(settings: Settings) -> Result<AddressBook, OpenError> {
        make_folder(&settings.data)?;
        let store = open_store(&settings)?;
        let (orders, queue) = mpsc::channel(QUEUE_WRITES_MAX);
        let unreadable = |error: StoreError| OpenError::Damaged {
            path: settings.data.clone(),
            why: error.to_string(),
        };
        let read = Arc::new(store.read().map_err(unreadable)?);
        let change = read.last_change().map_err(unreadable)?;
        let opened = open_index(&settings, store.id())
            .map_err(|why| OpenError::Io { path: index_folder(&settings), why })?;
        let through = level_by_log(&read, opened.through, change).map_err(unreadable)?;
        let replay = match through {
            Some(through) => to_entries(&read, through).map_err(unreadable)?,
            None => Vec::new(),
        };
        let core = Arc::new(Core::new(settings, orders, read, change));
        let mut folder = Folder::new(Arc::clone(&core), store.id());
        {
            let mut desk = core.desk();
            for effect in replay {
                effect.apply(&mut desk);
            }
            if let Some(through) = through {
                desk.folded = through;
                desk.fed = through;
                desk.committed = Some(opened.index.committed());
                folder.take_over(opened.index, through);
            }
            core.publish(&desk);
        }
        crate::local::memory::start_numbers(&core);
        let writer = Writer::new(Arc::clone(&core), queue, store);
        let io = |error: std::io::Error| OpenError::Io {
            path: core.settings.data.clone(),
            why: error.to_string(),
        };
        let thread = std::thread::Builder::new().name("carnet-writer".into());
        core.keep_thread(thread.spawn(move || writer.run()).map_err(io)?);
        let thread = std::thread::Builder::new().name("carnet-folder".into());
        core.keep_thread(thread.spawn(move || folder.run()).map_err(io)?);
        Ok(AddressBook { core })
    }
}

fn make_folder(data: &Path) -> Result<(), OpenError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(data)
        .map_err(|error| OpenError::Io { path: data.to_owned(), why: error.to_string() })
}

pub(crate) fn open_store(settings: &Settings) -> Result<Store, OpenError> {
    let options = StoreOptions {
        cache_bytes: settings.store_cache_bytes,
        #[cfg(test)]
        faults: settings.faults.clone(),
        ..StoreOptions::default()
    };
    Store::open(&store_file(settings), &options).map_err(|error| match error {
        carnet_storage::OpenError::InUse => OpenError::InUse(settings.data.clone()),
        carnet_storage::OpenError::Io(error) => {
            OpenError::Io { path: settings.data.clone(), why: error.to_string() }
        }
        error => OpenError::Damaged { path: settings.data.clone(), why: error.to_string() },
    })
}

pub(crate) fn store_file(settings: &Settings) -> PathBuf {
    settings.data.join(STORE_FILE)
}

pub(crate) fn ready_folder(settings: &Settings) -> PathBuf {
    settings.data.join(READY_FOLDER)
}

pub(crate) fn index_folder(settings: &Settings) -> PathBuf {
    settings.data.join(INDEX_FOLDER)
}

/// Opens the index. What is there but cannot be used is thrown away, by carnet-search or here.
pub(crate) fn open_index(
    settings: &Settings,
    store: Uuid,
) -> Result<carnet_search::Opened, String> {
    // Two threads also in a bulk load: one makes larger segments and takes 2 % less CPU time at a
    // million contacts, and half as long again.
    let options =
        SearchOptions { writer_bytes: settings.index_writer_bytes, ..SearchOptions::default() };
    let folder = index_folder(settings);
    match SearchIndex::open(&folder, store, &options) {
        Ok(opened) => Ok(opened),
        // The store is ours alone, so whoever holds the index is no carnet: it is left alone.
        Err(SearchError::InUse) => Err(SearchError::InUse.to_string()),
        Err(error) => {
            tracing::warn!(%error, "the index cannot be opened and is thrown away");
            let _ = std::fs::remove_file(&folder);
            let again = SearchIndex::destroy(&folder)
                .and_then(|()| SearchIndex::open(&folder, store, &options));
            again.map_err(|error| error.to_string())
        }
    }
}

/// The change from which the change log can bring the index level; `None` when the index is
/// new, belongs elsewhere, is ahead of the store, or so far behind that a rebuild is due.
fn level_by_log(
    read: &ReadTxn,
    through: Option<ChangeNo>,
    last: ChangeNo,
) -> Result<Option<ChangeNo>, StoreError> {
    // A rebuild that was cut off leaves 0.
    let Some(through) =
        through.filter(|through| *through <= last && (through.0 > 0 || last.0 == 0))
    else {
        return Ok(None);
    };
    let behind = last.0 - through.0;
    let oldest = read.first_change()?.map_or(last.0 + 1, |no| no.0);
    let complete = through.0 + 1 >= oldest;
    Ok((complete && behind <= 2 * OVERLAY_ENTRIES_MAX as u64).then_some(through))
}

/// What search must learn of every change after `since`: the present state of each thing that
/// changed, once.
pub(crate) fn to_entries(read: &ReadTxn, since: ChangeNo) -> Result<Vec<Effect>, StoreError> {
    let mut last_of = HashMap::new();
    let mut after = since;
    loop {
        let changes = read.changes_after(after, SCAN_RECORDS)?;
        let Some((last, _)) = changes.last() else {
            break;
        };
        after = *last;
        last_of.extend(changes.into_iter().map(|(no, change)| (change.entity, no)));
    }
    let mut effects = Vec::with_capacity(last_of.len());
    for (entity, at) in last_of {
        match entity {
            Entity::Contact(no) => {
                let contact = read.contact(no)?;
                let entry = contact.map(|contact| to_entry(read, &contact)).transpose()?;
                effects.push(Effect::Contact { no, at, known: true, entry, numbers: Vec::new() });
            }
            Entity::Organization(no) => {
                let entry = read.organization(no)?.map(|o| Arc::new(OrganizationEntry::new(&o)));
                effects.push(Effect::Organization {
                    no,
                    at,
                    known: true,
                    entry,
                    unlinked: Vec::new(),
                });
            }
            Entity::Note(_) => {}
        }
    }
    Ok(effects)
}

/// A contact as search sees it.
pub(crate) fn to_entry(read: &ReadTxn, contact: &Contact) -> Result<Arc<Entry>, StoreError> {
    let organization = match contact.organization {
        Some(id) => read.organization_by_id(id)?,
        None => None,
    };
    let organization: Option<(OrganizationNo, OrganizationName)> =
        organization.map(|(no, organization)| (no, OrganizationName::new(&organization.name)));
    let organization = organization.as_ref().map(|(no, name)| (*no, name));
    Ok(Arc::new(Entry::new(contact, organization)))
}
