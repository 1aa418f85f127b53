//! The sources of a poll: bookmarks that its page shows as they were when the first vote came.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(sources_follow_their_bookmarks_until_the_first_vote),
        on_every_database(after_the_first_vote_every_change_of_a_source_is_shown_as_such),
        on_every_database(a_deletion_that_is_undone_brings_the_sources_back),
        on_sqlite(a_private_bookmark_is_no_source_and_leaves_no_trace),
        on_sqlite(what_is_no_bookmark_is_refused_with_its_line),
        on_sqlite(a_source_is_never_markup_or_script),
        on_sqlite(a_copy_of_a_poll_has_its_sources_as_they_are_now),
    ]
}

fn form(poll: &Poll) -> String {
    format!("/admin/polls/question/{}/change/", poll.id)
}

#[track_caller]
fn set(ada: &Person, poll: &Poll, addresses: &[&str]) {
    ada.submit(&form(poll), &[("sources", &addresses.join("\n"))]).expect(303);
}

/// The sources on the poll's page, each with its notes; times are cut off.
fn shown(app: &TestApp, poll: &Poll) -> Vec<String> {
    let page = app.get(&poll.detail()).expect(200).html();
    let cut = |text: String| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.find("vote: ").map_or(text.clone(), |at| text[..at + "vote:".len()].to_owned())
    };
    page.texts(".sources li").into_iter().map(cut).collect()
}

fn rename(app: &TestApp, id: i64, title: &str) {
    app.execute(&format!("UPDATE bookmark_bookmark SET title = '{title}' WHERE id = {id}"));
}

fn vote(app: &TestApp, poll: &Poll) {
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
}

fn sources_follow_their_bookmarks_until_the_first_vote(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    let report = app.bookmark(Some("Report"), "https://example.com/report");
    app.bookmark(None, "https://example.org/");
    app.execute(&format!("UPDATE bookmark_bookmark SET description = 'All we know.' WHERE id = {report}"));
    assert!(shown(app, &poll).is_empty());
    // In whatever spelling, and in the order of the lines.
    set(&ada, &poll, &["EXAMPLE.org", "", "http://example.com/report/"]);
    let expected = ["https://example.org/ example.org", "Report example.com All we know."];
    assert_eq!(shown(app, &poll), expected);
    let page = app.get(&poll.detail()).expect(200).html();
    let links = page.attributes(".sources a", "href");
    assert_eq!(links, ["https://example.org/", "https://example.com/report"]);
    // The form shows the addresses as they are stored.
    let typed = ada.get(&form(&poll)).expect(200).html().text("textarea[name=sources]");
    assert_eq!(typed.split_whitespace().collect::<Vec<_>>(), links);
    rename(app, report, "Final report");
    assert_eq!(shown(app, &poll)[1], "Final report example.com All we know.");
    set(&ada, &poll, &["https://example.com/report", "https://example.org/"]);
    assert_eq!(shown(app, &poll)[0], "Final report example.com All we know.");
    set(&ada, &poll, &["https://example.org/"]);
    assert_eq!(shown(app, &poll), ["https://example.org/ example.org"]);
    assert_eq!(app.count("polls_source"), 1);
}

fn after_the_first_vote_every_change_of_a_source_is_shown_as_such(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    let one = app.bookmark(Some("One"), "https://one.example/");
    let two = app.bookmark(Some("Two"), "https://two.example/");
    app.bookmark(Some("Three"), "https://three.example/");
    set(&ada, &poll, &["https://one.example/", "https://two.example/"]);
    rename(app, one, "First");
    vote(app, &poll);
    let frozen = ["First one.example", "Two two.example"];
    assert_eq!(shown(app, &poll), frozen);
    vote(app, &poll);
    rename(app, one, "Uno");
    app.execute(&format!("DELETE FROM bookmark_bookmark WHERE id = {two}"));
    let changed = [
        "First one.example Changed after the first vote. Now: Uno one.example",
        "Two two.example This bookmark was deleted after the first vote.",
    ];
    assert_eq!(shown(app, &poll), changed);
    // Saved again, they are the same sources.
    ada.submit(&form(&poll), &[("description", "A drink.")]).expect(303);
    assert_eq!(shown(app, &poll), changed);
    set(&ada, &poll, &["https://two.example/", "https://three.example/"]);
    let expected = [
        "Two two.example This bookmark was deleted after the first vote.",
        "Three three.example Added after the first vote:",
        "First one.example Withdrawn after the first vote:",
    ];
    assert_eq!(shown(app, &poll), expected);
    let undo = ada.undo().expect(303);
    assert!(!undo.location().is_empty());
    let found = shown(app, &poll);
    assert!(found.contains(&changed[0].to_owned()), "{found:?}");
    assert!(found.contains(&"Three three.example Added after the first vote:".to_owned()), "{found:?}");
}

