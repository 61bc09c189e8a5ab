//! Answers made ahead: after a start nothing is kept ready, and to make an answer from its record
//! takes several times as long as to read one. So a thread of low priority makes them all, in the
//! command of the contacts' numbers, as far as there is room.
//!
//! Strictly as fresh as those that were asked for: tags are taken before the snapshot, so that what
//! was made of an older state is not kept.

use crate::error::BookError;
use crate::limits::AHEAD_CONTACTS;
use crate::local::memory::rendering::Prepared;
use crate::local::snapshot::Snapshot;
use crate::local::state::Inner;
use carnet_model::{Contact, ContactNo};
use carnet_storage::Readable;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Instant;

/// How much is left to others while they have something to do: a tenth of a processor's share.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Makes answers ready for every contact that has a number, on a thread of its own that ends with
/// the book.
pub(crate) fn start(
    inner: &Arc<Inner>,
    make: impl Fn(&Snapshot, &Contact) -> Result<Prepared, BookError> + Send + 'static,
) {
    let shared = Arc::clone(inner);
    let run = move || {
        give_way();
        let begun = Instant::now();
        match shared.make_all_ready(make) {
            Ok(contacts) => tracing::debug!(
                contacts,
                seconds = begun.elapsed().as_secs_f32(),
                "answers are ready"
            ),
            // They are made when they are asked for.
            Err(error) => tracing::warn!(%error, "answers are not made ahead"),
        }
    };
    match std::thread::Builder::new().name("carnet-warm-up".into()).spawn(run) {
        Ok(thread) => inner.keep_thread(thread),
        Err(error) => tracing::warn!(%error, "answers are not made ahead"),
    }
}

impl Inner {
    /// Makes them, on this thread, and says for how many contacts.
    pub(crate) fn make_all_ready(
        &self,
        make: impl Fn(&Snapshot, &Contact) -> Result<Prepared, BookError>,
    ) -> Result<u64, BookError> {
        let ready = &self.hot.ready;
        let (mut next, mut made) = (0, 0);
        while let Some(nos) = self.numbers_from(next)? {
            next = nos.end() + 1;
            // All of them are said to be there: those that are not are gone before they are read.
            let tags: Vec<_> = nos.clone().map(|no| ready.tags(ContactNo(no))).collect();
            let snapshot = self.snapshot_now()?;
            let before = nos.start().checked_sub(1).map(ContactNo);
            let contacts = snapshot.read.contacts_after(before, tags.len())?;
            let known = contacts.iter().filter(|(no, _)| nos.contains(&no.0));
            for (no, contact) in known.filter(|(_, contact)| contact.phones().next().is_some()) {
                if self.is_closing() {
                    return Ok(made);
                }
                let tag = usize::try_from(no.0 - nos.start()).ok().and_then(|at| tags.get(at));
                let Some(tag) = tag else {
                    continue;
                };
                if !ready.keep_ahead(*no, *tag, &make(&snapshot, contact)?) {
                    return Ok(made);
                }
                made += 1;
            }
        }
        Ok(made)
    }

    /// Some numbers of contacts, beginning with the first that is not before this one.
    fn numbers_from(&self, next: u64) -> Result<Option<RangeInclusive<u64>>, BookError> {
        let snapshot = self.snapshot_now()?;
        let first = snapshot.read.contact_nos_after(next.checked_sub(1).map(ContactNo), 1)?;
        Ok(first.first().map(|no| no.0..=no.0 + (AHEAD_CONTACTS - 1)))
    }
}

/// Others come first on the processors.
fn give_way() {
    // There, this is the thread's own; elsewhere it would be that of the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "answers are made ahead with ordinary priority");
    }
}
