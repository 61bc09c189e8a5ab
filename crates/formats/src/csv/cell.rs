//! Text in the cells of a table that a spreadsheet may open. A cell that a spreadsheet would
//! take for a formula gets an apostrophe in front, which reading takes off again; every text
//! comes back as it was.

use carnet_model::FaultKind;
use serde_json::Value;
use std::borrow::Cow;

const GUARD: char = '\'';

/// The text as a cell has it.
pub(super) fn write(text: String) -> String {
    if needs_guard(&text) { format!("{GUARD}{text}") } else { text }
}

/// The text that a cell means.
pub(super) fn read(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix(GUARD) {
        Some(text) if needs_guard(text) => Cow::Borrowed(text),
        _ => Cow::Borrowed(cell),
    }
}

/// Texts that begin like a formula; and those that would lose an apostrophe of their own when
/// they are read.
fn needs_guard(text: &str) -> bool {
    let bare = text.trim_start_matches(GUARD);
    match bare.chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＠' | '＋' | '－') => true,
        Some('+' | '-') => !looks_like_a_number(&bare[1..]),
        _ => false,
    }
}

/// Digits with the marks between the digits of telephone numbers. As a formula such a text is
/// harmless: it calls nothing.
fn looks_like_a_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '/'))
}

/// Reads a cell that is true or false.
pub(super) fn read_truth(cell: &str) -> Result<Value, FaultKind> {
    let truth = truth(cell.trim()).ok_or(FaultKind::WrongType { expected: "true or false" })?;
    Ok(Value::from(truth))
}

/// The truth value that people and spreadsheets mean by a word.
fn truth(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "1"]) {
        Some(true)
    } else if is(&["false", "no", "0"]) {
        Some(false)
    } else {
        None
    }
}
