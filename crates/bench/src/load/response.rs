//! Reads HTTP/1 answers out of bytes as they come, and no more of them than a load generator needs:
//! the status, the end of the body, and whether the connection goes on. Heads and lengths of chunks
//! are parsed by httparse. It knows no socket.

use std::ops::Range;

use httparse::Status;

/// Bytes of the head of an answer.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// Headers of an answer.
const HEADERS_MAX: usize = 64;

/// Bytes of answers given out that may lie before the unread ones until these are moved.
const SLACK_BYTES_MAX: usize = 64 << 10;

/// An answer whose body is still in the parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// Whether the server closes the connection behind it.
    pub(crate) closes: bool,
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    /// In the bytes as they came.
    Plain(Range<usize>),
    /// Put together from chunks.
    Gathered,
}

#[derive(Clone, Copy, Debug, Default)]
struct Head {
    status: u16,
    closes: bool,
    length: Option<usize>,
    chunked: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum ResponseState {
    #[default]
    Head,
    /// A body of as many bytes as the head says.
    Sized(Head, usize),
    Chunks(Head),
    /// The lines behind the last chunk.
    Trailers(Head),
    /// A body that ends with the connection.
    UntilEnd(Head),
}

/// Reads answers out of bytes that are put into its room.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    bytes: Vec<u8>,
    /// Bytes that belong to answers given out.
    read: usize,
    gathered: Vec<u8>,
    state: ResponseState,
}

impl Parser {
    /// The buffer to which received bytes are appended. Bodies of answers given out before are gone
    /// with this.
    pub(crate) fn room(&mut self) -> &mut Vec<u8> {
        if self.read == self.bytes.len() {
            self.bytes.clear();
            self.read = 0;
        } else if self.read > SLACK_BYTES_MAX {
            self.bytes.drain(..self.read);
            self.read = 0;
        }
        &mut self.bytes
    }

    /// Forgets everything: a new connection begins.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.read = 0;
        self.gathered.clear();
        self.state = ResponseState::Head;
    }

    /// The body of the answer that was given out last.
    pub(crate) fn body(&self, answer: &Answer) -> &[u8] {
        match &answer.body {
            Body::Plain(range) => self.bytes.get(range.clone()).unwrap_or_default(),
            Body::Gathered => &self.gathered,
        }
    }

    /// The next answer, if it is here whole; `None` when more bytes are wanted.
    pub(crate) fn next(&mut self) -> Result<Option<Answer>, &'static str> {
        loop {
            match self.state {
                ResponseState::Head => match self.head()? {
                    // 100 and its like come before the answer.
                    Some(head) if head.status < 200 => {}
                    Some(head) => self.state = after(head),
                    None => return Ok(None),
                },
                ResponseState::Sized(head, length) => {
                    if self.bytes.len() - self.read < length {
                        return Ok(None);
                    }
                    let body = self.read..self.read + length;
                    self.read = body.end;
                    return Ok(Some(self.give(head, Body::Plain(body))));
                }
                ResponseState::Chunks(head) => match self.chunk()? {
                    Some(0) => self.state = ResponseState::Trailers(head),
                    Some(_) => {}
                    None => return Ok(None),
                },
                ResponseState::Trailers(head) => match self.line() {
                    Some(line) if line.is_empty() => {
                        self.read = line.end + 2;
                        return Ok(Some(self.give(head, Body::Gathered)));
                    }
                    Some(line) => self.read = line.end + 2,
                    None => return Ok(None),
                },
                ResponseState::UntilEnd(_) => return Ok(None),
            }
        }
    }

    /// The connection has ended: the answer that ends with it, if one does.
    pub(crate) fn end(&mut self) -> Result<Option<Answer>, &'static str> {
        match self.state {
            ResponseState::UntilEnd(head) => {
                let body = self.read..self.bytes.len();
                self.read = body.end;
                Ok(Some(self.give(head, Body::Plain(body))))
            }
            ResponseState::Head if self.read == self.bytes.len() => Ok(None),
            _ => Err("the connection ended within an answer"),
        }
    }

    fn give(&mut self, head: Head, body: Body) -> Answer {
        self.state = ResponseState::Head;
        Answer { status: head.status, closes: head.closes, body }
    }

    /// The place of the next line, without its end.
    fn line(&self) -> Option<Range<usize>> {
        let rest = self.bytes.get(self.read..)?;
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        Some(self.read..self.read + end)
    }

    fn head(&mut self) -> Result<Option<Head>, &'static str> {
        let rest = self.bytes.get(self.read..).unwrap_or_default();
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut response = httparse::Response::new(&mut headers);
        match response.parse(rest) {
            Ok(Status::Complete(length)) => {
                let head = read_head(&response)?;
                self.read += length;
                self.gathered.clear();
                Ok(Some(head))
            }
            Ok(Status::Partial) if rest.len() <= HEAD_BYTES_MAX => Ok(None),
            Ok(Status::Partial) => Err("an answer's head is too long"),
            Err(httparse::Error::TooManyHeaders) => Err("an answer has too many headers"),
            Err(_) => Err("the answer is no HTTP/1"),
        }
    }

    /// Gathers one chunk and answers its length.
    fn chunk(&mut self) -> Result<Option<usize>, &'static str> {
        let rest = self.bytes.get(self.read..).unwrap_or_default();
        let size = httparse::parse_chunk_size(rest).map_err(|_| "a chunk has no length")?;
        let Status::Complete((line, size)) = size else { return Ok(None) };
        let size = usize::try_from(size).map_err(|_| "a chunk is too long")?;
        if size == 0 {
            self.read += line;
            return Ok(Some(0));
        }
        let end = line.checked_add(size).ok_or("a chunk is too long")?;
        let Some(behind) = rest.get(end..).and_then(|rest| rest.get(..2)) else { return Ok(None) };
        if behind != b"\r\n" {
            return Err("a chunk is longer than it says");
        }
        self.gathered.extend_from_slice(rest.get(line..end).unwrap_or_default());
        self.read += end + 2;
        Ok(Some(size))
    }
}

