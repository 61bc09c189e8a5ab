//! Templates of names: `{first} {last} ({org})`. Pure: it is given what a contact has, and makes
//! a text in which nothing is left of what is missing, neither brackets nor commas.

use crate::limits::NAME_FORMAT_CHARS_MAX;
use carnet_model::Contact;
use std::fmt;

/// How a name is written, made once of a text such as `{last}, {first}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFormat {
    parts: Vec<Part>,
}

/// Why a text is no format of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFormat(String);

impl fmt::Display for BadFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadFormat {}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// The text between the fields.
    Text(String),
    Field(Field),
    /// Brackets with a field in them: gone when their inside is.
    Group(char, Vec<Part>, char),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    First,
    Middle,
    Last,
    Salutation,
    Title,
    Organization,
}

const FIELDS: &[(&str, Field)] = &[
    ("first", Field::First),
    ("middle", Field::Middle),
    ("last", Field::Last),
    ("salutation", Field::Salutation),
    ("title", Field::Title),
    ("org", Field::Organization),
];

const BRACKETS: &[(char, char)] = &[('(', ')'), ('[', ']')];

impl Default for NameFormat {
    /// `{first} {last}`.
    fn default() -> NameFormat {
        let blank = Part::Text(" ".to_owned());
        NameFormat { parts: vec![Part::Field(Field::First), blank, Part::Field(Field::Last)] }
    }
}

impl NameFormat {
    /// Reads a format. Its fields are `{first}`, `{middle}`, `{last}`, `{salutation}`, `{title}`
    /// and `{org}`; it has at least one.
    ///
    /// # Errors
    /// A sentence without its full stop.
    pub fn parse(text: &str) -> Result<NameFormat, BadFormat> {
        if text.chars().count() > NAME_FORMAT_CHARS_MAX {
            let why = format!("a format has at most {NAME_FORMAT_CHARS_MAX} characters");
            return Err(BadFormat(why));
        }
        let parts = parts(text)?;
        if !parts.iter().any(Part::has_field) {
            return Err(BadFormat(format!("a format needs a field; known are {}", known())));
        }
        Ok(NameFormat { parts })
    }

    /// Whether an organisation's name is part of it.
    pub(crate) fn names_organization(&self) -> bool {
        fn any(parts: &[Part]) -> bool {
            parts.iter().any(|part| match part {
                Part::Text(_) => false,
                Part::Field(field) => *field == Field::Organization,
                Part::Group(_, parts, _) => any(parts),
            })
        }
        any(&self.parts)
    }

    /// The name of a contact; where the format finds nothing of it, its first and last name, then
    /// its organisation's, then nothing.
    pub(crate) fn write(&self, contact: &Contact, organization: Option<&str>) -> String {
        let value = |field| {
            let value = match field {
                Field::First => contact.first_name.as_deref(),
                Field::Middle => contact.middle_name.as_deref(),
                Field::Last => contact.last_name.as_deref(),
                Field::Salutation => contact.salutation.as_deref(),
                Field::Title => contact.title.as_deref(),
                Field::Organization => organization,
            };
            value.map(str::trim).unwrap_or_default()
        };
        let written = render(&self.parts, &value);
        if !written.is_empty() {
            return written;
        }
        let plain = render(&NameFormat::default().parts, &value);
        if plain.is_empty() { value(Field::Organization).to_owned() } else { plain }
    }
}

impl Part {
    fn has_field(&self) -> bool {
        match self {
            Part::Text(_) => false,
            Part::Field(_) => true,
            Part::Group(_, parts, _) => parts.iter().any(Part::has_field),
        }
    }
}

fn known() -> String {
    let names: Vec<String> = FIELDS.iter().map(|(name, _)| format!("{{{name}}}")).collect();
    names.join(", ")
}

fn parts(text: &str) -> Result<Vec<Part>, BadFormat> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if c == '{' {
            let (name, after) =
                after.split_once('}').ok_or_else(|| BadFormat("a { is never closed".to_owned()))?;
            let field = FIELDS.iter().find(|(known, _)| *known == name).ok_or_else(|| {
                BadFormat(format!("there is no field {{{name}}}; known are {}", known()))
            })?;
            parts.push(Part::Field(field.1));
            rest = after;
            continue;
        }
        if c == '}' {
            return Err(BadFormat("a } has no { before it".to_owned()));
        }
        if let Some((open, close)) = BRACKETS.iter().find(|(open, _)| *open == c)
            && let Some(end) = closing(after, *open, *close)
        {
            let inside = self::parts(&after[..end])?;
            // Brackets without a field in them are a text like any other.
            if inside.iter().any(Part::has_field) {
                parts.push(Part::Group(*open, inside, *close));
                rest = &after[end + close.len_utf8()..];
                continue;
            }
        }
        match parts.last_mut() {
            Some(Part::Text(text)) => text.push(c),
            _ => parts.push(Part::Text(c.to_string())),
        }
        rest = after;
    }
    Ok(parts)
}

/// Where the bracket that was opened before this text is closed.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        if c == close && depth == 0 {
            return Some(at);
        }
        depth += i32::from(c == open) - i32::from(c == close);
    }
    None
}

