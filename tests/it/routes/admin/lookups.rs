//! Addresses that ask a list in Django's notation, as bookmarks made in its admin do.

use chrono::TimeDelta;

use super::{BOOKMARKS, CHOICES, QUESTIONS, change};
use crate::support::*;

const USERS: &str = "/admin/auth/user/";
const LOG: &str = "/admin/admin/logentry/";

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(dates_narrow_a_list_from_when_and_until_when),
        on_every_database(dates_narrow_what_is_chosen_counted_and_exported),
        on_every_database(a_filter_has_as_many_spellings_as_in_django),
        on_every_database(objects_are_asked_for_by_their_ids),
        on_every_database(dates_beyond_2038_are_dates),
        on_every_database(dates_at_the_ends_of_the_calendar_are_asked_for_alike),
        on_every_database(a_bookmark_says_when_it_was_added),
    ]
}

/// The ids on a page of a list, as they come.
fn ids(person: &Person, list: &str, query: &str) -> Vec<String> {
    person.get(&format!("{list}?{query}")).expect(200).html().attributes("[name=_selected_action]", "value")
}

/// Questions of New Year's Eve, New Year, and March; the first of them closed at New Year in Seoul.
fn questions(app: &TestApp) {
    for (text, pub_date, close_date) in [
        ("Eve", "2025-12-31 14:59:59", "'2025-12-31 15:00:00'"),
        ("New year", "2025-12-31 15:00:00", "'2026-02-01 00:00:00'"),
        ("March", "2026-03-01 00:00:00.000001", "NULL"),
    ] {
        app.execute(&format!(
            "INSERT INTO polls_question (question_text, pub_date, close_date) VALUES ('{text}', '{pub_date}', {close_date})"
        ));
    }
}

fn dates_narrow_a_list_from_when_and_until_when(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let ada = app.administrator("ada");
    questions(&app);
    let day = "pub_date__gte=2026-01-01+00%3A00%3A00%2B09%3A00&pub_date__lt=2026-01-02+00%3A00%3A00%2B09%3A00";
    for (query, found) in [
        (day, &["2"][..]),
        ("pub_date__gte=2026-01-01", &["3", "2"]),
        ("pub_date__gte=2026-01-01T00:00:00Z", &["3"]),
        ("pub_date__gt=2026-01-01+00:00:00", &["3"]),
        ("pub_date__gt=2026-03-01T00:00Z", &["3"]),
        ("pub_date__lt=2026-01-01", &["1"]),
        ("pub_date__lte=2026-01-01", &["2", "1"]),
        ("pub_date__date=2026-03-01", &["3"]),
        ("pub_date__gte=2026-01-01&pub_date__gte=2026-02-01", &["3"]),
        ("close_date__isnull=True", &["3"]),
        ("close_date__isnull=False", &["2", "1"]),
        ("close_date__gt=2026-01-01", &["2"]),
        ("close_date__lte=2026-01-01&pub_date__lt=2026-01-01", &["1"]),
        ("pub_date__isnull=True", &[]),
        // Together with the way through the dates, and with the rest.
        ("pub_date__year=2026&pub_date__lt=2026-02-01", &["2"]),
        ("pub_date__year=2026&pub_date__month=1&pub_date__gte=2026-02-01", &[]),
        ("pub_date__gte=2026-01-01&o=1&q=a&state=open", &["3"]),
    ] {
        assert_eq!(ids(&ada, QUESTIONS, query), found, "{query}");
    }
    let page = ada.get(&format!("{QUESTIONS}?{day}&o=1&_facets=True")).expect(200).html();
    // The way through the dates goes on from there, and the filter is neither "All" nor added to.
    assert_eq!(page.attributes(".toplinks a", "href"), [format!("?{day}&o=1&_facets=True&pub_date__year=2026")]);
    let filter = "#changelist-filter details:first-of-type";
    assert_eq!(page.count(&format!("{filter} [aria-current]")), 0);
    let links = page.attributes(&format!("{filter} a"), "href");
    assert_eq!(links[..2], ["?o=1&_facets=True", "?o=1&_facets=True&pub_date=today"]);
    assert_eq!(page.text(&format!("{filter} li:last-child .count")), "(0)");
    assert_eq!(page.texts("#changelist-filter details:nth-of-type(2) .count"), ["(0)", "(1)", "(0)"]);
    assert_eq!(page.count("#changelist-filter-clear"), 1);
    // An edit leads back to the same.
    let link = page.attribute("#result_list tbody th a", "href").expect("a link");
    assert_eq!(ada.submit(&link, &[]).expect(303).location(), format!("{QUESTIONS}?{day}&o=1&_facets=True"));
    for query in ["pub_date__gte=", "pub_date__gte=x", "pub_date__gte=2026-02-30", "pub_date__regex=2", "votes__gt=1"] {
        assert_eq!(ada.get(&format!("{QUESTIONS}?{query}")).expect(303).location(), format!("{QUESTIONS}?e=1"));
    }
}

