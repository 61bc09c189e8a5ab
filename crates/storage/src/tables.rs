//! The file: every table with its key and value. This is the file format; it knows nothing of what
//! is done with it.
//!
//! ```text
//! table                     key                                              value
//! ------------------------  -----------------------------------------------  ----------------
//! contacts                  contact no                                       record
//! contact_ids               id (16 bytes)                                    contact no
//! contact_numbers           E.164 digits, createDate, contact no             -
//! contact_identifiers       kind, value, createDate, contact no              -
//! organizations             organisation no                                  record
//! organization_ids          id (16 bytes)                                    organisation no
//! organization_names        folded name, createDate, organisation no         -
//! organization_identifiers  kind, value, createDate, organisation no         -
//! organization_contacts     organisation no, contact no                      -
//! notes                     note no                                          record
//! note_ids                  id (16 bytes)                                    note no
//! subject_notes             1 contact | 2 organisation, id (16 bytes), note no   -
//! schemas                   id (16 bytes)                                    newest version
//! schema_versions           id (16 bytes), version                           record
//! clients                   client id (text)                                 record
//! users                     name, lower case (text)                          record
//! settings                  number, from 1                                   record
//! tokens                    SHA-256 of the token (32 bytes)                  record
//! changes                   change no                                        record
//! meta                      name                                             see below
//! ```
//!
//! Numbers are `u64` and start at 1; `createDate` is an `i64` of milliseconds; both are compared
//! as integers, so a date before 1970 comes before one after it. `record` is a version byte and
//! MessagePack (`record.rs`).
//!
//! Rows with a text in their key are bytes that compare as bytes:
//!
//! ```text
//! contact_identifiers, organization_identifiers:
//!     | kind u8 | length u32 | value, UTF-8 | createDate, first bit flipped u64 | no u64 |
//! organization_names: the same without `kind`
//! ```
//!
//! All integers there are big-endian. The length before the text keeps `ab` from being found under
//! `a`; the flipped bit makes the signed date compare as bytes. In every table that is asked for
//! "the oldest", the date and then the number end the key, so the oldest comes first without a
//! record being decoded.
//!
//! `meta` holds `format` (8 bytes, big-endian, [`FORMAT`]), `id` (16 random bytes, made at
//! creation), and 8 bytes each for `next_contact`, `next_organization`, `next_note` (the number
//! that the next one gets: never given twice, even when the last one was removed) and
//! `last_change` (which outlives its row, because old rows of the change log are dropped). `unread`
//! has the counts of [`UnreadNumbers`](carnet_model::UnreadNumbers), 8 bytes each; `identifier_keys`
//! is 8 bytes for the version of the folding by which identifiers are compared (`entities/rekey.rs`;
//! a file without it has the first one).
//!
//! A schema that was removed has no row in `schemas`; its versions stay in `schema_versions`.
//!
//! Format 1 had neither `unread` nor the identifiers of kind 13, format 2 neither schemas, people,
//! settings nor the identifiers of kind 14; `store/upgrade.rs` adds what is missing.

use crate::deferred::Deferred;
use crate::error::{OrStoreError, StoreError};
use carnet_model::{IdentifierKey, Timestamp};
use redb::{Key, ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition};
use redb::{Value, WriteTransaction};
use std::marker::PhantomData;
use std::ops::RangeInclusive;

/// The format that this carnet writes, and the newest that it reads.
pub(crate) const FORMAT: u64 = 3;
/// The oldest format that is brought to the present one when a file is opened.
pub(crate) const FORMAT_OLDEST: u64 = 1;

/// The kinds of table that reading is the same for: what is committed, and what is being written.
pub(crate) trait Mode {
    /// One table.
    type Table<K: Key + 'static, V: Value + 'static>: ReadableTable<K, V>;
}

/// Tables of a read transaction. They keep the transaction alive by themselves.
pub(crate) struct Committed;

impl Mode for Committed {
    type Table<K: Key + 'static, V: Value + 'static> = ReadOnlyTable<K, V>;
}

/// Tables of a write transaction.
pub(crate) struct Pending<'t>(PhantomData<&'t ()>);

impl<'t> Mode for Pending<'t> {
    type Table<K: Key + 'static, V: Value + 'static> = Table<'t, K, V>;
}

/// Declares every table once: its name, its types, and how it is opened.
macro_rules! tables {
    ($($name:ident: $key:ty => $value:ty,)*) => {
        mod definition {
            $(#[allow(non_upper_case_globals, reason = "named as the table is")]
            pub(super) const $name: redb::TableDefinition<'static, $key, $value> =
                redb::TableDefinition::new(stringify!($name));)*
        }

        /// All tables, opened once for a transaction.
        pub(crate) struct Tables<M: Mode> {
            $(pub(crate) $name: M::Table<$key, $value>,)*
            /// Rows that belong into these tables and are not there yet.
            pub(crate) deferred: Deferred,
        }

        impl Tables<Committed> {
            pub(crate) fn open(txn: &ReadTransaction) -> Result<Self, StoreError> {
                Ok(Tables {
                    $($name: txn.open_table(definition::$name).or_store_error()?,)*
                    deferred: Deferred::default(),
                })
            }
        }

        impl<'t> Tables<Pending<'t>> {
            /// Makes those that are missing.
            pub(crate) fn open(txn: &'t WriteTransaction) -> Result<Self, StoreError> {
                Ok(Tables {
                    $($name: txn.open_table(definition::$name).or_store_error()?,)*
                    deferred: Deferred::default(),
                })
            }
        }
    };
}

