//! The one place that turns errors into status and code. A failure has two messages: what the
//! caller reads, and, where the fault is ours, what the log keeps.

use crate::limits::RETRY_AFTER_SECONDS;
use crate::message::answer::Answer;
use carnet_book::{BookError, EntityKind};
use carnet_model::{Invalid, Permission};
use carnet_wire::error::{
    CONFLICT, ErrorBody, external_ids_taken, invalid_code, invalid_fields, invalid_reference,
};
use hyper::StatusCode;
use hyper::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use std::time::Duration;

/// Why a request was not answered as it asked. Boxed, so that results stay small.
#[derive(Debug)]
pub(crate) struct Failure(Box<Details>);

#[derive(Debug)]
struct Details {
    status: StatusCode,
    code: &'static str,
    message: String,
    invalid: Invalid,
    header: Option<(HeaderName, HeaderValue)>,
    /// The detail for the log, which the caller must not see.
    log: Option<String>,
    /// A read found the store broken.
    store_broke: bool,
}

impl Failure {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> Failure {
        Failure(Box::new(Details {
            status,
            code,
            message: message.into(),
            invalid: Invalid::default(),
            header: None,
            log: None,
            store_broke: false,
        }))
    }

    /// Whether a read found the store broken, so that it must be opened again.
    pub(crate) fn store_broke(&self) -> bool {
        self.0.store_broke
    }

    fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Failure {
        self.0.header = Some((name, value));
        self
    }

    /// The request itself cannot be understood.
    pub(crate) fn bad_request(message: impl Into<String>) -> Failure {
        Failure::new(StatusCode::BAD_REQUEST, "bad.request", message)
    }

    /// There is nothing at this path, or no such thing.
    pub(crate) fn not_found(message: impl Into<String>) -> Failure {
        Failure::new(StatusCode::NOT_FOUND, "not.found", message)
    }

    /// The path is known, the method is not.
    pub(crate) fn method_not_allowed(allowed: &str) -> Failure {
        let message = format!("This path answers {allowed} only.");
        let failure = Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method.not.allowed", message);
        match HeaderValue::from_str(allowed) {
            Ok(allowed) => failure.with_header(ALLOW, allowed),
            Err(_) => failure,
        }
    }

    /// An operation of the vendor's that carnet does not have. Not 404: to a client that keeps
    /// records in step that would say that a record is gone.
    pub(crate) fn not_implemented() -> Failure {
        let message = "carnet does not have this operation of the vendor's API.";
        Failure::new(StatusCode::NOT_IMPLEMENTED, "not.implemented", message)
    }

    /// The record is not in the state that the client knows.
    pub(crate) fn changed() -> Failure {
        let message = "The record was changed meanwhile and has another ETag than If-Match names; \
                       read it again.";
        Failure::new(StatusCode::PRECONDITION_FAILED, "precondition.failed", message)
    }

    /// No token, or none that is good.
    pub(crate) fn unauthenticated(message: &'static str) -> Failure {
        Failure::new(StatusCode::UNAUTHORIZED, "authentication.required", message)
            .with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// There is no person yet.
    pub(crate) fn nobody() -> Failure {
        let message = "Nobody can sign in yet: open the link that the start of carnet printed, or \
                       run carnet user add.";
        Failure::new(StatusCode::UNAUTHORIZED, "no.person", message)
            .with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// No credentials, or none that are good, where id and secret or a key would do, too. Basic
    /// comes first: a switch that
    /// asks what it may use takes the first that it knows.
    pub(crate) fn unidentified(message: &'static str) -> Failure {
        const WAYS: &str = "Basic realm=\"carnet\", Bearer";
        Failure::new(StatusCode::UNAUTHORIZED, "authentication.required", message)
            .with_header(WWW_AUTHENTICATE, HeaderValue::from_static(WAYS))
    }

    /// The key is that of a client that may do more than look up.
    pub(crate) fn key_too_strong() -> Failure {
        let message = "A key in an address must be that of a client that may look up and nothing \
                       else: addresses are written into logs.";
        Failure::new(StatusCode::FORBIDDEN, "missing.permissions", message)
    }

    /// A page of another origin made the browser ask.
    pub(crate) fn other_origin() -> Failure {
        let message = "A session changes nothing for pages of another origin.";
        Failure::new(StatusCode::FORBIDDEN, "other.origin", message)
    }

    /// Too many tries to sign in have failed.
    pub(crate) fn too_many_tries(wait: Duration) -> Failure {
        // Rounded up: who comes back then is looked at.
        let seconds = wait.as_millis().div_ceil(1_000);
        let message = format!("Too many tries have failed; the next one counts in {seconds} s.");
        let failure = Failure::new(StatusCode::TOO_MANY_REQUESTS, "too.many.requests", message);
        match HeaderValue::from_str(&seconds.to_string()) {
            Ok(seconds) => failure.with_header(RETRY_AFTER, seconds),
            Err(_) => failure,
        }
    }

    /// The client may not do this; any of `needed` would do.
    pub(crate) fn missing_permissions(needed: &[Permission]) -> Failure {
        let names: Vec<&str> = needed.iter().map(|permission| permission.name()).collect();
        let message = format!("The client lacks the permission {}.", names.join(" or "));
        Failure::new(StatusCode::FORBIDDEN, "missing.permissions", message)
    }

    /// The body has another type, charset or encoding than the operation reads.
    pub(crate) fn unsupported_media_type(message: impl Into<String>) -> Failure {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Failure::new(status, "unsupported.media.type", message)
    }

    /// The body has more than `limit` bytes: `length` of them, as far as is known.
    pub(crate) fn body_too_large(length: u64, limit: usize) -> Failure {
        // The vendor's own form, which clients may look for.
        let message = format!(
            "The request is over the size limit. Content-Length: {length}, Maximum bytes: {limit}"
        );
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too.large", message)
    }

    /// The body did not come in time.
    pub(crate) fn body_too_slow() -> Failure {
        let message = "The body did not arrive in time.";
        Failure::new(StatusCode::REQUEST_TIMEOUT, "request.timeout", message)
    }

    /// The body ended before its end, or its framing is wrong.
    pub(crate) fn body_broken() -> Failure {
        Failure::bad_request("The body ended early or its framing is wrong.")
    }

    /// More entities than a bulk request may have.
    pub(crate) fn bulk_too_large(max: usize) -> Failure {
        let message = format!("A bulk request carries at most {max} entities.");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "bulk.too.large", message)
    }

    /// More numbers than one look-up may have.
    pub(crate) fn too_many_numbers(max: usize) -> Failure {
        let message = format!("A look-up carries at most {max} numbers.");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "lookup.too.large", message)
    }

