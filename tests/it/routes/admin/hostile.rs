//! Forms that are meant to do harm.

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(five_thousand_rows_are_refused_and_kept),
        on_every_database(a_row_is_written_once_however_often_it_is_posted),
        on_every_database(forty_thousand_objects_are_exported_and_not_chosen_one_by_one),
        on_sqlite(a_form_of_ten_megabytes_is_refused),
        on_sqlite(a_write_that_another_site_sends_is_refused),
        on_sqlite(the_way_back_to_a_list_stays_on_that_list),
    ]
}

fn five_thousand_rows_are_refused_and_kept(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let rows: Vec<_> =
        (0..5000).map(|row| (format!("choice_set-{row}-choice_text"), format!("Answer {row}"))).collect();
    let whole = [("question_text", "Why?"), ("pub_date_0", "2026-03-01"), ("pub_date_1", "09:00")];
    let rows: Vec<_> = rows.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for path in [format!("{QUESTIONS}add/"), form_of(&poll)] {
        for total in [&[("choice_set-TOTAL_FORMS", "5000")][..], &[]] {
            let fields = [&whole[..], total, &rows].concat();
            let page = ada.post(&path, &fields).expect(200).html();
            assert_eq!(page.texts("#form_errors li"), ["Please submit at most 1,000 rows."]);
            let kept = page.attributes("#choice_set-group tbody [name$=choice_text]", "value");
            assert!((5000..=5001).contains(&kept.len()), "{}", kept.len());
            assert_eq!((kept[0].as_str(), kept[4999].as_str()), ("Answer 0", "Answer 4999"));
        }
    }
    // Only the number is high, or the numbers of the rows are.
    let row = [("choice_set-0-choice_text", "a"), ("choice_set-18446744073709551615-choice_text", "b")];
    let total = [("choice_set-TOTAL_FORMS", "1000000000")];
    let page = ada.post(&form_of(&poll), &[&whole[..], &total, &row].concat()).expect(200).html();
    assert_eq!(page.texts("#form_errors li"), ["Please submit at most 1,000 rows."]);
    assert_eq!(app.count("polls_choice"), 3);
    // A thousand are not too many.
    let fields = [&whole[..], &[("choice_set-TOTAL_FORMS", "1000")], &rows].concat();
    ada.post(&format!("{QUESTIONS}add/"), &fields).expect(303);
    assert_eq!(app.count("polls_choice"), 1003);
}

fn a_row_is_written_once_however_often_it_is_posted(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let id = poll.value(0);
    let whole = [("question_text", "Why?"), ("pub_date_0", "2026-03-01"), ("pub_date_1", "09:00")];
    let twice = [
        ("choice_set-TOTAL_FORMS", "2"),
        ("choice_set-0-id", id.as_str()),
        ("choice_set-0-DELETE", "on"),
        ("choice_set-1-id", id.as_str()),
        ("choice_set-1-choice_text", "x"),
    ];
    let page = ada.post(&form_of(&poll), &[&whole[..], &twice].concat()).expect(200).html();
    assert_eq!(page.count("[id='id_choice_set-1_errors'] li"), 1);
    assert_eq!(app.count("polls_choice"), 3);
    let twice = [&twice[..], &[("choice_set-1-DELETE", "on")]].concat();
    ada.post(&form_of(&poll), &[&whole[..], &twice].concat()).expect(303);
    assert_eq!(app.count("polls_choice"), 2);
    for odd in ["-1", "x", "", "99999999999999999999"] {
        let rows =
            [("choice_set-TOTAL_FORMS", odd), ("choice_set-INITIAL_FORMS", odd), ("choice_set-__prefix__-id", "1")];
        ada.post(&form_of(&poll), &[&whole[..], &rows].concat()).expect(303);
    }
    assert_eq!(app.count("polls_choice"), 2);
}

