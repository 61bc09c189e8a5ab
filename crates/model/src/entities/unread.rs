//! Unread numbers: those of contacts that are kept as they were typed and that no look-up finds. They
//! are counted here, told with their reasons, and read anew. Pure: where the contacts are is not known.

use crate::limits::EXTENSION_MAX;
use crate::{
    Contact, INTERNAL_DIGITS_MAX, InternalNumbers, NumberReading, NumberRules, Phone, PhoneLabel,
    PhoneStyle,
};
use carnet_phone::{E164, Reason, describe, short_numbers};
use std::fmt;
use uuid::Uuid;

/// Places of the counts: one for each length of short numbers, and the first for all other texts.
const PLACES: usize = 1 + INTERNAL_DIGITS_MAX;

/// How many numbers are unread. Short ones are counted by their digits, because a setting decides
/// which of them are internal numbers and so found. The order of the counts is part of the file format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnreadNumbers(pub [u64; PLACES]);

impl UnreadNumbers {
    /// Those of a contact.
    pub fn of(contact: &Contact) -> UnreadNumbers {
        let mut counts = UnreadNumbers::default();
        for (label, phone) in contact.phones().filter(|(_, phone)| phone.is_unread()) {
            // Those of one text have one length.
            let digits = short_digits(label, phone).first().map_or(0, String::len);
            counts.0[digits] += 1;
        }
        counts
    }

    /// Counts these, too.
    pub fn add(&mut self, more: UnreadNumbers) {
        self.0.iter_mut().zip(more.0).for_each(|(count, more)| *count += more);
    }

    /// Counts these no longer.
    pub fn subtract(&mut self, less: UnreadNumbers) {
        // Never below zero: a count that was wrong already is a check's to find.
        let counts = self.0.iter_mut().zip(less.0);
        counts.for_each(|(count, less)| *count = count.saturating_sub(less));
    }

    /// All of them but the internal numbers.
    pub fn count(self, internal: Option<InternalNumbers>) -> u64 {
        let is_found =
            |digits| internal.is_some_and(|internal| digits > 0 && internal.have(digits));
        let counts = self.0.into_iter().enumerate();
        counts.filter(|(digits, _)| !is_found(*digits)).map(|(_, count)| count).sum()
    }
}

/// The digits of each number of an unread text that may be an internal one.
fn short_digits(label: PhoneLabel, phone: &Phone) -> Vec<String> {
    match phone.is_unread() && label.style() == PhoneStyle::Typed {
        true => short_numbers(&phone.input, INTERNAL_DIGITS_MAX),
        false => Vec::new(),
    }
}

/// Why a number is unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnreadReason {
    /// Its text is no number.
    NoNumber(Reason),
    /// Its text can be read by now: the settings or the numbering plans are others than when it was
    /// written.
    ReadableNow,
}

impl fmt::Display for UnreadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnreadReason::NoNumber(reason) => reason.fmt(f),
            UnreadReason::ReadableNow => f.write_str("it can be read by now, with --reread"),
        }
    }
}

/// A number that no look-up finds.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadNumber {
    /// The contact's id.
    pub contact: Uuid,
    /// The contact's name, or an e-mail where it has none.
    pub name: String,
    /// Which of its numbers it is.
    pub label: PhoneLabel,
    /// Its text.
    pub text: String,
    /// Why it is not found.
    pub reason: UnreadReason,
}

/// A number whose text was read anew, and in another way than before.
#[derive(Clone, Debug, PartialEq)]
pub struct RereadNumber {
    /// The contact's id.
    pub contact: Uuid,
    /// The contact's name, or an e-mail where it has none.
    pub name: String,
    /// Which of its numbers it is.
    pub label: PhoneLabel,
    /// Its text.
    pub text: String,
    /// The number that it was.
    pub old: Option<E164>,
    /// What it is now.
    pub new: NumberReading,
}

/// The result of reading a contact's numbers anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anew {
    /// Those that are read in another way.
    pub changes: Vec<RereadNumber>,
    /// Valid numbers that their texts do not spell any more; they stay.
    pub kept: u64,
}

