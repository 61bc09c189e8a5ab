//! Lists of documents in ascending order with their scores, and how they are put together. Like
//! tantivy's own, but the scores come from the codes of terms, and there is one type, so that
//! the inner loops have no virtual calls.

use crate::index::frequent::Kept;
use crate::query::cursor::Cursor;
use crate::query::matcher::has_inside;
use crate::ranking::rank::{Score, Weights};
use crate::ranking::ranked::Ranked;
use std::sync::Arc;
use tantivy::columnar::{Column, ColumnValues};
use tantivy::{DocId, TERMINATED};

/// Documents in ascending order, with their scores. It stands on its first document once made.
pub(crate) enum Scorer {
    /// One term; its code tells the score. Those with the score 0 do not match.
    Coded { postings: Box<Cursor>, weights: &'static Weights, bonus: Score, partial: bool },
    /// One term, each document worth the same.
    Constant { postings: Box<Cursor>, weight: Score },
    /// What was gathered from many terms.
    Listed { hits: Arc<Vec<(DocId, Score)>>, at: usize, bonus: Score },
    /// The same where it is much.
    Ranked(Ranked),
    /// Every document below `max`.
    Everything { doc: DocId, max: DocId },
    /// All but those whose organisation is among `except`.
    Except { inner: Box<Scorer>, column: Arc<dyn ColumnValues<u64>>, except: Arc<[u64]> },
    /// Those that have a number with these digits inside.
    Inside { inner: Box<Scorer>, numbers: Column<u64>, digits: Box<str> },
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

    /// What was gathered, and what is added to its scores.
    pub(crate) fn kept(kept: Kept, bonus: Score) -> Scorer {
        match kept {
            Kept::Ranks(ranks) => Scorer::Ranked(Ranked::new(ranks, bonus)),
            Kept::Hits(hits) => Scorer::Listed { hits, at: 0, bonus },
        }
    }

    /// The documents of any; the best score.
    pub(crate) fn any(mut scorers: Vec<Scorer>) -> Scorer {
        scorers.retain(|scorer| scorer.doc() != TERMINATED);
        // One flat union is walked faster than unions of unions.
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
            0 => Scorer::Everything { doc: if max == 0 { TERMINATED } else { 0 }, max },
            1 => scorers.swap_remove(0),
            _ => {
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
            Scorer::Everything { doc, max } => {
                *doc = if *doc + 1 < *max { *doc + 1 } else { TERMINATED };
                *doc
            }
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => {
                inner.advance();
                self.settle()
            }
            Scorer::Any { scorers, doc } => {
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
            Scorer::Everything { doc, max } => {
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
                weights[postings.code() as usize & 15] + bonus
            }
            Scorer::Constant { weight, .. } => *weight,
            Scorer::Listed { hits, at, bonus } => hits.get(*at).map_or(0, |hit| hit.1 + bonus),
            Scorer::Ranked(ranked) => ranked.score(),
            Scorer::Everything { .. } => 0,
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => inner.score(),
            Scorer::Any { scorers, doc } => {
                let here = scorers.iter().filter(|scorer| scorer.doc() == *doc);
                here.map(Scorer::score).max().unwrap_or(0)
            }
            Scorer::All { scorers, sum: true, .. } => scorers.iter().map(Scorer::score).sum(),
            Scorer::All { scorers, .. } => scorers.iter().map(Scorer::score).min().unwrap_or(0),
        }
    }

    /// Tells `found` about every document that is left, with its score, in ascending order.
    pub(crate) fn for_each(mut self, mut found: impl FnMut(DocId, Score)) {
        match self {
            Scorer::Any { scorers, .. } => for_each_of_any(scorers, found),
            Scorer::All { scorers, sum, .. } => for_each_of_all(scorers, sum, found),
            _ => self.each_before(TERMINATED, &mut found),
        }
    }

    /// The same up to `end`. A union goes through this in windows, see [`for_each_of_any`].
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

    /// Goes on from a document that its postings have and that yet does not match.
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
            Scorer::Inside { inner, numbers, digits } => {
                let mut doc = inner.doc();
                while doc != TERMINATED
                    && !numbers.values_for_doc(doc).any(|number| has_inside(number, digits))
                {
                    doc = inner.advance();
                }
                doc
            }
            scorer => scorer.doc(),
        }
    }

    /// Whether this is read as a whole beside a shorter list; ranks can be asked at any place.
    fn is_read(&self, read_to: u32) -> bool {
        !matches!(self, Scorer::Ranked(_)) && self.cost() <= read_to
    }

    /// About how many documents there are.
    fn cost(&self) -> u32 {
        match self {
            Scorer::Coded { postings, .. } | Scorer::Constant { postings, .. } => postings.len(),
            Scorer::Listed { hits, .. } => u32::try_from(hits.len()).unwrap_or(u32::MAX),
            Scorer::Ranked(ranked) => ranked.len(),
            Scorer::Everything { max, .. } => *max,
            Scorer::Except { inner, .. } | Scorer::Inside { inner, .. } => inner.cost(),
            Scorer::Any { scorers, .. } => {
                scorers.iter().map(Scorer::cost).fold(0, u32::saturating_add)
            }
            Scorer::All { scorers, .. } => scorers.iter().map(Scorer::cost).min().unwrap_or(0),
        }
    }
}

/// What was gathered in any order, each document once with its best score.
pub(crate) fn each_once(mut hits: Vec<(DocId, Score)>) -> Vec<(DocId, Score)> {
    hits.sort_unstable_by_key(|(doc, score)| (*doc, Score::MAX - score));
    hits.dedup_by_key(|(doc, _)| *doc);
    hits.shrink_to_fit();
    hits
}