/// More than SQLite and MariaDB let a query name.
fn forty_thousand_objects_are_exported_and_not_chosen_one_by_one(app: &TestApp) {
    let ada = app.administrator("ada");
    for thousand in 0..40 {
        let rows: Vec<_> =
            (0..1000).map(|row| format!("('Question {thousand} {row}', '2026-03-01 00:00:00')")).collect();
        app.execute(&format!("INSERT INTO polls_question (question_text, pub_date) VALUES {}", rows.join(", ")));
    }
    let across = [("action", "export_csv"), ("select_across", "1")];
    assert_eq!(ada.post(QUESTIONS, &across).expect(200).text().lines().count(), 40_001);
    let ids: Vec<_> = (1..=40_000).map(|id: u32| id.to_string()).collect();
    let chosen: Vec<_> = ids.iter().map(|id| ("_selected_action", id.as_str())).collect();
    for action in ["export_csv", "close_now", "delete_selected"] {
        ada.post(QUESTIONS, &[&[("action", action)], &chosen[..]].concat()).expect(400);
    }
    // More than its page could post is not asked about.
    ada.post(QUESTIONS, &[("action", "delete_selected"), ("select_across", "1")]).expect(303);
    assert!(ada.messages()[0].starts_with("More than 10,000 objects at once cannot be deleted."));
    let page = ada.get(QUESTIONS).expect(200).html();
    assert_eq!(page.count("#result_list tbody tr"), 100);
    ada.post(QUESTIONS, &[&[("action", "export_csv")], &chosen[..10_000]].concat()).expect(200);
}

fn a_form_of_ten_megabytes_is_refused(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let huge = "x".repeat(10_000_000);
    for (list, field) in [(QUESTIONS, "question_text"), (CHOICES, "choice_text"), (BOOKMARKS, "title")] {
        for path in [format!("{list}add/"), change(list, 1), list.to_owned()] {
            let page = ada.post(&path, &[(field, &huge)]).expect(413).html();
            assert!(!page.text("h1").is_empty());
        }
    }
    ada.post("/admin/undo/1/", &[("also", &huge)]).expect(413);
    assert_eq!(app.count("django_admin_log"), 0);
    ada.submit(&form_of(&poll), &[("question_text", "Why?")]).expect(303);
}

fn a_write_that_another_site_sends_is_refused(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let bookmark = app.bookmark(None, "https://example.com/");
    ada.submit(&form_of(&poll), &[("question_text", "Why?")]).expect(303);
    let posts = [
        (format!("{BOOKMARKS}add/"), vec![("title", "Evil"), ("url", "https://evil.example/")]),
        (change(BOOKMARKS, bookmark), vec![("title", "Evil"), ("url", "https://evil.example/")]),
        (delete(BOOKMARKS, bookmark), vec![("post", "yes")]),
        (delete(QUESTIONS, poll.id), vec![("post", "yes")]),
        (QUESTIONS.to_owned(), vec![("action", "close_now"), ("select_across", "1")]),
        (QUESTIONS.to_owned(), vec![("action", "export_csv"), ("select_across", "1")]),
        ("/admin/undo/1/".to_owned(), Vec::new()),
        ("/admin/logout/".to_owned(), Vec::new()),
    ];
    for (path, fields) in &posts {
        for (header, value) in
            [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")]
        {
            let page = ada.send(app.post(path).form(fields).header(header, value)).expect(403);
            assert!(!page.html().text("h1").is_empty(), "{path}");
        }
    }
    let refused = app.log.wait_for_lines(3 * posts.len(), "Refused a write from another site");
    assert!(refused.iter().all(|line| line.contains("polls.security")));
    assert_eq!(refused.len(), 3 * posts.len());
    assert!(ada.is_logged_in());
    assert_eq!(app.count("django_admin_log"), 1);
    assert_eq!(app.count("polls_question WHERE close_date IS NULL AND question_text = 'Why?'"), 1);
}

fn the_way_back_to_a_list_stays_on_that_list(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    for (filters, kept) in [
        ("https%3A%2F%2Fevil.example%2F", "https%3A%2F%2Fevil.example%2F="),
        ("q%3D%0D%0ASet-Cookie%3A%20a%3Db", "q=%0D%0ASet-Cookie%3A+a%3Db"),
        ("%23q", "%23q="),
        ("q%3D%22%3E%3Cscript%3E", "q=%22%3E%3Cscript%3E"),
        ("q%3D%00%FF", "q=%00%EF%BF%BD"),
    ] {
        let path = format!("{}?_changelist_filters={filters}", form_of(&poll));
        let page = ada.get(&path).expect(200).html();
        assert_eq!(page.count("script:not([src])"), 0);
        let response = ada.submit(&path, &[("question_text", "Why?")]).expect(303);
        assert_eq!(response.location(), format!("{QUESTIONS}?{kept}"));
        assert_eq!(response.headers("set-cookie").iter().filter(|cookie| cookie.starts_with("a=")).count(), 0);
    }
}
