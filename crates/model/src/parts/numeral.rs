//! Numbers in JSON values, compared exactly. A whole number beyond 64 bits has no form of its own in
//! a value; it is kept to the last digit as a text with a mark in front. How JSON is read and written
//! is not known here.

use serde_json::Value;
use std::cmp::Ordering;

/// The first character of a text that stands for a whole number. No text of a record has it, because
/// control characters are refused.
const MARK: char = '\0';

/// The value of a whole number: a number where 64 bits hold it, else a text with a mark. `digits` is
/// a numeral of JSON: a minus perhaps, and digits.
pub fn whole_value(digits: &str) -> Value {
    if let Ok(number) = digits.parse::<i64>() {
        return Value::from(number);
    }
    match digits.parse::<u64>() {
        Ok(number) => Value::from(number),
        Err(_) => Value::String(format!("{MARK}{digits}")),
    }
}

/// The numeral of a whole number that is kept as a text with a mark; `None` for every other value.
pub fn large_whole(value: &Value) -> Option<&str> {
    let digits = value.as_str()?.strip_prefix(MARK)?;
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    let is_numeral = bare.bytes().all(|byte| byte.is_ascii_digit())
        && bare.bytes().next().is_some_and(|first| first != b'0');
    // A smaller one has another form, and so a text of it stands for nothing.
    let is_large = digits.parse::<i64>().is_err() && digits.parse::<u64>().is_err();
    (is_numeral && is_large).then_some(digits)
}

/// The number of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Numeral {
    /// A whole number of at most 128 bits.
    Whole(i128),
    /// A number with a point or an exponent, as near as 64 bits come to it.
    Float(f64),
}

/// 2^127, the first number that an `i128` cannot hold.
const WHOLE_END: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

impl Numeral {
    /// The number of a value; `None` for what is no number, or has more digits than 128 bits hold.
    pub fn of(value: &Value) -> Option<Numeral> {
        if let Some(digits) = large_whole(value) {
            return digits.parse().ok().map(Numeral::Whole);
        }
        let number = value.as_number()?;
        let whole = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
        whole.map(Numeral::Whole).or_else(|| number.as_f64().map(Numeral::Float))
    }

    /// Whether it has no fraction; `3.0` is whole.
    pub fn is_whole(self) -> bool {
        match self {
            Numeral::Whole(_) => true,
            Numeral::Float(float) => float.fract() == 0.0,
        }
    }

    /// Which of two numbers is the larger one. JSON has only finite numbers, so there is always an
    /// answer.
    pub fn order(self, other: Numeral) -> Ordering {
        match (self, other) {
            (Numeral::Whole(one), Numeral::Whole(other)) => one.cmp(&other),
            (Numeral::Float(one), Numeral::Float(other)) => one.total_cmp(&other),
            (Numeral::Whole(one), Numeral::Float(other)) => whole_and_float(one, other),
            (Numeral::Float(one), Numeral::Whole(other)) => whole_and_float(other, one).reverse(),
        }
    }
}

fn whole_and_float(whole: i128, float: f64) -> Ordering {
    if float >= WHOLE_END {
        return Ordering::Less;
    }
    if float < -WHOLE_END {
        return Ordering::Greater;
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "checked to be in range; its fraction is below"
    )]
    let floor = float.trunc() as i128;
    whole.cmp(&floor).then_with(|| 0.0_f64.total_cmp(&(float.fract() + 0.0)))
}

/// A number as a person reads it; empty for what is none.
pub fn numeral_text(value: &Value) -> String {
    match large_whole(value) {
        Some(digits) => digits.to_owned(),
        None => value.as_number().map(ToString::to_string).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_whole_number_beyond_64_bits_keeps_its_digits() {
        for (digits, is_large) in [
            ("0", false),
            ("-9223372036854775808", false),
            ("18446744073709551615", false),
            ("18446744073709551616", true),
            ("-9223372036854775809", true),
            ("99999999999999999999999999999999999999", true),
        ] {
            let value = whole_value(digits);
            assert_eq!(large_whole(&value).is_some(), is_large, "{digits}");
            assert_eq!(numeral_text(&value), digits);
            assert_eq!(Numeral::of(&value), Some(Numeral::Whole(digits.parse().unwrap())));
        }
    }

    #[test]
    fn only_the_one_form_of_a_large_number_stands_for_it() {
        for text in ["\u{0}7", "\u{0}", "\u{0}-", "\u{0}0018446744073709551616", "\u{0}1e30", "x"] {
            assert_eq!(large_whole(&json!(text)), None, "{text:?}");
            assert_eq!(Numeral::of(&json!(text)), None, "{text:?}");
        }
        // Too long for 128 bits, and a whole number all the same.
        let long = whole_value(&"9".repeat(60));
        assert_eq!((large_whole(&long).is_some(), Numeral::of(&long)), (true, None));
    }

    #[test]
    fn numbers_compare_by_their_values() {
        let large = |digits: &str| whole_value(digits);
        let ascending = [
            json!(-1e300),
            large("-18446744073709551616"),
            json!(-1.5),
            json!(-1),
            json!(-0.5),
            json!(0),
            json!(0.5),
            json!(1),
            json!(1.5),
            json!(u64::MAX),
            large("18446744073709551617"),
            large("18446744073709551618"),
            json!(1e300),
        ];
        for (i, one) in ascending.iter().enumerate() {
            for (j, other) in ascending.iter().enumerate() {
                let order = Numeral::of(one).unwrap().order(Numeral::of(other).unwrap());
                assert_eq!(order, i.cmp(&j), "{one} {other}");
            }
        }
        assert_eq!(Numeral::of(&json!(3.0)).unwrap().order(Numeral::Whole(3)), Ordering::Equal);
        assert_eq!(Numeral::of(&json!(-0.0)).unwrap().order(Numeral::Whole(0)), Ordering::Equal);
    }
}
