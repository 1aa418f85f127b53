//! `polls purge`: what has expired goes, and nothing else.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(what_has_expired_is_deleted_and_the_rest_stays),
        on_every_database(the_history_is_deleted_from_an_age_on_only_if_told),
    ]
}

const LONG_AGO: &str = "'2020-01-02 03:04:05'";

fn what_has_expired_is_deleted_and_the_rest_stays(app: &TestApp) {
    let (old, new) = (app.administrator("ada"), app.administrator("bob"));
    let (kept, gone) = (app.poll(), app.poll());
    for poll in [&kept, &gone] {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
    old.post(&format!("/admin/polls/question/{}/delete/", gone.id), &[("post", "yes")]).expect(303);
    app.person().log_in("ada", "wrong");
    let ballots = app.all_ballots();
    let deleted = || (app.count("polls_deleted_choice"), app.count("polls_deleted_ballot"));
    assert_eq!(deleted(), (3, 1));

    let purge = || app.run(&["purge"]).expect(0).stdout;
    let told = |sessions, keys, parts, logins| {
        format!(
            "{sessions} expired sessions deleted.\n{keys} keys of forms that were sent deleted.\n\
             {parts} deleted choices and ballots deleted.\n0 voters of deleted secret polls deleted.\n{logins} failed logins deleted.\n"
        )
    };
    // Nothing is old enough yet.
    assert_eq!(purge(), told(0, 0, 0, 0));
    assert_eq!((deleted(), app.count("auth_login_failure")), ((3, 1), 1));

    let keys = app.count("web_form_key");
    app.execute(&format!("UPDATE polls_deleted_choice SET deleted_at = {LONG_AGO}"));
    app.execute(&format!("UPDATE auth_login_failure SET at = {LONG_AGO}"));
    app.execute(&format!("UPDATE web_form_key SET made_at = {LONG_AGO}"));
    let session = app.count("django_session");
    app.execute(&format!(
        "UPDATE django_session SET expire_date = {LONG_AGO} WHERE user_id = (SELECT id FROM auth_user WHERE \
         username = 'ada')"
    ));
    let sessions = app.count(&format!("django_session WHERE expire_date = {LONG_AGO}"));
    assert_eq!(purge(), told(sessions, keys, 4, 1));
    assert_eq!((deleted(), app.count("django_session")), ((0, 0), session - sessions));
    assert!(new.is_logged_in() && !old.is_logged_in());
    assert_eq!((app.all_ballots(), app.totals(&kept)), (ballots, vec![1, 0, 0]));
}

fn the_history_is_deleted_from_an_age_on_only_if_told(setup: Setup) {
    let app = setup.settings("[admin]\nhistory_days = 400").start();
    let ada = app.administrator("ada");
    let poll = app.question("Why?").create();
    let save = |text: &str| {
        let fields = [("question_text", text), ("pub_date_0", "2026-03-01"), ("pub_date_1", "09:00")];
        ada.post(&format!("/admin/polls/question/{}/change/", poll.id), &fields).expect(303);
    };
    save("One");
    save("Two");
    let entries = || (app.count("django_admin_log"), app.count("admin_change"));
    assert_eq!(entries(), (2, 2));
    let first = "id = (SELECT first FROM (SELECT MIN(id) AS first FROM django_admin_log) AS earliest)";
    app.execute(&format!("UPDATE django_admin_log SET action_time = {LONG_AGO} WHERE {first}"));
    let said = app.run(&["purge", "--older-than", "36500"]).expect(0).stdout;
    assert!(said.ends_with("0 entries of the history deleted.\n"), "{said}");
    assert_eq!(entries(), (2, 2));
    // As the settings say.
    let said = app.run(&["purge"]).expect(0).stdout;
    assert!(said.ends_with("1 entries of the history deleted.\n"), "{said}");
    assert_eq!(entries(), (1, 1));
    let refused = app.run(&["purge", "--older-than", "0"]);
    assert_eq!((refused.code, entries()), (Some(2), (1, 1)));
}
