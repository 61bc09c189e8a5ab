//! Texts with digits that are no number, or not a whole one: hidden digits, amounts of money, account
//! numbers, dates, words between the digits. Pure, and without countries.

use super::extension;
use super::words::ends_with_other_word;
use std::iter::Peekable;
use std::str::Chars;

/// Capitals that make a word to be typed, at least.
pub(super) const KEYS_MIN: usize = 3;

/// Signs of currencies beside `¤`; a number has none.
const CURRENCIES: &[char] =
    &['€', '$', '£', '¥', '₽', '₹', '₺', '₩', '₴', '₫', '₪', '฿', '₱', '₦', '¢', '¤'];

/// Letters and digits of an account number (ISO 13616).
const IBAN_LENGTHS: std::ops::RangeInclusive<usize> = 15..=34;
/// What is left of an account number when it is divided by 97.
const IBAN_REMAINDER: u32 = 1;

/// Whether there is an amount of money in a text.
pub(super) fn has_currency(text: &str) -> bool {
    text.contains(CURRENCIES)
}

/// Whether a text is an account number, or its first digits are a code of another sort.
pub(in crate::normalise) fn is_account(text: &str) -> bool {
    let first = text.find(|c: char| c.is_ascii_digit());
    is_iban(text) || first.is_some_and(|at| ends_with_other_word(&text[..at]))
}

/// Whether a text is an account number, its check digits right: two letters, two digits, and what the
/// bank chose.
fn is_iban(text: &str) -> bool {
    let text = text.trim();
    let label = text.get(..4).filter(|label| label.eq_ignore_ascii_case("iban"));
    let text = label.map_or(text, |label| text[label.len()..].trim_start_matches([':', ' ']));
    let begins = matches!(text.as_bytes(), [a, b, c, d, ..]
        if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
        && c.is_ascii_digit() && d.is_ascii_digit());
    if !begins || !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphanumeric()) {
        return false;
    }
    let letters = || text.chars().filter(|c| *c != ' ');
    // A letter is worth two digits: A is 10. The country comes last.
    let remainder = letters().skip(4).chain(letters().take(4)).fold(0, |remainder, c| {
        let value = c.to_digit(36).unwrap_or_default();
        (remainder * if value < 10 { 10 } else { 100 } + value) % 97
    });
    IBAN_LENGTHS.contains(&letters().count()) && remainder == IBAN_REMAINDER
}

/// Whether two or more signs stand side by side that people put in the place of digits. An x that
/// has another letter beside it belongs to a word.
pub(super) fn has_hidden_digits(text: &str) -> bool {
    let mut before = None;
    let mut digits_seen = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let length = run(c, &mut rest);
        let hides = match c {
            // `0xx11` and `0**11`: Brazil's place for the code of any carrier.
            'x' | 'X' | '*' if length == 2 && before == Some('0') && digits_seen == 1 => false,
            'x' | 'X' => {
                let is_in_word = |c: Option<char>| c.is_some_and(char::is_alphabetic);
                !is_in_word(before) && !is_in_word(rest.peek().copied())
            }
            // An N for any digit stands beside one.
            'n' | 'N' => {
                let is_beside = |c: Option<char>| c.is_none_or(|c| c == '-' || c.is_ascii_digit());
                is_beside(before) && rest.peek().is_none_or(|c| *c == '-' || *c == ' ')
            }
            // Codes of the network begin with these, as *#21#.
            '*' | '#' => digits_seen > 0,
            // Middle dots and bullets have become dots.
            '_' | '?' | '×' | '●' | '○' | '■' | '█' | '•' => true,
            // Three dots in one sign are three.
            '…' => return true,
            '.' => length > 2,
            _ => false,
        };
        if hides && length > 1 {
            return true;
        }
        digits_seen += if c.is_ascii_digit() { length } else { 0 };
        before = Some(c);
    }
    false
}

/// Whether a group is a day of a year. Without its century, only where a digit stands alone as in no
/// group of a number: `1.2.24`.
pub(super) fn is_date(group: &str) -> bool {
    let Some(sign) = group.bytes().find(|b| !b.is_ascii_digit()) else { return false };
    let mut parts = group.split(char::from(sign));
    let (Some(a), Some(b), Some(c), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is = |text: &str, digits: usize, most: u16| {
        text.len() <= digits && text.parse().is_ok_and(|n: u16| (1..=most).contains(&n))
    };
    let year = |text: &str| {
        text.len() == 4 && text.parse().is_ok_and(|year: u16| (1900..2100).contains(&year))
    };
    let day_and_month = |a, b| is(a, 2, 31) && is(b, 2, 31) && (is(a, 2, 12) || is(b, 2, 12));
    let alone = a.len() == 1 || b.len() == 1;
    match sign {
        b'-' => year(a) && day_and_month(b, c),
        b'.' | b'/' => day_and_month(a, b) && (year(c) || alone && is(c, 2, 99)),
        _ => false,
    }
}

/// How often a sign stands in a row; the rest of the row is passed by.
fn run(c: char, rest: &mut Peekable<Chars<'_>>) -> usize {
    let mut length = 1;
    while rest.next_if(|next| next.eq_ignore_ascii_case(&c)).is_some() {
        length += 1;
    }
    length
}

/// Whether there is a word between the digits that is neither before an extension nor to be typed.
pub(super) fn has_word_within(text: &str) -> bool {
    let from = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let number = &text[from..];
    // Parameters of a URI are words, too.
    let number = number.split(';').next().unwrap_or_default();
    let end = match extension::find(number) {
        // The x of `Fax` announces nothing.
        Some((at, _))
            if number[..at].ends_with(char::is_alphabetic)
                && number[at..].starts_with(char::is_alphabetic) =>
        {
            return true;
        }
        Some((at, _)) => at,
        None => number.len(),
    };
    let number = &number[..end];
    let Some(last_digit) = number.rfind(|c: char| c.is_ascii_digit()) else { return false };
    let within = &number[..last_digit];
    let letters = || within.chars().filter(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X'));
    if letters().next().is_none() {
        return false;
    }
    // To be typed: capitals, joined to digits by nothing or a hyphen.
    let keys = letters().all(|c| c.is_ascii_uppercase()) && letters().count() >= KEYS_MIN;
    let joined = !within.split(' ').any(|group| {
        group.contains(char::is_alphabetic) && !group.contains(|c: char| c.is_ascii_digit())
    });
    !(keys && joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_number_has_its_check_digits() {
        for text in ["NO93 8601 1117 947", "IBAN: BE68539007547034", "iban de89370400440532013000"]
        {
            assert!(is_iban(text), "{text}");
        }
        for text in ["NO93 8601 1117 948", "DE0049 151 12345678", "NO93", "030 1234567", ""] {
            assert!(!is_iban(text), "{text}");
        }
    }
}
