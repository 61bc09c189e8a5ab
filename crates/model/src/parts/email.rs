//! E-mail addresses: as they are kept, and as they are compared. It knows nothing of which texts
//! are addresses at all.

use carnet_phone::{is_blank, is_unseen};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The scheme of a link to an address.
const SCHEME: &str = "mailto:";
/// How a part of a domain begins whose letters are written in ASCII (RFC 3490).
const ENCODED: &str = "xn--";
/// The full-width forms of ASCII, which keyboards of East Asia write, and their distance to it.
const WIDE: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';
const WIDE_DISTANCE: u32 = 0xfee0;
/// Quotation marks that may be around an address: how they open and how they close.
const QUOTES: [(char, char); 6] =
    [('\'', '\''), ('"', '"'), ('‘', '’'), ('“', '”'), ('„', '“'), ('«', '»')];

/// An address without what does not belong to it: blanks around it and beside its `@` and dots,
/// characters that cannot be seen, wherever they stand, `mailto:` with what only a link has, and the
/// brackets, the quotation marks, the name or the full stop of a text that it was taken from:
/// `Bob <bob@example.com>`. Full-width forms of ASCII are ASCII.
pub fn bare_email(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches(is_blank);
    let mut bare = Cow::Borrowed(trimmed);
    if !trimmed.is_ascii() && trimmed.contains(|c| is_unseen(c) || WIDE.contains(&c)) {
        let seen: String = trimmed.chars().filter(|c| !is_unseen(*c)).map(narrow).collect();
        // A blank may have stood behind one of them.
        bare = Cow::Owned(seen.trim_matches(is_blank).to_owned());
    }
    let bare = match link(unwrapped(&bare)) {
        Some(address) => Cow::Owned(address),
        None => bare,
    };
    let address = unwrapped(&bare);
    if let Some(closed) = closed_up(address) {
        return Cow::Owned(closed);
    }
    if address.len() == bare.len() { bare } else { Cow::Owned(address.to_owned()) }
}

/// A character in its usual width.
fn narrow(c: char) -> char {
    let narrow =
        WIDE.contains(&c).then(|| char::from_u32(u32::from(c).wrapping_sub(WIDE_DISTANCE)));
    narrow.flatten().unwrap_or(c)
}

/// An address without the blanks beside its `@` and the dots of its domain, and before the dots of its
/// name: behind these, as in `Mr. ann@example.com`, the name may begin. `None` where there are none, or
/// it is no address.
fn closed_up(text: &str) -> Option<String> {
    if !text.contains(is_blank) {
        return None;
    }
    let (name, domain) = text.split_once('@').filter(|(_, domain)| !domain.contains('@'))?;
    let mut closed = String::with_capacity(text.len());
    for (n, word) in name.split('.').enumerate() {
        // Blanks on both sides of a dot are no end of a title.
        let was_apart = closed.ends_with(is_blank);
        closed.truncate(closed.trim_end_matches(is_blank).len());
        if n > 0 {
            closed.push('.');
        }
        closed.push_str(if was_apart { word.trim_start_matches(is_blank) } else { word });
    }
    closed.truncate(closed.trim_end_matches(is_blank).len());
    let domain: Vec<&str> = domain.split('.').map(|word| word.trim_matches(is_blank)).collect();
    Some(format!("{closed}@{}", domain.join(".")))
}

/// An address without brackets around it, the name before these, and the full stop of a sentence behind
/// it.
fn unwrapped(text: &str) -> &str {
    let mut address = text;
    loop {
        let inside = address.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let stop = || address.strip_suffix('.').filter(|rest| rest.contains('@'));
        match inside.or_else(|| quoted(address)).or_else(|| named(address)).or_else(stop) {
            Some(rest) => address = rest.trim_matches(is_blank),
            None => return address,
        }
    }
}

/// The address in quotation marks.
fn quoted(text: &str) -> Option<&str> {
    let inside = |(open, close): &(char, char)| {
        let inside = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (inside.contains('@') && !inside.contains([*open, *close])).then_some(inside)
    };
    QUOTES.iter().find_map(inside)
}

/// The address in brackets behind a name. What else has an `@` or parts addresses is a list of them.
fn named(text: &str) -> Option<&str> {
    let (name, inside) = text.strip_suffix('>')?.split_once('<')?;
    // A name in quotes may have a comma.
    let name = name.trim_end_matches(is_blank);
    let quoted = name.strip_prefix('"').is_some_and(|rest| rest.ends_with('"'));
    let is_list = |c: char| c == '@' || (!quoted && (c == ',' || c == ';'));
    (!name.contains(is_list) && inside.contains('@') && !inside.contains('<')).then_some(inside)
}

/// The address of a link: in front of its fields, and with its characters written out (RFC 6068).
fn link(text: &str) -> Option<String> {
    let rest = text.get(..SCHEME.len()).filter(|scheme| scheme.eq_ignore_ascii_case(SCHEME));
    let rest = &text[rest?.len()..];
    let address = rest.split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(address).decode_utf8();
    let decoded = decoded.map_or_else(|_| address.to_owned(), Cow::into_owned);
    Some(decoded.trim_matches(is_blank).to_owned())
}

