//! Lists of documents in ascending order with their scores, and their unions and intersections.
//! Like tantivy's own, but the scores come from the codes of terms, and there is one type, so that
//! the inner loops have no virtual calls. It knows nothing of plans or fields.

use crate::index::frequent::Kept;
use crate::query::cursor::Cursor;
use crate::query::matcher::has_digits;
use crate::ranking::rank::{Score, Weights};
use crate::ranking::ranked::Ranked;
use std::sync::Arc;
use tantivy::columnar::{Column, ColumnValues};
use tantivy::{DocId, TERMINATED};

/// Documents in ascending order, with their scores. A new scorer is at its first document.
pub(crate) enum Scorer {
    /// One term; its code gives the score. Documents with the score 0 do not match, and there are
    /// none of them unless `partial`.
    Coded { postings: Box<Cursor>, weights: &'static Weights, bonus: Score, partial: bool },
    /// One term, each document worth the same.
    Constant { postings: Box<Cursor>, weight: Score },
    /// Documents gathered from many terms.
    Listed { hits: Arc<Vec<(DocId, Score)>>, at: usize, bonus: Score },
    /// Documents gathered from many terms, where they are many.
    Ranked(Ranked),
    /// Every document below `max`, each worth the same.
    Everything { doc: DocId, max: DocId, weight: Score },
    /// All but those whose value in a column is among `except`, ascending.
    Except { inner: Box<Scorer>, column: Arc<dyn ColumnValues<u64>>, except: Arc<[u64]> },
    /// Those that have a number with these digits inside, or one that begins with them.
    Inside { inner: Box<Scorer>, numbers: Column<u64>, digits: Box<str>, begins: bool },
    /// Those of any; the best score.
    Any { scorers: Vec<Scorer>, doc: DocId },
    /// Those of all; the sum of the scores, or the worst of them.
    All { scorers: Vec<Scorer>, doc: DocId, sum: bool },
}

impl Scorer {
    /// No document.
    pub(crate) fn nothing() -> Scorer {
        Scorer::Listed { hits: Arc::default(), at: 0, bonus: 0 }
    }

    /// Every document below `max`.
    pub(crate) fn everything(max: DocId, weight: Score) -> Scorer {
        Scorer::Everything { doc: if max == 0 { TERMINATED } else { 0 }, max, weight }
    }

    /// A kept result, and a bonus on its scores.
    pub(crate) fn kept(kept: Kept, bonus: Score) -> Scorer {
        match kept {
            Kept::Ranks(ranks) => Scorer::Ranked(Ranked::new(ranks, bonus)),
            Kept::Hits(hits) => Scorer::Listed { hits, at: 0, bonus },
        }
    }

    /// The documents of any; the best score.
    pub(crate) fn any(mut scorers: Vec<Scorer>) -> Scorer {
        scorers.retain(|scorer| scorer.doc() != TERMINATED);
        // One flat union is walked faster than unions of unions: its lists are read one by one.
        if scorers.iter().any(|scorer| matches!(scorer, Scorer::Any { .. })) {
            let flat = scorers.into_iter().flat_map(|scorer| match scorer {
                Scorer::Any { scorers, .. } => scorers,
                scorer => vec![scorer],
            });
            scorers = flat.filter(|scorer| scorer.doc() != TERMINATED).collect();
        }
        match scorers.len() {
            0 => Scorer::nothing(),
            1 => scorers.swap_remove(0),
            _ => {
                let doc = least(&scorers);
                Scorer::Any { scorers, doc }
            }
        }
    }

    /// The documents of all: the sum of the scores, or the worst. Of none: all below `max`.
    pub(crate) fn all(mut scorers: Vec<Scorer>, sum: bool, max: DocId) -> Scorer {
        match scorers.len() {
            0 => Scorer::everything(max, 0),
            1 => scorers.swap_remove(0),
            _ => {
                // The rarest list proposes documents and the others are sought: so few seeks.
                scorers.sort_by_key(Scorer::cost);
                let doc = meet(&mut scorers, 0);
                Scorer::All { scorers, doc, sum }
            }
        }
    }

