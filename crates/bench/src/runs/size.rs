//! Measures how large a directory is, on disk and in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{BenchError, Stop};
use crate::load::single::ask_all;
use crate::questions::lookup::Lookup;
use crate::questions::numbers::NumberSource;
use crate::report::results::Results;
use crate::sut::Sut;
use crate::sut::process;
use crate::sut::scratch;

/// Measures bytes on disk and in memory: after a start, and after a look-up of every number.
pub(crate) fn size(sut: &mut Sut, results: &mut Results, stop: Stop) -> Result<(), BenchError> {
    let contacts = sut.people.contacts;
    if let Some(data) = sut.data() {
        sut.stop_daemon()?;
        let list =
            || scratch::files(&data).map_err(|error| BenchError::file(data.display(), &error));
        let sum = |files: &[(String, u64)]| files.iter().map(|(_, bytes)| bytes).sum::<u64>();
        let files = list()?;
        let all = sum(&files);
        let each = |bytes: u64| Some(bytes as f64 / contacts.max(1) as f64);
        results.figure("size", "on disk", contacts, each(all), "bytes/contact");
        for (kind, bytes) in kinds(&files) {
            results.figure(
                "size",
                format!("on disk, {kind}"),
                contacts,
                each(bytes),
                "bytes/contact",
            );
        }
        sut.start(stop)?;
        sut.wait_for_rest(stop)?;
        let more = sum(&list()?).saturating_sub(all);
        let what = "on disk, more while it runs, for the render cache";
        results.figure("size", what, contacts, each(more), "bytes/contact");
    }
    memory(sut, "at rest", results);
    let numbers = sut.people.numbers.clone();
    let count = numbers.len();
    let source = Arc::new(NumberSource::uniform(numbers, Vec::new(), 0.0, 0).in_order());
    let mut question = Lookup::new(&sut.access, NumberSource::draw(&source));
    ask_all(sut.address, &mut question, count, stop)?;
    memory(sut, "after a look-up of every number", results);
    Ok(())
}

fn memory(sut: &Sut, when: &str, results: &mut Results) {
    let memory = sut.pid.and_then(process::memory);
    let contacts = sut.people.contacts;
    let figure = |bytes: fn(&process::Memory) -> u64| memory.as_ref().map(|m| bytes(m) as f64);
    results.figure("size", format!("resident {when}"), contacts, figure(|m| m.resident), "bytes");
    results.figure(
        "size",
        format!("resident {when}, without mapped files"),
        contacts,
        figure(|m| m.own),
        "bytes",
    );
}

/// Bytes by file name; the files of the index, which are many, are added up by their endings.
fn kinds(files: &[(String, u64)]) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for (name, bytes) in files {
        let kind = match name.split_once('/') {
            Some((folder, file)) => match file.rsplit_once('.') {
                Some((name, ending)) if !name.is_empty() => format!("{folder}/*.{ending}"),
                _ => format!("{folder}/{file}"),
            },
            None => name.clone(),
        };
        *kinds.entry(kind).or_default() += bytes;
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_index_are_told_by_their_endings() {
        let files =
            [("carnet.redb", 9), ("index/a.term", 1), ("index/b.term", 2), ("index/.lock", 0)];
        let files: Vec<(String, u64)> =
            files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
        let kinds: Vec<(String, u64)> = kinds(&files).into_iter().collect();
        let expected = [("carnet.redb", 9), ("index/*.term", 3), ("index/.lock", 0)];
        assert_eq!(kinds, expected.map(|(kind, bytes)| (kind.to_owned(), bytes)));
    }
}
