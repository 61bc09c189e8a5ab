//! The fields of the index, and how an entry becomes a document.
//!
//! | field | of | holds |
//! |---|---|---|
//! | `key` | both | the number, doubled, and 1 for organisations |
//! | `organization` | contacts | the organisation's number and 1; 0 without one |
//! | `script` | both | 1 where a person's name has other than Latin letters, else 0 |
//! | `fingerprint` | both | see [`Fingerprint`](crate::Fingerprint) |
//! | `words` | contacts | tokens of names and e-mails, and their prefixes |
//! | `company` | contacts | tokens of the organisation's name, and their prefixes |
//! | `external` | contacts | tokens of external ids, and their prefixes |
//! | `name` | organisations | tokens of their names, and their prefixes |
//! | `exact` | contacts | whole e-mails, identifiers, tags, internal numbers, and numbers in E.164 |
//! | `grams` | contacts | every four digits in a row of every number |
//! | `numbers` | contacts | the numbers themselves, to verify candidates of the grams |
//! | `division` | both | the division's id |
//! | `by_…` | both | folded texts for the order of listings |
//!
//! Nothing is stored: the store has it. Nothing is scored by tantivy either; a term occurs as
//! often as its code says (see `rank`).
//!
//! Values that are only asked for whole (e-mails, identifiers, tags, pairs of neighbours) are in
//! the index as a hash behind their first letter, and numbers in few characters: building the
//! dictionary of terms is the most expensive part of indexing, and its cost grows with the
//! characters.

use crate::entry::{Fnv, Tokens, contact_field, full_name_letters_min, is_full_name, is_pair};
use crate::ranking::rank::{Field, Kind, code, pair_code};
use crate::{Entry, OrganizationEntry};
use carnet_model::SortField;
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field as Column, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

/// Counted up whenever the same contact would give other terms: folding, kinds, codes. An index
/// of another version is thrown away and rebuilt.
const VERSION: u64 = 5;

/// The values of the column `script`.
pub(crate) const LATIN: u64 = 0;
pub(crate) const OTHER_SCRIPT: u64 = 1;

/// Name of the tokenizer that takes terms as this file writes them.
const TERMS: &str = "terms";
/// Digits of a gram.
pub(crate) const GRAM_DIGITS: usize = 4;

/// The texts by which listings are ordered, and the names of their columns.
pub(crate) const SORT_COLUMNS: [(SortField, &str); 7] = [
    (SortField::FirstName, "by_first_name"),
    (SortField::MiddleName, "by_middle_name"),
    (SortField::LastName, "by_last_name"),
    (SortField::Title, "by_title"),
    (SortField::Name, "by_name"),
    (SortField::CompanyType, "by_company_type"),
    (SortField::Industry, "by_industry"),
];

/// The kinds of document. Contacts and organisations share the index, so that one commit has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    Contact = 0,
    Organization = 1,
}

impl DocumentKind {
    /// The key of a number.
    pub(crate) fn key(self, no: u64) -> u64 {
        no << 1 | self as u64
    }

    /// The number of a key, if it is of this kind.
    pub(crate) fn no(self, key: u64) -> Option<u64> {
        (key & 1 == self as u64).then_some(key >> 1)
    }
}

/// Handles of the fields.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    pub(crate) key: Column,
    pub(crate) organization: Column,
    script: Column,
    fingerprint: Column,
    /// By [`Field`].
    tokens: [Column; 4],
    pub(crate) exact: Column,
    pub(crate) grams: Column,
    numbers: Column,
    pub(crate) division: Column,
    sort: [Column; 7],
}

impl Fields {
    pub(crate) fn new() -> Fields {
        let terms = |record| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(TERMS)
                .set_fieldnorms(false)
                .set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let (plain, coded) = (terms(IndexRecordOption::Basic), terms(IndexRecordOption::WithFreqs));
        let mut schema = Schema::builder();
        let key = schema.add_u64_field("key", FAST | INDEXED);
        let organization = schema.add_u64_field("organization", FAST | INDEXED);
        let script = schema.add_u64_field("script", FAST);
        let fingerprint = schema.add_u64_field("fingerprint", FAST);
        let tokens = ["words", "company", "external", "name"]
            .map(|name| schema.add_text_field(name, coded.clone()));
        let exact = schema.add_text_field("exact", plain.clone());
        let grams = schema.add_text_field("grams", plain.clone());
        let numbers = schema.add_u64_field("numbers", FAST);
        let division = schema.add_text_field("division", plain);
        let sort = SORT_COLUMNS
            .map(|(_, name)| schema.add_text_field(name, TextOptions::default().set_fast("raw")));
        let schema = schema.build();
        Fields {
            schema,
            key,
            organization,
            script,
            fingerprint,
            tokens,
            exact,
            grams,
            numbers,
            division,
            sort,
        }
    }

