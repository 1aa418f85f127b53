//! What people type wrong is said where it is wrong, and what they typed is still there.

use std::sync::LazyLock;

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept),
        on_sqlite(of_a_date_and_a_time_only_what_is_wrong_is_marked),
        on_every_database(a_choice_row_needs_a_text_and_an_empty_one_is_none),
        on_every_database(rows_that_somebody_deleted_meanwhile_are_named),
        on_every_database(an_object_that_is_gone_is_said_to_be_and_what_was_typed_is_kept),
        on_every_database(a_form_that_is_sent_without_a_session_comes_back_to_be_sent_again),
        on_every_database(an_action_on_nothing_does_nothing_and_says_so),
        on_every_database(what_a_list_cannot_be_asked_is_said),
        on_every_database(two_who_add_the_same_address_at_once_both_hear_of_it),
    ]
}

const REQUIRED: &str = "This field is required.";
const DATE: &str = "Enter a valid date, such as 2026-03-01.";
const TIME: &str = "Enter a valid time, such as 09:30.";
const LONG_200: &str = "Ensure this value has at most 200 characters.";
const LONG_100: &str = "Ensure this value has at most 100 characters.";
const CHOICE: &str = "Select a valid choice. That choice is not one of the available choices.";
const ADDRESS: &str = "Enter a valid web address that begins with http:// or https://.";
const NULL: &str = "Null characters are not allowed.";
const DUPLICATE: &str = "Bookmark with this URL already exists.";

static LONG: LazyLock<String> = LazyLock::new(|| "가".repeat(201));
static LONG_ADDRESS: LazyLock<String> = LazyLock::new(|| format!("https://example.com/{}", "x".repeat(181)));

/// List, the field that is wrong, what is typed, the id of the error, and what it says.
fn mistakes() -> Vec<(&'static str, &'static str, &'static str, &'static str, &'static str)> {
    vec![
        (QUESTIONS, "question_text", &LONG, "id_question_text_error", LONG_200),
        (QUESTIONS, "question_text", "   ", "id_question_text_error", REQUIRED),
        (QUESTIONS, "question_text", "a\0b", "id_question_text_error", NULL),
        (QUESTIONS, "pub_date_0", "", "id_pub_date_error", DATE),
        (QUESTIONS, "pub_date_0", "2026-02-30", "id_pub_date_error", DATE),
        (QUESTIONS, "pub_date_0", "tomorrow", "id_pub_date_error", DATE),
        (QUESTIONS, "pub_date_0", "0001-01-01", "id_pub_date_error", DATE),
        (QUESTIONS, "pub_date_1", "12:34:60", "id_pub_date_error", TIME),
        (QUESTIONS, "pub_date_0", "99999-01-01", "id_pub_date_error", DATE),
        (QUESTIONS, "pub_date_1", "25:00", "id_pub_date_error", TIME),
        (QUESTIONS, "pub_date_1", "'; DROP TABLE polls_question; --", "id_pub_date_error", TIME),
        (QUESTIONS, "close_date_0", "32", "id_close_date_error", DATE),
        (
            QUESTIONS,
            "close_date_0",
            "2026-02-28",
            "id_close_date_error",
            "The closing date must be after the date published.",
        ),
        (QUESTIONS, "choice_set-0-choice_text", &LONG, "id_choice_set-0-choice_text_error", LONG_200),
        (CHOICES, "choice_text", &LONG, "id_choice_text_error", LONG_200),
        (CHOICES, "choice_text", "", "id_choice_text_error", REQUIRED),
        (CHOICES, "question", "", "id_question_error", REQUIRED),
        (CHOICES, "question", "999999", "id_question_error", CHOICE),
        (CHOICES, "question", "x", "id_question_error", CHOICE),
        (BOOKMARKS, "title", &LONG, "id_title_error", LONG_100),
        (BOOKMARKS, "url", &LONG_ADDRESS, "id_url_error", LONG_200),
        (BOOKMARKS, "url", "", "id_url_error", REQUIRED),
        (BOOKMARKS, "url", "https://taken.example/", "id_url_error", DUPLICATE),
        (BOOKMARKS, "url", "javascript:alert(1)", "id_url_error", ADDRESS),
        (BOOKMARKS, "url", "javascript://example.com/%0aalert(1)", "id_url_error", ADDRESS),
        (BOOKMARKS, "url", "JaVaScRiPt:alert(1)", "id_url_error", ADDRESS),
        (BOOKMARKS, "url", "data:text/html,<script>alert(1)</script>", "id_url_error", ADDRESS),
        (BOOKMARKS, "url", "vbscript:x", "id_url_error", ADDRESS),
        (BOOKMARKS, "url", "http://[::1/", "id_url_error", ADDRESS),
        (BOOKMARKS, "url", "example", "id_url_error", ADDRESS),
    ]
}

