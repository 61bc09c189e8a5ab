//! Parameters: what stands in a query string or a form, and how text is escaped in addresses.

use crate::limits::PARAMETERS_MAX;
use crate::message::error::Failure;
use carnet_model::{FaultKind, Invalid};
use carnet_phone::Region;
use percent_encoding::{percent_decode, percent_decode_str};
use std::borrow::Cow;

/// The parameter of a reverse look-up that carries the number, e-mail or screen name.
pub(crate) const LOOKUP_VALUE: &str = "lookupVal";
/// The parameter of caller ID that carries the number.
pub(crate) const NUMBER: &str = "number";
/// The parameter that carries a client's key.
pub(crate) const KEY: &str = "key";

/// The parameters of a query string or form, decoded, in order.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads all of them; more than [`PARAMETERS_MAX`] are refused, because one that was passed
    /// over might have said whom an answer may show.
    pub(crate) fn read(text: &str) -> Result<Parameters, Failure> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        if pairs.clone().count() > PARAMETERS_MAX {
            let message = format!("A query or form has at most {PARAMETERS_MAX} parameters.");
            return Err(Failure::bad_request(message));
        }
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (form_decoded(name), form_decoded(value))
        });
        Ok(Parameters { pairs: pairs.collect() })
    }

    /// The first value of that name.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(found, _)| found == name);
        pair.map(|(_, value)| value.as_str())
    }

    /// A parameter that is true or false; false where it is absent or empty.
    pub(crate) fn switch(&self, name: &str) -> Result<bool, Failure> {
        match self.first(name) {
            Some("true") => Ok(true),
            None | Some("" | "false") => Ok(false),
            Some(_) => {
                let why = "this is true or false".to_owned();
                Err(Invalid::one(name, FaultKind::Value(why)).into())
            }
        }
    }

    /// Every value of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.pairs.iter().filter(move |(found, _)| found == name);
        pairs.map(|(_, value)| value.as_str())
    }
}

/// Resolves `%41` and the like. What is no escape stays, what is no UTF-8 is replaced.
pub(crate) fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Resolves what a form writes: `+` is a blank, an escape is resolved afterwards.
fn form_decoded(text: &str) -> String {
    if text.contains('+') {
        percent_decoded(&text.replace('+', " ")).into_owned()
    } else {
        percent_decoded(text).into_owned()
    }
}

/// Resolves a single value into a buffer, without an allocation. `None` when it does not fit, is
/// not UTF-8, or has a character that an address may not have or that ends the value.
pub(crate) fn form_decoded_into<'b>(text: &str, buffer: &'b mut [u8]) -> Option<&'b str> {
    let may_stand =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~*()!':@/,;$?+%".contains(&byte);
    if !text.bytes().all(may_stand) {
        return None;
    }
    let mut length = 0;
    for (n, part) in text.as_bytes().split(|byte| *byte == b'+').enumerate() {
        let blank = (n > 0).then_some(b' ');
        for byte in blank.into_iter().chain(percent_decode(part)) {
            *buffer.get_mut(length)? = byte;
            length += 1;
        }
    }
    std::str::from_utf8(&buffer[..length]).ok()
}

/// The region that a request names, else the administrator's.
pub(crate) fn region(given: Option<&str>, home: Region) -> Result<Region, Failure> {
    match given {
        Some(code) => Region::parse(code)
            .ok_or_else(|| Failure::bad_request("The parameter region is no region's code.")),
        None => Ok(home),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_in_order() {
        let text = "a=1&b=x%2Cy&a=2&flag&=none&c=+33+1&d=%2B33&a%20b=%26=";
        let parameters = Parameters::read(text).unwrap();
        let all = |name| parameters.all(name).collect::<Vec<_>>();
        assert_eq!(all("a"), ["1", "2"]);
        assert_eq!(all("b"), ["x,y"]);
        assert_eq!(all("flag"), [""]);
        assert_eq!(all("c"), [" 33 1"]);
        assert_eq!(all("d"), ["+33"]);
        assert_eq!(all("a b"), ["&="]);
        assert_eq!(parameters.first("e"), None);
    }

    #[test]
    fn too_many_parameters_are_refused_and_the_limit_named() {
        let fits = "a=1&".repeat(PARAMETERS_MAX);
        assert_eq!(Parameters::read(&fits).unwrap().all("a").count(), PARAMETERS_MAX);
        let failure = Parameters::read(&(fits + "b=2")).unwrap_err();
        assert_eq!(failure.status(), 400);
        assert!(failure.message().contains("64"), "{}", failure.message());
    }

    #[test]
    fn escapes_that_are_no_text_do_no_harm() {
        for (text, decoded) in [
            ("%41%42", "AB"),
            ("%C3%A9", "é"),
            ("%c3", "\u{fffd}"),
            ("%", "%"),
            ("%é1", "%é1"),
            ("100%", "100%"),
        ] {
            assert_eq!(percent_decoded(text), decoded);
        }
    }

    #[test]
    fn a_value_is_decoded_in_place_as_it_is_elsewhere() {
        for text in ["", "a", "+1%2B2", "%41+%c3%a9", "%", "%4", "%GG", "a%20b", "100%25+"] {
            let mut buffer = [0; 16];
            assert_eq!(form_decoded_into(text, &mut buffer), Some(&*form_decoded(text)), "{text}");
        }
        for text in ["a&b", "a=b", "a b", "\u{e9}", "%ff", "12345678901234567"] {
            assert_eq!(form_decoded_into(text, &mut [0; 16]), None, "{text}");
        }
    }
}
