//! Searches as somebody types: the beginning of a first name growing letter by letter, then that
//! of the last name behind it. Or a name with one typing error.

use std::sync::Arc;

use carnet_client::{Access, CONTACTS_PATH, segment};
use carnet_sample::Random;

use crate::questions::{Expected, Question};

/// Hits of one answer.
pub(crate) const HITS: u32 = 20;

/// Letters with which a search begins, and up to which a word grows.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=8;

/// Letters of a name in which a typing error is made, at least: shorter ones are other names then.
const TYPO_LETTERS_MIN: usize = 5;

/// A page without hits.
const NOTHING: &[u8] = b"{\"entities\":[]";

/// The texts that somebody types until the contact is found, step by step.
fn steps(first: &str, last: &str) -> Vec<String> {
    let growing = |word: &str, from: usize| -> Vec<String> {
        let letters: Vec<char> = word.chars().take(*LETTERS.end()).collect();
        (from..=letters.len()).map(|end| letters.iter().take(end).collect()).collect()
    };
    let mut steps = growing(first, (*LETTERS.start()).min(first.chars().count()));
    steps.extend(growing(last, 1).iter().map(|last| format!("{first} {last}")));
    steps
}

/// A name with one letter wrong, doubled, left out, or two in the other order; never the
/// first one, which few get wrong. `None` when the name is too short or stays as it was.
fn typo(name: &str, random: &mut Random) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() < TYPO_LETTERS_MIN {
        return None;
    }
    let place = 1 + usize::try_from(random.below(u64::try_from(letters.len() - 2).ok()?)).ok()?;
    let mut wrong = letters.clone();
    match random.below(4) {
        0 => *wrong.get_mut(place)? = *random.pick(&letters)?,
        1 => wrong.insert(place, *letters.get(place)?),
        2 => drop(wrong.remove(place)),
        _ => wrong.swap(place, place + 1),
    }
    (wrong != letters).then(|| wrong.into_iter().collect())
}

/// The searches of one person.
pub(crate) struct Search {
    names: Arc<Vec<(String, String)>>,
    typos: bool,
    random: Random,
    /// The texts still to be typed, the last one first.
    steps: Vec<String>,
    head_end: Vec<u8>,
}

impl Search {
    pub(crate) fn new(
        access: &Access,
        names: &Arc<Vec<(String, String)>>,
        typos: bool,
        random: Random,
    ) -> Search {
        let names = Arc::clone(names);
        Search { names, typos, random, steps: Vec::new(), head_end: access.head_end() }
    }

    fn next_text(&mut self) -> String {
        loop {
            if let Some(step) = self.steps.pop() {
                return step;
            }
            let Some((first, last)) = self.random.pick(&self.names) else { return String::new() };
            if self.typos {
                self.steps.extend(typo(last, &mut self.random));
                // Never without an end, also where all names are short.
                if self.steps.is_empty() {
                    self.steps.push(last.clone());
                }
            } else {
                self.steps = steps(first, last);
                self.steps.reverse();
            }
        }
    }
}

impl Question for Search {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        let text = segment(&self.next_text());
        let path = format!("GET {CONTACTS_PATH}/contacts?pageSize={HITS}&q={text}");
        out.extend_from_slice(path.as_bytes());
        out.extend_from_slice(&self.head_end);
        Expected::Any
    }

    fn judge(&mut self, _: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        if status != 200 {
            return Err(format!("status {status}"));
        }
        if !body.starts_with(b"{\"entities\":[") {
            return Err("the answer is no page of contacts".to_owned());
        }
        match body.starts_with(NOTHING) {
            false => Ok(1),
            // With an error in it, a name may be beyond forgiving: no hit, and not counted as one.
            true if self.typos => Ok(0),
            true => Err("nothing was found for the beginning of a name that is there".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_grows_letter_by_letter() {
        let expected =
            ["Ad", "Ada", "Adal", "Adal B", "Adal By", "Adal Byr", "Adal Byro", "Adal Byron"];
        assert_eq!(steps("Adal", "Byron"), expected);
        assert_eq!(steps("愛", "王"), ["愛", "愛 王"]);
        assert_eq!(steps("Maximiliane", "Ng").last().unwrap(), "Maximiliane Ng");
        assert_eq!(steps("Maximiliane", "Ng")[6], "Maximili");
    }

    #[test]
    fn a_typing_error_changes_one_thing_and_not_the_beginning() {
        let mut random = Random::at(5, 5);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..500 {
            let Some(wrong) = typo("Müller", &mut random) else { continue };
            assert_ne!(wrong, "Müller");
            assert!(wrong.starts_with('M'), "{wrong}");
            let letters = wrong.chars().count();
            assert!((5..=7).contains(&letters), "{wrong}");
            seen.insert(wrong);
        }
        assert!(seen.len() > 10, "{seen:?}");
        assert_eq!(typo("Ng", &mut random), None);
    }

    #[test]
    fn what_is_there_must_be_found() {
        let access = Access { host: "h".to_owned(), token: "T".to_owned() };
        let names = Arc::new(vec![("Zoë".to_owned(), "Çelik".to_owned())]);
        let typing = |typos| Search::new(&access, &names, typos, Random::at(1, 1));
        let mut exact = typing(false);
        let mut out = Vec::new();
        let expected = exact.ask(&mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("/contacts?pageSize=20&q=Zo HTTP/1.1\r\n"), "{text}");
        let (hit, none) = (br#"{"entities":[{"id":"1"}]}"#, br#"{"entities":[],"total":0}"#);
        assert_eq!(exact.judge(expected, 200, hit), Ok(1));
        assert!(exact.judge(expected, 200, none).is_err());
        assert!(exact.judge(expected, 400, hit).is_err());
        assert_eq!(typing(true).judge(expected, 200, none), Ok(0));
    }
}
