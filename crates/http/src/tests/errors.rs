//! Bad requests: one case a line, and every answer has the error body.

use super::{API, House, NOBODY};
use crate::RequestBody;
use crate::limits::{BODY_BYTES_MAX, FORM_BYTES_MAX, PARAMETERS_MAX};
use hyper::body::Frame;
use serde_json::json;

const JSON: &str = "application/json";

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_has_a_status_a_code_and_the_error_body() {
    let house = House::new().await;
    let large = " ".repeat(BODY_BYTES_MAX) + "{}";
    let deep = "[".repeat(100) + &"]".repeat(100);
    let one = format!("/contacts/{NOBODY}");
    let notes = format!("/contacts/{NOBODY}/notes");
    let crowded = format!("/contacts?{}pageSize=0", "a=1&".repeat(PARAMETERS_MAX));
    let window = "/contacts?pageSize=500&pageNumber=3";
    for (method, path, media_type, body, status, code) in [
        ("GET", "/nowhere", "", "", 404, "not.found"),
        ("GET", "/contacts/", "", "", 404, "not.found"),
        ("GET", "/contacts/not-a-uuid", "", "", 404, "not.found"),
        ("GET", &one, "", "", 404, "not.found"),
        ("DELETE", &one, JSON, "", 404, "not.found"),
        ("GET", &notes, "", "", 404, "not.found"),
        ("POST", &notes, JSON, r#"{"noteText":"x"}"#, 404, "not.found"),
        ("PUT", &one, JSON, r#"{"firstName":"A","lastName":"B"}"#, 404, "not.found"),
        ("GET", "/contacts/exports", "", "", 501, "not.implemented"),
        ("DELETE", "/contacts", "", "", 405, "method.not.allowed"),
        ("TRACE", "/contacts", "", "", 405, "method.not.allowed"),
        ("POST", "/contacts", "text/plain", "{}", 415, "unsupported.media.type"),
        (
            "POST",
            "/contacts",
            "application/xml; charset=utf-8",
            "{}",
            415,
            "unsupported.media.type",
        ),
        (
            "POST",
            "/contacts",
            "application/json; charset=latin1",
            "{}",
            415,
            "unsupported.media.type",
        ),
        ("POST", "/contacts", JSON, "", 400, "bad.request"),
        ("POST", "/contacts", JSON, "{", 400, "bad.request"),
        ("POST", "/contacts", JSON, "{} {}", 400, "bad.request"),
        ("POST", "/contacts", JSON, &deep, 400, "bad.request"),
        ("POST", "/contacts", JSON, "\u{0}", 400, "bad.request"),
        ("POST", "/contacts", JSON, &large, 413, "request.too.large"),
        ("POST", "/contacts", JSON, "[]", 400, "invalid.value"),
        ("POST", "/contacts", JSON, "null", 400, "invalid.value"),
        ("POST", "/contacts", JSON, r#"{"firstName":"A"}"#, 400, "required"),
        ("PATCH", &one, JSON, "{}", 400, "required"),
        ("POST", "/contacts/search", JSON, r#"{"pageSize":0}"#, 400, "invalid.value"),
        ("GET", "/contacts?expand=all", "", "", 400, "invalid.value"),
        ("GET", &crowded, "", "", 400, "bad.request"),
        ("GET", "/contacts?pageSize=x", "", "", 400, "invalid.value"),
        ("GET", "/contacts?pageSize=501", "", "", 400, "invalid.value"),
        ("GET", "/contacts?pageNumber=0", "", "", 400, "invalid.value"),
        ("GET", "/contacts?sortOrder=age", "", "", 400, "invalid.value"),
        ("GET", window, "", "", 400, "invalid.value"),
        ("GET", "/organizations?includeTrustors=maybe", "", "", 400, "invalid.value"),
        ("GET", "/reversewhitepageslookup", "", "", 400, "required"),
        ("GET", "/reversewhitepageslookup?lookupVal=+", "", "", 400, "required"),
        ("POST", "/identifierlookup/contacts", JSON, "{}", 400, "invalid.value"),
        ("GET", "/scan/contacts?limit=9", "", "", 400, "invalid.value"),
        ("GET", "/scan/contacts?limit=201", "", "", 400, "invalid.value"),
        ("GET", "/scan/contacts?cursor=42", "", "", 400, "invalid.value"),
        ("GET", "/scan/contacts?after=42", "", "", 400, "invalid.value"),
        ("POST", "/bulk/contacts", JSON, r#"{"entities":[]}"#, 400, "required"),
    ] {
        let authorization = format!("Bearer {}", house.token);
        let mut headers = vec![("authorization", authorization.as_str())];
        if !media_type.is_empty() {
            headers.push(("content-type", media_type));
        }
        let body = match body {
            "" => RequestBody::empty(),
            body => RequestBody::whole(body.to_owned()),
        };
        let reply = house.ask_raw(method, &format!("{API}{path}"), &headers, body).await;
        let error = reply.json();
        let what = format!("{method} {path}: {error}");
        assert_eq!(reply.status, status, "{what}");
        assert_eq!(error["status"], status, "{what}");
        assert_eq!(error["code"], code, "{what}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{what}");
        assert_eq!(error["contextId"], reply.header("inin-correlation-id"), "{what}");
        assert!(error["details"].is_array(), "{what}");
        assert_eq!(reply.header("content-type"), JSON, "{what}");
        assert_eq!(reply.header("allow").is_empty(), status != 405, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_faults_of_a_contact_are_named_at_once() {
    let house = House::new().await;
    let body = json!({
        "firstName": "A",
        "title": "x".repeat(1_001),
        "surveyOptOut": "yes",
        "externalOrganization": {"id": NOBODY},
    });
    for (method, path) in [("POST", "/contacts".to_owned()), ("PUT", format!("/contacts/{NOBODY}"))]
    {
        let reply = house.ask(method, &path, Some(body.clone())).await;
        assert_eq!(reply.status, 400);
        let mut fields = reply.faulty_fields();
        fields.sort();
        assert_eq!(fields, ["externalOrganization.id", "lastName", "surveyOptOut", "title"]);
    }
    let reply = house
        .ask(
            "POST",
            "/contacts",
            Some(json!({
                "firstName": "A", "lastName": "B", "externalOrganization": {"id": NOBODY},
            })),
        )
        .await;
    assert_eq!(
        (reply.status, reply.faulty_fields()),
        (400, vec!["externalOrganization.id".into()])
    );
    assert_eq!(house.get("/contacts").await["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_a_length_is_counted() {
    let house = House::new().await;
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str())];
    let path = format!("{API}/contacts");
    for (pieces, status) in [(1, 400), (16, 400), (17, 413)] {
        let piece = vec![b' '; BODY_BYTES_MAX / 16];
        let pieces = vec![piece; pieces].into_iter();
        let frames = pieces.map(|piece| Ok::<_, std::io::Error>(Frame::data(piece.into())));
        let stream = Stream(frames.collect::<Vec<_>>().into_iter());
        let reply = house.ask_raw("POST", &path, &headers, RequestBody::made(stream)).await;
        assert_eq!(reply.status, status);
    }
}

/// A body of several pieces.
struct Stream<I>(I);

impl<I> hyper::body::Body for Stream<I>
where
    I: Iterator<Item = Result<Frame<bytes::Bytes>, std::io::Error>> + Unpin,
{
    type Data = bytes::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<bytes::Bytes>, std::io::Error>>> {
        std::task::Poll::Ready(self.0.next())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_refused() {
    let house = House::new().await;
    let authorization = format!("Bearer {}", house.token);
    let headers = [("authorization", authorization.as_str())];
    for path in [format!("{API}/contacts"), "/api/v2/carnet/import".to_owned()] {
        let pieces =
            [Ok(Frame::data("{\"firstName\":".into())), Err(std::io::Error::other("gone"))];
        let body = RequestBody::made(Stream(pieces.into_iter()));
        let reply = house.ask_raw("POST", &path, &headers, body).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (400, Some("bad.request")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_beyond_every_bound_is_told_the_bounds() {
    let house = House::new().await;
    let large = "9".repeat(20);
    for (path, bounds) in [
        (format!("/contacts?pageSize={large}"), "1 to 500"),
        (format!("/contacts?pageSize=-{large}"), "1 to 500"),
        (format!("/contacts?pageNumber={large}"), "1000"),
        (format!("/scan/contacts?limit={large}"), "10 to 200"),
    ] {
        let reply = house.ask("GET", &path, None).await;
        assert_eq!(reply.status, 400);
        let error = reply.json();
        assert!(error["message"].as_str().unwrap().contains(bounds), "{path}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoded_body_is_refused() {
    let house = House::new().await;
    let authorization = format!("Bearer {}", house.token);
    for (encoding, status) in [("gzip", 415), ("identity", 200)] {
        let headers = [("authorization", authorization.as_str()), ("content-encoding", encoding)];
        let body = RequestBody::whole(super::person("A", "B").to_string());
        let reply = house.ask_raw("POST", &format!("{API}/contacts"), &headers, body).await;
        assert_eq!(reply.status, status, "{encoding}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_has_its_own_limit_and_type() {
    let house = House::new().await;
    let form = "application/x-www-form-urlencoded";
    for (media_type, body, status) in
        [(form, "a=".repeat(FORM_BYTES_MAX), 413), (JSON, "{}".to_owned(), 415)]
    {
        let headers = [("content-type", media_type)];
        let reply = house.ask_raw("POST", "/oauth/token", &headers, RequestBody::whole(body)).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.json()["error"], "invalid_request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sane_correlation_id_comes_back() {
    let house = House::new().await;
    for (given, kept) in [("call-7", true), ("a b", false)] {
        let headers = [("ININ-Correlation-Id", given)];
        let reply = house.ask_raw("GET", "/healthz", &headers, RequestBody::empty()).await;
        assert_eq!(reply.header("inin-correlation-id") == given, kept);
        assert!(!reply.header("inin-correlation-id").is_empty());
        assert_eq!(reply.header("cache-control"), "no-cache, no-store, must-revalidate");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_book_is_unavailable_and_the_process_still_alive() {
    let house = House::new().await;
    assert_eq!(house.ask_raw("GET", "/readyz", &[], RequestBody::empty()).await.status, 200);
    house.book.close();
    let reply = house.ask("POST", "/contacts", Some(super::person("A", "B"))).await;
    assert_eq!((reply.status, reply.json()["code"].as_str()), (503, Some("service.unavailable")));
    assert!(!reply.header("retry-after").is_empty());
    for (path, status) in [("/healthz", 200), ("/readyz", 503)] {
        assert_eq!(house.ask_raw("GET", path, &[], RequestBody::empty()).await.status, status);
    }
}
