//! Made-up records. Values come from small pools, so that several contacts share a number, a name,
//! an identifier or a date.

use carnet_model::{
    Address, Contact, CustomFields, Division, ExternalId, ExternalSource, Facebook, Instagram,
    Line, Note, Organization, Phone, SchemaRef, Subject, Ticker, Timestamp, Twitter, WhatsApp,
};
use carnet_phone::{E164, Region};
use uuid::Uuid;

/// How many values a pool has.
pub(crate) const POOL: u64 = 4;

pub(crate) fn number(n: u64) -> E164 {
    E164::from_digits(4_930_123_400 + n % POOL).unwrap()
}

/// Dates around 1970, and the farthest there are.
pub(crate) fn date(n: u64) -> Timestamp {
    let dates = [-5, 0, 1_700_000_000_000, i64::MIN, i64::MAX, 7];
    Timestamp(dates[usize::try_from(n).unwrap_or(0) % dates.len()])
}

pub(crate) fn email(n: u64) -> String {
    format!("Person{}@Example.org", n % POOL)
}

pub(crate) fn external_id(n: u64) -> ExternalId {
    ExternalId {
        source: ExternalSource { id: None, name: Some("CRM".into()) },
        value: format!("A-{}", n % POOL),
    }
}

pub(crate) fn organization_name(n: u64) -> String {
    ["Acme", "ACME ", "Öl & Söhne", "öl & söhne"][usize::try_from(n % POOL).unwrap_or(0)].into()
}

/// The value of an identifier among the custom fields.
pub(crate) fn member(n: u64) -> String {
    format!("M-{}", n % POOL)
}

fn member_fields(n: u64) -> CustomFields {
    let fields = [("m_identifier", member(n)), ("m_text", n.to_string())];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect()
}

fn phone(n: u64) -> Phone {
    let e164 = Some(number(n));
    Phone { input: format!("0{n}"), e164, ..Phone::default() }
}

/// A phone that is kept as it was typed.
pub(crate) fn unread(text: &str) -> Phone {
    Phone { input: text.into(), e164: None, ..phone(0) }
}

/// A contact of `seed`: which fields it has, and their values, follow from its bits.
pub(crate) fn contact(id: u64, seed: u64, organization: Option<Uuid>) -> Contact {
    let has = |bit: u64| seed >> bit & 1 == 1;
    Contact {
        id: Uuid::from_u64_pair(1, id),
        first_name: Some(format!("First{seed}")),
        last_name: has(0).then(|| format!("Last{id}")),
        work_phone: has(1).then(|| phone(seed)),
        cell_phone: has(2).then(|| match (has(6), has(7)) {
            (true, true) => unread("1047"),
            (true, false) => unread("ask Ann"),
            (false, _) => phone(seed >> 3),
        }),
        work_email: has(3).then(|| email(seed)),
        personal_email: has(4).then(|| email(seed >> 2).to_uppercase()),
        external_ids: if has(5) { vec![external_id(seed)] } else { Vec::new() },
        custom_fields: has(9).then(|| member_fields(seed)),
        organization,
        create_date: date(seed >> 4),
        modify_date: Timestamp(1),
        ..Contact::default()
    }
}

/// A contact with every field filled in.
pub(crate) fn full_contact(id: u64) -> Contact {
    let mut custom = CustomFields::new();
    custom.insert("n".into(), serde_json::json!([1, -2, 3.5, null, {"deep": ["é", true]}]));
    custom.insert("big".into(), serde_json::json!(u64::MAX));
    let text = |what: &str| Some(format!("{what} Żółć 李"));
    Contact {
        division: Division { id: "7".into(), name: text("division") },
        middle_name: text("middle"),
        salutation: text("Dr"),
        title: text("title"),
        other_email: Some("x@y.example".into()),
        home_phone: Some(Phone {
            input: "030 1234".into(),
            e164: Some(number(1)),
            extension: Some(42),
            accepts_sms: true,
            region: Some(Region::US),
            ..Phone::default()
        }),
        other_phone: Some(Phone { e164: None, ..phone(0) }),
        external_system_url: Some("https://crm.example/7".into()),
        twitter: Some(Twitter {
            id: text("id"),
            name: text("name"),
            screen_name: Some("@Anna".into()),
            verified: Some(true),
            profile_url: text("url"),
        }),
        line: Some(Line { ids: vec!["l1".into()], display_name: text("line") }),
        whats_app: Some(WhatsApp { phone: phone(3), display_name: text("wa") }),
        facebook: Some(Facebook { ids: vec!["f1".into()], display_name: text("fb") }),
        instagram: Some(Instagram {
            ids: vec!["i1".into()],
            display_name: text("ig"),
            handle: Some("@Anna".into()),
        }),
        apple_opaque_ids: vec!["a1".into(), "a2".into()],
        address: Some(Address { city: text("city"), ..Address::default() }),
        survey_opt_out: Some(false),
        schema: Some(SchemaRef { id: Uuid::from_u128(9), version: 3 }),
        custom_fields: Some(custom),
        ..contact(id, u64::MAX, None)
    }
}

pub(crate) fn organization(id: u64, seed: u64) -> Organization {
    Organization {
        id: Uuid::from_u64_pair(2, id),
        name: organization_name(seed),
        tickers: vec![Ticker { symbol: "A".into(), exchange: "X".into() }],
        employee_count: Some(i64::MIN),
        external_ids: if seed & 8 == 8 {
            vec![external_id(seed), external_id(seed)]
        } else {
            vec![]
        },
        create_date: date(seed >> 4),
        ..Organization::default()
    }
}

pub(crate) fn note(id: u64, seed: u64, subject: Subject) -> Note {
    Note {
        id: Uuid::from_u64_pair(3, id),
        subject,
        text: format!("note {seed}"),
        author: "someone".into(),
        create_date: date(seed),
        modify_date: date(seed),
    }
}
