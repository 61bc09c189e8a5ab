//! The API is this one table. The router, the permission check, the coverage list and the tests
//! read the same rows; a new operation is a row here and a function in its handler's file.

use crate::api::missing::MISSING;
use crate::api::route::{Access, BodyUse, ErrorShape, Fast, Route, Run};
use crate::api::router::{Router, Variables};
use crate::caller_id::silence::Silence;
use crate::handlers::own::{caller_id, clients, export, field_lookup, health, import, maintenance};
use crate::handlers::own::{metrics, number_lookup, numbers, reading, token, web};
use crate::handlers::people::{session, settings, users};
use crate::handlers::{bulk, contacts, lookup, notes, organizations, scan, schemas};
use crate::limits::{BODY_BYTES_MAX, BULK_BODY_BYTES_MAX, FORM_BYTES_MAX};
use crate::message::error::Failure;
use crate::metrics::registry::{Label, RouteNo, Timed};
use carnet_model::Permission::{
    self, Admin, ContactAdd, ContactDelete, ContactEdit, ContactView, CustomFieldsAdd,
    CustomFieldsEdit, CustomFieldsView, OrganizationAdd, OrganizationDelete, OrganizationEdit,
    OrganizationView,
};
use hyper::Method;
use std::sync::LazyLock;

/// The permissions of which a client needs one to look up an exact key.
const LOOK_UP: &[Permission] = &[ContactView, Permission::Lookup];

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

const RECORD: BodyUse = BodyUse::Json(BODY_BYTES_MAX);
const BULK: BodyUse = BodyUse::Json(BULK_BODY_BYTES_MAX);
/// A name and a password, read before anybody knows who asks.
const SIGN_IN: BodyUse = BodyUse::Json(FORM_BYTES_MAX);
/// Ten thousand numbers of a hundred bytes.
const NUMBERS: BodyUse = BodyUse::Numbers(BODY_BYTES_MAX);
const NONE: BodyUse = BodyUse::None;

/// A row for clients with one of these permissions. Its successes are not timed, its errors are
/// those of the API, and the fast path does not know it, unless the methods below say so.
const fn row(
    method: Method,
    path: &'static str,
    permissions: &'static [Permission],
    body: BodyUse,
    run: Run,
) -> Route {
    Route {
        method,
        path,
        permissions,
        access: Access::Authenticated,
        body,
        run,
        timed: Timed::No,
        errors: ErrorShape::Api,
        fast: None,
    }
}

impl Route {
    /// For others than clients with a token.
    const fn access(mut self, access: Access) -> Route {
        self.access = access;
        self
    }

    /// Timed as this.
    const fn timed(mut self, timed: Timed) -> Route {
        self.timed = timed;
        self
    }

    /// Fails in this form.
    const fn errors(mut self, errors: ErrorShape) -> Route {
        self.errors = errors;
        self
    }

    /// Answered on the fast path, too.
    const fn fast(mut self, fast: Fast) -> Route {
        self.fast = Some(fast);
        self
    }
}

/// A path of the vendor's API.
macro_rules! api {
    ($path:literal) => {
        concat!("/api/v2/externalcontacts", $path)
    };
}

use Run::{LongRead, Lookup, Read, Wait};

