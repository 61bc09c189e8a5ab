//! Signing in and out by name and password, as the page in the browser does. The session is a cookie.

use crate::api::context::RequestContext;
use crate::api::offload::offload;
use crate::api::route::{HandlerFuture, HandlerResult};
use crate::auth::session::{self, COOKIES_MAX};
use crate::caller_id::network::Peer;
use crate::engine::state::State;
use crate::engine::throttle::{TriedBy, client_address};
use crate::handlers::people::fields::Fields;
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::{AddressBook, NewPassword, Principal, Snapshot, VerifiedUser};
use carnet_model::{Account, Permissions, User};
use hyper::HeaderMap;
use hyper::header::SET_COOKIE;
use serde::Serialize;
use std::sync::Arc;
use std::time::Instant;

const NAME: &str = "name";
const PASSWORD: &str = "password";
const OLD: &str = "old";
const LINK: &str = "link";

const REFUSED: &str = "There is no person with this name and password.";
const NO_LINK: &str = "This link was used already, or has ended. An administrator can add people: \
                       carnet user add NAME --role ROLE.";

/// Who asks, and what the page needs to know from the start.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    name: &'a str,
    /// Absent for a program, which has a token and no session.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    permissions: Vec<&'static str>,
    default_region: &'a str,
}

/// `GET /api/v2/carnet/session`: who asks.
pub(crate) fn read(context: &RequestContext, _: &Snapshot) -> HandlerResult {
    let Principal { account, author, permissions } = &*context.principal;
    let user = match account {
        Account::User(_) => Some(context.book().user_of(&context.principal)?),
        _ => None,
    };
    let role = user.as_ref().map(|user| &*user.role);
    Ok(answer(context.book(), author, role, *permissions))
}

/// `POST /api/v2/carnet/session`: a name and a password become a session.
pub(crate) fn sign_in(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        expect_no_other_origin(&context)?;
        let body = context.json()?;
        let mut fields = Fields::of(&body)?;
        let (name, password) = (fields.required(NAME), fields.required(PASSWORD));
        fields.end()?;
        let sign_in = SignIn::of(&context);
        let verified = sign_in.verify(&name, password).await?;
        sign_in.open(verified).await
    })
}

/// `DELETE /api/v2/carnet/session`: the session ends, also when it had ended already.
pub(crate) fn sign_out(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        expect_no_other_origin(&context)?;
        for token in session::tokens(&context.parts.headers).take(COOKIES_MAX) {
            context.book().end_session(token).await?;
        }
        let mut answer = Answer::empty_object();
        let cookie = session::set_cookie(&context.parts.headers, "", 0);
        answer.header = cookie.map(|cookie| (SET_COOKIE, cookie));
        Ok(answer)
    })
}

/// `POST /api/v2/carnet/session/first`: the link of the first start makes the first administrator,
/// once.
pub(crate) fn first(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        expect_no_other_origin(&context)?;
        let body = context.json()?;
        let mut fields = Fields::of(&body)?;
        let link = fields.required(LINK);
        let (name, password) = (fields.required(NAME), fields.required(PASSWORD));
        fields.end()?;
        // Before the password is hashed: that is work which only who has the link may ask for.
        if !context.book().is_first_link(&link)? {
            return Err(Failure::unauthenticated(NO_LINK));
        }
        let sign_in = SignIn::of(&context);
        let hashed = hash(&context.state, password.clone()).await?;
        let user = sign_in.state.book.use_first_link(&link, &name, hashed).await?;
        let user = user.ok_or_else(|| Failure::unauthenticated(NO_LINK))?;
        tracing::info!("the first administrator was added by the link of the first start");
        let verified = sign_in.verify(&user.name, password).await?;
        sign_in.open(verified).await
    })
}

/// `PUT /api/v2/carnet/session/password`: the person's own password becomes another one; the other
/// sessions end.
pub(crate) fn change_password(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let body = context.json()?;
        let mut fields = Fields::of(&body)?;
        let (old, new) = (fields.required(OLD), fields.required(PASSWORD));
        fields.end()?;
        let User { name, .. } = context.book().user_of(&context.principal)?;
        let sign_in = SignIn::of(&context);
        sign_in.verify(&name, old).await?;
        let hashed = hash(&sign_in.state, new.clone()).await?;
        sign_in.state.book.edit_user(&name, None, Some(hashed)).await?;
        // The session that asked has ended with the others, so this one gets a new one.
        let verified = sign_in.verify(&name, new).await?;
        sign_in.open(verified).await
    })
}

/// What a sign-in needs of its request.
struct SignIn {
    state: Arc<State>,
    peer: Option<Peer>,
    headers: HeaderMap,
}

impl SignIn {
    fn of(context: &RequestContext) -> SignIn {
        let (state, headers) = (Arc::clone(&context.state), context.parts.headers.clone());
        SignIn { state, peer: context.peer, headers }
    }

    /// Checks a name and a password, unless too many tries failed.
    async fn verify(&self, name: &str, password: String) -> Result<VerifiedUser, Failure> {
        let address = self.peer.map(|peer| client_address(peer.0, &self.headers));
        let by = TriedBy::all(&User::key(name), address);
        let throttle = &self.state.throttle;
        let wait = throttle.wait(&by, Instant::now());
        if !wait.is_zero() {
            return Err(Failure::too_many_tries(wait));
        }
        let turn = self.state.password_turn().await?;
        let (book, asked) = (self.state.book.clone(), name.to_owned());
        let verified = offload(move || {
            let _turn = turn;
            Ok(book.verify_user(&asked, &password)?)
        });
        match verified.await? {
            Some(verified) => {
                throttle.succeeded(&by);
                Ok(verified)
            }
            None => {
                throttle.failed(&by, Instant::now());
                Err(Failure::unauthenticated(REFUSED))
            }
        }
    }

    /// Opens a session, and answers as [`read`] does.
    async fn open(&self, verified: VerifiedUser) -> HandlerResult {
        let book = &self.state.book;
        let session = book.open_session(verified).await?;
        let session = session.ok_or_else(|| Failure::unauthenticated(REFUSED))?;
        let principal = book.authenticate(&session.token)?;
        let principal = principal.ok_or_else(|| Failure::unauthenticated(REFUSED))?;
        let user = book.user_of(&principal)?;
        let mut answer = answer(book, &user.name, Some(&user.role), principal.permissions);
        let cookie = session::set_cookie(&self.headers, &session.token, session.seconds);
        answer.header = cookie.map(|cookie| (SET_COOKIE, cookie));
        Ok(answer)
    }
}

/// Checks and hashes a new password.
pub(super) async fn hash(state: &State, password: String) -> Result<NewPassword, Failure> {
    let turn = state.password_turn().await?;
    offload(move || {
        let _turn = turn;
        Ok(NewPassword::new(&password)?)
    })
    .await
}

fn answer(book: &AddressBook, name: &str, role: Option<&str>, permissions: Permissions) -> Answer {
    let permissions = permissions.iter().map(|permission| permission.name()).collect();
    let default_region = book.records().default_region.to_string();
    Answer::json(&Session { name, role, permissions, default_region: &default_region })
}

/// A page of another site must not sign anybody in or out: who is signed in as somebody else writes
/// into somebody else's name.
fn expect_no_other_origin(context: &RequestContext) -> Result<(), Failure> {
    if session::is_not_of_another_origin(&context.parts) {
        Ok(())
    } else {
        Err(Failure::other_origin())
    }
}
