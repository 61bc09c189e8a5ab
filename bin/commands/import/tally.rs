//! How many rows of an import were added, changed or refused.

use std::ops::AddAssign;

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
    /// Numbers of good rows that are kept as they were typed, and that no look-up finds.
    pub(super) unread: u64,
}

impl Tally {
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
        self.unread += other.unread;
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
