//! The operations of the vendor's API that carnet does not have, from a list beside the code. It is
//! no second table: what carnet answers is not in it, and a test of the table holds it to that.

use hyper::Method;
use std::sync::LazyLock;

/// Method and path of each.
pub(crate) static MISSING: LazyLock<Vec<(Method, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../../data/missing-operations.txt").lines();
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<(Method, &'static str)> {
    let (method, path) = line.split_once(' ')?;
    Some((method.parse().ok()?, path))
}