fn dates_narrow_what_is_chosen_counted_and_exported(app: &TestApp) {
    let ada = app.administrator("ada");
    questions(app);
    let list = format!("{QUESTIONS}?pub_date__gte=2025-12-31&pub_date__lt=2026-01-01");
    let across = |action| [("action", action), ("select_across", "1")];
    let exported = ada.post(&list, &across("export_json")).expect(200).json();
    assert_eq!(exported.as_array().map(Vec::len), Some(2));
    // What is chosen and not in the list is not meant.
    let page = ada.post(&list, &[("action", "delete_selected"), ("_selected_action", "1"), ("_selected_action", "3")]);
    assert_eq!(page.expect(200).html().attributes("[name=_selected_action]", "value"), ["1"]);
    let close = |query: &str| ada.post(&format!("{QUESTIONS}?{query}"), &across("close_now")).expect(303);
    assert_eq!(close("close_date__isnull=True").location(), format!("{QUESTIONS}?close_date__isnull=True"));
    assert_eq!(app.count("polls_question WHERE close_date IS NULL"), 0);
    ada.post(&list, &[&across("delete_selected")[..], &[("post", "yes")]].concat()).expect(303);
    assert_eq!((app.count("polls_question"), app.count("polls_question WHERE question_text = 'March'")), (1, 1));
}

fn a_filter_has_as_many_spellings_as_in_django(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.user("bea").create());
    let (first, second) = (app.poll(), app.poll());
    for key in ["question", "question__exact", "question__id", "question__pk__exact", "question__id__exact"] {
        assert_eq!(ids(&ada, CHOICES, &format!("{key}={}", second.id)).len(), 3, "{key}");
        assert_eq!(ids(&ada, CHOICES, &format!("{key}={}&o=1", first.id + 99)).len(), 0, "{key}");
        // On the page it is the filter that it is.
        let page = ada.get(&format!("{CHOICES}?{key}={}&q=a", first.id)).expect(200).html();
        // The first one is that of the question.
        let current = page.attributes("#changelist-filter [aria-current]", "href");
        assert_eq!(current[0], format!("?q=a&question__id__exact={}", first.id));
    }
    assert_eq!(ids(&ada, USERS, "is_staff=0"), [bea.to_string()]);
    ada.submit(&change(USERS, bea.into()), &[("first_name", "Bea")]).expect(303);
    assert_eq!(ids(&ada, LOG, "action_flag=2").len(), 1);
    assert_eq!(ids(&ada, LOG, &format!("user={bea}")).len(), 0);
    assert_eq!(ids(&ada, LOG, "action_time__gte=2026-01-01").len(), 1);
    assert_eq!(ids(&ada, LOG, "action_time__lt=2026-01-01").len(), 0);
    assert_eq!(ids(&ada, USERS, "last_login__isnull=True"), [bea.to_string()]);
}

fn objects_are_asked_for_by_their_ids(app: &TestApp) {
    let ada = app.administrator("ada");
    for text in ["a", "b", "c"] {
        app.question(text).published_ago(TimeDelta::days(1)).create();
        app.bookmark(Some(text), &format!("https://{text}.example/"));
    }
    for list in [QUESTIONS, BOOKMARKS] {
        for (query, found) in [
            ("id__exact=2", &["2"][..]),
            ("id=2", &["2"]),
            ("pk=3", &["3"]),
            ("id__in=1,3,99&o=1", &["1", "3"]),
            ("pk__in=1,2&id__in=2,3", &["2"]),
            ("id__in=1,2&q=b", &["2"]),
            ("id=99", &[]),
        ] {
            assert_eq!(ids(&ada, list, query), found, "{list} {query}");
        }
        let chosen = [("action", "export_json"), ("_selected_action", "1"), ("_selected_action", "2")];
        assert_eq!(ada.post(&format!("{list}?id__in=2,3"), &chosen).expect(200).json()[0]["id"], 2);
    }
    assert_eq!(ids(&ada, USERS, "id=1"), ["1"]);
    assert_eq!(ids(&ada, "/admin/auth/group/", "id__in=1,2"), [""; 0]);
}

