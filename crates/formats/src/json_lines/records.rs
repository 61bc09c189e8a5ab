//! Arbitrary records for property tests: everything that the door would let in, in the form in
//! which it is kept.

use carnet_model::{
    Address, Contact, ContactKind, CustomFields, Division, ExternalId, ExternalSource, Facebook,
    Instagram, Line, Note, Organization, Phone, SchemaRef, Subject, Ticker, Timestamp, Twitter,
    Uuid, WhatsApp,
};
use carnet_phone::{Region, normalise, several};
use carnet_wire::Rules;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use serde_json::Value;

/// Numbers as people type them: readable here, readable elsewhere, with extensions, and not
/// readable at all.
const TYPED: &[&str] = &[
    "(317) 222-2222",
    "+33 6 12 34 56 78",
    "06 12 34 56 78",
    "0044 121 331 5000",
    "321-700-1243 x 123",
    "+870 773 111 632",
    "020-2672-6670",
    "+1 317 222 2222",
    "+33 1 23 45 67 01 / +33 6 12 34 56 01",
    "ask Anna",
    "=1+1",
    "1234",
];

/// A text as a record keeps it, often one that a table or a file could stumble over.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[^\\p{Cc}]{1,12}".prop_map(|text| text.trim().to_owned()),
        1 => "['=@+\\-0-9, \"\\[\\].]{1,6}".prop_map(|text| text.trim().to_owned()),
    ]
    .prop_filter("a text shows something", |text| is_kept(text))
}

/// Whether the door keeps a text as a name; one of invisible characters is none.
fn is_kept(text: &str) -> bool {
    let body = serde_json::json!({ "lastName": text });
    carnet_wire::contact::read_import(&body, &Rules::default()).value.contact.last_name.is_some()
}

fn email() -> impl Strategy<Value = String> {
    // What cannot be seen is not kept, nor full-width forms of ASCII.
    "[^\\p{Cc}\\p{Cf}\\s@\u{ff01}-\u{ff5e},;<>\".\u{2800}\u{3164}\u{ffa0}\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]{1,8}@[a-z]{1,8}\\.org"
}

fn url() -> impl Strategy<Value = String> {
    "https?://[a-z]{1,8}(:[0-9]{1,4})?(/[a-z?=&]{0,8})?"
}

fn id() -> impl Strategy<Value = Uuid> {
    (1..=u128::MAX).prop_map(Uuid::from_u128)
}

/// From the year 1 to 9999-12-30T22:00:00Z, the last hour that jiff knows.
fn time() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000..=253_402_207_200_000i64).prop_map(Timestamp)
}

