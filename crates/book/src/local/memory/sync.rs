//! Atomics and locks of the code that readers run without a lock, under one roof, so that a model
//! checker can take their place in tests (see `tests::models`): shuttle with the feature `shuttle`, loom
//! with the feature `loom`. In every other build these are the types of the standard library and of
//! arc-swap, unchanged.
//!
//! It knows nothing of what they are used for. `Arc` and `OnceLock` stay those of the standard
//! library: both checkers trust them.

#[cfg(not(all(test, any(feature = "shuttle", feature = "loom"))))]
mod plain {
    pub(crate) use arc_swap::{ArcSwap, ArcSwapOption};
    pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
    pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, RwLock};
}

#[cfg(all(test, feature = "shuttle", not(feature = "loom")))]
mod checked {
    pub(crate) use shuttle::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
    pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard, RwLock};
}

#[cfg(all(test, feature = "loom"))]
mod checked {
    pub(crate) use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, RwLock};
}

/// Stand-ins for arc-swap, which is trusted: neither checker can look into it. They order what
/// arc-swap orders and no more (a load acquires what the store of its value released), and each
/// load and store is a point at which a checker changes threads. Old values stay until the end.
#[cfg(all(test, any(feature = "shuttle", feature = "loom")))]
mod swap {
    use super::checked::{AtomicU64, Ordering};
    use std::ops::Deref;
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    pub(crate) struct Swap<T> {
        /// Which of the values is the present one.
        present: AtomicU64,
        /// All that there ever were. The lock is held between two steps of the checker only.
        values: Mutex<Vec<T>>,
    }
    pub(crate) type ArcSwap<T> = Swap<Arc<T>>;
    pub(crate) type ArcSwapOption<T> = Swap<Option<Arc<T>>>;
    pub(crate) struct Guard<T>(T);

    impl<T> Swap<Arc<T>> {
        pub(crate) fn from_pointee(value: T) -> Self {
            Swap::new(Arc::new(value))
        }
    }

    impl<T> Swap<Option<Arc<T>>> {
        pub(crate) fn empty() -> Self {
            Swap::new(None)
        }
    }

    impl<T> Swap<T> {
        fn new(value: T) -> Self {
            Swap { present: AtomicU64::new(0), values: Mutex::new(vec![value]) }
        }

        fn values(&self) -> MutexGuard<'_, Vec<T>> {
            self.values.lock().unwrap_or_else(PoisonError::into_inner)
        }

        pub(crate) fn store(&self, value: T) {
            let number = {
                let mut values = self.values();
                values.push(value);
                values.len() - 1
            };
            // Release: pairs with the load in `load_full`.
            self.present.swap(number as u64, Ordering::AcqRel);
        }
    }

    impl<T: Clone> Swap<T> {
        pub(crate) fn load(&self) -> Guard<T> {
            Guard(self.load_full())
        }

        pub(crate) fn load_full(&self) -> T {
            // Acquire: pairs with the swap in `store`.
            let present = self.present.load(Ordering::Acquire);
            self.values()[usize::try_from(present).unwrap_or(usize::MAX)].clone()
        }
    }

    impl<T> Deref for Guard<T> {
        type Target = T;

        fn deref(&self) -> &T {
            &self.0
        }
    }
}

#[cfg(all(test, any(feature = "shuttle", feature = "loom")))]
pub(crate) use checked::*;
#[cfg(not(all(test, any(feature = "shuttle", feature = "loom"))))]
pub(crate) use plain::*;
#[cfg(all(test, any(feature = "shuttle", feature = "loom")))]
pub(crate) use swap::*;

/// Whether this is a build for a model checker. Tables are then tiny: a schedule of a checker is
/// some hundred steps, and every atomic costs.
pub(crate) const MODELLED: bool = cfg!(all(test, any(feature = "shuttle", feature = "loom")));
