//! The API is this one table. The router, the permission check, the coverage list and the tests
//! read the same rows; a new operation is a row here and a function in its handler's file.

use crate::api::context::{Act, Ask};
use crate::api::router::{Router, Variables};
use crate::caller_id;
use crate::handlers::own::number_lookup as lookups;
use crate::handlers::own::token;
use crate::handlers::own::{clients, export, health, import, maintenance, metrics};
use crate::handlers::{bulk, contacts, lookup, notes, organizations, scan};
use crate::limits::{BODY_BYTES_MAX, BULK_BODY_BYTES_MAX, FORM_BYTES_MAX};
use crate::message::answer::Answer;
use crate::message::error::Failure;
use carnet_book::Snapshot;
use carnet_model::Permission::{
    self, Admin, ContactAdd, ContactDelete, ContactEdit, ContactView, Lookup, OrganizationAdd,
    OrganizationDelete, OrganizationEdit, OrganizationView,
};
use hyper::Method;
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;

/// What a handler comes to.
pub(crate) type Outcome = Result<Answer, Failure>;

/// What a handler that waits comes to, by and by.
pub(crate) type Acting = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// One operation.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    /// Any of these lets a client in.
    pub(crate) permissions: &'static [Permission],
    pub(crate) access: Access,
    pub(crate) body: BodyUse,
    pub(crate) run: Run,
}

/// Who may ask at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody.
    Public,
    /// Anybody who brings a client's id and secret.
    Token,
    /// A client with a token and one of the route's permissions.
    Authenticated,
    /// The same, and the ways that a switch knows: its id and secret in each request, or a key.
    Keyed,
    /// The same, and whoever asks from a network that needs no key.
    CallerId,
}

/// What becomes of a request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyUse {
    /// It is not looked at.
    None,
    /// It is JSON of at most so many bytes, read before the handler runs.
    Json(usize),
    /// It is a form of at most so many bytes, read before the handler runs.
    Form(usize),
    /// It is numbers, as JSON or one a line, of at most so many bytes; read before the handler
    /// runs.
    Numbers(usize),
    /// It is lines without end, which the handler reads.
    Lines,
}

/// How a handler runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    /// Answers from one snapshot, on the request's own task: look-ups and single records.
    Read(fn(&Ask, &Snapshot) -> Outcome),
    /// Answers from one snapshot where it may take a while: searches, listings, scans.
    LongRead(fn(&Ask, &Snapshot) -> Outcome),
    /// Waits: for the writer, or for more of the body.
    Act(fn(Act) -> Acting),
}

/// Who may look up an exact key: a client with any of these.
pub(crate) const LOOK_UP: &[Permission] = &[ContactView, Lookup];

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

const RECORD: BodyUse = BodyUse::Json(BODY_BYTES_MAX);
const BULK: BodyUse = BodyUse::Json(BULK_BODY_BYTES_MAX);
/// Ten thousand numbers of a hundred bytes.
const NUMBERS: BodyUse = BodyUse::Numbers(BODY_BYTES_MAX);
const NONE: BodyUse = BodyUse::None;

/// A row for clients with one of these permissions.
const fn row(
    method: Method,
    path: &'static str,
    permissions: &'static [Permission],
    body: BodyUse,
    run: Run,
) -> Route {
    Route { method, path, permissions, access: Access::Authenticated, body, run }
}

/// A row for everybody.
const fn open(
    method: Method,
    path: &'static str,
    access: Access,
    body: BodyUse,
    run: Run,
) -> Route {
    Route { method, path, permissions: &[], access, body, run }
}

/// A row for clients that look up and may have no way to sign in.
const fn keyed(
    method: Method,
    path: &'static str,
    access: Access,
    body: BodyUse,
    run: Run,
) -> Route {
    Route { method, path, permissions: LOOK_UP, access, body, run }
}

/// A path of the vendor's API.
macro_rules! api {
    ($path:literal) => {
        concat!("/api/v2/externalcontacts", $path)
    };
}

use Run::{Act as Acts, LongRead, Read};

