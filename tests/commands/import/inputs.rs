//! Inputs of an import in every encoding, from files and pipes, and those that are no records.

use super::*;

/// A text of Latin letters as windows-1252 has it.
fn latin(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        'Œ' => 0x8C,
        c => u8::try_from(u32::from(c)).unwrap(),
    };
    text.chars().map(byte).collect()
}

/// glific/glific#5657; tine20/tine20#3316; swisstopo/swissgeol-boreholes-suite#2811;
/// jobisoft/CategoryManager#21
#[test]
fn a_table_in_another_encoding_is_read_whole_or_not_at_all() {
    let place = Place::new("DE");
    let text = "firstName;lastName\r\nJürgen;Müßig\r\nAda;Plain\r\nRené;Œuvre\r\n";
    let said = place.imported(&[&place.file("cp.csv", latin(text))]);
    assert!(said.contains("3 added") && said.contains("read as windows-1252"), "{said}");
    for (name, mark) in [("marked.csv", "\u{feff}"), ("bare.csv", "")] {
        let table = format!("{mark}firstName\tlastName\r\nÜte\t{name}\r\n");
        place.imported(&[&place.file(name, utf_16(&table))]);
    }
    let names = ["Ada Plain", "Jürgen Müßig", "René Œuvre", "Üte bare.csv", "Üte marked.csv"];
    assert_eq!(place.names(), names);
    // Far behind the first rows, which would be in by then.
    let many = "Ann;Row\n".repeat(20_000);
    let mixed = [b"firstName;lastName\nZo\xc3\xab;Utf\n", many.as_bytes(), b"J\xfcrgen;Ansi\n"];
    let mixed = place.file("mixed.csv", mixed.concat());
    let said = place.refused(&[&mixed]);
    assert!(said.contains("line 20003") && said.contains("--encoding"), "{said}");
    let said = place.refused(&[&mixed, "--encoding", "utf-8"]);
    assert!(said.contains("not all of it is UTF-8"), "{said}");
    let broken = [utf_16("\u{feff}firstName,lastName\nA,B\n"), vec![0x00, 0xD8, 0x41, 0x00]];
    place.refused(&[&place.file("broken.csv", broken.concat())]);
}

