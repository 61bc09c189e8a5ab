//! carnet's own rules, on and off, one case a line.

#![allow(clippy::unwrap_used, reason = "a test says what it expects and what it found")]

use carnet_phone::{
    E164, NumberKind, Reason, Region, Rules, describe, normalise, normalise_with, strict_e164,
};

fn region(code: &str) -> Region {
    Region::parse(code).unwrap()
}

/// With all rules on: the number, an `x` and its extension; or the reason.
fn check(text: &str, code: &str, expected: Result<&str, Reason>) {
    check_with(text, Some(code), Rules::CARNET, expected);
}

fn check_with(text: &str, code: Option<&str>, rules: Rules, expected: Result<&str, Reason>) {
    let answer = normalise_with(text, code.map(region), rules).map(|number| {
        let extension = number.extension.map(|extension| format!("x{extension}"));
        format!("{}{}", number.e164, extension.unwrap_or_default())
    });
    assert_eq!(answer.as_deref().map_err(|reason| *reason), expected, "{text:?} in {code:?}");
}

#[test]
fn a_text_without_a_number_is_refused_with_its_reason() {
    check("", "US", Err(Reason::Empty));
    check(" \t\u{3000}", "US", Err(Reason::Empty));
    check("nobody", "US", Err(Reason::NotANumber));
    check("+", "US", Err(Reason::NotANumber));
    check("7", "US", Err(Reason::TooShort));
    check("+49 1", "US", Err(Reason::TooShort));
    check("212", "US", Err(Reason::TooShort));
    check("212 555 01234 5", "US", Err(Reason::TooLong));
    check("+376 1234567", "US", Err(Reason::WrongLength));
    check("+999 123 4567", "US", Err(Reason::UnknownCountryCode));
    check_with("030 123456", None, Rules::CARNET, Err(Reason::NoCountryCode));
    check_with("030 123456", Some("001"), Rules::CARNET, Err(Reason::NoCountryCode));
}

#[test]
fn every_reason_is_a_phrase() {
    assert_eq!(Reason::NoCountryCode.to_string(), "the country code is missing");
    assert_eq!(Reason::LocalOnly.to_string(), "the area code is missing");
}

#[test]
fn long_texts_are_refused_at_once() {
    check(&"1".repeat(250), "US", Err(Reason::TooLong));
    check(&"1".repeat(251), "US", Err(Reason::TextTooLong));
    check(&"１".repeat(250), "US", Err(Reason::TooLong));
    check(&"１".repeat(251), "US", Err(Reason::TextTooLong));
    check(&" +1 212 555 0123".repeat(1_000), "US", Err(Reason::TextTooLong));
    check(&format!("{}+12125550123", " ".repeat(238)), "US", Ok("+12125550123"));
}

#[test]
fn zero_zero_stands_for_plus_where_the_region_dials_something_else() {
    check("0044 121 331 5000", "US", Ok("+441213315000"));
    check("0044 121 331 5000 x12", "US", Ok("+441213315000x12"));
    check("0036 20 785 1857", "US", Ok("+36207851857"));
    check("001 212 555 0123", "US", Ok("+12125550123"));
    check_with("0044 121 331 5000", None, Rules::CARNET, Ok("+441213315000"));
    check_with("0044 121 331 5000", None, Rules::GOOGLE, Err(Reason::NoCountryCode));
    check_with("0044 121 331 5000", Some("US"), Rules::GOOGLE, Err(Reason::TooLong));
    // Germany dials 00 itself.
    check("0044 121 331 5000", "DE", Ok("+441213315000"));
    // Of two reasons, the one about the number that was meant.
    check("00999 1234567", "US", Err(Reason::UnknownCountryCode));
}

#[test]
fn zero_zero_stays_where_it_begins_a_valid_number() {
    // Japan has free-phone numbers that begin with it.
    let number = normalise("00777012", region("JP")).unwrap();
    assert_eq!(number.e164.to_string(), "+8100777012");
    assert!(number.valid);
}

#[test]
fn a_leading_space_stands_for_a_plus_that_nobody_escaped() {
    check(" 33612345678", "US", Ok("+33612345678"));
    check(" 33 6 12 34 56 78", "US", Ok("+33612345678"));
    // No possible number comes of it: then it is only a space.
    check(" 2125550123", "US", Ok("+12125550123"));
    check("  33612345678", "US", Err(Reason::TooLong));
    check_with(" 33612345678", Some("US"), Rules::GOOGLE, Err(Reason::TooLong));
}

