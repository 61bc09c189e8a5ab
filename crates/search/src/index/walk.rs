//! The dictionary of one field's terms in one segment, walked for the terms that are near to a
//! word. tantivy has such a walk, but it tries every transition of every node. Most of a walk is
//! spent in states where all errors are used up and only one or two letters can follow; there this
//! walk looks up those letters alone. It knows nothing of documents.

use crate::analysis::near::Near;
use crate::entry::{FULL, PAIR};
use crate::ranking::rank::{NEAR_ERRORS_MAX, Score};
use tantivy::directory::{CompositeFile, OwnedBytes};
use tantivy::index::{SegmentComponent, SegmentReader};
use tantivy::schema::Field;
use tantivy_fst::raw::{CompiledAddr, Fst, Transition};

/// A term that is near to a word, and that documents have which no shorter one finds as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NearTerm {
    pub(crate) text: Box<[u8]>,
    /// Its distance from the word, in errors.
    pub(crate) errors: Score,
    /// Whether a beginning of it is as near and finds the same documents: then it counts only
    /// where it is a whole token, which may be worth more.
    pub(crate) covered: bool,
}

/// The terms of one field in one segment.
pub(crate) struct Dictionary(Fst<OwnedBytes>);

/// Bytes at the end of the file: the length of the values behind the automaton, and two versions.
const FOOTER: usize = 16;

impl Dictionary {
    /// Opens the dictionary that tantivy has open as well, through the same mapping of the file.
    /// `None` when it is not as it was in the version this was written for.
    pub(crate) fn open(reader: &SegmentReader, field: Field) -> Option<Dictionary> {
        let file = reader.open_read(SegmentComponent::Terms).ok()?;
        let terms = CompositeFile::open(&file).ok()?.open_read(field)?;
        let bytes = terms.read_bytes().ok()?;
        let end = bytes.len().checked_sub(FOOTER)?;
        let behind = u64::from_le_bytes(bytes.get(end..end + 8)?.try_into().ok()?);
        let end = end.checked_sub(usize::try_from(behind).ok()?)?;
        let fst = Fst::new(bytes.slice(0..end)).ok()?;
        let terms = reader.inverted_index(field).ok()?.terms().num_terms();
        (fst.len() == terms).then_some(Dictionary(fst))
    }

    /// Whether a term begins with `text`, or is it. Where none does, that shows after a letter or two.
    pub(crate) fn has_beginning(&self, text: &str) -> bool {
        let mut node = self.0.root();
        for byte in text.bytes() {
            let Some(at) = node.find_input(byte) else { return false };
            node = self.0.node(node.transition_addr(at));
        }
        true
    }

    /// Calls `each` with every near term, in their order, except those with a prefix of at most
    /// `prefix_chars` characters that has fewer errors: the prefix finds all their documents, and
    /// one error less is worth more than anything else. Pairs and full names are not near to any word.
    pub(crate) fn near(&self, near: &Near, prefix_chars: usize, each: impl FnMut(NearTerm)) {
        let mut walk = Walk { fst: &self.0, near, prefix_chars, each, text: Vec::new() };
        let root = Place {
            node: self.0.root().addr(),
            state: near.start(),
            chars: 0,
            least: NEAR_ERRORS_MAX + 1,
        };
        walk.visit(root);
    }
}

struct Walk<'a, F> {
    fst: &'a Fst<OwnedBytes>,
    near: &'a Near,
    prefix_chars: usize,
    each: F,
    /// The bytes on the path from the root.
    text: Vec<u8>,
}

/// Somewhere in the dictionary.
#[derive(Clone, Copy)]
struct Place {
    node: CompiledAddr,
    state: u32,
    /// Characters from the root.
    chars: usize,
    /// The least errors of a beginning that is a prefix in the documents.
    least: Score,
}

