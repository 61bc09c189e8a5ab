//! Changes of numbering plans that are still in people's address books: Mexico's mobile 1, Argentina's
//! 9, Brazil's ninth digit. They lie in `data/renumbering.tsv`, with their dates and sources.

use crate::E164;
use crate::digits::Digits;
use crate::tables::{CHANGED_CODES, CHANGES, Change, Code, MOVED, code_of};

/// A place of a new number that takes the next digit of the old one that is not fixed.
const COPIED: u8 = 10;

impl Change {
    /// The new number of an old one.
    fn renew(&self, digits: &[u8]) -> Option<Digits> {
        if !self.takes_old(digits) {
            return None;
        }
        let free = self.old.iter().zip(digits).filter(|(mask, _)| !mask.is_power_of_two());
        let mut free = free.map(|(_, digit)| *digit);
        let mut new = Digits::new();
        for place in self.new {
            new.push(if *place == COPIED { free.next()? } else { *place });
        }
        Some(new)
    }

    /// The old number of a new one.
    fn restore(&self, digits: &[u8]) -> Option<Digits> {
        let mut pairs = self.new.iter().zip(digits);
        let fits = |(place, digit): (&u8, &u8)| *place == COPIED || place == digit;
        if digits.len() != self.new.len() || !pairs.clone().all(fits) {
            return None;
        }
        let mut old = Digits::new();
        for mask in self.old {
            old.push(match mask.is_power_of_two() {
                true => u8::try_from(mask.trailing_zeros()).ok()?,
                false => *pairs.find(|(place, _)| **place == COPIED)?.1,
            });
        }
        self.takes_old(&old).then_some(old)
    }

    /// What the new numbers begin with of the old ones that begin so.
    fn renew_beginning(&self, digits: &[u8]) -> Option<Digits> {
        let mut pairs = self.old.iter().zip(digits);
        if digits.len() > self.old.len() || !pairs.clone().all(may_be) {
            return None;
        }
        let mut free = pairs.by_ref().filter(|(mask, _)| !mask.is_power_of_two());
        let places = self.new.iter().map(|place| match *place {
            COPIED => free.next().map(|(_, digit)| *digit),
            fixed => Some(fixed),
        });
        Some(known(places))
    }

    /// What the old numbers begin with of the new ones that begin so.
    fn restore_beginning(&self, digits: &[u8]) -> Option<Digits> {
        let mut pairs = self.new.iter().zip(digits);
        let fits = |(place, digit): (&u8, &u8)| *place == COPIED || place == digit;
        if digits.len() > self.new.len() || !pairs.clone().all(fits) {
            return None;
        }
        let places = self.old.iter().map(|mask| match mask.is_power_of_two() {
            true => u8::try_from(mask.trailing_zeros()).ok(),
            false => pairs.find(|(place, _)| **place == COPIED).map(|(_, digit)| *digit),
        });
        let old = known(places);
        self.old.iter().zip(old.iter()).all(may_be).then_some(old)
    }

    fn takes_old(&self, digits: &[u8]) -> bool {
        digits.len() == self.old.len() && self.old.iter().zip(digits).all(may_be)
    }
}

/// Whether a place of an old number may have this digit.
fn may_be((mask, digit): (&u16, &u8)) -> bool {
    mask & (1 << digit) != 0
}

/// The digits up to the first that is not known.
fn known(places: impl Iterator<Item = Option<u8>>) -> Digits {
    let mut digits = Digits::new();
    places.map_while(|place| place).for_each(|digit| digits.push(digit));
    digits
}

/// Whether there are old numbers of this calling code.
#[inline]
pub(crate) fn has_changed(code: &Code) -> bool {
    let word = CHANGED_CODES.get(usize::from(code.code / 64));
    word.is_some_and(|word| word & (1 << (code.code % 64)) != 0)
}

/// The changes that may concern a number.
fn changes_of(digits: &Digits) -> impl Iterator<Item = &'static Change> + use<> {
    let code = code_of(digits).map_or(0, |code| code.code);
    let from = CHANGES.partition_point(|change| change.code < code);
    let to = CHANGES.partition_point(|change| change.code <= code);
    CHANGES[from..to].iter().chain(&MOVED)
}

/// The first of the numbers that have replaced this one which `accept` takes. Some places have changed
/// twice. All with their country code.
pub(crate) fn renumbered<T>(digits: &Digits, accept: impl Fn(&Digits) -> Option<T>) -> Option<T> {
    let renewed =
        |digits: Digits| changes_of(&digits).filter_map(move |change| change.renew(&digits));
    renewed(*digits)
        .find_map(|new| accept(&new))
        .or_else(|| renewed(*digits).flat_map(renewed).find_map(|new| accept(&new)))
}

/// What the same numbers begin with in the other form of a numbering plan that has changed. The digits
/// include the country code, as do those that come of it; some of these are no more than that.
pub(crate) fn other_beginnings(digits: &Digits) -> impl Iterator<Item = Digits> + use<> {
    let digits = *digits;
    changes_of(&digits).flat_map(move |change| {
        [change.renew_beginning(&digits), change.restore_beginning(&digits)].into_iter().flatten()
    })
}

/// The numbers that mean the same subscriber as this one, in the other form of a numbering plan that
/// has changed: of an old number the new one, of a new number the old ones.
///
/// ```
/// use carnet_phone::{E164, equivalents};
///
/// let with_nine = E164::parse("+5491123456789").unwrap();
/// let without = E164::parse("+541123456789").unwrap();
/// assert!(equivalents(without).any(|number| number == with_nine));
/// assert!(equivalents(with_nine).any(|number| number == without));
/// ```
pub fn equivalents(number: E164) -> impl Iterator<Item = E164> {
    let digits = Digits::of(number.digits());
    let forms = changes_of(&digits).flat_map(move |change| {
        [change.renew(&digits), change.restore(&digits)].into_iter().flatten()
    });
    forms.filter_map(|form| E164::from_digits(form.iter().fold(0, |n, d| n * 10 + u64::from(*d))))
}
