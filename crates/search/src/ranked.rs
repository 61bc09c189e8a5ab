//! Many posting lists as one: a byte for each document of a segment, its place among the scores
//! that are possible. To gather long lists so costs a look at every document of the segment, and
//! yet far less than sorting what was gathered.

use crate::rank::Score;
use tantivy::{DocId, TERMINATED};

/// The scores that can come, ascending, and before them that of no match.
#[derive(Debug)]
pub(crate) struct Scale(Vec<Score>);

impl Scale {
    /// `None` when they are more than a byte can tell apart.
    pub(crate) fn new(scores: impl IntoIterator<Item = Score>) -> Option<Scale> {
        let mut scale: Vec<Score> = std::iter::once(0).chain(scores).collect();
        scale.sort_unstable();
        scale.dedup();
        (scale.len() <= 256).then_some(Scale(scale))
    }

    /// The place of a score; 0 for no match.
    pub(crate) fn rank(&self, score: Score) -> u8 {
        self.0.binary_search(&score).ok().and_then(|rank| u8::try_from(rank).ok()).unwrap_or(0)
    }
}

/// Documents of a segment with their ranks, and a place among them.
pub(crate) struct Ranked {
    scale: Scale,
    ranks: Vec<u8>,
    doc: DocId,
    len: u32,
}

/// Documents that are looked at together for whether any of them matches.
const WORD: usize = 8;

impl Ranked {
    /// `ranks` has one for each document.
    pub(crate) fn new(scale: Scale, ranks: Vec<u8>, len: u32) -> Ranked {
        let mut ranked = Ranked { scale, ranks, doc: 0, len };
        ranked.doc = ranked.from(0);
        ranked
    }

    #[inline]
    pub(crate) fn doc(&self) -> DocId {
        self.doc
    }

    /// At least so many documents match, or somewhat fewer when lists overlapped.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    #[inline]
    pub(crate) fn score(&self) -> Score {
        self.score_of(self.ranks.get(self.doc as usize).copied().unwrap_or(0))
    }

    #[inline]
    fn score_of(&self, rank: u8) -> Score {
        self.scale.0.get(usize::from(rank)).copied().unwrap_or(0)
    }

    /// Goes to the next document.
    #[inline]
    pub(crate) fn advance(&mut self) -> DocId {
        self.doc = self.from(self.doc.saturating_add(1));
        self.doc
    }

    /// Goes to the first document that is not before `target`.
    #[inline]
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.from(target);
        }
        self.doc
    }

    /// The first document that matches from `doc` on.
    #[inline]
    fn from(&self, doc: DocId) -> DocId {
        let start = (doc as usize).min(self.ranks.len());
        let (words, rest) = self.ranks[start..].as_chunks();
        let word = words.iter().position(|word| u64::from_le_bytes(*word) != 0);
        let at = match word {
            Some(at) => Some(at * WORD + first(u64::from_le_bytes(words[at]))),
            None => {
                let at = rest.iter().position(|rank| *rank != 0);
                at.map(|at| words.len() * WORD + at)
            }
        };
        // A segment has fewer documents than the largest number.
        at.map_or(TERMINATED, |at| doc + DocId::try_from(at).unwrap_or(0))
    }

    /// Tells `found` about every document from the present one to before `end`, with its score,
    /// and stands on the first one after them.
    #[inline]
    pub(crate) fn each_before(&mut self, end: DocId, mut found: impl FnMut(DocId, Score)) {
        let until = (end as usize).min(self.ranks.len());
        let here = self.ranks.get(self.doc as usize..until).unwrap_or_default();
        let mut tell = |doc: usize, rank: u8| {
            // As above.
            found(self.doc + DocId::try_from(doc).unwrap_or(0), self.score_of(rank));
        };
        let (words, rest) = here.as_chunks();
        for (at, word) in words.iter().enumerate() {
            let mut left = u64::from_le_bytes(*word);
            while left != 0 {
                let place = first(left);
                tell(at * WORD + place, word[place]);
                left &= !(0xff << (place * 8));
            }
        }
        for (at, rank) in rest.iter().enumerate().filter(|(_, rank)| **rank != 0) {
            tell(words.len() * WORD + at, *rank);
        }
        self.seek(end);
    }
}

/// The place of the first byte that is not 0.
#[inline]
fn first(word: u64) -> usize {
    word.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorer::Scorer;
    use proptest::prelude::*;

    const SCORES: [Score; 3] = [25, 60, 32_858];

    /// The same documents, listed and ranked.
    fn both(hits: &[(DocId, Score)], documents: usize) -> [Scorer; 2] {
        let scale = Scale::new(SCORES).unwrap();
        let mut ranks = vec![0; documents];
        for (doc, score) in hits {
            let rank = &mut ranks[*doc as usize];
            *rank = scale.rank(*score).max(*rank);
        }
        let ranked = Ranked::new(scale, ranks, u32::try_from(hits.len()).unwrap());
        [Scorer::listed(hits.to_vec()), Scorer::Ranked(Box::new(ranked))]
    }

    fn rest(scorer: Scorer) -> Vec<(DocId, Score)> {
        let mut all = Vec::new();
        scorer.for_each(|doc, score| all.push((doc, score)));
        all
    }

    proptest! {
        #[test]
        fn ranked_documents_are_those_that_were_listed(
            hits in prop::collection::vec((0..300u32, prop::sample::select(&SCORES[..])), 0..120),
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
