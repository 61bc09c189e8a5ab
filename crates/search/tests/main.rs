//! The tests of the search crate: one binary, so that it is linked once.

mod agreement;
mod house;
mod keeping;
mod search;