fn what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(app: &TestApp) {
    let (ada, poll, bookmark) =
        (app.administrator("ada"), app.poll(), app.bookmark(Some("Own"), "https://own.example/"));
    app.bookmark(None, "https://taken.example/");
    let question = poll.id.to_string();
    let right = |list: &str| match list {
        QUESTIONS => vec![
            ("question_text", "Why?"),
            ("pub_date_0", "2026-03-01"),
            ("pub_date_1", "09:00"),
            ("close_date_0", ""),
            ("close_date_1", "10:00"),
            ("choice_set-TOTAL_FORMS", "2"),
            ("choice_set-0-choice_text", "Because"),
            ("choice_set-1-choice_text", "None"),
        ],
        CHOICES => vec![("question", question.as_str()), ("choice_text", "Perhaps")],
        _ => vec![("title", "Title"), ("url", "https://example.com/")],
    };
    let counts = || (app.count("polls_question"), app.count("polls_choice"), app.count("bookmark_bookmark"));
    let (before, written) = (counts(), app.count("django_admin_log"));
    for (list, field, wrong, id, message) in mistakes() {
        let mut fields = right(list);
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, value)| *value = wrong);
        if !field.starts_with("close_date") {
            fields.iter_mut().filter(|(name, _)| *name == "close_date_1").for_each(|(_, value)| *value = "");
        }
        let pk = if list == BOOKMARKS {
            bookmark
        } else if list == CHOICES {
            poll.choices[0]
        } else {
            poll.id
        };
        for path in [format!("{list}add/"), change(list, pk)] {
            let page = ada.post(&path, &fields).expect(200).html();
            assert_eq!(page.texts(&format!("[id='{id}'] li")), [message], "{path} {field}={wrong}");
            let described = page.attributes(&format!("[aria-invalid=true][aria-describedby~='{id}']"), "name");
            let (field_name, described) = (field.trim_end_matches("_0").trim_end_matches("_1"), described.join(" "));
            assert!(described.starts_with(field_name), "{path} {field}: {described}");
            assert!(page.text("title").starts_with("Error:"), "{path} {field}");
            // A folded fieldset opens where something is wrong in it.
            assert_eq!(page.count("details.collapse[open]") > 0, field.contains("_date_"), "{path} {field}");
            for (name, value) in fields.iter().filter(|(name, _)| !name.ends_with("TOTAL_FORMS")) {
                let kept = page.fields("#change-form").into_iter().find(|(known, _)| known == name);
                let expected =
                    if *name == "question" && !matches!(*value, "999999" | "x") { Some(*value) } else { None };
                let expected = if *name == "question" { expected } else { Some(*value) };
                let expected = expected.map(|value| value.replace('\0', "\u{fffd}")).unwrap_or_default();
                assert_eq!(kept.map(|(_, kept)| kept).unwrap_or_default(), expected, "{path} {field}: {name}");
            }
        }
    }
    assert_eq!((counts(), app.count("django_admin_log")), (before, written), "nothing was written");
}

fn of_a_date_and_a_time_only_what_is_wrong_is_marked(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let both = "Enter a valid date, such as 2026-03-01, and a valid time, such as 09:30.";
    for (date, time, marked, said) in [
        ("soon", "09:00", vec!["pub_date_0"], DATE),
        ("2026-03-01", "noon", vec!["pub_date_1"], TIME),
        ("soon", "noon", vec!["pub_date_0", "pub_date_1"], both),
        ("", "", vec!["pub_date_0", "pub_date_1"], REQUIRED),
    ] {
        let page = ada.submit(&form_of(&poll), &[("pub_date_0", date), ("pub_date_1", time)]).expect(200).html();
        assert_eq!(page.attributes("[aria-invalid=true]", "name"), marked, "{date} {time}");
        assert_eq!(page.texts("#id_pub_date_error li"), [said], "{date} {time}");
    }
}

