//! How lists, forms and the history tell what they know: numbers, zones, states, errors.

use chrono::TimeDelta;

use super::{BOOKMARKS, QUESTIONS, change, delete, form_of, history};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(numbers_are_grouped_for_people_and_for_nobody_else),
        on_sqlite(the_zone_of_times_is_named_wherever_they_are_shown),
        on_every_database(a_question_says_when_it_ends_and_what_it_is_now),
        on_every_database(blank_rows_do_not_count),
        on_sqlite(an_error_is_one_and_leads_to_its_field),
        on_sqlite(what_comes_back_was_restored),
        on_sqlite(a_chart_has_a_scale),
    ]
}

/// A page in Korean.
#[track_caller]
fn korean(app: &TestApp, person: &Person, path: &str) -> Html {
    person.send(app.get(path).header("Accept-Language", "ko")).expect(200).html()
}

fn numbers_are_grouped_for_people_and_for_nobody_else(app: &TestApp) {
    let poll = app.question("How many?").choice_with_votes("Many", 1_234_567).create();
    let ada = app.administrator("ada");
    assert_eq!(ada.get(QUESTIONS).expect(200).html().texts("td.field-votes.number"), ["1,234,567"]);
    let form = ada.get(&form_of(&poll)).expect(200).html();
    assert_eq!(form.texts("#choice_set-group .has_original .field-votes .number"), ["1,234,567"]);
    let choice = ada.get(&change("/admin/polls/choice/", poll.choices[0])).expect(200).html();
    assert!(choice.attributes("input", "value").iter().all(|value| !value.contains("1,234")), "an input takes digits");
    for action in ["export_csv", "export_json"] {
        let file = ada.post(QUESTIONS, &[("action", action), ("select_across", "1")]).expect(200).text();
        assert!(file.contains("1234567"), "{file}");
    }
}

fn the_zone_of_times_is_named_wherever_they_are_shown(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let poll = app.poll();
    let ada = app.administrator("ada");
    ada.submit(&form_of(&poll), &[("question_text", "Why?")]).expect(303);
    let (english, in_korean) =
        ("Dates and times are in the time zone Asia/Seoul.", "날짜와 시각은 Asia/Seoul 시간대 기준입니다.");
    for path in [
        QUESTIONS.to_owned(),
        BOOKMARKS.to_owned(),
        "/admin/admin/logentry/".to_owned(),
        form_of(&poll),
        change("/admin/auth/user/", 1),
        change("/admin/admin/logentry/", 1),
        history(QUESTIONS, poll.id),
        "/admin/".to_owned(),
    ] {
        app.bookmark(Some("Rust"), &format!("https://rust.example{path}"));
        let shown = |page: Html| page.texts("main p.help").join(" ");
        assert!(shown(ada.get(&path).expect(200).html()).contains(english), "{path}");
        assert!(shown(korean(&app, &ada, &path)).contains(in_korean), "{path}");
    }
    let head = |column: &str| {
        ada.get(QUESTIONS).expect(200).html().attribute(&format!("#result_list th.column-{column}"), "title")
    };
    assert_eq!([head("pub_date").as_deref(), head("close_date").as_deref()], [Some(english); 2]);
    assert_eq!(head("votes"), None);
    // A list without times says nothing of them.
    assert!(!ada.get("/admin/polls/choice/").expect(200).html().texts("main p").concat().contains("Asia/Seoul"));
}

fn a_question_says_when_it_ends_and_what_it_is_now(app: &TestApp) {
    let ada = app.administrator("ada");
    app.question("Ended").published_ago(TimeDelta::days(9)).closed_ago(TimeDelta::days(2)).create();
    app.question("Just ended").published_ago(TimeDelta::days(8)).closed_ago(TimeDelta::days(1)).create();
    app.question("Endless").published_ago(TimeDelta::days(7)).create();
    app.question("To come").upcoming_in(TimeDelta::days(7)).create();
    let page = ada.get(&format!("{QUESTIONS}?o=2")).expect(200).html();
    assert_eq!(page.texts("td.field-state"), ["Closed", "Closed", "Open", "Upcoming"]);
    assert_eq!(page.texts("td.field-close_date")[2..], ["–", "–"]);
    assert_eq!(page.count("td.field-close_date time"), 2);
    let in_korean = korean(app, &ada, &format!("{QUESTIONS}?o=2"));
    assert_eq!(in_korean.texts("td.field-state"), ["마감됨", "마감됨", "진행 중", "게시 예정"]);
    // By the end, and what has none last, on each database.
    let order =
        |query: &str| ada.get(&format!("{QUESTIONS}?{query}")).expect(200).html().texts("#result_list tbody th");
    assert_eq!(order("o=5.2"), ["Ended", "Just ended", "Endless", "To come"]);
    assert_eq!(order("o=-5.2"), ["Endless", "To come", "Just ended", "Ended"]);
    // Django's columns have kept their numbers.
    assert_eq!(page.count("th.column-was_published_recently a.toggle[href='?o=3.2']"), 1);
}

