//! Records of a daemon's export, read back from its lines.

use carnet_formats::json_lines;
use carnet_model::{Contact, DataSchema, ImportItem};

use crate::failure::Failure;

/// A record of an exported line, as far as a table wants it.
#[derive(Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "most are contacts, and a record lives shortly")]
pub(super) enum Record {
    /// A contact, with the name of its organisation.
    Contact(Contact, Option<String>),
    /// A version of a schema.
    Schema(DataSchema),
    /// A record of another kind.
    Other,
}

/// Reads an exported line.
pub(super) fn read(text: &[u8]) -> Result<Record, Failure> {
    // Stored contacts are written as they are, whatever the rules for new ones are now.
    let rules = carnet_wire::Rules { require_names: false, ..carnet_wire::Rules::default() };
    match json_lines::read(text, &rules) {
        Ok(ImportItem::Contact(read)) => {
            // Read apart from the contact, because an import need not bring them.
            let contact = Contact {
                create_date: read.create_date.unwrap_or_default(),
                modify_date: read.modify_date.unwrap_or_default(),
                ..read.contact
            };
            Ok(Record::Contact(contact, read.organization_name))
        }
        Ok(ImportItem::Schema(read)) => Ok(Record::Schema(read.schema)),
        Ok(_) => Ok(Record::Other),
        Err(_) => Err(Failure::failed("the daemon's export has a line that cannot be read")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_model::{ContactKind, Organization, Timestamp, Uuid};

    #[test]
    fn a_contact_comes_out_of_its_line_as_it_was() {
        let contact = Contact {
            id: Uuid::from_u128(1),
            last_name: Some("Lovelace".into()),
            organization: Some(Uuid::from_u128(2)),
            kind: ContactKind::Identified,
            create_date: Timestamp(1_700_000_000_001),
            modify_date: Timestamp(1_700_000_000_002),
            ..Contact::default()
        };
        let mut text = Vec::new();
        json_lines::write_contact(&contact, Some("Engines"), &mut text);
        let mut other = Vec::new();
        let id = Uuid::from_u128(2);
        let name = "Engines".to_owned();
        let organization = Organization { id, name, ..Organization::default() };
        json_lines::write_organization(&organization, &mut other);
        assert_eq!(read(&text).unwrap(), Record::Contact(contact, Some("Engines".to_owned())));
        assert_eq!(read(&other).unwrap(), Record::Other);
        let schema =
            DataSchema { id, name: "Customer".into(), version: 1, ..DataSchema::default() };
        let mut line = Vec::new();
        json_lines::write_schema(&schema, true, &mut line);
        assert_eq!(read(&line).unwrap(), Record::Schema(schema));
        assert!(read(b"{\"firstName\":").is_err());
    }
}