fn a_choice_row_needs_a_text_and_an_empty_one_is_none(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let page = ada.submit(&form_of(&poll), &[("choice_set-1-choice_text", " "), ("choice_set-4-choice_text", "New")]);
    let page = page.expect(200).html();
    assert_eq!(page.texts("[id='id_choice_set-1-choice_text_error'] li"), [REQUIRED]);
    assert_eq!(page.count(".errorlist"), 1);
    let kept = |row: usize| page.attribute(&format!("[name=choice_set-{row}-choice_text]"), "value");
    let kept: Vec<_> = (0..6).map(|row| kept(row).unwrap_or_default()).collect();
    assert_eq!(kept, ["Not much", " ", "Just hacking again", "", "New", ""]);
    assert_eq!(app.count("polls_choice"), 3);
    ada.submit(&form_of(&poll), &[("choice_set-4-choice_text", "New")]).expect(303);
    assert_eq!((app.count("polls_choice"), app.count("polls_choice WHERE choice_text = ''")), (4, 0));
}

fn rows_that_somebody_deleted_meanwhile_are_named(app: &TestApp) {
    let (ada, bea, poll) = (app.administrator("ada"), app.administrator("bea"), app.poll());
    let path = form_of(&poll);
    let gone = ["Somebody has deleted this row meanwhile. Save again to add it anew, or empty it to go on without it."];
    let opened = ada.get(&path).expect(200).html();
    bea.submit(&path, &[("choice_set-0-DELETE", "on"), ("choice_set-2-DELETE", "on")]).expect(303);
    let typed = [("question_text", "Why?"), ("choice_set-0-choice_text", "Mine"), ("choice_set-3-choice_text", "New")];
    let page = ada.submit_page(&path, &opened, &typed).expect(200).html();
    for row in [0, 2] {
        assert_eq!(page.texts(&format!("[id='id_choice_set-{row}_errors'] li")), gone, "{row}");
    }
    let texts: Vec<_> = page.attributes("tbody [name$=choice_text]", "value");
    assert_eq!(texts[..4], ["Mine", "The sky", "Just hacking again", "New"]);
    assert_eq!(page.attribute("#id_question_text", "value").as_deref(), Some("Why?"));
    assert_eq!(app.count("polls_choice"), 1);
    // One is added anew, one is done without.
    ada.submit_page(&path, &page, &[("choice_set-2-choice_text", "")]).expect(303);
    let texts = ada.get(&path).expect(200).html().attributes("tbody [name$=choice_text]", "value");
    assert_eq!(texts[..4], ["The sky", "Mine", "New", ""]);
    // A script's post hears the same; marked for deletion it is what was wanted, and a row of another question is none.
    let (first, other) = (poll.value(0), app.poll());
    for id in [&first, &other.value(0), &"9".repeat(30)] {
        let row = [("choice_set-TOTAL_FORMS", "1"), ("choice_set-0-id", id), ("choice_set-0-choice_text", "x")];
        let question = [("question_text", "Why?"), ("pub_date_0", "2026-03-01"), ("pub_date_1", "09:00")];
        let fields = [&question[..], &row].concat();
        if *id == "9".repeat(30) {
            ada.post(&path, &fields).expect(303);
            continue;
        }
        assert_eq!(ada.post(&path, &fields).expect(200).html().texts("[id='id_choice_set-0_errors'] li"), gone);
        ada.post(&path, &[&fields[..], &[("choice_set-0-DELETE", "on")]].concat()).expect(303);
    }
    assert_eq!(app.totals(&other), [0, 0, 0], "the other question's choices are all there");
}

