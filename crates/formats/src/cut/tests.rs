use super::*;
use crate::stream::Records;

/// Gives its bytes in pieces of one size, as a pipe may.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn cut(input: &[u8], shape: Shape, piece: usize) -> Vec<(u64, Result<String, CutError>)> {
    let mut records = Records::new(Pieces(input, piece)).unwrap();
    records.set_shape(shape);
    let mut all = Vec::new();
    while let Some(batch) = records.next_batch().unwrap() {
        for record in &batch.records {
            let text = batch.bytes(record).map(|text| String::from_utf8(text.to_vec()).unwrap());
            all.push((record.line, text));
        }
    }
    all
}

fn check(input: &str, shape: Shape, expected: &[(u64, &str)]) {
    for piece in [1, 2, 3, 1_000] {
        let expected: Vec<_> = expected.iter().map(|(l, t)| (*l, Ok((*t).to_owned()))).collect();
        assert_eq!(cut(input.as_bytes(), shape, piece), expected, "{input:?} in pieces of {piece}");
    }
}

const COMMA: Shape = Shape::Rows { delimiter: b',' };

#[test]
fn lines_are_numbered_and_blank_ones_are_none() {
    check("a\nb\n", Shape::Lines, &[(1, "a"), (2, "b")]);
    check("a\n\n \nb", Shape::Lines, &[(1, "a"), (4, "b")]);
    check("a\"\nb\"\n", Shape::Lines, &[(1, "a\""), (2, "b\"")]);
    check("", Shape::Lines, &[]);
    check("\u{feff}a\n", Shape::Lines, &[(1, "a")]);
}

#[test]
fn lines_may_end_with_a_carriage_return_where_their_shape_says_so() {
    check("a\rb\r\rc", Shape::ReturnLines, &[(1, "a"), (2, "b"), (4, "c")]);
    check("a\r\nb\nc\r", Shape::ReturnLines, &[(1, "a"), (2, "b"), (3, "c")]);
    check("a\rb\n", Shape::Lines, &[(1, "a\rb")]);
}

#[test]
fn a_row_ends_at_a_line_end_outside_of_quotation_marks() {
    check("a,b\nc,d\n", COMMA, &[(1, "a,b"), (2, "c,d")]);
    check("a,\"b\nc\"\nd", COMMA, &[(1, "a,\"b\nc\""), (3, "d")]);
    check("a,\"b\"\"\n\"\nd", COMMA, &[(1, "a,\"b\"\"\n\""), (3, "d")]);
    check("a\"b\nc\"d", COMMA, &[(1, "a\"b"), (2, "c\"d")]);
    check("a\r\nb\r\n", COMMA, &[(1, "a"), (2, "b")]);
    check("\"a\"x\"\nb", COMMA, &[(1, "\"a\"x\""), (2, "b")]);
    check("a;\"b\nc\"", Shape::Rows { delimiter: b';' }, &[(1, "a;\"b\nc\"")]);
}

/// mautic/mautic PR#5408; YaleSTC/reservations#1438; tbar0970/jethro-pmm#215
#[test]
fn every_kind_of_line_end_is_one_line() {
    for end in ["\n", "\r", "\r\n"] {
        let text = format!("a{end}b{end}{end}c,\"x{end}y\"{end}d{end}");
        let quoted = format!("c,\"x{end}y\"");
        check(&text, COMMA, &[(1, "a"), (2, "b"), (4, &quoted), (6, "d")]);
        let open = format!("a{end}\"b{end}c{end}{end}d");
        for piece in [1, 2, 3, 1_000] {
            let all = cut(open.as_bytes(), COMMA, piece);
            let lines: Vec<u64> = all.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 2, 3, 5], "{end:?} in pieces of {piece}");
        }
    }
    check("a\rb\nc\r\nd\n\re", COMMA, &[(1, "a"), (2, "b"), (3, "c"), (4, "d"), (6, "e")]);
    check("a\r\r\nb", COMMA, &[(1, "a"), (3, "b")]);
    // A line of JSON ends at a line feed only: a carriage return is a blank there.
    check("{\"a\":\r1}\n{}", Shape::Lines, &[(1, "{\"a\":\r1}"), (2, "{}")]);
}

#[test]
fn rows_are_cut_as_the_csv_crate_reads_them() {
    for input in [
        "a,b\nc\n",
        "\"a\"\"\",\"\n\"\nx",
        "a\"\nb\"",
        "\"a\" \"b\nc\"\nd",
        "\n\n\"\"\n,\n",
        "a\rb\r\nc",
        "\"\",\"\"\n\"\"\"\"\n",
        "a,\"b\"c\"d\ne\",f\n",
        ",,\n\"x\",\n",
        "é,\"ß\n\"\n",
    ] {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(input.as_bytes());
        let whole: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let mut cut_up = Vec::new();
        for (_, text) in cut(input.as_bytes(), COMMA, 1) {
            let text = text.unwrap();
            let reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes())
                .into_records();
            cut_up.extend(reader.map(Result::unwrap));
        }
        assert_eq!(cut_up, whole, "{input:?}");
    }
}

