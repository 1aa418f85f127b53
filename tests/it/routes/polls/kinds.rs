//! Ballots of every kind, and the rules under which they are taken.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(every_kind_of_ballot_is_stored_with_its_marks),
        on_sqlite(a_ballot_that_is_not_as_the_poll_asks_is_refused_with_the_reason),
        on_every_database(a_vote_can_be_changed_and_withdrawn_where_the_poll_allows_it),
        on_every_database(a_browser_that_changes_its_vote_in_many_tabs_has_one_ballot),
        on_sqlite(a_choice_that_was_withdrawn_is_shown_and_takes_no_votes),
        on_every_database(no_more_choices_are_needed_than_can_be_chosen),
        on_sqlite(a_poll_whose_choices_are_all_withdrawn_says_so),
        on_sqlite(a_draft_is_not_public),
        on_sqlite(results_for_voters_are_shown_to_who_has_voted),
        on_sqlite(rules_that_voters_rely_on_only_become_stricter),
        on_sqlite(a_description_has_paragraphs_and_links),
    ]
}

/// A poll with four choices and these rules, as assignments of SQL.
fn poll_with(app: &TestApp, rules: &str) -> Poll {
    let poll = app.question("Which?").choices(["A", "B", "C", "D"]).create();
    app.execute(&format!("UPDATE polls_question SET {rules} WHERE id = {}", poll.id));
    poll
}

/// A form with a field for each choice that is named by its place: `("rank", 0, "1")` is `rank-{id}=1`.
fn fields(poll: &Poll, marks: &[(&str, usize, &str)]) -> Vec<(String, String)> {
    let field = |(name, at, value): &(&str, usize, &str)| match *name {
        "choice" => ("choice".to_owned(), poll.value(*at)),
        name => (format!("{name}-{}", poll.value(*at)), (*value).to_owned()),
    };
    marks.iter().map(field).collect()
}

#[track_caller]
fn vote(app: &TestApp, poll: &Poll, cookie: &str, marks: &[(&str, usize, &str)], status: u16) -> Response {
    let fields = fields(poll, marks);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.visitor().post(&poll.vote()).header("Cookie", cookie).form(&fields).expect(status)
}

/// The cookie of a new browser for a poll.
fn browser(app: &TestApp, poll: &Poll) -> String {
    let style = app.get(&format!("/polls/browser/{}/view.css", poll.id)).expect(200);
    let voter = style.headers("set-cookie").into_iter().find(|cookie| cookie.starts_with("voter=")).expect("a cookie");
    voter.split(';').next().expect("a pair").to_owned()
}

const SCORES: [(&str, usize, &str); 3] = [("score", 0, "5"), ("score", 1, "0"), ("score", 3, "2")];

fn every_kind_of_ballot_is_stored_with_its_marks(app: &TestApp) {
    let polls = [
        ("several", "min_choices = 2, max_choices = 3, ", vec![("choice", 3, ""), ("choice", 0, "")], [1, 0, 0, 1]),
        ("approval", "", vec![("choice", 1, ""), ("choice", 2, ""), ("choice", 3, "")], [0, 1, 1, 1]),
        ("ranked", "", vec![("rank", 2, "1"), ("rank", 0, "2"), ("rank", 1, ""), ("rank", 3, "3")], [0, 0, 1, 0]),
        ("score", "", SCORES.to_vec(), [1, 0, 0, 1]),
        ("star", "", SCORES.to_vec(), [1, 0, 0, 1]),
    ];
    for (kind, rules, marks, totals) in polls {
        let poll = poll_with(app, &format!("{rules}kind = '{kind}'"));
        let page = app.get(&poll.detail()).expect(200).html();
        let inputs = page.count("form.ballot input[name=choice], form.ballot select, form.ballot fieldset.scored");
        assert_eq!(inputs, 4, "{kind}");
        vote(app, &poll, "", &marks, 303);
        assert_eq!(app.totals(&poll), totals, "{kind}");
        let marked = marks.iter().filter(|(name, _, value)| *name == "choice" || !matches!(*value, "" | "0")).count();
        assert_eq!(usize::try_from(app.ballots(&poll).iter().sum::<i64>()), Ok(marked), "{kind}");
        app.get(&poll.results()).expect(200);
    }
    app.run(&["recount"]).expect(0);
}

