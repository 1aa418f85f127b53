//! `/polls/{id}/results/`

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(every_choice_is_shown_with_its_votes_in_words_that_fit),
        on_sqlite(in_korean_there_is_one_form),
        on_sqlite(without_a_vote_nothing_is_divided_by_it),
        on_every_database(the_largest_total_is_shown_and_not_exceeded),
        on_sqlite(the_way_back_to_the_form_is_there),
        on_sqlite(shares_add_up_and_digits_are_grouped),
        on_sqlite(the_end_is_shown_with_its_zone),
        on_sqlite(who_leads_and_who_has_won_is_said_in_words),
        on_sqlite(what_is_hidden_is_nowhere),
        on_every_database(the_numbers_are_there_for_programs),
        on_every_database(every_kind_of_ballot_is_counted),
    ]
}

fn every_choice_is_shown_with_its_votes_in_words_that_fit(app: &TestApp) {
    let poll =
        app.question("How many?").choices(["None"]).choice_with_votes("One", 1).choice_with_votes("Two", 2).create();
    let page = app.get(&poll.results()).expect(200).html();
    assert_eq!(page.texts("main tr .choice-text"), ["Two", "One", "None"]);
    assert_eq!(page.texts("main tr .votes"), ["2 votes", "1 vote", "0 votes"]);
    assert_eq!(page.text("main .total"), "3 votes in all");
    assert_eq!(page.attributes("main tr svg rect", "width"), ["66.7%", "33.3%", "0%"]);
    assert_eq!(page.texts("main tr .percentage"), ["66.7%", "33.3%", "0%"]);
    let page = app.get(&poll.results_as_written()).expect(200).html();
    assert_eq!(page.texts("main tr .choice-text"), ["None", "One", "Two"]);
}

fn in_korean_there_is_one_form(app: &TestApp) {
    let poll = app.question("몇 표?").choice_with_votes("하나", 1).choice_with_votes("둘", 2).create();
    let page = app.get(&poll.results()).header("Accept-Language", "ko-KR,ko;q=0.9,en;q=0.5").expect(200).html();
    assert_eq!(page.texts("main tr .votes"), ["2표", "1표"]);
    assert_eq!(page.text("main .total"), "총 3표");
}

fn without_a_vote_nothing_is_divided_by_it(app: &TestApp) {
    let poll = app.poll();
    let page = app.get(&poll.results()).expect(200).html();
    assert_eq!(page.texts("main tr .votes"), ["0 votes", "0 votes", "0 votes"]);
    assert_eq!(page.attributes("main tr svg rect", "width"), ["0%", "0%", "0%"]);
    assert_eq!(page.text("main .total"), "No votes yet");
}

/// Django's column ends at 2,147,483,647: the next vote cannot be counted and must say so.
fn the_largest_total_is_shown_and_not_exceeded(app: &TestApp) {
    let poll = app.question("Full?").choice_with_votes("Yes", i32::MAX).choices(["No"]).create();
    app.get(&poll.results()).expect(200);
    let response = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send();
    assert!((400..500).contains(&response.status) || response.status == 503, "{}", response.status);
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    assert_eq!(app.totals(&poll), [i32::MAX, 1]);
    assert_eq!(app.ballots(&poll), [0, 1]);
    app.get(&poll.results()).expect(200);
}

fn the_way_back_to_the_form_is_there(app: &TestApp) {
    let poll = app.poll();
    let offered = |path: &str| app.get(path).expect(200).html().texts(&format!("main a[href='{}']", poll.detail()));
    assert_eq!(offered(&poll.results()), ["Vote"]);
    let vote = app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    let set = vote.headers("set-cookie").into_iter().find(|cookie| cookie.starts_with("chosen=")).expect("a cookie");
    assert!(set.contains(&format!("Path={};", poll.results())), "{set}");
    let cookie = set.split(';').next().expect("a pair");
    let after = || app.get(&poll.results()).header("Cookie", cookie).expect(200);
    let again = |page: &Html| page.texts(&format!("main a[href='{}']", poll.detail()));
    let page = after();
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert!(page.headers("set-cookie").iter().any(|set| set.starts_with("chosen=") && set.contains("Max-Age=0")));
    let page = page.html();
    assert_eq!(
        page.text(".done[role=status][tabindex='-1'][autofocus]"),
        "Your vote was counted. You voted for: The sky"
    );
    assert_eq!(again(&page), ["Vote again?"]);
    app.execute("UPDATE polls_question SET voters = 'browser'");
    assert_eq!(again(&after().html()), [""; 0]);
    assert_eq!(offered(&poll.results()), ["Vote"]);
    let forged = format!("{}x", &cookie[..cookie.len() - 1]);
    let page = app.get(&poll.results()).header("Cookie", &forged).expect(200).html();
    assert_eq!(page.count(".done"), 0);
    app.execute("UPDATE polls_question SET close_date = pub_date");
    assert_eq!(offered(&poll.results()), [""; 0]);
}

