//! Writing JSON objects: what is absent is left out, and nothing is copied.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The fields of an object that is being written.
pub(crate) struct Fields<M>(M);

impl<M: SerializeMap> Fields<M> {
    /// Begins an object.
    pub(crate) fn begin<S>(serializer: S) -> Result<Self, S::Error>
    where
        S: Serializer<SerializeMap = M>,
    {
        serializer.serialize_map(None).map(Fields)
    }

    /// A field that is always there.
    pub(crate) fn add<T>(&mut self, name: &str, value: &T) -> Result<(), M::Error>
    where
        T: Serialize + ?Sized,
    {
        self.0.serialize_entry(name, value)
    }

    /// A field that may be absent.
    pub(crate) fn maybe<T: Serialize>(
        &mut self,
        name: &str,
        value: Option<T>,
    ) -> Result<(), M::Error> {
        match value {
            Some(value) => self.add(name, &value),
            None => Ok(()),
        }
    }

    /// A text that may be absent.
    pub(crate) fn text(&mut self, name: &str, value: &Option<String>) -> Result<(), M::Error> {
        self.maybe(name, value.as_deref())
    }

    /// A list, absent when empty, each entry in the shape that `shape` gives it.
    pub(crate) fn list<'a, T, U>(
        &mut self,
        name: &str,
        entries: &'a [T],
        shape: fn(&'a T) -> U,
    ) -> Result<(), M::Error>
    where
        U: Serialize,
    {
        if entries.is_empty() {
            return Ok(());
        }
        self.all(name, entries, shape)
    }

    /// A list that is always there, each entry in the shape that `shape` gives it.
    pub(crate) fn all<'a, T, U>(
        &mut self,
        name: &str,
        entries: &'a [T],
        shape: fn(&'a T) -> U,
    ) -> Result<(), M::Error>
    where
        U: Serialize,
    {
        self.add(name, &Each { entries, shape })
    }

    /// Ends the object.
    pub(crate) fn end(self) -> Result<M::Ok, M::Error> {
        self.0.end()
    }
}

/// A list whose entries take their shape as they are written.
struct Each<'a, T, U> {
    entries: &'a [T],
    shape: fn(&'a T) -> U,
}

impl<T, U: Serialize> Serialize for Each<'_, T, U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries.iter().map(self.shape))
    }
}
