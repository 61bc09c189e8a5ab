//! Entries: the searchable part of a contact or an organisation. Folded tokens, numbers, sort keys.
//! Made once a change; the overlay matches it as it is, and the index gets its terms from it.

use crate::analysis::analyzer::Forms;
use crate::analysis::east_asian::korean;
use crate::analysis::fold::{exact, joined, parts, sort_key};
use crate::analysis::script::{Script, is_all_east_asian};
use crate::analysis::spellings::combined;
use crate::ranking::rank::{Field, Kind};
use carnet_model::limits::QUERY_CHARS_MAX;
use carnet_model::{
    Contact, CustomFields, Organization, OrganizationNo, SortField, fold_email, large_whole,
};
use carnet_phone::E164;
use serde_json::Value;
use std::sync::Arc;

/// The first character of a pair, so that no prefix and no typing error matches it.
pub(crate) const PAIR: char = '\u{1}';
/// The first character of a full name that is written without a blank. These tokens have room of their
/// own among the terms: with typing errors only the names themselves are asked for, whose number does
/// not grow with every pair of a first and a last name.
pub(crate) const FULL: char = '\u{2}';
/// Latin letters of the shortest beginning by which a full name is found. A shorter one is hardly
/// longer than the name that stands in front, by which the same contacts are found.
const FULL_LATIN_MIN: usize = 4;
/// The same in the letters of East Asia.
const FULL_EAST_ASIAN_MIN: usize = 2;
/// Characters of a name that is also kept as one token without its gaps.
const JOINED_CHARS_MAX: usize = 64;
/// Latin spellings of a full name without a blank: as its bearer writes it, and the other way round.
/// Each is up to eight more terms of the index.
const FULL_SPELLINGS_MAX: usize = 4;
const TURNED_SPELLINGS_MAX: usize = 2;
/// More of them for each order, of the first custom and of the rule.
const FULL_BY_RULE_MAX: usize = 4;
/// Spellings of a full name in its own letters: a name has one of them, or two.
const FULL_OWN_MAX: usize = 4;

/// Tokens in one block of text, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// A bit for the beginning of each token, see [`beginning`]: for most tokens that are not here
    /// one look at these is enough.
    begins: [u64; 2],
    text: Box<str>,
    /// The end of each token in `text`, and its kind.
    ends: Box<[(u32, Kind)]>,
}

impl Tokens {
    /// Keeps the best kind of each token.
    fn new(mut tokens: Vec<(String, Kind)>) -> Tokens {
        // Kinds are ordered from the best on, so that the first of equal tokens is kept.
        tokens.sort_unstable();
        tokens.dedup_by(|later, kept| {
            let same_field = (later.1 == Kind::External) == (kept.1 == Kind::External);
            later.0 == kept.0 && same_field
        });
        let mut begins = [0; 2];
        for (token, _) in &tokens {
            for (begins, bit) in begins.iter_mut().zip(beginning(token)) {
                *begins |= bit;
            }
        }
        let mut text = String::with_capacity(tokens.iter().map(|(token, _)| token.len()).sum());
        let mut ends = Vec::with_capacity(tokens.len());
        for (token, kind) in tokens {
            text.push_str(&token);
            // A contact's texts are bounded to some hundred kilobytes by the model's limits; a
            // contact beyond 4 GiB is cut.
            let Ok(end) = u32::try_from(text.len()) else { break };
            ends.push((end, kind));
        }
        Tokens { begins, text: text.into(), ends: ends.into() }
    }

    /// Whether a token might begin with `text`; false is certain.
    #[inline]
    pub(crate) fn may_begin(&self, text: &str) -> bool {
        let [one, two] = beginning(text);
        self.begins[0] & one != 0 && (text.len() < 2 || self.begins[1] & two != 0)
    }

    /// Every token and its kind.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Kind)> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, kind)| {
            let token = &self.text[start..end as usize];
            start = end as usize;
            (token, kind)
        })
    }
}

/// One bit of 64 for the first byte of a text, and one for the first two.
#[inline]
fn beginning(text: &str) -> [u64; 2] {
    let mut bytes = text.bytes();
    let first = bytes.next().unwrap_or(0);
    let second = bytes.next().unwrap_or(0);
    let both = u16::from_le_bytes([first, second]).wrapping_mul(0x9e37) >> 10;
    [1 << (first & 63), 1 << both]
}

