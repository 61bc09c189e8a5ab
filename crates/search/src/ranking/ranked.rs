//! Many posting lists as one: a byte for each document of a segment, its place among the possible
//! scores. Gathering long lists like this costs a look at every document of the segment, and yet
//! far less than sorting their documents; and the result of a prefix of few letters can be kept
//! (see `frequent`).

use crate::ranking::rank::{ERROR_STEP, NEAR_ERRORS_MAX, Score, WEIGHTS};
use std::sync::Arc;
use tantivy::{DocId, TERMINATED};

/// Ranks of one count of typing errors.
const RANKS: usize = 16;
/// The score of each rank, ascending but for the rank 0, which is that of no match: nearer words
/// come first, whatever they match.
const SCORES: [Score; RANKS * (NEAR_ERRORS_MAX as usize + 1)] = scores();

const fn scores() -> [Score; RANKS * (NEAR_ERRORS_MAX as usize + 1)] {
    let mut scores = [0; RANKS * (NEAR_ERRORS_MAX as usize + 1)];
    let mut rank = 0;
    let mut nearer = 0;
    while rank < scores.len() {
        if rank > 0 && rank % RANKS == 0 {
            nearer += 1;
        }
        if rank % RANKS > 0 && rank % RANKS <= WEIGHTS.len() {
            scores[rank] = WEIGHTS[rank % RANKS - 1] + nearer * ERROR_STEP;
        }
        rank += 1;
    }
    scores
}

/// The rank of a score; 0 for one that is none of a token.
pub(crate) fn rank(score: Score) -> u8 {
    let at = SCORES.iter().position(|known| *known == score);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

/// Documents whose best rank is kept, so that most need not be looked at.
pub(crate) const BLOCK: DocId = 256;

/// The documents of one segment that match, without the deleted ones: a bit for each document and a
/// byte for each that matches, so that many prefixes can be kept.
#[derive(Debug)]
pub(crate) struct Ranks {
    /// By document, 64 in a word.
    present: Box<[u64]>,
    /// Matching documents before each word.
    before: Box<[u32]>,
    /// Of those that match, in their order.
    ranks: Box<[u8]>,
    /// The best of each block.
    best: Box<[u8]>,
}

impl Ranks {
    /// `ranks` has one for each document.
    pub(crate) fn new(ranks: &[u8]) -> Ranks {
        let words = ranks.len().div_ceil(WORD);
        let (mut present, mut before) = (Vec::with_capacity(words), Vec::with_capacity(words));
        // One place more, because ranks of 0 behind the last match are written and not counted.
        let mut kept = vec![0; ranks.iter().map(|rank| usize::from(*rank != 0)).sum::<usize>() + 1];
        let mut count = 0;
        for word in ranks.chunks(WORD) {
            // A segment has fewer documents than the largest number.
            before.push(u32::try_from(count).unwrap_or(u32::MAX));
            let mut bits = 0;
            let (eights, rest) = word.as_chunks();
            for (at, eight) in eights.iter().enumerate() {
                let some = not_blank(u64::from_le_bytes(*eight));
                if some != 0 {
                    bits |= some << (at * 8);
                    // About every other rank is 0, where a branch would often be predicted wrongly:
                    // every rank is written, and the next one overwrites a 0.
                    for rank in eight {
                        kept[count] = *rank;
                        count += usize::from(*rank != 0);
                    }
                }
            }
            for (at, rank) in rest.iter().enumerate().filter(|(_, rank)| **rank != 0) {
                bits |= 1 << (eights.len() * 8 + at);
                kept[count] = *rank;
                count += 1;
            }
            present.push(bits);
        }
        kept.truncate(count);
        let best = |block: &[u8]| block.iter().fold(0, |best, rank| *rank.max(&best));
        let best: Vec<_> = ranks.chunks(BLOCK as usize).map(best).collect();
        Ranks {
            present: present.into(),
            before: before.into(),
            ranks: kept.into(),
            best: best.into(),
        }
    }

    /// Documents that match.
    pub(crate) fn count(&self) -> usize {
        self.ranks.len()
    }

    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        let each = self.present.len() * (size_of::<u64>() + size_of::<u32>());
        each + self.ranks.len() + self.best.len() + size_of::<Ranks>()
    }

    /// The score of a document; 0 where it does not match.
    #[inline]
    pub(crate) fn score(&self, doc: DocId) -> Score {
        let (word, bit) = (doc as usize / WORD, 1 << (doc as usize % WORD));
        match self.present.get(word) {
            Some(bits) if bits & bit != 0 => {
                let at = self.before[word] + (bits & (bit - 1)).count_ones();
                score_of(self.ranks[at as usize])
            }
            _ => 0,
        }
    }

    /// The best score of each block in order.
    pub(crate) fn best(&self) -> impl Iterator<Item = Score> {
        self.best.iter().map(|rank| score_of(*rank))
    }

    /// The first document that matches from `doc` on.
    #[inline]
    fn from(&self, doc: DocId) -> DocId {
        let start = doc as usize / WORD;
        let words = self.present.get(start..).unwrap_or_default();
        for (at, bits) in words.iter().enumerate() {
            let bits = if at == 0 { bits & !below(doc as usize % WORD) } else { *bits };
            if bits != 0 {
                return document(start + at, bits);
            }
        }
        TERMINATED
    }

    /// Calls `found` with every matching document from `start` to before `end`, and its score.
    #[inline]
    pub(crate) fn each(&self, start: DocId, end: DocId, mut found: impl FnMut(DocId, Score)) {
        let (start, end) = (start as usize, (end as usize).min(self.present.len() * WORD));
        for word in start / WORD..end.div_ceil(WORD) {
            let bits = self.present[word];
            let mut left = bits;
            if word == start / WORD {
                left &= !below(start % WORD);
            }
            if word == end / WORD {
                left &= below(end % WORD);
            }
            let skipped = left.trailing_zeros();
            if skipped == u64::BITS {
                continue;
            }
            let at = self.before[word] + (bits & below(skipped as usize)).count_ones();
            let ranks = self.ranks.get(at as usize..).unwrap_or_default();
            for rank in ranks {
                found(document(word, left), score_of(*rank));
                left &= left - 1;
                if left == 0 {
                    break;
                }
            }
        }
    }
}

