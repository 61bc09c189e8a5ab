//! Telephone numbers of a record that others have written: several in one field, rounded ones, and
//! those that another default region has read.

use crate::import::draft::Draft;
use crate::import::record::{Notice, NoticeKind};
use carnet_model::{NumberRules, PhoneStyle};
use carnet_phone::{
    E164, NUMBERS_MAX, Number, NumberKind, Reason, Region, describe, normalise, several,
};
use serde_json::{Map, Value, json};
use std::ops::Range;

/// The numbers of a contact that are free for others.
pub(super) const OF_CONTACTS: [&str; 4] = ["workPhone", "cellPhone", "homePhone", "otherPhone"];
/// The numbers of an organisation; each has a meaning of its own, and takes no other.
pub(super) const OF_ORGANIZATIONS: [&str; 2] = ["phoneNumber", "faxNumber"];

/// Where a mobile number goes that needs a field, and where any other does.
const FOR_MOBILE: [&str; 4] = ["cellPhone", "otherPhone", "homePhone", "workPhone"];
const FOR_OTHERS: [&str; 4] = ["otherPhone", "homePhone", "workPhone", "cellPhone"];

/// Tidies these numbers of a record.
pub(super) fn tidy(
    draft: &mut Draft<'_>,
    names: &[&'static str],
    rules: NumberRules,
    notices: &mut Vec<Notice>,
) {
    let default_region = rules.default_region;
    for name in names {
        let Some(Value::Object(phone)) = draft.get(name) else { continue };
        let home = home_of(phone, default_region);
        if let Some((phone, said)) = read_anew(phone, home) {
            notices.extend(said.map(|reason| notice(name, NoticeKind::ReadAnew, reason)));
            draft.set(name, Value::Object(phone));
        }
    }
    for name in names {
        let Some(Value::Object(phone)) = draft.get(name) else { continue };
        let Some(display) = text(phone, "display") else { continue };
        let home = home_of(phone, default_region);
        // A quantity has an exponent, and most texts have none. A contact's number is named with all
        // others that cannot be read.
        if names != OF_CONTACTS
            && display.contains(['E', 'e'])
            && normalise(display, home) == Err(Reason::Rounded)
        {
            let reason = format!("{}; it stays as it is", Reason::Rounded);
            notices.push(notice(name, NoticeKind::Rounded, reason));
        }
        // An export's text with several numbers was kept so, and goes back as it was.
        let is_kept = text(phone, "userInput") == Some(display);
        if is_kept || !rules.internal(display, PhoneStyle::Typed).is_empty() {
            continue;
        }
        let found = several(display, home);
        if found.is_empty() {
            continue;
        }
        let (phone, display) = (phone.clone(), display.to_owned());
        let moved = match names == OF_CONTACTS {
            true => spread(draft, name, &phone, &display, &found, default_region),
            false => None,
        };
        notices.push(match moved {
            Some(to) if to.is_empty() => continue,
            Some(to) => {
                let to = to.join(" and ");
                let reason = format!("several numbers in one field; the others are in {to} now");
                notice(name, NoticeKind::Moved, reason)
            }
            None => {
                let why = why_crowded(draft, &display, &found);
                notice(name, NoticeKind::Crowded, format!("several numbers in one field, {why}"))
            }
        });
    }
}

/// Why several numbers stay in one field, as the rest of a sentence.
fn why_crowded(
    draft: &Draft<'_>,
    display: &str,
    found: &[(Range<usize>, carnet_phone::Number)],
) -> &'static str {
    if found.len() < NUMBERS_MAX && says_more(display, found) {
        "among other words: it stays as typed"
    } else if draft.leaves_others() && OF_CONTACTS.iter().any(|name| !draft.mentions(name)) {
        "and too few free ones among those that the row mentions; the others are left alone, and it \
         stays as typed"
    } else {
        "and too few free ones: it stays as typed"
    }
}

fn notice(name: &str, kind: NoticeKind, reason: String) -> Notice {
    Notice { field: format!("{name}.display"), kind, reason }
}

fn text<'a>(phone: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    phone.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The region in which a number is read.
fn home_of(phone: &Map<String, Value>, default_region: Region) -> Region {
    text(phone, "normalizationCountryCode").and_then(Region::parse).unwrap_or(default_region)
}

