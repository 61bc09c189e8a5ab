//! Questions over HTTP, and what a good answer to each is. A load asks them; who is asked, and
//! how fast, is not known here.

pub(crate) mod numbers;
pub(crate) mod zipf;

use std::sync::Arc;

use crate::questions::numbers::{Asked, Callers, Draw};
use carnet_client::{Access, CONTACTS_PATH};

/// What an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Somebody has this number.
    Present(u64),
    /// Nobody has it.
    Absent,
    /// Whatever a good answer is; the asker knows.
    Any,
}

/// Asks on one connection, and judges the answers, which come in the order of the questions.
pub(crate) trait Ask {
    /// Appends one request.
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected;

    /// Judges an answer: how many questions it answered, or what is wrong with it.
    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String>;
}

/// One answer in so many is looked into more closely.
const LOOK_CLOSELY_EVERY: u32 = 16;

/// The answer to a number that nobody has.
const NOBODY: &[u8] = b"{\"contacts\":[]}";

/// The end of a line for a number that nobody has, whatever was to be shown.
const NOBODY_IN_BATCH: [&[u8]; 3] = [b"\"matches\":0}", b"\"ids\":[]}", b"\"contacts\":[]}"];

fn good(status: u16) -> Result<(), String> {
    if status == 200 { Ok(()) } else { Err(format!("status {status}")) }
}

/// Who has this number, as the API's JSON with the whole contact.
pub(crate) struct Lookup {
    draw: Draw,
    begin: Vec<u8>,
    end: Vec<u8>,
    judged: u32,
}

impl Lookup {
    /// Asks for what `draw` draws.
    pub(crate) fn new(access: &Access, draw: Draw) -> Lookup {
        let begin = format!("GET {CONTACTS_PATH}/reversewhitepageslookup?lookupVal=");
        Lookup { draw, begin: begin.into_bytes(), end: access.head_end(), judged: 0 }
    }
}

impl Ask for Lookup {
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

/// Who is calling, as one line of plain text.
pub(crate) struct CallerId {
    draw: Draw,
    end: Vec<u8>,
}

impl CallerId {
    /// Asks for what `draw` draws, with a token of a client that may look up and nothing else.
    pub(crate) fn new(access: &Access, draw: Draw) -> CallerId {
        let end = format!("&key={} HTTP/1.1\r\nHost: {}\r\n\r\n", access.token, access.host);
        CallerId { draw, end: end.into_bytes() }
    }
}

impl Ask for CallerId {
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

/// Many numbers in one request, answered in order, a line each.
pub(crate) struct Batch {
    access: Access,
    draw: Draw,
    numbers: u32,
    path: String,
    body: Vec<u8>,
}

impl Batch {
    /// So many numbers a request, and what is shown of each contact.
    pub(crate) fn new(access: &Access, draw: Draw, numbers: u32, show: &str) -> Batch {
        let path = format!("/lookup?show={show}");
        Batch { access: access.clone(), draw, numbers, path, body: Vec::new() }
    }
}

impl Ask for Batch {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        let mut last = Expected::Any;
        self.body.clear();
        self.body.push(b'[');
        for place in 0..self.numbers {
            self.body.extend_from_slice(if place == 0 { b"\"" } else { b",\"" });
            let asked = self.draw.next();
            last = asked.expected();
            match asked {
                Asked::Present(number) | Asked::Absent(number) => {
                    self.body.push(b'+');
                    write_digits(number, &mut self.body);
                }
                // Recorded numbers are kept as they stand in an address; JSON wants the text.
                Asked::Recorded(number) => {
                    let text = number.text.as_bytes();
                    let plain = |byte: &&u8| !matches!(**byte, b'"' | b'\\') && **byte >= b' ';
                    self.body.extend(text.iter().filter(plain));
                }
            }
            self.body.push(b'"');
        }
        self.body.push(b']');
        self.access.request("POST", &self.path, &self.body, out);
        // The last line tells whether all came, and in their order.
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

/// Asks another server the same, and expects a body of a size and nothing else.
pub(crate) struct OfSize {
    asker: Box<dyn Ask>,
    bytes: usize,
    answers: u32,
}

impl OfSize {
    /// Expects `bytes` bytes, which answer `answers` questions.
    pub(crate) fn new(asker: Box<dyn Ask>, bytes: usize, answers: u32) -> OfSize {
        OfSize { asker, bytes, answers }
    }
}

impl Ask for OfSize {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        self.asker.ask(out)
    }

