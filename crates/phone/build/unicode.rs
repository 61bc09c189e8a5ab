//! The classes of characters that the reading of texts needs and the standard library has not
//! exactly: decimal digits of all scripts, letters and numbers, hyphens, and what cannot be seen.

use std::error::Error;
use std::fmt::Write;

use regex_syntax::hir::{Class, HirKind};

/// Tables of all of them beyond ASCII, in ascending order.
pub(crate) fn tables() -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    // Unicode keeps the ten digits of a script side by side, so the zero says them all.
    let mut zeros = Vec::new();
    for (first, last) in ranges(r"\p{Nd}")? {
        if (last + 1 - first) % 10 != 0 {
            return Err("a script's digits are not ten".into());
        }
        zeros.extend((first..=last).step_by(10));
    }
    writeln!(out, "pub(crate) static DIGIT_ZEROS: [u32; {}] = {zeros:?};", zeros.len())?;
    let words = ranges(r"[\p{L}\p{N}]")?;
    writeln!(out, "pub(crate) static WORDS: [(u32, u32); {}] = {words:?};", words.len())?;
    for (name, class) in [("HYPHENS", r"\p{Pd}"), ("UNSEEN", UNSEEN)] {
        let ranges = ranges(class)?;
        writeln!(out, "pub(crate) static {name}: [(u32, u32); {}] = {ranges:?};", ranges.len())?;
    }
    Ok(out)
}

/// Format characters, and the variation selectors, which choose the look of the character before them.
const UNSEEN: &str = r"[\p{Cf}\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}]";

fn ranges(class: &str) -> Result<Vec<(u32, u32)>, Box<dyn Error>> {
    match regex_syntax::parse(class)?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Ok(class
            .ranges()
            .iter()
            .map(|range| (u32::from(range.start()), u32::from(range.end())))
            .filter(|range| range.0 > 0x7f)
            .collect()),
        _ => Err("not a class of characters".into()),
    }
}
