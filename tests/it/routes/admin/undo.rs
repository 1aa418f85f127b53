//! What was changed or deleted is as it was before, for a day, by a button beside the message.

use diesel::prelude::*;
use polls::admin::schema::{admin_change, django_admin_log};
use serde_json::Value;

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, delete, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_change_is_undone),
        on_every_database(what_was_deleted_comes_back_with_its_ballots),
        on_every_database(undoing_a_change_leaves_votes_alone),
        on_every_database(what_has_changed_since_is_not_undone),
        on_every_database(undoing_takes_the_inverse_permission),
        on_every_database(an_undo_is_good_once_and_for_a_day),
        on_every_database(an_upgrade_with_a_new_field_refuses_no_undo),
        on_every_database(others_undo_what_somebody_did_who_is_gone),
        on_every_database(history_and_log_offer_to_undo_as_long_as_that_can_be_done),
        on_every_database(what_an_action_did_to_many_is_undone_at_once),
        on_every_database(many_are_undone_together_or_not_at_all),
    ]
}

/// The number of the newest entry of the log.
fn newest(app: &TestApp) -> i32 {
    let newest = django_admin_log::table.select(diesel::dsl::max(django_admin_log::id));
    newest.first::<Option<i32>>(&mut app.open()).expect("the log can be read").expect("it has entries")
}

fn vote(app: &TestApp, poll: &Poll, choice: usize) {
    app.post(&poll.vote()).form(&[("choice", &poll.value(choice))]).expect(303);
}

fn value(page: &Html, name: &str) -> String {
    page.attribute(&format!("[name={name}]"), "value").unwrap_or_default()
}

fn a_change_is_undone(app: &TestApp) {
    let (ada, poll, bookmark) = (app.administrator("ada"), app.poll(), app.bookmark(None, "https://example.com/"));
    let fields = |path: &str| {
        let fields = ada.get(path).expect(200).html().fields("#change-form");
        fields.into_iter().filter(|(name, _)| name != "_version" && name != "_form_key").collect::<Vec<_>>()
    };
    let other = app.poll().id.to_string();
    let changes = [
        (
            form_of(&poll),
            vec![
                ("question_text", "Why?"),
                ("close_date_0", "2999-01-01"),
                ("close_date_1", "00:00"),
                ("choice_set-0-choice_text", "Changed"),
                ("choice_set-1-DELETE", "on"),
                ("choice_set-3-choice_text", "Added"),
            ],
        ),
        (change(CHOICES, poll.choices[2]), vec![("choice_text", "Changed"), ("question", other.as_str())]),
        (change(BOOKMARKS, bookmark), vec![("title", "Title"), ("url", "https://changed.example/")]),
    ];
    for (path, typed) in changes {
        let before = fields(&path);
        ada.submit(&path, &typed).expect(303);
        assert_eq!(ada.undo().expect(303).location(), path);
        assert!(ada.messages()[0].ends_with("is as it was before."));
        assert_eq!(fields(&path), before);
        // It is told in the history, and can be undone in its turn.
        ada.post(&format!("/admin/undo/{}/", newest(app)), &[]).expect(303);
        assert!(fields(&path) != before);
        ada.post(&format!("/admin/undo/{}/", newest(app)), &[]).expect(303);
        assert_eq!(fields(&path), before);
        let history = ada.get(&path.replace("/change/", "/history/")).expect(200).html();
        assert_eq!(history.count("tbody tr"), 4, "{path}");
    }
    app.run(&["recount"]).expect(0);
}