/// Writes what is there. A text before the first value or behind the last goes with that value;
/// of the texts between two values, only the weightiest stays: with the first name missing,
/// `{last}, {first} {middle}` still has its comma.
fn render<'v>(parts: &[Part], value: &impl Fn(Field) -> &'v str) -> String {
    let weight = |text: &str| text.trim().chars().count();
    let mut out = String::new();
    let mut text_before: Option<&str> = None;
    let mut there = None;
    // Brackets around all that there is say nothing.
    let mut lone = None;
    for part in parts {
        let piece = match part {
            Part::Text(_) if out.is_empty() && there == Some(false) => continue,
            Part::Text(text) => {
                if text_before.is_none_or(|kept| weight(text) > weight(kept)) {
                    text_before = Some(text);
                }
                continue;
            }
            Part::Field(field) => value(*field).to_owned(),
            Part::Group(open, parts, close) => {
                let inside = render(parts, value);
                let piece = match &*inside {
                    "" => String::new(),
                    inside => format!("{open}{inside}{close}"),
                };
                lone = (out.is_empty() && text_before.is_none()).then_some(inside);
                piece
            }
        };
        there = Some(!piece.is_empty());
        if !piece.is_empty() {
            let text = text_before.take().unwrap_or_default();
            if !out.is_empty() || !matches!(part, Part::Group(..)) {
                lone = None;
            }
            out.push_str(text);
            out.push_str(&piece);
        } else if out.is_empty() {
            text_before = None;
        }
    }
    match (parts.last(), lone) {
        (Some(Part::Text(text)), _) if there == Some(true) => out + text,
        (_, Some(inside)) => inside,
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: &str, names: [&str; 4], expect: &str) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let [first, middle, last, org] = names;
        let contact = Contact {
            first_name: some(first),
            middle_name: some(middle),
            last_name: some(last),
            ..Contact::default()
        };
        let organization = (!org.is_empty()).then_some(org);
        let format = NameFormat::parse(format).unwrap();
        assert_eq!(format.write(&contact, organization), expect, "{names:?}");
    }

    #[test]
    fn a_name_is_written_as_its_format_says() {
        let all = ["Ada", "King", "Lovelace", "Acme (UK)"];
        check("{first} {last}", all, "Ada Lovelace");
        check("{last}, {first}", all, "Lovelace, Ada");
        check("{last}, {first} {middle}", all, "Lovelace, Ada King");
        check("{org}", all, "Acme (UK)");
        check("{first} {last} ({org})", all, "Ada Lovelace (Acme (UK))");
        check("{org}: {first} [{last} ({middle})]", all, "Acme (UK): Ada [Lovelace (King)]");
        check("Ms {last}!", all, "Ms Lovelace!");
        check("(c) {last} :)", all, "(c) Lovelace :)");
    }

    #[test]
    fn nothing_is_left_of_what_is_missing() {
        check("{first} {last}", ["", "", "Lovelace", ""], "Lovelace");
        check("{first} {last}", ["Ada", "", "", ""], "Ada");
        check("{last}, {first}", ["Ada", "", "", ""], "Ada");
        check("{last}, {first}", ["", "", "Lovelace", ""], "Lovelace");
        check("{last}, {first} {middle}", ["", "King", "Lovelace", ""], "Lovelace, King");
        check("{first} {middle} {last}", ["Ada", "", "Lovelace", ""], "Ada Lovelace");
        check("{first} {last} ({org})", ["Ada", "", "Lovelace", ""], "Ada Lovelace");
        check("{first} {last} ({org})", ["", "", "", "Acme"], "Acme");
        check("({org}) {first}", ["Ada", "", "", "Acme"], "(Acme) Ada");
        check("{org}: {first} {last}", ["Ada", "", "", ""], "Ada");
        check("[{middle} ({org})] {last}", ["", "", "Lovelace", ""], "Lovelace");
        check("Ms {last}, {first}", ["Ada", "", "", ""], "Ada");
        check("{first} - {last}!", ["Ada", "", "", ""], "Ada");
    }

    #[test]
    fn who_has_no_name_is_called_after_the_organisation() {
        check("{first} {last}", ["", "", "", "Acme"], "Acme");
        check("{middle}", ["", "", "", "Acme"], "Acme");
        check("{org}", ["Ada", "", "Lovelace", ""], "Ada Lovelace");
        check("{last}", ["", "", "", ""], "");
    }

    #[test]
    fn what_is_no_format_is_told_why() {
        for (text, why) in [
            ("", "needs a field"),
            ("(c)", "needs a field"),
            ("{frist}", "{first}, {middle}, {last}, {salutation}, {title}, {org}"),
            ("{first", "never closed"),
            ("first}", "no { before"),
            ("({first)}", "never closed"),
            (&format!("{{first}}{}", "(".repeat(NAME_FORMAT_CHARS_MAX)), "at most"),
        ] {
            let bad = NameFormat::parse(text).unwrap_err().to_string();
            assert!(bad.contains(why), "{text}: {bad}");
        }
        let deep = "(".repeat(90) + "{org}" + &")".repeat(90);
        assert!(NameFormat::parse(&deep).unwrap().names_organization());
        assert_eq!(NameFormat::parse("{first} {last}"), Ok(NameFormat::default()));
        assert!(!NameFormat::default().names_organization());
    }
}