impl Contact {
    /// The numbers that no look-up finds, each with the reason.
    pub fn unread_numbers(&self, rules: NumberRules) -> impl Iterator<Item = UnreadNumber> {
        let unread = self.phones().filter(|(_, phone)| phone.is_unread());
        unread.filter_map(move |(label, phone)| {
            let reason = match rules.read(&phone.input, phone.region, label.style()) {
                NumberReading::Internal(_) => return None,
                NumberReading::Number(_) | NumberReading::Several(_) => UnreadReason::ReadableNow,
                NumberReading::Nothing(reason) => UnreadReason::NoNumber(reason),
            };
            let (name, text) = (self.full_name(), phone.input.clone());
            Some(UnreadNumber { contact: self.id, name, label, text, reason })
        })
    }

    /// First and last name; an e-mail where there is neither.
    fn full_name(&self) -> String {
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        match names.is_empty() {
            false => names.join(" "),
            true => self.emails().next().unwrap_or_default().to_owned(),
        }
    }

    /// The digits of every number that may be an internal one. Which lengths those have is a setting.
    pub fn internal_numbers(&self) -> impl Iterator<Item = String> {
        self.phones().flat_map(|(label, phone)| short_digits(label, phone))
    }

    /// Which of the numbers this internal number is, the first if there are several.
    pub fn label_of_internal(&self, digits: &str) -> Option<PhoneLabel> {
        let is_it = |(label, phone)| short_digits(label, phone).iter().any(|own| own == digits);
        self.phones().find(|(label, phone)| is_it((*label, *phone))).map(|(label, _)| label)
    }

    /// Reads the texts of all numbers anew. A valid number is never taken away: who was found
    /// yesterday must be found tomorrow.
    pub fn read_numbers_anew(&mut self, rules: NumberRules) -> Anew {
        let mut anew = Anew::default();
        let (contact, name) = (self.id, self.full_name());
        for (label, phone) in self.phones_mut() {
            let old = phone.e164;
            let new = rules.read(&phone.input, phone.region, label.style());
            let is_valid = |number: E164| describe(number).valid;
            match &new {
                NumberReading::Number(number) => {
                    // Some numbers do not survive being read in the form in which they are shown.
                    let is_shown = old.is_some_and(|old| *old.international() == *phone.input);
                    let stays = is_shown && (old.is_some_and(is_valid) || !number.valid);
                    if old == Some(number.e164) || stays {
                        continue;
                    }
                    phone.e164 = Some(number.e164);
                    phone.also.clear();
                    let extension = number.extension.and_then(|extension| extension.to_u64());
                    let extension = extension.filter(|digits| *digits <= EXTENSION_MAX);
                    phone.extension = phone.extension.or(extension);
                }
                NumberReading::Several(numbers) => {
                    if phone.also == *numbers {
                        continue;
                    }
                    if old.is_some_and(|old| is_valid(old) && !numbers.contains(&old)) {
                        anew.kept += 1;
                        continue;
                    }
                    // The second number was taken for an extension, perhaps.
                    let typed: String = phone.input.chars().filter(char::is_ascii_digit).collect();
                    let is_in_text = |digits: &u64| typed.contains(&digits.to_string());
                    phone.extension = phone.extension.filter(|digits| !is_in_text(digits));
                    phone.e164 = None;
                    phone.also.clone_from(numbers);
                }
                NumberReading::Nothing(_)
                    if old.is_some_and(is_valid) || !phone.also.is_empty() =>
                {
                    anew.kept += 1;
                    continue;
                }
                NumberReading::Internal(_) | NumberReading::Nothing(_) if phone.is_unread() => {
                    continue;
                }
                NumberReading::Internal(_) | NumberReading::Nothing(_) => {
                    phone.e164 = None;
                    phone.also.clear();
                }
            }
            let (name, text) = (name.clone(), phone.input.clone());
            anew.changes.push(RereadNumber { contact, name, label, text, old, new });
        }
        anew
    }
}

#[cfg(test)]
#[path = "unread/tests.rs"]
mod tests;
