//! The API's look-up of one number.

use carnet_client::{Access, CONTACTS_PATH};

use crate::questions::numbers::{Draw, digits, write_number};
use crate::questions::{Expected, Question, contains, good};

/// One answer of this many is searched for the number.
const LOOK_CLOSELY_EVERY: u32 = 16;

/// The answer to a number of no contact.
const NOBODY: &[u8] = b"{\"contacts\":[]}";

/// The contacts with a number, as the API's JSON with whole contacts.
pub(crate) struct Lookup {
    draw: Draw,
    begin: Vec<u8>,
    end: Vec<u8>,
    judged: u32,
}

impl Lookup {
    /// Asks for the numbers of `draw`.
    pub(crate) fn new(access: &Access, draw: Draw) -> Lookup {
        let begin = format!("GET {CONTACTS_PATH}/reversewhitepageslookup?lookupVal=");
        Lookup { draw, begin: begin.into_bytes(), end: access.head_end(), judged: 0 }
    }
}

impl Question for Lookup {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        out.extend_from_slice(&self.begin);
        let expected = write_number(&self.draw.next(), out);
        out.extend_from_slice(&self.end);
        expected
    }

    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        good(status)?;
        self.judged = self.judged.wrapping_add(1);
        match expected {
            Expected::Absent if body == NOBODY => Ok(1),
            Expected::Absent => Err("somebody was found who is not there".to_owned()),
            Expected::Present(number) => {
                if body == NOBODY || !body.starts_with(b"{\"contacts\":[{") {
                    return Err("nobody was found for a number that is there".to_owned());
                }
                if self.judged.is_multiple_of(LOOK_CLOSELY_EVERY)
                    && !contains(body, &digits(number))
                {
                    return Err("another contact than the one with the number".to_owned());
                }
                Ok(1)
            }
            Expected::Any if body.starts_with(b"{\"contacts\":[") => Ok(1),
            Expected::Any => Err("the answer is no list of contacts".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::numbers::NumberSource;
    use crate::questions::tests::{access, asked, source};

    #[test]
    fn a_lookup_asks_as_the_api_is_asked_and_looks_at_the_answer() {
        let mut lookup = Lookup::new(&access(), NumberSource::draw(&source(0.0)));
        let (text, expected) = asked(&mut lookup);
        assert_eq!(
            text,
            "GET /api/v2/externalcontacts/reversewhitepageslookup?lookupVal=%2B33612345678 \
             HTTP/1.1\r\nHost: h:1\r\nAuthorization: Bearer T\r\n\r\n"
        );
        assert_eq!(expected, Expected::Present(33_612_345_678));
        let good = br#"{"contacts":[{"cellPhone":{"e164":"+33612345678"}}]}"#;
        let other = br#"{"contacts":[{"cellPhone":{"e164":"+33612345679"}}]}"#;
        for _ in 0..32 {
            assert_eq!(lookup.judge(expected, 200, good), Ok(1));
        }
        assert!(lookup.judge(expected, 500, good).is_err());
        assert!(lookup.judge(expected, 200, NOBODY).is_err());
        assert!(lookup.judge(Expected::Absent, 200, good).is_err());
        assert_eq!(lookup.judge(Expected::Absent, 200, NOBODY), Ok(1));
        let judged: Vec<bool> =
            (0..16).map(|_| lookup.judge(expected, 200, other).is_ok()).collect();
        assert_eq!(judged.iter().filter(|good| !**good).count(), 1, "{judged:?}");
    }
}
