//! One intention counts once: a form that is sent twice has one effect and the same answer each time.

use std::process::Stdio;
use std::sync::Barrier;

use super::{BOOKMARKS, QUESTIONS, change, delete};
use crate::support::database::Database;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(what_is_sent_twice_at_once_is_done_once),
        on_every_database(what_is_sent_again_later_is_answered_as_before),
        on_every_database(two_buttons_of_one_form_save_it_once),
        on_every_database(other_content_is_another_intention),
        on_every_database(what_is_meant_again_is_done_again),
        on_every_database(a_form_that_was_refused_can_be_sent_again),
        on_every_database(who_is_logged_out_by_the_first_is_logged_in_by_the_second),
        on_sqlite(a_page_that_was_interrupted_has_not_taken_the_message_along),
        on_sqlite(of_two_first_administrators_of_one_form_one_is_made),
        on_sqlite(a_form_without_a_key_counts_each_time),
        on_sqlite(a_key_is_forgotten_after_a_day),
        on_sqlite(logging_out_twice_is_no_error),
    ]
}

/// A form as a page holds it, ready to be sent.
struct Filled {
    path: String,
    fields: Vec<(String, String)>,
}

impl Filled {
    /// The form of a page, posted there unless it says where, with some fields typed over.
    #[track_caller]
    fn of(person: &Person, path: &str, selector: &str, typed: &[(&str, &str)]) -> Self {
        Self::on(&person.get(path).expect(200).html(), path, selector, typed)
    }

    #[track_caller]
    fn on(page: &Html, path: &str, selector: &str, typed: &[(&str, &str)]) -> Self {
        let path = page.attribute(selector, "action").unwrap_or_else(|| path.to_owned());
        let mut fields = page.fields(selector);
        assert!(fields.iter().any(|(name, value)| name == "_form_key" && value.len() == 22), "{path}: {fields:?}");
        fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Self { path, fields }
    }

    fn fields(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[track_caller]
    fn send(&self, person: &Person) -> Response {
        person.post(&self.path, &self.fields())
    }

    /// Sends it to each of some processes at the same moment with the session of now, as impatient fingers do.
    fn send_at_once(&self, person: &Person, apps: &[&TestApp]) -> Vec<Response> {
        let (cookie, barrier) = (person.session(), Barrier::new(apps.len()));
        let send = |app: &TestApp| {
            let request = app.post(&self.path).form(&self.fields());
            let request = match &cookie {
                Some(key) => request.header("Cookie", format!("sessionid={key}")),
                None => request,
            };
            barrier.wait();
            request.send()
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = apps.iter().map(|app| scope.spawn(|| send(app))).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        })
    }
}

/// Another process over the same database.
fn another(app: &TestApp) -> TestApp {
    let setup = Setup::new(app.engine()).with_database(Database::at(app.engine(), app.database().url.clone()));
    // As the first one has it from its setup: the server is shared.
    let setup = setup.variable("POLLS_DATABASE_MAY_LOSE_VOTES", "true");
    let child = setup.command(&setup.arguments()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    TestApp::adopt(child.expect("polls can be started"), setup)
}

/// A thing that can be done in the admin: the form for it, and how often it was done.
struct Deed<'a> {
    name: &'a str,
    form: Filled,
    count: Box<dyn Fn() -> i64 + 'a>,
    /// What is said where it leads to.
    said: &'a str,
}

