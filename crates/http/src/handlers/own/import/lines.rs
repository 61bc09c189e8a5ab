//! Cuts a stream of pieces into numbered lines. It holds what is not cut yet, and no more than
//! one line of that.

use crate::limits::IMPORT_LINE_BYTES_MAX;

/// A line that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// The line without its ending.
    Line(Vec<u8>),
    /// It has more bytes than a line may have, and was not kept.
    TooLong {
        /// The most that it may have.
        max: usize,
    },
}

/// Lines as they come.
#[derive(Debug, Default)]
pub(super) struct Lines {
    ready: Vec<(u64, Given)>,
    /// Bytes of the lines that are ready.
    bytes: usize,
    /// The line whose end has not come yet.
    begun: Vec<u8>,
    /// It is longer than a line may be; the rest of it is dropped.
    too_long: bool,
    /// Lines that have ended.
    count: u64,
}

impl Lines {
    /// Takes the next piece of the stream.
    pub(super) fn push(&mut self, piece: &[u8]) {
        let mut parts = piece.split(|byte| *byte == b'\n');
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            self.extend(part);
            self.end();
        }
        self.extend(last);
    }

    /// The stream is over; what has no ending is a line, too.
    pub(super) fn finish(&mut self) {
        self.end();
    }

    /// How many lines are there to be taken.
    pub(super) fn ready(&self) -> usize {
        self.ready.len()
    }

    /// How many bytes they have.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The next lines, at most `max`, with their numbers from 1.
    pub(super) fn take(&mut self, max: usize) -> Vec<(u64, Given)> {
        let taken: Vec<_> = self.ready.drain(..max.min(self.ready.len())).collect();
        self.bytes -= taken.iter().map(|(_, given)| given.len()).sum::<usize>();
        taken
    }

    fn extend(&mut self, part: &[u8]) {
        if self.too_long || self.begun.len() + part.len() > IMPORT_LINE_BYTES_MAX {
            self.too_long = true;
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(part);
        }
    }

    fn end(&mut self) {
        self.count += 1;
        let line = std::mem::take(&mut self.begun);
        let given = if std::mem::take(&mut self.too_long) {
            Given::TooLong { max: IMPORT_LINE_BYTES_MAX }
        } else if line.iter().all(u8::is_ascii_whitespace) {
            return;
        } else {
            Given::Line(line)
        };
        self.bytes += given.len();
        self.ready.push((self.count, given));
    }
}

impl Given {
    fn len(&self) -> usize {
        match self {
            Given::Line(line) => line.len(),
            Given::TooLong { .. } => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &[u8], piece: usize) -> Vec<(u64, Given)> {
        let mut lines = Lines::default();
        for piece in text.chunks(piece) {
            lines.push(piece);
        }
        lines.finish();
        let all = lines.take(usize::MAX);
        assert_eq!((lines.ready(), lines.bytes()), (0, 0));
        all
    }

    #[test]
    fn lines_do_not_depend_on_how_the_stream_is_cut() {
        let line = |number, text: &str| (number, Given::Line(text.into()));
        let expect = [line(1, "{\"a\":1}"), line(3, "b\r"), line(5, "c")];
        for piece in 1..20 {
            assert_eq!(cut(b"{\"a\":1}\n\nb\r\n \t\r\nc", piece), expect, "{piece}");
        }
        assert_eq!(cut(b"", 1), []);
        assert_eq!(cut(b"\n\n", 2), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_counted_and_not_kept() {
        let max = IMPORT_LINE_BYTES_MAX;
        let text = [vec![b'a'; max], vec![b'b'; max + 1], vec![b'c'; 2]].join(&b'\n');
        for piece in [1 << 10, 64 << 10, 8 << 20] {
            let all = cut(&text, piece);
            assert_eq!(all.len(), 3);
            assert!(matches!(&all[0], (1, Given::Line(line)) if line.len() == max));
            assert_eq!(all[1], (2, Given::TooLong { max }));
            assert_eq!(all[2], (3, Given::Line(b"cc".to_vec())));
        }
    }

    #[test]
    fn lines_are_taken_in_order_and_in_parts() {
        let mut lines = Lines::default();
        lines.push(b"1\n2\n3\n4");
        assert_eq!((lines.ready(), lines.bytes()), (3, 3));
        let numbers =
            |taken: Vec<(u64, Given)>| taken.into_iter().map(|(n, _)| n).collect::<Vec<_>>();
        assert_eq!(numbers(lines.take(2)), [1, 2]);
        lines.finish();
        assert_eq!(numbers(lines.take(2)), [3, 4]);
    }
}