/// Every operation.
#[rustfmt::skip]
pub(crate) static ROUTES: &[Route] = &[
    row(POST,   api!("/contacts"),                     &[ContactAdd],    RECORD, Wait(contacts::add)),
    row(GET,    api!("/contacts"),                     &[ContactView],   NONE,   LongRead(contacts::list)).timed(Timed::Search),
    row(POST,   api!("/contacts/search"),              &[ContactView],   RECORD, LongRead(contacts::search)).timed(Timed::Search),
    row(GET,    api!("/contacts/{contactId}"),         &[ContactView],   NONE,   Read(contacts::read)),
    row(PUT,    api!("/contacts/{contactId}"),         &[ContactEdit],   RECORD, Wait(contacts::replace)),
    row(PATCH,  api!("/contacts/{contactId}"),         &[ContactEdit],   RECORD, Wait(contacts::patch)),
    row(DELETE, api!("/contacts/{contactId}"),         &[ContactDelete], NONE,   Wait(contacts::remove)),

    row(GET,    api!("/contacts/{contactId}/notes"),          &[ContactView], NONE,   LongRead(notes::list_of_contact)),
    row(POST,   api!("/contacts/{contactId}/notes"),          &[ContactEdit], RECORD, Wait(notes::add_to_contact)),
    row(GET,    api!("/contacts/{contactId}/notes/{noteId}"), &[ContactView], NONE,   Read(notes::read_of_contact)),
    row(PUT,    api!("/contacts/{contactId}/notes/{noteId}"), &[ContactEdit], RECORD, Wait(notes::replace_of_contact)),
    row(PATCH,  api!("/contacts/{contactId}/notes/{noteId}"), &[ContactEdit], RECORD, Wait(notes::patch_of_contact)),
    row(DELETE, api!("/contacts/{contactId}/notes/{noteId}"), &[ContactEdit], NONE,   Wait(notes::remove_of_contact)),

    row(GET,    api!("/reversewhitepageslookup"),      LOOK_UP,         NONE,   Lookup(lookup::reverse)).timed(Timed::Lookup).fast(Fast::Reverse),
    row(POST,   api!("/identifierlookup/contacts"),    LOOK_UP,         RECORD, Read(lookup::identifier)).timed(Timed::Lookup),
    row(GET,    api!("/scan/contacts"),                &[ContactView],   NONE,   LongRead(scan::contacts)),

    row(POST,   api!("/bulk/contacts"),                &[ContactView],   BULK,   LongRead(bulk::fetch)),
    row(POST,   api!("/bulk/contacts/add"),            &[ContactAdd],    BULK,   Wait(bulk::add)),
    row(POST,   api!("/bulk/contacts/update"),         &[ContactEdit],   BULK,   Wait(bulk::update)),
    row(POST,   api!("/bulk/contacts/remove"),         &[ContactDelete], BULK,   Wait(bulk::remove)),

    row(POST,   api!("/organizations"),                            &[OrganizationAdd],    RECORD, Wait(organizations::add)),
    row(GET,    api!("/organizations"),                            &[OrganizationView],   NONE,   LongRead(organizations::list)).timed(Timed::Search),
    row(GET,    api!("/organizations/{externalOrganizationId}"),   &[OrganizationView],   NONE,   Read(organizations::read)),
    row(PUT,    api!("/organizations/{externalOrganizationId}"),   &[OrganizationEdit],   RECORD, Wait(organizations::replace)),
    row(PATCH,  api!("/organizations/{externalOrganizationId}"),   &[OrganizationEdit],   RECORD, Wait(organizations::patch)),
    row(DELETE, api!("/organizations/{externalOrganizationId}"),   &[OrganizationDelete], NONE,   Wait(organizations::remove)),
    row(GET,    api!("/organizations/{externalOrganizationId}/contacts"),       &[ContactView],      NONE,   LongRead(contacts::list_of_organization)),
    row(GET,    api!("/organizations/{externalOrganizationId}/notes"),          &[OrganizationView], NONE,   LongRead(notes::list_of_organization)),
    row(POST,   api!("/organizations/{externalOrganizationId}/notes"),          &[OrganizationEdit], RECORD, Wait(notes::add_to_organization)),
    row(GET,    api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationView], NONE,   Read(notes::read_of_organization)),
    row(PUT,    api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationEdit], RECORD, Wait(notes::replace_of_organization)),
    row(PATCH,  api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationEdit], RECORD, Wait(notes::patch_of_organization)),
    row(DELETE, api!("/organizations/{externalOrganizationId}/notes/{noteId}"), &[OrganizationEdit], NONE,   Wait(notes::remove_of_organization)),

    row(GET,    api!("/contacts/schemas"),                                  &[CustomFieldsView], NONE,   Read(schemas::list)),
    row(POST,   api!("/contacts/schemas"),                                  &[CustomFieldsAdd],  RECORD, Wait(schemas::add)),
    row(GET,    api!("/contacts/schemas/coretypes"),                        &[CustomFieldsView], NONE,   Read(schemas::core_types)),
    row(GET,    api!("/contacts/schemas/coretypes/{coreTypeName}"),         &[CustomFieldsView], NONE,   Read(schemas::core_type)),
    row(GET,    api!("/contacts/schemas/limits"),                           &[CustomFieldsView], NONE,   Read(schemas::limits)),
    row(DELETE, api!("/contacts/schemas/{schemaId}"),                       &[CustomFieldsEdit], NONE,   Wait(schemas::remove)),
    row(GET,    api!("/contacts/schemas/{schemaId}"),                       &[CustomFieldsView], NONE,   Read(schemas::read)),
    row(PUT,    api!("/contacts/schemas/{schemaId}"),                       &[CustomFieldsEdit], RECORD, Wait(schemas::replace)),
    row(GET,    api!("/contacts/schemas/{schemaId}/versions"),              &[CustomFieldsView], NONE,   Read(schemas::versions)),
    row(GET,    api!("/contacts/schemas/{schemaId}/versions/{versionId}"),  &[CustomFieldsView], NONE,   Read(schemas::version)),
    row(GET,    api!("/organizations/schemas"),                                 &[CustomFieldsView], NONE,   Read(schemas::list)),
    row(POST,   api!("/organizations/schemas"),                                 &[CustomFieldsAdd],  RECORD, Wait(schemas::add)),
    row(GET,    api!("/organizations/schemas/coretypes"),                       &[CustomFieldsView], NONE,   Read(schemas::core_types)),
    row(GET,    api!("/organizations/schemas/coretypes/{coreTypeName}"),        &[CustomFieldsView], NONE,   Read(schemas::core_type)),
    row(GET,    api!("/organizations/schemas/limits"),                          &[CustomFieldsView], NONE,   Read(schemas::limits)),
    row(GET,    api!("/organizations/schemas/{schemaId}"),                      &[CustomFieldsView], NONE,   Read(schemas::read)),
    row(PUT,    api!("/organizations/schemas/{schemaId}"),                      &[CustomFieldsEdit], RECORD, Wait(schemas::replace)),
    row(GET,    api!("/organizations/schemas/{schemaId}/versions"),             &[CustomFieldsView], NONE,   Read(schemas::versions)),
    row(GET,    api!("/organizations/schemas/{schemaId}/versions/{versionId}"), &[CustomFieldsView], NONE,   Read(schemas::version)),

    row(POST,   "/api/v2/carnet/import",               &[Admin],         BodyUse::Lines, Wait(import::run)),
    row(GET,    "/api/v2/carnet/export",               &[Admin],         NONE,   Wait(export::run)),
    row(GET,    "/api/v2/carnet/stats",                &[Admin],         NONE,   Wait(maintenance::stats)),
    row(GET,    "/api/v2/carnet/check",                &[Admin],         NONE,   Wait(maintenance::check)),
    row(GET,    "/api/v2/carnet/numbers/unread",       &[Admin],         NONE,   LongRead(numbers::unread)),
    row(POST,   "/api/v2/carnet/numbers/reread",       &[Admin],         NONE,   Wait(numbers::reread)),
    row(GET,    "/api/v2/carnet/numbers/read",         LOOK_UP,          NONE,   Read(reading::number)),
    row(GET,    "/api/v2/carnet/caller",               &[ContactView],   NONE,   Read(reading::caller)),

    row(GET,    "/api/v2/carnet/clients",                   &[Admin],    NONE,   Wait(clients::list)),
    row(POST,   "/api/v2/carnet/clients",                   &[Admin],    RECORD, Wait(clients::add)),
    row(DELETE, "/api/v2/carnet/clients/{clientId}",        &[Admin],    NONE,   Wait(clients::remove)),
    row(POST,   "/api/v2/carnet/clients/{clientId}/rotate", &[Admin],    NONE,   Wait(clients::rotate)),

    row(GET,    "/api/v2/carnet/session",          &[],         NONE,   Read(session::read)).access(Access::SignedIn),
    row(POST,   "/api/v2/carnet/session",          &[],         SIGN_IN, Wait(session::sign_in)).access(Access::Public),
    row(DELETE, "/api/v2/carnet/session",          &[],         NONE,   Wait(session::sign_out)).access(Access::Public),
    row(POST,   "/api/v2/carnet/session/first",    &[],         SIGN_IN, Wait(session::first)).access(Access::Public),
    row(PUT,    "/api/v2/carnet/session/password", &[],         SIGN_IN, Wait(session::change_password)).access(Access::SignedIn),
    row(GET,    "/api/v2/carnet/users",            &[Admin],    NONE,   Wait(users::list)),
    row(POST,   "/api/v2/carnet/users",            &[Admin],    SIGN_IN, Wait(users::add)),
    row(PUT,    "/api/v2/carnet/users/{name}",     &[Admin],    SIGN_IN, Wait(users::edit)),
    row(DELETE, "/api/v2/carnet/users/{name}",     &[Admin],    NONE,   Wait(users::remove)),
    row(GET,    "/api/v2/carnet/settings",         &[Admin],    NONE,   Read(settings::list)),
    row(PUT,    "/api/v2/carnet/settings/{name}",  &[Admin],    SIGN_IN, Wait(settings::change)),
    row(GET,    "/api/v2/carnet/roles",            &[Admin],    NONE,   Read(users::roles)),
    row(GET,    "/api/v2/carnet/fields/{key}/{value}", LOOK_UP, NONE, Lookup(field_lookup::one)).access(Access::Keyed).timed(Timed::Lookup),

    row(GET,    "/cid",             LOOK_UP, NONE, Lookup(caller_id::by_query)).access(Access::CallerId).errors(ErrorShape::Silent).timed(Timed::Lookup).fast(Fast::CallerId),
    row(GET,    "/cid/{number}",    LOOK_UP, NONE, Lookup(caller_id::by_path)).access(Access::CallerId).errors(ErrorShape::Silent).timed(Timed::Lookup),
    row(GET,    "/lookup/{number}", LOOK_UP, NONE, Lookup(number_lookup::one)).access(Access::Keyed).timed(Timed::Lookup),
    row(POST,   "/lookup",          LOOK_UP, NUMBERS, Wait(number_lookup::many)).access(Access::Keyed),

    row(POST,   "/oauth/token", &[], BodyUse::Form(FORM_BYTES_MAX), Wait(token::token)).access(Access::Token).errors(ErrorShape::OAuth),
    row(GET,    "/healthz",     &[], NONE, Wait(health::alive)).access(Access::Public),
    row(GET,    "/readyz",      &[], NONE, Wait(health::ready)).access(Access::Public),
    row(GET,    "/",                                   &[], NONE, Wait(web::index)).access(Access::Public),
    row(GET,    "/assets/{version}/{name}",            &[], NONE, Wait(web::asset)).access(Access::Public),
    row(GET,    "/assets/{version}/{folder}/{name}",   &[], NONE, Wait(web::asset)).access(Access::Public),
    row(GET,    "/metrics",     &[], NONE, Wait(metrics::all)).access(Access::Public),
];

