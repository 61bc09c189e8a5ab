//! The file: made, opened, read from, written to, closed. It knows which tables there are, but
//! nothing of their rows.

#[cfg(any(test, feature = "faults"))]
pub(crate) mod faults;
mod upgrade;

use crate::entities::rekey::{IDENTIFIER_KEYS, rekey};
use crate::error::{OpenError, OrStoreError, StoreError, open_error};
use crate::read::ReadTxn;
use crate::tables::{Committed, FORMAT, FORMAT_OLDEST, META, Pending, Tables, meta};
use crate::write::WriteTxn;
use redb::{Builder, CompactionError, Database, ReadTransaction, ReadableDatabase, TableError};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Bytes that redb may keep in memory unless told otherwise. At 1,000,000 contacts a record costs
/// 1.4 to 2.1 µs with everything cached and 3.6 to 4.9 µs with 16 to 256 MiB, so between those two
/// sizes only memory is won or lost; 64 MiB holds the upper levels of every tree and the dirty
/// pages of a full batch. (redb's own default is 1 GiB.)
pub const CACHE_BYTES_DEFAULT: usize = 64 << 20;

/// Whether each commit records redb's allocator state, unless told otherwise. It costs a second
/// sync a commit; without it a start after a kill reads the whole file.
///
/// `benches/commit.rs`, 200,000 contacts with six index rows each, two cores that others were using
/// heavily (so compare across, not down, and measure anew before quoting):
///
/// ```text
///                                   plain      quick-repair
/// commit of 1 contact               6.2 ms     11.5 ms
/// commit of 10                      6.4-9 ms   12-15 ms
/// commit of 100                     11-27 ms   18-29 ms
/// commit of 1,000                   84-215 ms  124-193 ms, no difference to be seen
/// start after a kill, 200,000       0.58 s     0.03 s
/// ```
///
/// An earlier trial on the machine at rest, with bare records: 2,100 and 1,100 single commits a
/// second, 32,400 and 35,800 records a second in commits of 1,000; a start after a kill 0.57 s and
/// 2 ms with 1,000,000 records, 9 s and 2 ms with 10,000,000.
///
/// So it is on. Its cost falls on a lone writer; a crowd of writers shares the second sync as it
/// shares the first. What it saves is time in which no call is answered, and that grows with the
/// file.
pub const QUICK_REPAIR_DEFAULT: bool = true;

/// Options for opening a store.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Bytes of pages that are kept in memory.
    pub cache_bytes: usize,
    /// Whether each commit records redb's allocator state, so that a start after a kill does not
    /// read the whole file.
    pub quick_repair: bool,
    /// Failures to come, for tests.
    #[cfg(any(test, feature = "faults"))]
    pub faults: Option<crate::Faults>,
}

impl Default for StoreOptions {
    fn default() -> StoreOptions {
        StoreOptions {
            cache_bytes: CACHE_BYTES_DEFAULT,
            quick_repair: QUICK_REPAIR_DEFAULT,
            #[cfg(any(test, feature = "faults"))]
            faults: None,
        }
    }
}

/// An open store. Any number of threads may read and write through it; writes go one after another.
///
/// Dropping it closes the file, at once and even while [`ReadTxn`]s of it live, so the same path
/// can be opened again; those transactions then answer with an error that
/// [needs a reopening](StoreError::needs_reopen).
#[derive(Debug)]
pub struct Store {
    engine: Database,
    path: PathBuf,
    id: Uuid,
    quick_repair: bool,
}

