//! Import and export: what goes out comes in again, whole.

use crate::support::{Daemon, Data, ID, SECRET, all_output, carnet, contact, run};
use serde_json::{Value, json};

/// The lines of a file, sorted: two exports are compared as sets.
fn lines(path: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// The first version of a schema, or the second, with these fields.
fn customer(keys: &[&str]) -> Value {
    let field = |key: &&str| {
        let (_, core_type) = key.rsplit_once('_').unwrap();
        let field = json!({"allOf": [{"$ref": format!("#/definitions/{core_type}")}]});
        ((*key).to_owned(), field)
    };
    let properties: Value = keys.iter().map(field).collect();
    json!({"name": "Customer", "version": 1, "jsonSchema": {"properties": properties}})
}

#[test]
fn custom_fields_have_columns_of_a_table_both_ways() {
    let (first, second) = (Data::new().with_client("admin"), Data::new());
    let mut daemon = Daemon::start(&first.path());
    let keys = ["a_text", "b_number", "c_integer", "d_tag", "e_checkbox", "f_date", "g_enum"];
    let mut body = customer(&keys);
    body["jsonSchema"]["properties"]["g_enum"]["enum"] = json!(["gold", "lead"]);
    let (status, schema) = daemon.post("/contacts/schemas", &body);
    assert_eq!(status, 200, "{schema}");
    for (last, fields) in [
        ("One", json!({"a_text": "0049", "b_number": 1.5, "d_tag": ["x", "y; z"]})),
        ("Two", json!({"c_integer": 7, "e_checkbox": false, "f_date": "2024-02-29"})),
        ("Three", json!({"a_text": "=1+1", "d_tag": ["x", "y z"], "g_enum": "gold"})),
        ("Four", json!({})),
    ] {
        let mut person = contact("Ann", last, "+33612345678");
        person["schema"] = json!({"id": schema["id"]});
        person["customFields"] = fields;
        let (status, answer) = daemon.post("/contacts", &person);
        assert_eq!(status, 200, "{answer}");
    }
    let (there, here) = (first.file("there.csv"), first.file("here.csv"));
    let asking = ["--url", &daemon.url, "--id", ID, "--secret", SECRET];
    run(&[&["export", "-o", &there][..], &asking].concat());
    assert_eq!(daemon.stop(), Some(0));
    run(&["export", "-o", &here, "--data", &first.dir()]);
    assert_eq!(lines(&there), lines(&here));
    let table = std::fs::read_to_string(&here).unwrap();
    for text in ["customFields.a_text", ",0049,", ",'=1+1,", "x; y z", "2024-02-29"] {
        assert!(table.contains(text), "{text} in {table}");
    }
    // A table holds contacts only; the schemas come as lines.
    let schemas = first.file("schemas.jsonl");
    let all = run(&["export", "--data", &first.dir()]);
    let lines_of_schemas = all.lines().filter(|line| line.starts_with("{\"carnet\":\"schema\""));
    std::fs::write(&schemas, lines_of_schemas.collect::<Vec<_>>().join("\n")).unwrap();
    run(&["import", &schemas, "--data", &second.dir()]);
    let counts = run(&["import", &here, "--data", &second.dir(), "--json", "--strict"]);
    let counts: Value = serde_json::from_str(&counts).unwrap();
    assert_eq!((&counts["added"], &counts["skipped"]), (&json!(4), &json!(0)), "{counts}");
    assert_eq!(run(&["export", "--data", &second.dir()]), all);
}

#[test]
fn contacts_wait_for_the_schemas_of_later_lines() {
    let data = Data::new();
    let id = "0193c2a4-0000-7000-8000-000000000001";
    let schema = json!({
        "carnet": "schema", "id": id, "version": 1, "name": "Customer",
        "jsonSchema": customer(&["a_integer"])["jsonSchema"],
    });
    let with = |last: &str, value: Value| {
        let mut person = contact("Ann", last, "+33612345678");
        person["schema"] = json!({"id": id});
        person["customFields"] = json!({"a_integer": value});
        person
    };
    let rows = [with("Good", json!(7)), with("Bad", json!("x")), schema];
    let file = data.file("rows.jsonl");
    std::fs::write(&file, rows.map(|row| format!("{row}\n")).concat()).unwrap();
    let report = data.file("report.csv");
    let counts = run(&["import", &file, "--data", &data.dir(), "--report", &report, "--json"]);
    let counts: Value = serde_json::from_str(&counts).unwrap();
    assert_eq!((&counts["added"], &counts["skipped"]), (&json!(2), &json!(1)), "{counts}");
    let told = std::fs::read_to_string(&report).unwrap();
    assert!(told.contains("2,customFields.a_integer,"), "{told}");
}

#[test]
fn rows_with_wrong_custom_fields_are_reported_by_their_columns() {
    let data = Data::new();
    let (file, report) = (data.file("rows.csv"), data.file("report.csv"));
    let schema = json!({
        "carnet": "schema", "id": "0193c2a4-0000-7000-8000-000000000001", "version": 1,
        "name": "Customer", "jsonSchema": customer(&["a_integer", "b_date"])["jsonSchema"],
    });
    std::fs::write(data.file("schema.jsonl"), schema.to_string()).unwrap();
    run(&["import", &data.file("schema.jsonl"), "--data", &data.dir()]);
    std::fs::write(
        &file,
        "firstName,lastName,schema.id,customFields.a_integer,customFields.b_date\n\
         Ann,Good,0193c2a4-0000-7000-8000-000000000001,7,2026-01-31\n\
         Ann,Bad,0193c2a4-0000-7000-8000-000000000001,,2026-02-30\n\
         Ann,Worse,0193c2a4-0000-7000-8000-000000000001,x,\n\
         Ann,Free,,7,\n\
         Ann,Lost,0193c2a4-0000-7000-8000-000000000002,7,\n",
    )
    .unwrap();
    let import = || {
        let words = ["import", &file, "--data", &data.dir(), "--report", &report, "--json"];
        let counts: Value = serde_json::from_str(&run(&words)).unwrap();
        (counts["added"].clone(), counts["skipped"].clone())
    };
    assert_eq!(import(), (json!(1), json!(4)));
    let told = std::fs::read_to_string(&report).unwrap();
    let places =
        ["3,customFields.b_date,", "4,customFields.a_integer,", "5,customFields,", "6,schema.id,"];
    for place in places {
        assert!(told.lines().any(|row| row.starts_with(place)), "no row {place} in {told}");
    }
    std::fs::write(data.path().join("carnet.toml"), "[contacts]\nfree_fields = true\n").unwrap();
    // The schema of the last row is not known, and so its newest version neither.
    assert_eq!(import(), (json!(2), json!(3)));
}

#[test]
fn exporting_and_importing_into_an_empty_directory_loses_nothing() {
    let (first, second) = (Data::new().with_client("admin"), Data::new());
    let sample = first.file("sample.jsonl");
    std::fs::write(&sample, run(&["sample", "500", "--seed", "42"])).unwrap();
    run(&["import", &sample, "--data", &first.dir()]);
    // Beyond a sample: notes, numbers that cannot be read, every other field.
    let mut daemon = Daemon::start(&first.path());
    let (_, acme) = daemon
        .post("/organizations", &json!({"name": "Akmé", "tags": ["gold"], "employeeCount": 3}));
    let (_, schema) = daemon.post("/contacts/schemas", &customer(&["old_text"]));
    let path = format!("/contacts/schemas/{}", schema["id"].as_str().unwrap());
    let keys = ["level_number", "tags_tag", "member_identifier", "old_text"];
    let (status, schema) = daemon.try_put(&path, &customer(&keys)).unwrap();
    assert_eq!(status, 200, "{schema}");
    assert_eq!(daemon.post("/organizations/schemas", &customer(&["size_integer"])).0, 200);
    let mut full = contact("Zoë", "Çelik", "(317) 222-2222");
    for (field, value) in [
        ("externalOrganization", json!({"id": acme["id"]})),
        ("workPhone", json!({"display": "020-2672-6670", "extension": 12, "acceptsSMS": true})),
        ("homePhone", json!({"display": "01 23 45 67 89", "normalizationCountryCode": "FR"})),
        ("address", json!({"address1": "1 Main St", "city": "Łódź", "countryCode": "PL"})),
        ("twitterId", json!({"screenName": "@zoe", "verified": true})),
        ("whatsAppId", json!({"phoneNumber": {"display": "33612345678"}, "displayName": "Zoë"})),
        ("facebookId", json!({"ids": [{"scopedId": "f1"}], "displayName": "Z"})),
        ("lineId", json!({"ids": [{"userId": "l1"}]})),
        ("instagramId", json!({"ids": [{"scopedId": "i1"}], "handle": "@z.c"})),
        ("surveyOptOut", json!(true)),
        ("externalSystemUrl", json!("https://crm.example/zoe?x=1")),
        ("schema", json!({"id": schema["id"], "version": 2})),
        (
            "customFields",
            json!({"level_number": 7.5, "tags_tag": ["a", "b"], "member_identifier": "M-7"}),
        ),
        ("externalIds", json!([{"externalSource": {"name": "CRM"}, "value": "A-1"}])),
        ("division", json!({"id": "north", "name": "North"})),
    ] {
        full[field] = value;
    }
    let (status, full) = daemon.post("/contacts", &full);
    assert_eq!(status, 200, "{full}");
    let notes = format!("/contacts/{}/notes", full["id"].as_str().unwrap());
    let note = json!({"noteText": "one\n\"two\"\tthree", "createdBy": {"id": "0193c2a4-0000-7000-8000-0000000000aa"}});
    assert_eq!(daemon.post(&notes, &note).0, 200);
    let notes = format!("/organizations/{}/notes", acme["id"].as_str().unwrap());
    assert_eq!(daemon.post(&notes, &note).0, 200);
    assert_eq!(daemon.stop(), Some(0));

    let (out, again) = (first.file("out.jsonl"), second.file("again.jsonl"));
    run(&["export", "--data", &first.dir(), "-o", &out]);
    assert!(lines(&out).len() > 506, "only {} lines", lines(&out).len());
    // One of the numbers is in the report.
    let import = || {
        let file = second.file("report.csv");
        run(&["import", &out, "--data", &second.dir(), "--json", "--report", &file])
    };
    let report = import();
    assert!(report.contains("\"numbersUnread\":1"), "{report}");
    run(&["export", "--data", &second.dir(), "-o", &again]);
    assert_eq!(lines(&out), lines(&again), "{report}");
    let (before, after) = (lines(&again), import());
    let after: serde_json::Value = serde_json::from_str(&after).unwrap();
    assert_eq!(
        (&after["added"], &after["updated"], &after["skipped"]),
        (&json!(0), &json!(0), &json!(0))
    );
    run(&["export", "--data", &second.dir(), "-o", &again]);
    assert_eq!(before, lines(&again));
    run(&["check", "--data", &second.dir()]);
}

#[test]
fn csv_comes_in_by_its_header_in_any_order() {
    let data = Data::new();
    let table = data.file("people.csv");
    std::fs::write(
        &table,
        "lastName,cellPhone.display,firstName,externalOrganization.name,surveyOptOut,workPhone.acceptsSMS,workPhone.display\n\
         Müller,\"+49 1511 2345678\",Żaneta,\"Möbel, Krüger & Söhne\",true,true,317-222-2222\n\
         ,+33612345678,Nameless,,,,\n\
         Doe,0044 20 7946 0018,Jane,Acme,perhaps,,\n",
    )
    .unwrap();
    let report = data.file("report.csv");
    let output = carnet(&["import", &table, "--data", &data.dir(), "--report", &report, "--json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", all_output(&output));
    let counts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&counts["added"], &counts["skipped"]), (&json!(1), &json!(2)), "{counts}");
    let report = std::fs::read_to_string(&report).unwrap();
    assert!(report.contains("3,lastName,"), "{report}");
    assert!(report.contains("4,surveyOptOut,"), "{report}");
    let found = run(&["lookup", "+4915112345678", "--data", &data.dir(), "--json"]);
    assert!(found.contains("Żaneta") && found.contains("Möbel, Krüger & Söhne"), "{found}");
    run(&["export", "--format", "csv", "--data", &data.dir(), "-o", &data.file("out.csv")]);
    let other = Data::new();
    run(&["import", &data.file("out.csv"), "--data", &other.dir()]);
    run(&["export", "--format", "csv", "--data", &other.dir(), "-o", &data.file("again.csv")]);
    assert_eq!(lines(&data.file("out.csv")), lines(&data.file("again.csv")));
}

