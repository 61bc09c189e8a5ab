//! The plan of a typed text: a tree of questions that each contact or organisation answers with a
//! score or not at all. Index and overlay answer the same plan, so they agree.
//!
//! - Words are split at white space; each must match. A word with gaps inside (`o'brien`) may
//!   match without them, or by all of its parts.
//! - A word matches the beginning of a name, of an organisation's name, of an external id, or of
//!   a part of an e-mail; a whole e-mail; a whole identifier or tag of the custom fields; a
//!   number that it reads as; and, when it is 4 or more digits with any marks, inside any number.
//! - A word in Latin letters meets the Latin forms of names in other scripts like any others. A word
//!   in another script is first of all asked for in that script; in Latin letters only as a whole
//!   word, because a beginning (`ma` for 马) would find strangers.
//! - Several words may also be one name that is written apart, or be all of a name.
//! - A text without letters may be one number with gaps, and one with `@` an e-mail; then it need not
//!   match word by word. Words of digits that stand side by side among others may be one number, too,
//!   and a word such as `mobile` beside them need not match.
//! - Text in double quotes is literal: never a number, and its parts are whole tokens side
//!   by side in one e-mail or in the names of the person or of the organisation. A quote that
//!   is not closed is white space.
//! - In a forgiving plan words may have typing errors, be another spelling of the same name, or a first
//!   and a last name in one.

use crate::analysis::analyzer::Forms;
use crate::analysis::fold::{exact, joined, parts};
use crate::analysis::near::Near;
use crate::analysis::script::Script;
use crate::analysis::spellings;
use crate::entry::{
    exact_email, exact_internal, exact_organization_tag, exact_tag, full_name,
    full_name_letters_min, pair, paired,
};
use crate::query::words::{is_digits, is_label, is_latin};
use crate::ranking::rank::{
    self, BEGUN_DIGITS, EXACT, Field, INNER_DIGITS, INTERNAL, NUMBER, NUMBER_ABROAD,
    OTHER_SPELLING, OWN_SCRIPT, Score,
};
use carnet_model::limits::{QUERY_CHARS_MAX, QUERY_WORDS_MAX};
use carnet_model::{InternalNumbers, domain_in_letters, email_spellings};
use carnet_phone::{E164, Region, equivalents, normalise, partials, uri_user};
use std::sync::Arc;

/// Digits that a text needs to be read as a number; the rest may be letters of a keypad.
const NUMBER_DIGITS_MIN: usize = 3;
/// Letters of a Latin form that a word of another script is asked for by: with fewer it would be an
/// initial.
const LATIN_LETTERS_MIN: usize = 2;

/// Letters of a half of a full name without a blank.
const HALF_LETTERS_MIN: usize = 2;
/// Letters of the beginning of its second half; a shorter one must be a whole name, because `annna` is
/// no Ann whose other name begins with `na`.
const BEGUN_LETTERS_MIN: usize = 3;

/// Letters of a word in which errors are forgiven though names in another script are spelt so: to a
/// shorter one strangers are near, as Mark to the `park` that 박 is.
const NEAR_LATIN_MIN: usize = 5;

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
    /// Does a number have these digits inside, or begin with them? 4 to 18 of them.
    Digits { digits: Box<str>, begins: bool, weight: Score },
    /// Is it this contact or organisation?
    No(u64),
    /// Does the contact belong to this organisation?
    Organization(u64),
    /// Is it of this division?
    Division(Box<str>),
    /// Are its names in Latin letters only?
    Latin,
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

    /// The same questions, those for names only of who has no name in other letters than Latin ones.
    pub(crate) fn in_latin(&self) -> Node {
        let each = |nodes: &[Node]| nodes.iter().map(Node::in_latin).collect();
        match self {
            Node::Leaf { leaf: Leaf::Token { field: Field::Words, .. }, .. } => {
                Node::All(vec![self.clone(), Node::leaf(Leaf::Latin)])
            }
            Node::Leaf { .. } => self.clone(),
            Node::Any(nodes) => Node::Any(each(nodes)),
            Node::All(nodes) => Node::All(each(nodes)),
            Node::Each(nodes) => Node::Each(each(nodes)),
        }
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

/// Where typing errors are forgiven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forgive {
    /// Nowhere.
    Nothing,
    /// In names in Latin letters, because what was typed so was found in others alone: who is called
    /// Muhammad must not vanish behind a محمد, who is spelt Mohamed, too.
    InLatin,
    /// Everywhere, because nothing was found.
    Everywhere,
}

