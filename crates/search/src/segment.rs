//! One segment of a committed index, opened once a commit: finding the columns anew for every
//! search would cost more than most searches.

use crate::SearchError;
use crate::fields::{Fields, SORT_COLUMNS};
use crate::rank::Field;
use crate::walk::Dictionary;
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
    pub(crate) key: Arc<dyn ColumnValues<u64>>,
    pub(crate) organization: Arc<dyn ColumnValues<u64>>,
    pub(crate) fingerprint: Arc<dyn ColumnValues<u64>>,
    /// `None` when no document has a number.
    pub(crate) numbers: Option<Column<u64>>,
    /// In the order of [`SORT_COLUMNS`]; `None` when no document has such a text.
    pub(crate) sort: [Option<StrColumn>; 7],
}

impl Segment {
    pub(crate) fn open(reader: &SegmentReader, fields: &Fields) -> Result<Segment, SearchError> {
        let columns = reader.fast_fields();
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
        Ok(Segment {
            indexes,
            dictionaries,
            key: values("key")?,
            organization: values("organization")?,
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

    /// The terms of a field as an automaton, for a walk of our own.
    pub(crate) fn dictionary(&self, field: Field) -> Option<&Dictionary> {
        self.dictionaries[field as usize].as_ref()
    }

    /// One more than the largest document number.
    pub(crate) fn max_doc(&self) -> DocId {
        self.reader.max_doc()
    }

    /// Whether a document still counts.
    #[inline]
    pub(crate) fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }
}
