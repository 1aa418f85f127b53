//! Links of polls by invitation: how staff make, list and withdraw them.

use super::{QUESTIONS, form_of, history};
use crate::support::*;

const INVITATIONS: &str = "/admin/polls/invitation/";

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_sheet_has_a_card_with_a_link_that_votes_for_each_voter),
        on_every_database(a_file_has_the_links_of_all_who_are_named),
        on_every_database(a_form_that_is_sent_twice_makes_its_links_once),
        on_sqlite(what_cannot_be_made_is_said_and_makes_nothing),
        on_sqlite(the_links_of_a_poll_that_is_open_to_all_are_warned_of),
        on_every_database(links_are_listed_without_their_secrets_and_withdrawn),
        on_sqlite(an_invitation_is_never_changed_or_deleted),
        on_sqlite(inviting_takes_the_permission_to_change_questions),
    ]
}

fn poll_by_invitation(app: &TestApp) -> Poll {
    let poll = app.poll();
    app.execute(&format!("UPDATE polls_question SET voters = 'invitation' WHERE id = {}", poll.id));
    poll
}

fn invite(poll: &Poll) -> String {
    format!("{QUESTIONS}{}/invite/", poll.id)
}

/// The path of a link.
fn path(address: &str) -> &str {
    &address[address.find("/polls/").expect("an address of a poll")..]
}

fn a_sheet_has_a_card_with_a_link_that_votes_for_each_voter(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = poll_by_invitation(app);
    let page = ada.get(&form_of(&poll)).expect(200).html();
    assert!(page.attributes(".object-tools a", "href").contains(&invite(&poll)));
    let page = ada.get(&invite(&poll)).expect(200).html();
    assert!(page.text("form.sheet").contains("0 of 0 invitations used."));
    let sheet = ada.post(&invite(&poll), &[("count", "3"), ("names", ""), ("as", "sheet")]).expect(200);
    assert_eq!(sheet.header("cache-control"), Some("private, no-store"));
    let sheet = sheet.html();
    assert_eq!(sheet.texts(".cards .for"), ["1", "2", "3"]);
    assert_eq!(sheet.texts(".cards .qr svg").len(), 3);
    let addresses = sheet.texts(".cards .address");
    for address in &addresses {
        app.post(path(address)).form(&[("choice", &poll.value(0))]).expect(303);
        app.post(path(address)).form(&[("choice", &poll.value(1))]).expect(409);
    }
    assert_eq!(app.totals(&poll), [3, 0, 0]);
    let page = ada.get(&invite(&poll)).expect(200).html();
    assert!(page.text("form.sheet").contains("3 of 3 invitations used."));
    // The numbers go on.
    let more = ada.post(&invite(&poll), &[("count", "1")]).expect(200).html();
    assert_eq!(more.texts(".cards .for"), ["4"]);
    let told = ada.get(&history(QUESTIONS, poll.id)).expect(200).html().texts("tbody td p");
    assert_eq!(told.iter().filter(|line| line.contains("Invitations")).count(), 2, "{told:?}");
}

fn a_file_has_the_links_of_all_who_are_named(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = poll_by_invitation(app);
    let names = "Bob\r\n\r\n  홍길동 \r\n=HYPERLINK(1)\r\n";
    let file = ada.post(&invite(&poll), &[("names", names), ("as", "csv")]).expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let named = format!("attachment; filename=\"invitations-{}.csv\"", poll.id);
    assert_eq!(file.header("content-disposition"), Some(&*named));
    assert_eq!(file.header("cache-control"), Some("private, no-store"));
    let text = file.text();
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
    let labels: Vec<_> = lines.iter().map(|line| line.rsplit_once(',').expect("two cells").0).collect();
    assert_eq!(labels, ["label", "Bob", "홍길동", "'=HYPERLINK(1)"]);
    let address = lines[2].rsplit_once(',').expect("two cells").1;
    app.post(path(address)).form(&[("choice", &poll.value(1))]).expect(303);
    assert_eq!(app.totals(&poll), [0, 1, 0]);
}

fn a_form_that_is_sent_twice_makes_its_links_once(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = poll_by_invitation(app);
    let mut fields = ada.get(&invite(&poll)).expect(200).html().fields("form.sheet");
    fields.retain(|(name, _)| name == "_form_key");
    let fields = [("_form_key", fields[0].1.as_str()), ("count", "2")];
    ada.post(&invite(&poll), &fields).expect(200);
    let again = ada.post(&invite(&poll), &fields).expect(303);
    assert_eq!(again.location(), invite(&poll));
    let page = ada.get(&invite(&poll)).expect(200).html();
    assert!(page.text(".messagelist").contains("2 links were made once"), "{}", page.text(".messagelist"));
    assert_eq!(app.count("polls_invitation"), 2);
}

