//! `polls dumpdata`, `polls loaddata` and `polls flush`: fixtures go from Django to us and back.

use std::fs;

use serde_json::{Value, json};

use crate::adoption::NEWS;
use crate::support::app::Finished;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let with_django = [
        on_every_database(django_loads_what_we_dump),
        on_every_database(we_load_what_django_dumps),
        on_every_database(what_is_loaded_twice_changes_nothing),
    ];
    let own = [
        on_every_database(our_columns_come_back_when_they_are_asked_for),
        on_every_database(an_object_that_does_not_fit_leaves_everything_as_it_was),
        on_every_database(a_choice_with_ballots_keeps_its_votes),
        on_every_database(flush_leaves_an_empty_site_that_works),
        on_sqlite(a_fixture_is_chosen_by_apps_and_models),
        on_sqlite(fields_that_are_left_out_have_djangos_defaults),
    ];
    with_django.map(|test| test.needing(Need::Django)).into_iter().chain(own).collect()
}

/// The objects of a fixture that we write.
#[track_caller]
fn dumped(setup: &Setup, arguments: &[&str]) -> Vec<Value> {
    let arguments: Vec<_> = ["dumpdata"].iter().chain(arguments).copied().collect();
    serde_json::from_str(&setup.run(&arguments).expect(0).stdout).expect("a fixture is JSON")
}

#[track_caller]
fn load(setup: &Setup, objects: &Value) -> Finished {
    fs::write(setup.path("fixture.json"), objects.to_string()).expect("a file can be written");
    setup.run(&["loaddata", "fixture.json"])
}

fn django_loads_what_we_dump(setup: Setup) {
    let source = setup.adopted_from_django();
    source
        .run(&["dumpdata", "--natural-foreign", "-e", "contenttypes", "-e", "auth.permission", "-o", "d.json"])
        .expect(0);
    let target = Setup::new(source.engine()).without_tables();
    target.django().run(&["migrate"]);
    target.django().run(&["loaddata", &source.path("d.json").display().to_string()]);
    assert_eq!(target.django().snapshot(), source.django().snapshot());
}

fn we_load_what_django_dumps(setup: Setup) {
    let source = setup.filled_by_django();
    // Everything, content types and permissions with their numbers included.
    let everything = source.django().run(&["dumpdata"]);
    let target = Setup::empty(source.engine());
    fs::write(target.path("all.json"), everything).expect("a file can be written");
    let said = target.run(&["loaddata", "all.json"]).expect(0).stdout;
    assert!(said.contains("polls.question: ") && said.contains("auth.user: "), "{said}");
    // The numbers of content types and permissions differ, and Django's dump cuts times off after a millisecond.
    let models = ["dumpdata", "--natural-foreign", "auth.group", "auth.user", "polls", "bookmark"];
    assert_eq!(target.django().run(&models), source.django().run(&models));
    target.django().has_nothing_to_migrate();

    // New rows have numbers of their own, and votes are counted on top of what Django counted.
    let (news, app) = (target.django().snapshot().poll(NEWS), target.start());
    app.post(&news.vote()).form(&[("choice", &news.value(0))]).expect(303);
    assert_eq!((app.totals(&news), app.ballots(&news)), (vec![8, 0], vec![1, 0]));
    app.run(&["recount"]).expect(0);
    app.poll();
}

fn what_is_loaded_twice_changes_nothing(setup: Setup) {
    let setup = setup.adopted_from_django();
    let before = setup.django().snapshot();
    setup.run(&["dumpdata", "--indent", "2", "-o", "d.json"]).expect(0);
    setup.run(&["loaddata", "d.json"]).expect(0);
    setup.run(&["loaddata", "d.json", "d.json"]).expect(0);
    assert_eq!(setup.django().snapshot(), before);
}

fn our_columns_come_back_when_they_are_asked_for(setup: Setup) {
    let setup = Setup::empty(setup.engine());
    load(&setup, &json!([
        {"model": "polls.question", "pk": 1, "fields": {"question_text": "Which?", "pub_date": "2026-01-01T00:00:00Z",
            "voters": "browser", "description": "Why?", "kind": "approval"}},
        {"model": "polls.choice", "pk": 1, "fields": {"question": 1, "choice_text": "A", "position": 2}},
    ]))
    .expect(0);
    let plain = dumped(&setup, &["polls.question"]);
    assert_eq!(plain[0]["fields"].as_object().expect("fields").len(), 2, "what Django knows: {plain:?}");
    let whole = dumped(&setup, &["polls.question", "polls.choice", "--all-columns"]);
    assert_eq!(whole[0]["fields"]["voters"], "browser");
    let target = Setup::empty(setup.engine());
    load(&target, &json!(whole)).expect(0);
    assert_eq!(dumped(&target, &["polls.question", "polls.choice", "--all-columns"]), whole);
}

