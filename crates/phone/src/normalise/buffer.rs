//! A text put together from parts of another, on the stack.

use super::TEXT_BYTES_MAX;

/// Room for a text that is no longer than the one it comes from.
pub(super) struct Room {
    bytes: [u8; TEXT_BYTES_MAX],
    len: usize,
}

impl Room {
    pub(super) const fn new() -> Room {
        Room { bytes: [0; TEXT_BYTES_MAX], len: 0 }
    }

    /// Adds a part; what does not fit is left out.
    pub(super) fn push(&mut self, part: &str) {
        let end = self.len + part.len();
        if let Some(room) = self.bytes.get_mut(self.len..end) {
            room.copy_from_slice(part.as_bytes());
            self.len = end;
        }
    }

    /// The text so far.
    pub(super) fn as_str(&self) -> &str {
        // Only whole parts are added, so the other arm is not reached.
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}
