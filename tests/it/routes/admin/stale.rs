//! Two people at one object: nobody's work is written over unseen.

use super::{BOOKMARKS, CHOICES, QUESTIONS, change, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_stale_form_shows_both_values_and_writes_nothing),
        on_every_database(rows_are_part_of_what_is_stale),
        on_every_database(votes_never_make_a_form_stale),
        on_every_database(an_upgrade_with_a_new_field_makes_no_form_stale),
        on_every_database(of_many_who_save_at_once_one_does),
        on_every_database(a_script_means_what_it_posts),
        on_sqlite(what_they_chose_is_named),
    ]
}

fn a_stale_form_shows_both_values_and_writes_nothing(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.administrator("bea"));
    let (poll, bookmark) = (app.poll(), app.bookmark(Some("Title"), "https://example.com/"));
    for (list, pk, field, other) in [
        (QUESTIONS, poll.id, "question_text", ("pub_date_1", "01:02:03")),
        (CHOICES, poll.choices[0], "choice_text", ("choice_text", "Mine")),
        (BOOKMARKS, bookmark, "title", ("url", "https://mine.example/")),
    ] {
        let path = change(list, pk);
        let opened = ada.get(&path).expect(200).html();
        bea.submit(&path, &[(field, "Theirs")]).expect(303);
        let written = app.count("django_admin_log");
        let page = ada.submit_page(&path, &opened, &[(field, "Mine"), other]).expect(200).html();
        let said = page.text(".errornote[role=alert]");
        assert!(said.starts_with("Somebody else has saved this object since you opened it."), "{said}");
        assert_eq!(page.attribute(&format!("#id_{field}"), "value").as_deref(), Some("Mine"), "{list}");
        assert_eq!(page.text(&format!("#id_{field}_theirs strong")), "Theirs", "{list}");
        let described = page.attribute(&format!("#id_{field}"), "aria-describedby");
        assert_eq!(described, Some(format!("id_{field}_theirs")), "{list}");
        assert_eq!(app.count("django_admin_log"), written, "{list}: nothing was saved");
        // Posted once more with what is still open from before, it is still stale; from the new page it is meant.
        ada.submit_page(&path, &opened, &[(field, "Mine")]).expect(200);
        ada.submit_page(&path, &page, &[]).expect(303);
        let page = ada.get(&path).expect(200).html();
        assert_eq!(page.attribute(&format!("#id_{field}"), "value").as_deref(), Some("Mine"), "{list}");
    }
    // A form that is wrong and stale says both; a value that both typed is no conflict to look at.
    let path = change(BOOKMARKS, bookmark);
    let opened = ada.get(&path).expect(200).html();
    bea.submit(&path, &[("title", "Same"), ("url", "https://theirs.example/")]).expect(303);
    let page = ada.submit_page(&path, &opened, &[("title", "Same"), ("url", "javascript:1")]).expect(200).html();
    assert_eq!((page.count("#id_url_error li"), page.count(".theirs"), page.count("[role=alert]")), (1, 1, 1));
}

fn rows_are_part_of_what_is_stale(app: &TestApp) {
    let (ada, bea, poll) = (app.administrator("ada"), app.administrator("bea"), app.poll());
    let path = form_of(&poll);
    let opened = ada.get(&path).expect(200).html();
    let theirs = [("choice_set-0-choice_text", "Theirs"), ("choice_set-3-choice_text", "Added by them")];
    bea.submit(&path, &theirs).expect(303);
    let mine = [("choice_set-1-choice_text", "Mine"), ("choice_set-3-choice_text", "Added by me")];
    let page = ada.submit_page(&path, &opened, &mine).expect(200).html();
    assert_eq!(page.texts(".theirs strong"), ["Theirs", "The sky"]);
    let texts = page.attributes("#choice_set-group tbody [name$=choice_text]", "value");
    assert_eq!(texts[..5], ["Not much", "Mine", "Just hacking again", "Added by them", "Added by me"]);
    assert_eq!(page.attribute("[name=choice_set-INITIAL_FORMS]", "value").as_deref(), Some("4"));
    assert_eq!(app.count("polls_choice"), 4);
    ada.submit_page(&path, &page, &[("choice_set-0-choice_text", "Theirs")]).expect(303);
    let page = ada.get(&path).expect(200).html();
    let texts = page.attributes("#choice_set-group tbody [name$=choice_text]", "value");
    assert_eq!(texts[..5], ["Theirs", "Mine", "Just hacking again", "Added by them", "Added by me"]);
}

/// A form that was opened before an upgrade does not know the fields that came with it.
fn an_upgrade_with_a_new_field_makes_no_form_stale(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.administrator("bea"));
    let (poll, bookmark) = (app.poll(), app.bookmark(Some("Title"), "https://example.com/"));
    for (path, field, other) in [
        (form_of(&poll), "close_date", "question_text"),
        (form_of(&poll), "choice_set.choice_text", "question_text"),
        (change(BOOKMARKS, bookmark), "url", "title"),
    ] {
        let opened = ada.get(&path).expect(200).html();
        let version = opened.attribute("[name=_version]", "value").expect("a form has a version");
        let is_new = |part: &&str| part.starts_with(&format!("{field}="));
        assert!(version.split(' ').any(|part| is_new(&part)), "{version}");
        let without = version.split(' ').filter(|part| !is_new(part)).collect::<Vec<_>>().join(" ");
        ada.submit_page(&path, &opened, &[("_version", &without), (other, "Mine")]).expect(303);
        // The fields that both know are compared, and a version that names none of them is of no use.
        let opened = ada.get(&path).expect(200).html();
        bea.submit(&path, &[(other, &format!("Theirs at {field}"))]).expect(303);
        ada.submit_page(&path, &opened, &[("_version", &without), (other, "Mine")]).expect(200);
        ada.submit_page(&path, &opened, &[("_version", "0123456789abcdef"), (other, "Mine")]).expect(200);
    }
}

