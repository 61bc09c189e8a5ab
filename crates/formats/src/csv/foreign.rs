//! Tables of other programs: what a header looks like, and which of its columns is which of ours.

use crate::csv::columns::{self, squeezed};
use crate::csv::origins::{ORIGINS, Origin};
use carnet_wire::import::{Meaning, meaning};
use std::collections::HashSet;

/// A header that another program has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Whose it is, in words.
    pub looks_like: &'static str,
    /// Its columns that have another name here, and that name.
    pub renames: Vec<(String, String)>,
    /// The names of all columns in their order, ours where there is one; a column that is left out
    /// has none.
    pub header: Vec<String>,
    /// The columns for which there is no field, or none that is free.
    pub left_out: Vec<String>,
    /// Whether a column of whole names is among the last names.
    pub has_full_names: bool,
}

/// Names of columns, squeezed, that hold numbers in a table of contacts, though the word may mean another
/// thing in a record.
const NUMBERS: &[(&str, Place)] = &[
    ("landline", Place::Phone),
    ("landlinenumber", Place::Phone),
    ("directline", Place::Field("workPhone")),
    ("directdial", Place::Field("workPhone")),
    ("ddi", Place::Field("workPhone")),
    ("work", Place::Field("workPhone")),
    ("work#", Place::Field("workPhone")),
    ("home", Place::Field("homePhone")),
    ("home#", Place::Field("homePhone")),
    ("cell#", Place::Field("cellPhone")),
    ("mobile#", Place::Field("cellPhone")),
    ("whatsapp", Place::Field("whatsAppId")),
    ("whatsappnumber", Place::Field("whatsAppId")),
    ("no.hp", Place::Field("cellPhone")),
    ("nohp", Place::Field("cellPhone")),
    ("numéro", Place::Phone),
    ("numero", Place::Phone),
    ("número", Place::Phone),
];

/// Columns of an origin that are not ours, from which on a header is said to be from it whatever they
/// hold.
const COLUMNS_MIN: usize = 2;

const PHONES: [&str; 4] = ["workPhone", "otherPhone", "homePhone", "cellPhone"];
const EMAILS: [&str; 3] = ["workEmail", "personalEmail", "otherEmail"];
/// The fields that an import never leaves out unseen.
const NAMES: [&str; 3] = ["firstName", "lastName", "organization"];

/// What a header looks like that is not ours: one with a column that is not ours and clearly holds
/// numbers, addresses, organisations or names, or with several columns of another program.
pub(super) fn foreign(cells: &[&str]) -> Option<Foreign> {
    let origin = origin(cells);
    let repeated = repeated(cells);
    let mut theirs: Vec<Option<Place>> = cells.iter().map(|cell| place(cell, origin)).collect();
    for (at, place) in &repeated {
        theirs[*at] = Some(*place);
    }
    let has_names = ["firstName", "lastName"].into_iter().all(|name| {
        let ours = cells.iter().any(|cell| columns::find(cell) == Some(name));
        ours || theirs.contains(&Some(Place::Field(name)))
    });
    let is_clear = |place: &Place| match place {
        Place::Field(name) => is_key(name),
        Place::Phone | Place::Email => true,
        // With both names there, it says them again.
        Place::FullName => !has_names,
    };
    let is_of_origin = origin.is_some_and(|origin| telling(cells, origin) >= COLUMNS_MIN);
    if !is_of_origin && !theirs.iter().flatten().any(is_clear) {
        return None;
    }
    let looks_like = match origin {
        Some((looks_like, _)) => looks_like,
        None if repeated.is_empty() => "a table of another program",
        None => "a table that has a column twice",
    };
    Some(allot(cells, &theirs, looks_like, origin))
}

/// The columns of ours that stand there a second time and hold numbers or addresses: only one of both
/// would be read.
fn repeated(cells: &[&str]) -> Vec<(usize, Place)> {
    let mut seen = HashSet::new();
    let again = cells.iter().enumerate().filter_map(|(at, cell)| {
        let column = columns::find(cell)?;
        let is_one_of =
            |fields: &[&str]| fields.iter().any(|ours| columns::find(ours) == Some(column));
        let place = match () {
            () if is_one_of(&PHONES) => Place::Phone,
            () if is_one_of(&EMAILS) => Place::Email,
            () => return None,
        };
        (!seen.insert(column)).then_some((at, place))
    });
    again.collect()
}