/// Every operation.
#[rustfmt::skip]
pub(crate) static ROUTES: &[Route] = &[
    row(POST,   api!("/contacts"),                     &[ContactAdd],    RECORD, Acts(contacts::add)),
    row(GET,    api!("/contacts"),                     &[ContactView],   NONE,   LongRead(contacts::list)),
    row(POST,   api!("/contacts/search"),              &[ContactView],   RECORD, LongRead(contacts::search)),
    row(GET,    api!("/contacts/{contactId}"),         &[ContactView],   NONE,   Read(contacts::read)),
    row(PUT,    api!("/contacts/{contactId}"),         &[ContactEdit],   RECORD, Acts(contacts::replace)),
    row(PATCH,  api!("/contacts/{contactId}"),         &[ContactEdit],   RECORD, Acts(contacts::patch)),
    row(DELETE, api!("/contacts/{contactId}"),         &[ContactDelete], NONE,   Acts(contacts::remove)),

    row(GET,    api!("/contacts/{contactId}/notes"),          &[ContactView], NONE,   LongRead(notes::list_of_contact)),
    row(POST,   api!("/contacts/{contactId}/notes"),          &[ContactEdit], RECORD, Acts(notes::add_to_contact)),
    row(GET,    api!("/contacts/{contactId}/notes/{noteId}"), &[ContactView], NONE,   Read(notes::read_of_contact)),
    row(PUT,    api!("/contacts/{contactId}/notes/{noteId}"), &[ContactEdit], RECORD, Acts(notes::replace_of_contact)),
    row(PATCH,  api!("/contacts/{contactId}/notes/{noteId}"), &[ContactEdit], RECORD, Acts(notes::patch_of_contact)),
    row(DELETE, api!("/contacts/{contactId}/notes/{noteId}"), &[ContactEdit], NONE,   Acts(notes::remove_of_contact)),

    row(GET,    api!("/reversewhitepageslookup"),      LOOK_UP,         NONE,   Read(lookup::reverse)),
    row(POST,   api!("/identifierlookup/contacts"),    LOOK_UP,         RECORD, Read(lookup::identifier)),
    row(GET,    api!("/scan/contacts"),                &[ContactView],   NONE,   LongRead(scan::contacts)),

    row(POST,   api!("/bulk/contacts"),                &[ContactView],   BULK,   LongRead(bulk::fetch)),
    row(POST,   api!("/bulk/contacts/add"),            &[ContactAdd],    BULK,   Acts(bulk::add)),
    row(POST,   api!("/bulk/contacts/update"),         &[ContactEdit],   BULK,   Acts(bulk::update)),
    row(POST,   api!("/bulk/contacts/remove"),         &[ContactDelete], BULK,   Acts(bulk::remove)),

    row(POST,   api!("/organizations"),                            &[OrganizationAdd],    RECORD, Acts(organizations::add)),
    row(GET,    api!("/organizations"),                            &[OrganizationView],   NONE,   LongRead(organizations::list)),
    row(GET,    api!("/organizations/{externalOrganizationId}"),   &[OrganizationView],   NONE,   Read(organizations::read)),
    row(PUT,    api!("/organizations/{externalOrganizationId}"),   &[OrganizationEdit],   RECORD, Acts(organizations::replace)),
    row(PATCH,  api!("/organizations/{externalOrganizationId}"),   &[OrganizationEdit],   RECORD, Acts(organizations::patch)),
    row(DELETE, api!("/organizations/{externalOrganizationId}"),   &[OrganizationDelete], NONE,   Acts(organizations::remove)),
    row(GET,    api!("/organizations/{externalOrganizationId}/contacts"),       &[ContactView],      NONE,   LongRead(contacts::list_of_organization)),
    row(GET,    api!("/organizations/{externalOrganizationId}/notes"),          &[OrganizationView], NONE,   LongRead(notes::list_of_organization)),
    row(POST,   api!("/organizations/{externalOrganizationId}/notes"),          &[OrganizationEdit], RECORD, Acts(notes::add_to_organization)),
    row(GET,    api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationView], NONE,   Read(notes::read_of_organization)),
    row(PUT,    api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationEdit], RECORD, Acts(notes::replace_of_organization)),
    row(PATCH,  api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationEdit], RECORD, Acts(notes::patch_of_organization)),
    row(DELETE, api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationEdit], NONE,   Acts(notes::remove_of_organization)),

    row(POST,   "/api/v2/carnet/import",               &[Admin],         BodyUse::Lines, Acts(import::run)),
    row(GET,    "/api/v2/carnet/export",               &[Admin],         NONE,   Acts(export::run)),
    row(GET,    "/api/v2/carnet/stats",                &[Admin],         NONE,   Acts(maintenance::stats)),
    row(GET,    "/api/v2/carnet/check",                &[Admin],         NONE,   Acts(maintenance::check)),

    row(GET,    "/api/v2/carnet/clients",                   &[Admin],    NONE,   Acts(clients::list)),
    row(POST,   "/api/v2/carnet/clients",                   &[Admin],    RECORD, Acts(clients::add)),
    row(DELETE, "/api/v2/carnet/clients/{clientId}",        &[Admin],    NONE,   Acts(clients::remove)),
    row(POST,   "/api/v2/carnet/clients/{clientId}/rotate", &[Admin],    NONE,   Acts(clients::rotate)),

    keyed(GET,  "/cid",                                Access::CallerId, NONE, Read(caller_id::by_query)),
    keyed(GET,  "/cid/{number}",                       Access::CallerId, NONE, Read(caller_id::by_path)),
    keyed(GET,  "/lookup/{number}",                    Access::Keyed,    NONE, Read(lookups::one)),
    keyed(POST, "/lookup",                             Access::Keyed,    NUMBERS, Acts(lookups::many)),

    open(POST,  "/oauth/token", Access::Token,  BodyUse::Form(FORM_BYTES_MAX), Acts(token::token)),
    open(GET,   "/healthz",     Access::Public, NONE,                          Acts(health::alive)),
    open(GET,   "/readyz",      Access::Public, NONE,                          Acts(health::ready)),
    open(GET,   "/metrics",     Access::Public, NONE,                          Acts(metrics::all)),
];

