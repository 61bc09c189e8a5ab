//! A list of numbers as a stream: one line of JSON in, one line of JSON out, in order, in
//! constant memory. It knows the shape of both lines; what a number is, `carnet_phone` knows.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use carnet_phone::{Number, NumberKind, Region, Rules, UnknownRegion, normalise_with};
use serde_json::error::Category;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Bytes of one line, without its end. A number has no more than 250 characters, so there is
/// plenty of room for what else a line carries. Longer ones are skipped without being kept.
pub(super) const LINE_BYTES_MAX: usize = 64 << 10;

/// Bytes that are read and written at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// How the numbers of a stream are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineReading {
    /// The default region of lines that name none.
    pub(super) region: Region,
    /// Read as Google's parser does: by none of carnet's own rules; a region that is null or
    /// unknown is no region.
    pub(super) google: bool,
}

/// Answers every line; a sender that waits for the answer to one line gets it.
pub(super) fn answer_all(
    input: impl Read,
    output: impl Write,
    reading: LineReading,
) -> Result<(), Failure> {
    let unreadable = |error: io::Error| Failure::file("standard input", &error);
    let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
    let mut output = BufWriter::with_capacity(BUFFER_BYTES, output);
    let (mut line, mut answer) = (Vec::new(), Vec::new());
    let mut place: u64 = 0;
    loop {
        // The next read may have to wait, and what was answered must not wait with it.
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
        line.clear();
        answer.clear();
        let bytes = (&mut input).take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line);
        if bytes.map_err(unreadable)? == 0 {
            return Ok(());
        }
        place += 1;
        if line.ends_with(b"\n") {
            line.pop();
        }
        if line.len() > LINE_BYTES_MAX {
            input.skip_until(b'\n').map_err(unreadable)?;
            let why = format!("the line is longer than {LINE_BYTES_MAX} bytes");
            refuse(&bad_line(place, &why), &mut answer)?;
        } else {
            answer_one(&line, place, reading, &mut answer)?;
        }
        answer.push(b'\n');
        output.write_all(&answer)?;
    }
}

/// Writes the answer to one line.
fn answer_one(
    line: &[u8],
    place: u64,
    reading: LineReading,
    answer: &mut Vec<u8>,
) -> io::Result<()> {
    let fields = match serde_json::from_slice::<Map<String, Value>>(line) {
        Ok(fields) => fields,
        Err(error) => return refuse(&bad_line(place, &not_an_object(&error)), answer),
    };
    let asked = question(&fields, reading);
    let (text, region) = match asked {
        Ok(asked) => asked,
        Err(why) => return refuse(&bad_line(place, &why), answer),
    };
    let rules = if reading.google { Rules::GOOGLE } else { Rules::CARNET };
    match normalise_with(text, region, rules) {
        Ok(number) => tell(&number, answer),
        Err(reason) => refuse(&reason.to_string(), answer),
    }
}

/// The question of a line: a text, and the default region for it.
fn question(
    fields: &Map<String, Value>,
    reading: LineReading,
) -> Result<(&str, Option<Region>), String> {
    let text = match fields.get("input") {
        Some(Value::String(text)) => text,
        Some(_) => return Err("input is not a text".to_owned()),
        None => return Err("input is missing".to_owned()),
    };
    let region = match fields.get("region") {
        Some(Value::Null) if reading.google => None,
        None | Some(Value::Null) => Some(reading.region),
        Some(Value::String(code)) => match Region::parse(code) {
            None if !reading.google => return Err(format!("region: {UnknownRegion}")),
            region => region,
        },
        Some(_) => return Err("region is neither a text nor null".to_owned()),
    };
    Ok((text, region))
}

/// Writes what is known of a number.
fn tell(number: &Number, answer: &mut Vec<u8>) -> io::Result<()> {
    // E.164 is a plus and digits: nothing to escape.
    write!(answer, r#"{{"ok":true,"e164":"{}""#, number.e164)?;
    if let Some(extension) = &number.extension {
        member(answer, "ext", extension.as_str())?;
    }
    let valid: &[u8] = if number.valid { br#","valid":true"# } else { br#","valid":false"# };
    answer.extend_from_slice(valid);
    if let Some(region) = number.region {
        member(answer, "region", region.as_str())?;
    }
    if number.kind != NumberKind::Unknown {
        member(answer, "kind", number.kind.as_str())?;
    }
    member(answer, "national", &number.national())?;
    member(answer, "international", &number.international())?;
    answer.push(b'}');
    Ok(())
}

/// Writes why there is no number.
fn refuse(reason: &str, answer: &mut Vec<u8>) -> io::Result<()> {
    answer.extend_from_slice(br#"{"ok":false"#);
    member(answer, "reason", reason)?;
    answer.push(b'}');
    Ok(())
}

fn member(answer: &mut Vec<u8>, name: &str, text: &str) -> io::Result<()> {
    answer.extend_from_slice(b",\"");
    answer.extend_from_slice(name.as_bytes());
    answer.extend_from_slice(b"\":");
    Ok(serde_json::to_writer(answer, text)?)
}

fn bad_line(place: u64, why: &str) -> String {
    format!("line {place}: {why}")
}

/// Why a line is no object. The parser counts lines of its own, which would only confuse.
fn not_an_object(error: &serde_json::Error) -> String {
    if error.classify() == Category::Data {
        return "this is not an object".to_owned();
    }
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    format!("this is not JSON: {what} at column {}", error.column())
}

#[cfg(test)]
mod tests;