fn what_was_deleted_comes_back_with_its_ballots(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.question("Seasons").choice_with_votes("Spring", 7).choices(["Summer", "Autumn"]).create();
    for choice in [0, 0, 1] {
        vote(app, &poll, choice);
    }
    let counted = || (app.totals(&poll), app.ballots(&poll));
    let before = counted();
    assert_eq!(before, (vec![9, 1, 0], vec![2, 1, 0]));
    let bookmark = app.bookmark(Some("Title"), "https://example.com/");
    // A choice by its own page, one without votes as a row of its question, with its question; a bookmark.
    ada.post(&delete(CHOICES, poll.choices[0]), &[("post", "yes")]).expect(303);
    assert_eq!(counted(), (vec![1, 0], vec![0, 1, 0]));
    assert_eq!(ada.undo().expect(303).location(), change(CHOICES, poll.choices[0]));
    assert_eq!(counted(), before);
    ada.submit(&form_of(&poll), &[("choice_set-0-DELETE", "on")]).expect(200);
    ada.submit(&form_of(&poll), &[("choice_set-2-DELETE", "on")]).expect(303);
    assert_eq!(counted(), (vec![9, 1], vec![2, 1, 0]));
    ada.undo().expect(303);
    assert_eq!(counted(), before);
    ada.post(&delete(QUESTIONS, poll.id), &[("post", "yes")]).expect(303);
    assert_eq!((counted(), app.all_ballots()), ((vec![], vec![0, 0, 0]), 0));
    app.get(&poll.results()).expect(404);
    ada.undo().expect(303);
    assert_eq!(counted(), before);
    app.run(&["recount"]).expect(0);
    vote(app, &poll, 0);
    assert_eq!(counted(), (vec![10, 1, 0], vec![3, 1, 0]));
    app.run(&["recount"]).expect(0);
    ada.post(&delete(BOOKMARKS, bookmark), &[("post", "yes")]).expect(303);
    ada.undo().expect(303);
    assert_eq!(value(&ada.get(&change(BOOKMARKS, bookmark)).expect(200).html(), "title"), "Title");

    // With its question comes back what went with it, and nothing that had gone before.
    ada.post(&delete(CHOICES, poll.choices[1]), &[("post", "yes")]).expect(303);
    let first = newest(app);
    ada.messages();
    ada.post(&delete(QUESTIONS, poll.id), &[("post", "yes")]).expect(303);
    // The choice cannot come back to a question that is not there.
    ada.post(&format!("/admin/undo/{first}/"), &[]).expect(409);
    ada.undo().expect(303);
    assert_eq!(app.totals(&poll), [10, 0]);
    ada.post(&format!("/admin/undo/{first}/"), &[]).expect(303);
    assert_eq!(counted(), (vec![10, 1, 0], vec![3, 1, 0]));
    app.run(&["recount"]).expect(0);
}

fn undoing_a_change_leaves_votes_alone(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    vote(app, &poll, 0);
    ada.submit(&form_of(&poll), &[("question_text", "Why?"), ("choice_set-0-choice_text", "Changed")]).expect(303);
    vote(app, &poll, 0);
    vote(app, &poll, 1);
    ada.undo().expect(303);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![2, 1, 0], vec![2, 1, 0]));
    // A row that has votes by now does not go with the change that brought it.
    ada.submit(&form_of(&poll), &[("choice_set-3-choice_text", "Added")]).expect(303);
    let entry = newest(app);
    let added = ada.get(&form_of(&poll)).expect(200).html().attributes("[name=choice_set-3-id]", "value").remove(0);
    app.post(&poll.vote()).form(&[("choice", &added)]).expect(303);
    ada.post(&format!("/admin/undo/{entry}/"), &[]).expect(409);
    assert_eq!(app.totals(&poll), [2, 1, 0, 1]);
    // Nor does a choice that has votes by now change its question back.
    let (from, to) = (app.poll(), app.question("What else?").choices(["Nothing"]).create());
    let path = change(CHOICES, from.choices[0]);
    ada.submit(&path, &[("question", &to.id.to_string())]).expect(303);
    let entry = newest(app);
    app.post(&to.vote()).form(&[("choice", &from.value(0))]).expect(303);
    ada.post(&format!("/admin/undo/{entry}/"), &[]).expect(409);
    app.run(&["recount"]).expect(0);
}