/// One of each kind of form that writes.
fn deeds<'a>(app: &'a TestApp, ada: &Person, round: usize) -> Vec<Deed<'a>> {
    let entries = |flag: u8, repr: &str| {
        let rows = format!("django_admin_log WHERE action_flag = {flag} AND object_repr = '{repr}'");
        Box::new(move || app.count(&rows)) as Box<dyn Fn() -> i64>
    };
    let bookmark = |title: &str| app.bookmark(Some(title), &format!("https://example.com/{round}/{title}"));
    let (changed, doomed) = (bookmark(&format!("changed{round}")), bookmark(&format!("doomed{round}")));
    let (first, second) = (bookmark(&format!("first{round}")), bookmark(&format!("second{round}")));
    let undone = bookmark(&format!("undone{round}"));
    let closed = app.question(&format!("Closed {round}?")).choices(["Yes"]).create();
    let bea = app.user(&format!("bea{round}")).create();
    let question = format!("Added {round}?");
    let (one, two) = (first.to_string(), second.to_string());

    ada.submit(&change(BOOKMARKS, undone), &[("title", &format!("done{round}"))]).expect(303);
    let page = ada.get("/admin/").expect(200).html();
    let undo = Filled::on(&page, "", ".messagelist form", &[]);
    let fields =
        [("action", "delete_selected"), ("_selected_action", one.as_str()), ("_selected_action", two.as_str())];
    let asked = ada.post(BOOKMARKS, &fields).expect(200).html();
    let added = [("question_text", question.as_str()), ("choice_set-0-choice_text", "Yes"), ("_save", "1")];
    let of = |path: &str, form: &str, typed: &[(&str, &str)]| Filled::of(ada, path, form, typed);
    let password = [("password1", "another good phrase"), ("password2", "another good phrase"), ("set-password", "1")];
    vec![
        Deed {
            name: "add",
            form: of(&format!("{QUESTIONS}add/"), "#change-form", &added),
            count: entries(1, &question),
            said: "was added successfully",
        },
        Deed {
            name: "change",
            form: of(&change(BOOKMARKS, changed), "#change-form", &[("title", &format!("new{round}")), ("_save", "1")]),
            count: entries(2, &format!("new{round}")),
            said: "was changed successfully",
        },
        Deed {
            name: "delete",
            form: of(&delete(BOOKMARKS, doomed), "main form", &[]),
            count: entries(3, &format!("doomed{round}")),
            said: "was deleted successfully",
        },
        Deed {
            name: "delete selected",
            form: Filled::on(&asked, BOOKMARKS, "main form", &[]),
            count: entries(3, &format!("second{round}")),
            said: "Successfully deleted 2",
        },
        Deed {
            name: "action",
            form: of(
                QUESTIONS,
                "#changelist-form",
                &[("action", "close_now"), ("_selected_action", &closed.id.to_string())],
            ),
            count: entries(2, &format!("Closed {round}?")),
            said: "",
        },
        Deed { name: "undo", form: undo, count: entries(2, &format!("undone{round}")), said: "is as it was before" },
        Deed {
            name: "set password",
            form: of(&format!("/admin/auth/user/{bea}/password/"), "main form:has([name=password1])", &password),
            count: entries(2, &format!("bea{round}")),
            said: "",
        },
    ]
}

fn what_is_sent_twice_at_once_is_done_once(app: &TestApp) {
    let (ada, other) = (app.administrator("ada"), another(app));
    for round in 0..3 {
        for deed in deeds(app, &ada, round) {
            let before = (deed.count)();
            let answers = deed.form.send_at_once(&ada, &[app, &other, app, &other]);
            let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
            assert_eq!(statuses, [303; 4], "{}", deed.name);
            assert!(answers.iter().all(|answer| answer.location() == answers[0].location()), "{}", deed.name);
            assert_eq!((deed.count)() - before, 1, "{}", deed.name);
            let messages = ada.get(answers[3].location()).expect(200).html().texts(".messagelist li > span");
            assert!(matches!(messages.as_slice(), [one] if one.contains(deed.said)), "{}: {messages:?}", deed.name);
            assert_eq!(ada.messages(), Vec::<String>::new(), "{}", deed.name);
        }
    }
    // In a pop-up the answer is a page.
    let typed = [("name", "editors"), ("_save", "1")];
    let form = Filled::of(&ada, "/admin/auth/group/add/?_popup=1", "#change-form", &typed);
    let answers = form.send_at_once(&ada, &[app, &other]);
    let value = |answer: Response| {
        answer.expect(200).html().attribute("#django-admin-popup-response-constants", "data-popup-response")
    };
    let values: Vec<_> = answers.into_iter().map(value).collect();
    assert!(values[0].is_some() && values[0] == values[1], "{values:?}");
    assert_eq!(app.count("auth_group"), 1);
}

fn what_is_sent_again_later_is_answered_as_before(app: &TestApp) {
    let ada = app.administrator("ada");
    for deed in deeds(app, &ada, 0) {
        let before = (deed.count)();
        let first = deed.form.send(&ada).expect(303);
        let said = ada.messages();
        let second = deed.form.send(&ada).expect(303);
        assert_eq!((second.location(), ada.messages()), (first.location(), said), "{}", deed.name);
        assert_eq!((deed.count)() - before, 1, "{}", deed.name);
    }
}

