use super::*;
use crate::json_lines::records;
use carnet_model::{Contact, Timestamp};
use proptest::prelude::*;
use serde_json::json;

fn rules() -> Rules {
    Rules { require_names: false, ..Rules::default() }
}

proptest! {
    #[test]
    fn a_contact_comes_back_as_it_was((contact, organization) in records::contact()) {
        let row = row_of_contact(&contact, organization.as_deref());
        prop_assert_eq!(row.len(), COLUMNS.len());
        let expected = ImportContact {
            create_date: Some(contact.create_date),
            modify_date: Some(contact.modify_date),
            organization_name: organization,
            mentioned: None,
            names_required: false,
            contact: Contact { create_date: Timestamp(0), modify_date: Timestamp(0), ..contact },
        };
        prop_assert_eq!(Header::new(COLUMNS).read_row(&row, &rules()).into_result(), Ok(expected));
    }

    #[test]
    fn a_cell_comes_back_as_it_was_and_is_no_formula(text in "['=@+\\-0-9a(\t\r\n＝ ]{0,6}") {
        let written = cell::write(text.clone());
        prop_assert_eq!(cell::read(&written), text);
        prop_assert!(!written.starts_with(['=', '@', '\t', '\r', '\n', '＝']));
    }

    #[test]
    fn no_row_panics(header in prop::collection::vec("[a-zA-Z.0-9\\[\\]]{0,12}", 0..5), cells in prop::collection::vec(".{0,8}", 0..6)) {
        let _ = Header::new(&header).read_row(&cells, &rules());
    }
}

#[test]
fn every_column_is_known_once_and_has_its_kind() {
    let header = Header::new(COLUMNS);
    assert_eq!(header.ignored(), &[] as &[String]);
    assert!(!header.is_partial() && Header::new(&["id", "firstName"]).is_partial());
    for (place, name) in COLUMNS.iter().enumerate() {
        assert_eq!(columns::place(name), Some(place));
    }
    let of = |kind| COLUMNS.iter().filter(|name| columns::kind(name) == kind).count();
    assert_eq!((of(CellKind::Integer), of(CellKind::Boolean), of(CellKind::Object)), (6, 7, 1));
}

