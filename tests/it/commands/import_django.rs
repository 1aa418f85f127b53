//! `polls import-django`: the data of a Django site come into another database.

use std::fs;

use serde_json::{Value, json};

use crate::adoption::NEWS;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let with_django = [
        on_every_database(a_djangos_database_is_taken_over),
        on_every_database(a_fixture_of_django_is_taken_over),
        on_every_database(what_a_database_has_that_cannot_be_carried_is_said),
    ];
    let own = [
        on_sqlite(what_cannot_be_carried_is_said),
        on_every_database(what_is_there_already_stays_as_it_is),
        on_every_database(another_poll_under_the_same_number_is_refused),
        on_sqlite(a_source_that_cannot_be_read_is_said),
    ];
    with_django.map(|test| test.needing(Need::Django)).into_iter().chain(own).collect()
}

#[track_caller]
fn import(setup: &Setup, arguments: &[&str]) -> String {
    setup.run(&[&["import-django", "--from"], arguments].concat()).expect(0).stdout
}

#[track_caller]
fn written(setup: &Setup, objects: &Value) -> String {
    let path = setup.path("site.json");
    fs::write(&path, objects.to_string()).expect("a file can be written");
    path.display().to_string()
}

fn a_djangos_database_is_taken_over(setup: Setup) {
    let source = setup.filled_by_django();
    let before = source.django().snapshot();
    let url = source.database().url.clone();
    for engine in [source.engine(), Engine::Sqlite] {
        let target = Setup::empty(engine);
        let tried = import(&target, &[&url, "--dry-run"]);
        assert!(tried.contains("polls.question: 6 added") && tried.contains("Nothing was changed"), "{tried}");
        assert_eq!((target.count("polls_question"), target.count("auth_user")), (0, 0));

        let said = import(&target, &[&url]);
        for line in ["polls.question: 6 added, 0 there already\n", "auth.user: 3 added", "admin.logentry: 6 added"] {
            assert!(said.contains(line), "{said}");
        }
        assert_eq!(target.django().snapshot(), before);
        target.django().has_nothing_to_migrate();
        let again = import(&target, &[&url]);
        assert!(again.contains("polls.choice: 0 added") && !again.contains(": 1 added"), "{again}");
        assert_eq!(target.django().snapshot(), before);
        target.run(&["recount"]).expect(0);

        // The old password opens the admin, and votes are counted on top of what Django counted.
        let (news, app) = (before.poll(NEWS), target.start());
        app.person().log_in("admin", "admin-password-1").expect(303);
        app.post(&news.vote()).form(&[("choice", &news.value(0))]).expect(303);
        assert_eq!((app.totals(&news), app.ballots(&news)), (vec![8, 0], vec![1, 0]));
        // New rows have numbers of their own. A third import does not take votes back.
        app.poll();
        app.run(&["import-django", "--from", &url]).expect(0);
        assert_eq!(app.totals(&news), [8, 0]);
        app.run(&["recount"]).expect(0);
    }
    assert_eq!(source.django().snapshot(), before, "nothing was written to it");
}

fn a_fixture_of_django_is_taken_over(setup: Setup) {
    let source = setup.filled_by_django();
    let everything: Value = serde_json::from_str(&source.django().run(&["dumpdata"])).expect("JSON");
    let target = Setup::empty(source.engine());
    import(&target, &[&written(&target, &everything)]);
    // Django's dump cuts times off after a millisecond.
    let models = ["dumpdata", "--natural-foreign", "auth.group", "auth.user", "polls", "bookmark", "admin"];
    assert_eq!(target.django().run(&models), source.django().run(&models));
    let again = import(&target, &[&written(&target, &everything)]);
    assert!(again.lines().all(|line| line.contains(": 0 added") || line.starts_with("Passwords")), "{again}");
}