/// The second click comes while the page of the first is on its way, and reaches the program before that does.
fn a_page_that_was_interrupted_has_not_taken_the_message_along(app: &TestApp) {
    let ada = app.administrator("ada");
    for deed in deeds(app, &ada, 0) {
        deed.form.send(&ada).expect(303);
        let location = deed.form.send(&ada).expect(303).location().to_owned();
        let messages = || ada.get(&location).expect(200).html().texts(".messagelist li > span");
        let (interrupted, seen) = (messages(), messages());
        assert!(matches!(seen.as_slice(), [one] if one.contains(deed.said)), "{}: {seen:?}", deed.name);
        assert_eq!((interrupted, messages()), (seen, Vec::new()), "{}", deed.name);
    }
}

fn two_buttons_of_one_form_save_it_once(app: &TestApp) {
    let ada = app.administrator("ada");
    let mut form = Filled::of(&ada, &format!("{QUESTIONS}add/"), "#change-form", &[("question_text", "Why?")]);
    for (button, leads_to) in
        [("_save", QUESTIONS), ("_addanother", "/admin/polls/question/add/"), ("_continue", "/change/")]
    {
        form.fields.push((button.to_owned(), "1".to_owned()));
        let location = form.send(&ada).expect(303);
        assert!(location.location().ends_with(leads_to), "{}", location.location());
        form.fields.pop();
    }
    assert_eq!(app.count("polls_question"), 1);
}

fn other_content_is_another_intention(app: &TestApp) {
    let ada = app.administrator("ada");
    let path = format!("{QUESTIONS}add/");
    let page = ada.get(&path).expect(200).html();
    for text in ["One?", "Two?"] {
        Filled::on(&page, &path, "#change-form", &[("question_text", text)]).send(&ada).expect(303);
    }
    assert_eq!(app.count("polls_question"), 2);
    // Of a change the second was not made from what is saved by then, as ever.
    let path = change(BOOKMARKS, app.bookmark(Some("Title"), "https://example.com/"));
    let page = ada.get(&path).expect(200).html();
    Filled::on(&page, &path, "#change-form", &[("title", "Mine")]).send(&ada).expect(303);
    let again = Filled::on(&page, &path, "#change-form", &[("title", "Other")]).send(&ada).expect(200).html();
    assert!(again.text(".errornote[role=alert]").starts_with("Somebody else has saved"), "said as ever");
}

fn what_is_meant_again_is_done_again(app: &TestApp) {
    let ada = app.administrator("ada");
    // Deleted, brought back, and deleted once more from the page that was still there.
    let id = app.bookmark(Some("Title"), "https://example.com/");
    let form = Filled::of(&ada, &delete(BOOKMARKS, id), "main form", &[]);
    form.send(&ada).expect(303);
    ada.undo().expect(303);
    assert_eq!(app.count("bookmark_bookmark"), 1);
    form.send(&ada).expect(303);
    assert_eq!(app.count("bookmark_bookmark"), 0);
    // From one list: closed, opened, and closed again.
    let poll = app.poll();
    let typed = [("action", "close_now"), ("_selected_action", &poll.id.to_string())];
    let form = Filled::of(&ada, QUESTIONS, "#changelist-form", &typed);
    form.send(&ada).expect(303);
    ada.undo().expect(303);
    assert_eq!(app.count("polls_question WHERE close_date IS NOT NULL"), 0);
    form.send(&ada).expect(303);
    assert_eq!(app.count("polls_question WHERE close_date IS NOT NULL"), 1);
    // Changed, changed back by somebody, and sent again: the form is stale, and says so.
    let path = change(QUESTIONS, poll.id);
    let form = Filled::of(&ada, &path, "#change-form", &[("question_text", "Mine?")]);
    form.send(&ada).expect(303);
    ada.submit(&path, &[("question_text", "Theirs?")]).expect(303);
    form.send(&ada).expect(200);
    assert_eq!(app.count("polls_question WHERE question_text = 'Theirs?'"), 1);
}

fn a_form_that_was_refused_can_be_sent_again(app: &TestApp) {
    let ada = app.administrator("ada");
    let path = format!("{BOOKMARKS}add/");
    let page = ada.get(&path).expect(200).html();
    let form = |url: &str| Filled::on(&page, &path, "#change-form", &[("url", url)]);
    for _ in 0..2 {
        assert_eq!(form("nowhere").send(&ada).expect(200).html().count("#id_url_error"), 1);
    }
    let answers = form("nowhere").send_at_once(&ada, &[app, app, app]);
    assert!(answers.iter().all(|answer| answer.status == 200));
    form("https://example.com/").send(&ada).expect(303);
    assert_eq!(app.count("bookmark_bookmark"), 1);
}

