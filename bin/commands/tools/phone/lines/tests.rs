use std::cell::RefCell;
use std::rc::Rc;

use super::*;

fn answers(input: &[u8], google: bool) -> Vec<Value> {
    let mut output = Vec::new();
    let reading = LineReading { region: Region::US, google };
    answer_all(input, &mut output, reading).unwrap();
    let text = String::from_utf8(output).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// One line in, and the reason that comes out.
fn check(line: &str, reason: &str) {
    let answers = answers(line.as_bytes(), false);
    assert_eq!(answers.len(), 1, "{line}");
    assert_eq!(answers[0], serde_json::json!({"ok": false, "reason": reason}), "{line}");
}

#[test]
fn a_bad_line_says_which_and_why() {
    check("\n", "line 1: this is not JSON: EOF while parsing a value at column 0");
    check("{\"input\":", "line 1: this is not JSON: EOF while parsing a value at column 9");
    check("[]", "line 1: this is not an object");
    check("\"+4930123456\"", "line 1: this is not an object");
    check("{}", "line 1: input is missing");
    check(r#"{"input":49}"#, "line 1: input is not a text");
    check(r#"{"input":"1","region":1}"#, "line 1: region is neither a text nor null");
    check(
        r#"{"input":"1","region":"XX"}"#,
        "line 1: region: no region has this code; expected two letters such as US, or 001",
    );
}

#[test]
fn a_bad_number_says_only_why() {
    check(r#"{"input":""}"#, "there is no text");
    check(r#"{"input":"+49"}"#, "this is not a telephone number");
}

#[test]
fn to_google_an_unknown_region_is_none() {
    let answers = answers(
        b"{\"input\":\"+442079460018\",\"region\":\"ZZ\"}\n{\"input\":\"2079460018\",\"region\":\"ZZ\"}",
        true,
    );
    assert_eq!(answers[0]["e164"], "+442079460018");
    assert_eq!(answers[1]["reason"], "the country code is missing");
}

#[test]
fn a_line_of_just_the_limit_is_read_and_a_longer_one_skipped() {
    let just = |bytes: usize| {
        let mut line = br#"{"input":"+442079460018"}"#.to_vec();
        line.resize(bytes, b' ');
        line
    };
    let lines = [just(LINE_BYTES_MAX), just(LINE_BYTES_MAX + 1), just(1 << 20), just(100)];
    // The end of the last line may be missing, whatever its length is.
    for lines in [&lines[..], &lines[..1], &lines[..2], &lines[..3]] {
        let oks: Vec<bool> =
            answers(&lines.join(&b'\n'), false).iter().map(|a| a["ok"] == true).collect();
        assert_eq!(oks, [true, false, false, true][..lines.len()]);
    }
    let long = answers(&lines.join(&b'\n'), false).swap_remove(2);
    assert_eq!(long["reason"], "line 3: the line is longer than 65536 bytes");
}

/// Gives one line a read, and notes how much had been answered when it was asked for more.
struct Asker {
    lines: Vec<&'static [u8]>,
    answered: Rc<RefCell<Vec<u8>>>,
    seen: Rc<RefCell<Vec<usize>>>,
}

impl Read for Asker {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let lines = self.answered.borrow().iter().filter(|byte| **byte == b'\n').count();
        self.seen.borrow_mut().push(lines);
        let Some(line) = self.lines.pop() else { return Ok(0) };
        buffer[..line.len()].copy_from_slice(line);
        Ok(line.len())
    }
}

struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_that_was_answered_waits_for_the_next_line() {
    let (answered, seen) = (Rc::default(), Rc::default());
    // The last one comes first.
    let lines: [&[u8]; 3] = [b"ur\n", b"two\nthree\nfo", b"one\n"];
    let asker =
        Asker { lines: lines.to_vec(), answered: Rc::clone(&answered), seen: Rc::clone(&seen) };
    let reading = LineReading { region: Region::US, google: false };
    answer_all(asker, Shared(answered), reading).unwrap();
    assert_eq!(*seen.borrow(), [0, 1, 3, 4]);
}
