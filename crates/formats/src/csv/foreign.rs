//! Tables of other programs: what a header looks like, and which of its columns is which of ours. The
//! names are those that the programs write into the first line of their exports, in the language of
//! the person who exported them.

use crate::csv::columns::{self, squeezed};

/// A header that another program has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Whose it is, in words.
    pub looks_like: &'static str,
    /// Its columns that have another name here, and that name.
    pub renames: Vec<(String, &'static str)>,
}

/// A program or a language, with its columns and ours.
type Origin = (&'static str, &'static [(&'static str, &'static str)]);

/// Columns that must be known of an origin, and are not ours, before a header is said to be from it.
const COLUMNS_MIN: usize = 2;

const ORIGINS: &[Origin] = &[
    (
        "an export of Outlook",
        &[
            ("Title", "salutation"),
            ("First Name", "firstName"),
            ("Middle Name", "middleName"),
            ("Last Name", "lastName"),
            ("Company", "organization"),
            ("Job Title", "title"),
            ("E-mail Address", "workEmail"),
            ("E-mail 2 Address", "personalEmail"),
            ("E-mail 3 Address", "otherEmail"),
            ("Business Phone", "workPhone"),
            ("Mobile Phone", "cellPhone"),
            ("Home Phone", "homePhone"),
            ("Other Phone", "otherPhone"),
            ("Business Street", "address.address1"),
            ("Business Street 2", "address.address2"),
            ("Business City", "address.city"),
            ("Business State", "address.state"),
            ("Business Postal Code", "address.postalCode"),
            ("Business Country/Region", "address.countryCode"),
        ],
    ),
    (
        "an export of Google Contacts",
        &[
            ("Name Prefix", "salutation"),
            ("Given Name", "firstName"),
            ("First Name", "firstName"),
            ("Additional Name", "middleName"),
            ("Middle Name", "middleName"),
            ("Family Name", "lastName"),
            ("Last Name", "lastName"),
            ("Organization 1 - Name", "organization"),
            ("Organization Name", "organization"),
            ("Organization 1 - Title", "title"),
            ("Organization Title", "title"),
            ("E-mail 1 - Value", "workEmail"),
            ("E-mail 2 - Value", "personalEmail"),
            ("E-mail 3 - Value", "otherEmail"),
            ("Phone 1 - Value", "workPhone"),
            ("Phone 2 - Value", "cellPhone"),
            ("Phone 3 - Value", "homePhone"),
            ("Phone 4 - Value", "otherPhone"),
            ("Address 1 - Street", "address.address1"),
            ("Address 1 - City", "address.city"),
            ("Address 1 - Region", "address.state"),
            ("Address 1 - Postal Code", "address.postalCode"),
            ("Address 1 - Country", "address.countryCode"),
        ],
    ),
    (
        "a table in German",
        &[
            ("Anrede", "salutation"),
            ("Vorname", "firstName"),
            ("Weitere Vornamen", "middleName"),
            ("Nachname", "lastName"),
            ("Name", "lastName"),
            ("Firma", "organization"),
            ("Position", "title"),
            ("E-Mail-Adresse", "workEmail"),
            ("E-Mail", "workEmail"),
            ("E-Mail 2: Adresse", "personalEmail"),
            ("Telefon geschäftlich", "workPhone"),
            ("Telefon", "workPhone"),
            ("Mobiltelefon", "cellPhone"),
            ("Handy", "cellPhone"),
            ("Mobil", "cellPhone"),
            ("Telefon (privat)", "homePhone"),
            ("Telefon privat", "homePhone"),
            ("Weiteres Telefon", "otherPhone"),
            ("Straße", "address.address1"),
            ("PLZ", "address.postalCode"),
            ("Ort", "address.city"),
        ],
    ),
    (
        "a table in French",
        &[
            ("Civilité", "salutation"),
            ("Prénom", "firstName"),
            ("Deuxième prénom", "middleName"),
            ("Nom", "lastName"),
            ("Nom de famille", "lastName"),
            ("Société", "organization"),
            ("Entreprise", "organization"),
            ("Fonction", "title"),
            ("Adresse de messagerie", "workEmail"),
            ("Courriel", "workEmail"),
            ("E-mail", "workEmail"),
            ("Téléphone (bureau)", "workPhone"),
            ("Téléphone", "workPhone"),
            ("Tél. mobile", "cellPhone"),
            ("Mobile", "cellPhone"),
            ("Portable", "cellPhone"),
            ("Téléphone (domicile)", "homePhone"),
            ("Code postal", "address.postalCode"),
            ("Ville", "address.city"),
        ],
    ),
    (
        "a table in Spanish",
        &[
            ("Nombre", "firstName"),
            ("Segundo nombre", "middleName"),
            ("Apellidos", "lastName"),
            ("Apellido", "lastName"),
            ("Organización", "organization"),
            ("Empresa", "organization"),
            ("Puesto", "title"),
            ("Dirección de correo electrónico", "workEmail"),
            ("Correo electrónico", "workEmail"),
            ("Teléfono del trabajo", "workPhone"),
            ("Teléfono", "workPhone"),
            ("Móvil", "cellPhone"),
            ("Teléfono móvil", "cellPhone"),
            ("Particular", "homePhone"),
            ("Código postal", "address.postalCode"),
            ("Ciudad", "address.city"),
        ],
    ),
    (
        "a table in Italian",
        &[
            ("Nome", "firstName"),
            ("Secondo nome", "middleName"),
            ("Cognome", "lastName"),
            ("Società", "organization"),
            ("Azienda", "organization"),
            ("Posizione", "title"),
            ("Indirizzo posta elettronica", "workEmail"),
            ("Posta elettronica", "workEmail"),
            ("Ufficio", "workPhone"),
            ("Telefono", "workPhone"),
            ("Cellulare", "cellPhone"),
            ("Abitazione", "homePhone"),
            ("CAP", "address.postalCode"),
            ("Città", "address.city"),
        ],
    ),
    (
        "a table in Portuguese",
        &[
            ("Nome", "firstName"),
            ("Primeiro nome", "firstName"),
            ("Sobrenome", "lastName"),
            ("Apelido", "lastName"),
            ("Empresa", "organization"),
            ("Cargo", "title"),
            ("Endereço de email", "workEmail"),
            ("Telefone comercial", "workPhone"),
            ("Telefone", "workPhone"),
            ("Celular", "cellPhone"),
            ("Telemóvel", "cellPhone"),
            ("Telefone residencial", "homePhone"),
            ("Cidade", "address.city"),
        ],
    ),
    (
        "a table in Dutch",
        &[
            ("Aanhef", "salutation"),
            ("Voornaam", "firstName"),
            ("Middelste naam", "middleName"),
            ("Achternaam", "lastName"),
            ("Bedrijf", "organization"),
            ("Functie", "title"),
            ("E-mailadres", "workEmail"),
            ("Telefoon op werk", "workPhone"),
            ("Telefoon", "workPhone"),
            ("Mobiele telefoon", "cellPhone"),
            ("Mobiel", "cellPhone"),
            ("Telefoon thuis", "homePhone"),
            ("Postcode", "address.postalCode"),
            ("Plaats", "address.city"),
        ],
    ),
    (
        "a table in Polish",
        &[
            ("Imię", "firstName"),
            ("Nazwisko", "lastName"),
            ("Firma", "organization"),
            ("Stanowisko", "title"),
            ("Adres e-mail", "workEmail"),
            ("Telefon służbowy", "workPhone"),
            ("Telefon", "workPhone"),
            ("Telefon komórkowy", "cellPhone"),
            ("Telefon domowy", "homePhone"),
            ("Miasto", "address.city"),
        ],
    ),
    (
        "a table in Russian",
        &[
            ("Имя", "firstName"),
            ("Отчество", "middleName"),
            ("Фамилия", "lastName"),
            ("Организация", "organization"),
            ("Должность", "title"),
            ("Адрес эл. почты", "workEmail"),
            ("Электронная почта", "workEmail"),
            ("Рабочий телефон", "workPhone"),
            ("Телефон", "workPhone"),
            ("Телефон переносной", "cellPhone"),
            ("Мобильный телефон", "cellPhone"),
            ("Домашний телефон", "homePhone"),
            ("Город", "address.city"),
        ],
    ),
    (
        "a table in Japanese",
        &[
            ("名", "firstName"),
            ("姓", "lastName"),
            ("会社名", "organization"),
            ("役職", "title"),
            ("電子メール アドレス", "workEmail"),
            ("メールアドレス", "workEmail"),
            ("会社電話", "workPhone"),
            ("電話番号", "workPhone"),
            ("携帯電話", "cellPhone"),
            ("自宅電話", "homePhone"),
        ],
    ),
    (
        "a table in Chinese",
        &[
            ("名", "firstName"),
            ("姓", "lastName"),
            ("姓氏", "lastName"),
            ("名字", "firstName"),
            ("单位", "organization"),
            ("公司", "organization"),
            ("职务", "title"),
            ("电子邮件地址", "workEmail"),
            ("商务电话", "workPhone"),
            ("电话", "workPhone"),
            ("移动电话", "cellPhone"),
            ("手机", "cellPhone"),
            ("住宅电话", "homePhone"),
        ],
    ),
];

