//! Ranks as callers come: the first one often, the last one hardly ever (Zipf's law). The law is
//! that of rand_distr; the random numbers are carnet-sample's, so that a seed asks the same in
//! every run.

use std::convert::Infallible;

use carnet_sample::Random;
use rand_core::{TryRng, utils};
use rand_distr::Distribution;

/// Draws ranks from 0, each as likely as `1 / (rank + 1)^exponent`.
#[derive(Clone, Debug)]
pub(crate) struct Zipf {
    /// From 1, as a figure without a fraction.
    law: rand_distr::Zipf<f64>,
    ranks: u64,
}

impl Zipf {
    /// Over `ranks` ranks; at least one is taken. `None` for a negative exponent.
    pub(crate) fn new(ranks: u64, exponent: f64) -> Option<Zipf> {
        let ranks = ranks.max(1);
        let law = rand_distr::Zipf::new(ranks as f64, exponent).ok()?;
        Some(Zipf { law, ranks })
    }

    /// The next rank.
    pub(crate) fn next(&self, random: &mut Random) -> u64 {
        let rank = whole(self.law.sample(&mut Stream(random)));
        // Beyond 53 bits the number of ranks itself is rounded.
        rank.clamp(1, self.ranks) - 1
    }
}

/// A stream of random numbers as rand_distr takes it.
struct Stream<'a>(&'a mut Random);

impl TryRng for Stream<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The upper half of 64 bits is 32 bits.
        Ok(u32::try_from(self.0.next_u64() >> 32).unwrap_or_default())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

/// A figure without its fraction; nothing below 0.
fn whole(figure: f64) -> u64 {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and that is wanted"
    )]
    let whole = figure as u64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_come_as_often_as_the_law_says() {
        const DRAWS: u64 = 400_000;
        for exponent in [0.0, 0.5, 1.0, 1.3, 2.0] {
            let ranks = 50_u32;
            let zipf = Zipf::new(u64::from(ranks), exponent).unwrap();
            let mut random = Random::at(7, 7);
            let mut seen = vec![0_u64; usize::try_from(ranks).unwrap()];
            for _ in 0..DRAWS {
                seen[usize::try_from(zipf.next(&mut random)).unwrap()] += 1;
            }
            let weight = |rank: u32| f64::from(rank + 1).powf(-exponent);
            let all: f64 = (0..ranks).map(weight).sum();
            for rank in 0..ranks {
                let expected = DRAWS as f64 * weight(rank) / all;
                let found = seen[usize::try_from(rank).unwrap()] as f64;
                // Five standard deviations.
                let slack = 5.0 * expected.sqrt() + 1.0;
                assert!((found - expected).abs() < slack, "{exponent} {rank}: {found}, {expected}");
            }
        }
    }

    #[test]
    fn millions_of_ranks_keep_their_bounds() {
        for (ranks, exponent) in [(1, 1.0), (2, 1.0), (17_500_000, 1.0), (17_500_000, 0.8)] {
            let zipf = Zipf::new(ranks, exponent).unwrap();
            let mut random = Random::at(1, 2);
            let mut first = 0_u32;
            for _ in 0..20_000 {
                let rank = zipf.next(&mut random);
                assert!(rank < ranks);
                first += u32::from(rank == 0);
            }
            // The harmonic number of 17.5 million is 17.25: the first rank gets 5.8 %.
            if ranks > 2 && exponent > 0.9 {
                assert!((1_000..1_350).contains(&first), "{first}");
            }
        }
    }

    #[test]
    fn a_seed_asks_the_same_in_every_run() {
        // Written down once; other ranks here mean other questions for every seed.
        let zipf = Zipf::new(1_000, 1.0).unwrap();
        let mut random = Random::at(1, 1);
        let ranks: Vec<u64> = (0..8).map(|_| zipf.next(&mut random)).collect();
        assert_eq!(ranks, [53, 510, 946, 0, 33, 989, 118, 2]);
        assert!(Zipf::new(5, -1.0).is_none());
    }
}
