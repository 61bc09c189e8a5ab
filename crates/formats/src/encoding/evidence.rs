//! What the letters of a text that is not UTF-8 say about its encoding: a detector made for pages of
//! the web compares how often letters follow each other in each language, and the words are looked at
//! as each encoding spells them. Where both do not lead to one encoding, the text is not read.

use super::name::TextEncoding;
use super::plausible::{Look, fits};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_8, ISO_8859_13, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1257, WINDOWS_1258,
};
use std::collections::BTreeSet;

/// Different words that are looked at.
const WORDS_MAX: usize = 2_000;

/// Bytes of a word that are looked at.
const WORD_BYTES_MAX: usize = 64;

/// Words that two Latin encodings spell in different ways, of which none is odd, from which on the
/// detector is believed.
const DIFFERING_WORDS_MIN: usize = 3;

/// Characters from which on a text is believed to be Chinese in GBK, or Korean.
const PAIRS_MIN: usize = 12;

/// Letters of windows-1252 that are others in Czech: `è`, `ì`, `ï`, `ò`, `ø`, `ù`, with their capitals.
const OF_CZECH: &[u8] = b"\xC8\xCC\xCF\xD2\xD8\xD9\xE8\xEC\xEF\xF2\xF8\xF9";

/// Bytes of a Chinese character in the multi-byte encodings. Most Chinese names have two characters;
/// few words of that many bytes in another encoding decode to two of them.
const HANZI_BYTES: usize = 2;

/// An encoding; or, when that is not sure, the one that a text looks like.
type Choice = Result<&'static Encoding, Option<&'static Encoding>>;

/// What the bytes of a text say.
pub(super) struct Evidence {
    detector: EncodingDetector,
    /// Different words with bytes beyond ASCII.
    words: BTreeSet<Vec<u8>>,
    /// The word under way.
    word: Vec<u8>,
    pairs: Pairs,
    /// Whether no word may be odd.
    is_strict: bool,
}

/// Whether the bytes beyond ASCII come in pairs that stand by themselves, as in Chinese and Korean.
#[derive(Clone, Copy, Debug)]
struct Pairs {
    are_all: bool,
    run: usize,
    /// How many there are.
    count: usize,
    /// The byte before the one under way.
    before: u8,
}

impl Evidence {
    /// Of no text yet. Where some of it is UTF-8, perhaps by chance, not a single word may be odd.
    pub(super) fn new(is_strict: bool) -> Evidence {
        Evidence {
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            words: BTreeSet::new(),
            word: Vec::new(),
            pairs: Pairs { are_all: true, run: 0, count: 0, before: b'\n' },
            is_strict,
        }
    }

    /// Takes the next bytes of the text.
    pub(super) fn add(&mut self, bytes: &[u8], is_last: bool) {
        self.detector.feed(bytes, is_last);
        for byte in bytes {
            self.pairs.add(*byte);
            match byte.is_ascii_alphabetic() || !byte.is_ascii() {
                true => {
                    if self.word.len() < WORD_BYTES_MAX {
                        self.word.push(*byte);
                    }
                }
                false => self.end_word(),
            }
        }
        if is_last {
            self.pairs.add(b'\n');
            self.end_word();
        }
    }

    fn end_word(&mut self) {
        let is_new = || self.words.len() < WORDS_MAX && !self.words.contains(&self.word);
        // Few words are new, and only these are copied.
        if !self.word.is_ascii() && is_new() {
            self.words.insert(self.word.clone());
        }
        self.word.clear();
    }

    /// The encoding; or, when that is not sure, the one that it looks like.
    pub(super) fn encoding(&self, region: &str) -> Result<TextEncoding, Option<TextEncoding>> {
        self.choose(region).map(TextEncoding).map_err(|like| like.map(TextEncoding))
    }

