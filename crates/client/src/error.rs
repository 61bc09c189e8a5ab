//! How asking a daemon fails, in sentences for people. Nothing here knows exit codes.

use std::fmt;
use std::io;

/// Why a daemon gave no good answer.
#[derive(Debug)]
pub enum ClientError {
    /// The address is not one of a daemon; the text says why, and names it.
    Address(String),
    /// A client's id or its secret was not given.
    NoCredentials,
    /// No connection came about, or it broke off.
    NoAnswer {
        /// The daemon's address.
        base: String,
        /// The system's reason.
        error: io::Error,
    },
    /// The request failed in another way.
    Request {
        /// The daemon's address.
        base: String,
        /// The HTTP library's reason.
        error: ureq::Error,
    },
    /// The id and the secret were refused.
    UnknownClient {
        /// The daemon's address.
        base: String,
    },
    /// Something else than carnet listens at the address.
    NotCarnet {
        /// The address.
        base: String,
        /// The HTTP status with which it answered.
        status: u16,
    },
    /// The daemon refused the request.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The daemon's reason, with the fields that it is about.
        message: String,
    },
    /// The body of an answer is not what was expected.
    Unreadable(ureq::Error),
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            ClientError::Address(sentence) => f.write_str(sentence),
            ClientError::NoCredentials => f.write_str(
                "a running daemon wants a client's id and secret: give --id and --secret, or \
                 CARNET_ID and CARNET_SECRET",
            ),
            ClientError::NoAnswer { base, error } => {
                write!(f, "no carnet answers at {base}: {}", reason(error))
            }
            ClientError::Request { base, error } => write!(f, "asking {base} failed: {error}"),
            ClientError::UnknownClient { base } => {
                write!(f, "{base} does not know this client, or the secret is wrong")
            }
            ClientError::NotCarnet { base, status } => {
                write!(f, "{base} does not answer as a carnet does (status {status})")
            }
            ClientError::Refused { status, message } => {
                write!(f, "the daemon refused with status {status}: {message}")
            }
            ClientError::Unreadable(error) => {
                write!(f, "the daemon's answer cannot be read: {error}")
            }
        }
    }
}

/// No source is given: each sentence quotes the error beneath it already.
impl std::error::Error for ClientError {}

impl ClientError {
    /// Whether the command line is wrong, so that nothing was sent.
    pub fn is_usage(&self) -> bool {
        matches!(self, ClientError::Address(_) | ClientError::NoCredentials)
    }
}

/// The system's words for an I/O error, without its number, as the end of a sentence.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_ends_a_sentence() {
        let error = std::fs::File::open("no-such-directory/no-such-file").unwrap_err();
        assert_eq!(reason(&error), "no such file or directory");
    }
}
