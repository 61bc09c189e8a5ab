//! Import into a running daemon: lines of JSON in batches, each of which is durable when it is
//! answered. A batch names its lines from 1; here they get the numbers of the input again. In a dry
//! run the daemon takes a batch and rolls it back, so what an earlier batch would have brought is
//! remembered here.

use std::collections::HashSet;

use carnet_formats::json_lines::LineError;
use carnet_formats::rows::{Row, RowError, reference_of_line};
use carnet_model::Uuid;
use carnet_wire::import::{ImportOptions, NoticeKind, is_keyed};
use serde_json::Value;

use super::account::Account;
use super::tally::Tally;
use crate::failure::Failure;
use carnet_client::{CARNET_PATH, Remote};

/// Lines of one batch. The daemon names up to a thousand faults an answer, and applies a
/// thousand lines at a time.
const UPLOAD_LINES_MAX: usize = 1_000;

/// Bytes of a batch after which it is sent, whatever the number of its lines.
const UPLOAD_BYTES_MAX: usize = 4 << 20;

/// The form of a batch.
const LINES: &str = "application/x-ndjson";

/// Where the ids stand that a line brings: its own, and that of an organisation that it makes.
const BROUGHT: [&str; 2] = ["id", "externalOrganization.id"];

/// Where lines go, and how they are to be read there.
pub(super) struct Upload {
    remote: Remote,
    options: ImportOptions,
    /// The ids that the lines of a dry run would have brought; `None` where they are kept for good.
    brought: Option<HashSet<Uuid>>,
}

impl Upload {
    /// Lines that are kept.
    pub(super) fn new(remote: Remote, options: ImportOptions) -> Upload {
        Upload { remote, options, brought: None }
    }

    /// Lines of which the daemon says what it would do. A daemon that does not know the question
    /// would keep them, so it is asked about none first.
    pub(super) fn dry_run(remote: Remote, options: ImportOptions) -> Result<Upload, Failure> {
        let upload = Upload { remote, options, brought: Some(HashSet::new()) };
        let answer = upload.remote.post(&upload.path(), LINES, b"")?;
        match answer["dryRun"] == true {
            true => Ok(upload),
            false => Err(Failure::failed(
                "the daemon is of an older version, which has no dry run; nothing was sent",
            )),
        }
    }

