//! How a measurement ends early, in sentences for people, and how it learns that it shall. Nothing
//! here knows exit codes or signals.

use std::fmt;
use std::io;

use carnet_client::{ClientError, reason};

/// Whether the measurement shall stop. It is asked every few milliseconds, and by any thread.
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Why there are no figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BenchError {
    /// The options make no sense together.
    Usage(String),
    /// The measurement could not be made, or was stopped.
    Failed(String),
}

impl BenchError {
    /// The measurement could not be made.
    pub(crate) fn failed(sentence: impl Into<String>) -> BenchError {
        BenchError::Failed(sentence.into())
    }

    /// The options make no sense together.
    pub(crate) fn usage(sentence: impl Into<String>) -> BenchError {
        BenchError::Usage(sentence.into())
    }

    /// The system refused something; `what` names it.
    pub(crate) fn file(what: impl fmt::Display, error: &io::Error) -> BenchError {
        BenchError::failed(format!("{what}: {}", reason(error)))
    }

    /// The measurement was interrupted.
    pub(crate) fn stopped() -> BenchError {
        BenchError::failed("the measurement was stopped")
    }

    /// Whether the mistake is in the options.
    pub fn is_usage(&self) -> bool {
        matches!(self, BenchError::Usage(_))
    }
}

impl fmt::Display for BenchError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            BenchError::Usage(sentence) | BenchError::Failed(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for BenchError {}

impl From<ClientError> for BenchError {
    fn from(error: ClientError) -> BenchError {
        match error.is_usage() {
            true => BenchError::Usage(error.to_string()),
            false => BenchError::Failed(error.to_string()),
        }
    }
}
