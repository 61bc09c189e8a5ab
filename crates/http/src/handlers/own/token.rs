//! `POST /oauth/token`: a client's id and secret become a bearer token. The endpoint has its own
//! shape of error, which the vendor's SDKs read.

use crate::api::context::RequestContext;
use crate::api::route::HandlerFuture;
use crate::auth::credentials::basic_pair;
use crate::message::answer::Answer;
use crate::message::error::Failure;
use crate::message::parameters::Parameters;
use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use serde::Serialize;

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
}

#[derive(Serialize)]
struct Refusal<'a> {
    error: &'static str,
    description: &'a str,
    error_description: &'a str,
}

/// A client's id and secret as the request carries them.
#[derive(Debug, PartialEq, Eq)]
struct Credentials {
    id: String,
    secret: String,
}

const INVALID_REQUEST: &str = "invalid_request";
const INVALID_CLIENT: &str = "invalid_client";
const UNSUPPORTED_GRANT_TYPE: &str = "unsupported_grant_type";

/// Signs a client in.
pub(crate) fn token(context: RequestContext) -> HandlerFuture {
    Box::pin(async move {
        let form = std::str::from_utf8(&context.body).unwrap_or_default();
        let form = Parameters::read(form.trim())?;
        match form.first("grant_type") {
            Some("client_credentials") => {}
            None => return Err(refused(INVALID_REQUEST, "grant_type is missing")),
            Some(_) => {
                let why = "grant_type must be client_credentials";
                return Err(refused(UNSUPPORTED_GRANT_TYPE, why));
            }
        }
        let given = credentials(&context.parts.headers, &form)?;
        let token = context.book().sign_in(&given.id, &given.secret).await?;
        let token = token
            .ok_or_else(|| refused(INVALID_CLIENT, "there is no client with this id and secret"))?;
        Ok(Answer::json(&Token {
            access_token: &token.token,
            token_type: "bearer",
            expires_in: token.seconds,
        }))
    })
}

/// From the `Authorization` header, else from the form.
fn credentials(headers: &HeaderMap, form: &Parameters) -> Result<Credentials, Failure> {
    if let Some(header) = headers.get(AUTHORIZATION) {
        let given = header.to_str().ok().and_then(basic);
        return given.ok_or_else(|| refused(INVALID_REQUEST, "the Basic header is malformed"));
    }
    match (form.first("client_id"), form.first("client_secret")) {
        (Some(id), Some(secret)) => {
            Ok(Credentials { id: id.to_owned(), secret: secret.to_owned() })
        }
        _ => Err(refused(INVALID_CLIENT, "the client's id and secret are missing")),
    }
}

fn basic(header: &str) -> Option<Credentials> {
    let decoded = basic_pair(header)?;
    let (id, secret) = decoded.split_once(':')?;
    Some(Credentials { id: id.to_owned(), secret: secret.to_owned() })
}

fn refused(code: &'static str, why: &'static str) -> Failure {
    let status = match code {
        INVALID_CLIENT => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    Failure::new(status, code, why)
}

/// Any failure of this endpoint in its own shape.
pub(crate) fn refuse(failure: &Failure) -> Answer {
    let error = match (failure.status(), failure.code()) {
        (_, code @ (INVALID_CLIENT | UNSUPPORTED_GRANT_TYPE)) => code,
        (status, _) if status.is_server_error() => "server_error",
        _ => INVALID_REQUEST,
    };
    let mut answer = Answer::json(&Refusal {
        error,
        description: failure.message(),
        error_description: failure.message(),
    });
    answer.status = failure.status();
    if failure.status() == StatusCode::UNAUTHORIZED {
        answer.header = Some((WWW_AUTHENTICATE, HeaderValue::from_static("Basic")));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_headers_are_read_whatever_their_case() {
        let given =
            |id: &str, secret: &str| Some(Credentials { id: id.into(), secret: secret.into() });
        for (header, expect) in [
            ("Basic YWI6Yw==", given("ab", "c")),
            ("basic YWI6Yw", given("ab", "c")),
            ("BASIC  YWI6Yzpk", given("ab", "c:d")),
            ("Basic Og==", given("", "")),
            ("Basic YWI=", None),
            ("Basic ///", None),
            ("Basic", None),
            ("Bearer YWI6Yw==", None),
        ] {
            assert_eq!(basic(header), expect, "{header}");
        }
    }
}
