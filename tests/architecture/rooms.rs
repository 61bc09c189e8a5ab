//! The rooms inside the crates: the table of them, and what holds for every folder and file.

use super::arrows::Arrows;
use super::root;
use super::scan::Files;
use std::path::Path;

/// A room: its name, the files and folders below `src` that are in it, and the rooms it may name.
type Room = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Every room further down in the table.
const BELOW: &[&str] = &["*"];

/// The rooms of a crate, from the top down. A file belongs to the room that names it most exactly;
/// inside of a room only circles are forbidden. Change these tables on purpose.
const ROOMS: &[(&str, &[Room])] = &[
    (
        "carnet-http",
        &[
            // Sockets live here only.
            ("server", &["server"], BELOW),
            (
                "fast_path",
                &["fast_path"],
                &["routes", "auth", "api", "engine", "message", "caller_id", "metrics", "ground"],
            ),
            ("service", &["service"], BELOW),
            ("routes", &["routes"], BELOW),
            ("handlers", &["handlers"], BELOW),
            ("auth", &["auth"], BELOW),
            ("api", &["api"], BELOW),
            ("engine", &["engine"], BELOW),
            ("message", &["message"], &["ground"]),
            ("caller_id", &["caller_id"], &["ground"]),
            ("metrics", &["metrics"], &["ground"]),
            ("ground", &["limits"], &[]),
        ],
    ),
    (
        "carnet-book",
        &[
            // The calls of an address book, beside the book that they belong to.
            ("doors", &["book"], BELOW),
            ("recovery", &["local/recovery"], BELOW),
            ("workers", &["local/workers"], BELOW),
            ("questions", &["local/lookup", "local/check", "local/stats", "local/submit"], BELOW),
            ("state", &["local/state"], BELOW),
            ("edit", &["local/edit"], BELOW),
            ("memory", &["local/memory"], BELOW),
            ("index", &["local/index"], BELOW),
            // The effect of a committed edit on the index and the look-up memory.
            ("effect", &["local/edit/effect"], BELOW),
            ("snapshot", &["local/snapshot"], BELOW),
            ("verified", &["local/verified"], BELOW),
            ("meter", &["local/meter"], BELOW),
            ("data_dir", &["local/data_dir"], BELOW),
            // The declarations of the folder, and how errors of the engines leave it.
            ("local", &["local"], BELOW),
            (
                "ground",
                &[
                    "queries",
                    "spelling",
                    "principal",
                    "clock",
                    "counters",
                    "settings",
                    "limits",
                    "error",
                ],
                &[],
            ),
        ],
    ),
    (
        "carnet-search",
        &[
            ("view", &["view"], BELOW),
            ("query", &["query"], BELOW),
            ("index", &["index"], BELOW),
            ("overlay", &["overlay"], BELOW),
            ("entry", &["entry"], BELOW),
            ("analysis", &["analysis"], BELOW),
            ("ranking", &["ranking"], &[]),
            ("ground", &["error"], &[]),
        ],
    ),
    (
        "carnet-storage",
        &[
            ("check", &["check"], BELOW),
            ("store", &["store"], BELOW),
            ("entities", &["entities"], BELOW),
            ("transactions", &["read", "write"], BELOW),
            ("file", &["tables", "deferred", "record"], BELOW),
            ("ground", &["error"], &[]),
        ],
    ),
    (
        "carnet-wire",
        &[
            // What others have written, made a record that the entities read.
            ("import", &["import"], &["entities", "parts", "json", "ground"]),
            ("entities", &["entities"], &["parts", "json", "ground"]),
            ("requests", &["requests"], &["json", "ground"]),
            ("answers", &["error", "lookup"], &[]),
            ("parts", &["parts"], BELOW),
            ("json", &["json"], BELOW),
            ("ground", &["rules", "time"], &[]),
        ],
    ),
    (
        "carnet-model",
        &[
            ("import", &["import"], BELOW),
            ("entities", &["entities"], BELOW),
            ("parts", &["parts"], &[]),
            (
                "others",
                &[
                    "accounts",
                    "change",
                    "permission",
                    "page",
                    "numbers",
                    "invalid",
                    "limits",
                    "time",
                ],
                &[],
            ),
        ],
    ),
];