/// What a header looks like: the origin that most of its columns are from, if enough of them are
/// not ours.
pub(crate) fn foreign(cells: &[&str]) -> Option<Foreign> {
    let mut best: Option<(usize, Foreign)> = None;
    for (looks_like, columns) in ORIGINS {
        let mut renames = Vec::new();
        let (mut known, mut not_ours) = (0, 0);
        for cell in cells {
            let name = squeezed(cell);
            let Some((_, ours)) = columns.iter().find(|(theirs, _)| squeezed(theirs) == name)
            else {
                continue;
            };
            known += 1;
            let read = columns::find(cell);
            not_ours += usize::from(read.is_none());
            // The first of two that mean the same column is the one to take.
            let is_taken = renames.iter().any(|(_, taken)| taken == ours);
            if read != columns::find(ours) && !is_taken {
                renames.push(((*cell).to_owned(), *ours));
            }
        }
        // The first of equals stays.
        if not_ours >= COLUMNS_MIN && best.as_ref().is_none_or(|(most, _)| known > *most) {
            best = Some((known, Foreign { looks_like, renames }));
        }
    }
    best.map(|(_, foreign)| foreign)
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
            found.renames.iter().map(|(theirs, ours)| (&**theirs, *ours)).collect();
        let expect =
            [("Title", "salutation"), ("Company", "organization"), ("Business Phone", "workPhone")];
        assert_eq!(renames, expect);
    }
}