/// What a path and a method lead to.
#[derive(Clone, Copy, Debug)]
enum Row {
    /// An operation.
    Known(RouteNo),
    /// An operation of the vendor's that carnet does not have.
    Missing(&'static Method),
}

static ROUTER: LazyLock<Router<Row>> = LazyLock::new(|| {
    let known = ROUTES.iter().enumerate();
    let known = known.map(|(no, route)| (route.path, Row::Known(RouteNo(no))));
    // Among them, so that their literal segments win over variables, too: `exports` is no contact.
    let missing = MISSING.iter().map(|(method, path)| (*path, Row::Missing(method)));
    Router::new(known.chain(missing))
});

/// The row of an operation.
pub(crate) fn route(RouteNo(no): RouteNo) -> &'static Route {
    &ROUTES[no]
}

/// The operation that answers `method` at `path`, with the values of the path's variables. HEAD
/// is answered wherever GET is.
pub(crate) fn find(method: &Method, path: &str) -> Result<(RouteNo, Variables), Failure> {
    let (rows, variables) = ROUTER.find(path).ok_or_else(nothing_here)?;
    let method = if *method == Method::HEAD { &GET } else { method };
    for row in rows {
        match row {
            Row::Known(no) if route(*no).method == *method => return Ok((*no, variables)),
            Row::Missing(missing) if *missing == method => return Err(Failure::not_implemented()),
            _ => {}
        }
    }
    Err(Failure::method_not_allowed(&methods_of(rows)?.join(", ")))
}