    fn choose(&self, region: &str) -> Choice {
        let usual = TextEncoding::usual_in(region).0;
        // The detector knows where domains of the top level belong.
        let domain = match region {
            "GB" => "uk".to_owned(),
            _ => region.to_ascii_lowercase(),
        };
        let general = self.guess(None);
        let local = self.guess(Some(domain.as_bytes()).filter(|domain| domain.is_ascii()));
        let western = self.look(WINDOWS_1252);
        if usual != WINDOWS_1252 {
            let differs = || self.words.iter().any(|word| is_other(word, usual));
            let is_like = local == usual || self.sister(local) == usual;
            if is_like && self.is_good(self.look(usual)) {
                return Ok(usual);
            }
            // The detector knows little of some languages; then the words decide.
            if TextEncoding(usual).is_latin() && self.look(usual).is_clean() {
                return match western.is_clean() && differs() {
                    true => Err(Some(usual)),
                    false => Ok(usual),
                };
            }
        }
        if is_east_asian(general) {
            // A few characters of these may be as many of another language.
            let is_enough = ![GBK, EUC_KR].contains(&general) || self.pairs.count >= PAIRS_MIN;
            return match (is_east_asian(usual) && is_east_asian(local), is_enough) {
                (true, _) => Ok(local),
                (false, true) => Ok(general),
                (false, false) => Err(Some(general)),
            };
        }
        let found = self.sister(general);
        let look = self.look(found);
        if !western.is_clean() && self.is_mac() {
            let is_other_too = found != WINDOWS_1252 && look.is_clean();
            return if is_other_too { Err(Some(found)) } else { Ok(MACINTOSH) };
        }
        if self.pairs.are_all && !(self.has_long_word() && look.is_clean()) {
            let reads = |word: &Vec<u8>| {
                GBK.decode_without_bom_handling_and_without_replacement(word).is_some()
            };
            return Err(Some(GBK).filter(|_| self.words.iter().all(reads)));
        }
        if TextEncoding(found).is_latin() {
            let is_home = ["IS", "FO"].contains(&region);
            return self.choose_latin(found, western, is_home || self.has_icelandic_words());
        }
        // What hardly anybody writes is rather something else.
        let is_rare = [ISO_8859_5, ISO_8859_6, ISO_8859_8].contains(&found);
        match self.is_good(look) {
            true if is_rare => Err(Some(found)),
            true => Ok(found),
            false => Err(None),
        }
    }

    /// Chooses between windows-1252 and the Latin encoding that the detector found.
    fn choose_latin(&self, found: &'static Encoding, western: Look, is_icelandic: bool) -> Choice {
        let look = self.look(found);
        let fits = |word: &&Vec<u8>| fits(word, WINDOWS_1252, is_icelandic);
        let differing: Vec<_> = self.words.iter().filter(|word| is_other(word, found)).collect();
        if differing.is_empty() {
            // Words that are others in Central Europe or in Turkey, where the detector knows few names.
            let others = self.words.iter();
            let others =
                others.filter(|word| is_other(word, WINDOWS_1250) || is_other(word, WINDOWS_1254));
            let (fitting, misfits): (Vec<_>, Vec<_>) = others.partition(fits);
            return match self.is_good(western) && misfits.len() * 2 <= fitting.len() {
                true if self.words.iter().all(|word| is_doubtful(word)) => Err(Some(MACINTOSH)),
                true => Ok(WINDOWS_1252),
                false => Err(None),
            };
        }
        let misfits = differing.iter().filter(|word| !fits(word)).count();
        let is_enough = differing.len() >= DIFFERING_WORDS_MIN && look.is_clean();
        // Icelandic letters that are none are Baltic or Turkish ones, which the detector mistakes for
        // those of Central Europe where there are few.
        let is_central = found == WINDOWS_1250
            && western.with_signs == 0
            && self.has_any(b"\xD0\xDE\xF0\xFE")
            && differing.len() < 2 * DIFFERING_WORDS_MIN;
        if western.is_clean() {
            let is_czech = |word: &&&Vec<u8>| word.iter().any(|byte| OF_CZECH.contains(byte));
            return match misfits {
                0 if differing.iter().filter(is_czech).count() < 2 => Ok(WINDOWS_1252),
                0 => Err(Some(found)),
                _ if is_enough && !is_central && misfits * 2 >= differing.len() => match found {
                    _ if found == WINDOWS_1258 => Err(Some(found)),
                    _ => Ok(found),
                },
                _ => Err(Some(found)),
            };
        }
        // Spreadsheets write none of ISO 8859, so much is asked for.
        let is_rare = [ISO_8859_2, ISO_8859_4, ISO_8859_13].contains(&found) && !is_enough;
        match look.is_clean() && !is_central && !is_rare {
            true => Ok(found),
            false => Err(Some(found)),
        }
    }

