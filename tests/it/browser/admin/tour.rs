//! Every page of the admin, as those see it who may do everything, something, and nothing.

use diesel::prelude::*;
use polls::admin::schema::django_admin_log;
use polls::auth::schema::auth_group;
use serde_json::json;

use super::hands::{is_seen, log_in};
use crate::browser::pages::switch_language;
use crate::support::chromium::Browser;
use crate::support::*;

/// What is seen of a page: its name.
pub type See<'a> = &'a dyn Fn(&str);

/// A site with something of everything on it.
struct Site {
    poll: Poll,
    bookmark: i64,
    group: i32,
    user: i32,
    locked_out: i32,
    /// A change that cannot be undone any more.
    stale_entry: i32,
}

/// The window in which each page fits whole: width, height, scale.
pub const WINDOW: (u32, u32, u32) = (1280, 2400, 1);

/// Shows every page in a language, one after the other, in a window in which each of them fits whole.
#[track_caller]
pub fn every_page(app: &TestApp, browser: &Browser, language: &str, see: See<'_>) {
    let site = Site::fill(app);
    let (width, height, scale) = WINDOW;
    browser.resize(width, height, scale);
    browser.visit(app, "/admin/login/");
    switch_language(browser, language, "/admin/login/");
    see("login");
    browser.fill("#id_username", "mallory");
    browser.fill("#id_password", "wrong");
    browser.click("#login-form button");
    shows(browser, ".errornote", see, "login, refused");

    log_in(browser, app, "ada");
    for path in site.paths() {
        visit(browser, app, &path, see);
    }
    statuses(app, browser, &site, see);
    forms(app, browser, &site, see);
    on_a_telephone(app, browser, see);
    browser.click("#logout-form button");
    shows(browser, "body.logged-out", see, "logged out");

    log_in(browser, app, "viewer");
    for path in ["/admin/", "/admin/polls/question/?p=2", &site.question("change"), &site.question("history")] {
        visit(browser, app, path, see);
    }
    log_in_anew(browser, app, "remover");
    browser.visit(app, &site.question("delete"));
    shows(browser, ".errornote", see, "a deletion that needs another permission");
    log_in_anew(browser, app, "nobody");
    visit(browser, app, "/admin/", see);
    browser.visit(app, "/admin/polls/question/");
    shows(browser, ".error-page", see, "403");
}

#[track_caller]
fn visit(browser: &Browser, app: &TestApp, path: &str, see: See<'_>) {
    browser.visit(app, path);
    browser.arrives_at(path);
    see(path);
}

#[track_caller]
fn shows(browser: &Browser, selector: &str, see: See<'_>, name: &str) {
    eventually(&format!("{name} shows {selector}"), || {
        let complete = browser.text("return document.readyState") == "complete";
        (complete && is_seen(browser, selector)).then_some(())
    });
    see(name);
}

#[track_caller]
fn log_in_anew(browser: &Browser, app: &TestApp, username: &str) {
    browser.click("#logout-form button");
    browser.arrives_at("/admin/logout/");
    log_in(browser, app, username);
}

impl Site {
    fn fill(app: &TestApp) -> Self {
        app.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 101) INSERT INTO \
             polls_question (question_text, pub_date) SELECT 'Question ' || i, '2025-01-02 03:04:05' FROM n",
        );
        let long =
            "다음 분기에 우리 팀이 가장 먼저 해결해야 할 문제는 무엇이라고 생각하십니까? 모두의 의견을 듣고 싶습니다.";
        let poll = app.question(long).choices(["가".repeat(200).as_str(), "Tests"]).create();
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
        app.execute("UPDATE polls_ballot SET cast_at = '2025-01-02 03:04:05'");
        app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
        let bookmark = app.bookmark(Some("Rust"), "https://www.rust-lang.org/");
        app.bookmark(None, &format!("https://example.org/{}", "w".repeat(180)));
        let locked_out = app.user("locked_out").encoded("!unusable").create();
        let user = app.user("viewer").staff().may("polls.view_question").may("polls.view_choice").create();
        app.user("remover").staff().may("polls.view_question").may("polls.delete_question").create();
        app.user("nobody").staff().create();
        let conn = &mut app.open();
        diesel::insert_into(auth_group::table).values(auth_group::name.eq("편집자")).execute(conn).expect("a group");
        let group = auth_group::table.select(auth_group::id).first(conn).expect("its id");
        let stale_entry = Self::edit_twice(app, &poll, long);
        Self { poll, bookmark, group, user, locked_out, stale_entry }
    }

    /// Makes a history, whose first change is the one that is returned.
    fn edit_twice(app: &TestApp, poll: &Poll, text: &str) -> i32 {
        let ada = app.administrator("ada");
        let path = format!("/admin/polls/question/{}/change/", poll.id);
        for (text, time) in [("Shorter", "09:00"), (text, "10:00")] {
            let form = [
                ("question_text", text),
                ("pub_date_0", "2025-01-01"),
                ("pub_date_1", time),
                ("close_date_0", ""),
                ("close_date_1", ""),
            ];
            ada.post(&path, &form).expect(303);
        }
        let entries = django_admin_log::table.select(django_admin_log::id).order(django_admin_log::id);
        entries.first(&mut app.open()).expect("a change is in the log")
    }

    fn question(&self, view: &str) -> String {
        format!("/admin/polls/question/{}/{view}/", self.poll.id)
    }

    /// The pages that a link leads to.
    fn paths(&self) -> Vec<String> {
        let Self { poll, bookmark, group, user, locked_out, stale_entry } = self;
        let question = "/admin/polls/question/";
        let mut paths =
            ["/admin/", "/admin/polls/", "/admin/auth/", "/admin/password_change/", "/admin/tokens/", "/admin/status/"]
                .map(String::from)
                .to_vec();
        paths.push("/admin/password_change/done/".to_owned());
        paths.push(format!("{question}?p=2"));
        paths.push(format!("{question}?_facets=True&pub_date__year=2025&pub_date__month=1&state=open&q=tests&o=1.-2"));
        paths.push(format!("{question}?q=nothing"));
        paths.push(format!("/admin/auth/user/{user}/password/"));
        paths.push(format!("/admin/auth/user/{locked_out}/password/"));
        paths.push(format!("/admin/admin/logentry/{stale_entry}/change/"));
        paths.push("/admin/admin/logentry/".to_owned());
        paths.push(format!("{question}{}/change/?_to_field=id&_popup=1", poll.id));
        paths.push(format!("{question}{}/invite/", poll.id));
        paths.push("/admin/outbound/task/".to_owned());
        let objects = [
            ("polls/question", poll.id),
            ("polls/choice", poll.choices[0]),
            ("bookmark/bookmark", *bookmark),
            ("auth/user", i64::from(*user)),
            ("auth/group", i64::from(*group)),
        ];
        for (model, id) in objects {
            paths.push(format!("/admin/{model}/add/"));
            paths.extend(["change", "delete", "history"].map(|view| format!("/admin/{model}/{id}/{view}/")));
            if model != "polls/question" {
                paths.push(format!("/admin/{model}/"));
            }
        }
        paths
    }
}

