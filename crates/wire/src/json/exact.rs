//! JSON without loss: whole numbers beyond 64 bits keep their digits. The parser would round them, so
//! they are made texts with a mark before it sees them, and written as numbers again. Most bodies have
//! none, which one look at every nineteenth byte tells.

use carnet_model::{CustomFields, large_whole, whole_value};
use serde::de::IgnoredAny;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Digits of the shortest whole number that 64 bits may not hold.
const LARGE_DIGITS_MIN: usize = 19;

/// The mark at the beginning of a text, as JSON writes it.
const ESCAPED_MARK: &[u8] = b"\\u0000";

/// Reads a value. A whole number beyond 64 bits becomes what [`whole_value`] makes of it.
///
/// # Errors
/// When the bytes are no JSON. The parser's reason speaks of the bytes as they came.
pub fn read(json: &[u8]) -> serde_json::Result<Value> {
    // What is no JSON must not become some by a mark, where a number stands for a key; and a fault is
    // told by the parser's own look at the bytes, for the sake of its column.
    if has_many_digits(json)
        && serde_json::from_slice::<IgnoredAny>(json).is_ok()
        && let Ok(value) = serde_json::from_slice(&marked(json))
    {
        return Ok(value);
    }
    serde_json::from_slice(json)
}

/// Whether there are so many digits in a row that they may be a large number.
fn has_many_digits(json: &[u8]) -> bool {
    let is_digit = |at: &usize| json[*at].is_ascii_digit();
    // So many digits in a row have one at a multiple of their count.
    (0..json.len()).step_by(LARGE_DIGITS_MIN).filter(is_digit).any(|at| {
        let before = json[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let after = json[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        before + after >= LARGE_DIGITS_MIN
    })
}

/// The text with large whole numbers as texts with a mark. A text that came with a mark gets a second
/// one, so that it stands for nothing.
fn marked(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() + 64);
    let mut rest = json;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' => {
                let text = &rest[1..];
                out.push(b'"');
                if text.starts_with(ESCAPED_MARK) {
                    out.extend_from_slice(ESCAPED_MARK);
                }
                let length = length_of_text(text);
                out.extend_from_slice(&text[..length]);
                1 + length
            }
            b'-' | b'0'..=b'9' => {
                let length = rest.iter().take_while(|byte| is_of_number(**byte)).count();
                let number = &rest[..length];
                match large(number) {
                    true => {
                        out.push(b'"');
                        out.extend_from_slice(ESCAPED_MARK);
                        out.extend_from_slice(number);
                        out.push(b'"');
                    }
                    false => out.extend_from_slice(number),
                }
                length
            }
            byte => {
                out.push(*byte);
                1
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Bytes of a text and of the quotation mark that ends it, or all of them where none does.
fn length_of_text(text: &[u8]) -> usize {
    let mut bytes = text.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')
}

/// Whether a number has the form of a whole one and is beyond 64 bits.
fn large(number: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(number) else { return false };
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()) && large_whole(&whole_value(text)).is_some()
}

/// A record as a value, with its large whole numbers.
///
/// # Errors
/// When it has no form in JSON.
pub fn to_value(record: &impl Serialize) -> serde_json::Result<Value> {
    // A value of the parser's own cannot hold them, and says so.
    serde_json::to_value(record).or_else(|_| read(&serde_json::to_vec(record)?))
}

/// A value as JSON, its large whole numbers as numbers.
pub fn to_text(value: &Value) -> String {
    // Values have text keys only, and their numbers were read, so nothing is left out.
    serde_json::to_string(&Exact(value)).unwrap_or_else(|_| value.to_string())
}

/// A value that is written with its large whole numbers.
#[derive(Clone, Copy, Debug)]
pub struct Exact<'a>(pub &'a Value);

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(digits) = large_whole(self.0) {
            // More digits than 128 bits hold are not let in, and written only to tell what was sent.
            return match (digits.parse::<i128>(), digits.parse::<f64>()) {
                (Ok(number), _) => serializer.serialize_i128(number),
                (Err(_), Ok(float)) if float.is_finite() => serializer.serialize_f64(float),
                (Err(_), _) => serializer.serialize_str(digits),
            };
        }
        match self.0 {
            Value::Array(entries) => serializer.collect_seq(entries.iter().map(Exact)),
            Value::Object(fields) => write_fields(fields, serializer),
            value => value.serialize(serializer),
        }
    }
}