fn a_ballot_that_is_not_as_the_poll_asks_is_refused_with_the_reason(app: &TestApp) {
    let refused = |rules: &str, marks: &[(&str, usize, &str)], reason: &str| {
        let poll = poll_with(app, rules);
        let page = vote(app, &poll, "", marks, 400).html();
        assert!(page.text("[role=alert]").starts_with(reason), "{rules} {marks:?}: {}", page.text("[role=alert]"));
        assert!(page.text("title").starts_with("Error:"));
        assert_eq!(app.ballots(&poll), [0; 4]);
    };
    let two = [("choice", 0, ""), ("choice", 1, "")];
    refused("kind = 'several', min_choices = 3", &two, "Please mark at least 3 choices.");
    refused("kind = 'several', max_choices = 1", &two, "Please mark one choice only.");
    refused("kind = 'approval'", &[], "You didn't select a choice.");
    refused("kind = 'approval'", &[("choice", 0, ""), ("choice", 0, "")], "You marked a choice twice");
    refused("kind = 'ranked'", &[("rank", 0, "1"), ("rank", 1, "1")], "You gave rank 1 to more than one choice");
    refused("kind = 'ranked'", &[("rank", 0, "1"), ("rank", 1, "3")], "You gave no choice rank 2");
    refused("kind = 'ranked'", &[("rank", 0, "2")], "You gave no choice rank 1");
    refused("kind = 'ranked'", &[("rank", 0, "first")], "The choice you selected is not there");
    refused("kind = 'score'", &[("score", 0, "6")], "A rank or number of points");
    refused("kind = 'star'", &[("score", 0, "-1")], "A rank or number of points");
    refused("kind = 'score'", &[("score", 0, "0"), ("score", 1, "0")], "You didn't select a choice.");
    refused("kind = 'single'", &[("score", 0, "3")], "A rank or number of points");
    let (poll, other) = (poll_with(app, "kind = 'approval'"), app.poll());
    let foreign = [("choice", &*poll.value(0)), ("choice", &*other.value(0))].map(|(name, id)| (name, id.to_owned()));
    let foreign = foreign.each_ref().map(|(name, id)| (*name, id.as_str()));
    let page = app.post(&poll.vote()).form(&foreign).expect(400).html();
    assert!(page.text("[role=alert]").starts_with("The choice you selected is not there"));
    assert_eq!(app.all_ballots(), 0);
}

fn a_vote_can_be_changed_and_withdrawn_where_the_poll_allows_it(app: &TestApp) {
    let poll = poll_with(app, "kind = 'ranked', voters = 'browser', may_change = (1 = 1)");
    let (cookie, other) = (browser(app, &poll), browser(app, &poll));
    vote(app, &poll, &other, &[("rank", 3, "1")], 303);
    vote(app, &poll, &cookie, &[("rank", 0, "1"), ("rank", 1, "2")], 303);
    vote(app, &poll, &cookie, &[("rank", 1, "1"), ("rank", 0, "2"), ("rank", 2, "3")], 303);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0, 1], vec![1, 1, 1, 1]));
    vote(app, &poll, &cookie, &[("rank", 2, "1")], 303);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 0, 1, 1], vec![0, 0, 1, 1]));
    let withdraw = || {
        let path = format!("{}withdraw/", poll.vote());
        app.visitor().post(&path).header("Cookie", &cookie).form(&[]).send()
    };
    assert_eq!(
        app.get(&poll.detail()).expect(200).html().count(&format!("form[action='{}withdraw/']", poll.vote())),
        1
    );
    for _ in 0..2 {
        assert_eq!(withdraw().expect(303).location(), poll.detail());
        assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 0, 0, 1], vec![0, 0, 0, 1]));
    }
    vote(app, &poll, &cookie, &[("rank", 0, "1")], 303);
    app.execute(&format!("UPDATE polls_question SET may_change = (1 = 0) WHERE id = {}", poll.id));
    withdraw().expect(409);
    let page = vote(app, &poll, &cookie, &[("rank", 1, "1")], 409).html();
    assert!(page.text("[role=alert]").starts_with("You have voted in this poll already."));
    assert_eq!(app.totals(&poll), [1, 0, 0, 1]);
    app.run(&["recount"]).expect(0);
}

