//! `GET /cid`: the name of the contact that has a number, as a line that a telephone switch can show.

use crate::api::context::RequestContext;
use crate::api::route::Source;
use crate::caller_id::format::NameFormat;
use crate::caller_id::line::line;
use crate::caller_id::settings::{CallerId, MATCHES};
use crate::engine::render;
use crate::limits::{NAME_CHARS_ASKED_MAX, NAME_CHARS_DEFAULT};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::message::parameters::{NUMBER, Parameters, region};
use carnet_book::{Form, Renderings};
use carnet_phone::Region;
use hyper::header::HeaderValue;
use std::borrow::Cow;

/// `GET /cid?number=…`.
pub(crate) fn by_query(
    context: &RequestContext,
    source: Source<'_>,
) -> Result<Option<Answer>, Failure> {
    let parameters = context.parameters()?;
    let number = parameters.first(NUMBER);
    let number = number.ok_or_else(|| Failure::bad_request("The parameter number is missing."))?;
    answer(context, source, &plus_of_uri(number), &parameters)
}

/// `GET /cid/{number}`.
pub(crate) fn by_path(
    context: &RequestContext,
    source: Source<'_>,
) -> Result<Option<Answer>, Failure> {
    answer(context, source, context.variables.get(0), &context.parameters()?)
}

/// Restores the plus of a URI that was not escaped and so became a blank behind the scheme. Before
/// a bare number such a blank is understood anyway.
fn plus_of_uri(number: &str) -> Cow<'_, str> {
    match number.split_once(": ") {
        Some((scheme, rest)) if rest.starts_with(|c: char| matches!(c, '1'..='9')) => {
            Cow::Owned(format!("{scheme}:+{rest}"))
        }
        _ => Cow::Borrowed(number),
    }
}

fn answer(
    context: &RequestContext,
    source: Source<'_>,
    number: &str,
    parameters: &Parameters,
) -> Result<Option<Answer>, Failure> {
    let settings = &context.state.caller_id;
    let wish = Wish::read(parameters, settings, context.rules.default_region)?;
    match source {
        Source::Memory => Ok(wish.rendered(context, number, parameters)),
        Source::Store(snapshot) => {
            let contacts = snapshot.look_up(number, wish.region)?.contacts;
            let name = match contacts.first() {
                Some(oldest) => render::name_of(oldest, &wish.format, snapshot)?,
                None => String::new(),
            };
            Ok(Some(wish.answer(&name, contacts.len(), parameters, settings)))
        }
    }
}

/// The form in which a switch wants its answer.
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

    /// The answer of renderings, where the name is wanted in the format in which they have it.
    fn rendered(
        &self,
        context: &RequestContext,
        number: &str,
        parameters: &Parameters,
    ) -> Option<Answer> {
        if matches!(self.format, Cow::Owned(_)) {
            return None;
        }
        let mut found = Renderings::default();
        render::find(&context.state, number, self.region, Form::Short, &mut found).ok()??;
        let settings = &context.state.caller_id;
        let answer = self.answer(render::name(&found), found.len(), parameters, settings);
        Some(answer.with_origin(found.origin()))
    }

    /// The answer for this name, which is empty when there is none.
    fn answer(
        &self,
        name: &str,
        matches: usize,
        parameters: &Parameters,
        settings: &CallerId,
    ) -> Answer {
        let mut line = self.line(name);
        if line.is_empty() {
            line = self.line(parameters.first("miss").unwrap_or_default());
        } else if let Some(prefix) = parameters.first("prefix") {
            line = self.line(&format!("{prefix}{name}"));
        }
        let mut answer = Answer::text(line);
        answer.header = Some((MATCHES, HeaderValue::from(matches)));
        let cache = settings.cache_control();
        answer.cache = cache.and_then(|value| HeaderValue::try_from(value).ok());
        answer
    }

    fn line(&self, text: &str) -> String {
        line(text, self.max, self.ascii)
    }
}
