//! One segment of a committed index, opened once a commit: finding the columns anew for every
//! search would cost more than most searches.

use crate::SearchError;
use crate::index::fields::{Fields, LATIN, SORT_COLUMNS};
use crate::index::frequent::Frequent;
use crate::index::walk::Dictionary;
use crate::ranking::rank::Field;
use crate::ranking::ranked::BLOCK;
use std::sync::Arc;
use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::schema::Field as TantivyField;
use tantivy::{DocId, TantivyError};

/// A segment's parts. Columns are indexed by the segment's own document numbers.
pub(crate) struct Segment {
    reader: SegmentReader,
    /// By tantivy's number of the field; only those that are asked for terms.
    indexes: Vec<Option<Arc<InvertedIndexReader>>>,
    /// By [`Field`]; only those in which typing errors are forgiven.
    dictionaries: [Option<Dictionary>; 4],
    pub(crate) frequent: Frequent,
    /// The smallest number in each block of documents.
    lowest: Box<[u64]>,
    pub(crate) key: Arc<dyn ColumnValues<u64>>,
    pub(crate) organization: Arc<dyn ColumnValues<u64>>,
    pub(crate) script: Arc<dyn ColumnValues<u64>>,
    pub(crate) fingerprint: Arc<dyn ColumnValues<u64>>,
    /// `None` when no document has a number.
    pub(crate) numbers: Option<Column<u64>>,
    /// In the order of [`SORT_COLUMNS`]; `None` when no document has such a text.
    pub(crate) sort: [Option<StrColumn>; 7],
}

impl Segment {
    pub(crate) fn open(reader: &SegmentReader, fields: &Fields) -> Result<Segment, SearchError> {
        let columns = reader.fast_fields();
        // Every document has a value in these columns, so that the default is never seen.
        let values = |name| Ok::<_, TantivyError>(columns.u64(name)?.first_or_default_col(0));
        let mut indexes = vec![None; fields.schema.num_fields()];
        let tokens = [Field::Words, Field::Company, Field::External, Field::Name];
        let others = [fields.key, fields.organization, fields.exact, fields.grams, fields.division];
        for field in tokens.map(|field| fields.of(field)).into_iter().chain(others) {
            indexes[field.field_id() as usize] = Some(reader.inverted_index(field)?);
        }
        let dictionary = |field| Dictionary::open(reader, fields.of(field));
        let mut dictionaries = [const { None }; 4];
        for field in [Field::Words, Field::Company, Field::Name] {
            dictionaries[field as usize] = dictionary(field);
        }
        let mut sort = [const { None }; 7];
        for (column, (_, name)) in sort.iter_mut().zip(SORT_COLUMNS) {
            *column = columns.str(name)?;
        }
        let key: Arc<dyn ColumnValues<u64>> = values("key")?;
        Ok(Segment {
            indexes,
            dictionaries,
            frequent: Frequent::default(),
            lowest: lowest(&*key, reader.max_doc()),
            key,
            organization: values("organization")?,
            script: values("script")?,
            fingerprint: values("fingerprint")?,
            numbers: columns.column_opt("numbers")?,
            sort,
            reader: reader.clone(),
        })
    }

    /// The terms of a field.
    pub(crate) fn index(&self, field: TantivyField) -> Result<&InvertedIndexReader, SearchError> {
        let index = self.indexes.get(field.field_id() as usize).and_then(Option::as_deref);
        index.ok_or_else(|| SearchError::Engine("a field without terms was asked for one".into()))
    }

    /// The terms of a field as an automaton, for the walk in `walk.rs`.
    pub(crate) fn dictionary(&self, field: Field) -> Option<&Dictionary> {
        self.dictionaries[field as usize].as_ref()
    }

    /// One more than the largest document number.
    pub(crate) fn max_doc(&self) -> DocId {
        self.reader.max_doc()
    }

    /// The smallest number in a block of [`BLOCK`] documents; no number of it is smaller.
    #[inline]
    pub(crate) fn lowest(&self, block: usize) -> u64 {
        self.lowest.get(block).copied().unwrap_or(0)
    }

    /// Whether no name of a document has other than Latin letters.
    #[inline]
    pub(crate) fn is_latin(&self, doc: DocId) -> bool {
        self.script.get_val(doc) == LATIN
    }

    /// Whether this is the same segment with the same deletions.
    pub(crate) fn is_of(&self, reader: &SegmentReader) -> bool {
        let state = |reader: &SegmentReader| (reader.segment_id(), reader.delete_opstamp());
        state(&self.reader) == state(reader) && self.reader.max_doc() == reader.max_doc()
    }

    /// Whether any document is deleted.
    pub(crate) fn has_deleted(&self) -> bool {
        self.reader.has_deletes()
    }

    /// Whether a document is not deleted.
    #[inline]
    pub(crate) fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }
}

fn lowest(key: &dyn ColumnValues<u64>, documents: DocId) -> Box<[u64]> {
    let mut block = [0; BLOCK as usize];
    let starts = (0..documents).step_by(BLOCK as usize);
    let lowest = starts.map(|start| {
        let count = (documents - start).min(BLOCK) as usize;
        key.get_range(u64::from(start), &mut block[..count]);
        block[..count].iter().min().map_or(0, |key| key >> 1)
    });
    lowest.collect()
}
