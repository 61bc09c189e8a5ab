//! What spreadsheets make of a number that they take for a quantity: `33612345605.0`,
//! `3.3612345602E+10`, and `1.23E+05` where the column was narrow. It knows nothing of countries.

use crate::Reason;
use crate::digits::Digits;

/// Fewer digits are not taken for a number that a spreadsheet has spoiled.
const DIGITS_MIN: usize = 7;

/// The digits of a number that a spreadsheet has written as a quantity, and whether a plus stands before
/// them; `None` for other texts.
///
/// # Errors
/// [`Reason::Rounded`] when digits are lost.
pub(super) fn digits(text: &str) -> Result<Option<(bool, Digits)>, Reason> {
    let text = text.trim();
    let without_plus = text.strip_prefix('+');
    let plus = without_plus.is_some();
    let text = without_plus.unwrap_or(text);
    // Only programs write a plus behind the E.
    let mut by_program = false;
    let (mantissa, exponent) = match text.split_once(['E', 'e']) {
        Some((mantissa, exponent)) => match exponent.trim_start_matches('+').parse::<u8>() {
            Ok(power) => {
                by_program = exponent.starts_with('+');
                (mantissa, Some(usize::from(power)))
            }
            Err(_) => return Ok(None),
        },
        None => (text, None),
    };
    let (whole, part) = match mantissa.split_once(['.', ',']) {
        Some((_, "")) => return Ok(None),
        Some(parts) => parts,
        None if by_program => (mantissa, ""),
        None => return Ok(None),
    };
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
        return Ok(None);
    }
    let mut digits = Digits::new();
    match exponent {
        // A part that is nothing: "33612345605.0".
        None if whole.len() >= DIGITS_MIN && part.bytes().all(|b| b == b'0') => {
            whole.bytes().for_each(|digit| digits.push(digit - b'0'));
        }
        Some(exponent) if whole.len() == 1 && (exponent + 1 >= DIGITS_MIN || by_program) => {
            let known = part.trim_end_matches('0').len().max(part.len().min(exponent));
            if known > exponent {
                return Ok(None);
            }
            if part.len() < exponent {
                return Err(Reason::Rounded);
            }
            whole.bytes().chain(part.bytes().take(exponent)).for_each(|d| digits.push(d - b'0'));
        }
        _ => return Ok(None),
    }
    Ok(Some((plus, digits)))
}
