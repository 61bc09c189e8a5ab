//! Words beside numbers, as data: those before an extension, those between such a word and the digits,
//! and those behind an amount or an hour. In small letters, each beside its language; a word of
//! another language is one more entry here.

/// Words before an extension. Those that Google knows are among them, because a second word may follow
/// (`extension number 12`).
const EXTENSION_WORDS: &[(&str, &[&str])] = &[
    ("English", &["ext", "extn", "xtn", "extension", "loc", "local"]),
    ("French", &["poste"]),
    (
        "German",
        &[
            "durchwahl",
            "durchw",
            "dw",
            "dwl",
            "app",
            "apparat",
            "nebenstelle",
            "nbst",
            "nst",
            "klappe",
            "kl",
            "ha",
            "hausapparat",
        ],
    ),
    ("Italian", &["interno", "interna", "interni", "int"]),
    ("Spanish", &["extensión", "anexo", "interno"]),
    ("Portuguese", &["ramal", "extensão"]),
    ("Dutch", &["toestel", "toestelnummer", "tst", "interne", "intern"]),
    ("Polish", &["wewnętrzny", "wewn", "wew"]),
    ("Czech and Slovak", &["linka", "klapka"]),
    ("Danish, Norwegian, Swedish", &["lokal", "lokalnummer", "linje", "anknytning", "ankn"]),
    ("Croatian and Serbian", &["lokal", "локал", "lok"]),
    ("Romanian", &["interior"]),
    ("Hungarian", &["mellék", "mell"]),
    ("Turkish", &["dahili", "dahilî"]),
    ("Greek", &["εσωτ", "εσωτερικό", "εσωτερικο"]),
    ("Russian and Ukrainian", &["доб", "добавочный", "вн", "внутр", "внутренний"]),
    ("Bulgarian", &["вътр", "вътрешен"]),
    ("Hebrew", &["שלוחה"]),
    ("Arabic and Persian", &["تحويلة", "داخلی", "داخلي"]),
    ("Thai", &["ต่อ"]),
    ("Vietnamese", &["máy lẻ", "máy nhánh"]),
    ("Indonesian and Malay", &["pesawat", "pes", "sambungan", "samb"]),
    ("Chinese", &["分机", "分機", "分机号", "转", "轉", "內線"]),
    ("Japanese", &["内線", "内線番号"]),
    ("Korean", &["내선", "내선번호", "구내"]),
    ("Esperanto", &["alanumero"]),
];

/// Words and signs between such a word and its digits.
const NUMBER_WORDS: &[&str] = &[
    "nr", "no", "n°", "nº", "№", "num", "number", "nummer", "numero", "número", "numéro", "nº.",
    "番号", "번호",
];

/// Words before a whole number that say only what it is.
const TELEPHONE_WORDS: &[&str] = &[
    "tel",
    "telefon",
    "telephone",
    "phone",
    "tél",
    "téléphone",
    "teléfono",
    "telefono",
    "fax",
    "telefax",
    "dect",
    "handy",
    "mobil",
    "mobile",
];

/// More such words, and those for the place where a telephone is: where as many digits follow as a
/// number has, they begin another number.
const KIND_WORDS: &[(&str, &[&str])] = &[
    ("Many languages", &["mob", "gsm", "whatsapp"]),
    (
        "English",
        &["ph", "cell", "cellphone", "work", "home", "office", "direct", "main", "landline"],
    ),
    ("French", &["dom", "domicile", "bur", "bureau", "port", "portable", "fixe"]),
    ("German", &["privat", "gesch", "geschäftlich", "dienstl", "dienstlich", "büro", "festnetz"]),
    ("Spanish", &["tfno", "tlf", "móvil", "movil", "casa", "trabajo", "oficina", "celular"]),
    ("Portuguese", &["telefone", "telemóvel", "telem", "cel", "fixo", "residência", "trabalho"]),
    ("Italian", &["cell", "cellulare", "ufficio", "uff", "abitazione"]),
    ("Dutch", &["mobiel", "thuis", "werk", "kantoor"]),
    ("Polish, Czech, Slovak", &["kom", "komórka", "praca", "mobilní", "pevná"]),
    ("Danish, Norwegian, Swedish", &["arbejde", "hjem", "arbete", "hem"]),
    ("Russian and Ukrainian", &["тел", "телефон", "факс", "моб", "мобильный", "дом", "раб", "сот"]),
    ("Turkish", &["cep", "iş", "ev", "faks"]),
    ("Chinese and Japanese", &["电话", "電話", "手机", "手機", "传真", "傳真", "携帯"]),
];

/// Words between two numbers, in small letters and with blanks around them; a short form may have a
/// full stop.
const WORDS_BETWEEN: &[&str] = &[
    "or",
    "ou",
    "oder",
    "o",
    "od",
    "oppure",
    "of",
    "eller",
    "lub",
    "или",
    "veya",
    "and",
    "et",
    "und",
    "u",
    "e",
    "y",
    "en",
    "og",
    "och",
    "ja",
    "ve",
    "i",
    "и",
    "bzw",
    "beziehungsweise",
    "resp",
    "respektive",
    "sowie",
    "also",
    "ed",
    "sau",
    "și",
    "albo",
    "ili",
    "nebo",
    "alebo",
    "tai",
    "vagy",
    "és",
    "või",
    "або",
    "та",
    "ή",
    "και",
    "atau",
    "dan",
    "hoặc",
    "và",
    "أو",
    "או",
    "또는",
    "または",
    "或",
    "或者",
    "和",
];