/// Paths of other crates that only some files of a crate may name: the crate, the path, and those
/// files and folders.
const RESERVED: &[(&str, &str, &[&str])] = &[
    ("carnet-http", "tokio::net", &["server"]),
    ("carnet-http", "hyper::server", &["server"]),
    ("carnet-book", "carnet_storage", &["local"]),
    ("carnet-book", "carnet_search", &["local"]),
];

/// Entries of a folder of sources, at most.
const ENTRIES_MAX: usize = 15;
/// Lines of a source file, at most.
const LINES_MAX: usize = 600;

/// The texts of the Rust files in a folder and below it, by their paths from the folder on.
fn sources(folder: &Path) -> Files {
    let mut files = Files::new();
    for path in files_below(folder, &|path| ending(path) == "rs") {
        let text = std::fs::read_to_string(folder.join(&path)).unwrap();
        files.insert(path, text);
    }
    files
}

fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether an entry was made by a tool, and is in no commit. Cargo marks its target directories.
fn is_made(folder: &Path, name: &str) -> bool {
    let marked = || folder.join(name).join("CACHEDIR.TAG").exists();
    name.starts_with('.') || name == "__pycache__" || (name == "target" && marked())
}

/// The names of a folder's entries.
fn entries(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| !is_made(folder, name)).collect();
    names.sort();
    names
}

/// The names of the folders in `crates`.
fn crate_folders() -> Vec<String> {
    let crates = root().join("crates");
    entries(&crates).into_iter().filter(|name| crates.join(name).is_dir()).collect()
}

/// The paths of the files in a folder and below it.
fn files_below(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut files = Vec::new();
    for name in entries(folder) {
        if folder.join(&name).is_dir() {
            let below = files_below(&folder.join(&name), wanted);
            files.extend(below.into_iter().map(|path| format!("{name}/{path}")));
        } else if wanted(&name) {
            files.push(name);
        }
    }
    files
}

/// Each crate: the name of its package, its Rust files, and those that its modules begin at.
fn crates() -> Vec<(String, Files, Vec<&'static str>)> {
    let inner = crate_folders().into_iter().map(|name| {
        let files = sources(&root().join("crates").join(&name));
        (format!("carnet-{name}"), files)
    });
    let binary = sources(&root().join("bin"));
    let binary = binary.into_iter().map(|(path, text)| (format!("bin/{path}"), text)).collect();
    inner
        .chain([("carnet".to_owned(), binary)])
        .map(|(name, files)| {
            let roots = ["src/lib.rs", "src/main.rs", "bin/main.rs", "build.rs"];
            let roots: Vec<&str> =
                roots.into_iter().filter(|root| files.contains_key(*root)).collect();
            assert!(!roots.is_empty(), "{name} begins nowhere");
            (name, files, roots)
        })
        .collect()
}

/// The arrows of one crate's library.
fn arrows_of(name: &str) -> Arrows {
    let (_, files, _) = crates().into_iter().find(|(known, ..)| known == name).unwrap();
    Arrows::read(&files, "src/lib.rs")
}

/// A file of a crate as the tables name it: without `src/` and its ending. The root has no name.
fn place(file: &str) -> Option<&str> {
    let place = file.trim_start_matches("src/").trim_end_matches(".rs");
    (place != "lib").then_some(place)
}

