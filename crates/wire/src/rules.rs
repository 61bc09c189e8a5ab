//! The rules by which a body is read, and the result of reading one.

use carnet_model::{InternalNumbers, Invalid, NumberRules};
use carnet_phone::Region;

/// Rules for incoming records, set by the administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The region in which numbers without a country code are read.
    pub default_region: Region,
    /// Whether a contact needs a first and a last name. If not, any one field is enough, as for an
    /// imported contact that has its id.
    pub require_names: bool,
    /// The lengths of the house's own internal numbers, if it has some. Such a text is no number of a
    /// country.
    pub internal_numbers: Option<InternalNumbers>,
}

impl Rules {
    /// Those by which a number is read.
    pub fn numbers(&self) -> NumberRules {
        NumberRules { default_region: self.default_region, internal_numbers: self.internal_numbers }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Rules { default_region: Region::US, require_names: true, internal_numbers: None }
    }
}

/// A value that was read, and all of its faults.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked<T> {
    /// The value; only to be used when nothing is wrong.
    pub value: T,
    /// The faults, in the order in which they were met. A caller may add its own, such as an
    /// organisation that does not exist, so that all are named in one answer.
    pub invalid: Invalid,
}

impl<T> Checked<T> {
    /// The value, if nothing is wrong.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn into_result(self) -> Result<T, Invalid> {
        if self.invalid.is_empty() { Ok(self.value) } else { Err(self.invalid) }
    }

    /// Converts the value and keeps the faults.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Checked<U> {
        Checked { value: change(self.value), invalid: self.invalid }
    }
}
