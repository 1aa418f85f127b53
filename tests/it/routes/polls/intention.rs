//! One view of a page votes once, however many posts it sends; programs are counted post by post.

use chrono::{NaiveDateTime, TimeDelta, Timelike as _};
use diesel::prelude::*;
use polls::polls::schema::polls_ballot;

use crate::support::*;

const VIEW: &str = "06a5f0AAAAAAAAAAAAAAAAAAAAAA";

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(posts_of_one_page_view_count_once),
        on_every_database(twenty_posts_of_one_page_view_at_once_count_once),
        on_sqlite(the_forms_id_counts_before_the_cookies),
        on_sqlite(a_malformed_id_is_no_id),
        on_sqlite(a_page_view_votes_in_each_poll),
        on_sqlite(every_load_of_the_stylesheet_begins_a_page_view),
        on_sqlite(the_cookie_is_sent_with_votes_alone),
        on_sqlite(a_page_that_takes_no_votes_begins_no_page_view),
        on_sqlite(a_browser_that_names_no_page_view_is_asked_to_confirm),
        on_sqlite(a_key_counts_before_a_page_view),
        on_sqlite(a_ballot_says_neither_when_it_was_cast_nor_from_which_page),
    ]
}

fn cookie(view: &str) -> String {
    format!("view={view}")
}

fn posts_of_one_page_view_count_once(app: &TestApp) {
    let poll = app.poll();
    for _ in 0..3 {
        let response = app.post(&poll.vote()).header("Cookie", cookie(VIEW)).form(&[("choice", &poll.value(1))]);
        assert_eq!(response.expect(303).location(), poll.results());
    }
    app.post(&poll.vote()).form(&[("choice", &poll.value(1)), ("view", VIEW)]).expect(303);
    let other = app.post(&poll.vote()).header("Cookie", cookie(VIEW)).form(&[("choice", &poll.value(2))]).expect(409);
    assert!(other.html().text("[role=alert]").starts_with("This page has voted for another choice already."));
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));
    app.run(&["recount"]).expect(0);
}

fn twenty_posts_of_one_page_view_at_once_count_once(app: &TestApp) {
    let poll = app.poll();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            let (visitor, poll) = (app.visitor(), &poll);
            scope.spawn(move || {
                let vote = visitor.post(&poll.vote()).header("Cookie", cookie(VIEW));
                vote.form(&[("choice", &poll.value(0))]).expect(303)
            });
        }
    });
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![1, 0, 0], vec![1, 0, 0]));
}

fn the_forms_id_counts_before_the_cookies(app: &TestApp) {
    let poll = app.poll();
    for view in [VIEW.replace('A', "B"), VIEW.replace('A', "C")] {
        let vote = app.post(&poll.vote()).header("Cookie", cookie(VIEW));
        vote.form(&[("choice", &poll.value(1)), ("view", &view)]).expect(303);
    }
    assert_eq!(app.totals(&poll), [0, 2, 0]);
}

fn a_malformed_id_is_no_id(app: &TestApp) {
    let poll = app.poll();
    for view in ["", "x", &VIEW[1..], &VIEW.replace('0', "G"), "06a5f0\u{e9}AAAAAAAAAAAAAAAAAAAAA"] {
        app.post(&poll.vote()).form(&[("choice", &poll.value(1)), ("view", view)]).expect(303);
        app.post(&poll.vote()).header("Cookie", cookie(view)).form(&[("choice", &poll.value(1))]).expect(303);
    }
    assert_eq!(app.totals(&poll), [0, 10, 0]);
}

fn a_page_view_votes_in_each_poll(app: &TestApp) {
    for poll in [app.poll(), app.poll()] {
        app.post(&poll.vote()).form(&[("choice", &poll.value(1)), ("view", VIEW)]).expect(303);
        assert_eq!(app.totals(&poll), [0, 1, 0]);
    }
}

