//! Folding: how a text becomes parts, and how the letters of a part are made plain, each script for
//! itself. Names and what people type for them go through the same door, so both sides agree.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The runs of letters, digits and the marks that belong to them.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_part(c)).filter(|part| part.chars().any(char::is_alphanumeric))
}

/// The parts of a text without the gaps between them.
pub(crate) fn joined(text: &str) -> String {
    parts(text).collect()
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

/// A part in small letters, those of another width or shape as the usual ones.
pub(crate) fn lower(part: &str) -> String {
    part.chars().flat_map(char::to_lowercase).nfkc().collect()
}

/// A part without accents, and with one letter for those that are spellings of it. `lower` is what
/// [`lower`] makes.
pub(crate) fn plain(lower: &str) -> String {
    let plain = fold_any(lower, plain_letter, is_part);
    if plain.is_ascii() { plain } else { plain.chars().map(one_kana).collect() }
}

/// As [`plain`], and with German and Nordic letters spelt out.
pub(crate) fn spelt(lower: &str) -> String {
    fold_any(lower, |letter| spelt_letter(letter).or_else(|| plain_letter(letter)), is_part)
}

fn is_part(c: char) -> bool {
    // Signs such as the Devanagari virama occur inside words and are no letters.
    c.is_alphanumeric() || is_combining_mark(c)
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
        // The apostrophes of Ukrainian and others, which count as letters; the plain one does not.
        'ʼ' | 'ʻ' | 'ʹ' | 'ʺ' => "",
        // Letters that Persian and Urdu write in another form, and those that Arabic confuses.
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ة' | 'ہ' | 'ھ' | 'ە' | 'ۃ' => "ه",
        'ٱ' => "ا",
        // Forms of a Han letter that few keyboards have, and names are full of.
        '髙' => "高",
        '﨑' => "崎",
        '𠮷' => "吉",
        '栁' => "柳",
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

/// Katakana as hiragana.
fn one_kana(letter: char) -> char {
    match letter {
        // The two blocks have the same order.
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => {
            char::from_u32(u32::from(letter) - KATAKANA_BEHIND_HIRAGANA).unwrap_or(letter)
        }
        letter => letter,
    }
}

const KATAKANA_BEHIND_HIRAGANA: u32 = 0x60;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(one: &str, other: &str) {
        assert_eq!(plain(&lower(one)), plain(&lower(other)), "{one} and {other}");
    }

    #[test]
    fn variants_of_a_letter_are_one() {
        // Width.
        same("ﾔﾏﾀﾞ", "ヤマダ");
        same("Ａｎｎａ", "anna");
        same("ﾡ", "ᄀ");
        // Kana.
        same("ヤマダ", "やまだ");
        same("ヴィクトル", "ゔぃくとる");
        // Arabic letters, their forms on paper, Persian ones, marks and the long stroke.
        same("على", "علي");
        same("علی", "علي");
        same("ﻋﻠﻲ", "علي");
        same("فاطمة", "فاطمه");
        same("أحمد", "احمد");
        same("آمنة", "امنه");
        same("کریم", "كريم");
        same("مُحَمَّد", "محمد");
        same("محـــمد", "محمد");
        // Others.
        same("שָׁלוֹם", "שלום");
        same("ΓΙΏΡΓΟΣ", "γιωργοσ");
        same("Вʼячеслав", "Вячеслав");
        same("Фёдор", "Федор");
        same("髙野", "高野");
    }

    #[test]
    fn other_words_stay_other_words() {
        for (one, other) in
            [("山田", "山口"), ("が", "か"), ("علي", "عالي"), ("김", "긴"), ("ра", "ро")]
        {
            assert_ne!(plain(&lower(one)), plain(&lower(other)), "{one} and {other}");
        }
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
}
