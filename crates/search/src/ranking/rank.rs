//! Scores of matches. One set of tables ranks the documents of the index and the entries of the
//! overlay; scores are whole numbers, so that sums are exact in any order.
//!
//! In the index a term has, in place of its frequency, a *code*: the best kind of match it is in
//! that document, as a whole and as a prefix. So one posting list answers whether a word matches
//! and how well.

/// The score of a match: the sum over the words of a text.
pub(crate) type Score = u32;

/// The text reads as the number, in the default region or with its own country code.
pub(crate) const NUMBER: Score = 1_000;
/// Digits without `+` read as a number that begins with its country code.
pub(crate) const NUMBER_ABROAD: Score = 990;
/// A whole e-mail, or an identifier or tag among the custom fields.
pub(crate) const EXACT: Score = 1_000;
/// An internal number of the house: before the number of a country that the digits may be, too.
pub(crate) const INTERNAL: Score = 1_010;
/// With a first name it is worth more than two parts of a last name (`angelo russo` is Angelo
/// Russo before Antonio Russo-D'Angelo); with an organisation's name less than a first name and
/// the beginning of a last name (`robert smit` is Robert Smith before Jean Robert of Smit & Co).
pub(crate) const LAST_EXACT: Score = 104;
const LAST_WHOLE: Score = 90;
const FIRST_WHOLE: Score = 80;
const MIDDLE_WHOLE: Score = 70;
const LAST_PREFIX: Score = 60;
const FIRST_PREFIX: Score = 50;
const MIDDLE_PREFIX: Score = 40;
const COMPANY_WHOLE: Score = 35;
const COMPANY_PREFIX: Score = 30;
const EMAIL_PART: Score = 25;
const EXTERNAL_WHOLE: Score = 22;
const EXTERNAL_PREFIX: Score = 20;
/// The beginning of a stored number, with its country code or as one of the default region.
pub(crate) const BEGUN_DIGITS: Score = 15;
/// Digits inside a stored number.
pub(crate) const INNER_DIGITS: Score = 10;
/// A word of another script than Latin is worth this much more in its own letters than in Latin
/// ones: more than any token, so that the script that was typed comes first.
pub(crate) const OWN_SCRIPT: Score = 200;
/// Another spelling of the same name is worth this much less than the one that was typed: as much as
/// any token, and less than [`OWN_SCRIPT`], so that a Latin name comes before one of another script.
pub(crate) const OTHER_SPELLING: Score = LAST_EXACT;
/// All scores of a token, ascending.
pub(crate) const WEIGHTS: [Score; 12] = [
    EXTERNAL_PREFIX,
    EXTERNAL_WHOLE,
    EMAIL_PART,
    COMPANY_PREFIX,
    COMPANY_WHOLE,
    MIDDLE_PREFIX,
    FIRST_PREFIX,
    LAST_PREFIX,
    MIDDLE_WHOLE,
    FIRST_WHOLE,
    LAST_WHOLE,
    LAST_EXACT,
];
/// The cost of a typing error: more than the highest score of a text, so that nearer texts always
/// come first.
pub(crate) const ERROR_STEP: Score = 1 << 15;
/// Typing errors that are forgiven in one word at most.
pub(crate) const NEAR_ERRORS_MAX: Score = 2;

/// Characters of the longest prefix that is a term of its own; longer ones are looked for in the
/// dictionary of terms.
pub(crate) const PREFIX_CHARS_MAX: usize = 8;
/// Characters of the longest prefix of an external id that is a term of its own: thousands of them
/// may have a common beginning.
pub(crate) const EXTERNAL_PREFIX_CHARS_MAX: usize = 24;

/// The place of a token. The index has a field for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Names and e-mails of a contact.
    Words,
    /// The name of a contact's organisation.
    Company,
    /// External ids of a contact.
    External,
    /// The name of an organisation, on the organisation itself.
    Name,
}

impl Field {
    /// Characters of the longest prefix that is a term of its own.
    pub(crate) fn prefix_chars_max(self) -> usize {
        match self {
            Field::External => EXTERNAL_PREFIX_CHARS_MAX,
            _ => PREFIX_CHARS_MAX,
        }
    }
}

/// The kind of a token. In each group the better kind comes first, whole and as a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The whole last name.
    LastExact,
    /// A part of the last name.
    Last,
    /// The first name or a part of it.
    First,
    /// The middle name or a part of it.
    Middle,
    /// Two neighbours in the names of a person.
    NamePair,
    /// A part of an e-mail.
    Email,
    /// Two neighbours in an e-mail.
    EmailPair,
    /// An external id or a part of it.
    External,
    /// An organisation's whole name.
    OrganizationExact,
    /// A part of an organisation's name.
    Organization,
    /// Two neighbours in an organisation's name.
    OrganizationPair,
}

