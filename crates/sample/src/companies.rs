//! Names of companies and positions.

/// First parts of a company's name.
pub(super) const OWNERS: &str = "Meridian,Hallmark & Sons,Brightwater,Castor,Ostrava,Fjord,\
    Kestrel,Larch,Basalt,Novum,Papillon,Rheingold,Sakura,Tundra,Ulmen,Vega,Wexford,Xylon,Yggdrasil,\
    Zephyr,Amber,Boréal,Cygnus,Dragonfly,Ember,Frères Colin,Gebrüder Sauer,Hermanos Vidal,Ikaros,\
    Jade,Kálmán,Lotus,Møllebakken,Niño,Océane,Perseus,Quille,Rowan,Señorío,Tidewater,Überland,\
    Vítkov,Willow,Äther,Çınar,Öresund,Łada,Ελιά,Заря,Орион,桜花,青山,한강,Zenobia,Halcyon,Ibex,Juniper,\
    Kelp,Linden,Marlin";

/// Middle parts: what the company does.
pub(super) const TRADES: &str = "Accounting,Bakery,Bearings,Bicycles,Boats,Books,Brewing,Ceramics,\
    Chemicals,Coffee,Dairy,Dental,Elevators,Farming,Fisheries,Freight,Furniture,Gardens,Glass,\
    Heating,Hotels,Instruments,Irrigation,Joinery,Kitchens,Laboratories,Lighting,Machinery,Mining,\
    Music,Orthopaedics,Packaging,Photonics,Plastics,Printing,Railways,Recycling,Roofing,Seeds,\
    Shipping,Solar,Surveying,Tiles,Timber,Tools,Toys,Translations,Vineyards,Watches,Wool";

/// Third parts: where the company is, or how it sees itself.
pub(super) const SCOPES: &str = "North,South,East,West,Central,Europe,Asia,Pacific,Atlantic,Alpine,\
    Nordic,Iberia,International,Regional,Digital,Direct,Express,Group,Partners,Plus,Works,Trading,\
    Systems,Export";

/// Last parts: the legal form.
pub(super) const FORMS: &str =
    "Ltd,Inc.,GmbH,AG,S.A.,S.L.,S.p.A.,B.V.,AB,A/S,Oy,Sp. z o.o.,s.r.o.,Kft.,A.Ş.,K.K.,Pty Ltd,LLC";

/// Positions.
pub(super) const TITLES: &str = "Managing Director,Head of Purchasing,Receptionist,Lawyer,Nurse,\
    Site Manager,Data Analyst,Electrician,Sales Representative,Teacher,Chief of Staff,Dispatcher,\
    Procurement Officer,Pharmacist,Project Lead,Apprentice,Treasurer,Marketing Manager,\
    Customer Service,Geschäftsführerin,Directrice générale,Jefe de compras,Kierownik działu,取締役";

/// Where private mailboxes are. Reserved names: no mail to them ever arrives.
pub(super) const MAILBOXES: &str =
    "mail.example,post.example,inbox.example,home.example,letters.example";
