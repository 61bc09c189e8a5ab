//! Customary spellings: names of other scripts as those who bear them write them in Latin letters,
//! from the lists in `data`. 김 is Kim, whatever the rules say; محمد is Mohamed, Muhammad and more.

use crate::analysis::east_asian;
use crate::analysis::fold::{joined, lower, plain};
use crate::analysis::near::Near;
use crate::analysis::script::Script;
use crate::ranking::rank::Score;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Spellings of one name, at most.
const SPELLINGS_MAX: usize = 8;
/// Spellings of a Korean given name, whose syllables have some each.
const COMBINED_MAX: usize = 6;
/// Spellings of a syllable of those, the most customary ones.
const SYLLABLE_SPELLINGS_MAX: usize = 3;

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    Lists::read(
        include_str!("../../data/spellings.tsv"),
        include_str!("../../data/korean_syllables.tsv"),
    )
});

struct Lists {
    /// By the plain name, without gaps.
    names: HashMap<String, Vec<&'static str>>,
    /// The plain names by their spellings, for [`others`].
    spelt: HashMap<&'static str, Vec<String>>,
    /// Of Korean given names.
    syllables: HashMap<char, Vec<&'static str>>,
}

impl Lists {
    fn read(names: &'static str, syllables: &'static str) -> Lists {
        let mut lists =
            Lists { names: HashMap::new(), spelt: HashMap::new(), syllables: HashMap::new() };
        for (name, spellings) in rows(names) {
            let name = plain(&lower(&joined(name)));
            if Script::of(&name) != Script::EastAsian {
                for spelling in spellings.split(' ') {
                    lists.spelt.entry(spelling).or_default().push(name.clone());
                }
            }
            let known = lists.names.entry(name).or_default();
            for spelling in spellings.split(' ').filter(|spelling| !spelling.is_empty()) {
                // The same name of another language may have the same spelling.
                if !known.contains(&spelling) {
                    known.push(spelling);
                }
            }
        }
        for (syllable, spellings) in rows(syllables) {
            if let Some(letter) = syllable.chars().next() {
                let spellings = spellings.split(' ').take(SYLLABLE_SPELLINGS_MAX);
                lists.syllables.entry(letter).or_default().extend(spellings);
            }
        }
        lists
    }
}

/// The names of a list and their spellings.
fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.nth(1)?, columns.nth(1)?))
    })
}

/// The customary spellings of a name without gaps, which is plain, the most customary ones first.
pub(crate) fn customary(plain: &str) -> Vec<String> {
    let lists = &*LISTS;
    if let Some(known) = lists.names.get(plain) {
        return known.iter().take(SPELLINGS_MAX).map(|spelling| (*spelling).to_owned()).collect();
    }
    if let Some(known) = plain.strip_prefix(ARTICLE).and_then(|rest| lists.names.get(rest)) {
        let with = |article: &'static str| known.iter().map(move |name| [article, name].concat());
        // The rest is what many leave the article out for.
        let all = ["al", "el", ""].into_iter().flat_map(with);
        return all.take(SPELLINGS_MAX).collect();
    }
    korean(plain, lists).unwrap_or_default()
}

/// Other spellings of the names that are spelt so in Latin letters, or nearly so, each once with its
/// errors: Mohamed is Muhammad, too. Not of names of East Asia, where one letter stands for names that
/// are never confused, as Lee and Yi.
pub(crate) fn others(latin: &str, near: Option<&Near>) -> Vec<(&'static str, Score)> {
    let lists = &*LISTS;
    let mut others = Vec::new();
    let mut add = |names: &[String], errors| {
        let spellings = names.iter().filter_map(|name| lists.names.get(name)).flatten();
        others.extend(spellings.map(|spelling| (*spelling, errors)));
    };
    match (lists.spelt.get(latin), near) {
        (Some(names), _) => add(names, 0),
        // The nearest only: further names are others.
        (None, Some(near)) => {
            for (spelling, names) in &lists.spelt {
                if may_be_near(spelling, latin) && near.errors(spelling.as_bytes()) == Some(1) {
                    add(names, 1);
                }
            }
        }
        (None, None) => {}
    }
    others.sort_unstable();
    others.dedup();
    others.retain(|(other, _)| *other != latin);
    others
}

/// Whether one error may turn a word of three letters or more into another: it is at one place, so the
/// lengths are nearly the same, and the first letter or the last one is. Spares most of the list the
/// automaton.
fn may_be_near(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len().abs_diff(other.len()) <= 1
        && (one.first() == other.first() || one.last() == other.last())
}

/// The article before Arabic names.
const ARTICLE: &str = "ال";

