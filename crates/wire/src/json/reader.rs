//! Reading JSON without stopping at the first fault.
//!
//! A [`Reader`] is one place in a body: the value there, the path to it, and the list that faults
//! go to. Paths live on the stack and become text only when there is a fault to report.

use crate::Checked;
use carnet_model::{FaultKind, Invalid, large_whole};
use serde_json::Value;
use std::cell::RefCell;
use std::fmt;
use uuid::Uuid;

/// The name that the body itself has in a fault.
pub(crate) const ROOT: &str = "$";

/// The control characters of a text on several lines.
fn is_line_control(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t')
}

/// Invisible characters: spaces without width, joiners, marks of direction and the soft hyphen.
/// They may be part of a name, but are no name by themselves.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a text shows nothing at all.
pub(crate) fn is_unseen(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// One step of a path.
#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Field(&'a str),
    Index(usize),
}

/// Where a value is: a list from the leaf to the root.
#[derive(Clone, Copy)]
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body alone is called `$`; the paths of its fields begin with their names.
        let inner = self.parent.filter(|p| !matches!(p.step, Step::Root));
        if let Some(parent) = inner {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => f.write_str(ROOT),
            Step::Field(name) if inner.is_some() => write!(f, ".{name}"),
            Step::Field(name) => f.write_str(name),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// One place in a body. An absent value and a `null` are the same.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    value: Option<&'a Value>,
    path: Path<'a>,
    faults: &'a RefCell<Invalid>,
}

/// Reads a whole body with `read`, and gathers the faults.
pub(crate) fn read_body<T>(body: &Value, read: impl FnOnce(&Reader<'_>) -> T) -> Checked<T> {
    let faults = RefCell::default();
    let root = Reader {
        value: Some(body),
        path: Path { parent: None, step: Step::Root },
        faults: &faults,
    };
    let value = read(&root);
    Checked { value, invalid: faults.into_inner() }
}

impl<'a> Reader<'a> {
    /// Notes a fault here.
    pub(crate) fn fault(&self, kind: FaultKind) {
        self.faults.borrow_mut().add(self.path.to_string(), kind);
    }

    /// Notes that the value here cannot be, and why.
    pub(crate) fn refuse(&self, why: impl Into<String>) {
        self.fault(FaultKind::Value(why.into()));
    }

    /// Adds a fault unless there is a value here, right or wrong.
    pub(crate) fn require(&self) {
        if self.is_blank() {
            self.fault(FaultKind::Required);
        }
    }

    /// Adds a fault unless there is a name here with at least one visible character.
    pub(crate) fn require_name(&self) {
        if self.is_blank() || self.value.and_then(Value::as_str).is_some_and(is_unseen) {
            self.fault(FaultKind::Required);
        }
    }

    fn wrong_type(&self, expected: &'static str) {
        self.fault(FaultKind::WrongType { expected });
    }

    /// How many faults there are so far, in the whole body.
    pub(crate) fn fault_count(&self) -> usize {
        self.faults.borrow().faults.len()
    }

    /// The value, unchecked; `None` when absent or `null`.
    pub(crate) fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// Which entry of a list this is, from 0; `None` where it is none.
    pub(crate) fn index(&self) -> Option<usize> {
        match self.path.step {
            Step::Index(index) => Some(index),
            Step::Root | Step::Field(_) => None,
        }
    }

    /// True when nothing was given: absent, `null`, or a text of blanks.
    pub(crate) fn is_blank(&self) -> bool {
        match self.value {
            None => true,
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(_) => false,
        }
    }

    /// The field `name` of the object here; absent where here is no object.
    pub(crate) fn field<'b>(&'b self, name: &'b str) -> Reader<'b> {
        let value = self.value.and_then(|value| value.get(name));
        let field = self.child(value, Step::Field(name));
        #[cfg(test)]
        asked::note(&field.path);
        field
    }

    fn child<'b>(&'b self, value: Option<&'b Value>, step: Step<'b>) -> Reader<'b> {
        Reader {
            value: value.filter(|value| !value.is_null()),
            path: Path { parent: Some(&self.path), step },
            faults: self.faults,
        }
    }

    /// This place, if it is an object; any other value but an absent one is a fault.
    pub(crate) fn object(&self) -> Option<&Reader<'a>> {
        match self.value? {
            Value::Object(_) => Some(self),
            _ => {
                self.wrong_type("an object");
                None
            }
        }
    }

    /// The body itself, which must be an object, `null` not excepted.
    pub(crate) fn body(&self) -> Option<&Reader<'a>> {
        match self.value {
            Some(Value::Object(_)) => Some(self),
            _ => {
                self.wrong_type("an object");
                None
            }
        }
    }

    /// The entries of the list here, `null`s left out; none but a fault where it is no list.
    /// More than `max` are a fault, and only the first `max` are looked at.
    pub(crate) fn list<'b>(&'b self, max: usize) -> impl Iterator<Item = Reader<'b>> + 'b {
        // Places are counted before `null`s are left out: faults name those of the request.
        let entries: &[Value] = match self.value {
            None => &[],
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                self.wrong_type("a list");
                &[]
            }
        };
        if entries.len() > max {
            self.fault(FaultKind::TooLong { max });
        }
        entries
            .iter()
            .take(max)
            .enumerate()
            .filter(|(_, entry)| !entry.is_null())
            .map(|(index, entry)| self.child(Some(entry), Step::Index(index)))
    }

    /// A text on one line of at most `max` characters, trimmed; `None` when blank.
    pub(crate) fn text(&self, max: usize) -> Option<String> {
        self.str(max, char::is_control).map(str::to_owned)
    }

    /// A name, as [`Reader::text`] reads it; `None` also when all of its characters are invisible.
    pub(crate) fn name(&self, max: usize) -> Option<String> {
        self.text(max).filter(|name| !is_unseen(name))
    }

    /// A text that is kept on one line, of at most `max` characters there: lines are joined by
    /// commas, tabs become blanks. `None` when blank.
    pub(crate) fn joined(&self, max: usize) -> Option<String> {
        // Without a bound: it is the joined text that must fit.
        let text = self.str(usize::MAX, |c| c.is_control() && !is_line_control(c))?;
        if !text.contains(is_line_control) {
            return self.text(max);
        }
        let text = text.replace('\t', " ");
        let lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
        let joined = lines.collect::<Vec<_>>().join(", ");
        if joined.chars().count() > max {
            self.fault(FaultKind::TooLong { max });
            return None;
        }
        Some(joined)
    }

    /// A text on one line of at most `max` characters, trimmed and borrowed; `None` when blank.
    pub(crate) fn line(&self, max: usize) -> Option<&'a str> {
        self.str(max, char::is_control)
    }

    /// A text on any number of lines of at most `max` characters, trimmed; `None` when blank.
    pub(crate) fn lines(&self, max: usize) -> Option<String> {
        self.str(max, |c| c.is_control() && !is_line_control(c)).map(str::to_owned)
    }

    fn str(&self, max: usize, forbidden: impl Fn(char) -> bool) -> Option<&'a str> {
        let value = self.value?;
        let Some(text) = value.as_str().filter(|_| large_whole(value).is_none()) else {
            self.wrong_type("a text");
            return None;
        };
        let text = text.trim();
        // No character has less than one byte, so most texts need not be counted.
        if text.len() > max && text.chars().count() > max {
            self.fault(FaultKind::TooLong { max });
            return None;
        }
        if text.contains(forbidden) {
            self.refuse("control characters are not allowed");
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// The text here if there is one that could be kept, without a fault otherwise: for fields
    /// that the server sets, which are read only where the client gave nothing better.
    pub(crate) fn hint(&self, max: usize) -> Option<&'a str> {
        let text = self.value?.as_str()?.trim();
        let fits = !text.is_empty() && text.chars().count() <= max;
        (fits && !text.contains(char::is_control)).then_some(text)
    }

    /// A truth value.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.value? {
            Value::Bool(value) => Some(*value),
            _ => {
                self.wrong_type("true or false");
                None
            }
        }
    }

    /// A whole number; `3.0` is one.
    pub(crate) fn integer(&self) -> Option<i64> {
        let number = self.value?.as_number();
        if self.value.is_some_and(|value| large_whole(value).is_some()) {
            self.refuse(type_bounds());
            return None;
        }
        let float = number.and_then(serde_json::Number::as_f64);
        let whole = number.and_then(|number| number.as_i64().or_else(|| float.and_then(whole)));
        if whole.is_none() {
            match float.filter(|float| float.fract() == 0.0) {
                Some(float) => self.refuse(too_large(float)),
                None => self.wrong_type("a whole number"),
            }
        }
        whole
    }

    /// A UUID in the form with hyphens; `None` when blank.
    pub(crate) fn uuid(&self) -> Option<Uuid> {
        let text = self.line(usize::MAX)?;
        let id = parse_uuid(text);
        if id.is_none() {
            self.refuse("this is not a UUID");
        }
        id
    }
}

