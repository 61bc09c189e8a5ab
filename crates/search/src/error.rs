//! Errors of the index. No text that a person types is an error here.

/// Why the index could not be opened, written or read.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another process has the index's directory open.
    #[error("the search index is in use by another process")]
    InUse,
    /// The engine failed. After this from [`SearchIndex::flush`](crate::SearchIndex::flush) the
    /// index is dropped, destroyed and rebuilt; from a search, the request fails.
    #[error("the search index failed: {0}")]
    Engine(String),
    /// The directory could not be read or written.
    #[error("the search index's directory failed: {0}")]
    Io(#[from] std::io::Error),
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> SearchError {
        match error {
            tantivy::TantivyError::LockFailure(..) => SearchError::InUse,
            error => SearchError::Engine(error.to_string()),
        }
    }
}