/// One bit of 64 for four digits.
#[inline]
pub(crate) fn gram_bit(gram: u64) -> u64 {
    // The multiplication spreads neighbouring grams over all 64 bits.
    1 << (gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

/// The bits of every four digits in a row of a number.
fn gram_bits(mut number: u64) -> u64 {
    let mut bits = 0;
    // Below this fewer than four digits are left.
    while number >= 1_000 {
        bits |= gram_bit(number % 10_000);
        number /= 10;
    }
    bits
}

/// The term of two neighbours.
pub(crate) fn pair(first: &str, second: &str) -> String {
    format!("{PAIR}{first} {second}")
}

/// The token of a full name.
pub(crate) fn full_name(text: &str) -> String {
    format!("{FULL}{text}")
}

/// Letters of the shortest beginning by which the full name `text` is found.
pub(crate) fn full_name_letters_min(text: &str) -> usize {
    if text.is_ascii() { FULL_LATIN_MIN } else { FULL_EAST_ASIAN_MIN }
}

/// Whether a token is a full name.
pub(crate) fn is_full_name(token: &str) -> bool {
    token.starts_with(FULL)
}

/// Whether a token is one of two neighbours.
pub(crate) fn is_pair(token: &str) -> bool {
    token.starts_with(PAIR)
}

/// Whether a name has no letters but Latin ones.
fn is_latin(name: &str) -> bool {
    name.is_ascii() || Script::of(name) == Script::Latin
}

/// Adds the tokens of a name: every part of it, words that have gaps (`O'Brien`) without them,
/// and the whole of it without gaps as `whole`. `forms` makes those of a part.
fn add_name(
    name: &str,
    part_kind: Kind,
    whole: Kind,
    forms: fn(&str) -> Forms,
    tokens: &mut Vec<(String, Kind)>,
) {
    let mut add = |text: &str, kind| {
        let Forms { own, by_rule, customary, .. } = forms(text);
        let all = own.into_iter().chain(by_rule).chain(customary);
        tokens.extend(all.map(|form| (form, kind)));
    };
    let joined = joined(name);
    let is_short = joined.chars().nth(JOINED_CHARS_MAX).is_none();
    if joined.is_empty() {
        return;
    }
    // Most names have one part, which is the whole of them.
    if is_short && parts(name).nth(1).is_none() {
        add(&joined, whole);
        return;
    }
    for word in name.split_whitespace() {
        let mut count = 0;
        for part in parts(word) {
            add(part, part_kind);
            count += 1;
        }
        if count > 1 {
            add(&parts(word).collect::<String>(), part_kind);
        }
    }
    if is_short {
        add(&joined, whole);
    }
}

/// Adds the full name of somebody whose name is written without a blank, in both orders: 山田太郎,
/// yamadataro as the last name that it begins with, 太郎山田 as the first name. Nothing where a part is
/// of another script.
fn add_full_name(first: &str, last: &str, tokens: &mut Vec<(String, Kind)>) {
    if !is_all_east_asian(first) || !is_all_east_asian(last) {
        return;
    }
    let (first, last) = (joined(first), joined(last));
    if first.chars().count() + last.chars().count() > JOINED_CHARS_MAX {
        return;
    }
    let (first, last) = (Forms::of_name(&first), Forms::of_name(&last));
    let mut add = |texts: Vec<String>, kind| {
        tokens.extend(texts.into_iter().map(|text| (full_name(&text), kind)));
    };
    add(combined(&[&last.own, &first.own], FULL_OWN_MAX), Kind::LastExact);
    add(combined(&[&first.own, &last.own], FULL_OWN_MAX), Kind::First);
    // Behind those who are called so in Latin letters: `lina` is Lina before it is 李娜.
    add(in_latin(&last, &first, FULL_SPELLINGS_MAX), Kind::Middle);
    add(in_latin(&first, &last, TURNED_SPELLINGS_MAX), Kind::Middle);
}

/// The Latin spellings of two names one behind the other: `max` of the customary ones, and of Korean
/// ones those by rule, which are official: `kimchulsoo`, `kimcheolsu`, `gimcheolsu`.
fn in_latin(one: &Forms, other: &Forms, max: usize) -> Vec<String> {
    let rows = [one, other].map(|forms| forms.latin().cloned().collect::<Vec<String>>());
    let [one_row, other_row] = &rows;
    let mut all = combined(&[one_row, other_row], max);
    let both = |forms: &Forms| {
        let rule = forms.own.first().and_then(|own| korean(own));
        forms.latin().next().cloned().into_iter().chain(rule).collect::<Vec<String>>()
    };
    for text in combined(&[&both(one), &both(other)], FULL_BY_RULE_MAX) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// Adds the pairs of neighbours in a row of parts.
fn add_pairs<'a>(row: impl Iterator<Item = &'a str>, kind: Kind, out: &mut Vec<(String, Kind)>) {
    let row: Vec<Forms> = row.map(Forms::of_name).collect();
    for two in row.windows(2) {
        for first in paired(&two[0]) {
            out.extend(paired(&two[1]).map(|second| (pair(first, second), kind)));
        }
    }
}

/// The forms of which pairs are made: of the customary ones the first, because every form of a part
/// is paired with every one of its neighbour.
pub(crate) fn paired(forms: &Forms) -> impl Iterator<Item = &String> {
    forms.own.iter().chain(&forms.by_rule).chain(forms.customary.first())
}

/// An organisation's name as search sees it: folded tokens, shared by the entries of all its
/// contacts. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationName {
    pub(crate) tokens: Arc<Tokens>,
}

impl OrganizationName {
    /// Folds a name.
    pub fn new(name: &str) -> OrganizationName {
        let mut tokens = Vec::new();
        let (part, whole) = (Kind::Organization, Kind::OrganizationExact);
        add_name(name, part, whole, Forms::of_word, &mut tokens);
        add_pairs(parts(name), Kind::OrganizationPair, &mut tokens);
        OrganizationName { tokens: Arc::new(Tokens::new(tokens)) }
    }

    pub(crate) fn hash(&self) -> u64 {
        let mut hash = Fnv::new();
        hash.tokens(&self.tokens);
        hash.0
    }
}

/// A contact as search sees it. It holds what the index holds, and nothing else of the contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(crate) tokens: Tokens,
    /// Whole values, each behind a letter for its sort: see [`exact_email`], [`exact_tag`] and
    /// [`exact_internal`].
    pub(crate) exact: Box<[Box<str>]>,
    /// Numbers in E.164, ascending, each once.
    pub(crate) numbers: Box<[u64]>,
    /// A bit for every four digits in a row of them, see [`gram_bit`].
    pub(crate) grams: u64,
    pub(crate) organization: Option<(OrganizationNo, OrganizationName)>,
    pub(crate) division: Box<str>,
    /// Whether no name has letters other than Latin ones.
    pub(crate) is_latin: bool,
    /// First, middle and last name, and title.
    sort: [Option<Box<str>>; 4],
}

