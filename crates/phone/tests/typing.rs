//! Numbers as people and programs write them, by carnet's own rules. Each kind is named after the
//! public report that it was seen in.

#![allow(clippy::unwrap_used, reason = "a test says what it expects and what it found")]

use carnet_phone::{E164, Reason, Region, equivalents, normalise, several};

/// The number, an `x` and its extension; or the reason.
fn check(text: &str, code: &str, expected: Result<&str, Reason>) {
    let answer = normalise(text, Region::parse(code).unwrap()).map(|number| {
        let extension = number.extension.map(|extension| format!("x{extension}"));
        format!("{}{}", number.e164, extension.unwrap_or_default())
    });
    assert_eq!(answer.as_deref().map_err(|reason| *reason), expected, "{text:?} in {code:?}");
}

fn check_all(code: &str, expected: &str, texts: &[&str]) {
    for text in texts {
        check(text, code, Ok(expected));
    }
}

/// nhoizey/vscode-gremlins PR#204, danfickle/openhtmltopdf#464: marks of direction in copied numbers.
#[test]
fn characters_that_cannot_be_seen_are_dropped() {
    check_all(
        "US",
        "+33612345678",
        &[
            "\u{202a}+33 6 12 34 56 78\u{202c}",
            "+33\u{200e} 6\u{200f} 12 34 56 78",
            "\u{feff}+33612345678",
            "+\u{200b}33\u{2060}612345678",
            "+33 6\u{200d}12 34\u{ad}56 78",
            "\u{2066}+33 612 345 678\u{2069}",
            "+33612345678\u{fe0f}",
            "\u{61c}+33\u{180e}612345678",
        ],
    );
}

/// MedShake/MedShakeEHR-base PR#146, alphagov/notifications-utils PR#1222, CareTogetherCMS PR#467.
#[test]
fn blanks_hyphens_and_dots_of_every_kind_part_digits() {
    check_all(
        "FR",
        "+33612345678",
        &[
            "06\u{a0}12\u{a0}34\u{a0}56\u{a0}78",
            "06\u{202f}12\u{202f}34\u{202f}56\u{202f}78",
            "06\u{2007}12\u{2009}34\u{3000}56\u{2003}78",
            "06\u{2011}12\u{2011}34\u{2011}56\u{2011}78",
            "06–12—34−56‐78",
            "06\u{fe63}12\u{301c}34\u{2e3a}56\u{58a}78",
            "06·12·34·56·78",
            "06•12•34•56•78",
            "06\u{30fb}12\u{ff65}34\u{2219}56\u{22c5}78",
            "06\t12\t34\t56\t78",
            "06\u{2028}12 34 56 78",
        ],
    );
}

/// jackocnr/intl-tel-input#2105, marmelroy/PhoneNumberKit#294, moezbhatti/qksms#1774.
#[test]
fn digits_of_every_script_are_digits() {
    check_all(
        "IR",
        "+989123456789",
        &["۰۹۱۲۳۴۵۶۷۸۹", "٠٩١٢٣٤٥٦٧٨٩", "０９１２３４５６７８９", "०९१२३४५६७८९", "๐๙๑๒๓๔๕๖๗๘๙"],
    );
    check_all("US", "+989123456789", &["+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹", "＋９８　９１２　３４５　６７８９"]);
}

/// A French number in a book of the United States became +1 061 234 5678.
#[test]
fn a_number_of_another_country_is_not_taken_for_one_of_the_region() {
    check("06 12 34 56 78", "US", Err(Reason::UnlikeRegion));
    check("0171 234567", "US", Err(Reason::UnlikeRegion));
    check("012 345 6789", "US", Err(Reason::UnlikeRegion));
    check("(030) 123 4567", "US", Err(Reason::UnlikeRegion));
    check("11 2345 6789", "FR", Err(Reason::TooLong));
    check("0034 612 34 56 78", "US", Ok("+34612345678"));
    // With its country code, possible is enough.
    check("+1 061 234 5678", "US", Ok("+10612345678"));
    check("+44 20 2672 6670", "US", Ok("+442026726670"));
    // Neighbours who share a plan.
    check("(246) 555-0123", "US", Ok("+12465550123"));
    check("020 7946 0958", "GG", Ok("+442079460958"));
    check("(212) 555-0123", "BB", Ok("+12125550123"));
}

