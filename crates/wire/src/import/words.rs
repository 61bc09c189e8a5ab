//! Names of fields as other programs write them: whether one clearly means a telephone number, an e-mail
//! address, an organisation or a person's name, in some twenty languages. All of a name must be known
//! words: `Home phone` and `Téléphone mobile` mean a number, `phone calls` and `Phone 1 - Label` do not.

use carnet_model::decomposed_name;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a name of a field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A telephone number, and the field of a contact where it belongs, if the name tells one.
    Phone(Option<&'static str>),
    /// An e-mail address, likewise.
    Email(Option<&'static str>),
    /// The organisation of a contact.
    Organization,
    /// A first name.
    FirstName,
    /// A last name.
    LastName,
    /// First and last name together.
    FullName,
}

/// The part that a word has in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Phone,
    Mobile,
    Email,
    Organization,
    Name,
    FirstName,
    LastName,
    /// What makes a first name of a name.
    First,
    /// What makes a last name of a name.
    Last,
    Home,
    Work,
    Other,
    /// A number, of any sort.
    Number,
    /// A word that changes nothing.
    Plain,
}

const WORDS: &[(Word, &str)] = &[
    (
        Word::Phone,
        "phone phones telephone telephones tel tels telefon telefono telefonos telefone telefones \
         telefoon telefonnummer telefonnumer telefonszam rufnummer telefonu puhelin puhelinnumero \
         телефон телефоны τηλέφωνο هاتف الهاتف טלפון 電話 電話番号 電話號碼 电话 电话号码 전화 \
         전화번호 điện-thoại โทรศัพท์",
    ),
    (
        Word::Mobile,
        "mobile mobiles mobil cell cellular cellphone handy handynummer mobilfunk portable gsm natel \
         móvil celular cellulare telemóvel mobiel mobiele komórka komórkowy мобильный мобильник \
         сотовый сотовая κινητό 携帯 携帯電話 手机 手機 手机号 移动电话 行動電話 휴대폰 휴대전화 \
         핸드폰",
    ),
    (
        Word::Email,
        "email emails mail mails courriel courriels messagerie correo correos posta poczta epost \
         eposta sähköposti почта почты имейл メール メールアドレス 電子メール 邮件 邮箱 电子邮件 \
         电子邮箱 電子郵件 電郵 이메일 메일 อีเมล",
    ),
    (
        Word::Organization,
        "company companies organization organizations organisation organisations employer firma \
         unternehmen société entreprise organisme empresa compañía organización azienda società \
         ditta bedrijf organisatie organizacja företag virksomhed şirket компания организация фирма \
         会社 会社名 公司 单位 회사 회사명",
    ),
    (Word::Name, "name names naam nazwa 氏名 姓名 名前 이름 성명 фио"),
    (
        Word::FirstName,
        "forename vorname vornamen prénom prénoms nombre nombres nome voornaam imię имя fornamn \
         fornavn 名 名字",
    ),
    (
        Word::LastName,
        "surname nachname familienname zuname nom apellido apellidos cognome sobrenome apelido \
         achternaam nazwisko фамилия efternamn etternavn 姓 姓氏 성",
    ),
    (Word::First, "first given"),
    (Word::Last, "last family"),
    (
        Word::Home,
        "home house private privat privé personal personnel perso particular casa domicile domicilio \
         residencial thuis domowy домашний 自宅 住宅",
    ),
    (
        Word::Work,
        "work business office geschäftlich dienstlich büro bureau trabajo trabalho ufficio lavoro \
         comercial werk zakelijk służbowy рабочий professionnel pro travail profesional",
    ),
    (
        Word::Other,
        "other alt alternate alternative secondary second autre weitere weiteres otro outro altro",
    ),
    (
        Word::Number,
        "number numbers no nr num numéro numero número nummer n numer номер 番号 号码 번호",
    ),
    (
        Word::Plain,
        "e address addresses adresse adres adresy dirección endereço indirizzo adresa адрес value \
         primary main default direct contact customer client kunde full display de da di of \
         électronique electrónico eletrónico eletrônico elettronica эл электронная электронной \
         アドレス 地址 주소",
    ),
];

/// Names that mean another thing than their words.
const WHOLE: &[(&str, Meaning)] = &[
    ("accountname", Meaning::Organization),
    ("businessname", Meaning::Organization),
    ("contactnumber", Meaning::Phone(None)),
    ("contactno", Meaning::Phone(None)),
    ("nomdefamille", Meaning::LastName),
    ("nomcomplet", Meaning::FullName),
    ("nombrecompleto", Meaning::FullName),
    ("nomecompleto", Meaning::FullName),
];