impl Store {
    /// Opens `path` (a file), making it first when it is missing. Its directory must exist.
    ///
    /// It is made under a temporary name beside it, closed, renamed, and the directory is synced:
    /// `path` is a whole store or nothing, whenever the power goes. What an earlier crash left
    /// under the temporary name is removed.
    pub fn open(path: &Path, options: &StoreOptions) -> Result<Store, OpenError> {
        match fs::metadata(path) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path, options)?,
            Err(error) => return Err(error.into()),
        }
        // redb trusts a file that says it was closed cleanly, and may panic on one that was
        // altered since; the user is owed a sentence.
        let store = catch_unwind(AssertUnwindSafe(|| {
            let engine = open_engine(path, options)?;
            Store::adopt(engine, path.to_owned(), options)
        }));
        store.unwrap_or_else(|_| Err(OpenError::Damaged("its pages make no sense".to_owned())))
    }

    /// Makes sure that the file is ours.
    pub(crate) fn adopt(
        engine: Database,
        path: PathBuf,
        options: &StoreOptions,
    ) -> Result<Store, OpenError> {
        let txn = engine.begin_read().or_store_error()?;
        let found = meta_u64(&txn, meta::FORMAT)?;
        if !(FORMAT_OLDEST..=FORMAT).contains(&found) {
            return Err(OpenError::TooNew { found, known: FORMAT });
        }
        let id = meta_bytes(&txn, meta::ID)?;
        let id = Uuid::from_slice(&id).map_err(|_| damaged_meta(meta::ID))?;
        drop(txn);
        let quick_repair = options.quick_repair;
        // An older file lacks tables, which the upgrade makes.
        if found < FORMAT {
            upgrade::upgrade(&engine, found, quick_repair)?;
        }
        // A table that is missing shows here, and not to the first who asks.
        Tables::<Committed>::open(&engine.begin_read().or_store_error()?)?;
        rekey(&engine, quick_repair)?;
        Ok(Store { engine, path, id, quick_repair })
    }

    /// The store's own id, random, made with the file. What is derived from a store names it.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The present moment, for reading.
    pub fn read(&self) -> Result<ReadTxn, StoreError> {
        let txn = self.engine.begin_read().or_store_error()?;
        Ok(ReadTxn { tables: Tables::<Committed>::open(&txn)? })
    }

    /// Runs `edit` in one durable transaction. It is committed when `edit` returns `Ok`, and on
    /// disk when this returns; it leaves no trace when `edit` returns `Err` or panics. One that
    /// changed nothing costs no disk access. Another thread's write waits.
    ///
    /// When the commit itself fails, the error [needs a reopening](StoreError::needs_reopen), and
    /// only afterwards it is known whether the transaction was kept: wholly or not at all.
    pub fn write<R, E: From<StoreError>>(
        &self,
        edit: impl FnOnce(&mut WriteTxn<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut txn = self.engine.begin_write().or_store_error()?;
        txn.set_quick_repair(self.quick_repair);
        // The tables must be closed before the transaction ends, hence the inner function.
        let (result, changed) = match run(&txn, edit) {
            Ok((value, changed)) => (Ok(value), changed),
            Err(error) => (Err(error), false),
        };
        if changed {
            txn.commit().map_err(|error| StoreError::Commit(error.to_string()))?;
        } else if let Err(error) = txn.abort() {
            // Nothing was kept, as was wanted; the next use of the engine reports its state.
            tracing::warn!(%error, "a transaction could not be rolled back in order");
        }
        result
    }

    /// Moves everything to the front of the file and cuts off the rest. Without effect when a
    /// [`ReadTxn`] lives. Should it be killed meanwhile, the next start reads the whole file.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        match self.engine.compact() {
            Ok(_) | Err(CompactionError::TransactionInProgress) => Ok(()),
            Err(CompactionError::Storage(error)) => Err(error).or_store_error(),
            Err(error) => Err(StoreError::Engine(error.to_string())),
        }
    }

    /// Size of the file.
    pub fn file_bytes(&self) -> Result<u64, StoreError> {
        fs::metadata(&self.path).map(|file| file.len()).map_err(StoreError::Io)
    }
}

