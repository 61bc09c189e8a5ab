//! The best of what matches, from the index and from the overlay, in the one order that a
//! listing has. The order never depends on where something was found.

use crate::SearchError;
use crate::index::Segments;
use crate::index::fields::{DocumentKind, SORT_COLUMNS};
use crate::index::segment::Segment;
use crate::overlay::{Overlay, Shelf};
use crate::query::matcher::{self, Matches};
use crate::query::plan::Node;
use crate::query::scorer::Scorer;
use crate::query::segment_query::{Renamed, SegmentQuery};
use crate::ranking::rank::Score;
use crate::ranking::ranked::BLOCK;
use carnet_model::{Direction, Sort, SortField};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use tantivy::DocId;

/// Sort keys that count; every field but the last of a kind is among them once.
const SORT_KEYS_MAX: usize = 5;

/// A number and its score.
pub(crate) type Scored = (u64, Score);

/// What was found.
pub(crate) struct Collected {
    /// How many match.
    pub(crate) total: usize,
    /// The best of them, in order.
    pub(crate) best: Vec<Scored>,
    /// Whether one of the best has names in Latin letters only.
    pub(crate) has_latin: bool,
}

/// One search of index and overlay.
pub(crate) struct Collect<'a, M> {
    pub(crate) index: &'a Segments,
    pub(crate) overlay: &'a Overlay,
    pub(crate) shelf: &'a Shelf<M>,
    pub(crate) renamed: &'a Renamed,
    pub(crate) kind: DocumentKind,
    pub(crate) plan: &'a Node,
    /// Whether the plan asks for words, which only this kind has, and not for filters alone.
    pub(crate) typed: bool,
    /// Whether of those with one score the ones with names in Latin letters only come first.
    pub(crate) latin_first: bool,
    pub(crate) sort: &'a [Sort],
    /// How many of the best to return.
    pub(crate) top: usize,
}

