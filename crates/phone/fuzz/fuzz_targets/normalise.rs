//! Any text, any region, any rules: never a panic, and every accepted number is a sound one.

#![no_main]

use carnet_phone::{E164, Region, Rules, describe, normalise_with};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [region, rules, text @ ..] = data else { return };
    // One in four has no default region; the others have one of all.
    let region = (region % 4 != 0).then(|| Region::all().nth(usize::from(*region) % 245)).flatten();
    let bit = |n: u8| rules >> n & 1 == 1;
    let rules = Rules {
        leading_zero_zero: bit(0),
        space_for_plus: bit(1),
        uris: bit(2),
        refuse_local_only: bit(3),
        refuse_over_15_digits: bit(4),
        refuse_extension_only: bit(5),
        ..if bit(6) { Rules::CARNET } else { Rules::GOOGLE }
    };
    let text = String::from_utf8_lossy(text);
    let Ok(number) = normalise_with(&text, region, rules) else { return };
    let written = number.e164.to_string();
    assert_eq!(E164::parse(&written), Some(number.e164));
    let description = describe(number.e164);
    assert_eq!(description.valid, number.valid);
    assert_eq!(description.region, number.region);
    assert_eq!(description.kind, number.kind);
    let plain: String = number.e164.international().chars().filter(char::is_ascii_digit).collect();
    assert_eq!(plain, written[1..]);
    assert!(!number.national().is_empty());
    // Its written forms are texts as well; what Google makes of them is the property tests' affair.
    let _ = normalise_with(&number.international(), None, Rules::GOOGLE);
    let _ = normalise_with(&number.national(), number.region, Rules::CARNET);
});
