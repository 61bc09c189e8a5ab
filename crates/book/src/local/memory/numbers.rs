//! The number index: from a telephone number to its contacts, in memory. It is derived from the
//! store's number rows, and knows nothing of records.
//!
//! A hash table with open addressing: 16 bytes a bucket, at most four of five buckets taken. Readers
//! take no lock (but for a number that several contacts share) and may run while the one writer
//! changes the table; the seqlock of [`crate::local::memory`] tells them whether the reads belong to
//! one state. Here it is only seen to that each read by itself is defined: a key is stored after its
//! value, buckets are never emptied, and a table is replaced as a whole.

use crate::local::memory::sync::{ArcSwap, AtomicU64, MODELLED, Mutex, Ordering, RwLock};
use carnet_model::ContactNo;
use carnet_phone::E164;
use std::sync::{Arc, PoisonError};

/// The bit of a value that is the position of a list of contacts who share the number. A contact's
/// own number never comes near this bit.
const SHARED: u64 = 1 << 63;
/// The value of a number that no contact has any more.
const NOBODY: u64 = 0;
/// Buckets of an empty table.
const BUCKETS_MIN: usize = if MODELLED { 4 } else { 1 << 10 };

/// The contacts that have a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owners {
    Nobody,
    One(ContactNo),
    /// Oldest first.
    Several(Arc<[ContactNo]>),
}

/// The index. `taken` is the lock of the writers.
pub(crate) struct NumberIndex {
    table: ArcSwap<Table>,
    shared: RwLock<Lists>,
    /// Buckets that are taken, those of numbers without contacts included.
    taken: Mutex<usize>,
}

/// The contacts of numbers that several share.
#[derive(Default)]
struct Lists {
    all: Vec<Arc<[ContactNo]>>,
    free: Vec<usize>,
}

struct Table {
    buckets: Box<[Bucket]>,
}

/// A key and its value, in one line of the processor's cache: a look-up waits for memory once.
#[derive(Default)]
#[repr(align(16))]
struct Bucket {
    /// Digits; 0 when the bucket is empty.
    key: AtomicU64,
    value: AtomicU64,
}

impl Table {
    fn new(buckets: usize) -> Table {
        Table { buckets: (0..buckets).map(|_| Bucket::default()).collect() }
    }

    /// The bucket at which the search for a number begins.
    #[inline]
    fn first_bucket(&self, digits: u64) -> usize {
        // Numbers of one company follow each other; an odd factor scatters them over all bits, of
        // which the upper ones choose the bucket.
        let spread = digits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let spread = u128::from(spread ^ (spread >> 29)) * self.buckets.len() as u128;
        #[expect(clippy::cast_possible_truncation, reason = "smaller than the length")]
        let bucket = (spread >> 64) as usize;
        bucket
    }

    /// The bucket of a number, or the empty one where it would go, and whether it has it. There
    /// always is an empty bucket, so this ends.
    #[inline]
    fn bucket(&self, digits: u64) -> (usize, bool) {
        let mut bucket = self.first_bucket(digits);
        loop {
            // Acquire: pairs with the store of the key in `put`, which comes after its value.
            match self.buckets[bucket].key.load(Ordering::Acquire) {
                0 => return (bucket, false),
                key if key == digits => return (bucket, true),
                _ => bucket = if bucket + 1 == self.buckets.len() { 0 } else { bucket + 1 },
            }
        }
    }

    fn value(&self, digits: u64) -> u64 {
        match self.bucket(digits) {
            // Acquire: pairs with the store of the value in `put`, which comes after its list.
            (bucket, true) => self.buckets[bucket].value.load(Ordering::Acquire),
            (_, false) => NOBODY,
        }
    }
}

impl NumberIndex {
    /// An empty index with room for `numbers`.
    pub(crate) fn with_room_for(numbers: usize) -> NumberIndex {
        let table = Table::new(buckets_for(numbers));
        NumberIndex {
            table: ArcSwap::from_pointee(table),
            shared: RwLock::default(),
            taken: Mutex::new(0),
        }
    }

    /// The contacts that have this number.
    pub(crate) fn find(&self, number: E164) -> Owners {
        let value = self.table.load().value(number.digits());
        match value {
            NOBODY => Owners::Nobody,
            no if no & SHARED == 0 => Owners::One(ContactNo(no)),
            at => {
                let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
                // Missing, or another number's, only while the writer is between two steps: then
                // the seqlock has the reader read again.
                let list = usize::try_from(at & !SHARED).ok().and_then(|at| shared.all.get(at));
                list.map_or(Owners::Nobody, |list| Owners::Several(Arc::clone(list)))
            }
        }
    }

    /// The contact that has this number, if it is the only one.
    pub(crate) fn find_alone(&self, number: E164) -> Option<ContactNo> {
        let value = self.table.load().value(number.digits());
        (value != NOBODY && value & SHARED == 0).then_some(ContactNo(value))
    }

