//! The plan as a scorer of one segment of the index: for each question a list of documents in
//! ascending order with their scores, combined as the plan says.

use crate::analysis::near::Near;
use crate::entry::{is_full_name, is_pair};
use crate::index::fields::{
    DocumentKind, Fields, GRAM_DIGITS, OTHER_SCRIPT, number_term, whole_term,
};
use crate::index::frequent::{FREQUENT_CHARS_MAX, FREQUENT_FROM_PART, FREQUENT_TERMS_MIN, Kept};
use crate::index::segment::Segment;
use crate::index::walk::NearTerm;
use crate::overlay::Overlay;
use crate::query::cursor::Cursor;
use crate::query::plan::{How, Leaf, Node};
use crate::query::scorer::{Scorer, each_once};
use crate::ranking::rank::{Asked, Field, Score, Weights, pair_weights, weights};
use crate::ranking::ranked::{Ranks, rank};
use crate::{OrganizationEntry, SearchError};
use std::borrow::Cow;
use std::sync::Arc;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED, Term};

/// Terms that are searched for one word with typing errors, at most, in one segment. Of more the
/// nearest are taken, so that a search stays short with any set of names.
const NEAR_TERMS_MAX: usize = 4_096;

/// Lists of many terms are gathered in a byte for each document if they have at least one of this
/// many documents of a segment: sorting fewer is faster than looking at all those bytes.
const RANKED_FROM_PART: u32 = 32;

/// The first text that is behind all pairs and full names.
const FIRST_NAME: &str = "\u{3}";

/// A term, the scores of its codes, and the bonus for how near it is.
type Gathered = (TermInfo, &'static Weights, Score);

/// The organisations whose newest name is in the overlay: the name that the index has with their
/// contacts no longer counts.
#[derive(Debug, Default)]
pub(crate) struct Renamed {
    /// Their values in the column `organization`, ascending.
    columns: Arc<[u64]>,
    names: Vec<(u64, Arc<OrganizationEntry>)>,
}

impl Renamed {
    pub(crate) fn new(overlay: &Overlay) -> Renamed {
        let known = || overlay.organizations.iter().filter(|slot| slot.known);
        // The column has 0 for contacts without organisation, so numbers are one more there.
        let mut columns: Vec<u64> = known().map(|slot| slot.no.saturating_add(1)).collect();
        columns.sort_unstable();
        let names = known().filter_map(|slot| Some((slot.no, slot.entry.clone()?))).collect();
        Renamed { columns: columns.into(), names }
    }
}

/// A segment with everything that is needed to answer a plan.
pub(crate) struct SegmentQuery<'a> {
    pub(crate) segment: &'a Segment,
    pub(crate) fields: &'a Fields,
    pub(crate) renamed: &'a Renamed,
    pub(crate) kind: DocumentKind,
}

