//! Given and family names by language, invented lists of common ones. A name of another script
//! than Latin carries a Latin spelling behind `/`, of which e-mail addresses are made.

/// The names of a language.
pub(super) struct Names {
    /// The language, as countries refer to it.
    pub(super) language: &'static str,
    /// Given names, the common ones first, apart by commas.
    pub(super) first: &'static str,
    /// Family names likewise.
    pub(super) last: &'static str,
    /// Salutations; empty where people do without.
    pub(super) salutations: &'static str,
    /// Streets, apart by semicolons; `#` stands for the number of the house.
    pub(super) streets: &'static str,
}

/// Every language.
pub(super) const NAMES: &[Names] = &[
    Names {
        language: "en",
        first: "Olivia,Noah,Grace,Liam,Hannah,Ethan,Abigail,Owen,Ruth,Caleb,Naomi,Wesley,Harriet,\
            Dylan,Phoebe,Gareth,Imogen,Rhys,Eleanor,Callum,Niamh,Declan,Aoife,Cormac,Renée,Zoë,\
            Beatrix,Malcolm,Winifred,Tobias",
        last: "Parker,Hughes,Bennett,Foster,Reynolds,Hayes,Griffin,Wallace,Burton,Hawkins,\
            Fletcher,Barrett,Chambers,Pritchard,O'Sullivan,McKenzie,Llewellyn,Abernathy,Whitcombe,\
            Ravenscroft,Thistlewood,Osgood,Brontë,Fairweather,Kingsley-Marsh,Hollingworth,\
            Pemberton,Ashdown,Quigley,Tremaine",
        salutations: "Ms,Mr,Mrs,Dr",
        streets: "# Mill Lane;# Orchard Road;# Victoria Terrace;# Chestnut Drive;\
            # Harbour View",
    },
    Names {
        language: "de",
        first: "Lina,Moritz,Greta,Anton,Frieda,Jonathan,Theresa,Konrad,Jürgen,Käthe,Götz,Bärbel,\
            Ulrich,Rüdiger,Mechthild,Sönke,Annegret,Friedrich,Henriette,Valentin,Lüder,Jörg,\
            Hannelore,Tjark,Adelheid",
        last: "Schuster,Winkler,Lorenz,Brandt,Voigt,Kühn,Jahn,Krämer,Müller-Lüdenscheidt,Böttcher,\
            Größner,Weißhaupt,Sträßer,Thönnes,Fürstenau,Körber,Haßler,Ölschläger,Überreiter,\
            Löwenthal,Steinbrück,Dröge,Zwergel,Rübsam,Niedermayr",
        salutations: "Frau,Herr,Dr.",
        streets: "Lindenstraße #;Am Mühlbach #;Goethestraße #;Brückenweg #;Schloßplatz #",
    },
    Names {
        language: "fr",
        first: "Adèle,Baptiste,Clémence,Étienne,Margaux,Gaëtan,Océane,Rémy,Solène,Thibault,Maëva,\
            Jérémie,Joséphine,Loïs,Geneviève,Cyprien,Eugénie,Honoré,Mélisande,Anne-Sophie,\
            Jean-Luc,Françoise,Désiré,Hervé,Zéphyrine",
        last: "Renard,Delacroix,Pelletier,Marchand,Œuvrard,Lécuyer,Barthélemy,Gérard,Hébert,\
            Desrosiers,Vallée,Tréhout,Boulanger,Châtelain,Lemoine,de La Tour,Saint-Just,Prévost,\
            Crépin,Forêt,Besançon,Lagarde,Maçon,Noël,Quéméneur",
        salutations: "Mme,M.,Dr",
        streets: "#, rue des Lilas;#, avenue de la Gare;#, quai du Général-Leclerc;\
            #, impasse Molière;#, place de l'Hôtel-de-Ville",
    },
    Names {
        language: "es",
        first: "Valentina,Mateo,Ximena,Emiliano,Camila,Álex,Itziar,Gonzalo,Aránzazu,Fermín,\
            Purificación,Eulàlia,Ignacio,Consuelo,Julián,Macarena,Rubén,Yolanda,Héctor,Encarnación,\
            Iñigo,Estefanía,Nicolás,Úrsula,Zacarías",
        last: "Castillo,Herrera Peña,Cordero,Ibarra Núñez,Salazar,Quiñones,Echeverría,Villaseñor,\
            Bermúdez,Aguirre Muñiz,Cárdenas,Larrañaga,Montañés,Pantoja,Róger,Sepúlveda,Valdés,\
            Zubizarreta,Arqués,Buendía,Ocaña,Trujillo,Yáñez,Galán,Escrivá",
        salutations: "Sra.,Sr.,Dra.",
        streets: "Calle de la Luna #;Avenida del Puerto #;Plaza Nueva #;Paseo Marítimo #;\
            Ronda del Río #",
    },
    Names {
        language: "pt",
        first: "Heloísa,Davi,Lorena,Caetano,Benedita,Estêvão,Graça,Otávio,Thaís,Vinícius,Jacira,\
            Zélia,Abílio,Fátima,Lourenço,Íris,Evandro,Noémia,Raimundo,Célia",
        last: "Barbosa,Assunção,Brandão,Falcão,Guimarães,Leitão,Machado,Noronha,Peixoto,Queirós,\
            Salgueiro,Tavares,Valadão,Xavier,Azevedo,Bragança,Camões,Durão,Esteves,Frazão",
        salutations: "Sra.,Sr.,Dra.",
        streets: "Rua das Flores #;Avenida Atlântica #;Travessa do Poço #;Largo da Sé #",
    },
    Names {
        language: "it",
        first: "Beatrice,Edoardo,Ginevra,Tommaso,Ludovica,Nicolò,Margherita,Ettore,Fiorella,Jacopo,\
            Ornella,Raimondo,Serafina,Umberto,Mosè,Desirée,Gaspare,Ilaria,Pierluigi,Rosalìa",
        last: "Benedetti,Cattaneo,D'Agostino,Dell'Orto,Fumagalli,Guerra,Locatelli,Montanari,\
            Pellegrini,Quaranta,Sanfilippo,Tagliaferro,Uberti,Vescovi,Zanetti,Calabrò,Forlì,\
            Morè,De Angelis,Lo Presti",
        salutations: "Sig.ra,Sig.,Dott.",
        streets: "Via Garibaldi #;Piazza del Popolo #;Corso Vittorio #;Viale dei Pini #",
    },
    Names {
        language: "nl",
        first: "Saar,Finn,Liselot,Gijs,Maud,Teun,Roosmarijn,Bastiaan,Noël,Hidde,Marijke,Siebe,\
            Wietske,Jelle,Anniek,Coen,Zoë,Floris,Desirée,Koenraad",
        last: "van Vliet,Hoekstra,de Bruijn,Willems,ter Horst,van 't Hof,Schouten,IJsselstein,\
            Postma,Kuipers,van der Wal,Timmerman,Geerts,in 't Veld,Reeënhof,Zandstra,Coëlho,\
            op den Camp,Wijnhoven,Blaauw",
        salutations: "Mevr.,Dhr.",
        streets: "Kerkstraat #;Molenweg #;Oude Gracht #;Beatrixlaan #",
    },
    Names {
        language: "nordic",
        first: "Tuva,Elias,Maja,Oskar,Signe,Håkon,Åse,Bjarne,Sølve,Thyra,Gunnhild,Ørjan,Märit,Jöran,\
            Esbjørn,Ylva,Torfinn,Åshild,Günnar,Ragnar",
        last: "Lundqvist,Dahl,Sandberg,Kjeldsen,Ødegaard,Åberg,Strömberg,Bråten,Vestergård,Holmström,\
            Søndergaard,Fjällström,Nygård,Mørk,Österlund,Hägglund,Skjæveland,Røed,Bäckman,Thorvaldsen",
        salutations: "",
        streets: "Skogsvägen #;Strandgade #;Fjellveien #;Kyrkogatan #",
    },
    Names {
        language: "fi",
        first: "Aada,Eino,Helmi,Väinämö,Inkeri,Kalevi,Säde,Onni,Pyry,Touko,Ylermi,Kyllikki,Sisko,\
            Urho,Äijö,Lempi",
        last: "Kallio,Hyvönen,Väisänen,Pöyhönen,Rautio,Lämsä,Sillanpää,Ylönen,Hietala,Äijälä,Kärkkäinen,\
            Ruotsalainen,Myllymäki,Pesonen,Öhman,Tähtinen",
        salutations: "",
        streets: "Koivukuja #;Rantatie #;Mäkikatu #",
    },
    Names {
        language: "pl",
        first: "Żaneta,Bartosz,Kinga,Mieczysław,Świętosława,Oliwia,Przemysław,Łucja,Zdzisław,Jagna,\
            Błażej,Róża,Ćwieczko,Wacław,Hanna,Ignacy",
        last: "Żółtowski,Gałązka,Błaszczyk,Sęk,Ćwikła,Pągowski,Śliwa,Źrebiec,Lis,Kołodziej,Wąsik,\
            Rzeźniczak,Szczęsny,Brzęczyszczykiewicz,Łoś,Górecka",
        salutations: "Pani,Pan",
        streets: "ul. Słoneczna #;ul. Długa #;al. Niepodległości #",
    },
    Names {
        language: "cs",
        first: "Žofie,Matěj,Ludmila,Vojtěch,Ester,Řehoř,Štěpán,Anežka,Bedřich,Květa,Čeněk,Dušan,Ľubica,\
            Oldřich,Ďurďa,Viktorie",
        last: "Křížek,Šťastná,Řezníček,Žák,Vlčková,Dvořáček,Ťoupalík,Hruška,Polívka,Ďurica,Jeřábek,\
            Škvorecký,Malíř,Nezval,Ůlehla,Čapková",
        salutations: "Paní,Pan",
        streets: "Lipová #;Na Příkopě #;Školní #",
    },
    Names {
        language: "hu",
        first: "Zsófia,Bence,Réka,Dániel,Eszter,Győző,Ágota,Lőrinc,Örs,Tünde,Kálmán,Ödön,Piroska,\
            Szilárd,Ünige,Vilmos",
        last: "Szűcsné,Bárány,Győri,Hegedűs,Kertész,Lőrincz,Őri,Pásztor,Rózsa,Székely,Tőkés,Üveges,\
            Vámos,Zsoldos,Csősz,Fülöp",
        salutations: "",
        streets: "Petőfi utca #;Kossuth tér #;Rákóczi út #",
    },
    Names {
        language: "ro",
        first: "Ilinca,Radu,Sânziana,Ștefania,Cătălina,Dragoș,Mădălin,Țuțea,Anca,Vlăduț,Iulia,Horațiu",
        last: "Țepeș,Ștefănescu,Brâncuși,Drăgulescu,Văduva,Năstase,Crețu,Moldovan,Sârbu,Păun,Iliescu,\
            Zăvoianu",
        salutations: "Dna,Dl",
        streets: "Strada Teilor #;Bulevardul Unirii #;Calea Victoriei #",
    },
    Names {
        language: "tr",
        first: "Defne,Kerem,İpek,Çağrı,Gökçe,Işıl,Ülkü,Barış,Şebnem,Oğuz,Yiğit,Nâzım,Özge,Tuğçe,Ilgın,\
            Süheyla",
        last: "Aksoy,Çalışkan,Işık,İnönü,Gündoğdu,Şentürk,Özgür,Uçar,Yağcı,Bölükbaşı,Dağdelen,Kırmızı,\
            Altıntaş,Sönmez,Ergün,Çiftçi",
        salutations: "",
        streets: "Atatürk Caddesi No: #;Çınar Sokak No: #;İstiklâl Caddesi No: #",
    },
    Names {
        language: "vi",
        first: "Thảo,Minh,Ngọc,Đức,Hương,Quân,Trang,Tuấn,Phượng,Dũng,Yến,Khánh",
        last: "Nguyễn,Trần,Lê,Phạm,Huỳnh,Võ,Đặng,Bùi,Đỗ,Hồ,Dương,Lý",
        salutations: "",
        streets: "# Lê Lợi;# Trần Hưng Đạo;# Hai Bà Trưng",
    },
    Names {
        language: "el",
        first: "Θεοδώρα/Theodora,Στέλιος/Stelios,Καλλιόπη/Kalliopi,Αλέξανδρος/Alexandros,\
            Ειρήνη/Eirini,Λεωνίδας/Leonidas,Ζωή/Zoi,Ορέστης/Orestis,Φωτεινή/Foteini,\
            Σταύρος/Stavros,Ξένια/Xenia,Άγγελος/Angelos",
        last: "Καραγιάννης/Karagiannis,Αναγνώστου/Anagnostou,Μαυρίδης/Mavridis,Ζαφειρίου/Zafeiriou,\
            Τσακίρης/Tsakiris,Ψαρράς/Psarras,Σαμαράς/Samaras,Λιάπης/Liapis,Ρήγας/Rigas,\
            Θεοχάρης/Theocharis,Χατζής/Chatzis,Ευσταθίου/Efstathiou",
        salutations: "",
        streets: "Οδός Αθηνάς #;Λεωφόρος Κηφισίας #;Ερμού #",
    },
    Names {
        language: "ru",
        first: "Полина/Polina,Фёдор/Fyodor,Ксения/Ksenia,Игорь/Igor,Любовь/Lyubov,Юрий/Yury,\
            Жанна/Zhanna,Эдуард/Eduard,Щукарь/Shchukar,Анастасия/Anastasia,Глеб/Gleb,Яна/Yana",
        last: "Соколов/Sokolov,Воробьёва/Vorobyova,Щербаков/Shcherbakov,Журавлёв/Zhuravlyov,\
            Цветкова/Tsvetkova,Хлебников/Khlebnikov,Ясенев/Yasenev,Чехова/Chekhova,Юдин/Yudin,\
            Ельцова/Yeltsova,Медведь/Medved,Объедков/Obyedkov",
        salutations: "",
        streets: "улица Садовая #;проспект Мира #;Речной переулок #",
    },
    Names {
        language: "uk",
        first: "Оксана/Oksana,Богдан/Bohdan,Їлина/Yilyna,Тарас/Taras,Соломія/Solomiia,Остап/Ostap,\
            Євгенія/Yevheniia,Андрій/Andrii",
        last: "Шевчук/Shevchuk,Коваленко/Kovalenko,Ґалаґан/Galagan,Їжакевич/Yizhakevych,\
            Поліщук/Polishchuk,Дем'яненко/Demianenko,Гриценко/Hrytsenko,Щур/Shchur",
        salutations: "",
        streets: "вулиця Хрещатик #;вулиця Шевченка #",
    },
    Names {
        language: "ar",
        first: "ليلى/Layla,يوسف/Yusuf,نور/Nour,خالد/Khalid,سلمى/Salma,طارق/Tariq,هدى/Huda,\
            إبراهيم/Ibrahim,رانيا/Rania,سامي/Sami",
        last: "الحداد/Alhaddad,المصري/Almasri,النجار/Alnajjar,بركات/Barakat,الشامي/Alshami,\
            منصور/Mansour,القاسم/Alqasim,العطار/Alattar,خوري/Khoury,زيدان/Zidan",
        salutations: "",
        streets: "شارع النيل #;شارع الجامعة #;طريق الملك #",
    },
    Names {
        language: "he",
        first: "נועם/Noam,תמר/Tamar,איתן/Eitan,שירה/Shira,יעל/Yael,אורי/Uri,מיכל/Michal,גדעון/Gideon",
        last: "אבוטבול/Abutbul,ברק/Barak,דיין/Dayan,פרידמן/Friedman,שפירא/Shapira,צור/Tzur,\
            קפלן/Kaplan,רוזן/Rosen",
        salutations: "",
        streets: "רחוב הרצל #;שדרות רוטשילד #",
    },
    Names {
        language: "hi",
        first: "आरव/Aarav,काव्या/Kavya,विक्रम/Vikram,मीरा/Meera,देवेश/Devesh,गीता/Geeta,\
            हर्ष/Harsh,ज्योति/Jyoti,कृष्ण/Krishna,शालिनी/Shalini",
        last: "त्रिपाठी/Tripathi,श्रीवास्तव/Shrivastava,चौहान/Chauhan,मिश्रा/Mishra,\
            पाण्डेय/Pandey,द्विवेदी/Dwivedi,राठौर/Rathore,भट्ट/Bhatt,ठाकुर/Thakur,यादव/Yadav",
        salutations: "",
        streets: "# गाँधी मार्ग;# स्टेशन रोड;# MG Road",
    },
    Names {
        language: "th",
        first: "สมชาย/Somchai,มาลี/Malee,ณัฐพล/Nattapon,กาญจนา/Kanchana,ปิยะ/Piya,\
            วรรณา/Wanna,ธนากร/Thanakorn,ศิริพร/Siriporn",
        last: "สุขสวัสดิ์/Suksawat,ทองดี/Thongdee,แก้วมณี/Kaewmanee,ศรีสุข/Srisuk,\
            วงศ์ไทย/Wongthai,พรหมมา/Promma,บุญมี/Boonmee,จันทร์เพ็ญ/Chanpen",
        salutations: "",
        streets: "# ถนนสุขุมวิท;# ถนนพระราม 4",
    },
    Names {
        language: "zh",
        first: "伟/Wei,芳/Fang,子涵/Zihan,建国/Jianguo,雪梅/Xuemei,浩然/Haoran,丽华/Lihua,志强/Zhiqiang,\
            梦琪/Mengqi,俊杰/Junjie,秀英/Xiuying,宇航/Yuhang",
        last: "王/Wang,李/Li,张/Zhang,刘/Liu,陈/Chen,杨/Yang,赵/Zhao,欧阳/Ouyang,司马/Sima,诸葛/Zhuge,\
            徐/Xu,郭/Guo",
        salutations: "",
        streets: "人民路#号;中山路#号;解放大道#号",
    },
    Names {
        language: "ja",
        first: "健太/Kenta,さゆり/Sayuri,悠真/Yuma,ひなた/Hinata,ミドリ/Midori,隆/Takashi,千尋/Chihiro,\
            カズオ/Kazuo,彩花/Ayaka,剛/Tsuyoshi,真由美/Mayumi,りょう/Ryo",
        last: "藤原/Fujiwara,石川/Ishikawa,長谷川/Hasegawa,青木/Aoki,岡田/Okada,髙野/Takano,西村/Nishimura,\
            桜井/Sakurai,五十嵐/Igarashi,小野寺/Onodera,神谷/Kamiya,三浦/Miura",
        salutations: "",
        streets: "本町#丁目;中央#丁目;桜通り#番地",
    },
    Names {
        language: "ko",
        first: "서연/Seoyeon,민준/Minjun,지우/Jiwoo,도윤/Doyun,하은/Haeun,준호/Junho,유진/Yujin,성민/Seongmin",
        last: "김/Kim,이/Lee,박/Park,최/Choi,정/Jung,강/Kang,조/Cho,남궁/Namgung,황보/Hwangbo,윤/Yoon",
        salutations: "",
        streets: "세종대로 #;테헤란로 #;중앙로 #",
    },
];