/// Puts all numbers but the first into free fields, and says into which; `None`, and nothing is
/// changed, when they do not fit or the text says more than numbers.
fn spread(
    draft: &mut Draft<'_>,
    name: &'static str,
    phone: &Map<String, Value>,
    display: &str,
    found: &[(Range<usize>, Number)],
    default_region: Region,
) -> Option<Vec<&'static str>> {
    // Of more numbers than these the rest is not known.
    if found.len() >= NUMBERS_MAX || says_more(display, found) {
        return None;
    }
    let mut known: Vec<E164> = OF_CONTACTS
        .iter()
        .filter(|other| **other != name)
        .filter_map(|other| number_of(draft.get(other)?, default_region))
        .collect();
    let mut left: Vec<&'static str> =
        OF_CONTACTS.into_iter().filter(|other| *other != name && draft.is_free(other)).collect();
    let mut places = Vec::new();
    for (range, number) in found {
        if known.contains(&number.e164) {
            continue;
        }
        known.push(number.e164);
        let place = match places.is_empty() {
            true => name,
            false => {
                let mobile = number.kind == NumberKind::Mobile;
                let order = if mobile { FOR_MOBILE } else { FOR_OTHERS };
                let free = order.into_iter().find(|place| left.contains(place))?;
                left.retain(|place| *place != free);
                free
            }
        };
        places.push((place, range.clone(), number));
    }
    if places.is_empty() {
        // Other fields have all of them.
        draft.set(name, Value::Null);
        return Some(Vec::new());
    }
    let home = home_of(phone, default_region);
    for (place, range, number) in &places {
        let mut one = json!({ "display": alone(display.get(range.clone())?, number, home) });
        for kept in ["acceptsSMS", "normalizationCountryCode", "extension"] {
            // An extension of its own stands behind the first number.
            if let Some(value) = phone.get(kept).filter(|_| kept != "extension" || *place == name) {
                one[kept] = value.clone();
            }
        }
        draft.set(place, one);
    }
    Some(places.into_iter().skip(1).map(|(place, _, _)| place).collect())
}

/// The text of a number that stands alone: the part that it was read from, or, where that says it only
/// beside another number, the number in full. `91` of `212-555-0190/91` is +12125550191.
fn alone(part: &str, number: &Number, home: Region) -> String {
    let says_it = |read: Number| read.e164 == number.e164 && read.extension == number.extension;
    if normalise(part, home).is_ok_and(says_it) {
        return part.to_owned();
    }
    let extension = number.extension.map(|digits| format!(" ext. {digits}"));
    format!("{}{}", number.e164, extension.unwrap_or_default())
}

/// Whether there are words beside the numbers, more than one between two of them.
fn says_more(display: &str, found: &[(Range<usize>, Number)]) -> bool {
    let words = |from: usize, to: usize| {
        let gap = display.get(from..to).unwrap_or_default();
        gap.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count()
    };
    let mut end = 0;
    for (n, (range, _)) in found.iter().enumerate() {
        if words(end, range.start) > usize::from(n > 0) {
            return true;
        }
        end = range.end;
    }
    words(end, display.len()) > 0
}

/// The number that a field has, in either form.
fn number_of(phone: &Value, default_region: Region) -> Option<E164> {
    let phone = phone.as_object()?;
    let home = home_of(phone, default_region);
    normalise(text(phone, "display")?, home).ok().map(|number| number.e164)
}

/// A number that was read in another region than today's, as what was typed: where it is no valid
/// number, and the text is one here, or is none at all where the number belongs. A valid number stays
/// what it is: the same digits may be a number in many countries. With a sentence, if there is
/// something to say.
fn read_anew(
    phone: &Map<String, Value>,
    home: Region,
) -> Option<(Map<String, Value>, Option<String>)> {
    let (typed, shown) = (text(phone, "userInput")?, text(phone, "display")?);
    let number = text(phone, "e164").and_then(E164::parse)?;
    // Compared by its digits: another version may have grouped them otherwise.
    if typed == shown || !shown.starts_with('+') || digits_of(shown) != number.digits().to_string()
    {
        return None;
    }
    let as_typed = || {
        let mut anew = phone.clone();
        anew.insert("display".to_owned(), Value::from(typed));
        anew.remove("userInput");
        anew.remove("e164");
        anew
    };
    if !several(typed, home).is_empty() {
        let mut anew = as_typed();
        // What was taken for an extension is the end of the text.
        let extension = phone.get("extension").map(Value::to_string);
        if extension.is_some_and(|digits| typed.ends_with(&digits)) {
            anew.remove("extension");
        }
        return Some((anew, None));
    }
    let described = describe(number);
    if described.valid {
        return None;
    }
    let read = |region| normalise(typed, region).ok();
    let here = read(home);
    if let Some(new) = here.filter(|new| new.valid && new.e164 != number) {
        let reason = format!("read anew from what was typed: {} in place of {number}", new.e164);
        return Some((as_typed(), Some(reason)));
    }
    let same = [here, read(described.country)];
    if same.into_iter().flatten().any(|read| read.e164 == number) || !ends_with(number, typed) {
        return None;
    }
    let reason = format!("what was typed is no number here; it was {number}, which is none either");
    Some((as_typed(), Some(reason)))
}

/// Whether the digits of a text are the last ones of a number, as when the country code was put
/// before them.
fn ends_with(number: E164, typed: &str) -> bool {
    let digits = digits_of(typed);
    !digits.is_empty() && number.digits().to_string().ends_with(&digits)
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
