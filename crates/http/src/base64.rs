//! Base64, as much as HTTP needs: the credentials of a Basic header and opaque cursors.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Reads base64 in the standard or the URL alphabet, with or without padding. `None` for
/// anything else.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 || digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0u32);
    for digit in digits.bytes() {
        bits = (bits << 6) | value(digit)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(low_byte(bits >> count));
            bits &= (1 << count) - 1;
        }
    }
    // Left-over bits that are not zero would make two spellings of one value.
    (bits == 0).then_some(bytes)
}

/// Writes base64 in the URL alphabet without padding.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = 0u32;
        for i in 0..3 {
            bits = (bits << 8) | u32::from(group.get(i).copied().unwrap_or(0));
        }
        for i in 0..=group.len() {
            let digit = STANDARD[(bits >> (18 - 6 * i)) as usize & 63];
            text.push(match digit {
                b'+' => '-',
                b'/' => '_',
                digit => char::from(digit),
            });
        }
    }
    text
}

fn low_byte(bits: u32) -> u8 {
    bits.to_le_bytes()[0]
}

fn value(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_basic_headers_carry() {
        let cases: [(&str, Option<&[u8]>); 9] = [
            ("", Some(b"")),
            ("YQ==", Some(b"a")),
            ("YQ", Some(b"a")),
            ("YWI6Yw==", Some(b"ab:c")),
            ("-_8", Some(&[0xfb, 0xff])),
            ("Y", None),
            ("YR", None),
            ("YQ===", None),
            ("Y Q=", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(decode(text).as_deref(), bytes, "{text}");
        }
    }

    #[test]
    fn every_length_comes_back() {
        for length in 0..20u8 {
            let bytes: Vec<u8> = (0..length).map(|i| i.wrapping_mul(73)).collect();
            assert_eq!(decode(&encode_url(&bytes)), Some(bytes));
        }
    }
}