/// nextcloud/contacts, FossifyOrg/Contacts: names of people beside their numbers.
#[test]
fn a_name_beside_a_whole_number_is_no_part_of_it() {
    check_all(
        "DE",
        "+49301234567",
        &[
            "030 1234567 (privat)",
            "030 1234567 (Oma)",
            "(privat) 030 1234567",
            "030 (Büro) 1234567",
            "030 1234567 Oma",
            "030 1234567 - Herr Müller",
            "Tel. 030 1234567 [Zentrale]",
            "030 1234567 (Büro, 2. Stock)",
            "030 1234567, privat",
            "030 1234567 дом",
        ],
    );
    check("01 23 45 67 01 (maison)", "FR", Ok("+33123456701"));
    check("212-555-0123 home", "US", Ok("+12125550123"));
    check("212-555-0123 (cell) x45", "US", Ok("+12125550123x45"));
    // Letters that are keys stay keys.
    check("1-800-FLOWERS", "US", Ok("+18003569377"));
    check("1 (800-FLOWERS)", "US", Ok("+18003569377"));
    check("(800) GO-FEDEX", "US", Ok("+18004633339"));
    check("+1 555 555 CARS", "US", Ok("+15555552277"));
}

/// ringcentral/hubspot-embeddable-ringcentral-phone#212, nextcloud/contacts#1297.
#[test]
fn extensions_that_google_does_not_know_are_extensions() {
    check_all(
        "FR",
        "+33123456701x45",
        &[
            "01 23 45 67 01 *45",
            "01 23 45 67 01 * 45",
            "0123456701p45",
            "0123456701w45",
            "0123456701P45",
            "0123456701,,45",
            "01 23 45 67 01 poste 45",
            "01 23 45 67 01, poste 45",
            "01 23 45 67 01 Poste : 45",
            "01 23 45 67 01 (poste 45)",
            "01 23 45 67 01 (ext. 45)",
            "01 23 45 67 01 (45)",
            "01 23 45 67 01 x 45",
            "01 23 45 67 01 Durchwahl 45",
            "01 23 45 67 01 DW 45",
            "01 23 45 67 01 toestel 45",
            "01 23 45 67 01 内線45",
            "0123456701p45p1",
        ],
    );
    check("212 555 0123 x 9", "US", Ok("+12125550123x9"));
    check("212 555 0123 * 9", "US", Ok("+12125550123x9"));
    // Also in a country whose numbers have no fixed length, if the bracket stands apart.
    check("+49 30 12345 (67)", "US", Ok("+493012345x67"));
    check("+49 30 12345(67)", "US", Ok("+49301234567"));
    check("+49 (0) 30 1234567", "US", Ok("+49301234567"));
    check("poste 45", "FR", Err(Reason::TooShort));
}

#[test]
fn a_label_with_digits_is_no_part_of_the_number() {
    for (text, expected) in [
        ("030 123456 App. 12", "+4930123456x12"),
        ("030 123456 - App 12", "+4930123456x12"),
        ("030 123456 Kl. 12", "+4930123456x12"),
        ("030 12345 Dwl. 12", "+493012345x12"),
        ("030 12345 Nbst 12", "+493012345x12"),
        ("030 123456 2. Stock", "+4930123456"),
        ("030 12345 18-20h", "+493012345"),
        ("030 12345 (1. OG)", "+493012345"),
        ("Mobil 2 0170 1234567", "+491701234567"),
        ("Anna2 0170 1234567", "+491701234567"),
        ("2 030 12345", "+493012345"),
        ("(2) 030 12345", "+493012345"),
        ("1) 030 12345", "+493012345"),
        ("Nr. 2 030 12345", "+493012345"),
        ("P5 030 123456", "+4930123456"),
    ] {
        check(text, "DE", Ok(expected));
    }
    // What the words mean is not known, but where the number ends is.
    for (text, expected) in [
        ("030 12345 Abt 3", "+493012345"),
        ("030 12345 Haus 2", "+493012345"),
        ("030 12345 Etage 3", "+493012345"),
        ("030 123456 ab 18 Uhr", "+4930123456"),
        ("0170 1234567 Jo 2", "+491701234567"),
        ("030 12345 Fax 46", "+493012345"),
    ] {
        check(text, "DE", Ok(expected));
    }
    check("01 5880 App 12", "AT", Ok("+4315880x12"));
    check("09 1234 ala 5", "FI", Err(Reason::NotANumber));
    // Groups of two are a way to write.
    check("030 12 34 56 78 Oma", "DE", Ok("+493012345678"));
    check("01 23 45 67 89 maison", "FR", Ok("+33123456789"));
}