fn votes_never_make_a_form_stale(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    for (path, field) in [(form_of(&poll), "question_text"), (change(CHOICES, poll.choices[0]), "choice_text")] {
        let opened = ada.get(&path).expect(200).html();
        for choice in [0, 0, 1] {
            app.post(&poll.vote()).form(&[("choice", &poll.value(choice))]).expect(303);
        }
        ada.submit_page(&path, &opened, &[(field, "Changed")]).expect(303);
    }
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![4, 2, 0], vec![4, 2, 0]));
    app.run(&["recount"]).expect(0);
}

/// Each has opened the form before anybody saved.
fn of_many_who_save_at_once_one_does(app: &TestApp) {
    let (ada, poll, bookmark) = (app.administrator("ada"), app.poll(), app.bookmark(None, "https://example.com/"));
    let bea = app.user("bea").create();
    app.execute("INSERT INTO auth_group (id, name) VALUES (7, 'Editors')");
    let key = ada.session().expect("a session");
    for (list, pk, field) in [
        (QUESTIONS, poll.id, "question_text"),
        (CHOICES, poll.choices[0], "choice_text"),
        (BOOKMARKS, bookmark, "title"),
        ("/admin/auth/user/", bea.into(), "first_name"),
        ("/admin/auth/group/", 7, "name"),
    ] {
        let path = change(list, pk);
        let fields = ada.get(&path).expect(200).html().fields("#change-form");
        let save = |number: usize| {
            let text = format!("Number {number}");
            let kept = fields.iter().filter(|(name, _)| name != field);
            let fields: Vec<_> =
                kept.map(|(name, value)| (name.as_str(), value.as_str())).chain([(field, text.as_str())]).collect();
            app.post(&path).header("Cookie", format!("sessionid={key}")).form(&fields).send().status
        };
        let save = &save;
        let statuses: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|number| scope.spawn(move || save(number))).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        let saved = statuses.iter().filter(|status| **status == 303).count();
        let shown = statuses.iter().filter(|status| **status == 200).count();
        assert_eq!((saved, shown), (1, 5), "{list}: {statuses:?}");
    }
    assert_eq!(app.count("django_admin_log"), 5);
}

fn a_script_means_what_it_posts(app: &TestApp) {
    let (ada, bea, poll) = (app.administrator("ada"), app.administrator("bea"), app.poll());
    bea.submit(&form_of(&poll), &[("question_text", "Theirs")]).expect(303);
    let script = [("question_text", "Scripted"), ("pub_date_0", "2026-03-01"), ("pub_date_1", "09:00")];
    assert_eq!(ada.post(&form_of(&poll), &script).expect(303).location(), QUESTIONS);
    assert_eq!(app.totals(&poll), [0, 0, 0], "rows that are not posted stay");
    // Rows as Django's own form posts them, and without Django's count.
    let first = poll.value(0);
    let rows =
        [("choice_set-0-id", first.as_str()), ("choice_set-0-choice_text", "One"), ("choice_set-1-choice_text", "Two")];
    let management = [
        ("choice_set-TOTAL_FORMS", "2"),
        ("choice_set-INITIAL_FORMS", "1"),
        ("choice_set-MIN_NUM_FORMS", "0"),
        ("choice_set-MAX_NUM_FORMS", "1000"),
        ("csrfmiddlewaretoken", "whatever"),
        ("_save", "Save"),
    ];
    ada.post(&form_of(&poll), &[&script[..], &rows, &management].concat()).expect(303);
    ada.post(&form_of(&poll), &[&script[..], &rows].concat()).expect(303);
    assert_eq!(app.count("polls_choice WHERE choice_text = 'Two'"), 2);
    assert_eq!(app.count("polls_choice WHERE choice_text = 'One'"), 1);
    let choice = [("question", poll.id.to_string()), ("choice_text", "Scripted".to_owned())];
    let choice: Vec<_> = choice.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ada.post(&change(CHOICES, poll.choices[0]), &choice).expect(303);
    let add = ada.send(app.post(&format!("{BOOKMARKS}add/")).multipart(&[("url", "https://example.com/")]));
    assert_eq!(add.expect(303).location(), BOOKMARKS);
}

fn what_they_chose_is_named(app: &TestApp) {
    let (ada, bea, cy) = (app.administrator("ada"), app.administrator("bea"), app.user("cy").create());
    app.execute("INSERT INTO auth_group (id, name) VALUES (1, 'Authors'), (2, 'Editors')");
    let path = change("/admin/auth/user/", cy.into());
    let opened = ada.get(&path).expect(200).html();
    let theirs =
        || ada.submit_page(&path, &opened, &[("groups", "2")]).expect(200).html().text("#id_groups_theirs strong");
    bea.submit(&path, &[("groups", "1"), ("groups", "2")]).expect(303);
    assert_eq!(theirs(), "Authors, Editors");
    bea.submit_page(&path, &opened, &[("_version", ""), ("first_name", "Cy")]).expect(303);
    assert_eq!(theirs(), "–");
}