#[test]
fn uris_are_taken_apart() {
    check("tel:+1-201-555-0123", "DE", Ok("+12015550123"));
    check("tel:+1-201-555-0123;tgrp=t9;trunk-context=+44", "DE", Ok("+12015550123"));
    check("tel:555-0123;phone-context=+1-201", "DE", Ok("+12015550123"));
    check("TEL:+1-201-555-0123;ext=7", "DE", Ok("+12015550123x7"));
    check("Tel: 030 123456;12", "DE", Ok("+4930123456x12"));
    check("sip:+33612345678@example.com;user=phone", "US", Ok("+33612345678"));
    check("sips:%2B33612345678@10.0.0.1:5061", "US", Ok("+33612345678"));
    check("sip:+33612345678", "US", Ok("+33612345678"));
    check("sip:0612345678:secret@example.com", "FR", Ok("+33612345678"));
    check("sip:+1-201-555-0123;ext=12@example.com", "DE", Ok("+12015550123x12"));
    check("\"Anna 2\" <sip:+33612345678@example.com;user=phone>;tag=88", "US", Ok("+33612345678"));
    check("sip:anna@example.com", "US", Err(Reason::NotANumber));
    check("sip:anna2125550123@example.com", "US", Err(Reason::NotANumber));
    check("sip:192.168.100.100:5060", "US", Err(Reason::NotANumber));
    check("sip:", "US", Err(Reason::NotANumber));
    check_with("sip:+33612345678@10.0.0.1", None, Rules::GOOGLE, Err(Reason::NotANumber));
}

#[test]
fn numbers_without_their_area_code_are_refused() {
    check("555-0123", "US", Err(Reason::LocalOnly));
    check_with("555-0123", Some("US"), Rules::GOOGLE, Ok("+15550123"));
}

#[test]
fn more_than_fifteen_digits_are_refused() {
    let text = "+81 0077 1234 5678 901";
    check(text, "US", Err(Reason::TooLong));
    check_with(text, None, Rules::GOOGLE, Ok("+81007712345678901"));
}

#[test]
fn an_extension_alone_is_refused() {
    for text in ["x123", "ext. 12", "Extension 4567", "#123", " ext 12 ", ";ext=123", "доб. 1234"]
    {
        check(text, "DE", Err(Reason::ExtensionOnly));
    }
    check_with("x123", Some("DE"), Rules::GOOGLE, Ok("+49123"));
    check("030 123456 ext. 00123", "DE", Ok("+4930123456x00123"));
}

#[test]
fn numbers_of_the_world_have_the_region_001() {
    for text in ["+870 773 111 632", "+8816 1234 5678", "+800 1234 5678", "+979 123 456 789"] {
        let number = normalise(text, Region::US).unwrap();
        assert_eq!(number.region, Some(Region::WORLD), "{text}");
        assert_eq!(describe(number.e164).country.as_str(), "001");
    }
}

#[test]
fn a_number_of_no_country_code_is_described_as_unknown() {
    let number = E164::parse("+999123456").unwrap();
    let description = describe(number);
    assert_eq!((description.region, description.valid), (None, false));
    assert_eq!((description.calling_code, description.country), (0, Region::WORLD));
    assert_eq!(description.kind, NumberKind::Unknown);
    assert_eq!(number.international().as_str(), "+999123456");
    assert_eq!(number.national().as_ref(), "+999123456");
}

#[test]
fn a_shared_code_without_a_claim_falls_to_its_main_country() {
    let description = describe(E164::parse("+15550123").unwrap());
    assert_eq!((description.region, description.country), (None, Region::US));
}

#[test]
fn possible_and_valid_are_two_things() {
    let possible = normalise("+15555550100", Region::US).unwrap();
    assert!(!possible.valid);
    assert_eq!(possible.kind, NumberKind::Unknown);
    assert_eq!(possible.international().as_str(), "+1 555-555-0100");
    let valid = normalise("(321) 700-1243 x 123", Region::US).unwrap();
    assert!(valid.valid);
    assert_eq!(valid.international().as_str(), "+1 321-700-1243 ext. 123");
    assert_eq!(valid.e164.international().as_str(), "+1 321-700-1243");
    assert_eq!(valid.national().to_string(), "(321) 700-1243 ext. 123");
}

#[test]
fn a_strict_number_is_what_every_region_reads() {
    let mut read = 0;
    let mut seed = 7_u64;
    for _ in 0..200_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        // 3 to 16 digits.
        let digits = 10_u64.pow(2 + u32::try_from(seed >> 40).unwrap() % 14);
        let text = format!("+{}", digits + (seed >> 8) % (9 * digits));
        let Some(number) = strict_e164(&text) else { continue };
        read += 1;
        for region in [Region::US, Region::WORLD] {
            assert_eq!(normalise(&text, region).unwrap().e164, number, "{text}");
        }
    }
    assert!(read > 20_000, "{read}");
    for text in ["", "+", "13172222222", "+1 317 222 2222", " +13172222222", "+1317222222x"] {
        assert_eq!(strict_e164(text), None, "{text}");
    }
    assert_eq!(strict_e164("+13172222222"), E164::parse("+13172222222"));
}

