//! Who may do what: staff alone, by Django's permissions.

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(each_permission_opens_its_own_pages),
        on_every_database(a_permission_that_is_lacking_is_a_page_and_not_a_login),
        on_every_database(who_is_no_staff_is_asked_for_another_account),
        on_every_database(who_may_only_view_reads),
        on_every_database(rows_have_permissions_of_their_own),
        on_every_database(what_goes_along_needs_its_permission_too),
        on_sqlite(a_history_tells_of_rows_to_who_may_see_them),
    ]
}

/// Statuses of GET list, add, change, delete, history, and of POST add, change, delete, by permission.
const MATRIX: [(&str, [u16; 8]); 5] = [
    ("view", [200, 403, 200, 403, 200, 403, 403, 403]),
    ("add", [403, 200, 403, 403, 403, 303, 403, 403]),
    ("change", [200, 403, 200, 403, 200, 403, 303, 403]),
    ("delete", [403, 403, 403, 200, 403, 403, 403, 303]),
    ("", [403, 403, 403, 403, 403, 403, 403, 403]),
];

fn each_permission_opens_its_own_pages(app: &TestApp) {
    let models = [(QUESTIONS, "polls", "question"), (CHOICES, "polls", "choice"), (BOOKMARKS, "bookmark", "bookmark")];
    for (list, app_label, model) in models {
        for (action, expected) in MATRIX {
            let name = format!("{model}-{action}");
            let permission = format!("{app_label}.{action}_{model}");
            let user = app.user(&name).staff();
            if action.is_empty() {
                user.create()
            } else {
                user.may(&permission).create()
            };
            let person = app.logged_in(&name);
            let poll = app.question("Why?").create();
            let other = app.question("Other").choices(["One"]).create();
            let (pk, question, url) = match model {
                "question" => (poll.id, String::new(), String::new()),
                "choice" => (other.choices[0], other.id.to_string(), String::new()),
                _ => (
                    app.bookmark(None, &format!("https://{name}.example/")),
                    String::new(),
                    format!("https://{name}.example/2"),
                ),
            };
            let fields = match model {
                "question" => vec![("question_text", "New"), ("pub_date_0", "2026-03-01"), ("pub_date_1", "09:00")],
                "choice" => vec![("question", question.as_str()), ("choice_text", "New")],
                _ => vec![("title", "New"), ("url", url.as_str())],
            };
            let get = |path: String| person.get(&path).status;
            let add = format!("{list}add/");
            let statuses = [
                get(list.to_owned()),
                get(add.clone()),
                get(change(list, pk)),
                get(delete(list, pk)),
                get(format!("{list}{pk}/history/")),
                person.post(&add, &fields).status,
                person
                    .post(
                        &change(list, pk),
                        &fields
                            .iter()
                            .map(|(name, value)| {
                                (*name, if *value == url { "https://changed.example/" } else { *value })
                            })
                            .collect::<Vec<_>>(),
                    )
                    .status,
                person.post(&delete(list, pk), &[("post", "yes")]).status,
            ];
            assert_eq!(statuses, expected, "{permission}");
            // The first page offers what is allowed, and nothing else.
            let page = person.get("/admin/").expect(200).html();
            let links = |class: &str| page.count(&format!("#content-main .model-{model} .{class}"));
            let offered = (links("addlink"), links("changelink"), links("viewlink"));
            let expected = match action {
                "add" => (1, 0, 0),
                "change" => (0, 1, 0),
                "view" => (0, 0, 1),
                _ => (0, 0, 0),
            };
            assert_eq!(offered, expected, "{permission}");
            // Once it is written they are led to a page that they may see.
            if matches!(action, "add" | "delete") {
                assert!(person.get("/admin/").status == 200);
            }
        }
    }
    // An account with every one of them is led from page to page without a 403.
    app.user("adder").staff().may("bookmark.add_bookmark").create();
    let adder = app.logged_in("adder");
    for button in ["_save", "_continue", "_addanother"] {
        let url = format!("https://added.example/{button}");
        let location = adder.post(&format!("{BOOKMARKS}add/"), &[("url", &url), (button, "1")]).expect(303);
        adder.get(location.location()).expect(200);
    }
    app.user("deleter").staff().may("bookmark.delete_bookmark").create();
    let bookmark = app.bookmark(None, "https://deleted.example/");
    let deleter = app.logged_in("deleter");
    let location = deleter.post(&delete(BOOKMARKS, bookmark), &[("post", "yes")]).expect(303);
    deleter.get(location.location()).expect(200);
}