static ROUTER: LazyLock<Router<&'static Route>> =
    LazyLock::new(|| Router::new(ROUTES.iter().map(|route| (route.path, route))));

/// The operation that answers `method` at `path`, with the values of the path's variables. HEAD
/// is answered wherever GET is.
pub(crate) fn find(method: &Method, path: &str) -> Result<(&'static Route, Variables), Failure> {
    let found = ROUTER.find(path);
    let (routes, variables) =
        found.ok_or_else(|| Failure::not_found("There is nothing at this path."))?;
    let method = if *method == Method::HEAD { &GET } else { method };
    match routes.iter().find(|route| route.method == *method) {
        Some(route) => Ok((route, variables)),
        None => {
            let mut allowed: Vec<&str> = Vec::new();
            for route in routes {
                allowed.push(route.method.as_str());
                if route.method == GET {
                    allowed.push("HEAD");
                }
            }
            Err(Failure::method_not_allowed(&allowed.join(", ")))
        }
    }
}

/// Where an operation stands in the table.
pub(crate) fn place(route: &'static Route) -> usize {
    (std::ptr::from_ref(route).addr() - ROUTES.as_ptr().addr()) / size_of::<Route>()
}

/// Whether a failure at this path has no body, whoever finds it: what is asked there is spoken or
/// shown by a switch as the caller's name, whatever the status.
pub(crate) fn fails_silently(path: &[u8]) -> bool {
    path.strip_prefix(b"/cid").is_some_and(|rest| matches!(rest.first(), None | Some(b'/' | b'?')))
}

/// Every operation that this daemon answers: method, path, and the permissions of which a client
/// needs one; none for what is public.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str, Vec<&'static str>)> {
    ROUTES.iter().map(|route| {
        let permissions = route.permissions.iter().map(|permission| permission.name());
        (route.method.as_str(), route.path, permissions.collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_operation_stands_in_the_table_twice() {
        let mut seen = HashSet::new();
        for route in ROUTES {
            let shape: Vec<&str> = route
                .path
                .split('/')
                .map(|segment| if segment.starts_with('{') { "{}" } else { segment })
                .collect();
            assert!(seen.insert((&route.method, shape)), "{} {}", route.method, route.path);
        }
    }

    #[test]
    fn every_row_is_found_under_its_own_path() {
        for route in ROUTES {
            let path = route.path.replace('{', "x").replace('}', "y");
            let (found, _) = find(&route.method, &path).unwrap();
            assert!(std::ptr::eq(found, route), "{} {}", route.method, route.path);
            assert!(std::ptr::eq(&ROUTES[place(found)], route), "{}", route.path);
        }
    }

    #[test]
    fn what_needs_a_token_needs_a_permission() {
        for route in ROUTES {
            let guarded = !matches!(route.access, Access::Public | Access::Token);
            assert_eq!(guarded, !route.permissions.is_empty(), "{}", route.path);
        }
    }

    #[test]
    fn failures_of_caller_id_are_silent_and_no_others() {
        for route in ROUTES {
            let silent = route.access == Access::CallerId;
            assert_eq!(fails_silently(route.path.as_bytes()), silent, "{}", route.path);
        }
        assert!(fails_silently(b"/cid?number=1") && fails_silently(b"/cid/1/2"));
        assert!(!fails_silently(b"/cider"));
    }

    #[test]
    fn head_is_answered_where_get_is() {
        for route in ROUTES {
            let path = route.path.replace('{', "x").replace('}', "y");
            let has_get =
                ROUTES.iter().any(|other| other.path == route.path && other.method == GET);
            assert_eq!(find(&Method::HEAD, &path).is_ok(), has_get, "{path}");
        }
    }

    #[test]
    fn an_unknown_method_is_told_the_known_ones() {
        let failure = find(&Method::DELETE, api!("/contacts")).unwrap_err();
        assert_eq!(failure.status(), 405);
        assert!(failure.message().contains("POST, GET, HEAD"), "{}", failure.message());
        let failure = find(&Method::DELETE, "/nowhere").unwrap_err();
        assert_eq!(failure.status(), 404);
    }
}