/// The place of a column that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// This column of ours.
    Field(&'static str),
    /// A number, of any sort.
    Phone,
    /// An e-mail address, of any sort.
    Email,
    /// First and last name together.
    FullName,
}

/// Whether a column of ours is one of those that an import never leaves out unseen.
fn is_key(ours: &str) -> bool {
    ours == "whatsAppId" || [&PHONES[..], &EMAILS, &NAMES].iter().any(|names| names.contains(&ours))
}

fn is_ours(cell: &str) -> bool {
    columns::custom_key(cell).is_some() || columns::find(cell).is_some()
}

/// The origin that has most of the columns that are not ours; the first of equals.
fn origin(cells: &[&str]) -> Option<&'static Origin> {
    let mut best: Option<((usize, usize), &Origin)> = None;
    for origin in ORIGINS {
        let known = cells.iter().filter(|cell| tells(cell, origin)).count();
        let score = (telling(cells, origin), known);
        if score.0 > 0 && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, origin));
        }
    }
    best.map(|(_, origin)| origin)
}

/// How many columns an origin has that are not ours.
fn telling(cells: &[&str], origin: &Origin) -> usize {
    cells.iter().filter(|cell| !is_ours(cell) && tells(cell, origin)).count()
}

/// Whether a column is one of an origin. A whole name is called the same in too many languages.
fn tells(cell: &str, origin: &Origin) -> bool {
    find(cell, origin).is_some() && meaning(cell) != Some(Meaning::FullName)
}

/// The column of ours for one of an origin.
fn find(cell: &str, (_, columns): &Origin) -> Option<&'static str> {
    let name = squeezed(cell);
    columns.iter().find(|(theirs, _)| squeezed(theirs) == name).map(|(_, ours)| *ours)
}

/// The place of a column that is not ours: as its origin says, else as any other, else as its words.
fn place(cell: &str, origin: Option<&Origin>) -> Option<Place> {
    if cell.is_empty() || is_ours(cell) {
        return None;
    }
    let meaning = meaning(cell);
    if let Some(ours) = origin.and_then(|origin| find(cell, origin))
        && meaning != Some(Meaning::FullName)
    {
        return Some(Place::Field(ours));
    }
    let name = squeezed(cell);
    if let Some((_, place)) = NUMBERS.iter().find(|(known, _)| *known == name) {
        return Some(*place);
    }
    let of_words = meaning.map(|meaning| match meaning {
        Meaning::Phone(field) => field.map_or(Place::Phone, Place::Field),
        Meaning::Email(field) => field.map_or(Place::Email, Place::Field),
        Meaning::Organization => Place::Field("organization"),
        Meaning::FirstName => Place::Field("firstName"),
        Meaning::LastName => Place::Field("lastName"),
        Meaning::FullName => Place::FullName,
    });
    of_words.or_else(|| ORIGINS.iter().find_map(|origin| find(cell, origin)).map(Place::Field))
}

