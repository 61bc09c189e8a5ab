use super::*;
use crate::WhatsApp;
use carnet_phone::Region;

fn rules(region: &str, internal: &str) -> NumberRules {
    NumberRules {
        default_region: Region::parse(region).unwrap(),
        internal_numbers: InternalNumbers::parse(internal).ok(),
    }
}

fn unread(text: &str) -> Phone {
    Phone { input: text.into(), ..Phone::default() }
}

fn kept_as(text: &str, number: &str) -> Contact {
    let e164 = Some(E164::parse(number).unwrap());
    Contact { work_phone: Some(Phone { e164, ..unread(text) }), ..Contact::default() }
}

fn typed(text: &str) -> Contact {
    Contact { work_phone: Some(unread(text)), ..Contact::default() }
}

#[test]
fn unread_numbers_are_counted_by_what_could_make_them_internal() {
    let account = WhatsApp { phone: unread("1047"), display_name: None };
    let contact = Contact {
        cell_phone: Some(unread("ask Ann")),
        home_phone: Some(unread("10 47")),
        whats_app: Some(account),
        ..typed("+49 30 1234")
    };
    let counts = UnreadNumbers::of(&contact);
    assert_eq!(counts.0, [3, 0, 0, 0, 1, 0, 0]);
    for (internal, count) in [("", 4), ("2-5", 3), ("5-6", 4), ("4", 3)] {
        let internal = InternalNumbers::parse(internal).ok();
        assert_eq!(counts.count(internal), count);
    }
    let mut sum = UnreadNumbers::default();
    sum.add(counts);
    sum.add(counts);
    sum.subtract(counts);
    assert_eq!(sum, counts);
}

#[test]
fn every_unread_number_has_its_reason_and_internal_ones_are_not_among_them() {
    let contact = Contact { cell_phone: Some(unread("1047")), ..typed("0612345678") };
    let reasons = |rules: NumberRules| -> Vec<_> {
        contact.unread_numbers(rules).map(|unread| (unread.label, unread.reason)).collect()
    };
    let short = (PhoneLabel::Cell, UnreadReason::NoNumber(Reason::TooShort));
    let now = (PhoneLabel::Work, UnreadReason::ReadableNow);
    assert_eq!(reasons(rules("FR", "")), [now, short]);
    assert_eq!(reasons(rules("FR", "2-5")), [now]);
    assert_eq!(reasons(rules("US", "1-3")).len(), 2);
}

/// chatwoot/chatwoot#14048: records from before the change of the numbering plan was known.
#[test]
fn an_old_mexican_mobile_is_read_anew() {
    for (text, number) in [
        ("+52 1 55 1234 5679", "+525512345679"),
        ("+5215512345679", "+525512345679"),
        ("0052 1 55 1234 5679", "+525512345679"),
        ("+52 (1) 55-1234-5679", "+525512345679"),
        ("+52 1 33 1234 5679", "+523312345679"),
        ("tel:+52-1-81-1234-5679", "+528112345679"),
    ] {
        let mut contact = typed(text);
        let anew = contact.read_numbers_anew(rules("US", ""));
        let number = E164::parse(number);
        assert_eq!(contact.work_phone.unwrap().e164, number, "{text}");
        let [change] = anew.changes.as_slice() else { panic!("{text}: {anew:?}") };
        assert_eq!((change.old, change.text.as_str()), (None, text));
        assert!(matches!(change.new, NumberReading::Number(new) if Some(new.e164) == number));
    }
}

/// owncloud-archive/contacts#818: records from before two numbers in one text were told apart.
#[test]
fn two_numbers_in_one_text_are_read_anew() {
    let numbers = ["+33123456704", "+33612345604"].map(|number| E164::parse(number).unwrap());
    for text in [
        "0123456704 / 0612345604",
        "0123456704;0612345604",
        "01 23 45 67 04, 06 12 34 56 04",
        "0123456704 ou 0612345604",
        "0123456704 ::: 0612345604",
    ] {
        // One was taken for the number, and the other for its extension.
        let mut taken = kept_as(text, "+33123456704");
        taken.work_phone.as_mut().unwrap().extension = Some(612_345_604);
        for mut contact in [typed(text), taken] {
            let anew = contact.read_numbers_anew(rules("FR", ""));
            assert_eq!(anew.changes.len(), 1, "{text}");
            assert_eq!(contact.numbers(), numbers, "{text}");
            assert_eq!(contact.work_phone.as_ref().unwrap().extension, None, "{text}");
            assert_eq!(UnreadNumbers::of(&contact), UnreadNumbers::default());
            assert_eq!(contact.read_numbers_anew(rules("FR", "")), Anew::default());
            // They stay where the text says less.
            contact.read_numbers_anew(rules("US", ""));
            assert_eq!(contact.numbers(), numbers, "{text}");
        }
    }
}

#[test]
fn another_default_region_makes_other_numbers_of_the_same_text() {
    let mut contact = typed("06 12 34 56 78");
    assert_eq!(contact.read_numbers_anew(rules("US", "")), Anew::default());
    contact.read_numbers_anew(rules("FR", ""));
    assert_eq!(contact.work_phone.as_ref().unwrap().e164, E164::parse("+33612345678"));
    // Again, and nothing changes.
    assert_eq!(contact.read_numbers_anew(rules("FR", "")), Anew::default());
    // A number with a region of its own does not follow the default.
    contact.work_phone.as_mut().unwrap().region = Region::parse("FR");
    assert_eq!(contact.read_numbers_anew(rules("ES", "")), Anew::default());
}

#[test]
fn an_extension_in_the_text_comes_with_its_number() {
    let mut contact = typed("06 12 34 56 78 poste 12");
    contact.read_numbers_anew(rules("FR", ""));
    assert_eq!(contact.work_phone.unwrap().extension, Some(12));
}

#[test]
fn a_valid_number_is_never_taken_away() {
    // Typed in the US, and no text of a French number.
    let mut contact = kept_as("(317) 222-2222", "+13172222222");
    let anew = contact.read_numbers_anew(rules("FR", ""));
    assert_eq!(anew, Anew { changes: Vec::new(), kept: 1 });
    assert_eq!(contact, kept_as("(317) 222-2222", "+13172222222"));
    // A number of no country is no loss: the text stays, and is listed as unread.
    let mut contact = kept_as("06 12 34 56 78", "+10612345678");
    let anew = contact.read_numbers_anew(rules("US", ""));
    assert_eq!((anew.changes.len(), anew.kept), (1, 0));
    assert_eq!(contact, typed("06 12 34 56 78"));
}

/// zammad/zammad#4555: in Germany a number may have any length.
#[test]
fn an_internal_number_is_one_also_where_a_country_has_such_numbers() {
    let mut numbers = 0;
    for text in ["1047", "12345", "22456", "10 47", "110", "\u{200e}1047"] {
        let mut contact = typed(text);
        let read = contact.read_numbers_anew(rules("DE", "")).changes.len();
        numbers += read;
        let anew = contact.read_numbers_anew(rules("DE", "2-5"));
        assert_eq!(contact.work_phone.as_ref().unwrap().e164, None, "{text:?}");
        assert_eq!(anew.changes.len(), read, "{text:?}");
        let internal = |change: &RereadNumber| matches!(change.new, NumberReading::Internal(_));
        assert!(anew.changes.iter().all(internal), "{text:?}");
        assert_eq!(contact.read_numbers_anew(rules("DE", "2-5")), Anew::default());
        let keys = contact.identifier_keys();
        assert_eq!(keys.len(), 1, "{text:?}");
    }
    assert!(numbers > 3, "{numbers} of them are numbers in Germany");
}