    fn judge(&mut self, _: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        good(status)?;
        if body.len() != self.bytes {
            return Err(format!("{} bytes instead of {}", body.len(), self.bytes));
        }
        Ok(self.answers)
    }
}

/// What is asked about numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AboutNumbers {
    /// The API's look-up.
    Lookup,
    /// Caller ID.
    CallerId,
    /// So many numbers in a request, and what to show.
    Batch(u32, String),
}

impl AboutNumbers {
    /// What asks this on one connection.
    pub(crate) fn asker(&self, access: &Access, callers: &Arc<Callers>) -> Box<dyn Ask> {
        let draw = Callers::draw(callers);
        match self {
            AboutNumbers::Lookup => Box::new(Lookup::new(access, draw)),
            AboutNumbers::CallerId => Box::new(CallerId::new(access, draw)),
            AboutNumbers::Batch(numbers, show) => {
                Box::new(Batch::new(access, draw, *numbers, show))
            }
        }
    }

    /// Questions in one request.
    pub(crate) fn questions(&self) -> u32 {
        match self {
            AboutNumbers::Batch(numbers, _) => *numbers,
            _ => 1,
        }
    }
}

fn write_number(asked: &Asked, out: &mut Vec<u8>) -> Expected {
    match asked {
        Asked::Present(number) | Asked::Absent(number) => {
            out.extend_from_slice(b"%2B");
            write_digits(*number, out);
        }
        Asked::Recorded(number) => out.extend_from_slice(number.escaped.as_bytes()),
    }
    asked.expected()
}

impl Asked {
    fn expected(&self) -> Expected {
        match self {
            Asked::Present(number) => Expected::Present(*number),
            Asked::Absent(_) => Expected::Absent,
            Asked::Recorded(_) => Expected::Any,
        }
    }
}

fn digits(number: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(20);
    write_digits(number, &mut out);
    out
}

fn write_digits(number: u64, out: &mut Vec<u8>) {
    let begin = out.len();
    let mut rest = number;
    loop {
        // A remainder by ten is a digit.
        out.push(b'0' + u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(written) = out.get_mut(begin..) {
        written.reverse();
    }
}

/// Whether some bytes hold others.
pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len().max(1)).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access() -> Access {
        Access { host: "h:1".to_owned(), token: "T".to_owned() }
    }

    fn callers(misses: f64) -> Arc<Callers> {
        Arc::new(Callers::uniform(vec![33_612_345_678], vec![33_612_345_679], misses, 1))
    }

    fn asked(asker: &mut dyn Ask) -> (String, Expected) {
        let mut out = Vec::new();
        let expected = asker.ask(&mut out);
        (String::from_utf8(out).unwrap(), expected)
    }

    #[test]
    fn a_lookup_asks_as_the_api_is_asked_and_looks_at_the_answer() {
        let mut lookup = AboutNumbers::Lookup.asker(&access(), &callers(0.0));
        let (text, expected) = asked(&mut *lookup);
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

    #[test]
    fn caller_id_is_one_line_or_nothing() {
        let mut cid = AboutNumbers::CallerId.asker(&access(), &callers(1.0));
        let (text, expected) = asked(&mut *cid);
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

    #[test]
    fn a_batch_wants_a_line_for_each_number() {
        let about = AboutNumbers::Batch(2, "names".to_owned());
        let mut batch = about.asker(&access(), &callers(0.0));
        let (text, expected) = asked(&mut *batch);
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

    #[test]
    fn a_yardstick_must_answer_as_many_bytes() {
        let asker = AboutNumbers::Lookup.asker(&access(), &callers(0.0));
        let mut same = OfSize::new(asker, 3, 1);
        let (_, expected) = asked(&mut same);
        assert_eq!(same.judge(expected, 200, b"abc"), Ok(1));
        assert!(same.judge(expected, 200, b"ab").is_err());
    }

    #[test]
    fn numbers_are_written_as_digits() {
        for number in [0, 7, 10, 33_612_345_678, u64::MAX] {
            assert_eq!(digits(number), number.to_string().into_bytes());
        }
    }
}
