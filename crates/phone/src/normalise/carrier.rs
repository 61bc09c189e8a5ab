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

/// Where the notation begins and where its area code ends: perhaps a zero, two signs or a word for the
/// carrier, two digits that stand apart.
pub(super) fn place(text: &str) -> Option<(usize, usize)> {
    by_signs(text).or_else(|| by_word(text))
}

/// `(0xx11)`, `0 XX 11`, `0**11`, `0(xx11)`.
fn by_signs(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_mark = |b: u8| matches!(b, b'x' | b'X' | b'*');
    let first = bytes.windows(CODE_DIGITS).position(|pair| pair.iter().all(|b| is_mark(*b)))?;
    let (before, after) = (&text[..first], &text[first + CODE_DIGITS..]);
    let joined = before.trim_end_matches([' ', '-', '(', '[']);
    let zero = joined.strip_suffix('0').filter(|rest| !rest.ends_with(is_digit));
    let start = zero.unwrap_or(joined).trim_end_matches([' ', '(', '[']);
    let bracket = before[start.len()..].contains(['(', '[']);
    let rest = after.trim_start_matches([' ', '-', ')', '(']);
    let end = end_of_area(text, rest)?;
    let is_word = before.ends_with(char::is_alphabetic);
    ((bracket || zero.is_some()) && is_first(start) && !is_word).then_some((start.len(), end))
}

/// `(0 operadora 11)`, `(0yy11)`: between the zero and the area code is nothing but a word.
fn by_word(text: &str) -> Option<(usize, usize)> {
    let open = text.find("(0")?;
    let word = &text[open + "(0".len()..];
    let rest = word.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '.'));
    let end = end_of_area(text, rest).filter(|end| text[*end..].starts_with(')'))?;
    let has_word = word[..word.len() - rest.len()].contains(char::is_alphabetic);
    (has_word && is_first(&text[..open])).then_some((open, end))
}

/// Where the area code ends with which the rest of a text begins, if nothing is joined to it.
fn end_of_area(text: &str, rest: &str) -> Option<usize> {
    let area = rest.get(..CODE_DIGITS)?;
    let apart = !rest[CODE_DIGITS..].starts_with(|c: char| c.is_alphanumeric());
    let end = text.len() - rest.len() + CODE_DIGITS;
    (apart && area.chars().all(is_digit)).then_some(end)
}

/// Whether nothing but words and the country code stands before the notation.
fn is_first(before: &str) -> bool {
    let digits = || before.bytes().filter(u8::is_ascii_digit);
    digits().next().is_none() || digits().eq(*b"55")
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