impl Kind {
    /// The score of a token of this kind in `field` when all of it was typed.
    pub(crate) const fn whole(self, field: Field) -> Score {
        match (field, self) {
            (Field::Words, Kind::LastExact) => LAST_EXACT,
            (Field::Words, Kind::Last | Kind::NamePair) => LAST_WHOLE,
            (Field::Words, Kind::First) => FIRST_WHOLE,
            (Field::Words, Kind::Middle) => MIDDLE_WHOLE,
            (Field::Words, _) => EMAIL_PART,
            (Field::External, _) => EXTERNAL_WHOLE,
            (Field::Company, _) => COMPANY_WHOLE,
            (Field::Name, Kind::OrganizationExact) => LAST_EXACT,
            (Field::Name, _) => LAST_WHOLE,
        }
    }

    /// The score of a token of this kind in `field` when its beginning was typed.
    pub(crate) const fn prefix(self, field: Field) -> Score {
        match (field, self) {
            (Field::Words, Kind::LastExact | Kind::Last) => LAST_PREFIX,
            (Field::Words, Kind::First) => FIRST_PREFIX,
            (Field::Words, Kind::Middle) => MIDDLE_PREFIX,
            (Field::Words, _) => EMAIL_PART,
            (Field::External, _) => EXTERNAL_PREFIX,
            (Field::Company, _) => COMPANY_PREFIX,
            (Field::Name, _) => LAST_PREFIX,
        }
    }

    /// Pairs are matched whole, and have no prefixes.
    pub(crate) const fn is_pair(self) -> bool {
        matches!(self, Kind::NamePair | Kind::EmailPair | Kind::OrganizationPair)
    }

    /// The kind that has the same score as a prefix, so that both share a code.
    const fn as_prefix(self) -> Kind {
        match self {
            Kind::LastExact => Kind::Last,
            Kind::OrganizationExact => Kind::Organization,
            kind => kind,
        }
    }
}

/// The matches of a term in one document: the best kind of token that it is as a whole, and the
/// best of which it is a prefix.
type Best = (Option<Kind>, Option<Kind>);

/// The codes of a field, from 1. A code is written as that many occurrences, so that frequent
/// ones have small numbers.
const WORD_CODES: &[Best] = &[
    (None, Some(Kind::Email)),
    (None, Some(Kind::Last)),
    (None, Some(Kind::First)),
    (Some(Kind::Email), None),
    (Some(Kind::LastExact), None),
    (Some(Kind::First), None),
    (None, Some(Kind::Middle)),
    (Some(Kind::Email), Some(Kind::First)),
    (Some(Kind::Email), Some(Kind::Last)),
    (Some(Kind::Middle), None),
    (Some(Kind::Last), None),
    (Some(Kind::Email), Some(Kind::Middle)),
];
const NAME_CODES: &[Best] = &[
    (None, Some(Kind::Organization)),
    (Some(Kind::Organization), None),
    (Some(Kind::OrganizationExact), None),
];
const EXTERNAL_CODES: &[Best] = &[(None, Some(Kind::External)), (Some(Kind::External), None)];

const fn codes(field: Field) -> &'static [Best] {
    match field {
        Field::Words => WORD_CODES,
        Field::Company | Field::Name => NAME_CODES,
        Field::External => EXTERNAL_CODES,
    }
}

/// The code of a term that is `whole` and begins `prefix`; at least one of them is something.
pub(crate) fn code(field: Field, whole: Option<Kind>, prefix: Option<Kind>) -> u8 {
    let prefix = prefix.map(Kind::as_prefix);
    let best = match (whole, prefix) {
        // A part of an e-mail is the only whole token with a lower score than a prefix of a name.
        (Some(Kind::Email), Some(Kind::Email) | None) => (Some(Kind::Email), None),
        (Some(Kind::Email), better) => (Some(Kind::Email), better),
        (Some(whole), _) => (Some(whole), None),
        (None, prefix) => (None, prefix),
    };
    let at = codes(field).iter().position(|code| *code == best);
    debug_assert!(at.is_some(), "{best:?} has no code");
    // A table has fewer than 16 rows.
    u8::try_from(at.unwrap_or(0) + 1).unwrap_or(1)
}

/// The code of a pair. Pairs have terms of their own, and so codes of their own: small ones,
/// because pairs are many.
pub(crate) fn pair_code(kind: Kind) -> u8 {
    if kind == Kind::NamePair { 2 } else { 1 }
}

