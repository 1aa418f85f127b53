//! Every write and every refusal in the admin is a line of the log, and a row where Django keeps one.

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_every_database(every_write_is_a_line_and_a_row), on_every_database(every_refusal_is_a_line)]
}

fn every_write_is_a_line_and_a_row(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let mut rows = 0;
    let mut written = |line: &str, more: i64| {
        let found = app.log.wait_for(line);
        assert!(
            found.contains("polls.admin") && found.contains("user=\"ada\"") && found.contains("request_id="),
            "{found}"
        );
        rows += more;
        assert_eq!(app.count("django_admin_log"), rows, "{line}");
    };
    ada.post(&format!("{BOOKMARKS}add/"), &[("title", "A\n\"b\""), ("url", "https://example.com/")]).expect(303);
    written("ada added \"A\\n\\\"b\\\"\"", 1);
    ada.submit(&change(BOOKMARKS, 1), &[("title", "Title")]).expect(303);
    written("ada changed \"Title\"", 1);
    ada.submit(&form_of(&poll), &[("choice_set-0-choice_text", "Row"), ("question_text", "Rows?")]).expect(303);
    written("ada changed \"Rows?\"", 1);
    ada.undo().expect(303);
    written("ada undid a change of \"Rows?\"", 1);
    ada.post(QUESTIONS, &[("action", "close_now"), ("select_across", "1")]).expect(303);
    written("ada changed \"What's new?\"", 1);
    ada.post(&delete(CHOICES, poll.choices[0]), &[("post", "yes")]).expect(303);
    written("ada deleted \"Not much\"", 1);
    ada.post(QUESTIONS, &[("action", "delete_selected"), ("select_across", "1"), ("post", "yes")]).expect(303);
    written("ada deleted \"What's new?\"", 1);
    assert!(app.log.wait_for("ada deleted \"What's new?\"").ends_with(&format!("pk={}", poll.id)));
    ada.post("/admin/auth/group/add/", &[("name", "Editors")]).expect(303);
    written("ada added \"Editors\"", 1);
    ada.post("/admin/auth/group/1/delete/", &[("post", "yes")]).expect(303);
    written("ada deleted \"Editors\"", 1);
    // What was refused by the form is no write.
    ada.post(&format!("{BOOKMARKS}add/"), &[("url", "javascript:alert(1)")]).expect(200);
    ada.submit(&change(BOOKMARKS, 1), &[("title", "")]).expect(303);
    written("ada changed \"https://example.com/\"", 1);
    assert_eq!(app.log.text().matches("polls.admin").count(), 10);
}

fn every_refusal_is_a_line(app: &TestApp) {
    app.user("bea").staff().may("polls.view_question").create();
    app.user("cy").create();
    let (bea, poll) = (app.logged_in("bea"), app.poll());
    let refused = |line: &str| {
        let found = app.log.wait_for(line);
        assert!(found.contains("polls.security") && found.contains("request_id="), "{found}");
        found
    };
    refused("bea");
    bea.get(&format!("{QUESTIONS}add/")).expect(403);
    refused("permission=\"polls.add_question\"");
    bea.post(&form_of(&poll), &[]).expect(403);
    refused("permission=\"polls.change_question\"");
    bea.post(&delete(QUESTIONS, poll.id), &[("post", "yes")]).expect(403);
    refused("permission=\"polls.delete_question\"");
    bea.get(BOOKMARKS).expect(403);
    refused("permission=\"bookmark.view_bookmark\"");
    bea.get("/admin/admin/logentry/").expect(403);
    refused("permission=\"admin.view_logentry\"");
    app.person().log_in("cy", PASSWORD).expect(400);
    app.person().log_in("nobody", "wrong").expect(400);
    app.execute("UPDATE auth_user SET is_staff = (1 = 0) WHERE username = 'bea'");
    bea.get(QUESTIONS).expect(302);
    assert!(refused("the user is not staff").contains("user=\"bea\""));
    app.execute("UPDATE auth_user SET is_active = (1 = 0) WHERE username = 'bea'");
    bea.get(QUESTIONS).expect(302);
    refused("its user is gone or inactive");
    bea.send(app.post(QUESTIONS).form(&[]).header("Origin", "https://evil.example")).expect(403);
    assert!(app.log.wait_for("Refused a write from another site").contains("polls.security"));
    assert_eq!(app.count("django_admin_log"), 0);
}
