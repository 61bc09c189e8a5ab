//! Look-ups for programs: `GET /lookup/{number}` for one number, `POST /lookup` for up to
//! [`LOOKUP_NUMBERS_MAX`], answered in order, a line each.
//!
//! The many are answered in pieces. Each piece comes from a snapshot of its own, which is let go
//! before anybody waits for the reader: however slow that is, it holds its numbers, a few pieces,
//! and nothing of the store.

use crate::api::context::{Act, Ask, Parameters};
use crate::caller_id::{NameFormat, region};
use crate::handlers::lookup::prepare;
use crate::limits::{
    LOOKUP_NUMBERS_MAX, LOOKUP_PIECE_BYTES, LOOKUP_PIECE_NUMBERS_MAX, LOOKUP_SNAPSHOT_TIME_MAX,
};
use crate::message::answer::{Answer, Broken, Pieces};
use crate::message::error::Failure;
use crate::routes::{Acting, Outcome};
use crate::service::{Shared, blocking};
use bytes::Bytes;
use carnet_book::{AddressBook, Answers, BookError, FETCHED_TOGETHER, Form, Snapshot};
use carnet_model::{Contact, FaultKind, Invalid, Organization, Uuid};
use carnet_phone::{E164, Region};
use carnet_wire::lookup::{self, Show};
use hyper::header::CONTENT_TYPE;
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// `GET /lookup/{number}`: what is known of a number, and who has it.
pub(crate) fn one(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let parameters = ask.parameters()?;
    let region = region_of(&parameters, ask)?;
    let mut out = Vec::with_capacity(512);
    write_number(snapshot, ask.variables.get(0), region, Show::Contacts, &mut out)?;
    Ok(Answer::json_bytes(out))
}

/// `POST /lookup`: the same of many numbers, as much as `show` says.
pub(crate) fn many(act: Act) -> Acting {
    Box::pin(async move {
        let parameters = act.ask.parameters()?;
        let show = show(&parameters)?;
        let region = region_of(&parameters, &act.ask)?;
        let numbers = Numbers::read(&act.ask)?;
        let place = act.shared.stream()?;
        let (pieces, answer) = Answer::lines();
        let writing = Writing {
            book: act.book,
            shared: act.shared,
            numbers: Arc::new(numbers),
            show,
            region,
            stall: act.patience.write_stall,
            _place: place,
            // The numbers are as long in memory as the body was.
            _share: act.ask.share,
        };
        tokio::spawn(writing.run(pieces));
        Ok(answer)
    })
}

/// Writes the object of one number: all the work that a number is.
pub(crate) fn write_number(
    snapshot: &Snapshot,
    text: &str,
    region: Region,
    show: Show,
    out: &mut Vec<u8>,
) -> Result<(), BookError> {
    let found = snapshot.look_up(text, region)?;
    let number = found.number.map(|number| number.e164);
    let contacts = &found.contacts;
    match show {
        Show::Ids => lookup::write_ids(text, number, contacts, out),
        Show::Names | Show::Contacts => {
            let organizations = organizations(contacts, snapshot)?;
            let name = |contact: &Contact| {
                let organization = organizations.get(&contact.organization?)?;
                Some(organization.name.as_str())
            };
            lookup::write_contacts(text, found.number.as_ref(), contacts, name, out);
        }
    }
    Ok(())
}

/// The organisations of these contacts, each read once.
fn organizations(
    contacts: &[Contact],
    snapshot: &Snapshot,
) -> Result<HashMap<Uuid, Organization>, BookError> {
    let mut known = HashMap::new();
    for id in contacts.iter().filter_map(|contact| contact.organization) {
        if !known.contains_key(&id)
            && let Some(organization) = snapshot.organization(id)?
        {
            known.insert(id, organization);
        }
    }
    Ok(known)
}

fn region_of(parameters: &Parameters, ask: &Ask) -> Result<Region, Failure> {
    let given = parameters.first("region").filter(|code| !code.is_empty());
    region(given, ask.rules.default_region)
}

fn show(parameters: &Parameters) -> Result<Show, Failure> {
    let Some(name) = parameters.first("show") else {
        return Ok(Show::Names);
    };
    Show::parse(name).ok_or_else(|| {
        let known = Show::ALL.map(|(name, _)| name).join(", ");
        let why = format!("there is no such choice; known are {known}");
        Invalid::one("show", FaultKind::Value(why)).into()
    })
}

/// An answer of many lines, being written.
struct Writing {
    book: AddressBook,
    shared: Arc<Shared>,
    numbers: Arc<Numbers>,
    show: Show,
    region: Region,
    /// How long the reader may take nothing.
    stall: Duration,
    _place: OwnedSemaphorePermit,
    _share: crate::message::body::Share,
}