tables! {
    contacts: u64 => &'static [u8],
    contact_ids: &'static [u8; 16] => u64,
    contact_numbers: (u64, i64, u64) => (),
    contact_identifiers: &'static [u8] => (),
    organizations: u64 => &'static [u8],
    organization_ids: &'static [u8; 16] => u64,
    organization_names: &'static [u8] => (),
    organization_identifiers: &'static [u8] => (),
    organization_contacts: (u64, u64) => (),
    notes: u64 => &'static [u8],
    note_ids: &'static [u8; 16] => u64,
    subject_notes: (u8, &'static [u8; 16], u64) => (),
    schemas: &'static [u8; 16] => u64,
    schema_versions: (&'static [u8; 16], u64) => &'static [u8],
    clients: &'static str => &'static [u8],
    users: &'static str => &'static [u8],
    settings: u64 => &'static [u8],
    tokens: &'static [u8; 32] => &'static [u8],
    changes: u64 => &'static [u8],
    meta: &'static str => &'static [u8],
}

/// `meta` on its own, for the look at a file before it is trusted.
pub(crate) const META: TableDefinition<'static, &'static str, &'static [u8]> = definition::meta;

/// Names of the rows of `meta`.
pub(crate) mod meta {
    pub(crate) const FORMAT: &str = "format";
    pub(crate) const ID: &str = "id";
    pub(crate) const NEXT_CONTACT: &str = "next_contact";
    pub(crate) const NEXT_ORGANIZATION: &str = "next_organization";
    pub(crate) const NEXT_NOTE: &str = "next_note";
    pub(crate) const LAST_CHANGE: &str = "last_change";
    pub(crate) const UNREAD: &str = "unread";
    pub(crate) const IDENTIFIER_KEYS: &str = "identifier_keys";
}

/// Bytes behind the text of a text row: date and number.
pub(crate) const TAIL_BYTES: usize = 16;

/// The rows of one text, whatever their date and number: the front of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextPrefix(Vec<u8>);

impl TextPrefix {
    /// Of an identifier.
    pub(crate) fn identifier(key: &IdentifierKey) -> TextPrefix {
        // The kind's number is part of the format, and carnet-model says so beside it.
        TextPrefix::new(Some(key.kind as u8), &key.value)
    }

    /// Of an identifier from its row: its value, and what is behind it in the row, date and number.
    pub(crate) fn identifier_of_row(row: &[u8]) -> Option<(&str, &[u8])> {
        let (front, tail) = row.split_at_checked(row.len().checked_sub(TAIL_BYTES)?)?;
        let value = front.get(1 + 4..)?;
        Some((std::str::from_utf8(value).ok()?, tail))
    }

    /// The key of the row with that tail.
    pub(crate) fn row_with(mut self, tail: &[u8]) -> Vec<u8> {
        self.0.extend(tail);
        self.0
    }

    /// Of an organisation's name: compared without case and without surrounding blanks.
    pub(crate) fn name(name: &str) -> TextPrefix {
        TextPrefix::new(None, &name.trim().to_lowercase())
    }

    fn new(kind: Option<u8>, text: &str) -> TextPrefix {
        let mut bytes = Vec::with_capacity(1 + 4 + text.len() + TAIL_BYTES);
        bytes.extend(kind);
        // A longer text than 4 GiB would be refused by the engine as a key; the model allows 1,000
        // characters.
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        bytes.extend(length.to_be_bytes());
        bytes.extend(text.as_bytes());
        TextPrefix(bytes)
    }

    /// Whether this is the front of the keys.
    pub(crate) fn is(&self, front: &[u8]) -> bool {
        self.0 == front
    }

    /// The key of one row.
    pub(crate) fn row(mut self, created: Timestamp, no: u64) -> Vec<u8> {
        let date = created.0.cast_unsigned() ^ (1 << 63);
        self.0.extend(date.to_be_bytes());
        self.0.extend(no.to_be_bytes());
        self.0
    }

    /// The keys of all rows, oldest first.
    pub(crate) fn rows(self) -> RangeInclusive<Vec<u8>> {
        let mut last = self.0.clone();
        last.extend([u8::MAX; TAIL_BYTES]);
        self.0..=last
    }
}

/// The number that ends the key of a text row; `None` when the key is too short to have one.
pub(crate) fn text_row_no(key: &[u8]) -> Option<u64> {
    key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_rows_stand_in_the_order_of_date_then_number() {
        let row = |date, no| TextPrefix::name("x").row(Timestamp(date), no);
        let ordered = [
            row(i64::MIN, 9),
            row(-1, 8),
            row(0, 7),
            row(1, 1),
            row(1, 2),
            row(1, 256),
            row(i64::MAX, u64::MAX),
        ];
        assert!(ordered.is_sorted());
        assert_eq!(text_row_no(&ordered[5]), Some(256));
        let all = TextPrefix::name("x").rows();
        assert!(ordered.iter().all(|row| all.contains(row)));
    }

    #[test]
    fn a_text_is_not_found_under_the_beginning_of_another() {
        let rows = TextPrefix::name("a").rows();
        for other in ["", "ab", "a\0", "b"] {
            assert!(!rows.contains(&TextPrefix::name(other).row(Timestamp(0), 1)), "{other:?}");
        }
    }

    #[test]
    fn names_compare_without_case_and_surrounding_blanks() {
        assert_eq!(TextPrefix::name("  ACME Ögon "), TextPrefix::name("acme ögon"));
        assert_ne!(TextPrefix::name("acme"), TextPrefix::name("ac me"));
    }
}
