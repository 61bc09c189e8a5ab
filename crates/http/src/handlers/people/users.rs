//! The people who may sign in, for administrators: who there is, and adding, editing and removing.
//! No answer has a password or its hash.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::handlers::people::fields::Fields;
use crate::handlers::people::session::hash;
use crate::message::answer::Answer;
use carnet_book::Snapshot;
use carnet_model::{FaultKind, Invalid, User};
use carnet_wire::time::Iso;
use serde::Serialize;
use std::sync::Arc;

const NAME: &str = "name";
const ROLE: &str = "role";
const PASSWORD: &str = "password";

#[derive(Serialize)]
struct Users<'a> {
    users: Vec<Listed<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    name: &'a str,
    role: &'a str,
    create_date: Iso,
}

impl<'a> Listed<'a> {
    fn new(user: &'a User) -> Listed<'a> {
        let User { name, role, create_date, password_hash: _ } = user;
        Listed { name, role, create_date: Iso(*create_date) }
    }
}

#[derive(Serialize)]
struct Roles<'a> {
    roles: Vec<Role<'a>>,
}

#[derive(Serialize)]
struct Role<'a> {
    name: &'a str,
    permissions: Vec<&'static str>,
}

/// `GET /api/v2/carnet/users`: every person, by name.
pub(crate) fn list(context: RequestContext) -> HandlerFuture {
    Box::pin(offload(move || {
        let users = context.book().users()?;
        Ok(Answer::json(&Users { users: users.iter().map(Listed::new).collect() }))
    }))
}

/// `POST /api/v2/carnet/users`: `name`, `role` and `password`.
pub(crate) fn add(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let body = context.json()?;
        let mut fields = Fields::of(&body)?;
        let (name, role) = (fields.required(NAME), fields.required(ROLE));
        let password = fields.required(PASSWORD);
        fields.end()?;
        let state = Arc::clone(&context.state);
        let password = hash(&state, password).await?;
        let user = state.book.add_user(&name, &role, password).await?;
        Ok(Answer::json(&Listed::new(&user)))
    })
}

/// `PUT /api/v2/carnet/users/{name}`: another `role`, another `password`, or both.
pub(crate) fn edit(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let body = context.json()?;
        let mut fields = Fields::of(&body)?;
        let (role, password) = (fields.optional(ROLE), fields.optional(PASSWORD));
        fields.end()?;
        if role.is_none() && password.is_none() {
            return Err(Invalid::one(ROLE, FaultKind::Required).into());
        }
        let (state, name) = (Arc::clone(&context.state), context.variables.get(0).to_owned());
        let password = match password {
            Some(password) => Some(hash(&state, password).await?),
            None => None,
        };
        let user = state.book.edit_user(&name, role, password).await?;
        Ok(Answer::json(&Listed::new(&user)))
    })
}

/// `DELETE /api/v2/carnet/users/{name}`: the sessions end at once.
pub(crate) fn remove(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let name = context.variables.get(0).to_owned();
        context.book().remove_user(&name).await?;
        Ok(Answer::empty_object())
    })
}

/// `GET /api/v2/carnet/roles`: every role and its permissions.
pub(crate) fn roles(context: &RequestContext, _: &Snapshot) -> HandlerResult {
    let settings = context.book().settings();
    let role = |name| {
        let permissions = settings.role(name).unwrap_or_default();
        Role { name, permissions: permissions.iter().map(|p| p.name()).collect() }
    };
    Ok(Answer::json(&Roles { roles: settings.role_names().map(role).collect() }))
}