/// Reads a UUID in the form with hyphens, of either case, and in no other.
pub(crate) fn parse_uuid(text: &str) -> Option<Uuid> {
    // The crate also reads braces, URNs and texts without hyphens.
    (text.len() == 36).then(|| Uuid::try_parse(text).ok())?
}

/// The largest float below which floats represent every integer.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// The bounds of a whole number that is kept in 64 bits.
fn type_bounds() -> String {
    format!("a whole number is from {} to {}", i64::MIN, i64::MAX)
}

/// The bounds that a whole number lies outside of.
fn too_large(float: f64) -> String {
    // 2^63 is the first that an `i64` cannot hold.
    if float.abs() >= 9_223_372_036_854_775_808.0 {
        return type_bounds();
    }
    format!("a whole number with a point or an exponent is from -{EXACT_MAX} to {EXACT_MAX}")
}

/// The integer that equals a float, within the range where floats represent every integer.
fn whole(float: f64) -> Option<i64> {
    let exact = float.fract() == 0.0 && float.abs() <= EXACT_MAX;
    #[allow(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    exact.then_some(float as i64)
}

/// The fields that were asked for on this thread, for a test of what the readers take.
#[cfg(test)]
pub(crate) mod asked {
    use super::{Path, Step};
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static PATHS: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn note(path: &Path<'_>) {
        let mut names = Vec::new();
        let mut at = Some(path);
        while let Some(path) = at {
            if let Step::Field(name) = path.step {
                names.insert(0, name);
            }
            at = path.parent;
        }
        PATHS.with_borrow_mut(|paths| paths.insert(names.join(".")));
    }

    pub(crate) fn forget() {
        PATHS.with_borrow_mut(BTreeSet::clear);
    }

    /// The paths, without the places in lists.
    pub(crate) fn paths() -> BTreeSet<String> {
        PATHS.with_borrow(BTreeSet::clone)
    }
}

#[cfg(test)]
mod tests;