    /// The present document, or [`TERMINATED`].
    #[inline]
    pub(crate) fn doc(&self) -> DocId {
        match self {
            Scorer::Coded { postings, .. } | Scorer::Constant { postings, .. } => postings.doc(),
            Scorer::Listed { hits, at, .. } => hits.get(*at).map_or(TERMINATED, |hit| hit.0),
            Scorer::Ranked(ranked) => ranked.doc(),
            Scorer::Everything { doc, .. } | Scorer::Any { doc, .. } | Scorer::All { doc, .. } => {
                *doc
            }
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => inner.doc(),
        }
    }

    /// Goes to the next document.
    #[inline]
    pub(crate) fn advance(&mut self) -> DocId {
        match self {
            // Without `partial` every document matches, and its code is not looked at.
            Scorer::Constant { postings, .. } | Scorer::Coded { postings, partial: false, .. } => {
                postings.advance()
            }
            Scorer::Coded { postings, .. } => {
                postings.advance();
                self.settle()
            }
            Scorer::Listed { at, .. } => {
                *at += 1;
                self.doc()
            }
            Scorer::Ranked(ranked) => ranked.advance(),
            Scorer::Everything { doc, max, .. } => {
                *doc = if *doc + 1 < *max { *doc + 1 } else { TERMINATED };
                *doc
            }
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => {
                inner.advance();
                self.settle()
            }
            Scorer::Any { scorers, doc } => {
                // Lists at the present document move on; the others are ahead of it already.
                let present = *doc;
                let mut next = TERMINATED;
                for scorer in scorers {
                    let mut doc = scorer.doc();
                    if doc == present {
                        doc = scorer.advance();
                    }
                    next = next.min(doc);
                }
                *doc = next;
                next
            }
            Scorer::All { scorers, doc, .. } => {
                // The first list is the rarest one, see `all`.
                let next = scorers[0].advance();
                *doc = meet(scorers, next);
                *doc
            }
        }
    }

    /// Goes to the first document that is not before `target`.
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() >= target {
            return self.doc();
        }
        match self {
            Scorer::Constant { postings, .. } => postings.seek(target),
            Scorer::Coded { postings, .. } => {
                postings.seek(target);
                self.settle()
            }
            Scorer::Listed { hits, at, .. } => {
                *at += hits[*at..].partition_point(|hit| hit.0 < target);
                self.doc()
            }
            Scorer::Ranked(ranked) => ranked.seek(target),
            Scorer::Everything { doc, max, .. } => {
                *doc = if target < *max { target } else { TERMINATED };
                *doc
            }
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => {
                inner.seek(target);
                self.settle()
            }
            Scorer::Any { scorers, doc } => {
                for scorer in scorers.iter_mut() {
                    scorer.seek(target);
                }
                *doc = least(scorers);
                *doc
            }
            Scorer::All { scorers, doc, .. } => {
                *doc = meet(scorers, target);
                *doc
            }
        }
    }

    /// The score of the present document.
    #[inline]
    pub(crate) fn score(&self) -> Score {
        match self {
            Scorer::Coded { postings, weights, bonus, .. } => {
                // Codes are below 16; the mask spares the check of the index.
                weights[postings.code() as usize & 15] + bonus
            }
            Scorer::Constant { weight, .. } => *weight,
            Scorer::Listed { hits, at, bonus } => hits.get(*at).map_or(0, |hit| hit.1 + bonus),
            Scorer::Ranked(ranked) => ranked.score(),
            Scorer::Everything { weight, .. } => *weight,
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => inner.score(),
            Scorer::Any { scorers, doc } => {
                let here = scorers.iter().filter(|scorer| scorer.doc() == *doc);
                here.map(Scorer::score).max().unwrap_or(0)
            }
            Scorer::All { scorers, sum: true, .. } => scorers.iter().map(Scorer::score).sum(),
            Scorer::All { scorers, .. } => scorers.iter().map(Scorer::score).min().unwrap_or(0),
        }
    }