#[test]
fn cells_that_look_like_formulas_are_guarded() {
    for (text, cell) in [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("+33 6 12", "+33 6 12"),
        ("+1 (317) 222-2222", "+1 (317) 222-2222"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-5", "-5"),
        ("-", "'-"),
        ("-2+A1", "'-2+A1"),
        ("O'Neill", "O'Neill"),
        ("'t Hooft", "'t Hooft"),
        ("'=1", "''=1"),
        ("''", "''"),
        ("", ""),
        ("1+1", "1+1"),
    ] {
        assert_eq!(cell::write(text.to_owned()), cell, "{text}");
        assert_eq!(cell::read(cell), text, "{cell}");
    }
}

#[test]
fn a_row_in_any_order_becomes_nested_json() {
    let header = [
        "\u{feff}externalIds.1.value",
        "lastname",
        "workPhone.acceptsSMS",
        "customFields.Score_integer",
        "workPhone.extension",
        "externalIds[1].externalSource.name",
        "customFields",
        "customFields.a[0].b",
        "schema.version",
    ];
    let cells =
        ["A-1", " Bell ", "TRUE", "7", "12", "CRM", r#"{"Score_integer":1,"c":[]}"#, "0049", ""];
    assert_eq!(
        value_of_row(&header, &cells).into_result(),
        Ok(json!({
            "lastName": " Bell ",
            "workPhone": {"acceptsSMS": true, "extension": 12},
            "externalIds": [null, {"value": "A-1", "externalSource": {"name": "CRM"}}],
            "customFields": {"Score_integer": 7, "a[0].b": "0049", "c": []},
        }))
    );
}

#[test]
fn unknown_and_repeated_columns_are_told_and_not_read() {
    let header = Header::new(&[
        "firstName",
        "Shoe size",
        "firstname",
        "",
        "externalIds.10.value",
        "customFields.",
    ]);
    assert_eq!(
        header.ignored(),
        ["Shoe size", "firstname", "externalIds.10.value", "customFields."]
    );
    assert!(!header.is_unknown());
    let row = header.value_of_row(&["Anna", "38", "Bert", "x", "y", "z"], false);
    assert_eq!(row.into_result(), Ok(json!({"firstName": "Anna"})));
    assert!(Header::new(&["a", "b"]).is_unknown());
}

#[test]
fn faults_bear_the_names_of_columns() {
    let header = Header::new(&[
        "LASTNAME",
        "surveyOptOut",
        "workPhone.extension",
        "customFields",
        "externalIds.2.value",
        "workEmail",
        "schema.version",
        "schema.id",
    ]);
    let row = [
        "Bell",
        "maybe",
        "x12",
        "[1]",
        "A-1",
        "anna",
        "two",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "surplus",
    ];
    let invalid = header.read_row(&row, &rules()).invalid;
    assert_eq!(
        invalid.to_string(),
        "surveyOptOut must be true or false; workPhone.extension must be a whole number; \
         customFields must be a JSON object; schema.version must be a whole number; \
         row: it has 9 cells, and the header only 8; workEmail: this is not an e-mail address; \
         externalIds.2.externalSource is required"
    );
}

#[test]
fn switches_without_a_number_say_nothing() {
    let header = Header::new(&[
        "lastName",
        "workPhone.acceptsSMS",
        "whatsAppId.phoneNumber.acceptsSMS",
        "workPhone.display",
    ]);
    let read = |cells: [&str; 4]| header.read_row(&cells, &rules()).into_result().unwrap().contact;
    let contact = read(["Bell", "no", "false", ""]);
    assert_eq!(contact, Contact { last_name: Some("Bell".into()), ..Contact::default() });
    assert!(read(["Bell", "1", "", "(317) 222-2222"]).work_phone.unwrap().accepts_sms);
}

#[test]
fn a_short_row_and_an_empty_one_have_absent_fields() {
    let header = Header::new(&["firstName", "lastName"]);
    assert_eq!(
        header.value_of_row(&["Anna"], false).into_result(),
        Ok(json!({"firstName": "Anna"}))
    );
    assert_eq!(header.value_of_row(&["", " "], false).into_result(), Ok(json!({})));
    let invalid = header.read_row(&["", ""], &Rules::default()).invalid;
    assert_eq!(invalid.to_string(), "firstName is required; lastName is required");
}

/// SuiteCRM/SuiteCRM#5197, and inputs of our own
#[test]
fn a_blank_before_a_quotation_mark_does_not_count() {
    let header = Header::new(&["firstName", "lastName"]);
    let read = |cell: &str| header.value_of_row(&["A", cell], false);
    for (cell, name) in [
        (" \"Quoted Name\"", "Quoted Name"),
        ("\t\"Doe\" ", "Doe"),
        (" \"says \"\"hi\"\"\"", "says \"hi\""),
        ("\"Doe\"", "\"Doe\""),
        (" Doe ", " Doe "),
    ] {
        assert_eq!(read(cell).into_result().unwrap()["lastName"], name, "{cell:?}");
    }
    // A delimiter within the quotation marks has cut the cell.
    assert_eq!(read(" \"Doe").invalid.faults[0].field, "lastName");
}

#[test]
fn the_obvious_header_is_understood() {
    let header = Header::new(&[
        "firstName",
        "lastName",
        "workPhone",
        "cellPhone",
        "workEmail",
        "organization",
        "whatsAppId",
    ]);
    assert_eq!(header.ignored(), &[] as &[String]);
    let row = ["Ann", "Bell", "+44 20 7946 0958", "2125550101", "a@x.fr", "Acme", "447911123456"];
    assert_eq!(
        header.value_of_row(&row, false).into_result(),
        Ok(json!({
            "firstName": "Ann", "lastName": "Bell", "workPhone": {"display": "+44 20 7946 0958"},
            "cellPhone": {"display": "2125550101"}, "workEmail": "a@x.fr",
            "externalOrganization": {"name": "Acme"},
            "whatsAppId": {"phoneNumber": {"display": "447911123456"}},
        }))
    );
}

#[test]
fn empty_cells_are_nulls_where_absent_ones_stay() {
    let header = Header::new(&[
        "firstName",
        "workPhone",
        "address.city",
        "address.state",
        "externalIds.0.value",
        "externalIds.1.value",
        "facebookId.ids.0.scopedId",
        "customFields.a",
        "surveyOptOut",
    ]);
    let row = ["A", "", "Bonn", "", "", "7", "", "", " "];
    assert_eq!(
        header.value_of_row(&row, true).into_result(),
        Ok(json!({
            "firstName": "A", "workPhone": {"display": null},
            "address": {"city": "Bonn", "state": null}, "externalIds": [null, {"value": "7"}],
            "facebookId": {"ids": null}, "customFields": {"a": null}, "surveyOptOut": null,
        }))
    );
    let row = ["", "", "", "", "", "", "", "", ""];
    assert_eq!(header.value_of_row(&row, true).value["externalIds"], Value::Null);
    assert_eq!(header.value_of_row(&row, false).into_result(), Ok(json!({})));
}

#[test]
fn custom_fields_have_columns_of_their_own_and_come_back() {
    let property = |key: &str| carnet_model::Property {
        key: key.to_owned(),
        title: None,
        description: None,
        core_type: carnet_model::CoreType::of_key(key).unwrap(),
        restrictions: carnet_model::Restrictions::default(),
    };
    let keys = ["a_text", "b_number", "c_integer", "d_tag", "e_checkbox"];
    let definition = carnet_model::Definition {
        properties: keys.map(property).into(),
        ..carnet_model::Definition::default()
    };
    let schema = carnet_model::DataSchema { definition, ..carnet_model::DataSchema::default() };
    let mut fields = FieldColumns::default();
    fields.add(&schema);
    fields.add(&schema);
    let names: Vec<String> =
        COLUMNS.iter().map(|name| (*name).to_owned()).chain(fields.names()).collect();
    assert_eq!(names.len(), COLUMNS.len() + 5);
    let all = json!({
        "a_text": "=1+1", "b_number": 1.5, "d_tag": ["x", "y z"], "e_checkbox": true,
        "old_text": "kept",
    });
    let mut all = all.as_object().unwrap().clone();
    all.insert("c_integer".into(), carnet_model::whole_value("99999999999999999999"));
    let contact = Contact {
        id: carnet_model::Uuid::from_u128(1),
        schema: Some(carnet_model::SchemaRef { id: carnet_model::Uuid::from_u128(2), version: 1 }),
        custom_fields: Some(all),
        ..Contact::default()
    };
    let row = row_with_fields(&contact, None, &fields);
    assert_eq!(row[COLUMNS.len()..], ["'=1+1", "1.5", "99999999999999999999", "x; y z", "true"]);
    assert_eq!(row[columns::place("customFields").unwrap()], "{\"old_text\":\"kept\"}");
    let read = Header::new(&names).read_row(&row, &rules()).into_result().unwrap();
    let sorted = |contact: &Contact| {
        let fields = contact.custom_fields.clone().unwrap();
        fields.into_iter().collect::<std::collections::BTreeMap<_, _>>()
    };
    assert_eq!(sorted(&read.contact), sorted(&contact));
}