fn least(scorers: &[Scorer]) -> DocId {
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
                target = doc;
                continue 'again;
            }
        }
        return target;
    }
}

/// Documents of a window: their scores fit well into the processor's nearest cache.
const WINDOW: u32 = 2_048;

/// Documents next to each other, those of them that match, and their scores.
struct Window {
    start: DocId,
    present: [u64; WINDOW as usize / 64],
    scores: [Score; WINDOW as usize],
}

impl Window {
    fn new() -> Window {
        Window { start: 0, present: [0; _], scores: [0; _] }
    }

    fn end(&self) -> DocId {
        // Documents end far below the largest number.
        self.start.saturating_add(WINDOW).min(TERMINATED)
    }

    /// Takes the documents of a scorer, each with the best of its scores. None before the window
    /// is left in it.
    fn fill(&mut self, scorer: &mut Scorer) {
        if let Scorer::Any { scorers, doc } = scorer {
            for scorer in scorers.iter_mut() {
                self.fill(scorer);
            }
            *doc = least(scorers);
            return;
        }
        let start = self.start;
        scorer.each_before(self.end(), &mut |doc, score: Score| {
            let at = (doc - start) as usize;
            self.present[at / 64] |= 1 << (at % 64);
            self.scores[at] = score.max(self.scores[at]);
        });
    }

    /// Keeps the documents for which `meet` makes a new score of the old one.
    fn retain(&mut self, mut meet: impl FnMut(DocId, Score) -> Option<Score>) {
        for (block, bits) in (0u32..).zip(&mut self.present) {
            let mut left = *bits;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let at = block * 64 + bit;
                let score = &mut self.scores[at as usize];
                *score = meet(self.start + at, *score).unwrap_or_else(|| {
                    *bits &= !(1 << bit);
                    0
                });
            }
        }
    }

    /// Tells `found` about every document, and forgets it.
    fn empty(&mut self, mut found: impl FnMut(DocId, Score)) {
        for (block, bits) in (0u32..).zip(&mut self.present) {
            while *bits != 0 {
                let at = block * 64 + bits.trailing_zeros();
                *bits &= *bits - 1;
                found(self.start + at, std::mem::take(&mut self.scores[at as usize]));
            }
        }
    }
}

/// Walks a union window by window: each list writes its scores into the window, one after the
/// other, and then the window is read. Merging the lists document by document takes four times
/// as long where they are long.
fn for_each_of_any(mut scorers: Vec<Scorer>, mut found: impl FnMut(DocId, Score)) {
    let mut window = Window::new();
    loop {
        window.start = least(&scorers);
        if window.start == TERMINATED {
            return;
        }
        scorers.iter_mut().for_each(|scorer| window.fill(scorer));
        window.empty(&mut found);
    }
}

/// How many times as long as the shortest list another one may be to be read as a whole; in a
/// longer one each document is sought.
const READ_TIMES_MAX: u32 = 4;
/// Documents of the shortest list, about, from which on others are read as a whole: windows have
/// their price too.
const READ_FROM: u32 = 4_096;

/// Walks what several lists share by the documents of the shortest; the others are asked for each
/// of them, or read with it in windows where they are not much longer. To seek is dear: each time
/// every list of a union has to be brought to the place.
fn for_each_of_all(mut scorers: Vec<Scorer>, sum: bool, mut found: impl FnMut(DocId, Score)) {
    if scorers.is_empty() {
        return;
    }
    let mut others = scorers.split_off(1);
    let Some(mut shortest) = scorers.pop() else { return };
    let both = |one: Score, other: Score| if sum { one + other } else { one.min(other) };
    let read_to = match shortest.cost() {
        cost if cost < READ_FROM => 0,
        cost => cost.saturating_mul(READ_TIMES_MAX),
    };
    if !others.iter().any(|other| other.is_read(read_to)) {
        let mut met = |doc, score| {
            let met = others.iter_mut().try_fold(score, |score, other| match other {
                Scorer::Ranked(ranked) => Some(both(score, ranked.score_at(doc)?)),
                other => (other.seek(doc) == doc).then(|| both(score, other.score())),
            });
            if let Some(score) = met {
                found(doc, score);
            }
        };
        match shortest {
            Scorer::Any { scorers, .. } => for_each_of_any(scorers, met),
            mut shortest => shortest.each_before(TERMINATED, &mut met),
        }
        return;
    }
    let (mut window, mut second) = (Window::new(), Window::new());
    loop {
        window.start = shortest.doc();
        if window.start == TERMINATED {
            return;
        }
        window.fill(&mut shortest);
        for other in others.iter_mut() {
            match other {
                Scorer::Ranked(ranked) => {
                    window.retain(|doc, score| Some(both(score, ranked.score_at(doc)?)));
                }
                other if !other.is_read(read_to) => {
                    let meet =
                        |doc, score| (other.seek(doc) == doc).then(|| both(score, other.score()));
                    window.retain(meet);
                }
                other => {
                    if other.seek(window.start) == TERMINATED {
                        return;
                    }
                    second.start = window.start;
                    second.fill(other);
                    let at = |doc: DocId| (doc - second.start) as usize;
                    let has = |doc| second.present[at(doc) / 64] & 1 << (at(doc) % 64) != 0;
                    window
                        .retain(|doc, score| has(doc).then(|| both(score, second.scores[at(doc)])));
                    second.empty(|_, _| ());
                }
            }
        }
        window.empty(&mut found);
    }
}
