//! Names in other scripts than Latin: the script that was typed comes first, a full name of East Asia
//! needs no blank, and frequent names are found as they are customarily spelt.

use crate::house::{houses, named, numbers, phone};
use carnet_model::Contact;

/// A contact of a first and a last name, as most of the world writes them.
fn person(full: &str) -> Contact {
    let (first, last) = full.split_once(' ').unwrap_or((full, ""));
    named(first, "", last)
}

/// Asks each text of the same people, numbered from 1, and compares whom it finds, in order; all of them
/// as typed.
#[track_caller]
fn check(people: &[&str], cases: &[(&str, &[u64])]) {
    compare(people, cases, &[false]);
}

/// As [`check`], where a text may find people by another spelling, or a name that is not the first.
#[track_caller]
fn check_all(people: &[&str], cases: &[(&str, &[u64])]) {
    compare(people, cases, &[false, true]);
}

#[track_caller]
fn compare(people: &[&str], cases: &[(&str, &[u64])], forgiven: &[bool]) {
    let people: Vec<Contact> = people.iter().map(|name| person(name)).collect();
    for house in houses(&people) {
        for (text, expected) in cases {
            let found = house.find(text);
            assert_eq!(numbers(&found), *expected, "{text:?} in {:?}", house.overlay.len());
            assert!(forgiven.contains(&found.forgiven), "{text:?}");
        }
    }
}

/// google/personfinder PR#173 and #179.
#[test]
fn personfinder_173_full_names_have_no_blank() {
    let people = [
        "太郎 山田",
        "伟 张",
        "철수 김",
        "俊傑 林",
        "ใจดี สมชาย",
        "カズオ 長谷川",
        "ひなた 藤原",
        "민수 남궁",
        "小龙 李",
    ];
    check(
        &people,
        &[
            ("山田太郎", &[1]),
            ("山田 太郎", &[1]),
            ("太郎山田", &[1]),
            ("山田太", &[1]),
            ("yamadataro", &[1]),
            ("张伟", &[2]),
            ("伟张", &[2]),
            ("zhangwei", &[2]),
            ("weizhang", &[2]),
            ("zhang wei", &[2]),
            ("김철수", &[3]),
            ("철수김", &[3]),
            ("kimchulsoo", &[3]),
            ("kim chul soo", &[3]),
            ("林俊傑", &[4]),
            // In the other form of its letters.
            ("长谷川", &[6]),
            ("長谷川カズオ", &[6]),
            ("長谷川かずお", &[6]),
            ("長谷川ｶｽﾞｵ", &[6]),
            ("藤原ひなた", &[7]),
            ("藤原ヒナタ", &[7]),
            ("남궁민수", &[8]),
            ("남궁", &[8]),
            ("李小龙", &[9]),
            ("lixiaolong", &[9]),
        ],
    );
}

/// wireapp/wire-ios-utilities PR#15, mapbox/carmen#433, osm-search/Nominatim#1406,
/// avian2/unidecode#16.
#[test]
fn wire_ios_utilities_15_a_name_in_another_script_finds_no_latin_strangers() {
    let people = [
        "Maria Martin",
        "Mark Mayer",
        "Linda Lind",
        "Lisa Brown",
        "Lydia Lyon",
        "Lee Long",
        "Thomas Theron",
        "Mrs Mrak",
        "Daniel Dnes",
        "俊 马",
        "马力 王",
        "小龙 李",
        "李娜 王",
        "علي حسن",
        "عمر خالد",
        "طه حسين",
        "דן לוי",
    ];
    check(
        &people,
        &[
            ("马", &[10, 11]),
            // Lee is how many write this name.
            ("李", &[12, 13, 6]),
            ("علي", &[14]),
            ("على", &[14]),
            ("علی", &[14]),
            ("ﻋﻠﻲ", &[14]),
            ("عمر", &[15]),
            ("طه", &[16]),
            ("دن", &[]),
            ("דן", &[17]),
            // A whole word that sounds the same, and none that only begins so.
            ("ли", &[12]),
            ("Λι", &[12]),
            ("ลิ", &[12]),
            ("마", &[10]),
            // From Latin all of them are found as before.
            ("ma", &[10, 1, 2, 11]),
            ("ali", &[14]),
            ("\"马\"", &[10]),
        ],
    );
}

