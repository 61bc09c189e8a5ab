//! Patches: the refusal of one in the book's words.

use carnet_book::EditError;
use carnet_wire::patch::PatchError;

/// The refusal of a patch, as an edit gives it.
pub(crate) fn edit_error(error: PatchError) -> EditError {
    match error {
        PatchError::Conflict(why) => EditError::Conflict(why),
        PatchError::Invalid(invalid) => EditError::Invalid(invalid),
    }
}