fn shares_add_up_and_digits_are_grouped(app: &TestApp) {
    let shown = |votes: [i32; 3]| {
        let [a, b, c] = votes;
        let poll =
            app.question("Shares?").choice_with_votes("A", a).choice_with_votes("B", b).choice_with_votes("C", c);
        let page = app.get(&poll.create().results()).expect(200).html();
        (page.texts("main tr .percentage"), page.texts("main tr .votes"), page.text("main .total"))
    };
    assert_eq!(shown([1, 1, 1]).0, ["33.4%", "33.3%", "33.3%"]);
    assert_eq!(shown([5, 5, 0]).0, ["50%", "50%", "0%"]);
    let (shares, votes, total) = shown([1, 999_999, 0]);
    assert_eq!(shares, [">99.9%", "<0.1%", "0%"]);
    assert_eq!((votes[0].as_str(), total.as_str()), ("999,999 votes", "1,000,000 votes in all"));
}

fn the_end_is_shown_with_its_zone(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let open = app.question("Open?").closed_ago(-TimeDelta::days(1)).choices(["Yes"]).create();
    let closed = app.question("Closed?").closed_ago(TimeDelta::days(1)).choices(["Yes"]).create();
    for (poll, word) in [(&open, "Open until"), (&closed, "Since")] {
        for path in [poll.detail(), poll.results()] {
            let notes = app.get(&path).expect(200).html().texts("main .note");
            assert!(notes.iter().any(|note| note.contains(word) && note.contains("KST")), "{path}: {notes:?}");
        }
    }
    let notes = app.get("/polls/").expect(200).html().texts("main li .note");
    for word in ["Closes", "Closed"] {
        assert!(notes.iter().any(|note| note.contains(word) && note.contains("KST")), "{notes:?}");
    }
}

fn who_leads_and_who_has_won_is_said_in_words(app: &TestApp) {
    let poll = app.question("Which?").choice_with_votes("A", 2).choice_with_votes("B", 2).choices(["C"]).create();
    let summary = |language: &str| {
        let page = app.get(&poll.results()).header("Accept-Language", language).expect(200).html();
        (page.text(".summary"), page.count(".summary[hidden]"))
    };
    assert_eq!(summary("en"), ("Tied for first place so far: A, B".to_owned(), 0));
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    assert_eq!(summary("en").0, "Leading so far: B");
    assert_eq!(summary("ko").0, "현재 1위: B");
    app.execute("UPDATE polls_question SET close_date = pub_date");
    assert_eq!(summary("en").0, "First place: B");
    app.execute("UPDATE polls_choice SET votes = 0");
    assert_eq!(summary("en").0, "Nobody has voted.");
    app.execute("UPDATE polls_question SET close_date = NULL");
    assert_eq!(summary("en"), (String::new(), 1));
}

/// Neither for readers nor for programs, but for staff who may see them in the admin.
fn what_is_hidden_is_nowhere(app: &TestApp) {
    let poll = app.question("Hidden?").choice_with_votes("Yes", 31337).choices(["No"]).create();
    let ada = app.administrator("ada");
    app.user("bob").staff().create();
    let bob = app.logged_in("bob");
    let state = format!("{}state.json", poll.detail());
    let codes = ["qr.svg", "qr.png"].map(|name| format!("{}{name}", poll.detail()));
    let [svg, png] = &codes;
    let paths = ["/", "/polls/", &poll.detail(), &poll.results(), &state, svg, png, "/polls/feed/", "/sitemap.xml"];
    for (rule, why) in [("voted", "who have voted"), ("closed", "after the close"), ("staff", "staff only")] {
        app.execute(&format!("UPDATE polls_question SET results = '{rule}'"));
        for path in paths {
            for page in [app.get(path).expect(200), bob.get(path).expect(200)] {
                let text = page.text();
                assert!(!["31337", "31,337", "100%"].iter().any(|number| text.contains(number)), "{rule}: {path}");
            }
        }
        assert!(app.get(&poll.results()).expect(200).html().text("main .empty").contains(why), "{rule}");
        assert_eq!(app.get(&state).expect(200).json()["results"], serde_json::Value::Null);
        assert!(ada.get(&poll.results()).expect(200).text().contains("31,337"), "{rule}");
        // No validator tells of votes.
        let tag = |path: &str| app.get(path).expect(200).header("etag").map(str::to_owned);
        let before = [tag(&poll.results()), tag(&state)];
        app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
        assert_eq!([tag(&poll.results()), tag(&state)], before, "{rule}");
    }
    app.execute("UPDATE polls_question SET close_date = pub_date, results = 'voted'");
    assert!(app.get(&poll.results()).expect(200).text().contains("31,337"));
}

