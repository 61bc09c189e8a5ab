//! The terminal: standard output and standard error, progress, the log, and the signals by which
//! a command is stopped.

pub(crate) mod contact_text;
pub(crate) mod log;
pub(crate) mod output;
pub(crate) mod password;
pub(crate) mod progress;
pub(crate) mod signals;
