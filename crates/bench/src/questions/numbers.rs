//! The numbers that are asked: those of contacts, uniformly or as callers come, some of no
//! contact, or a recorded list in its order. It does not know how they are asked.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use carnet_phone::{E164, describe};

use crate::error::BenchError;
use crate::questions::Expected;
use crate::questions::zipf::Zipf;
use carnet_client::segment;
use carnet_sample::Random;

/// Numbers of no contact, at most; fewer where there are fewer contacts. They are asked at random.
const ABSENT_MAX: usize = 200_000;

/// How often another number is tried until one has no contact.
const TRIES_MAX: usize = 100;

/// A recorded number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// As it was recorded.
    pub(crate) text: String,
    /// Escaped for a query string.
    pub(crate) escaped: String,
}

/// A number to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DrawnNumber {
    /// A contact has it.
    Present(u64),
    /// It is valid, and no contact has it.
    Absent(u64),
    /// A contact may have it.
    Recorded(Recorded),
}

/// How the numbers of contacts are chosen.
#[derive(Clone, Debug)]
enum Choice {
    Uniform,
    Zipf(Zipf),
    Recorded(Vec<Recorded>),
    InOrder,
}

/// All numbers that may be asked, for all connections together.
#[derive(Debug)]
pub(crate) struct NumberSource {
    present: Vec<u64>,
    absent: Vec<u64>,
    misses: f64,
    choice: Choice,
    seed: u64,
    /// The next recorded number, or the next one in order.
    next: AtomicUsize,
    /// How many draws were given out.
    draws: AtomicU64,
}

impl NumberSource {
    /// Every number that is there as likely as the others; of all questions the part `misses` is
    /// for one of `absent`.
    pub(crate) fn uniform(
        present: Vec<u64>,
        absent: Vec<u64>,
        misses: f64,
        seed: u64,
    ) -> NumberSource {
        let (next, draws) = (AtomicUsize::new(0), AtomicU64::new(0));
        NumberSource { present, absent, misses, choice: Choice::Uniform, seed, next, draws }
    }

    /// A few numbers often, and most of them hardly ever: ranks by Zipf's law, given to the
    /// numbers at random.
    pub(crate) fn zipf(self, exponent: f64) -> Result<NumberSource, BenchError> {
        let mut random = Random::at(self.seed, u64::MAX);
        let mut present = self.present;
        for place in (1..present.len()).rev() {
            let other = random.below(u64::try_from(place + 1).unwrap_or(u64::MAX));
            present.swap(place, usize::try_from(other).unwrap_or(place));
        }
        let ranks = u64::try_from(present.len()).unwrap_or(u64::MAX);
        let zipf = Zipf::new(ranks, exponent)
            .ok_or_else(|| BenchError::usage("the exponent of Zipf's law is negative"))?;
        Ok(NumberSource { present, choice: Choice::Zipf(zipf), ..self })
    }

    /// Recorded numbers, one a line, in their order and from the beginning again.
    pub(crate) fn recorded(self, path: &Path) -> Result<NumberSource, BenchError> {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| BenchError::file(path.display(), &error))?;
        let numbers: Vec<Recorded> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| Recorded { text: line.to_owned(), escaped: segment(line) })
            .collect();
        if numbers.is_empty() {
            return Err(BenchError::failed(format!(
                "{}: there is no number in it",
                path.display()
            )));
        }
        Ok(NumberSource { choice: Choice::Recorded(numbers), ..self })
    }

    /// Every number in turn.
    pub(crate) fn in_order(self) -> NumberSource {
        NumberSource { choice: Choice::InOrder, ..self }
    }

    /// The numbers of one connection. No two connections ask the same sequence, not those of
    /// different rounds either: repeated questions would flatter a cache.
    pub(crate) fn draw(source: &Arc<NumberSource>) -> Draw {
        let place = source.draws.fetch_add(1, Ordering::Relaxed);
        Draw { source: Arc::clone(source), random: Random::at(source.seed, place) }
    }
}

/// The numbers that one connection asks.
#[derive(Debug)]
pub(crate) struct Draw {
    source: Arc<NumberSource>,
    random: Random,
}

impl Draw {
    /// The next number to ask.
    pub(crate) fn next(&mut self) -> DrawnNumber {
        let Draw { source, random } = self;
        if source.misses > 0.0
            && random.unit() < source.misses
            && let Some(number) = random.pick(&source.absent)
        {
            return DrawnNumber::Absent(*number);
        }
        let number = match &source.choice {
            Choice::Uniform => random.pick(&source.present),
            Choice::Zipf(zipf) => {
                usize::try_from(zipf.next(random)).ok().and_then(|rank| source.present.get(rank))
            }
            Choice::InOrder => {
                let place = source.next.fetch_add(1, Ordering::Relaxed);
                source.present.get(place % source.present.len().max(1))
            }
            Choice::Recorded(numbers) => {
                let place = source.next.fetch_add(1, Ordering::Relaxed) % numbers.len();
                return DrawnNumber::Recorded(numbers[place].clone());
            }
        };
        // In an empty directory every question is a miss.
        number.map_or(DrawnNumber::Absent(UNUSED_NUMBER), |number| DrawnNumber::Present(*number))
    }
}

/// A number of a range that is kept free for films: no subscriber has it.
const UNUSED_NUMBER: u64 = 12_025_550_199;