impl Writing {
    async fn run(self, pieces: Pieces) {
        // Kept for the word that the answer breaks off, which must not have to wait.
        let Ok(last_word) = pieces.clone().reserve_owned().await else {
            return;
        };
        let mut from = 0;
        while from < self.numbers.len() {
            let (piece, next) = match self.piece(from).await {
                Ok(written) => written,
                Err(failure) => {
                    failure.log("");
                    tracing::warn!("the answer to a look-up of many numbers broke off");
                    last_word.send(Err(Broken));
                    return;
                }
            };
            from = next;
            match timeout(self.stall, pieces.send(Ok(piece))).await {
                Ok(Ok(())) => {}
                // Nobody reads on.
                Ok(Err(_)) => return,
                Err(_) => {
                    last_word.send(Err(Broken));
                    return;
                }
            }
        }
    }

    /// The lines of the next numbers, and where those after them begin. The snapshot is gone when
    /// this returns.
    async fn piece(&self, from: usize) -> Result<(Bytes, usize), Failure> {
        let turn = self.shared.long_read().await?;
        if self.show == Show::Names {
            let (numbers, shared) = (Arc::clone(&self.numbers), Arc::clone(&self.shared));
            let (region, book) = (self.region, self.book.clone());
            return blocking(move || {
                let _turn = turn;
                Ok(write_names(&book, &shared.caller_id.format, &numbers, from, region)?)
            })
            .await;
        }
        let snapshot = self.book.snapshot().await?;
        let (numbers, show) = (Arc::clone(&self.numbers), self.show);
        let (region, book) = (self.region, self.book.clone());
        blocking(move || {
            let _turn = turn;
            let outcome = write_piece(&snapshot, &numbers, from, region, show);
            outcome.map_err(|error| {
                let failure = Failure::from(error);
                if failure.store_broke() {
                    book.mend(&snapshot);
                }
                failure
            })
        })
        .await
    }
}

/// Names come from what is kept ready, without a snapshot.
fn write_names(
    book: &AddressBook,
    format: &NameFormat,
    numbers: &Numbers,
    from: usize,
    region: Region,
) -> Result<(Bytes, usize), BookError> {
    let mut out = Vec::with_capacity(LOOKUP_PIECE_BYTES / 2);
    let mut answers = Answers::default();
    let make = |snapshot: &_, contact: &_| prepare(snapshot, contact, format);
    let end = numbers.len().min(from + LOOKUP_PIECE_NUMBERS_MAX);
    let mut next = from;
    while next < end && out.len() < LOOKUP_PIECE_BYTES {
        if (next - from).is_multiple_of(FETCHED_TOGETHER) {
            fetch(book, numbers, next..end.min(next + FETCHED_TOGETHER));
        }
        let text = numbers.get(next);
        let number = book.answers_by_spelling(text, region, Form::Short, make, &mut answers)?;
        let name = answers.iter().next().map(String::from_utf8_lossy);
        lookup::write_name(text, number, name.as_deref(), answers.len(), &mut out);
        out.push(b'\n');
        next += 1;
    }
    Ok((Bytes::from(out), next))
}

/// Has what these numbers will ask for fetched together, as far as they are in E.164.
fn fetch(book: &AddressBook, numbers: &Numbers, range: Range<usize>) {
    let read: Vec<E164> = range.filter_map(|at| E164::parse(numbers.get(at))).collect();
    book.fetch(&read, Form::Short);
}

fn write_piece(
    snapshot: &Snapshot,
    numbers: &Numbers,
    from: usize,
    region: Region,
    show: Show,
) -> Result<(Bytes, usize), BookError> {
    let begun = Instant::now();
    let mut out = Vec::with_capacity(LOOKUP_PIECE_BYTES / 2);
    let end = numbers.len().min(from + LOOKUP_PIECE_NUMBERS_MAX);
    let mut next = from;
    while next < end
        && out.len() < LOOKUP_PIECE_BYTES
        && (next == from || begun.elapsed() < LOOKUP_SNAPSHOT_TIME_MAX)
    {
        write_number(snapshot, numbers.get(next), region, show, &mut out)?;
        out.push(b'\n');
        next += 1;
    }
    Ok((Bytes::from(out), next))
}

/// The numbers of a request, one behind the other in one text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Numbers {
    text: String,
    places: Vec<Range<usize>>,
}

impl Numbers {
    /// A JSON array of texts, or a number a line where the body says that it is plain text.
    fn read(ask: &Ask) -> Result<Numbers, Failure> {
        let media_type = ask.parts.headers.get(CONTENT_TYPE).and_then(|name| name.to_str().ok());
        let media_type = media_type.unwrap_or_default().trim_start();
        let plain = media_type.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"));
        let (numbers, count) =
            if plain { Numbers::of_lines(&ask.body)? } else { Numbers::of_json(&ask.body)? };
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

    fn len(&self) -> usize {
        self.places.len()
    }

    fn get(&self, index: usize) -> &str {
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
