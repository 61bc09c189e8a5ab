use super::*;
use serde_json::json;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const SUBJECT: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

#[test]
fn the_author_is_the_one_named_or_the_default() {
    let author = |body: Value| read(&body, "client-1").into_result().unwrap().author;
    assert_eq!(author(json!({ "noteText": "a" })), "client-1");
    assert_eq!(author(json!({ "noteText": "a", "createdBy": { "id": "u-7" } })), "u-7");
    assert_eq!(author(json!({ "noteText": "a", "createdBy": {} })), "client-1");
}

#[test]
fn a_text_may_have_several_lines() {
    let note = read(&json!({ "noteText": "\n one\r\n\ttwo\n" }), "").into_result().unwrap();
    assert_eq!(note.text, "one\r\n\ttwo");
}

#[test]
fn wrong_notes_name_the_field() {
    let check = |body: Value, expected: &[&str]| {
        let invalid = read(&body, "").invalid;
        let said: Vec<_> = invalid.faults.iter().map(ToString::to_string).collect();
        assert_eq!(said, expected);
    };
    check(json!({}), &["noteText is required"]);
    check(json!({ "noteText": " " }), &["noteText is required"]);
    check(json!({ "noteText": "x".repeat(32_001) }), &["noteText is longer than 32000"]);
    check(
        json!({ "noteText": 1, "createdBy": "me" }),
        &["createdBy must be an object", "noteText must be a text"],
    );
    check(json!(null), &["$ must be an object"]);
    // The path of the request says what the note is about; these two are beside the point.
    check(json!({ "noteText": "a", "entityId": 7, "entityType": "robot" }), &[]);
}

#[test]
fn a_note_is_imported_as_it_was_answered() {
    for subject in [
        Subject::Contact(SUBJECT.parse().unwrap()),
        Subject::Organization(SUBJECT.parse().unwrap()),
    ] {
        let note = ModelNote {
            id: ID.parse().unwrap(),
            subject,
            text: "Called back".into(),
            author: "u-7".into(),
            create_date: Timestamp(1),
            modify_date: Timestamp(2),
        };
        let answer = serde_json::to_value(Note::new(&note)).unwrap();
        let import = read_import(&answer, &Rules::default()).into_result().unwrap();
        let again = ModelNote {
            create_date: import.create_date.unwrap(),
            modify_date: import.modify_date.unwrap(),
            ..import.note
        };
        assert_eq!(again, note);
        assert_eq!(read(&answer, "").into_result().unwrap().subject, Some(subject));
    }
}

#[test]
fn an_answer_points_at_the_note_and_its_author() {
    let note = ModelNote {
        id: ID.parse().unwrap(),
        subject: Subject::Contact(SUBJECT.parse().unwrap()),
        text: "a".into(),
        author: "u-7".into(),
        create_date: Timestamp(0),
        modify_date: Timestamp(0),
    };
    assert_eq!(
        serde_json::to_value(Note::new(&note)).unwrap(),
        json!({
            "id": ID, "entityId": SUBJECT, "entityType": "contact", "noteText": "a",
            "createdBy": { "id": "u-7", "selfUri": "/api/v2/users/u-7" },
            "createDate": "1970-01-01T00:00:00.000Z", "modifyDate": "1970-01-01T00:00:00.000Z",
            "selfUri": format!("/api/v2/externalcontacts/contacts/{SUBJECT}/notes/{ID}"),
        })
    );
}

#[test]
fn an_imported_note_says_what_it_is_about() {
    let check = |body: Value, expected: &[&str]| {
        let invalid = read_import(&body, &Rules::default()).invalid;
        let said: Vec<_> = invalid.faults.iter().map(ToString::to_string).collect();
        assert_eq!(said, expected);
    };
    check(json!({ "noteText": "a" }), &["entityId is required", "entityType is required"]);
    check(
        json!({ "noteText": "a", "entityId": "7", "entityType": "robot" }),
        &[
            "entityId: this is not a UUID",
            "entityType: a note is about a contact or an organization",
        ],
    );
}
