//! Request lines as switches write them: FreePBX puts a caller's name into the address as it is, with
//! quotes, brackets and blanks that no address may have. Pure.

/// What stands before the version at the end of a request line.
const VERSION: &[u8] = b" HTTP/";

/// The head of a request with such characters of its query escaped; `None` where there are none, and
/// where the end of the first line has not come.
pub(super) fn escaped(head: &[u8]) -> Option<Vec<u8>> {
    let line = head.split(|byte| *byte == b'\n').next().filter(|line| line.len() < head.len())?;
    let begin = line.iter().position(|byte| *byte == b'?')? + 1;
    let end = line.windows(VERSION.len()).rposition(|part| part == VERSION)?;
    let query = line.get(begin..end)?;
    if query.iter().all(|byte| may_stand(*byte)) {
        return None;
    }
    let mut escaped = Vec::with_capacity(head.len() + 2 * query.len());
    escaped.extend_from_slice(&head[..begin]);
    for byte in query {
        match may_stand(*byte) {
            true => escaped.push(*byte),
            false => escaped.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    escaped.extend_from_slice(&head[end..]);
    Some(escaped)
}

/// Whether a byte is left as it is. hyper reads letters beyond ASCII, and refuses control characters.
fn may_stand(byte: u8) -> bool {
    !b"\"<> ".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_address_may_have_is_escaped_in_the_query_alone() {
        for (head, expected) in [
            (
                "GET /cid?miss=\"A\" HTTP/1.1\r\nHost: \"x\"\r\n\r\n",
                "GET /cid?miss=%22A%22 HTTP/1.1\r\nHost: \"x\"\r\n\r\n",
            ),
            (
                "GET /cid?a=1&miss=A B  HTTP/ <c> HTTP/1.0\r\n",
                "GET /cid?a=1&miss=A%20B%20%20HTTP/%20%3Cc%3E HTTP/1.0\r\n",
            ),
            ("GET /cid?miss=é\"\u{1} HTTP/1.1\n", "GET /cid?miss=é%22\u{1} HTTP/1.1\n"),
        ] {
            let escaped = escaped(head.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(escaped).unwrap(), expected);
        }
        for none in [
            "",
            "GET /cid?miss=\"A\" HTTP/1.1",
            "GET /cid?miss=%22A%22+é{}|^` HTTP/1.1\r\nX: ?\"\r\n",
            "GET /\"cid\" HTTP/1.1\r\n\r\n",
            "GET /cid HTTP/1.1\r\nX: ?\" HTTP/\r\n",
            "HTTP/ ?\n",
            "\u{0}? HTTP/\n",
        ] {
            assert_eq!(escaped(none.as_bytes()), None, "{none}");
        }
    }
}
