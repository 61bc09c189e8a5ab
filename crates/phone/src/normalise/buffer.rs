//! A text put together from parts of another, on the stack.

use crate::limits::TEXT_BYTES_MAX;

/// A text that is no longer than the one it comes from.
pub(super) struct TextBuffer {
    bytes: [u8; TEXT_BYTES_MAX],
    len: usize,
}

impl TextBuffer {
    pub(super) const fn new() -> TextBuffer {
        TextBuffer { bytes: [0; TEXT_BYTES_MAX], len: 0 }
    }

    /// Adds a part; what does not fit is left out.
    pub(super) fn push(&mut self, part: &str) {
        let end = self.len + part.len();
        if let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(part.as_bytes());
            self.len = end;
        }
    }

    /// Adds a character.
    pub(super) fn push_char(&mut self, c: char) {
        self.push(c.encode_utf8(&mut [0; 4]));
    }

    /// The text so far.
    pub(super) fn as_str(&self) -> &str {
        // Only whole parts are added, so the other arm is not reached.
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}
