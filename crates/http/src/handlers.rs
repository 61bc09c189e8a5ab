//! What each operation does, one file a resource. Handlers read with carnet-wire, ask the address
//! book once, and write with carnet-wire; statuses and codes are made in `error`.

pub(crate) mod bulk;
pub(crate) mod contacts;
pub(crate) mod expand;
pub(crate) mod lookup;
pub(crate) mod notes;
pub(crate) mod organizations;
pub(crate) mod own;
pub(crate) mod scan;

use carnet_book::EditError;
use carnet_wire::patch::PatchError;

/// What is wrong with a patch, in the book's words.
fn edit_error(error: PatchError) -> EditError {
    match error {
        PatchError::Conflict(why) => EditError::Conflict(why),
        PatchError::Invalid(invalid) => EditError::Invalid(invalid),
    }
}
