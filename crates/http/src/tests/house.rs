//! The fixture of the tests: a whole book in a temporary directory, asked through the service
//! without a socket.

use crate::{RequestBody, Service};
use carnet_book::{AddressBook, Settings};
use carnet_model::{Permission, Permissions};
use http_body_util::BodyExt;
use hyper::{HeaderMap, Request};
use serde_json::{Value, json};
use std::future::{Future, poll_fn};
use std::task::Poll;
use tempfile::TempDir;

pub(super) const API: &str = "/api/v2/externalcontacts";

/// A book of its own, with a client that may do everything.
pub(super) struct House {
    pub(super) book: AddressBook,
    pub(super) service: Service,
    pub(super) token: String,
    // Dropped after the book is closed.
    _folder: TempDir,
}

impl Drop for House {
    fn drop(&mut self) {
        self.book.close();
    }
}

/// An answer, read to its end.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The fields that an error names, in order.
    pub(super) fn faulty_fields(&self) -> Vec<String> {
        let details = self.json()["details"].as_array().unwrap().clone();
        details.iter().map(|detail| detail["fieldName"].as_str().unwrap().to_owned()).collect()
    }
}

impl House {
    pub(super) async fn new() -> House {
        House::with(|_| {}).await
    }

    /// With other settings, and a role `only <permission>` and `but <permission>` for each
    /// permission.
    pub(super) async fn with(change: impl FnOnce(&mut Settings)) -> House {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(folder.path().join("data"));
        settings.index_writer_bytes = 16 << 20;
        for (permission, name) in Permission::ALL {
            let others = Permission::ALL.iter().map(|(other, _)| *other);
            let others: Permissions = others.filter(|other| *other != permission).collect();
            settings.roles.insert(format!("only {name}"), Permissions::of(&[permission]));
            settings.roles.insert(format!("but {name}"), others);
        }
        change(&mut settings);
        let book = AddressBook::open(settings).unwrap();
        book.wait_until_searchable().unwrap();
        let mut house = House {
            service: Service::new(book.clone()),
            book,
            token: String::new(),
            _folder: folder,
        };
        house.token = house.token_of("admin").await;
        house
    }

    /// A token of a new client with this role.
    pub(super) async fn token_of(&self, role: &str) -> String {
        let client = self.book.add_client(role, role, None, None).await.unwrap();
        let token = self.book.sign_in(&client.id, &client.secret).await.unwrap();
        token.unwrap().token
    }

    /// Asks with these headers and this body, and nothing added.
    pub(super) async fn ask_raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: RequestBody,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.service.answer(request.body(body).unwrap()).await;
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            bytes: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    /// Asks as the administrator; a path without its prefix is one of the vendor's API.
    pub(super) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let path = if path.starts_with("/api") { path.to_owned() } else { format!("{API}{path}") };
        let authorization = format!("Bearer {}", self.token);
        let headers =
            [("authorization", authorization.as_str()), ("content-type", "application/json")];
        let body =
            body.map_or_else(RequestBody::empty, |body| RequestBody::whole(body.to_string()));
        self.ask_raw(method, &path, &headers, body).await
    }

    /// Asks as the administrator, and wants 200.
    pub(super) async fn good(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let reply = self.ask(method, path, body).await;
        assert_eq!(reply.status, 200, "{method} {path}: {}", String::from_utf8_lossy(&reply.bytes));
        reply.json()
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.good("GET", path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        self.good("POST", path, Some(body)).await
    }

    /// Adds a contact and returns its id.
    pub(super) async fn add(&self, body: Value) -> String {
        id_of(&self.post("/contacts", body).await)
    }
}

/// The answers to requests that are all under way before the first is answered.
pub(super) async fn at_once<F: Future>(requests: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = requests.map(|request| Some(Box::pin(request))).collect();
    let mut answers: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|cx| {
        for (request, answer) in running.iter_mut().zip(&mut answers) {
            if let Some(pending) = request
                && let Poll::Ready(output) = pending.as_mut().poll(cx)
            {
                (*request, *answer) = (None, Some(output));
            }
        }
        if running.iter().any(Option::is_some) { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    answers.into_iter().flatten().collect()
}

pub(super) fn id_of(entity: &Value) -> String {
    entity["id"].as_str().unwrap().to_owned()
}

pub(super) fn ids_of(entities: &Value) -> Vec<String> {
    entities.as_array().unwrap().iter().map(id_of).collect()
}

/// A person with nothing but a name.
pub(super) fn person(first: &str, last: &str) -> Value {
    json!({"firstName": first, "lastName": last})
}

pub(super) const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