fn a_deletion_that_is_undone_brings_the_sources_back(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    let one = app.bookmark(Some("One"), "https://one.example/");
    set(&ada, &poll, &["https://one.example/"]);
    vote(app, &poll);
    rename(app, one, "Uno");
    let before = shown(app, &poll);
    ada.messages();
    ada.post(&format!("/admin/polls/question/{}/delete/", poll.id), &[("post", "yes")]).expect(303);
    ada.undo().expect(303);
    assert_eq!(shown(app, &poll), before);
    app.run(&["recount"]).expect(0);
}

fn a_private_bookmark_is_no_source_and_leaves_no_trace(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    let one = app.bookmark(Some("One"), "https://one.example/");
    let hide = |app: &TestApp, yes: u8| app.execute(&format!("UPDATE bookmark_bookmark SET is_private = {yes}"));
    hide(app, 1);
    let refused = ada.submit(&form(&poll), &[("sources", "https://one.example/")]).expect(200).html();
    assert!(refused.text(".errorlist").contains("Line 1: no public bookmark"), "{}", refused.text(".errorlist"));
    hide(app, 0);
    set(&ada, &poll, &["https://one.example/"]);
    hide(app, 1);
    assert!(shown(app, &poll).is_empty());
    // It was private when the first vote came, so voters have never seen it.
    vote(app, &poll);
    hide(app, 0);
    assert!(shown(app, &poll).is_empty());
    // One that becomes private later is shown no more.
    let other = app.question("Coffee?").choices(["Yes"]).create();
    set(&ada, &other, &["https://one.example/"]);
    vote(app, &other);
    assert_eq!(shown(app, &other), ["One one.example"]);
    hide(app, 1);
    rename(app, one, "Secret");
    assert!(!app.get(&other.detail()).expect(200).text().contains("one.example"));
}

fn what_is_no_bookmark_is_refused_with_its_line(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    app.bookmark(Some("One"), "https://one.example/");
    for (typed, error) in [
        ("https://one.example/\n\nhttps://two.example/", "Line 2: no public bookmark has this address."),
        ("javascript:alert(1)", "Line 1: no public bookmark"),
        ("no address", "Line 1: no public bookmark"),
        (&*"https://one.example/\n".repeat(31), "A poll has at most 30 sources."),
    ] {
        let page = ada.submit(&form(&poll), &[("sources", typed)]).expect(200).html();
        assert!(page.text(".errorlist").contains(error), "{typed}: {}", page.text(".errorlist"));
    }
    assert_eq!(app.count("polls_source"), 0);
    // The same bookmark twice is one source.
    set(&ada, &poll, &["https://one.example/", "one.example"]);
    assert_eq!(app.count("polls_source"), 1);
}

fn a_source_is_never_markup_or_script(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    let id = app.bookmark(Some("<b>One</b>"), "https://one.example/");
    set(&ada, &poll, &["https://one.example/"]);
    app.execute(&format!("UPDATE bookmark_bookmark SET url = 'javascript:alert(1)' WHERE id = {id}"));
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!((page.count(".sources b"), page.count(".sources a"), page.count(".sources li")), (0, 0, 1));
}

fn a_copy_of_a_poll_has_its_sources_as_they_are_now(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    let one = app.bookmark(Some("One"), "https://one.example/");
    set(&ada, &poll, &["https://one.example/"]);
    vote(app, &poll);
    rename(app, one, "Uno");
    ada.post(&format!("/admin/polls/question/{}/duplicate/", poll.id), &[]).expect(303);
    app.execute("UPDATE polls_question SET is_draft = (1 = 0)");
    let copy = app.count("polls_question WHERE id > 0");
    assert_eq!((copy, app.count("polls_source"), app.count("polls_source WHERE title = 'Uno'")), (2, 2, 1));
}