fn what_cannot_be_made_is_said_and_makes_nothing(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = poll_by_invitation(app);
    let (long, many) = ("가".repeat(201), "Bob\n".repeat(501));
    let refused = |count: &str, names: &str, said: &str| {
        let page = ada.post(&invite(&poll), &[("count", count), ("names", names)]).expect(200).html();
        assert!(page.text("[role=alert]").contains(said), "{said}: {}", page.text("[role=alert]"));
        assert!(page.text("title").starts_with("Error:"));
        // What was typed is still there.
        assert_eq!(page.attribute("#id_count", "value"), Some(count.to_owned()));
        assert_eq!(page.text("#id_names"), names.split_whitespace().collect::<Vec<_>>().join(" "));
    };
    refused("", " \r\n ", "Enter a number, or names.");
    refused("2", "Bob", "Enter a number or names, not both.");
    for count in ["0", "501", "-1", "2.5", "a", "99999999999999999999"] {
        refused(count, "", "Make 1 to 500 links at once.");
    }
    refused("", &many, "Make 1 to 500 links at once.");
    refused("", &long, "A name has at most 200 characters.");
    assert_eq!(app.count("polls_invitation"), 0);
    ada.get(&format!("{QUESTIONS}999999/invite/")).expect(404);
    ada.post(&format!("{QUESTIONS}999999/invite/"), &[("count", "1")]).expect(404);
}

fn the_links_of_a_poll_that_is_open_to_all_are_warned_of(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.poll();
    let tools = ada.get(&form_of(&poll)).expect(200).html().attributes(".object-tools a", "href");
    assert!(!tools.contains(&invite(&poll)), "{tools:?}");
    let page = ada.get(&invite(&poll)).expect(200).html();
    assert!(page.text(".warning").contains("This poll is not by invitation"));
}

fn links_are_listed_without_their_secrets_and_withdrawn(app: &TestApp) {
    let ada = app.administrator("ada");
    let (poll, other) = (poll_by_invitation(app), poll_by_invitation(app));
    let sheet = ada.post(&invite(&poll), &[("names", "Bob\nEve")]).expect(200).html();
    ada.post(&invite(&other), &[("names", "Mallory")]).expect(200);
    let addresses = sheet.texts(".cards .address");
    app.post(path(&addresses[0])).form(&[("choice", &poll.value(0))]).expect(303);

    let page = ada.get(&invite(&poll)).expect(200).html();
    let list = page.attribute("form.sheet p a", "href").expect("a link to the list");
    let page = ada.get(&list).expect(200);
    for address in &addresses {
        let token = address.trim_end_matches('/').rsplit('/').next().expect("a token");
        assert!(!page.text().contains(token));
    }
    let page = page.html();
    assert_eq!(page.texts("#result_list tbody th"), ["Eve", "Bob"]);
    assert_eq!(page.texts("#result_list .field-state"), ["Valid", "Valid"]);
    assert_eq!(
        ada.get(&format!("{INVITATIONS}?q=mallory")).expect(200).html().texts("#result_list tbody th"),
        ["Mallory"]
    );

    let ids = page.attributes("#result_list .action-select", "value");
    let fields = [("action", "withdraw"), ("_selected_action", &ids[0]), ("_selected_action", &ids[1])];
    ada.post(&list, &fields).expect(303);
    app.get(path(&addresses[1])).expect(410);
    app.post(path(&addresses[1])).form(&[("choice", &poll.value(1))]).expect(410);
    assert_eq!(app.totals(&poll), [1, 0, 0]);
    let page = ada.get(&list).expect(200).html();
    assert_eq!(page.texts("#result_list .field-state"), ["Withdrawn", "Withdrawn"]);
    assert!(page.text(".messagelist").contains("2 invitations were withdrawn."));
    assert!(ada.get(&format!("{list}&state=valid")).expect(200).html().texts("#result_list tbody th").is_empty());
}

fn an_invitation_is_never_changed_or_deleted(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = poll_by_invitation(app);
    ada.post(&invite(&poll), &[("count", "1")]).expect(200);
    let page = ada.get(INVITATIONS).expect(200).html();
    let object = page.attribute("#result_list tbody th a", "href").expect("a link");
    ada.post(&object, &[("label", "Mallory"), ("_save", "Save")]);
    ada.post(&object.replace("/change/", "/delete/"), &[("post", "yes")]);
    let id = &page.attributes("#result_list .action-select", "value")[0];
    ada.post(INVITATIONS, &[("action", "delete_selected"), ("_selected_action", id), ("post", "yes")]);
    ada.get(&format!("{INVITATIONS}add/")).expect(403);
    assert_eq!(app.count("polls_invitation WHERE label = '1'"), 1);
}

fn inviting_takes_the_permission_to_change_questions(app: &TestApp) {
    let poll = poll_by_invitation(app);
    app.user("viewer").staff().may("polls.view_question").may("polls.change_invitation").create();
    app.user("editor").staff().may("polls.change_question").create();
    let (viewer, editor) = (app.logged_in("viewer"), app.logged_in("editor"));
    viewer.get(&invite(&poll)).expect(403);
    viewer.post(&invite(&poll), &[("count", "1")]).expect(403);
    let tools = viewer.get(&form_of(&poll)).expect(200).html().attributes(".object-tools a", "href");
    assert!(!tools.contains(&invite(&poll)), "{tools:?}");
    assert_eq!(app.count("polls_invitation"), 0);
    editor.post(&invite(&poll), &[("count", "1")]).expect(200);
    app.get(&invite(&poll)).expect(302);
    assert_eq!(app.count("polls_invitation"), 1);
}
