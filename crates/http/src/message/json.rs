//! A body as JSON, bounded in depth before it is parsed.

use crate::limits::JSON_DEPTH_MAX;
use crate::message::error::Failure;
use carnet_wire::exact;
use serde_json::Value;

/// Reads a body as JSON.
///
/// # Errors
/// 400 with a sentence that names line and column, and no part of the body.
pub(crate) fn read(body: &[u8]) -> Result<Value, Failure> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::bad_request("The request needs a JSON body."));
    }
    if json_depth(body) > JSON_DEPTH_MAX {
        let message = format!("The body is nested more than {JSON_DEPTH_MAX} levels deep.");
        return Err(Failure::bad_request(message));
    }
    exact::read(body)
        .map_err(|error| Failure::bad_request(format!("The body is not JSON: {error}.")))
}

/// How deeply arrays and objects are nested in a JSON text. Looks no further than it must: the
/// text may be no JSON at all, which the parser finds.
fn json_depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(inside) = bytes.next() {
                    match inside {
                        b'\\' => {
                            bytes.next();
                        }
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_of_texts() {
        for (text, depth) in [
            ("", 0),
            ("null", 0),
            ("{}", 1),
            (r#"{"a":[{}]}"#, 3),
            (r#"{"a":"[[[["}"#, 1),
            (r#"["\"[[", [1]]"#, 2),
            (r#"[] [] []"#, 1),
            ("]]][", 1),
            (r#"["unclosed [[["#, 1),
        ] {
            assert_eq!(json_depth(text.as_bytes()), depth, "{text}");
        }
    }

    #[test]
    fn malformed_json_is_named_by_line_and_column() {
        for (body, message) in [
            ("", "needs a JSON body"),
            (" \n", "needs a JSON body"),
            ("{\n \"a\": }", "line 2 column 7"),
            ("{\"a\":1}}", "line 1 column 8"),
            ("{\"a\":\"\u{1}\"}", "line 1 column"),
            (&"[".repeat(65), "nested"),
        ] {
            let failure = read(body.as_bytes()).unwrap_err();
            assert_eq!(failure.status(), 400);
            assert!(failure.message().contains(message), "{}", failure.message());
        }
        assert_eq!(read(b"null").unwrap(), Value::Null);
        let deep = "[".repeat(64) + &"]".repeat(64);
        assert!(read(deep.as_bytes()).is_ok());
    }
}
