//! `tel:` and `sip:` URIs, as telephone systems send them: `sip:+33612345678@example.com;user=phone`,
//! `"Anna" <tel:+49-1511-2345678;tgrp=x>`. What is a number in them goes on as a text.

use super::buffer::TextBuffer;
use super::candidate::CONTEXT;
use crate::Reason;

/// A quick look that spares most texts the rest: a URI has a colon, and parameters a semicolon.
pub(super) fn may_be_one(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b':' | b';'))
}

/// The part of a text in which the number is; a text that is no URI comes back as it is. Parameters
/// after RFC 3966 and RFC 4694, with a value or without, are understood behind a bare number, too.
///
/// # Errors
///
/// A SIP address whose user is a name has no number, whatever digits its host may have.
pub(super) fn number_in<'a>(text: &'a str, buffer: &'a mut TextBuffer) -> Result<&'a str, Reason> {
    let Some((scheme, rest)) = after_scheme(text) else {
        return Ok(match text.split_once(';') {
            Some((number, parameters)) if are_parameters(parameters) => {
                plain(number, parameters, buffer)
            }
            _ => text,
        });
    };
    let user = match scheme {
        Scheme::Tel => rest,
        Scheme::Sip => user_of(rest).ok_or(Reason::NotANumber)?,
    };
    let (number, parameters) = user.split_once(';').unwrap_or((user, ""));
    if scheme == Scheme::Tel && !parameters.is_empty() && !are_parameters(parameters) {
        // "Tel: 020 7946 0958;12": a person's, and what follows is an extension.
        return Ok(text);
    }
    let number = plain(number, parameters, buffer);
    let numeric =
        number.starts_with(|c: char| matches!(c, '+' | '(' | '*' | '#') || c.is_ascii_digit());
    if scheme == Scheme::Sip && !numeric {
        return Err(Reason::NotANumber);
    }
    Ok(number)
}

/// Schemes of addresses with a number in them.
const SCHEMES: [&str; 4] = ["tel", "sip", "sips", "callto"];

/// The user of a `tel:`, `sip:`, `sips:` or `callto:` address, as it is written there; `None` for any
/// other text.
///
/// ```
/// assert_eq!(carnet_phone::uri_user("sip:1047@10.0.0.5"), Some("1047"));
/// assert_eq!(carnet_phone::uri_user("1047"), None);
/// ```
pub fn uri_user(text: &str) -> Option<&str> {
    let (scheme, rest) = text.trim().split_once(':')?;
    let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    known.then(|| rest.split(['@', ';', '>']).next().unwrap_or_default())
}

/// Whether all of these have the form of parameters: a name that begins with a letter, and perhaps a
/// value.
fn are_parameters(parameters: &str) -> bool {
    parameters.split(';').all(|parameter| {
        let name = parameter.split('=').next().unwrap_or_default().trim();
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}

/// A number with those of its parameters that are part of it.
fn plain<'a>(number: &str, parameters: &str, buffer: &'a mut TextBuffer) -> &'a str {
    push_decoded(buffer, number);
    // Of the parameters, two are about the number; the others would be read as digits.
    for name in ["ext=", &CONTEXT[1..]] {
        let found = parameters.split(';').find(|parameter| {
            parameter.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        });
        if let Some(value) = found.and_then(|parameter| parameter.get(name.len()..)) {
            buffer.push(";");
            buffer.push(name);
            push_decoded(buffer, value);
        }
    }
    buffer.as_str()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Tel,
    Sip,
}

/// The scheme of a URI and what follows it, up to a `>` if the URI stands in `<` and `>`.
fn after_scheme(text: &str) -> Option<(Scheme, &str)> {
    let text = text.trim();
    // A display name comes before it, which may have a colon of its own.
    let inside = text.split_once('<').map_or(text, |(_, inside)| inside);
    let (scheme, rest) = inside.split_once(':')?;
    let scheme = match scheme.trim() {
        s if s.eq_ignore_ascii_case("tel") => Scheme::Tel,
        s if s.eq_ignore_ascii_case("sip") || s.eq_ignore_ascii_case("sips") => Scheme::Sip,
        _ => return None,
    };
    let rest = rest.split_once('>').map_or(rest, |(inside, _)| inside);
    Some((scheme, rest))
}

/// The user of a SIP address, without a password. An address without a user is a host, unless
/// it could not be one.
fn user_of(address: &str) -> Option<&str> {
    match address.split_once('@') {
        Some((user, _)) => Some(user.split_once(':').map_or(user, |(user, _)| user)),
        None => {
            let host = address.split([';', '?']).next().unwrap_or_default();
            let only_digits = host.bytes().all(|byte| byte.is_ascii_digit());
            (host.starts_with('+') || only_digits).then_some(address)
        }
    }
}

/// Adds a part with `%2B` and the like turned back; what is not ASCII is left out, and so is a
/// broken escape, which a library for percent-encoding would keep.
fn push_decoded(buffer: &mut TextBuffer, part: &str) {
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        buffer.push(before);
        let code = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = code.filter(u8::is_ascii) {
            buffer.push(char::from(byte).encode_utf8(&mut [0; 4]));
        }
        rest = after.get(2..).unwrap_or_default();
    }
    buffer.push(rest);
}