fn phone() -> impl Strategy<Value = Phone> {
    let region = prop::sample::select(vec!["US", "FR", "DE", "GB"]);
    let region = of(region.prop_map(|code| Region::parse(code).unwrap()));
    let extension = of(1..=carnet_model::limits::EXTENSION_MAX);
    let parts = (prop::sample::select(TYPED), extension, any::<bool>(), region);
    parts.prop_map(|(typed, extension, accepts_sms, region)| {
        let home = region.unwrap_or(Region::US);
        let number = normalise(typed, home).ok();
        let also = several(typed, home).into_iter().map(|(_, number)| number.e164);
        let typed_extension = number.and_then(|number| number.extension);
        Phone {
            input: typed.to_owned(),
            e164: number.map(|number| number.e164),
            extension: extension.or_else(|| typed_extension.and_then(|digits| digits.to_u64())),
            accepts_sms,
            region,
            also: also.collect(),
        }
    })
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        "[^\0]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[^\0]{0,6}", inner, 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

fn custom_fields() -> impl Strategy<Value = CustomFields> {
    btree_map("[^\0]{0,8}", json(), 1..4).prop_map(|fields| fields.into_iter().collect())
}

fn division() -> impl Strategy<Value = Division> {
    let named = (text(), of(text())).prop_map(|(id, name)| Division { id, name });
    prop_oneof![Just(Division::default()), named]
}

fn address() -> impl Strategy<Value = Address> {
    let lines = (of(text()), of(text()), of(text()), of(text()), of(text()), text());
    lines.prop_map(|(address1, address2, city, state, postal_code, country)| Address {
        address1,
        address2,
        city,
        state,
        postal_code,
        country_code: Some(country),
    })
}

fn external_ids() -> impl Strategy<Value = Vec<ExternalId>> {
    let source = prop_oneof![
        (text(), of(text())).prop_map(|(id, name)| ExternalSource { id: Some(id), name }),
        text().prop_map(|name| ExternalSource { id: None, name: Some(name) }),
    ];
    vec((source, text()).prop_map(|(source, value)| ExternalId { source, value }), 0..=10)
}

fn schema() -> impl Strategy<Value = SchemaRef> {
    (id(), any::<i64>()).prop_map(|(id, version)| SchemaRef { id, version })
}

fn twitter() -> impl Strategy<Value = Twitter> {
    let parts = (of(text()), of(text()), "@?[A-Za-z0-9_]{1,9}", of(any::<bool>()), of(url()));
    parts.prop_map(|(id, name, screen_name, verified, profile_url)| Twitter {
        id,
        name,
        screen_name: Some(screen_name),
        verified,
        profile_url,
    })
}

fn messengers() -> impl Strategy<Value = (Option<Line>, Option<Facebook>, Option<Instagram>)> {
    let line =
        (text(), of(text())).prop_map(|(id, display_name)| Line { ids: vec![id], display_name });
    let facebook = (text(), of(text()))
        .prop_map(|(id, display_name)| Facebook { ids: vec![id], display_name });
    let instagram = (text(), of(text()), of(text()))
        .prop_map(|(id, display_name, handle)| Instagram { ids: vec![id], display_name, handle });
    (of(line), of(facebook), of(instagram))
}

fn whats_app() -> impl Strategy<Value = WhatsApp> {
    (phone(), of(text())).prop_map(|(phone, display_name)| WhatsApp { phone, display_name })
}

/// A contact with the name of its organisation, if it has one.
pub(crate) fn contact() -> impl Strategy<Value = (Contact, Option<String>)> {
    let kind = prop_oneof![
        Just(ContactKind::Curated),
        Just(ContactKind::Identified),
        Just(ContactKind::Ephemeral)
    ];
    let names = (of(text()), of(text()), text(), of(text()), of(text()));
    let own = (id(), kind, division(), time(), time(), of((id(), text())));
    let emails = (of(email()), of(email()), of(email()), of(url()));
    let phones = (of(phone()), of(phone()), of(phone()), of(phone()), of(whats_app()));
    let social = (of(twitter()), messengers(), vec(text(), 0..=10));
    let rest =
        (of(address()), of(any::<bool>()), of(schema()), of(custom_fields()), external_ids());
    (names, own, emails, phones, social, rest).prop_map(
        |(names, own, emails, phones, social, rest)| {
            let (first_name, middle_name, last_name, salutation, title) = names;
            let (id, kind, division, create_date, modify_date, organization) = own;
            let (work_email, personal_email, other_email, external_system_url) = emails;
            let (work_phone, cell_phone, home_phone, other_phone, whats_app) = phones;
            let (twitter, (line, facebook, instagram), apple_opaque_ids) = social;
            let (address, survey_opt_out, schema, custom_fields, external_ids) = rest;
            let (organization, name) = organization.unzip();
            let contact = Contact {
                id,
                division,
                first_name,
                middle_name,
                last_name: Some(last_name),
                salutation,
                title,
                organization,
                work_email,
                personal_email,
                other_email,
                work_phone,
                cell_phone,
                home_phone,
                other_phone,
                external_system_url,
                twitter,
                line,
                whats_app,
                facebook,
                instagram,
                apple_opaque_ids,
                address,
                survey_opt_out,
                schema,
                custom_fields,
                external_ids,
                kind,
                create_date,
                modify_date,
            };
            (contact, name)
        },
    )
}

/// An organisation.
pub(crate) fn organization() -> impl Strategy<Value = Organization> {
    let own = (id(), division(), text(), time(), time());
    let about = (of(text()), of(text()), of(address()), of(0..=i64::MAX), of(any::<i64>()));
    let reach = (of(phone()), of(phone()), of(twitter()), of(url()));
    let ticker = (text(), text()).prop_map(|(symbol, exchange)| Ticker { symbol, exchange });
    let lists = (vec(text(), 0..4), vec(text(), 0..4), vec(ticker, 0..4));
    let rest = (of(schema()), of(custom_fields()), external_ids());
    (own, about, reach, lists, rest).prop_map(|(own, about, reach, lists, rest)| {
        let (id, division, name, create_date, modify_date) = own;
        let (company_type, industry, address, employee_count, revenue) = about;
        let (phone, fax, twitter, external_system_url) = reach;
        let (tags, websites, tickers) = lists;
        let (schema, custom_fields, external_ids) = rest;
        Organization {
            id,
            division,
            name,
            company_type,
            industry,
            address,
            phone,
            fax,
            employee_count,
            revenue,
            tags,
            websites,
            tickers,
            twitter,
            external_system_url,
            schema,
            custom_fields,
            external_ids,
            create_date,
            modify_date,
        }
    })
}

/// A note.
pub(crate) fn note() -> impl Strategy<Value = Note> {
    let subject =
        prop_oneof![id().prop_map(Subject::Contact), id().prop_map(Subject::Organization)];
    let text = vec(text(), 1..4).prop_map(|lines| lines.join("\n\t"));
    (id(), subject, text, text_or_nobody(), time(), time()).prop_map(
        |(id, subject, text, author, create_date, modify_date)| Note {
            id,
            subject,
            text,
            author,
            create_date,
            modify_date,
        },
    )
}

/// An author; notes that were imported without one have none.
fn text_or_nobody() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), text()]
}