fn what_a_database_has_that_cannot_be_carried_is_said(setup: Setup) {
    let source = setup.filled_by_django();
    source.execute("CREATE TABLE shop_item (id integer PRIMARY KEY, name varchar(20))");
    source.execute("INSERT INTO shop_item VALUES (1, 'Tea'), (2, 'Cake')");
    // A permission of another app, which a user has.
    source.execute("INSERT INTO django_content_type (app_label, model) VALUES ('shop', 'item')");
    source.execute(
        "INSERT INTO auth_permission (name, codename, content_type_id) SELECT 'Can add', 'add_item', id FROM \
         django_content_type WHERE app_label = 'shop'",
    );
    source.execute(
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) SELECT u.id, p.id FROM auth_user u, \
         auth_permission p WHERE u.username = 'editor' AND p.codename = 'add_item'",
    );
    let target = Setup::empty(source.engine());
    let said = import(&target, &[&source.database().url.clone()]);
    assert!(said.contains("Not carried: 2 rows of the table shop_item"), "{said}");
    assert_eq!(said.matches("rows of the table").count(), 1, "{said}");
    assert!(said.contains("Not carried: 1 permissions of auth.user that are of other apps"), "{said}");
    assert_eq!(target.count("auth_user_user_permissions"), 1);
    assert_eq!(target.count("django_content_type WHERE app_label = 'shop'"), 0);
}

