//! HTML and script in every text field of every model is text on every page that shows it.

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_every_database(html_in_a_text_is_text_on_every_page_that_shows_it)]
}

const SCRIPT: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;</title></textarea>";
/// An address as Django may have let it in.
const ADDRESS: &str = "javascript:alert(1)//\"><script>alert(3)</script>";

/// The page has no element and no link of what was typed.
#[track_caller]
fn harmless(page: &Html, path: &str) {
    // The one link to a script is for the bar of the browser; the page's own policy does not let it run.
    let harmful = "script:not([src]), img[src=x], [onerror], [href^=javascript]:not(.bookmarklet)";
    assert_eq!(page.count(harmful), 0, "{path}");
    assert_eq!(page.count("title, svg title") - page.count("svg title"), 1, "{path}");
}

fn html_in_a_text_is_text_on_every_page_that_shows_it(app: &TestApp) {
    let ada = app.administrator("ada");
    let rows = [("choice_set-0-choice_text", SCRIPT), ("choice_set-1-choice_text", "Plain")];
    ada.submit(&format!("{QUESTIONS}add/"), &[&[("question_text", SCRIPT), ("voters", "open")], &rows[..]].concat())
        .expect(303);
    ada.post(&format!("{BOOKMARKS}add/"), &[("title", SCRIPT), ("url", "https://example.com/?'&amp;")]).expect(303);
    let (question, choice, bookmark) = (1, 1, 1);
    let address = app.bookmark(None, ADDRESS);
    ada.post("/admin/auth/group/add/", &[("name", SCRIPT)]).expect(303);
    let user = app.user("bea").staff().create();
    let names = [("first_name", SCRIPT), ("last_name", SCRIPT), ("is_staff", "on"), ("is_active", "on")];
    ada.submit(&change("/admin/auth/user/", user.into()), &names).expect(303);
    app.post(&format!("/polls/{question}/vote/")).form(&[("choice", "1")]).expect(303);
    // Changes, so that there is a history with values before and after.
    for (path, field) in [
        (change(QUESTIONS, question), "question_text"),
        (change(QUESTIONS, question), "choice_set-0-choice_text"),
        (change(CHOICES, choice), "choice_text"),
        (change(BOOKMARKS, bookmark), "title"),
        (change("/admin/auth/group/", 1), "name"),
    ] {
        ada.submit(&path, &[(field, &format!("{SCRIPT}2"))]).expect(303);
        let page = ada.get("/admin/").expect(200).html();
        harmless(&page, "a message");
        assert!(page.text(".messagelist li > span").contains("<script>alert(1)</script>"), "{path}");
    }
    let objects = [
        (QUESTIONS, question),
        (CHOICES, choice),
        (BOOKMARKS, bookmark),
        (BOOKMARKS, address),
        ("/admin/auth/group/", 1),
        ("/admin/auth/user/", i64::from(user)),
    ];
    let of_object = |(list, pk): &(&str, i64)| [change(list, *pk), delete(list, *pk), format!("{list}{pk}/history/")];
    let mut pages: Vec<_> = objects.iter().flat_map(of_object).collect();
    pages.extend(objects.iter().map(|(list, _)| (*list).to_owned()));
    pages.extend(
        [QUESTIONS, CHOICES, BOOKMARKS].map(|list| format!("{list}?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")),
    );
    pages.extend(["/admin/", "/admin/polls/", "/admin/admin/logentry/", "/admin/auth/user/add/"].map(str::to_owned));
    pages.extend([1, 2, 3, 5].map(|entry| format!("/admin/admin/logentry/{entry}/change/")));
    pages.extend(["/", "/polls/", "/polls/1/", "/polls/1/results/", "/bookmark/", "/bookmark/1/"].map(str::to_owned));
    pages.push(format!("/bookmark/{address}/"));
    pages.push(format!("{CHOICES}?question__id__exact={question}"));
    for path in &pages {
        let response = ada.get(path).expect(200);
        let (page, text) = (response.html(), response.text());
        harmless(&page, path);
        let shown = ["/admin/polls/", "/admin/auth/user/add/", "/", "/admin/auth/user/2/delete/"]
            .iter()
            .all(|without| path != without);
        assert!(!shown || text.contains("&#60;script&#62;alert(") || text.contains("&lt;script"), "{path}: {text}");
    }
    // What is typed and wrong is text as well.
    for (list, field) in [(QUESTIONS, "question_text"), (CHOICES, "choice_text"), (BOOKMARKS, "url")] {
        let long = SCRIPT.repeat(10);
        let page = ada.post(&format!("{list}add/"), &[(field, &long)]).expect(200).html();
        harmless(&page, list);
        assert_eq!(page.attribute(&format!("[name={field}]"), "value").as_deref(), Some(long.as_str()));
    }
    // Deleted, together: asked about, logged, told.
    for (list, pks) in [(QUESTIONS, vec!["1"]), (BOOKMARKS, vec!["1", "2"])] {
        let chosen: Vec<_> = pks.iter().map(|pk| ("_selected_action", *pk)).collect();
        let fields = [&[("action", "delete_selected")], &chosen[..]].concat();
        harmless(&ada.post(list, &fields).expect(200).html(), "asking to delete");
        ada.post(list, &[&fields[..], &[("post", "yes")]].concat()).expect(303);
        harmless(&ada.get("/admin/").expect(200).html(), "deleted");
        ada.get("/admin/admin/logentry/").expect(200);
    }
    assert!(!app.log.text().lines().any(|line| line.starts_with('<')));
}
