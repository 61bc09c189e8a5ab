//! Model checking of what is kept of each contact, names and log alike: what is read is whole, is of
//! its contact, and is no older than what was thrown away before the question. See
//! [`crate::tests::models`].

use super::backing::Backing;
use super::circular_log::{Bounds, CircularLog, Eviction};
use super::heap::Heap;
use super::inline_names::InlineNames;
use super::slots::{Generation, SlotKind, Slots};
use carnet_model::ContactNo;
use std::sync::Arc;

/// Bytes of a log: two of the entries below in each half.
const LOG_BYTES: u64 = 256;

/// Something that keeps bytes of contacts, opaque ones.
trait Keeps: Send + Sync + 'static {
    /// Bytes of what is kept here of a contact.
    const BYTES: usize;

    fn generation_of(&self, no: u64) -> Generation;
    fn read_of(&self, no: u64, into: &mut Vec<u8>) -> bool;
    fn insert_of(&self, no: u64, generation: Generation, bytes: &[u8]);
    fn invalidate_of(&self, no: u64);

    /// The bytes that are read of a contact.
    fn get(&self, no: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_of(no, &mut bytes).then_some(bytes)
    }
}

impl Keeps for InlineNames {
    const BYTES: usize = 13;

    fn generation_of(&self, no: u64) -> Generation {
        self.generation(ContactNo(no))
    }
    fn read_of(&self, no: u64, into: &mut Vec<u8>) -> bool {
        self.read(ContactNo(no), into).is_some()
    }
    fn insert_of(&self, no: u64, generation: Generation, bytes: &[u8]) {
        self.insert(ContactNo(no), generation, bytes);
    }
    fn invalidate_of(&self, no: u64) {
        self.invalidate(ContactNo(no));
    }
}

impl<B: Backing + Send + Sync + 'static> Keeps for CircularLog<B> {
    const BYTES: usize = 55;

    fn generation_of(&self, no: u64) -> Generation {
        self.generation(ContactNo(no))
    }
    fn read_of(&self, no: u64, into: &mut Vec<u8>) -> bool {
        let run = self.read(ContactNo(no), into);
        run.map(|run| into.drain(..run.start)).is_some()
    }
    fn insert_of(&self, no: u64, generation: Generation, bytes: &[u8]) {
        self.insert(ContactNo(no), generation, bytes, Eviction::Allowed);
    }
    fn invalidate_of(&self, no: u64) {
        self.invalidate(ContactNo(no));
    }
}

fn names() -> InlineNames {
    InlineNames::new(Arc::new(Slots::default()), true)
}

fn log<B: Backing>(backing: B) -> CircularLog<B> {
    CircularLog::new(backing, Bounds::fixed(LOG_BYTES), Arc::new(Slots::default()), SlotKind::Heap)
}

/// The bytes of a contact in a state: the same short text over and over, so that a mixture of
/// two is neither.
fn text(no: u64, state: u64, bytes: usize) -> Vec<u8> {
    format!("{no}.{state} ").bytes().cycle().take(bytes).collect()
}

/// Random schedules of some threads that read, keep, and throw away.
#[cfg(not(feature = "loom"))]
mod random {
    use super::super::mapped_files::MappedFiles;
    use super::*;
    use crate::local::memory::sync::AtomicU64;
    use crate::tests::models::schedules::check;
    use shuttle::rand::{Rng, thread_rng};
    use shuttle::thread;
    use std::sync::atomic::Ordering;

    /// Contacts, from 1: more than the log has room for.
    const CONTACTS: usize = 5;
    /// Edits of a schedule.
    const EDITS: usize = 3;
    /// Reads of one reader.
    const QUESTIONS: usize = 3;
    /// Inserts of another: the log comes round twice.
    const FILLS: usize = 10;

    /// The cache under test, and the truth of which it is a copy.
    struct Scene<K> {
        kept: K,
        /// The state of each contact, as the store has it.
        states: [AtomicU64; CONTACTS],
        /// Up to which state edits were begun and acknowledged. No steps of the checker.
        begun: [std::sync::atomic::AtomicU64; CONTACTS],
        acknowledged: [std::sync::atomic::AtomicU64; CONTACTS],
    }

    fn any_contact() -> (u64, usize) {
        let at = thread_rng().gen_range(0..CONTACTS);
        (at as u64 + 1, at)
    }

    impl<K: Keeps> Scene<K> {
        fn new(kept: K) -> Scene<K> {
            let scene = Scene {
                kept,
                states: Default::default(),
                begun: Default::default(),
                acknowledged: Default::default(),
            };
            (0..thread_rng().gen_range(0..=2 * CONTACTS)).for_each(|_| scene.keep_any());
            scene
        }

        /// The writer: changes the store, throws away, acknowledges.
        fn edit(&self) {
            for _ in 0..EDITS {
                let (no, at) = any_contact();
                let state = self.begun[at].fetch_add(1, Ordering::Relaxed) + 1;
                self.states[at].store(state, Ordering::SeqCst);
                self.kept.invalidate_of(no);
                self.acknowledged[at].store(state, Ordering::Relaxed);
            }
        }

        /// A reader: keeps what it does not find.
        fn ask(&self) {
            for _ in 0..QUESTIONS {
                let (no, at) = any_contact();
                self.question(no, at);
            }
        }