fn what_cannot_be_carried_is_said(setup: Setup) {
    let target = Setup::empty(setup.engine());
    let fixture = json!([
        {"model": "contenttypes.contenttype", "pk": 70, "fields": {"app_label": "shop", "model": "item"}},
        {"model": "contenttypes.contenttype", "pk": 71, "fields": {"app_label": "polls", "model": "question"}},
        {"model": "auth.permission", "pk": 80, "fields": {"name": "Can", "content_type": 70, "codename": "add_item"}},
        {"model": "auth.permission", "pk": 81, "fields": {"name": "C", "content_type": 71, "codename": "add_question"}},
        {"model": "auth.user", "pk": 5, "fields": {"username": "ada", "password": "!", "phone": "1",
            "user_permissions": [80, 81]}},
        {"model": "shop.item", "pk": 1, "fields": {}},
        {"model": "shop.item", "pk": 2, "fields": {}},
        {"model": "sessions.session", "pk": "abc", "fields": {"session_data": "x", "expire_date": "2099-01-01T00:00:00Z"}},
        {"model": "admin.logentry", "pk": 1, "fields": {"action_time": "2020-01-01T00:00:00Z", "user": 5,
            "content_type": 70, "object_id": "1", "object_repr": "Tea", "action_flag": 1, "change_message": ""}},
        {"model": "admin.logentry", "pk": 2, "fields": {"action_time": "2020-01-01T00:00:00Z", "user": 5,
            "content_type": 71, "object_id": "1", "object_repr": "Q", "action_flag": 1, "change_message": ""}},
    ]);
    let path = written(&target, &fixture);
    let said = import(&target, &[&path]);
    for line in [
        "auth.user: 1 added, 0 there already",
        "admin.logentry: 1 added, 0 there already",
        "Not carried: 2 objects of shop.item",
        "Not carried: 1 values of the field auth.user.phone",
        "Not carried: 1 permissions of auth.user that are of other apps",
        "Not carried: 1 entries of the admin's log",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!((target.count("auth_user_user_permissions"), target.count("django_session")), (1, 0));
    let said = import(&target, &[&path, "--sessions"]);
    assert!(said.contains("sessions.session: 1 added") && said.contains("auth.user: 0 added, 1 there"), "{said}");
}

fn what_is_there_already_stays_as_it_is(setup: Setup) {
    let app = Setup::empty(setup.engine()).start();
    let ada = app.user("ada").superuser().create();
    let other =
        |number: i64| json!({"model": "auth.user", "pk": number, "fields": {"username": "bea", "password": "!"}});
    let fixture = json!([
        {"model": "contenttypes.contenttype", "pk": 71, "fields": {"app_label": "bookmark", "model": "bookmark"}},
        {"model": "auth.user", "pk": ada + 7, "fields": {"username": "ada", "password": "!", "email": "new@example.org"}},
        other(ada.into()),
        {"model": "admin.logentry", "pk": 1, "fields": {"action_time": "2020-01-01T00:00:00Z", "user": ada,
            "content_type": 71, "object_id": "1", "object_repr": "T", "action_flag": 1, "change_message": ""}},
        {"model": "bookmark.bookmark", "pk": 1, "fields": {"title": "T", "url": "https://example.org/"}},
    ]);
    app.bookmark(Some("Another"), "https://example.com/");
    let path = app.path("site.json");
    fs::write(&path, fixture.to_string()).expect("a file can be written");
    let said = app.run(&["import-django", "--from", "site.json"]).expect(0).stdout;
    assert!(said.contains("auth.user: 1 added, 1 there already"), "{said}");
    assert_eq!(app.count("auth_user WHERE username = 'ada' AND email = 'new@example.org'"), 0);
    // The user, the bookmark and the entry have numbers that were free, and still belong together.
    let entry = "django_admin_log l JOIN auth_user u ON u.id = l.user_id WHERE u.username = 'bea'";
    assert_eq!((app.count(entry), app.count("bookmark_bookmark")), (1, 2));
    let again = app.run(&["import-django", "--from", "site.json"]).expect(0).stdout;
    assert!(again.contains("bookmark.bookmark: 0 added, 1 there already"), "{again}");
    assert_eq!((app.count(entry), app.count("bookmark_bookmark"), app.count("auth_user")), (1, 2, 2));
}

fn another_poll_under_the_same_number_is_refused(setup: Setup) {
    let app = Setup::empty(setup.engine()).start();
    let poll = app.poll();
    let question = |text: &str, date: &str| json!({"model": "polls.question", "pk": poll.id, "fields": {"question_text": text, "pub_date": date}});
    let user = json!({"model": "auth.user", "pk": 9, "fields": {"username": "bea", "password": "!"}});
    let path = app.path("site.json");
    fs::write(&path, json!([user, question("Another?", "2020-01-01T00:00:00Z")]).to_string()).expect("a file");
    let refused = app.run(&["import-django", "--from", "site.json"]).expect(1).stderr;
    assert!(refused.contains("is another one in this database") && refused.contains("polls flush"), "{refused}");
    assert_eq!(app.count("auth_user"), 0);
    // One whose text was edited since is the same.
    fs::write(&path, json!([question("What's up?", "2020-01-01T00:00:00Z")]).to_string()).expect("a file");
    app.execute(&format!("UPDATE polls_question SET question_text = 'What''s up?' WHERE id = {}", poll.id));
    let said = app.run(&["import-django", "--from", "site.json"]).expect(0).stdout;
    assert!(said.contains("polls.question: 0 added, 1 there already"), "{said}");
}

fn a_source_that_cannot_be_read_is_said(setup: Setup) {
    let target = Setup::empty(setup.engine());
    let own = target.database().url.clone();
    for (from, reason) in [
        ("nothing.json", "nothing.json"),
        ("sqlite:///nowhere/db.sqlite3", "cannot open"),
        ("oracle://db/site", "--from: "),
        (&own, "`polls migrate`"),
    ] {
        let refused = target.run(&["import-django", "--from", from]).expect(1).stderr;
        assert!(refused.contains(reason) && refused.lines().count() == 1, "{from}: {refused}");
    }
    let ours = Setup::empty(setup.engine());
    assert!(target.run(&["import-django", "--from", &ours.database().url]).expect(1).stderr.contains("polls backup"));
    let bare = Setup::new(Engine::Sqlite).without_tables();
    assert!(bare.run(&["import-django", "--from", "x.json"]).expect(1).stderr.contains("polls"));
}