fn a_browser_that_changes_its_vote_in_many_tabs_has_one_ballot(app: &TestApp) {
    let poll = poll_with(app, "kind = 'approval', voters = 'browser', may_change = (1 = 1)");
    let cookie = browser(app, &poll);
    std::thread::scope(|scope| {
        for tab in 0..40 {
            let (poll, cookie) = (&poll, &cookie);
            let marks = [("choice", tab % 4, ""), ("choice", (tab + 1) % 4, "")];
            scope.spawn(move || vote(app, poll, cookie, &marks, 303));
        }
    });
    assert_eq!(app.ballots(&poll).iter().sum::<i64>(), 2);
    let totals: Vec<_> = app.totals(&poll).into_iter().map(i64::from).collect();
    assert_eq!(totals, app.ballots(&poll));
    app.run(&["recount"]).expect(0);
}

fn a_choice_that_was_withdrawn_is_shown_and_takes_no_votes(app: &TestApp) {
    let poll = poll_with(app, "kind = 'single'");
    vote(app, &poll, "", &[("choice", 1, "")], 303);
    let ada = app.administrator("ada");
    let path = format!("/admin/polls/choice/{}/change/", poll.choices[1]);
    ada.submit(&path, &[("withdrawn_at", "on")]).expect(303);
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.text("form.ballot .withdrawn"), "B withdrawn");
    assert_eq!(page.count("form.ballot input[type=radio]"), 3);
    let page = vote(app, &poll, "", &[("choice", 1, "")], 400).html();
    assert!(page.text("[role=alert]").starts_with("A choice that you marked has been withdrawn"));
    assert_eq!(app.totals(&poll), [0, 1, 0, 0]);
}

fn no_more_choices_are_needed_than_can_be_chosen(app: &TestApp) {
    let withdraw = |poll: &Poll, at: usize| {
        let choice = poll.choices[at];
        app.execute(&format!("UPDATE polls_choice SET withdrawn_at = '2026-01-01 00:00:00' WHERE id = {choice}"));
    };
    let legend = |poll: &Poll| app.get(&poll.detail()).expect(200).html().text("form.ballot > fieldset > legend");
    let poll = poll_with(app, "kind = 'several', min_choices = 3");
    let (two, three) =
        (&[("choice", 0, ""), ("choice", 1, "")], &[("choice", 0, ""), ("choice", 1, ""), ("choice", 2, "")]);
    vote(app, &poll, "", two, 400);
    assert_eq!(legend(&poll), "Mark 3 choices or more");
    withdraw(&poll, 3);
    assert_eq!(legend(&poll), "Mark 3 choices");
    vote(app, &poll, "", three, 303);
    withdraw(&poll, 2);
    assert_eq!(legend(&poll), "Mark 2 choices");
    let told = vote(app, &poll, "", &two[..1], 400).html().text("[role=alert]");
    assert!(told.starts_with("Please mark at least 2 choices."), "{told}");
    vote(app, &poll, "", two, 303);
    withdraw(&poll, 1);
    assert_eq!(legend(&poll), "Mark one choice");
    vote(app, &poll, "", &two[..1], 303);
    // A rule that contradicts itself, as another program may write it.
    let poll = poll_with(app, "kind = 'several', min_choices = 3, max_choices = 1");
    assert_eq!(legend(&poll), "Mark one choice");
    vote(app, &poll, "", two, 400);
    vote(app, &poll, "", &two[..1], 303);
    // Kinds without bounds, with one choice.
    for (kind, mark) in [("ranked", ("rank", 0, "1")), ("approval", ("choice", 0, "")), ("star", ("score", 0, "1"))] {
        let poll = poll_with(app, &format!("kind = '{kind}', min_choices = 2"));
        (1..4).for_each(|at| withdraw(&poll, at));
        vote(app, &poll, "", &[mark], 303);
    }
    app.run(&["recount"]).expect(0);
}

fn a_poll_whose_choices_are_all_withdrawn_says_so(app: &TestApp) {
    let poll = poll_with(app, "kind = 'several', min_choices = 2");
    app.execute("UPDATE polls_choice SET withdrawn_at = '2026-01-01 00:00:00'");
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(
        (page.count("form.ballot"), page.texts(".withdrawn s")),
        (0, ["A", "B", "C", "D"].map(str::to_owned).into())
    );
    assert!(page.text("main .alert").starts_with("All choices of this poll have been withdrawn"));
    let page = vote(app, &poll, "", &[("choice", 0, "")], 409).html();
    assert!(page.text("[role=alert]").starts_with("All choices of this poll have been withdrawn"));
    app.get(&poll.results()).expect(200);
    assert_eq!(app.all_ballots(), 0);
}

