//! How plausible words are as an encoding spells them. A wrong encoding puts signs between letters,
//! capitals behind small letters and letters of two scripts into one word.

use encoding_rs::{Encoding, WINDOWS_1252};

/// Letters beyond ASCII that follow each other in a word of Latin script, at most: more are a word of
/// another script.
const LATIN_RUN_MAX: usize = 3;

/// Signs that may stand between two letters: apostrophes, dashes, the dot of Catalan, a soft hyphen,
/// and the accents of Vietnamese and Hebrew that are letters of their own.
const BETWEEN: &str = "’‘–—·\u{AD}\u{300}\u{301}\u{303}\u{309}\u{323}";

/// Signs that may stand right before a letter.
const BEFORE: &str = "“„‚‘’«‹¡¿–—·•…°";

/// Signs that may stand right behind a letter.
const BEHIND: &str = "’”“»›…®™©°ªº–—€£¥•·";

/// Signs that may stand right behind a unit of one or two letters, as in `km²`.
const BEHIND_UNITS: &str = "¹²³";

/// Small letters that are words by themselves, with those of addresses: `à`, `é`, `ô`, `å`, `ø`.
const ALONE: &str = "àÀéÉèÈóÓôÔåÅäÄöÖøØýÝ";

/// The small letters beyond ASCII of languages that are written in windows-1252: French, German,
/// Spanish with Catalan, Portuguese, Italian, Dutch, Swedish with Finnish, Danish with Norwegian.
const ALPHABETS: [&str; 9] = [
    "àâæçèéêëîïôœùûüÿ",
    "äöüßéè",
    "áéíñóúü",
    "àçèéíïòóúü",
    "áâãàçéêíóôõúü",
    "àèéìíîòóù",
    "éëïöüèêç",
    "åäöéüàèšž",
    "æøåéäöüóòâê",
];

/// Those of Icelandic and Faroese.
const ICELANDIC: &str = "áðéíóúýþæöø";

/// How words look in an encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// The words.
    pub(super) words: usize,
    /// Implausible words: in no language are letters put together so.
    pub(super) odd: usize,
    /// Those of them that have a sign among letters.
    pub(super) with_signs: usize,
}

impl Look {
    /// How these words look in an encoding.
    pub(super) fn of<'a>(
        words: impl IntoIterator<Item = &'a Vec<u8>>,
        encoding: &'static Encoding,
    ) -> Look {
        let mut look = Look::default();
        for word in words {
            look.words += 1;
            let text = encoding.decode_without_bom_handling_and_without_replacement(word);
            let Some(text) = text else {
                look.odd += 1;
                continue;
            };
            look.odd += usize::from(is_odd(&text, encoding));
            look.with_signs += usize::from(parts(&text).any(|part| has_odd_sign(&part)));
        }
        look
    }

    /// Whether no word is odd.
    pub(super) fn is_clean(self) -> bool {
        self.odd == 0
    }

    /// Whether so few words are odd that they may be slips of who typed them.
    pub(super) fn is_good(self) -> bool {
        self.odd * 8 <= self.words
    }
}

/// Whether a word has the letters of one of these languages, where it has them. The letters of
/// Icelandic are those of Turkish and others in their encodings, and so are asked for.
pub(super) fn fits(word: &[u8], encoding: &'static Encoding, is_icelandic: bool) -> bool {
    let text: Vec<char> =
        encoding.decode_without_bom_handling(word).0.to_lowercase().chars().collect();
    let letters = || text.iter().filter(|c| !c.is_ascii() && is_letter(**c));
    if is_icelandic && letters().all(|c| ICELANDIC.contains(*c)) {
        return true;
    }
    let known = ALPHABETS.iter().any(|alphabet| letters().all(|c| alphabet.contains(*c)));
    known && (0..text.len()).all(|at| fits_at(&text, at))
}

/// Whether the neighbours of a small letter are those that it has in these languages; in others, another
/// letter of the same byte has others.
fn fits_at(text: &[char], at: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).copied();
    let before = |by: usize| letter(at.checked_sub(by));
    let behind = |by: usize| letter(Some(at + by));
    let is_in = |c: Option<char>, among: &str| c.is_some_and(|c| among.contains(c));
    match text[at] {
        'ñ' => is_in(behind(1), "aeiouáéíóúü"),
        'õ' => behind(1) == Some('e'),
        'ì' | 'ù' => behind(1).is_none(),
        'æ' => behind(1).is_some(),
        'ã' => behind(1).is_none() || is_in(behind(1), "oeis"),
        'œ' => is_in(behind(1), "ueidt"),
        // `Kuèera`, and not `Suède`.
        'è' => before(1) != Some('u') || is_in(before(2), "gqs"),
        // `Ondøej`, and not `Bøe`.
        'ø' => (behind(1), behind(2)) != (Some('e'), Some('j')),
        // `Szûcs`, and not `bûche`.
        'û' => {
            behind(1).is_none()
                || is_in(behind(1), "trlmns")
                || (behind(1), behind(2)) == (Some('c'), Some('h'))
        }
        _ => true,
    }
}