fn a_permission_that_is_lacking_is_a_page_and_not_a_login(app: &TestApp) {
    app.user("bea").staff().may("polls.view_question").create();
    let (bea, poll) = (app.logged_in("bea"), app.poll());
    let action = [("action", "close_now"), ("select_across", "1")];
    for (path, fields) in [
        (form_of(&poll), &[("question_text", "Typed")][..]),
        (delete(QUESTIONS, poll.id), &[("post", "yes")]),
        (QUESTIONS.to_owned(), &action),
        (QUESTIONS.to_owned(), &[("action", "delete_selected"), ("select_across", "1"), ("post", "yes")]),
        (format!("{BOOKMARKS}add/"), &[("url", "https://example.com/")]),
    ] {
        let response = bea.post(&path, fields).expect(403);
        assert_eq!(response.header("location"), None, "{path}");
        assert_eq!(response.header("cache-control"), Some("private, no-store"), "{path}");
        assert!(!response.html().text("h1").is_empty(), "{path}");
        assert!(bea.is_logged_in(), "{path}");
    }
    for permission in ["change_question", "delete_question", "add_bookmark"] {
        let line = app.log.wait_for(&format!("{permission}\""));
        assert!(line.contains("polls.security") && line.contains("user=\"bea\""), "{line}");
    }
    assert_eq!(app.count("polls_question WHERE close_date IS NULL"), 1);
    assert_eq!(app.count("django_admin_log"), 0);
}

fn who_is_no_staff_is_asked_for_another_account(app: &TestApp) {
    // Logged in as staff, and no longer staff.
    app.user("bea").staff().may("polls.change_question").create();
    let (bea, poll) = (app.logged_in("bea"), app.poll());
    app.execute("UPDATE auth_user SET is_staff = (1 = 0) WHERE username = 'bea'");
    for path in [QUESTIONS.to_owned(), form_of(&poll), delete(QUESTIONS, poll.id), "/admin/".to_owned()] {
        let location = bea.get(&path).expect(302).location().to_owned();
        assert!(location.starts_with("/admin/login/?next="), "{location}");
        let page = bea.get(&location).expect(200).html();
        assert!(page.text("main").contains("bea"), "{}", page.text("main"));
        let posted = bea.post(&path, &[("question_text", "x"), ("post", "yes"), ("action", "close_now")]);
        // A form comes back with what was typed; all else leads to the login.
        let refused = if path == form_of(&poll) { posted.status == 403 } else { matches!(posted.status, 302 | 405) };
        assert!(refused, "{path}: {}", posted.status);
    }
    bea.post("/admin/undo/1/", &[]).expect(302);
    assert!(app.log.wait_for("the user is not staff").contains("polls.security"));
    // Nobody at all.
    for path in [QUESTIONS, BOOKMARKS, CHOICES] {
        assert!(app.person().get(path).expect(302).location().starts_with("/admin/login/?next="));
        assert!(app.person().post(path, &[("action", "export_csv"), ("select_across", "1")]).status == 302);
    }
    assert_eq!(app.count("polls_question WHERE close_date IS NULL"), 1);
}

fn who_may_only_view_reads(app: &TestApp) {
    let rights = ["polls.view_question", "polls.view_choice", "bookmark.view_bookmark"];
    rights.iter().fold(app.user("bea").staff(), |user, right| user.may(right)).create();
    let (bea, poll, bookmark) = (app.logged_in("bea"), app.poll(), app.bookmark(Some("Rust"), "https://rust.example/"));
    for (list, pk, title) in [
        (QUESTIONS, poll.id, "View question"),
        (CHOICES, poll.choices[0], "View choice"),
        (BOOKMARKS, bookmark, "View bookmark"),
    ] {
        let page = bea.get(&change(list, pk)).expect(200).html();
        assert_eq!(page.text("h1"), title);
        let inputs = page.count("#change-form input:not([type=hidden]), #change-form select, #change-form textarea");
        assert_eq!((inputs, page.count("#change-form [name=_save], .deletelink, .addlink")), (0, 0), "{list}");
        assert_eq!(page.attribute(".closelink", "href").as_deref(), Some(list));
        assert_eq!(bea.get(list).expect(200).html().texts("[name=action] option").len(), 3, "nothing, and two exports");
    }
    let page = bea.get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.texts("#choice_set-group .field-choice_text"), ["Not much", "The sky", "Just hacking again"]);
}

