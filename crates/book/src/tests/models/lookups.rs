//! Look-ups by the book's own code, under the publication of commits: an answer is that of a state
//! between the last one acknowledged when the question began and the last one begun when it ended.
//! When all is quiet again every answer is that of the last state.

use super::schedules::check;
use super::world::{NUMBERS, State, make_from, number, world};
use crate::local::memory::LookupMemory;
use crate::local::state::Inner;
use crate::local::workers::number_builder::build_numbers;
use crate::{Form, Renderings, Settings};
use shuttle::rand::{Rng, thread_rng};
use shuttle::thread;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// Commits of one schedule.
const COMMITS: usize = 2;
/// Look-ups of one reader.
const LOOKUPS: usize = 2;
/// Look-ups that come before the rest, so that the log is not always empty.
const EARLIER_MAX: usize = 6;
/// Bytes of the log in files, and of that in memory: four of the longest runs.
const LOG_BYTES: u64 = 256;

/// A book at some state, and how far its writer has come.
#[derive(Clone)]
struct Scene {
    book: Arc<Inner>,
    /// All by place in the world. No step of the checker: what a reader learns from them is what a
    /// caller knows outside the book.
    begun: Arc<AtomicUsize>,
    acknowledged: Arc<AtomicUsize>,
    /// A number whose answer changes, which is asked for most.
    topic: u64,
}

impl Scene {
    /// A book at a random state, with a random part of the answers in memory.
    fn new(folder: &std::path::Path, with_numbers: bool) -> Scene {
        let states = &world().states;
        let first = thread_rng().gen_range(0..states.len() - COMMITS);
        let mut settings = Settings::new(folder);
        settings.ready_file_bytes = LOG_BYTES;
        // Without memory short answers, too, are read from the files.
        settings.ready_memory_bytes = if thread_rng().gen_bool(0.75) { LOG_BYTES } else { 0 };
        let changes = |n: &u64| {
            let answers = |at: usize| states[at].renderings(*n, Form::Long);
            (first..first + COMMITS).any(|at| answers(at) != answers(at + 1))
        };
        let changing: Vec<u64> = (0..NUMBERS).filter(changes).collect();
        let State { read, change, .. } = &states[first];
        let (orders, _) = mpsc::channel(1);
        let book = Arc::new(Inner::new(settings, orders, Arc::clone(read), *change));
        book.publish(&book.working_state());
        if with_numbers {
            build_numbers(&book);
        }
        let scene = Scene {
            book,
            begun: Arc::new(AtomicUsize::new(first)),
            acknowledged: Arc::new(AtomicUsize::new(first)),
            topic: changing[thread_rng().gen_range(0..changing.len())],
        };
        (0..thread_rng().gen_range(0..=EARLIER_MAX)).for_each(|_| scene.look_up_any());
        scene
    }

    /// The writer: publishes the next states, as it does after a commit.
    fn commit(&self) {
        for _ in 0..COMMITS {
            let next = self.begun.load(Ordering::Relaxed) + 1;
            self.begun.store(next, Ordering::Relaxed);
            let State { read, change, effects, .. } = &world().states[next];
            self.book.publish_commit(Arc::clone(read), *change, effects.clone());
            self.acknowledged.store(next, Ordering::Relaxed);
        }
    }

    /// The writer: publishes the next state, as it does when it has opened the store again.
    fn reopen(&self) {
        let next = self.begun.load(Ordering::Relaxed) + 1;
        self.begun.store(next, Ordering::Relaxed);
        let State { read, change, effects, .. } = &world().states[next];
        self.book.publish_reopened(Arc::clone(read), *change, effects.clone());
        self.acknowledged.store(next, Ordering::Relaxed);
    }

    /// A reader: asks for some number, and again, as a second time finds what the first has kept.
    fn look_up_any(&self) {
        let mut random = thread_rng();
        let n = if random.gen_bool(0.8) { self.topic } else { random.gen_range(0..NUMBERS) };
        let form = if random.gen_bool(0.5) { Form::Short } else { Form::Long };
        for _ in 0..LOOKUPS {
            self.look_up(n, form);
        }
    }

    fn look_up(&self, n: u64, form: Form) {
        let mut found = Renderings::default();
        let oldest = self.acknowledged.load(Ordering::Relaxed);
        self.book.renderings(number(n), form, make_from, &mut found).unwrap();
        let newest = self.begun.load(Ordering::Relaxed);
        let found: Vec<&[u8]> = found.iter().collect();
        let allowed: Vec<_> =
            (oldest..=newest).map(|at| world().states[at].renderings(n, form)).collect();
        let text = |answers: &[&[u8]]| -> Vec<String> {
            answers.iter().map(|answer| String::from_utf8_lossy(answer).into_owned()).collect()
        };
        assert!(
            allowed.contains(&found),
            "number {n}, states {oldest} to {newest}: {:?} instead of {:?}",
            text(&found),
            allowed.iter().map(|answers| text(answers)).collect::<Vec<_>>(),
        );
    }

    /// Asks for everything, in both forms, when all other threads are done.
    fn look_up_all(&self) {
        for form in [Form::Short, Form::Long] {
            (0..NUMBERS).for_each(|n| self.look_up(n, form));
        }
    }
}

/// Runs a scenario: the writer, readers, and something else beside them.
fn scenario(name: &'static str, with_numbers: bool, readers: usize, beside: fn(&Scene)) {
    let folder = tempfile::tempdir().unwrap();
    let _ = world();
    check(name, move || {
        let scene = Scene::new(folder.path(), with_numbers);
        let mut threads = Vec::new();
        let mut spawn = |run: fn(&Scene)| {
            let scene = scene.clone();
            threads.push(thread::spawn(move || run(&scene)));
        };
        spawn(Scene::commit);
        (0..readers).for_each(|_| spawn(Scene::look_up_any));
        spawn(beside);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        scene.look_up_all();
    });
}

#[test]
fn an_answer_is_of_a_state_between_its_question_and_its_end() {
    scenario("look-ups under commits", true, 2, |_| {});
}

#[test]
fn an_answer_is_right_while_the_number_index_is_built() {
    scenario("the number index is built", false, 1, |scene| build_numbers(&scene.book));
}

#[test]
fn an_answer_is_right_while_answers_are_made_ahead() {
    scenario("the warm-up renders", true, 1, |scene| {
        scene.book.warm_up(make_from).unwrap();
    });
}

#[test]
fn an_answer_is_right_when_everything_is_thrown_away() {
    scenario("everything is thrown away", true, 1, |scene| {
        // As when the store is opened again: under the lock of the working state.
        let _state = scene.book.working_state();
        scene.book.memory.change(LookupMemory::clear);
    });
}

#[test]
fn an_answer_is_right_when_the_store_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let _ = world();
    check("the store is opened again", move || {
        let scene = Scene::new(folder.path(), true);
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let scene = scene.clone();
                thread::spawn(move || scene.look_up_any())
            })
            .collect();
        // A commit of which the writer did not hear is in the store when it is opened again.
        scene.reopen();
        build_numbers(&scene.book);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
        scene.look_up_all();
    });
}
