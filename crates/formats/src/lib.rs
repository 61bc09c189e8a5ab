//! Files of records: JSON lines and CSV, cut into records, read and written. It knows no paths,
//! no HTTP and no address book: bytes come from a reader or in pieces, and what is wrong with a
//! record is given back as a value.

pub mod claims;
pub mod csv;
pub mod cut;
pub mod encoding;
pub mod json_lines;
pub mod rows;
pub mod stream;
