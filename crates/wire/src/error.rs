//! The body of every error answer. It knows no status codes of its own: the caller passes them in.

use carnet_model::{
    ExternalIdTaken, Fault, FaultKind, Invalid, InvalidFields, InvalidReference, SchemaFault, Uuid,
};
use serde::Serialize;
use std::borrow::Cow;

/// An error as the API writes it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody<'a> {
    /// A sentence for the caller.
    pub message: Cow<'a, str>,
    /// The kind of error, for programs: `not.found`, `invalid.value`.
    pub code: Cow<'a, str>,
    /// The HTTP status, once more.
    pub status: u16,
    /// The correlation id of the request, to be found in the log.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub context_id: Cow<'a, str>,
    /// The record that has what this one claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<Uuid>,
    /// One entry a field that is wrong. Written even when empty, because clients count them.
    pub details: Vec<Detail<'a>>,
}

impl<'a> ErrorBody<'a> {
    /// An error with a detail for every fault of `invalid`, which may be empty.
    pub fn new(
        message: impl Into<Cow<'a, str>>,
        code: impl Into<Cow<'a, str>>,
        status: u16,
        context_id: impl Into<Cow<'a, str>>,
        invalid: &'a Invalid,
    ) -> ErrorBody<'a> {
        let details = details(invalid);
        ErrorBody {
            message: message.into(),
            code: code.into(),
            status,
            context_id: context_id.into(),
            entity_id: details.iter().find_map(|detail| detail.entity_id),
            details,
        }
    }
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail<'a> {
    /// The kind of fault, for programs: `required`, `too.long` or `invalid.value`.
    pub error_code: &'static str,
    /// The path of the field: `externalIds[2].value`.
    pub field_name: Cow<'a, str>,
    /// The record that has what this one claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<Uuid>,
}

impl<'a> From<&'a Fault> for Detail<'a> {
    fn from(fault: &'a Fault) -> Detail<'a> {
        let entity_id = match fault.kind {
            FaultKind::Taken { holder, .. } => Some(holder),
            _ => None,
        };
        let field_name = Cow::Borrowed(fault.field.as_str());
        Detail { error_code: fault_code(&fault.kind), field_name, entity_id }
    }
}

/// A detail for every fault, in their order.
pub fn details(invalid: &Invalid) -> Vec<Detail<'_>> {
    invalid.faults.iter().map(Detail::from).collect()
}

/// The code of one fault.
pub fn fault_code(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::Required => "required",
        FaultKind::TooLong { .. } => "too.long",
        FaultKind::WrongType { .. } | FaultKind::Value(_) => INVALID_VALUE,
        FaultKind::Taken { .. } => CONFLICT,
    }
}

/// The code of all faults together: that of the fault when there is one, the general one when
/// there are several.
pub fn invalid_code(invalid: &Invalid) -> &'static str {
    match invalid.faults.as_slice() {
        [fault] => fault_code(&fault.kind),
        _ => INVALID_VALUE,
    }
}

const INVALID_VALUE: &str = "invalid.value";
/// The code of what contradicts the present state.
pub const CONFLICT: &str = "conflict";

/// The fault of a reference that leads nowhere, at the field that has it.
pub fn invalid_reference(reference: InvalidReference) -> Invalid {
    let field = match reference {
        InvalidReference::Organization | InvalidReference::OrganizationIsContact => {
            "externalOrganization.id"
        }
        InvalidReference::NoteContact
        | InvalidReference::NoteOrganization
        | InvalidReference::NoteSubject => "entityId",
        InvalidReference::Contact | InvalidReference::ExternalIds => "externalIds",
        InvalidReference::NoField
        | InvalidReference::IdOfContact
        | InvalidReference::IdOfOrganization
        | InvalidReference::IdOfNote
        | InvalidReference::TooManySchemas => "id",
        InvalidReference::SchemaVersion => "version",
        InvalidReference::NameLost { first, last } => {
            let mut lost = Invalid::default();
            for field in
                [first.then_some("firstName"), last.then_some("lastName")].into_iter().flatten()
            {
                lost.add(field, FaultKind::Value(reference.to_string()));
            }
            return lost;
        }
    };
    Invalid::one(field, FaultKind::Value(reference.to_string()))
}

