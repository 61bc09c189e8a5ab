//! What the letters of a text that is not UTF-8 say about its encoding: a detector made for pages of
//! the web compares how often letters follow each other in each language, and the words are looked at
//! as each encoding spells them. Where both do not lead to one encoding, the text is not read.

use super::name::TextEncoding;
use super::plausible::{Look, fits};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_8, ISO_8859_13, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1257, WINDOWS_1258,
};
use std::collections::BTreeSet;

/// Different words that are looked at.
const WORDS_MAX: usize = 2_000;

/// Bytes of a word that are looked at.
const WORD_BYTES_MAX: usize = 64;

/// Words that two Latin encodings spell in different ways, of which none is odd, from which on the
/// detector is believed.
const DIFFERING_WORDS_MIN: usize = 3;

/// Bytes of a Chinese character. Most names have two, and few words of other scripts of so many bytes
/// look like words in an encoding that is not theirs.
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
            pairs: Pairs { are_all: true, run: 0, before: b'\n' },
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
        if !self.word.is_ascii() && self.words.len() < WORDS_MAX {
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
        if !western.is_clean() && self.is_mac() {
            return Ok(MACINTOSH);
        }
        if is_east_asian(general) {
            return Ok(general);
        }
        let found = self.sister(general);
        if self.pairs.are_all && !(self.has_long_word() && self.look(found).is_clean()) {
            let reads = |word: &Vec<u8>| {
                GBK.decode_without_bom_handling_and_without_replacement(word).is_some()
            };
            return Err(Some(GBK).filter(|_| self.words.iter().all(reads)));
        }
        if TextEncoding(found).is_latin() {
            return self.choose_latin(found, western);
        }
        // What hardly anybody writes is rather something else.
        let is_rare = [ISO_8859_5, ISO_8859_6, ISO_8859_8].contains(&found);
        match self.is_good(self.look(found)) {
            true if is_rare => Err(Some(found)),
            true => Ok(found),
            false => Err(None),
        }
    }

    /// Chooses between windows-1252 and the Latin encoding that the detector found.
    fn choose_latin(&self, found: &'static Encoding, western: Look) -> Choice {
        let look = self.look(found);
        if found == WINDOWS_1252 {
            // Words that are others in Central Europe, where the detector knows few names.
            let central = self.words.iter().filter(|word| is_other(word, WINDOWS_1250));
            let (misfits, fitting): (Vec<_>, Vec<_>) = central.partition(|word| !fits(word, true));
            return match self.is_good(western) && misfits.len() * 2 <= fitting.len() {
                true if self.words.iter().all(|word| is_doubtful(word)) => Err(Some(MACINTOSH)),
                true => Ok(WINDOWS_1252),
                false => Err(None),
            };
        }
        // Icelandic letters are those of Turkish and others; accents tell them apart.
        let has_any = |bytes: &[u8]| self.words.iter().flatten().any(|byte| bytes.contains(byte));
        let has_icelandic = has_any(b"\xD0\xDE\xF0\xFE");
        let is_icelandic = has_icelandic && has_any(b"\xE1\xED\xF3\xFA");
        let differing: Vec<_> = self.words.iter().filter(|word| is_other(word, found)).collect();
        let misfits = differing.iter().filter(|word| !fits(word, is_icelandic)).count();
        let is_enough = differing.len() >= DIFFERING_WORDS_MIN && look.is_clean();
        if western.is_clean() {
            return match misfits {
                0 => Ok(WINDOWS_1252),
                _ if is_enough && misfits * 2 >= differing.len() && found != WINDOWS_1258 => {
                    Ok(found)
                }
                _ => Err(Some(found)),
            };
        }
        // Icelandic letters beside others are Baltic or Turkish ones, which the detector mistakes for
        // those of Central Europe where there are few.
        let is_central = found == WINDOWS_1250 && has_icelandic && western.with_signs == 0;
        match look.is_clean() && (!is_central || differing.len() >= 2 * DIFFERING_WORDS_MIN) {
            true => Ok(found),
            false => Err(Some(found)),
        }
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
        mixed * 2 > self.words.len() && self.look(MACINTOSH).is_clean()
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
        self.run = if byte.is_ascii() { 0 } else { self.run + 1 };
        self.before = byte;
    }
}

fn is_east_asian(encoding: &'static Encoding) -> bool {
    [SHIFT_JIS, EUC_JP, GBK, BIG5, EUC_KR].contains(&encoding)
}
