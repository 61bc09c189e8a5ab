//! Greek and Cyrillic as people write them in Latin letters, where that differs from letter by
//! letter: `Χρήστος` is Christos, `Достоевский` Dostoevsky. Small on purpose; every other script
//! goes through the crate `deunicode`.

/// The common spelling of a Greek or Cyrillic word in Latin letters; `None` for other scripts.
/// `lower` is in lower case, `plain` is the same without accents.
pub(crate) fn common(lower: &str, plain: &str) -> Option<String> {
    let first = lower.chars().find(|c| c.is_alphabetic())?;
    match u32::from(first) {
        0x0370..=0x03FF | 0x1F00..=0x1FFF => Some(greek(plain)),
        0x0400..=0x052F => Some(cyrillic(lower)),
        _ => None,
    }
}

/// Pairs of letters with a sound of their own, at the beginning of a word and inside it.
const GREEK_PAIRS: &[(&str, &str, &str)] = &[
    ("ου", "ou", "ou"),
    ("αυ", "av", "av"),
    ("ευ", "ev", "ev"),
    ("γγ", "ng", "ng"),
    ("γκ", "g", "gk"),
    ("μπ", "b", "mp"),
    ("ντ", "d", "nt"),
];

fn greek(plain: &str) -> String {
    let mut latin = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(letter) = rest.chars().next() {
        if let Some((pair, first, inside)) = GREEK_PAIRS.iter().find(|(p, ..)| rest.starts_with(p))
        {
            latin.push_str(if latin.is_empty() { first } else { inside });
            rest = &rest[pair.len()..];
            continue;
        }
        match letter {
            'η' => latin.push('i'),
            'θ' => latin.push_str("th"),
            'ξ' => latin.push('x'),
            'υ' => latin.push('y'),
            'φ' => latin.push('f'),
            'χ' => latin.push_str("ch"),
            'ψ' => latin.push_str("ps"),
            'ω' => latin.push('o'),
            // The caller transliterates the rest letter by letter.
            other => latin.push(other),
        }
        rest = &rest[letter.len_utf8()..];
    }
    latin
}

fn cyrillic(lower: &str) -> String {
    // `-ский` and `-ый` at the end of a name are written `-sky` and `-y`.
    let (stem, ending) = match lower.strip_suffix("ий").or_else(|| lower.strip_suffix("ый")) {
        Some(stem) => (stem, "y"),
        None => (lower, ""),
    };
    let mut latin = String::with_capacity(lower.len());
    for letter in stem.chars() {
        match letter {
            'ё' => latin.push('e'),
            'й' | 'ы' => latin.push('y'),
            'ю' => latin.push_str("yu"),
            'я' => latin.push_str("ya"),
            'є' => latin.push_str("ye"),
            'ї' => latin.push_str("yi"),
            'х' => latin.push_str("kh"),
            'ц' => latin.push_str("ts"),
            'щ' => latin.push_str("shch"),
            'э' => latin.push('e'),
            'ъ' | 'ь' | '\u{2bc}' => {}
            other => latin.push(other),
        }
    }
    latin.push_str(ending);
    latin
}
