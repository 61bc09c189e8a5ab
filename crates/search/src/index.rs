//! The index on disk: opened, written, committed, thrown away. Everything in it is derived from the
//! store, so the remedy for any damage is to build it anew.

pub(crate) mod fields;
pub(crate) mod frequent;
pub(crate) mod segment;
pub(crate) mod walk;

use crate::index::fields::{DocumentKind, Fields, tokenizer};
use crate::index::frequent::FREQUENT_BYTES_MAX;
use crate::index::segment::Segment;
use crate::{SearchError, Update};
use carnet_model::{ChangeNo, Uuid};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use tantivy::directory::MmapDirectory;
use tantivy::schema::Schema;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Term};

/// Options for writing the index.
#[derive(Clone, Copy, Debug)]
pub struct SearchOptions {
    /// Bytes of memory for documents that are not yet on disk, over all threads; at least 15 MB
    /// for each.
    pub writer_bytes: usize,
    /// Threads that make documents into segments, from 1.
    pub writer_threads: usize,
}

/// Bytes for a thread: the engine's minimum, and a little more.
const WRITER_BYTES_MIN: usize = 16 << 20;

impl Default for SearchOptions {
    fn default() -> SearchOptions {
        SearchOptions { writer_bytes: 64 << 20, writer_threads: 2 }
    }
}

/// An index that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The index.
    pub index: SearchIndex,
    /// The change up to which it has everything. `None` when it is empty: new, or thrown away
    /// because it was damaged, of another store, or of another version of carnet. The caller
    /// then flushes everything that the store has.
    pub through: Option<ChangeNo>,
}

/// The data that is kept with a commit.
#[derive(Serialize, Deserialize)]
struct Payload {
    store: Uuid,
    schema: u64,
    through: u64,
}

/// The index on disk, used by the one thread that flushes changes into it.
pub struct SearchIndex {
    writer: IndexWriter,
    reader: IndexReader,
    fields: Arc<Fields>,
    store: Uuid,
    committed: Committed,
    /// The largest number of each kind that was fed since the last commit.
    largest: [Option<u64>; 2],
}

impl fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchIndex").field("store", &self.store).finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// Opens the index in `dir`, or makes a new one there. What cannot be opened, or belongs to
    /// another store than `store`, is deleted first: the directory is this index's alone.
    ///
    /// # Errors
    /// The directory is in use, or cannot be written.
    pub fn open(dir: &Path, store: Uuid, options: &SearchOptions) -> Result<Opened, SearchError> {
        std::fs::create_dir_all(dir)?;
        match Self::try_open(dir, store, options) {
            Ok(opened) => return Ok(opened),
            Err(Refused::Error(SearchError::InUse)) => return Err(SearchError::InUse),
            Err(Refused::Error(error)) => {
                tracing::warn!(%error, "the search index cannot be opened and is rebuilt");
            }
            Err(Refused::Foreign) => {
                tracing::info!("the search index is of another store or version and is rebuilt");
            }
        }
        Self::destroy(dir)?;
        Self::try_open(dir, store, options).map_err(|refused| match refused {
            Refused::Error(error) => error,
            Refused::Foreign => SearchError::Engine("a new index is not its own".to_owned()),
        })
    }

    fn try_open(dir: &Path, store: Uuid, options: &SearchOptions) -> Result<Opened, Refused> {
        let fields = Arc::new(Fields::new());
        let directory = MmapDirectory::open(dir).map_err(tantivy::TantivyError::from)?;
        let index = Index::open_or_create(directory, fields.schema.clone())?;
        let through = match index.load_metas()?.payload {
            Some(payload) => {
                let payload: Payload =
                    serde_json::from_str(&payload).map_err(|_| Refused::Foreign)?;
                if (payload.store, payload.schema) != (store, fields.hash()) {
                    return Err(Refused::Foreign);
                }
                Some(ChangeNo(payload.through))
            }
            // Never committed by carnet, so segments in it are another program's.
            None if index.searchable_segment_ids()?.is_empty() => None,
            None => return Err(Refused::Foreign),
        };
        let (name, analyzer) = tokenizer();
        index.tokenizers().register(name, analyzer);
        let threads = options.writer_threads.max(1);
        let bytes = options.writer_bytes.max(threads * WRITER_BYTES_MIN);
        let writer = index.writer_with_num_threads(threads, bytes)?;
        // A process that was killed between writing a file and naming it in `meta.json` leaves
        // the file, and every later commit would then fail on its name.
        writer.garbage_collect_files().wait()?;
        use_up_stamp_of_last_commit(&writer, &fields);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let committed = Committed::open(&reader, &fields, None)?;
        let index = SearchIndex { writer, reader, fields, store, committed, largest: [None; 2] };
        Ok(Opened { index, through })
    }

    /// Applies the updates and commits them: from now on the index has every change up to
    /// `through`, and [`SearchIndex::committed`] shows it.
    ///
    /// # Errors
    /// After an error drop this index, [`destroy`](SearchIndex::destroy) it, open it again, and
    /// flush everything: the engine does not promise to be usable.
    pub fn flush(
        &mut self,
        updates: impl IntoIterator<Item = Update>,
        through: ChangeNo,
    ) -> Result<(), SearchError> {
        self.feed(updates)?;
        let payload = Payload { store: self.store, schema: self.fields.hash(), through: through.0 };
        let payload =
            serde_json::to_string(&payload).map_err(|e| SearchError::Engine(e.to_string()))?;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
        self.reader.reload()?;
        self.committed = Committed::open(&self.reader, &self.fields, Some(&self.committed))?;
        self.largest = [None; 2];
        Ok(())
    }

    /// Takes updates that the next [`flush`](SearchIndex::flush) commits; until then they are not
    /// visible, and a crash loses them.
    ///
    /// # Errors
    /// Those of [`SearchIndex::flush`].
    pub fn feed(&mut self, updates: impl IntoIterator<Item = Update>) -> Result<(), SearchError> {
        // Updates come by ascending number; one that does not may replace a document of this very
        // commit, so that one is deleted first as well.
        for update in updates {
            let (kind, no, known) = match &update {
                Update::Contact { no, known, .. } => (DocumentKind::Contact, no.0, *known),
                Update::Organization { no, known, .. } => {
                    (DocumentKind::Organization, no.0, *known)
                }
            };
            let before = self.largest[kind as usize];
            if known || before >= Some(no) {
                self.writer.delete_term(Term::from_field_u64(self.fields.key, kind.key(no)));
            }
            self.largest[kind as usize] = before.max(Some(no));
            let document = match &update {
                Update::Contact { entry, .. } => {
                    entry.as_ref().map(|entry| self.fields.contact(no, entry))
                }
                Update::Organization { entry, .. } => {
                    entry.as_ref().map(|entry| self.fields.an_organization(no, entry))
                }
            };
            if let Some(document) = document {
                self.writer.add_document(document)?;
            }
        }
        Ok(())
    }

    /// The index as of the last commit.
    pub fn committed(&self) -> Committed {
        self.committed.clone()
    }

    /// Deletes everything in the index's directory. Drop the [`SearchIndex`] of it first; views
    /// that are still held go on working where the system lets open files be deleted.
    ///
    /// # Errors
    /// The directory cannot be read or written.
    pub fn destroy(dir: &Path) -> Result<(), SearchError> {
        if !dir.try_exists()? {
            return Ok(());
        }
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Deletes a contact that cannot exist. tantivy (0.27) numbers operations, and a writer that was
/// just opened gives its first one the number of the last commit. A merge of segments as of that
/// commit takes such a deletion for done where a segment had deletions then, and not where it had
/// none; when it comes upon both, the deletion is lost, and a removed contact is found again. So
/// the deletion to be lost is one of nothing: contacts are numbered from 1.
fn use_up_stamp_of_last_commit(writer: &IndexWriter, fields: &Fields) -> u64 {
    writer.delete_term(Term::from_field_u64(fields.key, DocumentKind::Contact.key(0)))
}

/// Why the index in the directory is not used.
enum Refused {
    /// It is whole, and of another store or version.
    Foreign,
    Error(SearchError),
}

impl<E: Into<SearchError>> From<E> for Refused {
    fn from(error: E) -> Refused {
        Refused::Error(error.into())
    }
}

/// The index as of one commit. Cheap to clone, and usable from any thread.
#[derive(Clone)]
pub struct Committed(pub(crate) Arc<Segments>);

/// The segments of a commit.
pub(crate) struct Segments {
    pub(crate) fields: Arc<Fields>,
    pub(crate) segments: Vec<Arc<Segment>>,
}

impl fmt::Debug for Committed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Committed").field("segments", &self.0.segments.len()).finish()
    }
}

