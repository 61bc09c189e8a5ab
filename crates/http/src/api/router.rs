//! The router: a tree of path segments, made once from the table of routes. It knows nothing of
//! what a route does.

use crate::message::parameters::percent_decoded;

/// The most variables that a path has.
const VARIABLES_MAX: usize = 3;

/// The values of a path's variables, in the path's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variables {
    values: [String; VARIABLES_MAX],
}

impl Variables {
    /// The value of the variable at `index`, empty where the path has none.
    pub(crate) fn get(&self, index: usize) -> &str {
        self.values.get(index).map_or("", String::as_str)
    }
}

/// Finds what belongs to a path. A literal segment wins over a variable; where the literal leads
/// nowhere, the variable is tried.
#[derive(Debug)]
pub(crate) struct Router<T> {
    root: Node<T>,
}

#[derive(Debug)]
struct Node<T> {
    /// Sorted by segment.
    literals: Vec<(&'static str, Node<T>)>,
    variable: Option<Box<Node<T>>>,
    here: Vec<T>,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Node { literals: Vec::new(), variable: None, here: Vec::new() }
    }
}

impl<T> Router<T> {
    /// The router of these paths, such as `/contacts/{contactId}`. What is added under one path
    /// several times is found together, in order.
    pub(crate) fn new(paths: impl IntoIterator<Item = (&'static str, T)>) -> Router<T> {
        let mut root = Node::default();
        for (path, thing) in paths {
            let mut node = &mut root;
            for segment in segments(path) {
                node = node.child(segment);
            }
            node.here.push(thing);
        }
        Router { root }
    }

    /// Everything that was added under the path that matches, and the values of its variables.
    pub(crate) fn find(&self, path: &str) -> Option<(&[T], Variables)> {
        if !path.starts_with('/') {
            return None;
        }
        let mut variables = Variables::default();
        let node = self.root.find(segments(path), 0, &mut variables)?;
        Some((&node.here, variables))
    }
}

impl<T> Node<T> {
    fn child(&mut self, segment: &'static str) -> &mut Node<T> {
        if segment.starts_with('{') {
            return self.variable.get_or_insert_default();
        }
        let place = self.literals.binary_search_by_key(&segment, |(name, _)| name);
        let place = place.unwrap_or_else(|place| {
            self.literals.insert(place, (segment, Node::default()));
            place
        });
        &mut self.literals[place].1
    }

    fn find<'p>(
        &self,
        mut rest: impl Iterator<Item = &'p str> + Clone,
        depth: usize,
        variables: &mut Variables,
    ) -> Option<&Node<T>> {
        let Some(segment) = rest.next() else {
            return (!self.here.is_empty()).then_some(self);
        };
        let literal = self.literals.binary_search_by_key(&segment, |(name, _)| name);
        if let Ok(place) = literal
            && let Some(node) = self.literals[place].1.find(rest.clone(), depth, variables)
        {
            return Some(node);
        }
        let node = self.variable.as_ref()?;
        if segment.is_empty() {
            return None;
        }
        let found = node.find(rest, depth + 1, variables)?;
        if let Some(value) = variables.values.get_mut(depth) {
            *value = percent_decoded(segment).into_owned();
        }
        Some(found)
    }
}

fn segments(path: &str) -> std::str::Split<'_, char> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 7] = [
        "/contacts",
        "/contacts/search",
        "/contacts/{contactId}",
        "/contacts/{contactId}/notes",
        "/contacts/{contactId}/notes/{noteId}",
        "/contacts/schemas/limits",
        "/healthz",
    ];

    fn check(path: &str, expect: Option<(&str, &[&str])>) {
        let router = Router::new(PATHS.map(|path| (path, path)));
        let found = router.find(path);
        let found = found.map(|(here, variables)| (here[0], variables));
        let found = found.as_ref().map(|(here, variables)| {
            let count = here.matches('{').count();
            let values: Vec<&str> = (0..count).map(|i| variables.get(i)).collect();
            (*here, values)
        });
        assert_eq!(found, expect.map(|(here, values)| (here, values.to_vec())), "{path}");
    }

    #[test]
    fn literal_beats_variable() {
        check("/contacts", Some(("/contacts", &[])));
        check("/contacts/search", Some(("/contacts/search", &[])));
        check("/contacts/42", Some(("/contacts/{contactId}", &["42"])));
        check("/contacts/schemas/limits", Some(("/contacts/schemas/limits", &[])));
    }

    #[test]
    fn a_literal_that_leads_nowhere_gives_way_to_the_variable() {
        check("/contacts/schemas", Some(("/contacts/{contactId}", &["schemas"])));
        check("/contacts/schemas/notes", Some(("/contacts/{contactId}/notes", &["schemas"])));
        check(
            "/contacts/search/notes/7",
            Some(("/contacts/{contactId}/notes/{noteId}", &["search", "7"])),
        );
    }

    #[test]
    fn what_is_not_in_the_table_is_not_found() {
        for path in [
            "",
            "/",
            "*",
            "//",
            "contacts",
            "/contact",
            "/contactss",
            "/contacts/",
            "/Contacts",
            "/contacts//notes",
            "/contacts/1/notes/",
            "/contacts/1/notes/2/3",
            "/healthz/",
            "/contacts/{contactId}/x",
        ] {
            check(path, None);
        }
    }

    #[test]
    fn variables_are_decoded_and_literals_are_not() {
        check("/contacts/a%20b%2Fc", Some(("/contacts/{contactId}", &["a b/c"])));
        check("/contacts/%zz%4", Some(("/contacts/{contactId}", &["%zz%4"])));
        check("/%63ontacts", None);
    }
}
