//! Packs the page: every file of `web` without its comments and indentation, plain, as gzip and as
//! Brotli, as a table for `src/handlers/own/web.rs`. It knows nothing of what the files say, only that a comment
//! of a line's own is between `/*` and `*/` or behind `//`.

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs};

/// The folder of the page's files.
const WEB: &str = "web";
/// The file that is answered at `/`.
const INDEX: &str = "index.html";
/// The place in the index where the modules are named, so that a browser asks for all at once.
const MODULES: &str = "<!-- modules -->";
/// The place in the index of the version of all files.
const VERSION: &str = "{version}";
/// Endings of files that a browser reads, and their types.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("svg", "image/svg+xml"),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={WEB}");
    let mut files = BTreeMap::new();
    collect(Path::new(WEB), "", &mut files)?;
    let version = version(&files);
    let index = files.get_mut(INDEX).ok_or("the page has no index")?;
    *index = index.replace(VERSION, &version);
    let links: String = files
        .keys()
        .filter(|name| name.ends_with(".js"))
        .map(|name| format!("<link rel=\"modulepreload\" href=\"/assets/{version}/{name}\">"))
        .collect();
    let index = files.get_mut(INDEX).ok_or("the page has no index")?;
    *index = index.replace(MODULES, &links);

    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let mut table = format!("pub(crate) const VERSION: &str = {version:?};\n");
    table += "pub(crate) static FILES: &[File] = &[\n";
    for (no, (name, text)) in files.iter().enumerate() {
        let ending = name.rsplit('.').next().unwrap_or_default();
        let media_type = TYPES.iter().find(|(known, _)| *known == ending);
        let (_, media_type) = media_type.ok_or_else(|| format!("{name} has no known type"))?;
        let [plain, gzip, brotli] = ["", ".gz", ".br"].map(|form| out.join(format!("{no}{form}")));
        fs::write(&plain, text)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text.as_bytes())?;
        fs::write(&gzip, encoder.finish()?)?;
        let mut packed = Vec::new();
        // Its best quality is the default.
        let best = BrotliEncoderParams::default();
        brotli::BrotliCompress(&mut text.as_bytes(), &mut packed, &best)?;
        fs::write(&brotli, packed)?;
        writeln!(
            table,
            "    File {{ name: {name:?}, media_type: {media_type:?}, plain: include_bytes!({plain:?}), \
             gzip: include_bytes!({gzip:?}), brotli: include_bytes!({brotli:?}) }},"
        )?;
    }
    table += "];\n";
    fs::write(out.join("web.rs"), table)?;
    Ok(())
}

/// The files of a folder and below it, by their names from the folder of the page on.
fn collect(
    folder: &Path,
    above: &str,
    files: &mut BTreeMap<String, String>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or("a name that is no UTF-8")?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{above}{name}/"), files)?;
        } else if !name.ends_with(".d.ts") {
            // Types are for the checker only.
            let text = fs::read_to_string(entry.path())?;
            let text = bare(&text);
            let text = if name.ends_with(".css") { tight(&text) } else { text };
            files.insert(format!("{above}{name}"), text);
        }
    }
    Ok(())
}

/// A file without blank lines, indentation and comments.
fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines() {
        let mut line = line.trim();
        if in_comment {
            let Some((_, rest)) = line.split_once("*/") else { continue };
            (in_comment, line) = (false, rest.trim());
        }
        if line.starts_with("//") {
            continue;
        }
        if line.starts_with("/*") && !line.contains("*/") {
            in_comment = true;
            continue;
        }
        let line = without_types(line);
        if !line.trim().is_empty() {
            add(&mut bare, line.trim());
        }
    }
    bare
}

/// Adds a line, and drops what means nothing between it and the line before: the end of that line
/// where no statement ends, and the comma behind the last of a list.
fn add(bare: &mut String, line: &str) {
    let before = bare.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
    // What looks like a comment may be part of an address, and keeps its line.
    let joins = !before.contains("//");
    if joins && line.starts_with([')', ']', '}', '.', '?', ':']) && bare.ends_with('\n') {
        bare.pop();
    }
    if line.starts_with([')', ']', '}']) && bare.ends_with(',') {
        bare.pop();
    }
    *bare += line;
    if line.contains("//") || !line.ends_with([',', '(', '[', '{']) {
        bare.push('\n');
    }
}

/// A style sheet without the blanks and line ends that mean nothing in one. Texts in quotes have none of
/// these marks.
fn tight(text: &str) -> String {
    let text = text.replace('\n', " ");
    let marks = ["{ ", " {", "; ", " }", "} ", ": ", ", "];
    marks.iter().fold(text, |text, mark| text.replace(mark, mark.trim()))
}

/// A line without its comments `/** … */` and `/* … */`.
fn without_types(line: &str) -> String {
    let mut left = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, comment)) = rest.split_once("/*") {
        let Some((_, after)) = comment.split_once("*/") else { break };
        left += before;
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    left + rest
}

/// A name for the state of all files, so that a browser may keep them for ever: FNV-1a of 64 bits.
fn version(files: &BTreeMap<String, String>) -> String {
    let parts = files.iter().flat_map(|(name, text)| [name, text]);
    let bytes = parts.flat_map(|text| text.bytes().chain([0]));
    let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{sum:016x}")
}
