//! A telephone number as a record keeps it.

use carnet_phone::{E164, Region, describe};
use serde::{Deserialize, Serialize};

/// A telephone number of a record: what was typed, and what it was read as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number as it was typed.
    #[serde(rename = "in")]
    pub input: String,
    /// The number in E.164, when the input could be read so. Only what was read as numbers is found.
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

    /// Keeps what `old` had typed when this is the same number, sent back in the form in which
    /// carnet showed it: a client that reads a contact and writes it again changes nothing.
    pub(crate) fn keep_input_of(&mut self, old: Option<&Phone>) {
        let Some(old) = old else { return };
        if self.e164.is_some() && self.e164 == old.e164 && self.input == old.display() {
            self.input.clone_from(&old.input);
        }
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
