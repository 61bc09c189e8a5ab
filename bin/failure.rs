//! How a command ends: the exit codes, and the one sentence that goes to standard error. An error
//! of the layers below becomes a [`Failure`] here and nowhere else.

use std::fmt;
use std::io;
use std::path::Path;

use carnet_bench::BenchError;
use carnet_book::{BookError, OpenError};

use carnet_client::ClientError;
pub(crate) use carnet_client::reason;

/// Exit code of a command that could not do what it was asked.
pub(crate) const FAILED: u8 = 1;
/// Exit code of a command line that makes no sense.
pub(crate) const USAGE: u8 = 2;
/// Exit code when another carnet holds the data directory.
pub(crate) const IN_USE: u8 = 3;
/// Exit code when the data are damaged.
pub(crate) const DAMAGED: u8 = 4;

/// Why a command ends early: its exit code, and a sentence for people.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) code: u8,
    /// The sentence for standard error; `None` where everything was said, or the reader is gone.
    pub(crate) sentence: Option<String>,
}

impl Failure {
    /// The command could not do what it was asked.
    pub(crate) fn failed(sentence: impl Into<String>) -> Failure {
        Failure { code: FAILED, sentence: Some(sentence.into()) }
    }

    /// The command line or the configuration makes no sense.
    pub(crate) fn usage(sentence: impl Into<String>) -> Failure {
        Failure { code: USAGE, sentence: Some(sentence.into()) }
    }

    /// Everything was said already; only the code is left.
    pub(crate) fn silent(code: u8) -> Failure {
        Failure { code, sentence: None }
    }

    /// A file could not be read or written; `what` names it.
    pub(crate) fn file(what: impl fmt::Display, error: &io::Error) -> Failure {
        Failure::failed(format!("{what}: {}", reason(error)))
    }

    /// Opening the data directory failed.
    pub(crate) fn open(data: &Path, error: &OpenError) -> Failure {
        if error.is_in_use() {
            let sentence = format!(
                "{} is in use by another carnet; ask the running one with --url http://HOST:PORT \
                 --id ID --secret SECRET, or stop it first",
                data.display()
            );
            return Failure { code: IN_USE, sentence: Some(sentence) };
        }
        if let OpenError::NotMade { path, error } = error {
            let what = format!("the data directory {} cannot be made", path.display());
            return Failure::file(what, error);
        }
        let code = if error.is_damaged() { DAMAGED } else { FAILED };
        Failure { code, sentence: Some(sentence(error)) }
    }
}

/// Writing to standard output failed. A reader that went away (`carnet export | head`) has all
/// that it wanted, so the command ends as if it were done.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::silent(0);
        }
        Failure::failed(format!("the output could not be written: {}", reason(&error)))
    }
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Failure {
        Failure::failed(sentence(&error))
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Failure {
        let code = if error.is_usage() { USAGE } else { FAILED };
        Failure { code, sentence: Some(error.to_string()) }
    }
}

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Failure {
        let code = if error.is_usage() { USAGE } else { FAILED };
        Failure { code, sentence: Some(error.to_string()) }
    }
}

/// An error with the errors beneath it, in one line.
pub(crate) fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let cause_text = cause.to_string();
        // Some errors quote what is beneath them; once is enough.
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        below = cause.source();
    }
    text.replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_ends_quietly_and_well() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((failure.code, failure.sentence), (0, None));
    }

    #[test]
    fn a_file_that_is_not_there_is_named_with_a_reason() {
        let error = std::fs::File::open("no-such-directory/no-such-file").unwrap_err();
        let failure = Failure::file("no-such-file", &error);
        assert_eq!(failure.code, FAILED);
        assert_eq!(failure.sentence.unwrap(), "no-such-file: no such file or directory");
    }
}