impl<M: Matches> Collect<'_, M> {
    /// Finds what matches.
    pub(crate) fn run(&self) -> Result<Collected, SearchError> {
        if self.sort.is_empty() { self.best_first() } else { self.sorted() }
    }

    /// By score, then the script, then the smaller number.
    fn best_first(&self) -> Result<Collected, SearchError> {
        let mut total = 0;
        let mut best = Best::new(self.top);
        for segment in &self.index.segments {
            // Most documents have a lower score than the best so far, or the same score and a
            // larger number. A number takes longer to read than a score, so it is read only where
            // the smallest one of its block could count.
            let may = |best: &Best<_, bool>, block: usize, score: Score| {
                best.takes(&(Score::MAX - score, false, segment.lowest(block)))
            };
            let scorer = self.scorer(segment)?;
            // The whole plan is one frequent prefix: the count is known, and blocks can be skipped.
            if let Scorer::Ranked(ranked) = &scorer
                && self.is_plain()
            {
                let (ranks, bonus) = ranked.all();
                total += ranks.count();
                for ((block, start), score) in
                    (0..).zip((0..).step_by(BLOCK as usize)).zip(ranks.best())
                {
                    if score == 0 || !may(&best, block, score + bonus) {
                        continue;
                    }
                    ranks.each(start, start + BLOCK, |doc, score| {
                        if may(&best, block, score + bonus) {
                            // The lowest bit of a key is its kind, and a plain search meets one
                            // kind only.
                            let no = segment.key.get_val(doc) >> 1;
                            let is_latin = || segment.is_latin(doc);
                            let place = (Score::MAX - score - bonus, self.behind(is_latin), no);
                            best.offer(place, is_latin);
                        }
                    });
                }
                continue;
            }
            total += self.each(segment, scorer, |doc, score, no| {
                if may(&best, (doc / BLOCK) as usize, score) {
                    let is_latin = || segment.is_latin(doc);
                    best.offer((Score::MAX - score, self.behind(is_latin), no()), is_latin);
                }
            });
        }
        total += self.each_newer(|no, score, it| {
            let is_latin = || it.is_latin();
            best.offer((Score::MAX - score, self.behind(is_latin), no), is_latin);
        });
        let hits = best.into_sorted();
        let has_latin = hits.iter().any(|(_, is_latin)| *is_latin);
        let best = hits.into_iter().map(|((worse, _, no), _)| (no, Score::MAX - worse)).collect();
        Ok(Collected { total, best, has_latin })
    }

    /// By the folded texts of the sort's fields, then the smaller number.
    fn sorted(&self) -> Result<Collected, SearchError> {
        let sort = &self.sort[..self.sort.len().min(SORT_KEYS_MAX)];
        let mut total = 0;
        let mut rows: Vec<ListingCandidate<'_>> = Vec::new();
        for segment in &self.index.segments {
            let columns = Columns::new(segment, sort);
            // Ordinals of texts cannot be compared between segments, so each one gives its own
            // best.
            let mut best = Best::new(self.top);
            total += self.each(segment, self.scorer(segment)?, |doc, score, no| {
                let no = no();
                best.offer((columns.ranks(doc, no), no), || (score, segment.is_latin(doc)));
            });
            for ((ranks, no), (score, is_latin)) in best.into_sorted() {
                rows.push(ListingCandidate { texts: columns.texts(&ranks)?, no, score, is_latin });
            }
        }
        total += self.each_newer(|no, score, it| {
            let text = |sort: &Sort| it.sort_text(sort.field).map(Cow::Borrowed);
            let (texts, is_latin) = (sort.iter().map(text).collect(), it.is_latin());
            rows.push(ListingCandidate { texts, no, score, is_latin });
        });
        rows.sort_by(|a, b| a.cmp(b, sort));
        rows.truncate(self.top);
        let has_latin = rows.iter().any(|row| row.is_latin);
        let best = rows.into_iter().map(|row| (row.no, row.score)).collect();
        Ok(Collected { total, best, has_latin })
    }

    /// Whether a match comes behind others of the same score. The script is read only where it counts.
    #[inline]
    fn behind(&self, is_latin: impl FnOnce() -> bool) -> bool {
        self.latin_first && !is_latin()
    }

    fn scorer(&self, segment: &Segment) -> Result<Scorer, SearchError> {
        let (fields, renamed, kind) = (&self.index.fields, self.renamed, self.kind);
        SegmentQuery { segment, fields, renamed, kind }.scorer(self.plan)
    }

    /// Whether every document that matches and is alive counts: fields with words are of one kind,
    /// and nothing is hidden.
    fn is_plain(&self) -> bool {
        self.typed && self.shelf.is_empty()
    }

    /// Calls `found` with every document of a segment that matches, is alive, of this kind, and not
    /// hidden by the overlay: document, score, and a function for its number. Returns their count.
    fn each(
        &self,
        segment: &Segment,
        scorer: Scorer,
        mut found: impl FnMut(DocId, Score, &dyn Fn() -> u64),
    ) -> usize {
        let mut count = 0;
        if self.is_plain() {
            scorer.for_each(|doc, score| {
                if segment.is_alive(doc) {
                    count += 1;
                    found(doc, score, &|| segment.key.get_val(doc) >> 1);
                }
            });
            return count;
        }
        scorer.for_each(|doc, score| {
            if segment.is_alive(doc)
                && let Some(no) = self.kind.no(segment.key.get_val(doc))
                && !self.shelf.hides(no)
            {
                count += 1;
                found(doc, score, &|| no);
            }
        });
        count
    }

    /// Calls `found` with every entry of the overlay that matches: number, score and entry. Returns
    /// their count.
    fn each_newer<'b>(&'b self, mut found: impl FnMut(u64, Score, &'b M)) -> usize {
        let mut count = 0;
        for slot in self.shelf.iter() {
            let Some(it) = slot.entry.as_deref() else { continue };
            if let Some(score) = matcher::score(it, slot.no, self.plan, self.overlay) {
                count += 1;
                found(slot.no, score, it);
            }
        }
        count
    }
}

/// The smallest keys that were offered, at most `top` of them.
struct Best<K, V> {
    top: usize,
    heap: BinaryHeap<Offer<K, V>>,
}

struct Offer<K, V>(K, V);

impl<K: Ord, V> PartialEq for Offer<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Ord, V> Eq for Offer<K, V> {}

impl<K: Ord, V> PartialOrd for Offer<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, V> Ord for Offer<K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K: Ord, V> Best<K, V> {
    fn new(top: usize) -> Best<K, V> {
        Best { top, heap: BinaryHeap::new() }
    }