    /// It contradicts itself or the present state.
    pub(crate) fn conflict(message: impl Into<String>) -> Failure {
        Failure::new(StatusCode::CONFLICT, CONFLICT, message)
    }

    /// Not now.
    pub(crate) fn unavailable(message: impl Into<String>) -> Failure {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Failure::new(status, "service.unavailable", message)
            .with_header(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS))
    }

    /// A limit of the whole daemon is reached.
    pub(crate) fn busy() -> Failure {
        Failure::unavailable("The daemon is at its limit; try again.")
    }

    /// Our fault. The caller learns no more than that; `log` is for the log.
    pub(crate) fn internal(log: impl Into<String>) -> Failure {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let message = "Something failed inside carnet; its log has more.";
        let mut failure = Failure::new(status, "internal.server.error", message);
        failure.0.log = Some(log.into());
        failure
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    pub(crate) fn code(&self) -> &'static str {
        self.0.code
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    pub(crate) fn invalid(&self) -> &Invalid {
        &self.0.invalid
    }

    /// Writes what the caller must not see into the log.
    pub(crate) fn log(&self, correlation: &str) {
        if let Some(detail) = &self.0.log {
            tracing::error!(correlation, detail, "a request failed");
        }
    }

    /// The error body as the API has it.
    fn body<'a>(&'a self, correlation: &'a str) -> ErrorBody<'a> {
        ErrorBody::new(
            &self.0.message,
            self.0.code,
            self.0.status.as_u16(),
            correlation,
            &self.0.invalid,
        )
    }

    /// The error body in bytes, for where there is no answer to put it into.
    pub(crate) fn to_json(&self, correlation: &str) -> Vec<u8> {
        serde_json::to_vec(&self.body(correlation)).unwrap_or_default()
    }

    /// The failure as a status and nothing else: a switch shows any text as the caller's name.
    pub(crate) fn into_silent_answer(self) -> Answer {
        let mut answer = Answer::text("");
        answer.status = self.0.status;
        answer.header = self.0.header;
        answer
    }

    /// The failure as the caller sees it.
    pub(crate) fn into_answer(self, correlation: &str) -> Answer {
        let mut answer = Answer::json(&self.body(correlation));
        answer.status = self.0.status;
        answer.header = self.0.header;
        answer
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Failure {
        let code = invalid_code(&invalid);
        let mut failure = Failure::new(StatusCode::BAD_REQUEST, code, invalid.to_string());
        failure.0.invalid = invalid;
        failure
    }
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Failure {
        match error {
            BookError::NotFound(thing) => Failure::not_found(match thing {
                EntityKind::Contact => "There is no such contact.",
                EntityKind::Organization => "There is no such organization.",
                EntityKind::Note => "There is no such note.",
                EntityKind::Client => "There is no such client.",
                EntityKind::User => "There is no person with this name.",
                EntityKind::Schema => "There is no such schema.",
            }),
            BookError::Invalid(invalid) => invalid.into(),
            BookError::InvalidReference(reference) => invalid_reference(reference).into(),
            BookError::InvalidFields(invalid) => invalid_fields(&invalid).into(),
            BookError::ExternalIdsTaken(taken) => {
                let invalid = external_ids_taken(&taken);
                let mut failure = Failure::conflict(invalid.to_string());
                failure.0.invalid = invalid;
                failure
            }
            BookError::Conflict(why) => Failure::conflict(why),
            BookError::Changed => Failure::changed(),
            BookError::Unavailable(why) => Failure::unavailable(why),
            // The book opens the store again by itself; until then this is a matter of time.
            BookError::Engine { reopen: true, .. } => {
                let mut failure = Failure::unavailable("The store is being opened again.");
                failure.0.log = Some(error.to_string());
                failure.0.store_broke = true;
                failure
            }
            BookError::Engine { .. } => Failure::internal(error.to_string()),
        }
    }
}
