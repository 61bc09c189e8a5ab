//! Renderings: answers about contacts as bytes, made by the caller. What is in them is not known
//! here.

use std::ops::Range;

/// The two forms of an answer about one contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendering {
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

impl Rendering {
    pub(in crate::local) fn in_form(&self, form: Form) -> &[u8] {
        match form {
            Form::Short => &self.short,
            Form::Long => &self.long,
        }
    }
}

/// The answers to one look-up, oldest contact first. A caller uses one for many look-ups, which
/// spares allocations.
#[derive(Clone, Debug, Default)]
pub struct Renderings {
    pub(in crate::local) bytes: Vec<u8>,
    pub(in crate::local) runs: Vec<Range<usize>>,
    pub(in crate::local) origin: Origin,
}

/// The source of the answers to a look-up, the quickest first. Of several contacts the slowest
/// counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// None: no contact has the number.
    #[default]
    Nobody,
    /// The render cache had all of them.
    Ready,
    /// Some were rendered for this look-up.
    Made,
    /// From the store, because the number index is not in memory or was just being changed.
    Store,
}

impl Renderings {
    /// The number of contacts that were found, at most `LOOKUP_CONTACTS_MAX`.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether no contact was found.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The answers, in the form that was asked for.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.runs.iter().map(|run| &self.bytes[run.clone()])
    }

    /// The source of the answers.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Empties it, and keeps the memory.
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