    /// Whether a key as small as this has a chance.
    #[inline]
    fn takes(&self, key: &K) -> bool {
        self.heap.len() < self.top || self.heap.peek().is_some_and(|worst| *key < worst.0)
    }

    #[inline]
    fn offer(&mut self, key: K, value: impl FnOnce() -> V) {
        // To replace the worst in place is one walk through the heap instead of two.
        if self.heap.len() < self.top {
            self.heap.push(Offer(key, value()));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && key < worst.0
        {
            *worst = Offer(key, value());
        }
    }

    fn into_sorted(self) -> Vec<(K, V)> {
        self.heap.into_sorted_vec().into_iter().map(|Offer(key, value)| (key, value)).collect()
    }
}

/// The columns of a segment by which it is sorted.
struct Columns<'a> {
    segment: &'a Segment,
    sort: &'a [Sort],
    /// For each sort the place of its column, if it has one.
    places: Vec<Option<usize>>,
}

/// A document's place in the order of each sort within its segment: smaller is earlier, and a
/// missing text comes last in either direction.
type Ranks = [u64; SORT_KEYS_MAX];
const MISSING: u64 = u64::MAX;

impl<'a> Columns<'a> {
    fn new(segment: &'a Segment, sort: &'a [Sort]) -> Columns<'a> {
        let place = |sort: &Sort| SORT_COLUMNS.iter().position(|(field, _)| *field == sort.field);
        Columns { segment, sort, places: sort.iter().map(place).collect() }
    }

    fn ranks(&self, doc: DocId, no: u64) -> Ranks {
        let mut ranks = [0; SORT_KEYS_MAX];
        for ((rank, sort), place) in ranks.iter_mut().zip(self.sort).zip(&self.places) {
            let ascending = match place {
                Some(place) => {
                    let column = self.segment.sort[*place].as_ref();
                    column.and_then(|column| column.ords().first(doc))
                }
                // The one sort without a column is the date of creation, and numbers have its
                // order.
                None => Some(no),
            };
            *rank = match (ascending, sort.direction) {
                (None, _) => MISSING,
                (Some(rank), Direction::Ascending) => rank,
                // Less than `MISSING`, so that a missing text is last in this direction, too.
                (Some(rank), Direction::Descending) => MISSING - 1 - rank,
            };
        }
        ranks
    }

    /// The texts of the ranks, which have a meaning in their own segment only.
    fn texts(&self, ranks: &Ranks) -> Result<Vec<Option<Cow<'a, str>>>, SearchError> {
        let mut texts = Vec::with_capacity(self.sort.len());
        for ((rank, sort), place) in ranks.iter().zip(self.sort).zip(&self.places) {
            let column = place.and_then(|place| self.segment.sort[place].as_ref());
            let text = match column {
                Some(column) if *rank != MISSING => {
                    let ord = match sort.direction {
                        Direction::Ascending => *rank,
                        Direction::Descending => MISSING - 1 - rank,
                    };
                    let mut text = String::new();
                    column.ord_to_str(ord, &mut text)?;
                    Some(Cow::Owned(text))
                }
                _ => None,
            };
            texts.push(text);
        }
        Ok(texts)
    }
}

/// A candidate of a sorted listing.
struct ListingCandidate<'a> {
    texts: Vec<Option<Cow<'a, str>>>,
    no: u64,
    score: Score,
    is_latin: bool,
}

impl ListingCandidate<'_> {
    fn cmp(&self, other: &ListingCandidate<'_>, sort: &[Sort]) -> Ordering {
        for (sort, (a, b)) in sort.iter().zip(self.texts.iter().zip(&other.texts)) {
            let ascending = match (a, b) {
                // Numbers are given in the order of time.
                _ if sort.field == SortField::CreateDate => self.no.cmp(&other.no),
                (Some(a), Some(b)) => a.cmp(b),
                // A missing text comes last in either direction.
                (a, b) if a.is_some() != b.is_some() => return b.is_some().cmp(&a.is_some()),
                _ => Ordering::Equal,
            };
            let order = match sort.direction {
                Direction::Ascending => ascending,
                Direction::Descending => ascending.reverse(),
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        self.no.cmp(&other.no)
    }
}
