//! What the tests of questions share, and the test of the one that expects a size.

use std::sync::Arc;

use carnet_client::Access;

use super::lookup::Lookup;
use super::numbers::Callers;
use super::*;

pub(crate) fn access() -> Access {
    Access { host: "h:1".to_owned(), token: "T".to_owned() }
}

pub(crate) fn callers(misses: f64) -> Arc<Callers> {
    Arc::new(Callers::uniform(vec![33_612_345_678], vec![33_612_345_679], misses, 1))
}

pub(crate) fn asked(asker: &mut dyn Ask) -> (String, Expected) {
    let mut out = Vec::new();
    let expected = asker.ask(&mut out);
    (String::from_utf8(out).unwrap(), expected)
}

#[test]
fn a_yardstick_must_answer_as_many_bytes() {
    let asker = Box::new(Lookup::new(&access(), Callers::draw(&callers(0.0))));
    let mut same = OfSize::new(asker, 3, 1);
    let (_, expected) = asked(&mut same);
    assert_eq!(same.judge(expected, 200, b"abc"), Ok(1));
    assert!(same.judge(expected, 200, b"ab").is_err());
}
