//! External ids that rows of one import have, and whose they are there. A row replaces the contact that
//! was there before under its external id; two rows of one import that have an external id and other
//! names are two people, of whom one would be lost.

use carnet_model::{Contact, FaultKind, Invalid, canonical_name};
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::mem;

/// External ids that are remembered, at least the last of them; up to twice as many.
const CLAIMS_MAX: usize = 400_000;

/// The external ids of the rows so far. Rows are told apart by their lines, so a row may come twice.
#[derive(Default)]
pub struct Claims {
    hasher: RandomState,
    recent: HashMap<u64, Claim>,
    /// Those before the recent ones; forgotten when there are as many new ones.
    older: HashMap<u64, Claim>,
}

/// Who has an external id.
#[derive(Clone, Copy)]
struct Claim {
    line: u64,
    /// First and last name, hashed; zero where the row has none.
    names: [u32; 2],
}

/// What a row says of itself.
struct Claimant {
    keys: Vec<String>,
    names: [Option<String>; 2],
    /// Whether the row has an id of its own, and so is no other contact.
    has_id: bool,
}

impl Claims {
    /// Takes the claims of a contact.
    ///
    /// # Errors
    /// When another row has an external id of it and other names; then nothing is claimed.
    pub fn take(&mut self, line: u64, contact: &Contact) -> Result<(), Invalid> {
        let key = |id: &carnet_model::ExternalId| {
            key(id.source.id.as_deref(), id.source.name.as_deref(), &id.value)
        };
        self.claim(
            line,
            &Claimant {
                keys: contact.external_ids.iter().map(key).collect(),
                names: [contact.first_name.clone(), contact.last_name.clone()],
                has_id: !contact.id.is_nil(),
            },
        )
    }

    /// Takes the claims of a line of JSON, as far as they can be told without the rules by which it
    /// will be read.
    ///
    /// # Errors
    /// As [`Claims::take`].
    pub fn take_line(&mut self, line: u64, record: &Value) -> Result<(), Invalid> {
        let Some(ids) = record["externalIds"].as_array() else { return Ok(()) };
        // What is no contact has no such names.
        let names = ["firstName", "lastName"].map(|name| text(&record[name]));
        let key = |id: &Value| {
            let source = &id["externalSource"];
            let (id_of, name) = (text(&source["id"]), text(&source["name"]));
            Some(key(id_of.as_deref(), name.as_deref(), &text(&id["value"])?))
        };
        let keys = ids.iter().filter_map(key).collect();
        self.claim(line, &Claimant { keys, names, has_id: text(&record["id"]).is_some() })
    }

    fn claim(&mut self, line: u64, claimant: &Claimant) -> Result<(), Invalid> {
        let names = [0, 1].map(|at| claimant.names.get(at).and_then(Option::as_deref));
        let names = names.map(|name| name.map_or(0, |name| self.name(name)));
        if names == [0, 0] {
            return Ok(());
        }
        let is_other = |claim: &Claim| {
            let mut pairs = claim.names.into_iter().zip(names);
            claim.line != line && pairs.any(|(one, other)| one != 0 && other != 0 && one != other)
        };
        let hashes: Vec<u64> = claimant.keys.iter().map(|key| self.hasher.hash_one(key)).collect();
        for (at, hash) in hashes.iter().enumerate().filter(|_| !claimant.has_id) {
            let claim = self.recent.get(hash).or_else(|| self.older.get(hash));
            if let Some(claim) = claim.filter(|claim| is_other(claim)) {
                let why = format!(
                    "line {} has this external id, too, and another name; of two people one would be \
                     lost",
                    claim.line
                );
                return Err(Invalid::one(format!("externalIds[{at}]"), FaultKind::Value(why)));
            }
        }
        for hash in hashes {
            if self.recent.len() >= CLAIMS_MAX {
                self.older = mem::take(&mut self.recent);
            }
            // A row with an id of its own may yet be refused: it takes nothing from another.
            let is_known = self.recent.contains_key(&hash) || self.older.contains_key(&hash);
            if !(claimant.has_id && is_known) {
                self.recent.insert(hash, Claim { line, names });
            }
        }
        Ok(())
    }

    /// A name as it is compared: case, blanks and composed letters do not count. Never zero.
    fn name(&self, name: &str) -> u32 {
        let hash = self.hasher.hash_one(canonical_name(name).to_lowercase());
        u32::try_from(hash >> 32).unwrap_or(u32::MAX).max(1)
    }
}

/// An external id as it is compared: of its source's id if it has one, else of its name.
fn key(id: Option<&str>, name: Option<&str>, value: &str) -> String {
    match id {
        Some(id) => format!("i{id}\n{value}"),
        None => format!("n{}\n{value}", name.unwrap_or_default().to_lowercase()),
    }
}

/// A text or a number that says something.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(names: [&str; 2], source: &str, value: &str) -> Value {
        json!({
            "firstName": names[0], "lastName": names[1],
            "externalIds": [{ "externalSource": { "name": source }, "value": value }],
        })
    }

    #[test]
    fn rows_of_one_external_id_and_other_names_are_two_people() {
        let mut claims = Claims::default();
        claims.take_line(1, &row(["A", "Aone"], "CRM", "7")).unwrap();
        for (line, names, source, value, is_refused) in [
            (2, ["B", "Btwo"], "CRM", "7", true),
            (3, ["B", "Aone"], "crm", "7", true),
            (4, ["A", "Btwo"], "CRM", " 7 ", true),
            (5, ["a", " AONE "], "CRM", "7", false),
            (6, ["", "Aone"], "CRM", "7", false),
            (7, ["", ""], "CRM", "7", false),
            (8, ["B", "Btwo"], "CRM", "8", false),
            (9, ["C", "Cthree"], "ERP", "7", false),
        ] {
            let taken = claims.take_line(line, &row(names, source, value));
            assert_eq!(taken.is_err(), is_refused, "{names:?}");
        }
        // The row itself may come again; one with an id of its own is no other.
        claims.take_line(9, &row(["C", "Cthree"], "ERP", "7")).unwrap();
        let mut own = row(["D", "Dfour"], "CRM", "8");
        own["id"] = json!("0193c2a4-0000-7000-8000-00000000000a");
        claims.take_line(10, &own).unwrap();
        claims.take_line(11, &row(["B", "Btwo"], "CRM", "8")).unwrap();
        own["externalIds"][0]["value"] = json!(9);
        claims.take_line(12, &own).unwrap();
        let refused = claims.take_line(13, &row(["B", "Btwo"], "CRM", "9")).unwrap_err();
        assert_eq!(refused.faults[0].field, "externalIds[0]");
        assert!(refused.to_string().contains("line 12 has"), "{refused}");
    }

    #[test]
    fn claims_are_bounded_and_the_last_ones_are_known() {
        let mut claims = Claims::default();
        let claimant = |n: usize, name: &str| Claimant {
            keys: vec![n.to_string()],
            names: [Some(name.to_owned()), None],
            has_id: false,
        };
        let all = 2 * CLAIMS_MAX + 10;
        for n in 0..all {
            claims.claim(1, &claimant(n, "A")).unwrap();
        }
        assert!(claims.recent.len() + claims.older.len() <= 2 * CLAIMS_MAX);
        assert!(claims.claim(2, &claimant(all - CLAIMS_MAX, "B")).is_err());
        assert!(claims.claim(2, &claimant(0, "B")).is_ok());
    }
}
