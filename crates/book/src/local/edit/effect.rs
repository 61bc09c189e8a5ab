//! The effects of an edit on search and look-ups, to be published once it is durable. It does not know
//! who publishes them.

use carnet_model::{Account, ChangeNo, ContactNo, OrganizationNo};
use carnet_phone::E164;
use carnet_search::{Entry, OrganizationEntry};
use std::sync::Arc;

/// The effect of one change.
#[cfg_attr(test, derive(Clone))]
pub(crate) enum Effect {
    /// A contact has another entry in the index, or none any more.
    Contact {
        no: ContactNo,
        /// The change.
        at: ChangeNo,
        /// Whether the index may hold it already.
        known: bool,
        entry: Option<Arc<Entry>>,
        /// Telephone numbers that it gained or lost.
        numbers: Vec<E164>,
    },
    /// An organisation has another entry in the index, or none any more.
    Organization {
        no: OrganizationNo,
        at: ChangeNo,
        known: bool,
        entry: Option<Arc<OrganizationEntry>>,
        /// Contacts that lost it.
        unlinked: Vec<ContactNo>,
    },
    /// The credentials of an account have ended, or it may do something else than before.
    Account(Account),
    /// A setting for records has another value.
    Setting { name: String, value: String },
}
