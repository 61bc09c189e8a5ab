//! One made-up person, put together from the tables and written as a line of JSON.

use std::io::Write;

use crate::companies::{FORMS, MAILBOXES, OWNERS, SCOPES, TITLES, TRADES};
use crate::countries::COUNTRIES;
use crate::names::NAMES;
use crate::random::Random;

/// A step through all names of companies that meets each once: it has no divisor in common with
/// their number, as a test shows.
const COMPANY_STEP: u64 = 612_977;

/// A name and how it is written in an e-mail address.
struct Name {
    native: &'static str,
    latin: String,
}

/// The names of a language, split.
struct Language {
    first: Vec<Name>,
    last: Vec<Name>,
    salutations: Vec<&'static str>,
    streets: Vec<&'static str>,
}

/// A country, split.
struct Land {
    code: &'static str,
    language: usize,
    mobiles: Vec<&'static str>,
    cities: Vec<[&'static str; 3]>,
}

/// Makes people. The same seed and place always make the same person; only the organisation
/// depends on how many there are.
pub struct Sampler {
    seed: u64,
    organizations: u64,
    languages: Vec<Language>,
    /// Each country as often as it has weight.
    lands: Vec<Land>,
    drum: Vec<usize>,
    companies: [Vec<&'static str>; 4],
    titles: Vec<&'static str>,
    mailboxes: Vec<&'static str>,
}

impl Sampler {
    /// Splits the tables, once.
    pub fn new(seed: u64, organizations: u64) -> Sampler {
        let languages: Vec<Language> = NAMES
            .iter()
            .map(|names| Language {
                first: names.first.split(',').map(name).collect(),
                last: names.last.split(',').map(name).collect(),
                salutations: split(names.salutations),
                streets: names.streets.split(';').collect(),
            })
            .collect();
        let mut lands = Vec::with_capacity(COUNTRIES.len());
        let mut drum = Vec::new();
        for country in COUNTRIES {
            let language = NAMES.iter().position(|names| names.language == country.language);
            for _ in 0..country.weight {
                drum.push(lands.len());
            }
            lands.push(Land {
                code: country.code,
                // A test shows that every country has a language of the table.
                language: language.unwrap_or_default(),
                mobiles: country.mobiles.split(' ').collect(),
                cities: country.cities.split(',').map(city).collect(),
            });
        }
        Sampler {
            seed,
            organizations,
            languages,
            lands,
            drum,
            companies: [split(OWNERS), split(TRADES), split(SCOPES), split(FORMS)],
            titles: split(TITLES),
            mailboxes: split(MAILBOXES),
        }
    }

    /// Appends the person of that place and a line end.
    pub fn write(&self, place: u64, out: &mut Vec<u8>) {
        let mut random = Random::at(self.seed, place);
        let random = &mut random;
        let Some(land) = random.pick(&self.drum).and_then(|land| self.lands.get(*land)) else {
            return;
        };
        let Some(language) = self.languages.get(land.language) else { return };
        let (Some(first), Some(last)) =
            (random.pick_common(&language.first), random.pick_common(&language.last))
        else {
            return;
        };
        let company = random.below(self.organizations).min(random.below(self.organizations));

        out.extend_from_slice(b"{\"id\":\"");
        uuid(random, out);
        out.extend_from_slice(b"\",\"firstName\":");
        text(first.native, out);
        if random.chance(12)
            && let Some(middle) = random.pick(&language.first)
        {
            field("middleName", middle.native, out);
        }
        field("lastName", last.native, out);
        if random.chance(20)
            && let Some(salutation) = random.pick(&language.salutations)
        {
            field("salutation", salutation, out);
        }
        if random.chance(60)
            && let Some(title) = random.pick(&self.titles)
        {
            field("title", title, out);
        }
        phone("cellPhone", land, random, out);
        if random.chance(50) {
            phone("workPhone", land, random, out);
        }
        if random.chance(15) {
            phone("homePhone", land, random, out);
        }
        self.emails(place, first, last, company, random, out);
        address(land, language, random, out);
        out.extend_from_slice(b",\"externalOrganization\":{\"name\":");
        text(&self.company(company), out);
        out.push(b'}');
        dates(random, out);
        out.extend_from_slice(b"}\n");
    }

