//! Numbers that are kept as typed: said by an import, counted, listed, read anew; and internal numbers.

use crate::support::{Daemon, Data, ID, SECRET, all_output, carnet, contact, run};
use serde_json::{Value, json};
use std::process::{Command, Stdio};

const REGION: &str = "CARNET_CONTACTS_DEFAULT_REGION";
const INTERNAL: &str = "CARNET_CONTACTS_INTERNAL_NUMBERS";

/// Runs it with these variables and wants exit code 0. Answers standard output.
fn run_with(variables: &[(&str, &str)], words: &[&str], data: &Data) -> String {
    let mut command = carnet(words);
    command.args(["--data", &data.dir()]).current_dir(data.folder.path());
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "carnet {words:?}: {}", all_output(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Writes contacts with these numbers as JSON lines.
fn people(data: &Data, numbers: &[&str]) -> String {
    let rows = numbers.iter().enumerate().map(|(n, number)| {
        let mut row = contact("Ann", &format!("Nr{n}"), number);
        row["externalIds"] = json!([{"externalSource": {"name": "CRM"}, "value": n.to_string()}]);
        format!("{row}\n")
    });
    let file = data.file("people.jsonl");
    std::fs::write(&file, rows.collect::<String>()).unwrap();
    file
}

/// SpartnerNL/Laravel-Excel#300, Automattic/camptix#40, hizzle-co/noptin#602.
#[test]
fn what_a_spreadsheet_spoilt_does_not_come_in_unseen() {
    let french = [(REGION, "FR")];
    let table = "firstName,lastName,workPhone.display\nZero,Lost,612345601\n\
                 Full,Sci,3.3612345602E+10\nShort,Sci,3.36123E+10\nComma,Sci,\"3,36123E+10\"\n\
                 Float,Pandas,33612345605.0\n";
    let data = Data::new();
    let file = data.file("sci.csv");
    std::fs::write(&file, table).unwrap();
    let report = data.file("sci.csv.report.csv");
    let unread = "; 2 numbers kept as typed, which no look-up finds (see sci.csv.report.csv)";
    for words in [&["import", &file, "--dry-run"][..], &["import", &file]] {
        let said = run_with(&french, words, &data);
        assert!(said.contains(unread), "{said}");
        let report = std::fs::read_to_string(&report).unwrap();
        let rows: Vec<&str> = report.lines().collect();
        assert_eq!(rows.len(), 3, "{report}");
        for (row, line) in rows[1..].iter().zip([4, 5]) {
            assert!(row.starts_with(&format!("{line},workPhone.display,")), "{report}");
            assert!(row.contains("its last digits are lost"), "{report}");
        }
    }
    for number in ["0612345601", "0612345602", "0612345605"] {
        run_with(&french, &["lookup", number], &data);
    }
    let stats = run_with(&french, &["stats"], &data);
    assert!(stats.contains("3  telephone numbers\n"), "{stats}");
    assert!(stats.contains("2  telephone numbers kept as typed and not found\n"), "{stats}");
    let listed = run_with(&french, &["numbers", "--unread"], &data);
    assert!(listed.contains("Short Sci") && listed.contains("3,36123E+10"), "{listed}");
    assert!(listed.ends_with("\n2 numbers were kept as typed and cannot be found\n"), "{listed}");
    let checked = run_with(&french, &["check"], &data);
    assert!(checked.contains("everything agrees"), "{checked}");
}

/// The words for a daemon with the tests' client.
fn at<'a>(daemon: &'a Daemon, words: &[&'a str]) -> Vec<&'a str> {
    [words, &["--url", &daemon.url, "--id", ID, "--secret", SECRET]].concat()
}

#[test]
fn a_daemon_says_the_same_as_a_directory() {
    let data = Data::new().with_client("admin");
    let file = people(&data, &["06 12 34 56 78", "+33612345679", "see note", "06 12 34 56 80"]);
    let mut daemon = Daemon::start(&data.path());
    let report = data.file("report.csv");
    let words = at(&daemon, &["import", &file, "--report", &report, "--json"]);
    let counts: Value = serde_json::from_str(&run(&words)).unwrap();
    assert_eq!((&counts["added"], &counts["numbersUnread"]), (&json!(4), &json!(3)));
    let report = std::fs::read_to_string(&report).unwrap();
    let places: Vec<&str> = report.lines().skip(1).map(|row| &row[..11]).collect();
    assert_eq!(places, ["1,cellPhone", "3,cellPhone", "4,cellPhone"], "{report}");
    let there: Value = serde_json::from_str(&run(&at(&daemon, &["stats", "--json"]))).unwrap();
    assert_eq!(there["numbersUnread"], 3);
    let unread = run(&at(&daemon, &["numbers", "--unread", "--json"]));
    let words = ["numbers", "--reread", "--region", "FR", "--dry-run", "--json"];
    let would = run(&at(&daemon, &words));
    assert_eq!(daemon.stop(), Some(0));

    assert_eq!(run_with(&[], &["numbers", "--unread", "--json"], &data), unread);
    assert_eq!(run_with(&[], &words, &data), would);
    let rows = lines(&would);
    assert_eq!(rows.len(), 3, "{would}");
    assert_eq!((&rows[0]["old"], &rows[0]["new"]), (&Value::Null, &json!("+33612345678")));
    assert_eq!((&rows[0]["field"], &rows[0]["name"]), (&json!("cellPhone"), &json!("Ann Nr0")));
    assert_eq!(rows[2], json!({"contacts": 4, "changed": 2, "kept": 0, "dryRun": true}));

    let mut daemon = Daemon::start(&data.path());
    let did = run(&at(&daemon, &["numbers", "--reread", "--region", "FR"]));
    assert!(did.contains("no number -> +33612345680"), "{did}");
    assert!(did.ends_with("4 contacts read, 2 numbers changed\n"), "{did}");
    assert!(run(&at(&daemon, &["lookup", "+33612345678"])).contains("Ann Nr0"));
    let again = run(&at(&daemon, &["numbers", "--reread", "--region", "FR"]));
    assert_eq!(again, "4 contacts read, 0 numbers changed\n");
    assert_eq!(daemon.stop(), Some(0));
    assert!(run_with(&[], &["check"], &data).contains("everything agrees"));
}

#[test]
fn another_default_region_in_the_settings_is_enough() {
    let data = Data::new();
    let file = people(&data, &["06 12 34 56 78", "+52 55 1234 5678", "06-12-34-56-79"]);
    run_with(&[], &["import", &file], &data);
    let said = run_with(&[(REGION, "FR")], &["numbers", "--reread"], &data);
    assert!(said.ends_with("3 contacts read, 2 numbers changed\n"), "{said}");
    assert!(run_with(&[], &["lookup", "+33612345679"], &data).contains("Ann Nr2"));
    // An import that is done again under the new setting finds nothing to change.
    let again = run_with(&[(REGION, "FR")], &["import", &file, "--json"], &data);
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!((&again["unchanged"], &again["numbersUnread"]), (&json!(3), &json!(0)), "{again}");
}

#[test]
fn a_region_hides_no_internal_number_of_a_daemon() {
    let data = Data::new().with_client("admin");
    let file = people(&data, &["1047", "+49 30 1048"]);
    run_with(&[(INTERNAL, "2-5")], &["import", &file], &data);
    let mut child = carnet(&["serve", "--data", &data.dir(), "--listen", "127.0.0.1:0"])
        .env(INTERNAL, "2-5")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let daemon = Daemon::adopt(&mut child);
    for words in [&["lookup", "1047"][..], &["lookup", "--region", "DE", "1047"]] {
        assert!(run(&at(&daemon, words)).contains("Ann Nr0"), "{words:?}");
    }
    let found = run(&at(&daemon, &["lookup", "--region", "DE", "sip:1047@10.0.0.5", "--json"]));
    assert!(found.contains("\"Nr0\""), "{found}");
    // What nobody in the house has is a number of the region.
    assert!(run(&at(&daemon, &["lookup", "--region", "DE", "030 1048"])).contains("Ann Nr1"));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// zammad/zammad#4555, nextcloud/contacts#3807, FreePBX/issue-tracker#587.
#[test]
fn internal_numbers_outlive_export_and_import() {
    for region in ["DE", "FR"] {
        let settings = [(REGION, region), (INTERNAL, "2-5")];
        let data = Data::new();
        let file = people(&data, &["1047", "12345", "22456", "007", "10 48"]);
        let said = run_with(&settings, &["import", &file, "--json"], &data);
        assert!(said.contains("\"numbersUnread\":0"), "{said}");
        let mut data = data;
        for format in ["jsonl", "csv"] {
            let out = data.file(&format!("out.{format}"));
            run_with(&settings, &["export", "--format", format, "-o", &out], &data);
            let other = Data::new();
            run_with(&settings, &["import", &out], &other);
            data = other;
            for (number, last) in
                [("1047", "Nr0"), ("12345", "Nr1"), ("007", "Nr3"), ("1048", "Nr4")]
            {
                for command in ["lookup", "search"] {
                    let found = run_with(&settings, &[command, number], &data);
                    assert!(found.contains(last), "{command} {number} in {region}: {found}");
                }
            }
        }
        // Without the setting they are found no more; with it they are again.
        let mut command = carnet(&["lookup", "007", "--data", &data.dir()]);
        assert_eq!(command.env(REGION, region).output().unwrap().status.code(), Some(1));
        run_with(&settings, &["lookup", "007"], &data);
        assert!(run_with(&settings, &["check"], &data).contains("everything agrees"));
    }
}

#[test]
fn internal_numbers_in_pairs_and_with_labels_are_found_as_typed() {
    let settings = [(REGION, "DE"), (INTERNAL, "2-5")];
    let texts = [
        "1050 / 1051",
        "1052 (Küche)",
        "Nst. 1055",
        "ext 1056",
        "Durchwahl 1057",
        "Tel. 1058",
        "1060/61",
        "1047",
    ];
    let data = Data::new().with_client("admin");
    let key = run(&["client", "add", "PBX", "--role", "lookup", "--data", &data.dir()]);
    let key = key.lines().find_map(|line| line.strip_prefix("key ")).unwrap().trim();
    let file = people(&data, &texts);
    let said = run_with(&settings, &["import", &file, "--json"], &data);
    assert!(said.contains("\"numbersUnread\":0") && said.contains("\"moved\":0"), "{said}");
    let asked = [
        ("1050", 0),
        ("1051", 0),
        ("1050 / 1051", 0),
        ("1052", 1),
        ("1052 (Küche)", 1),
        ("1055", 2),
        ("Nst. 1055", 2),
        ("1056", 3),
        ("ext 1056", 3),
        ("Durchwahl 1057", 4),
        ("1057", 4),
        ("Tel. 1058", 5),
        ("1061", 6),
        ("1060/61", 6),
        ("sip:1047@10.0.0.5", 7),
        ("tel:1047", 7),
    ];
    for (text, n) in asked {
        for command in ["lookup", "search"] {
            let found = run_with(&settings, &[command, text], &data);
            assert!(found.contains(&format!("Ann Nr{n}")), "{command} {text}: {found}");
        }
    }
    // Nothing became a number of some town.
    let exported = run_with(&settings, &["export", "--format", "jsonl"], &data);
    assert!(!exported.contains("e164"), "{exported}");
    assert!(run_with(&settings, &["check"], &data).contains("everything agrees"));
    // The daemon finds the same, and so does its caller ID.
    let mut child = carnet(&["serve", "--data", &data.dir(), "--listen", "127.0.0.1:0"])
        .envs(settings)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let daemon = Daemon::adopt(&mut child);
    for (text, n) in asked {
        for command in ["lookup", "search"] {
            let found = run(&at(&daemon, &[command, text]));
            assert!(found.contains(&format!("Ann Nr{n}")), "{command} {text}: {found}");
        }
        let caller = daemon.agent.get(format!("{}/cid", daemon.url));
        let mut answer = caller.query("key", key).query("number", text).call().unwrap();
        assert_eq!(answer.body_mut().read_to_string().unwrap(), format!("Ann Nr{n}"), "{text}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn lengths_that_cannot_be_are_refused_at_the_start() {
    let data = Data::new();
    for lengths in ["0-3", "2-7", "5-2", "short"] {
        for words in [&["serve", "--listen", "127.0.0.1:0"][..], &["stats"]] {
            let mut command: Command = carnet(words);
            command.args(["--data", &data.dir()]).env(INTERNAL, lengths);
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{}", all_output(&output));
            let said = all_output(&output);
            assert!(said.contains("contacts.internal_numbers") && said.contains(lengths), "{said}");
        }
    }
}
