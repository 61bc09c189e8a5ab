//! Caller ID for telephone switches: one number, one line of plain text.

use carnet_client::Access;

use crate::questions::numbers::{Draw, write_number};
use crate::questions::{Expected, Question, good};

/// The name of a caller, as one line of plain text.
pub(crate) struct CallerId {
    draw: Draw,
    end: Vec<u8>,
}

impl CallerId {
    /// Asks for the numbers of `draw`, with the token of a client that may look up and nothing else.
    pub(crate) fn new(access: &Access, draw: Draw) -> CallerId {
        let end = format!("&key={} HTTP/1.1\r\nHost: {}\r\n\r\n", access.token, access.host);
        CallerId { draw, end: end.into_bytes() }
    }
}

impl Question for CallerId {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        out.extend_from_slice(b"GET /cid?number=");
        let expected = write_number(&self.draw.next(), out);
        out.extend_from_slice(&self.end);
        expected
    }

    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        good(status)?;
        match expected {
            Expected::Present(_) if body.is_empty() => {
                Err("no name for a number that is there".to_owned())
            }
            Expected::Absent if !body.is_empty() => {
                Err("a name for a number that nobody has".to_owned())
            }
            _ if body.contains(&b'\n') => Err("more than one line".to_owned()),
            _ => Ok(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::numbers::NumberSource;
    use crate::questions::tests::{access, asked, source};

    #[test]
    fn caller_id_is_one_line_or_nothing() {
        let mut cid = CallerId::new(&access(), NumberSource::draw(&source(1.0)));
        let (text, expected) = asked(&mut cid);
        assert_eq!(text, "GET /cid?number=%2B33612345679&key=T HTTP/1.1\r\nHost: h:1\r\n\r\n");
        assert_eq!(expected, Expected::Absent);
        let present = Expected::Present(1);
        for (expected, body, good) in [
            (Expected::Absent, "", true),
            (Expected::Absent, "Ada", false),
            (present, "Ada Byron", true),
            (present, "", false),
            (present, "Ada\n", false),
        ] {
            assert_eq!(cid.judge(expected, 200, body.as_bytes()).is_ok(), good, "{body:?}");
        }
    }
}
