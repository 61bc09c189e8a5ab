//! Effects: what an edit changes for search and look-ups, to be shown once it is durable. It does not
//! know who shows it.

use carnet_model::{ChangeNo, ContactNo, OrganizationNo};
use carnet_phone::E164;
use carnet_search::{Entry, OrganizationEntry};
use std::sync::Arc;

/// What search must learn of a change.
#[cfg_attr(test, derive(Clone))]
pub(crate) enum Effect {
    /// A contact has other words, or is gone.
    Contact {
        no: ContactNo,
        at: ChangeNo,
        /// The index may hold it.
        known: bool,
        entry: Option<Arc<Entry>>,
        /// Telephone numbers that it gained or lost.
        numbers: Vec<E164>,
    },
    /// An organisation has another name, or is gone.
    Organization {
        no: OrganizationNo,
        at: ChangeNo,
        known: bool,
        entry: Option<Arc<OrganizationEntry>>,
        /// Contacts that lost it.
        unlinked: Vec<ContactNo>,
    },
    /// A client's tokens have ended.
    Client {
        /// Its id.
        id: String,
    },
}
