//! The walls of the house: which crate may name which, and which room inside of a crate.

mod arrows;
mod rooms;
mod scan;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each crate may name only the crates beside it. Change this table on purpose.
const ALLOWED: &[(&str, &[&str])] = &[
    ("carnet-phone", &[]),
    ("carnet-model", &["carnet-phone"]),
    ("carnet-storage", &["carnet-phone", "carnet-model"]),
    ("carnet-search", &["carnet-phone", "carnet-model"]),
    ("carnet-mapped", &[]),
    (
        "carnet-book",
        &["carnet-phone", "carnet-model", "carnet-storage", "carnet-search", "carnet-mapped"],
    ),
    ("carnet-wire", &["carnet-phone", "carnet-model"]),
    ("carnet-formats", &["carnet-phone", "carnet-model", "carnet-wire"]),
    (
        "carnet-http",
        &["carnet-phone", "carnet-model", "carnet-book", "carnet-wire", "carnet-formats"],
    ),
    ("carnet-client", &[]),
    ("carnet-sample", &[]),
    ("carnet-bench", &["carnet-phone", "carnet-client", "carnet-sample", "carnet-http"]),
    (
        "carnet",
        &[
            "carnet-phone",
            "carnet-model",
            "carnet-book",
            "carnet-wire",
            "carnet-formats",
            "carnet-http",
            "carnet-client",
            "carnet-sample",
            "carnet-bench",
        ],
    ),
];

/// Outside libraries that have one door each.
const DOORS: &[(&str, &[&str])] = &[
    ("redb", &["carnet-storage"]),
    ("rmp-serde", &["carnet-storage"]),
    ("tantivy", &["carnet-search"]),
    ("hyper", &["carnet-http", "carnet-bench"]),
    ("hyper-util", &["carnet-http", "carnet-bench"]),
    ("phonenumber", &["carnet-phone"]),
    ("memmap2", &["carnet-mapped"]),
    ("clap", &["carnet", "carnet-bench"]),
    ("csv", &["carnet-formats"]),
    ("chardetng", &["carnet-formats"]),
    ("encoding_rs", &["carnet-formats"]),
    ("argon2", &["carnet-book"]),
    ("ureq", &["carnet-client"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn manifest(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every package of the house with its manifest.
fn packages() -> Vec<(String, toml::Table)> {
    let crates = std::fs::read_dir(root().join("crates")).unwrap();
    let folders = crates.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders
        .chain([root()])
        .map(|folder| manifest(&folder.join("Cargo.toml")))
        .map(|table| (table["package"]["name"].as_str().unwrap().to_owned(), table))
        .collect()
}

/// The dependencies of a manifest in the tables of these names, for every target.
fn dependencies(manifest: &toml::Table, tables: &[&str]) -> BTreeSet<String> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let targets = targets.into_iter().flatten().filter_map(|(_, table)| table.as_table());
    let named = |table: &toml::Table| -> Vec<String> {
        let tables = tables.iter().filter_map(|name| table.get(*name)?.as_table());
        tables.flat_map(|table| table.keys().cloned()).collect()
    };
    targets.chain([manifest]).flat_map(named).collect()
}

#[test]
fn every_arrow_is_in_the_table() {
    let packages = packages();
    assert_eq!(packages.len(), ALLOWED.len(), "a crate is missing in the table, or is gone");
    for (name, manifest) in packages {
        let row = ALLOWED.iter().find(|(row, _)| *row == name);
        let (_, allowed) = row.unwrap_or_else(|| panic!("{name} is not in the table"));
        for dependency in dependencies(&manifest, &["dependencies", "build-dependencies"]) {
            if dependency.starts_with("carnet") {
                assert!(allowed.contains(&&*dependency), "{name} may not name {dependency}");
            }
        }
    }
}

#[test]
fn every_library_has_one_door() {
    for (name, manifest) in packages() {
        for dependency in dependencies(&manifest, &["dependencies", "build-dependencies"]) {
            if let Some((_, doors)) = DOORS.iter().find(|(library, _)| *library == dependency) {
                assert!(doors.contains(&&*name), "{name} may not name {dependency}");
            }
        }
    }
}

#[test]
fn storage_and_search_do_not_know_each_other_even_in_tests() {
    for (name, other) in [("carnet-storage", "carnet-search"), ("carnet-search", "carnet-storage")]
    {
        let (_, manifest) = packages().into_iter().find(|(n, _)| n == name).unwrap();
        let all =
            dependencies(&manifest, &["dependencies", "dev-dependencies", "build-dependencies"]);
        assert!(!all.contains(other), "{name} names {other}");
    }
}
