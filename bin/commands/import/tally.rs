//! How many rows of an import were added, changed or refused.

use std::ops::AddAssign;

use carnet_wire::import::NoticeKind;

/// Rows by their outcome. In a dry run: by the outcome that they would have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Rows that are new. Where only the rows were checked: those that are good.
    pub(super) added: u64,
    /// Rows that were there and have other values now.
    pub(super) updated: u64,
    /// Rows that were there already, with the same values.
    pub(super) unchanged: u64,
    /// Rows that are bad.
    pub(super) skipped: u64,
    /// Those of the added ones that have neither an id nor an external id.
    pub(super) unkeyed: u64,
    /// What was said about rows that were taken, by [`NoticeKind::ALL`].
    pub(super) notices: [u64; NoticeKind::ALL.len()],
}

impl Tally {
    /// Counts what was said about a row.
    pub(super) fn note(&mut self, kind: NoticeKind) {
        let counts = NoticeKind::ALL.iter().zip(&mut self.notices);
        counts.filter(|(known, _)| **known == kind).for_each(|(_, count)| *count += 1);
    }

    /// How often something of this kind was said.
    pub(super) fn noted(&self, kind: NoticeKind) -> u64 {
        let counts = NoticeKind::ALL.iter().zip(self.notices);
        counts.filter(|(known, _)| **known == kind).map(|(_, count)| count).sum()
    }

    /// All rows.
    pub(super) fn rows(&self) -> u64 {
        self.added + self.updated + self.unchanged + self.skipped
    }

    /// Whether rows came and none of them was good.
    pub(super) fn is_hopeless(&self) -> bool {
        self.skipped > 0 && self.skipped == self.rows()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.added += other.added;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.unkeyed += other.unkeyed;
        for (count, more) in self.notices.iter_mut().zip(other.notices) {
            *count += more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_without_a_good_row_is_a_failure() {
        let tally = |added, skipped| Tally { added, skipped, ..Tally::default() };
        assert!(tally(0, 3).is_hopeless());
        assert!(!tally(1, 3).is_hopeless());
        assert!(!tally(0, 0).is_hopeless());
    }
}
