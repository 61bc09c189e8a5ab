//! The characters of a text as a telephone's keypad has them: what cannot be seen is dropped, and
//! each blank, hyphen, dot, digit and full-width sign becomes the one of ASCII. It knows nothing of
//! numbers.

use super::buffer::TextBuffer;
use crate::text::{digit_of, is_blank, is_hyphen, is_middle_dot, is_plus, is_unseen};

/// Whether a text has plain characters only.
pub(super) fn is_tidy(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text in plain characters.
pub(super) fn tidy<'a>(text: &str, buffer: &'a mut TextBuffer) -> &'a str {
    for c in text.chars().filter(|c| !is_unseen(*c)) {
        buffer.push_char(plain(c));
    }
    buffer.as_str()
}

fn plain(c: char) -> char {
    if let Some(value) = digit_of(c) {
        return char::from(b'0' + value);
    }
    match c {
        // Line ends stay: a number does not go on behind one.
        '\n' | '\r' => c,
        _ if is_blank(c) => ' ',
        _ if is_hyphen(c) => '-',
        _ if is_middle_dot(c) => '.',
        // Also small, superscript and heavy.
        '\u{fe62}' | '\u{207a}' | '\u{2795}' => '+',
        _ if is_plus(c) => '+',
        // The full-width forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}
