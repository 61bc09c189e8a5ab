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
//!
//! The models were tried on 34 changes of the code, one at a time and by hand. 30 were caught; in
//! brackets by what, with the first schedule of shuttle that failed.
//!
//! - Seqlock: reader's fence removed (loom), writer's fence removed (loom), first load Relaxed
//!   (loom), last addition Relaxed (loom), change before the first addition (loom, 1), change after
//!   the last addition (loom, 1), an odd version accepted (loom, 1).
//! - Inline names: generation not checked (92), release fence removed (loom), acquire fence removed
//!   (loom), slot not read again (loom, 357), slot not compared on publication (1), publication
//!   Relaxed (loom).
//! - Circular log and heap: slot before the bytes (loom, 27), release fence removed (loom), acquire
//!   fence removed (loom), slot not read again (loom, 29), slot not compared on publication (30),
//!   publication Relaxed (loom), a half not swept before it is written again (loom, 1), swept too
//!   late (36), swept with the generation kept (5,012).
//! - Look-ups and the writer: generations taken after the snapshot in a look-up (475) and in the
//!   warm-up (63), memory invalidated before the files (4,467) and cleared before them (501), the
//!   generation of memory taken after the file was read (3,269), invalidation before the snapshot
//!   is published (1), publication outside of the seqlock (5,277), numbers forgotten that change
//!   while the index is built (4).
//!
//! Four were not caught. Within the number index the key before the value, both Relaxed, and a table
//! published before it is filled: the seqlock around them is what a look-up relies on. An entry's
//! contact not compared: the slot is read again as well.
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
