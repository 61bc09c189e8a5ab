//! `carnet phone`: what people see, and what a stream of JSON lines is answered.

use crate::support::{all_output, carnet, run};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Output, Stdio};

/// Runs `carnet phone` with these words and this standard input.
fn feed(words: &[&str], input: &[u8]) -> Output {
    let mut command = carnet(&["phone"]);
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // It may end without having read everything.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

/// The answers to these lines, one each.
fn answers(words: &[&str], lines: &[&str]) -> Vec<Value> {
    let input = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let output = feed(&[&["--jsonl"], words].concat(), input.as_bytes());
    assert!(output.status.success(), "{}", all_output(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len(), "{text}");
    answers
}

/// The E.164 of one line, or the reason why it has none.
fn answer(words: &[&str], line: &str) -> String {
    let answer = answers(words, &[line]).remove(0);
    let key = if answer["ok"] == true { "e164" } else { "reason" };
    answer[key].as_str().unwrap().to_owned()
}

#[test]
fn people_get_a_block_for_each_number() {
    let text = run(&["phone", "(0151) 1234-5678 ext. 12", "nobody", "--region", "de"]);
    let expected = "\
(0151) 1234-5678 ext. 12
    E.164          +4915112345678
    extension      12
    valid          yes
    region         DE
    kind           mobile
    national       01511 2345678 ext. 12
    international  +49 1511 2345678 ext. 12

nobody
    not read       this is not a telephone number
";
    assert_eq!(text, expected);
}

#[test]
fn it_fails_only_if_no_number_could_be_read() {
    let output = carnet(&["phone", "nobody", "+49"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", all_output(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).matches("not read").count(), 2);
    assert!(output.stderr.is_empty(), "each block said why: {}", all_output(&output));
    run(&["phone", "nobody", "+442079460018"]);
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    for words in [
        &["phone"][..],
        &["phone", "+442079460018", "--jsonl"],
        &["phone", "1", "--region", "XX"],
        &["phone", "1", "--region", "001"],
    ] {
        let output = carnet(words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", all_output(&output));
    }
}

#[test]
fn lines_are_answered_in_order_with_every_key_that_is_known() {
    let lines = [
        r#"{"input":"(0151) 1234-5678 ext. 012","region":"DE"}"#,
        r#"{"region":"us","input":"\u002b1 555 555 5555","more":[1,{"input":"x"}]}"#,
        r#"{"input":"","region":"DE"}"#,
        r#"{"input":"+800 1234 5678","region":"001"}"#,
    ];
    let expected = [
        json!({
            "ok": true, "e164": "+4915112345678", "ext": "012", "valid": true, "region": "DE",
            "kind": "mobile", "national": "01511 2345678 ext. 012",
            "international": "+49 1511 2345678 ext. 012",
        }),
        json!({
            "ok": true, "e164": "+15555555555", "valid": false, "national": "(555) 555-5555",
            "international": "+1 555-555-5555",
        }),
        json!({"ok": false, "reason": "there is no text"}),
        json!({
            "ok": true, "e164": "+80012345678", "valid": true, "region": "001",
            "kind": "toll_free", "national": "1234 5678", "international": "+800 1234 5678",
        }),
    ];
    assert_eq!(answers(&[], &lines), expected);
}

#[test]
fn a_bad_line_is_answered_by_its_number_and_the_stream_goes_on() {
    let good = r#"{"input":"+442079460018"}"#;
    let long = format!(r#"{{"input":"{}"}}"#, "1".repeat(1 << 20));
    let deep = "[".repeat(10_000);
    let bad = ["no JSON", "", "[]", "{}", r#"{"input":7}"#, r#"{"input":"1","region":"XX"}"#];
    let mut lines = vec![good];
    lines.extend(bad);
    lines.extend([&*long, &*deep, good]);
    let answers = answers(&[], &lines);
    let (last, rest) = answers.split_last().unwrap();
    assert_eq!([&rest[0]["e164"], &last["e164"]], ["+442079460018"; 2]);
    for (place, answer) in rest.iter().enumerate().skip(1) {
        assert_eq!(answer["ok"], false, "{answer}");
        let named = format!("line {}: ", place + 1);
        assert!(answer["reason"].as_str().unwrap().starts_with(&named), "{answer}");
    }
}

#[test]
fn bytes_that_are_no_text_are_a_bad_line() {
    let output = feed(&["--jsonl"], b"{\"input\":\"\xff\"}\n{\"input\":\"+442079460018\"}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with(r#"{"ok":false,"reason":"line 1: "#), "{text}");
    assert!(lines[1].starts_with(r#"{"ok":true,"e164":"+442079460018""#), "{text}");
}

#[test]
fn google_switches_carnets_own_rules_off() {
    for (line, with, without) in [
        // From the United States one dials 011 abroad, so to Google 00 is no prefix.
        (r#"{"input":"00442079460018","region":"US"}"#, "+442079460018", "the number is too long"),
        (r#"{"input":"253-0000","region":"US"}"#, "the area code is missing", "+12530000"),
        (
            r#"{"input":"sip:+442079460018@example.org","region":"US"}"#,
            "+442079460018",
            "this is not a telephone number",
        ),
    ] {
        assert_eq!(answer(&[], line), with, "{line}");
        assert_eq!(answer(&["--google"], line), without, "{line}");
    }
    let output = carnet(&["phone", "253-0000"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", all_output(&output));
    assert!(run(&["phone", "253-0000", "--google"]).contains("+12530000"));
}

#[test]
fn a_line_without_a_region_takes_the_default_one() {
    let (missing, null) =
        (r#"{"input":"020 7946 0018"}"#, r#"{"input":"020 7946 0018","region":null}"#);
    for line in [missing, null] {
        assert_eq!(answer(&["--region", "GB"], line), "+442079460018");
        // As the settings have it: US.
        assert_ne!(answer(&[], line), "+442079460018");
    }
    assert_eq!(answer(&["--google", "--region", "GB"], missing), "+442079460018");
    assert_eq!(answer(&["--google"], null), "the country code is missing");
    let own = r#"{"input":"020 7946 0018","region":"gb"}"#;
    assert_eq!(answer(&["--region", "DE"], own), "+442079460018");
}

#[test]
fn the_default_region_of_the_settings_counts_unless_one_is_given() {
    for (words, e164) in [(&[][..], " +442079460018\n"), (&["--region", "DE"], " +492079460018\n")]
    {
        let mut command = carnet(&["phone", "020 7946 0018"]);
        command.args(words).env("CARNET_CONTACTS_DEFAULT_REGION", "GB");
        let output = all_output(&command.output().unwrap());
        assert!(output.contains(e164), "{words:?}: {output}");
    }
}

#[test]
fn a_reader_that_has_gone_away_ends_it_quietly() {
    let mut command = carnet(&["phone", "--jsonl"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let line = b"{\"input\":\"+442079460018\"}\n";
    // Until it has noticed, and closed its own end in turn.
    while stdin.write_all(line).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", all_output(&output));
}

/// The rows of the sample that lies in the crate are arrays: how it was written, the text, the
/// region, and unless Google refuses the text, its answer.
#[test]
fn the_sample_is_answered_as_the_library_answers_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/phone/tests/data/sample.jsonl");
    let rows = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Value> = rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let lines: Vec<String> =
        rows.iter().map(|row| json!({"input": row[1], "region": row[2]}).to_string()).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let answers = answers(&["--google"], &lines);
    for (row, answer) in rows.iter().zip(&answers) {
        let region = row[2].as_str().and_then(carnet_phone::Region::parse);
        let rules = carnet_phone::Rules::GOOGLE;
        let expected = match carnet_phone::normalise_with(row[1].as_str().unwrap(), region, rules) {
            Err(reason) => json!({"ok": false, "reason": reason.to_string()}),
            Ok(number) => {
                let mut expected = json!({
                    "ok": true, "e164": number.e164.to_string(), "valid": number.valid,
                    "national": number.national().as_str(),
                    "international": number.international().as_str(),
                });
                if let Some(extension) = number.extension {
                    expected["ext"] = json!(extension.as_str());
                }
                if let Some(region) = number.region {
                    expected["region"] = json!(region.as_str());
                }
                if number.valid {
                    expected["kind"] = json!(number.kind.as_str());
                }
                expected
            }
        };
        assert_eq!(*answer, expected, "{row}");
    }
}
