//! Reads Rust sources: the modules of a crate, and every path that they name. It works on the
//! tokens of a file, so comments and texts name nothing and the body of a macro does. It compiles
//! nothing and knows no types: a method called with a dot names no file.
//!
//! A module's file is `x.rs` beside its folder `x/`; a `mod.rs` is not found.
//!
//! Code under `#[cfg(test)]` is left out, and with it the files of modules that are declared there.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// The texts of files by their paths, with `/` between folders.
pub(crate) type Files = BTreeMap<String, String>;

/// A path as it is written, such as `["crate", "plan", "Node"]`.
pub(crate) type Segments = Vec<String>;

/// One module: a file, or a part of a file between the braces of `mod name { … }`.
#[derive(Default, Debug)]
pub(crate) struct Module {
    /// The file that holds it.
    pub(crate) file: String,
    /// The items it defines, by name.
    pub(crate) items: BTreeSet<String>,
    /// The names that a `use` brings in, and the path of each.
    pub(crate) bindings: BTreeMap<String, Segments>,
    /// The modules that it brings in whole, with `*`.
    pub(crate) globs: Vec<Segments>,
    /// Every path of a `use`, and whether the `use` is `pub` in any way.
    pub(crate) uses: Vec<(Segments, bool)>,
    /// Every path of two or more segments outside a `use`.
    pub(crate) paths: Vec<Segments>,
}

/// The modules of a crate by their paths below its root, which is the empty path.
pub(crate) type Modules = BTreeMap<Segments, Module>;

/// The modules that are declared from a root file on, such as `src/lib.rs`.
///
/// # Panics
/// Where a file is missing or is no Rust.
pub(crate) fn modules(files: &Files, root: &str) -> Modules {
    let mut scan = Scan { files, modules: Modules::new() };
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    scan.file(root, folder, Vec::new());
    scan.modules
}

/// The words that begin an item, and are followed by its name.
const ITEMS: &[&str] = &["fn", "struct", "enum", "union", "trait", "type", "const", "static"];

/// Further words that an item or a statement may begin with.
const OPENERS: &[&str] = &["pub", "mod", "use", "impl", "unsafe", "async", "extern", "let"];

struct Scan<'a> {
    files: &'a Files,
    modules: Modules,
}

impl Scan<'_> {
    /// Reads a file and the files of its modules, which lie in `folder`.
    fn file(&mut self, file: &str, folder: &str, path: Segments) {
        let text = self.files.get(file).unwrap_or_else(|| panic!("{file} is declared and missing"));
        let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{file}: {e}"));
        self.module(Module { file: file.to_owned(), ..Module::default() }, folder, path, tokens);
    }

    fn module(&mut self, module: Module, folder: &str, path: Segments, tokens: TokenStream) {
        let file = module.file.clone();
        let mut reader = Reader { module, children: Vec::new() };
        reader.tokens(tokens, true);
        self.modules.insert(path.clone(), reader.module);
        for child in reader.children {
            let below: Segments = path.iter().chain([&child.name]).cloned().collect();
            let inner = join(folder, &child.name);
            match child.body {
                Some(body) => {
                    let module = Module { file: file.clone(), ..Module::default() };
                    self.module(module, &inner, below, body);
                }
                None => {
                    // A path that is given counts from the folder of the file that gives it.
                    let at = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                    let given = child.file.map(|given| join(at, &given));
                    let file = given.unwrap_or_else(|| format!("{inner}.rs"));
                    self.file(&file, &inner, below);
                }
            }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A `mod name;`, or a `mod name { … }` with its body.
struct Child {
    name: String,
    body: Option<TokenStream>,
    /// The text of its `#[path = "…"]`.
    file: Option<String>,
}

/// Reads the tokens of one module.
struct Reader {
    module: Module,
    children: Vec<Child>,
}

impl Reader {
    /// Reads tokens; `top` is false inside of functions and other groups, whose items are not the
    /// module's.
    fn tokens(&mut self, tokens: TokenStream, top: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        let mut given_file = None;
        while let Some(token) = tokens.get(at) {
            let rest = &tokens[at..];
            if let Some(attribute) = attribute(rest) {
                at += 2;
                if is_for_tests(attribute) {
                    at += length_of_item(&tokens[at..]);
                }
                given_file = path_of(attribute).or(given_file);
                continue;
            }
            let word = ident(token).unwrap_or_default();
            let name = rest.get(1).and_then(ident);
            at += match (&*word, name) {
                ("use", _) if !is_precise_capture(rest) => {
                    let public = is_public(&tokens[..at]);
                    let end = rest.iter().position(|token| is_punct(token, ';'));
                    let end = end.unwrap_or(rest.len());
                    self.use_tree(&rest[1..end], &mut Vec::new(), public);
                    end
                }
                ("mod", Some(name)) if top => {
                    let body = rest.get(2).and_then(braces).map(Group::stream);
                    self.children.push(Child { name, body, file: given_file.take() });
                    3
                }
                (word, Some(name)) if top && ITEMS.contains(&word) => {
                    self.module.items.insert(name);
                    2
                }
                ("macro_rules", _) if top => {
                    self.module.items.extend(rest.get(2).and_then(ident));
                    3
                }
                _ => self.path_or_token(&tokens, at),
            };
        }
    }

    /// Reads a path, a group, or one token that is neither; how many tokens that took.
    fn path_or_token(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        if let TokenTree::Group(group) = &tokens[at] {
            self.tokens(group.stream(), false);
            return 1;
        }
        let Some(first) = ident(&tokens[at]) else { return 1 };
        let mut path = vec![first];
        let mut end = at + 1;
        while is_double_colon(&tokens[end..]) {
            let Some(next) = tokens.get(end + 2).and_then(ident) else { break };
            path.push(next);
            end += 3;
        }
        // Behind `::` it is the end of another path, such as the name in `<T as Trait>::name`;
        // behind `$` it is a variable of a macro, unless it is `$crate`.
        let is_inner = at >= 2 && is_double_colon(&tokens[at - 2..]);
        let is_variable = at >= 1 && is_punct(&tokens[at - 1], '$') && path[0] != "crate";
        if path.len() > 1 && !is_inner && !is_variable {
            self.module.paths.push(path);
        }
        end - at
    }

    /// Reads what stands between `use` and `;`, or a part of it between the commas of a group.
    fn use_tree(&mut self, tokens: &[TokenTree], prefix: &mut Segments, public: bool) {
        let depth = prefix.len();
        let mut alias = None;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if let Some(group) = braces(token) {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inner.split(|token| is_punct(token, ',')) {
                    self.use_tree(part, prefix, public);
                }
                prefix.truncate(depth);
                return;
            }
            match ident(token) {
                Some(word) if word == "as" => {
                    alias = tokens.get(at + 1).and_then(ident);
                    break;
                }
                Some(word) => prefix.push(word),
                None if is_punct(token, '*') => {
                    self.module.globs.push(prefix.clone());
                    prefix.push("*".into());
                }
                None => {}
            }
            at += 1;
        }
        if prefix.len() > depth {
            let mut path = prefix.clone();
            if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                path.pop();
            }
            if let Some(name) = alias.or_else(|| path.last().cloned()) {
                self.module.bindings.insert(name, path.clone());
            }
            self.module.uses.push((path, public));
        }
        prefix.truncate(depth);
    }
}