fn an_object_that_is_gone_is_said_to_be_and_what_was_typed_is_kept(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let said = "Somebody has deleted this object meanwhile. Nothing of yours is saved yet: save again to add it anew with \
                what you typed.";
    let other = app.poll().id.to_string();
    let bookmark = app.bookmark(None, "https://example.com/");
    let forms = [
        (CHOICES, poll.choices[0], vec![("question", other.as_str()), ("choice_text", "Typed")], "choice_text"),
        (QUESTIONS, poll.id, vec![("question_text", "Typed"), ("choice_set-0-choice_text", "Row")], "question_text"),
        (BOOKMARKS, bookmark, vec![("title", "Typed"), ("url", "https://typed.example/")], "title"),
    ];
    for (list, pk, typed, named) in forms {
        let path = change(list, pk);
        let opened = ada.get(&path).expect(200).html();
        ada.post(&delete(list, pk), &[("post", "yes")]).expect(303);
        ada.messages();
        for gone in [&path, &delete(list, pk), &format!("{list}{pk}/history/"), &format!("{list}0/change/")] {
            ada.get(gone).expect(404);
        }
        for odd in ["abc", "-1", "99999999999999999999", "1%00", "%F0%9F%A6%80"] {
            ada.get(&format!("{list}{odd}/change/")).expect(404);
        }
        ada.post(&delete(list, pk), &[("post", "yes")]).expect(404);
        let page = ada.submit_page(&path, &opened, &typed).expect(404).html();
        assert_eq!(page.texts("#form_errors li"), [said], "{list}");
        for (name, value) in &typed {
            let kept = page.fields("#change-form").into_iter().find(|(known, _)| known == name);
            assert_eq!(kept.map(|(_, kept)| kept).as_deref(), Some(*value), "{list} {name}");
        }
        // Saved again it is there again, as another object.
        let add = page.attribute("#change-form", "action").expect("it leads elsewhere");
        ada.submit_page(&add, &page, &[]).expect(303);
        assert_eq!(app.count(&format!("{} WHERE {named} = 'Typed'", table(list))), 1, "{list}");
    }
    assert_eq!(app.count("polls_choice WHERE choice_text = 'Row'"), 1);
    // Who may not add is told, and can read what he typed.
    app.user("cy").staff().may("bookmark.change_bookmark").create();
    let page =
        app.logged_in("cy").post(&change(BOOKMARKS, 999), &[("url", "https://typed.example/new")]).expect(404).html();
    let said = "Somebody has deleted this object meanwhile. Nothing of yours is saved.";
    assert_eq!(page.texts("#form_errors li"), [said]);
    assert!(page.text("#change-form").contains("https://typed.example/new"));
    assert_eq!(page.count("[name=_save]"), 0);
}

fn a_form_that_is_sent_without_a_session_comes_back_to_be_sent_again(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let path = form_of(&poll);
    let text = "Why \"<b>\" & 왜?";
    let opened = ada.get(&path).expect(200).html();
    let stranger = app.person();
    let page = stranger.submit_page(&path, &opened, &[("question_text", text), ("choice_set-3-choice_text", "New")]);
    let page = page.expect(403).html();
    assert_eq!(page.text("h1"), "Please log in again");
    assert_eq!(page.attribute("#session-lost-form a", "href").as_deref(), Some("/admin/login/"));
    assert_eq!(app.count("django_admin_log") + app.count("polls_choice WHERE choice_text = 'New'"), 0);
    // Logged in again, the same browser sends it again.
    let fields = page.fields("#session-lost-form");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(fields.contains(&("question_text", text)));
    app.logged_in("ada").post(&path, &fields).expect(303);
    assert_eq!(app.count("polls_choice WHERE choice_text = 'New'"), 1);
    // Passwords are not written into a page.
    let user = [("username", "bea"), ("usable_password", "true"), ("password1", "secret 1"), ("password2", "secret 1")];
    let page = stranger.post("/admin/auth/user/add/", &user).expect(403).html();
    let kept = page.fields("#session-lost-form");
    assert_eq!(kept.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["username", "usable_password"]);
    assert!(page.text("main").contains("Passwords are left out."));
    // Nothing of a forged post is repeated.
    let forged = app.post(&path).form(&fields).header("Origin", "https://evil.example").expect(403).html();
    assert_eq!((forged.count("#session-lost-form"), forged.count("[value*=Why]")), (0, 0));
    // What only asks for a page is sent to the login.
    app.person().get(&path).expect(302);
}

fn table(list: &str) -> &'static str {
    match list {
        QUESTIONS => "polls_question",
        CHOICES => "polls_choice",
        _ => "bookmark_bookmark",
    }
}