    /// The name of a company; two have the same only beyond as many as the parts can make.
    fn company(&self, number: u64) -> String {
        let parts = self.companies.each_ref();
        let lens = parts.map(|part| u64::try_from(part.len()).unwrap_or(1));
        let all: u64 = lens.iter().product();
        let shift = Random::at(self.seed, 0).next_u64() % all;
        let mut place = (number % all * COMPANY_STEP + shift) % all;
        let mut name = String::with_capacity(48);
        for (part, len) in parts.into_iter().zip(lens) {
            if !name.is_empty() {
                name.push(' ');
            }
            // A remainder by the part's own length is one of its places.
            let at = usize::try_from(place % len).unwrap_or_default();
            name.push_str(part.get(at).copied().unwrap_or_default());
            place /= len;
        }
        name
    }

    fn emails(
        &self,
        place: u64,
        first: &Name,
        last: &Name,
        company: u64,
        random: &mut Random,
        out: &mut Vec<u8>,
    ) {
        // Writing into a vector cannot fail.
        let (first, last) = (&first.latin, &last.latin);
        if random.chance(85) {
            let _ = write!(out, ",\"workEmail\":\"{first}.{last}@company{company}.example\"");
        }
        if random.chance(45)
            && let Some(mailbox) = random.pick(&self.mailboxes)
        {
            let _ = write!(out, ",\"personalEmail\":\"{first}{last}{place}@{mailbox}\"");
        }
    }
}

fn split(list: &'static str) -> Vec<&'static str> {
    list.split(',').filter(|item| !item.is_empty()).collect()
}

fn name(entry: &'static str) -> Name {
    let (native, latin) = entry.split_once('/').unwrap_or((entry, entry));
    Name { native, latin: latin.chars().filter_map(letter).collect() }
}

fn city(entry: &'static str) -> [&'static str; 3] {
    let mut parts = entry.splitn(3, '/');
    [(); 3].map(|()| parts.next().unwrap_or_default())
}

/// A small letter without its accent; nothing for blanks and apostrophes. It knows the letters of the
/// tables, as a test shows.
fn letter(letter: char) -> Option<char> {
    const FOLDED: &[(char, &str)] = &[
        ('a', "àáâãäåăąạảấầẩẫậắằẳẵặæ"),
        ('c', "çćčċ"),
        ('d', "ďđð"),
        ('e', "èéêëęěėẹẻẽếềểễệ"),
        ('g', "ğģ"),
        ('i', "ìíîïıįịỉĩ"),
        ('l', "łľĺļ"),
        ('n', "ñńňņ"),
        ('o', "òóôõöøőọỏốồổỗộớờởỡợơœ"),
        ('r', "řŕ"),
        ('s', "śšşșß"),
        ('t', "ťţț"),
        ('u', "ùúûüůűųụủũứừửữựư"),
        ('y', "ýÿỳỷỹỵ"),
        ('z', "źżž"),
    ];
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    if lower.is_ascii_alphanumeric() || lower == '-' {
        return Some(lower);
    }
    FOLDED.iter().find(|(_, letters)| letters.contains(lower)).map(|(plain, _)| *plain)
}

fn text(value: &str, out: &mut Vec<u8>) {
    // Writing a text into a vector cannot fail.
    let _ = serde_json::to_writer(out, value);
}

fn field(name: &str, value: &str, out: &mut Vec<u8>) {
    let _ = write!(out, ",\"{name}\":");
    text(value, out);
}

fn uuid(random: &mut Random, out: &mut Vec<u8>) {
    let bits = u128::from(random.next_u64()) << 64 | u128::from(random.next_u64());
    let id = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
    let _ = write!(out, "{id}");
}

fn phone(label: &str, land: &Land, random: &mut Random, out: &mut Vec<u8>) {
    let Some(pattern) = random.pick(&land.mobiles) else { return };
    let _ = write!(out, ",\"{label}\":{{\"display\":\"+");
    digits(pattern, random, out);
    out.push(b'"');
    if random.chance(30) {
        out.extend_from_slice(b",\"acceptsSMS\":true");
    }
    let _ = write!(out, ",\"normalizationCountryCode\":\"{}\"}}", land.code);
}

/// A pattern with a digit for each `#` and one from 2 to 9 for each `N` before a digit or `#`.
fn digits(pattern: &str, random: &mut Random, out: &mut Vec<u8>) {
    for byte in pattern.bytes() {
        let digit = match byte {
            b'#' => random.below(10),
            b'N' => 2 + random.below(8),
            other => {
                out.push(other);
                continue;
            }
        };
        out.push(b'0' + u8::try_from(digit).unwrap_or_default());
    }
}

fn address(land: &Land, language: &Language, random: &mut Random, out: &mut Vec<u8>) {
    let (Some(street), Some([city, state, postal_code])) =
        (random.pick(&language.streets), random.pick(&land.cities))
    else {
        return;
    };
    let house = 1 + random.below(180);
    out.extend_from_slice(b",\"address\":{\"address1\":");
    text(&street.replace('#', &house.to_string()), out);
    field("city", city, out);
    field("state", state, out);
    out.extend_from_slice(b",\"postalCode\":\"");
    for byte in postal_code.bytes() {
        match byte {
            b'#' => out.push(b'0' + u8::try_from(random.below(10)).unwrap_or_default()),
            other => out.push(other),
        }
    }
    let _ = write!(out, "\",\"countryCode\":\"{}\"}}", land.code);
}

/// The day and time at which the person was added, in the years from 2016 to 2025.
fn dates(random: &mut Random, out: &mut Vec<u8>) {
    let (year, month, day) = (2016 + random.below(10), 1 + random.below(12), 1 + random.below(28));
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    let millisecond = random.below(1000);
    let _ = write!(
        out,
        ",\"createDate\":\"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z\""
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn lines(seed: u64, count: u64) -> Vec<String> {
        let sampler = Sampler::new(seed, count.div_ceil(50));
        let mut out = Vec::new();
        (0..count).for_each(|place| sampler.write(place, &mut out));
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_contacts() {
        assert_eq!(lines(7, 200), lines(7, 200));
        assert_ne!(lines(7, 200), lines(8, 200));
    }

    #[test]
    fn every_line_is_a_contact_with_a_number_that_can_be_read() {
        for line in lines(1, 3_000) {
            let contact: serde_json::Value = serde_json::from_str(&line).unwrap();
            for name in ["id", "firstName", "lastName", "createDate"] {
                assert!(contact[name].as_str().is_some_and(|text| !text.is_empty()), "{line}");
            }
            let number = contact["cellPhone"]["display"].as_str().unwrap();
            let read = carnet_phone::normalise(number, carnet_phone::Region::US);
            assert_eq!(read.unwrap().e164.to_string(), number, "{line}");
        }
    }

    #[test]
    fn every_country_has_a_language_of_the_table() {
        for country in COUNTRIES {
            assert!(
                NAMES.iter().any(|names| names.language == country.language),
                "{}",
                country.code
            );
        }
    }

    #[test]
    fn every_name_has_a_latin_spelling() {
        for names in NAMES {
            for entry in names.first.split(',').chain(names.last.split(',')) {
                let spelled = entry.split('/').next_back().unwrap();
                let letters = spelled.chars().filter(|letter| letter.is_alphanumeric()).count();
                let latin = name(entry).latin;
                let kept = latin.chars().filter(|letter| letter.is_ascii_alphanumeric()).count();
                assert_eq!(kept, letters, "{entry} became {latin}");
            }
        }
    }

    #[test]
    fn no_two_companies_have_the_same_name() {
        let sampler = Sampler::new(1, 20_000);
        let names: HashSet<String> = (0..20_000).map(|number| sampler.company(number)).collect();
        assert_eq!(names.len(), 20_000);
        let all: usize = sampler.companies.iter().map(Vec::len).product();
        let all = u64::try_from(all).unwrap();
        let shared = |d: &u64| COMPANY_STEP.is_multiple_of(*d) && all.is_multiple_of(*d);
        assert_eq!((2..=COMPANY_STEP).find(shared), None);
    }

    #[test]
    fn many_scripts_and_countries_come_up() {
        let all = lines(3, 2_000);
        for sign in ['é', 'Θ', 'ж', 'ل', 'ש', 'क', 'ส', '王', 'さ', '김', 'ł', 'ễ'] {
            assert!(all.iter().any(|line| line.contains(sign)), "{sign}");
        }
        let codes: HashSet<&str> = all
            .iter()
            .filter_map(|line| line.split("\"countryCode\":\"").nth(1)?.get(..2))
            .collect();
        assert!(codes.len() > 30, "{codes:?}");
    }
}
