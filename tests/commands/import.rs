//! Import of what others have written: each kind of fault bears the number of the public report that
//! it was found in, and has inputs of our own beside it.

use crate::support::{Daemon, Data, ID, SECRET, all_output, carnet, contact, run};
use serde_json::{Value, json};
use std::process::Output;

mod foreign;
mod inputs;
mod losing;
mod restore;

/// A directory to import into, with the files that are imported beside it.
struct Place {
    data: Data,
    region: &'static str,
}

impl Place {
    fn new(region: &'static str) -> Place {
        Place { data: Data::new(), region }
    }

    /// Writes a file and gives its path.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.data.file(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn carnet(&self, words: &[&str]) -> Output {
        let dir = self.data.dir();
        let words = [words, &["--data", &dir]].concat();
        let mut command = carnet(&words);
        command.current_dir(self.data.folder.path());
        command.env("CARNET_CONTACTS_DEFAULT_REGION", self.region).output().unwrap()
    }

    /// Imports, and gives everything that was said, and the report if there is one.
    fn import(&self, words: &[&str]) -> (Output, String) {
        let report = self.data.file("report.csv");
        let _ = std::fs::remove_file(&report);
        let output = self.carnet(&[&["import"], words, &["--report", &report]].concat());
        let report = std::fs::read_to_string(report).unwrap_or_default();
        (output, report)
    }

    /// Imports what has no fault, and gives what was said.
    fn imported(&self, words: &[&str]) -> String {
        let (output, report) = self.import(words);
        assert!(output.status.success(), "{}{report}", all_output(&output));
        all_output(&output) + &report
    }

    /// Wants an import to be refused as a whole, and gives what was said.
    fn refused(&self, words: &[&str]) -> String {
        let before = self.contacts().len();
        let (output, _) = self.import(words);
        assert_eq!(output.status.code(), Some(1), "{}", all_output(&output));
        assert_eq!(self.contacts().len(), before, "something was imported");
        all_output(&output)
    }

    /// Every record of this kind, as an export has it.
    fn contacts(&self) -> Vec<Value> {
        let output = self.carnet(&["export"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let records = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        records.filter(|record| record["carnet"].is_null()).collect()
    }

    fn organizations(&self) -> usize {
        let output = self.carnet(&["stats", "--json"]);
        let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
        usize::try_from(stats["organizations"].as_u64().unwrap()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let name = |contact: &Value| {
            let part = |name: &str| contact[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}", part("firstName"), part("lastName")).trim().to_owned()
        };
        let mut names: Vec<String> = self.contacts().iter().map(name).collect();
        names.sort();
        names
    }

    fn finds(&self, number: &str) -> bool {
        self.carnet(&["lookup", number]).status.success()
    }
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// mautic/mautic PR#5408; YaleSTC/reservations#1438; tbar0970/jethro-pmm#215
#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\r", "\n", "\r\n"] {
        let place = Place::new("US");
        let table = ["firstName,lastName", "Cr,One", "Cr,Two", ",Bad", "Cr,Three", ""].join(end);
        let said = place.imported(&[&place.file("lines.csv", table)]);
        assert!(said.contains("3 added") && said.contains("\n4,firstName,"), "{end:?}: {said}");
    }
}

/// owncloud-archive/contacts#810, #827, #785; thomascube/vcfconvert PR#2
#[test]
fn a_table_of_another_program_is_refused_and_imported_as_the_refusal_says() {
    let place = Place::new("US");
    let outlook = place.file(
        "outlook.csv",
        "Title,First Name,Last Name,Company,Business Phone,Web Page\n\
         Mr.,Otto,Look,Acme,(212) 555-0101,x\n",
    );
    let said = place.refused(&[&outlook]);
    assert!(said.contains("Outlook"), "{said}");
    let (_, advice) = said.split_once("the rest: ").unwrap();
    let advice: Vec<&str> = advice.trim().split('\'').map(str::trim).collect();
    let words: Vec<&str> = advice
        .iter()
        .flat_map(|word| if word.contains('=') { vec![*word] } else { word.split(' ').collect() })
        .collect();
    place.imported(&[&[outlook.as_str()], &words[..]].concat());
    let found = &place.contacts()[0];
    assert_eq!((&found["salutation"], &found["firstName"]), (&json!("Mr."), &json!("Otto")));
    assert!(place.finds("+12125550101"));
    assert_eq!(place.organizations(), 1);
    for (header, sign) in [
        ("Given Name,Family Name,Phone 1 - Value", "Google"),
        ("Vorname,Nachname,Firma", "German"),
        ("Prénom,Nom,Téléphone", "French"),
        ("firstName,shoe size,hat size", "--ignore-unknown"),
        ("Имя,Фамилия", "Russian"),
    ] {
        let said = place.refused(&[&place.file("other.csv", format!("{header}\na,b,c\n"))]);
        assert!(said.contains(sign), "{header}: {said}");
    }
}

/// Automattic/jetpack PR#28886; Budibase/budibase#12001; Mailtrain-org/mailtrain#750
#[test]
fn an_absent_column_is_not_an_empty_cell_where_that_is_wanted() {
    let ids = "externalIds.0.externalSource.name,externalIds.0.value";
    let full = format!(
        "firstName,lastName,title,workEmail,workPhone,{ids}\n\
                        Keep,Me,Boss,k@example.com,2125550101,CRM,7\n"
    );
    let part = format!("cellPhone,title,{ids}\n2125550102,,CRM,7\n2125550103,,CRM,8\n");
    let daemon_data = Data::new().with_client("admin");
    let daemon = Daemon::start(&daemon_data.path());
    for remote in [false, true] {
        let place = Place::new("US");
        let (full, part) = (place.file("full.csv", &full), place.file("part.csv", &part));
        let mut to = vec!["--data".to_owned(), place.data.dir()];
        if remote {
            to = ["--url", &daemon.url, "--id", ID, "--secret", SECRET].map(str::to_owned).into();
        }
        let to: Vec<&str> = to.iter().map(String::as_str).collect();
        run(&[&["import", &full], &to[..]].concat());
        let report = place.data.file("report.csv");
        let words = ["import", &part, "--keep-missing", "--report", &report];
        let said = run(&[&words, &to[..]].concat());
        assert!(said.contains("0 added, 1 updated, 0 unchanged, 1 skipped"), "{said}");
        let report = std::fs::read_to_string(report).unwrap();
        assert!(report.contains("3,externalIds,"), "{report}");
        let export = run(&[&["export"], &to[..]].concat());
        let kept: Value = serde_json::from_str(export.lines().next().unwrap()).unwrap();
        for (field, value) in [
            ("firstName", json!("Keep")),
            ("workEmail", json!("k@example.com")),
            ("title", Value::Null),
        ] {
            assert_eq!(kept[field], value, "{kept}");
        }
        assert_eq!(kept["workPhone"]["e164"], "+12125550101");
        assert_eq!(kept["cellPhone"]["e164"], "+12125550102");
        // Without the switch the row is the whole contact.
        let whole = place.file("whole.csv", format!("firstName,lastName,{ids}\nKeep,Me,CRM,7\n"));
        let said = run(&[&["import", &whole], &to[..]].concat());
        assert!(said.contains("1 contact was replaced whole"), "{said}");
        let export = run(&[&["export"], &to[..]].concat());
        let kept: Value = serde_json::from_str(export.lines().next().unwrap()).unwrap();
        assert_eq!(kept["workEmail"], Value::Null);
    }
}

/// chatwoot/chatwoot#13998 PR#14123; swisstopo/swissgeol-boreholes-suite#2811
#[test]
fn a_table_may_begin_with_a_mark_for_a_spreadsheet() {
    let place = Place::new("US");
    place.imported(&[&place.file("a.csv", "firstName,lastName\nJürgen,Müßig\n")]);
    let out = place.data.file("out.csv");
    for (words, begins) in [
        (&["export", "--format", "csv", "--bom"][..], &b"\xEF\xBB\xBFid,"[..]),
        (&["export", "--format", "csv"], b"id,"),
    ] {
        assert!(place.carnet(words).stdout.starts_with(begins), "{words:?}");
    }
    assert_eq!(place.carnet(&["export", "--bom"]).status.code(), Some(2));
    assert!(place.carnet(&["export", "--bom", "-o", &out]).status.success());
    assert!(place.imported(&[&out]).contains("1 unchanged"));
}

/// owncloud-archive/contacts#818, #574; SpartnerNL/Laravel-Excel#300; owncloud-archive/contacts#574
#[test]
fn what_is_done_with_a_row_is_said_in_the_summary_and_the_report() {
    let table = "firstName,lastName,workPhone,workEmail\n\
                 Two,Slash,01 23 45 67 01 / 06 12 34 56 01,\n\
                 Round,Sci,3.36123E+10,\n\
                 Two,Mails,,a@example.com; b@example.com\n\
                 None,Yet,0123456703,n/a\n";
    let place = Place::new("FR");
    let file = place.file("people.csv", table);
    let dry = place.imported(&[&file, "--dry-run"]);
    assert!(dry.contains("3 would be added"), "{dry}");
    let said = place.imported(&[&file]);
    for text in [
        "3 added, 0 updated, 0 unchanged, 1 skipped",
        "2 fields with several numbers or addresses",
        "; 1 number kept as typed, which no look-up finds",
        "\n2,workPhone.display,",
        "\n3,workPhone.display,",
        "\n4,workEmail,",
        "\n5,workEmail,this is not an e-mail address",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(place.finds("0123456701") && place.finds("+33612345601"));
    let short = "firstName,lastName,workPhone\nShort,Second,01 23 45 67 11/12\n";
    assert!(place.imported(&[&place.file("short.csv", short)]).contains("1 added"));
    assert!(place.finds("+33123456711") && place.finds("+33123456712"));
    let twice = place.imported(&[&file, "--json"]);
    assert!(twice.contains("\"moved\":2") && twice.contains("\"unread\":1"), "{twice}");
}

/// SuiteCRM/SuiteCRM#5197
#[test]
fn the_obvious_table_and_the_obvious_line_come_in() {
    let place = Place::new("US");
    let header = "firstName,lastName,workPhone,cellPhone,workEmail,organization";
    place.imported(&[&place.file(
        "people.csv",
        format!("{header}\nAnn,Bell,+44 20 7946 0958,2125550101,ann@example.com,Acme\n"),
    )]);
    let line = json!({ "firstName": "Bea", "lastName": "Line", "workPhone": "+44 20 7946 0959" });
    place.imported(&[&place.file("people.jsonl", line.to_string())]);
    for (name, header) in [
        ("One", "First Name,Last Name"),
        ("Two", "FIRSTNAME, lastName "),
        ("Three", "first_name,last-name"),
        ("Four", " \"firstName\", \"lastName\""),
        ("Five", "\u{feff}firstname,lastname"),
    ] {
        place.imported(&[&place.file("h.csv", format!("{header}\nX, \"{name}\"\n"))]);
        assert!(place.names().contains(&format!("X {name}")), "{header}");
    }
    assert!(place.finds("+442079460958") && place.finds("+442079460959"));
    assert_eq!(place.organizations(), 1);
}

#[test]
fn unknown_fields_are_named_at_the_end_and_refused_where_that_is_wanted() {
    let place = Place::new("US");
    let lines = [
        json!({ "firstName": "A", "lastName": "One", "shoeSize": 38 }),
        json!({ "firstName": "B", "lastName": "Two", "shoeSize": 40, "workPhone": { "no": 1 } }),
        json!({ "firstName": "C", "lastName": "Three" }),
    ];
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let file = place.file("people.jsonl", lines);
    let said = place.imported(&[&file, "--strict", "--dry-run"]);
    assert!(said.contains("1 would be added") && said.contains("\n1,shoeSize,"), "{said}");
    assert!(said.contains("\n2,workPhone.no,"), "{said}");
    let said = place.imported(&[&file]);
    assert!(said.contains("3 added"), "{said}");
    assert!(said.contains("not known: shoeSize (in 2 rows), workPhone.no (in 1 row)"), "{said}");
    let table = place.file("people.csv", "firstName,lastName,shoe\nD,Four,38\n");
    assert!(place.refused(&[&table, "--strict"]).contains("shoe"));
    assert!(place.imported(&[&table]).contains("1 added"));
}

/// pinoaffe/org-vcard#42; nextcloud/contacts#224, #4182, #4571; bethropolis/kcd#38
#[test]
fn a_file_of_another_kind_is_refused_as_what_it_is() {
    let place = Place::new("FR");
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoé Durand\r\nEND:VCARD\r\n";
    for (name, bytes, what) in [
        ("a.vcf", card.as_bytes().to_vec(), "vCard"),
        ("b.csv", card.to_lowercase().into_bytes(), "vCard"),
        ("c.vcf", utf_16(&format!("\u{feff}{card}")), "vCard"),
        ("d.csv", b"PK\x03\x04\x14\0".to_vec(), "spreadsheet"),
        ("e.csv", b"\xD0\xCF\x11\xE0\xA1".to_vec(), "spreadsheet"),
        ("f.jsonl", b"\x1F\x8B\x08\0".to_vec(), "packed"),
    ] {
        let file = place.file(name, bytes);
        for words in [&[file.as_str()][..], &[&file, "--format", "jsonl"]] {
            let said = place.refused(words);
            assert!(said.contains(what), "{name}: {said}");
        }
    }
}

/// What a scan of the vendor's API gives: no tags, links by id, the server's own fields.
fn vendor_dump() -> [(&'static str, String); 3] {
    let base = "/api/v2/externalcontacts";
    let [acme, ann, bea, note] =
        [1, 2, 3, 4].map(|n| format!("0193c2a4-0000-7000-8000-00000000000{n}"));
    let person = |id: &str, first: &str| {
        json!({
            "id": id, "type": "Curated", "division": { "id": "*", "selfUri": "x" },
            "firstName": first, "lastName": "Vendor",
            "workPhone": {
                "display": "+1 317-222-2222", "userInput": "(317) 222-2222",
                "e164": "+13172222222", "countryCode": "US", "acceptsSMS": false,
            },
            "externalOrganization": { "id": acme, "selfUri": format!("{base}/organizations/{acme}") },
            "mergeSet": [], "createDate": "2026-01-02T03:04:05.678Z",
            "modifyDate": "2026-01-02T03:04:05.678Z", "selfUri": format!("{base}/contacts/{id}"),
        })
    };
    let about = |subject: &str, kind: &str, n: u8| {
        json!({
            "id": format!("0193c2a4-0000-7000-8000-0000000000a{n}"), "noteText": "one",
            "entityId": subject, "entityType": kind,
            "createdBy": { "id": note, "selfUri": "x" },
        })
    };
    let lines = |records: &[Value]| records.iter().map(|record| format!("{record}\n")).collect();
    [
        ("contacts.jsonl", lines(&[person(&ann, "Ann"), person(&bea, "Bea")])),
        (
            "organizations.jsonl",
            lines(&[json!({
                "id": acme, "name": "Acme", "division": { "id": "*" },
                "address": { "city": "Indianapolis" }, "tags": ["gold"],
            })]),
        ),
        ("notes.jsonl", lines(&[about(&ann, "contact", 1), about(&acme, "organization", 2)])),
    ]
}

#[test]
fn a_dump_of_the_vendor_comes_in_whole_in_any_order_of_its_files() {
    let dump = vendor_dump();
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]] {
        let place = Place::new("DE");
        let files: Vec<String> =
            order.iter().map(|n| place.file(dump[*n].0, &dump[*n].1)).collect();
        let mut words = vec!["import", "--strict", "--json"];
        words.extend(files.iter().map(String::as_str));
        for dry in [true, false] {
            let more = if dry { &["--dry-run"][..] } else { &[] };
            let output = place.carnet(&[&words, more].concat());
            let counts: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(
                (&counts["added"], &counts["skipped"]),
                (&json!(5), &json!(0)),
                "{order:?}: {}",
                all_output(&output)
            );
        }
        let stats = place.carnet(&["stats", "--json"]);
        let stats: Value = serde_json::from_slice(&stats.stdout).unwrap();
        assert_eq!(
            (&stats["contacts"], &stats["organizations"], &stats["notes"]),
            (&json!(2), &json!(1), &json!(2))
        );
        assert!(place.finds("+13172222222"));
    }
    // In one file, and into a daemon.
    let data = Data::new().with_client("admin");
    let daemon = Daemon::start(&data.path());
    let place = Place::new("DE");
    let all = place.file("all.jsonl", [2, 0, 1].map(|n| dump[n].1.clone()).concat());
    let to = ["--url", &daemon.url, "--id", ID, "--secret", SECRET];
    let report = place.data.file("report.csv");
    let said = run(&[&["import", &all, "--report", &report], &to[..]].concat());
    assert!(said.contains("5 added, 0 updated, 0 unchanged, 0 skipped"), "{said}");
    assert!(!std::path::Path::new(&report).exists());
}

#[test]
fn what_nothing_brings_is_refused_once_and_the_rest_comes_in() {
    let dump = vendor_dump();
    let place = Place::new("US");
    let lone = json!({ "noteText": "x", "entityId": "0193c2a4-0000-7000-8000-0000000000ff",
                       "entityType": "contact" });
    let text = format!("{}{lone}\n{}", dump[0].1, dump[1].1);
    let file = place.file("some.jsonl", text);
    let said = place.imported(&[&file]);
    assert!(said.contains("3 added, 0 updated, 0 unchanged, 1 skipped"), "{said}");
    assert_eq!(said.matches("3,entityId,").count(), 1, "{said}");
    let id = "0193c2a4-0000-7000-8000-000000000002";
    let bare = json!({ "id": id, "division": { "id": "*" }, "label": "x" });
    let org = json!({ "id": id, "address": { "city": "Bonn" }, "name": "Acme" });
    let keys =
        json!({ "id": id, "externalIds": [{ "externalSource": { "name": "C" }, "value": "1" }] });
    let lines = place.file("bare.jsonl", format!("{bare}\n{org}\n{keys}\n"));
    let (output, report) = place.import(&[&lines]);
    assert!(all_output(&output).contains("3 skipped"), "{}{report}", all_output(&output));
    assert!(place.names().contains(&"Ann Vendor".to_owned()), "{:?}", place.names());
}

#[test]
fn an_export_of_another_region_is_read_anew_where_text_was_typed() {
    let (first, second) = (Place::new("US"), Place::new("FR"));
    let line = json!({ "firstName": "Ann", "lastName": "Bell", "workPhone": "06 12 34 56 78" });
    first.imported(&[&first.file("a.jsonl", line.to_string())]);
    assert!(!first.finds("+33612345678"));
    let out = first.data.file("out.jsonl");
    assert!(first.carnet(&["export", "-o", &out]).status.success());
    second.imported(&[&out]);
    assert!(second.finds("+33612345678"));
    // As an older carnet has written it, by its length alone.
    let mut old: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    old["workPhone"] = json!({
        "display": "+1 0612345678", "userInput": "06 12 34 56 78", "e164": "+10612345678",
        "countryCode": "US",
    });
    let third = Place::new("FR");
    let said = third.imported(&[&third.file("old.jsonl", old.to_string())]);
    assert!(said.contains("1 field with a number that is read anew"), "{said}");
    assert!(third.finds("+33612345678") && !third.finds("+10612345678"));
}
