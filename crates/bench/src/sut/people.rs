//! The people in the directory that is measured: numbers to look up and names to search for. They
//! are made up, or read from an export.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use crate::error::{BenchError, Stop};
use crate::questions::numbers::numbers_in;
use carnet_client::reason;
use carnet_sample::{CONTACTS_PER_ORGANIZATION, Sampler};

/// Contacts whose names and ids are kept, at most: enough to ask something else each time.
const NAMES_MAX: usize = 20_000;

/// Names and ids of one contact of this many are kept: the first ones of an export may all be of
/// one kind.
const NAMES_EVERY: u64 = 7;

/// The people of a directory.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// How many contacts.
    pub(crate) contacts: u64,
    /// Their numbers; one that two share is here twice.
    pub(crate) numbers: Vec<u64>,
    /// First and last names of some of them.
    pub(crate) names: Vec<(String, String)>,
    /// Ids of some of them.
    pub(crate) ids: Vec<String>,
    /// Bytes of their JSON lines.
    pub(crate) bytes: u64,
}

impl People {
    /// Makes up `count` contacts, and writes them into a file as JSON lines.
    pub(crate) fn make_up(
        count: u64,
        seed: u64,
        path: &Path,
        stop: Stop,
    ) -> Result<People, BenchError> {
        let unwritable = |error: std::io::Error| BenchError::file(path.display(), &error);
        let mut file = BufWriter::with_capacity(256 << 10, File::create(path).map_err(unwritable)?);
        let sampler = Sampler::new(seed, count.div_ceil(CONTACTS_PER_ORGANIZATION));
        let mut people = People::default();
        let mut line = Vec::new();
        for place in 0..count {
            line.clear();
            sampler.write(place, &mut line);
            file.write_all(&line).map_err(unwritable)?;
            // The generator writes texts.
            people.take(str::from_utf8(&line).unwrap_or_default());
            if stop() {
                return Err(BenchError::stopped());
            }
        }
        file.flush().map_err(unwritable)?;
        Ok(people)
    }

    /// Reads them out of an export.
    pub(crate) fn read(export: impl Read, stop: Stop) -> Result<People, BenchError> {
        let unreadable = |error: std::io::Error| {
            BenchError::failed(format!("the export broke off: {}", reason(&error)))
        };
        let mut export = BufReader::with_capacity(256 << 10, export);
        let mut people = People::default();
        let mut line = String::new();
        while export.read_line(&mut line).map_err(unreadable)? > 0 {
            // Lines of organisations and notes begin with their kind; those of contacts do not.
            if !line.starts_with("{\"carnet\":") {
                people.take(&line);
            }
            line.clear();
            if stop() {
                return Err(BenchError::stopped());
            }
        }
        Ok(people)
    }

    fn take(&mut self, line: &str) {
        numbers_in(line, &mut self.numbers);
        if self.contacts.is_multiple_of(NAMES_EVERY)
            && self.names.len() < NAMES_MAX
            && let Ok(contact) = serde_json::from_str::<serde_json::Value>(line)
        {
            let name = |field: &str| contact[field].as_str().unwrap_or_default().to_owned();
            self.ids.push(name("id"));
            let names = (name("firstName"), name("lastName"));
            if !names.0.is_empty() && !names.1.is_empty() {
                self.names.push(names);
            }
        }
        self.contacts += 1;
        self.bytes += u64::try_from(line.len()).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_is_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.jsonl");
        let made = People::make_up(100, 3, &path, &|| false).unwrap();
        assert_eq!((made.contacts, made.names.len()), (100, 15));
        assert!((100..300).contains(&made.numbers.len()), "{}", made.numbers.len());
        let mut text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(made.bytes, u64::try_from(text.len()).unwrap());
        text.insert_str(0, "{\"carnet\":\"organization\",\"name\":\"X\"}\n");
        let read = People::read(text.as_bytes(), &|| false).unwrap();
        assert_eq!((read.contacts, &read.numbers), (made.contacts, &made.numbers));
        assert_eq!(read.names, made.names);
    }
}
