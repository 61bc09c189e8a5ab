//! Caller ID: the name of whoever has a number, as one line of plain text, for switches.
//!
//! A switch shows any text that comes back as the caller's name, whatever the status. So a miss
//! has no body unless the switch asks for a text, and a failure has none ever (the routes say so,
//! for failures that never come here). No answer ends with a line break: it would be part of the
//! name.

mod format;
mod line;
mod network;

pub use format::{BadFormat, NameFormat};
pub use network::{Network, UnknownNetwork};

use crate::api::context::{Ask, Parameters};
use crate::limits::{NAME_CHARS_ASKED_MAX, NAME_CHARS_DEFAULT};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::routes::Outcome;
use carnet_book::{BookError, Snapshot};
use carnet_model::Contact;
use carnet_phone::Region;
use hyper::header::{HeaderName, HeaderValue};
use line::line;
pub(crate) use line::plain_line;
use std::borrow::Cow;

/// What an administrator can decide about caller ID.
#[derive(Clone, Debug, Default)]
pub struct CallerId {
    /// How names are written where the request does not say.
    pub format: NameFormat,
    /// Who may ask `/cid` without any key.
    pub allow: Vec<Network>,
    /// For how many seconds an answer of `/cid` may be kept; 0 for not at all.
    pub max_age_seconds: u32,
}

impl CallerId {
    /// What an answer says of keeping it; `None` for not at all.
    pub(crate) fn cache_control(&self) -> Option<String> {
        let seconds = self.max_age_seconds;
        (seconds > 0).then(|| format!("private, max-age={seconds}"))
    }
}

/// How many contacts have the number, at most
/// [`LOOKUP_CONTACTS_MAX`](carnet_model::limits::LOOKUP_CONTACTS_MAX).
pub(crate) const MATCHES: HeaderName = HeaderName::from_static("x-carnet-matches");

/// `GET /cid?number=…`: the name of whoever has this number.
pub(crate) fn by_query(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    let parameters = ask.parameters()?;
    let number = parameters.first("number");
    let number = number.ok_or_else(|| Failure::bad_request("The parameter number is missing."))?;
    answer(ask, snapshot, &plus_of_uri(number), &parameters)
}

/// `GET /cid/{number}`: the same with the number in the path.
pub(crate) fn by_path(ask: &Ask, snapshot: &Snapshot) -> Outcome {
    answer(ask, snapshot, ask.variables.get(0), &ask.parameters()?)
}

/// A plus that nobody escaped is a blank by now. Before a bare number such a blank is understood;
/// in a URI it stands behind the scheme.
fn plus_of_uri(number: &str) -> Cow<'_, str> {
    match number.split_once(": ") {
        Some((scheme, rest)) if rest.starts_with(|c: char| matches!(c, '1'..='9')) => {
            Cow::Owned(format!("{scheme}:+{rest}"))
        }
        _ => Cow::Borrowed(number),
    }
}

fn answer(ask: &Ask, snapshot: &Snapshot, number: &str, parameters: &Parameters) -> Outcome {
    let settings = &ask.shared.caller_id;
    let wish = Wish::read(parameters, settings, ask.rules.default_region)?;
    let contacts = snapshot.look_up(number, wish.region)?.contacts;
    let name = match contacts.first() {
        Some(oldest) => name_of(oldest, &wish.format, snapshot)?,
        None => String::new(),
    };
    let mut line = line(&name, wish.max, wish.ascii);
    if line.is_empty() {
        line = wish.line(parameters.first("miss").unwrap_or_default());
    } else if let Some(prefix) = parameters.first("prefix") {
        line = wish.line(&format!("{prefix}{name}"));
    }
    let mut answer = Answer::text(line);
    answer.header = Some((MATCHES, HeaderValue::from(contacts.len())));
    answer.cache = settings.cache_control().and_then(|value| HeaderValue::try_from(value).ok());
    Ok(answer)
}

/// What a contact is called. Reads its organisation only where the name depends on it.
pub(crate) fn name_of(
    contact: &Contact,
    format: &NameFormat,
    snapshot: &Snapshot,
) -> Result<String, BookError> {
    if !format.names_organization() {
        let name = format.write(contact, None);
        if !name.is_empty() {
            return Ok(name);
        }
    }
    let organization = match contact.organization {
        Some(id) => snapshot.organization(id)?,
        None => None,
    };
    let organization = organization.as_ref().map(|organization| organization.name.as_str());
    Ok(format.write(contact, organization))
}

/// How a switch wants its answer.
struct Wish<'a> {
    region: Region,
    format: Cow<'a, NameFormat>,
    max: usize,
    ascii: bool,
}

impl<'a> Wish<'a> {
    /// From the query; a parameter that is empty is the same as none.
    fn read(
        parameters: &Parameters,
        settings: &'a CallerId,
        home: Region,
    ) -> Result<Wish<'a>, Failure> {
        let given = |name| parameters.first(name).filter(|text| !text.is_empty());
        let region = region(given("region"), home)?;
        let format = match given("format") {
            Some(text) => {
                let format = NameFormat::parse(text);
                Cow::Owned(format.map_err(|why| Failure::bad_request(why.to_string()))?)
            }
            None => Cow::Borrowed(&settings.format),
        };
        let max = match given("max") {
            Some(text) => text
                .parse()
                .ok()
                .filter(|max| (1..=NAME_CHARS_ASKED_MAX).contains(max))
                .ok_or_else(|| Failure::bad_request("The parameter max is no such length."))?,
            None => NAME_CHARS_DEFAULT,
        };
        let ascii = match given("ascii") {
            Some("1" | "true" | "yes") => true,
            None | Some("0" | "false" | "no") => false,
            Some(_) => return Err(Failure::bad_request("The parameter ascii is 1 or 0.")),
        };
        Ok(Wish { region, format, max, ascii })
    }

    fn line(&self, text: &str) -> String {
        line(text, self.max, self.ascii)
    }
}

/// The region that a request names, else the administrator's.
pub(crate) fn region(given: Option<&str>, home: Region) -> Result<Region, Failure> {
    match given {
        Some(code) => Region::parse(code)
            .ok_or_else(|| Failure::bad_request("The parameter region is no region's code.")),
        None => Ok(home),
    }
}
