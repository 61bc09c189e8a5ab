//! Answers of look-ups by number: the frame of the vendor's reverse look-up, and carnet's own
//! objects for programs. In these an unknown value is `null`, so that every object has the same
//! fields.

use carnet_model::{Contact, INTERNAL_DIGITS_MAX, PhoneLabel, Uuid, internal_digits};
use carnet_phone::{E164, describe, several, short_numbers};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
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
    number: Option<E164>,
    contacts: &'a [Contact],
    organization: impl Fn(&'a Contact) -> Option<&'a str>,
    out: &mut Vec<u8>,
) {
    let internal = internal(asked, number);
    let owner = |contact: &'a Contact| Owner {
        id: contact.id,
        first_name: contact.first_name.as_deref(),
        last_name: contact.last_name.as_deref(),
        organization: organization(contact),
        phone_label: match number {
            Some(number) => label(contact, number),
            None => internal.iter().find_map(|digits| contact.label_of_internal(digits)),
        }
        .map(name_of),
        phone: asked,
    };
    write_whole(asked, number, contacts.iter().map(owner).collect(), out);
}

fn write_whole(asked: &str, number: Option<E164>, contacts: Vec<Owner<'_>>, out: &mut Vec<u8>) {
    let national = number.map(|number| number.national());
    let known = number.map(describe);
    let object = Whole {
        number: asked,
        e164: number.map(Shown),
        valid: known.is_some_and(|known| known.valid),
        region: known.and_then(|known| known.region).map(|region| region.as_str()),
        kind: known.map(|known| known.kind.as_str()),
        national: national.as_ref().map(|national| national.as_str()),
        contacts,
    };
    write(&object, out);
}

/// Writes the contacts that have a value in a custom field.
pub fn write_field<'a>(
    key: &str,
    value: &str,
    contacts: &'a [Contact],
    organization: impl Fn(&'a Contact) -> Option<&'a str>,
    out: &mut Vec<u8>,
) {
    let holder = |contact: &'a Contact| Holder {
        id: contact.id,
        first_name: contact.first_name.as_deref(),
        last_name: contact.last_name.as_deref(),
        organization: organization(contact),
    };
    write(&FieldHolders { key, value, contacts: contacts.iter().map(holder).collect() }, out);
}

/// A contact that is JSON already, and the name of its organisation beside it.
#[derive(Clone, Copy, Debug)]
pub struct Rendered<'r> {
    /// The contact as [`crate::contact::ExternalContact`] writes it.
    pub json: &'r [u8],
    /// The name of its organisation, if it has one.
    pub organization: Option<&'r str>,
}

/// Writes the same bytes as [`write_contacts`], from contacts that are JSON already. `None`, with
/// nothing written, when one of them cannot be read.
pub fn write_rendered_contacts<'r>(
    asked: &str,
    number: Option<E164>,
    contacts: impl Iterator<Item = Rendered<'r>>,
    out: &mut Vec<u8>,
) -> Option<()> {
    let read = contacts.map(|rendered| Some((Known::read(rendered.json)?, rendered)));
    let read: Vec<(Known<'r>, Rendered<'r>)> = read.collect::<Option<_>>()?;
    let shown = number.map(|number| Shown(number).to_string());
    let internal = internal(asked, number);
    let owners = read.iter().map(|(known, rendered)| Owner {
        id: known.id,
        first_name: known.first_name.as_deref(),
        last_name: known.last_name.as_deref(),
        organization: rendered.organization,
        phone_label: match number.zip(shown.as_deref()) {
            Some((number, shown)) => {
                known.label(shown).or_else(|| label_of_several(rendered.json, number))
            }
            None => internal.iter().find_map(|own| label_of_internal(rendered.json, own)),
        }
        .map(name_of),
        phone: asked,
    });
    write_whole(asked, number, owners.collect(), out);
    Some(())
}

/// Writes the same bytes as [`write_ids`], from contacts that are JSON already. `None`, with nothing
/// written, when one of them cannot be read.
pub fn write_rendered_ids<'r>(
    asked: &str,
    number: Option<E164>,
    contacts: impl Iterator<Item = Rendered<'r>>,
    out: &mut Vec<u8>,
) -> Option<()> {
    let ids = contacts.map(|rendered| Some(Known::read(rendered.json)?.id));
    let ids = ids.collect::<Option<_>>()?;
    write(&Ids { number: asked, e164: number.map(Shown), ids }, out);
    Some(())
}

