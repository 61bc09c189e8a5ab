//! The format of an input, and its name for people.

use std::path::Path;

use clap::ValueEnum;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values with a header; semicolons and tabs are recognised
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// The name of an input for people.
pub(super) fn name_of(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// The format of a file: by its ending, else by how its first line begins.
pub(super) fn format_of(path: &Path, first_line: &[u8]) -> Format {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("csv" | "tsv") => Format::Csv,
        Some("jsonl" | "ndjson" | "json") => Format::Jsonl,
        _ if first_line.trim_ascii_start().starts_with(b"{") => Format::Jsonl,
        _ if first_line.trim_ascii_start().starts_with(b"[") => Format::Jsonl,
        _ => Format::Csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_told_by_ending_else_by_the_first_line() {
        let format = |path: &str, line: &str| format_of(Path::new(path), line.as_bytes());
        assert_eq!(format("a.CSV", "{"), Format::Csv);
        assert_eq!(format("a.jsonl", "firstName"), Format::Jsonl);
        assert_eq!(format("-", "  {\"firstName\""), Format::Jsonl);
        assert_eq!(format("-", "firstName,lastName"), Format::Csv);
        assert_eq!(format("people.txt", "[{"), Format::Jsonl);
    }
}
