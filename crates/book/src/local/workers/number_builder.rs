//! The number builder: fills the number index from the store on a thread of its own. Edits go on
//! meanwhile: the writer notes their numbers, and the builder reads those again at the end.

use crate::limits::NUMBERS_CHECK;
use crate::local::memory::numbers::NumberIndex;
use crate::local::memory::owners;
use crate::local::state::Inner;
use carnet_model::ContactNo;
use carnet_model::limits::LOOKUP_CONTACTS_MAX;
use carnet_phone::E164;
use carnet_storage::{ReadTxn, StoreError};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

/// Builds the number index on a thread of its own. Until it is there look-ups ask the store.
pub(crate) fn start_numbers(inner: &Arc<Inner>) {
    let shared = Arc::clone(inner);
    let thread = std::thread::Builder::new().name("carnet-numbers".into());
    match thread.spawn(move || build_numbers(&shared)) {
        Ok(thread) => inner.keep_thread(thread),
        Err(error) => tracing::error!(%error, "the number index cannot be built"),
    }
}

/// Builds the number index on this thread.
pub(crate) fn build_numbers(inner: &Inner) {
    let begun = Instant::now();
    let (read, opening) = {
        let mut state = inner.working_state();
        // From here on the writer notes the numbers that change; the transaction sees earlier ones.
        state.unindexed = Some(Vec::new());
        (state.read.clone(), state.opening)
    };
    let Some(read) = read else {
        return;
    };
    let built = all_numbers(inner, &read);
    let mut state = inner.working_state();
    if state.opening != opening {
        // The store was opened again meanwhile, and another thread builds for it.
        return;
    }
    // Under the mutex of the working state: no commit comes between these reads and the moment at
    // which the index is taken over.
    let late = state.unindexed.take().unwrap_or_default();
    let index = match built {
        Ok(Some(index)) => index,
        Ok(None) => return,
        Err(error) => {
            tracing::error!(%error, "the number index cannot be built");
            return;
        }
    };
    let caught_up = state.read.as_ref().is_some_and(|read| {
        late.into_iter().all(|number| {
            let owners = owners(read, number).map(|owners| index.put(number, &owners));
            owners.is_ok()
        })
    });
    if caught_up {
        tracing::debug!(
            bytes = index.bytes(),
            seconds = begun.elapsed().as_secs_f32(),
            "the number index is in memory"
        );
        inner.memory.change(|memory| memory.set_numbers(index));
    }
}

/// An index of every number of the store; `None` when the book is closing.
fn all_numbers(inner: &Inner, read: &ReadTxn) -> Result<Option<NumberIndex>, StoreError> {
    let count = read.stats()?.contact_numbers;
    let index = NumberIndex::with_room_for(usize::try_from(count).unwrap_or(usize::MAX));
    let mut owners: (Option<E164>, Vec<ContactNo>) = (None, Vec::new());
    let mut rows = 0_usize;
    let mut put = |(number, owners): &(Option<E164>, Vec<ContactNo>)| {
        if let Some(number) = number {
            index.put(*number, owners);
        }
        rows += 1;
        if rows.is_multiple_of(NUMBERS_CHECK) && inner.is_closing() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let mut whole = ControlFlow::Continue(());
    read.each_contact_number(|number, no| {
        if owners.0 != Some(number) {
            whole = put(&owners);
            owners.0 = Some(number);
            owners.1.clear();
        }
        if owners.1.len() < LOOKUP_CONTACTS_MAX {
            owners.1.push(no);
        }
        whole
    })?;
    if whole.is_continue() {
        whole = put(&owners);
    }
    Ok(whole.is_continue().then_some(index))
}
