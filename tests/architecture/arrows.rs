//! Which file of a crate names which, and the circles in that.
//!
//! The rule: a path that begins with `crate`, `self`, `super`, a module in sight, or a name that a
//! `use` brought in, is followed to the file that *defines* what it names, through modules and
//! through the re-exports of others. From the file that writes the path to that file goes an arrow.
//! * `mod x;` is no arrow, nor is a re-export of the crate's root (`lib.rs`, `main.rs`).
//! * A `use` that brings in a module is no arrow by itself; the paths that begin with it are.
//! * A name that no item and no `use` of a module explains (a method, a variant, what a macro makes)
//!   counts as defined in that module's file.

use super::scan::{Files, Modules, Segments, modules};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A crate as files that name each other.
#[derive(Debug, Default)]
pub(crate) struct Arrows {
    /// From a file to each file that it names, and one of the paths by which it does.
    pub(crate) inside: BTreeMap<String, BTreeMap<String, String>>,
    /// Paths of other crates, with `::` between their segments, by the file that names them.
    pub(crate) outside: BTreeMap<String, BTreeSet<String>>,
}

impl Arrows {
    /// The arrows between the files that are declared from a root file on.
    pub(crate) fn read(files: &Files, root: &str) -> Arrows {
        let modules = modules(files, root);
        let names = Names { modules: &modules };
        let mut arrows = Arrows::default();
        for (at, module) in &modules {
            arrows.inside.entry(module.file.clone()).or_default();
            let uses = module.uses.iter().map(|(path, public)| (path, *public));
            let paths = module.paths.iter().map(|path| (path, false));
            for (path, public) in uses.chain(paths) {
                match names.find(at, path, STEPS_MAX) {
                    Some(Named::File(_)) if public && at.is_empty() => {}
                    Some(Named::File(file)) => arrows.add(&module.file, file, path),
                    Some(Named::Module(_)) => {}
                    None => {
                        let bound = path.first().and_then(|first| module.bindings.get(first));
                        let whole = bound.unwrap_or(path).iter().chain(match bound {
                            Some(_) => &path[1..],
                            None => &[],
                        });
                        let whole: Vec<&str> = whole.map(|segment| &**segment).collect();
                        let paths = arrows.outside.entry(module.file.clone()).or_default();
                        paths.insert(whole.join("::"));
                    }
                }
            }
        }
        arrows
    }

    fn add(&mut self, from: &str, to: &str, path: &Segments) {
        if from != to {
            let named = self.inside.entry(from.to_owned()).or_default();
            named.entry(to.to_owned()).or_insert_with(|| path.join("::"));
        }
    }

    /// The circles: for every file that is in none before, the shortest one through it.
    pub(crate) fn circles(&self) -> Vec<Vec<String>> {
        let mut circles = Vec::new();
        let mut taken = BTreeSet::new();
        for file in self.inside.keys() {
            if taken.contains(file) {
                continue;
            }
            if let Some(circle) = self.circle_of(file) {
                taken.extend(circle.iter().cloned());
                circles.push(circle);
            }
        }
        circles
    }

    /// The shortest way from a file back to itself: every file on it once.
    fn circle_of(&self, file: &str) -> Option<Vec<String>> {
        // From a file to the one it was reached from, the nearest first.
        let mut reached: BTreeMap<&str, &str> = BTreeMap::new();
        let mut next = VecDeque::from([file]);
        while let Some(from) = next.pop_front() {
            for to in self.inside.get(from).into_iter().flat_map(BTreeMap::keys) {
                if to == file {
                    let mut circle = vec![from.to_owned()];
                    let mut last = from;
                    while let Some(before) = reached.get(last) {
                        circle.push((*before).to_owned());
                        last = before;
                    }
                    circle.reverse();
                    return Some(circle);
                }
                if !reached.contains_key(&**to) {
                    reached.insert(to, from);
                    next.push_back(to);
                }
            }
        }
        None
    }

    /// A circle as text: a line for each arrow, with the path that makes it.
    pub(crate) fn tell(&self, circle: &[String]) -> String {
        let ends = circle.iter().cycle().skip(1);
        let lines = circle.iter().zip(ends).map(|(from, to)| {
            let path = self.inside.get(from).and_then(|named| named.get(to));
            format!("  {from} names {to} ({})\n", path.map_or("?", |path| path))
        });
        lines.collect()
    }
}

/// Steps from re-export to re-export before a path is given up.
const STEPS_MAX: usize = 16;

/// The end of a path.
enum Named<'a> {
    /// An item, in the file that defines it.
    File(&'a str),
    /// A module itself.
    Module(Segments),
}

struct Names<'a> {
    modules: &'a Modules,
}