/// The faults of custom fields, each at its field, or at that of their schema.
pub fn invalid_fields(invalid: &InvalidFields) -> Invalid {
    let why = || FaultKind::Value(invalid.to_string());
    match invalid {
        InvalidFields::NoSchema => Invalid::one("customFields", why()),
        InvalidFields::Schema(SchemaFault::UnknownVersion) => Invalid::one("schema.version", why()),
        InvalidFields::Schema(SchemaFault::VersionMissing) => Invalid::one("schema.version", why()),
        InvalidFields::Schema(_) => Invalid::one("schema.id", why()),
        InvalidFields::Fields(fields) => {
            let mut named = Invalid::default();
            for Fault { field, kind } in &fields.faults {
                named.add(format!("customFields.{field}"), kind.clone());
            }
            named
        }
    }
}

/// The faults of external ids that another record of their kind has, each at its field.
pub fn external_ids_taken(taken: &[ExternalIdTaken]) -> Invalid {
    let mut invalid = Invalid::default();
    for ExternalIdTaken { index, holder, kind } in taken {
        let taken = FaultKind::Taken { holder: *holder, kind: *kind };
        invalid.add(format!("externalIds[{index}]"), taken);
    }
    invalid
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn three_faults() -> Invalid {
        let mut invalid =
            Invalid::one("surveyOptOut", FaultKind::WrongType { expected: "true or false" });
        invalid.add("title", FaultKind::TooLong { max: 1_000 });
        invalid.add("lastName", FaultKind::Required);
        invalid
    }

    #[test]
    fn every_fault_has_its_detail() {
        let invalid = three_faults();
        let body = ErrorBody::new(invalid.to_string(), "invalid.value", 400, "c-1", &invalid);
        assert_eq!(
            serde_json::to_value(&body).unwrap(),
            json!({
                "message": "surveyOptOut must be true or false; title is longer than 1000; lastName is required",
                "code": "invalid.value",
                "status": 400,
                "contextId": "c-1",
                "details": [
                    {"errorCode": "invalid.value", "fieldName": "surveyOptOut"},
                    {"errorCode": "too.long", "fieldName": "title"},
                    {"errorCode": "required", "fieldName": "lastName"},
                ],
            })
        );
    }

    #[test]
    fn a_claim_of_what_another_has_names_the_holder() {
        let holder = Uuid::from_u128(7);
        let kind = carnet_model::HolderKind::Contact;
        let invalid = external_ids_taken(&[ExternalIdTaken { index: 1, holder, kind }]);
        let body = ErrorBody::new(invalid.to_string(), CONFLICT, 409, "", &invalid);
        assert_eq!(
            serde_json::to_value(&body).unwrap(),
            json!({
                "message": format!("externalIds[1] is that of contact {holder}"),
                "code": "conflict",
                "status": 409,
                "entityId": holder,
                "details": [
                    {"errorCode": "conflict", "fieldName": "externalIds[1]", "entityId": holder},
                ],
            })
        );
    }

    #[test]
    fn an_error_without_faults_has_an_empty_list_of_details() {
        let invalid = Invalid::default();
        let body = ErrorBody::new("There is no such contact.", "not.found", 404, "", &invalid);
        assert_eq!(
            serde_json::to_value(&body).unwrap(),
            json!({"message": "There is no such contact.", "code": "not.found", "status": 404, "details": []})
        );
    }

    #[test]
    fn one_fault_gives_its_own_code_and_several_the_general_one() {
        assert_eq!(invalid_code(&Invalid::one("a", FaultKind::Required)), "required");
        assert_eq!(invalid_code(&three_faults()), "invalid.value");
    }
}