        fn question(&self, no: u64, at: usize) {
            let oldest = self.acknowledged[at].load(Ordering::Relaxed);
            let Some(bytes) = self.kept.get(no) else {
                return self.insert(no, at);
            };
            let newest = self.begun[at].load(Ordering::Relaxed);
            let right = (oldest..=newest).any(|state| text(no, state, K::BYTES) == bytes);
            let bytes = String::from_utf8_lossy(&bytes);
            assert!(right, "contact {no}, states {oldest} to {newest}: {bytes:?}");
        }

        fn insert(&self, no: u64, at: usize) {
            let generation = self.kept.generation_of(no);
            let state = self.states[at].load(Ordering::SeqCst);
            self.kept.insert_of(no, generation, &text(no, state, K::BYTES));
        }

        fn keep_any(&self) {
            let (no, at) = any_contact();
            self.insert(no, at);
        }

        fn fill(&self) {
            (0..FILLS).for_each(|_| self.keep_any());
        }
    }

    fn scenario<K: Keeps>(name: &'static str, kept: impl Fn() -> K + Send + Sync + 'static) {
        check(name, move || {
            let scene = Arc::new(Scene::new(kept()));
            let roles: [fn(&Scene<K>); 4] = [Scene::edit, Scene::ask, Scene::ask, Scene::fill];
            let threads = roles.map(|role| {
                let scene = Arc::clone(&scene);
                thread::spawn(move || role(&scene))
            });
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            (1..).zip(0..CONTACTS).for_each(|(no, at)| scene.question(no, at));
        });
    }

    #[test]
    fn names_are_whole_and_new() {
        scenario("names", names);
    }

    #[test]
    fn a_log_in_memory_is_whole_and_new() {
        scenario("the log in memory", || log(Heap::default()));
    }

    #[test]
    fn a_reader_that_stands_still_while_the_log_comes_round_notices() {
        check("the log comes round under a reader", || {
            let kept = log(Heap::default());
            let keep = move |kept: &CircularLog<Heap>, no| {
                kept.insert_of(
                    no,
                    kept.generation_of(no),
                    &text(no, 0, CircularLog::<Heap>::BYTES),
                );
            };
            // Four fit in; another takes the place of the first, and gives it back in the next round.
            (1..=4).for_each(|no| keep(&kept, no));
            let kept = Arc::new(kept);
            let filling = {
                let kept = Arc::clone(&kept);
                thread::spawn(move || [5, 2, 6, 7, 1].into_iter().for_each(|no| keep(&kept, no)))
            };
            let found = kept.get(1);
            assert!(found.is_none_or(|found| found == text(1, 0, found.len())), "a mixture");
            filling.join().unwrap();
            let found = kept.get(1);
            assert_eq!(found, Some(text(1, 0, CircularLog::<Heap>::BYTES)));
        });
    }

    #[test]
    fn a_log_in_files_is_whole_and_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready");
        scenario("the log in files", move || log(MappedFiles::open(path.clone(), true)));
    }
}

/// Every schedule of one writer and one reader, with every value that a load may see.
#[cfg(feature = "loom")]
mod weak {
    use super::*;
    use crate::local::memory::sync::{AtomicU64, Ordering};
    use crate::tests::models::weak_memory::check;
    use loom::thread;

    /// While `change` runs beside it, what is read of a contact is nothing or one of these states;
    /// nothing older than the last when `change` has acknowledged it.
    fn scenario<K: Keeps>(
        name: &'static str,
        kept: fn() -> K,
        before: fn(&K),
        change: fn(&K),
        no: u64,
        states: [u64; 2],
    ) {
        check(name, move || {
            let shared = Arc::new((kept(), AtomicU64::new(0)));
            before(&shared.0);
            let writer = {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    change(&shared.0);
                    // Release: pairs with the load below, as an answer to the writer's caller does.
                    shared.1.store(1, Ordering::Release);
                })
            };
            let acknowledged = shared.1.load(Ordering::Acquire) == 1;
            let found = shared.0.get(no);
            let states = if acknowledged { &states[1..] } else { &states[..] };
            let right =
                |found: &Vec<u8>| states.iter().any(|one| text(no, *one, K::BYTES) == *found);
            assert!(found.as_ref().is_none_or(right), "{:?}", found.map(String::from_utf8));
            let seen = found.is_some();
            writer.join().unwrap();
            seen
        });
    }

    fn insert<K: Keeps>(kept: &K, no: u64, state: u64) {
        kept.insert_of(no, kept.generation_of(no), &text(no, state, K::BYTES));
    }

    fn edit<K: Keeps>(kept: &K) {
        kept.invalidate_of(1);
        insert(kept, 1, 1);
    }

    #[test]
    fn a_name_is_whole_while_another_takes_its_place() {
        scenario("names", names, |names| insert(names, 1, 0), edit, 1, [0, 1]);
    }

    #[test]
    fn an_entry_is_whole_while_its_contact_is_edited() {
        scenario("the log", || log(Heap::default()), |log| insert(log, 1, 0), edit, 1, [0, 1]);
    }

    #[test]
    fn an_entry_is_whole_while_another_is_written_over_it() {
        // Four fill the log, the fifth takes the place of the first.
        let fill = |log: &CircularLog<Heap>| (1..=4).for_each(|no| insert(log, no, 0));
        let over = |log: &CircularLog<Heap>| insert(log, 5, 0);
        // The first is thrown away with that, though its state is no other.
        scenario("the log comes round", || log(Heap::default()), fill, over, 1, [0, 0]);
    }
}
