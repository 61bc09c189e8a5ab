//! The parameters that every listing has: which page, in what order, of which divisions.

use crate::message::parameters::Parameters;
use carnet_model::{FaultKind, Invalid, Page, Sort, SortField};
use carnet_wire::search::DIVISION_IDS_MAX;
use carnet_wire::{listing, query};

/// The page that the query asks for.
pub(crate) fn page(parameters: &Parameters, invalid: &mut Invalid) -> Page {
    let mut number = |name| query::integer(name, parameters.first(name), invalid);
    let (page, size) = (number("pageNumber"), number("pageSize"));
    listing::page(page, size, invalid)
}

/// The order that the query asks for.
pub(crate) fn sort(
    parameters: &Parameters,
    orders: &[(&str, SortField)],
    invalid: &mut Invalid,
) -> Vec<Sort> {
    query::sort("sortOrder", parameters.all("sortOrder"), orders, invalid)
}

/// The divisions that the query names; empty for all.
pub(crate) fn divisions(parameters: &Parameters, invalid: &mut Invalid) -> Vec<String> {
    let listed = query::list(parameters.all("divisionIds"));
    if listed.len() > DIVISION_IDS_MAX {
        invalid.add("divisionIds", FaultKind::TooLong { max: DIVISION_IDS_MAX });
    }
    named(listed.into_iter().map(str::to_owned).collect())
}

/// Divisions; none where `*` is among them. The vendor's clients send it when they mean no division
/// in particular, and it is the division of records that were given none: read as all, no record is
/// ever missed.
pub(crate) fn named(divisions: Vec<String>) -> Vec<String> {
    if divisions.iter().any(|id| id == "*") { Vec::new() } else { divisions }
}
