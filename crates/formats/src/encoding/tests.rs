use super::*;

const US: TextEncoding = TextEncoding(WINDOWS_1252);

/// Gives one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(buffer.len()).min(1);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn surveyed(text: &[u8]) -> Result<TextEncoding, EncodingError> {
    let slow = survey(Slow(text), US).unwrap();
    assert_eq!(survey(text, US).unwrap(), slow);
    slow
}

fn decoded(text: &[u8], encoding: TextEncoding) -> String {
    let mut out = String::new();
    Decoded::new(Slow(text), encoding).read_to_string(&mut out).unwrap();
    out
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// glific/glific#5657; tine20/tine20#3316; swisstopo/swissgeol-boreholes-suite#2811
#[test]
fn what_spreadsheets_write_is_told_and_read() {
    let text = "firstName;lastName\r\nJürgen;Müßig\r\nRené;Œuvre\r\n";
    let (ansi, ..) = WINDOWS_1252.encode(text);
    assert_eq!(surveyed(&ansi), Ok(US));
    assert_eq!(decoded(&ansi, US), text);
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

/// jobisoft/CategoryManager#21, and inputs of our own
#[test]
fn what_is_not_sure_is_refused_with_its_line() {
    let mixed = b"a,b\nJ\xc3\xbcrgen,x\nM\xfc\xdfig,y\n";
    assert_eq!(surveyed(mixed), Err(EncodingError::Mixed { line: 3 }));
    let returns = b"a,b\rJ\xc3\xbcrgen,x\rM\xfc\xdfig,y\r";
    assert_eq!(surveyed(returns), Err(EncodingError::Mixed { line: 3 }));
    let (russian, ..) = WINDOWS_1251.encode("firstName\nИван Петров\n");
    assert_eq!(surveyed(&russian), Err(EncodingError::Unlike { line: 2, usual: US }));
    let usual = TextEncoding::usual_in("RU");
    assert_eq!(survey(&russian[..], usual).unwrap(), Ok(usual));
    assert_eq!(decoded(&russian, usual), "firstName\nИван Петров\n");
    assert_eq!(surveyed(b"a\nx\x81y"), Err(EncodingError::Unlike { line: 2, usual: US }));
    // A letter that the end cuts off.
    assert_eq!(surveyed(b"a\nb\n\xc3"), Ok(US));
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
    for (label, name) in
        [("latin1", "windows-1252"), ("UTF-16", "UTF-16LE"), (" cp1251 ", "windows-1251")]
    {
        assert_eq!(TextEncoding::parse(label).map(TextEncoding::name), Some(name));
    }
    assert_eq!(TextEncoding::parse("nonsense"), None);
    assert_eq!(TextEncoding::usual_in("PL").name(), "windows-1250");
    assert_eq!(TextEncoding::usual_in("DE"), US);
}