fn a_draft_is_not_public(app: &TestApp) {
    let poll = poll_with(app, "is_draft = 1");
    for path in [poll.detail(), poll.results(), format!("/polls/{}/state.json", poll.id)] {
        app.get(&path).expect(404);
    }
    vote(app, &poll, "", &[("choice", 1, "")], 404);
    assert_eq!(app.all_ballots(), 0);
}

fn results_for_voters_are_shown_to_who_has_voted(app: &TestApp) {
    let poll = poll_with(app, "voters = 'browser', results = 'voted'");
    let voted = vote(app, &poll, &browser(app, &poll), &[("choice", 1, "")], 303);
    let pair = |response: &Response, name: &str| {
        let cookies = response.headers("set-cookie");
        let set = cookies.into_iter().find(|cookie| cookie.starts_with(name)).expect("a cookie");
        set.split(';').next().expect("a pair").to_owned()
    };
    let results = |cookie: &str| app.visitor().get(&poll.results()).header("Cookie", cookie).expect(200);
    let first = results(&pair(&voted, "chosen="));
    let later = results(&pair(&first, "voted="));
    for shown in [&first, &later] {
        assert_eq!(shown.header("cache-control"), Some("private, no-store"));
        assert_eq!(shown.html().count("table.results tbody tr"), 4);
    }
    let other = poll_with(app, "results = 'voted'");
    let foreign = vote(app, &other, "", &[("choice", 1, "")], 303);
    for cookie in ["", "voted=1.x", &pair(&foreign, "chosen=")] {
        let page = app.visitor().get(&poll.results()).header("Cookie", cookie).expect(200).html();
        assert_eq!(page.count("table.results"), 0, "{cookie}");
    }
}

fn rules_that_voters_rely_on_only_become_stricter(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = poll_with(app, "voters = 'browser', results = 'voted'");
    let path = format!("/admin/polls/question/{}/change/", poll.id);
    ada.submit(&path, &[("results", "closed"), ("kind", "approval")]).expect(303);
    vote(app, &poll, &browser(app, &poll), &[("choice", 1, "")], 303);
    for (field, looser) in [("results", "always"), ("voters", "open"), ("kind", "single")] {
        let page = ada.submit(&path, &[(field, looser)]).expect(200).html();
        assert_eq!(page.texts(&format!(".form-row.field-{field} .errorlist li")).len(), 1, "{field}");
    }
    ada.submit(&path, &[("results", "staff")]).expect(303);
    let rules: Vec<(String, String, String)> = rules_of(app, &poll);
    assert_eq!(rules, [("approval".to_owned(), "browser".to_owned(), "staff".to_owned())]);
    // A question that is posted without rules, as Django's form has none, is open.
    let rows = [("question_text", "Posted?"), ("pub_date_0", "2026-01-01"), ("pub_date_1", "00:00:00")];
    let formset = [("choice_set-TOTAL_FORMS", "0"), ("choice_set-INITIAL_FORMS", "0")];
    ada.post("/admin/polls/question/add/", &[&rows[..], &formset[..]].concat()).expect(303);
    let posted = Poll { id: poll.id + 1, choices: Vec::new() };
    assert_eq!(rules_of(app, &posted), [("single".to_owned(), "open".to_owned(), "always".to_owned())]);
    let form = ada.get("/admin/polls/question/add/").expect(200).html();
    assert_eq!(form.attribute("select[name=voters] option[selected]", "value").as_deref(), Some("browser"));
}

fn rules_of(app: &TestApp, poll: &Poll) -> Vec<(String, String, String)> {
    use diesel::prelude::*;
    use polls::polls::schema::polls_question::{id, kind, results, table, voters};
    table.filter(id.eq(poll.id)).select((kind, voters, results)).load(&mut app.open()).expect("the rules")
}

fn a_description_has_paragraphs_and_links(app: &TestApp) {
    let poll = app.poll();
    app.execute("UPDATE polls_question SET description = 'One <b>\n\nSee https://example.com/?a=1&b=2.'");
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.texts(".description"), ["One <b>", "See https://example.com/?a=1&b=2."]);
    assert_eq!(page.attribute(".description a", "href").as_deref(), Some("https://example.com/?a=1&b=2"));
}
