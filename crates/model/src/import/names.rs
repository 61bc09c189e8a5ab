//! Names that are the same for whoever reads them: letters composed or decomposed, blanks of any
//! kind and number.

use unicode_normalization::UnicodeNormalization;

/// A name with its letters composed and one plain blank between its words.
pub fn canonical_name(name: &str) -> String {
    // Most names are in this form already, and the first pass is the cheaper one.
    let plain =
        !name.contains("  ") && name.is_ascii() && !name.contains(|c| is_blank(c) && c != ' ');
    if plain {
        return name.trim().to_owned();
    }
    let composed: String = name.nfc().filter(|c| !is_unseen(*c)).collect();
    composed.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A name with its letters decomposed, as some systems write files.
pub fn decomposed_name(name: &str) -> String {
    name.nfd().collect()
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// Marks without width that cannot change how a name looks. Joiners stay: some scripts need them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_letters_and_blanks_do_not_count() {
        for name in [
            "Café Noir",
            "Cafe\u{301} Noir",
            "Café  Noir",
            "Café\u{A0}Noir",
            " Café\u{2009}\u{202F}Noir\t",
            "Ca\u{AD}fé\u{3000}Noir\u{200B}",
        ] {
            assert_eq!(canonical_name(name), "Café Noir", "{name:?}");
        }
        assert_eq!(canonical_name("  Acme   Corp "), "Acme Corp");
        assert_eq!(canonical_name("ACME"), "ACME");
        assert_ne!(canonical_name("Cafe Noir"), canonical_name("Café Noir"));
        assert_eq!(decomposed_name("Café"), "Cafe\u{301}");
    }
}
