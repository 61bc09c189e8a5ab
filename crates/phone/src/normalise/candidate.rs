//! From a text to the part of it that could be a number: a plus or none, digits, an extension.
//! It knows nothing of countries.

use super::buffer::TextBuffer;
use super::extension;
use crate::digits::Digits;
use crate::text::{digit_of, is_letter, is_plus, is_punctuation, is_word, key_of};
use crate::{Extension, Reason};

/// From this many letters on, a text is meant to be typed on a keypad; fewer are mistakes.
const LETTERS_OF_A_WORD: usize = 3;

/// The number that was found in a text, not yet checked.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    /// Whether the number begins with a plus.
    pub(super) plus: bool,
    /// Its digits, letters turned into the keys that carry them.
    pub(super) digits: Digits,
    /// Its extension.
    pub(super) extension: Option<Extension>,
}

/// Finds the number in a text.
pub(super) fn find(text: &str) -> Result<Candidate, Reason> {
    // Most texts have no parameters, and are spared the search for them.
    if !text.as_bytes().contains(&b';') {
        return read(possible(text));
    }
    if let Some(at) = text.find(CONTEXT) {
        let mut buffer = TextBuffer::new();
        let number = with_context(text, at, &mut buffer).ok_or(Reason::NotANumber)?;
        return read(without_subaddress(number));
    }
    read(without_subaddress(possible(text)))
}

/// From the first digit or plus to the last letter, number or `#`, and no second number.
fn possible(text: &str) -> &str {
    let from = text.find(|c| is_plus(c) || digit_of(c).is_some()).unwrap_or(text.len());
    let number = text[from..].trim_end_matches(|c| !is_word(c) && c != '#');
    let second = number.char_indices().find(|&(at, c)| {
        // As in `(530) 583-6985 x302/x2303`: the second is another number.
        matches!(c, '/' | '\\') && number[at + 1..].trim_start_matches(' ').starts_with('x')
    });
    second.map_or(number, |(at, _)| &number[..at])
}

/// ISDN's addresses within a building do not belong to the number.
fn without_subaddress(number: &str) -> &str {
    match number.find(";isub=") {
        None | Some(0) => number,
        Some(at) => &number[..at],
    }
}

/// The result of one pass over a number.
struct Scan {
    plus: bool,
    digits: Digits,
    letters: usize,
    /// Where the third digit ends; none when something else than punctuation comes before.
    third_digit: Option<usize>,
    /// Where the first character lies that no number has in it.
    end: usize,
    /// Whether there could be an extension.
    labels: bool,
}

impl Scan {
    fn of(number: &str) -> Scan {
        let body = number.trim_start_matches(is_plus);
        let start = number.len() - body.len();
        let mut scan = Scan {
            plus: start > 0,
            digits: Digits::new(),
            letters: 0,
            third_digit: None,
            end: number.len(),
            labels: false,
        };
        for (at, c) in body.char_indices() {
            if let Some(value) = digit_of(c) {
                scan.digits.push(value);
                if scan.digits.len() == 3 && scan.third_digit.is_none() {
                    scan.third_digit = Some(start + at + c.len_utf8());
                }
                continue;
            }
            // An x is punctuation, and may begin an extension.
            if c == 'x' || c == 'X' || !is_punctuation(c) {
                let within = is_letter(c) && (scan.third_digit.is_some() || matches!(c, 'x' | 'X'));
                scan.labels = true;
                scan.letters += usize::from(c.is_ascii_alphabetic());
                if !within {
                    scan.end = start + at;
                    break;
                }
            }
            // A tilde, too, is punctuation and may begin an extension.
            scan.labels |= matches!(c, '~' | '\u{ff5e}');
        }
        scan
    }

    /// Whether the text has the shape of a number, an extension at its end allowed.
    fn is_viable(&self, number: &str) -> bool {
        let Some(third) = self.third_digit else {
            // Emergency and the like: two digits and nothing else.
            return self.digits.len() == 2 && !self.plus && number.chars().count() == 2;
        };
        self.end == number.len() || extension::begins_within(number, third, self.end)
    }
}

fn read(number: &str) -> Result<Candidate, Reason> {
    let mut scan = Scan::of(number);
    if !scan.is_viable(number) {
        return Err(if number.is_empty() || scan.digits.len() != 1 || scan.labels {
            Reason::NotANumber
        } else {
            Reason::TooShort
        });
    }
    let mut number = number;
    let mut found = None;
    if scan.labels
        && let Some((at, extension)) = extension::find(number)
    {
        // An extension needs a number before it.
        let before = Scan::of(&number[..at]);
        if before.is_viable(&number[..at]) {
            number = &number[..at];
            scan = before;
            found = Some(extension);
        }
    }
    // The rest may still have a label in it: its digits then belong to the number.
    let digits = if scan.letters >= LETTERS_OF_A_WORD || scan.end < number.len() {
        typed(number)
    } else {
        scan.digits
    };
    if digits.overfull {
        return Err(Reason::TooLong);
    }
    Ok(Candidate { plus: scan.plus, digits, extension: found })
}

/// All digits of a number; where it has a word in it, its letters are keys, and only ASCII
/// digits count.
fn typed(number: &str) -> Digits {
    let word = number.chars().filter(char::is_ascii_alphabetic).count() >= LETTERS_OF_A_WORD;
    let mut digits = Digits::new();
    for c in number.chars() {
        let value = match word {
            true if c.is_ascii_digit() => digit_of(c),
            true => key_of(c),
            false => digit_of(c),
        };
        value.into_iter().for_each(|value| digits.push(value));
    }
    digits
}

/// Says which country or network a `tel:` URI's local number belongs to.
pub(super) const CONTEXT: &str = ";phone-context=";

/// The number of a URI whose context begins at `at`: a context that is the beginning of a number
/// goes before it, a domain says nothing. `None` for a context that is neither.
fn with_context<'a>(text: &str, at: usize, buffer: &'a mut TextBuffer) -> Option<&'a str> {
    let context = &text[at + CONTEXT.len()..];
    let context = context.find(';').map_or(context, |end| &context[..end]);
    if is_global(context) {
        buffer.push(context);
    } else if !is_domain(context) {
        return None;
    }
    let from = text.find("tel:").map_or(0, |at| at + "tel:".len());
    // Nothing where the context comes before `tel:`.
    buffer.push(text.get(from..at).unwrap_or_default());
    Some(buffer.as_str())
}

/// `+`, at least one digit, and signs that part digits.
fn is_global(context: &str) -> bool {
    let Some(rest) = context.strip_prefix('+') else { return false };
    rest.chars().any(|c| digit_of(c).is_some())
        && rest.chars().all(|c| digit_of(c).is_some() || matches!(c, '-' | '.' | '(' | ')'))
}

/// Labels of letters, digits and inner hyphens, parted by dots; the last begins with a letter.
fn is_domain(context: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphabetic() || digit_of(c).is_some();
    let is_label = |label: &str| {
        label.starts_with(inner)
            && label.ends_with(inner)
            && label.chars().all(|c| c == '-' || inner(c))
    };
    let context = context.strip_suffix('.').unwrap_or(context);
    let last = context.rsplit('.').next().unwrap_or_default();
    context.split('.').all(is_label) && last.starts_with(|c: char| c.is_ascii_alphabetic())
}