/// WhatsApp, exports and spreadsheets leave the plus out.
#[test]
fn a_number_with_its_country_code_needs_no_plus_at_home() {
    check_all(
        "DE",
        "+4915112345678",
        &[
            "4915112345678",
            "49 151 12345678",
            "49-151-12345678",
            "(49) 151 12345678",
            "4915112345678.0",
            "4.915112345678E+12",
        ],
    );
    check("49(0)30 123456", "DE", Ok("+4930123456"));
    check("493012345678.0", "DE", Ok("+493012345678"));
    check("5215512345678", "MX", Ok("+525512345678"));
    check("0066 2 123 4567", "TH", Ok("+6621234567"));
    check("0055 11 98234-5678", "BR", Ok("+5511982345678"));
    check("0xx11 3234-5678", "BR", Ok("+551132345678"));
    // A landline of Leer stays one.
    check("0491 12345", "DE", Ok("+4949112345"));
}

/// Numbers of which some digits are not to be seen.
#[test]
fn a_number_with_hidden_digits_is_none() {
    for text in [
        "0151 XX XX 678",
        "0151-xxx-1234",
        "+49 151 1234 XXXX",
        "+49 151 **** 678",
        "+49 151 1234###",
        "0151 ••• 4567",
        "0151 1234 ____",
        "0151 12?? 5678",
        "XXX-XXX-1234567",
    ] {
        check(text, "DE", Err(Reason::Hidden));
    }
    check("1-800-EXXON-12", "US", Ok("+18003996612"));
}

/// Metaswitch/sprout#1096: parameters of number portability (RFC 4694) and of tel: (RFC 3966).
#[test]
fn parameters_of_uris_are_no_digits() {
    check_all(
        "US",
        "+12125550101",
        &[
            "tel:+12125550101",
            "tel:+1-212-555-0101;npdi;rn=+12125550000",
            "tel:+12125550101;npdi",
            "tel:+12125550101;cic=+12345;rn-context=+1",
            "sip:+12125550101;npdi@pbx.example",
            "sip:+12125550101;npdi;rn=+12125550000@pbx.example;user=phone",
            "sip:+12125550101@pbx.example;user=phone",
            "+12125550101;npdi",
            "+12125550101;npdi;rn=+12125550000",
            "+12125550101;phone-context=example.com",
            "2125550101;npdi",
        ],
    );
    check("tel:+12125550101;ext=45;npdi", "US", Ok("+12125550101x45"));
    check("+12125550101;npdi;ext=45", "US", Ok("+12125550101x45"));
    check("Tel: 020 7946 0958;12", "GB", Ok("+442079460958x12"));
}