fn run<R, E: From<StoreError>>(
    txn: &redb::WriteTransaction,
    edit: impl FnOnce(&mut WriteTxn<'_>) -> Result<R, E>,
) -> Result<(R, bool), E> {
    let mut write = WriteTxn::open(txn)?;
    let value = edit(&mut write)?;
    let changed = write.finish()?;
    Ok((value, changed))
}

/// Makes a new file. Whatever goes wrong on the way, `path` does not exist half made.
fn create(path: &Path, options: &StoreOptions) -> Result<(), OpenError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = File::open(parent.unwrap_or(Path::new(".")))?;
    // Two processes that start at once must not build under the same temporary name.
    directory.lock()?;
    if path.try_exists()? {
        return Ok(());
    }
    let mut temporary = OsString::from(path);
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    remove_if_there(&temporary)?;
    let built = build(&temporary, options).and_then(|()| Ok(fs::rename(&temporary, path)?));
    if let Err(error) = built {
        // The next start removes it too; the error that matters is the first.
        let _ = remove_if_there(&temporary);
        return Err(error);
    }
    directory.sync_all()?;
    Ok(())
}

fn build(path: &Path, options: &StoreOptions) -> Result<(), OpenError> {
    drop(private_file(path)?);
    let engine = engine_at(path, options, true)?;
    lay_out(&engine)?;
    engine.close().map_err(open_error)?;
    Ok(File::open(path)?.sync_all()?)
}

/// The permissions of a new file: its owner reads and writes it, no other user does.
#[cfg(unix)]
const PRIVATE_FILE_MODE: u32 = 0o600;

/// A new file that only its owner reads, whatever the directory allows.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE_FILE_MODE);
    options.open(path)
}

/// Makes every table and the store's own rows.
pub(crate) fn lay_out(engine: &Database) -> Result<(), StoreError> {
    let txn = engine.begin_write().or_store_error()?;
    {
        let mut tables = Tables::<Pending<'_>>::open(&txn)?;
        let id = Uuid::new_v4();
        let rows: [(&str, &[u8]); 3] = [
            (meta::FORMAT, &FORMAT.to_be_bytes()),
            (meta::ID, id.as_bytes()),
            (meta::IDENTIFIER_KEYS, &IDENTIFIER_KEYS.to_be_bytes()),
        ];
        for (name, value) in rows {
            tables.meta.insert(name, value).or_store_error()?;
        }
    }
    txn.commit().or_store_error()
}

fn open_engine(path: &Path, options: &StoreOptions) -> Result<Database, OpenError> {
    let file = fs::metadata(path)?;
    if !file.is_file() || file.len() == 0 {
        // redb would make a new database of an empty file; a store of ours is never empty.
        return Err(OpenError::NotACarnetFile);
    }
    engine_at(path, options, false)
}

fn engine_at(path: &Path, options: &StoreOptions, new: bool) -> Result<Database, OpenError> {
    let mut builder = builder(options);
    builder.set_repair_callback(|session| {
        tracing::info!(progress = session.progress(), "repairing the store after a crash");
    });
    #[cfg(any(test, feature = "faults"))]
    if let Some(faults) = &options.faults {
        let backend = faults.backend(path).map_err(open_error)?;
        return builder.create_with_backend(backend).map_err(open_error);
    }
    let engine = if new { builder.create(path) } else { builder.open(path) };
    engine.map_err(open_error)
}

pub(crate) fn builder(options: &StoreOptions) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(options.cache_bytes);
    builder
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A row of `meta` that every file of ours has.
fn meta_bytes(txn: &ReadTransaction, name: &str) -> Result<Vec<u8>, OpenError> {
    let table = txn.open_table(META).map_err(|error| match error {
        TableError::Storage(error) => open_error(error.into()),
        _ => OpenError::NotACarnetFile,
    })?;
    let row = table.get(name).or_store_error()?;
    row.map(|row| row.value().to_vec()).ok_or(OpenError::NotACarnetFile)
}

fn meta_u64(txn: &ReadTransaction, name: &str) -> Result<u64, OpenError> {
    let bytes = meta_bytes(txn, name)?;
    let bytes = bytes.try_into().map_err(|_| damaged_meta(name))?;
    Ok(u64::from_be_bytes(bytes))
}

fn damaged_meta(name: &str) -> OpenError {
    OpenError::Damaged(format!("its row `{name}` has the wrong length"))
}
