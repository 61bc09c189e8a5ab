use super::*;
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, KOI8_U, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257,
};
use std::io::{self, Cursor, Read, Seek, SeekFrom};

const WESTERN: TextEncoding = TextEncoding(WINDOWS_1252);

/// Gives one byte at a time.
struct Slow<'a>(Cursor<&'a [u8]>);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(1);
        self.0.read(&mut buffer[..count])
    }
}

impl Seek for Slow<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

fn surveyed_in(text: &[u8], region: &str) -> Result<TextEncoding, EncodingError> {
    let slow = survey(Slow(Cursor::new(text)), region).unwrap();
    assert_eq!(survey(Cursor::new(text), region).unwrap(), slow);
    slow
}

fn surveyed(text: &[u8]) -> Result<TextEncoding, EncodingError> {
    surveyed_in(text, "US")
}

fn decoded(text: &[u8], encoding: TextEncoding) -> String {
    let mut out = String::new();
    Decoded::new(Slow(Cursor::new(text)), encoding).read_to_string(&mut out).unwrap();
    out
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// A table of these people, with a row of ASCII after each.
fn table(people: &[&str]) -> String {
    let row =
        |name: &&str| format!("{};+33612345678\r\nAnn;Bell;1\r\n", name.replacen(' ', ";", 1));
    let rows: String = people.iter().map(row).collect();
    format!("firstName;lastName;workPhone\r\n{rows}")
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, has_lost) = encoding.encode(text);
    assert!(!has_lost, "{} cannot say {text}", encoding.name());
    bytes.into_owned()
}

