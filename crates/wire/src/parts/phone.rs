//! Telephone numbers: what a client sent to the model's `Phone`, and back.
//!
//! Clients write `display`; `userInput`, `e164` and `countryCode` are the server's. They are read
//! only where `display` is missing, where it is the very form in which `e164` is shown, and, on
//! import, to keep the text that was typed at first.

use crate::Rules;
use crate::json::fields::Fields;
use crate::json::reader::Reader;
use carnet_model::limits::{EXTENSION_MAX, PHONE_CHARS_MAX};
use carnet_model::{NumberReading, Phone, PhoneStyle, read_number};
use carnet_phone::{E164, Extension, Number, Reason, Region};
use serde::{Serialize, Serializer};

/// The settings by which a number is read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) rules: &'a Rules,
    /// True on import, where a record also has the text that was typed at first.
    pub(crate) keep_input: bool,
}

/// Reads the number at `at`; `None` when there is none or it cannot be.
pub(crate) fn read(at: &Reader<'_>, reading: Reading<'_>, style: PhoneStyle) -> Option<Phone> {
    let at = at.object()?;
    let faults = at.fault_count();
    let display = at.field("display").text(PHONE_CHARS_MAX);
    let extension = read_extension(&at.field("extension"));
    let accepts_sms = at.field("acceptsSMS").boolean().unwrap_or(false);
    let region = read_region(&at.field("normalizationCountryCode"));
    if at.fault_count() > faults {
        return None;
    }
    let home = region.unwrap_or(reading.rules.default_region);
    let user_input = at.field("userInput").hint(PHONE_CHARS_MAX);
    let e164 = at.field("e164").hint(PHONE_CHARS_MAX);
    let shown = display.is_some();
    let Some(typed) = display.or_else(|| user_input.or(e164).map(str::to_owned)) else {
        if extension.is_some() {
            at.field("extension").refuse("an extension needs the number that it belongs to");
        }
        return None;
    };
    // A text of an answer that was kept as it was typed: another setting may have made it a number.
    let is_kept = reading.keep_input && user_input == Some(&*typed);
    let mut also = Vec::new();
    let number = match reading.rules.numbers().read(&typed, region, style) {
        NumberReading::Number(number) => {
            Some(unless_sent_back(number, &typed, e164.and_then(E164::parse)))
        }
        NumberReading::Several(numbers) => {
            also = numbers;
            None
        }
        NumberReading::Nothing(Reason::ExtensionOnly) if !is_kept => {
            at.field("display").refuse(Reason::ExtensionOnly.to_string());
            return None;
        }
        // A text that is no number for any other reason is kept as it was typed, and an internal
        // number, too.
        NumberReading::Internal(_) | NumberReading::Nothing(_) => None,
    };
    let mut phone = Phone {
        input: typed,
        e164: number.map(|number| number.e164),
        also,
        // A field of its own wins over an extension within the text.
        extension: extension.or_else(|| typed_extension(at, number?.extension?)),
        accepts_sms,
        region,
    };
    if reading.keep_input && shown {
        keep_input(&mut phone, user_input, home, style);
    }
    Some(phone)
}

/// The number that was read from `typed`, or the one that the client sent back beside it in the
/// form in which answers show it. Some numbers do not survive being read in that form: a zero after
/// the country code is taken for a national prefix.
fn unless_sent_back(number: Number, typed: &str, sent_back: Option<E164>) -> Number {
    let sent_back = sent_back.filter(|sent| *sent.international() == *typed);
    Number { e164: sent_back.unwrap_or(number.e164), ..number }
}

/// An extension within the text; a fault when it is too long.
fn typed_extension(at: &Reader<'_>, typed: Extension) -> Option<u64> {
    let digits = typed.to_u64().filter(|digits| *digits <= EXTENSION_MAX);
    if digits.is_none() {
        at.field("display").refuse("the extension has more than 15 digits");
    }
    digits
}

/// On import, `userInput` is kept as the typed text if it spells the number that is shown, either
/// here or in the number's own country, which may have been the default region where it was typed.
fn keep_input(phone: &mut Phone, user_input: Option<&str>, home: Region, style: PhoneStyle) {
    let (Some(input), Some(shown)) = (user_input, phone.e164) else {
        return;
    };
    let country = phone.country().unwrap_or(home);
    let same = [home, country]
        .into_iter()
        .filter_map(|region| read_number(input, region, style).ok())
        .any(|number| number.e164 == shown);
    if same {
        input.clone_into(&mut phone.input);
    }
}

fn read_extension(at: &Reader<'_>) -> Option<u64> {
    let extension = u64::try_from(at.integer()?).ok();
    let extension = extension.filter(|extension| *extension <= EXTENSION_MAX);
    if extension.is_none() {
        at.refuse("an extension is a number of at most 15 digits");
    }
    extension
}

fn read_region(at: &Reader<'_>) -> Option<Region> {
    let code = at.line(PHONE_CHARS_MAX)?;
    let region = Region::parse(code);
    if region.is_none() {
        at.refuse("no region has this code; expected two letters such as US");
    }
    region
}

/// Reads a number that carries its country code, with or without blanks and, for WhatsApp,
/// with or without a plus.
pub(crate) fn read_international(text: &str, style: PhoneStyle) -> Option<E164> {
    // No region has national numbers under this one.
    let number = read_number(text, Region::WORLD, style).ok()?;
    Some(number.e164)
}

/// A number as answers have it.
pub(crate) struct PhoneNumber<'a>(pub(crate) &'a Phone);

impl Serialize for PhoneNumber<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let phone = self.0;
        let mut out = Fields::begin(serializer)?;
        match phone.e164 {
            Some(number) => {
                out.add("display", number.international().as_str())?;
                out.maybe("extension", phone.extension)?;
                out.add("userInput", &phone.input)?;
                out.add("e164", &format_args!("{number}"))?;
                out.maybe("countryCode", phone.country().map(Region::as_str))?;
            }
            None => {
                out.add("display", &phone.input)?;
                out.maybe("extension", phone.extension)?;
                out.add("userInput", &phone.input)?;
            }
        }
        out.maybe("normalizationCountryCode", phone.region.map(Region::as_str))?;
        out.add("acceptsSMS", &phone.accepts_sms)?;
        out.end()
    }
}

#[cfg(test)]
mod tests;