    fn path(&self) -> String {
        let ImportOptions { keep_missing, strict } = self.options;
        let mut path = format!("{CARNET_PATH}/import");
        let is_dry = self.brought.is_some();
        let switches = [("keepMissing", keep_missing), ("strict", strict), ("dryRun", is_dry)];
        for (n, (name, _)) in switches.into_iter().filter(|(_, on)| *on).enumerate() {
            path.push_str(if n == 0 { "?" } else { "&" });
            path.push_str(name);
            path.push_str("=true");
        }
        path
    }
}

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
        upload: &mut Upload,
        account: &mut Account,
    ) -> Result<(), Failure> {
        for mut row in rows {
            let record = row.item.as_ref().ok();
            // What is no JSON is refused there.
            let record = record.and_then(|text| serde_json::from_slice::<Value>(text).ok());
            if let Some(record) = &record
                && let Err(invalid) = account.claims.take_line(row.line, record)
            {
                row.item = Err(RowError::Line(LineError::Invalid(invalid)));
            }
            match row.item {
                Ok(text) => {
                    self.text.extend_from_slice(&text);
                    self.text.push(b'\n');
                    if record.as_ref().is_some_and(|record| !is_keyed(record)) {
                        self.unkeyed.insert(self.lines.len());
                    }
                    self.lines.push(row.line);
                }
                Err(error) => {
                    // Earlier lines are reported first.
                    self.send(upload, account)?;
                    account.refuse(row.line, &error)?;
                }
            }
            if self.lines.len() >= UPLOAD_LINES_MAX || self.text.len() >= UPLOAD_BYTES_MAX {
                self.send(upload, account)?;
            }
        }
        Ok(())
    }

    /// Sends what waits.
    pub(super) fn send(
        &mut self,
        upload: &mut Upload,
        account: &mut Account,
    ) -> Result<(), Failure> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let answer = upload.remote.post(&upload.path(), LINES, &self.text)?;
        self.count(&answer, upload.brought.as_mut(), account)?;
        self.text.clear();
        self.lines.clear();
        self.unkeyed.clear();
        Ok(())
    }

    /// Counts what the daemon has answered. `brought` are the ids of a dry run so far.
    fn count(
        &self,
        answer: &Value,
        mut brought: Option<&mut HashSet<Uuid>>,
        account: &mut Account,
    ) -> Result<(), Failure> {
        let count = |name: &str| answer[name].as_u64().unwrap_or_default();
        let heard = Tally {
            added: count("added"),
            updated: count("updated"),
            unchanged: count("unchanged"),
            skipped: count("skipped"),
            ..Tally::default()
        };
        if heard.rows() != u64::try_from(self.lines.len()).unwrap_or_default() {
            return Err(Failure::failed("the daemon's answer does not account for every line"));
        }
        account.tally += heard;
        let mut unkeyed = self.unkeyed.clone();
        let mut rows = Vec::new();
        let mut refused = HashSet::new();
        let texts: Vec<&[u8]> = self.text.split(|byte| *byte == b'\n').collect();
        let text_of = |place: usize| texts.get(place).copied().unwrap_or_default();
        for error in entries(answer, "errors") {
            let place = place_of(error);
            let line = self.line_of(error);
            let field = error["field"].as_str().unwrap_or_default();
            let needed = || reference_of_line(text_of(place?), field);
            if error["mayCome"] == true
                && let Some(ids) = &brought
                && needed().is_some_and(|id| ids.contains(&id))
            {
                // An earlier batch would have brought it.
                account.tally.skipped = account.tally.skipped.saturating_sub(1);
                account.tally.added += 1;
                continue;
            }
            // It was not added.
            place.map(|place| unkeyed.remove(&place));
            refused.extend(place);
            let reason = without_field(error["reason"].as_str().unwrap_or_default(), field);
            let may_come = error["mayCome"].as_bool().unwrap_or_default();
            if may_come && account.defer(line, field, reason) {
                account.tally.skipped = account.tally.skipped.saturating_sub(1);
            } else {
                rows.push((line, field, reason));
            }
        }
        if let Some(ids) = &mut brought {
            let taken = (0..self.lines.len()).filter(|place| !refused.contains(place));
            let of_line = |place| BROUGHT.map(|field| reference_of_line(text_of(place), field));
            ids.extend(taken.flat_map(of_line).flatten());
        }
        for notice in entries(answer, "notices") {
            let text = |name: &str| notice[name].as_str().unwrap_or_default();
            rows.push((self.line_of(notice), text("field"), text("reason")));
            if let Some(kind) = NoticeKind::parse(text("kind")) {
                account.tally.note(kind);
            }
        }
        // The answer has them apart, each in the order of the lines.
        rows.sort_by_key(|(line, ..)| *line);
        for (line, field, reason) in rows {
            account.report.row(line, field, reason)?;
        }
        for (field, rows) in answer["unknownFields"].as_object().into_iter().flatten() {
            account.count_unknown(field.clone(), rows.as_u64().unwrap_or_default());
        }
        let added = usize::try_from(heard.added).unwrap_or(usize::MAX);
        account.tally.unkeyed += u64::try_from(unkeyed.len().min(added)).unwrap_or_default();
        let last = self.lines.last().copied().unwrap_or_default();
        for (name, what) in [("errorsOmitted", "faults"), ("noticesOmitted", "notices")] {
            let omitted = count(name);
            if omitted > 0 {
                let sentence = format!("{omitted} more {what} up to here are not named");
                account.report.row(last, "", &sentence)?;
            }
        }
        Ok(())
    }

    /// The line of the input that an entry of the answer is about.
    fn line_of(&self, entry: &Value) -> u64 {
        let line = place_of(entry).and_then(|place| self.lines.get(place));
        line.copied().unwrap_or_default()
    }
}

