//! Numbers that look random and are the same for the same seed, on every machine and in every
//! version: made-up contacts must be reproducible, so no generator of a library is used.

/// A stream of pseudo-random numbers (SplitMix64, by Steele, Lea and Flood).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed and a place. Streams of neighbouring places have nothing in common,
    /// so the thousandth contact can be made without the 999 before it.
    pub fn at(seed: u64, place: u64) -> Random {
        let mut mixed = Random(seed);
        let start = mixed.next_u64();
        Random(start ^ Random(place.wrapping_mul(0xd1b5_4a32_d192_ed03)).next_u64())
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(end);
        // The product of two 64-bit numbers, shifted by 64, has 64 bits.
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number from 0 up to but not 1.
    pub fn unit(&mut self) -> f64 {
        // The 53 bits that a float keeps.
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, each as likely; `None` of an empty list.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.place(items.len()))
    }

    /// One of `items`, the first ones more often, as with names in any country.
    pub fn pick_common<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let (one, other) = (self.place(items.len()), self.place(items.len()));
        items.get(one.min(other))
    }

    /// A place in a list of `len` items; 0 when it is empty.
    pub fn place(&mut self, len: usize) -> usize {
        let place = self.below(u64::try_from(len).unwrap_or_default());
        // Below `len`, which is a `usize`.
        usize::try_from(place).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        // Written down once; another figure here means other contacts for every seed.
        let mut random = Random(0);
        assert_eq!(random.next_u64(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random.next_u64(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn every_number_below_the_end_comes_up() {
        let mut random = Random::at(1, 1);
        let mut seen = [false; 7];
        for _ in 0..1_000 {
            seen[usize::try_from(random.below(7)).unwrap()] = true;
        }
        assert!(seen.iter().all(|seen| *seen));
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn neighbouring_places_differ() {
        assert_ne!(Random::at(1, 0).next_u64(), Random::at(1, 1).next_u64());
        assert_ne!(Random::at(1, 0).next_u64(), Random::at(2, 0).next_u64());
    }

    #[test]
    fn units_stay_below_one() {
        let mut random = Random::at(3, 3);
        let units: Vec<f64> = (0..10_000).map(|_| random.unit()).collect();
        assert!(units.iter().all(|unit| (0.0..1.0).contains(unit)));
        let mean = units.iter().sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
    }
}
