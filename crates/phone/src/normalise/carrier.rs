//! Brazil's way to write that a carrier has to be chosen: `(0xx11) 3456-7890` is the area 11. The signs
//! in the place of the carrier's two digits hide nothing.

use super::buffer::TextBuffer;

/// Digits of a carrier's code, and of an area code.
const CODE_DIGITS: usize = 2;

/// The country code of Brazil.
pub(super) const BRAZIL: u16 = 55;

/// The text with the area code alone, as in `(11) 3456-7890`; `place` is that of the notation.
pub(super) fn without<'b>(
    text: &str,
    (start, end): (usize, usize),
    buffer: &'b mut TextBuffer,
) -> &'b str {
    let before = text[..start].trim_end_matches(['(', '[', ' ', '-']);
    buffer.push(before);
    buffer.push(" (");
    buffer.push(&text[end - CODE_DIGITS..end]);
    buffer.push(") ");
    buffer.push(text[end..].trim_start_matches([')', ']', ' ', '-']));
    buffer.as_str().trim_start()
}

/// Where the notation begins and where its area code ends: perhaps a zero, two signs, two digits that
/// stand apart or in brackets.
pub(super) fn place(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_mark = |b: u8| matches!(b, b'x' | b'X' | b'*');
    let first = bytes.windows(CODE_DIGITS).position(|pair| pair.iter().all(|b| is_mark(*b)))?;
    let (before, after) = (&text[..first], &text[first + CODE_DIGITS..]);
    let parts = [' ', '-', ')', '('];
    let joined = before.trim_end_matches([' ', '-']);
    let zero =
        joined.strip_suffix('0').filter(|rest| !rest.ends_with(|c: char| c.is_ascii_digit()));
    let start = zero.unwrap_or(joined);
    // Before it stands the country code, or words.
    let digits = || start.bytes().filter(u8::is_ascii_digit);
    let is_first = digits().next().is_none() || digits().eq(*b"55");
    let bracket = start.ends_with(['(', '[']);
    let rest = after.trim_start_matches(parts);
    let area = rest.get(..CODE_DIGITS)?;
    let is_area = area.bytes().all(|b| b.is_ascii_digit());
    let end = text.len() - rest.len() + CODE_DIGITS;
    let apart = !text[end..].starts_with(|c: char| c.is_alphanumeric());
    let is_word = start.ends_with(char::is_alphabetic);
    (is_first && (bracket || zero.is_some()) && is_area && apart && !is_word)
        .then_some((start.len(), end))
}