#[test]
fn a_zero_behind_a_country_code_is_dropped_where_no_number_has_it() {
    for (text, number) in [
        ("+39 (0) 347 1234567", "+393471234567"),
        ("+39 0347 1234567", "+393471234567"),
        ("+3903471234567", "+393471234567"),
        ("0039 (0) 347 1234567", "+393471234567"),
        ("011 39 (0) 347 1234567", "+393471234567"),
        ("+420 (0) 601 123 456", "+420601123456"),
        ("+34 (0) 612 345 678", "+34612345678"),
        ("+45 (0) 33 12 34 56", "+4533123456"),
        ("+852 (0) 2123 4567", "+85221234567"),
        ("+1 (0) 212 555 0123", "+12125550123"),
        ("+49 (0) 30 1234567", "+49301234567"),
        // Numbers of fixed lines in Italy begin with one, and so do all of the Ivory Coast.
        ("+39 (0)6 1234 5678", "+390612345678"),
        ("+39 06 1234 5678", "+390612345678"),
        ("+225 01 23 45 67", "+2250101234567"),
    ] {
        check(text, "US", Ok(number));
    }
    check("39 (0) 347 1234567", "IT", Ok("+393471234567"));
    // Without a country code nothing says whose zero it is.
    check("0347 1234567", "IT", Ok("+3903471234567"));
    check_with("+39 (0) 347 1234567", None, Rules::GOOGLE, Ok("+3903471234567"));
}

#[test]
fn the_strict_reading_drops_the_zero_too() {
    for text in ["+3903471234567", "+390612345678", "+420601123456", "+39021234"] {
        let read = normalise(text, Region::US).ok().map(|number| number.e164);
        let strict = carnet_phone::strict_e164(text);
        assert!(strict.is_none() || strict == read, "{text}");
    }
    assert_eq!(carnet_phone::strict_e164("+3903471234567"), None);
}

#[test]
fn ten_digits_in_north_america_are_a_number_of_an_area_that_there_is() {
    let unlike = || Err(Reason::UnlikeRegion);
    // Mobile numbers of India, Greece, Turkey, Mexico and China.
    for text in ["98765 43210", "691 234 5678", "555 123 45 67", "55 5123 4567", "138 1234 5678"] {
        check(text, "US", unlike());
        check(text, "CA", unlike());
    }
    check("1 987 654 3210", "US", unlike());
    // Exchanges that there are not, and one of Barbados that the metadata do not know.
    check("212 123 4567", "US", unlike());
    check("212 911 4567", "US", Ok("+12129114567"));
    check("246 555 0123", "US", Ok("+12465550123"));
    check("416 555 0123", "US", Ok("+14165550123"));
    check("809 555 0123", "US", Ok("+18095550123"));
    check("1 (212) 555-0123", "DO", Ok("+12125550123"));
    // With its country code a possible number stays one.
    check("+1 987 654 3210", "US", Ok("+19876543210"));
    check("001 987 654 3210", "DE", Ok("+19876543210"));
    check("011 1 987 654 3210", "US", Ok("+19876543210"));
    check_with("98765 43210", Some("US"), Rules::GOOGLE, Ok("+19876543210"));
}

#[test]
fn a_quantity_with_a_plus_or_too_few_digits_is_told_from_a_number() {
    for text in ["+33612345608.0", "+3.3612345608E+10", "+33612345608,00"] {
        check(text, "US", Ok("+33612345608"));
    }
    for text in ["1.23E+05", "1,23E+05", "1E+05", "3E+10", "1.23E+11", "+3.36E+10"] {
        check(text, "US", Err(Reason::Rounded));
    }
}

/// Chile dials no zero any more since 2016, and had one more digit from 2012 and 2013 on.
#[test]
fn the_zero_that_chile_dialled_is_no_digit() {
    for (text, number) in [
        ("09-81234567", "+56981234567"),
        ("09 8 123 4567", "+56981234567"),
        ("09 6123 4567", "+56961234567"),
        ("02-2345678", "+56222345678"),
        ("(02) 2234 5678", "+56222345678"),
        ("032-2123456", "+56322123456"),
        ("061 212345", "+56612212345"),
        ("(065) 2 350009", "+56652350009"),
    ] {
        check(text, "CL", Ok(number));
    }
}