/// The term of a whole e-mail; `value` comes from [`fold_email`].
pub(crate) fn exact_email(value: &str) -> String {
    format!("e{value}")
}

/// The term of a whole identifier or tag; `value` comes from [`exact`].
pub(crate) fn exact_tag(value: &str) -> String {
    format!("t{value}")
}

/// The term of a whole identifier or tag of an organisation: another letter, because the index has the
/// whole values of contacts and organisations in one column.
pub(crate) fn exact_organization_tag(value: &str) -> String {
    format!("o{value}")
}

/// The term of an internal number, all of its digits.
pub(crate) fn exact_internal(digits: &str) -> String {
    format!("i{digits}")
}

impl Entry {
    /// Reduces a contact. `organization` is the one that it belongs to, and that one's name.
    pub fn new(
        contact: &Contact,
        organization: Option<(OrganizationNo, &OrganizationName)>,
    ) -> Entry {
        let mut tokens = Vec::with_capacity(24);
        let mut whole = Vec::new();
        let [first, middle, last] =
            [&contact.first_name, &contact.middle_name, &contact.last_name].map(Option::as_deref);
        for (name, part, whole) in [
            (first, Kind::First, Kind::First),
            (middle, Kind::Middle, Kind::Middle),
            (last, Kind::Last, Kind::LastExact),
        ] {
            add_name(name.unwrap_or_default(), part, whole, Forms::of_name, &mut tokens);
        }
        if let (Some(first), Some(last)) = (first, last) {
            add_full_name(first, last, &mut tokens);
        }
        let row = |names: &[Option<&'_ str>], tokens: &mut Vec<(String, Kind)>| {
            let row = names.iter().flatten().flat_map(|name| parts(name));
            add_pairs(row, Kind::NamePair, tokens);
        };
        row(&[first, middle, last], &mut tokens);
        // People are also called without their middle name.
        if middle.is_some() {
            row(&[first, last], &mut tokens);
        }
        for email in contact.emails() {
            let email = fold_email(email);
            add_pairs(parts(&email), Kind::EmailPair, &mut tokens);
            for part in parts(&email) {
                let forms = Forms::of_word(part);
                tokens.extend(forms.all().map(|form| (form.clone(), Kind::Email)));
            }
            whole.push(exact_email(&email));
        }
        for id in &contact.external_ids {
            add_external(&id.value, &mut tokens);
        }
        if let Some(fields) = &contact.custom_fields {
            add_custom(fields, exact_tag, &mut whole);
        }
        let internal = contact.internal_numbers();
        whole.extend(internal.map(|digits| exact_internal(&digits)));
        let sort = [first, middle, last, contact.title.as_deref()];
        let numbers: Box<[u64]> = contact.numbers().into_iter().map(E164::digits).collect();
        Entry {
            grams: numbers.iter().fold(0, |bits, number| bits | gram_bits(*number)),
            numbers,
            tokens: Tokens::new(tokens),
            exact: exact_values(whole),
            organization: organization.map(|(no, name)| (no, name.clone())),
            division: contact.division.id.as_str().into(),
            is_latin: [first, middle, last].into_iter().flatten().all(is_latin),
            sort: sort.map(|text| text.and_then(sort_key)),
        }
    }

