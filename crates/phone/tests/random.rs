//! Numbers drawn at random: of other countries, of the region in many spellings, of old numbering plans,
//! and texts of any kind.

#![allow(clippy::unwrap_used, reason = "a test says what it expects and what it found")]

use carnet_phone::{E164, Region, describe, equivalents, normalise, partials, several};
use std::collections::BTreeMap;

/// Numbers of a linear congruential generator, below `end`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % end
    }

    /// A valid number of 9 to 13 digits, of any country or behind a country code.
    fn valid(&mut self, code: Option<u64>) -> E164 {
        loop {
            let rest = 10_u64.pow(u32::try_from(8 + self.roll(5)).unwrap());
            let digits = match code {
                Some(code) => code * 10_u64.pow(10) + self.roll(10_u64.pow(10)),
                None => rest * (1 + self.roll(9)) + self.roll(rest),
            };
            let number = E164::from_digits(digits).unwrap();
            if describe(number).valid {
                return number;
            }
        }
    }
}

#[test]
fn a_national_number_of_another_country_becomes_no_number_that_nobody_has() {
    let mut dice = Dice(1);
    let mut by_region: BTreeMap<Region, usize> = BTreeMap::new();
    let (mut asked, mut american) = (0, 0);
    while asked < 5_000 {
        let number = dice.valid(None);
        let Some(region) = describe(number).region else { continue };
        let count = by_region.entry(region).or_default();
        if number.to_string().starts_with("+1") || region == Region::WORLD || *count >= 50 {
            continue;
        }
        *count += 1;
        asked += 1;
        let text = number.national().to_string();
        match normalise(&text, Region::US) {
            Ok(read) if read.e164 != number => {
                // Somebody in the United States who dials just this; or with the international prefix,
                // which some mobile numbers of Malaysia begin with, a number abroad.
                let abroad = text.starts_with("011");
                assert!(read.valid || abroad, "{text} of {region} became {}", read.e164);
                american += 1;
            }
            _ => {}
        }
    }
    let regions = by_region.values().filter(|count| **count > 0).count();
    assert!(regions >= 100, "{regions} regions");
    assert!(american < asked / 100, "{american} of {asked}");
}

#[test]
fn a_valid_number_of_the_region_is_read_in_every_spelling() {
    let mut dice = Dice(2);
    for _ in 0..5_000 {
        let number = dice.valid(Some(1));
        let digits = number.digits().to_string();
        let (area, exchange, line) = (&digits[1..4], &digits[4..7], &digits[7..]);
        for text in [
            format!("{area}{exchange}{line}"),
            format!("({area}) {exchange}-{line}"),
            format!("{area}-{exchange}-{line}"),
            format!("{area}.{exchange}.{line}"),
            format!("1 {area} {exchange} {line}"),
            format!("1{area}{exchange}{line}"),
            format!("+1 ({area}) {exchange}-{line}"),
            format!("{area}/{exchange}-{line} (home)"),
        ] {
            let read = normalise(&text, Region::US).unwrap();
            assert_eq!(read.e164, number, "{text}");
        }
    }
}

/// Each line of the data is tried with random digits.
#[test]
fn what_replaced_an_old_number_is_a_number_of_today() {
    let file = include_str!("../data/renumbering.tsv");
    let mut dice = Dice(3);
    let mut lines = 0;
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, code, old, new, since, kind, old_code, source] = columns[..] else {
            panic!("{line}")
        };
        assert!(since.len() == 7 && !source.is_empty(), "{line}");
        assert!(matches!(kind, "replaced" | "both"), "{line}");
        let old_code = if old_code == "-" { code } else { old_code };
        lines += 1;
        let mut found = 0;
        for _ in 0..400 {
            let (old, new) = dice.forms(old, new);
            let old = E164::parse(&format!("+{old_code}{old}")).unwrap();
            let new = E164::parse(&format!("+{code}{new}")).unwrap();
            let same = |a: E164, b: E164| equivalents(a).any(|number| number == b);
            assert!(same(old, new) && same(new, old), "{line}: {old} {new}");
            if !describe(new).valid {
                continue;
            }
            found += 1;
            // What is an old number only is read as the new one.
            if kind == "replaced" && !describe(old).valid {
                let read = normalise(&old.to_string(), Region::US);
                assert!(read.is_ok_and(|read| read.valid), "{line}: {old} {new} {read:?}");
            }
        }
        assert!(found > 0, "{line}: not one is valid");
    }
    assert!(lines > 300, "{lines}");
}

