//! The number index: from a telephone number to its contacts, in memory, for the look-up path.
//!
//! A table with open addressing: 16 bytes a place, at most four of five places taken. Readers take
//! no lock (but for a number that several contacts share) and may run while the one writer changes
//! it; whether what they read belongs together is told by the seqlock of [`crate::local::memory::Hot`].
//! It is derived from the store's number rows, and knows nothing of records.

use crate::local::memory::sync::{ArcSwap, AtomicU64, MODELLED, Mutex, Ordering, RwLock};
use carnet_model::ContactNo;
use carnet_phone::E164;
use std::sync::{Arc, PoisonError};

/// Several contacts share the number, and this is the place of their list. A contact's own number
/// never comes near this bit.
const SHARED: u64 = 1 << 63;
/// What a place holds whose number nobody has any more.
const NOBODY: u64 = 0;
/// Places of an empty table.
const PLACES_MIN: usize = if MODELLED { 4 } else { 1 << 10 };

/// Who has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owners {
    Nobody,
    One(ContactNo),
    /// Oldest first.
    Several(Arc<[ContactNo]>),
}

/// The index. Changed by one thread at a time; the lock sees to it.
pub(crate) struct NumberIndex {
    table: ArcSwap<Table>,
    shared: RwLock<Lists>,
    /// Places that are taken, those of forgotten numbers included.
    taken: Mutex<usize>,
}

/// The contacts of numbers that several share.
#[derive(Default)]
struct Lists {
    all: Vec<Arc<[ContactNo]>>,
    free: Vec<usize>,
}

struct Table {
    places: Box<[Place]>,
}

/// Together, so that a look-up waits for memory once.
#[derive(Default)]
#[repr(align(16))]
struct Place {
    /// Digits; 0 when the place is empty.
    key: AtomicU64,
    value: AtomicU64,
}

impl Table {
    fn new(places: usize) -> Table {
        Table { places: (0..places).map(|_| Place::default()).collect() }
    }

    /// Where this number stands, unless others stand there.
    #[inline]
    fn first_place(&self, digits: u64) -> usize {
        // Numbers of one company follow each other; an odd factor scatters them over all bits, of
        // which the upper ones choose the place.
        let spread = digits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let spread = u128::from(spread ^ (spread >> 29)) * self.places.len() as u128;
        #[expect(clippy::cast_possible_truncation, reason = "smaller than the length")]
        let place = (spread >> 64) as usize;
        place
    }

    /// The place of this number, or the empty one where it would stand. There always is an empty
    /// place.
    #[inline]
    fn place(&self, digits: u64) -> (usize, bool) {
        let mut place = self.first_place(digits);
        loop {
            match self.places[place].key.load(Ordering::Acquire) {
                0 => return (place, false),
                key if key == digits => return (place, true),
                _ => place = if place + 1 == self.places.len() { 0 } else { place + 1 },
            }
        }
    }

    fn value(&self, digits: u64) -> u64 {
        match self.place(digits) {
            (place, true) => self.places[place].value.load(Ordering::Acquire),
            (_, false) => NOBODY,
        }
    }
}

impl NumberIndex {
    /// An empty one with room for so many numbers.
    pub(crate) fn with_room_for(numbers: usize) -> NumberIndex {
        let table = Table::new(places_for(numbers));
        NumberIndex {
            table: ArcSwap::from_pointee(table),
            shared: RwLock::default(),
            taken: Mutex::new(0),
        }
    }

    /// Who has this number.
    pub(crate) fn find(&self, number: E164) -> Owners {
        let value = self.table.load().value(number.digits());
        match value {
            NOBODY => Owners::Nobody,
            no if no & SHARED == 0 => Owners::One(ContactNo(no)),
            at => {
                let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
                // Missing only while the writer is between two steps, which the seqlock tells.
                let list = usize::try_from(at & !SHARED).ok().and_then(|at| shared.all.get(at));
                list.map_or(Owners::Nobody, |list| Owners::Several(Arc::clone(list)))
            }
        }
    }

    /// The contact that has this number alone, if one has.
    pub(crate) fn find_alone(&self, number: E164) -> Option<ContactNo> {
        let value = self.table.load().value(number.digits());
        (value != NOBODY && value & SHARED == 0).then_some(ContactNo(value))
    }

    /// Reads the places of these numbers, none of which waits for another.
    pub(crate) fn touch(&self, numbers: &[E164]) -> u64 {
        let table = self.table.load();
        let places = numbers.iter().map(|number| table.first_place(number.digits()));
        places.fold(0, |sum, place| sum ^ table.places[place].key.load(Ordering::Relaxed))
    }

    /// Makes these the contacts of a number, oldest first.
    pub(crate) fn put(&self, number: E164, contacts: &[ContactNo]) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = self.table.load_full();
        let (mut place, known) = table.place(number.digits());
        if !known {
            if contacts.is_empty() {
                return;
            }
            if (*taken + 1) * 5 > table.places.len() * 4 {
                (table, *taken) = grown(&table);
                self.table.store(Arc::clone(&table));
                place = table.place(number.digits()).0;
            }
            *taken += 1;
        }
        let place = &table.places[place];
        let value = self.value_for(contacts, place.value.load(Ordering::Relaxed));
        place.value.store(value, Ordering::Release);
        // The key comes last: whoever finds it finds the value, too.
        place.key.store(number.digits(), Ordering::Release);
    }

    /// The value for these contacts; `old` is the one that it replaces.
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
        self.table.load().places.len() * size_of::<Place>()
            + shared.all.iter().map(list).sum::<usize>()
    }
}

/// Places for so many numbers: three of four taken, so that some more fit in.
fn places_for(numbers: usize) -> usize {
    (numbers + numbers / 3).max(PLACES_MIN)
}

/// The same numbers, but for those that nobody has, in half as much room again; and how many.
fn grown(old: &Table) -> (Arc<Table>, usize) {
    let living = || old.places.iter().filter(|old| old.value.load(Ordering::Relaxed) != NOBODY);
    let count = living().count();
    let new = Table::new(places_for(count + count / 2));
    for old in living() {
        let key = old.key.load(Ordering::Relaxed);
        let place = &new.places[new.place(key).0];
        place.value.store(old.value.load(Ordering::Relaxed), Ordering::Relaxed);
        place.key.store(key, Ordering::Relaxed);
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
        assert!(index.bytes() <= 4 * PLACES_MIN * size_of::<Place>(), "{}", index.bytes());
    }
}