fn who_is_logged_out_by_the_first_is_logged_in_by_the_second(app: &TestApp) {
    let other = another(app);
    app.user("ada").superuser().create();
    let new = [("new_password1", "another good phrase"), ("new_password2", "another good phrase")];
    let change = [("old_password", PASSWORD), new[0], new[1]];
    let cases = [
        ("form[action$='/everywhere/']", &[("password", PASSWORD)][..]),
        ("form:has([name=old_password])", &change[..]),
    ];
    let path = "/admin/password_change/";
    for (selector, typed) in cases {
        let (here, there) = (app.person(), app.person());
        here.log_in("ada", PASSWORD).expect(303);
        there.log_in("ada", PASSWORD).expect(303);
        let form = Filled::of(&here, path, selector, typed);
        let before = here.session();
        let mut answers = form.send_at_once(&here, &[app, &other]);
        // And once more with the session of before, when both are through.
        answers.push(form.send_at_once(&here, &[app]).remove(0));
        for answer in &answers {
            assert_eq!((answer.status, answer.location()), (303, answers[0].location()), "{selector}");
            let key = answer
                .headers("set-cookie")
                .iter()
                .find_map(|cookie| cookie.strip_prefix("sessionid=")?.split(';').next());
            let key = key.filter(|key| !key.is_empty() && Some(*key) != before.as_deref()).expect("a new session");
            let page = app.get("/admin/password_change/").header("Cookie", format!("sessionid={key}"));
            page.expect(200);
        }
        assert!(!there.is_logged_in(), "{selector}");
        // Whoever has neither session nor password gets none by the form alone.
        let stranger = app.person();
        assert_eq!(form.send(&stranger).status, 302, "{selector}");
        assert!(!stranger.is_logged_in(), "{selector}");
        let old = app
            .post(&form.path)
            .form(&form.fields())
            .header("Cookie", format!("sessionid={}", before.unwrap_or_default()));
        app.execute("UPDATE web_form_key SET made_at = '2026-01-01 00:00:00'");
        assert_eq!(old.send().status, 302, "{selector}: long after");
    }
}

fn of_two_first_administrators_of_one_form_one_is_made(setup: Setup) {
    let app = setup.development().start();
    let line = app.stdout.wait_for("/admin/setup/");
    let token = line.split("/admin/setup/").nth(1).and_then(|rest| rest.split('/').next()).expect("a token");
    let typed = [("username", "ada"), ("password1", PASSWORD), ("password2", PASSWORD)];
    let form = Filled::of(&app.person(), &format!("/admin/setup/{token}/"), "main form", &typed);
    let person = app.person();
    for answer in form.send_at_once(&person, &[&app, &app]) {
        assert_eq!((answer.status, answer.location()), (303, "/admin/"));
    }
    form.send(&person).expect(303);
    assert!(person.is_logged_in());
    assert_eq!(app.count("auth_user"), 1);
}

fn a_form_without_a_key_counts_each_time(app: &TestApp) {
    let ada = app.administrator("ada");
    let fields = [("question_text", "Why?"), ("pub_date_0", "2026-01-01"), ("pub_date_1", "00:00")];
    for _ in 0..2 {
        ada.post(&format!("{QUESTIONS}add/"), &fields).expect(303);
    }
    assert_eq!((app.count("polls_question"), app.count("web_form_key")), (2, 0));
}

fn a_key_is_forgotten_after_a_day(app: &TestApp) {
    let ada = app.administrator("ada");
    let add = |text: &str| ada.submit(&format!("{QUESTIONS}add/"), &[("question_text", text)]).expect(303);
    add("One?");
    app.execute("UPDATE web_form_key SET made_at = '2026-01-01 00:00:00'");
    add("Two?");
    assert_eq!(app.count("web_form_key"), 1);
}

fn logging_out_twice_is_no_error(app: &TestApp) {
    let ada = app.administrator("ada");
    let cookie = format!("sessionid={}", ada.session().unwrap_or_default());
    for _ in 0..2 {
        let page = app.post("/admin/logout/").header("Cookie", &cookie).form(&[]).expect(200).html();
        assert_eq!(page.text("h1"), "Logged out");
    }
}