/// Custom fields that are written with their large whole numbers.
pub(crate) struct ExactFields<'a>(pub(crate) &'a CustomFields);

impl Serialize for ExactFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_fields(self.0, serializer)
    }
}

fn write_fields<S: Serializer>(fields: &CustomFields, serializer: S) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_map(Some(fields.len()))?;
    for (key, value) in fields {
        out.serialize_entry(key, &Exact(value))?;
    }
    out.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn nothing_becomes_json_by_being_read_exactly(
            parts in prop::collection::vec(r#"\[|\]|\{|\}|:|,|-|"|\\|\\u0000|\.|e| |[0-9]{1,24}"#, 0..12)
        ) {
            let text = parts.concat();
            let plain = serde_json::from_str::<Value>(&text);
            prop_assert_eq!(read(text.as_bytes()).is_ok(), plain.is_ok(), "{}", text);
        }

        #[test]
        fn whole_numbers_are_written_as_they_were_read(digits in "-?[1-9][0-9]{0,37}") {
            let text = format!("[{digits}]");
            prop_assert_eq!(to_text(&read(text.as_bytes()).unwrap()), text);
        }
    }

    const LARGE: &str = "18446744073709551616";

    #[test]
    fn whole_numbers_beyond_64_bits_come_back_to_the_digit() {
        for digits in [LARGE, "-9223372036854775809", "99999999999999999999999999999999999999"] {
            let text = format!("{{\"a\":[{digits},7],\"b\":{{\"c\":{digits}}},\"d\":\"x\"}}");
            assert_eq!(to_text(&read(text.as_bytes()).unwrap()), text);
            let value = read(text.as_bytes()).unwrap();
            assert_eq!(large_whole(&value["b"]["c"]), Some(digits));
            assert_eq!(to_value(&Exact(&value)).unwrap(), value);
        }
    }

    #[test]
    fn everything_else_is_read_as_ever() {
        for text in [
            "18446744073709551615",
            "-9223372036854775808",
            "1844674407370955161600000.5",
            "18446744073709551616e3",
            "\"18446744073709551616\"",
            "{\"18446744073709551616\":\"a\\\"18446744073709551616\\\\\"}",
            "[\"0000000000000000000000\"]",
        ] {
            let plain: Value = serde_json::from_str(text).unwrap();
            assert_eq!(read(text.as_bytes()).unwrap(), plain, "{text}");
        }
    }

    #[test]
    fn a_text_with_a_mark_stands_for_no_number() {
        let text = format!("[\"\\u0000{LARGE}\",{LARGE}]");
        let value = read(text.as_bytes()).unwrap();
        assert_eq!((large_whole(&value[0]), large_whole(&value[1])), (None, Some(LARGE)));
    }

    #[test]
    fn a_number_that_nobody_keeps_is_written_all_the_same() {
        let text = |digits: usize| to_text(&whole_value(&"9".repeat(digits)));
        assert_eq!((text(60), text(400)), ("1e+60".to_owned(), format!("\"{}\"", "9".repeat(400))));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        for text in [
            format!("{{\"a\":{LARGE},}}"),
            format!("0{LARGE}"),
            format!("-{LARGE}-"),
            format!("{LARGE} \"open"),
            format!("\"{LARGE}\\"),
            format!("{{{LARGE}:1}}"),
        ] {
            let plain = serde_json::from_str::<Value>(&text).unwrap_err().to_string();
            assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), plain, "{text}");
        }
        assert_eq!(read(b"{\"a\":1}").unwrap(), json!({"a": 1}));
    }
}
