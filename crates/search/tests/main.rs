//! The tests of the search crate: one binary, so that it is linked once.

mod agreement;
mod emails;
mod house;
mod keeping;
mod numbers;
mod scripts;
mod search;
