//! The clients that may ask a running daemon: who there is, and adding, removing and giving other
//! secrets. A secret is in the answer that made it and in no other; its hash is in none.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::HandlerFuture;
use crate::handlers::people::fields::Fields;
use crate::message::answer::Answer;
use carnet_book::{BookError, EntityKind, NewClient, Settings};
use carnet_model::Client;
use carnet_wire::time::Iso;
use serde::Serialize;

#[derive(Serialize)]
struct Clients<'a> {
    clients: Vec<Listed<'a>>,
}

/// A client without its secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    role: &'a str,
    create_date: Iso,
}

/// A client with its secret, as only the answer that made it has it.
#[derive(Serialize)]
struct Made<'a> {
    id: &'a str,
    secret: &'a str,
    /// For a client that may look up and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

const NAME: &str = "name";
const ROLE: &str = "role";
const ID: &str = "id";
const SECRET: &str = "secret";

/// `GET /api/v2/carnet/clients`: every client, by id.
pub(crate) fn list(context: RequestContext) -> HandlerFuture {
    Box::pin(offload(move || {
        let clients = context.book().clients()?;
        Ok(Answer::json(&Clients { clients: clients.iter().map(Listed::new).collect() }))
    }))
}

/// `POST /api/v2/carnet/clients`: `name` and `role`, and `id` and `secret` for who brings them.
pub(crate) fn add(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let body = context.json()?;
        let mut fields = Fields::of(&body)?;
        let (name, role) = (fields.required(NAME), fields.required(ROLE));
        // Taken as they are: a client that sends an empty one meant to send another, and must learn
        // of it.
        let (id, secret) = (fields.optional(ID), fields.optional(SECRET));
        let mut invalid = fields.into_faults();
        // The book names the faults of what could be read. In place of the rest it is given what
        // it refuses, so that nothing is made of a body with a fault.
        let role = if role.is_empty() { no_role(context.book().settings()) } else { role };
        let refused = |field: &str| invalid.faults.iter().any(|fault| fault.field == field);
        let id = if refused(ID) { Some(String::new()) } else { id };
        let secret = if refused(SECRET) { Some(String::new()) } else { secret };
        match context.book().add_client(&name, &role, id, secret).await {
            Ok(client) => Ok(made(&client)),
            Err(BookError::Invalid(mut found)) => {
                found.faults.retain(|fault| !refused(&fault.field));
                invalid.faults.append(&mut found.faults);
                let order = |field: &str| [NAME, ROLE, ID, SECRET].iter().position(|f| *f == field);
                invalid.faults.sort_by_key(|fault| order(&fault.field));
                Err(invalid.into())
            }
            Err(other) => Err(other.into()),
        }
    })
}

/// `DELETE /api/v2/carnet/clients/{clientId}`: the client's tokens end, the asking one's too if
/// it is this client.
pub(crate) fn remove(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.variables.get(0).to_owned();
        match context.book().remove_client(&id).await? {
            true => Ok(Answer::empty_object()),
            false => Err(BookError::NotFound(EntityKind::Client).into()),
        }
    })
}

/// `POST /api/v2/carnet/clients/{clientId}/rotate`: another secret; the old one and the client's
/// tokens end.
pub(crate) fn rotate(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let id = context.variables.get(0).to_owned();
        let client = context.book().rotate_client(&id).await?;
        let client = client.ok_or(BookError::NotFound(EntityKind::Client))?;
        Ok(made(&client))
    })
}

impl<'a> Listed<'a> {
    fn new(client: &'a Client) -> Listed<'a> {
        let Client { id, name, role, create_date, secret_sha256: _ } = client;
        Listed { id, name, role, create_date: Iso(*create_date) }
    }
}

fn made(NewClient { id, secret, key }: &NewClient) -> Answer {
    Answer::json(&Made { id, secret, key: key.as_deref() })
}

/// A name that no role has, whatever the administrator calls them.
fn no_role(settings: &Settings) -> String {
    let mut name = String::new();
    while settings.role(&name).is_some() {
        name.push('?');
    }
    name
}
