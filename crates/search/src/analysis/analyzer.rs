//! Folding: how a text becomes the terms by which it is found. Names and what people type for
//! them go through the same door, so both sides agree. It knows nothing of fields or ranks.
//!
//! A part (a run of letters and digits) has up to four forms, each of which is indexed and
//! asked for: without accents (`muller`), with German and Nordic letters spelt out (`mueller`),
//! and, for other scripts, two ways in Latin letters. Two texts meet when they share a form.

use crate::analysis::translit;
use deunicode::deunicode;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a form; the rest is cut off, on both sides alike.
pub(crate) const FORM_CHARS_MAX: usize = 128;

/// The forms of a part, each once, the one without accents first. Never empty, never blank.
pub(crate) fn forms(part: &str) -> Vec<String> {
    // Most parts are ASCII, and their one form needs no table.
    if part.is_ascii() {
        return vec![cut(part.to_ascii_lowercase())];
    }
    let lower: String = part.chars().flat_map(char::to_lowercase).nfc().collect();
    let mut forms = Vec::with_capacity(4);
    let mut add = |form: String| {
        let form = cut(form);
        if !form.is_empty() && !forms.contains(&form) {
            forms.push(form);
        }
    };
    let plain = fold(&lower, plain_letter);
    if plain.is_ascii() {
        add(plain);
        add(fold(&lower, |letter| spelt_letter(letter).or_else(|| plain_letter(letter))));
    } else {
        let latin = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_lowercase())
                .collect()
        };
        let common = translit::common(&lower, &plain);
        let by_letter = latin(&deunicode(&lower));
        add(plain);
        add(by_letter);
        if let Some(common) = common {
            add(latin(&deunicode(&common)));
        }
    }
    if forms.is_empty() {
        // All of it would be folded away: the letters themselves are better than nothing.
        forms.push(cut(lower));
    }
    forms
}

/// The runs of letters, digits and the marks that belong to them.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_part(c)).filter(|part| part.chars().any(char::is_alphanumeric))
}

/// A text as it is compared for the order of listings: every script by itself, accents and case
/// set aside. `None` when it is blank.
pub(crate) fn sort_key(text: &str) -> Option<Box<str>> {
    let text = text.trim();
    if text.is_ascii() {
        return (!text.is_empty()).then(|| text.to_ascii_lowercase().into());
    }
    let lower: String = text.chars().flat_map(char::to_lowercase).nfc().collect();
    let key = fold_any(&lower, plain_letter, |_| true);
    (!key.is_empty()).then(|| key.into())
}

/// A value that is compared whole: case and surrounding white space set aside.
pub(crate) fn exact(value: &str) -> String {
    value.trim().to_lowercase()
}

fn is_part(c: char) -> bool {
    // Signs such as the Devanagari virama occur inside words and are no letters.
    c.is_alphanumeric() || is_combining_mark(c)
}

fn cut(mut form: String) -> String {
    if form.len() > FORM_CHARS_MAX
        && let Some((end, _)) = form.char_indices().nth(FORM_CHARS_MAX)
    {
        form.truncate(end);
    }
    form
}

fn fold(lower: &str, special: impl Fn(char) -> Option<&'static str>) -> String {
    fold_any(lower, special, is_part)
}

/// Replaces the letters that `special` knows, and strips the accents of all others.
fn fold_any(
    lower: &str,
    special: impl Fn(char) -> Option<&'static str>,
    keep: impl Fn(char) -> bool,
) -> String {
    let mut folded = String::with_capacity(lower.len());
    for letter in lower.chars() {
        match special(letter) {
            Some(letters) => folded.push_str(letters),
            None => {
                let bare = std::iter::once(letter).nfkd().filter(|c| !is_accent(*c));
                // A compatibility form may bring capitals or signs with it.
                folded.extend(bare.flat_map(char::to_lowercase).filter(|c| keep(*c)));
            }
        }
    }
    // Korean syllables and kana with voicing marks come back together.
    if folded.is_ascii() { folded } else { folded.nfc().collect() }
}

/// Marks whose absence is a spelling and not another word.
fn is_accent(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F
        // Points of Hebrew and Arabic, which everyday writing leaves out, and the long stroke.
        | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x0640 | 0x064B..=0x065F | 0x0670)
}

/// Letters that no decomposition takes apart.
fn plain_letter(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' | 'ǽ' => "ae",
        'œ' => "oe",
        'ø' | 'ǿ' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        'ĸ' => "k",
        'ə' => "e",
        // The sigma at the end of a word is the sigma.
        'ς' => "σ",
        _ => return None,
    })
}

/// Letters that German and the Nordic languages spell out where the keyboard lacks them.
fn spelt_letter(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' => "ae",
        'ö' | 'ø' => "oe",
        'ü' => "ue",
        'å' => "aa",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(part: &str, expected: &[&str]) {
        let forms = forms(part);
        for form in expected {
            assert!(forms.iter().any(|f| f == form), "{part}: {form} not in {forms:?}");
        }
    }

    #[test]
    fn latin_letters_fold_both_ways() {
        check("Müller", &["muller", "mueller"]);
        check("Żaneta", &["zaneta"]);
        check("Œuvrard", &["oeuvrard"]);
        check("Strauß", &["strauss"]);
        check("STRAUẞ", &["strauss"]);
        check("Sørensen", &["sorensen", "soerensen"]);
        check("Ångström", &["angstrom", "aangstroem"]);
        check("Łukasz", &["lukasz"]);
        check("İbrahim", &["ibrahim"]);
        check("Işık", &["isik"]);
        check("Ægir", &["aegir"]);
        check("Nguyễn", &["nguyen"]);
        check("Mu\u{308}ller", &["muller", "mueller"]);
    }

    #[test]
    fn other_scripts_are_found_by_themselves_and_in_latin() {
        check("Γιώργος", &["γιωργοσ", "giorgos"]);
        check("Χρήστος", &["χρηστοσ", "christos"]);
        check("Μπάμπης", &["bampis"]);
        check("Ευάγγελος", &["evangelos"]);
        check("Υπατία", &["ypatia"]);
        check("Παπαδόπουλος", &["papadopoulos"]);
        check("Юрий", &["юрии", "iurii", "yury"]);
        check("Достоевский", &["dostoevsky"]);
        check("Хрущёв", &["хрущев", "khrushchev"]);
        check("山田", &["山田", "shantian"]);
        check("やまだ", &["yamada"]);
        check("が", &["が"]);
        check("김철수", &["김철수", "gimceolsu"]);
        check("محمد", &["mhmd"]);
    }

    #[test]
    fn a_text_splits_at_what_is_neither_letter_nor_digit() {
        let split = |text| parts(text).collect::<Vec<_>>().join("|");
        assert_eq!(split("O'Brien-van  den.Berg_2"), "O|Brien|van|den|Berg|2");
        assert_eq!(split(" -- "), "");
        // The virama is no letter, and yet the word is one.
        assert_eq!(split("संस्कृत"), "संस्कृत");
    }

    #[test]
    fn sorting_sets_case_and_accents_aside() {
        assert_eq!(sort_key(" Émile Zola ").as_deref(), Some("emile zola"));
        assert_eq!(sort_key("  "), None);
    }

    #[test]
    fn an_endless_part_is_cut() {
        assert_eq!(forms(&"é".repeat(1_000)), ["e".repeat(FORM_CHARS_MAX)]);
    }
}
