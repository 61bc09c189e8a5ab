//! Makes the tables of the crate from Google's metadata: one graph for all digit automata, and
//! small tables beside it. Nothing of the metadata, and no regular expression, is left for run
//! time.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/automata.rs"]
mod automata;
#[path = "build/graph.rs"]
mod graph;
#[path = "build/leftmost.rs"]
mod leftmost;
#[path = "build/pattern.rs"]
mod pattern;
#[path = "build/program.rs"]
mod program;
#[path = "build/renumbering.rs"]
mod renumbering;
#[path = "build/source.rs"]
mod source;
#[path = "build/subset.rs"]
mod subset;
#[path = "build/unicode.rs"]
mod unicode;

use automata::Automata;
use source::Territory;

/// Names a newer `PhoneNumberMetadata.xml` for one build.
const FILE_VARIABLE: &str = "CARNET_PHONE_METADATA";

/// A newer `PhoneNumberMetadata.xml` that lies in the crate, if there is one.
const FILE: &str = "metadata/PhoneNumberMetadata.xml";

/// The changes of numbering plans.
const CHANGES: &str = "data/renumbering.tsv";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=metadata");
    println!("cargo:rerun-if-changed={CHANGES}");
    println!("cargo:rerun-if-env-changed={FILE_VARIABLE}");
    let named = env::var_os(FILE_VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let file = named.or_else(|| Path::new(FILE).exists().then(|| PathBuf::from(FILE)));
    if let Some(file) = &file {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    let territories = source::territories(file.as_deref())?;
    let changes = renumbering::tables(&fs::read_to_string(CHANGES)?)?;
    let tables = tables(&territories)? + &unicode::tables()? + &changes;
    let out = env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?;
    fs::write(Path::new(&out).join("tables.rs"), tables)?;
    Ok(())
}

/// The tables as Rust source; what they mean is written in `src/tables.rs`.
fn tables(territories: &[Territory]) -> Result<String, Box<dyn Error>> {
    let regions = regions(territories);
    let groups: Vec<&[Territory]> = territories.chunk_by(|a, b| a.code == b.code).collect();
    let mut automata = Automata::new();
    // Two roots for each code, then three for each territory.
    let mut roots = Vec::new();
    for group in &groups {
        let places: Result<Vec<u8>, _> =
            group.iter().map(|territory| u8::try_from(place_of(&regions, &territory.id))).collect();
        roots.extend([automata.classify(group, &places?)?, automata.format(&group[0])?]);
    }
    for territory in territories {
        roots.extend([
            automata.general(territory)?,
            automata.national_prefix(territory)?,
            automata.international_prefix(territory)?,
        ]);
    }
    let prefixes: Vec<u16> = roots[groups.len() * 2..]
        .chunks(3)
        .map(|roots| automata.graph.first_digits(roots[1]))
        .collect();
    let (nodes, runs, roots) = automata.graph.compact(&roots);
    let (code_roots, territory_roots) = roots.split_at(groups.len() * 2);

    let mut out = String::new();
    regions_and_codes(
        &mut out,
        &regions,
        territories,
        &groups,
        code_roots,
        territory_roots,
        &prefixes,
    )?;
    let mut bytes: Vec<u8> = Vec::new();
    let mut starts = vec![0];
    for template in &automata.templates.items {
        bytes.extend(template);
        starts.push(u16::try_from(bytes.len())?);
    }
    table(&mut out, "CLASSES", "(u8, u8)", &automata.classes.items)?;
    table(&mut out, "STYLES", "(u16, u16)", &automata.styles.items)?;
    table(&mut out, "STRIPS", "(u8, u16)", &automata.strips.items)?;
    table(&mut out, "TEMPLATES", "u8", &bytes)?;
    table(&mut out, "TEMPLATE_STARTS", "u16", &starts)?;
    table(&mut out, "NODES", "[u16; 11]", &nodes)?;
    table(&mut out, "RUNS", "[u16; 20]", &runs)?;
    Ok(out)
}

/// Every region's code and calling code, in the order of their codes.
fn regions(territories: &[Territory]) -> Vec<(&str, u16)> {
    let mut regions: Vec<(&str, u16)> = territories
        .iter()
        .filter(|territory| territory.id != "001")
        .map(|territory| (territory.id.as_str(), territory.code))
        .collect();
    regions.sort_unstable();
    // The world has no single code, and comes last.
    regions.push(("001", 0));
    regions
}

/// The place of a region among all.
fn place_of(regions: &[(&str, u16)], id: &str) -> usize {
    regions.iter().position(|region| region.0 == id).unwrap_or_default()
}

/// The rows of the calling codes, one a group of territories, and their places by a code's first three
/// digits.
fn code_rows(
    groups: &[&[Territory]],
    roots: &[u16],
) -> Result<(Vec<String>, Vec<u8>), Box<dyn Error>> {
    let mut codes = vec![
        "Code { code: 0, digits: 0, main: 0, class: 0, format: 0, extension: \"\" }".to_owned(),
    ];
    let mut code_at = vec![0u8; 1000];
    let mut place = 0;
    for (group, roots) in groups.iter().zip(roots.chunks(2)) {
        let main = &group[0];
        let digits = main.code.to_string().len();
        // Every beginning of three digits that the code covers.
        let width = [100, 10, 1][digits - 1];
        let first = usize::from(main.code) * width;
        code_at[first..first + width].fill(u8::try_from(codes.len())?);
        codes.push(format!(
            "Code {{ code: {}, digits: {digits}, main: {place}, class: {}, format: {}, extension: {:?} }}",
            main.code,
            roots[0],
            roots[1],
            main.extension_prefix.as_deref().unwrap_or(" ext. "),
        ));
        place += group.len();
    }
    Ok((codes, code_at))
}

/// The tables of what has a name or a code.
fn regions_and_codes(
    out: &mut String,
    regions: &[(&str, u16)],
    territories: &[Territory],
    groups: &[&[Territory]],
    code_roots: &[u16],
    territory_roots: &[u16],
    prefixes: &[u16],
) -> Result<(), Box<dyn Error>> {
    let (codes, code_at) = code_rows(groups, code_roots)?;
    let home_of =
        |id: &str| territories.iter().position(|territory| territory.id == id).unwrap_or_default();
    let homes: Vec<usize> = regions.iter().map(|region| home_of(region.0)).collect();
    let rows: Vec<String> = territories
        .iter()
        .zip(territory_roots.chunks(3).zip(prefixes))
        .map(|(territory, (roots, prefixes))| {
            format!(
                "Territory {{ region: {}, code: {}, lengths: {}, local: {}, general: {}, \
                 prefixes: {prefixes}, national_prefix: {}, international_prefix: {} }}",
                place_of(regions, &territory.id),
                code_at[first_three(territory.code)],
                territory.lengths,
                territory.local_lengths,
                roots[0],
                roots[1],
                roots[2],
            )
        })
        .collect();
    writeln!(out, "pub(crate) const REGIONS: [(&str, u16); {}] = {regions:?};", regions.len())?;
    table(out, "HOMES", "u8", &homes)?;
    table(out, "CODE_AT", "u8", &code_at)?;
    writeln!(out, "pub(crate) static CODES: [Code; {}] = [{}];", codes.len(), codes.join(","))?;
    writeln!(
        out,
        "pub(crate) static TERRITORIES: [Territory; {}] = [{}];",
        rows.len(),
        rows.join(",")
    )?;
    Ok(())
}

/// A place in `CODE_AT` that belongs to a code.
fn first_three(code: u16) -> usize {
    let code = usize::from(code);
    match code {
        0..10 => code * 100,
        10..100 => code * 10,
        _ => code,
    }
}

fn table<T: Debug>(
    out: &mut String,
    name: &str,
    of: &str,
    items: &[T],
) -> Result<(), std::fmt::Error> {
    writeln!(out, "pub(crate) static {name}: [{of}; {}] = {items:?};", items.len())
}
