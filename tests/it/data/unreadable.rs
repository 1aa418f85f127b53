//! A row that another program has written so that nobody can read it fails alone, and the log names it.

use chrono::TimeDelta;

use super::{BOOKMARKS, CHOICES, GROUPS, LOG, QUESTIONS, USERS};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_page_of_polls_leaves_out_the_one),
        on_every_database(a_page_of_bookmarks_leaves_out_the_one),
        on_every_database(the_admin_leaves_out_the_one),
        on_every_database(a_ballot_is_left_out_of_the_charts),
        on_every_database(a_session_and_a_user_fail_alone),
        on_sqlite(texts_that_are_no_utf_8_fail_alone),
    ]
}

/// A moment that is none, as each database takes it from others.
fn no_moment(app: &Setup) -> &'static str {
    match app.engine() {
        Engine::Sqlite => "'2026-01-01'",
        Engine::Postgres => "'-infinity'",
        Engine::Mariadb => "'0000-00-00 00:00:00'",
    }
}

/// The rows of a list of the admin.
#[track_caller]
fn rows(person: &Person, list: &str) -> usize {
    person.get(list).expect(200).html().count("#result_list tbody tr")
}

fn a_page_of_polls_leaves_out_the_one(app: &TestApp) {
    let polls: Vec<Poll> = (0..23)
        .map(|hours| {
            app.question(&format!("Number {hours}?")).published_ago(TimeDelta::hours(hours)).choices(["Yes"]).create()
        })
        .collect();
    let bad = polls[5].id;
    app.execute(&format!("UPDATE polls_question SET pub_date = {} WHERE id = {bad}", no_moment(app)));
    let mut shown = Vec::new();
    for page in ["/polls/", "/polls/?page=2"] {
        shown.extend(app.get(page).expect(200).html().texts(".cards h2"));
    }
    let expected: Vec<_> = (0..23).filter(|hours| *hours != 5).map(|hours| format!("Number {hours}?")).collect();
    assert_eq!(shown, expected);
    app.log.wait_for(&format!("polls_question {bad}"));
    app.get(&polls[5].detail()).expect(500);
    app.log.wait_for(&format!("polls_question {bad} cannot be read"));
    app.get(&polls[4].results()).expect(200);
    app.post(&polls[4].vote()).form(&[("choice", &polls[4].value(0))]).expect(303);
    assert_eq!(app.totals(&polls[4]), [1]);
}

fn a_page_of_bookmarks_leaves_out_the_one(app: &TestApp) {
    let ids: Vec<i64> = (0..12).map(|n| app.bookmark(None, &format!("https://example.org/{n}"))).collect();
    app.execute(&format!("UPDATE bookmark_bookmark SET added_at = {} WHERE id = {}", no_moment(app), ids[11]));
    let html = |page: &str| app.get(page).expect(200).html();
    assert_eq!(html("/bookmark/").count(".cards li") + html("/bookmark/?page=2").count(".cards li"), 11);
    app.log.wait_for(&format!("bookmark_bookmark {}", ids[11]));
}

fn the_admin_leaves_out_the_one(app: &TestApp) {
    let ada = app.administrator("ada");
    let bea = app.user("bea").create();
    let (poll, other) = (app.poll(), app.poll());
    let bookmarks = [app.bookmark(None, "https://example.org/1"), app.bookmark(None, "https://example.org/2")];
    for text in ["One?", "Two?"] {
        ada.submit(&format!("{QUESTIONS}{}/change/", poll.id), &[("question_text", text)]).expect(303);
    }
    let moment = no_moment(app);
    for (table, column, id) in [
        ("polls_question", "close_date", other.id),
        ("bookmark_bookmark", "added_at", bookmarks[0]),
        ("auth_user", "date_joined", i64::from(bea)),
        ("django_admin_log", "action_time", 1),
    ] {
        app.execute(&format!("UPDATE {table} SET {column} = {moment} WHERE id = {id}"));
    }
    for (list, count, row) in [
        (QUESTIONS, 1, format!("polls_question {}", other.id)),
        (CHOICES, 6, String::new()),
        (BOOKMARKS, 1, format!("bookmark_bookmark {}", bookmarks[0])),
        (USERS, 1, format!("auth_user {bea}")),
        (LOG, 1, "django_admin_log 1".to_owned()),
    ] {
        assert_eq!(rows(&ada, list), count, "{list}");
        app.log.wait_for(&row);
        assert_eq!(ada.get(&format!("{list}?q=zzz")).expect(200).html().count("#result_list"), 0, "{list}");
        let all = [("action", "export_json"), ("select_across", "1")];
        if list != LOG {
            let exported = ada.post(list, &all).expect(200).json();
            assert_eq!(exported.as_array().map(Vec::len), Some(count), "{list}");
            ada.post(list, &[("action", "export_csv"), ("select_across", "1")]).expect(200);
        }
    }
    // The question's own pages, its history, the first page with what was done last, and all filters.
    let page = ada.get("/admin/").expect(200).html();
    assert_eq!(page.count(".actionlist li"), 1);
    let history = ada.get(&format!("{QUESTIONS}{}/history/", poll.id)).expect(200).html();
    assert_eq!(history.count("#change-history tbody tr"), 1);
    ada.get(&format!("{QUESTIONS}{}/change/", poll.id)).expect(200);
    ada.get(&format!("{QUESTIONS}?_facets=True")).expect(200);
    ada.get(&format!("{CHOICES}?_facets=True")).expect(200);
    ada.get(&format!("{QUESTIONS}{}/change/", other.id)).expect(500);
    app.log.wait_for(&format!("polls_question {} cannot be read", other.id));
}