impl<'a> Names<'a> {
    /// Follows a path that is written in the module `at`; `None` where it leads out of the crate.
    fn find(&self, at: &[String], path: &[String], steps: usize) -> Option<Named<'a>> {
        let steps = steps.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        let at = at.to_vec();
        match &**first {
            "crate" => self.walk(Vec::new(), rest, steps),
            "self" => self.walk(at, rest, steps),
            "super" => {
                let mut above = at;
                above.pop();
                let mut rest = rest;
                while let Some((_, behind)) =
                    rest.split_first().filter(|(word, _)| *word == "super")
                {
                    above.pop();
                    rest = behind;
                }
                self.walk(above, rest, steps)
            }
            name => {
                let child: Segments = at.iter().chain([first]).cloned().collect();
                if self.modules.contains_key(&child) {
                    return self.walk(child, rest, steps);
                }
                let bound = self.modules[&at].bindings.get(name)?;
                // `use name;` and `use name::{self}` say nothing about where the name is from.
                if bound.first() == Some(first) {
                    return None;
                }
                let whole: Segments = bound.iter().chain(rest).cloned().collect();
                self.find(&at, &whole, steps)
            }
        }
    }

    /// Follows the rest of a path from a module on.
    fn walk(&self, mut at: Segments, mut rest: &[String], steps: usize) -> Option<Named<'a>> {
        while let Some((name, behind)) = rest.split_first() {
            at.push(name.clone());
            if !self.modules.contains_key(&at) {
                at.pop();
                break;
            }
            rest = behind;
        }
        let module = self.modules.get(&at)?;
        let Some((name, behind)) = rest.split_first() else {
            return Some(Named::Module(at));
        };
        if !module.items.contains(name) {
            if let Some(bound) = module.bindings.get(name) {
                let whole: Segments = bound.iter().chain(behind).cloned().collect();
                if let Some(named) = self.find(&at, &whole, steps) {
                    return Some(named);
                }
            }
            let through = module.globs.iter().find_map(|glob| {
                let Some(Named::Module(from)) = self.find(&at, glob, steps) else { return None };
                let knows = self.modules[&from].items.contains(name)
                    || self.modules[&from].bindings.contains_key(name);
                knows.then(|| self.walk(from, rest, steps)).flatten()
            });
            if through.is_some() {
                return through;
            }
        }
        Some(Named::File(&module.file))
    }
}

mod tests {
    use super::*;

    /// The arrows of a made crate, as `from -> to`.
    fn arrows(files: &[(&str, &str)]) -> Arrows {
        let files =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Arrows::read(&files, "src/lib.rs")
    }

    fn check(files: &[(&str, &str)], expect: &[&str]) {
        let arrows = arrows(files);
        let short = |file: &str| file.trim_start_matches("src/").trim_end_matches(".rs").to_owned();
        let all = arrows.inside.iter().flat_map(|(from, named)| {
            named.keys().map(move |to| format!("{} -> {}", short(from), short(to)))
        });
        assert_eq!(all.collect::<Vec<_>>(), expect, "{files:?}");
    }

    const THREE: &str = "mod a; mod b; mod c;";
    const ITEM: (&str, &str) = ("src/b.rs", "pub struct B; pub fn f() {}");
    const OTHER: (&str, &str) = ("src/c.rs", "pub struct C;");

    fn check_a(text: &str, expect: &[&str]) {
        check(&[("src/lib.rs", THREE), ("src/a.rs", text), ITEM, OTHER], expect);
    }

    #[test]
    fn every_way_to_name_a_file_is_an_arrow() {
        check_a("use crate::b::B;", &["a -> b"]);
        check_a("use super::b::B;", &["a -> b"]);
        check_a("fn g() { crate::b::f() }", &["a -> b"]);
        check_a("use crate::{b, c::C}; fn g() { b::f() }", &["a -> b", "a -> c"]);
        check_a("use crate::{b::{self, B}, c::{C as D}};", &["a -> b", "a -> c"]);
        check_a("use crate::b::{B as _};", &["a -> b"]);
        check_a("use crate::b::*;", &["a -> b"]);
        check_a("use crate::b as other; fn g() { other::f() }", &["a -> b"]);
        check_a("struct A { b: Option<crate::b::B> }", &["a -> b"]);
        check_a("fn g() { write!(out, \"{}\", crate::b::f()) }", &["a -> b"]);
        check_a("macro_rules! m { () => { $crate::b::f() } }", &["a -> b"]);
        check_a("mod inner { use super::super::b::B; }", &["a -> b"]);
        check_a("#[cfg(any(test, feature = \"x\"))] use crate::b::B;", &["a -> b"]);
        check_a("fn g() { let x = 1; #[cfg(test)] let y = 2; crate::b::f() }", &["a -> b"]);
        check_a("struct A { #[cfg(test)] x: C, y: crate::b::B }", &["a -> b"]);
    }