/// Whether a file is the place itself or lies in its folder.
fn is_in(file: &str, place: &str) -> bool {
    file.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The room of a file, as its number in the table.
fn room_of(rooms: &[Room], file: &str) -> Option<usize> {
    let places = rooms.iter().enumerate().flat_map(|(no, (_, places, _))| {
        places.iter().filter(|place| is_in(file, place)).map(move |place| (place.len(), no))
    });
    places.max().map(|(_, no)| no)
}

/// Everything that is wrong between a crate's files and the table of its rooms.
fn wrong_arrows(rooms: &[Room], arrows: &Arrows) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, places, _) in rooms {
        for place in *places {
            if !arrows.inside.keys().filter_map(|file| self::place(file)).any(|f| is_in(f, place)) {
                wrong.push(format!("{place} of the room {name} is gone"));
            }
        }
    }
    for (from, named) in &arrows.inside {
        let Some(from_place) = place(from) else { continue };
        let Some(from_room) = room_of(rooms, from_place) else {
            wrong.push(format!("{from} is in no room"));
            continue;
        };
        let (name, _, allowed) = rooms[from_room];
        for (to, path) in named {
            let to_room = place(to).and_then(|place| room_of(rooms, place));
            let is_allowed = match to_room {
                Some(to) if to == from_room => true,
                Some(to) => allowed.contains(&rooms[to].0) || allowed == BELOW && to > from_room,
                None => false,
            };
            if !is_allowed {
                wrong.push(format!("{from} ({name}) may not name {to} ({path})"));
            }
        }
    }
    wrong
}

