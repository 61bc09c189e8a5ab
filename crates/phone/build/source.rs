//! Google's metadata as plain data, from the crate `phonenumber` or from a newer file.
//!
//! Google's own tools derive some values when they compile the metadata. They are derived here: the
//! lengths of a whole territory, the national prefix where only its short form is given, and the
//! rules for writing it.

use std::error::Error;
use std::path::Path;

use phonenumber::metadata::{DATABASE, Database, Descriptor, Format, Metadata};

/// The kinds in the order in which Google tries them, by their places in `NumberKind`. Fixed line
/// and mobile come last and are decided together.
pub(crate) const KINDS: [u8; 10] = [4, 3, 5, 6, 7, 8, 9, 10, 0, 1];

/// One kind of number of a territory.
pub(crate) struct Plan {
    /// The pattern of the whole national number.
    pub(crate) pattern: String,
    /// Bit `n` for length `n`; none means the lengths of the territory.
    pub(crate) lengths: u32,
}

/// How some numbers are written.
pub(crate) struct Style {
    /// Which numbers, and where their groups are.
    pub(crate) pattern: String,
    /// How their first digits look, if that matters.
    pub(crate) leading: Option<String>,
    /// The groups as `$1` and what is written between them.
    pub(crate) format: String,
    /// The format with the national prefix.
    pub(crate) national: String,
}

/// A country or territory, or a calling code that belongs to the world.
pub(crate) struct Territory {
    /// Two letters, or `001`.
    pub(crate) id: String,
    /// The country calling code.
    pub(crate) code: u16,
    /// The prefix that is dialled before an international number.
    pub(crate) international_prefix: Option<String>,
    /// The prefix that may be written before a national number.
    pub(crate) national_prefix: Option<String>,
    /// The replacement of the national prefix, when it has groups.
    pub(crate) transform: Option<String>,
    /// The text in front of an extension.
    pub(crate) extension_prefix: Option<String>,
    /// The pattern of any national number.
    pub(crate) general: String,
    /// The lengths of national numbers, bit `n` for length `n`.
    pub(crate) lengths: u32,
    /// The lengths of numbers that can be dialled only within their area.
    pub(crate) local_lengths: u32,
    /// The kinds, in the order of [`KINDS`].
    pub(crate) plans: Vec<Option<Plan>>,
    /// The first digits that distinguish the territory from others with its code.
    pub(crate) leading: Option<String>,
    /// How numbers are written within the country.
    pub(crate) national_styles: Vec<Style>,
    /// How numbers are written abroad.
    pub(crate) international_styles: Vec<Style>,
}

/// Reads every territory, grouped by calling code in ascending order, the main one of a code
/// first. `file` is Google's `PhoneNumberMetadata.xml`; without it, the crate's copy is taken.
pub(crate) fn territories(file: Option<&Path>) -> Result<Vec<Territory>, Box<dyn Error>> {
    let loaded;
    let database: &Database = match file {
        Some(path) => {
            loaded = Database::load(path).map_err(|e| format!("{}: {e}", path.display()))?;
            &loaded
        }
        None => &DATABASE,
    };
    // By code and not by id, because all codes of the world share one id.
    (1..1000u16)
        .flat_map(|code| database.by_code(&code).unwrap_or_default())
        .map(territory)
        .collect()
}

fn territory(meta: &Metadata) -> Result<Territory, Box<dyn Error>> {
    let d = meta.descriptors();
    // In the order of KINDS.
    let kinds = [
        d.premium_rate(),
        d.toll_free(),
        d.shared_cost(),
        d.voip(),
        d.personal_number(),
        d.pager(),
        d.uan(),
        d.voicemail(),
        d.fixed_line(),
        d.mobile(),
    ];
    // Numbers that cannot be called from abroad are left out of this sum, as Google does.
    let lengths = |pick: fn(&Descriptor) -> &[u16]| {
        kinds.iter().flatten().map(|kind| mask(pick(kind))).fold(0, |sum, mask| sum | mask)
    };
    let national = lengths(Descriptor::possible_length);
    let local = lengths(Descriptor::possible_local_length) & !national;
    let prefix = meta.national_prefix();
    let styles = |formats: &[Format]| formats.iter().map(|format| style(format, prefix)).collect();
    Ok(Territory {
        id: meta.id().to_owned(),
        code: meta.country_code(),
        international_prefix: meta.international_prefix().map(|p| p.as_str().to_owned()),
        national_prefix: meta
            .national_prefix_for_parsing()
            .map(|pattern| pattern.as_str())
            .or(prefix)
            .map(str::to_owned),
        transform: meta.national_prefix_transform_rule().map(str::to_owned),
        extension_prefix: meta.preferred_extension_prefix().map(str::to_owned),
        general: d.general().national_number().as_str().to_owned(),
        lengths: national,
        local_lengths: local,
        plans: kinds.iter().map(|kind| kind.map(plan)).collect(),
        leading: meta.leading_digits().map(|pattern| pattern.as_str().to_owned()),
        national_styles: styles(meta.formats()),
        international_styles: styles(meta.international_formats()),
    })
}

fn plan(descriptor: &Descriptor) -> Plan {
    Plan {
        pattern: descriptor.national_number().as_str().to_owned(),
        lengths: mask(descriptor.possible_length()),
    }
}

fn style(format: &Format, prefix: Option<&str>) -> Style {
    let plain = format.format().to_owned();
    let national = match format.national_prefix() {
        Some(rule) if !rule.is_empty() => with_prefix(&plain, rule, prefix.unwrap_or_default()),
        _ => plain.clone(),
    };
    Style {
        pattern: format.pattern().as_str().to_owned(),
        // The last is the most exact; the others are for typing digit by digit.
        leading: format.leading_digits().last().map(|pattern| pattern.as_str().to_owned()),
        format: plain,
        national,
    }
}

/// Puts the rule in the place of the first group, whichever that is.
fn with_prefix(format: &str, rule: &str, prefix: &str) -> String {
    let Some(at) = format.find('$') else { return format.to_owned() };
    let (before, rest) = format.split_at(at);
    let (group, after) = rest.split_at(2.min(rest.len()));
    let rule = rule.replace("$NP", prefix).replace("$FG", group).replace("$1", group);
    format!("{before}{rule}{after}")
}

fn mask(lengths: &[u16]) -> u32 {
    lengths.iter().filter(|&&len| len < 32).fold(0, |mask, len| mask | 1 << len)
}
