//! The cursor of a scan: opaque to clients, with a version, an end and a check sum.

use crate::limits::CURSOR_LIFE;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use carnet_model::ContactNo;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const VERSION: u8 = 1;
const BYTES: usize = 1 + 8 + 8 + 4;

/// Why a cursor is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadCursor {
    /// It was not given out by this version of carnet.
    Unknown,
    /// It is older than [`CURSOR_LIFE`].
    Expired,
}

/// The cursor that goes on after this contact, made at `now`.
pub(crate) fn write(after: ContactNo, now: SystemTime) -> String {
    let mut bytes = Vec::with_capacity(BYTES);
    bytes.push(VERSION);
    bytes.extend(after.0.to_be_bytes());
    bytes.extend(seconds(now).to_be_bytes());
    let sum = check_sum(&bytes);
    bytes.extend(sum);
    URL_SAFE_NO_PAD.encode(&bytes)
}

/// The contact that a cursor goes on after.
pub(crate) fn read(text: &str, now: SystemTime) -> Result<ContactNo, BadCursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| BadCursor::Unknown)?;
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or(BadCursor::Unknown)?;
    if *sum != check_sum(body) {
        return Err(BadCursor::Unknown);
    }
    let (&version, body) = body.split_first().ok_or(BadCursor::Unknown)?;
    let (number, made) = body.split_first_chunk::<8>().ok_or(BadCursor::Unknown)?;
    let made: [u8; 8] = made.try_into().map_err(|_| BadCursor::Unknown)?;
    if version != VERSION {
        return Err(BadCursor::Unknown);
    }
    // A clock that was set back makes a cursor look younger than nothing, which is no harm.
    let age = Duration::from_secs(seconds(now).saturating_sub(u64::from_be_bytes(made)));
    if age > CURSOR_LIFE {
        return Err(BadCursor::Expired);
    }
    Ok(ContactNo(u64::from_be_bytes(*number)))
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// FNV-1a. It finds cursors that were cut or mistyped; it keeps no secret.
fn check_sum(bytes: &[u8]) -> [u8; 4] {
    let sum = bytes
        .iter()
        .fold(0x811c_9dc5u32, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    sum.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_until_its_day_is_over() {
        let made = SystemTime::now();
        let cursor = write(ContactNo(u64::MAX), made);
        let later = |seconds| made + Duration::from_secs(seconds);
        assert_eq!(read(&cursor, made), Ok(ContactNo(u64::MAX)));
        assert_eq!(read(&cursor, later(86_400)), Ok(ContactNo(u64::MAX)));
        assert_eq!(read(&cursor, later(86_402)), Err(BadCursor::Expired));
        assert_eq!(read(&cursor, made - Duration::from_secs(60)), Ok(ContactNo(u64::MAX)));
    }

    #[test]
    fn a_changed_or_cut_cursor_is_unknown() {
        let now = SystemTime::now();
        let cursor = write(ContactNo(42), now);
        for i in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[i] = if changed[i] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(read(&changed, now), Err(BadCursor::Unknown), "{changed}");
            assert_eq!(read(&cursor[..i], now), Err(BadCursor::Unknown), "{i}");
        }
        assert_eq!(read("42", now), Err(BadCursor::Unknown));
    }
}