#[test]
fn a_line_that_is_too_long_is_skipped_and_the_next_one_read() {
    let long = "x".repeat(LINE_BYTES_MAX + 1);
    let just = "y".repeat(LINE_BYTES_MAX);
    let input = format!("a\n{long}\n{just}\nb");
    let all = cut(input.as_bytes(), Shape::Lines, usize::MAX);
    let expected = [
        (1, Ok("a".to_owned())),
        (2, Err(CutError::TooLong)),
        (3, Ok(just)),
        (4, Ok("b".to_owned())),
    ];
    assert_eq!(all, expected);
}

#[test]
fn an_open_quotation_mark_costs_its_own_line_only() {
    let good = |line, text: &str| (line, Ok(text.to_owned()));
    for piece in [1, 2, 3, 1_000] {
        let open = |line| (line, Err(CutError::OpenQuote { line }));
        let all = cut(b"a,b\n\"c,d\ne,f\n\ng,h", COMMA, piece);
        assert_eq!(all, [good(1, "a,b"), open(2), good(3, "e,f"), good(5, "g,h")]);
        let all = cut(b"a,b\r\n\"c,d\r\ne,f\r\n\r\ng,h\r\n", COMMA, piece);
        assert_eq!(all, [good(1, "a,b"), open(2), good(3, "e,f"), good(5, "g,h")]);
    }
}

/// The row begins on another line than the mark that spoils it.
#[test]
fn an_open_quotation_mark_is_named_by_its_own_line() {
    for (text, line, opened) in [
        ("a\nb,\"c\nd\",\"e\nf", 2, 3),
        ("a\r\nb,\"c\r\nd\",\"e\r\nf", 2, 3),
        ("a\rb,\"c\rd\",\"e\rf", 2, 3),
        ("\"a\n\n\",\"b\"\"\nc\",\"\nd", 1, 4),
        ("a,\"b\"\"c\nd", 1, 1),
        ("a,b\"c\n\"d", 2, 2),
    ] {
        for piece in [1, 2, 3, 1_000] {
            let all = cut(text.as_bytes(), COMMA, piece);
            let open = all.iter().find(|row| row.1.is_err()).unwrap();
            assert_eq!(*open, (line, Err(CutError::OpenQuote { line: opened })), "{text:?}");
        }
    }
}

#[test]
fn a_quotation_mark_that_is_open_for_long_costs_its_own_line_only() {
    let rows = "good,row\n".repeat(400_000);
    let input = format!("a,b\n\"open,x\n{rows}\"open,y\n{}", "last,row\n".repeat(3));
    let all = cut(input.as_bytes(), COMMA, 100_000);
    let broken: Vec<u64> = all.iter().filter(|row| row.1.is_err()).map(|row| row.0).collect();
    assert_eq!(broken, [2, 400_003]);
    assert_eq!(all.len(), 400_006);
    assert_eq!(all.last().unwrap(), &(400_006, Ok("last,row".to_owned())));
}

#[test]
fn a_row_that_is_too_long_ends_with_its_line() {
    let long = format!("\"{}", "x".repeat(LINE_BYTES_MAX + BUFFER_BYTES));
    let all = cut(format!("a\n{long}\nb\n").as_bytes(), COMMA, usize::MAX);
    assert_eq!(
        all,
        [(1, Ok("a".to_owned())), (2, Err(CutError::TooLong)), (3, Ok("b".to_owned()))]
    );
}

/// The lines of a stream that is pushed in pieces, of at most `max` bytes each.
fn cut_pushed(text: &[u8], piece: usize, max: usize) -> Vec<(u64, Result<Vec<u8>, CutError>)> {
    let mut cutter = Cutter::new(Shape::Lines, max);
    let mut batch = Batch::default();
    let mut cut_all = |cutter: &mut Cutter| {
        while let Some(record) = cutter.next(&mut batch.text) {
            batch.records.push(record);
        }
    };
    for piece in text.chunks(piece) {
        cutter.push(piece);
        cut_all(&mut cutter);
    }
    cutter.finish();
    cut_all(&mut cutter);
    assert_eq!(cutter.position(), u64::try_from(text.len()).unwrap());
    let line = |record: &Record| (record.line, batch.bytes(record).map(<[u8]>::to_vec));
    batch.records.iter().map(line).collect()
}

#[test]
fn lines_do_not_depend_on_how_the_stream_is_cut() {
    let line = |number, text: &str| (number, Ok(text.into()));
    let expect = [line(1, "{\"a\":1}"), line(3, "b\r"), line(5, "c")];
    for piece in 1..20 {
        assert_eq!(cut_pushed(b"{\"a\":1}\n\nb\r\n \t\r\nc", piece, 10), expect, "{piece}");
    }
    assert_eq!(cut_pushed(b"", 1, 10), []);
    assert_eq!(cut_pushed(b"\n\n", 2, 10), []);
}

#[test]
fn a_line_that_is_too_long_is_counted_and_not_kept() {
    let max = 1 << 20;
    let text = [vec![b'a'; max], vec![b'b'; max + 1], vec![b'\r'; max + 1], vec![b'c'; 2]];
    let text = text.join(&b'\n');
    for piece in [1 << 10, 64 << 10, 8 << 20] {
        let all = cut_pushed(&text, piece, max);
        assert_eq!(all.len(), 4);
        assert!(matches!(&all[0], (1, Ok(line)) if line.len() == max));
        assert_eq!(all[1], (2, Err(CutError::TooLong)));
        assert_eq!(all[2], (3, Err(CutError::TooLong)));
        assert_eq!(all[3], (4, Ok(b"cc".to_vec())));
    }
}
