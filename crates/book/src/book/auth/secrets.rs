//! Secrets: made at random, and hashed for the store.

use crate::error::BookError;
use sha2::{Digest, Sha256};

/// Characters of a random secret: 238 bits. With the id of a client in front it makes a key of 77,
/// which telephone systems have room for: FreePBX takes a password of 50 characters, and 100 of a
/// query.
const SECRET_CHARS: usize = 40;
/// What a random secret is written with: nothing that an address, a file of settings or a shell
/// reads as something else.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

pub(super) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A secret of [`SECRET_CHARS`] letters and digits, each of them equally likely.
pub(super) fn random_secret() -> Result<String, BookError> {
    let mut secret = String::with_capacity(SECRET_CHARS);
    let mut bytes = [0; SECRET_CHARS + SECRET_CHARS / 2];
    // Once through is enough: that 21 of 60 bytes are of no use does not happen.
    while secret.len() < SECRET_CHARS {
        getrandom::fill(&mut bytes)
            .map_err(|_| BookError::Unavailable("the system gave no random bits"))?;
        let wanted = SECRET_CHARS - secret.len();
        secret.extend(bytes.iter().filter_map(|byte| letter(*byte)).take(wanted));
    }
    Ok(secret)
}

/// The letter or digit of a random byte; `None` for the few bytes at the end that would make the
/// first ones of the alphabet likelier than the others.
fn letter(byte: u8) -> Option<char> {
    let rounds = 256 / ALPHABET.len();
    let place = usize::from(byte);
    (place < rounds * ALPHABET.len()).then(|| char::from(ALPHABET[place % ALPHABET.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_random_secret_is_of_letters_and_digits_and_fits_where_telephone_systems_keep_it() {
        for _ in 0..100 {
            let secret = random_secret().unwrap();
            assert_eq!(secret.len(), 40);
            assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{secret}");
        }
    }

    #[test]
    fn two_random_secrets_differ() {
        assert_ne!(random_secret().unwrap(), random_secret().unwrap());
    }

    #[test]
    fn every_letter_is_as_likely_as_every_other() {
        let mut times: BTreeMap<char, usize> = BTreeMap::new();
        for one in (0..=u8::MAX).filter_map(letter) {
            *times.entry(one).or_default() += 1;
        }
        assert_eq!(times.len(), ALPHABET.len());
        assert!(times.values().all(|count| *count == 4), "{times:?}");
        assert!(ALPHABET.iter().all(u8::is_ascii_alphanumeric));
    }
}
