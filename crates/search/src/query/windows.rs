//! Walks unions and intersections of lists to their end, in windows of documents next to each
//! other: reading a list straight on costs a fraction of seeking in it for every document.

use crate::query::scorer::{Scorer, least};
use crate::ranking::rank::Score;
use tantivy::{DocId, TERMINATED};

impl Scorer {
    /// Calls `found` with every document that is left, ascending, and its score.
    pub(crate) fn for_each(mut self, mut found: impl FnMut(DocId, Score)) {
        match self {
            Scorer::Any { scorers, .. } => for_each_of_any(scorers, found),
            Scorer::All { scorers, sum, .. } => for_each_of_all(scorers, sum, found),
            _ => self.each_before(TERMINATED, &mut found),
        }
    }
}

/// Documents of a window. Its scores take 8 KiB, so that they stay in the processor's first cache.
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
            // Each list writes its scores by itself; the union need not be merged.
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

    /// The score of a document, if it is present.
    #[inline]
    fn score(&self, doc: DocId) -> Option<Score> {
        let at = (doc - self.start) as usize;
        (self.present[at / 64] & 1 << (at % 64) != 0).then(|| self.scores[at])
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
                // The score of a document that leaves is set to 0, as `fill` expects of absent
                // ones.
                *score = meet(self.start + at, *score).unwrap_or_else(|| {
                    *bits &= !(1 << bit);
                    0
                });
            }
        }
    }

    /// Calls `found` with every document and its score, and removes it.
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
        // The window begins at a document of a list, so that gaps cost nothing.
        scorers.iter_mut().for_each(|scorer| window.fill(scorer));
        window.empty(&mut found);
    }
}

/// A list up to this many times as long as the shortest one is read as a whole; in a longer one
/// each document is sought.
const READ_TIMES_MAX: u32 = 4;
/// Documents of the shortest list, about, from which on others are read as a whole. With fewer the
/// windows cost more than they save.
const READ_FROM: u32 = 4_096;

/// Walks the documents that several lists share. Each document of the shortest list is sought in
/// the others; those that are not much longer are read in windows beside it instead, because
/// seeking is expensive: each time every list of a union has to move to the place.
fn for_each_of_all(mut scorers: Vec<Scorer>, sum: bool, found: impl FnMut(DocId, Score)) {
    if scorers.is_empty() {
        return;
    }
    let others = scorers.split_off(1);
    let Some(shortest) = scorers.pop() else { return };
    let read_to = match shortest.cost() {
        cost if cost < READ_FROM => 0,
        cost => cost.saturating_mul(READ_TIMES_MAX),
    };
    let shared = Shared { others, sum, read_to };
    if shared.others.iter().any(|other| other.is_read(read_to)) {
        shared.for_each_in_windows(shortest, found);
    } else {
        shared.for_each_by_seeking(shortest, found);
    }
}

/// The lists beside the shortest one of an intersection.
struct Shared {
    others: Vec<Scorer>,
    /// Whether the scores are added; otherwise the worst counts.
    sum: bool,
    /// Documents of a list, about, up to which it is read in windows.
    read_to: u32,
}

impl Shared {
    fn for_each_by_seeking(self, shortest: Scorer, mut found: impl FnMut(DocId, Score)) {
        let Shared { mut others, sum, .. } = self;
        let mut met = |doc, score| {
            let met = others
                .iter_mut()
                .try_fold(score, |score, other| score_with(other, doc, score, sum));
            if let Some(score) = met {
                found(doc, score);
            }
        };
        match shortest {
            Scorer::Any { scorers, .. } => for_each_of_any(scorers, met),
            mut shortest => shortest.each_before(TERMINATED, &mut met),
        }
    }

    fn for_each_in_windows(mut self, mut shortest: Scorer, mut found: impl FnMut(DocId, Score)) {
        let (mut window, mut second) = (Window::new(), Window::new());
        loop {
            window.start = shortest.doc();
            if window.start == TERMINATED {
                return;
            }
            window.fill(&mut shortest);
            for other in &mut self.others {
                if !other.is_read(self.read_to) {
                    window.retain(|doc, score| score_with(other, doc, score, self.sum));
                    continue;
                }
                // A list at its end shares nothing with this window or a later one.
                if other.seek(window.start) == TERMINATED {
                    return;
                }
                second.start = window.start;
                second.fill(other);
                window.retain(|doc, score| {
                    second.score(doc).map(|other| combined(score, other, self.sum))
                });
                // The window is used again, so that it must be empty.
                second.empty(|_, _| ());
            }
            window.empty(&mut found);
        }
    }
}

/// The score of a document that has `score` elsewhere, if `other` has it as well. Documents must be
/// asked for in ascending order.
#[inline]
fn score_with(other: &mut Scorer, doc: DocId, score: Score, sum: bool) -> Option<Score> {
    // Ranks are found by the document's number, without moving.
    if let Scorer::Ranked(ranked) = other {
        return Some(combined(score, ranked.score_at(doc)?, sum));
    }
    (other.seek(doc) == doc).then(|| combined(score, other.score(), sum))
}

#[inline]
fn combined(one: Score, other: Score, sum: bool) -> Score {
    if sum { one + other } else { one.min(other) }
}