/// The Latin form of a query in another script may be a whole word, behind all who have its letters.
#[test]
fn wire_ios_utilities_15_a_latin_form_is_a_whole_word_and_comes_last() {
    let people =
        ["Li Na", "Jet Li", "Lina Berg", "小龙 李", "李娜 王", "Giorgos Papas", "Γιώργος Ρήγας"];
    check(
        &people,
        &[
            ("李", &[4, 5, 2, 1]),
            ("Γιώργος", &[7, 6]),
            ("Γιωργ", &[7]),
            ("giorgos", &[6, 7]),
            ("li", &[2, 4, 1, 3, 5]),
        ],
    );
}

/// mapbox/carmen#433, photoprism/photoprism#3239.
#[test]
fn carmen_433_the_same_letters_come_before_the_same_sound() {
    let people = [
        "하은 강",
        "Zoë Reynolds",
        "준호 강",
        "剛 佐藤",
        "Ζωή Παππά",
        "Zoi Ζωή",
        "剛史 鈴木",
        "강 이",
    ];
    check(
        &people,
        &[
            ("剛", &[4, 7, 1, 3, 8]),
            ("Ζωή", &[6, 5, 2]),
            ("강", &[1, 3, 8, 4]),
            ("ζωη", &[6, 5, 2]),
            ("佐藤剛", &[4]),
            ("강하은", &[1]),
        ],
    );
}

/// nextcloud/contacts#5012, MM2-0/Kvaesitso#8, BranchMetrics/sesame_issues#51.
#[test]
fn kvaesitso_8_frequent_names_are_found_as_they_are_spelt() {
    let people = [
        "伟 张",
        "たろう やまだ",
        "철수 김",
        "أحمد علي",
        "שלום כהן",
        "สมชาย ใจดี",
        "Юрий Щербаков",
        "محمد الحداد",
        "지훈 이",
        "りょう 佐藤",
        "Γιάννης Παπαδόπουλος",
        "영희 박",
    ];
    check(
        &people,
        &[
            ("zhang", &[1]),
            ("zhang wei", &[1]),
            ("yamada", &[2]),
            ("taro", &[2]),
            ("kim", &[3]),
            ("ki", &[3]),
            ("ahmed", &[4]),
            ("ahmad", &[4]),
            ("ali", &[4]),
            ("shalom", &[5]),
            ("cohen", &[5]),
            ("somchai", &[6]),
            ("yuriy", &[7]),
            ("shcherbakov", &[7]),
            ("mohamed", &[8]),
            ("muhammad", &[8]),
            ("alhaddad", &[8]),
            ("al-haddad", &[8]),
            ("haddad", &[8]),
            ("lee", &[9]),
            ("ji-hoon", &[9]),
            ("jihun lee", &[9]),
            ("ryo", &[10]),
            ("ryou sato", &[10]),
            ("giannis", &[11]),
            ("yiannis", &[11]),
            ("park", &[12]),
            ("younghee", &[12]),
        ],
    );
    let people: Vec<Contact> = people.iter().map(|name| person(name)).collect();
    for house in houses(&people) {
        // A typing error is forgiven in a customary spelling as in any other.
        for (text, expected) in [("mohamedd", 8), ("somchia", 6), ("shaolm", 5)] {
            let found = house.find(text);
            assert_eq!((numbers(&found), found.forgiven), (vec![expected], true), "{text}");
        }
        // In another script only in its own letters, never in the Latin ones.
        for (text, expected) in [("Щербаковв", &[7][..]), ("Παπαδοπουλως", &[11]), ("Кохенн", &[])]
        {
            assert_eq!(numbers(&house.find(text)), expected, "{text}");
        }
    }
}

/// Every letter that is another form of one finds the same people.
#[test]
fn nominatim_1406_variants_of_letters_are_one() {
    let people = [
        "ミドリ 髙野",
        "みどり 高野",
        "فاطمة الزهراء",
        "مصطفى کریم",
        "Вʼячеслав Їжак",
        "Ｅｍｉ 佐藤",
    ];
    check(
        &people,
        &[
            ("高野", &[1, 2]),
            ("髙野", &[1, 2]),
            ("ﾐﾄﾞﾘ", &[1, 2]),
            ("高野みどり", &[1, 2]),
            ("فاطمه", &[3]),
            ("مصطفي", &[4]),
            ("كريم", &[4]),
            ("Вячеслав", &[5]),
            ("В'ячеслав", &[5]),
            ("emi", &[6]),
        ],
    );
}