/// The methods that a path answers.
pub(crate) fn methods(path: &str) -> Result<Vec<&'static str>, Failure> {
    methods_of(ROUTER.find(path).ok_or_else(nothing_here)?.0)
}

fn methods_of(rows: &[Row]) -> Result<Vec<&'static str>, Failure> {
    let mut methods = Vec::new();
    for row in rows {
        if let Row::Known(no) = row {
            let method = &route(*no).method;
            methods.push(method.as_str());
            if *method == GET {
                methods.push("HEAD");
            }
        }
    }
    if methods.is_empty() { Err(nothing_here()) } else { Ok(methods) }
}

fn nothing_here() -> Failure {
    Failure::not_found("There is nothing at this path.")
}

/// The operations that the fast path answers.
pub(crate) fn fast() -> impl Iterator<Item = (Fast, RouteNo, &'static Route)> {
    let rows = ROUTES.iter().enumerate();
    rows.filter_map(|(no, route)| Some((route.fast?, RouteNo(no), route)))
}

/// The operations as the metrics show them, in the order of their numbers.
pub(crate) fn labels() -> Vec<Label> {
    let label = |route: &'static Route| Label {
        method: route.method.as_str(),
        path: route.path,
        timed: route.timed,
    };
    ROUTES.iter().map(label).collect()
}

