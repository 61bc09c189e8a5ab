//! The answers of `normalise`: the number, or the reason why there is none; and the rules that can
//! be chosen.

use crate::{Description, E164, Extension, NumberKind, Region, describe};

/// A number that was read. It is *possible* (its length exists in its country); whether it is also
/// *valid* (the country gave out such numbers) is a field of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number itself, without its extension.
    pub e164: E164,
    /// The digits that are dialled after the call was answered, where the text had them.
    pub extension: Option<Extension>,
    /// Whether the number fits a pattern of its region.
    pub valid: bool,
    /// Where the number belongs; `None` where a calling code is shared and no region claims it.
    pub region: Option<Region>,
    /// The sort of line; `Unknown` unless valid.
    pub kind: NumberKind,
}

/// A number without an extension, with what its digits tell.
impl From<E164> for Number {
    fn from(e164: E164) -> Number {
        let Description { valid, region, kind, .. } = describe(e164);
        Number { e164, extension: None, valid, region, kind }
    }
}

/// Why a text is not a number that can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// Nothing was written.
    #[error("there is no text")]
    Empty,
    /// There are no digits, or they do not stand as in a number.
    #[error("this is not a telephone number")]
    NotANumber,
    /// National form, and no default region was given.
    #[error("the country code is missing")]
    NoCountryCode,
    /// International form, with a calling code that no country has.
    #[error("no country has this country code")]
    UnknownCountryCode,
    /// Fewer digits than any number of the country has.
    #[error("the number is too short")]
    TooShort,
    /// More digits than any number of the country has, or than E.164 allows.
    #[error("the number is too long")]
    TooLong,
    /// Between the shortest and the longest of the country, and yet no number has this length.
    #[error("no number of this country has this many digits")]
    WrongLength,
    /// Can be dialled only within its own area: the area code is missing.
    #[error("the area code is missing")]
    LocalOnly,
    /// Only the extension was written.
    #[error("this is only an extension")]
    ExtensionOnly,
    /// National form, and no number of the default region begins like this.
    #[error("no number of the default region looks like this; write it with its country code")]
    UnlikeRegion,
    /// Some of the digits are not shown, as in `0151 XX XX 678`.
    #[error("some of its digits are hidden")]
    Hidden,
    /// A spreadsheet has taken the number for a quantity, and dropped its last digits.
    #[error("a spreadsheet has rounded this number, and its last digits are lost")]
    Rounded,
    /// There is more than one number in the text.
    #[error("there is more than one number")]
    Several,
    /// The text has more than 250 characters.
    #[error("the text is too long for a telephone number")]
    TextTooLong,
}

/// The rules of carnet's own that are applied around Google's reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// A leading `00` is read as `+` where the default region dials something else abroad,
    /// unless the text is a valid number of that region as it stands.
    pub leading_zero_zero: bool,
    /// One leading space before a digit is read as `+`, as a `+` that was not escaped arrives in a
    /// URL, if that makes a possible number.
    pub space_for_plus: bool,
    /// `tel:`, `sip:` and `sips:` URIs are taken apart.
    pub uris: bool,
    /// Numbers without their area code are refused.
    pub refuse_local_only: bool,
    /// More than the 15 digits of E.164 are refused.
    pub refuse_over_15_digits: bool,
    /// A text that is an extension only is refused, where its digits alone would have been a number
    /// of the default region.
    pub refuse_extension_only: bool,
    /// Characters that cannot be seen are dropped; every kind of blank, hyphen and middle dot, every
    /// full-width sign and the digits of every script are what they look like.
    pub plain_characters: bool,
    /// A name behind a whole number or in brackets is no part of it; `poste 12`, `*12`, `p12`,
    /// `(12)` and their like are extensions; a number with hidden digits is refused.
    pub marks: bool,
    /// What a spreadsheet has made of a number is turned back, where all digits are there.
    pub spreadsheets: bool,
    /// A number without country code is refused where the region's general pattern does not take it.
    pub refuse_unlike_region: bool,
    /// Digits without a plus that begin with the default region's country code are read with it, where
    /// they are a valid mobile number then or have the national prefix behind the code.
    pub home_code: bool,
    /// A zero behind a country code is dropped where the number is valid only without it.
    pub trunk_zero: bool,
    /// A number of an old numbering plan is read as the one that replaced it.
    pub renumbered: bool,
    /// A text that has more than one number is refused.
    pub refuse_several: bool,
}

impl Rules {
    /// All of carnet's own rules.
    pub const CARNET: Rules = Rules {
        leading_zero_zero: true,
        space_for_plus: true,
        uris: true,
        refuse_local_only: true,
        refuse_over_15_digits: true,
        refuse_extension_only: true,
        plain_characters: true,
        marks: true,
        spreadsheets: true,
        refuse_unlike_region: true,
        home_code: true,
        trunk_zero: true,
        renumbered: true,
        refuse_several: true,
    };

    /// None of them: what Google's libphonenumber calls possible is accepted.
    pub const GOOGLE: Rules = Rules {
        leading_zero_zero: false,
        space_for_plus: false,
        uris: false,
        refuse_local_only: false,
        refuse_over_15_digits: false,
        refuse_extension_only: false,
        plain_characters: false,
        marks: false,
        spreadsheets: false,
        refuse_unlike_region: false,
        home_code: false,
        trunk_zero: false,
        renumbered: false,
        refuse_several: false,
    };
}

/// carnet's own.
impl Default for Rules {
    fn default() -> Rules {
        Rules::CARNET
    }
}