fn what_has_changed_since_is_not_undone(app: &TestApp) {
    let (ada, bea, poll) = (app.administrator("ada"), app.administrator("bea"), app.poll());
    let bookmark = app.bookmark(Some("Title"), "https://example.com/");
    let refused = |entry: i32| {
        let written = app.count("django_admin_log");
        let page = ada.post(&format!("/admin/undo/{entry}/"), &[]).expect(409).html();
        assert_eq!(page.text("h1"), "Something has changed meanwhile");
        assert_eq!(app.count("django_admin_log"), written);
        page
    };
    // The page names the object and leads to it, or, where it is gone, to the list.
    let ways = |page: &Html| page.attributes("main a", "href");
    ada.submit(&form_of(&poll), &[("question_text", "Why?")]).expect(303);
    let entry = newest(app);
    for (field, typed) in
        [("question_text", "Who?"), ("choice_set-0-choice_text", "x"), ("choice_set-3-choice_text", "y")]
    {
        bea.submit(&form_of(&poll), &[(field, typed)]).expect(303);
        let page = refused(entry);
        assert!(page.text(".errornote").starts_with("The question “Why?” has been changed since"));
        assert_eq!(ways(&page), [format!("{QUESTIONS}{}/history/", poll.id), form_of(&poll)]);
    }
    bea.post(&delete(QUESTIONS, poll.id), &[("post", "yes")]).expect(303);
    let page = refused(entry);
    assert!(page.text(".errornote").starts_with("The question “Why?” cannot be put back"));
    assert_eq!(ways(&page), [QUESTIONS]);
    // Another has its address by now: after a change, and after a deletion.
    ada.submit(&change(BOOKMARKS, bookmark), &[("url", "https://moved.example/")]).expect(303);
    bea.post(&format!("{BOOKMARKS}add/"), &[("url", "https://example.com/")]).expect(303);
    refused(newest(app) - 1);
    ada.post(&delete(BOOKMARKS, bookmark), &[("post", "yes")]).expect(303);
    let entry = newest(app);
    bea.post(&format!("{BOOKMARKS}add/"), &[("url", "https://moved.example/")]).expect(303);
    refused(entry);
    assert_eq!(app.count("bookmark_bookmark"), 2);
}

fn undoing_takes_the_inverse_permission(app: &TestApp) {
    let poll = app.poll();
    let rights = ["change_question", "delete_question", "delete_choice", "change_choice", "add_choice"];
    let rights: Vec<_> = rights.iter().map(|right| format!("polls.{right}")).collect();
    rights.iter().fold(app.user("bea").staff(), |user, right| user.may(right)).create();
    let bea = app.logged_in("bea");
    let take = |codename: &str| {
        let permission = format!("SELECT id FROM auth_permission WHERE codename = '{codename}'");
        app.execute(&format!("DELETE FROM auth_user_user_permissions WHERE permission_id IN ({permission})"));
    };
    let give = |codename: &str| {
        let permission = format!("SELECT 1, id FROM auth_permission WHERE codename = '{codename}'");
        app.execute(&format!("INSERT INTO auth_user_user_permissions (user_id, permission_id) {permission}"));
    };
    let undo = |entry: i32| bea.post(&format!("/admin/undo/{entry}/"), &[]);
    // What the change did, and what undoing it takes besides changing the question.
    for (typed, needed) in [
        (("question_text", "Why?"), "change_question"),
        (("choice_set-0-choice_text", "Changed"), "change_choice"),
        (("choice_set-0-DELETE", "on"), "add_choice"),
        (("choice_set-3-choice_text", "Added"), "delete_choice"),
    ] {
        bea.submit(&form_of(&poll), &[typed]).expect(303);
        let entry = newest(app);
        take(needed);
        undo(entry).expect(403);
        assert!(app.log.wait_for(&format!("permission=\"polls.{needed}\"")).contains("polls.security"));
        give(needed);
        undo(entry).expect(303);
    }
    bea.post(&delete(QUESTIONS, poll.id), &[("post", "yes")]).expect(303);
    let entry = newest(app);
    undo(entry).expect(403);
    give("add_question");
    take("add_choice");
    undo(entry).expect(403);
    give("add_choice");
    take("change_question");
    // Who may see nothing of it afterwards is led to the first page.
    assert_eq!(undo(entry).expect(303).location(), "/admin/");
    assert_eq!(app.totals(&poll), [0, 0, 0]);
}