/// What the name of a field clearly means; `None` for any other name.
pub fn meaning(name: &str) -> Option<Meaning> {
    let tokens = tokens(name);
    if let Some((_, meaning)) = WHOLE.iter().find(|(whole, _)| *whole == tokens.concat()) {
        return Some(*meaning);
    }
    // "No mail" is a wish.
    if tokens.len() > 1 && tokens.first().is_some_and(|first| first == "no") {
        return None;
    }
    // Joined first: `E-post` and `First name` are written apart and together.
    let words = words_of(&tokens.concat()).filter(|words| words.len() <= tokens.len());
    let words = words.or_else(|| {
        let parts: Option<Vec<_>> = tokens.iter().map(|token| words_of(token)).collect();
        Some(parts?.concat())
    })?;
    let has = |word: Word| words.contains(&word);
    if has(Word::Email) {
        let place = match () {
            () if has(Word::Other) => Some("otherEmail"),
            () if has(Word::Home) => Some("personalEmail"),
            () if has(Word::Work) || has(Word::Organization) => Some("workEmail"),
            () => None,
        };
        return (!has(Word::Number)).then_some(Meaning::Email(place));
    }
    if has(Word::Mobile) || has(Word::Phone) {
        return Some(Meaning::Phone(match () {
            () if has(Word::Mobile) => Some("cellPhone"),
            () if has(Word::Other) => Some("otherPhone"),
            () if has(Word::Home) => Some("homePhone"),
            () if has(Word::Work) || has(Word::Organization) => Some("workPhone"),
            () => None,
        }));
    }
    if has(Word::Number) {
        return None;
    }
    match () {
        () if has(Word::Organization) => Some(Meaning::Organization),
        () if has(Word::FirstName) && has(Word::LastName) => Some(Meaning::FullName),
        () if has(Word::FirstName) || has(Word::First) && has(Word::Name) => {
            Some(Meaning::FirstName)
        }
        () if has(Word::LastName) || has(Word::Last) && has(Word::Name) => Some(Meaning::LastName),
        () if has(Word::Name) => Some(Meaning::FullName),
        () => None,
    }
}

/// The words of a name, folded: parted by what is no letter, and where a capital follows a small
/// letter.
fn tokens(name: &str) -> Vec<String> {
    let mut apart = String::new();
    let mut was_small = false;
    for c in name.chars() {
        if was_small && c.is_uppercase() {
            apart.push(' ');
        }
        was_small = c.is_lowercase();
        apart.push(c);
    }
    let words = apart.split(|c: char| !c.is_alphabetic() && !is_mark(c));
    words.map(folded).filter(|word| !word.is_empty()).collect()
}

/// Small letters without what stands above or below them.
fn folded(text: &str) -> String {
    let small = decomposed_name(&text.to_lowercase());
    small.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).map(plain).collect()
}

/// Letters that have a stroke and do not decompose.
fn plain(c: char) -> char {
    match c {
        'ł' => 'l',
        'đ' => 'd',
        'ø' => 'o',
        'ı' => 'i',
        c => c,
    }
}

/// Whether a character belongs to the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{e31}'..='\u{e4e}')
}

/// The known words of which a token is made, as some languages write them together; `None` where
/// something is left over.
fn words_of(token: &str) -> Option<Vec<Word>> {
    static KNOWN: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
        let words = WORDS.iter().flat_map(|(word, names)| {
            names.split_whitespace().map(|name| (tokens(name).concat(), *word))
        });
        words.collect()
    });
    let mut rest = token;
    let mut words = Vec::new();
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let (end, word) =
            ends.filter_map(|end| Some((end, *KNOWN.get(rest.get(..end)?)?))).next()?;
        words.push(word);
        rest = rest.get(end..)?;
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_clearly_means_a_number_an_address_or_a_name_is_understood() {
        use Meaning::{Email, FirstName, FullName, LastName, Organization, Phone};
        for (names, expect) in [
            (
                "phone,Tel,Tel.,phone_number,Phone 1 - Value,Téléphone,Telefonnummer,Телефон,電話番号,电话,전화번호,Contact No.,Tel. Nr.,phones",
                Phone(None),
            ),
            (
                "mobile,mobilePhone,Mobile Phone Number,Téléphone mobile,Handy,GSM,cell,Móvil,Teléfono celular,携帯電話,手机号,휴대폰,Mobiltelefonnummer",
                Phone(Some("cellPhone")),
            ),
            (
                "Home phone,homephone2,Telefon (privat),自宅電話,Telefono casa",
                Phone(Some("homePhone")),
            ),
            (
                "Business Phone,Company Phone,work tel,Bürotelefon,Рабочий телефон",
                Phone(Some("workPhone")),
            ),
            ("Other Phone,Alternative phone", Phone(Some("otherPhone"))),
            (
                "email,E-mail 1,E-Mail-Adresse,Email Address,eMail,Correo,Correo electrónico,メール,Courriel,E-post,邮箱,이메일,Электронная почта,Adres e-mail,emails",
                Email(None),
            ),
            ("Personal Email,e-mail privé", Email(Some("personalEmail"))),
            (
                "Company,Account Name,company_name,Société,Empresa,会社名,Employer,companyName",
                Organization,
            ),
            ("First Name,givenName,Vorname,Prénom,名", FirstName),
            ("Surname,Family Name,Nachname,Nom de famille,姓", LastName),
            ("Name,Full Name,displayName,氏名,Contact Name,Nombre completo", FullName),
        ] {
            for name in names.split(',') {
                assert_eq!(meaning(name), Some(expect), "{name}");
            }
        }
    }

    #[test]
    fn a_name_of_which_not_every_word_is_known_means_nothing() {
        for name in [
            "Phone 1 - Label",
            "E-mail 1 - Type",
            "phone calls",
            "No mail",
            "noEmail",
            "emailVerified",
            "username",
            "nickname",
            "Address",
            "Mailing Street",
            "Company ID",
            "account number",
            "number",
            "Home",
            "Work",
            "shoeSize",
            "Fax",
            "last contacted",
            "Notes",
            "Owner",
            "",
            "1",
            "mailinglist",
            "telex",
            "First",
            "Postcode",
            "メール配信停止",
            "名称",
        ] {
            assert_eq!(meaning(name), None, "{name}");
        }
    }
}