    fn has_any(&self, bytes: &[u8]) -> bool {
        self.words.iter().flatten().any(|byte| bytes.contains(byte))
    }

    /// Whether letters of Icelandic are Icelandic: beside accents, or behind a consonant, where Turkish
    /// has neither.
    fn has_icelandic_words(&self) -> bool {
        let is_consonant =
            |byte: u8| byte.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(&byte);
        let has_pair = |word: &Vec<u8>| {
            word.windows(2).any(|pair| matches!(pair, [a, 0xF0] if is_consonant(*a)))
        };
        self.has_any(b"\xD0\xDE\xF0\xFE")
            && (self.has_any(b"\xE1\xED\xF3\xFA") || self.words.iter().any(has_pair))
    }

    fn is_good(&self, look: Look) -> bool {
        if self.is_strict { look.is_clean() } else { look.is_good() }
    }

    fn has_long_word(&self) -> bool {
        self.words.iter().any(|word| word.len() > 2 * HANZI_BYTES)
    }

    fn guess(&self, domain: Option<&[u8]>) -> &'static Encoding {
        self.detector.guess(domain, Utf8Detection::Deny)
    }

    fn look(&self, encoding: &'static Encoding) -> Look {
        match is_east_asian(encoding) {
            // Its words are not cut where it cuts them; whether every byte means something is checked
            // for the whole text.
            true => Look::default(),
            false => Look::of(&self.words, encoding),
        }
    }

    /// The code page of spreadsheets in place of its sister of ISO 8859, where the words allow it.
    fn sister(&self, encoding: &'static Encoding) -> &'static Encoding {
        let sister = match encoding {
            _ if encoding == ISO_8859_2 => WINDOWS_1250,
            _ if encoding == ISO_8859_4 || encoding == ISO_8859_13 => WINDOWS_1257,
            _ if encoding == ISO_8859_7 => WINDOWS_1253,
            _ => return encoding,
        };
        match self.look(sister).odd <= self.look(encoding).odd {
            true => sister,
            false => encoding,
        }
    }

    /// Whether the words are those of a Macintosh: letters of Latin script among ASCII letters, and
    /// none of them odd.
    fn is_mac(&self) -> bool {
        let is_mixed = |word: &&Vec<u8>| word.iter().any(u8::is_ascii_alphabetic);
        let mixed = self.words.iter().filter(is_mixed).count();
        mixed * 2 > self.words.len()
            && self.look(MACINTOSH).is_clean()
            && self.words.iter().all(|word| fits(word, MACINTOSH, false))
    }
}

/// Whether a word is another one in windows-1252.
fn is_other(word: &[u8], encoding: &'static Encoding) -> bool {
    let text = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(word)
    };
    text(encoding) != text(WINDOWS_1252)
}

/// Whether a word has an apostrophe of windows-1252 where a Macintosh has `í`, as in `García`, and
/// hardly anybody puts one: in the middle, and not before the ending of an English word.
fn is_doubtful(word: &[u8]) -> bool {
    let mut parts = word.split(|byte| *byte == 0x92);
    let (Some(front), Some(back), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_small = |part: &[u8]| part.last().is_some_and(u8::is_ascii_lowercase);
    let is_ending = [&b"s"[..], b"t", b"d", b"m", b"re", b"ve", b"ll"].contains(&back);
    word.iter().filter(|byte| !byte.is_ascii()).count() == 1
        && front.len() >= 2
        && is_small(front)
        && back.first().is_some_and(u8::is_ascii_lowercase)
        && !is_ending
}

impl Pairs {
    fn add(&mut self, byte: u8) {
        match byte.is_ascii() {
            false if self.run == 0 && self.before.is_ascii_alphabetic() => self.are_all = false,
            false => {}
            true if self.run == 0 => {}
            true => self.are_all &= self.run.is_multiple_of(2) && !byte.is_ascii_alphabetic(),
        }
        self.are_all &= byte.is_ascii() || byte >= 0xA1;
        self.count += usize::from(!byte.is_ascii() && self.run % 2 == 1);
        self.run = if byte.is_ascii() { 0 } else { self.run + 1 };
        self.before = byte;
    }
}

fn is_east_asian(encoding: &'static Encoding) -> bool {
    [SHIFT_JIS, EUC_JP, GBK, BIG5, EUC_KR].contains(&encoding)
}