impl SegmentQuery<'_> {
    /// The documents that match a plan, in ascending order, deleted ones included.
    pub(crate) fn scorer(&self, node: &Node) -> Result<Scorer, SearchError> {
        let all = |nodes: &[Node], sum| {
            let mut scorers = Vec::with_capacity(nodes.len());
            for node in nodes {
                let scorer = self.scorer(node)?;
                // One empty list makes the intersection empty: the rest need not be looked up.
                if scorer.doc() == TERMINATED {
                    return Ok(Scorer::nothing());
                }
                scorers.push(scorer);
            }
            Ok(Scorer::all(scorers, sum, self.segment.max_doc()))
        };
        match node {
            Node::Leaf { leaf, bonus } => self.leaf(leaf, *bonus),
            Node::Any(nodes) => {
                let (known, rest) = self.frequent(nodes)?;
                let scorers = rest.iter().map(|node| self.scorer(node));
                let scorers = known.map(Ok).into_iter().chain(scorers);
                Ok(Scorer::any(scorers.collect::<Result<_, _>>()?))
            }
            Node::All(nodes) => all(nodes, true),
            Node::Each(nodes) => all(nodes, false),
        }
    }

    /// The last questions about a word, which ask for one prefix in one field after the other, as
    /// one scorer if the prefix is frequent: its ranks are gathered once a commit. Also returns the
    /// questions that are left.
    fn frequent<'n>(&self, nodes: &'n [Node]) -> Result<(Option<Scorer>, &'n [Node]), SearchError> {
        let Some((text, bonus)) = nodes.last().and_then(Node::begun) else {
            return Ok((None, nodes));
        };
        // Kept ranks count the names that organisations have in the index, not those of the
        // overlay.
        if text.chars().nth(FREQUENT_CHARS_MAX).is_some() || !self.renamed.columns.is_empty() {
            return Ok((None, nodes));
        }
        let same = |node: &&Node| node.begun() == Some((text, bonus));
        // The planner puts the questions for a prefix last, see `Planner::add_begun`.
        let begun = nodes.iter().rev().take_while(same).count();
        let (rest, begun) = nodes.split_at(nodes.len() - begun);
        let kept = self.segment.frequent.get(None, text, || {
            let mut terms = Vec::with_capacity(begun.len());
            for node in begun {
                let Node::Leaf { leaf: Leaf::Token { field, .. }, .. } = node else { continue };
                let index = self.segment.index(self.fields.of(*field))?;
                terms.extend(index.terms().get(text)?.map(|info| (*field, info)));
            }
            let documents =
                terms.iter().map(|(_, info)| info.doc_freq).fold(0, u32::saturating_add);
            if documents < self.segment.max_doc() / FREQUENT_FROM_PART {
                return Ok(None);
            }
            // Without a bonus, because the result is kept for plans with any bonus.
            let mut ranks = self.no_ranks();
            for (field, info) in &terms {
                self.add_ranks(*field, info, weights(*field, Asked::Begun), 0, &mut ranks)?;
            }
            Ok::<_, SearchError>(Some(Kept::Ranks(self.ranks(ranks))))
        })?;
        Ok(match kept {
            Some(kept) => (Some(Scorer::kept(kept, bonus)), rest),
            None => (None, nodes),
        })
    }

    fn leaf(&self, leaf: &Leaf, bonus: Score) -> Result<Scorer, SearchError> {
        let fields = self.fields;
        match leaf {
            Leaf::Token { field: Field::Company, text, how } => self.company(text, how, bonus),
            Leaf::Token { field, text, how } => self.tokens(*field, text, how, bonus),
            Leaf::Exact { term, weight } => {
                let term = Term::from_field_text(fields.exact, &whole_term(term));
                self.constant(term, weight + bonus)
            }
            Leaf::Number { number, weight } => {
                let term = Term::from_field_text(fields.exact, &number_term(*number));
                self.constant(term, weight + bonus)
            }
            Leaf::Digits { digits, begins, weight } => self.digits(digits, *begins, weight + bonus),
            Leaf::No(no) => {
                self.constant(Term::from_field_u64(fields.key, self.kind.key(*no)), bonus)
            }
            Leaf::Organization(no) => self
                .constant(Term::from_field_u64(fields.organization, no.saturating_add(1)), bonus),
            Leaf::Division(id) => self.constant(Term::from_field_text(fields.division, id), bonus),
            Leaf::Latin => Ok(self.latin(bonus)),
        }
    }

    fn constant(&self, term: Term, weight: Score) -> Result<Scorer, SearchError> {
        let index = self.segment.index(term.field())?;
        Ok(match index.read_block_postings(&term, IndexRecordOption::Basic)? {
            Some(postings) => {
                Scorer::Constant { postings: Box::new(Cursor::new(postings)), weight }
            }
            None => Scorer::nothing(),
        })
    }

    /// The documents without names in other letters than Latin ones.
    fn latin(&self, bonus: Score) -> Scorer {
        let mut except = Scorer::Except {
            inner: Box::new(Scorer::everything(self.segment.max_doc(), bonus)),
            column: self.segment.script.clone(),
            except: [OTHER_SCRIPT].into(),
        };
        except.settle();
        except
    }

    /// The contacts whose organisation's name matches: by the index, except for the organisations
    /// that have a newer name in the overlay.
    fn company(&self, text: &str, how: &How, bonus: Score) -> Result<Scorer, SearchError> {
        let indexed = self.tokens(Field::Company, text, how, bonus)?;
        if self.renamed.columns.is_empty() {
            return Ok(indexed);
        }
        let mut except = Scorer::Except {
            inner: Box::new(indexed),
            column: self.segment.organization.clone(),
            except: self.renamed.columns.clone(),
        };
        // The first document of the list may be an excepted one.
        except.settle();
        let mut scorers = vec![except];
        for (no, entry) in &self.renamed.names {
            if let Some(score) = entry.name_score(text, how, Field::Company) {
                scorers.push(self.leaf(&Leaf::Organization(*no), score + bonus)?);
            }
        }
        Ok(Scorer::any(scorers))
    }

    fn tokens(
        &self,
        field: Field,
        text: &str,
        how: &How,
        bonus: Score,
    ) -> Result<Scorer, SearchError> {
        // Every word may be a full name, and few are: spares most of them the question.
        if is_full_name(text)
            && let Some(terms) = self.segment.dictionary(field)
            && !terms.has_beginning(text)
        {
            return Ok(Scorer::nothing());
        }
        let asked = match how {
            How::Near(near) => return self.near(field, near, bonus),
            How::Begins if text.chars().nth(field.prefix_chars_max()).is_some() => {
                return self.longer(field, text, bonus);
            }
            How::Begins => Asked::Begun,
            How::Whole => Asked::Whole,
        };
        let (term, weights) = match is_pair(text) {
            true => (whole_term(text).into(), pair_weights(field)),
            false => (Cow::Borrowed(text), weights(field, asked)),
        };
        let term = Term::from_field_text(self.fields.of(field), &term);
        let index = self.segment.index(term.field())?;
        let Some(postings) = index.read_block_postings(&term, IndexRecordOption::WithFreqs)? else {
            return Ok(Scorer::nothing());
        };
        let mut scorer = Scorer::Coded {
            postings: Box::new(Cursor::new(postings)),
            weights,
            bonus,
            // As a prefix every document of the term matches; as a whole only some do.
            partial: asked == Asked::Whole,
        };
        scorer.settle();
        Ok(scorer)
    }

    /// The documents of a prefix longer than those that are terms: of every term that begins so.
    fn longer(&self, field: Field, text: &str, bonus: Score) -> Result<Scorer, SearchError> {
        let mut few = None;
        let kept = self.segment.frequent.get(Some(field), text, || {
            let index = self.segment.index(self.fields.of(field))?;
            let mut stream = index.terms().range().ge(text).into_stream()?;
            let mut terms = Vec::new();
            while stream.advance() && stream.key().starts_with(text.as_bytes()) {
                // The term that is just the text may also be a prefix itself, and its code says so.
                let whole = stream.key().len() == text.len();
                let asked = if whole { Asked::Begun } else { Asked::Longer };
                terms.push((stream.value().clone(), weights(field, asked), 0));
            }
            let found = self.gather(field, &terms)?;
            if terms.len() >= FREQUENT_TERMS_MIN {
                return Ok::<_, SearchError>(Some(found));
            }
            few = Some(found);
            Ok(None)
        })?;
        let found = kept.or(few);
        Ok(found.map_or_else(Scorer::nothing, |found| Scorer::kept(found, bonus)))
    }

    /// The documents of every term within a few typing errors.
    fn near(&self, field: Field, near: &Near, bonus: Score) -> Result<Scorer, SearchError> {
        let index = self.segment.index(self.fields.of(field))?;
        let mut found = Vec::new();
        match self.segment.dictionary(field) {
            Some(terms) => terms.near(near, field.prefix_chars_max(), |term| found.push(term)),
            None => {
                let mut stream = index.terms().search(near).ge(FIRST_NAME).into_stream()?;
                while stream.advance() {
                    if let Some(errors) = near.errors(stream.key()) {
                        let text = stream.key().into();
                        found.push(NearTerm { text, errors, covered: false });
                    }
                }
            }
        }
        // A stable sort: of terms with equal errors the first in the dictionary stay.
        found.sort_by_key(|term| term.errors);
        found.truncate(NEAR_TERMS_MAX);
        let mut terms = Vec::with_capacity(found.len());
        for term in found {
            let asked = if term.covered { Asked::Whole } else { Asked::Begun };
            if let Some(info) = index.terms().get(&term.text)? {
                terms.push((info, weights(field, asked), Near::bonus(term.errors)));
            }
        }
        Ok(Scorer::kept(self.gather(field, &terms)?, bonus))
    }

    /// The documents of many terms, each with its best score.
    fn gather(&self, field: Field, terms: &[Gathered]) -> Result<Kept, SearchError> {
        let documents = terms.iter().map(|(info, ..)| info.doc_freq).fold(0, u32::saturating_add);
        if documents >= self.segment.max_doc() / RANKED_FROM_PART {
            let mut ranks = self.no_ranks();
            for (info, weights, errors) in terms {
                self.add_ranks(field, info, weights, *errors, &mut ranks)?;
            }
            return Ok(Kept::Ranks(self.ranks(ranks)));
        }
        let mut hits = Vec::with_capacity(documents as usize);
        for (info, weights, errors) in terms {
            self.each_block(field, info, |docs, codes| {
                for (doc, code) in docs.iter().zip(codes) {
                    let weight = weights[*code as usize & 15];
                    if weight > 0 {
                        hits.push((*doc, weight + errors));
                    }
                }
            })?;
        }
        Ok(Kept::Hits(Arc::new(each_once(hits))))
    }

    /// A rank for each document, none of which matches yet.
    fn no_ranks(&self) -> Vec<u8> {
        vec![0; self.segment.max_doc() as usize]
    }

    /// Adds the documents of one term to those of others, each with its best rank.
    fn add_ranks(
        &self,
        field: Field,
        info: &TermInfo,
        weights: &Weights,
        bonus: Score,
        ranks: &mut [u8],
    ) -> Result<(), SearchError> {
        let of_code = weights.map(|weight| if weight == 0 { 0 } else { rank(weight + bonus) });
        self.each_block(field, info, |docs, codes| {
            for (doc, code) in docs.iter().zip(codes) {
                if let Some(rank) = ranks.get_mut(*doc as usize) {
                    *rank = of_code[*code as usize & 15].max(*rank);
                }
            }
        })
    }

    fn ranks(&self, mut ranks: Vec<u8>) -> Arc<Ranks> {
        // Deleted documents leave here, once, because the ranks are counted without a look at them.
        if self.segment.has_deleted() {
            for (doc, rank) in (0..).zip(&mut ranks) {
                if *rank != 0 && !self.segment.is_alive(doc) {
                    *rank = 0;
                }
            }
        }
        Arc::new(Ranks::new(&ranks))
    }

    /// The documents of one term and their codes, block by block.
    fn each_block(
        &self,
        field: Field,
        info: &TermInfo,
        mut each: impl FnMut(&[DocId], &[u32]),
    ) -> Result<(), SearchError> {
        let index = self.segment.index(self.fields.of(field))?;
        let mut block =
            index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        while !block.docs().is_empty() {
            each(block.docs(), block.freqs());
            block.advance();
        }
        Ok(())
    }

    /// Digits inside a number, or at its beginning: those documents that have all the grams, verified
    /// unless one gram says it all.
    fn digits(&self, digits: &str, begins: bool, weight: Score) -> Result<Scorer, SearchError> {
        let last = digits.len().saturating_sub(GRAM_DIGITS);
        let mut scorers = Vec::new();
        // The last gram may overlap the one before it, so that every digit is in one.
        for start in (0..last).step_by(GRAM_DIGITS).chain([last]) {
            let gram = &digits[start..(start + GRAM_DIGITS).min(digits.len())];
            let scorer = self.constant(Term::from_field_text(self.fields.grams, gram), weight)?;
            if scorer.doc() == TERMINATED {
                return Ok(scorer);
            }
            scorers.push(scorer);
        }
        let single = scorers.len() == 1;
        let inner = Scorer::all(scorers, false, self.segment.max_doc());
        match &self.segment.numbers {
            // One gram is all of the digits, in a row.
            _ if single && !begins => Ok(inner),
            None => Ok(Scorer::nothing()),
            Some(numbers) => {
                let inner = Box::new(inner);
                let (numbers, digits) = (numbers.clone(), digits.into());
                let mut scorer = Scorer::Inside { inner, numbers, digits, begins };
                scorer.settle();
                Ok(scorer)
            }
        }
    }
}