/// A bit for each byte of eight that is not 0.
#[inline]
fn not_blank(eight: u64) -> u64 {
    const LOW: u64 = u64::from_le_bytes([0x7f; 8]);
    let high = (((eight & LOW) + LOW) | eight) & !LOW;
    // The highest bit of each byte is gathered in one byte by the multiplication.
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Documents whose bits are in one word.
const WORD: usize = 64;

/// The bits below one of a word.
#[inline]
fn below(bit: usize) -> u64 {
    (1 << bit) - 1
}

/// The first document of those in a word.
#[inline]
fn document(word: usize, bits: u64) -> DocId {
    // A segment has fewer documents than the largest number.
    DocId::try_from(word * WORD).unwrap_or(TERMINATED) + bits.trailing_zeros()
}

#[inline]
fn score_of(rank: u8) -> Score {
    SCORES.get(usize::from(rank)).copied().unwrap_or(0)
}

/// A position among the matching documents, and a bonus on their scores.
pub(crate) struct Ranked {
    ranks: Arc<Ranks>,
    bonus: Score,
    doc: DocId,
}

impl Ranked {
    pub(crate) fn new(ranks: Arc<Ranks>, bonus: Score) -> Ranked {
        Ranked { doc: ranks.from(0), ranks, bonus }
    }

    /// All documents, and the bonus on their scores.
    pub(crate) fn all(&self) -> (&Ranks, Score) {
        (&self.ranks, self.bonus)
    }

    #[inline]
    pub(crate) fn doc(&self) -> DocId {
        self.doc
    }

    /// How many there are in all.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.ranks.count()).unwrap_or(u32::MAX)
    }

    /// The score of the present document.
    #[inline]
    pub(crate) fn score(&self) -> Score {
        self.score_at(self.doc).unwrap_or(0)
    }

    /// The score of any document that matches.
    #[inline]
    pub(crate) fn score_at(&self, doc: DocId) -> Option<Score> {
        let score = self.ranks.score(doc);
        (score > 0).then_some(score + self.bonus)
    }

    /// Goes to the next document.
    #[inline]
    pub(crate) fn advance(&mut self) -> DocId {
        self.doc = self.ranks.from(self.doc.saturating_add(1));
        self.doc
    }

    /// Goes to the first document that is not before `target`.
    #[inline]
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.ranks.from(target);
        }
        self.doc
    }

    /// Calls `found` with every document from the present one to before `end` and its score, and
    /// moves to the first one after them.
    #[inline]
    pub(crate) fn each_before(&mut self, end: DocId, mut found: impl FnMut(DocId, Score)) {
        self.ranks.each(self.doc, end, |doc, score| found(doc, score + self.bonus));
        self.seek(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::near::Near;
    use crate::index::frequent::Kept;
    use crate::query::scorer::{Scorer, each_once};
    use crate::ranking::rank::{Asked, Field, weights};
    use proptest::prelude::*;

    const SOME: [Score; 3] = [25, 60, 32_858];

    /// The documents of `hits` in both forms, listed and ranked.
    fn both(hits: &[(DocId, Score)], documents: usize) -> [Scorer; 2] {
        let mut ranks = vec![0; documents];
        for (doc, score) in hits {
            let rank = &mut ranks[*doc as usize];
            *rank = super::rank(*score).max(*rank);
        }
        let hits = Kept::Hits(Arc::new(each_once(hits.to_vec())));
        [hits, Kept::Ranks(Arc::new(Ranks::new(&ranks)))].map(|kept| Scorer::kept(kept, 7))
    }

    fn rest(scorer: Scorer) -> Vec<(DocId, Score)> {
        let mut all = Vec::new();
        scorer.for_each(|doc, score| all.push((doc, score)));
        all
    }

    #[test]
    fn every_score_of_a_token_has_a_rank_and_they_are_in_one_order() {
        let mut ranks = Vec::new();
        for errors in (0..=NEAR_ERRORS_MAX).rev() {
            ranks.extend(WEIGHTS.map(|weight| rank(weight + Near::bonus(errors))));
        }
        assert!(!ranks.contains(&0) && ranks.is_sorted());
        let fields = [Field::Words, Field::Company, Field::External, Field::Name];
        for field in fields {
            for asked in [Asked::Begun, Asked::Whole, Asked::Longer] {
                let unknown = |weight: &&Score| **weight > 0 && !WEIGHTS.contains(weight);
                assert_eq!(weights(field, asked).iter().find(unknown), None);
            }
        }
    }

    proptest! {
        #[test]
        fn ranked_documents_are_those_that_were_listed(
            hits in prop::collection::vec((0..300u32, prop::sample::select(&SOME[..])), 0..120),
            target in 0..310u32,
            end in 0..310u32,
        ) {
            let [listed, ranked] = both(&hits, 300);
            prop_assert_eq!(rest(listed), rest(ranked));
            let [mut listed, mut ranked] = both(&hits, 300);
            prop_assert_eq!(listed.seek(target), ranked.seek(target));
            prop_assert_eq!(listed.score(), ranked.score());
            prop_assert_eq!(listed.advance(), ranked.advance());
            let before = |scorer: &mut Scorer| {
                let mut all = Vec::new();
                scorer.each_before(end, &mut |doc, score| all.push((doc, score)));
                (all, scorer.doc())
            };
            prop_assert_eq!(before(&mut listed), before(&mut ranked));
            // A union goes through windows.
            let [listed, ranked] = both(&hits, 300);
            let [other, one] = both(&[(7, 25), (299, 60)], 300);
            let listed = Scorer::any(vec![listed, other]);
            let ranked = Scorer::any(vec![ranked, one]);
            prop_assert_eq!(rest(listed), rest(ranked));
        }
    }
}
