//! The warm-up of the render cache: after a start it is empty, and to render an answer from its record
//! takes several times as long as to read it. So a thread of low priority renders all of them, in the
//! order of the contacts' numbers, as far as there is room.
//!
//! These renderings are as fresh as those that were asked for: generations are taken before the
//! snapshot, so a rendering of an older state is not kept.

use crate::error::BookError;
use crate::limits::WARM_UP_CONTACTS;
use crate::local::memory::rendering::Rendering;
use crate::local::snapshot::Snapshot;
use crate::local::state::Inner;
use carnet_model::{Contact, ContactNo};
use carnet_storage::Readable;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Instant;

/// The niceness of the thread: it gets a tenth of a processor's share while others are busy.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Renders every contact that has a number, on a thread of its own that ends with the book.
pub(crate) fn start(
    inner: &Arc<Inner>,
    make: impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError> + Send + 'static,
) {
    let shared = Arc::clone(inner);
    let run = move || {
        give_way();
        let begun = Instant::now();
        match shared.warm_up(make) {
            Ok(contacts) => tracing::debug!(
                contacts,
                seconds = begun.elapsed().as_secs_f32(),
                "the render cache is warm"
            ),
            // The others are rendered when they are asked for.
            Err(error) => tracing::warn!(%error, "the render cache is not warmed up"),
        }
    };
    match std::thread::Builder::new().name("carnet-warm-up".into()).spawn(run) {
        Ok(thread) => inner.keep_thread(thread),
        Err(error) => tracing::warn!(%error, "the render cache is not warmed up"),
    }
}

impl Inner {
    /// Renders every contact that has a number, on this thread. Returns how many were kept.
    pub(crate) fn warm_up(
        &self,
        make: impl Fn(&Snapshot, &Contact) -> Result<Rendering, BookError>,
    ) -> Result<u64, BookError> {
        let cache = &self.memory.cache;
        let (mut next, mut made) = (0, 0);
        while let Some(nos) = self.numbers_from(next)? {
            next = nos.end() + 1;
            // Generations for the whole range first; numbers of contacts that do not exist cost
            // nothing.
            let generations: Vec<_> =
                nos.clone().map(|no| cache.generations(ContactNo(no))).collect();
            let snapshot = self.snapshot_now()?;
            let before = nos.start().checked_sub(1).map(ContactNo);
            let contacts = snapshot.read.contacts_after(before, generations.len())?;
            let known = contacts.iter().filter(|(no, _)| nos.contains(&no.0));
            for (no, contact) in known.filter(|(_, contact)| contact.phones().next().is_some()) {
                if self.is_closing() {
                    return Ok(made);
                }
                let generation =
                    usize::try_from(no.0 - nos.start()).ok().and_then(|at| generations.get(at));
                let Some(generation) = generation else {
                    continue;
                };
                if !cache.insert_if_room(*no, *generation, &make(&snapshot, contact)?) {
                    return Ok(made);
                }
                made += 1;
            }
        }
        Ok(made)
    }

    /// A range of numbers of contacts, beginning with the first that exists from `next` on.
    fn numbers_from(&self, next: u64) -> Result<Option<RangeInclusive<u64>>, BookError> {
        let snapshot = self.snapshot_now()?;
        let first = snapshot.read.contact_nos_after(next.checked_sub(1).map(ContactNo), 1)?;
        Ok(first.first().map(|no| no.0..=no.0 + (WARM_UP_CONTACTS - 1)))
    }
}

/// Lowers the priority of this thread.
fn give_way() {
    // On Linux niceness is the thread's own; elsewhere it would be that of the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "the warm-up runs with ordinary priority");
    }
}
