//! The number index: from a telephone number to its contacts, in memory, for the look-up path.
//!
//! A table with open addressing: 12 bytes a place, at most four of five places taken. Readers take
//! no lock (but for a number that several contacts share) and may run while the one writer changes
//! it; whether what they read belongs together is told by the mark of [`crate::hot::Hot`].
//! It is derived from the store's number rows, and knows nothing of records.

use arc_swap::ArcSwap;
use carnet_model::ContactNo;
use carnet_phone::E164;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Contacts beyond this number do not fit: the first bit says that several share the number.
const NO_MAX: u32 = u32::MAX >> 1;
const SHARED: u32 = 1 << 31;
/// What a place holds whose number nobody has any more.
const NOBODY: u32 = 0;
/// Places of an empty table.
const PLACES_MIN: usize = 1 << 10;

/// Who has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owners {
    Nobody,
    One(ContactNo),
    /// Oldest first.
    Several(Arc<[ContactNo]>),
}

/// A contact's number is too large for the index. With 2,147,483,647 contacts ever added, look-ups
/// go to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

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
    free: Vec<u32>,
}

struct Table {
    /// Digits; 0 is an empty place.
    keys: Box<[AtomicU64]>,
    values: Box<[AtomicU32]>,
}

impl Table {
    fn new(places: usize) -> Table {
        Table {
            keys: (0..places).map(|_| AtomicU64::new(0)).collect(),
            values: (0..places).map(|_| AtomicU32::new(NOBODY)).collect(),
        }
    }

    /// The place of this number, or the empty one where it would stand. There always is an empty
    /// place.
    fn place(&self, digits: u64) -> (usize, bool) {
        // Numbers of one company follow each other; an odd factor scatters them over all bits, of
        // which the upper ones choose the place.
        let spread = digits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let spread = u128::from(spread ^ (spread >> 29)) * self.keys.len() as u128;
        #[expect(clippy::cast_possible_truncation, reason = "smaller than the length")]
        let mut place = (spread >> 64) as usize;
        loop {
            match self.keys[place].load(Ordering::Acquire) {
                0 => return (place, false),
                key if key == digits => return (place, true),
                _ => place = if place + 1 == self.keys.len() { 0 } else { place + 1 },
            }
        }
    }

    fn value(&self, digits: u64) -> u32 {
        match self.place(digits) {
            (place, true) => self.values[place].load(Ordering::Acquire),
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
            no if no & SHARED == 0 => Owners::One(ContactNo(no.into())),
            at => {
                let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
                // Missing only while the writer is between two steps, which the mark tells.
                let list = shared.all.get((at & !SHARED) as usize);
                list.map_or(Owners::Nobody, |list| Owners::Several(Arc::clone(list)))
            }
        }
    }

    /// Makes these the contacts of a number, oldest first.
    pub(crate) fn put(&self, number: E164, contacts: &[ContactNo]) -> Result<(), TooMany> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = self.table.load_full();
        let (mut place, known) = table.place(number.digits());
        if !known {
            if contacts.is_empty() {
                return Ok(());
            }
            if (*taken + 1) * 5 > table.keys.len() * 4 {
                (table, *taken) = grown(&table);
                self.table.store(Arc::clone(&table));
                place = table.place(number.digits()).0;
            }
            *taken += 1;
        }
        let value = self.value_for(contacts, table.values[place].load(Ordering::Relaxed))?;
        table.values[place].store(value, Ordering::Release);
        // The key comes last: whoever finds it finds the value, too.
        table.keys[place].store(number.digits(), Ordering::Release);
        Ok(())
    }

    /// The value for these contacts; `old` is the one that it replaces.
    fn value_for(&self, contacts: &[ContactNo], old: u32) -> Result<u32, TooMany> {
        if old & SHARED == 0 && contacts.len() <= 1 {
            return contacts.first().map_or(Ok(NOBODY), |no| small(*no));
        }
        let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        if old & SHARED != 0 {
            shared.free.push(old & !SHARED);
        }
        if contacts.len() <= 1 {
            return contacts.first().map_or(Ok(NOBODY), |no| small(*no));
        }
        let at = match shared.free.pop() {
            Some(at) => {
                shared.all[at as usize] = contacts.into();
                at
            }
            None => {
                shared.all.push(contacts.into());
                u32::try_from(shared.all.len() - 1).map_err(|_| TooMany)?
            }
        };
        if at > NO_MAX { Err(TooMany) } else { Ok(at | SHARED) }
    }

    /// Bytes of memory, the lists of shared numbers estimated.
    pub(crate) fn bytes(&self) -> usize {
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        let list = |list: &Arc<[ContactNo]>| 32 + 8 * list.len();
        self.table.load().keys.len() * 12 + shared.all.iter().map(list).sum::<usize>()
    }
}

fn small(no: ContactNo) -> Result<u32, TooMany> {
    u32::try_from(no.0).ok().filter(|no| *no <= NO_MAX).ok_or(TooMany)
}

/// Places for so many numbers: three of four taken, so that some more fit in.
fn places_for(numbers: usize) -> usize {
    (numbers + numbers / 3).max(PLACES_MIN)
}

/// The same numbers, but for those that nobody has, in half as much room again; and how many.
fn grown(old: &Table) -> (Arc<Table>, usize) {
    let living = old.values.iter().filter(|value| value.load(Ordering::Relaxed) != NOBODY);
    let living = living.count();
    let new = Table::new(places_for(living + living / 2));
    for (key, value) in old.keys.iter().zip(&old.values) {
        let value = value.load(Ordering::Relaxed);
        if value != NOBODY {
            let key = key.load(Ordering::Relaxed);
            let place = new.place(key).0;
            new.values[place].store(value, Ordering::Relaxed);
            new.keys[place].store(key, Ordering::Relaxed);
        }
    }
    (Arc::new(new), living)
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let mut seed = 11_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..200_000 {
            let digits = 33_600_000_000 + random(20_000);
            let contacts: Vec<u64> = (0..random(4)).map(|_| 1 + random(1_000)).collect();
            let nos: Vec<ContactNo> = contacts.iter().map(|no| ContactNo(*no)).collect();
            index.put(number(digits), &nos).unwrap();
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
            index.put(number(digits), &[ContactNo(1)]).unwrap();
            index.put(number(digits), &[]).unwrap();
        }
        assert!(index.bytes() <= 4 * PLACES_MIN * 12, "{}", index.bytes());
    }

    #[test]
    fn a_contact_that_does_not_fit_is_refused() {
        let index = NumberIndex::with_room_for(0);
        index.put(number(10_000), &[ContactNo(NO_MAX.into())]).unwrap();
        assert_eq!(index.put(number(10_001), &[ContactNo(u64::from(NO_MAX) + 1)]), Err(TooMany));
        assert_eq!(index.find(number(10_000)), Owners::One(ContactNo(NO_MAX.into())));
    }
}
