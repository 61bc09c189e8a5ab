//! Answers of look-ups by number: the frame of the vendor's reverse look-up, and carnet's own
//! objects for programs. In these an unknown value is `null`, so that every object has the same
//! fields.

use carnet_model::{Contact, PhoneLabel, Uuid};
use carnet_phone::{E164, Number, describe};
use serde::{Serialize, Serializer};
use std::fmt;

/// How much an answer says of each contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The ids of the contacts.
    Ids,
    /// The name of the oldest contact, and how many there are.
    Names,
    /// Region, kind and format of the number, and its contacts.
    Contacts,
}

impl Show {
    /// Every choice under its name in the API.
    pub const ALL: [(&'static str, Show); 3] =
        [("ids", Show::Ids), ("names", Show::Names), ("contacts", Show::Contacts)];

    /// The choice of that name.
    pub fn parse(name: &str) -> Option<Show> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, show)| *show)
    }
}

/// Writes the ids of the contacts that have a number.
pub fn write_ids(asked: &str, number: Option<E164>, contacts: &[Contact], out: &mut Vec<u8>) {
    let ids = contacts.iter().map(|contact| contact.id).collect();
    write(&Ids { number: asked, e164: number.map(Shown), ids }, out);
}

/// Writes the name of the oldest contact that has a number; `None` when there is none.
pub fn write_name(
    asked: &str,
    number: Option<E164>,
    name: Option<&str>,
    matches: usize,
    out: &mut Vec<u8>,
) {
    write(&Named { number: asked, e164: number.map(Shown), name, matches }, out);
}

/// Writes region, kind and format of a number, and the contacts that have it. `organization` gives
/// the name of a contact's organisation.
pub fn write_contacts<'a>(
    asked: &str,
    number: Option<&Number>,
    contacts: &'a [Contact],
    organization: impl Fn(&'a Contact) -> Option<&'a str>,
    out: &mut Vec<u8>,
) {
    let e164 = number.map(|number| number.e164);
    let national = e164.map(|number| number.national());
    let known = e164.map(describe);
    let object = Whole {
        number: asked,
        e164: e164.map(Shown),
        valid: known.is_some_and(|known| known.valid),
        region: known.and_then(|known| known.region).map(|region| region.as_str()),
        kind: known.map(|known| known.kind.as_str()),
        national: national.as_ref().map(|national| national.as_str()),
        contacts: contacts
            .iter()
            .map(|contact| Owner {
                id: contact.id,
                first_name: contact.first_name.as_deref(),
                last_name: contact.last_name.as_deref(),
                organization: organization(contact),
                phone_label: e164.and_then(|number| label(contact, number)),
                phone: asked,
            })
            .collect(),
    };
    write(&object, out);
}

const FOUND_START: &[u8] = br#"{"contacts":["#;
const FOUND_END: &[u8] = b"]}";

/// Bytes of [`write_found`] beside the contacts and the commas between them.
pub const FOUND_FRAME_BYTES: usize = FOUND_START.len() + FOUND_END.len();

/// Writes the vendor's answer to a reverse look-up, `{"contacts":[…]}`, around contacts that are
/// JSON already.
pub fn write_found<'a>(contacts: impl Iterator<Item = &'a [u8]>, out: &mut Vec<u8>) {
    out.extend_from_slice(FOUND_START);
    for (n, contact) in contacts.enumerate() {
        if n > 0 {
            out.push(b',');
        }
        out.extend_from_slice(contact);
    }
    out.extend_from_slice(FOUND_END);
}

/// The label of this number on a contact: the first, if the contact has it more than once.
fn label(contact: &Contact, number: E164) -> Option<&'static str> {
    let (label, _) = contact.phones().find(|(_, phone)| phone.e164 == Some(number))?;
    Some(match label {
        PhoneLabel::Work => "work",
        PhoneLabel::Cell => "cell",
        PhoneLabel::Home => "home",
        PhoneLabel::Other => "other",
        PhoneLabel::WhatsApp => "whatsApp",
    })
}

#[derive(Serialize)]
struct Ids<'a> {
    number: &'a str,
    e164: Option<Shown>,
    ids: Vec<Uuid>,
}

