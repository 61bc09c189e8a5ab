//! Import into a running daemon: lines of JSON in batches, each of which is durable when it is
//! answered. A batch names its lines from 1; here they get the numbers of the input again.

use std::collections::HashSet;

use carnet_formats::rows::{Row, is_unkeyed_line};
use serde_json::Value;

use super::report::Report;
use super::tally::Tally;
use crate::failure::Failure;
use carnet_client::{CARNET_PATH, Remote};

/// Lines of one batch. The daemon names up to a thousand faults an answer, and applies a
/// thousand lines at a time.
const UPLOAD_LINES_MAX: usize = 1_000;

/// Bytes of a batch after which it is sent, whatever the number of its lines.
const UPLOAD_BYTES_MAX: usize = 4 << 20;

/// Lines that wait to be sent.
#[derive(Default)]
pub(super) struct UploadBatch {
    text: Vec<u8>,
    /// The line of the input of each line of the text.
    lines: Vec<u64>,
    /// Which lines of the text have neither an id nor an external id, by place.
    unkeyed: HashSet<usize>,
}

impl UploadBatch {
    /// Adds the rows of a batch, and sends what is full.
    pub(super) fn add(
        &mut self,
        rows: Vec<Row<Vec<u8>>>,
        remote: &Remote,
        tally: &mut Tally,
        report: &mut Report,
    ) -> Result<(), Failure> {
        for row in rows {
            match row.item {
                Ok(text) => {
                    self.text.extend_from_slice(&text);
                    self.text.push(b'\n');
                    if is_unkeyed_line(&text) {
                        self.unkeyed.insert(self.lines.len());
                    }
                    self.lines.push(row.line);
                }
                Err(error) => {
                    // Earlier lines are reported first.
                    self.send(remote, tally, report)?;
                    report.row_error(row.line, &error)?;
                    tally.skipped += 1;
                }
            }
            if self.lines.len() >= UPLOAD_LINES_MAX || self.text.len() >= UPLOAD_BYTES_MAX {
                self.send(remote, tally, report)?;
            }
        }
        Ok(())
    }

    /// Sends what waits.
    pub(super) fn send(
        &mut self,
        remote: &Remote,
        tally: &mut Tally,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let path = format!("{CARNET_PATH}/import");
        let answer = remote.post(&path, "application/x-ndjson", &self.text)?;
        self.count(&answer, tally, report)?;
        self.text.clear();
        self.lines.clear();
        self.unkeyed.clear();
        Ok(())
    }

    fn count(&self, answer: &Value, tally: &mut Tally, report: &mut Report) -> Result<(), Failure> {
        let count = |name: &str| answer[name].as_u64().unwrap_or_default();
        let heard = Tally {
            added: count("added"),
            updated: count("updated"),
            unchanged: count("unchanged"),
            skipped: count("skipped"),
            unkeyed: 0,
            unread: count("numbersUnread"),
        };
        if heard.rows() != u64::try_from(self.lines.len()).unwrap_or_default() {
            return Err(Failure::failed("the daemon's answer does not account for every line"));
        }
        *tally += heard;
        let mut unkeyed = self.unkeyed.clone();
        let place_of = |row: &Value| {
            let place = row["line"].as_u64().and_then(|line| usize::try_from(line).ok());
            place.and_then(|place| place.checked_sub(1))
        };
        let list = |name: &str| answer[name].as_array().map(Vec::as_slice).unwrap_or_default();
        // It was not added.
        for place in list("errors").iter().filter_map(place_of) {
            unkeyed.remove(&place);
        }
        let mut rows: Vec<&Value> = list("errors").iter().chain(list("unread")).collect();
        rows.sort_by_key(|row| place_of(row));
        for row in rows {
            let line = place_of(row).and_then(|place| self.lines.get(place));
            let field = row["field"].as_str().unwrap_or_default();
            let reason = without_field(row["reason"].as_str().unwrap_or_default(), field);
            report.row(line.copied().unwrap_or_default(), field, reason)?;
        }
        let added = usize::try_from(heard.added).unwrap_or(usize::MAX);
        tally.unkeyed += u64::try_from(unkeyed.len().min(added)).unwrap_or_default();
        let omitted = count("errorsOmitted");
        if omitted > 0 {
            let last = self.lines.last().copied().unwrap_or_default();
            report.row(last, "", &format!("{omitted} more faults up to here are not named"))?;
        }
        let named = u64::try_from(list("unread").len()).unwrap_or_default();
        let omitted = heard.unread.saturating_sub(named);
        if omitted > 0 {
            let last = self.lines.last().copied().unwrap_or_default();
            let why = format!("{omitted} more numbers up to here are kept as typed");
            report.row(last, "", &why)?;
        }
        Ok(())
    }
}

/// A reason without the name of its field, which has a column of its own.
fn without_field<'a>(reason: &'a str, field: &str) -> &'a str {
    match reason.strip_prefix(field) {
        Some(rest) if !field.is_empty() => rest.trim_start_matches(':').trim_start(),
        _ => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn faults_get_the_lines_of_the_input() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.csv");
        let mut report = Report::at(path.clone());
        let mut tally = Tally::default();
        let batch = UploadBatch { text: Vec::new(), lines: vec![4, 9, 12], unkeyed: [0, 1].into() };
        let answer = json!({
            "added": 1, "updated": 0, "unchanged": 0, "skipped": 2,
            "errors": [
                { "line": 2, "field": "lastName", "reason": "lastName is required" },
                { "line": 3, "reason": "not JSON: expected value at column 1" },
            ],
            "errorsOmitted": 5, "numbersUnread": 3,
            "unread": [{ "line": 1, "field": "cellPhone", "reason": "kept as typed" }],
        });
        batch.count(&answer, &mut tally, &mut report).unwrap();
        report.finish().unwrap();
        let expected = Tally { added: 1, skipped: 2, unkeyed: 1, unread: 3, ..Tally::default() };
        assert_eq!(tally, expected);
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            "line,field,reason\n4,cellPhone,kept as typed\n9,lastName,is required\n12,,not JSON: \
             expected value at column 1\n12,,5 more faults up to here are not named\n12,,2 more \
             numbers up to here are kept as typed\n"
        );
    }

    #[test]
    fn an_answer_that_loses_lines_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let mut report = Report::at(directory.path().join("report.csv"));
        let batch = UploadBatch { text: Vec::new(), lines: vec![1, 2], ..UploadBatch::default() };
        let heard = batch.count(&json!({ "added": 1 }), &mut Tally::default(), &mut report);
        assert!(heard.is_err());
    }
}
