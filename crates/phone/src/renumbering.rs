//! Changes of numbering plans that are still in people's address books: Mexico's mobile 1, Argentina's
//! 9, Brazil's ninth digit. They lie in `data/renumbering.tsv`, with their dates and sources.

use crate::E164;
use crate::digits::Digits;
use crate::tables::{CHANGES, Change, code_of};

/// A place of a new form that takes the next digit of the old one that is not fixed.
const COPIED: u8 = 10;

impl Change {
    /// The digits of the new form, if these are of the old one. Both without the country code.
    fn renew(&self, national: &[u8]) -> Option<Digits> {
        self.takes_old(national).then(|| {
            let mut copied = self.copied(national);
            self.new.iter().fold(Digits::new(), |mut digits, place| {
                let digit = if *place == COPIED { copied.next() } else { Some(*place) };
                digits.push(digit.unwrap_or_default());
                digits
            })
        })
    }

    /// The digits of the old form, if these are of the new one.
    fn restore(&self, national: &[u8]) -> Option<Digits> {
        if national.len() != self.new.len() {
            return None;
        }
        let pairs = || self.new.iter().zip(national);
        if pairs().any(|(place, digit)| *place != COPIED && place != digit) {
            return None;
        }
        let mut copied = pairs().filter(|(place, _)| **place == COPIED).map(|(_, digit)| *digit);
        let mut old = Digits::new();
        for mask in self.old {
            let digit = if is_fixed(*mask) { Some(fixed(*mask)) } else { copied.next() };
            old.push(digit?);
        }
        self.takes_old(&old).then_some(old)
    }

    fn takes_old(&self, national: &[u8]) -> bool {
        national.len() == self.old.len()
            && self.old.iter().zip(national).all(|(mask, digit)| mask & (1 << digit) != 0)
    }

    /// Of an old form's digits those that the new one copies.
    fn copied<'a>(&'a self, national: &'a [u8]) -> impl Iterator<Item = u8> + 'a {
        self.old.iter().zip(national).filter(|(mask, _)| !is_fixed(**mask)).map(|(_, digit)| *digit)
    }
}

/// Whether a place of an old form has one certain digit.
fn is_fixed(mask: u16) -> bool {
    mask.is_power_of_two()
}

fn fixed(mask: u16) -> u8 {
    u8::try_from(mask.trailing_zeros()).unwrap_or_default()
}

/// The digits of the number that has replaced this one, country code included. `None` when its country
/// has not changed numbers like this.
pub(crate) fn renumbered(digits: &Digits) -> Option<Digits> {
    let (changes, national) = changes_of(digits)?;
    let new = changes.iter().find_map(|change| change.renew(national))?;
    Some(with_code(digits, national, &new))
}

/// The numbers that mean the same subscriber as this one, in the other form of a numbering plan that
/// has changed: of an old form the new one, of a new form the old ones.
///
/// ```
/// use carnet_phone::{E164, equivalents};
///
/// let with_nine = E164::parse("+5491123456789").unwrap();
/// let without = E164::parse("+541123456789").unwrap();
/// assert_eq!(equivalents(without).collect::<Vec<_>>(), [with_nine]);
/// assert!(equivalents(with_nine).any(|number| number == without));
/// ```
pub fn equivalents(number: E164) -> impl Iterator<Item = E164> {
    let digits = Digits::of(number.digits());
    let changes = changes_of(&digits).map_or(&CHANGES[..0], |(changes, _)| changes);
    let forms = changes.iter().flat_map(move |change| {
        let (_, national) = changes_of(&digits)?;
        let form = change.renew(national).or_else(|| change.restore(national))?;
        let all = with_code(&digits, national, &form);
        E164::from_digits(all.iter().fold(0, |n, digit| n * 10 + u64::from(*digit)))
    });
    forms.filter(move |form| *form != number)
}

/// The changes of the country that a number is of, and its digits behind the country code.
fn changes_of(digits: &Digits) -> Option<(&'static [Change], &[u8])> {
    let code = code_of(digits)?;
    let from = CHANGES.partition_point(|change| change.code < code.code);
    let to = CHANGES.partition_point(|change| change.code <= code.code);
    let changes = CHANGES.get(from..to).filter(|changes| !changes.is_empty())?;
    Some((changes, digits.get(usize::from(code.digits)..)?))
}

/// The country code that `digits` begin with, before another national number than theirs.
fn with_code(digits: &Digits, national: &[u8], other: &Digits) -> Digits {
    let mut all = Digits::new();
    digits[..digits.len() - national.len()].iter().for_each(|digit| all.push(*digit));
    other.iter().for_each(|digit| all.push(*digit));
    all
}