#[test]
fn rubbish_is_reported_line_by_line_and_stops_nothing() {
    let data = Data::new();
    let file = data.file("mixed.jsonl");
    let good = contact("Ann", "Good", "+33612345678").to_string();
    let mut bytes =
        format!("{good}\n{{\"firstName\": 7, \"lastName\": \"\"}}\n\nno json\n").into_bytes();
    bytes.extend(b"\"text\"\n[]\n{\"firstName\":\"Half\"");
    std::fs::write(&file, bytes).unwrap();
    let report = data.file("report.csv");
    let output = carnet(&["import", &file, "--data", &data.dir(), "--report", &report, "--json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", all_output(&output));
    let counts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&counts["added"], &counts["skipped"]), (&json!(1), &json!(5)), "{counts}");
    let report = std::fs::read_to_string(&report).unwrap();
    for line in ["2,firstName,", "2,lastName,", "4,", "5,", "6,", "7,"] {
        assert!(report.lines().any(|row| row.starts_with(line)), "no row {line} in {report}");
    }
}

#[test]
fn inputs_of_one_name_have_a_report_each() {
    let data = Data::new();
    let mut files = Vec::new();
    for folder in ["one", "two"] {
        std::fs::create_dir(data.file(folder)).unwrap();
        files.push(data.file(&format!("{folder}/x.jsonl")));
        let good = contact("Ann", folder, "+33612345678");
        std::fs::write(&files[files.len() - 1], format!("{good}\nnot of {folder}\n")).unwrap();
    }
    let words = ["import", &files[0], &files[1], "--data", &data.dir()];
    let output = carnet(&words).current_dir(data.folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", all_output(&output));
    let said = all_output(&output);
    assert!(said.contains("2 rows have neither an id nor an external id"), "{said}");
    for name in ["x.jsonl.report.csv", "x.jsonl.report-2.csv"] {
        assert!(said.contains(&format!("(why is in {name})")), "{said}");
        assert_eq!(lines(&data.file(name)).len(), 2);
    }
}

#[test]
fn a_command_that_reads_makes_nothing() {
    let data = Data::new();
    std::fs::create_dir(data.path()).unwrap();
    for command in ["stats", "check", "export"] {
        let output = carnet(&[command, "--data", &data.dir()]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", all_output(&output));
        assert!(all_output(&output).contains("carnet.redb"), "{}", all_output(&output));
    }
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
}

#[test]
fn a_dry_run_says_what_the_import_then_does_and_writes_nothing() {
    let data = Data::new();
    let with_id = |value: &str, last: &str| {
        let mut contact = contact("Ann", last, "+33612345678");
        contact["externalIds"] = json!([{"externalSource": {"name": "CRM"}, "value": value}]);
        contact
    };
    let organization = "0193c2a4-0000-7000-8000-00000000000a";
    let mut member = with_id("2", "Two");
    member["externalOrganization"] = json!({ "id": organization });
    let note = json!({
        "carnet": "note", "noteText": "one", "entityId": organization,
        "entityType": "organization",
    });
    let rows = [
        with_id("1", "One"),
        member.clone(),
        json!({"carnet": "organization", "id": organization, "name": "Acme"}),
        member,
        note.clone(),
        note,
        with_id("1", "Changed"),
        json!({"firstName": 7}),
    ];
    let (first, second) = (data.file("first.jsonl"), data.file("second.jsonl"));
    let text = |rows: &[serde_json::Value]| -> String {
        rows.iter().map(|row| format!("{row}\n")).collect()
    };
    std::fs::write(&first, text(&rows[..3])).unwrap();
    std::fs::write(&second, text(&rows[3..])).unwrap();
    let import = |more: &[&str]| -> serde_json::Value {
        let words = ["import", &first, &second, "--data", &data.dir(), "--json"];
        let words = [&words[..], more].concat();
        let output = carnet(&words).current_dir(data.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", all_output(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    // The row that names an organisation of a later line waits for it.
    for (added, updated, unchanged, skipped) in [(4, 1, 2, 1), (0, 2, 5, 1)] {
        let existed = data.path().exists();
        let mut told = import(&["--dry-run"]);
        assert_eq!(data.path().exists(), existed, "the dry run made a directory");
        assert_eq!(told["dryRun"], json!(true));
        told.as_object_mut().unwrap().remove("dryRun");
        let counts = ["added", "updated", "unchanged", "skipped"].map(|name| told[name].clone());
        assert_eq!(counts, [added, updated, unchanged, skipped].map(|count: u64| json!(count)));
        assert_eq!(told, import(&[]));
    }
    run(&["check", "--data", &data.dir()]);
}

#[test]
fn an_empty_input_is_no_rows_and_an_empty_text_is_wrong_usage() {
    let data = Data::new();
    let counts = run(&["import", "-", "--data", &data.dir(), "--json"]);
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    assert_eq!((&counts["added"], &counts["skipped"]), (&json!(0), &json!(0)));
    for command in ["lookup", "search"] {
        let output = carnet(&[command, " ", "--data", &data.dir()]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", all_output(&output));
    }
}

#[cfg(unix)]
#[test]
fn a_stopped_import_keeps_its_batches_and_says_how_far_it_came() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let data = Data::new();
    let row = format!("{}\nno json\n", contact("Ann", "Stopped", "+33612345678"));
    let file = data.file("rows.jsonl");
    std::fs::write(&file, row.repeat(3_000)).unwrap();
    let mut child = carnet(&["import", &file, "-", "--data", &data.dir()])
        .current_dir(data.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than the pipe can hold: when this is written, the import has come to standard input, which
    // stays open.
    input.write_all(row.repeat(30_000).as_bytes()).unwrap();
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let output = child.wait_with_output().unwrap();
    let mut sentence = String::new();
    said.read_line(&mut sentence).unwrap();
    drop(input);
    assert_eq!(output.status.code(), Some(1), "{}{sentence}", all_output(&output));
    assert!(sentence.contains("can be started again"), "{sentence}");
    let summary = String::from_utf8_lossy(&output.stdout);
    let (_, counts) = summary.split_once("rows.jsonl: ").unwrap();
    let added = counts.split(' ').next().unwrap();
    assert_eq!(added, "3000", "{summary}");
    let stats = run(&["stats", "--data", &data.dir(), "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["contacts"].to_string(), added, "{summary}");
    let reported = lines(&data.file("rows.jsonl.report.csv")).len() - 1;
    assert!(summary.contains(&format!("{reported} skipped")), "{summary}");
}

#[test]
fn several_numbers_that_the_api_kept_in_one_field_come_back_byte_for_byte() {
    let first = Data::new().with_client("admin");
    let mut daemon = Daemon::start(&first.path());
    for (n, text) in [
        "212-555-0190/91",
        "(212) 555-0123 or 4",
        "+49 30 123456-70 / -71",
        "+33 1 23 45 67 01, +33 6 12 34 56 01",
        "+33 1 23 45 67 21 / 3949",
        "+49301234567 +493012345678",
    ]
    .iter()
    .enumerate()
    {
        let (status, answer) = daemon.post("/contacts", &contact("Ann", &format!("Nr{n}"), text));
        assert_eq!(status, 200, "{answer}");
    }
    assert_eq!(daemon.stop(), Some(0));
    for format in ["jsonl", "csv"] {
        let out = first.file(&format!("out.{format}"));
        run(&["export", "--format", format, "-o", &out, "--data", &first.dir()]);
        let second = Data::new();
        let said = run(&["import", &out, "--data", &second.dir(), "--json"]);
        assert!(said.contains("\"added\":6") && said.contains("\"moved\":0"), "{said}");
        let again = first.file(&format!("again.{format}"));
        run(&["export", "--format", format, "-o", &again, "--data", &second.dir()]);
        assert_eq!(std::fs::read(&out).unwrap(), std::fs::read(&again).unwrap(), "{format}");
        for number in ["+12125550191", "+12125550124", "+493012345671", "+33612345601"] {
            run(&["lookup", number, "--data", &second.dir()]);
        }
    }
}
