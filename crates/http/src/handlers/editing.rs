//! Edits: the refusal of a patch in the book's words, and the condition that a request makes of the
//! record's present state.

use crate::api::context::RequestContext;
use crate::message::error::Failure;
use crate::message::etag::{self, BadCondition, IfMatch};
use carnet_book::EditError;
use carnet_wire::patch::PatchError;
use serde::Serialize;

/// The refusal of a patch, as an edit gives it.
pub(crate) fn edit_error(error: PatchError) -> EditError {
    match error {
        PatchError::Conflict(why) => EditError::Conflict(why),
        PatchError::Invalid(invalid) => EditError::Invalid(invalid),
    }
}

/// The condition of a request. It is checked in the writer, so that nothing comes between it and the
/// edit.
pub(crate) struct Condition(IfMatch);

impl Condition {
    pub(crate) fn of(context: &RequestContext) -> Result<Condition, Failure> {
        let read = IfMatch::read(&context.parts.headers);
        read.map(Condition).map_err(|BadCondition| {
            Failure::bad_request(
                "The header If-Match is neither * nor a list of entity tags in quotation marks, as \
                 ETag gives them.",
            )
        })
    }

    /// Refuses a record that is in another state. `answer` is what [`Answer::record`] would show.
    ///
    /// [`Answer::record`]: crate::message::answer::Answer::record
    pub(crate) fn check<T: Serialize>(&self, answer: impl FnOnce() -> T) -> Result<(), EditError> {
        // What cannot be written has no tag, and so none that could be meant.
        let tag = || serde_json::to_vec(&answer()).map_or_else(|_| String::new(), |b| etag::of(&b));
        if self.0.admits(tag) { Ok(()) } else { Err(EditError::Changed) }
    }
}