fn every_load_of_the_stylesheet_begins_a_page_view(app: &TestApp) {
    let poll = app.poll();
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.attribute("link[href$='view.css']", "href"), Some(format!("{}view.css", poll.detail())));
    assert_eq!(page.count("input[name=view]"), 0);
    let views: Vec<_> = (0..2)
        .map(|_| {
            let style = app.get(&format!("{}view.css", poll.detail())).expect(200);
            assert_eq!(style.header("cache-control"), Some("private, max-age=0"));
            assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
            style.header("set-cookie").expect("a cookie").to_owned()
        })
        .collect();
    assert_ne!(views[0], views[1]);
    for view in views {
        let pair = view.split(';').next().unwrap_or_default().to_owned();
        app.post(&poll.vote()).header("Cookie", pair).form(&[("choice", &poll.value(1))]).expect(303);
    }
    assert_eq!(app.totals(&poll), [0, 2, 0]);
}

fn the_cookie_is_sent_with_votes_alone(app: &TestApp) {
    let poll = app.poll();
    let style = app.get(&format!("{}view.css", poll.detail())).expect(200);
    let attributes: Vec<_> = style.header("set-cookie").expect("a cookie").split("; ").skip(1).collect();
    let path = format!("Path={}", poll.vote());
    for attribute in ["HttpOnly", "SameSite=Lax", "Max-Age=86400", &path] {
        assert!(attributes.contains(&attribute), "{attribute}: {attributes:?}");
    }
}

fn a_page_that_takes_no_votes_begins_no_page_view(app: &TestApp) {
    let closed = app.question("Over?").closed_ago(TimeDelta::minutes(1)).choices(["Yes"]).create();
    let empty = app.question("Nothing?").create();
    for poll in [closed, empty] {
        let page = app.get(&poll.detail()).expect(200).html();
        assert_eq!((page.count("link[href$='view.css']"), page.count("script[src*=vote]")), (0, 0));
    }
}

fn a_browser_that_names_no_page_view_is_asked_to_confirm(app: &TestApp) {
    for (header, value) in [("Sec-Fetch-Mode", "navigate"), ("Upgrade-Insecure-Requests", "1")] {
        let poll = app.poll();
        let vote = |fields: &[(&str, &str)]| app.post(&poll.vote()).header(header, value).form(fields);
        let page = vote(&[("choice", &poll.value(1)), ("view", "")]).expect(428);
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let page = page.html();
        assert!(page.text("[role=alert]").starts_with("Please confirm your vote. It is not counted yet"));
        assert_eq!(page.attribute("input[checked]", "value"), Some(poll.value(1)));
        assert_eq!(app.all_ballots(), 0);
        let view = page.attribute("input[name=view]", "value").expect("an id");
        for _ in 0..2 {
            vote(&[("choice", &poll.value(1)), ("view", &view)]).expect(303);
        }
        assert_eq!(app.totals(&poll), [0, 1, 0]);
        vote(&[]).expect(400);
        vote(&[("choice", "999999")]).expect(400);
        let closed = app.question("Over?").closed_ago(TimeDelta::minutes(1)).choices(["Yes"]).create();
        app.post(&closed.vote()).header(header, value).form(&[("choice", &closed.value(0))]).expect(409);
        app.execute("DELETE FROM polls_ballot");
    }
}

fn a_key_counts_before_a_page_view(app: &TestApp) {
    let poll = app.poll();
    for key in ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9325"] {
        let vote = app.post(&poll.vote()).header("Idempotency-Key", key);
        vote.form(&[("choice", &poll.value(1)), ("view", VIEW)]).expect(303);
    }
    assert_eq!(app.totals(&poll), [0, 2, 0]);
}

fn a_ballot_says_neither_when_it_was_cast_nor_from_which_page(app: &TestApp) {
    let poll = app.poll();
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    app.post(&poll.vote()).form(&[("choice", &poll.value(1)), ("view", VIEW)]).expect(303);
    let ballots: Vec<(String, NaiveDateTime)> = polls_ballot::table
        .select((polls_ballot::voter, polls_ballot::cast_at))
        .load(&mut app.open())
        .expect("ballots");
    assert_eq!(ballots.len(), 2);
    for (voter, cast_at) in ballots {
        assert!(!voter.contains(&VIEW[6..]), "{voter}");
        assert_eq!(cast_at.nanosecond(), 0, "{cast_at}");
        // Nothing in it but the hour, which stands for the past 68 minutes, counts from 1970.
        let hour = voter.trim_start_matches('v').get(..6).unwrap_or_default();
        let hour = i64::from_str_radix(hour, 16).expect("the hour");
        assert!((hour * 4096 - cast_at.and_utc().timestamp()).abs() < 2 * 366 * 86400, "{voter}");
    }
}
