//! Digits on the stack: the values 0 to 9, not characters.

/// A run of digits. Digits beyond its capacity are not kept; `overfull` says that there were some.
#[derive(Clone, Copy)]
pub(crate) struct Digits {
    values: [u8; Digits::CAPACITY],
    start: u8,
    end: u8,
    /// Whether a digit was lost because the capacity was used up.
    pub(crate) overfull: bool,
}

impl Digits {
    /// The longest national number has 17 digits, and no prefix, carrier and country code
    /// together have as many more as fit here: a text with more digits is no number.
    const CAPACITY: usize = 61;

    #[inline]
    pub(crate) const fn new() -> Digits {
        Digits { values: [0; Digits::CAPACITY], start: 0, end: 0, overfull: false }
    }

    /// The decimal digits of an integer.
    pub(crate) fn of(mut number: u64) -> Digits {
        let mut digits = Digits::new();
        // From the back: a u64 has no more than 20.
        let mut start: u8 = 20;
        digits.end = start;
        while number > 0 {
            start -= 1;
            // The remainder is below ten.
            digits.values[usize::from(start)] = u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
        }
        digits.start = start;
        digits
    }

    #[inline]
    pub(crate) fn push(&mut self, value: u8) {
        match self.values.get_mut(usize::from(self.end)) {
            Some(place) => {
                *place = value;
                self.end += 1;
            }
            None => self.overfull = true,
        }
    }

    /// All but the first digits.
    #[inline]
    pub(crate) fn without_first(&self, count: usize) -> Digits {
        let count = count.min(self.len());
        let start = self.start + u8::try_from(count).unwrap_or_default();
        Digits { start, ..*self }
    }
}

impl std::ops::Deref for Digits {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.values[usize::from(self.start)..usize::from(self.end)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_beyond_the_capacity_is_noticed() {
        let mut digits = Digits::new();
        (0..Digits::CAPACITY).for_each(|_| digits.push(1));
        assert!(!digits.overfull);
        digits.push(1);
        assert!(digits.overfull);
        assert_eq!(digits.len(), Digits::CAPACITY);
        assert_eq!(digits.without_first(99).len(), 0);
    }
}