fn after(head: Head) -> ResponseState {
    match head {
        Head { status: 204 | 304, .. } => ResponseState::Sized(head, 0),
        Head { chunked: true, .. } => ResponseState::Chunks(head),
        Head { length: Some(length), .. } => ResponseState::Sized(head, length),
        Head { .. } => ResponseState::UntilEnd(Head { closes: true, ..head }),
    }
}

/// The facts of a head that decide where its body ends, and whether another answer can follow.
fn read_head(response: &httparse::Response) -> Result<Head, &'static str> {
    let status = response.code.ok_or("an answer has no status")?;
    let mut read = Head { status, closes: response.version == Some(0), ..Head::default() };
    for header in response.headers.iter() {
        let value = header.value.trim_ascii();
        if header.name.eq_ignore_ascii_case("content-length") {
            let length = str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            read.length = Some(length.ok_or("an answer's length is no number")?);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            read.chunked = value.to_ascii_lowercase().ends_with(b"chunked");
        } else if header.name.eq_ignore_ascii_case("connection") {
            read.closes = match read.closes {
                true => !value.eq_ignore_ascii_case(b"keep-alive"),
                false => value.eq_ignore_ascii_case(b"close"),
            };
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every answer of these bytes, fed in pieces of `size`: status, body, closes.
    fn answers(bytes: &[u8], size: usize) -> Result<Vec<(u16, String, bool)>, &'static str> {
        let mut parser = Parser::default();
        let mut found = Vec::new();
        let mut keep = |parser: &Parser, answer: &Answer| {
            let body = String::from_utf8(parser.body(answer).to_vec()).unwrap();
            found.push((answer.status, body, answer.closes));
        };
        for piece in bytes.chunks(size) {
            parser.room().extend_from_slice(piece);
            while let Some(answer) = parser.next()? {
                keep(&parser, &answer);
            }
        }
        if let Some(answer) = parser.end()? {
            keep(&parser, &answer);
        }
        Ok(found)
    }

    #[track_caller]
    fn check(bytes: &str, expected: &[(u16, &str, bool)]) {
        for size in [1, 2, 3, 7, 1_000] {
            let found = answers(bytes.as_bytes(), size).unwrap();
            let found: Vec<_> = found.iter().map(|(s, body, c)| (*s, body.as_str(), *c)).collect();
            assert_eq!(found, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn an_answer_comes_out_whole_however_it_was_split() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", &[(200, "hello", false)]);
        check("HTTP/1.1 404 Not Found\r\nCONTENT-length:0\r\nX: y\r\n\r\n", &[(404, "", false)]);
        check("HTTP/1.1 204 No Content\r\n\r\n", &[(204, "", false)]);
    }

    #[test]
    fn pipelined_answers_come_out_one_by_one() {
        let one = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none";
        let two = "HTTP/1.1 503 Full\r\ncontent-length: 3\r\nconnection: close\r\n\r\ntwo";
        check(
            &format!("{one}{one}{two}"),
            &[(200, "one", false), (200, "one", false), (503, "two", true)],
        );
    }

    #[test]
    fn chunks_are_put_together() {
        let chunks =
            "4\r\nWiki\r\n6;name=x\r\npedia \r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n";
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n";
        let plain = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        check(
            &format!("{head}{chunks}{plain}"),
            &[(200, "Wikipedia 0123456789", false), (200, "ok", false)],
        );
    }

    #[test]
    fn old_servers_end_the_body_with_the_connection() {
        check("HTTP/1.0 200 OK\r\n\r\nall of it", &[(200, "all of it", true)]);
        check(
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
            &[(200, "ok", false)],
        );
    }

    #[test]
    fn what_comes_before_the_answer_is_passed_over() {
        check(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1",
            &[(200, "1", false)],
        );
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        for bytes in [
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 abc\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
            "HTTP/1.1 200 OK\r\n",
        ] {
            assert!(answers(bytes.as_bytes(), 1_000).is_err(), "{bytes}");
        }
    }
}
