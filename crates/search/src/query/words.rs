//! Words of a typed text: what can be told of one by itself.

use crate::analysis::fold::joined;
use crate::analysis::script::Script;

/// Words beside a number that tell its sort, in small letters. They are no part of it, and few names.
const LABELS: &[&str] = &[
    "tel",
    "telefon",
    "telephone",
    "téléphone",
    "telefono",
    "teléfono",
    "phone",
    "mobile",
    "mobil",
    "móvil",
    "movil",
    "cell",
    "cellphone",
    "handy",
    "portable",
    "fax",
    "home",
    "work",
    "office",
    "privat",
    "büro",
    "bureau",
    "num",
    "number",
    "nummer",
    "numero",
    "número",
    "numéro",
    "nr",
];

/// Whether a word tells the sort of a number.
pub(crate) fn is_label(word: &str) -> bool {
    let word = joined(word).to_lowercase();
    LABELS.contains(&word.as_str())
}

/// Whether a word has digits and no letters.
pub(crate) fn is_digits(word: &str) -> bool {
    word.contains(char::is_numeric) && !word.contains(char::is_alphabetic)
}

/// Whether a text has letters, and none but Latin ones.
pub(crate) fn is_latin(text: &str) -> bool {
    text.contains(char::is_alphabetic) && Script::of(text) == Script::Latin
}
