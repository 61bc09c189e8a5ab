//! Reads `data/renumbering.tsv`: for each change of a numbering plan the country code, and the old and
//! the new form of the digits behind it. In an old form `x` is any digit and `[2-5]` one of some, and
//! each of these stands at an `x` of the new form, in their order.

use std::error::Error;
use std::fmt::Write;

/// A place of a new form that takes the next digit of the old one.
const COPIED: u8 = 10;

/// A line of the file.
struct Change {
    code: u16,
    old: Vec<u16>,
    new: Vec<u8>,
}

/// The table as Rust source, in the order of the country codes.
pub(crate) fn table(text: &str) -> Result<String, Box<dyn Error>> {
    let mut changes = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let change = change(line).ok_or_else(|| format!("line {} of the changes: {line}", at + 1))?;
        changes.push(change);
    }
    changes.sort_by_key(|change| change.code);
    let mut out = String::new();
    writeln!(out, "pub(crate) static CHANGES: [Change; {}] = [", changes.len())?;
    for Change { code, old, new } in changes {
        writeln!(out, "    Change {{ code: {code}, old: &{old:?}, new: &{new:?} }},")?;
    }
    writeln!(out, "];")?;
    Ok(out)
}

/// A line; `None` when it is not understood.
fn change(line: &str) -> Option<Change> {
    let mut columns = line.split('\t');
    let code = columns.next()?.parse().ok()?;
    let old = places(columns.next()?)?;
    let new: Vec<u8> = columns
        .next()?
        .chars()
        .map(|c| if c == 'x' { Some(COPIED) } else { c.to_digit(10).and_then(|n| n.try_into().ok()) })
        .collect::<Option<_>>()?;
    let copied = old.iter().filter(|mask| !mask.is_power_of_two()).count();
    let taken = new.iter().filter(|place| **place == COPIED).count();
    (copied == taken && columns.count() == 3).then_some(Change { code, old, new })
}

/// For each place of an old form bit `n` for each digit `n` that may stand there.
fn places(form: &str) -> Option<Vec<u16>> {
    let mut places = Vec::new();
    let mut rest = form.chars();
    while let Some(c) = rest.next() {
        places.push(match c {
            'x' => 0x3ff,
            '[' => {
                let class: String = rest.by_ref().take_while(|c| *c != ']').collect();
                digits_of(&class)?
            }
            c => 1 << c.to_digit(10)?,
        });
    }
    Some(places)
}

/// The digits of a class such as `2-57`.
fn digits_of(class: &str) -> Option<u16> {
    let mut mask = 0;
    let mut rest = class.chars().peekable();
    while let Some(c) = rest.next() {
        let from = c.to_digit(10)?;
        let to = match rest.next_if_eq(&'-') {
            Some(_) => rest.next()?.to_digit(10)?,
            None => from,
        };
        (from..=to).for_each(|digit| mask |= 1 << digit);
    }
    (mask != 0).then_some(mask)
}