fn a_ballot_is_left_out_of_the_charts(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    for _ in 0..3 {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
    app.execute(&format!("UPDATE polls_ballot SET cast_at = {} WHERE id = 2", no_moment(app)));
    ada.get("/admin/").expect(200);
    ada.get(&format!("{QUESTIONS}{}/change/", poll.id)).expect(200);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(app.totals(&poll), [4, 0, 0]);
    app.run(&["recount"]).expect(0);
}

fn a_session_and_a_user_fail_alone(app: &TestApp) {
    let (ada, cleo) = (app.administrator("ada"), app.administrator("cleo"));
    let bea = app.user("bea").staff().create();
    let moment = no_moment(app);
    app.execute(&format!("UPDATE django_session SET created_at = {moment} WHERE user_id = 1"));
    // The session is none; the person can log in again.
    assert!(!ada.is_logged_in() && cleo.is_logged_in());
    app.log.wait_for("django_session ");
    ada.log_in("ada", PASSWORD).expect(303);
    assert!(ada.is_logged_in());
    app.execute(&format!("UPDATE auth_user SET last_login = {moment} WHERE id = {bea}"));
    app.person().log_in("bea", PASSWORD).expect(500);
    app.log.wait_for(&format!("auth_user {bea} cannot be read"));
    app.person().log_in("cleo", PASSWORD).expect(303);
}

fn texts_that_are_no_utf_8_fail_alone(app: &TestApp) {
    let ada = app.administrator("ada");
    let (poll, bad) = (app.poll(), app.poll());
    app.bookmark(Some("One"), "https://example.org/1");
    let bookmark = app.bookmark(Some("Two"), "https://example.org/2");
    app.user("bea").create();
    ada.submit(&format!("{GROUPS}add/"), &[("name", "Editors")]).expect(303);
    ada.submit(&format!("{GROUPS}add/"), &[("name", "Writers")]).expect(303);
    let no_text = "CAST(x'41ff42' AS TEXT)";
    for (table, column, id) in [
        ("polls_question", "question_text", bad.id),
        ("polls_choice", "choice_text", poll.choices[1]),
        ("bookmark_bookmark", "title", bookmark),
        ("auth_user", "first_name", 2),
        ("auth_group", "name", 2),
        ("django_admin_log", "object_repr", 1),
    ] {
        app.execute(&format!("UPDATE {table} SET {column} = {no_text} WHERE id = {id}"));
    }
    assert_eq!(app.get("/polls/").expect(200).html().count(".cards li"), 1);
    assert_eq!(app.get("/bookmark/").expect(200).html().count(".cards li"), 1);
    // A choice keeps its place: without it the others' shares would be wrong.
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.texts(".choice"), ["Not much", "\u{fffd}", "Just hacking again"]);
    app.log.wait_for(&format!("polls_choice {}", poll.choices[1]));
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    assert_eq!(app.get(&poll.results()).expect(200).html().count(".results tbody tr"), 3);
    for (list, count) in [(QUESTIONS, 1), (CHOICES, 5), (BOOKMARKS, 1), (USERS, 1), (GROUPS, 1), (LOG, 1)] {
        assert_eq!(rows(&ada, list), count, "{list}");
        ada.get(&format!("{list}?q=b")).expect(200);
    }
    ada.get("/admin/").expect(200);
    ada.get(&format!("{USERS}1/change/")).expect(200);
    ada.get(&format!("{QUESTIONS}{}/change/", poll.id)).expect(200);
    app.run(&["recount"]).expect(0);
}