    #[test]
    fn comments_texts_tests_and_modules_alone_are_no_arrows() {
        check_a("// crate::b::B\n/// [`B`](crate::b::B)\nconst T: &str = \"crate::b::B\";", &[]);
        check_a("#[cfg(test)] use crate::b::{self, B};", &[]);
        check_a("#[cfg(test)] #[rustfmt::skip] mod tests { use crate::b::B; }", &[]);
        check_a("#[cfg(test)] fn f<A, B>() { crate::b::f() }", &[]);
        check_a("#[cfg(test)] pub(crate) fn f() -> [u8; 2] { crate::b::f() }", &[]);
        check_a("struct A { #[cfg(test)] pub b: crate::b::B, c: u8 }", &[]);
        check_a("use crate::b;", &[]);
        check_a("use std::fmt; fn g() -> fmt::Result { <B as Trait>::crate_b() }", &[]);
        check_a("fn f(x: &str) -> impl Iterator + use<'_> { crate_b() }", &[]);
    }

    #[test]
    fn files_of_tests_are_not_read() {
        let files = [("src/lib.rs", "mod a; #[cfg(test)] mod tests;"), ("src/a.rs", "")];
        check(&files, &[]);
    }

    #[test]
    fn an_arrow_leads_to_the_file_that_defines() {
        let room = ("src/room.rs", "pub mod inner; mod deep; pub use deep::Deep;");
        let inner = ("src/room/inner.rs", "pub struct Inner;");
        let deep = ("src/room/deep.rs", "pub struct Deep; impl Deep { pub fn new() {} }");
        let all = |text| {
            [("src/lib.rs", "mod a; mod room; pub use room::Deep;"), ("src/a.rs", text)]
                .into_iter()
                .chain([room, inner, deep])
                .collect::<Vec<_>>()
        };
        let behind = "room -> room/deep";
        check(&all("use crate::room::inner::Inner;"), &["a -> room/inner", behind]);
        check(&all("use crate::room::Deep;"), &["a -> room/deep", behind]);
        check(&all("use crate::Deep;"), &["a -> room/deep", behind]);
        check(&all("use crate::room; fn f() { room::Deep::new() }"), &["a -> room/deep", behind]);
        check(&all("use crate::room::nothing;"), &["a -> room", behind]);
    }

    #[test]
    fn re_exports_of_the_root_are_no_arrows_and_its_code_is() {
        let a = ("src/a.rs", "pub struct A;");
        check(&[("src/lib.rs", "mod a; pub use a::A;"), a], &[]);
        check(&[("src/lib.rs", "mod a; pub(crate) use crate::a::{A};"), a], &[]);
        check(&[("src/lib.rs", "mod a; use a::A;"), a], &["lib -> a"]);
        check(&[("src/lib.rs", "mod a; fn f() { a::A::new() }"), a], &["lib -> a"]);
        let names_root = ("src/a.rs", "use crate::Root; pub struct A;");
        check(&[("src/lib.rs", "mod a; pub struct Root;"), names_root], &["a -> lib"]);
    }

    #[test]
    fn a_parent_and_its_child_may_be_a_circle() {
        let files = [
            ("src/lib.rs", "mod x;"),
            ("src/x.rs", "mod child; use child::Part; pub struct X(Part);"),
            ("src/x/child.rs", "use super::X; pub struct Part;"),
        ];
        assert_eq!(arrows(&files).circles(), [["src/x.rs", "src/x/child.rs"]]);
        let files = [files[0], files[1], ("src/x/child.rs", "pub struct Part;")];
        assert_eq!(arrows(&files).circles(), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_circle_is_told_file_by_file() {
        let files = [
            ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
            ("src/a.rs", "use crate::{b, d::D}; pub struct A(b::B);"),
            ("src/b.rs", "use super::c::{C}; pub struct B;"),
            ("src/c.rs", "pub struct C; fn f() { crate::a::A::new() }"),
            ("src/d.rs", "pub struct D;"),
        ];
        let arrows = arrows(&files);
        let circles = arrows.circles();
        assert_eq!(circles, [["src/a.rs", "src/b.rs", "src/c.rs"]]);
        let expect = "  src/a.rs names src/b.rs (b::B)\n  src/b.rs names src/c.rs \
                      (super::c::C)\n  src/c.rs names src/a.rs (crate::a::A::new)\n";
        assert_eq!(arrows.tell(&circles[0]), expect);
    }

    #[test]
    fn paths_of_other_crates_are_told_apart() {
        let text = "use tokio::{net, time::sleep}; use hyper as h; fn f() { h::server::x() }";
        let arrows = arrows(&[("src/lib.rs", "mod a;"), ("src/a.rs", text)]);
        let outside: Vec<&str> = arrows.outside["src/a.rs"].iter().map(|path| &**path).collect();
        assert!(outside.contains(&"tokio::net"), "{outside:?}");
        assert!(outside.contains(&"tokio::time::sleep"), "{outside:?}");
        assert!(outside.contains(&"hyper::server::x"), "{outside:?}");
    }
}