/// The files that name a path of another crate without being in one of these places.
fn wrong_paths(reserved: &str, places: &[&str], arrows: &Arrows) -> Vec<String> {
    let is_outside =
        |file: &str| !place(file).is_some_and(|file| places.iter().any(|place| is_in(file, place)));
    let names = |path: &str| {
        path.strip_prefix(reserved).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let files = arrows.outside.iter().filter(|(file, _)| is_outside(file));
    files
        .filter_map(|(file, paths)| Some((file, paths.iter().find(|path| names(path))?)))
        .map(|(file, path)| format!("{file} may not name {path}"))
        .collect()
}

#[test]
fn no_crate_has_a_circle_of_files() {
    let mut circles = String::new();
    for (name, files, roots) in crates() {
        for root in roots {
            let arrows = Arrows::read(&files, root);
            for circle in arrows.circles() {
                circles += &format!("{name}:\n{}", arrows.tell(&circle));
            }
        }
    }
    assert!(circles.is_empty(), "circles of files\n{circles}");
}

#[test]
fn rooms_name_only_the_rooms_below() {
    let mut wrong = Vec::new();
    for (name, rooms) in ROOMS {
        let of_crate = wrong_arrows(rooms, &arrows_of(name));
        wrong.extend(of_crate.into_iter().map(|wrong| format!("{name}: {wrong}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn some_paths_of_other_crates_are_reserved_to_some_rooms() {
    let mut wrong = Vec::new();
    for (name, path, places) in RESERVED {
        let of_crate = wrong_paths(path, places, &arrows_of(name));
        wrong.extend(of_crate.into_iter().map(|wrong| format!("{name}: {wrong}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_folder_of_sources_is_crowded() {
    let crates = crate_folders();
    let crates = crates.iter().flat_map(|name| {
        ["src", "build", "tests", "benches"].map(|folder| format!("crates/{name}/{folder}"))
    });
    let mut folders: Vec<String> =
        crates.chain(["bin", "tests", "benches"].map(str::to_owned)).collect();
    let mut crowded = Vec::new();
    while let Some(folder) = folders.pop() {
        let path = root().join(&folder);
        if path.is_dir() {
            let names = entries(&path);
            if names.len() > ENTRIES_MAX {
                crowded.push(format!("{folder} has {} entries", names.len()));
            }
            folders.extend(names.iter().map(|name| format!("{folder}/{name}")));
        }
    }
    assert!(crowded.is_empty(), "more than {ENTRIES_MAX} entries:\n{}", crowded.join("\n"));
}

#[test]
fn no_source_file_is_long() {
    let is_source = |path: &str| ["rs", "py", "sh"].contains(&ending(path));
    let mut long = Vec::new();
    for path in files_below(&root(), &is_source) {
        let lines = std::fs::read_to_string(root().join(&path)).unwrap().lines().count();
        if lines > LINES_MAX {
            long.push(format!("{path} has {lines} lines"));
        }
    }
    assert!(long.is_empty(), "more than {LINES_MAX} lines:\n{}", long.join("\n"));
}

mod tests {
    use super::*;

    const TABLE: &[Room] = &[
        ("top", &["top"], BELOW),
        ("narrow", &["narrow"], &["ground"]),
        ("middle", &["deep/middle"], BELOW),
        ("deep", &["deep"], BELOW),
        ("ground", &["low", "lower"], &[]),
    ];

    /// A made crate of a file in each room, of which one has this text.
    fn made(file: &str, text: &str) -> Arrows {
        let files = [
            ("src/lib.rs", "mod top; mod narrow; mod deep; mod low; mod lower;"),
            ("src/top.rs", ""),
            ("src/narrow.rs", ""),
            ("src/deep.rs", "pub mod middle;"),
            ("src/deep/middle.rs", ""),
            ("src/low.rs", ""),
            ("src/lower.rs", ""),
        ];
        let mut files: Files =
            files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        files.insert(file.to_owned(), text.to_owned());
        Arrows::read(&files, "src/lib.rs")
    }

    fn check(file: &str, text: &str, expect: &[&str]) {
        assert_eq!(wrong_arrows(TABLE, &made(file, text)), expect, "{text}");
    }

    #[test]
    fn arrows_go_down() {
        check("src/top.rs", "use crate::narrow::f; use crate::low::f as g;", &[]);
        check("src/deep/middle.rs", "use super::f; use crate::lower::g;", &[]);
        check("src/low.rs", "use crate::lower::f;", &[]);
        check("src/narrow.rs", "use crate::low::f;", &[]);
    }

    #[test]
    fn arrows_up_and_past_a_narrow_wall_are_wrong() {
        let expect = ["src/low.rs (ground) may not name src/deep.rs (crate::deep::f)"];
        check("src/low.rs", "use crate::deep::f;", &expect);
        let expect =
            ["src/narrow.rs (narrow) may not name src/deep/middle.rs (crate::deep::middle::f)"];
        check("src/narrow.rs", "fn g() { crate::deep::middle::f() }", &expect);
        let expect = ["src/top.rs (top) may not name src/lib.rs (crate::f)"];
        check("src/top.rs", "use crate::f;", &expect);
    }

    #[test]
    fn every_file_has_a_room_and_every_room_a_file() {
        let arrows = made("src/top.rs", "");
        let no_room: &[Room] = &[("top", &["top"], BELOW), ("gone", &["topping"], BELOW)];
        let wrong = wrong_arrows(no_room, &{
            let mut arrows = arrows;
            arrows.inside.retain(|file, _| !file.contains("deep") && !file.contains("low"));
            arrows
        });
        assert_eq!(wrong, ["topping of the room gone is gone", "src/narrow.rs is in no room"]);
    }

    #[test]
    fn a_reserved_path_is_found_wherever_it_is_named() {
        let arrows = made("src/top.rs", "use tokio::{io, net::TcpStream};");
        assert!(wrong_paths("tokio::net", &["top"], &arrows).is_empty());
        let wrong = wrong_paths("tokio::net", &["deep"], &arrows);
        assert_eq!(wrong, ["src/top.rs may not name tokio::net::TcpStream"]);
        assert!(wrong_paths("tokio::ne", &[], &arrows).is_empty());
        let arrows = made("src/low.rs", "fn f() -> tokio::net::TcpStream { g() }");
        assert_eq!(wrong_paths("tokio::net", &["top"], &arrows).len(), 1);
    }
}