fn the_numbers_are_there_for_programs(app: &TestApp) {
    let poll = app.question("Which?").choice_with_votes("A", 1).choice_with_votes("B", 999).create();
    let path = format!("{}state.json", poll.detail());
    let answer = app.get(&path).expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("max-age=0, s-maxage=1, must-revalidate"));
    let expected = serde_json::json!({
        "state": "open",
        "closes": null,
        "results": {
            "ballots": 1000,
            "leaders": [poll.choices[1]],
            "choices": [
                {"id": poll.choices[0], "votes": 1, "place": 2, "width": "0.1", "share": "0.1%", "text": "1 vote"},
                {"id": poll.choices[1], "votes": 999, "place": 1, "width": "99.9", "share": "99.9%", "text": "999 votes"},
            ],
            "text": "1,000 votes in all",
            "summary": "Leading so far: B",
        },
    });
    assert_eq!(answer.json(), expected);
    let tag = answer.header("etag").expect("a validator");
    app.get(&path).header("If-None-Match", tag).expect(304);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    app.get(&path).header("If-None-Match", tag).expect(200);
    app.execute("UPDATE polls_question SET close_date = '2026-01-02 03:04:05', pub_date = '2026-01-01 00:00:00'");
    let closed = app.get(&path).expect(200).json();
    assert_eq!((&closed["state"], &closed["closes"]), (&"closed".into(), &"2026-01-02T03:04:05Z".into()));
    app.get("/polls/99999/state.json").expect(404);
}

/// Ballots as the ballot box writes them.
fn every_kind_of_ballot_is_counted(app: &TestApp) {
    let shown = |kind: &str, ballots: &[&[(usize, i16)]]| {
        let poll = app.question("Which?").choices(["A", "B", "C"]).create();
        app.execute(&format!("UPDATE polls_question SET kind = '{kind}' WHERE id = {}", poll.id));
        for (voter, marks) in ballots.iter().enumerate() {
            for (mark, (choice, value)) in marks.iter().enumerate() {
                let choice = poll.choices[*choice];
                app.execute(&format!(
                    "INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at, mark, value) \
                     VALUES ({}, {choice}, 'voter {voter}', '2026-01-01 00:00:00', {mark}, {value})",
                    poll.id
                ));
                if kind != "ranked" || *value == 1 {
                    app.execute(&format!("UPDATE polls_choice SET votes = votes + 1 WHERE id = {choice}"));
                }
            }
        }
        let page = app.get(&poll.results()).expect(200).html();
        (page.text(".summary"), page.text(".total"), page.texts(".votes"), page.texts(".percentage"), page)
    };
    let (summary, total, votes, shares, _) = shown("approval", &[&[(0, 1), (1, 1)], &[(1, 1)], &[(2, 1), (1, 1)]]);
    assert_eq!((summary.as_str(), total.as_str()), ("Leading so far: B", "3 ballots in all"));
    assert_eq!(
        (votes, shares),
        (
            vec!["3 votes".into(), "1 vote".into(), "1 vote".into()],
            ["100%", "33.3%", "33.3%"].map(str::to_owned).into()
        )
    );

    let (summary, total, votes, shares, _) = shown("score", &[&[(0, 5), (1, 3)], &[(1, 3)]]);
    assert_eq!((summary.as_str(), total.as_str()), ("Leading so far: B", "2 ballots in all"));
    assert_eq!((votes[0].as_str(), shares[0].as_str()), ("6 points", "60%"));

    // C leaves in the first round, and its ballot goes to B.
    let ranked: [&[(usize, i16)]; 5] = [&[(0, 1)], &[(0, 1)], &[(1, 1)], &[(1, 1)], &[(2, 1), (1, 2)]];
    let (summary, total, _, _, page) = shown("ranked", &ranked);
    assert_eq!((summary.as_str(), total.as_str()), ("Leading so far: B", "5 ballots in all"));
    assert_eq!(page.texts(".rounds tbody td"), ["2", "3", "2", "2", "1", "–", "0", "0"]);

    let (summary, ..) = shown("star", &[&[(0, 5), (1, 4)], &[(1, 2), (2, 1)], &[(1, 1)]]);
    assert_eq!(summary, "Leading so far: B");
}