/// The plan of a text; `None` when it is blank, which asks for everything. Bare digits ask for an
/// internal number, too, where `internal` says that there are some of this length.
pub(crate) fn plan(
    text: &str,
    subject: Subject,
    internal: Option<InternalNumbers>,
    forgive: Forgive,
) -> Option<Node> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    // Every word must match, so what is too long to be asked for matches nothing.
    if text.chars().nth(QUERY_CHARS_MAX).is_some() {
        return Some(Node::Any(Vec::new()));
    }
    let words = Planner { subject, internal, forgive }.text(text);
    // Where everything is searched with errors, this would cost a tenth more.
    if forgive != Forgive::InLatin || !is_latin(text) || !matches!(subject, Subject::Contacts(_)) {
        return Some(words);
    }
    // Of those with as many errors the ones in the script that was typed come first.
    let latin = Node::Leaf { leaf: Leaf::Latin, bonus: OWN_SCRIPT };
    Some(Node::All(vec![words, Node::Any(vec![latin, Node::All(Vec::new())])]))
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
    forgive: Forgive,
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
            readings.extend(self.with_gaps(&pieces));
        }
        if readings.len() == 1 { readings.swap_remove(0) } else { Node::Any(readings) }
    }

    /// The whole text as one value: a number or a part of one, an e-mail, an identifier or a tag. It
    /// is worth as much as if each of its `words` were found so.
    fn add_whole(&self, text: &str, words: usize, readings: &mut Vec<Node>) {
        // At most QUERY_WORDS_MAX.
        let words = Score::try_from(words).unwrap_or(1);
        for term in self.whole_values(text) {
            readings.push(self.found_for(words, Leaf::Exact { term, weight: words * EXACT }));
        }
        if let Subject::Contacts(region) = self.subject {
            self.add_numbers(text, region, words, readings);
        }
    }

    /// The text as an internal number, as a number, or a part of one, each worth `times` as much.
    fn add_numbers(&self, text: &str, region: Region, times: Score, ways: &mut Vec<Node>) {
        let user = uri_user(text).unwrap_or(text);
        let internal = self.internal.map(|internal| internal.read(user));
        for digits in internal.into_iter().flatten() {
            let term = exact_internal(&digits).into();
            ways.push(self.found_for(times, Leaf::Exact { term, weight: times * INTERNAL }));
        }
        let has_letters = text.chars().any(char::is_alphabetic);
        let has_extension = has_letters && has_extension(text, region);
        let parts = if has_extension { Vec::new() } else { partials(text, region) };
        // With other letters than those of an extension or of a keypad a text is no number.
        if has_letters && !has_extension && parts.is_empty() {
            return;
        }
        for (number, weight) in numbers(text, region) {
            ways.push(self.found_for(times, Leaf::Number { number, weight: times * weight }));
        }
        for part in parts {
            let weight = times * if part.begins { BEGUN_DIGITS } else { INNER_DIGITS };
            let (digits, begins) = (part.digits.into(), part.begins);
            ways.push(self.found_for(times, Leaf::Digits { digits, begins, weight }));
        }
    }

    /// The words, those of digits that stand side by side as one number: `555 0123 carmen`. What tells
    /// the sort of a number is set aside: `0171 123 mobile`. `None` where there is no such word, and
    /// where there are no others.
    fn with_gaps(&self, pieces: &[Piece<'_>]) -> Option<Node> {
        let Subject::Contacts(region) = self.subject else { return None };
        let is_digits = |piece: &Piece<'_>| matches!(piece, Piece::Word(word) if is_digits(word));
        let is_label = |piece: &Piece<'_>| matches!(piece, Piece::Word(word) if is_label(word));
        if !pieces.iter().any(is_digits) || pieces.iter().all(is_digits) {
            return None;
        }
        let gap = |two: &[Piece<'_>]| two.iter().all(is_digits);
        if !pieces.windows(2).any(gap) && !pieces.iter().any(is_label) {
            return None;
        }
        let mut words = Vec::new();
        for run in pieces.chunk_by(|one, other| is_digits(one) && is_digits(other)) {
            match run {
                [label] if is_label(label) => {}
                [Piece::Word(word)] => words.push(self.word(word)),
                [Piece::Literal(literal)] => words.push(self.literal(literal)),
                several => {
                    let mut ways = Vec::new();
                    let text: Vec<&str> = several.iter().map(Piece::text).collect();
                    // At most QUERY_WORDS_MAX.
                    let times = Score::try_from(several.len()).unwrap_or(1);
                    self.add_numbers(&text.join(" "), region, times, &mut ways);
                    words.push(Node::Any(ways));
                }
            }
        }
        Some(Node::All(words))
    }

    /// The words as one name: `sanz gil` is first of all who is called just that, `mc donald`
    /// may be McDonald. It is worth as much as if each of its `words` were the last name.
    fn add_joined(&self, text: &str, words: usize, readings: &mut Vec<Node>) {
        // Errors are forgiven everywhere only when the plain plan found nothing, this question included.
        if self.forgive == Forgive::Everywhere || words < 2 {
            return;
        }
        let field = match self.subject {
            Subject::Contacts(_) => Field::Words,
            Subject::Organizations => Field::Name,
        };
        // At most QUERY_WORDS_MAX.
        let words = Score::try_from(words).unwrap_or(1);
        let bonus = rank::LAST_EXACT * (words - 1) + words * self.faultless();
        let forms = Forms::of_name(&joined(text));
        let own = forms.own.iter().map(|form| (form, words * own_script(&forms)));
        for (form, own) in own.chain(asked_in_latin(&forms).map(|form| (form, 0))) {
            let full = self.full_name(form, How::Whole);
            let text = form.as_str().into();
            let leaves = full.into_iter().chain([Leaf::Token { field, text, how: How::Whole }]);
            readings.extend(leaves.map(|leaf| Node::Leaf { leaf, bonus: bonus + own }));
        }
    }

    fn word(&self, word: &str) -> Node {
        let mut ways = Vec::new();
        self.add_exact(word, &mut ways);
        if let Subject::Contacts(region) = self.subject {
            self.add_numbers(word, region, 1, &mut ways);
        }
        self.add_parts(word, &mut ways);
        // The index has domains in letters.
        if let Some(letters) = domain_in_letters(word) {
            self.add_parts(&letters, &mut ways);
        }
        Node::Any(ways)
    }

    /// A word without its gaps, or all of its parts.
    fn add_parts(&self, word: &str, ways: &mut Vec<Node>) {
        self.add_begun(&joined(word), ways);
        if parts(word).nth(1).is_some() {
            let each = parts(word).map(|part| {
                let mut ways = Vec::new();
                self.add_begun(part, &mut ways);
                Node::Any(ways)
            });
            ways.push(Node::Each(each.collect()));
        }
    }

    fn literal(&self, literal: &str) -> Node {
        let mut ways = Vec::new();
        let letters = domain_in_letters(literal);
        let literal = letters.as_deref().unwrap_or(literal);
        let row: Vec<Forms> = parts(literal).map(Forms::of_name).collect();
        // A single token has no neighbour to be compared with.
        if let [only] = row.as_slice() {
            let own = only.own.iter().map(|form| (form, own_script(only)));
            for (form, own) in own.chain(asked_in_latin(only).map(|form| (form, 0))) {
                ways.extend(self.full_name(form, How::Whole).map(|leaf| self.worth(leaf, own)));
                for field in self.names() {
                    let text = form.as_str().into();
                    let leaf = Leaf::Token { field: *field, text, how: How::Whole };
                    ways.push(self.worth(leaf, own));
                }
            }
        }
        if matches!(self.subject, Subject::Contacts(_)) {
            for form in Forms::of_word(&joined(literal)).all() {
                let (field, text) = (Field::External, form.as_str().into());
                ways.push(self.found(Leaf::Token { field, text, how: How::Whole }));
            }
        }
        self.add_exact(literal, &mut ways);
        if row.len() > 1 {
            // The index knows pairs of neighbours, so a longer phrase is all of its pairs. They may
            // lie in different places, which is rare.
            let pairs = row.windows(2).map(|two| {
                let terms = paired(&two[0]).flat_map(|a| paired(&two[1]).map(move |b| pair(a, b)));
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

    /// The terms of the whole values that a text may be: an identifier, a tag, of contacts an e-mail.
    fn whole_values(&self, text: &str) -> Vec<Box<str>> {
        let value = exact(text);
        let mut terms = match self.subject {
            Subject::Organizations => vec![exact_organization_tag(&value)],
            Subject::Contacts(_) => vec![exact_tag(&value)],
        };
        // `@` in its full-width form is one, too.
        if matches!(self.subject, Subject::Contacts(_)) && text.contains(['@', '\u{ff20}']) {
            terms.extend(email_spellings(text).iter().map(|email| exact_email(email)));
        }
        terms.into_iter().map(String::into_boxed_str).collect()
    }

    /// Whole e-mails, identifiers and tags.
    fn add_exact(&self, word: &str, ways: &mut Vec<Node>) {
        for term in self.whole_values(word) {
            ways.push(self.found(Leaf::Exact { term, weight: EXACT }));
        }
    }

    /// Tokens that begin with `part`.
    fn add_begun(&self, part: &str, ways: &mut Vec<Node>) {
        let forms = Forms::of_name(part);
        for form in asked_in_latin(&forms) {
            ways.extend(self.full_name(form, How::Whole).map(|leaf| self.found(leaf)));
            for field in self.names() {
                let text = form.as_str().into();
                ways.push(self.found(Leaf::Token { field: *field, text, how: How::Whole }));
            }
        }
        let own = own_script(&forms);
        for form in &forms.own {
            if self.forgive != Forgive::Nothing {
                self.add_forgiven(form, own, ways);
            }
            let external: &[Field] = match self.subject {
                Subject::Contacts(_) => &[Field::External],
                Subject::Organizations => &[],
            };
            ways.extend(self.full_name(form, How::Begins).map(|leaf| self.worth(leaf, own)));
            // These come last: `SegmentQuery::frequent` takes them together from the end.
            for field in self.names().iter().chain(external) {
                let leaf =
                    Leaf::Token { field: *field, text: form.as_str().into(), how: How::Begins };
                ways.push(self.worth(leaf, own));
            }
        }
    }

    /// Tokens that are not as they were typed: with typing errors, in another spelling of the same name,
    /// and a first and a last name that were typed without the blank between them.
    fn add_forgiven(&self, form: &str, own: Score, ways: &mut Vec<Node>) {
        let is_long =
            self.forgive == Forgive::Everywhere || form.chars().nth(NEAR_LATIN_MIN - 1).is_some();
        let near = if is_long { Near::new(form).map(Arc::new) } else { None };
        for (field, near) in self.names().iter().filter_map(|field| Some((field, near.as_ref()?))) {
            let leaf =
                Leaf::Token { field: *field, text: form.into(), how: How::Near(near.clone()) };
            // The automaton itself gives the bonus, by the errors that were not made.
            ways.push(self.allowed(vec![Node::Leaf { leaf, bonus: own }]));
        }
        if !matches!(self.subject, Subject::Contacts(_)) || !form.is_ascii() {
            return;
        }
        let word = |text: &str, how| Leaf::Token { field: Field::Words, text: text.into(), how };
        for (other, errors) in spellings::others(form, near.as_deref()) {
            let leaf = word(other, How::Whole);
            let bonus = Near::bonus(errors).saturating_sub(OTHER_SPELLING);
            ways.push(self.allowed(vec![Node::Leaf { leaf, bonus }]));
        }
        for (front, back) in halves(form) {
            let how = if back.len() < BEGUN_LETTERS_MIN { How::Whole } else { How::Begins };
            // Most words end in no name, and the list of none ends the search.
            let both = [Node::leaf(word(back, how)), self.found(word(front, How::Whole))];
            ways.push(self.allowed(both.into()));
        }
    }

    /// All of some questions, of those in whose names errors are forgiven.
    fn allowed(&self, mut nodes: Vec<Node>) -> Node {
        if self.forgive == Forgive::InLatin {
            nodes.push(Node::leaf(Leaf::Latin));
        }
        if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::All(nodes) }
    }

    /// The question for a full name that is written without a blank, if a form may be one.
    fn full_name(&self, form: &str, how: How) -> Option<Leaf> {
        let is_name = form.chars().all(char::is_alphabetic)
            && form.chars().nth(full_name_letters_min(form) - 1).is_some()
            && matches!(Script::of(form), Script::Latin | Script::EastAsian);
        let is_asked = is_name && matches!(self.subject, Subject::Contacts(_));
        let text = is_asked.then(|| full_name(form).into())?;
        Some(Leaf::Token { field: Field::Words, text, how })
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
        self.worth(leaf, 0)
    }

    /// As [`Planner::found`], for some words at once.
    fn found_for(&self, words: Score, leaf: Leaf) -> Node {
        Node::Leaf { leaf, bonus: words * self.faultless() }
    }

    /// As [`Planner::found`], worth `more` than others.
    fn worth(&self, leaf: Leaf, more: Score) -> Node {
        Node::Leaf { leaf, bonus: self.faultless() + more }
    }

    /// What a word without an error is worth more in a plan that forgives some.
    fn faultless(&self) -> Score {
        if self.forgive == Forgive::Nothing { 0 } else { Near::bonus(0) }
    }
}

impl<'a> Piece<'a> {
    fn text(&self) -> &'a str {
        match self {
            Piece::Word(text) | Piece::Literal(text) => text,
        }
    }
}

/// What a word is worth more in its own letters than in Latin ones.
fn own_script(forms: &Forms) -> Score {
    if forms.script == Script::Latin { 0 } else { OWN_SCRIPT }
}

/// The ways to split a word into the first and the last name, in either order.
fn halves(word: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_name = word.bytes().all(|letter| letter.is_ascii_alphabetic());
    let last = if is_name { (word.len() + 1).saturating_sub(HALF_LETTERS_MIN) } else { 0 };
    let halves = (HALF_LETTERS_MIN..last).map(|at| word.split_at(at));
    // One name alone would be both.
    halves.filter(|(front, back)| !front.starts_with(back))
}

/// The Latin forms by which a word of another script is asked for. Consonants alone are no word.
fn asked_in_latin(forms: &Forms) -> impl Iterator<Item = &String> {
    // Found by rule alone such letters are no word.
    let is_word =
        |form: &&String| forms.script != Script::Consonantal || forms.customary.contains(form);
    let latin = forms.latin().filter(is_word);
    latin.filter(|form| form.chars().nth(LATIN_LETTERS_MIN - 1).is_some())
}

/// Whether a text is a number with its extension, as in `+1 212 555 0123 ext. 5`: it begins as a
/// number does, and the letters are those of the extension.
fn has_extension(text: &str, region: Region) -> bool {
    let begins = text.trim_start().starts_with(|c: char| c.is_numeric() || "+(＋".contains(c));
    begins && normalise(text, region).is_ok_and(|number| number.extension.is_some())
}

/// The numbers that a text reads as: in the default region, and, as switches send them, digits
/// that begin with the country code.
fn numbers(text: &str, region: Region) -> Vec<(u64, Score)> {
    let text = text.trim();
    // No number has fewer digits, so most words are spared the reading.
    if text.chars().filter(|c| c.is_numeric()).count() < NUMBER_DIGITS_MIN {
        return Vec::new();
    }
    let read = |text: &str| normalise(text, region).ok().map(|number| number.e164.digits());
    let mut numbers: Vec<_> = read(text).map(|number| (number, NUMBER)).into_iter().collect();
    if text.chars().all(char::is_numeric) {
        let abroad = read(&format!("+{text}"));
        if let Some(number) = abroad.filter(|number| numbers.iter().all(|(n, _)| n != number)) {
            numbers.push((number, NUMBER_ABROAD));
        }
    }
    // Whose number is known in the other form of a plan that has changed comes after who has it as it
    // was asked for.
    let asked: Vec<u64> = numbers.iter().map(|(number, _)| *number).collect();
    for other in asked.into_iter().filter_map(E164::from_digits).flat_map(equivalents) {
        if numbers.iter().all(|(known, _)| *known != other.digits()) {
            numbers.push((other.digits(), NUMBER_ABROAD));
        }
    }
    numbers
}
