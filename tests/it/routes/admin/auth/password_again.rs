//! The own password is asked for before users and groups are changed, unless it was entered lately.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_change_of_rights_waits_for_the_password),
        on_sqlite(whoever_has_just_entered_it_is_not_asked),
        on_sqlite(every_way_to_change_users_and_groups_asks),
        on_sqlite(a_wrong_password_changes_nothing_and_is_limited),
        on_sqlite(ending_a_session_asks),
        on_sqlite(the_form_goes_on_within_the_admin_only),
    ]
}

const CONFIRM: &str = "/admin/confirm_password/";

/// A program that asks each time.
fn strict(setup: Setup) -> TestApp {
    setup.settings("password_again_after = 0").start()
}

/// The fields of the page that asks, with an answer.
fn answered(page: &Html, password: &str) -> Vec<(String, String)> {
    let names = page.attributes("#confirm-form input[type=hidden]", "name");
    let values = page.attributes("#confirm-form input[type=hidden]", "value");
    names.into_iter().zip(values).chain([("confirm_password".to_owned(), password.to_owned())]).collect()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn a_change_of_rights_waits_for_the_password(setup: Setup) {
    let app = setup.settings("password_again_after = 4").start();
    let ada = app.administrator("ada");
    let bea = app.user("bea").create();
    let path = format!("/admin/auth/user/{bea}/change/");
    let is_changed = || app.count("auth_user WHERE username = 'bea' AND email = 'bea@example.com'") == 1;
    // It is a while since the login.
    let page = eventually("the question", || {
        let answer = ada.submit(&path, &[("email", "bea@example.com"), ("is_superuser", "on")]);
        app.execute("UPDATE auth_user SET email = '', is_superuser = (1 = 0) WHERE username = 'bea'");
        (answer.status == 403).then(|| answer.html())
    });
    assert!(!is_changed());
    assert_eq!(page.count("input[name=confirm_password][autocomplete=current-password]"), 1);
    let action = page.attribute("#confirm-form", "action").expect("an address");
    assert!(action.starts_with(&format!("{CONFIRM}?next=")), "{action}");
    let fields = answered(&page, PASSWORD);
    let on = ada.post(&action, &pairs(&fields)).expect(307);
    assert_eq!(on.location(), path);
    // The browser sends the same on.
    ada.post(&path, &pairs(&fields)).expect(303);
    assert!(is_changed());
}

fn whoever_has_just_entered_it_is_not_asked(app: &TestApp) {
    let ada = app.administrator("ada");
    let bea = app.user("bea").create();
    ada.submit(&format!("/admin/auth/user/{bea}/change/"), &[("email", "bea@example.com")]).expect(303);
    ada.submit("/admin/auth/group/add/", &[("name", "Editors")]).expect(303);
}

fn every_way_to_change_users_and_groups_asks(setup: Setup) {
    let app = strict(setup);
    let ada = app.administrator("ada");
    let bea = app.user("bea").create().to_string();
    for (path, fields) in [
        (format!("/admin/auth/user/{bea}/change/"), vec![("username", "bea")]),
        ("/admin/auth/user/add/".to_owned(), vec![("username", "cy"), ("usable_password", "false")]),
        (format!("/admin/auth/user/{bea}/password/"), vec![("password1", "x"), ("password2", "x")]),
        ("/admin/auth/group/add/".to_owned(), vec![("name", "Editors")]),
        ("/admin/tokens/".to_owned(), vec![("name", "A program"), ("scope", "read")]),
        (format!("/admin/auth/user/{bea}/delete/"), vec![("post", "yes")]),
        (
            "/admin/auth/user/".to_owned(),
            vec![("action", "delete_selected"), ("_selected_action", &*bea), ("post", "yes")],
        ),
    ] {
        let page = ada.post(&path, &fields).expect(403).html();
        assert_eq!(page.text("h1"), "Please enter your password", "{path}");
    }
    assert_eq!((app.count("auth_user"), app.count("auth_group"), app.count("auth_apitoken")), (2, 0, 0));
    // What changes no rights does not ask, and neither does reading.
    ada.submit("/admin/bookmark/bookmark/add/", &[("url", "https://example.com/")]).expect(303);
    ada.get(&format!("/admin/auth/user/{bea}/change/")).expect(200);
    ada.post("/admin/auth/user/", &[("action", "export_csv"), ("_selected_action", &bea)]).expect(200);
}

fn a_wrong_password_changes_nothing_and_is_limited(setup: Setup) {
    let app = strict(setup);
    let ada = app.administrator("ada");
    let page = ada.post("/admin/auth/group/add/", &[("name", "Editors & <b>")]).expect(403).html();
    let action = page.attribute("#confirm-form", "action").expect("an address");
    let wrong = ada.post(&action, &pairs(&answered(&page, "wrong"))).expect(400).html();
    assert_eq!(wrong.text("[role=alert]"), "The password is not right.");
    // What was typed is still there; the password is not.
    assert_eq!(wrong.attribute("#confirm-form input[name=name]", "value").as_deref(), Some("Editors & <b>"));
    assert_eq!(wrong.attribute("input[name=confirm_password]", "value"), None);
    let refused = (0..20).any(|_| {
        let answer = ada.post(&action, &pairs(&answered(&page, "wrong"))).html();
        answer.text("[role=alert]") != "The password is not right."
    });
    assert!(refused, "guesses are limited as at the login");
    assert_eq!(app.count("auth_group"), 0);
}

fn ending_a_session_asks(setup: Setup) {
    let app = strict(setup);
    app.user("alice").create();
    let [here, there] = [(); 2].map(|()| {
        let person = app.person();
        person.post("/accounts/login/", &[("username", "alice"), ("password", PASSWORD)]).expect(303);
        person
    });
    let path = "/accounts/sessions/";
    let page = here.get(path).expect(200).html();
    assert_eq!(page.count("main form input[type=password][required]"), 1);
    let session = page.attribute("main input[name=session]", "value").expect("the other one");
    for wrong in ["", "wrong"] {
        let told = here.post(path, &[("session", &session), ("password", wrong)]).expect(400).html();
        assert_eq!(told.text("[role=alert]"), "The password is not right.");
    }
    there.get(path).expect(200);
    here.post(path, &[("session", &session), ("password", PASSWORD)]).expect(303);
    there.get(path).expect(302);
}

fn the_form_goes_on_within_the_admin_only(setup: Setup) {
    let app = strict(setup);
    let ada = app.administrator("ada");
    for next in ["", "https://evil.example/admin/", "//evil.example/admin/", "/polls/1/vote/", "/admin/../polls/"] {
        let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let fields = [("confirm_password", PASSWORD), ("choice", "1")];
        assert_eq!(ada.post(&format!("{CONFIRM}?next={query}"), &fields).status, 400, "{next}");
    }
    assert_eq!(ada.get(CONFIRM).expect(302).location(), "/admin/");
    app.get(CONFIRM).expect(302);
}
