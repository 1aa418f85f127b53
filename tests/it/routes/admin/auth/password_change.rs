//! `/admin/password_change/` and the other sessions.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_new_password_ends_every_other_session),
        on_sqlite(what_is_wrong_is_said_at_the_field_and_nothing_is_changed),
        on_every_database(one_can_log_out_everywhere_else),
        on_sqlite(only_staff_may),
    ]
}

const NEW: &str = "another good phrase";

fn change(person: &Person, old: &str, new: &str, again: &str) -> Response {
    person.post("/admin/password_change/", &[("old_password", old), ("new_password1", new), ("new_password2", again)])
}

fn a_new_password_ends_every_other_session(app: &TestApp) {
    let (here, there, other) = (app.administrator("ada"), app.administrator("ada"), app.administrator("bea"));
    let before = here.session();
    assert_eq!(change(&here, PASSWORD, NEW, NEW).expect(303).location(), "/admin/password_change/done/");
    assert_eq!(here.get("/admin/password_change/done/").expect(200).html().text("h1"), "Password change successful");
    assert_ne!(here.session(), before);
    assert!(!there.is_logged_in() && other.is_logged_in());
    app.person().log_in("ada", PASSWORD).expect(400);
    app.person().log_in("ada", NEW).expect(303);
    assert!(app.log.wait_for("A user changed their own password").contains("user=\"ada\""));
}

fn what_is_wrong_is_said_at_the_field_and_nothing_is_changed(app: &TestApp) {
    let person = app.administrator("adalovelace");
    let page = change(&person, "wrong", "12345", "12345").expect(400).html();
    assert_eq!(
        page.texts("#id_old_password_error li"),
        ["Your old password was entered incorrectly. Please enter it again."]
    );
    assert_eq!(
        page.texts("#id_new_password2_error li"),
        [
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric.",
        ]
    );
    assert_eq!(page.text(".errornote"), "Please correct the errors below.");
    let page = change(&person, PASSWORD, NEW, "another god phrase").expect(400).html();
    assert_eq!(page.texts(".errorlist li"), ["The two password fields didn’t match."]);
    let page = change(&person, PASSWORD, "lovelaceada1", "lovelaceada1").expect(400).html();
    assert_eq!(page.texts(".errorlist li"), ["The password is too similar to the username."]);
    let page = change(&person, "", "", "").expect(400).html();
    assert_eq!(page.texts(".errorlist li"), ["This field is required."; 3]);
    app.logged_in("adalovelace");
}

fn one_can_log_out_everywhere_else(app: &TestApp) {
    let (here, there, other) = (app.administrator("ada"), app.administrator("ada"), app.administrator("bea"));
    here.post("/admin/logout/everywhere/", &[("password", PASSWORD)]).expect(303);
    assert!(!there.is_logged_in() && other.is_logged_in() && here.is_logged_in());
    here.get("/admin/logout/everywhere/").expect(405);
}

fn only_staff_may(app: &TestApp) {
    let person = app.administrator("ada");
    app.execute("UPDATE auth_user SET is_staff = (1 = 0)");
    change(&person, PASSWORD, NEW, NEW).expect(302);
    person.post("/admin/logout/everywhere/", &[]).expect(302);
    app.person().post("/admin/logout/everywhere/", &[]).expect(302);
    app.execute("UPDATE auth_user SET is_staff = (1 = 1)");
    app.logged_in("ada");
}