/// FossifyOrg/Contacts#357, as a number of an old plan is typed: its contact is found before all of it
/// is there.
#[test]
fn the_beginning_of_an_old_number_is_one_of_its_new_number() {
    let file = include_str!("../data/renumbering.tsv");
    let mut dice = Dice(4);
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, code, old, new, _, _, old_code, _] = columns[..] else { panic!("{line}") };
        let old_code = if old_code == "-" { code } else { old_code };
        for _ in 0..20 {
            let (old, new) = dice.forms(old, new);
            let typed = format!("+{old_code}{}", &old[..old.len() - 2]);
            let new = format!("{code}{new}");
            let parts = partials(&typed, Region::US);
            let found = parts.iter().any(|part| part.begins && new.starts_with(&part.digits));
            assert!(found, "{line}: {typed} of {new} is {parts:?}");
        }
    }
}

impl Dice {
    /// Digits of an old form and what they are in the new one.
    fn forms(&mut self, old: &str, new: &str) -> (String, String) {
        let mut copied = Vec::new();
        let mut digits = String::new();
        let mut rest = old.chars();
        while let Some(c) = rest.next() {
            let class: Vec<char> = match c {
                'x' => ('0'..='9').collect(),
                '[' => {
                    let text: Vec<char> = rest.by_ref().take_while(|c| *c != ']').collect();
                    let mut class = Vec::new();
                    for (at, c) in text.iter().enumerate() {
                        match c {
                            '-' => class.extend(text[at - 1]..=text[at + 1]),
                            c => class.push(*c),
                        }
                    }
                    class
                }
                c => {
                    digits.push(c);
                    continue;
                }
            };
            let digit = class[usize::try_from(self.roll(class.len() as u64)).unwrap()];
            copied.push(digit);
            digits.push(digit);
        }
        let mut copied = copied.into_iter();
        let mut other = String::new();
        let mut rest = new.chars();
        while let Some(c) = rest.next() {
            match c {
                '[' => rest.by_ref().take_while(|c| *c != ']').for_each(drop),
                'x' => {}
                c => {
                    other.push(c);
                    continue;
                }
            }
            other.push(copied.next().unwrap());
        }
        (digits, other)
    }
}

/// Texts put together at random from what the rules look for: nothing panics, a number that was read is
/// read again from its international form, and parts lie on the borders of characters.
#[test]
fn any_text_has_an_answer() {
    const PARTS: &[&str] = &[
        "0",
        "1",
        "2",
        "33",
        "612",
        "345678",
        "+",
        "00",
        " ",
        "\u{a0}",
        "\u{202f}",
        "-",
        "–",
        ".",
        "·",
        "•",
        "(",
        ")",
        "[",
        "{",
        "]",
        "/",
        ";",
        ",",
        ",,",
        ":",
        ":::",
        "|",
        "*",
        "#",
        "x",
        "X",
        "XX",
        "p",
        "w",
        "poste",
        "Durchwahl",
        "ext.",
        "内線",
        "Oma",
        "ou",
        " oder ",
        "tel:",
        "sip:",
        "@",
        "<",
        ">",
        ";npdi",
        ";rn=+1",
        ";ext=",
        ";phone-context=",
        "%2B",
        "%",
        "E+10",
        ".0",
        "\u{200b}",
        "٣",
        "９",
        "é",
        "\u{301}",
        "…",
        "\n",
        "\r",
        "\t",
        "\u{feff}",
        "😀",
        "ß",
        "İ",
    ];
    let mut dice = Dice(4);
    let mut read = 0;
    for _ in 0..60_000 {
        let parts = 1 + dice.roll(14);
        let text: String = (0..parts)
            .map(|_| PARTS[usize::try_from(dice.roll(PARTS.len() as u64)).unwrap()])
            .collect();
        for code in ["US", "DE", "FR", "AR"] {
            let region = Region::parse(code).unwrap();
            if let Ok(number) = normalise(&text, region) {
                read += 1;
                let again = normalise(&number.e164.to_string(), region).unwrap();
                // Only a number that nobody has may be an old one, and then it is valid as the new one.
                let stays = again.e164 == number.e164;
                assert!(stays || (!number.valid && again.valid), "{text:?} in {code}");
            }
            for (range, number) in several(&text, region) {
                assert!(number.valid && text.get(range).is_some(), "{text:?} in {code}");
            }
        }
    }
    assert!(read > 1_000, "{read}");
}