fn blank_rows_do_not_count(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let more = |many: usize| {
        let rows: Vec<_> = (0..many).map(|row| format!("('Choice {row}', 0, 0, {})", poll.id)).collect();
        app.execute(&format!(
            "INSERT INTO polls_choice (choice_text, votes, opening_votes, question_id) VALUES {}",
            rows.join(", ")
        ));
    };
    more(995);
    let rows = || ada.get(&form_of(&poll)).expect(200).html().count("#choice_set-group tbody tr");
    assert_eq!(rows(), 1000, "998 choices, and room for two more");
    ada.submit(&form_of(&poll), &[("choice_set-998-choice_text", "One more")]).expect(303);
    // Further blank ones, as a script of Django's adds them, are none either.
    let more_blank = [("choice_set-TOTAL_FORMS", "1005"), ("choice_set-1004-choice_text", " ")];
    ada.submit(&form_of(&poll), &more_blank).expect(303);
    assert_eq!(app.count("polls_choice"), 999);
    let two = [
        ("choice_set-TOTAL_FORMS", "1001"),
        ("choice_set-999-choice_text", "The last"),
        ("choice_set-1000-choice_text", "One too many"),
    ];
    let page = ada.submit(&form_of(&poll), &two).expect(200).html();
    assert_eq!(page.texts("#form_errors li"), ["Please submit at most 1,000 rows."]);
    // In the place of one that goes another is taken.
    ada.submit(&form_of(&poll), &[&two[..], &[("choice_set-0-DELETE", "on")]].concat()).expect(303);
    assert_eq!(app.count("polls_choice"), 1000);
    // What another program has written can still be saved, and takes no more.
    more(200);
    assert_eq!(rows(), 1200);
    ada.submit(&form_of(&poll), &[("choice_set-7-choice_text", "Renamed")]).expect(303);
    let new = [("choice_set-TOTAL_FORMS", "1201"), ("choice_set-1200-choice_text", "New")];
    assert_eq!(ada.submit(&form_of(&poll), &new).expect(200).html().count("#form_errors li"), 1);
    assert_eq!(app.count("polls_choice"), 1200);
}

fn an_error_is_one_and_leads_to_its_field(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let (one, two) = ("Please correct the error below.", "Please correct the errors below.");
    let bad = |fields: &[(&str, &str)]| ada.submit(&form_of(&poll), fields).expect(200).html();
    let page = bad(&[("question_text", "")]);
    assert_eq!(page.text(".error-summary .errornote"), one);
    assert_eq!(page.texts(".error-links li"), ["Question text: This field is required."]);
    assert_eq!(page.attributes(".error-links a", "href"), ["#id_question_text"]);
    assert!(page.text("title").starts_with("Error: "), "{}", page.text("title"));
    let summary = "main .error-summary[autofocus][tabindex='-1'][aria-labelledby=error-title]";
    assert_eq!(page.count(summary), 1, "it takes the focus without a script");
    let page = bad(&[
        ("pub_date_0", "soon"),
        ("close_date_0", "2026-03-01"),
        ("close_date_1", "late"),
        ("choice_set-1-choice_text", ""),
    ]);
    assert_eq!(page.text(".error-summary .errornote"), two);
    let links = page.attributes(".error-links a", "href");
    assert_eq!(links, ["#id_pub_date_0", "#id_close_date_1", "#id_choice_set-1-choice_text"]);
    assert_eq!(page.texts(".error-links a"), ["Date published", "Closing date", "Choice text 2"]);
    for link in links {
        assert_eq!(page.count(&format!("input[id='{}']", &link[1..])), 1, "{link}");
    }
    // The other forms say it in the same way, in both languages.
    let answer = |fields: &[(&str, &str)]| ada.post("/admin/password_change/", fields).expect(400).html();
    let page = answer(&[("old_password", ""), ("new_password1", OTHER), ("new_password2", OTHER)]);
    assert_eq!(
        (page.text(".errornote"), page.attributes(".error-links a", "href")),
        (one.into(), vec!["#id_old_password".into()])
    );
    assert!(page.text("title").starts_with("Error: "));
    assert_eq!(answer(&[]).text(".errornote"), two);
    for (fields, said) in [
        (&[("title", "x")][..], "아래의 오류를 수정하기 바랍니다."),
        (&[("title", "x\0")], "아래의 오류들을 수정하기 바랍니다."),
    ] {
        let request = app.post(&format!("{BOOKMARKS}add/")).header("Accept-Language", "ko").form(fields);
        assert_eq!(ada.send(request).expect(200).html().text(".errornote"), said);
    }
}

/// A password that nobody has.
const OTHER: &str = "quite another phrase of words";

fn what_comes_back_was_restored(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    ada.post(&delete(QUESTIONS, poll.id), &[("post", "yes")]).expect(303);
    ada.undo().expect(303);
    let path = history(QUESTIONS, poll.id);
    assert_eq!(ada.get(&path).expect(200).html().texts("#change-history .verb"), ["Restored", "Deleted"]);
    assert_eq!(korean(app, &ada, &path).texts("#change-history .verb"), ["복원함", "삭제함"]);
    let log = ada.get("/admin/admin/logentry/").expect(200).html();
    assert_eq!(log.texts("td.field-change_message")[0], "Restored: its deletion was undone.");
    // To Django it is an addition, whose message it can read.
    let rows = app.count("django_admin_log WHERE action_flag = 1 AND change_message LIKE '[{\"added\":{}}%'");
    assert_eq!(rows, 1);
    ada.submit(&form_of(&poll), &[("question_text", "Why?")]).expect(303);
    ada.undo().expect(303);
    let log = ada.get("/admin/admin/logentry/").expect(200).html();
    assert_eq!(log.texts("td.field-change_message")[0], "Changed Question text. With that a change was undone.");
}

fn a_chart_has_a_scale(app: &TestApp) {
    let poll = app.poll();
    for number in 0..7 {
        app.execute(&format!(
            "INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) VALUES ({}, {}, '{number:032}', \
             '2026-03-01 09:00:00')",
            poll.id, poll.choices[0]
        ));
    }
    let page = app.administrator("ada").get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.texts(".panel .scale text"), ["8", "6", "4", "2"]);
    assert_eq!(page.texts(".panel .numbers text"), ["7"]);
    assert_eq!(page.attributes(".panel rect", "height"), ["87"]);
    assert_eq!(page.texts(".panel .days span"), ["March 1, 2026, 9:00 a.m."]);
}
