//! What counts as the same text, by one table on the three databases.

use diesel::prelude::*;
use polls::admin::schema::django_admin_log;
use polls::auth::schema::{auth_group, auth_user};
use polls::text::Fold;

use super::{BOOKMARKS, CHOICES, GROUPS, LOG, QUESTIONS, USERS};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_search_finds_the_same_everywhere),
        on_every_database(every_search_goes_by_the_same_rule),
        on_every_database(words_of_any_letters_are_found_alike),
        on_every_database(names_and_addresses_are_told_apart_by_every_letter),
        on_every_database(a_text_is_kept_composed),
        on_mariadb(what_a_table_cannot_hold_is_said_at_its_field),
    ]
}

/// `한국어` as macOS writes names of files.
const DECOMPOSED: &str = "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}";

/// The numbers of the objects that a list shows for a word.
#[track_caller]
fn found(person: &Person, list: &str, word: &str) -> Vec<i64> {
    let quoted: String = form_urlencoded::byte_serialize(format!("\"{word}\"").as_bytes()).collect();
    let page = person.get(&format!("{list}?q={quoted}&o=1")).expect(200).html();
    // A list that cannot be changed has no boxes.
    let links = page.attributes("#result_list tbody a", "href");
    let id = |link: &String| link.strip_prefix(list)?.split('/').next()?.parse().ok();
    let mut ids: Vec<i64> = links.iter().filter_map(id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn a_search_finds_the_same_everywhere(app: &TestApp) {
    let ada = app.administrator("ada");
    let texts = [
        "Äpfel",
        "A\u{308}PFEL und Birnen",
        "Apfel",
        "한국어",
        DECOMPOSED,
        "İstanbul",
        "istanbul",
        "ISTANBUL",
        "Straße",
        "STRASSE",
        "STRAẞE",
        "ΟΔΥΣΣΕΥΣ",
        "Οδυσσευς",
        "ＡＢＣ",
        "abc",
        "🎧",
        "🌠",
        "100%",
        "1000",
        "a_b",
        "axb",
        "back\\slash",
        "É",
        "e\u{301}",
        "e",
        "(?i)[x]^$ ***=",
        "ДА",
        "да",
    ];
    let ids: Vec<i64> = texts.map(|text| app.question(text).create().id).to_vec();
    for (word, expected) in [
        ("äpfel", &["Äpfel", "A\u{308}PFEL und Birnen"][..]),
        ("ÄPFEL", &["Äpfel", "A\u{308}PFEL und Birnen"]),
        ("a\u{308}pf", &["Äpfel", "A\u{308}PFEL und Birnen"]),
        ("apfel", &["Apfel"]),
        ("한국어", &["한국어", DECOMPOSED]),
        (DECOMPOSED, &["한국어", DECOMPOSED]),
        ("국", &["한국어", DECOMPOSED]),
        // The first letters of a syllable are not the syllable.
        ("하", &[]),
        ("구", &[]),
        ("istanbul", &["İstanbul", "istanbul", "ISTANBUL"]),
        ("İSTANBUL", &["İstanbul", "istanbul", "ISTANBUL"]),
        ("ıstanbul", &["İstanbul", "istanbul", "ISTANBUL"]),
        ("straße", &["Straße", "STRAẞE"]),
        ("STRASSE", &["STRASSE"]),
        ("οδυσσευς", &["ΟΔΥΣΣΕΥΣ", "Οδυσσευς"]),
        ("ΣΣ", &["ΟΔΥΣΣΕΥΣ", "Οδυσσευς"]),
        ("ευσ", &["ΟΔΥΣΣΕΥΣ", "Οδυσσευς"]),
        ("abc", &["ＡＢＣ", "abc"]),
        ("ａＢｃ", &["ＡＢＣ", "abc"]),
        ("🎧", &["🎧"]),
        ("🌠", &["🌠"]),
        ("0%", &["100%"]),
        ("0％", &["100%"]),
        ("a_", &["a_b"]),
        ("\\", &["back\\slash"]),
        ("é", &["É", "e\u{301}"]),
        ("e\u{301}", &["É", "e\u{301}"]),
        ("(?i)", &["(?i)[x]^$ ***="]),
        ("[x]", &["(?i)[x]^$ ***="]),
        ("^$", &["(?i)[x]^$ ***="]),
        ("***=", &["(?i)[x]^$ ***="]),
        (".", &[]),
        ("да", &["ДА", "да"]),
    ] {
        let expected: Vec<i64> =
            texts.iter().zip(&ids).filter(|(text, _)| expected.contains(text)).map(|(_, id)| *id).collect();
        assert_eq!(found(&ada, QUESTIONS, word), expected, "{word}");
    }
}

fn every_search_goes_by_the_same_rule(app: &TestApp) {
    let ada = app.administrator("ada");
    let conn = &mut app.open();
    let poll = app.question("Obst?").choices(["A\u{308}pfel", "Apfel"]).create();
    let bookmark = app.bookmark(Some("ÄPFEL"), "https://example.org/");
    let address = app.bookmark(None, "https://example.org/Äpfel");
    let user = app.user("bea").create();
    diesel::update(auth_user::table.find(user)).set(auth_user::last_name.eq("Äpfel")).execute(conn).unwrap();
    diesel::insert_into(auth_group::table).values(auth_group::name.eq("a\u{308}pfel")).execute(conn).unwrap();
    ada.submit(&format!("{QUESTIONS}add/"), &[("question_text", "ÄPFEL?")]).expect(303);
    let entry: i32 = django_admin_log::table.select(django_admin_log::id).first(conn).unwrap();
    for (list, expected) in [
        (QUESTIONS, vec![poll.id, poll.id + 1]),
        (CHOICES, vec![poll.choices[0]]),
        (BOOKMARKS, vec![bookmark, address]),
        (USERS, vec![i64::from(user)]),
        (GROUPS, vec![1]),
        (LOG, vec![i64::from(entry)]),
    ] {
        assert_eq!(found(&ada, list, "äPFEL"), expected, "{list}");
        assert_eq!(found(&ada, list, "äpfelx"), [0_i64; 0], "{list}");
    }
    // A new name differs in more than case.
    let taken = |name| {
        ada.submit(
            &format!("{USERS}add/"),
            &[("username", name), ("password1", "correct horse 7"), ("password2", "correct horse 7")],
        )
    };
    assert_eq!(taken("özil").expect(303).location().split('/').nth(3), Some("user"));
    assert_eq!(taken("ÖZIL").expect(200).html().count("#id_username_error"), 1);
}

fn words_of_any_letters_are_found_alike(app: &TestApp) {
    let ada = app.administrator("ada");
    let letters = [
        "a",
        "A",
        "ä",
        "A\u{308}",
        "\u{308}",
        "i",
        "I",
        "İ",
        "ı",
        "\u{307}",
        "s",
        "ſ",
        "ß",
        "ẞ",
        "σ",
        "ς",
        "Σ",
        "é",
        "e\u{301}",
        "ế",
        "e\u{302}\u{301}",
        "ê\u{301}",
        "한",
        "하\u{11ab}",
        "\u{1112}\u{1161}\u{11ab}",
        "하",
        "が",
        "か\u{3099}",
        "か",
        "Ａ",
        "ａ",
        "％",
        "%",
        "_",
        "\\",
        "[",
        "]",
        "-",
        "🎧",
        "🌠",
        "k",
        "\u{212a}",
        "µ",
        "μ",
    ];
    let mut random = Random::new();
    let mut text = |most: usize| -> String {
        let length = 1 + random.below(most);
        (0..length).map(|_| letters[random.below(letters.len())]).collect()
    };
    let texts: Vec<String> = (0..60).map(|_| text(6)).collect();
    let ids: Vec<i64> = texts.iter().map(|text| app.question(text).create().id).collect();
    for _ in 0..60 {
        let word = text(2);
        let folded = Fold::part(&word);
        let expected: Vec<i64> = texts
            .iter()
            .zip(&ids)
            .filter(|(text, _)| Fold::is_in(folded.as_str(), false, text))
            .map(|(_, id)| *id)
            .collect();
        let found = found(&ada, QUESTIONS, &word);
        let differing = texts.iter().zip(&ids).filter(|(_, id)| found.contains(id) != expected.contains(id));
        let differing: Vec<_> = differing.map(|(text, _)| text.escape_unicode().to_string()).collect();
        assert_eq!(found, expected, "{} in {differing:?}", word.escape_unicode());
    }
}

fn names_and_addresses_are_told_apart_by_every_letter(app: &TestApp) {
    let ada = app.administrator("ada");
    for name in ["A", "a", "Ä", "ä", "🎧", "🌠", "ß", "ss"] {
        let address = format!("https://example.org/{name}");
        let add = || ada.submit(&format!("{BOOKMARKS}add/"), &[("url", &address)]);
        add().expect(303);
        assert_eq!(add().expect(200).html().count("#id_url_error"), 1, "{name}");
        let add = || ada.submit(&format!("{GROUPS}add/"), &[("name", name)]);
        add().expect(303);
        assert_eq!(add().expect(200).html().count("#id_name_error"), 1, "{name}");
    }
    assert_eq!((app.count("bookmark_bookmark"), app.count("auth_group")), (8, 8));
}

fn a_text_is_kept_composed(app: &TestApp) {
    let ada = app.administrator("ada");
    let typed = [("question_text", DECOMPOSED), ("choice_set-0-choice_text", "e\u{301}")];
    ada.submit(&format!("{QUESTIONS}add/"), &typed).expect(303);
    assert_eq!(app.count("polls_question WHERE question_text = '한국어'"), 1);
    assert_eq!(app.count("polls_choice WHERE choice_text = 'é'"), 1);
    // What Django has kept decomposed stays so until somebody changes it.
    let old = app.question(DECOMPOSED).create();
    ada.submit(&format!("{QUESTIONS}{}/change/", old.id), &[("close_date_0", "2099-01-01"), ("close_date_1", "0:00")])
        .expect(303);
    assert_eq!(
        app.count(&format!("polls_question WHERE question_text = '{DECOMPOSED}' AND close_date IS NOT NULL")),
        1
    );
}

fn what_a_table_cannot_hold_is_said_at_its_field(app: &TestApp) {
    let ada = app.administrator("ada");
    for (set, text, lost) in [("utf8mb3", "왜 🎧🌠?", "🎧🌠"), ("latin1", "é 왜?", "왜")] {
        let tables =
            ["polls_question", "polls_choice", "bookmark_bookmark", "django_admin_log", "django_session", "auth_group"];
        for table in tables {
            app.execute(&format!("ALTER TABLE {table} CONVERT TO CHARACTER SET {set}"));
        }
        for (list, field, others) in [
            (QUESTIONS, "question_text", &[][..]),
            (QUESTIONS, "choice_set-0-choice_text", &[("question_text", "Why?")]),
            (BOOKMARKS, "title", &[("url", "https://example.org/a")]),
            (BOOKMARKS, "url", &[]),
            (GROUPS, "name", &[]),
        ] {
            let typed = if field == "url" { format!("https://example.org/{lost}") } else { text.to_owned() };
            let fields = [&[(field, typed.as_str())], others].concat();
            let page = ada.submit(&format!("{list}add/"), &fields).expect(200).html();
            let error = page.text(&format!("[id='id_{field}_error']"));
            assert!(error.contains(&format!("these characters: {lost} ")), "{list} {field}: {error}");
            assert_eq!(page.attribute(&format!("[name='{field}']"), "value"), Some(typed));
        }
        // It is no fault to ask for them.
        assert_eq!(found(&ada, QUESTIONS, lost), [0_i64; 0]);
        app.post("/admin/login/").form(&[("username", lost), ("password", "x")]).expect(400);
        let report = app.run(&["migrate"]).expect(0).stdout;
        assert!(report.contains("ALTER TABLE `polls_question` CONVERT TO CHARACTER SET utf8mb4;"), "{report}");
    }
    assert_eq!((app.count("polls_question"), app.count("bookmark_bookmark")), (0, 0));
    ada.submit(&format!("{QUESTIONS}add/"), &[("question_text", "Où?")]).expect(303);
}
