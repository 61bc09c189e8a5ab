//! A file that fails on purpose, for tests: of this crate, and of carnet-book, which must live
//! through a failing disk without a restart.

use redb::backends::FileBackend;
use redb::{BackendError, DatabaseError, StorageBackend};
use std::fs::OpenOptions;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The value of `syncs_before` when no single sync is to fail.
const NONE: u64 = u64::MAX;

/// A switch for failures of the file of a [`Store`](crate::Store). Clones switch the same file;
/// it works on across reopenings with the same [`StoreOptions`](crate::StoreOptions).
#[derive(Clone, Debug, Default)]
pub struct Faults {
    switch: Arc<Switch>,
}

#[derive(Debug)]
struct Switch {
    /// How many syncs still succeed before the one that fails; [`NONE`] when none is to.
    syncs_before: AtomicU64,
    all_syncs: AtomicBool,
    all_writes: AtomicBool,
    fired: AtomicU64,
}

impl Default for Switch {
    fn default() -> Switch {
        Switch {
            syncs_before: AtomicU64::new(NONE),
            all_syncs: AtomicBool::new(false),
            all_writes: AtomicBool::new(false),
            fired: AtomicU64::new(0),
        }
    }
}

impl Faults {
    /// Nothing fails yet.
    pub fn new() -> Faults {
        Faults::default()
    }

    /// The next sync fails, once, with an I/O error.
    pub fn fail_next_sync(&self) {
        self.fail_sync_after(0);
    }

    /// `syncs` syncs succeed, and the one after them fails, once. A commit with quick-repair syncs
    /// twice; when the second one fails, the commit may be there after a reopening.
    pub fn fail_sync_after(&self, syncs: u64) {
        self.switch.syncs_before.store(syncs, Ordering::SeqCst);
    }

    /// Every sync fails with an I/O error, until [`Faults::heal`].
    pub fn fail_syncs(&self) {
        self.switch.all_syncs.store(true, Ordering::SeqCst);
    }

    /// Every write and growth fails as on a full disk, until [`Faults::heal`].
    pub fn fail_writes(&self) {
        self.switch.all_writes.store(true, Ordering::SeqCst);
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        self.switch.syncs_before.store(NONE, Ordering::SeqCst);
        self.switch.all_syncs.store(false, Ordering::SeqCst);
        self.switch.all_writes.store(false, Ordering::SeqCst);
    }

    /// How often something failed on purpose. A test whose fault did not fire has shown nothing.
    pub fn fired(&self) -> u64 {
        self.switch.fired.load(Ordering::SeqCst)
    }

    /// The file at `path`, which fails as this switch says.
    pub(crate) fn backend(&self, path: &Path) -> Result<FaultyFile, DatabaseError> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(FaultyFile { file: FileBackend::new(file)?, faults: self.clone() })
    }

    fn before_sync(&self) -> io::Result<()> {
        // From 0 the countdown goes to `NONE`, so it fires once.
        let count_down = |left: u64| (left != NONE).then(|| left.checked_sub(1).unwrap_or(NONE));
        let before = &self.switch.syncs_before;
        let left = before.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count_down);
        if left == Ok(0) || self.switch.all_syncs.load(Ordering::SeqCst) {
            self.switch.fired.fetch_add(1, Ordering::SeqCst);
            return Err(io::Error::other("a sync that fails on purpose"));
        }
        Ok(())
    }

    fn before_write(&self) -> io::Result<()> {
        if self.switch.all_writes.load(Ordering::SeqCst) {
            self.switch.fired.fetch_add(1, Ordering::SeqCst);
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(())
    }
}

/// A file whose syncs and writes can be made to fail. Locks are the file's own.
#[derive(Debug)]
pub(crate) struct FaultyFile {
    file: FileBackend,
    faults: Faults,
}

impl StorageBackend for FaultyFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.faults.before_write()?;
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.faults.before_sync()?;
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.faults.before_write()?;
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}