    /// Reads the first buckets of these numbers, none of which waits for another.
    pub(crate) fn prefetch(&self, numbers: &[E164]) -> u64 {
        let table = self.table.load();
        let buckets = numbers.iter().map(|number| table.first_bucket(number.digits()));
        buckets.fold(0, |sum, bucket| sum ^ table.buckets[bucket].key.load(Ordering::Relaxed))
    }

    /// Sets the contacts of a number, oldest first.
    pub(crate) fn put(&self, number: E164, contacts: &[ContactNo]) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = self.table.load_full();
        let (mut bucket, known) = table.bucket(number.digits());
        if !known {
            if contacts.is_empty() {
                return;
            }
            if (*taken + 1) * 5 > table.buckets.len() * 4 {
                (table, *taken) = grown(&table);
                self.table.store(Arc::clone(&table));
                bucket = table.bucket(number.digits()).0;
            }
            *taken += 1;
        }
        let bucket = &table.buckets[bucket];
        let value = self.value_for(contacts, bucket.value.load(Ordering::Relaxed));
        // Release: pairs with the load in `Table::value`.
        bucket.value.store(value, Ordering::Release);
        // Release: pairs with the load in `Table::bucket`. The key comes last, so a reader that
        // finds it finds the value, too.
        bucket.key.store(number.digits(), Ordering::Release);
    }

    /// The value for these contacts. The list of the value that it replaces, `old`, becomes free.
    fn value_for(&self, contacts: &[ContactNo], old: u64) -> u64 {
        let alone = contacts.first().map_or(NOBODY, |no| no.0);
        if old & SHARED == 0 && contacts.len() <= 1 {
            return alone;
        }
        let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        let old = usize::try_from(old & !SHARED).ok().filter(|_| old & SHARED != 0);
        shared.free.extend(old);
        if contacts.len() <= 1 {
            return alone;
        }
        let at = match shared.free.pop() {
            Some(at) => {
                shared.all[at] = contacts.into();
                at
            }
            None => {
                shared.all.push(contacts.into());
                shared.all.len() - 1
            }
        };
        at as u64 | SHARED
    }

    /// Bytes of memory, the lists of shared numbers estimated.
    pub(crate) fn bytes(&self) -> usize {
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        let list = |list: &Arc<[ContactNo]>| 32 + 8 * list.len();
        self.table.load().buckets.len() * size_of::<Bucket>()
            + shared.all.iter().map(list).sum::<usize>()
    }
}

/// Buckets for `numbers`: three of four taken, so that some more fit in.
fn buckets_for(numbers: usize) -> usize {
    (numbers + numbers / 3).max(BUCKETS_MIN)
}

/// A table with room for half as many numbers again, without those that no contact has; and how
/// many it holds. Relaxed throughout: no reader has it before it is published.
fn grown(old: &Table) -> (Arc<Table>, usize) {
    let living = || old.buckets.iter().filter(|old| old.value.load(Ordering::Relaxed) != NOBODY);
    let count = living().count();
    let new = Table::new(buckets_for(count + count / 2));
    for old in living() {
        let key = old.key.load(Ordering::Relaxed);
        let bucket = &new.buckets[new.bucket(key).0];
        bucket.value.store(old.value.load(Ordering::Relaxed), Ordering::Relaxed);
        bucket.key.store(key, Ordering::Relaxed);
    }
    (Arc::new(new), count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_sample::Random;
    use std::collections::HashMap;

    fn number(digits: u64) -> E164 {
        E164::from_digits(digits).unwrap()
    }

    fn owners(contacts: &[u64]) -> Owners {
        match contacts {
            [] => Owners::Nobody,
            [one] => Owners::One(ContactNo(*one)),
            all => Owners::Several(all.iter().map(|no| ContactNo(*no)).collect()),
        }
    }

    #[test]
    fn answers_as_a_hash_map_does() {
        let index = NumberIndex::with_room_for(0);
        let mut expected: HashMap<u64, Vec<u64>> = HashMap::new();
        let mut dice = Random::at(11, 0);
        let mut random = |end: u64| dice.below(end);
        for _ in 0..200_000 {
            let digits = 33_600_000_000 + random(20_000);
            let contacts: Vec<u64> = (0..random(4)).map(|_| 1 + random(1_000)).collect();
            let nos: Vec<ContactNo> = contacts.iter().map(|no| ContactNo(*no)).collect();
            index.put(number(digits), &nos);
            expected.insert(digits, contacts);
        }
        for digits in 33_600_000_000..33_600_020_000 {
            let contacts = expected.get(&digits).map_or(&[][..], Vec::as_slice);
            assert_eq!(index.find(number(digits)), owners(contacts), "{digits}");
        }
        assert_eq!(index.find(number(1_000)), Owners::Nobody);
    }

    #[test]
    fn numbers_that_come_and_go_take_no_more_room() {
        let index = NumberIndex::with_room_for(0);
        for digits in 10_000..200_000 {
            index.put(number(digits), &[ContactNo(1)]);
            index.put(number(digits), &[]);
        }
        assert!(index.bytes() <= 4 * BUCKETS_MIN * size_of::<Bucket>(), "{}", index.bytes());
    }
}
