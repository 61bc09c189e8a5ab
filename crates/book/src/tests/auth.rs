//! Clients and tokens.

use super::*;
use crate::NewPassword;
use carnet_model::{Permission, Role};

#[test]
fn a_token_stands_for_its_client_until_it_is_removed() {
    let mut fixture = fixture();
    let client = fixture.wait(fixture.book.add_client("Switch", "lookup", None, None)).unwrap();
    let token = fixture.wait(fixture.book.sign_in(&client.id, &client.secret)).unwrap().unwrap();
    let who = fixture.book.authenticate(&token.token).unwrap().unwrap();
    assert!(
        who.permissions.has(Permission::Lookup) && !who.permissions.has(Permission::ContactView)
    );
    fixture.reopen();
    assert_eq!(*fixture.book.authenticate(&token.token).unwrap().unwrap(), *who);
    assert!(fixture.wait(fixture.book.remove_client(&client.id)).unwrap());
    assert!(fixture.book.authenticate(&token.token).unwrap().is_none());
    assert!(fixture.wait(fixture.book.sign_in(&client.id, &client.secret)).unwrap().is_none());
}

#[test]
fn a_rotated_secret_ends_the_old_one_and_its_tokens() {
    let fixture = fixture();
    let old =
        fixture.wait(fixture.book.add_client("Desk", "agent", Some("desk".into()), None)).unwrap();
    let token = fixture.wait(fixture.book.sign_in("desk", &old.secret)).unwrap().unwrap();
    assert!(fixture.book.authenticate(&token.token).unwrap().is_some());
    let new = fixture.wait(fixture.book.rotate_client("desk")).unwrap().unwrap();
    assert!(fixture.book.authenticate(&token.token).unwrap().is_none());
    assert!(fixture.wait(fixture.book.sign_in("desk", &old.secret)).unwrap().is_none());
    assert!(fixture.wait(fixture.book.sign_in("desk", &new.secret)).unwrap().is_some());
}

#[test]
fn an_ended_token_is_refused() {
    let fixture = fixture_with(|settings| settings.token_seconds = 0);
    let client = fixture.wait(fixture.book.add_client("Desk", "agent", None, None)).unwrap();
    let token = fixture.wait(fixture.book.sign_in(&client.id, &client.secret)).unwrap().unwrap();
    assert!(fixture.book.authenticate(&token.token).unwrap().is_none());
    assert!(fixture.book.authenticate("no token of ours").unwrap().is_none());
}

#[test]
fn what_is_wrong_with_a_client_is_named_at_once() {
    let fixture = fixture();
    let refused = fixture.wait(fixture.book.add_client(
        " ",
        "king",
        Some("a:b".into()),
        Some("short".into()),
    ));
    let Err(BookError::Invalid(invalid)) = refused else {
        panic!("it was taken");
    };
    let fields: Vec<&str> = invalid.faults.iter().map(|fault| &*fault.field).collect();
    assert_eq!(fields, ["name", "role", "id", "secret"]);
    fixture.wait(fixture.book.add_client("One", "admin", Some("one".into()), None)).unwrap();
    let taken = fixture.wait(fixture.book.add_client("Two", "admin", Some("one".into()), None));
    assert!(matches!(taken, Err(BookError::Invalid(_))));
}

#[test]
fn an_id_and_its_secret_stand_for_the_client_until_either_is_gone() {
    let fixture = fixture();
    let dots = Some("a.switch".to_owned());
    let switch = fixture.wait(fixture.book.add_client("Switch", "lookup", dots, None)).unwrap();
    let key = switch.key.clone().unwrap();
    let by_key = |key: &str| fixture.book.authenticate_key(key).unwrap();
    let by_secret = |id: &str, secret: &str| fixture.book.authenticate_basic(id, secret).unwrap();
    // The second time from memory.
    for _ in 0..2 {
        assert_eq!(by_key(&key).unwrap().author, "a.switch");
        assert_eq!(by_secret("a.switch", &switch.secret).unwrap().author, "a.switch");
        // Each has its own form, and nothing fits by halves.
        for wrong in ["a.switch.", "", ".", &key[1..], &key[..key.len() - 1], &switch.secret] {
            assert!(by_key(wrong).is_none(), "{wrong}");
        }
        assert!(by_key(&key.replacen("h.", "h:", 1)).is_none());
        for (id, secret) in [
            ("a.switch", ""),
            ("", &*switch.secret),
            ("", ""),
            ("a", &key[2..]),
            ("a.switch", &switch.secret[1..]),
            ("a.switch", &switch.secret[..switch.secret.len() - 1]),
            ("a.switcH", &switch.secret),
        ] {
            assert!(by_secret(id, secret).is_none(), "{id}");
        }
    }
    let new = fixture.wait(fixture.book.rotate_client("a.switch")).unwrap().unwrap();
    assert!(by_key(&key).is_none() && by_secret("a.switch", &switch.secret).is_none());
    assert!(by_secret("a.switch", &new.secret).is_some());
    let key = new.key.unwrap();
    assert!(by_key(&key).is_some());
    assert!(fixture.wait(fixture.book.remove_client("a.switch")).unwrap());
    assert!(by_key(&key).is_none() && by_secret("a.switch", &new.secret).is_none());
    // A client that may do more has no key.
    let strong = fixture.wait(fixture.book.add_client("Desk", "viewer", None, None)).unwrap();
    assert_eq!(strong.key, None);
}

