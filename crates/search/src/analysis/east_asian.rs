//! Hangul and kana as people write them in Latin letters, by rule: Korean after the Revised
//! Romanization of 2000 syllable by syllable, Japanese after Hepburn, and those Chinese letters that
//! are read otherwise in names.

use crate::analysis::script::is_all_kana;

/// The first of the syllables of Hangul, which are composed by rule: a row of 28 ends for each of 21
/// middles, for each of 19 beginnings.
const FIRST_SYLLABLE: u32 = 0xAC00;
const MIDDLES: u32 = 21;
const ENDS: u32 = 28;

const BEGINNINGS_LATIN: [&str; 19] = [
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p",
    "h",
];
const MIDDLES_LATIN: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we",
    "wi", "yu", "eu", "ui", "i",
];
const ENDS_LATIN: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p",
    "t", "t", "ng", "t", "t", "k", "t", "p", "t",
];

/// A syllable of Hangul in Latin letters.
pub(crate) fn syllable(syllable: char) -> Option<String> {
    let place = u32::from(syllable).checked_sub(FIRST_SYLLABLE)?;
    let begins = BEGINNINGS_LATIN.get(usize::try_from(place / (MIDDLES * ENDS)).ok()?)?;
    let middle = MIDDLES_LATIN.get(usize::try_from(place / ENDS % MIDDLES).ok()?)?;
    let end = ENDS_LATIN.get(usize::try_from(place % ENDS).ok()?)?;
    Some([*begins, *middle, *end].concat())
}

/// A word of Hangul in Latin letters; `None` where it is none.
pub(crate) fn korean(word: &str) -> Option<String> {
    word.chars().map(syllable).collect()
}

/// Chinese letters with several readings, and the one that they have in names where a dictionary begins
/// with another. The rest is read letter by letter. Out of a thousand letters that are frequent in names.
const CHINESE_IN_NAMES: &[(char, &str)] = &[
    ('乾', "qian"),
    ('劲', "jin"),
    ('勁', "jin"),
    ('单', "shan"),
    ('單', "shan"),
    ('叶', "ye"),
    ('娜', "na"),
    ('宁', "ning"),
    ('寧', "ning"),
    ('广', "guang"),
    ('廣', "guang"),
    ('律', "lv"),
    ('晟', "sheng"),
    ('曾', "zeng"),
    ('朝', "chao"),
    ('朴', "pu"),
    ('柏', "bai"),
    ('汉', "han"),
    ('洁', "jie"),
    ('洗', "xian"),
    ('浣', "huan"),
    ('绿', "lv"),
    ('茜', "xi"),
    ('薛', "xue"),
    ('裳', "shang"),
    ('靓', "liang"),
];

/// A Chinese word whose letters with a reading of their own in names are replaced by it; `None` where
/// there is no such letter.
pub(crate) fn chinese(word: &str) -> Option<String> {
    let reading = |letter| CHINESE_IN_NAMES.iter().find(|(known, _)| *known == letter);
    word.contains(|letter| reading(letter).is_some()).then(|| {
        let mut text = String::with_capacity(word.len());
        for letter in word.chars() {
            match reading(letter) {
                Some((_, latin)) => text.push_str(latin),
                None => text.push(letter),
            }
        }
        text
    })
}

/// Kana that stand for a consonant and a vowel, in the order in which they are written out below.
const KANA: &str = "あいうえおかきくけこがぎぐげごさしすせそざじずぜぞたちつてとだぢづでど\
    なにぬねのはひふへほばびぶべぼぱぴぷぺぽまみむめもらりるれろやゆよわゐゑをんゔ";
