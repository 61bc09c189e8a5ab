//! The body of a contact search. It knows nothing of permissions or of the index.

use crate::Checked;
use crate::json::reader::{Reader, read_body};
use crate::requests::listing;
use crate::requests::query::{self, CONTACT_ORDERS};
use carnet_model::limits::IDENTIFIER_CHARS_MAX;
use carnet_model::{FaultKind, Invalid, Page, Sort, SortField, Uuid};
use serde_json::Value;

#[cfg(test)]
mod tests;

/// Divisions that one search may name.
pub const DIVISION_IDS_MAX: usize = 50;
/// Contacts to which one search may be narrowed.
pub const IDS_MAX: usize = 100;
/// Entries of `expand` and of `sortOrder`; there are fewer different ones.
const CHOICES_MAX: usize = 20;

/// A search as the client sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRequest {
    /// Which page of the result.
    pub page: Page,
    /// Only contacts of these divisions; empty for all.
    pub divisions: Vec<String>,
    /// Names of linked entities to show with each contact, as in `expand` of other operations; not
    /// checked here.
    pub expand: Vec<String>,
    /// The words; `None` for every contact.
    pub query: Option<String>,
    /// The order, first key first; empty for best match first.
    pub sort: Vec<Sort>,
    /// Only these contacts; an empty list finds nobody, `None` is for all.
    pub ids: Option<Vec<Uuid>>,
}

/// Reads the body of a search. Without an operation it asks for every contact.
pub fn read(body: &Value) -> Checked<SearchRequest> {
    read_at(body, None, None)
}

/// Reads the body of a search whose address has a number or a size of the page, too, as the links
/// of a listing do: the address wins, so that a link is followed with the same body.
pub fn read_at(body: &Value, number: Option<i64>, size: Option<i64>) -> Checked<SearchRequest> {
    let mut pages = Invalid::default();
    let mut checked = read_body(body, |body| {
        let read = body.body();
        let integer = |name: &str| read.and_then(|body| body.field(name).integer());
        let (in_body, size_in_body) = (integer("pageNumber"), integer("pageSize"));
        let (number, size) = (number.or(in_body), size.or(size_in_body));
        let mut request = SearchRequest {
            page: listing::page(number, size, &mut pages),
            divisions: texts(&body.field("divisionIds"), DIVISION_IDS_MAX),
            expand: texts(&body.field("expand"), CHOICES_MAX),
            query: None,
            sort: Vec::new(),
            ids: None,
        };
        let operation = body.field("operation");
        if let Some(operation) = operation.object() {
            let search = operation.field("simpleSearch");
            // There is no other; an operation that is not known must not find everything.
            search.require();
            if let Some(search) = search.object() {
                request.query = words(&search.field("query"));
                request.sort = orders(&search.field("sortOrder"));
                let ids = search.field("ids");
                let read = ids.list(IDS_MAX).filter_map(|id| id.uuid()).collect();
                request.ids = ids.value().is_some().then_some(read);
            }
        }
        request
    });
    checked.invalid.faults.append(&mut pages.faults);
    checked
}

/// A list of texts of at most `max` entries; `*` among divisions stays what it is.
fn texts(list: &Reader<'_>, max: usize) -> Vec<String> {
    list.list(max).filter_map(|entry| entry.text(IDENTIFIER_CHARS_MAX)).collect()
}

/// The words of a search: any text at all, since no text is an error to search for.
fn words(query: &Reader<'_>) -> Option<String> {
    match query.value()? {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        _ => {
            query.fault(FaultKind::WrongType { expected: "a text" });
            None
        }
    }
}

fn orders(list: &Reader<'_>) -> Vec<Sort> {
    let mut orders: Vec<Sort> = Vec::new();
    for entry in list.list(CHOICES_MAX) {
        let mut faults = Invalid::default();
        let text = entry.text(IDENTIFIER_CHARS_MAX);
        for order in query::sort("", text.as_deref(), CONTACT_ORDERS, &mut faults) {
            let known = |field: SortField| orders.iter().any(|order| order.field == field);
            if !known(order.field) {
                orders.push(order);
            }
        }
        faults.faults.into_iter().for_each(|fault| entry.fault(fault.kind));
    }
    orders
}
