//! Fetching ahead what several look-ups will read. Each waits for memory three times, one place
//! telling the next: the number index, the contact's row, the answer. Of look-ups that are known
//! together all first places are asked for at once, then all second ones, then all answers, so
//! that the processor waits for them together.
//!
//! Nothing is decided here: what is read is thrown away, and the look-ups read it again.

use crate::local::memory::Hot;
use crate::local::memory::rendering::Form;
use carnet_model::ContactNo;
use carnet_phone::E164;
use std::hint::black_box;

/// Look-ups whose places are asked for together: about as many as a processor waits for at once,
/// and few enough for all their answers to stay in its nearest cache.
pub const FETCHED_TOGETHER: usize = 16;

impl Hot {
    /// Has the processor fetch what look-ups of these numbers will read, of which there are
    /// [`FETCHED_TOGETHER`] at most; more are ignored.
    pub(crate) fn fetch(&self, numbers: &[E164], form: Form) {
        let index = self.numbers.load();
        let Some(index) = index.as_ref() else {
            return;
        };
        let numbers = &numbers[..numbers.len().min(FETCHED_TOGETHER)];
        black_box(index.touch(numbers));
        let mut nos = [ContactNo(0); FETCHED_TOGETHER];
        let mut count = 0;
        for no in numbers.iter().filter_map(|number| index.find_alone(*number)) {
            nos[count] = no;
            count += 1;
        }
        black_box(self.ready.touch_rows(&nos[..count]));
        if form == Form::Long {
            black_box(self.ready.touch_answers(&nos[..count]));
        }
    }
}