/// glific/glific#5657; tine20/tine20#3316; swisstopo/swissgeol-boreholes-suite#2811
#[test]
fn what_spreadsheets_write_is_told_and_read() {
    let text = "firstName;lastName\r\nJürgen;Müßig\r\nRené;Œuvre\r\n";
    let ansi = encoded(text, WINDOWS_1252);
    assert_eq!(surveyed(&ansi), Ok(WESTERN));
    assert_eq!(decoded(&ansi, WESTERN), text);
    assert_eq!(surveyed(text.as_bytes()), Ok(TextEncoding::UTF_8));
    for (bytes, name) in
        [(u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16LE"), (u16::to_be_bytes, "UTF-16BE")]
    {
        for mark in ["", "\u{feff}"] {
            let bytes = utf_16(&format!("{mark}{text}"), bytes);
            let encoding = surveyed(&bytes).unwrap();
            assert_eq!(encoding.name(), name);
            assert_eq!(decoded(&bytes, encoding), text);
        }
    }
    let marked = format!("\u{feff}{text}");
    assert_eq!(surveyed(marked.as_bytes()), Ok(TextEncoding::UTF_8));
}

/// The people of each encoding, and the region whose spreadsheets write it.
const PEOPLE: [(&Encoding, &str, &[&str]); 14] = [
    (WINDOWS_1250, "PL", &["Łucja Wąs", "Michał Żurek", "Grażyna Źródło", "Paweł Święch"]),
    (WINDOWS_1250, "CZ", &["Jiří Zlatohlávek", "Růžena Ječná", "Ondřej Měšťan", "Věra Křížová"]),
    (WINDOWS_1250, "HU", &["Győző Szűcs", "Erdő Pál", "László Kőris", "Zsófia Tóth", "Jenő Fűz"]),
    (WINDOWS_1251, "RU", &["Иван Ручьёв", "Анна Полевая", "Щукарь Юрьев", "Ольга Жданова"]),
    (WINDOWS_1253, "GR", &["Γιώργος Θαλασσινός", "Ελένη Βουνού", "Άγγελος Ψαράς"]),
    (WINDOWS_1254, "TR", &["Ayşe Irmak", "Çağrı Gökçen", "İbrahim Kuş", "Tuğba Yılmaz"]),
    (WINDOWS_1255, "IL", &["דוד הר", "שרה נחל", "משה אילן"]),
    (WINDOWS_1256, "EG", &["محمد الجبل", "فاطمة النهر", "خديجة إبراهيم"]),
    (WINDOWS_874, "TH", &["สมชาย ภูเขา", "สมหญิง แม่น้ำ", "ประยุทธ ทะเล"]),
    (SHIFT_JIS, "JP", &["山川 太郎", "川辺 花子", "鈴木 一郎"]),
    (EUC_JP, "JP", &["山川 太郎", "川辺 花子", "鈴木 一郎"]),
    (BIG5, "TW", &["陳 志明", "林 淑芬", "黃 俊傑", "張 雅婷"]),
    (EUC_KR, "KR", &["김 민준", "이 서연", "박 지훈", "최 수빈"]),
    (KOI8_U, "US", &["Иван Ручьёв", "Анна Полевая", "Щукарь Юрьев", "Ольга Жданова"]),
];

/// glific/glific#5657: `Łucja` came in as `£ucja`.
#[test]
fn every_encoding_is_read_to_the_letter_or_refused() {
    for (encoding, home, people) in PEOPLE {
        let text = table(people);
        let bytes = encoded(&text, encoding);
        for region in ["US", "DE", home] {
            let found = surveyed_in(&bytes, region);
            assert_eq!(found, Ok(TextEncoding(encoding)), "{text} in {region}");
            assert_eq!(decoded(&bytes, found.unwrap()), text);
        }
        // Of one or two of them less is known, but none is spoiled.
        for some in people.windows(1).chain(people.windows(2)) {
            let text = table(some);
            let bytes = encoded(&text, encoding);
            for region in ["US", "DE", home] {
                if let Ok(found) = surveyed_in(&bytes, region) {
                    assert_eq!(decoded(&bytes, found), text, "{} in {region}", found.name());
                }
            }
        }
    }
}

#[test]
fn letters_that_few_texts_have_are_read_in_their_region_and_refused_elsewhere() {
    let lithuanian = table(&["Šarūnas Upė", "Eglė Žemaitė", "Žydrūnas Kalnas", "Ąžuolas Čekas"]);
    let bytes = encoded(&lithuanian, WINDOWS_1257);
    assert_eq!(surveyed_in(&bytes, "LT"), Ok(TextEncoding(WINDOWS_1257)));
    for some in ["Eglė Žemaitė", "Šarūnas Čekas"] {
        let bytes = encoded(&table(&[some]), WINDOWS_1257);
        assert!(surveyed(&bytes).is_err(), "{some}");
    }
    let chinese = table(&["王 伟", "李 娜", "张 敏", "刘 洋", "赵 秀英"]);
    let bytes = encoded(&chinese, GBK);
    assert_eq!(surveyed_in(&bytes, "CN"), Ok(TextEncoding(GBK)));
    let like = Some(TextEncoding(GBK));
    assert_eq!(surveyed(&bytes), Err(EncodingError::Unsure { line: 2, like }));
}

#[test]
fn a_text_of_a_macintosh_is_read_as_one() {
    for people in [
        &["René Lefèvre", "Jürgen Müller", "José Muñoz", "Åsa Öberg", "François Groß"][..],
        &["Jörg Schröder", "Günther Weiß"],
        &["Zoë Ball"],
        &["Élise Prévôt"],
    ] {
        let text = table(people);
        let bytes = encoded(&text, MACINTOSH);
        assert_eq!(surveyed(&bytes), Ok(TextEncoding(MACINTOSH)), "{text}");
        assert_eq!(decoded(&bytes, TextEncoding(MACINTOSH)), text);
    }
    // In windows-1252 it is an apostrophe in the middle of a word.
    let like = Some(TextEncoding(MACINTOSH));
    let bytes = encoded(&table(&["María García"]), MACINTOSH);
    assert_eq!(surveyed(&bytes), Err(EncodingError::Unsure { line: 2, like }));
}

/// Texts of windows-1252, each with few letters beyond ASCII.
const FEW: [&str; 84] = [
    "Émile Pont",
    "André Bois",
    "Loïc Forge",
    "Gaël Mont",
    "Benoît Coin",
    "Cécile Roux",
    "Jean Sœur",
    "Agnès Lac",
    "Inès Clément",
    "Eugène Arc",
    "Gisèle Lune",
    "Lætitia Mer",
    "Hôtel Côte",
    "Dédé Créé",
    "Zoë Grace",
    "Seán Wood",
    "Róisín Hill",
    "HÉLÈNE",
    "NOËL",
    "Œuvre",
    "cœur",
    "Ÿ",
    "Weiß",
    "Groß",
    "Müller",
    "Köln",
    "Jäger",
    "Änne Öz",
    "Übel",
    "Käßner",
    "Größe XL",
    "STRAßE",
    "Bjørn Dal",
    "Øyvind Berg",
    "Jørn Fjell",
    "Märta Lund",
    "Väinö Suo",
    "Päivi Järvi",
    "Åge Vik",
    "Kjærsgård",
    "Lærke Sø",
    "Ærø",
    "Örjan Ö",
    "Fær Øer",
    "Ágúst Jökull",
    "Þórður Guðjón",
    "Peña Río",
    "Begoña Sol",
    "Íñigo Val",
    "Güell",
    "Núñez",
    "Iván Duque",
    "Sofía",
    "Belén Plá",
    "João",
    "Conceição",
    "Irmã Lúcia",
    "Falcão Romã",
    "Covões",
    "Ângela Leão",
    "Mª José",
    "Nº 1",
    "Açò",
    "col·legi",
    "Nicolò Bar",
    "Perù",
    "Forlì",
    "Città",
    "“Quoted” Name",
    "Sales – West",
    "100 € Club",
    "Joe’s Pizza",
    "O’Brien",
    "L’Oréal",
    "‘Bud’ Light",
    "Acme™",
    "Acme® GmbH",
    "20 °C",
    "½ price",
    "£5 Shop",
    "Foo\u{a0}Bar",
    "…more",
    "naïve Café",
    "Škoda Auto",
];

#[test]
fn windows_1252_stays_readable_with_few_letters() {
    for one in FEW {
        let text = table(&[one]);
        let bytes = encoded(&text, WINDOWS_1252);
        for region in ["US", "DE", "FR", "GB", "ES", "PT", "SE"] {
            assert_eq!(surveyed_in(&bytes, region), Ok(WESTERN), "{one} in {region}");
        }
    }
    for some in FEW.windows(5) {
        assert_eq!(surveyed(&encoded(&table(some), WINDOWS_1252)), Ok(WESTERN), "{some:?}");
    }
}

/// jobisoft/CategoryManager#21, and inputs of our own
#[test]
fn what_is_mixed_or_unknown_is_refused_with_its_line() {
    let mixed = b"a,b\nJ\xc3\xbcrgen,x\nM\xfc\xdfig,y\n";
    assert_eq!(surveyed(mixed), Err(EncodingError::Mixed { line: 3 }));
    let returns = b"a,b\rJ\xc3\xbcrgen,x\rM\xfc\xdfig,y\r";
    assert_eq!(surveyed(returns), Err(EncodingError::Mixed { line: 3 }));
    let cyrillic = "firstName\nИван Ручьёв\nАнна Полевая\n";
    let both = [cyrillic.as_bytes(), &encoded(cyrillic, WINDOWS_1251)].concat();
    assert_eq!(surveyed(&both), Err(EncodingError::Mixed { line: 5 }));
    assert_eq!(surveyed(b"a\nx\x81;y"), Err(EncodingError::Unsure { line: 2, like: None }));
    assert_eq!(surveyed(b"J\xc3\xbc\n\xc3"), Err(EncodingError::Mixed { line: 2 }));
    assert_eq!(surveyed(b""), Ok(TextEncoding::UTF_8));
}

#[test]
fn half_a_letter_of_utf_16_is_malformed() {
    let lone = utf_16("a,b\n", u16::to_le_bytes);
    let encoding = surveyed(&lone).unwrap();
    let broken = [&lone[..], &[0x00, 0xD8, 0x41, 0x00]].concat();
    assert_eq!(check(&broken[..], encoding).unwrap(), Err(EncodingError::Malformed { encoding }));
    assert_eq!(check(&lone[..], encoding).unwrap(), Ok(()));
}

#[test]
fn encodings_have_names() {
    for (label, name) in [
        ("latin1", "windows-1252"),
        ("UTF-16", "UTF-16LE"),
        (" cp1251 ", "windows-1251"),
        ("macintosh", "macintosh"),
    ] {
        assert_eq!(TextEncoding::parse(label).map(TextEncoding::name), Some(name));
    }
    assert_eq!(TextEncoding::parse("nonsense"), None);
    assert_eq!(TextEncoding::usual_in("PL").name(), "windows-1250");
    assert_eq!(TextEncoding::usual_in("DE"), WESTERN);
}
