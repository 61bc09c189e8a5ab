//! The tables that `build.rs` made of Google's metadata, and the walk through its graph. All of it
//! is constant data: nothing is parsed, locked or allocated when the program runs.

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// A country calling code.
pub(crate) struct Code {
    /// The code itself.
    pub(crate) code: u16,
    /// How many digits the code has.
    pub(crate) digits: u8,
    /// The place in `TERRITORIES` of the main territory that uses it.
    pub(crate) main: u8,
    /// The root of the automaton for region and kind: labels are places in `CLASSES`.
    pub(crate) class: u16,
    /// The root of the automaton for formats: labels are places in `STYLES`.
    pub(crate) format: u16,
    /// The text in front of an extension.
    pub(crate) extension: &'static str,
}

/// A country or territory, or one of the codes that belong to the world.
pub(crate) struct Territory {
    /// The place in `REGIONS`.
    pub(crate) region: u8,
    /// The place in `CODES`.
    pub(crate) code: u8,
    /// Bit `n` for national numbers of `n` digits.
    pub(crate) lengths: u32,
    /// Bit `n` for numbers of `n` digits that can be dialled only within their area.
    pub(crate) local: u32,
    /// The root of the automaton with label 1 for what looks like a number of the territory.
    pub(crate) general: u16,
    /// Bit `d` where a national number that begins with digit `d` may have a national prefix.
    pub(crate) prefixes: u16,
    /// The root of the automaton for the national prefix: labels are places in `STRIPS`.
    pub(crate) national_prefix: u16,
    /// The root of the automaton whose label is the length of the international prefix.
    pub(crate) international_prefix: u16,
}

/// A change of a country's numbering plan.
pub(crate) struct Change {
    /// The country calling code of the old numbers.
    pub(crate) code: u16,
    /// For each digit of an old number, code included, bit `n` where it may be `n`.
    pub(crate) old: &'static [u16],
    /// For each digit of the new one, code included, the digit itself, or 10 where it is the next of
    /// the old one's digits that are not fixed.
    pub(crate) new: &'static [u8],
}

/// "No region" in `CLASSES`.
const NO_REGION: u8 = u8::MAX;

/// In a template, a byte from here on copies digits: it says the first, the next byte how many.
const COPY: u8 = 0x80;

/// Follows digits (values, not characters) from a root and returns the label where they end.
/// Where only their number matters any more, there is no child to go to, but a run of answers by
/// how many are left; run 0 says that not even that matters.
#[inline]
pub(crate) fn walk(root: u16, digits: &[u8]) -> u16 {
    let mut row = &NODES[usize::from(root)];
    for (read, digit) in digits.iter().enumerate() {
        if row[1] == 0 {
            if row[2] == 0 {
                break;
            }
            let left = digits.len() - read;
            return RUNS[usize::from(row[2])][left.min(RUNS[0].len() - 1)];
        }
        row = &NODES[usize::from(row[1 + usize::from(*digit)])];
    }
    row[0]
}

/// The calling code that the digits of an international number begin with.
#[inline]
pub(crate) fn code_of(digits: &[u8]) -> Option<&'static Code> {
    // Codes have one to three digits, and the table has a row for every three.
    let [a, b, c, ..] = digits else { return None };
    let first = usize::from(*a) * 100 + usize::from(*b) * 10 + usize::from(*c);
    match CODE_AT[first] {
        0 => None,
        place => Some(&CODES[usize::from(place)]),
    }
}

impl Code {
    /// The main territory of the code.
    #[inline]
    pub(crate) fn main(&self) -> &'static Territory {
        &TERRITORIES[usize::from(self.main)]
    }

    /// The region (a place in `REGIONS`) and the kind (a place in `NumberKind::ALL`) of a
    /// national number.
    #[inline]
    pub(crate) fn classify(&self, national: &[u8]) -> (Option<u8>, usize) {
        let (region, kind) = CLASSES[usize::from(walk(self.class, national))];
        ((region != NO_REGION).then_some(region), usize::from(kind))
    }

    /// The templates of a national number, for its country and for abroad; empty ones where it
    /// is written as it is.
    pub(crate) fn templates(&self, national: &[u8]) -> (&'static [u8], &'static [u8]) {
        let (inland, abroad) = STYLES[usize::from(walk(self.format, national))];
        (template(inland), template(abroad))
    }
}

impl Territory {
    /// The calling code of the territory.
    #[inline]
    pub(crate) fn code(&self) -> &'static Code {
        &CODES[usize::from(self.code)]
    }

    /// Whether a number begins with something that could be a national prefix.
    #[inline]
    pub(crate) fn has_prefix(&self, national: &[u8]) -> bool {
        let first = national.first().copied().unwrap_or_default();
        self.prefixes >> first & 1 == 1 && walk(self.national_prefix, national) != 0
    }

    /// The rule for a national prefix: how many digits to take away, and the template of their
    /// replacement.
    #[inline]
    pub(crate) fn strip(&self, national: &[u8]) -> (usize, &'static [u8]) {
        let (len, put) = STRIPS[usize::from(walk(self.national_prefix, national))];
        (usize::from(len), template(put))
    }
}

/// The territory that bears a region's code, by the region's place in `REGIONS`.
pub(crate) fn territory_of(region: u8) -> &'static Territory {
    &TERRITORIES[usize::from(HOMES[usize::from(region)])]
}

fn template(number: u16) -> &'static [u8] {
    let number = usize::from(number);
    &TEMPLATES[usize::from(TEMPLATE_STARTS[number])..usize::from(TEMPLATE_STARTS[number + 1])]
}

/// Fills in a template: `put` gets its bytes, then the digits as characters.
pub(crate) fn fill(template: &[u8], digits: &[u8], mut put: impl FnMut(u8)) {
    let mut rest = template.iter().copied();
    while let Some(byte) = rest.next() {
        if byte < COPY {
            put(byte);
            continue;
        }
        let start = usize::from(byte - COPY);
        let len = usize::from(rest.next().unwrap_or_default());
        let copied = digits.get(start..start + len).unwrap_or_default();
        copied.iter().for_each(|digit| put(b'0' + digit));
    }
}
