//! The numbers of a request: read from JSON or from lines, counted, and bounded.

use crate::api::context::RequestContext;
use crate::limits::LOOKUP_NUMBERS_MAX;
use crate::message::error::Failure;
use hyper::header::CONTENT_TYPE;
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use std::fmt;
use std::ops::Range;

/// The numbers of a request, one behind the other in one text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    text: String,
    places: Vec<Range<usize>>,
}

impl Numbers {
    /// A JSON array of texts, or a number a line where the body says that it is plain text.
    pub(super) fn read(context: &RequestContext) -> Result<Numbers, Failure> {
        let media_type =
            context.parts.headers.get(CONTENT_TYPE).and_then(|name| name.to_str().ok());
        let media_type = media_type.unwrap_or_default().trim_start();
        let plain = media_type.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"));
        let (numbers, count) = if plain {
            Numbers::of_lines(&context.body)?
        } else {
            Numbers::of_json(&context.body)?
        };
        if count > LOOKUP_NUMBERS_MAX {
            return Err(Failure::too_many_numbers(LOOKUP_NUMBERS_MAX));
        }
        Ok(numbers)
    }

    /// Lines without anything on them are no numbers.
    fn of_lines(body: &[u8]) -> Result<(Numbers, usize), Failure> {
        let text = std::str::from_utf8(body);
        let text = text.map_err(|_| Failure::bad_request("The body is not UTF-8."))?;
        let mut numbers = Numbers::default();
        let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let mut count = 0;
        for line in lines.filter(|line| !line.trim().is_empty()) {
            numbers.push(line);
            count += 1;
        }
        Ok((numbers, count))
    }

    fn of_json(body: &[u8]) -> Result<(Numbers, usize), Failure> {
        let counted: Counted = serde_json::from_slice(body).map_err(|error| {
            // Not the parser's own words, which may repeat the body.
            let (line, column) = (error.line(), error.column());
            Failure::bad_request(format!(
                "The body must be a JSON array of texts, or one number a line as text/plain: \
                 it is not, from line {line} column {column} on."
            ))
        })?;
        Ok((counted.numbers, counted.count))
    }

    /// Keeps a number, unless there are too many already.
    fn push(&mut self, number: &str) {
        if self.places.len() < LOOKUP_NUMBERS_MAX {
            let begin = self.text.len();
            self.text.push_str(number);
            self.places.push(begin..self.text.len());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn get(&self, index: usize) -> &str {
        let place = self.places.get(index).cloned();
        place.and_then(|place| self.text.get(place)).unwrap_or_default()
    }
}

/// The numbers of an array, and how many there were: those over the limit are not kept.
struct Counted {
    numbers: Numbers,
    count: usize,
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Counted, D::Error> {
        struct Array;

        impl<'de> Visitor<'de> for Array {
            type Value = Counted;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of texts")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Counted, A::Error> {
                let mut counted = Counted { numbers: Numbers::default(), count: 0 };
                while counted.count < LOOKUP_NUMBERS_MAX {
                    // One text at a time: escapes make it longer than a part of the body.
                    let Some(number) = array.next_element::<String>()? else {
                        return Ok(counted);
                    };
                    counted.numbers.push(&number);
                    counted.count += 1;
                }
                while array.next_element::<IgnoredAny>()?.is_some() {
                    counted.count += 1;
                }
                Ok(counted)
            }
        }

        deserializer.deserialize_seq(Array)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(read: Result<(Numbers, usize), Failure>) -> Vec<String> {
        let (numbers, count) = read.unwrap();
        assert_eq!(numbers.len(), count);
        (0..count).map(|i| numbers.get(i).to_owned()).collect()
    }

    #[test]
    fn numbers_are_read_letter_for_letter() {
        let json = r#" ["+33 6", "", "a\"b\u00e9", " 1 "] "#;
        assert_eq!(texts(Numbers::of_json(json.as_bytes())), ["+33 6", "", "a\"bé", " 1 "]);
        let lines = "+33 6\r\n\n 1 \n\t\né\n";
        assert_eq!(texts(Numbers::of_lines(lines.as_bytes())), ["+33 6", " 1 ", "é"]);
        assert_eq!(texts(Numbers::of_lines(b"1")), ["1"]);
        assert!(
            texts(Numbers::of_json(b"[]")).is_empty() && texts(Numbers::of_lines(b"")).is_empty()
        );
    }

    #[test]
    fn what_is_no_list_is_refused_without_repeating_it() {
        for body in ["", "{}", "[1]", "[\"a\",null]", "[\"a\"", "\"secret\"", "[\"a\"] x"] {
            let failure = Numbers::of_json(body.as_bytes()).unwrap_err();
            assert_eq!(failure.status(), 400, "{body}");
            assert!(!failure.message().contains("secret"), "{}", failure.message());
        }
        assert_eq!(Numbers::of_lines(b"\xff\n").unwrap_err().status(), 400);
    }

    #[test]
    fn what_is_over_the_limit_is_counted_and_not_kept() {
        let many = LOOKUP_NUMBERS_MAX + 3;
        let json = format!("[{}\"1\"]", "\"1\",".repeat(many - 1));
        for read in
            [Numbers::of_json(json.as_bytes()), Numbers::of_lines("1\n".repeat(many).as_bytes())]
        {
            let (numbers, count) = read.unwrap();
            assert_eq!((numbers.len(), count), (LOOKUP_NUMBERS_MAX, many));
        }
    }
}
