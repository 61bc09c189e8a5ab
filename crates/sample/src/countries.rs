//! Countries: how often, which language, what mobile numbers look like, and some cities.

/// A country from which made-up contacts come.
pub(super) struct Country {
    /// Its two letters.
    pub(super) code: &'static str,
    /// Its share among all countries.
    pub(super) weight: u64,
    /// The language of its names.
    pub(super) language: &'static str,
    /// Mobile numbers after `+`, apart by blanks; `#` is any digit, `N` one from 2 to 9.
    pub(super) mobiles: &'static str,
    /// Cities as `city/state/postal code`, apart by commas; `#` is any digit.
    pub(super) cities: &'static str,
}

const fn country(
    code: &'static str,
    weight: u64,
    language: &'static str,
    mobiles: &'static str,
    cities: &'static str,
) -> Country {
    Country { code, weight, language, mobiles, cities }
}

/// Every country.
pub(super) const COUNTRIES: &[Country] = &[
    country(
        "US",
        24,
        "en",
        "1212N46#### 1303N57#### 1503N38#### 1617N25####",
        "Denver/CO/802##,Portland/OR/972##,Boston/MA/021##,Savannah/GA/314##",
    ),
    country("CA", 5, "en", "1416N64#### 1604N73####", "Vancouver/BC/V5K 0A#,Halifax/NS/B3H 4R#"),
    country(
        "CA",
        2,
        "fr",
        "1418N52#### 1514N84####",
        "Québec/QC/G1R 2B#,Trois-Rivières/QC/G8T 1L#",
    ),
    country(
        "GB",
        12,
        "en",
        "447700900### 447400###### 447911######",
        "Leeds/West Yorkshire/LS1 4A#,Bristol/Avon/BS8 1T#,Aberdeen/Aberdeenshire/AB10 1F#",
    ),
    country(
        "IE",
        3,
        "en",
        "35385####### 35387#######",
        "Galway/Connacht/H91 E#K#,Limerick/Munster/V94 T#C#",
    ),
    country("AU", 4, "en", "61412###### 61423######", "Hobart/TAS/70##,Perth/WA/60##"),
    country("NZ", 2, "en", "6421N######", "Wellington/Wellington/60##"),
    country("ZA", 2, "en", "2782N###### 2783N######", "Durban/KwaZulu-Natal/40##"),
    country(
        "DE",
        13,
        "de",
        "4915112###### 491709###### 491765#######",
        "Hamburg/Hamburg/20###,Nürnberg/Bayern/90###,Göttingen/Niedersachsen/37###",
    ),
    country(
        "AT",
        3,
        "de",
        "43664####### 43676#######",
        "Linz/Oberösterreich/40##,Sankt Pölten/Niederösterreich/31##",
    ),
    country("CH", 3, "de", "4176N###### 4179N######", "Zürich/ZH/80##,Luzern/LU/60##"),
    country(
        "FR",
        11,
        "fr",
        "336######## 337N#######",
        "Nîmes/Occitanie/300##,Orléans/Centre-Val de Loire/450##,Évreux/Normandie/270##",
    ),
    country("BE", 2, "fr", "3247N###### 3249N######", "Namur/Namur/50##"),
    country("BE", 2, "nl", "3247N###### 3248N######", "Gent/Oost-Vlaanderen/90##"),
    country(
        "ES",
        7,
        "es",
        "346N####### 3471N######",
        "Cádiz/Andalucía/110##,León/Castilla y León/240##",
    ),
    country(
        "MX",
        5,
        "es",
        "5255N####### 5233N#######",
        "Querétaro/QRO/761##,San Luis Potosí/SLP/782##",
    ),
    country("AR", 3, "es", "54911N#######", "Córdoba/Córdoba/X50##"),
    country("CO", 2, "es", "57310N###### 57320N######", "Medellín/Antioquia/0500##"),
    country("PT", 3, "pt", "35191N###### 35196N######", "Setúbal/Setúbal/29##-001"),
    country(
        "BR",
        8,
        "pt",
        "55119N####### 55219N#######",
        "Goiânia/GO/740##-000,Florianópolis/SC/880##-000",
    ),
    country("IT", 7, "it", "39333N###### 39347N######", "Torino/TO/101##,Cefalù/PA/900##"),
    country("NL", 5, "nl", "316N#######", "Utrecht/Utrecht/35## AB,Groningen/Groningen/97## CD"),
    country(
        "SE",
        3,
        "nordic",
        "4670N###### 4673N######",
        "Umeå/Västerbotten/903 ##,Växjö/Kronoberg/352 ##",
    ),
    country(
        "NO",
        3,
        "nordic",
        "4791###### 4748######",
        "Ålesund/Møre og Romsdal/60##,Bodø/Nordland/80##",
    ),
    country("DK", 3, "nordic", "4520###### 4531######", "Odense/Syddanmark/50##"),
    country("FI", 3, "fi", "35840N###### 35850N######", "Jyväskylä/Keski-Suomi/40###"),
    country(
        "PL",
        5,
        "pl",
        "4850N###### 4869N######",
        "Gdańsk/pomorskie/80-0##,Wrocław/dolnośląskie/50-0##",
    ),
    country("CZ", 3, "cs", "42060N###### 42077N######", "Ústí nad Labem/Ústecký/400 ##"),
    country("HU", 3, "hu", "3620N###### 3630N######", "Kecskemét/Bács-Kiskun/60##"),
    country("RO", 3, "ro", "4072N###### 4074N######", "Timișoara/Timiș/3000##"),
    country("TR", 4, "tr", "9053N####### 9054N#######", "İzmir/İzmir/350##,Muğla/Muğla/480##"),
    country("VN", 3, "vi", "8490N###### 8498N######", "Đà Nẵng/Đà Nẵng/5500##"),
    country("GR", 3, "el", "30694N###### 30697N######", "Πάτρα/Αχαΐα/262 ##,Ηράκλειο/Κρήτη/712 ##"),
    country("KZ", 2, "ru", "7701N###### 7705N######", "Алматы/Алматы/0500##"),
    country("UA", 4, "uk", "38050N###### 38067N######", "Львів/Львівська область/790##"),
    country("EG", 3, "ar", "2010N####### 2012N#######", "القاهرة/القاهرة/115##"),
    country("JO", 1, "ar", "96279N######", "عمّان/عمّان/111##"),
    country("IL", 2, "he", "97252N###### 97254N######", "חיפה/חיפה/31#####"),
    country(
        "IN",
        10,
        "hi",
        "9198######## 9197########",
        "लखनऊ/उत्तर प्रदेश/2260##,Pune/Maharashtra/4110##",
    ),
    country("TH", 2, "th", "6681N###### 6689N######", "เชียงใหม่/เชียงใหม่/50###"),
    country("CN", 6, "zh", "86138######## 86159########", "成都/四川/6100##,杭州/浙江/3100##"),
    country("TW", 2, "zh", "8869########", "高雄市/高雄市/80#"),
    country(
        "JP",
        5,
        "ja",
        "8190N####### 8180N#######",
        "京都市/京都府/604-80##,札幌市/北海道/060-00##",
    ),
    country("KR", 3, "ko", "8210N#######", "부산/부산광역시/480##,대전/대전광역시/341##"),
];