/// The paths at which a failure has no body, wherever it is found.
pub(crate) fn silence() -> Silence {
    let silent = ROUTES.iter().filter(|route| route.errors == ErrorShape::Silent);
    Silence::new(silent.map(|route| route.path))
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
    use crate::caller_id::silence::OPENING_BYTES_MAX;
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
            assert!(std::ptr::eq(self::route(found), route), "{} {}", route.method, route.path);
        }
    }

    #[test]
    fn what_needs_a_token_needs_a_permission() {
        for route in ROUTES {
            let guarded =
                !matches!(route.access, Access::Public | Access::Token | Access::SignedIn);
            assert_eq!(guarded, !route.permissions.is_empty(), "{}", route.path);
        }
    }

    #[test]
    fn a_silent_path_is_known_by_the_beginning_of_its_head() {
        assert!(silence().head_bytes() <= OPENING_BYTES_MAX);
    }

    #[test]
    fn failures_of_caller_id_are_silent_and_no_others() {
        let silence = silence();
        for route in ROUTES {
            let silent = route.access == Access::CallerId;
            assert_eq!(route.errors == ErrorShape::Silent, silent, "{}", route.path);
            assert_eq!(silence.covers(route.path.as_bytes()), silent, "{}", route.path);
        }
    }

    #[test]
    fn the_fast_path_answers_look_ups_without_variables_and_each_once() {
        let rows: Vec<_> = fast().collect();
        assert_eq!(rows.len(), 2);
        assert_ne!(rows[0].0, rows[1].0);
        for (_, _, row) in rows {
            assert!(!row.path.contains('{') && row.method == GET && row.timed == Timed::Lookup);
        }
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

    /// The operations of the vendor's API.
    const OPERATIONS: usize = 145;
    const PREFIX: &str = "/api/v2/externalcontacts";

    fn shape(path: &str) -> String {
        let segments = path.split('/');
        let segments = segments.map(|one| if one.starts_with('{') { "{}" } else { one });
        segments.collect::<Vec<_>>().join("/")
    }

    #[test]
    fn the_vendors_operations_are_those_of_the_table_and_those_of_the_list() {
        let lines = include_str!("../data/missing-operations.txt").lines().count();
        assert_eq!(MISSING.len(), lines, "a line cannot be read");
        let known = ROUTES.iter().map(|route| (route.method.clone(), route.path));
        let known: Vec<_> = known.filter(|(_, path)| path.starts_with(PREFIX)).collect();
        assert_eq!(known.len() + MISSING.len(), OPERATIONS);
        let all = known.iter().chain(MISSING.iter());
        let all: HashSet<_> = all.map(|(method, path)| (method, shape(path))).collect();
        assert_eq!(all.len(), OPERATIONS, "one is in both");
    }

    #[test]
    fn each_says_that_carnet_does_not_have_it() {
        for (method, path) in MISSING.iter() {
            let path = path.replace('{', "x").replace('}', "y");
            let failure = find(method, &path).unwrap_err();
            assert_eq!(
                (failure.status(), failure.code()),
                (501.try_into().unwrap(), "not.implemented")
            );
        }
    }

    #[test]
    fn the_word_of_an_operation_is_no_record() {
        for (method, path, status) in [
            (Method::GET, "/contacts/exports", 501),
            (Method::HEAD, "/contacts/exports", 501),
            (Method::POST, "/contacts/exports", 501),
            (Method::POST, "/contacts/merge", 501),
            (Method::GET, "/organizations/exports", 501),
            (Method::POST, "/organizations/enrich", 501),
            (Method::POST, "/identifierlookup", 501),
            (Method::GET, "/contacts/0/unresolved", 501),
            // Nobody's operation.
            (Method::DELETE, "/contacts/exports", 404),
            (Method::PUT, "/identifierlookup", 404),
            (Method::GET, "/contacts/search", 405),
            (Method::PUT, "/contacts", 405),
            (Method::DELETE, "/organizations/schemas/0", 405),
            (Method::GET, "/nowhere", 404),
        ] {
            let failure = find(&method, &format!("{PREFIX}{path}")).unwrap_err();
            assert_eq!(failure.status(), status, "{method} {path}");
        }
        // A record is found beside them.
        for path in
            ["/contacts/0", "/organizations/0", "/contacts/0/notes", "/contacts/schemas/limits"]
        {
            assert!(find(&Method::GET, &format!("{PREFIX}{path}")).is_ok(), "{path}");
        }
    }
}