impl Committed {
    /// Opens the segments of a reader. Those that an earlier commit has in the same state are taken
    /// over from it, with their kept results.
    fn open(
        reader: &IndexReader,
        fields: &Arc<Fields>,
        earlier: Option<&Committed>,
    ) -> Result<Committed, SearchError> {
        let searcher = reader.searcher();
        let earlier = earlier.map(|committed| committed.0.segments.as_slice()).unwrap_or_default();
        let segments = searcher.segment_readers().iter().map(|reader| {
            match earlier.iter().find(|segment| segment.is_of(reader)) {
                Some(segment) => Ok(segment.clone()),
                None => Segment::open(reader, fields).map(Arc::new),
            }
        });
        let segments: Vec<_> = segments.collect::<Result<_, SearchError>>()?;
        let committed = Committed(Arc::new(Segments { fields: fields.clone(), segments }));
        let (_, documents) = committed.size();
        for segment in &committed.0.segments {
            // In proportion to its size, so that every segment can keep as many prefixes.
            let part = segment.max_doc() as usize;
            segment.frequent.set_room(FREQUENT_BYTES_MAX.saturating_mul(part) / documents.max(1));
        }
        Ok(committed)
    }

    /// An index without documents, to be searched while the real one is being opened.
    ///
    /// # Errors
    /// None that can be foreseen; the engine's type has one.
    pub fn empty() -> Result<Committed, SearchError> {
        let fields = Arc::new(Fields::new());
        let schema: Schema = fields.schema.clone();
        let reader = Index::create_in_ram(schema).reader()?;
        Committed::open(&reader, &fields, None)
    }

    /// How many segments there are, and how many documents in them, deleted ones included.
    pub fn size(&self) -> (usize, usize) {
        let documents = self.0.segments.iter().map(|segment| segment.max_doc() as usize).sum();
        (self.0.segments.len(), documents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_deletion_has_the_number_of_the_commit_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let options = SearchOptions { writer_threads: 1, ..SearchOptions::default() };
        let open = || SearchIndex::open(folder.path(), Uuid::nil(), &options).unwrap().index;
        open().flush(std::iter::empty(), ChangeNo(1)).unwrap();
        let index = open();
        let commit = index.writer.commit_opstamp();
        // As the first deletion of a flush would be numbered.
        let next = use_up_stamp_of_last_commit(&index.writer, &index.fields);
        assert!(next > commit, "{next} after {commit}");
    }
}
