//! A telephone number as a record keeps it.

use crate::parts::internal::InternalNumbers;
use carnet_phone::{E164, Number, Reason, Region, describe, normalise, several};
use serde::{Deserialize, Serialize};

/// A telephone number of a record: what was typed, and what it was read as.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number as it was typed.
    #[serde(rename = "in")]
    pub input: String,
    /// The number in E.164, when the input could be read so. Only what was read as numbers is found, and
    /// the house's internal ones.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub e164: Option<E164>,
    /// The numbers of an input that has more than one, which then has no `e164` of its own. All are
    /// found.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<E164>,
    /// The extension behind it.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<u64>,
    /// Whether the owner takes text messages there.
    #[serde(rename = "sms", default, skip_serializing_if = "std::ops::Not::not")]
    pub accepts_sms: bool,
    /// The region whose country code is assumed when the input has none.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Phone {
    /// The text to show: the international form, or the input where no number could be read.
    pub fn display(&self) -> String {
        match self.e164 {
            Some(number) => number.international().to_string(),
            None => self.input.clone(),
        }
    }

    /// Every number that the input was read as.
    pub fn numbers(&self) -> impl Iterator<Item = E164> {
        self.e164.into_iter().chain(self.also.iter().copied())
    }

    /// The country that the number belongs to, `001` for worldwide services.
    pub fn country(&self) -> Option<Region> {
        self.e164.map(|number| describe(number).country)
    }

    /// Whether it is kept as it was typed, without a number that could be looked up.
    pub fn is_unread(&self) -> bool {
        self.e164.is_none() && self.also.is_empty()
    }

    /// Keeps what `old` had typed when this is the same number, sent back in the form in which
    /// carnet showed it: a client that reads a contact and writes it again changes nothing.
    pub(crate) fn keep_input_of(&mut self, old: Option<&Phone>) {
        let Some(old) = old else { return };
        if self.e164.is_some() && self.e164 == old.e164 && self.input == old.display() {
            self.input.clone_from(&old.input);
        }
    }
}

/// The way in which the digits of a number are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneStyle {
    /// As a person types them.
    Typed,
    /// As WhatsApp has them: the country code first, often without a plus.
    WhatsApp,
}

/// Reads `text` in `home`. WhatsApp's bare digits begin with the country code, but people write
/// their own number there too; whichever reading is a number that its country gives out wins.
///
/// # Errors
/// The reason why the text is no number that can be called.
pub fn read_number(text: &str, home: Region, style: PhoneStyle) -> Result<Number, Reason> {
    let as_typed = normalise(text, home);
    if style == PhoneStyle::Typed || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return as_typed;
    }
    let Ok(with_plus) = normalise(&format!("+{text}"), home) else {
        return as_typed;
    };
    match as_typed {
        Ok(number) if number.valid && !with_plus.valid => Ok(number),
        _ => Ok(with_plus),
    }
}

/// The settings by which the text of a number is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberRules {
    /// The region of numbers without country code.
    pub default_region: Region,
    /// The lengths of the house's own internal numbers, if it has some.
    pub internal_numbers: Option<InternalNumbers>,
}

/// What the text of a number is.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberReading {
    /// A number that can be called from everywhere.
    Number(Number),
    /// Several of them, each once.
    Several(Vec<E164>),
    /// Internal numbers, with these digits: nearly always one.
    Internal(Vec<String>),
    /// No number.
    Nothing(Reason),
}

impl NumberRules {
    /// The same, with another default region where one is given.
    pub fn in_region(self, region: Option<Region>) -> NumberRules {
        NumberRules { default_region: region.unwrap_or(self.default_region), ..self }
    }

    /// Reads a text, in `region` where it has one of its own. An internal number is one first, also
    /// where some country has such numbers.
    pub fn read(&self, text: &str, region: Option<Region>, style: PhoneStyle) -> NumberReading {
        let internal = self.internal(text, style);
        if !internal.is_empty() {
            return NumberReading::Internal(internal);
        }
        match read_number(text, region.unwrap_or(self.default_region), style) {
            Ok(number) => NumberReading::Number(number),
            Err(Reason::Several) => {
                let found = several(text, region.unwrap_or(self.default_region));
                let mut numbers: Vec<E164> = found.into_iter().map(|(_, n)| n.e164).collect();
                numbers.sort_unstable();
                numbers.dedup();
                NumberReading::Several(numbers)
            }
            Err(reason) => NumberReading::Nothing(reason),
        }
    }

    /// The digits of the internal numbers of a text. An account of WhatsApp has none.
    pub fn internal(&self, text: &str, style: PhoneStyle) -> Vec<String> {
        let internal = self.internal_numbers.filter(|_| style == PhoneStyle::Typed);
        internal.map_or_else(Vec::new, |internal| internal.read(text))
    }
}

/// Which of a contact's numbers it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneLabel {
    /// At work.
    Work,
    /// The mobile phone.
    Cell,
    /// At home.
    Home,
    /// Any other.
    Other,
    /// The number of the WhatsApp account.
    WhatsApp,
}

impl PhoneLabel {
    /// The way in which such a number is read.
    pub fn style(self) -> PhoneStyle {
        match self {
            PhoneLabel::WhatsApp => PhoneStyle::WhatsApp,
            PhoneLabel::Work | PhoneLabel::Cell | PhoneLabel::Home | PhoneLabel::Other => {
                PhoneStyle::Typed
            }
        }
    }
}
