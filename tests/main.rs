//! The tests of the whole: one binary, so that it is linked once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what it expects by unwrapping it, and what it did by printing it"
)]

mod architecture;
mod commands {
    //! Commands from the outside, a file each.
    mod bench;
    mod cid;
    mod import;
    mod names;
    mod numbers;
    mod phone;
    mod transfer;
}
mod daemon;
mod kill;
mod pages;
mod support;
