//! The forms of a word: the terms by which it is found. Names and what people type for them go
//! through the same door, so both sides agree. It knows nothing of fields or ranks.
//!
//! A word (a run of letters and digits) has forms of its own script: without accents (`muller`), and
//! in Latin letters also with the German and Nordic ones spelt out (`mueller`). One of another script
//! has Latin forms beside these: letter by letter, as people write it by rule, and, if it is a
//! frequent name, in its customary spellings. Two words meet when they share a form.

use crate::analysis::fold::{lower, plain, spelt};
use crate::analysis::script::Script;
use crate::analysis::{east_asian, spellings, translit};
use deunicode::deunicode;

/// Characters of a form; the rest is cut off, on both sides alike.
pub(crate) const FORM_CHARS_MAX: usize = 128;

/// The forms of a word, each once.
#[derive(Clone, Debug)]
pub(crate) struct Forms {
    /// The word's script.
    pub(crate) script: Script,
    /// In the word's own script, the one without accents first. Never empty, never blank.
    pub(crate) own: Vec<String>,
    /// In Latin letters by rule, where the script is another.
    pub(crate) by_rule: Vec<String>,
    /// In Latin letters as customary, the most customary first.
    pub(crate) customary: Vec<String>,
}

impl Forms {
    /// Forms of a word that is no name.
    pub(crate) fn of_word(word: &str) -> Forms {
        // Most words are ASCII, and their one form needs no table.
        if word.is_ascii() {
            let own = vec![cut(word.to_ascii_lowercase())];
            return Forms {
                script: Script::Latin,
                own,
                by_rule: Vec::new(),
                customary: Vec::new(),
            };
        }
        let lower = lower(word);
        let plain = plain(&lower);
        let script = Script::of(&plain);
        let mut forms = Forms {
            script,
            own: Vec::with_capacity(2),
            by_rule: Vec::new(),
            customary: Vec::new(),
        };
        if plain.is_ascii() {
            add(plain, &mut forms.own);
            add(spelt(&lower), &mut forms.own);
        } else {
            let by_letter = latin(&lower);
            let by_sound: Vec<String> = match script {
                Script::EastAsian => {
                    let korean = east_asian::korean(&plain).into_iter();
                    let chinese = east_asian::chinese(&plain).map(|text| latin(&text));
                    korean.chain(east_asian::japanese(&plain)).chain(chinese).collect()
                }
                _ => {
                    translit::common(&lower, &plain).map(|text| latin(&text)).into_iter().collect()
                }
            };
            add(plain, &mut forms.own);
            // Letters that Latin has and ASCII has not are the word's own.
            let latin = if script == Script::Latin { &mut forms.own } else { &mut forms.by_rule };
            add(by_letter, latin);
            by_sound.into_iter().for_each(|form| add(form, latin));
        }
        if forms.own.is_empty() {
            // All of it would be folded away: the letters themselves are better than nothing.
            forms.own.push(cut(lower));
        }
        forms
    }

    /// Forms of a word of a person's name.
    pub(crate) fn of_name(word: &str) -> Forms {
        let mut forms = Forms::of_word(word);
        if forms.script != Script::Latin {
            let known = forms.own.first().map(|own| spellings::customary(own));
            known.into_iter().flatten().for_each(|form| add(form, &mut forms.customary));
        }
        forms
    }

    /// All forms.
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        self.own.iter().chain(self.latin())
    }

    /// Latin forms of a word in another script, the customary ones first.
    pub(crate) fn latin(&self) -> impl Iterator<Item = &String> {
        // By rule the letters come first, and then what people write.
        let by_rule = self.by_rule.iter().rev().filter(|form| !self.customary.contains(form));
        self.customary.iter().chain(by_rule)
    }
}

/// Adds a form, unless there is nothing in it or it is there.
fn add(form: String, forms: &mut Vec<String>) {
    let form = cut(form);
    if !form.is_empty() && !forms.contains(&form) {
        forms.push(form);
    }
}

/// A text letter by letter in ASCII, without what is no letter or digit there.
fn latin(text: &str) -> String {
    let text = deunicode(text);
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn cut(mut form: String) -> String {
    if form.len() > FORM_CHARS_MAX
        && let Some((end, _)) = form.char_indices().nth(FORM_CHARS_MAX)
    {
        form.truncate(end);
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: &[&str]) {
        let forms = Forms::of_word(word);
        let forms: Vec<&String> = forms.all().collect();
        for form in expected {
            assert!(forms.iter().any(|f| f == form), "{word}: {form} not in {forms:?}");
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
        // As people are called, and not by the first reading of a dictionary.
        check("丽娜", &["lina"]);
        check("寧寧", &["ningning"]);
        check("やまだ", &["yamada"]);
        check("が", &["が"]);
        check("김철수", &["김철수", "gimceolsu", "gimcheolsu"]);
        check("りょう", &["riyou", "ryou", "ryo"]);
        check("محمد", &["mhmd"]);
    }

    #[test]
    fn latin_forms_of_another_script_stand_apart() {
        let forms = Forms::of_name("김");
        assert_eq!(forms.own, ["김"]);
        assert_eq!(forms.latin().collect::<Vec<_>>(), ["kim", "gim", "ghim"]);
        let forms = Forms::of_name("Müller");
        assert_eq!((forms.own.len(), forms.latin().count()), (2, 0));
        // A letter of Hausa, which ASCII has not.
        let forms = Forms::of_name("ƙasa");
        assert_eq!((&*forms.own[1], forms.latin().count()), ("kasa", 0));
    }

    #[test]
    fn an_endless_part_is_cut() {
        assert_eq!(Forms::of_word(&"é".repeat(1_000)).own, ["e".repeat(FORM_CHARS_MAX)]);
    }
}