fn an_undo_is_good_once_and_for_a_day(app: &TestApp) {
    let (ada, bea, poll) = (app.administrator("ada"), app.administrator("bea"), app.poll());
    let undo = |person: &Person, entry: i32| person.post(&format!("/admin/undo/{entry}/"), &[]);
    ada.submit(&form_of(&poll), &[("question_text", "Why?")]).expect(303);
    let entry = newest(app);
    assert!(undo(&app.person(), entry).expect(302).location().starts_with("/admin/login/"));
    ada.get(&format!("/admin/undo/{entry}/")).expect(405);
    undo(&bea, entry).expect(303);
    for person in [&ada, &bea] {
        undo(person, entry).expect(404);
    }
    // Neither what never was nor an addition, nor what the log alone tells of.
    for entry in [0, 999_999] {
        undo(&ada, entry).expect(404);
    }
    ada.post("/admin/undo/99999999999/", &[]).expect(404);
    ada.messages();
    ada.post(&format!("{BOOKMARKS}add/"), &[("url", "https://example.com/")]).expect(303);
    assert_eq!(ada.get("/admin/").expect(200).html().count(".messagelist form"), 0);
    undo(&ada, newest(app)).expect(404);
    ada.post("/admin/auth/group/add/", &[("name", "Editors")]).expect(303);
    ada.post("/admin/auth/group/1/delete/", &[("post", "yes")]).expect(303);
    assert_eq!(ada.get("/admin/").expect(200).html().count(".messagelist form"), 0);
    undo(&ada, newest(app)).expect(404);

    ada.submit(&form_of(&poll), &[("question_text", "Why?")]).expect(303);
    let aged = |hours: i64| {
        let time = (polls::clock::now() - chrono::TimeDelta::hours(hours)).format("%Y-%m-%d %H:%M:%S");
        app.execute(&format!("UPDATE django_admin_log SET action_time = '{time}' WHERE id = {}", newest(app)));
    };
    aged(25);
    undo(&ada, newest(app)).expect(404);
    aged(23);
    undo(&ada, newest(app)).expect(303);
}

/// Leaves a field out of what the newest entry keeps, as an earlier release did that did not know the field.
fn forget_field(app: &TestApp, field: &str) {
    let row = admin_change::table.find(newest(app));
    let columns = (admin_change::before, admin_change::after);
    let (before, after): (Option<String>, Option<String>) =
        row.select(columns).first(&mut app.open()).expect("the entry is kept");
    let without = |snapshot: Option<String>| {
        let mut snapshot: Value = serde_json::from_str(&snapshot?).expect("a snapshot is JSON");
        snapshot["fields"].as_object_mut().expect("with fields").remove(field).expect("it knows the field");
        Some(snapshot.to_string())
    };
    let (before, after) = (without(before), without(after));
    let set = (admin_change::before.eq(before), admin_change::after.eq(after));
    diesel::update(row).set(set).execute(&mut app.open()).expect("the entry can be written");
}

fn an_upgrade_with_a_new_field_refuses_no_undo(app: &TestApp) {
    let (ada, poll, bookmark) =
        (app.administrator("ada"), app.poll(), app.bookmark(Some("Title"), "https://example.com/"));
    // What the field holds by now stays.
    let path = change(BOOKMARKS, bookmark);
    ada.submit(&path, &[("title", "Changed"), ("url", "https://changed.example/")]).expect(303);
    forget_field(app, "title");
    assert_eq!(ada.undo().expect(303).location(), path);
    let page = ada.get(&path).expect(200).html();
    assert_eq!((value(&page, "title"), value(&page, "url")), ("Changed".into(), "https://example.com/".into()));
    // What comes back is there without it, as a new object would be.
    ada.post(&delete(BOOKMARKS, bookmark), &[("post", "yes")]).expect(303);
    forget_field(app, "title");
    assert_eq!(ada.undo().expect(303).location(), path);
    let page = ada.get(&path).expect(200).html();
    assert_eq!((value(&page, "title"), value(&page, "url")), (String::new(), "https://example.com/".into()));
    // The rows of an inline are compared and brought back all the same.
    let path = form_of(&poll);
    ada.submit(&path, &[("question_text", "Why?"), ("choice_set-1-DELETE", "on")]).expect(303);
    forget_field(app, "close_date");
    ada.undo().expect(303);
    let page = ada.get(&path).expect(200).html();
    assert_eq!(value(&page, "question_text"), "What's new?");
    assert_eq!(page.attribute("[name=choice_set-INITIAL_FORMS]", "value").as_deref(), Some("3"));
}