    /// The tantivy field in which tokens of `field` are indexed.
    pub(crate) fn of(&self, field: Field) -> Column {
        self.tokens[field as usize]
    }

    /// A hash of the schema that differs between versions of the index.
    pub(crate) fn hash(&self) -> u64 {
        let mut hash = Fnv::new();
        hash.bytes(&VERSION.to_le_bytes());
        for (_, entry) in self.schema.fields() {
            hash.text(entry.name());
        }
        hash.0
    }

    /// The document of a contact.
    pub(crate) fn contact(&self, no: u64, entry: &Entry) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.key, DocumentKind::Contact.key(no));
        let organization = entry.organization.as_ref();
        document
            .add_u64(self.organization, organization.map_or(0, |(no, _)| no.0.saturating_add(1)));
        document.add_u64(self.script, if entry.is_latin { LATIN } else { OTHER_SCRIPT });
        document.add_u64(self.fingerprint, entry.fingerprint().0);
        for field in [Field::Words, Field::External] {
            self.add_tokens(field, &entry.tokens, contact_field, &mut document);
        }
        if let Some((_, name)) = organization {
            self.add_tokens(Field::Company, &name.tokens, |_| Field::Company, &mut document);
        }
        let mut exact = Terms::default();
        let mut grams = Terms::default();
        for value in &entry.exact {
            exact.add(1, &whole_term(value));
        }
        for number in &entry.numbers {
            document.add_u64(self.numbers, *number);
            exact.add(1, &number_term(*number));
            let digits = number.to_string();
            for start in 0..=digits.len().saturating_sub(GRAM_DIGITS) {
                grams.add(1, &digits[start..(start + GRAM_DIGITS).min(digits.len())]);
            }
        }
        document.add_text(self.exact, exact.0);
        document.add_text(self.grams, grams.0);
        self.add_rest(&entry.division, |field| entry.sort_text(field), &mut document);
        document
    }

    /// The document of an organisation.
    pub(crate) fn an_organization(&self, no: u64, entry: &OrganizationEntry) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.key, DocumentKind::Organization.key(no));
        document.add_u64(self.organization, 0);
        document.add_u64(self.script, LATIN);
        document.add_u64(self.fingerprint, entry.fingerprint().0);
        self.add_tokens(Field::Name, &entry.name.tokens, |_| Field::Name, &mut document);
        self.add_rest(&entry.division, |field| entry.sort_text(field), &mut document);
        document
    }

    fn add_rest<'a>(
        &self,
        division: &str,
        sort_text: impl Fn(SortField) -> Option<&'a str>,
        document: &mut TantivyDocument,
    ) {
        let mut terms = Terms::default();
        terms.add(1, division);
        document.add_text(self.division, terms.0);
        for ((field, _), column) in SORT_COLUMNS.iter().zip(self.sort) {
            if let Some(text) = sort_text(*field) {
                document.add_text(column, text);
            }
        }
    }

    /// Writes the tokens of one field and their prefixes, each term once with its code.
    fn add_tokens(
        &self,
        field: Field,
        tokens: &Tokens,
        field_of: impl Fn(Kind) -> Field,
        document: &mut TantivyDocument,
    ) {
        let mut begun: Vec<(&str, bool, Kind)> = Vec::with_capacity(64);
        for (token, kind) in tokens.iter().filter(|(_, kind)| field_of(*kind) == field) {
            begun.push((token, true, kind));
            if !kind.is_pair() {
                // The whole token is a term by itself, so that the prefixes end before its last
                // character.
                let first = if is_full_name(token) { 1 + full_name_letters_min(token) } else { 1 };
                let ends = token.char_indices().skip(first).map(|(end, _)| end);
                let ends = ends.take(field.prefix_chars_max());
                begun.extend(ends.map(|end| (&token[..end], false, kind)));
            }
        }
        begun.sort_unstable();
        let mut terms = Terms::default();
        for same in begun.chunk_by(|a, b| a.0 == b.0) {
            let (text, _, kind) = same[0];
            if is_pair(text) {
                terms.add(pair_code(kind), &whole_term(text));
                continue;
            }
            // Kinds are ordered from the best on.
            let best = |whole| same.iter().filter(|t| t.1 == whole).map(|t| t.2).min();
            terms.add(code(field, best(true), best(false)), text);
        }
        if !terms.0.is_empty() {
            document.add_text(self.of(field), terms.0);
        }
    }
}

