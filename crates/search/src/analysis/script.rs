//! Scripts: what a word is written in decides what a query may meet. It knows nothing of names.

/// What a word is written in, by the first letter that is not Latin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Latin letters, or digits alone.
    Latin,
    /// Han, kana and Hangul, in which a full name has no blank.
    EastAsian,
    /// Hebrew, Arabic and their like, which leave vowels out: letter by letter in Latin they are no
    /// word that anybody writes.
    Consonantal,
    /// Any other.
    Other,
}

impl Script {
    /// The script of a word.
    pub(crate) fn of(word: &str) -> Script {
        match word.chars().find(|c| c.is_alphanumeric() && !is_latin(*c)) {
            None => Script::Latin,
            Some(letter) if is_east_asian(letter) => Script::EastAsian,
            Some('\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}') => {
                Script::Consonantal
            }
            Some(_) => Script::Other,
        }
    }
}

/// Whether all letters of a text are of East Asia, and there are some.
pub(crate) fn is_all_east_asian(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphanumeric()).peekable();
    letters.peek().is_some() && letters.all(is_east_asian)
}

/// Whether all letters of a text are kana, and there are some.
pub(crate) fn is_all_kana(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphanumeric()).peekable();
    letters.peek().is_some() && letters.all(is_kana)
}

fn is_latin(c: char) -> bool {
    c.is_ascii()
        || matches!(u32::from(c),
            0xAA..=0x2AF | 0x1D00..=0x1DBF | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF
            | 0xAB30..=0xAB6F | 0xFB00..=0xFB06 | 0xFF10..=0xFF5A)
}

fn is_kana(c: char) -> bool {
    matches!(u32::from(c), 0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF
        | 0x31F0..=0x31FF | 0xFF66..=0xFF9F)
}

fn is_east_asian(c: char) -> bool {
    is_kana(c)
        || is_hangul(c)
        // Han, and the signs that repeat or close one.
        || matches!(u32::from(c), 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
            | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

fn is_hangul(c: char) -> bool {
    matches!(u32::from(c), 0xAC00..=0xD7A3 | 0x1100..=0x11FF | 0x3131..=0x318E | 0xA960..=0xA97F
        | 0xD7B0..=0xD7FF | 0xFFA0..=0xFFDC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_a_script() {
        for (word, script) in [
            ("anna", Script::Latin),
            ("Müller", Script::Latin),
            ("Nguyễn", Script::Latin),
            ("ƙasa", Script::Latin),
            ("2024", Script::Latin),
            ("山田", Script::EastAsian),
            ("ヤマダ", Script::EastAsian),
            ("김", Script::EastAsian),
            ("佐々木", Script::EastAsian),
            ("A山", Script::EastAsian),
            ("علي", Script::Consonantal),
            ("דן", Script::Consonantal),
            ("Юрий", Script::Other),
            ("Ζωή", Script::Other),
            ("สมชาย", Script::Other),
            ("त्रिपाठी", Script::Other),
        ] {
            assert_eq!(Script::of(word), script, "{word}");
        }
        assert!(is_all_east_asian("長谷川カズオ") && !is_all_east_asian("山田taro"));
        assert!(!is_all_east_asian("") && is_all_kana("オー") && !is_all_kana("山だ"));
    }
}
