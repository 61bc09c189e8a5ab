//! What carnet makes of a number, and of a call from it, told to people: the line beside a number that
//! is being typed, and the answer to "who is calling?" with its reasons.

use crate::api::context::RequestContext;
use crate::api::route::HandlerResult;
use crate::caller_id::line::line;
use crate::engine::render;
use crate::limits::NAME_CHARS_DEFAULT;
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::message::parameters::{NUMBER, region};
use carnet_book::Snapshot;
use carnet_model::limits::PHONE_CHARS_MAX;
use carnet_model::{NumberReading, NumberRules, PhoneStyle, Uuid};
use carnet_phone::{Number, NumberKind, Reason, Region};
use serde::Serialize;
use std::time::Instant;

/// The reading of a text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reading<'a> {
    /// The text.
    number: &'a str,
    /// The region in which it was read.
    region: &'static str,
    /// `e164`, `several`, `internal`, or `unread`.
    kind: &'static str,
    /// Whether a contact may have it: a text that is no number is kept as it was typed.
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    e164: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    international: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    national: Option<String>,
    /// The region where the number belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'static str>,
    /// The kind of line, such as `mobile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    line_kind: Option<&'static str>,
    /// Whether the country gives out such numbers; otherwise it may do so some day.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<String>,
    /// The numbers in a text with several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<String>,
    /// The reason why it cannot be found, or why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(text: &'a str, rules: &NumberRules, home: Region) -> Reading<'a> {
        match rules.read(text, Some(home), PhoneStyle::Typed) {
            NumberReading::Number(number) => Reading::of_number(text, home, &number),
            NumberReading::Several(numbers) => {
                let numbers = numbers.iter().map(ToString::to_string).collect();
                Reading { numbers, ..Reading::nothing(text, home, "several") }
            }
            NumberReading::Internal(_) => Reading::nothing(text, home, "internal"),
            NumberReading::Nothing(reason) => Reading {
                accepted: reason != Reason::ExtensionOnly,
                reason: Some(reason.to_string()),
                ..Reading::nothing(text, home, "unread")
            },
        }
    }

    fn of_number(text: &'a str, home: Region, number: &Number) -> Reading<'a> {
        let known = Some(number.kind).filter(|kind| *kind != NumberKind::Unknown);
        Reading {
            e164: Some(number.e164.to_string()),
            international: Some(number.international().to_string()),
            national: Some(number.national().to_string()),
            country: number.region.map(Region::as_str),
            line_kind: known.map(NumberKind::as_str),
            valid: Some(number.valid),
            extension: number.extension.map(|extension| extension.as_str().to_owned()),
            ..Reading::nothing(text, home, "e164")
        }
    }

    fn nothing(text: &'a str, home: Region, kind: &'static str) -> Reading<'a> {
        Reading {
            number: text,
            region: home.as_str(),
            kind,
            accepted: true,
            e164: None,
            international: None,
            national: None,
            country: None,
            line_kind: None,
            valid: None,
            extension: None,
            numbers: Vec::new(),
            reason: None,
        }
    }
}

/// The answer about a call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Call<'a> {
    /// How the number was read.
    read: Reading<'a>,
    /// What a switch would show; empty when nobody has the number.
    line: String,
    /// Why this name.
    why: String,
    contacts: Vec<Caller>,
    /// How long the look-up took, without reading the request and writing the answer.
    microseconds: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Caller {
    id: Uuid,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
}

/// `GET /api/v2/carnet/numbers/read?number=…&region=CC`: what carnet makes of a text.
pub(crate) fn number(context: &RequestContext, _: &Snapshot) -> HandlerResult {
    let parameters = context.parameters()?;
    let home = region(parameters.first("region"), context.rules.default_region)?;
    let text = asked(parameters.first(NUMBER))?;
    Ok(Answer::json(&Reading::new(text, &context.rules.numbers(), home)))
}

/// `GET /api/v2/carnet/caller?number=…&region=CC`: who is calling, as a switch would be told, and why.
pub(crate) fn caller(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let parameters = context.parameters()?;
    let home = region(parameters.first("region"), context.rules.default_region)?;
    let text = asked(parameters.first(NUMBER))?;
    let started = Instant::now();
    let found = snapshot.look_up(text, home)?;
    let took = started.elapsed();
    // In the reading that a contact has, which for digits without a plus may be another one.
    let read = match &found.number {
        Some(number) => Reading::of_number(text, home, number),
        None => Reading::new(text, &context.rules.numbers(), home),
    };
    let format = &context.state.caller_id.format;
    let organizations = snapshot.organizations_of(&found.contacts)?;
    let mut contacts = Vec::with_capacity(found.contacts.len());
    for contact in &found.contacts {
        let organization = contact.organization.and_then(|id| organizations.get(&id));
        contacts.push(Caller {
            id: contact.id,
            name: render::name_of(contact, format, snapshot)?,
            organization: organization.map(|organization| organization.name.clone()),
        });
    }
    let name = contacts.first().map_or("", |first| first.name.as_str());
    let call = Call {
        line: line(name, NAME_CHARS_DEFAULT, false),
        why: why(contacts.len()),
        read,
        contacts,
        microseconds: took.as_secs_f64() * 1e6,
    };
    Ok(Answer::json(&call))
}

fn why(count: usize) -> String {
    match count {
        0 => "No contact has this number.".to_owned(),
        1 => "One contact has this number.".to_owned(),
        count => format!("Of {count} contacts with this number it is the oldest one's."),
    }
}

fn asked(number: Option<&str>) -> Result<&str, Failure> {
    let text = number.ok_or_else(|| Failure::bad_request("The parameter number is missing."))?;
    match text.chars().nth(PHONE_CHARS_MAX) {
        None => Ok(text),
        Some(_) => Err(Failure::bad_request("The parameter number is too long.")),
    }
}
