//! The small types: what they take, what they refuse, how they are written.

#![allow(clippy::unwrap_used, reason = "a test says what it expects and what it found")]

use carnet_phone::{E164, Extension, NumberKind, Region, normalise};

#[test]
fn e164_takes_plus_and_four_to_eighteen_digits() {
    for text in ["+1234", "+12015550123", "+123456789012345678"] {
        assert_eq!(E164::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "",
        "+",
        "+123",
        "+1234567890123456789",
        "+0123456",
        "1234567",
        "+12 34567",
        "++1234567",
        "+1234567 ",
        " +1234567",
        "+１２３４５",
        "+12a45",
    ] {
        assert_eq!(E164::parse(text), None, "{text:?}");
    }
}

#[test]
fn e164_from_digits_is_checked_as_well() {
    assert_eq!(E164::from_digits(12_015_550_123), E164::parse("+12015550123"));
    assert_eq!(E164::from_digits(999), None);
    assert_eq!(E164::from_digits(1_000_000_000_000_000_000), None);
    assert_eq!(E164::from_digits(u64::MAX), None);
}

#[test]
fn e164_is_stored_as_its_digits() {
    let number = E164::parse("+12015550123").unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "12015550123");
    assert_eq!(serde_json::from_str::<E164>("12015550123").unwrap(), number);
    assert!(serde_json::from_str::<E164>("12").is_err());
}

#[test]
fn regions_are_read_in_either_case() {
    assert_eq!(Region::parse("de").unwrap().as_str(), "DE");
    assert_eq!("Gb".parse::<Region>().unwrap().calling_code(), 44);
    assert_eq!(Region::parse("US"), Some(Region::US));
    assert_eq!(Region::parse("001"), Some(Region::WORLD));
    for text in ["", "D", "DEU", "XX", "ZZ", "00", "äö", "1"] {
        assert_eq!(Region::parse(text), None, "{text:?}");
    }
}

#[test]
fn every_region_is_found_by_its_own_code() {
    assert!(Region::all().count() >= 245);
    for region in Region::all() {
        assert_eq!(Region::parse(region.as_str()), Some(region));
        assert!((1..1000).contains(&region.calling_code()), "{region}");
    }
    assert!(Region::all().all(|region| region < Region::WORLD));
    assert_eq!(Region::WORLD.calling_code(), 0);
}

#[test]
fn regions_are_stored_as_their_codes() {
    let region = Region::parse("FR").unwrap();
    assert_eq!(serde_json::to_string(&region).unwrap(), "\"FR\"");
    assert_eq!(serde_json::from_str::<Region>("\"fr\"").unwrap(), region);
    assert!(serde_json::from_str::<Region>("\"XX\"").is_err());
}

#[test]
fn extensions_keep_their_zeros() {
    let extension = normalise("+1 201 555 0123 x00123", Region::US).unwrap().extension.unwrap();
    assert_eq!(extension, "00123");
    assert_eq!(extension.to_u64(), Some(123));
    assert_eq!(extension.to_string(), "00123");
    assert_eq!(Extension::parse("00123"), Some(extension));
    assert_eq!(Extension::parse("99999999999999999999").unwrap().to_u64(), None);
    for text in ["", "123456789012345678901", "12a", "１２"] {
        assert_eq!(Extension::parse(text), None, "{text:?}");
    }
}

#[test]
fn kinds_are_written_in_lower_case() {
    assert_eq!(NumberKind::FixedLineOrMobile.to_string(), "fixed_line_or_mobile");
    assert_eq!(NumberKind::Uan.as_str(), "uan");
}

#[test]
fn the_answers_are_small() {
    assert_eq!(size_of::<E164>(), 8);
    assert_eq!(size_of::<Option<Region>>(), 2);
    assert!(size_of::<carnet_phone::Number>() <= 48);
}
