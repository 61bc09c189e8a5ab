//! Shared by the tests of questions; and the test of the question that expects a size.

use std::sync::Arc;

use carnet_client::Access;

use super::lookup::Lookup;
use super::numbers::NumberSource;
use super::*;

pub(crate) fn access() -> Access {
    Access { host: "h:1".to_owned(), token: "T".to_owned() }
}

pub(crate) fn source(misses: f64) -> Arc<NumberSource> {
    Arc::new(NumberSource::uniform(vec![33_612_345_678], vec![33_612_345_679], misses, 1))
}

pub(crate) fn asked(question: &mut dyn Question) -> (String, Expected) {
    let mut out = Vec::new();
    let expected = question.ask(&mut out);
    (String::from_utf8(out).unwrap(), expected)
}

#[test]
fn a_bare_server_must_answer_as_many_bytes() {
    let question = Box::new(Lookup::new(&access(), NumberSource::draw(&source(0.0))));
    let mut same = FixedSize::new(question, 3, 1);
    let (_, expected) = asked(&mut same);
    assert_eq!(same.judge(expected, 200, b"abc"), Ok(1));
    assert!(same.judge(expected, 200, b"ab").is_err());
}