    /// A hash of everything that the index holds of this contact: equal entries have equal ones,
    /// and others almost never (64 bits, 24 of them for the organisation's name).
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Fnv::new();
        hash.tokens(&self.tokens);
        for value in &self.exact {
            hash.text(value);
        }
        for number in &self.numbers {
            hash.bytes(&number.to_le_bytes());
        }
        hash.text(&self.division);
        for key in &self.sort {
            hash.optional(key.as_deref());
        }
        if let Some((no, _)) = &self.organization {
            hash.bytes(&no.0.to_le_bytes());
        }
        hash.bytes(&[u8::from(self.is_latin)]);
        let name = self.organization.as_ref().map(|(_, name)| name);
        Fingerprint(hash.0).with_name(name)
    }

    /// The folded text by which listings are ordered, if the contact has one.
    pub(crate) fn sort_text(&self, field: SortField) -> Option<&str> {
        let at = match field {
            SortField::FirstName => 0,
            SortField::MiddleName => 1,
            SortField::LastName => 2,
            SortField::Title => 3,
            _ => return None,
        };
        self.sort[at].as_deref()
    }
}

/// An external id is found by its beginning, gaps set aside; so are the words of one that has
/// several.
fn add_external(value: &str, tokens: &mut Vec<(String, Kind)>) {
    let mut add = |text: &str| {
        let joined = joined(text);
        if !joined.is_empty() {
            let forms = Forms::of_word(&joined);
            tokens.extend(forms.all().map(|form| (form.clone(), Kind::External)));
        }
    };
    add(value);
    for word in value.split_whitespace() {
        add(word);
    }
}

/// Custom fields of type identifier or tag, known by the end of their keys, are found by their
/// whole values: text, a number, or a list of them.
fn add_custom(fields: &CustomFields, term: fn(&str) -> String, whole: &mut Vec<String>) {
    let mut add = |value: &Value| match value {
        // A whole number beyond 64 bits is a text with a mark, which no query has.
        Value::String(text) => {
            whole.push(term(&exact(large_whole(value).unwrap_or(text))));
        }
        Value::Number(number) => whole.push(term(&number.to_string())),
        _ => {}
    };
    for (key, value) in fields {
        if key.ends_with("_identifier") || key.ends_with("_tag") {
            match value {
                Value::Array(values) => values.iter().for_each(&mut add),
                value => add(value),
            }
        }
    }
}

