//! Listings: pages with links to their neighbours, and scans with a cursor. It knows nothing of the
//! entries, nor of the meaning of a cursor.

use carnet_model::limits::{LISTING_WINDOW_MAX, PAGE_SIZE_MAX};
use carnet_model::{FaultKind, Invalid, Page};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

#[cfg(test)]
mod tests;

/// Entries of a page when the client does not say.
pub const PAGE_SIZE_DEFAULT: u32 = 20;

const PAGE_SIZE: &str = "pageSize";
const PAGE_NUMBER: &str = "pageNumber";
const CURSOR: &str = "cursor";
/// Another name under which some clients send the cursor.
const AFTER: &str = "after";

/// What is escaped in a value of a query: everything but letters, digits, `-`, `.`, `_` and `~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Checks which page a client asks for; by default the first page, with [`PAGE_SIZE_DEFAULT`]
/// entries. Faults are added to `invalid`; the page that is answered then is the default, not to be
/// used.
pub fn page(number: Option<i64>, size: Option<i64>, invalid: &mut Invalid) -> Page {
    let faults = invalid.faults.len();
    let number = number.unwrap_or(1);
    let size = size.unwrap_or(i64::from(PAGE_SIZE_DEFAULT));
    if number < 1 {
        invalid.add(PAGE_NUMBER, FaultKind::Value("pages count from 1".to_owned()));
    }
    if !(1..=i64::from(PAGE_SIZE_MAX)).contains(&size) {
        let why = format!("a page has 1 to {PAGE_SIZE_MAX} entries");
        invalid.add(PAGE_SIZE, FaultKind::Value(why));
    }
    if invalid.faults.len() == faults && number.saturating_mul(size) > i64::from(LISTING_WINDOW_MAX)
    {
        let why = format!(
            "pages end at entry {LISTING_WINDOW_MAX} (pageNumber times pageSize); to read on use \
             the scan operation, GET /api/v2/externalcontacts/scan/contacts for contacts"
        );
        invalid.add(PAGE_NUMBER, FaultKind::Value(why));
    }
    match (u32::try_from(number), u32::try_from(size)) {
        (Ok(number), Ok(size)) if invalid.faults.len() == faults => Page { number, size },
        _ => Page { number: 1, size: PAGE_SIZE_DEFAULT },
    }
}

/// One page of a listing.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<T> {
    /// The entries of this page.
    pub entities: Vec<T>,
    /// How many entries a page has room for.
    pub page_size: u32,
    /// Which page this is, from 1.
    pub page_number: u32,
    /// How many entries all pages have together.
    pub total: usize,
    /// How many pages there are.
    pub page_count: usize,
    /// This page.
    pub self_uri: String,
    /// The first page.
    pub first_uri: String,
    /// The last page that can be asked for.
    pub last_uri: String,
    /// The next page, if there is one that can be asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_uri: Option<String>,
    /// The page before, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_uri: Option<String>,
}

impl<T> Listing<T> {
    /// The page `page` of `total` entries. `path` and `query` are those of the request, the
    /// query still percent-encoded; the links repeat them with other pages. No link leads
    /// beyond [`LISTING_WINDOW_MAX`], where it would be refused.
    pub fn new(
        entities: Vec<T>,
        page: Page,
        total: usize,
        path: &str,
        query: Option<&str>,
    ) -> Listing<T> {
        let page_count = page.count(total);
        // A page that was checked has at least one entry, and so has the window.
        let reachable = (LISTING_WINDOW_MAX / page.size.max(1)).max(1);
        let last = u32::try_from(page_count).map_or(reachable, |count| count.clamp(1, reachable));
        let links = Links::new(path, query, &[PAGE_SIZE, PAGE_NUMBER]);
        let uri =
            |number: u32| links.with(&format!("{PAGE_SIZE}={}&{PAGE_NUMBER}={number}", page.size));
        Listing {
            entities,
            page_size: page.size,
            page_number: page.number,
            total,
            page_count,
            self_uri: uri(page.number),
            first_uri: uri(1),
            last_uri: uri(last),
            next_uri: (page.number < last).then(|| uri(page.number + 1)),
            // A client that is behind the last page is led back to the last.
            previous_uri: (page.number > 1).then(|| uri((page.number - 1).min(last))),
        }
    }
}

/// A part of a scan.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CursorListing<T> {
    /// The entries of this part.
    pub entities: Vec<T>,
    /// The cursor of the next part.
    pub cursors: Cursors,
    /// The request that goes on, unless this is the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_uri: Option<String>,
    /// This part.
    pub self_uri: String,
}

/// The place where a scan continues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cursors {
    /// The cursor of the next part; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl<T> CursorListing<T> {
    /// A part of a scan that goes on at `after`, or ends. `path` and `query` are those of the
    /// request, the query still percent-encoded.
    pub fn new(
        entities: Vec<T>,
        after: Option<String>,
        path: &str,
        query: Option<&str>,
    ) -> CursorListing<T> {
        let next_uri = after.as_ref().map(|after| {
            let links = Links::new(path, query, &[CURSOR, AFTER]);
            links.with(&format!("{CURSOR}={}", utf8_percent_encode(after, ESCAPED)))
        });
        CursorListing {
            entities,
            cursors: Cursors { after },
            next_uri,
            self_uri: Links::new(path, query, &[]).with(""),
        }
    }
}

/// A path with the parameters that all links of a listing share.
struct Links {
    base: String,
    has_query: bool,
}

impl Links {
    /// Keeps every parameter of `query` but those named in `replaced`.
    fn new(path: &str, query: Option<&str>, replaced: &[&str]) -> Links {
        let mut links = Links { base: path.to_owned(), has_query: false };
        for part in query.unwrap_or_default().split('&').filter(|part| !part.is_empty()) {
            let name = part.split_once('=').map_or(part, |(name, _)| name);
            // As the server will read it: no spelling of a parameter stays beside its replacement.
            if !replaced.iter().any(|known| percent_decode_str(name).eq(known.bytes())) {
                links.push(part);
            }
        }
        links
    }

    fn push(&mut self, part: &str) {
        self.base.push(if self.has_query { '&' } else { '?' });
        self.base.push_str(part);
        self.has_query = true;
    }

    fn with(&self, part: &str) -> String {
        let mut links = Links { base: self.base.clone(), has_query: self.has_query };
        if !part.is_empty() {
            links.push(part);
        }
        links.base
    }
}