/// Typed together as officially or customarily spelt, in both orders; behind those whose one name it is.
#[test]
fn personfinder_179_a_full_name_in_latin_letters_needs_no_blank() {
    let people = [
        "娜 李",
        "철수 김",
        "지훈 윤",
        "서연 박",
        "Lina Berg",
        "伟 王",
        "丽娜 宁",
        "太郎 山田",
        "Linus Torvalds",
    ];
    check(
        &people,
        &[
            ("lina", &[5, 7, 1]),
            ("nali", &[1]),
            ("kimcheolsu", &[2]),
            ("cheolsukim", &[2]),
            ("gimcheolsu", &[2]),
            ("kimchulsoo", &[2]),
            ("kimcheol", &[2]),
            ("yunjihun", &[3]),
            ("jihunyun", &[3]),
            ("yoonjihoon", &[3]),
            ("yoonjihun", &[3]),
            ("parkseoyeon", &[4]),
            ("bakseoyeon", &[4]),
            ("seoyeonpark", &[4]),
            ("wangwei", &[6]),
            ("weiwang", &[6]),
            ("ninglina", &[7]),
            ("linaning", &[7]),
            ("taroyamada", &[8]),
        ],
    );
    // Rarer spellings of both names.
    check_all(&people, &[("younjeehoon", &[3]), ("bakseoyoun", &[4]), ("leena", &[5, 1])]);
}

/// Names that are stored in Latin letters are found so, too, and by the beginning of the second.
#[test]
fn personfinder_179_latin_names_that_were_typed_together() {
    let people = [
        "Wei Zhang",
        "伟 张",
        "Anna Schmidt",
        "Ann Nash",
        "Mari Aalto",
        "Maria Lopez",
        "Jean-Luc Picard",
        "Minh Nguyễn",
        "Li Na",
        "Jürgen Groß",
    ];
    check_all(
        &people,
        &[
            ("zhangwei", &[1, 2]),
            ("weizhang", &[1, 2]),
            ("zhang wei", &[1, 2]),
            ("annaschmidt", &[3]),
            ("annaschm", &[3]),
            ("schmidtanna", &[3]),
            ("AnnaSchmidt", &[3]),
            ("jeanlucpicard", &[7]),
            ("nguyenminh", &[8]),
            ("nali", &[9]),
            ("lina", &[9]),
            ("jurgengross", &[10]),
            // A letter too many is no second name.
            ("annna", &[3]),
            ("mariaa", &[6]),
        ],
    );
}

/// Who is called so in Latin letters is found beside those whose name in another script is spelt so, and
/// before them; other names with a typing error come behind.
#[test]
fn kvaesitso_8_a_latin_name_is_not_hidden_behind_another_script() {
    let people = [
        "محمد حسن",
        "Mohammed Saleh",
        "Muhammad Khan",
        "Юрий Петров",
        "Yury Ivanov",
        "Pavel Yuri",
        "Mark Weber",
        "영희 박",
        "يوسف عمر",
        "Yusuf Demir",
        "Γιώργος Ρήγας",
        "Giorgo Rossi",
    ];
    check_all(
        &people,
        &[
            ("mohamed", &[2, 3, 1]),
            ("mohamad", &[2, 3, 1]),
            ("muhamad", &[3, 1, 2]),
            ("muhammad", &[3, 1]),
            ("mohamed saleh", &[2]),
            ("mohamed khan", &[3]),
            ("yuriy", &[6, 5, 4]),
            ("youssef", &[10, 9]),
            // A short name has too many strangers near to it.
            ("park", &[8]),
            // Who is only nearly called so comes behind.
            ("giorgos", &[11, 12]),
            // The text matches in Latin letters, so no other spelling is tried.
            ("yuri", &[6, 4]),
            ("yusuf", &[10, 9]),
            ("mark", &[7]),
        ],
    );
}

/// An organisation's name or a number is no name in another script.
#[test]
fn a_name_in_another_script_does_not_bring_typing_errors_to_other_words() {
    let mut customer = person("محمد حسن");
    customer.work_email = Some("info@acme.example".to_owned());
    customer.work_phone = Some(phone("+33612345678"));
    let people = [customer, person("Info Acne"), person("Acbe Inf")];
    for house in houses(&people) {
        for text in ["info@acme.example", "+33612345678", "0033612345678"] {
            let found = house.find(text);
            assert_eq!((numbers(&found), found.forgiven), (vec![1], false), "{text}");
        }
    }
}
