//! Passwords of people: checked, hashed with argon2id, and compared. All of it takes some tens of
//! milliseconds of processor time and 19 MiB on purpose, so it belongs on a thread that may wait.

use crate::error::BookError;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use carnet_model::{FaultKind, Invalid};
use std::sync::LazyLock;

/// Characters of the shortest password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Bytes of the longest password: more than anybody types, and little to hash.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// The hash that is compared with when there is no such person, so that this takes as long.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| hash("nobody has this password").unwrap_or_default());

/// A password that is long enough, as the store keeps it: hashed, with a salt of its own.
#[derive(Clone)]
pub struct NewPassword(pub(super) String);

impl NewPassword {
    /// Checks and hashes a password, with the costs that the library recommends (argon2id, 19 MiB,
    /// two passes).
    ///
    /// # Errors
    /// [`BookError::Invalid`] with the field `password` when it is too short or too long;
    /// [`BookError::Unavailable`] when the system has no random bits.
    pub fn new(text: &str) -> Result<NewPassword, BookError> {
        let invalid = |kind| Err(BookError::Invalid(Invalid::one("password", kind)));
        if text.is_empty() {
            return invalid(FaultKind::Required);
        }
        if text.chars().count() < PASSWORD_CHARS_MIN {
            let why = format!("a password has at least {PASSWORD_CHARS_MIN} characters");
            return invalid(FaultKind::Value(why));
        }
        if text.len() > PASSWORD_BYTES_MAX {
            return invalid(FaultKind::TooLong { max: PASSWORD_BYTES_MAX });
        }
        hash(text).map(NewPassword)
    }
}

fn hash(text: &str) -> Result<String, BookError> {
    // It can fail for want of memory or of random bits only.
    let hash = Argon2::default().hash_password(text.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| BookError::Unavailable("hashing failed"))
}

/// Whether a password is the one that was hashed. Takes the same time without a hash.
pub(super) fn fits(text: &str, hash: Option<&str>) -> bool {
    // Nothing longer was ever accepted.
    if text.len() > PASSWORD_BYTES_MAX {
        return false;
    }
    let compared = hash.unwrap_or(&NOBODYS);
    let fits = Argon2::default().verify_password(text.as_bytes(), compared).is_ok();
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let one = NewPassword::new("correct horse").unwrap().0;
        let other = NewPassword::new("correct horse").unwrap().0;
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other, "the salt is the same");
        assert!(fits("correct horse", Some(&one)) && fits("correct horse", Some(&other)));
        assert!(!fits("correct horse ", Some(&one)) && !fits("", Some(&one)));
        assert!(!fits("nobody has this password", None));
        assert!(!fits("correct horse", Some("no hash")));
    }

    #[test]
    fn short_and_endless_passwords_are_refused_by_name() {
        for text in ["", "123456789", "ééééééééé", &"x".repeat(1_025)] {
            let Err(BookError::Invalid(invalid)) = NewPassword::new(text) else {
                panic!("{} bytes were taken", text.len());
            };
            assert_eq!(invalid.faults[0].field, "password");
        }
        assert!(!fits(&"x".repeat(1_025), None));
    }
}
