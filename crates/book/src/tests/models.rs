//! Model checking of what look-ups read without a lock: the seqlock, the number index, the slots
//! and inline names, the circular log. `tests/run models` runs it.
//!
//! The code under test is the book's own; only its atomics and locks are a checker's
//! ([`crate::local::memory::sync`]), and its tables are a few entries small.
//!
//! - [shuttle](https://docs.rs/shuttle) runs thousands of random schedules of whole scenarios: real
//!   look-ups beside the publication of real commits. It finds steps in the wrong order. It knows no
//!   weak memory: every load sees the newest store.
//! - [loom](https://docs.rs/loom) runs every schedule of a scenario of a few steps, with every value
//!   that a load may see by the rules of C11. It finds a fence or an order that is too weak.
#[cfg(all(feature = "shuttle", not(feature = "loom")))]
mod lookups;
#[cfg(all(feature = "shuttle", not(feature = "loom")))]
mod numbers;
#[cfg(all(feature = "shuttle", not(feature = "loom")))]
pub(crate) mod schedules;
#[cfg(feature = "loom")]
pub(crate) mod weak_memory;
#[cfg(all(feature = "shuttle", not(feature = "loom")))]
mod world;
