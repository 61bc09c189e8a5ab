//! The look-up of many numbers in one request.

use carnet_client::Access;

use crate::questions::numbers::{Draw, DrawnNumber, digits, write_digits};
use crate::questions::{Expected, Question, contains, good};

/// The end of a line for a number of no contact: one for each thing that can be shown.
const NOBODY_IN_BATCH: [&[u8]; 3] = [b"\"matches\":0}", b"\"ids\":[]}", b"\"contacts\":[]}"];

/// Many numbers in one request, answered in order, a line each.
pub(crate) struct NumberBatch {
    access: Access,
    draw: Draw,
    numbers: u32,
    path: String,
    body: Vec<u8>,
}

impl NumberBatch {
    /// `numbers` in each request; `show` says what to answer of each contact.
    pub(crate) fn new(access: &Access, draw: Draw, numbers: u32, show: &str) -> NumberBatch {
        let path = format!("/lookup?show={show}");
        NumberBatch { access: access.clone(), draw, numbers, path, body: Vec::new() }
    }
}

impl Question for NumberBatch {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        let mut last = Expected::Any;
        self.body.clear();
        self.body.push(b'[');
        for place in 0..self.numbers {
            self.body.extend_from_slice(if place == 0 { b"\"" } else { b",\"" });
            let asked = self.draw.next();
            last = asked.expected();
            match asked {
                DrawnNumber::Present(number) | DrawnNumber::Absent(number) => {
                    self.body.push(b'+');
                    write_digits(number, &mut self.body);
                }
                // As it was recorded, without the letters that JSON would have to escape.
                DrawnNumber::Recorded(number) => {
                    let text = number.text.as_bytes();
                    let plain = |byte: &&u8| !matches!(**byte, b'"' | b'\\') && **byte >= b' ';
                    self.body.extend(text.iter().filter(plain));
                }
            }
            self.body.push(b'"');
        }
        self.body.push(b']');
        self.access.request("POST", &self.path, &self.body, out);
        // The last line shows whether all came, and in their order.
        last
    }

    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        good(status)?;
        let lines = body.iter().filter(|byte| **byte == b'\n').count();
        // The last line may go without an end.
        let lines = lines + usize::from(body.last().is_some_and(|byte| *byte != b'\n'));
        if lines != usize::try_from(self.numbers).unwrap_or_default() {
            return Err(format!("{lines} answers to {} numbers", self.numbers));
        }
        let last = body.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let nobody = NOBODY_IN_BATCH.iter().any(|end| last.ends_with(end));
        match expected {
            Expected::Absent if !nobody => Err("somebody was found who is not there".to_owned()),
            Expected::Present(_) if nobody => {
                Err("nobody was found for a number that is there".to_owned())
            }
            Expected::Present(number) if !contains(last, &digits(number)) => {
                Err("the answers are in another order".to_owned())
            }
            _ => Ok(self.numbers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::numbers::NumberSource;
    use crate::questions::tests::{access, asked, source};

    #[test]
    fn a_batch_wants_a_line_for_each_number() {
        let draw = NumberSource::draw(&source(0.0));
        let mut batch = NumberBatch::new(&access(), draw, 2, "names");
        let (text, expected) = asked(&mut batch);
        assert!(text.starts_with("POST /lookup?show=names HTTP/1.1\r\n"), "{text}");
        assert!(text.contains("\r\nContent-Length: 31\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\n[\"+33612345678\",\"+33612345678\"]"), "{text}");
        let line = "{\"number\":\"+33612345678\",\"name\":\"Ada\",\"matches\":1}\n";
        let other = line.replace("5678", "5679");
        let none = line.replace("1}", "0}");
        for (body, good) in [
            (format!("{other}{line}"), true),
            (format!("{other}{}", line.trim_end()), true),
            (line.to_owned(), false),
            (format!("{line}{other}"), false),
            (format!("{line}{none}"), false),
        ] {
            assert_eq!(batch.judge(expected, 200, body.as_bytes()).is_ok(), good, "{body}");
            let all = (batch.judge(Expected::Any, 200, body.as_bytes()), body.lines().count());
            assert_eq!(all.0.is_ok(), all.1 == 2, "{body}");
        }
        assert_eq!(batch.judge(Expected::Absent, 200, format!("{line}{none}").as_bytes()), Ok(2));
        assert!(batch.judge(Expected::Absent, 200, format!("{none}{line}").as_bytes()).is_err());
        assert!(batch.judge(expected, 413, format!("{other}{line}").as_bytes()).is_err());
    }
}