/// An e-mail as it is compared: every spelling of one address gives the same text. Case, blanks
/// around it, unseen characters and `mailto:` do not count, nor whether letters are composed, nor
/// whether a domain is in letters or in ASCII (`xn--`).
pub fn fold_email(email: &str) -> String {
    let bare = bare_email(email);
    let has_encoded = || bare.as_bytes().windows(ENCODED.len()).any(is_encoded);
    if bare.is_ascii() && !has_encoded() {
        return bare.to_ascii_lowercase();
    }
    match bare.rsplit_once('@') {
        Some((name, domain)) => format!("{}@{}", lower(name), fold_domain(domain)),
        None => lower(&bare),
    }
}

fn is_encoded(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(ENCODED.as_bytes())
}

fn lower(text: &str) -> String {
    // A capital may decompose where its small letter does not, and the other way round.
    text.nfc().flat_map(small).nfc().collect()
}

/// A letter in small, the sigma at the end of a word as any other.
fn small(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().map(|letter| if letter == 'ς' { 'σ' } else { letter })
}

/// A domain in small letters of the usual width, with what is written in ASCII decoded; a part that
/// cannot be decoded stays as it is. Whether such a domain can exist is not asked.
fn fold_domain(domain: &str) -> String {
    let mut folded = String::with_capacity(domain.len());
    // The full stop of East Asia parts domains, too; the wide one is a plain one already.
    let domain: String = domain.nfkc().flat_map(small).nfkc().collect();
    for (at, part) in domain.split(['.', '\u{3002}']).enumerate() {
        if at > 0 {
            folded.push('.');
        }
        let decoded = part.strip_prefix(ENCODED).and_then(punycode);
        folded.push_str(decoded.as_deref().unwrap_or(part));
    }
    // Twice, because someone may have encoded capitals.
    folded.chars().flat_map(small).nfkc().collect()
}

/// A domain in letters, if some of it is written in ASCII (`xn--`); a part of one, too.
///
/// ```
/// use carnet_model::domain_in_letters;
///
/// assert_eq!(domain_in_letters("XN--Bcher-kva.example").as_deref(), Some("bücher.example"));
/// assert_eq!(domain_in_letters("bücher.example"), None);
/// ```
pub fn domain_in_letters(text: &str) -> Option<String> {
    if !text.as_bytes().windows(ENCODED.len()).any(is_encoded) {
        return None;
    }
    let letters = fold_domain(text);
    // What cannot be decoded stays as it is.
    (letters != text.to_lowercase()).then_some(letters)
}