/// owncloud-archive/contacts#818 and #574, alltheplaces PR#9548, instedd/verboice#682.
#[test]
fn two_numbers_in_one_text_are_two() {
    let two = ["+33123456701", "+33612345601"];
    for text in [
        "01 23 45 67 01 / 06 12 34 56 01",
        "0123456701/0612345601",
        "0123456701;0612345601",
        "0123456701; 0612345601",
        "0123456701, 0612345601",
        "0123456701 ::: 0612345601",
        "0123456701 ou 0612345601",
        "0123456701 or 0612345601",
        "0123456701 oder 0612345601",
        "0123456701 | 0612345601",
        "0123456701\n0612345601",
        "01 23 45 67 01 (bureau) / 06 12 34 56 01 (portable)",
        "+33 1 23 45 67 01 et 06 12 34 56 01",
        "01 23 45 67 01 (mobile 06 12 34 56 01)",
        "01 23 45 67 01 (06 12 34 56 01)",
    ] {
        check(text, "FR", Err(Reason::Several));
        let found = several(text, Region::parse("FR").unwrap());
        let numbers: Vec<String> =
            found.iter().map(|(_, number)| number.e164.to_string()).collect();
        assert_eq!(numbers, two, "{text}");
        // Each part reads as its number by itself.
        for (range, number) in found {
            check(&text[range], "FR", Ok(&number.e164.to_string()));
        }
    }
    for text in ["030 12345-12/13", "030 12345 -12/-13", "030 1234512 / 13"] {
        check(text, "DE", Err(Reason::Several));
        let found = several(text, Region::parse("DE").unwrap());
        let numbers: Vec<String> =
            found.iter().map(|(_, number)| number.e164.to_string()).collect();
        assert_eq!(numbers, ["+49301234512", "+49301234513"], "{text}");
    }
    // One number, however it is parted.
    for (text, region, expected) in [
        ("030/1234567", "DE", "+49301234567"),
        ("0171 / 1234567", "DE", "+491711234567"),
        ("01 23 45 67 01 / +33 1 23 45 67 01", "FR", "+33123456701"),
        ("0123456701, bureau", "FR", "+33123456701"),
        ("(212) 555-0123, ext. 45", "US", "+12125550123x45"),
        ("212-555-0123;45", "US", "+12125550123x45"),
    ] {
        check(text, region, Ok(expected));
        assert!(several(text, Region::parse(region).unwrap()).is_empty(), "{text}");
    }
}

/// SpartnerNL/Laravel-Excel#300, Automattic/camptix#40, hizzle-co/noptin#602.
#[test]
fn what_a_spreadsheet_made_of_a_number_is_turned_back() {
    check_all(
        "FR",
        "+33612345605",
        &[
            "33612345605.0",
            "3.3612345605E+10",
            "3,3612345605E+10",
            "3.3612345605e10",
            "612345605.00",
        ],
    );
    check_all("US", "+33612345605", &["33612345605.0", "3.3612345605E+10"]);
    check("12125550123.0", "US", Ok("+12125550123"));
    check("3.36123E+10", "FR", Err(Reason::Rounded));
    check("3,36E+10", "US", Err(Reason::Rounded));
    check("030.1234567", "DE", Ok("+49301234567"));
}

/// chatwoot/chatwoot#14048 and #11053, python-phonenumbers#306, intl-tel-input#982.
#[test]
fn an_old_number_is_the_one_that_replaced_it() {
    check_all(
        "US",
        "+525512345679",
        &["+52 1 55 1234 5679", "+5215512345679", "+52 55 1234 5679", "0052 1 55 1234 5679"],
    );
    check("01 55 1234 5679", "MX", Ok("+525512345679"));
    check("+229 97 12 34 56", "US", Ok("+2290197123456"));
    check("97 12 34 56", "BJ", Ok("+2290197123456"));
    check("+225 07 12 34 56", "US", Ok("+2250707123456"));
    check("+55 11 8765-4321", "US", Ok("+5511987654321"));
    let both = |a: &str, b: &str| {
        let (a, b) = (E164::parse(a).unwrap(), E164::parse(b).unwrap());
        assert!(equivalents(a).any(|number| number == b), "{a} {b}");
        assert!(equivalents(b).any(|number| number == a), "{b} {a}");
    };
    both("+5491123456789", "+541123456789");
    both("+5215512345679", "+525512345679");
    both("+22997123456", "+2290197123456");
    for number in ["+12125550123", "+49301234567", "+33612345678"] {
        assert_eq!(equivalents(E164::parse(number).unwrap()).count(), 0, "{number}");
    }
}
