//! Paths below which a failure has no body: a switch speaks or shows any text that comes back as
//! the caller's name, whatever the status. Pure; the table of routes says which paths these are.

/// Bytes of a head's beginning from which it is told whether a failure has a body: the longest method
/// and the longest of those paths. A test holds it against the table of routes.
pub(crate) const OPENING_BYTES_MAX: usize = 32;

/// The paths whose failures are a status and nothing else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Silence {
    prefixes: Vec<&'static str>,
}

impl Silence {
    /// Covers these paths of the table, such as `/cid/{number}`, and everything below what they
    /// have before their first variable.
    pub(crate) fn new(paths: impl Iterator<Item = &'static str>) -> Silence {
        let mut prefixes: Vec<&'static str> =
            paths.map(|path| path.split_once("/{").map_or(path, |(prefix, _)| prefix)).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        Silence { prefixes }
    }

    /// Whether a failure at this path, with or without a query, has no body.
    pub(crate) fn covers(&self, path: &[u8]) -> bool {
        let below = |prefix: &&str| {
            let rest = path.strip_prefix(prefix.as_bytes());
            rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'/' | b'?')))
        };
        self.prefixes.iter().any(below)
    }

    /// Bytes of a head's beginning that [`Silence::covers_head`] needs at most.
    #[cfg(test)]
    pub(crate) fn head_bytes(&self) -> usize {
        let longest = self.prefixes.iter().map(|prefix| prefix.len()).max().unwrap_or_default();
        // With the byte that ends the path.
        "OPTIONS ".len() + longest + 1
    }

    /// Whether the first line of a head asks for such a path, as far as it has arrived.
    pub(crate) fn covers_head(&self, head: &[u8]) -> bool {
        let target = head.split(|byte| *byte == b' ').nth(1);
        target.is_some_and(|target| self.covers(target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_covered_with_all_that_lies_below_it() {
        let silence = Silence::new(["/cid", "/cid/{number}", "/x/{a}/b"].into_iter());
        for (path, covered) in [
            ("/cid", true),
            ("/cid?number=1", true),
            ("/cid/1/2", true),
            ("/x/1", true),
            ("/cider", false),
            ("/ci", false),
            ("/", false),
            ("", false),
        ] {
            assert_eq!(silence.covers(path.as_bytes()), covered, "{path}");
        }
        assert!(!Silence::default().covers(b"/cid"));
    }

    #[test]
    fn a_head_is_known_by_its_first_bytes() {
        let silence = Silence::new(["/cid"].into_iter());
        for (head, covered) in [
            ("GET /cid?number=1 HTTP/1.1\r\n", true),
            ("HEAD /cid HTTP/1.0\r\n", true),
            ("OPTIONS /cid?x", true),
            ("GET /c", false),
            ("GET /cider HTTP/1.1\r\n", false),
            ("\u{16}\u{3}\u{1}/cid", false),
        ] {
            assert_eq!(silence.covers_head(head.as_bytes()), covered, "{head}");
        }
    }
}
