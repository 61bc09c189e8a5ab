//! Entity tags: a name for the state of a record, and the condition that an edit may make of it. It
//! does not know what a record is.

use hyper::HeaderMap;
use hyper::header::{HeaderValue, IF_MATCH};
use std::borrow::Cow;

/// The tag of a record in this form: the FNV-1a of its bytes, of 128 bits. It tells states of one
/// record apart, and keeps no secret.
pub(crate) fn of(bytes: &[u8]) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let sum = bytes.iter().fold(OFFSET, |sum, byte| (sum ^ u128::from(*byte)).wrapping_mul(PRIME));
    format!("\"{sum:032x}\"")
}

/// The tag of a record that is shown in another form, with the bytes of both: it changes with either, and
/// an edit may rely on it as on the tag of the record, which is its first part.
pub(crate) fn of_form(record: &[u8], form: &[u8]) -> String {
    let (record, form) = (of(record), of(form));
    format!("\"{}.{}\"", record.trim_matches('"'), form.trim_matches('"'))
}

/// The tag of the record in one of another form of it.
fn of_record(tag: &str) -> Cow<'_, str> {
    match tag.strip_prefix('"').and_then(|rest| rest.split_once('.')) {
        Some((record, _)) => Cow::Owned(format!("\"{record}\"")),
        None => Cow::Borrowed(tag),
    }
}

/// The tag as a header has it.
pub(crate) fn header(tag: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(tag).ok()
}

/// A header that is neither `*` nor a list of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadCondition;

/// The states in which a client wants a record to be when it is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// Any: the client did not say, or said `*`.
    Any,
    /// One with one of these tags.
    Tags(Vec<String>),
}

impl IfMatch {
    /// The condition of a request. Without one an edit is carried out whatever came before it.
    ///
    /// # Errors
    /// [`BadCondition`] for a header that is no list of tags.
    pub(crate) fn read(headers: &HeaderMap) -> Result<IfMatch, BadCondition> {
        let mut tags = Vec::new();
        let mut any = true;
        for value in headers.get_all(IF_MATCH) {
            let text = value.to_str().map_err(|_| BadCondition)?;
            if text.trim() == "*" {
                return Ok(IfMatch::Any);
            }
            any = false;
            read_tags(text, &mut tags).ok_or(BadCondition)?;
        }
        if any { Ok(IfMatch::Any) } else { Ok(IfMatch::Tags(tags)) }
    }

    /// Whether the record may be edited whose present tag this makes; it is made only where it
    /// matters.
    pub(crate) fn admits(&self, tag: impl FnOnce() -> String) -> bool {
        match self {
            IfMatch::Any => true,
            IfMatch::Tags(tags) => {
                let present = tag();
                tags.iter().any(|tag| of_record(tag) == present)
            }
        }
    }
}

/// Reads a list of tags, which may have commas in them. A weak tag is none that an edit can rely on,
/// so it never matches; it is kept with its mark.
fn read_tags(text: &str, tags: &mut Vec<String>) -> Option<()> {
    let before = tags.len();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let weak = rest.strip_prefix("W/");
        let mark = if weak.is_some() { "W/" } else { "" };
        let (opaque, after) = weak.unwrap_or(rest).strip_prefix('"')?.split_once('"')?;
        tags.push(format!("{mark}\"{opaque}\""));
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(more) => more.trim_start_matches([' ', '\t', ',']),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    (tags.len() > before).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<IfMatch> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, value.parse().unwrap());
        }
        IfMatch::read(&headers).ok()
    }

    fn tags(tags: &[&str]) -> Option<IfMatch> {
        Some(IfMatch::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect()))
    }

    #[test]
    fn conditions_are_read_as_the_standard_writes_them() {
        assert_eq!(read(&[]), Some(IfMatch::Any));
        assert_eq!(read(&["*"]), Some(IfMatch::Any));
        assert_eq!(read(&[" * "]), Some(IfMatch::Any));
        assert_eq!(read(&["\"a\""]), tags(&["\"a\""]));
        assert_eq!(read(&["\"a\",\"b\" , W/\"c\""]), tags(&["\"a\"", "\"b\"", "W/\"c\""]));
        assert_eq!(read(&["\"a\"", "\"b\""]), tags(&["\"a\"", "\"b\""]));
        assert_eq!(read(&["\"a,b\", ,\"\""]), tags(&["\"a,b\"", "\"\""]));
        for wrong in ["", " ", "a", "\"a", "a\"", "\"a\" \"b\"", "w/\"a\"", "W/a", "*, \"a\"", ","]
        {
            assert_eq!(read(&[wrong]), None, "{wrong}");
        }
    }

    #[test]
    fn only_a_strong_tag_matches() {
        let tag = || of(b"x");
        let weak = format!("W/{}", of(b"x"));
        let list = format!("\"a\", {}", of(b"x"));
        for (value, admits) in [
            ("*", true),
            (of(b"x").as_str(), true),
            (&list, true),
            (&of_form(b"x", b"shown"), true),
            (&of_form(b"y", b"x"), false),
            (&format!("W/{}", of_form(b"x", b"shown")), false),
            (&weak, false),
            (&of(b"y"), false),
        ] {
            assert_eq!(read(&[value]).unwrap().admits(tag), admits, "{value}");
        }
        assert_eq!(of(b"").len(), 34);
        assert_ne!(of(b"ab"), of(b"ba"));
    }
}
