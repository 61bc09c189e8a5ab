//! Where things are in the API of a daemon, and how a text becomes a part of a path.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where the external contacts are in the API.
pub const CONTACTS_PATH: &str = "/api/v2/externalcontacts";

/// Where carnet's own operations are.
pub const CARNET_PATH: &str = "/api/v2/carnet";

/// Everything but letters, digits, `-`, `_` and `~`. The dot is escaped too, so that no server on
/// the way takes `..` for a step back.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~');

/// A text as one segment of a path, or as one value of a query: everything but letters, digits,
/// `-`, `_` and `~` is escaped.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_holds_nothing_that_divides_an_address() {
        for (text, expected) in [
            ("tests-1_~", "tests-1_~"),
            ("../a%2Fb?c#d e", "%2E%2E%2Fa%252Fb%3Fc%23d%20e"),
            ("é", "%C3%A9"),
            ("", ""),
        ] {
            assert_eq!(segment(text), expected);
        }
    }
}
