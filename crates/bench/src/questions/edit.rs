//! Edits of contacts: adds, and changes in turn with them. Acknowledged edits are kept in a ledger,
//! so that they can be asked for afterwards.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use carnet_client::{Access, CONTACTS_PATH};
use carnet_sample::Random;
use serde_json::{Value, json};

use crate::questions::{Expected, Question, contains};

/// The first number that edits use: of an international network, so that no contact has it.
const FIRST_NUMBER: u64 = 8_829_900_000_000;

/// How many numbers edits use.
const NUMBERS: u64 = 100_000_000;

/// The acknowledged edits of all connections.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The newest number of each contact, by its id.
    pub(crate) newest: Mutex<HashMap<String, u64>>,
    /// The contacts among these that the measurement has added.
    pub(crate) added: Mutex<Vec<String>>,
    next_number: AtomicU64,
}

impl Ledger {
    /// Begins at a random number: an earlier measurement of the same directory used others, most
    /// likely.
    pub(crate) fn new() -> Ledger {
        let first = uuid::Uuid::new_v4().as_u64_pair().0 % NUMBERS;
        Ledger { next_number: AtomicU64::new(first), ..Ledger::default() }
    }

    fn number(&self) -> u64 {
        FIRST_NUMBER + self.next_number.fetch_add(1, Ordering::Relaxed) % NUMBERS
    }
}

/// The contents of a mutex.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // No holder panics, and the contents are whole after each step.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Edits on one connection.
pub(crate) struct Edit {
    access: Access,
    ledger: Arc<Ledger>,
    /// Contacts that were there, for this connection only; without any, its own are changed.
    theirs: Vec<String>,
    own: Vec<String>,
    changes: bool,
    asked: u64,
    random: Random,
}

impl Edit {
    /// Edits under numbers of the ledger. With `changes` every second one is a change, of one of
    /// `theirs` where there are any, else of what was added on this connection.
    pub(crate) fn new(
        access: &Access,
        ledger: &Arc<Ledger>,
        theirs: Vec<String>,
        changes: bool,
        random: Random,
    ) -> Edit {
        let (access, ledger) = (access.clone(), Arc::clone(ledger));
        Edit { access, ledger, theirs, own: Vec::new(), changes, asked: 0, random }
    }
}

impl Question for Edit {
    fn ask(&mut self, out: &mut Vec<u8>) -> Expected {
        let number = self.ledger.number();
        let body = contact(number).to_string();
        self.asked += 1;
        let targets = if self.theirs.is_empty() { &self.own } else { &self.theirs };
        let change = self.changes && self.asked.is_multiple_of(2);
        match self.random.pick(targets).filter(|_| change) {
            Some(id) => {
                let path = format!("{CONTACTS_PATH}/contacts/{id}");
                self.access.request("PUT", &path, body.as_bytes(), out);
            }
            None => {
                let path = format!("{CONTACTS_PATH}/contacts");
                self.access.request("POST", &path, body.as_bytes(), out);
            }
        }
        Expected::Present(number)
    }

    fn judge(&mut self, expected: Expected, status: u16, body: &[u8]) -> Result<u32, String> {
        if status != 200 {
            return Err(format!("status {status}"));
        }
        let Expected::Present(number) = expected else {
            return Err("an answer that nobody asked for".to_owned());
        };
        if !contains(body, format!("\"+{number}\"").as_bytes()) {
            return Err("the answer is not the contact that was sent".to_owned());
        }
        let id = body.strip_prefix(b"{\"id\":\"").and_then(|rest| rest.get(..36));
        let id = id.and_then(|id| str::from_utf8(id).ok());
        let id = id.ok_or_else(|| "the answer has no id".to_owned())?.to_owned();
        if lock(&self.ledger.newest).insert(id.clone(), number).is_none()
            && !self.theirs.contains(&id)
        {
            lock(&self.ledger.added).push(id.clone());
            self.own.push(id);
        }
        Ok(1)
    }
}

/// The body: a contact with an ordinary number of fields.
fn contact(number: u64) -> Value {
    let name = name(number);
    json!({
        "firstName": "Measured",
        "lastName": name,
        "title": "Made by carnet bench",
        "cellPhone": { "display": format!("+{number}"), "acceptsSMS": true },
        "workEmail": format!("measured.{name}@bench.example"),
        "address": {
            "address1": "12 Long Measure Street",
            "city": "Sèvres",
            "postalCode": "92310",
            "countryCode": "FR",
        },
    })
}

/// A word that no other edit has.
pub(crate) fn name(number: u64) -> String {
    let mut name = String::from("Q");
    let mut rest = number % NUMBERS;
    // Six letters make three hundred million different words.
    for _ in 0..6 {
        name.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(theirs: &[&str], changes: bool) -> Edit {
        let access = Access { host: "h".to_owned(), token: "T".to_owned() };
        let theirs = theirs.iter().map(|id| (*id).to_owned()).collect();
        Edit::new(&access, &Arc::new(Ledger::new()), theirs, changes, Random::at(1, 1))
    }

    fn first_line(editor: &mut Edit) -> (String, u64) {
        let mut out = Vec::new();
        let Expected::Present(number) = editor.ask(&mut out) else { panic!("no number") };
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(&format!("\"+{number}\"")), "{text}");
        (text.lines().next().unwrap().to_owned(), number)
    }

    #[test]
    fn adds_and_changes_take_turns() {
        let mut editor = editor(&["one"], true);
        let lines: Vec<String> = (0..4).map(|_| first_line(&mut editor).0).collect();
        let (post, put) = ("POST /api/v2/externalcontacts/contacts HTTP/1.1", "/contacts/one HTTP");
        assert!(lines[0] == post && lines[2] == post, "{lines:?}");
        assert!(lines[1].contains(put) && lines[3].contains(put), "{lines:?}");
    }

    #[test]
    fn only_own_contacts_are_changed_where_others_may_not_be() {
        let mut editor = editor(&[], true);
        let (_, number) = first_line(&mut editor);
        let id = "01a2048a-d5d3-764d-9b08-151511d5098d";
        let body = format!("{{\"id\":\"{id}\",\"cellPhone\":{{\"e164\":\"+{number}\"}}}}");
        let expected = Expected::Present(number);
        assert_eq!(editor.judge(expected, 200, body.as_bytes()), Ok(1));
        assert!(editor.judge(expected, 409, body.as_bytes()).is_err());
        assert!(editor.judge(expected, 200, b"{\"id\":\"x\"}").is_err());
        let (line, _) = first_line(&mut editor);
        assert!(line.starts_with("PUT ") && line.contains(id), "{line}");
        assert_eq!(*lock(&editor.ledger.added), [id]);
    }

    #[test]
    fn names_and_numbers_are_nobody_elses() {
        let ledger = Ledger::new();
        let numbers: Vec<u64> = (0..1_000).map(|_| ledger.number()).collect();
        let names: std::collections::HashSet<String> = numbers.iter().copied().map(name).collect();
        assert_eq!(names.len(), 1_000);
        for number in numbers {
            assert!(carnet_phone::E164::from_digits(number).is_some(), "{number}");
        }
    }
}