fn rows_have_permissions_of_their_own(app: &TestApp) {
    let poll = app.poll();
    let opened = app.administrator("ada").get(&form_of(&poll)).expect(200).html();
    let typed = [
        ("choice_set-0-choice_text", "Changed"),
        ("choice_set-1-DELETE", "on"),
        ("choice_set-3-choice_text", "Added"),
        ("_version", ""),
    ];
    // Permission, and what the same post leaves of the choices.
    let all = ["Not much", "The sky", "Just hacking again"];
    let cases: [(&[&str], usize, usize, &[&str]); 6] = [
        (&[], 0, 0, &all),
        (&["view"], 3, 0, &all),
        (&["delete"], 0, 0, &all),
        (&["add"], 3, 0, &all),
        (&["change"], 3, 0, &["Changed", "The sky", "Just hacking again"]),
        (&["view", "delete"], 3, 3, &["Changed", "Just hacking again"]),
    ];
    for (rights, rows, boxes, left) in cases {
        let name = format!("bea-{}", rights.join("-"));
        let rights: Vec<_> = rights.iter().map(|right| format!("polls.{right}_choice")).collect();
        let user = app.user(&name).staff().may("polls.change_question");
        rights.iter().fold(user, |user, right| user.may(right)).create();
        let bea = app.logged_in(&name);
        let page = bea.get(&form_of(&poll)).expect(200).html();
        assert_eq!(page.count("#choice_set-group tbody tr.form-row"), rows, "{rights:?}");
        assert_eq!(page.count("#choice_set-group [name$=DELETE]"), boxes, "{rights:?}");
        // Whatever the page offers, somebody may post all of it.
        bea.submit_page(&form_of(&poll), &opened, &typed);
        let page = app.logged_in("ada").get(&form_of(&poll)).expect(200).html();
        let texts = page.attributes("#choice_set-group tbody tr.has_original [name$=choice_text]", "value");
        assert_eq!(texts, left, "{rights:?}");
    }
    let bea = app.logged_in("bea-add");
    bea.submit(&form_of(&poll), &[("choice_set-0-choice_text", "Added")]).expect(303);
    assert_eq!(app.count("polls_choice"), 3);
}

fn what_goes_along_needs_its_permission_too(app: &TestApp) {
    app.user("bea").staff().may("polls.delete_question").may("polls.view_question").create();
    let (bea, poll) = (app.logged_in("bea"), app.poll());
    let lacking = "polls.delete_choice";
    let path = delete(QUESTIONS, poll.id);
    // Named as the models are, under a title that asks nothing.
    let refuses = |page: &Html| {
        assert_eq!(
            (page.texts(".doomed li"), page.text("h1")),
            (vec!["choice".to_owned()], "Cannot delete question".into())
        );
        assert_eq!(page.count("form[method=post] [name=post]"), 0);
    };
    refuses(&bea.get(&path).expect(200).html());
    let pk = poll.id.to_string();
    let chosen = [("action", "delete_selected"), ("_selected_action", pk.as_str())];
    refuses(&bea.post(QUESTIONS, &chosen).expect(200).html());
    bea.post(&path, &[("post", "yes")]).expect(403);
    bea.post(QUESTIONS, &[&chosen[..], &[("post", "yes")]].concat()).expect(403);
    assert!(app.log.wait_for(&format!("permission=\"{lacking}\"")).contains("polls.security"));
    assert_eq!(app.totals(&poll).len(), 3);
    let alone = app.question("Alone").create();
    bea.post(&delete(QUESTIONS, alone.id), &[("post", "yes")]).expect(303);
}

fn a_history_tells_of_rows_to_who_may_see_them(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    ada.submit(&form_of(&poll), &[("question_text", "Why?"), ("choice_set-0-choice_text", "Changed")]).expect(303);
    ada.submit(&form_of(&poll), &[("choice_set-1-choice_text", "Secret"), ("choice_set-2-DELETE", "on")]).expect(303);
    app.user("bea").staff().may("polls.view_question").create();
    app.user("cy").staff().may("polls.view_question").may("polls.view_choice").create();
    for (name, told) in [("bea", &["Why?"][..]), ("cy", &["Secret", "–", "Why?", "Changed"])] {
        let page = app.logged_in(name).get(&format!("{QUESTIONS}{}/history/", poll.id)).expect(200).html();
        let after: Vec<_> = page.texts("ins").iter().map(|text| text.replace("to ", "")).collect();
        assert_eq!(after, told, "{name}");
        for hidden in ["Not much", "Secret", "Just hacking"] {
            assert_eq!(page.text("#change-history").contains(hidden), name == "cy", "{hidden}");
        }
    }
}