/// The spellings of a Korean name by its syllables; of three and more the first is a family's name,
/// as when somebody put the full name into one field.
fn korean(plain: &str, lists: &Lists) -> Option<Vec<String>> {
    let syllables: Vec<char> = plain.chars().collect();
    if syllables.len() < 2 {
        return None;
    }
    let mut all: Vec<Vec<String>> = Vec::new();
    for (at, syllable) in syllables.iter().enumerate() {
        let by_rule = east_asian::syllable(*syllable)?;
        let family = || lists.names.get(&*syllable.to_string());
        let given = lists.syllables.get(syllable);
        let known = match at == 0 && syllables.len() > 2 {
            true => family().or(given),
            false => given.or_else(family),
        };
        let mut spellings: Vec<String> =
            known.into_iter().flatten().map(|s| (*s).to_owned()).collect();
        spellings.truncate(SYLLABLE_SPELLINGS_MAX);
        if spellings.is_empty() {
            spellings.push(by_rule);
        }
        all.push(spellings);
    }
    let rows: Vec<&[String]> = all.iter().map(Vec::as_slice).collect();
    Some(combined(&rows, COMBINED_MAX))
}

/// One text of each row, joined in every way, those from the front of the rows first; each once.
pub(crate) fn combined(rows: &[&[String]], max: usize) -> Vec<String> {
    // Texts and how far behind in their rows the joined ones are.
    let mut joined = vec![(String::new(), 0)];
    for row in rows {
        joined = joined
            .iter()
            .flat_map(|(front, behind)| {
                row.iter()
                    .enumerate()
                    .map(move |(at, text)| (format!("{front}{text}"), behind + at))
            })
            .collect();
        // A stable sort: of equals the first combination stays first.
        joined.sort_by_key(|(_, behind)| *behind);
        joined.truncate(max);
    }
    let mut texts: Vec<String> = Vec::with_capacity(joined.len());
    for (text, _) in joined {
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        let spellings = customary(&plain(&lower(&joined(name))));
        for spelling in expected {
            assert!(
                spellings.iter().any(|s| s == spelling),
                "{name}: no {spelling} in {spellings:?}"
            );
        }
    }

    #[test]
    fn frequent_names_have_their_customary_spellings() {
        check("김", &["kim"]);
        check("이", &["lee", "yi"]);
        check("박", &["park"]);
        check("أحمد", &["ahmed", "ahmad"]);
        check("محمد", &["mohamed", "muhammad"]);
        check("علي", &["ali"]);
        check("כהן", &["cohen"]);
        check("שלום", &["shalom"]);
        check("สมชาย", &["somchai"]);
        check("山田", &["yamada"]);
        check("עבד", &[]);
        check("عبد الله", &["abdullah"]);
        check("الحداد", &["alhaddad"]);
        check("В'ячеслав", &["viacheslav"]);
    }

    #[test]
    fn a_name_has_other_spellings_outside_east_asia() {
        for (spelling, other) in
            [("mohamed", "muhammad"), ("yuri", "yuriy"), ("cohen", "kohen"), ("yousef", "yusuf")]
        {
            let others = others(spelling, None);
            assert!(others.contains(&(other, 0)), "{spelling}: {others:?}");
            assert!(others.iter().all(|(known, _)| *known != spelling), "{spelling}");
        }
        let near = Near::new("muhamad");
        assert!(others("muhamad", near.as_ref()).contains(&("mohammed", 1)));
        for none in ["lee", "smith", ""] {
            assert_eq!(others(none, None), [], "{none}");
        }
    }

    #[test]
    fn korean_given_names_are_spelt_by_syllables() {
        check("지훈", &["jihoon", "jihun"]);
        check("철수", &["cheolsu", "chulsoo"]);
        check("김철수", &["kimchulsoo", "kimcheolsu"]);
        check("남궁민수", &[]);
    }

    #[test]
    fn every_row_of_the_lists_is_whole() {
        let count = |list: &str| list.lines().filter(|line| !line.starts_with('#')).count();
        let names = include_str!("../../data/spellings.tsv");
        let syllables = include_str!("../../data/korean_syllables.tsv");
        for list in [names, syllables] {
            let mut rows = rows(list).collect::<Vec<_>>();
            assert_eq!(rows.len(), count(list));
            rows.retain(|(name, spellings)| {
                let latin = |spelling: &str| {
                    !spelling.is_empty() && spelling.bytes().all(|b| b.is_ascii_lowercase())
                };
                name.is_empty() || name.is_ascii() || !spellings.split(' ').all(latin)
            });
            assert_eq!(rows, [], "not a name of another script, or not spelt in a to z");
        }
        assert!(count(names) > 2_000 && count(syllables) > 150);
        assert!(LISTS.syllables.len() == count(syllables), "a syllable stands twice");
    }
}