#[test]
fn a_table_of_another_script_is_read_as_what_it_is_and_the_answer_says_so() {
    let place = Place::new("DE");
    // Иван Ручьёв and Анна Полевая, in the encoding of Russian spreadsheets.
    let cyrillic = b"firstName,lastName\n\xc8\xe2\xe0\xed,\xd0\xf3\xf7\xfc\xb8\xe2\n\
                     \xc0\xed\xed\xe0,\xcf\xee\xeb\xe5\xe2\xe0\xff\n";
    let file = place.file("ru.csv", cyrillic);
    let output = place.carnet(&["import", &file, "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["encodings"], json!({ &file: "windows-1251" }), "{answer}");
    assert_eq!(place.names(), ["Анна Полевая", "Иван Ручьёв"]);
    // Věra alone may be a word of another encoding; the refusal says how it is imported.
    let czech = place.file("cz.csv", b"firstName,lastName\nR\xf9\x9eena,Je\xe8n\xe1\n");
    let said = place.refused(&[&czech]);
    assert!(said.contains("--encoding windows-1250") && said.contains("iconv"), "{said}");
    let said = place.imported(&[&czech, "--encoding", "windows-1250"]);
    assert!(said.contains("read as windows-1250"), "{said}");
    assert!(place.names().contains(&"Růžena Ječná".to_owned()), "{:?}", place.names());
    let output = place.carnet(&["import", &czech, "--encoding", "windows-1249"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(all_output(&output).contains("no encoding has this name"), "{}", all_output(&output));
}

/// Runs an import of standard input.
fn piped(place: &Place, bytes: &[u8], words: &[&str]) -> Output {
    use std::io::Write;
    use std::process::Stdio;
    let dir = place.data.dir();
    let mut child = carnet(&[&["import", "-", "--data", &dir], words].concat())
        .current_dir(place.data.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn lines_and_pipes_are_looked_through_as_tables_are() {
    let good = contact("Zoë", "Line", "+33612345678").to_string();
    let ansi = b"{\"firstName\":\"J\xfcrgen\",\"lastName\":\"X\"}\n";
    let mixed = [good.as_bytes(), b"\n", ansi].concat();
    let place = Place::new("DE");
    let said = place.refused(&[&place.file("lines.jsonl", &mixed)]);
    assert!(said.contains("line 2 is not UTF-8, and others are"), "{said}");
    let table = latin("firstName,lastName\nAnn,Bell\nJürgen,Müßig\n");
    for (bytes, words, code, count) in [
        (&mixed, &[][..], Some(1), 0),
        (&table, &[], Some(0), 2),
        (&table, &["--encoding", "utf-8"], Some(1), 0),
        (&ansi.to_vec(), &[], Some(0), 1),
        (&utf_16("firstName,lastName\nÜte,Sechzehn\n"), &[], Some(0), 1),
    ] {
        let place = Place::new("DE");
        let output = piped(&place, bytes, words);
        assert_eq!(output.status.code(), code, "{}", all_output(&output));
        assert_eq!(place.contacts().len(), count, "{}", all_output(&output));
        assert!(code == Some(0) || all_output(&output).contains("--encoding"));
    }
}

#[test]
fn rows_of_a_pipe_wait_for_later_ones_as_those_of_a_file_do() {
    let dump = vendor_dump();
    let place = Place::new("DE");
    // Notes before their contacts, and contacts before their organisation.
    let lines = [2, 0, 1].map(|n| dump[n].1.clone()).concat();
    let output = piped(&place, lines.as_bytes(), &[]);
    let said = all_output(&output);
    assert!(said.contains("5 added, 0 updated, 0 unchanged, 0 skipped"), "{said}");
    let left: Vec<_> = std::fs::read_dir(place.data.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| !["carnet.redb", "index", "ready"].iter().any(|known| name == known))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What the API gives, saved as it came: none of it is one record a line.
#[test]
fn a_json_document_is_refused_as_what_it_is_with_the_command_that_makes_lines() {
    let place = Place::new("US");
    let (ann, bea) = (contact("Ann", "A", "+33612345678"), contact("Bea", "B", "+33612345679"));
    let page = json!({ "entities": [ann, bea], "pageSize": 25, "total": 2 });
    for (text, filter) in [
        (page.to_string(), "jq -c '.entities[]'"),
        (format!("{page:#}"), "jq -c '.entities[]'"),
        (json!([ann, bea]).to_string(), "jq -c '.[]'"),
        (format!("{:#}", json!([ann])), "jq -c '.[]'"),
        (format!("{ann:#}"), "jq -c ."),
    ] {
        for name in ["page.json", "page.txt"] {
            let said = place.refused(&[&place.file(name, &text)]);
            assert!(said.contains(filter) && said.contains("one record a line"), "{text}: {said}");
        }
    }
    // Lines, whatever ends them.
    let returns = format!("{ann}\r{bea}\r{{\"foo\":1}}\r");
    let said = place.imported(&[&place.file("returns.jsonl", returns)]);
    assert!(said.contains("2 added, 0 updated, 0 unchanged, 1 skipped"), "{said}");
    assert!(said.contains("\n3,$,") && said.contains("no field of a contact"), "{said}");
}

#[test]
fn an_id_of_a_record_of_another_kind_is_refused_by_name() {
    let place = Place::new("FR");
    let id = "0193c2a4-0000-7000-8000-000000000002";
    let mut person = contact("Ann", "Bell", "+33612345678");
    person["id"] = json!(id);
    let mut colleague = contact("Bea", "Cole", "+33612345679");
    colleague["externalOrganization"] = json!({ "id": id, "name": "Acme" });
    let lines = [person, json!({ "carnet": "organization", "id": id, "name": "Acme" }), colleague];
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let said = place.imported(&[&place.file("kinds.jsonl", lines)]);
    assert!(said.contains("1 added, 0 updated, 0 unchanged, 2 skipped"), "{said}");
    assert!(said.contains("\n2,id,this is the id of a contact"), "{said}");
    assert!(said.contains("\n3,externalOrganization.id,\"this is the id of a contact"), "{said}");
    assert_eq!(place.organizations(), 0);
}

#[test]
fn a_dry_run_with_a_daemon_says_what_the_import_then_does() {
    let data = Data::new().with_client("admin");
    let daemon = Daemon::start(&data.path());
    let to = ["--url", &daemon.url, "--id", ID, "--secret", SECRET];
    let place = Place::new("DE");
    let mut lines = String::new();
    let id = |n: usize| format!("0193c2a4-0000-7000-8000-{n:012}");
    // Two batches and more: a note of the second is about a contact of the first.
    for n in 1..=1_500 {
        let mut person = contact("Ann", &format!("N{n}"), "+33612345678");
        person["id"] = json!(id(n));
        lines += &format!("{person}\n");
    }
    let note = |subject: usize| json!({ "noteText": "x", "entityId": id(subject), "entityType": "contact" });
    lines += &format!("{}\n{}\n{{}}\n", note(1), note(9_999));
    let file = place.file("many.jsonl", lines);
    let import = |more: &[&str]| -> Value {
        let report = place.data.file("report.csv");
        let words = [&["import", &file, "--json", "--report", &report], &to[..], more].concat();
        serde_json::from_str(&run(&words)).unwrap()
    };
    for (added, unchanged) in [(1_501, 0), (0, 1_501)] {
        let mut told = import(&["--dry-run"]);
        assert_eq!(told["dryRun"], json!(true));
        told.as_object_mut().unwrap().remove("dryRun");
        assert_eq!(
            (&told["added"], &told["unchanged"], &told["skipped"]),
            (&json!(added), &json!(unchanged), &json!(2)),
            "{told}"
        );
        assert_eq!(told, import(&[]));
    }
}