/// Words behind digits that make them an amount or an hour.
const UNIT_WORDS: &[&str] = &[
    "uhr", "h", "hs", "hrs", "godz", "heures", "horas", "ore", "klo", "eur", "euro", "euros",
    "usd", "dollar", "dollars", "chf", "gbp", "czk", "pln", "zł", "rub", "руб", "円", "元", "원",
    "min", "ct", "cent", "am", "pm", "a.m", "p.m",
];

/// Words before digits that are no number: codes, accounts, customers, places.
const OTHER_WORDS: &[&str] = &[
    "pin",
    "puk",
    "tan",
    "ssn",
    "siret",
    "siren",
    "iban",
    "bic",
    "blz",
    "konto",
    "kto",
    "plz",
    "zip",
    "kd.-nr",
    "kd-nr",
    "kdnr",
    "kundennr",
    "kundennummer",
    "steuernr",
    "ust-idnr",
    "hrb",
    "nif",
    "cif",
    "dni",
    "инн",
    "огрн",
];

/// Whether a text ends with a word before digits that are no number.
pub(super) fn ends_with_other_word(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '.', ':', '#', '=']);
    OTHER_WORDS.iter().any(|word| before_word(text, word).is_some())
}

/// The text before a word that announces an extension, if it ends with one; also where a word for
/// `number` follows that: `poste n°`.
pub(super) fn before_extension_word(text: &str) -> Option<&str> {
    let known = |text| {
        let mut words = EXTENSION_WORDS.iter().flat_map(|(_, words)| words.iter());
        words.find_map(|word| before_word(text, word))
    };
    known(text).or_else(|| {
        let mut words = NUMBER_WORDS.iter();
        known(words.find_map(|word| before_word(text, word))?.trim_end_matches([' ', '.', '-']))
    })
}

/// Whether a text is a word for extensions or telephones and nothing else.
pub(super) fn is_label_of_number(text: &str) -> bool {
    let text = text.trim_matches([' ', '.', ':', '-']);
    let telephone = || TELEPHONE_WORDS.iter().find_map(|word| before_word(text, word));
    before_extension_word(text).or_else(telephone) == Some("")
}

fn telephone_words() -> impl Iterator<Item = &'static str> {
    let kinds = KIND_WORDS.iter().flat_map(|(_, words)| words.iter());
    TELEPHONE_WORDS.iter().chain(kinds).copied()
}

/// Whether a text is a word for telephones, or the first letter of one, and nothing else.
pub(super) fn is_telephone_label(text: &str) -> bool {
    let mut letters = text.chars();
    let is_letter = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    is_letter || telephone_words().any(|word| before_word(text, word) == Some(""))
}

/// Whether a text is a word that stands between two numbers.
pub(super) fn is_word_between(word: &str) -> bool {
    let small = || word.chars().flat_map(char::to_lowercase);
    WORDS_BETWEEN.iter().any(|known| known.chars().eq(small()))
}

/// Whether a text begins with the unit of an amount or an hour.
pub(super) fn begins_with_unit(text: &str) -> bool {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphabetic() && c != '.').unwrap_or(text.len());
    let word = text[..end].trim_end_matches('.');
    UNIT_WORDS.iter().any(|known| before_word(word, known) == Some(""))
}

/// The text before `word`, which is in small letters and stands apart from letters before it.
fn before_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    // The first letter of a small form is enough: the other of `İ` is its dot.
    let mut small = || rest.next_back().and_then(|c| c.to_lowercase().next());
    if !word.chars().rev().all(|wanted| small() == Some(wanted)) {
        return None;
    }
    let rest = rest.as_str();
    (!rest.ends_with(char::is_alphabetic)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_before_an_extension_stands_apart() {
        assert_eq!(before_extension_word("1 DAHİLİ"), Some("1 "));
        assert_eq!(before_extension_word("1 poste n°"), Some("1 "));
        assert_eq!(before_extension_word("1 máy lẻ"), Some("1 "));
        for text in ["1 Riposte", "1 n°", "1 Klo", ""] {
            assert_eq!(before_extension_word(text), None, "{text}");
        }
    }

    #[test]
    fn every_word_is_in_small_letters() {
        let words = EXTENSION_WORDS.iter().flat_map(|(_, words)| words.iter());
        for word in
            words.chain(NUMBER_WORDS).chain(UNIT_WORDS).chain(OTHER_WORDS).chain(WORDS_BETWEEN)
        {
            assert_eq!(*word, word.to_lowercase());
        }
        assert!(telephone_words().all(|word| word == word.to_lowercase()));
    }

    #[test]
    fn an_hour_and_an_amount_have_units() {
        for text in [" Uhr", "h", " EUR/Min", "€ ", " p.m."] {
            assert_eq!(begins_with_unit(text), text != "€ ", "{text}");
        }
        for text in [" Hans", "", " Oma"] {
            assert!(!begins_with_unit(text), "{text}");
        }
    }
}
