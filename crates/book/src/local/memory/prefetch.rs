//! Prefetching for several look-ups. Each waits for memory three times, as each place tells the next:
//! the number index, the contact's slots, the rendering. Of look-ups that are known together all
//! first places are read at once, then all second ones, then all renderings, so that the processor
//! waits for them together.
//!
//! Nothing is decided here: the bytes are thrown away, and the look-ups read them again.

use crate::local::memory::LookupMemory;
use crate::local::memory::rendering::Form;
use carnet_model::ContactNo;
use carnet_phone::E164;
use std::hint::black_box;

/// Look-ups that are prefetched together: about as many as a processor waits for at once, and few
/// enough for all their renderings to stay in its nearest cache.
pub const PREFETCH_MAX: usize = 16;

impl LookupMemory {
    /// Has the processor load the memory that look-ups of these numbers will read, the first
    /// [`PREFETCH_MAX`] of them.
    pub(crate) fn prefetch(&self, numbers: &[E164], form: Form) {
        let index = self.numbers.load();
        let Some(index) = index.as_ref() else {
            return;
        };
        let numbers = &numbers[..numbers.len().min(PREFETCH_MAX)];
        black_box(index.prefetch(numbers));
        let mut nos = [ContactNo(0); PREFETCH_MAX];
        let mut count = 0;
        for no in numbers.iter().filter_map(|number| index.find_alone(*number)) {
            nos[count] = no;
            count += 1;
        }
        black_box(self.cache.prefetch_slots(&nos[..count]));
        if form == Form::Long {
            black_box(self.cache.prefetch_renderings(&nos[..count]));
        }
    }
}