fn entries<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    answer[name].as_array().into_iter().flatten()
}

/// The place in the batch that an entry of the answer is about.
fn place_of(entry: &Value) -> Option<usize> {
    let line = entry["line"].as_u64().and_then(|line| usize::try_from(line).ok());
    line.and_then(|line| line.checked_sub(1))
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
    use super::super::report::Report;
    use super::*;
    use serde_json::json;

    fn account(folder: &tempfile::TempDir) -> (std::path::PathBuf, Account) {
        let path = folder.path().join("report.csv");
        (path.clone(), Account::new(Report::at(path)))
    }

    #[test]
    fn faults_get_the_lines_of_the_input() {
        let directory = tempfile::tempdir().unwrap();
        let (path, mut account) = account(&directory);
        let batch = UploadBatch { text: Vec::new(), lines: vec![4, 9, 12], unkeyed: [0, 1].into() };
        let answer = json!({
            "added": 1, "updated": 0, "unchanged": 0, "skipped": 2,
            "errors": [
                { "line": 2, "field": "lastName", "reason": "lastName is required" },
                { "line": 3, "reason": "not JSON: expected value at column 1" },
            ],
            "errorsOmitted": 5,
            "notices": [
                { "line": 1, "field": "workPhone.display", "kind": "moved", "reason": "two" },
            ],
            "unknownFields": { "shoe": 3 },
        });
        batch.count(&answer, None, &mut account).unwrap();
        account.report.finish().unwrap();
        let mut expect = Tally { added: 1, skipped: 2, unkeyed: 1, ..Tally::default() };
        expect.note(NoticeKind::Moved);
        assert_eq!(account.tally, expect);
        assert_eq!(account.unknown["shoe"], 3);
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            "line,field,reason\n4,workPhone.display,two\n9,lastName,is required\n\
             12,,not JSON: expected value at column 1\n12,,5 more faults up to here are not named\n"
        );
    }

    #[test]
    fn a_line_that_names_what_may_come_waits() {
        let directory = tempfile::tempdir().unwrap();
        let (_, mut account) = account(&directory);
        let batch = UploadBatch { text: Vec::new(), lines: vec![4, 9], ..UploadBatch::default() };
        let answer = json!({
            "added": 1, "skipped": 1,
            "errors": [{
                "line": 2, "field": "externalOrganization.id", "reason": "none", "mayCome": true,
            }],
        });
        batch.count(&answer, None, &mut account).unwrap();
        assert_eq!((account.tally.skipped, account.take_waiting()), (0, [9].into()));
    }

    #[test]
    fn a_dry_run_remembers_what_earlier_batches_would_have_brought() {
        let directory = tempfile::tempdir().unwrap();
        let (_, mut account) = account(&directory);
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let batch = |lines: &[Value]| UploadBatch {
            text: lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect(),
            lines: (1..).take(lines.len()).collect(),
            ..UploadBatch::default()
        };
        let mut brought = HashSet::new();
        let contact = json!({ "id": one, "externalOrganization": { "id": other, "name": "A" } });
        let first = json!({ "added": 1 });
        batch(&[contact]).count(&first, Some(&mut brought), &mut account).unwrap();
        assert_eq!(brought, [one, other].into());
        let note = |id: Uuid| json!({ "noteText": "x", "entityId": id });
        let lines = [note(one), note(Uuid::from_u128(3))];
        let missing = |line: u64| json!({ "line": line, "field": "entityId", "mayCome": true });
        let second = json!({ "skipped": 2, "errors": [missing(1), missing(2)] });
        batch(&lines).count(&second, Some(&mut brought), &mut account).unwrap();
        assert_eq!((account.tally.added, account.tally.skipped), (2, 0));
        assert_eq!(account.take_waiting(), [2].into());
    }

    #[test]
    fn an_answer_that_loses_lines_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let (_, mut account) = account(&directory);
        let batch = UploadBatch { text: Vec::new(), lines: vec![1, 2], ..UploadBatch::default() };
        let heard = batch.count(&json!({ "added": 1 }), None, &mut account);
        assert!(heard.is_err());
    }
}
