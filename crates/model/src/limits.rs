//! Limits of lengths and counts: the vendor's documented ones, where it has them.

/// Characters of a name, title, salutation, or URL of an external system.
pub const NAME_CHARS_MAX: usize = 1_000;
/// Characters of an e-mail.
pub const EMAIL_CHARS_MAX: usize = 256;
/// Characters of a telephone number as typed.
pub const PHONE_CHARS_MAX: usize = 512;
/// Largest extension of a telephone number: fifteen digits.
pub const EXTENSION_MAX: u64 = 999_999_999_999_999;
/// Characters of either line of an address.
pub const ADDRESS_LINE_CHARS_MAX: usize = 200;
/// Characters of a city.
pub const CITY_CHARS_MAX: usize = 100;
/// Characters of a state.
pub const STATE_CHARS_MAX: usize = 50;
/// Characters of a postal code, and of an address's country.
pub const POSTAL_CODE_CHARS_MAX: usize = 25;
/// Characters of an identifier, an external id, or a Twitter field.
pub const IDENTIFIER_CHARS_MAX: usize = 255;
/// Characters of a messenger's display name or handle.
pub const DISPLAY_NAME_CHARS_MAX: usize = 100;
/// Characters of the name of an external source.
pub const SOURCE_NAME_CHARS_MAX: usize = 200;
/// Identifiers of one messenger account.
pub const MESSENGER_IDS_MAX: usize = 1;
/// External ids of one record.
pub const EXTERNAL_IDS_MAX: usize = 10;
/// Opaque identifiers of Apple's messenger on one contact.
pub const APPLE_IDS_MAX: usize = 10;
/// Characters of a note.
pub const NOTE_CHARS_MAX: usize = 32_000;
/// Tags, web sites, or tickers of an organisation, each (the vendor names none).
pub const ORGANIZATION_LIST_MAX: usize = 100;
/// Bytes of all custom fields of a record as JSON (the vendor names none).
pub const CUSTOM_FIELDS_BYTES_MAX: usize = 32 << 10;
/// Digits of a whole number in a custom field. Beyond 64 bits they are kept one by one.
pub const WHOLE_DIGITS_MAX: usize = 38;
/// Schemas of contacts, and of organisations, each (the vendor's limits of schemas are not documented).
pub const SCHEMAS_MAX: usize = 100;
/// Versions of one schema.
pub const SCHEMA_VERSIONS_MAX: usize = 1_000;
/// Fields of one schema.
pub const SCHEMA_FIELDS_MAX: usize = 50;
/// Fields of all schemas of a kind together.
pub const ALL_FIELDS_MAX: usize = 5_000;
/// Characters of the name or title of a schema.
pub const SCHEMA_NAME_CHARS_MAX: usize = 100;
/// Characters of the description of a schema, or of a field.
pub const DESCRIPTION_CHARS_MAX: usize = 1_000;
/// Characters of the key of a field, its core type included.
pub const FIELD_KEY_CHARS_MAX: usize = 100;
/// Characters of the title of a field, or of an option.
pub const FIELD_TITLE_CHARS_MAX: usize = 100;
/// Characters of a custom field of type text.
pub const TEXT_CHARS_MAX: usize = 100;
/// Characters of one of type longtext.
pub const LONG_TEXT_CHARS_MAX: usize = 1_000;
/// Characters of one of type identifier.
pub const IDENTIFIER_FIELD_CHARS_MAX: usize = 100;
/// Characters of one of type url.
pub const URL_FIELD_CHARS_MAX: usize = 200;
/// Options of a field of type enum.
pub const ENUM_OPTIONS_MAX: usize = 50;
/// Characters of an option.
pub const OPTION_CHARS_MAX: usize = 100;
/// Tags of a field of type tag.
pub const TAGS_MAX: usize = 10;
/// Characters of a tag.
pub const TAG_CHARS_MAX: usize = 100;
/// Contacts that one reverse look-up answers.
pub const LOOKUP_CONTACTS_MAX: usize = 25;
/// Entries up to which a listing can be paged; the scan goes on from there.
pub const LISTING_WINDOW_MAX: u32 = 1_000;
/// Entries of one page of a listing.
pub const PAGE_SIZE_MAX: u32 = 500;
/// Entities of one bulk request.
pub const BULK_ENTITIES_MAX: usize = 1_000;
/// Characters of a search text; a longer one finds nothing.
pub const QUERY_CHARS_MAX: usize = 512;
/// Words of a search text; more find nothing.
pub const QUERY_WORDS_MAX: usize = 32;