    /// Calls `found` with every document from the present one to before `end`, ascending, and its
    /// score, and moves to the first one after them.
    pub(crate) fn each_before(&mut self, end: DocId, found: &mut impl FnMut(DocId, Score)) {
        match self {
            Scorer::Coded { postings, weights, bonus, .. } => {
                postings.each_before(end, |doc, code| {
                    let weight = weights[code as usize & 15];
                    if weight > 0 {
                        found(doc, weight + *bonus);
                    }
                });
                self.settle();
            }
            Scorer::Ranked(ranked) => ranked.each_before(end, found),
            Scorer::Listed { hits, at, bonus } => {
                let left = hits.get(*at..).unwrap_or_default();
                let here = left.iter().take_while(|hit| hit.0 < end);
                *at += here.inspect(|hit| found(hit.0, hit.1 + *bonus)).count();
            }
            scorer => {
                let mut doc = scorer.doc();
                while doc < end {
                    found(doc, scorer.score());
                    doc = scorer.advance();
                }
            }
        }
    }

    /// Moves on from a document that is in the posting list and does not match after all.
    pub(crate) fn settle(&mut self) -> DocId {
        match self {
            Scorer::Coded { postings, weights, partial: true, .. } => {
                let mut doc = postings.doc();
                while doc != TERMINATED && weights[postings.code() as usize & 15] == 0 {
                    doc = postings.advance();
                }
                doc
            }
            Scorer::Except { inner, column, except } => {
                let mut doc = inner.doc();
                while doc != TERMINATED && except.binary_search(&column.get_val(doc)).is_ok() {
                    doc = inner.advance();
                }
                doc
            }
            // A number may have all grams of the digits and yet not the digits in a row.
            Scorer::Inside { inner, numbers, digits, begins } => {
                let mut doc = inner.doc();
                while doc != TERMINATED
                    && !numbers
                        .values_for_doc(doc)
                        .any(|number| has_digits(number, digits, *begins))
                {
                    doc = inner.advance();
                }
                doc
            }
            scorer => scorer.doc(),
        }
    }

    /// Whether this is read as a whole beside a shorter list; ranks can be asked at any place.
    pub(crate) fn is_read(&self, read_to: u32) -> bool {
        !matches!(self, Scorer::Ranked(_)) && self.cost() <= read_to
    }

    /// About how many documents there are.
    pub(crate) fn cost(&self) -> u32 {
        match self {
            Scorer::Coded { postings, .. } | Scorer::Constant { postings, .. } => postings.len(),
            Scorer::Listed { hits, .. } => u32::try_from(hits.len()).unwrap_or(u32::MAX),
            Scorer::Ranked(ranked) => ranked.len(),
            Scorer::Everything { max, .. } => *max,
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => inner.cost(),
            // An upper bound: a document may be in several lists.
            Scorer::Any { scorers, .. } => {
                scorers.iter().map(Scorer::cost).fold(0, u32::saturating_add)
            }
            Scorer::All { scorers, .. } => scorers.iter().map(Scorer::cost).min().unwrap_or(0),
        }
    }
}

/// Documents that were gathered in any order, each once with its best score.
pub(crate) fn each_once(mut hits: Vec<(DocId, Score)>) -> Vec<(DocId, Score)> {
    // The best score of a document comes first, and `dedup` keeps the first.
    hits.sort_unstable_by_key(|(doc, score)| (*doc, Score::MAX - score));
    hits.dedup_by_key(|(doc, _)| *doc);
    hits.shrink_to_fit();
    hits
}

/// The first document of any.
pub(crate) fn least(scorers: &[Scorer]) -> DocId {
    scorers.iter().map(Scorer::doc).min().unwrap_or(TERMINATED)
}

/// Brings all to the first document from `target` on that they share.
fn meet(scorers: &mut [Scorer], mut target: DocId) -> DocId {
    'again: loop {
        for scorer in scorers.iter_mut() {
            let doc = scorer.seek(target);
            if doc == TERMINATED {
                return TERMINATED;
            }
            if doc > target {
                // Back to the rarest list: its next document is probably much further on.
                target = doc;
                continue 'again;
            }
        }
        return target;
    }
}
