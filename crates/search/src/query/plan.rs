//! The plan of a typed text: a tree of questions that each contact or organisation answers with a
//! score or not at all. Index and overlay answer the same plan, so they agree.
//!
//! - Words are split at white space; each must match. A word with gaps inside (`o'brien`) may
//!   match without them, or by all of its parts.
//! - A word matches the beginning of a name, of an organisation's name, of an external id, or of
//!   a part of an e-mail; a whole e-mail; a whole identifier or tag of the custom fields; a
//!   number that it reads as; and, when it is 4 or more digits, inside any number.
//! - Several words may also be one name that is written apart, or be all of a name.
//! - A text without letters may be one number with gaps; then it need not match word by word.
//! - Text in double quotes is literal: never a number, and its parts are whole tokens side
//!   by side in one e-mail or in the names of the person or of the organisation. A quote that
//!   is not closed is white space.
//! - In a forgiving plan words may have typing errors.

use crate::analysis::analyzer::{exact, forms, parts};
use crate::analysis::near::Near;
use crate::entry::{exact_email, exact_internal, exact_tag, joined, pair};
use crate::ranking::rank::{
    self, ERROR_STEP, EXACT, Field, INNER_DIGITS, INTERNAL, NUMBER, NUMBER_ABROAD, Score,
};
use carnet_model::InternalNumbers;
use carnet_model::limits::{QUERY_CHARS_MAX, QUERY_WORDS_MAX};
use carnet_phone::{DIGITS_MAX, Region, normalise};
use std::sync::Arc;

/// Digits of a number's inside that can be asked for, from.
pub(crate) const INNER_DIGITS_MIN: usize = 4;

/// How a token is compared with the typed text.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// It begins so.
    Begins,
    /// It is so.
    Whole,
    /// It is so but for typing errors, or a prefix of it is that the index has as a term.
    Near(Arc<Near>),
}

/// One question.
#[derive(Clone, Debug)]
pub(crate) enum Leaf {
    /// Is there such a token?
    Token { field: Field, text: Box<str>, how: How },
    /// Is this one of the whole values?
    Exact { term: Box<str>, weight: Score },
    /// Is this one of the numbers?
    Number { number: u64, weight: Score },
    /// Does a number have these digits inside? 4 to 18 of them.
    Inner { digits: Box<str>, weight: Score },
    /// Is it this contact or organisation?
    No(u64),
    /// Does the contact belong to this organisation?
    Organization(u64),
    /// Is it of this division?
    Division(Box<str>),
}

/// A tree of questions.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// One question; the answer is worth `bonus` more.
    Leaf { leaf: Leaf, bonus: Score },
    /// One of these must match; the best counts. Of none: nothing matches.
    Any(Vec<Node>),
    /// All of these must match; their sum counts. Of none: everything matches.
    All(Vec<Node>),
    /// All of these must match; the worst counts.
    Each(Vec<Node>),
}

impl Node {
    pub(crate) fn leaf(leaf: Leaf) -> Node {
        Node::Leaf { leaf, bonus: 0 }
    }

    /// The text and the bonus, if this only asks for contacts' tokens that begin with a text.
    pub(crate) fn begun(&self) -> Option<(&str, Score)> {
        match self {
            Node::Leaf { leaf: Leaf::Token { field, text, how: How::Begins }, bonus }
                if *field != Field::Name =>
            {
                Some((text, *bonus))
            }
            _ => None,
        }
    }
}

/// Which names are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    /// Contacts; numbers without country code are of this region.
    Contacts(Region),
    /// Organisations.
    Organizations,
}

/// The plan of a text; `None` when it is blank, which asks for everything. Bare digits ask for an
/// internal number, too, where `internal` says that there are some of this length.
pub(crate) fn plan(
    text: &str,
    subject: Subject,
    internal: Option<InternalNumbers>,
    forgiving: bool,
) -> Option<Node> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    // Every word must match, so what is too long to be asked for matches nothing.
    if text.chars().nth(QUERY_CHARS_MAX).is_some() {
        return Some(Node::Any(Vec::new()));
    }
    Planner { subject, internal, forgiving }.text(text).into()
}