/// The fields of a contact's JSON that a look-up by number shows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known<'r> {
    id: Uuid,
    #[serde(borrow)]
    first_name: Option<Cow<'r, str>>,
    #[serde(borrow)]
    last_name: Option<Cow<'r, str>>,
    #[serde(borrow)]
    work_phone: Option<KnownPhone<'r>>,
    #[serde(borrow)]
    cell_phone: Option<KnownPhone<'r>>,
    #[serde(borrow)]
    home_phone: Option<KnownPhone<'r>>,
    #[serde(borrow)]
    other_phone: Option<KnownPhone<'r>>,
    #[serde(borrow)]
    whats_app_id: Option<KnownAccount<'r>>,
}

#[derive(Deserialize)]
struct KnownPhone<'r> {
    // Digits and a plus, which no writer escapes.
    #[serde(borrow)]
    e164: Option<&'r str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KnownAccount<'r> {
    #[serde(borrow)]
    phone_number: Option<KnownPhone<'r>>,
}

impl<'r> Known<'r> {
    fn read(json: &'r [u8]) -> Option<Known<'r>> {
        serde_json::from_slice(json).ok()
    }

    /// The label of this number: the first, if the contact has it more than once.
    fn label(&self, number: &str) -> Option<PhoneLabel> {
        let account = self.whats_app_id.as_ref();
        let phones = [
            (PhoneLabel::Work, self.work_phone.as_ref()),
            (PhoneLabel::Cell, self.cell_phone.as_ref()),
            (PhoneLabel::Home, self.home_phone.as_ref()),
            (PhoneLabel::Other, self.other_phone.as_ref()),
            (PhoneLabel::WhatsApp, account.and_then(|account| account.phone_number.as_ref())),
        ];
        let has =
            |phone: Option<&KnownPhone<'_>>| phone.and_then(|phone| phone.e164) == Some(number);
        phones.into_iter().find(|(_, phone)| has(*phone)).map(|(label, _)| label)
    }
}

/// The label of a text that has this number and others, in a contact that is JSON already.
fn label_of_several(json: &[u8], number: E164) -> Option<PhoneLabel> {
    // Most contacts have no such text, so it is looked for only where no number was the right one.
    label_of_phone(json, |_, phone| {
        let text = phone["display"].as_str().unwrap_or_default();
        let numbers = several(text, describe(number).country);
        numbers.iter().any(|(_, found)| found.e164 == number)
    })
}

/// The label of an internal number, in a contact that is JSON already.
fn label_of_internal(json: &[u8], digits: &str) -> Option<PhoneLabel> {
    label_of_phone(json, |label, phone| {
        let text = phone["display"].as_str().unwrap_or_default();
        label != PhoneLabel::WhatsApp
            && phone.get("e164").is_none()
            && short_numbers(text, INTERNAL_DIGITS_MAX).iter().any(|own| own == digits)
    })
}

/// The label of the first number that `is_it` takes, in a contact that is JSON already.
fn label_of_phone(json: &[u8], is_it: impl Fn(PhoneLabel, &Value) -> bool) -> Option<PhoneLabel> {
    let contact: Value = serde_json::from_slice(json).ok()?;
    let labels = [
        ("/workPhone", PhoneLabel::Work),
        ("/cellPhone", PhoneLabel::Cell),
        ("/homePhone", PhoneLabel::Home),
        ("/otherPhone", PhoneLabel::Other),
        ("/whatsAppId/phoneNumber", PhoneLabel::WhatsApp),
    ];
    let mut labels = labels.into_iter();
    let has = |path: &str, label| contact.pointer(path).is_some_and(|phone| is_it(label, phone));
    labels.find(|(path, label)| has(path, *label)).map(|(_, label)| label)
}

/// The digits of the internal numbers that were asked for; contacts of a text that is no number have
/// been found by these.
fn internal(asked: &str, number: Option<E164>) -> Vec<String> {
    if number.is_none() { internal_digits(asked) } else { Vec::new() }
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
fn label(contact: &Contact, number: E164) -> Option<PhoneLabel> {
    let (label, _) = contact.phones().find(|(_, phone)| phone.numbers().any(|n| n == number))?;
    Some(label)
}

fn name_of(label: PhoneLabel) -> &'static str {
    match label {
        PhoneLabel::Work => "work",
        PhoneLabel::Cell => "cell",
        PhoneLabel::Home => "home",
        PhoneLabel::Other => "other",
        PhoneLabel::WhatsApp => "whatsApp",
    }
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

/// The contacts with a value of a custom field.
#[derive(Serialize)]
struct FieldHolders<'a> {
    key: &'a str,
    value: &'a str,
    contacts: Vec<Holder<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Holder<'a> {
    id: Uuid,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    organization: Option<&'a str>,
}

/// A number as `+` and its digits.
struct Shown(E164);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}", self.0))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
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
    use carnet_model::{Phone, WhatsApp};
    use carnet_phone::{Region, normalise};
    use serde_json::{Value, json};

    fn phone(text: &str) -> Option<Phone> {
        let e164 = normalise(text, Region::US).ok().map(|number| number.e164);
        Some(Phone { input: text.into(), e164, ..Phone::default() })
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
        let number = normalise("0612345678", Region::parse("FR").unwrap()).unwrap().e164;
        let contacts = [contact];
        let answer = read(|out| {
            write_contacts("06 12 34 56 78", Some(number), &contacts, |_| Some("Acme"), out);
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
    fn rendered_contacts_give_the_same_bytes() {
        let number = normalise("0612345678", Region::parse("FR").unwrap()).unwrap().e164;
        let number = Some(number);
        let named = |first: &str| Contact { first_name: Some(first.into()), ..Contact::default() };
        let whats_app = WhatsApp { phone: phone("+33612345678").unwrap(), display_name: None };
        let contacts = [
            Contact { home_phone: phone("+33612345678"), ..named("Ada \"A\" \u{e9}\n") },
            Contact { whats_app: Some(whats_app), work_phone: phone("x"), ..named("") },
            Contact { last_name: Some("L".into()), ..Contact::default() },
        ];
        let organization = |contact: &Contact| contact.first_name.as_ref().map(|_| "Acme \\ Co");
        let json = contacts.iter().map(|contact| {
            let shown = crate::contact::ExternalContact::new(contact, &Default::default());
            (serde_json::to_vec(&shown).unwrap(), organization(contact))
        });
        let json: Vec<_> = json.collect();
        let rendered = || {
            json.iter().map(|(json, organization)| Rendered { json, organization: *organization })
        };
        let (mut whole, mut same) = (Vec::new(), Vec::new());
        write_contacts("06\"", number, &contacts, organization, &mut whole);
        assert_eq!(write_rendered_contacts("06\"", number, rendered(), &mut same), Some(()));
        assert_eq!(String::from_utf8(same), String::from_utf8(whole));
        let (mut whole, mut same) = (Vec::new(), Vec::new());
        write_ids("06", number, &contacts, &mut whole);
        assert_eq!(write_rendered_ids("06", number, rendered(), &mut same), Some(()));
        assert_eq!(same, whole);
        let broken = [Rendered { json: b"{}", organization: None }];
        assert_eq!(write_rendered_ids("06", number, broken.into_iter(), &mut same), None);
        assert_eq!(same, whole);
    }

    #[test]
    fn an_internal_number_has_its_label() {
        let extension = || phone("10 47").filter(|phone| phone.e164.is_none());
        let contacts = [
            Contact {
                work_phone: phone("+13175551234"),
                cell_phone: extension(),
                ..Contact::default()
            },
            Contact { other_phone: extension(), ..Contact::default() },
        ];
        let json = contacts.iter().map(|contact| {
            serde_json::to_vec(&crate::contact::ExternalContact::new(contact, &Default::default()))
        });
        let json: Vec<Vec<u8>> = json.collect::<Result<_, _>>().unwrap();
        for asked in ["1047", "sip:1047@10.0.0.5"] {
            let answer = read(|out| write_contacts(asked, None, &contacts, |_| None, out));
            assert_eq!(answer["contacts"][0]["phoneLabel"], "cell", "{asked}");
            assert_eq!(answer["contacts"][1]["phoneLabel"], "other", "{asked}");
            let rendered = json.iter().map(|json| Rendered { json, organization: None });
            let same = read(|out| {
                assert_eq!(write_rendered_contacts(asked, None, rendered, out), Some(()));
            });
            assert_eq!(same, answer);
        }
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