impl<F: FnMut(NearTerm)> Walk<'_, F> {
    /// Visits a place and everything below it. The recursion is as deep as the longest near term
    /// has bytes: a few hundred at most.
    fn visit(&mut self, mut place: Place) {
        let node = self.fst.node(place.node);
        if node.is_final()
            && let Some(errors) = self.near.errors_at(place.state)
            && errors <= place.least
        {
            let covered = errors == place.least;
            (self.each)(NearTerm { text: self.text.as_slice().into(), errors, covered });
            if place.chars <= self.prefix_chars {
                place.least = errors;
            }
            if place.least == 0 {
                // Every longer term has an error.
                return;
            }
        }
        match self.near.only_ways(place.state) {
            Some(bytes) => {
                for at in bytes.iter().filter_map(|byte| node.find_input(*byte)) {
                    self.follow(place, node.transition(at));
                }
            }
            None => node.transitions().for_each(|way| self.follow(place, way)),
        }
    }

    #[inline]
    fn follow(&mut self, from: Place, way: Transition) {
        let state = self.near.step(from.state, way.inp);
        if Near::is_lost(state) || (from.chars == 0 && matches!(char::from(way.inp), PAIR | FULL)) {
            return;
        }
        // Only the first byte of a character counts: all others begin with the bits 10.
        let chars = from.chars + usize::from(way.inp & 0b1100_0000 != 0b1000_0000);
        self.text.push(way.inp);
        self.visit(Place { node: way.addr, state, chars, least: from.least });
        self.text.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entry;
    use crate::entry::pair;
    use crate::index::fields::{Fields, tokenizer};
    use crate::ranking::rank::Field;
    use carnet_model::Contact;
    use proptest::prelude::*;
    use tantivy::Index;

    /// The reader of one segment with contacts of these names.
    fn segment(fields: &Fields, names: &[String]) -> SegmentReader {
        let index = Index::create_in_ram(fields.schema.clone());
        let (name, analyzer) = tokenizer();
        index.tokenizers().register(name, analyzer);
        let mut writer = index.writer_with_num_threads(1, 15 << 20).unwrap();
        for (name, no) in names.iter().zip(1..) {
            let contact = Contact { last_name: Some(name.clone()), ..Contact::default() };
            writer.add_document(fields.contact(no, &Entry::new(&contact, None))).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        searcher.segment_reader(0).clone()
    }

    /// The near terms as [`Dictionary::near`] should find them, by looking at every term.
    fn expected(
        reader: &SegmentReader,
        field: tantivy::schema::Field,
        near: &Near,
    ) -> Vec<NearTerm> {
        let index = reader.inverted_index(field).unwrap();
        let mut stream = index.terms().stream().unwrap();
        let mut all: Vec<(String, Score)> = Vec::new();
        while stream.advance() {
            let text = String::from_utf8(stream.key().to_vec()).unwrap();
            if let Some(errors) = near.errors(text.as_bytes()).filter(|_| !text.starts_with(PAIR)) {
                all.push((text, errors));
            }
        }
        let found = |(text, errors): &(String, Score)| {
            let begins = |(other, _): &&(String, Score)| {
                other.len() < text.len() && text.starts_with(other) && other.chars().count() <= 8
            };
            let least = all.iter().filter(begins).map(|(_, errors)| *errors).min();
            let covered = least == Some(*errors);
            let text = text.as_bytes().into();
            (least >= Some(*errors) || least.is_none()).then_some(NearTerm {
                text,
                errors: *errors,
                covered,
            })
        };
        all.iter().filter_map(found).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_walk_finds_every_near_term_that_counts(
            names in prop::collection::vec("[abß][abcü]{2,6}[abc山]{0,5}( [ab]{4})?", 1..60),
            words in prop::collection::vec("[abß][abcü]{3,6}[abc山]{0,5}", 8),
        ) {
            let fields = Fields::new();
            let reader = segment(&fields, &names);
            let field = fields.of(Field::Words);
            let dictionary = Dictionary::open(&reader, field).unwrap();
            for word in &words {
                let Some(near) = Near::new(word) else { continue };
                let mut found = Vec::new();
                dictionary.near(&near, Field::Words.prefix_chars_max(), |term| found.push(term));
                prop_assert_eq!(found, expected(&reader, field, &near), "{}", word);
            }
        }
    }

    #[test]
    fn a_beginning_is_known_without_a_term_of_its_own() {
        let fields = Fields::new();
        let reader = segment(&fields, &["Featherstonehaugh".to_owned()]);
        let dictionary = Dictionary::open(&reader, fields.of(Field::Words)).unwrap();
        for text in ["", "f", "feather", "featherstoneh", "featherstonehaugh"] {
            assert!(dictionary.has_beginning(text), "{text}");
        }
        for text in ["eather", "feathers ", "featherstonehaughs", "\u{2}f"] {
            assert!(!dictionary.has_beginning(text), "{text}");
        }
    }

    #[test]
    fn a_pair_is_near_to_nothing() {
        let fields = Fields::new();
        let reader = segment(&fields, &["anna berg".to_owned()]);
        let field = fields.of(Field::Words);
        let term = crate::index::fields::whole_term(&pair("anna", "berg"));
        let known = reader.inverted_index(field).unwrap().terms().get(&term).unwrap();
        assert!(known.is_some());
        let dictionary = Dictionary::open(&reader, field).unwrap();
        // One letter changed.
        let near = Near::new(&format!("x{}", &term[1..])).unwrap();
        assert_eq!(near.errors(term.as_bytes()), Some(1));
        dictionary.near(&near, 8, |found| assert_ne!(&*found.text, term.as_bytes()));
    }
}