fn others_undo_what_somebody_did_who_is_gone(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    vote(app, &poll, 0);
    let eve = app.user("eve").staff().may("polls.view_choice").may("polls.delete_choice");
    let eve = eve.may("auth.view_user").may("auth.delete_user").create();
    let person = app.logged_in("eve");
    person.post(&delete(CHOICES, poll.choices[0]), &[("post", "yes")]).expect(303);
    let itself = format!("/admin/auth/user/{eve}/delete/");
    // Nobody deletes himself, by the page or by the list.
    assert!(person.get(&itself).expect(200).html().text(".errornote").contains("your own account"));
    person.post(&itself, &[("post", "yes")]).expect(200);
    let chosen = [("action", "delete_selected"), ("_selected_action", &eve.to_string()), ("post", "yes")];
    person.post("/admin/auth/user/", &chosen).expect(303);
    assert!(person.messages().concat().contains("your own account"));
    assert_eq!(app.count("auth_user WHERE username = 'eve'"), 1);

    ada.post(&itself, &[("post", "yes")]).expect(303);
    assert_eq!(app.count("auth_user WHERE username = 'eve'"), 0);
    // The history of what eve deleted is there, with the name, and so is the way back.
    let path = format!("{CHOICES}{}/history/", poll.choices[0]);
    let history = ada.get(&path).expect(404).html();
    assert_eq!(history.texts("tbody td:nth-of-type(1)"), ["eve (deleted user)"]);
    let log = ada.get("/admin/admin/logentry/?action_flag__exact=3").expect(200).html();
    assert!(log.texts("td.field-user").contains(&"eve (deleted user)".to_owned()), "{:?}", log.texts("td.field-user"));
    let undo = history.attribute("form.undo", "action").expect("a button");
    ada.post(&undo, &[]).expect(303);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![1, 0, 0], vec![1, 0, 0]));
    app.run(&["recount"]).expect(0);
    // The user who has the entries is no account: not listed, not changed, not deleted.
    let keeper = app.count("(SELECT MAX(id) AS id FROM auth_user WHERE username = '(deleted users)') u WHERE id > 0");
    assert_eq!(keeper, 1);
    assert!(!ada.get("/admin/auth/user/").expect(200).text().contains("(deleted users)"));
    let id = app.count("auth_user u JOIN auth_user v ON v.id <= u.id WHERE u.username = '(deleted users)'");
    assert!(id > 0);
    // A second one who is deleted joins the first.
    let bea = app.user("bea").superuser().create();
    app.logged_in("bea").post(&format!("{BOOKMARKS}add/"), &[("url", "https://example.com/")]).expect(303);
    ada.post(&format!("/admin/auth/user/{bea}/delete/"), &[("post", "yes")]).expect(303);
    assert_eq!(app.count("auth_user WHERE username = '(deleted users)'"), 1);
    assert_eq!(app.count("django_admin_log WHERE author = 'bea'"), 1);
}

fn history_and_log_offer_to_undo_as_long_as_that_can_be_done(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    app.user("vic").staff().may("polls.view_question").create();
    let history = format!("{QUESTIONS}{}/history/", poll.id);
    let offered = |person: &Person| person.get(&history).html().attributes("form.undo", "action");
    for text in ["One?", "Two?"] {
        ada.submit(&form_of(&poll), &[("question_text", text)]).expect(303);
    }
    // Only of what is as it was left, and to who may; also once the message was seen.
    let entry = newest(app);
    ada.messages();
    assert_eq!(offered(&ada), [format!("/admin/undo/{entry}/")]);
    assert_eq!(offered(&app.logged_in("vic")), Vec::<String>::new());
    let page = |entry: i32| ada.get(&format!("/admin/admin/logentry/{entry}/change/")).expect(200).html();
    let button = |entry: i32| page(entry).attributes("form[action*='/undo/']", "action");
    assert_eq!(button(entry), [format!("/admin/undo/{entry}/")]);
    assert_eq!(button(entry - 1), Vec::<String>::new());
    // Undone from there, the one before can be, and the undo itself.
    ada.post(&offered(&ada)[0], &[]).expect(303);
    assert_eq!(offered(&ada), [format!("/admin/undo/{}/", newest(app)), format!("/admin/undo/{}/", entry - 1)]);
    ada.post(&format!("/admin/undo/{}/", entry - 1), &[]).expect(303);
    // A deletion, by the history of what is gone; the first page leads there.
    ada.post(&delete(QUESTIONS, poll.id), &[("post", "yes")]).expect(303);
    let entry = newest(app);
    assert_eq!(
        ada.get("/admin/").expect(200).html().attributes(".actionlist .deletelink a", "href"),
        [history.as_str()]
    );
    assert_eq!(offered(&ada), [format!("/admin/undo/{entry}/")]);
    let aged = (polls::clock::now() - chrono::TimeDelta::hours(25)).format("%Y-%m-%d %H:%M:%S");
    app.execute(&format!("UPDATE django_admin_log SET action_time = '{aged}' WHERE id = {entry}"));
    assert_eq!(offered(&ada), Vec::<String>::new());
    assert_eq!(button(entry), Vec::<String>::new());
    ada.get(&format!("{QUESTIONS}4711/history/")).expect(404);
}

