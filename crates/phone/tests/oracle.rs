//! Properties of numbers in general, and random writings of random numbers against an
//! independent port of Google's library. `PROPTEST_CASES` sets how many are tried.

#![allow(clippy::unwrap_used, reason = "a test says what it expects and what it found")]

use std::sync::LazyLock;

use carnet_phone::{E164, Number, Reason, Region, Rules, describe, normalise, normalise_with};
use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

/// Numbers of all regions and kinds, from the sample of the corpus.
static BASES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let rows = include_str!("data/sample.jsonl").lines();
    rows.filter_map(|row| {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        Some((row.get(3)?.as_str()?.to_owned(), row[6].as_str().unwrap_or("US").to_owned()))
    })
    .collect()
});

/// A number: one of the bases, perhaps with digits changed, taken away or added at its end.
fn number() -> impl Strategy<Value = (String, String)> {
    let change = prop_oneof![
        3 => Just(None),
        2 => (2..12usize, 0..10u8).prop_map(Some),
    ];
    let end = prop_oneof![
        4 => Just(String::new()),
        1 => "[0-9]{1,6}",
        1 => "-{1,4}",
    ];
    (0..BASES.len(), change, end).prop_map(|(base, change, end)| {
        let (mut number, region) = BASES[base].clone();
        if let Some((at, digit)) = change
            && at < number.len()
        {
            number.replace_range(at..=at, &digit.to_string());
        }
        match end.strip_prefix('-') {
            Some(_) => number.truncate(number.len().saturating_sub(end.len()).max(3)),
            None => number.push_str(&end),
        }
        (number, region)
    })
}

/// How the digits are parted.
fn parted(digits: &str, separators: &[String], every: &[usize]) -> String {
    let mut text = String::new();
    let mut left = every.first().copied().unwrap_or(3);
    let mut group = 0;
    for c in digits.chars() {
        if left == 0 {
            text.push_str(&separators[group % separators.len()]);
            group += 1;
            left = every[group % every.len()];
        }
        left -= 1;
        text.push(c);
    }
    text
}

const SEPARATOR: &str =
    "( |-|\\.|/|  | - |\u{a0}|\u{2011}|\u{2013}|\u{200b}|\\)|\\(|~|\\*|\u{3000})?";
const BEFORE: &str = "(|||||Tel: |tel:|\\(| |T |\u{202a}|Phone |;|#)";
const PREFIX: &str = "(|||||0|00|011|8|1|\\+|\\(0\\)|00 |0 |810|0xx11|\\+\\+|＋)";
const AFTER: &str = "(||||||| | x12| ext. 123|;ext=00123| доб. 7|,,55|;55|,9|-12#| #4|x|\u{202c}| \
    \\(home\\)| int 5| anexo 4567|ext|;isub=1|;phone-context=\\+49|;phone-context=example.com| / 5| ~7|EXTENSION 12|ｅｘｔ9)";

/// A text with a number in it, and a default region.
fn writing() -> impl Strategy<Value = (String, Option<Region>)> {
    let regions = prop_oneof![
        3 => Just(None),
        2 => (0..Region::all().count()).prop_map(|n| Region::all().nth(n)),
    ];
    let shape = (
        BEFORE,
        PREFIX,
        AFTER,
        proptest::collection::vec(SEPARATOR, 1..4),
        proptest::collection::vec(1..6usize, 1..4),
        0..8u8,
    );
    (number(), regions, shape).prop_map(|((number, home), region, shape)| {
        let (before, prefix, after, separators, every, form) = shape;
        let home = Region::parse(&home);
        let code = home.map_or(String::new(), |home| home.calling_code().to_string());
        let national = number[1..].strip_prefix(&code).unwrap_or(&number[1..]);
        let body = match form {
            0..4 => number.clone(),
            4 => number[1..].to_owned(),
            _ => format!("{prefix}{national}"),
        };
        let mut text = format!("{before}{}{after}", parted(&body, &separators, &every));
        if form == 3 {
            text = text.replace('1', "١").replace('5', "５");
        }
        (text, region.or(home.filter(|home| *home != Region::WORLD && form != 0)))
    })
}

/// Calling codes whose metadata changed between the crate's (9.0.33) and the oracle's (9.0.42).
/// A difference there says nothing. With newer metadata in the crate the list is to be made anew;
/// that all differences lie in it was seen over 400,000 writings.
const NEWER_IN_THE_ORACLE: [u16; 57] = [
    1, 7, 34, 45, 46, 47, 51, 54, 56, 57, 61, 84, 86, 90, 91, 98, 212, 220, 221, 223, 228, 233,
    234, 237, 238, 243, 247, 254, 255, 256, 258, 263, 267, 290, 298, 351, 358, 372, 423, 504, 506,
    507, 592, 595, 597, 675, 677, 679, 852, 880, 962, 963, 965, 972, 993, 995, 998,
];

#[derive(Debug, PartialEq, Eq)]
struct Answer {
    e164: String,
    extension: String,
    valid: bool,
    region: String,
    kind: String,
    international: String,
    national: String,
}

