//! What a text is that should be lines of JSON and may be one document: told from its beginning, so
//! that it is named as what it is and not refused line by line.

/// The form of a text of JSON, by its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// Lines, as far as can be told.
    Lines,
    /// Lines that end with a carriage return alone.
    ReturnLines,
    /// A list of records, `[{…}, …]`.
    List,
    /// A page of a list of the API, `{"entities": […], …}`.
    Page,
    /// A record that is spread over several lines.
    Spread,
}

/// The key of a page that has its records.
const ENTITIES: &[u8] = b"entities";

impl Document {
    /// The form of the text that begins with `head`.
    pub fn of_head(head: &[u8]) -> Document {
        let head = head.trim_ascii_start();
        if head.first() == Some(&b'[') {
            return Document::List;
        }
        let object = Object::scan(head);
        if object.is_page {
            return Document::Page;
        }
        let first_line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next();
        if first_line.unwrap_or_default().trim_ascii_end() == b"{" {
            return Document::Spread;
        }
        let behind = object.end.and_then(|end| head.get(end..)).unwrap_or_default();
        let blanks = behind.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let (ends, next) = behind.split_at(blanks);
        match ends.contains(&b'\r') && !ends.contains(&b'\n') && next.first() == Some(&b'{') {
            true => Document::ReturnLines,
            false => Document::Lines,
        }
    }
}

/// The first object of a text, as far as the text goes.
#[derive(Debug, Default)]
struct Object {
    /// Whether it has a list of entities.
    is_page: bool,
    /// Where it ends.
    end: Option<usize>,
}

impl Object {
    /// Looks at the keys of the object at the beginning of a text, without reading what is in it.
    fn scan(text: &[u8]) -> Object {
        let mut object = Object::default();
        let (mut depth, mut begin, mut is_escaped) = (0_usize, None, false);
        // The last string of the object itself, and whether a colon came behind it.
        let (mut string, mut is_key) = (&b""[..], false);
        for (at, byte) in text.iter().enumerate() {
            if let Some(from) = begin {
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' => is_escaped = true,
                    b'"' => {
                        string = text.get(from..at).unwrap_or_default();
                        begin = None;
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => (begin, is_key) = (Some(at + 1), false),
                b':' => is_key = depth == 1,
                b'{' | b'[' => {
                    object.is_page |= *byte == b'[' && is_key && string == ENTITIES;
                    depth += 1;
                    is_key = false;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        object.end = Some(at + 1);
                        break;
                    }
                }
                byte if byte.is_ascii_whitespace() => {}
                _ => is_key = false,
            }
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_told_from_lines() {
        for (text, document) in [
            ("{\"lastName\":\"A\"}\n{\"lastName\":\"B\"}\n", Document::Lines),
            ("{\"lastName\":\"A\"}", Document::Lines),
            ("{\"lastName\":\"A\"}\r\n{\"lastName\":\"B\"}\r\n", Document::Lines),
            ("{\"lastName\":\"A\"}\r", Document::Lines),
            ("{\"lastName\":\"A\"}\r{\"lastName\":\"B\"}\r", Document::ReturnLines),
            ("{\"lastName\":\"A\r\"} \r {\"lastName\":\"B\"}", Document::ReturnLines),
            ("[{\"lastName\":\"A\"}]", Document::List),
            (" \n[\n", Document::List),
            ("{\"entities\":[{\"id\":\"1\"}],\"pageSize\":25}", Document::Page),
            ("{\n  \"pageSize\": 25,\n  \"entities\" : [\n    {", Document::Page),
            ("{\r\n  \"lastName\": \"A\"\r\n}", Document::Spread),
            // Neither a key further down nor a text makes a page.
            ("{\"customFields\":{\"entities\":[]}}\n", Document::Lines),
            ("{\"title\":\"entities\",\"tags\":[1]}\n", Document::Lines),
            ("{\"title\":\"\\\"entities\\\":[\"}\n", Document::Lines),
            ("{\"entities\":5}", Document::Lines),
            ("firstName,lastName\n", Document::Lines),
            ("", Document::Lines),
        ] {
            assert_eq!(Document::of_head(text.as_bytes()), document, "{text}");
        }
    }
}
