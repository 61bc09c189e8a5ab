//! Rendered answers: bytes about contacts, made by the caller and opaque here.

use std::ops::Range;

/// The two forms of an answer about one contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// A line.
    pub short: Vec<u8>,
    /// Everything.
    pub long: Vec<u8>,
}

/// Which of the two forms is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The line.
    Short,
    /// Everything.
    Long,
}

impl Prepared {
    pub(in crate::local) fn in_form(&self, form: Form) -> &[u8] {
        match form {
            Form::Short => &self.short,
            Form::Long => &self.long,
        }
    }
}

/// The answers to one look-up, oldest contact first. To be used again for the next.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub(in crate::local) bytes: Vec<u8>,
    pub(in crate::local) runs: Vec<Range<usize>>,
    pub(in crate::local) origin: Origin,
}

/// Where the answers to a look-up came from, the quickest way first. Of several contacts the
/// slowest tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nowhere: nobody has the number.
    #[default]
    Nobody,
    /// All were kept ready.
    Ready,
    /// Some were made anew.
    Made,
    /// From the store, because the number index is not in memory or was just being changed.
    Store,
}

impl Answers {
    /// How many contacts were found, at most `LOOKUP_CONTACTS_MAX`.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether nobody was found.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The answers, in the form that was asked for.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.runs.iter().map(|run| &self.bytes[run.clone()])
    }

    /// Where they came from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Nobody, with the memory kept.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.runs.clear();
        self.origin = Origin::Nobody;
    }

    pub(in crate::local) fn push(&mut self, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.runs.push(start..self.bytes.len());
    }
}
