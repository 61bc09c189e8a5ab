//! Lines that a switch can take as a caller's name: without anything that means something in a
//! SIP header or a dialplan. Pure; it knows nothing of contacts.

use std::borrow::Cow;

/// Characters that end a quoted display name, an address, a header or a variable.
const DROPPED: &[char] = &['"', '\\', '<', '>', ';', '$', '{', '}', '|', '`'];

/// Makes a line of at most `max` characters of a text: without control characters and what
/// [`DROPPED`] names, with single blanks and none at its ends; in ASCII where `ascii` says so.
///
/// A long text is cut between characters as people count them: an accent of its own goes with its
/// letter.
pub(crate) fn line(text: &str, max: usize, ascii: bool) -> String {
    if ascii && !text.is_ascii() {
        // A character for which no letters are known is left out rather than marked.
        return shorten(&deunicode::deunicode_with_tofu(text, ""), max);
    }
    shorten(text, max)
}

/// Makes a line as [`line`] does, not in ASCII; without a copy where the text is such a line
/// already, as most names are.
pub(crate) fn plain_line(text: &str, max: usize) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b',' | b'\'' | b'(' | b')')
    };
    // One blank at a time, and none at an end.
    let blanks = bytes.split(|byte| *byte == b' ');
    let fits = bytes.len() <= max && blanks.clone().all(|word| word.iter().all(is_plain));
    if fits && (bytes.is_empty() || blanks.clone().all(|word| !word.is_empty())) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(line(text, max, false))
    }
}

/// After transliteration, which may write what has to be dropped.
fn shorten(text: &str, max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(max.saturating_mul(4)));
    let mut left = max;
    let mut blank = false;
    for c in text.chars().filter(|c| is_kept(*c)) {
        if c.is_whitespace() {
            blank = !line.is_empty();
            continue;
        }
        let wanted = 1 + usize::from(blank);
        if left < wanted {
            if is_attached(c) && !blank {
                drop_last(&mut line);
            }
            return line;
        }
        if blank {
            line.push(' ');
            blank = false;
        }
        line.push(c);
        left -= wanted;
    }
    line
}

/// Removes the last letter with all that is attached to it, and a blank before it.
fn drop_last(line: &mut String) {
    while line.pop().is_some_and(is_attached) {}
    line.truncate(line.trim_end().len());
}

fn is_kept(c: char) -> bool {
    // Line and paragraph separators end a line somewhere; the marks of direction can make a name
    // show as another.
    let unseen = matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    !c.is_control() && !unseen && !DROPPED.contains(&c)
}

/// Whether it is nothing without the character before it: accents on their own, variants and
/// skin tones of emoji, and what joins two of them.
fn is_attached(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36F}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{200D}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FE20}'..='\u{FE2F}'
            | '\u{1F3FB}'..='\u{1F3FF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, max: usize, ascii: bool, expect: &str) {
        assert_eq!(line(text, max, ascii), expect, "{text:?} at {max}, ascii {ascii}");
    }

    #[test]
    fn what_a_switch_would_stumble_over_is_dropped() {
        check("Ada Lovelace", 64, false, "Ada Lovelace");
        check("Ada\r\nVia: evil", 64, false, "AdaVia: evil");
        check("\"Ada\" <sip:a@b>;tag=1", 64, false, "Ada sip:a@btag=1");
        check("${EXEC(`rm`)}|$x\\", 64, false, "EXEC(rm)x");
        check("a\0b\u{7f}c\u{85}d\u{2028}e\u{202E}f", 64, false, "abcdef");
        check("  Ada \u{a0} \u{3000}Lovelace ", 64, false, "Ada Lovelace");
        check("; \" ;", 64, false, "");
    }

    #[test]
    fn a_line_is_cut_between_characters() {
        check("Ada Lovelace", 5, false, "Ada L");
        check("Ada Lovelace", 4, false, "Ada");
        check("Ada Lovelace", 3, false, "Ada");
        check("Żaneta Łoś", 8, false, "Żaneta Ł");
        check("Ada", 0, false, "");
        // e with an accent of its own: the letter goes with it.
        check("Rene\u{301}e", 4, false, "Ren");
        check("Rene\u{301}e", 5, false, "Rene\u{301}");
        check("A \u{1F44D}\u{1F3FD}", 3, false, "A");
    }

    #[test]
    fn ascii_is_made_of_any_script_and_cleaned_afterwards() {
        check("Żaneta Müller", 64, true, "Zaneta Muller");
        check("Γιώργος", 64, true, "Giorgos");
        check("北京", 64, true, "Bei Jing");
        // Quotation marks of other scripts become the one that is dropped.
        check("«Ada» “Lovelace”", 64, true, "Ada Lovelace");
        check("Müller", 64, false, "Müller");
    }

    proptest! {
        #[test]
        fn no_line_has_what_is_dropped(text in any::<String>(), max in 0..80_usize, ascii: bool) {
            let made = line(&text, max, ascii);
            prop_assert!(made.chars().count() <= max);
            prop_assert!(!made.contains(DROPPED));
            prop_assert!(!made.chars().any(char::is_control));
            prop_assert_eq!(made.trim(), &made);
            prop_assert!(!made.contains("  "));
            prop_assert!(!ascii || made.is_ascii());
            prop_assert_eq!(line(&made, max, ascii), made);
            prop_assert_eq!(plain_line(&text, max), line(&text, max, false));
        }

        #[test]
        fn names_are_the_same_the_short_way(text in "[a-cA-C .,'()é\"-]{0,30}", max in 0..30_usize) {
            prop_assert_eq!(plain_line(&text, max), line(&text, max, false));
        }

        #[test]
        fn lines_of_nasty_letters_hold_too(
            text in "[a-c \u{301}\u{300}\u{200d}\u{1F3FD}\u{1F44D}\"\\\\<;$`|{}\r\n\t\u{a0}é北«]{0,40}",
            max in 0..20_usize,
            ascii: bool,
        ) {
            let made = line(&text, max, ascii);
            prop_assert!(made.chars().count() <= max);
            prop_assert!(!made.contains(DROPPED) && !made.contains(['\r', '\n', '\t']));
            prop_assert_eq!(made.trim(), &made);
            prop_assert_eq!(line(&made, max, ascii), made);
        }
    }
}
