//! Secrets: made at random, and hashed for the store.

use crate::error::BookError;
use sha2::{Digest, Sha256};
use std::fmt::Write;

pub(super) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// 256 random bits as 64 hexadecimal digits.
pub(super) fn random_secret() -> Result<String, BookError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|_| BookError::Unavailable("the system gave no random bits"))?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
