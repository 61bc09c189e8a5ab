//! Regions: the countries and territories that have numbers of their own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::tables::REGIONS;

/// A country or territory as libphonenumber knows it, by its two ISO 3166 letters, or
/// [`Region::WORLD`]. It orders by its code; `WORLD` comes last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(u8);

/// The place of a code in the table of regions, found when the crate is compiled.
const fn place_of(code: &[u8; 2]) -> u8 {
    let mut place: u8 = 0;
    loop {
        let row = REGIONS[place as usize].0.as_bytes();
        if row.len() == 2 && row[0] == code[0] && row[1] == code[1] {
            return place;
        }
        place += 1;
    }
}

impl Region {
    /// Numbers that belong to no country: satellites, international free-phone and the like.
    /// Written `001`.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the table has fewer than 256 rows, or it would not compile"
    )]
    pub const WORLD: Region = Region((REGIONS.len() - 1) as u8);

    /// The United States.
    pub const US: Region = Region(place_of(b"US"));

    /// Reads two letters of either case, or `001`; `None` for codes without metadata.
    pub fn parse(code: &str) -> Option<Region> {
        if code == Region::WORLD.as_str() {
            return Some(Region::WORLD);
        }
        let letters: [u8; 2] = code.as_bytes().try_into().ok()?;
        let letters = letters.map(|letter| letter.to_ascii_uppercase());
        let countries = &REGIONS[..REGIONS.len() - 1];
        let place = countries.binary_search_by(|row| row.0.as_bytes().cmp(&letters)).ok()?;
        u8::try_from(place).ok().map(Region)
    }

    /// The code: two capital letters, or `001`.
    pub fn as_str(self) -> &'static str {
        REGIONS[usize::from(self.0)].0
    }

    /// The region at a place in the table, as the other tables name it.
    pub(crate) fn at(place: u8) -> Region {
        Region(place)
    }

    /// The place in the table.
    pub(crate) fn place(self) -> u8 {
        self.0
    }

    /// Every country and territory, in the order of their codes; `WORLD` is not among them.
    pub fn all() -> impl Iterator<Item = Region> {
        (0..Region::WORLD.0).map(Region)
    }

    /// The country calling code; 0 for `WORLD`, which has several.
    pub fn calling_code(self) -> u16 {
        REGIONS[usize::from(self.0)].1
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.as_str())
    }
}

/// A text that is no region's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no region has this code; expected two letters such as US, or 001")]
pub struct UnknownRegion;

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(code: &str) -> Result<Region, UnknownRegion> {
        Region::parse(code).ok_or(UnknownRegion)
    }
}

/// As its code.
impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// From its code, of either case.
impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
        struct Code;

        impl de::Visitor<'_> for Code {
            type Value = Region;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a region's code, such as US or 001")
            }

            fn visit_str<E: de::Error>(self, code: &str) -> Result<Region, E> {
                Region::parse(code)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(code), &self))
            }
        }

        deserializer.deserialize_str(Code)
    }
}
