//! Runs a scenario under many schedules, half of them chosen step by step, half by priorities that
//! change at a few random steps (PCT), which finds what needs one thread to stand still for long.

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Schedules of all scenarios together, at least.
const SCHEDULES_MIN: usize = 10_000;
/// Schedules of one scenario.
const SCHEDULES: usize = 10_000;
/// Scenarios: [`super::lookups`], [`super::numbers`] and the models of the render cache.
const SCENARIOS: usize = 10;
const _: () = assert!(SCENARIOS * SCHEDULES >= SCHEDULES_MIN);

/// Priority changes of a schedule and one more: as many orders of two steps can be wrong at once.
const DEPTH_MAX: usize = 4;
/// Bytes of a thread's stack: the store's read path in an unoptimised build takes more than the
/// checker gives.
const STACK_BYTES: usize = 1 << 20;

/// Says how to try the same schedules again when a scenario fails.
struct Story {
    name: &'static str,
    seed: u64,
    tried: Arc<AtomicUsize>,
}

impl Drop for Story {
    fn drop(&mut self) {
        let (name, seed, tried) = (self.name, self.seed, self.tried.load(Ordering::Relaxed));
        if std::thread::panicking() {
            println!("{name}: failed in schedule {tried}; again with CARNET_MODEL_SEED={seed}");
        } else {
            println!("{name}: {tried} schedules, seed {seed}");
        }
    }
}

/// Runs [`SCHEDULES`] schedules of a scenario.
pub(crate) fn check(name: &'static str, scenario: impl Fn() + Send + Sync + 'static) {
    let given = std::env::var("CARNET_MODEL_SEED").ok().map(|seed| seed.parse().unwrap());
    let seed = given.unwrap_or_else(|| RandomState::new().hash_one(name));
    let tried = Arc::new(AtomicUsize::new(0));
    let story = Story { name, seed, tried: Arc::clone(&tried) };
    let scenario = Arc::new(move || {
        tried.fetch_add(1, Ordering::Relaxed);
        scenario();
    });
    let half = SCHEDULES / 2;
    run(RandomScheduler::new_from_seed(seed, half), &scenario);
    run(PctScheduler::new_from_seed(seed, DEPTH_MAX, half), &scenario);
    assert_eq!(story.tried.load(Ordering::Relaxed), 2 * half);
}

fn run(scheduler: impl Scheduler + 'static, scenario: &Arc<impl Fn() + Send + Sync + 'static>) {
    let mut config = Config::new();
    config.stack_size = STACK_BYTES;
    // It warns of every order weaker than SeqCst; those are loom's part.
    config.silence_warnings = true;
    let scenario = Arc::clone(scenario);
    Runner::new(scheduler, config).run(move || scenario());
}
