//! Pages of a listing, and their order.

/// A page of a listing: `number` counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Which page, from 1.
    pub number: u32,
    /// How many entries a page has, from 1.
    pub size: u32,
}

impl Page {
    /// How many entries come before this page.
    pub fn offset(self) -> usize {
        (self.number as usize - 1) * self.size as usize
    }

    /// How many entries the page has room for.
    pub fn limit(self) -> usize {
        self.size as usize
    }

    /// How many pages `total` entries fill.
    pub fn count(self, total: usize) -> usize {
        total.div_ceil(self.size as usize)
    }
}

/// Which way a listing runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Small to large.
    #[default]
    Ascending,
    /// Large to small.
    Descending,
}

/// A field by which listings can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortField {
    /// A contact's first name.
    FirstName,
    /// A contact's last name.
    LastName,
    /// A contact's middle name.
    MiddleName,
    /// A contact's title.
    Title,
    /// An organisation's name.
    Name,
    /// An organisation's kind of company.
    CompanyType,
    /// An organisation's industry.
    Industry,
    /// When it was added.
    CreateDate,
}

/// An order of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub field: SortField,
    /// Which way.
    pub direction: Direction,
}