fn ident(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_double_colon(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [one, two, ..] if is_punct(one, ':') && is_punct(two, ':'))
}

fn braces(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    }
}

/// `use<'a, T>`, which is a part of a type.
fn is_precise_capture(tokens: &[TokenTree]) -> bool {
    tokens.get(1).is_some_and(|token| is_punct(token, '<'))
}

/// Whether `pub` or `pub(…)` ends these tokens.
fn is_public(before: &[TokenTree]) -> bool {
    let word = match before {
        [.., word, TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => word,
        [.., word] => word,
        [] => return false,
    };
    ident(word).is_some_and(|word| word == "pub")
}

/// The brackets of the attribute that begins here.
fn attribute(tokens: &[TokenTree]) -> Option<&Group> {
    match tokens {
        [hash, TokenTree::Group(group), ..]
            if is_punct(hash, '#') && group.delimiter() == Delimiter::Bracket =>
        {
            Some(group)
        }
        _ => None,
    }
}

/// Whether an attribute is `cfg(test)` or `cfg(all(test, …))`. Code that is compiled elsewhere too,
/// as by `cfg(any(test, …))`, is no test.
fn is_for_tests(attribute: &Group) -> bool {
    let text = attribute.stream().to_string().replace(' ', "");
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// The text of a `path = "…"`.
fn path_of(attribute: &Group) -> Option<String> {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    match &tokens[..] {
        [word, _, TokenTree::Literal(text)] if ident(word).is_some_and(|word| word == "path") => {
            Some(text.to_string().trim_matches('"').to_owned())
        }
        _ => None,
    }
}

/// The tokens that an attribute in front of them belongs to: further attributes, and an item up to
/// its `;` or its braces, or a field, a variant or an arm up to its `,`.
fn length_of_item(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    while attribute(&tokens[at..]).is_some() {
        at += 2;
    }
    let is_item = tokens[at..].iter().find_map(|token| match ident(token) {
        // A field may be `pub` as well.
        Some(word) if word == "pub" => None,
        Some(word) => Some(ITEMS.contains(&&*word) || OPENERS.contains(&&*word)),
        None => matches!(token, TokenTree::Punct(_)).then_some(false),
    });
    let is_item = is_item.unwrap_or(false);
    let is_end = |token: &TokenTree| {
        is_punct(token, ';') || braces(token).is_some() || !is_item && is_punct(token, ',')
    };
    let end = tokens[at..].iter().position(is_end).map_or(tokens.len(), |end| at + end + 1);
    // `use a::{b, c};` goes on behind its braces.
    end + usize::from(tokens.get(end).is_some_and(|token| is_punct(token, ';')))
}