/// A character of a word, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Upper,
    Lower,
    /// A letter of a script without capitals, or a mark on a letter.
    Other,
    Blank,
    Sign,
}

fn sort(c: char) -> Sort {
    match c {
        // Letters by their class, but signs to those who write.
        'ª' | 'º' | 'ƒ' | 'ˆ' => Sort::Sign,
        _ if c.is_uppercase() => Sort::Upper,
        _ if c.is_lowercase() => Sort::Lower,
        _ if c.is_alphabetic() || is_mark(c) => Sort::Other,
        _ if c.is_whitespace() => Sort::Blank,
        _ => Sort::Sign,
    }
}

/// Marks of Hebrew, Arabic and Thai within words, and their signs.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5F4}' | '\u{600}'..='\u{6FF}' | '\u{E00}'..='\u{E7F}'
        | '\u{200C}'..='\u{200F}')
}

fn is_odd(text: &str, encoding: &'static Encoding) -> bool {
    if text.chars().any(char::is_control) {
        return true;
    }
    let is_western = encoding == WINDOWS_1252;
    parts(text).any(|word| {
        has_odd_sign(&word)
            || has_odd_case(&word)
            || has_two_scripts(&word)
            || is_odd_alone(&word)
            || (is_western && (is_too_long_a_run(&word) || has_odd_western_letter(&word)))
    })
}

/// The parts of a word between blanks beyond ASCII.
fn parts(text: &str) -> impl Iterator<Item = Vec<char>> {
    text.split(|c| sort(c) == Sort::Blank).map(|part| part.chars().collect())
}

fn is_letter(c: char) -> bool {
    matches!(sort(c), Sort::Upper | Sort::Lower | Sort::Other)
}

fn has_odd_sign(word: &[char]) -> bool {
    word.iter().enumerate().any(|(at, c)| {
        let is_letter_at =
            |at: Option<usize>| at.and_then(|at| word.get(at)).copied().is_some_and(is_letter);
        let (before, behind) = (is_letter_at(at.checked_sub(1)), is_letter_at(Some(at + 1)));
        let allowed = match (before, behind) {
            _ if sort(*c) != Sort::Sign => return false,
            (true, true) => BETWEEN,
            (false, true) => BEFORE,
            (true, false) if word.len() <= 3 && BEHIND_UNITS.contains(*c) => return false,
            (true, false) => BEHIND,
            (false, false) => return false,
        };
        !allowed.contains(*c)
    })
}

/// A capital behind a small letter, or a small letter behind two capitals, where one of them is
/// beyond ASCII: people write neither, but in names such as McDonald.
fn has_odd_case(word: &[char]) -> bool {
    let beyond = |letters: &[char]| !letters.iter().all(char::is_ascii);
    let pair = word.windows(2).any(|pair| {
        // `ß` stands among capitals, too.
        matches!(pair, [a, b] if sort(*a) == Sort::Lower && sort(*b) == Sort::Upper && *a != 'ß')
            && beyond(pair)
    });
    let three = word.windows(3).any(|three| {
        let sorts: Vec<Sort> = three.iter().map(|c| sort(*c)).collect();
        sorts == [Sort::Upper, Sort::Upper, Sort::Lower] && beyond(&three[..2]) && three[2] != 'ß'
    });
    pair || three
}

fn has_two_scripts(word: &[char]) -> bool {
    let is_latin =
        |c: char| c < '\u{250}' || matches!(c, '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}');
    let mut letters = word.iter().copied().filter(|c| is_letter(*c));
    let Some(first) = letters.next() else { return false };
    letters.any(|c| is_latin(c) != is_latin(first))
}

fn is_odd_alone(word: &[char]) -> bool {
    matches!(word, [c] if !c.is_ascii() && sort(*c) == Sort::Lower && c.is_lowercase() && *c < '\u{250}' && !ALONE.contains(*c))
}

fn is_too_long_a_run(word: &[char]) -> bool {
    let is_short = |run: &[char]| run.len() <= LATIN_RUN_MAX;
    !word.split(|c| c.is_ascii() || !is_letter(*c)).all(is_short)
}

/// Letters of Iceland beside those of no northern language; `š` between consonants.
fn has_odd_western_letter(word: &[char]) -> bool {
    let has_icelandic = word.iter().any(|c| "ðÐþÞ".contains(*c));
    let is_northern =
        |c: &char| c.is_ascii() || !is_letter(*c) || "ðÐþÞáÁéÉíÍóÓúÚýÝæÆöÖøØ".contains(*c);
    let is_consonant = |c: &char| c.is_ascii_alphabetic() && !"aeiouyAEIOUY".contains(*c);
    let between = word
        .windows(3)
        .any(|three| matches!(three, [a, 'š', b] if is_consonant(a) && is_consonant(b)));
    (has_icelandic && !word.iter().all(is_northern)) || between
}
