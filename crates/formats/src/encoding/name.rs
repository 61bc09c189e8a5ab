//! Encodings by name, the one that is usual in a region, and why a text cannot be read.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_4, ISO_8859_13, MACINTOSH, SHIFT_JIS, UTF_8,
    UTF_16BE, UTF_16LE, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

/// Bytes that are looked at to tell UTF-16 without a mark.
pub(super) const HEAD_BYTES_MAX: usize = 1 << 10;

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(pub(super) &'static Encoding);

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingError {
    /// It is UTF-8 in some places and not in others; the first such line is named.
    Mixed {
        /// The line, from 1.
        line: u64,
    },
    /// It is not UTF-8, and it is not sure what else it is.
    Unsure {
        /// The first line that is not UTF-8.
        line: u64,
        /// The encoding that it looks like most, if it looks like one.
        like: Option<TextEncoding>,
    },
    /// It has bytes that mean nothing in its encoding.
    Malformed {
        /// The encoding.
        encoding: TextEncoding,
    },
}

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: TextEncoding = TextEncoding(UTF_8);

    /// The encoding of this name, as browsers know it: `windows-1252`, `latin1`, `utf-16le`.
    pub fn parse(label: &str) -> Option<TextEncoding> {
        Encoding::for_label_no_replacement(label.trim().as_bytes()).map(TextEncoding)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The encoding in which spreadsheets of a region, by its two letters, write a CSV file.
    pub fn usual_in(region: &str) -> TextEncoding {
        TextEncoding(match region {
            "AL" | "BA" | "CZ" | "HR" | "HU" | "ME" | "PL" | "RO" | "SI" | "SK" => WINDOWS_1250,
            "BG" | "BY" | "KG" | "KZ" | "MK" | "MN" | "RS" | "RU" | "TJ" | "UA" => WINDOWS_1251,
            "CY" | "GR" => WINDOWS_1253,
            "AZ" | "TR" => WINDOWS_1254,
            "IL" => WINDOWS_1255,
            "AE" | "BH" | "DZ" | "EG" | "IQ" | "IR" | "JO" | "KW" | "LB" | "LY" | "MA" | "OM"
            | "PK" | "QA" | "SA" | "SD" | "SY" | "TN" | "YE" => WINDOWS_1256,
            "EE" | "LT" | "LV" => WINDOWS_1257,
            "VN" => WINDOWS_1258,
            "TH" => WINDOWS_874,
            "JP" => SHIFT_JIS,
            "CN" | "SG" => GBK,
            "HK" | "MO" | "TW" => BIG5,
            "KR" => EUC_KR,
            _ => WINDOWS_1252,
        })
    }

    /// UTF-16 and UTF-8 with a mark, told from the first bytes of a text; and UTF-16 without one,
    /// because every other byte of its Latin letters and delimiters is zero.
    pub fn of_head(head: &[u8]) -> Option<TextEncoding> {
        if let Some((encoding, _)) = Encoding::for_bom(head) {
            return Some(TextEncoding(encoding));
        }
        let head = head.get(..HEAD_BYTES_MAX).unwrap_or(head);
        let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
        let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
        // Half of half: the header may have letters of another script.
        match half > 0 {
            true if odd * 2 > half && even * 8 < half => Some(TextEncoding(UTF_16LE)),
            true if even * 2 > half && odd * 8 < half => Some(TextEncoding(UTF_16BE)),
            _ => None,
        }
    }

    /// Whether its letters are Latin ones.
    pub(super) fn is_latin(self) -> bool {
        [
            WINDOWS_1250,
            WINDOWS_1252,
            WINDOWS_1254,
            WINDOWS_1257,
            WINDOWS_1258,
            ISO_8859_2,
            ISO_8859_4,
            ISO_8859_13,
            MACINTOSH,
        ]
        .contains(&self.0)
    }

    /// Whether it is UTF-8, which needs no decoding.
    pub fn is_utf_8(self) -> bool {
        self.0 == UTF_8
    }
}