/// The scores of the codes of pairs in `field`.
pub(crate) fn pair_weights(field: Field) -> &'static Weights {
    const WORDS: Weights = pairs(Field::Words, [Kind::EmailPair, Kind::NamePair]);
    const COMPANY: Weights = pairs(Field::Company, [Kind::OrganizationPair; 2]);
    const NAME: Weights = pairs(Field::Name, [Kind::OrganizationPair; 2]);
    match field {
        Field::Company => &COMPANY,
        Field::Name => &NAME,
        // External ids have no pairs.
        Field::Words | Field::External => &WORDS,
    }
}

const fn pairs(field: Field, kinds: [Kind; 2]) -> Weights {
    let mut weights = [0; 16];
    weights[1] = kinds[0].whole(field);
    weights[2] = kinds[1].whole(field);
    weights
}

/// The score of each code for one way of asking; 0 where it does not match.
pub(crate) type Weights = [Score; 16];

/// The ways to ask for a term of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The term, as a whole or as a prefix.
    Begun,
    /// The term as a whole.
    Whole,
    /// A longer whole term than what was typed.
    Longer,
}

/// The table for one way of asking.
pub(crate) fn weights(field: Field, asked: Asked) -> &'static Weights {
    const FIELDS: [Field; 4] = [Field::Words, Field::Company, Field::External, Field::Name];
    const BEGUN: [Weights; 4] = tables(&FIELDS, Asked::Begun);
    const WHOLE: [Weights; 4] = tables(&FIELDS, Asked::Whole);
    const LONGER: [Weights; 4] = tables(&FIELDS, Asked::Longer);
    let tables = match asked {
        Asked::Begun => &BEGUN,
        Asked::Whole => &WHOLE,
        Asked::Longer => &LONGER,
    };
    &tables[field as usize]
}

const fn tables(fields: &[Field; 4], asked: Asked) -> [Weights; 4] {
    let mut tables = [[0; 16]; 4];
    let mut at = 0;
    while at < fields.len() {
        let field = fields[at];
        let codes = codes(field);
        let mut code = 0;
        while code < codes.len() {
            let (whole, prefix) = codes[code];
            let as_whole = match whole {
                Some(kind) => kind.whole(field),
                None => 0,
            };
            let begun = match prefix {
                Some(kind) => kind.prefix(field),
                None => 0,
            };
            tables[at][code + 1] = match asked {
                Asked::Begun if begun > as_whole => begun,
                Asked::Begun | Asked::Whole => as_whole,
                Asked::Longer => match whole {
                    Some(kind) => kind.prefix(field),
                    None => 0,
                },
            };
            code += 1;
        }
        at += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::limits::QUERY_WORDS_MAX;

    #[test]
    fn a_better_kind_is_better_whole_and_begun() {
        let kinds = [Kind::LastExact, Kind::Last, Kind::First, Kind::Middle, Kind::Email];
        for pair in kinds.windows(2) {
            assert!(pair[0] < pair[1]);
            assert!(pair[0].whole(Field::Words) > pair[1].whole(Field::Words));
            assert!(pair[0].prefix(Field::Words) >= pair[1].prefix(Field::Words));
        }
    }

    #[test]
    fn every_combination_of_kinds_has_a_code_that_loses_nothing() {
        let kinds = [Kind::LastExact, Kind::Last, Kind::First, Kind::Middle, Kind::Email];
        let some = || kinds.into_iter().map(Some).chain([None]);
        for (whole, prefix) in some().flat_map(|w| some().map(move |p| (w, p))) {
            if (whole, prefix) == (None, None) {
                continue;
            }
            let code = usize::from(code(Field::Words, whole, prefix));
            let as_whole = whole.map_or(0, |kind| kind.whole(Field::Words));
            let begun = prefix.map_or(0, |kind| kind.prefix(Field::Words));
            assert_eq!(weights(Field::Words, Asked::Begun)[code], as_whole.max(begun));
            assert_eq!(weights(Field::Words, Asked::Whole)[code], as_whole);
        }
    }

    #[test]
    fn the_script_that_was_typed_comes_first() {
        let [worst, .., best] = WEIGHTS;
        assert!(worst + OWN_SCRIPT > best);
        assert!(best + OWN_SCRIPT < NUMBER_ABROAD.min(EXACT));
    }

    #[test]
    fn no_text_is_worth_a_typing_error() {
        let words = Score::try_from(QUERY_WORDS_MAX).unwrap();
        assert!(words * NUMBER.max(EXACT).max(INTERNAL) < ERROR_STEP);
    }
}
