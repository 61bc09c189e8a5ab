//! Listings and scans, walked to their ends.

use super::{House, ids_of, person};
use serde_json::{Value, json};
use std::collections::HashSet;

async fn filled(count: usize) -> (House, Vec<String>) {
    let house = House::new().await;
    let people = (0..count).map(|i| person(&format!("P{i:03}"), &format!("L{:03}", count - i)));
    let entities: Vec<Value> = people.collect();
    let added = house.post("/bulk/contacts/add", json!({"entities": entities})).await;
    assert_eq!(added["errorCount"], 0);
    let ids = added["results"].as_array().unwrap().iter().map(super::id_of).collect();
    (house, ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_walked_by_its_own_links() {
    let (house, ids) = filled(45).await;
    let first = "/api/v2/externalcontacts/contacts?sortOrder=firstName:asc&pageSize=10&q=l0";
    let (mut path, mut seen, mut pages) = (first.to_owned(), Vec::new(), 0);
    loop {
        let page = house.get(&path).await;
        assert_eq!((&page["total"], &page["pageCount"]), (&json!(45), &json!(5)));
        seen.extend(ids_of(&page["entities"]));
        pages += 1;
        assert_eq!(page["pageNumber"], pages);
        match page["nextUri"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((seen, pages), (ids, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_ordered_as_asked() {
    let (house, ids) = filled(12).await;
    let reversed: Vec<String> = ids.iter().rev().cloned().collect();
    for (order, expect) in [
        ("firstName", &ids),
        ("firstName:desc", &reversed),
        ("lastName:ASC", &reversed),
        ("lastName:desc", &ids),
        ("title,firstName:desc", &reversed),
    ] {
        let page = house.get(&format!("/contacts?sortOrder={order}")).await;
        assert_eq!(&ids_of(&page["entities"]), expect, "{order}");
    }
    let search = json!({
        "pageSize": 2, "pageNumber": 2,
        "operation": {"simpleSearch": {"sortOrder": ["firstName:desc"], "ids": ids[..5]}},
    });
    let page = house.post("/contacts/search", search).await;
    assert_eq!(ids_of(&page["entities"]), [ids[2].as_str(), &ids[1]]);
    assert_eq!(page["total"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_of_a_listing_leads_to_the_scan() {
    let house = House::new().await;
    for (query, fine) in [
        ("pageSize=500&pageNumber=2", true),
        ("pageSize=100&pageNumber=10", true),
        ("pageSize=100&pageNumber=11", false),
        ("pageSize=1&pageNumber=1001", false),
    ] {
        let reply = house.ask("GET", &format!("/contacts?{query}"), None).await;
        assert_eq!(reply.status, if fine { 200 } else { 400 }, "{query}");
        if !fine {
            let message = reply.json()["message"].as_str().unwrap().to_owned();
            assert!(message.contains("scan"), "{message}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_yields_everything_once_and_says_when_it_ends() {
    for (count, limit, parts) in [(0, 10, 1), (9, 10, 1), (10, 10, 1), (25, 10, 3), (30, 10, 3)] {
        let (house, ids) =
            if count == 0 { (House::new().await, Vec::new()) } else { filled(count).await };
        let mut path = format!("/scan/contacts?limit={limit}&divisionId=*");
        let (mut seen, mut walked) = (Vec::new(), 0);
        loop {
            let part = house.get(&path).await;
            seen.extend(ids_of(&part["entities"]));
            walked += 1;
            let after = part["cursors"].get("after");
            assert_eq!(after.is_some(), part.get("nextUri").is_some());
            let Some(after) = after else { break };
            assert!(!part["entities"].as_array().unwrap().is_empty());
            // Half of the clients take the link, half the cursor under its other name.
            path = if walked % 2 == 0 {
                format!("/scan/contacts?limit={limit}&after={}", after.as_str().unwrap())
            } else {
                part["nextUri"].as_str().unwrap().to_owned()
            };
        }
        assert_eq!((seen, walked), (ids, parts), "{count} by {limit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_keeps_its_place_while_contacts_come_and_go() {
    let (house, ids) = filled(25).await;
    let first = house.get("/scan/contacts?limit=10").await;
    house.good("DELETE", &format!("/contacts/{}", ids[9]), None).await;
    house.good("DELETE", &format!("/contacts/{}", ids[12]), None).await;
    let late = house.add(person("Late", "Comer")).await;
    let mut seen: HashSet<String> = ids_of(&first["entities"]).into_iter().collect();
    let mut path = first["nextUri"].as_str().map(str::to_owned);
    while let Some(next) = path {
        let part = house.get(&next).await;
        for id in ids_of(&part["entities"]) {
            assert!(seen.insert(id));
        }
        path = part["nextUri"].as_str().map(str::to_owned);
    }
    assert!(seen.contains(&late) && !seen.contains(&ids[12]) && seen.contains(&ids[9]));
    assert_eq!(seen.len(), 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_division_narrows_listings_and_scans() {
    let house = House::new().await;
    let mut ids = Vec::new();
    for i in 0..12 {
        let mut body = person("P", &format!("L{i}"));
        body["division"] = json!({"id": if i % 3 == 0 { "north" } else { "south" }});
        ids.push(house.add(body).await);
    }
    for (path, count) in [
        ("/contacts?divisionIds=north", 4),
        ("/contacts?divisionIds=north,south", 12),
        ("/contacts?divisionIds=east", 0),
        ("/contacts?divisionIds=*", 12),
        ("/scan/contacts?divisionId=south", 8),
        ("/scan/contacts?divisionId=east", 0),
        ("/scan/contacts", 12),
    ] {
        let entities = house.get(path).await["entities"].as_array().unwrap().len();
        assert_eq!(entities, count, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_walked_by_its_own_links_with_the_same_body() {
    let (house, ids) = filled(45).await;
    for in_body in [json!({"pageSize": 10}), json!({"pageSize": 10, "pageNumber": 1})] {
        let mut body = in_body;
        body["operation"] = json!({"simpleSearch": {"query": "l0", "sortOrder": ["firstName"]}});
        let (mut path, mut seen, mut pages) = ("/contacts/search".to_owned(), Vec::new(), 0);
        let last = loop {
            let page = house.post(&path, body.clone()).await;
            seen.extend(ids_of(&page["entities"]));
            pages += 1;
            assert_eq!((&page["pageNumber"], &page["pageCount"]), (&json!(pages), &json!(5)));
            // Every other link leads where it says.
            for (link, number) in [("selfUri", json!(pages)), ("firstUri", json!(1))] {
                let there = house.post(page[link].as_str().unwrap(), body.clone()).await;
                assert_eq!(there["pageNumber"], number, "{link}");
            }
            match page["nextUri"].as_str() {
                Some(next) => path = next.to_owned(),
                None => break page,
            }
        };
        assert_eq!((&seen, pages), (&ids, 5));
        let back = house.post(last["previousUri"].as_str().unwrap(), body.clone()).await;
        assert_eq!(ids_of(&back["entities"]), ids[30..40]);
    }
    for (query, status) in [("pageNumber=0", 400), ("pageSize=x", 400), ("pageNumber=", 200)] {
        let path = format!("/contacts/search?{query}");
        assert_eq!(house.ask("POST", &path, Some(json!({}))).await.status, status, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_among_no_contacts_finds_nobody() {
    let (house, ids) = filled(3).await;
    for (among, total) in
        [(json!([]), 0), (json!([super::NOBODY]), 0), (json!(ids[..2]), 2), (json!(null), 3)]
    {
        for query in [json!(null), json!("l0")] {
            let search = json!({"operation": {"simpleSearch": {"ids": among, "query": query}}});
            let found = house.post("/contacts/search", search.clone()).await;
            assert_eq!(found["total"], total, "{search}");
        }
    }
}