/// A stretch of the text.
enum Piece<'a> {
    Word(&'a str),
    Literal(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut segments = text.split('"').peekable();
    let mut quoted = false;
    while let Some(segment) = segments.next() {
        // The last segment is behind the last quote; when that one opened, nothing closed it.
        if quoted && segments.peek().is_some() {
            // Quotes around nothing but signs ask for nothing.
            if parts(segment).next().is_some() {
                pieces.push(Piece::Literal(segment));
            }
        } else {
            // A sign that stands alone, as the `&` between two names, is no word.
            let words = segment.split_whitespace();
            pieces.extend(words.filter(|word| parts(word).next().is_some()).map(Piece::Word));
        }
        quoted = !quoted;
    }
    pieces
}

struct Planner {
    subject: Subject,
    internal: Option<InternalNumbers>,
    forgiving: bool,
}

impl Planner {
    fn text(&self, text: &str) -> Node {
        let pieces = pieces(text);
        if pieces.len() > QUERY_WORDS_MAX {
            return Node::Any(Vec::new());
        }
        let mut readings = Vec::new();
        // `word` reads a single word in these ways already, and what is quoted is literal.
        if pieces.len() != 1 && !text.contains('"') {
            // A text of signs only has no pieces, and may yet be an identifier or a tag.
            self.add_whole(text, pieces.len().max(1), &mut readings);
            self.add_joined(text, pieces.len(), &mut readings);
        }
        // Of no words `All` would match everything.
        if !pieces.is_empty() {
            let words = pieces.iter().map(|piece| match piece {
                Piece::Word(word) => self.word(word),
                Piece::Literal(literal) => self.literal(literal),
            });
            readings.push(Node::All(words.collect()));
        }
        if readings.len() == 1 { readings.swap_remove(0) } else { Node::Any(readings) }
    }

    /// The whole text as one value: a number or its beginning, an identifier or a tag. It is
    /// worth as much as if each of its `words` were found so.
    fn add_whole(&self, text: &str, words: usize, readings: &mut Vec<Node>) {
        let Subject::Contacts(region) = self.subject else { return };
        // At most QUERY_WORDS_MAX.
        let words = Score::try_from(words).unwrap_or(1);
        let mut add = |leaf| readings.push(self.found(leaf));
        add(Leaf::Exact { term: exact_tag(&exact(text)).into(), weight: words * EXACT });
        // With letters in it a text is no number, unless they belong to an extension.
        if text.chars().any(char::is_alphabetic) && !has_extension(text, region) {
            return;
        }
        for (number, weight) in numbers(text, region) {
            add(Leaf::Number { number, weight: words * weight });
        }
        // The digits would be those of the extension, too.
        if text.chars().any(char::is_alphabetic) {
            return;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if (INNER_DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) {
            add(Leaf::Inner { digits: digits.into(), weight: words * INNER_DIGITS });
        }
    }

    /// The words as one name: `sanz gil` is first of all who is called just that, `mc donald`
    /// may be McDonald. It is worth as much as if each of its `words` were the last name.
    fn add_joined(&self, text: &str, words: usize, readings: &mut Vec<Node>) {
        // A forgiving plan is made only when the plain one found nothing, this question included.
        if self.forgiving || words < 2 {
            return;
        }
        let field = match self.subject {
            Subject::Contacts(_) => Field::Words,
            Subject::Organizations => Field::Name,
        };
        // At most QUERY_WORDS_MAX.
        let bonus = rank::LAST_EXACT * Score::try_from(words - 1).unwrap_or(1);
        for form in forms(&joined(text)) {
            let leaf = Leaf::Token { field, text: form.into(), how: How::Whole };
            readings.push(Node::Leaf { leaf, bonus });
        }
    }

    fn word(&self, word: &str) -> Node {
        let mut ways = Vec::new();
        if let Subject::Contacts(region) = self.subject {
            self.add_exact(word, &mut ways);
            if let Some(digits) = self.internal.and_then(|internal| internal.read(word)) {
                let term = exact_internal(&digits).into();
                ways.push(self.found(Leaf::Exact { term, weight: INTERNAL }));
            }
            for (number, weight) in numbers(word, region) {
                ways.push(self.found(Leaf::Number { number, weight }));
            }
            if (INNER_DIGITS_MIN..=DIGITS_MAX).contains(&word.len()) && is_digits(word) {
                let digits = word.into();
                ways.push(self.found(Leaf::Inner { digits, weight: INNER_DIGITS }));
            }
        }
        self.add_begun(&joined(word), &mut ways);
        if parts(word).nth(1).is_some() {
            let each = parts(word).map(|part| {
                let mut ways = Vec::new();
                self.add_begun(part, &mut ways);
                Node::Any(ways)
            });
            ways.push(Node::Each(each.collect()));
        }
        Node::Any(ways)
    }

    fn literal(&self, literal: &str) -> Node {
        let mut ways = Vec::new();
        let mut add = |field, text: String| {
            ways.push(self.found(Leaf::Token { field, text: text.into(), how: How::Whole }));
        };
        let row: Vec<Vec<String>> = parts(literal).map(forms).collect();
        // A single token has no neighbour to be compared with.
        if let [only] = row.as_slice() {
            for form in only {
                self.names().iter().for_each(|field| add(*field, form.clone()));
            }
        }
        if matches!(self.subject, Subject::Contacts(_)) {
            for form in forms(&joined(literal)) {
                add(Field::External, form);
            }
            self.add_exact(literal, &mut ways);
        }
        if row.len() > 1 {
            // The index knows pairs of neighbours, so a longer phrase is all of its pairs. They may
            // lie in different places, which is rare.
            let pairs = row.windows(2).map(|two| {
                let terms = two[0].iter().flat_map(|a| two[1].iter().map(move |b| pair(a, b)));
                let terms =
                    terms.flat_map(|term| self.names().iter().map(move |f| (*f, term.clone())));
                let leaf = |(field, term): (Field, String)| {
                    self.found(Leaf::Token { field, text: term.into(), how: How::Whole })
                };
                Node::Any(terms.map(leaf).collect())
            });
            ways.push(Node::All(pairs.collect()));
        }
        Node::Any(ways)
    }

    /// Whole e-mails, identifiers and tags.
    fn add_exact(&self, word: &str, ways: &mut Vec<Node>) {
        let value = exact(word);
        let mut add = |term: String| {
            ways.push(self.found(Leaf::Exact { term: term.into(), weight: EXACT }));
        };
        if value.contains('@') {
            add(exact_email(&value));
        }
        add(exact_tag(&value));
    }

    /// Tokens that begin with `part`.
    fn add_begun(&self, part: &str, ways: &mut Vec<Node>) {
        for form in forms(part) {
            if self.forgiving
                && let Some(near) = Near::new(&form)
            {
                let near = Arc::new(near);
                for field in self.names() {
                    let how = How::Near(near.clone());
                    let leaf = Leaf::Token { field: *field, text: form.as_str().into(), how };
                    // The automaton itself gives the bonus, by the errors that were not made.
                    ways.push(Node::leaf(leaf));
                }
            }
            let external: &[Field] = match self.subject {
                Subject::Contacts(_) => &[Field::External],
                Subject::Organizations => &[],
            };
            // These come last: `SegmentQuery::frequent` takes them together from the end.
            for field in self.names().iter().chain(external) {
                let leaf =
                    Leaf::Token { field: *field, text: form.as_str().into(), how: How::Begins };
                ways.push(self.found(leaf));
            }
        }
    }

    /// The fields with names in them.
    fn names(&self) -> &'static [Field] {
        match self.subject {
            Subject::Contacts(_) => &[Field::Words, Field::Company],
            Subject::Organizations => &[Field::Name],
        }
    }

    /// A question that allows no typing errors, and is worth more for it among those that do.
    fn found(&self, leaf: Leaf) -> Node {
        Node::Leaf {
            leaf,
            bonus: if self.forgiving { rank::NEAR_ERRORS_MAX * ERROR_STEP } else { 0 },
        }
    }
}

/// Whether a text is a number with its extension, as in `+1 212 555 0123 ext. 5`: it begins as a
/// number does, and the letters are those of the extension.
fn has_extension(text: &str, region: Region) -> bool {
    let begins = text.trim_start().starts_with(|c: char| c.is_numeric() || "+(＋".contains(c));
    begins && normalise(text, region).is_ok_and(|number| number.extension.is_some())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers that a text reads as: in the default region, and, as switches send them, digits
/// that begin with the country code.
fn numbers(text: &str, region: Region) -> Vec<(u64, Score)> {
    let text = text.trim();
    // No number has fewer digits, so most words are spared the reading.
    if text.chars().filter(|c| c.is_numeric()).count() < INNER_DIGITS_MIN {
        return Vec::new();
    }
    let read = |text: &str| normalise(text, region).ok().map(|number| number.e164.digits());
    let mut numbers: Vec<_> = read(text).map(|number| (number, NUMBER)).into_iter().collect();
    if is_digits(text) {
        let abroad = read(&format!("+{text}"));
        if let Some(number) = abroad.filter(|number| numbers.iter().all(|(n, _)| n != number)) {
            numbers.push((number, NUMBER_ABROAD));
        }
    }
    numbers
}