#[derive(Serialize)]
struct Named<'a> {
    number: &'a str,
    e164: Option<Shown>,
    name: Option<&'a str>,
    matches: usize,
}

#[derive(Serialize)]
struct Whole<'a> {
    number: &'a str,
    e164: Option<Shown>,
    valid: bool,
    region: Option<&'static str>,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    national: Option<&'a str>,
    contacts: Vec<Owner<'a>>,
}

/// A contact. Its `phone` is the number as it was asked, letter for letter: some switches take an
/// answer for theirs only when it repeats what they asked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Owner<'a> {
    id: Uuid,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    organization: Option<&'a str>,
    phone_label: Option<&'static str>,
    phone: &'a str,
}

/// A number as `+` and its digits.
struct Shown(E164);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}", self.0))
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

fn write(object: &impl Serialize, out: &mut Vec<u8>) {
    let begin = out.len();
    if serde_json::to_writer(&mut *out, object).is_err() {
        // A vector takes everything, and these shapes have text keys only; still, half an object
        // would spoil the lines behind it.
        out.truncate(begin);
        out.extend_from_slice(b"{}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::Phone;
    use carnet_phone::{Region, normalise};
    use serde_json::{Value, json};

    fn phone(text: &str) -> Option<Phone> {
        let e164 = normalise(text, Region::US).ok().map(|number| number.e164);
        Some(Phone { input: text.into(), e164, extension: None, accepts_sms: false, region: None })
    }

    fn read(write: impl FnOnce(&mut Vec<u8>)) -> Value {
        let mut out = Vec::new();
        write(&mut out);
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_contact_repeats_the_number_as_it_was_asked_and_tells_which_it_is() {
        let contact = Contact {
            first_name: Some("Ada".into()),
            work_phone: phone("+13175551234"),
            home_phone: phone("+33612345678"),
            cell_phone: phone("+33612345678"),
            ..Contact::default()
        };
        let number = normalise("0612345678", Region::parse("FR").unwrap()).unwrap();
        let contacts = [contact];
        let answer = read(|out| {
            write_contacts("06 12 34 56 78", Some(&number), &contacts, |_| Some("Acme"), out);
        });
        let expect = json!({
            "number": "06 12 34 56 78",
            "e164": "+33612345678",
            "valid": true,
            "region": "FR",
            "type": "mobile",
            "national": "06 12 34 56 78",
            "contacts": [{
                "id": Uuid::nil(),
                "firstName": "Ada",
                "lastName": null,
                "organization": "Acme",
                "phoneLabel": "cell",
                "phone": "06 12 34 56 78",
            }],
        });
        assert_eq!(answer, expect);
    }

    #[test]
    fn what_is_no_number_has_the_same_fields() {
        let answer = read(|out| write_contacts("x\"\n", None, &[], |_| None, out));
        let expect = json!({
            "number": "x\"\n", "e164": null, "valid": false, "region": null, "type": null,
            "national": null, "contacts": [],
        });
        assert_eq!(answer, expect);
        let answer = read(|out| write_name("x", None, None, 0, out));
        assert_eq!(answer, json!({"number": "x", "e164": null, "name": null, "matches": 0}));
        let answer = read(|out| write_ids("x", None, &[], out));
        assert_eq!(answer, json!({"number": "x", "e164": null, "ids": []}));
    }

    #[test]
    fn contacts_found_are_framed_as_they_are() {
        for (contacts, expect) in [
            (&[][..], r#"{"contacts":[]}"#),
            (&["{}"], r#"{"contacts":[{}]}"#),
            (&["{\"a\":1}", "{}"], r#"{"contacts":[{"a":1},{}]}"#),
        ] {
            let mut out = Vec::new();
            write_found(contacts.iter().map(|contact| contact.as_bytes()), &mut out);
            assert_eq!(out, expect.as_bytes());
            let commas = contacts.len().saturating_sub(1);
            let within: usize = contacts.iter().map(|contact| contact.len()).sum();
            assert_eq!(out.len(), FOUND_FRAME_BYTES + within + commas);
        }
    }
}