fn carnet(text: &str, region: Option<Region>) -> Result<Number, Reason> {
    normalise_with(text, region, Rules::GOOGLE)
}

fn answer(number: &Number) -> Answer {
    Answer {
        e164: number.e164.to_string(),
        extension: number.extension.map(|extension| extension.to_string()).unwrap_or_default(),
        valid: number.valid,
        region: number
            .region
            .filter(|_| number.valid)
            .map(|region| region.to_string())
            .unwrap_or_default(),
        kind: number.kind.as_str().replace('_', ""),
        international: number.international().to_string(),
        national: number.national().to_string(),
    }
}

fn oracle(text: &str, region: Option<Region>) -> Option<Answer> {
    let region = region.and_then(|region| rlibphonenumber::Region::try_from(region.as_str()).ok());
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    if !PHONE_NUMBER_UTIL.is_possible_number(&number) {
        return None;
    }
    let valid = number.is_valid();
    Some(Answer {
        e164: number.format_as(PhoneNumberFormat::E164).into_owned(),
        extension: ascii(number.extension.as_deref().unwrap_or_default()),
        valid,
        region: number
            .get_region_code()
            .filter(|_| valid)
            .map(|region| region.to_string())
            .unwrap_or_default(),
        kind: format!("{:?}", number.get_type()).to_lowercase(),
        international: ascii(&number.format_as(PhoneNumberFormat::International)),
        national: ascii(&number.format_as(PhoneNumberFormat::National)),
    })
}

/// Two digits and an extension: the oracle takes them for a number, Google's own pattern does not
/// (its two digits have no neighbours).
fn is_two_digits(answer: &Answer) -> bool {
    let code = describe(E164::parse(&answer.e164).unwrap()).calling_code.to_string();
    !answer.extension.is_empty() && answer.e164.len() - 1 - code.len() == 2
}

fn is_newer(answer: &Answer) -> bool {
    let number = E164::parse(&answer.e164).unwrap();
    NEWER_IN_THE_ORACLE.contains(&describe(number).calling_code)
}

/// Digits as carnet keeps them: the oracle leaves those of an extension in their script.
fn ascii(text: &str) -> String {
    text.replace('١', "1").replace('５', "5")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_writings_are_read_as_the_oracle_reads_them((text, region) in writing()) {
        let expected = oracle(&text, region);
        // The oracle goes on to 19 digits, which no E164 holds.
        if expected.as_ref().is_some_and(|answer| answer.e164.len() > 19) {
            return Ok(());
        }
        let number = carnet(&text, region);
        let answered = number.as_ref().ok().map(answer);
        if [&answered, &expected].into_iter().flatten().any(is_newer)
            || answered.is_none() && expected.as_ref().is_some_and(is_two_digits)
        {
            return Ok(());
        }
        prop_assert_eq!(answered, expected, "{:?} in {:?}: {:?}", text, region, number);
    }
}

/// The number in a text, if it is a valid one. Of others Google itself does not promise the
/// properties below.
fn valid(text: &str, region: Option<Region>) -> Option<Number> {
    normalise(text, region.unwrap_or(Region::US)).ok().filter(|number| number.valid)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn normalising_twice_changes_nothing((text, region) in writing()) {
        let Some(number) = valid(&text, region) else { return Ok(()) };
        let plain = number.e164.to_string();
        let again = normalise(&plain, Region::US);
        // Google itself takes the 8 of the Belarusian +375 8101234565 for a national prefix, and
        // yet reads +375 80 8101234565 as that number. Such a case is for the oracle to confirm.
        if again != Ok(Number { extension: None, ..number }) {
            prop_assert_eq!(again.ok().as_ref().map(answer), oracle(&plain, None));
        }
    }

    #[test]
    fn the_international_form_reads_back((text, region) in writing()) {
        let Some(number) = valid(&text, region) else { return Ok(()) };
        let form = number.international();
        let again = normalise(&form, Region::US);
        if again != Ok(number) {
            prop_assert_eq!(again.ok().as_ref().map(answer), oracle(&form, None));
        }
    }

    #[test]
    fn the_national_form_reads_back_at_home((text, region) in writing()) {
        let Some(number) = valid(&text, region) else { return Ok(()) };
        let home = number.region.unwrap();
        if home == Region::WORLD {
            return Ok(());
        }
        let national = number.national();
        let again = normalise(&national, home);
        // A few of Google's own forms mean another number: Gabon writes the old +241 2 07 53 44
        // as 02 07 53 44, which is also how its newer +241 02 07 53 44 is written.
        if again != Ok(number) {
            prop_assert_eq!(again.ok().as_ref().map(answer), oracle(&national, Some(home)));
        }
    }

    #[test]
    fn no_text_makes_a_panic(text in "\\PC{0,300}", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = normalise(&text, Region::US);
        let _ = normalise(&String::from_utf8_lossy(&bytes), Region::US);
    }
}
