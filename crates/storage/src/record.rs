//! Records: one version byte, then MessagePack with named fields.
//!
//! The model's types are the present shape. When a shape changes so that old bytes no longer
//! decode into it, the old shape is frozen here under its version with a `From`, and `VERSION`
//! goes up; a shape that was released is never edited. A field that may be absent needs neither.

use crate::error::{RecordError, StoreError};
use carnet_model::{
    Change, Client, Contact, DataSchema, Note, Organization, SettingChange, Token, User,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The version that is written. One for all kinds while there is only one.
const VERSION: u8 = 1;

/// Bytes that most records fit in, so that writing one rarely grows its buffer.
const RECORD_BYTES_TYPICAL: usize = 640;

/// Something that is kept as a record.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// Its name in errors.
    const THING: &'static str;
}

impl Record for Contact {
    const THING: &'static str = "contact";
}
impl Record for Organization {
    const THING: &'static str = "organisation";
}
impl Record for Note {
    const THING: &'static str = "note";
}
impl Record for Client {
    const THING: &'static str = "client";
}
impl Record for User {
    const THING: &'static str = "person";
}
impl Record for SettingChange {
    const THING: &'static str = "setting";
}
impl Record for Token {
    const THING: &'static str = "token";
}
impl Record for DataSchema {
    const THING: &'static str = "schema";
}
impl Record for Change {
    const THING: &'static str = "change";
}

/// The bytes of a record.
pub(crate) fn encode<T: Record>(value: &T, key: &dyn ToString) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::with_capacity(RECORD_BYTES_TYPICAL);
    bytes.push(VERSION);
    rmp_serde::encode::write_named(&mut bytes, value)
        .map_err(|error| record_error::<T>(key, RecordError::Unwritable(error.to_string())))?;
    Ok(bytes)
}

/// The record that the bytes hold.
pub(crate) fn decode<T: Record>(bytes: &[u8], key: &dyn ToString) -> Result<T, StoreError> {
    decode_bytes(bytes).map_err(|error| record_error::<T>(key, error))
}

fn decode_bytes<T: Record>(bytes: &[u8]) -> Result<T, RecordError> {
    match bytes.split_first().ok_or(RecordError::Empty)? {
        (&VERSION, body) => {
            rmp_serde::from_slice(body).map_err(|error| RecordError::Unreadable(error.to_string()))
        }
        (&found, _) if found > VERSION => Err(RecordError::TooNew { found, known: VERSION }),
        (&found, _) => Err(RecordError::Unreadable(format!("there is no version {found}"))),
    }
}

fn record_error<T: Record>(key: &dyn ToString, source: RecordError) -> StoreError {
    StoreError::Record { thing: T::THING, key: key.to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample;
    use carnet_model::Account;

    #[test]
    fn a_full_contact_comes_back_as_it_was() {
        let contact = sample::full_contact(7);
        let bytes = encode(&contact, &7).unwrap();
        assert_eq!(decode::<Contact>(&bytes, &7).unwrap(), contact);
    }

    #[test]
    fn a_newer_record_is_refused_with_a_sentence() {
        let mut bytes = encode(&sample::full_contact(7), &7).unwrap();
        bytes[0] = VERSION + 1;
        let error = decode::<Contact>(&bytes, &7).unwrap_err();
        assert!(error.to_string().contains("use a newer carnet"), "{error}");
        assert!(!error.needs_reopen());
    }

    #[test]
    fn empty_cut_and_foreign_bytes_are_errors() {
        let bytes = encode(&sample::full_contact(7), &7).unwrap();
        for cut in 0..bytes.len() {
            assert!(decode::<Contact>(&bytes[..cut], &7).is_err(), "{cut} bytes");
        }
        assert!(decode::<Contact>(&[0, 0x80], &7).is_err());
        assert!(decode::<Contact>(&[VERSION, 0xc1], &7).is_err());
    }

    #[test]
    fn fields_are_written_by_name() {
        // The bytes of version 1, fixed: a present carnet must read what the first one wrote.
        let token =
            Token { account: Account::Client("c".into()), expires: carnet_model::Timestamp(5) };
        let bytes = encode(&token, &"").unwrap();
        assert_eq!(bytes, b"\x01\x82\xa2cl\xa1c\xa1e\x05");
    }

    #[test]
    fn a_field_from_a_later_shape_of_the_same_version_is_passed_over() {
        let bytes = b"\x01\x83\xa2cl\xa1c\xa1e\x05\xa3new\x01";
        assert_eq!(decode::<Token>(bytes, &"").unwrap().account, Account::Client("c".into()));
    }
}