/// Characters of the longest number, and so of any hash: nearly 63 bits.
const CHARACTERS_MAX: usize = 9;
/// Characters of the hash of a whole value. A value would be taken for another with the same hash;
/// with 10 million contacts that happens to fewer than one search in a billion.
const VALUE_CHARS: usize = 8;
/// Characters of the hash of a pair, of which a contact has several: one search in 50,000 for two
/// words that are neighbours nowhere finds a contact in which two others are.
const PAIR_CHARS: usize = 6;

/// The term of a value that is only asked for whole: its first letter, which is its kind, and a
/// hash.
pub(crate) fn whole_term(text: &str) -> String {
    let mut hash = Fnv::new();
    hash.bytes(text.as_bytes());
    let mut term = String::with_capacity(1 + CHARACTERS_MAX);
    term.extend(text.chars().next());
    push_characters(&mut term, hash.0, if is_pair(text) { PAIR_CHARS } else { VALUE_CHARS });
    term
}

/// The term of a number.
pub(crate) fn number_term(number: u64) -> String {
    let mut term = String::with_capacity(10);
    term.push('n');
    // Six characters hold 12 digits; every number is written in one way only.
    push_characters(&mut term, number, if number < NUMBER_SHORT_END { 6 } else { CHARACTERS_MAX });
    term
}

/// The first number that six characters cannot hold.
const NUMBER_SHORT_END: u64 = 127_u64.pow(6);

/// Writes a number in base 127, without NUL; what does not fit is cut off in front.
fn push_characters(term: &mut String, mut number: u64, count: usize) {
    let mut characters = [1; CHARACTERS_MAX];
    for place in characters.iter_mut().rev() {
        *place = u8::try_from(number % 127).unwrap_or(0) + 1;
        number /= 127;
    }
    term.extend(characters[CHARACTERS_MAX - count..].iter().map(|byte| char::from(*byte)));
}

/// Terms on their way to the tokenizer: for each a character for its code, the term, and NUL.
#[derive(Default)]
struct Terms(String);

/// The character of code 0.
const CODE_ZERO: u8 = b'@';

impl Terms {
    fn add(&mut self, code: u8, term: &str) {
        self.0.push(char::from(CODE_ZERO + code));
        self.0.push_str(term);
        self.0.push('\0');
    }
}

/// The tokenizer that reads [`Terms`].
pub(crate) fn tokenizer() -> (&'static str, TextAnalyzer) {
    (TERMS, TextAnalyzer::from(TermsTokenizer::default()))
}

#[derive(Clone, Default)]
struct TermsTokenizer {
    token: Token,
}

struct TermsStream<'a> {
    rest: &'a str,
    /// How many more times the present term is emitted.
    times: u8,
    token: &'a mut Token,
}

impl Tokenizer for TermsTokenizer {
    type TokenStream<'a> = TermsStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermsStream<'a> {
        self.token.reset();
        TermsStream { rest: text, times: 0, token: &mut self.token }
    }
}

impl TokenStream for TermsStream<'_> {
    fn advance(&mut self) -> bool {
        if self.times == 0 {
            let Some((term, rest)) = self.rest.split_once('\0') else { return false };
            let (code, term) = term.split_at(1);
            self.rest = rest;
            // tantivy counts occurrences: emitting the term `code` times stores the code.
            self.times = code.as_bytes()[0] - CODE_ZERO;
            self.token.text.clear();
            self.token.text.push_str(term);
        }
        self.times -= 1;
        // Positions are not indexed, so that they may start again.
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_occurs_as_often_as_its_code_says() {
        let mut terms = Terms::default();
        terms.add(2, "anna");
        terms.add(1, "zürich b");
        let mut tokenizer = TermsTokenizer::default();
        let mut seen = Vec::new();
        tokenizer.token_stream(&terms.0).process(&mut |token| seen.push(token.text.clone()));
        assert_eq!(seen, ["anna", "anna", "zürich b"]);
    }

    #[test]
    fn contacts_and_organisations_have_keys_of_their_own() {
        assert_ne!(DocumentKind::Contact.key(7), DocumentKind::Organization.key(7));
        assert_eq!(DocumentKind::Contact.no(DocumentKind::Contact.key(7)), Some(7));
        assert_eq!(DocumentKind::Organization.no(DocumentKind::Contact.key(7)), None);
    }
}