/// MariaDB's TIMESTAMP ends in January 2038.
fn dates_beyond_2038_are_dates(app: &TestApp) {
    let ada = app.administrator("ada");
    let joined = [("username", "bea"), ("password1", "a quite long one"), ("password2", "a quite long one")];
    ada.post(&format!("{USERS}add/"), &joined).expect(303);
    let bea = change(USERS, 2);
    ada.submit(&bea, &[("date_joined_0", "2040-02-29"), ("date_joined_1", "12:00:00")]).expect(303);
    assert_eq!(ada.get(&bea).expect(200).html().attribute("#id_date_joined_0", "value").as_deref(), Some("2040-02-29"));
    assert_eq!(ids(&ada, USERS, "date_joined__gte=2039-01-01&date_joined__lt=2041-01-01"), ["2"]);
    assert_eq!(ids(&ada, USERS, "date_joined__lt=2041-01-01").len(), 2);
    app.execute("UPDATE django_admin_log SET action_time = '2040-02-29 12:00:00' WHERE id = 1");
    assert_eq!(ids(&ada, LOG, "action_time__year=2040&action_time__month=2"), ["1"]);
    assert_eq!(ids(&ada, LOG, "action_time__gt=2038-01-01"), ["1"]);
}

fn a_bookmark_says_when_it_was_added(app: &TestApp) {
    let ada = app.administrator("ada");
    app.bookmark(Some("Before"), "https://before.example/");
    ada.post(&format!("{BOOKMARKS}add/"), &[("title", "Now"), ("url", "https://now.example/")]).expect(303);
    app.execute("UPDATE bookmark_bookmark SET added_at = '2026-03-01 09:00:00' WHERE id = 2");
    app.execute("UPDATE django_admin_log SET action_time = '2026-03-01 09:00:00'");
    let shown = || ada.get(&format!("{BOOKMARKS}?o=3")).expect(200).html().texts("td.field-added_at");
    let mut expected = ["–", "March 1, 2026, 9:00 a.m."];
    if app.engine() == Engine::Postgres {
        expected.reverse();
    }
    assert_eq!(shown(), expected);
    assert_eq!(ids(&ada, BOOKMARKS, "added_at__gte=2026-03-01&added_at__lt=2026-03-02"), ["2"]);
    assert_eq!(ids(&ada, BOOKMARKS, "added_at__isnull=True"), ["1"]);
    // What is deleted and comes back was added when it was.
    for _ in 0..2 {
        for bookmark in [1, 2] {
            ada.post(&format!("{BOOKMARKS}{bookmark}/delete/"), &[("post", "yes")]).expect(303);
            ada.undo().expect(303);
            ada.messages();
        }
        assert_eq!(shown(), expected);
    }
}

/// Midnight of the first day in Seoul is a day of the year 0 in UTC, which PostgreSQL refuses; such a lookup is one
/// that cannot be read, as Django's list shows it.
fn dates_at_the_ends_of_the_calendar_are_asked_for_alike(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    app.user("ada").superuser().create();
    let ada = app.logged_in("ada");
    questions(&app);
    for lookup in ["gte", "gt", "lte", "lt", "exact", "date"] {
        for date in ["0001-01-01", "0001-01-02", "9999-12-31", "0000-12-31"] {
            let answer = ada.get(&format!("{QUESTIONS}?pub_date__{lookup}={date}"));
            assert!(matches!(answer.status, 200 | 303), "{lookup} {date}: {}", answer.status);
        }
    }
    assert_eq!(ids(&ada, QUESTIONS, "pub_date__gte=0001-01-02").len(), ids(&ada, QUESTIONS, "").len());
}