fn an_action_on_nothing_does_nothing_and_says_so(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    app.bookmark(None, "https://example.com/");
    let nothing = "Items must be selected in order to perform actions on them. No items have been changed.";
    let gone = "What you selected is no longer there. Nothing has been changed.";
    for list in [QUESTIONS, CHOICES, BOOKMARKS] {
        let said = |fields: &[(&str, &str)]| {
            assert_eq!(ada.post(&format!("{list}?q=a"), fields).expect(303).location(), format!("{list}?q=a"));
            ada.messages()
        };
        assert_eq!(said(&[("_selected_action", "1")]), ["No action selected."]);
        assert_eq!(said(&[("action", ""), ("_selected_action", "1")]), ["No action selected."]);
        for action in ["delete_selected", "export_csv", "export_json"] {
            assert_eq!(said(&[("action", action)]), [nothing]);
            assert_eq!(said(&[("action", action), ("_selected_action", "x"), ("select_across", "0")]), [nothing]);
        }
        assert_eq!(said(&[("action", "delete_selected"), ("_selected_action", "9999")]), [gone]);
        assert_eq!(said(&[("action", "delete_selected"), ("_selected_action", "9999"), ("post", "yes")]), [gone]);
        ada.post(list, &[("action", "drop_tables"), ("_selected_action", "1")]).expect(400);
    }
    for action in ["publish_now", "close_now"] {
        ada.post(QUESTIONS, &[("action", action), ("_selected_action", "9999")]).expect(303);
        assert_eq!(ada.messages(), [gone]);
        ada.post(BOOKMARKS, &[("action", action), ("_selected_action", "1")]).expect(400);
    }
    // Of several, those that are left.
    let fields = [("action", "delete_selected"), ("post", "yes"), ("_selected_action", "9999")];
    let question = poll.id.to_string();
    ada.post(QUESTIONS, &[&fields[..], &[("_selected_action", question.as_str())]].concat()).expect(303);
    assert_eq!(ada.messages(), ["Successfully deleted 1 object."]);
    assert_eq!(app.count("django_admin_log"), 1);
}

fn what_a_list_cannot_be_asked_is_said(app: &TestApp) {
    let ada = app.administrator("ada");
    app.poll();
    app.bookmark(None, "https://example.com/");
    let said = ["This list cannot be filtered or sorted in that way, so all of it is shown."];
    for (list, query) in [
        (QUESTIONS, "color=red"),
        (QUESTIONS, "pub_date=yesterday"),
        (QUESTIONS, "state=open&state=ajar"),
        (QUESTIONS, "pub_date__year=x"),
        (QUESTIONS, "pub_date__year=2026&pub_date__month=13"),
        (QUESTIONS, "pub_date__year=2026&pub_date__month=2&pub_date__day=30"),
        (QUESTIONS, "pub_date__year=99999"),
        (QUESTIONS, "pub_date__century=21"),
        (QUESTIONS, "password__startswith=pbkdf2"),
        (QUESTIONS, "o=99"),
        (QUESTIONS, "o=1.x"),
        (QUESTIONS, "o=0"),
        (QUESTIONS, "o=--1"),
        (QUESTIONS, "o=4"),
        (CHOICES, "question__id__exact=x"),
        (CHOICES, "question__question_text=x"),
        (BOOKMARKS, "title=x"),
        (BOOKMARKS, "%00=%00"),
        ("/admin/auth/user/", "groups__isnull=perhaps"),
        ("/admin/auth/user/", "password__contains=argon2"),
    ] {
        let response = ada.get(&format!("{list}?{query}")).expect(303);
        assert_eq!(response.location(), format!("{list}?e=1"), "{query}");
        let page = ada.get(response.location()).expect(200).html();
        assert_eq!(page.texts(".messagelist li"), said, "{query}");
        assert!(page.count("#result_list tbody tr") > 0, "{query}");
    }
    // A page that is not there is the nearest that is, and a search may be anything.
    let queries = [
        "p=0",
        "p=-1",
        "p=1000000000",
        "p=99999999999999999999",
        "p=x",
        "q=%00",
        "q=%25",
        "q=%27",
        "q=%5C",
        "all=",
        "e=1",
    ];
    for list in [QUESTIONS, CHOICES, BOOKMARKS] {
        for query in queries {
            ada.get(&format!("{list}?{query}")).expect(200);
        }
    }
    let words = "a ".repeat(2000);
    ada.get(&format!("{QUESTIONS}?q={}", words.replace(' ', "+"))).expect(200);
}

/// Each finds the address free, and one of them is right.
fn two_who_add_the_same_address_at_once_both_hear_of_it(app: &TestApp) {
    let ada = app.administrator("ada");
    let key = ada.session().expect("a session");
    for round in 0..5 {
        let url = format!("https://example.com/{round}");
        let post = || {
            let request = app.post(&format!("{BOOKMARKS}add/")).header("Cookie", format!("sessionid={key}"));
            request.form(&[("title", "x"), ("url", &url)]).send()
        };
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(post)).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        let (saved, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 303);
        assert_eq!((saved.len(), refused.len()), (1, 5));
        for answer in refused {
            assert_eq!(answer.expect(200).html().texts("#id_url_error li"), [DUPLICATE]);
        }
    }
}