#[test]
fn a_session_lasts_over_a_restart_and_ends_with_the_person() {
    let mut fixture = fixture();
    let password = NewPassword::new("correct horse").unwrap();
    fixture.wait(fixture.book.add_user("Ada", "agent", password)).unwrap();
    assert!(fixture.book.verify_user("Ada", "correct horses").unwrap().is_none());
    assert!(fixture.book.verify_user("Bob", "correct horse").unwrap().is_none());
    let ada = fixture.book.verify_user(" ADA", "correct horse").unwrap().unwrap();
    let session = fixture.wait(fixture.book.open_session(ada)).unwrap().unwrap();
    let who = fixture.book.authenticate(&session.token).unwrap().unwrap();
    assert_eq!((&*who.author, who.permissions), ("Ada", Role::Agent.permissions()));
    fixture.reopen();
    assert_eq!(*fixture.book.authenticate(&session.token).unwrap().unwrap(), *who);
    // Who has a token is no client.
    assert!(fixture.book.authenticate_basic("user:ada", "").unwrap().is_none());
    fixture.wait(fixture.book.remove_user("bob")).unwrap_err();
    let edited = fixture.wait(fixture.book.edit_user("ada", Some("viewer".into()), None)).unwrap();
    assert_eq!(edited.role, "viewer");
    let who = fixture.book.authenticate(&session.token).unwrap().unwrap();
    assert_eq!(who.permissions, Role::Viewer.permissions());
    fixture.wait(fixture.book.remove_user("ada")).unwrap();
    assert!(fixture.book.authenticate(&session.token).unwrap().is_none());
}

#[test]
fn a_password_that_was_changed_after_it_was_verified_opens_no_session() {
    let fixture = fixture();
    let password = |text: &str| NewPassword::new(text).unwrap();
    fixture.wait(fixture.book.add_user("Ada", "admin", password("correct horse"))).unwrap();
    let verified = fixture.book.verify_user("Ada", "correct horse").unwrap().unwrap();
    fixture.wait(fixture.book.edit_user("Ada", None, Some(password("battery staple")))).unwrap();
    assert!(fixture.wait(fixture.book.open_session(verified)).unwrap().is_none());
}

#[test]
fn a_later_first_link_ends_the_one_before() {
    let fixture = fixture();
    let one = fixture.wait(fixture.book.first_link()).unwrap().unwrap();
    let two = fixture.wait(fixture.book.first_link()).unwrap().unwrap();
    assert!(
        !fixture.book.is_first_link(&one).unwrap() && fixture.book.is_first_link(&two).unwrap()
    );
    let password = || NewPassword::new("correct horse").unwrap();
    assert!(fixture.wait(fixture.book.use_first_link(&one, "Eve", password())).unwrap().is_none());
    let made = fixture.wait(fixture.book.use_first_link(&two, "Ada", password())).unwrap().unwrap();
    assert_eq!((&*made.name, &*made.role), ("Ada", "admin"));
    assert!(fixture.wait(fixture.book.use_first_link(&two, "Eve", password())).unwrap().is_none());
}

#[test]
fn a_changed_setting_outlives_a_restart_unless_something_else_decides_it() {
    let mut fixture = fixture();
    let by = Principal::command_line();
    let name = "contacts.default_region";
    fixture.wait(fixture.book.change_setting(&by, name, "DE")).unwrap();
    fixture.wait(fixture.book.change_setting(&by, name, "FR")).unwrap();
    assert_eq!(fixture.book.records().default_region.to_string(), "FR");
    fixture.reopen();
    assert_eq!(fixture.book.records().default_region.to_string(), "FR");
    let changes = fixture.book.setting_changes().unwrap();
    assert_eq!(changes.iter().map(|change| &*change.value).collect::<Vec<_>>(), ["DE", "FR"]);
}
