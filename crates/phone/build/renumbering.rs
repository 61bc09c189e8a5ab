//! Reads `data/renumbering.tsv`, whose head tells its columns.

use std::error::Error;
use std::fmt::Write;

/// A place of a new number that takes the next digit of the old one.
const COPIED: u8 = 10;
/// Columns of a line.
const COLUMNS: usize = 8;
/// Bits of all ten digits.
const ANY: u16 = 0x3ff;

/// A line of the file; the digits include the country calling code.
struct Change {
    old_code: u16,
    new_code: u16,
    old: Vec<u16>,
    new: Vec<u8>,
}

/// The tables as Rust source: the changes within a calling code in the order of the codes, and those
/// from one code to another; and bit `n` for each calling code `n` that has some.
pub(crate) fn tables(text: &str) -> Result<String, Box<dyn Error>> {
    let mut within = Vec::new();
    let mut moved = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let change = change(line).ok_or_else(|| {
            format!("data/renumbering.tsv, line {}, is no change: {line}", at + 1)
        })?;
        let kind = if change.old_code == change.new_code { &mut within } else { &mut moved };
        kind.push(change);
    }
    let mut codes = [0_u64; 16];
    for change in within.iter().chain(&moved) {
        codes[usize::from(change.old_code / 64)] |= 1 << (change.old_code % 64);
    }
    within.sort_by_key(|change| change.old_code);
    let mut out = String::new();
    for (name, changes) in [("CHANGES", within), ("MOVED", moved)] {
        writeln!(out, "pub(crate) static {name}: [Change; {}] = [", changes.len())?;
        for Change { old_code, old, new, .. } in changes {
            writeln!(out, "    Change {{ code: {old_code}, old: &{old:?}, new: &{new:?} }},")?;
        }
        writeln!(out, "];")?;
    }
    writeln!(out, "pub(crate) static CHANGED_CODES: [u64; 16] = {codes:?};")?;
    Ok(out)
}

/// A line; `None` when it is not understood.
fn change(line: &str) -> Option<Change> {
    let columns: [&str; COLUMNS] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
    let [_, new_code, old, new, _, _, old_code, _] = columns;
    let old_code = if old_code == "-" { new_code } else { old_code };
    let old = places(&format!("{old_code}{old}"))?;
    let new = places(&format!("{new_code}{new}"))?;
    let free = |places: &[u16]| places.iter().filter(|mask| !mask.is_power_of_two()).count();
    if free(&old) != free(&new) {
        return None;
    }
    let digit = |mask: &u16| match mask.is_power_of_two() {
        true => u8::try_from(mask.trailing_zeros()).unwrap_or(COPIED),
        false => COPIED,
    };
    let new = new.iter().map(digit).collect();
    let (old_code, new_code) = (old_code.parse().ok()?, new_code.parse().ok()?);
    Some(Change { old_code, new_code, old, new })
}

/// For each digit of a form bit `n` where it may be `n`.
fn places(form: &str) -> Option<Vec<u16>> {
    let mut places = Vec::new();
    let mut rest = form.chars();
    while let Some(c) = rest.next() {
        places.push(match c {
            'x' => ANY,
            '[' => class(&rest.by_ref().take_while(|c| *c != ']').collect::<String>())?,
            c => 1 << c.to_digit(10)?,
        });
    }
    Some(places)
}

/// The digits of a class such as `2-57`.
fn class(text: &str) -> Option<u16> {
    let mut mask = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let from = c.to_digit(10)?;
        let to = match rest.next_if_eq(&'-') {
            Some(_) => rest.next()?.to_digit(10)?,
            None => from,
        };
        (from..=to).for_each(|digit| mask |= 1 << digit);
    }
    // A class of one digit would not be copied.
    (u16::count_ones(mask) > 1).then_some(mask)
}