/// Valid numbers that are not among these: made out of them by other last digits, so that they
/// belong to the same countries and kinds.
pub(crate) fn absent(present: &[u64], seed: u64) -> Vec<u64> {
    let taken: HashSet<u64> = present.iter().copied().collect();
    let mut random = Random::at(seed, u64::MAX - 1);
    let wanted = present.len().min(ABSENT_MAX);
    let mut found = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        for _ in 0..TRIES_MAX {
            let Some(model) = random.pick(present) else { break };
            let number = model / 100_000 * 100_000 + random.below(100_000);
            let valid = E164::from_digits(number).is_some_and(|number| describe(number).valid);
            if valid && !taken.contains(&number) {
                found.push(number);
                break;
            }
        }
    }
    found
}

/// The numbers in a line of JSON: the normalised ones of an export, or the typed ones of a made-up
/// contact, which has no others.
pub(crate) fn numbers_in(line: &str, found: &mut Vec<u64>) {
    let key = if line.contains("\"e164\":\"+") { "\"e164\":\"+" } else { "\"display\":\"+" };
    for (place, _) in line.match_indices(key) {
        let digits = line.get(place + key.len()..).unwrap_or_default();
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        found.extend(digits.get(..end).and_then(|digits| digits.parse::<u64>().ok()));
    }
}

pub(crate) fn write_number(asked: &DrawnNumber, out: &mut Vec<u8>) -> Expected {
    match asked {
        DrawnNumber::Present(number) | DrawnNumber::Absent(number) => {
            out.extend_from_slice(b"%2B");
            write_digits(*number, out);
        }
        DrawnNumber::Recorded(number) => out.extend_from_slice(number.escaped.as_bytes()),
    }
    asked.expected()
}

impl DrawnNumber {
    pub(crate) fn expected(&self) -> Expected {
        match self {
            DrawnNumber::Present(number) => Expected::Present(*number),
            DrawnNumber::Absent(_) => Expected::Absent,
            DrawnNumber::Recorded(_) => Expected::Any,
        }
    }
}

pub(crate) fn digits(number: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(20);
    write_digits(number, &mut out);
    out
}

pub(crate) fn write_digits(number: u64, out: &mut Vec<u8>) {
    let begin = out.len();
    let mut rest = number;
    loop {
        // A remainder by ten is a digit.
        out.push(b'0' + u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(written) = out.get_mut(begin..) {
        written.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn draws(source: NumberSource, count: usize) -> Vec<DrawnNumber> {
        let mut draw = NumberSource::draw(&Arc::new(source));
        (0..count).map(|_| draw.next()).collect()
    }

    #[test]
    fn no_two_connections_ask_the_same() {
        let source = NumberSource::uniform((0..1_000_000).collect(), Vec::new(), 0.0, 1);
        let source = Arc::new(source);
        let asked = || {
            let mut draw = NumberSource::draw(&source);
            (0..10).map(|_| draw.next()).collect::<Vec<DrawnNumber>>()
        };
        assert_ne!(asked(), asked());
    }

    #[test]
    fn misses_come_as_often_as_asked() {
        let asked = draws(NumberSource::uniform((0..100).collect(), vec![500], 0.25, 1), 10_000);
        let misses = asked.iter().filter(|asked| **asked == DrawnNumber::Absent(500)).count();
        assert!((2_300..2_700).contains(&misses), "{misses}");
        let all = draws(NumberSource::uniform(vec![1], vec![2], 1.0, 1), 100);
        assert!(all.iter().all(|asked| *asked == DrawnNumber::Absent(2)));
    }

    #[test]
    fn few_callers_call_often_and_they_are_not_the_first_ones() {
        let source =
            NumberSource::uniform((0..1_000).collect(), Vec::new(), 0.0, 1).zipf(1.0).unwrap();
        assert_ne!(source.present, (0..1_000).collect::<Vec<u64>>());
        let mut seen: HashMap<u64, u32> = HashMap::new();
        for asked in draws(source, 20_000) {
            let DrawnNumber::Present(number) = asked else { panic!("{asked:?}") };
            *seen.entry(number).or_default() += 1;
        }
        let most = seen.values().max().unwrap();
        // One in 7.49, the harmonic number of a thousand.
        assert!((2_400..2_950).contains(most), "{most}");
    }

    #[test]
    fn recorded_numbers_come_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls");
        std::fs::write(&path, "+33 6 12\n\n0049/1\n").unwrap();
        let source = || NumberSource::uniform(vec![1], Vec::new(), 0.0, 1);
        let asked = draws(source().recorded(&path).unwrap(), 3);
        let texts: Vec<&str> = asked
            .iter()
            .map(|asked| match asked {
                DrawnNumber::Recorded(number) => number.escaped.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(texts, ["%2B33%206%2012", "0049%2F1", "%2B33%206%2012"]);
        std::fs::write(&path, "\n").unwrap();
        assert!(source().recorded(&path).is_err());
    }

    #[test]
    fn nobody_has_the_numbers_for_misses_and_all_are_valid() {
        let present: Vec<u64> = (0..500).map(|place| 33_612_345_000 + place).collect();
        let absent = absent(&present, 1);
        assert_eq!(absent.len(), present.len());
        for number in absent {
            assert!(!present.contains(&number));
            assert!(describe(E164::from_digits(number).unwrap()).valid, "{number}");
        }
    }

    #[test]
    fn numbers_are_found_in_samples_and_exports() {
        for (line, expected) in [
            (r#"{"cellPhone":{"display":"+331"},"workPhone":{"display":"+442"}}"#, &[331, 442][..]),
            (r#"{"cellPhone":{"display":"+33 1","userInput":"01","e164":"+331"}}"#, &[331]),
            (r#"{"carnet":"organization","name":"+33"}"#, &[]),
        ] {
            let mut found = Vec::new();
            numbers_in(line, &mut found);
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn numbers_are_written_as_digits() {
        for number in [0, 7, 10, 33_612_345_678, u64::MAX] {
            assert_eq!(digits(number), number.to_string().into_bytes());
        }
    }
}
