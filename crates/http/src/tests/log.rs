//! The log of a request: enough to find it again, and nothing that it was about.

use super::{API, House, person};
use crate::RequestBody;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps everything that is logged.
#[derive(Clone, Default)]
struct Keeper(Arc<Mutex<String>>);

impl Subscriber for Keeper {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("carnet")
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        let mut kept = self.0.lock().unwrap();
        writeln!(kept, "{}{}", event.metadata().level(), line.0).unwrap();
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

#[tokio::test]
async fn the_log_names_routes_and_never_what_was_asked() {
    let house = House::new().await;
    let keeper = Keeper::default();
    let guard = tracing::subscriber::set_default(keeper.clone());
    // tracing asks the subscriber of the first thread that comes upon a place whether it wants it.
    // Where that was another test's, which keeps nothing, tracing is to ask again.
    house.get("/contacts").await;
    tracing::callsite::rebuild_interest_cache();
    let mut body = person("Canaria", "Serinus");
    body["workPhone"] = serde_json::json!({"display": "+33170189900"});
    let id = house.add(body).await;
    house.get("/reversewhitepageslookup?lookupVal=%2B33170189900").await;
    house.get("/contacts?q=serinus").await;
    let switch = house.book.add_client("PBX", "lookup", None, None).await.unwrap();
    let key = switch.key.unwrap();
    let target = format!("/cid?key={key}&number=33170189900&miss=serinus");
    assert_eq!(house.ask_raw("GET", &target, &[], RequestBody::empty()).await.status, 200);
    house
        .ask_raw("GET", &format!("/lookup/33170189900?key={key}0"), &[], RequestBody::empty())
        .await;
    let bad = serde_json::json!({"firstName": "Canaria", "workEmail": "serinus"});
    house.ask("PUT", &format!("/contacts/{id}"), Some(bad)).await;
    let headers =
        [("authorization", "Basic c2VyaW51czpjYW5hcmlh"), ("inin-correlation-id", "mine")];
    let form = RequestBody::whole("grant_type=client_credentials");
    house.ask_raw("POST", "/oauth/token", &headers, form).await;
    drop(guard);
    let log = keeper.0.lock().unwrap().to_lowercase();
    for said in [
        &format!("route=\"{API}/reversewhitepageslookup\""),
        &format!("route=\"{}/contacts/{{contactid}}\"", API),
        "route=\"/cid\"",
        "route=\"/lookup/{number}\"",
        "method=put",
        "status=400",
        "status=401",
        "correlation=\"mine\"",
    ] {
        assert!(log.contains(said), "{said} is not in\n{log}");
    }
    for secret in [
        "canaria",
        "serinus",
        "3317018",
        "c2vyaw51",
        &house.token.to_lowercase(),
        "lookupval",
        &key,
        &switch.secret,
    ] {
        assert!(!log.contains(secret), "{secret} is in\n{log}");
    }
}