fn what_an_action_did_to_many_is_undone_at_once(app: &TestApp) {
    let (ada, first, second) = (app.administrator("ada"), app.poll(), app.poll());
    let later = app.question("Later").upcoming_in(chrono::TimeDelta::hours(1)).choices(["One"]).create();
    vote(app, &second, 1);
    let run =
        |action: &str| ada.post(QUESTIONS, &[("action", action), ("select_across", "1"), ("post", "yes")]).expect(303);
    run("close_now");
    assert_eq!(app.count("polls_question WHERE close_date IS NOT NULL"), 2);
    assert_eq!(ada.undo().expect(303).location(), QUESTIONS);
    assert_eq!(ada.messages(), ["2 objects are as they were before."]);
    assert_eq!(app.count("polls_question WHERE close_date IS NOT NULL"), 0);
    // Of what an action left as it was nothing is undone.
    run("publish_now");
    app.get(&later.detail()).expect(200);
    ada.undo().expect(303);
    app.get(&later.detail()).expect(404);
    run("delete_selected");
    assert_eq!((app.count("polls_question"), app.all_ballots()), (0, 0));
    ada.undo().expect(303);
    assert_eq!((app.totals(&first), app.totals(&second), app.totals(&later)), (vec![0, 0, 0], vec![0, 1, 0], vec![0]));
    app.run(&["recount"]).expect(0);
}

fn many_are_undone_together_or_not_at_all(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.administrator("bea"));
    let urls = ["https://one.example/", "https://two.example/", "https://three.example/"];
    for url in urls {
        app.bookmark(None, url);
    }
    let chosen = [("action", "delete_selected"), ("select_across", "1"), ("post", "yes")];
    ada.post(BOOKMARKS, &chosen).expect(303);
    bea.post(&format!("{BOOKMARKS}add/"), &[("url", urls[1])]).expect(303);
    ada.undo().expect(409);
    assert_eq!(app.count("bookmark_bookmark"), 1);
    bea.post(&delete(BOOKMARKS, 4), &[("post", "yes")]).expect(303);
    for others in ["2,x", "2,99999", "2,4", "2,2", &"2,".repeat(2000)] {
        assert!(matches!(ada.post("/admin/undo/1/", &[("also", others)]).status, 400 | 404), "{others}");
    }
    assert_eq!(app.count("bookmark_bookmark"), 0);
    ada.post("/admin/undo/1/", &[("also", "2,3")]).expect(303);
    assert_eq!(app.count("bookmark_bookmark"), 3);
    // More than can be undone at once says so.
    let rows: Vec<_> = (0..1000).map(|number| format!("('', 'https://example.com/{number}')")).collect();
    app.execute(&format!("INSERT INTO bookmark_bookmark (title, url) VALUES {}", rows.join(", ")));
    ada.messages();
    ada.watch(&ada.post(BOOKMARKS, &chosen).expect(303));
    let page = ada.get("/admin/").expect(200).html();
    let said = "Successfully deleted 1,003 objects. More than 1,000 objects at once cannot be undone.";
    assert_eq!(page.texts(".messagelist li"), [said]);
}