/// What is not there, and what has changed since.
fn statuses(app: &TestApp, browser: &Browser, site: &Site, see: See<'_>) {
    browser.visit(app, "/admin/polls/question/9999/change/");
    shows(browser, ".error-page", see, "404 of an object");
    browser.visit(app, "/admin/nothing/");
    shows(browser, ".error-page", see, "404 of an app");
    browser.visit(app, &site.question("history"));
    let undo = "const form = document.createElement('form');
        [form.method, form.action] = ['post', arguments[0]];
        document.body.append(form);
        form.submit();";
    browser.script(undo, &json!([format!("/admin/undo/{}/", site.stale_entry)]));
    shows(browser, ".error-page", see, "409");
}

/// What a form answers.
fn forms(app: &TestApp, browser: &Browser, site: &Site, see: See<'_>) {
    browser.visit(app, "/admin/bookmark/bookmark/");
    browser.click("option[value=delete_selected]");
    browser.click("#action-toggle");
    browser.click("button[name=index]");
    shows(browser, ".delete-selected-confirmation", see, "delete selected");

    browser.visit(app, &site.question("change"));
    app.execute(&format!("UPDATE polls_question SET question_text = 'Theirs' WHERE id = {}", site.poll.id));
    browser.fill("#id_question_text", "Mine");
    browser.click("button[name=_save]");
    shows(browser, ".conflict .theirs", see, "a stale form");
    browser.click("button[name=_continue]");
    shows(browser, ".messagelist .success button", see, "a change that can be undone");

    browser.click("details.collapse:has(#id_pub_date_0) summary");
    browser.fill("#id_question_text", " ");
    browser.fill("#id_pub_date_0", "soon");
    browser.fill("#id_choice_set-0-choice_text", "");
    browser.click("button[name=_save]");
    shows(browser, "#id_pub_date_error", see, "a question with errors");

    browser.visit(app, "/admin/auth/user/add/");
    browser.fill("#id_username", "a b");
    browser.fill("#id_password1", "1234");
    browser.click("button[name=_save]");
    shows(browser, "#id_username_error", see, "a user with errors");

    browser.visit(app, "/admin/auth/group/add/?_to_field=id&_popup=1");
    browser.fill("#id_name", "Editors");
    browser.click("button[name=_save]");
    shows(browser, ".popup-response", see, "a pop-up that nobody opened, saved");

    browser.visit(app, &site.question("invite"));
    browser.click("button[value=sheet]");
    shows(browser, ".error-summary", see, "no invitations");
    browser.fill("#id_names", "홍길동");
    browser.click("button[value=sheet]");
    shows(browser, ".cards svg", see, "invitations");
    visit(browser, app, "/admin/polls/invitation/", see);

    browser.visit(app, "/admin/password_change/");
    browser.fill("#id_old_password", "wrong");
    browser.fill("#id_new_password1", "1234");
    browser.fill("#id_new_password2", "12345");
    browser.click("form[action$='/password_change/'] button");
    shows(browser, "#id_old_password_error", see, "a password change with errors");
}

/// What lies over the page where there is no room beside it.
fn on_a_telephone(app: &TestApp, browser: &Browser, see: See<'_>) {
    let narrow = || browser.resize(360, 740, 1);
    narrow();
    browser.visit(app, "/admin/polls/question/?p=2");
    see("a list on a telephone");
    for (button, layer) in [("#toggle-nav-sidebar", "#nav-sidebar"), (".filter-toggle", "#changelist-filter")] {
        narrow();
        browser.click(button);
        shows(browser, &format!("{layer} .close"), see, &format!("{layer} on a telephone"));
        narrow();
        browser.click(&format!("{layer} .close"));
    }
    browser.resize(1280, 900, 1);
}