/// Gives every column a field, as far as there are free ones.
fn allot(
    cells: &[&str],
    theirs: &[Option<Place>],
    looks_like: &'static str,
    origin: Option<&Origin>,
) -> Foreign {
    let mut names: Vec<Option<String>> = Vec::new();
    let mut taken: HashSet<&str> = HashSet::new();
    for (at, cell) in cells.iter().enumerate() {
        // A title before all names is a salutation; one behind them is of the job.
        let other = origin
            .and_then(|origin| find(cell, origin))
            .filter(|ours| at == 0 && is_ours(cell) && columns::find(cell) != columns::find(ours));
        let keeps = is_ours(cell) && theirs.get(at).is_none_or(Option::is_none);
        let name = other.map(str::to_owned).or_else(|| keeps.then(|| (*cell).to_owned()));
        taken.extend(name.as_deref().and_then(columns::find));
        names.push(name);
    }
    // First those that have a field of their own, then the others into what is free.
    let mut has_full_names = false;
    for is_exact in [true, false] {
        for (place, name) in theirs.iter().zip(&mut names) {
            let Some(place) = place.filter(|_| name.is_none()) else { continue };
            let fields: &[&'static str] = match (&place, is_exact) {
                (Place::Field(ours), true) => &[*ours],
                (_, true) => continue,
                (Place::Field(ours), false) if PHONES.contains(ours) => &PHONES,
                (Place::Field(ours), false) if EMAILS.contains(ours) => &EMAILS,
                (Place::Field(_), false) => continue,
                (Place::Phone, false) => &PHONES,
                (Place::Email, false) => &EMAILS,
                (Place::FullName, false) => &["lastName"],
            };
            let mut free = fields.iter().filter_map(|ours| Some((*ours, columns::find(ours)?)));
            let Some((ours, column)) = free.find(|(_, column)| !taken.contains(column)) else {
                continue;
            };
            taken.insert(column);
            has_full_names |= place == Place::FullName && !taken.contains("firstName");
            *name = Some(ours.to_owned());
        }
    }
    let mut foreign = Foreign {
        looks_like,
        renames: Vec::new(),
        header: Vec::new(),
        left_out: Vec::new(),
        has_full_names,
    };
    for (cell, name) in cells.iter().zip(names) {
        match &name {
            Some(name) if *name != **cell => {
                foreign.renames.push(((*cell).to_owned(), name.clone()));
            }
            None if !cell.is_empty() => foreign.left_out.push((*cell).to_owned()),
            _ => {}
        }
        foreign.header.push(name.unwrap_or_default());
    }
    foreign
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks_like(header: &str) -> Option<&'static str> {
        foreign(&header.split(',').collect::<Vec<_>>()).map(|foreign| foreign.looks_like)
    }

    #[test]
    fn every_column_of_ours_that_is_named_exists() {
        for (origin, columns) in ORIGINS {
            for (theirs, ours) in *columns {
                assert!(columns::find(ours).is_some(), "{origin}: {theirs} is {ours}");
            }
        }
    }

    /// owncloud-archive/contacts#810, #827, #785; thomascube/vcfconvert PR#2
    #[test]
    fn headers_of_other_programs_and_languages_are_told() {
        for (header, expect) in [
            ("Title,First Name,Last Name,Company,Business Phone,E-mail Address", "Outlook"),
            ("First Name,Last Name,Mobile Phone,Home Phone,Company", "Outlook"),
            ("Name,Given Name,Family Name,Phone 1 - Type,Phone 1 - Value", "Google"),
            ("First Name,Last Name,Phone 1 - Label,Phone 1 - Value,E-mail 1 - Value", "Google"),
            ("Vorname,Nachname,Firma,Mobiltelefon", "German"),
            ("Prénom,Nom,Société,Téléphone", "French"),
            ("Nombre,Apellidos,Empresa,Móvil", "Spanish"),
            ("Nome,Cognome,Azienda,Cellulare", "Italian"),
            ("Primeiro nome,Sobrenome,Empresa,Telemóvel", "Portuguese"),
            ("Voornaam,Achternaam,Bedrijf", "Dutch"),
            ("Imię,Nazwisko,Firma", "Polish"),
            ("Имя,Фамилия,Мобильный телефон", "Russian"),
            ("姓,名,会社名,携帯電話", "Japanese"),
            ("姓,名,单位,移动电话", "Chinese"),
        ] {
            let found = looks_like(header);
            assert!(found.is_some_and(|found| found.contains(expect)), "{header}: {found:?}");
        }
        for own in ["firstName,lastName,workPhone", "First Name,Last Name,Home Phone,Title", "a,b"]
        {
            assert_eq!(looks_like(own), None, "{own}");
        }
    }

    #[test]
    fn only_columns_with_another_name_are_renamed() {
        let found = foreign(&["Title", "First Name", "Company", "Business Phone"]).unwrap();
        let renames: Vec<(&str, &str)> =
            found.renames.iter().map(|(theirs, ours)| (&**theirs, &**ours)).collect();
        let expect =
            [("Title", "salutation"), ("Company", "organization"), ("Business Phone", "workPhone")];
        assert_eq!(renames, expect);
    }

    /// A half known header loses nothing: each number, address, organisation and name has a field.
    #[test]
    fn a_header_with_a_single_column_that_is_not_ours_gets_a_whole_advice() {
        for (header, like, expect, left_out) in [
            (
                "First Name,Last Name,Account Name,Title,Phone,Mobile,Email",
                "an export of Salesforce",
                "First Name,Last Name,organization,Title,workPhone,cellPhone,workEmail",
                "",
            ),
            (
                "firstName,lastName,mobilePhone,email,company",
                "a table in English",
                "firstName,lastName,cellPhone,workEmail,organization",
                "",
            ),
            ("Name,Email,Phone", "a table in English", "lastName,workEmail,workPhone", ""),
            ("firstName,lastName,Correo", "a table in Spanish", "firstName,lastName,workEmail", ""),
            (
                "firstName,lastName,メール",
                "a table in Japanese",
                "firstName,lastName,workEmail",
                "",
            ),
            (
                "firstName,lastName,Téléphone mobile",
                "a table in French",
                "firstName,lastName,cellPhone",
                "",
            ),
            ("firstName,lastName,phone", "a table in English", "firstName,lastName,workPhone", ""),
            ("firstName,lastName,tel", "another program", "firstName,lastName,workPhone", ""),
            ("lastName,workPhone,Tel. Nr.", "another program", "lastName,workPhone,otherPhone", ""),
            (
                "firstName,lastName,E-mail 1,E-mail 2,notes",
                "another program",
                "firstName,lastName,workEmail,personalEmail,",
                "notes",
            ),
            (
                "lastName,Phone 1,Phone 2,Phone 3,Phone 4,Phone 5",
                "another program",
                "lastName,workPhone,otherPhone,homePhone,cellPhone,",
                "Phone 5",
            ),
            (
                "Name,Given Name,Family Name,Phone 1 - Type,Phone 1 - Value,E-mail 1 - Value",
                "Google",
                ",firstName,lastName,,workPhone,workEmail",
                "Name,Phone 1 - Type",
            ),
            (
                "Vorname,Name,Telefon,Handy,Telefon geschäftlich",
                "German",
                "firstName,lastName,workPhone,cellPhone,otherPhone",
                "",
            ),
            (
                "firstName,lastName,Landline,Direct Line,Home,Whatsapp",
                "another program",
                "firstName,lastName,otherPhone,workPhone,homePhone,whatsAppId",
                "",
            ),
            ("lastName,DDI,no. hp", "another program", "lastName,workPhone,cellPhone", ""),
            ("lastName,Work #,Numéro", "another program", "lastName,workPhone,otherPhone", ""),
            ("lastName,Work,Home", "another program", "lastName,workPhone,homePhone", ""),
            ("id,name,email", "English", "id,lastName,workEmail", ""),
            ("First,Last,Cell", "English", "firstName,lastName,cellPhone", ""),
            (
                "lastName,workPhone,Work Phone,workEmail,workemail",
                "a column twice",
                "lastName,workPhone,otherPhone,workEmail,personalEmail",
                "",
            ),
            (
                "customFields.a_text,lastName,,Mobile Phone Number,Owner",
                "HubSpot",
                "customFields.a_text,lastName,,cellPhone,",
                "Owner",
            ),
            (
                "Title,First Name,Last Name,Business Phone",
                "Outlook",
                "salutation,First Name,Last Name,workPhone",
                "",
            ),
            (
                "First Name,Last Name,Title,Business Phone",
                "Outlook",
                "First Name,Last Name,Title,workPhone",
                "",
            ),
        ] {
            let found = foreign(&header.split(',').collect::<Vec<_>>());
            let found = found.unwrap_or_else(|| panic!("{header}"));
            assert!(found.looks_like.contains(like), "{header}: {}", found.looks_like);
            assert_eq!(found.header.join(","), expect, "{header}");
            assert_eq!(found.left_out.join(","), left_out, "{header}");
            // The line that is advised is one of ours.
            assert_eq!(foreign(&expect.split(',').collect::<Vec<_>>()), None, "{header}");
            assert_eq!(found.has_full_names, header.to_lowercase().contains("name,email"));
        }
        for own in [
            "firstName,lastName,Name",
            "firstName,lastName,shoe size",
            "lastName,Phone 1 - Label",
            "firstName,lastName,City",
            "lastName,Company ID",
            "lastName,No mail",
            "lastName,Fax",
        ] {
            assert_eq!(foreign(&own.split(',').collect::<Vec<_>>()), None, "{own}");
        }
    }
}
