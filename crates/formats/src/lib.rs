//! Files of records: JSON lines and CSV, cut into records, read and written. It knows no files,
//! no HTTP and no address book: bytes come from a reader, records go to whoever asked for them.

pub mod csv;
pub mod cut;
pub mod json_lines;
pub mod rows;