fn an_object_that_does_not_fit_leaves_everything_as_it_was(setup: Setup) {
    let setup = Setup::empty(setup.engine());
    let good = json!({"model": "polls.question", "pk": 5, "fields": {"question_text": "Q", "pub_date": "2026-01-01T00:00:00Z"}});
    let choice = |fields: Value| json!({"model": "polls.choice", "pk": 7, "fields": fields});
    for (bad, reason) in [
        (choice(json!({"question": 6, "choice_text": "A", "votes": 0})), "question: there is no polls.question 6"),
        (choice(json!({"question": 5, "choice_text": "A", "votes": "many"})), "votes: \"many\" is not a whole number"),
        (choice(json!({"question": 5, "choice_text": "A", "colour": 0})), "colour: there is no such field"),
        (choice(json!({"question": ["Q"], "choice_text": "A"})), "question: there is no polls.question [\"Q\"]"),
        (json!({"model": "polls.answer", "pk": 1, "fields": {}}), "polls.answer"),
        (json!({"model": "polls.question", "pk": 6, "fields": {"question_text": "Q", "pub_date": "now"}}), "pub_date"),
        (json!({"model": "polls.question"}), "missing field `fields`"),
    ] {
        let refused = load(&setup, &json!([good, bad])).expect(1);
        assert!(refused.stderr.contains(reason), "{bad}: {}", refused.stderr);
        assert_eq!(dumped(&setup, &["polls"]), Vec::<Value>::new(), "{bad}");
    }
    fs::write(setup.path("fixture.json"), "[{\"model\": ").expect("a file can be written");
    assert!(setup.run(&["loaddata", "fixture.json"]).expect(1).stderr.contains("not a fixture"));
    let odd = json!([good, choice(json!({"question": 5, "choice_text": "A", "colour": 0, "votes": 2})),
        {"model": "shop.item", "pk": 1, "fields": {}}]);
    fs::write(setup.path("fixture.json"), odd.to_string()).expect("a file can be written");
    setup.run(&["loaddata", "-i", "fixture.json"]).expect(0);
    assert_eq!(dumped(&setup, &["polls.choice"])[0]["fields"], json!({"question": 5, "choice_text": "A", "votes": 2}));
}

fn a_choice_with_ballots_keeps_its_votes(app: &TestApp) {
    let poll = app.poll();
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    let fixture = app.run(&["dumpdata", "polls"]).expect(0).stdout;
    let path = app.path("fixture.json");
    fs::write(&path, fixture.replace("\"votes\":1", "\"votes\":9")).expect("a file can be written");
    let refused = app.run(&["loaddata", "fixture.json"]).expect(1).stderr;
    assert!(refused.contains("has ballots here"), "{refused}");
    assert_eq!(app.totals(&poll), [0, 1, 0]);
    fs::write(&path, fixture).expect("a file can be written");
    app.run(&["loaddata", "fixture.json"]).expect(0);
    app.run(&["recount"]).expect(0);
}

fn flush_leaves_an_empty_site_that_works(app: &TestApp) {
    let poll = app.poll();
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    app.administrator("ada");
    app.bookmark(None, "https://example.org/");
    let unsure = app.run(&["flush"]).expect(1).stderr;
    assert!(unsure.contains("--noinput") && app.all_ballots() == 1, "{unsure}");
    app.run(&["flush", "--noinput"]).expect(0);
    for table in ["polls_question", "polls_ballot", "auth_user", "bookmark_bookmark", "django_session"] {
        assert_eq!(app.count(table), 0, "{table}");
    }
    assert!(app.count("auth_permission") > 0);
    app.get(&poll.detail()).expect(404);
    app.administrator("ada").get("/admin/").expect(200);
    let again = app.poll();
    assert!(again.id > poll.id, "a number is not given twice");
    app.post(&again.vote()).form(&[("choice", &again.value(0))]).expect(303);
    app.run(&["recount"]).expect(0);
}

fn a_fixture_is_chosen_by_apps_and_models(app: &TestApp) {
    app.poll();
    app.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    app.administrator("ada");
    let models = |arguments: &[&str]| {
        let mut arguments = arguments.to_vec();
        arguments.insert(0, "dumpdata");
        let objects: Vec<Value> =
            serde_json::from_str(&app.run(&arguments).expect(0).stdout).expect("a fixture is JSON");
        let mut models: Vec<_> =
            objects.iter().filter_map(|object| object["model"].as_str().map(str::to_owned)).collect();
        models.dedup();
        models
    };
    assert_eq!(models(&["polls"]), ["polls.question", "polls.choice"]);
    assert_eq!(models(&["polls", "-e", "polls.Choice", "bookmark.bookmark"]), ["polls.question", "bookmark.bookmark"]);
    assert_eq!(models(&["auth.user"]), ["auth.user"]);
    let unknown = app.run(&["dumpdata", "shop"]).expect(1).stderr;
    assert!(unknown.contains("there is no app or model \"shop\""), "{unknown}");
}

fn fields_that_are_left_out_have_djangos_defaults(setup: Setup) {
    let setup = Setup::empty(setup.engine());
    let objects = json!([
        {"model": "auth.user", "fields": {"username": "ada", "groups": [["Editors"]]}},
        {"model": "auth.group", "fields": {"name": "Editors", "permissions": [["view_question", "polls", "question"]]}},
        {"model": "polls.choice", "fields": {"question": 3, "choice_text": "A"}},
        {"model": "Polls.Question", "pk": 3, "fields": {"question_text": "Q", "pub_date": "2026-01-01 09:00"}},
    ]);
    load(&setup, &objects).expect(0);
    let user = &dumped(&setup, &["auth.user", "--natural-foreign", "--natural-primary"])[0];
    assert_eq!(user.get("pk"), None);
    assert_eq!((&user["fields"]["is_active"], &user["fields"]["is_staff"]), (&json!(true), &json!(false)));
    assert_eq!(user["fields"]["groups"], json!([["Editors"]]));
    let group = &dumped(&setup, &["auth.group", "--natural-foreign"])[0];
    assert_eq!(group["fields"]["permissions"], json!([["view_question", "polls", "question"]]));
    assert_eq!(dumped(&setup, &["polls.choice"])[0]["fields"]["votes"], 0);
    assert_eq!(dumped(&setup, &["polls.question"])[0]["fields"]["pub_date"], "2026-01-01T09:00:00Z");
}