/// Decodes Punycode as RFC 3492 says in section 6.2; its names are those of that section. Written
/// out here because the crate for it brings a dozen others, with the tables of a whole library for
/// Unicode.
fn punycode(encoded: &str) -> Option<String> {
    const BASE: u32 = 36;
    const TMIN: u32 = 1;
    const TMAX: u32 = 26;
    const SKEW: u32 = 38;
    const DAMP: u32 = 700;
    let (basic, extended) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = extended.bytes();
    while digits.len() > 0 {
        let (before, mut w, mut k) = (i, 1_u32, BASE);
        loop {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => letter - b'a',
                digit @ b'0'..=b'9' => digit - b'0' + 26,
                _ => return None,
            };
            i = u32::from(digit).checked_mul(w)?.checked_add(i)?;
            let t = k.saturating_sub(bias).clamp(TMIN, TMAX);
            if u32::from(digit) < t {
                break;
            }
            w = w.checked_mul(BASE - t)?;
            k += BASE;
        }
        let count = u32::try_from(output.len()).ok()? + 1;
        let mut delta = (i - before) / if before == 0 { DAMP } else { 2 };
        delta += delta / count;
        let mut steps = 0;
        while delta > (BASE - TMIN) * TMAX / 2 {
            delta /= BASE - TMIN;
            steps += BASE;
        }
        bias = steps + (BASE - TMIN + 1) * delta / (delta + SKEW);
        n = n.checked_add(i / count)?;
        i %= count;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

/// The addresses that a text may mean, folded, the likeliest first. No address has a blank, so one
/// inside was a plus that a program read as a blank, or slipped in.
pub fn email_spellings(text: &str) -> Vec<String> {
    let bare = bare_email(text);
    if !bare.contains(is_blank) {
        return vec![fold_email(&bare)];
    }
    let without: String = bare.chars().filter(|c| !is_blank(*c)).collect();
    let name_end = bare.find('@').unwrap_or(bare.len());
    let (name, domain) = bare.split_at(name_end);
    let plus: String = name.trim_matches(is_blank).replace(is_blank, "+");
    let domain: String = domain.chars().filter(|c| !is_blank(*c)).collect();
    let mut spellings = vec![fold_email(&format!("{plus}{domain}"))];
    let without = fold_email(&without);
    if !spellings.contains(&without) {
        spellings.push(without);
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_the_same() {
        for (spellings, folded) in [
            (
                &[
                    "Ada+News@Example.com",
                    " ada+news@example.com\u{a0}",
                    "\u{feff}ADA+NEWS@EXAMPLE.COM\u{200b}",
                    "ada\u{ad}+news@exam\u{200e}ple.com \u{200f} ",
                    "mailto:ada+news@example.com",
                    "MailTo:ada%2Bnews@example.com?subject=Hello%20you",
                    "ada+news＠example.com",
                    "ａｄａ＋ｎｅｗｓ＠ｅｘａｍｐｌｅ．ｃｏｍ",
                    "'ada+news@example.com'",
                    "\"Ada+News@example.com\"",
                    "“ada+news@example.com”",
                    "< 'ada+news@example.com' >",
                    "ada+news @ example . com",
                    "<ada+news@example.com>",
                    " < ada+news@example.com >. ",
                    "ada+news@example.com.",
                    "Ada News <ada+news@example.com>",
                    "\"News, Ada\" <mailto:ada+news@example.com>",
                ][..],
                "ada+news@example.com",
            ),
            (
                &[
                    "jürgen@müller.example",
                    "Ju\u{308}rgen@MU\u{308}LLER.example",
                    "JÜRGEN@xn--mller-kva.example",
                    "jürgen@XN--MLLER-KVA.EXAMPLE",
                    "jürgen@ｍüller。example",
                ],
                "jürgen@müller.example",
            ),
            (&["info@例え.jp", "INFO@xn--r8jz45g.jp"], "info@例え.jp"),
            // No domain at all, and not even an address.
            (&["a@b@xn--zzzzzzzz"], "a@b@xn--zzzzzzzz"),
            (&[" Nobody "], "nobody"),
        ] {
            for spelling in spellings {
                assert_eq!(fold_email(spelling), folded, "{spelling:?}");
                assert_eq!(email_spellings(spelling), [folded], "{spelling:?}");
            }
        }
    }

    #[test]
    fn punycode_is_decoded() {
        // Samples of RFC 3492, section 7.1, and of domains that there are.
        for (encoded, letters) in [
            ("ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
            ("4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"),
            ("b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"),
            (
                "porqunopuedensimplementehablarenespaol-fmd56a",
                "porquénopuedensimplementehablarenespañol",
            ),
            ("3b-ww4c5e180e575a65lsy2b", "3年b組金八先生"),
            ("mller-kva", "müller"),
            ("fa-hia", "faß"),
            ("e1afmkfd", "пример"),
            ("", ""),
        ] {
            assert_eq!(punycode(encoded).as_deref(), Some(letters), "{encoded}");
        }
        for no in ["zzzzzzzz", "mller-kv", "ü", "a!b", "99999999999"] {
            assert_eq!(punycode(no), None, "{no}");
        }
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for text in ["İ@İ.example", "ΣΑΣ@ΣΑΣ.gr", "ẞ@faß.de", "ﬁ@ﬁ.example", "a%40b@c", "K@K.de"]
        {
            let once = fold_email(text);
            assert_eq!(fold_email(&once), once, "{text}");
            assert_eq!(fold_email(&text.to_lowercase()), once, "{text}");
        }
    }

    #[test]
    fn what_is_kept_keeps_its_case_and_its_letters() {
        assert_eq!(bare_email(" \u{feff}Ada@Example.com\u{200b} "), "Ada@Example.com");
        assert_eq!(bare_email("mailto: Ada@Mu\u{308}ller.de"), "Ada@Mu\u{308}ller.de");
        for text in
            ["Ada @Example.com", "Ada@ Example.com", "Ada @ Example . com", "Ada@Example .com"]
        {
            assert_eq!(bare_email(text), "Ada@Example.com", "{text}");
        }
        assert_eq!(bare_email("ada . lovelace@x.org"), "ada.lovelace@x.org");
        assert_eq!(bare_email("ada .lovelace@x.org"), "ada.lovelace@x.org");
        // A word behind a blank may be the whole name.
        for text in ["a b@example.com", "Mr. ada@example.com", "ada@exam ple.com", "a @b@ c"] {
            assert_eq!(bare_email(text), text);
        }
        assert_eq!(bare_email("Ａda＠Ｅxample．ｃｏｍ"), "Ada@Example.com");
        assert_eq!(bare_email("＂sq＠example．com＂"), "sq@example.com");
        assert_eq!(bare_email("mailto:"), "");
        assert_eq!(bare_email("\u{200b}"), "");
    }

    #[test]
    fn a_blank_inside_is_a_plus_or_nothing() {
        assert_eq!(
            email_spellings("Ada News@example.com"),
            ["ada+news@example.com", "adanews@example.com"]
        );
        assert_eq!(email_spellings(" ada @ example . com "), ["ada@example.com"]);
        assert_eq!(email_spellings("ada\u{a0}@example.com"), ["ada@example.com"]);
    }
}