const KANA_LATIN: [&str; 74] = [
    "a", "i", "u", "e", "o", "ka", "ki", "ku", "ke", "ko", "ga", "gi", "gu", "ge", "go", "sa",
    "shi", "su", "se", "so", "za", "ji", "zu", "ze", "zo", "ta", "chi", "tsu", "te", "to", "da",
    "ji", "zu", "de", "do", "na", "ni", "nu", "ne", "no", "ha", "hi", "fu", "he", "ho", "ba", "bi",
    "bu", "be", "bo", "pa", "pi", "pu", "pe", "po", "ma", "mi", "mu", "me", "mo", "ra", "ri", "ru",
    "re", "ro", "ya", "yu", "yo", "wa", "i", "e", "o", "n", "vu",
];

/// A word of hiragana in Latin letters, with long vowels as they are written, and with short ones
/// in their place, as most people write their names: `ryou`, `ryo`. None where it is no such word.
pub(crate) fn japanese(word: &str) -> Vec<String> {
    if !is_all_kana(word) {
        return Vec::new();
    }
    let mut latin = String::with_capacity(word.len());
    let mut doubled = false;
    for letter in word.chars() {
        if let Some(vowel) = small(letter) {
            glide(&mut latin, vowel);
            continue;
        }
        match letter {
            'っ' => doubled = true,
            // The long stroke, and signs of repetition.
            'ー' | 'ゝ' | 'ゞ' => {}
            letter => {
                let at = KANA.chars().position(|kana| kana == letter);
                let Some(text) = at.and_then(|at| KANA_LATIN.get(at)) else { return Vec::new() };
                if std::mem::take(&mut doubled) {
                    // `tch`, where the sound is `ch`.
                    let first =
                        if text.starts_with("ch") { "t" } else { text.get(..1).unwrap_or("") };
                    latin.push_str(first);
                }
                latin.push_str(text);
            }
        }
    }
    let mut short = latin.clone();
    for (long, one) in [("ou", "o"), ("oo", "o"), ("uu", "u")] {
        short = short.replace(long, one);
    }
    if short == latin { vec![latin] } else { vec![latin, short] }
}

/// The vowel of a small kana, which takes the place of that of the one before, with its `y`.
fn small(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ゃ' => "ya",
        'ゅ' => "yu",
        'ょ' => "yo",
        'ぁ' => "a",
        'ぃ' => "i",
        'ぅ' => "u",
        'ぇ' => "e",
        'ぉ' => "o",
        _ => return None,
    })
}

fn glide(latin: &mut String, vowel: &str) {
    let before = latin.pop();
    // `う` with a vowel is a `w`; `しゃ` is `sha` without its `y`.
    if before == Some('u') && (latin.is_empty() || latin.ends_with(['a', 'i', 'u', 'e', 'o'])) {
        latin.push('w');
    }
    let has_glide = ["sh", "ch", "j"].iter().any(|sound| latin.ends_with(sound));
    latin.push_str(if has_glide { vowel.trim_start_matches('y') } else { vowel });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_is_written_by_syllables() {
        for (word, latin) in
            [("철수", "cheolsu"), ("김", "gim"), ("이", "i"), ("황", "hwang"), ("꽃", "kkot")]
        {
            assert_eq!(korean(word).as_deref(), Some(latin), "{word}");
        }
        assert_eq!(korean("김a"), None);
    }

    #[test]
    fn kana_are_written_with_long_vowels_and_without() {
        for (word, latin) in [
            ("りょう", &["ryou", "ryo"][..]),
            ("きょうこ", &["kyouko", "kyoko"]),
            ("しょうた", &["shouta", "shota"]),
            ("ちゃん", &["chan"]),
            ("じゅん", &["jun"]),
            ("はっとり", &["hattori"]),
            ("ぼっちゃん", &["botchan"]),
            ("ふぁうすと", &["fausuto"]),
            ("うぃりあむ", &["wiriamu"]),
            ("つよし", &["tsuyoshi"]),
            ("おおの", &["oono", "ono"]),
            ("ゆうき", &["yuuki", "yuki"]),
            ("おーの", &["ono"]),
            ("ゔぃくとる", &["vikutoru"]),
            ("山だ", &[]),
        ] {
            assert_eq!(japanese(word), latin, "{word}");
        }
    }
}
