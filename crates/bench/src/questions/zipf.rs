//! Ranks as callers come: the first one often, the last one hardly ever (Zipf's law). Exact for
//! any number of ranks without a table, by rejection-inversion (W. Hörmann, G. Derflinger,
//! "Rejection-inversion to generate variates from monotone discrete distributions", 1996).

use carnet_sample::Random;

/// Draws ranks from 0, each as likely as `1 / (rank + 1)^exponent`.
#[derive(Clone, Debug)]
pub(crate) struct Zipf {
    exponent: f64,
    ranks: f64,
    /// The area from which is drawn reaches from here …
    from: f64,
    /// … to here.
    to: f64,
    /// How far above its rank a point may lie so that it is taken without another look.
    squeeze: f64,
}

impl Zipf {
    /// Over so many ranks, at least one. The exponent is not negative.
    pub(crate) fn new(ranks: u64, exponent: f64) -> Zipf {
        let ranks = ranks.max(1) as f64;
        let mut zipf = Zipf { exponent, ranks, from: 0.0, to: 0.0, squeeze: 0.0 };
        // The first rank has a bar of its own weight, 1, left of the area under the curve.
        zipf.from = zipf.area(1.5) - 1.0;
        zipf.to = zipf.area(ranks + 0.5);
        zipf.squeeze = 2.0 - zipf.point(zipf.area(2.5) - zipf.weight(2.0));
        zipf
    }

    /// The next rank.
    pub(crate) fn next(&self, random: &mut Random) -> u64 {
        loop {
            let at = self.from + unit(random) * (self.to - self.from);
            let point = self.point(at);
            let rank = point.round().clamp(1.0, self.ranks);
            if rank - point <= self.squeeze || at >= self.area(rank + 0.5) - self.weight(rank) {
                return whole(rank) - 1;
            }
        }
    }

    fn weight(&self, x: f64) -> f64 {
        (-self.exponent * x.ln()).exp()
    }

    /// The area under the weights up to `x`, but for a constant.
    fn area(&self, x: f64) -> f64 {
        let log = x.ln();
        let grown = (1.0 - self.exponent) * log;
        // Near an exponent of 1 the quotient loses its digits; its limit there is the logarithm.
        if grown.abs() < 1e-8 { log } else { log * grown.exp_m1() / grown }
    }

    /// The other way round: where that area is reached.
    fn point(&self, area: f64) -> f64 {
        let shrunk = (area * (1.0 - self.exponent)).max(-1.0);
        if shrunk.abs() < 1e-8 { area.exp() } else { (area * shrunk.ln_1p() / shrunk).exp() }
    }
}

/// A number from 0 up to but not 1.
pub(crate) fn unit(random: &mut Random) -> f64 {
    // The 53 bits that a float keeps.
    (random.next() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A figure without what is behind its point; nothing below 0.
pub(crate) fn whole(figure: f64) -> u64 {
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
            let zipf = Zipf::new(u64::from(ranks), exponent);
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
            let zipf = Zipf::new(ranks, exponent);
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
    fn units_stay_below_one() {
        let mut random = Random::at(3, 3);
        let units: Vec<f64> = (0..10_000).map(|_| unit(&mut random)).collect();
        assert!(units.iter().all(|unit| (0.0..1.0).contains(unit)));
        let mean = units.iter().sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
    }
}