/// Whole values, sorted, without those that no query finds: longer than any query, or with a NUL,
/// which separates terms on their way into the index.
fn exact_values(mut whole: Vec<String>) -> Box<[Box<str>]> {
    whole.retain(|value| value.len() <= 4 * QUERY_CHARS_MAX && !value.contains('\0'));
    whole.sort_unstable();
    whole.dedup();
    whole.into_iter().map(String::into_boxed_str).collect()
}

/// An organisation as search sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationEntry {
    pub(crate) name: OrganizationName,
    /// Whole identifiers and tags of its custom fields, see [`exact_organization_tag`].
    pub(crate) exact: Box<[Box<str>]>,
    pub(crate) division: Box<str>,
    /// Name, company type, industry.
    sort: [Option<Box<str>>; 3],
}

impl OrganizationEntry {
    /// Reduces an organisation.
    pub fn new(organization: &Organization) -> OrganizationEntry {
        let sort = [
            Some(organization.name.as_str()),
            organization.company_type.as_deref(),
            organization.industry.as_deref(),
        ];
        let mut whole = Vec::new();
        if let Some(fields) = &organization.custom_fields {
            add_custom(fields, exact_organization_tag, &mut whole);
        }
        OrganizationEntry {
            name: OrganizationName::new(&organization.name),
            exact: exact_values(whole),
            division: organization.division.id.as_str().into(),
            sort: sort.map(|text| text.and_then(sort_key)),
        }
    }

    /// Its name, to share with the entries of its contacts.
    pub fn name(&self) -> &OrganizationName {
        &self.name
    }

    /// A hash of everything that the index holds of this organisation.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Fnv::new();
        hash.tokens(&self.name.tokens);
        for value in &self.exact {
            hash.text(value);
        }
        hash.text(&self.division);
        for key in &self.sort {
            hash.optional(key.as_deref());
        }
        Fingerprint(hash.0)
    }

    /// The folded text by which listings are ordered, if the organisation has one.
    pub(crate) fn sort_text(&self, field: SortField) -> Option<&str> {
        let at = match field {
            SortField::Name => 0,
            SortField::CompanyType => 1,
            SortField::Industry => 2,
            _ => return None,
        };
        self.sort[at].as_deref()
    }
}

/// A hash of everything that the index holds of a contact or an organisation, to prove that index
/// and store agree. The index keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub(crate) u64);

impl Fingerprint {
    const NAME_BITS: u64 = (1 << 24) - 1;

    /// The fingerprint of the contact with its organisation under another name. Those bits are
    /// separate, because an organisation in the overlay renames contacts that do not change in the
    /// index.
    pub(crate) fn with_name(self, name: Option<&OrganizationName>) -> Fingerprint {
        let name = name.map_or(0, |name| name.hash() >> 40);
        Fingerprint((self.0 & !Self::NAME_BITS) | (name & Self::NAME_BITS))
    }
}

/// FNV-1a with 64 bits: written out here because fingerprints are kept on disk, and the standard
/// library's hashes may change with the compiler.
pub(crate) struct Fnv(pub(crate) u64);

impl Fnv {
    pub(crate) fn new() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// A text and its end.
    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        // No byte of UTF-8 is 0xff, so two texts in a row never look like another two.
        self.bytes(&[0xff]);
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.bytes(&[0xfe]),
        }
    }

    fn tokens(&mut self, tokens: &Tokens) {
        for (token, kind) in tokens.iter() {
            self.text(token);
            self.bytes(&[kind as u8]);
        }
    }
}

/// The field of a contact for tokens of a kind.
pub(crate) fn contact_field(kind: Kind) -> Field {
    if kind == Kind::External { Field::External } else { Field::Words }
}

#[cfg(test)]
#[path = "entry/tests.rs"]
mod tests;
