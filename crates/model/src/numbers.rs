//! The small ascending numbers that stand for things inside carnet. The API's identifiers are
//! random or long; these are given out at insertion, so keys are short and loads go in order.

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);
    };
}

number!(
    /// A contact's place in the store. Never given twice, so a later contact has a larger one.
    ContactNo
);
number!(
    /// An organisation's place in the store. Never given twice.
    OrganizationNo
);
number!(
    /// A note's place in the store. Never given twice.
    NoteNo
);
number!(
    /// A change's place in the change log: 1 for the first, without gaps.
    ChangeNo
);
