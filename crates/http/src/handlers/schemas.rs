//! Schemas of custom fields, of contacts and of organisations. The operations of both are the same; which
//! of them is meant stands in the path.

use crate::api::context::RequestContext;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{BookError, EntityKind, Snapshot};
use carnet_model::SchemaKind;
use carnet_wire::schema::{self, CoreTypes, Listing, Schema};

/// The path of the operations on schemas of organisations. Literal segments of a path are taken letter
/// for letter, so no other spelling leads here.
const OF_ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations/";

fn kind(context: &RequestContext) -> SchemaKind {
    match context.path().starts_with(OF_ORGANIZATIONS) {
        true => SchemaKind::Organization,
        false => SchemaKind::Contact,
    }
}

/// `GET …/schemas`: the newest version of each.
pub(crate) fn list(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let schemas = snapshot.schemas(kind(context))?;
    Ok(Answer::json(&Listing::new(&schemas, context.path())))
}

/// `POST …/schemas`.
pub(crate) fn add(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let draft = schema::read(&context.json()?).into_result()?;
        let schema = context.book().add_schema(&context.principal, kind(&context), draft).await?;
        Ok(Answer::json(&Schema::new(&schema)))
    })
}

/// `GET …/schemas/{schemaId}`.
pub(crate) fn read(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let id = context.id(0, EntityKind::Schema)?;
    let schema = snapshot.schema(kind(context), id)?;
    let schema = schema.ok_or(BookError::NotFound(EntityKind::Schema))?;
    Ok(Answer::json(&Schema::new(&schema)))
}

/// `PUT …/schemas/{schemaId}`: the next version, where the body names the present one.
pub(crate) fn replace(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Schema)?;
        let draft = schema::read_next(&context.json()?).into_result()?;
        let (book, kind) = (context.book(), kind(&context));
        let schema = book.replace_schema(&context.principal, kind, id, draft).await?;
        Ok(Answer::json(&Schema::new(&schema)))
    })
}

/// `DELETE …/schemas/{schemaId}`: records keep it, and its versions can be read.
pub(crate) fn remove(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.id(0, EntityKind::Schema)?;
        context.book().remove_schema(kind(&context), id).await?;
        Ok(Answer::empty_object())
    })
}

/// `GET …/schemas/{schemaId}/versions`: also of a schema that was removed.
pub(crate) fn versions(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let id = context.id(0, EntityKind::Schema)?;
    let versions = snapshot.schema_versions(kind(context), id)?;
    if versions.is_empty() {
        return Err(BookError::NotFound(EntityKind::Schema).into());
    }
    Ok(Answer::json(&Listing::new(&versions, context.path())))
}

/// `GET …/schemas/{schemaId}/versions/{versionId}`.
pub(crate) fn version(context: &RequestContext, snapshot: &Snapshot) -> HandlerResult {
    let id = context.id(0, EntityKind::Schema)?;
    // A text that is no number names no version.
    let version = context.variables.get(1).parse().unwrap_or(0);
    let schema = snapshot.schema_version(kind(context), id, version)?;
    let missing = || Failure::not_found("There is no such version of this schema.");
    Ok(Answer::json(&Schema::new(&schema.ok_or_else(missing)?)))
}

/// `GET …/schemas/coretypes`.
pub(crate) fn core_types(context: &RequestContext, _: &Snapshot) -> HandlerResult {
    Ok(Answer::json(&CoreTypes(kind(context))))
}

/// `GET …/schemas/coretypes/{coreTypeName}`.
pub(crate) fn core_type(context: &RequestContext, _: &Snapshot) -> HandlerResult {
    let found = schema::core_type(context.variables.get(0), kind(context));
    let missing = || Failure::not_found("There is no such core type.");
    Ok(Answer::json(&found.ok_or_else(missing)?))
}

/// `GET …/schemas/limits`.
pub(crate) fn limits(context: &RequestContext, _: &Snapshot) -> HandlerResult {
    Ok(Answer::json(&schema::limits(kind(context))))
}
