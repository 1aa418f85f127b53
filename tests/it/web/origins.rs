//! Writes that another site's page sends in a visitor's name.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_write_from_another_site_is_refused),
        on_sqlite(a_write_from_this_site_or_from_no_browser_is_not),
        on_sqlite(the_address_of_a_link_lets_no_other_site_in),
        on_sqlite(a_friend_of_the_site_may_write),
        on_sqlite(behind_tls_the_origin_is_https),
    ]
}

fn vote(app: &TestApp, poll: &Poll, headers: &[(&str, &str)]) -> u16 {
    let request = app.post(&poll.vote()).host(HOST).form(&[("choice", &poll.value(0))]);
    headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send().status
}

fn a_write_from_another_site_is_refused(app: &TestApp) {
    let poll = app.poll();
    for headers in [
        &[("Origin", "https://evil.example")][..],
        &[("Origin", "null")],
        &[("Origin", "https://polls.example.org")],
        &[("Origin", "http://polls.example.org:8000")],
        &[("Origin", "")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Sec-Fetch-Site", "cross-site"), ("Origin", "http://polls.example.org")],
    ] {
        assert_eq!(vote(app, &poll, headers), 403, "{headers:?}");
    }
    assert_eq!(app.all_ballots(), 0);
    assert!(app.log.wait_for("another site").contains("polls.security"));
    app.get(&poll.detail()).header("Sec-Fetch-Site", "cross-site").expect(200);
}

fn a_write_from_this_site_or_from_no_browser_is_not(app: &TestApp) {
    let poll = app.poll();
    for headers in [
        &[("Origin", "http://polls.example.org")][..],
        &[("Sec-Fetch-Site", "same-origin")],
        &[("Sec-Fetch-Site", "none")],
        &[("Sec-Fetch-Site", "same-origin"), ("Origin", "http://polls.example.org")],
        &[("Referer", "https://evil.example/")],
        &[],
    ] {
        assert_eq!(vote(app, &poll, headers), 303, "{headers:?}");
    }
    assert_eq!(app.totals(&poll), [6, 0, 0]);
}

fn the_address_of_a_link_lets_no_other_site_in(app: &TestApp) {
    let (open, members) = (app.poll(), app.question("Members?").choices(["Yes"]).create());
    app.execute(&format!("UPDATE polls_question SET voters = 'account', may_change = TRUE WHERE id = {}", members.id));
    let ada = app.administrator("ada");
    let at = |poll: &Poll, end: &str| format!("/polls/{}/i/x/{end}", poll.id);
    let foreign = [
        &[("Origin", "https://evil.example")][..],
        &[("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
        &[("Origin", "null"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate")],
    ];
    for headers in foreign {
        for path in [at(&open, ""), at(&members, ""), at(&members, "withdraw/")] {
            let request = app.post(&path).host(HOST).form(&[("choice", &open.value(0)), ("view", "0123456789abcdef")]);
            let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
            request.expect(403);
        }
    }
    // Over plain HTTP a page at such an address sends no more than this, so nothing but the link counts there.
    for (poll, status) in [(&open, 428), (&members, 403)] {
        let request = app.post(&at(poll, "")).host(HOST).header("Origin", "null").header("Sec-Fetch-Mode", "navigate");
        let answer = ada.send(request.form(&[("choice", &poll.value(0))]));
        assert_eq!(answer.status, status);
    }
    assert_eq!(app.all_ballots(), 0);
}

fn a_friend_of_the_site_may_write(setup: Setup) {
    let app = setup.settings("csrf_trusted_origins = [\"https://friend.example\"]").start();
    let poll = app.poll();
    assert_eq!(vote(&app, &poll, &[("Origin", "https://friend.example"), ("Sec-Fetch-Site", "cross-site")]), 303);
    assert_eq!(vote(&app, &poll, &[("Origin", "http://friend.example")]), 403);
    assert_eq!(vote(&app, &poll, &[("Origin", "https://friend.example.evil.example")]), 403);
}

fn behind_tls_the_origin_is_https(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]").start();
    let poll = app.poll();
    let https = ("X-Forwarded-Proto", "https");
    assert_eq!(vote(&app, &poll, &[https, ("Origin", "https://polls.example.org")]), 303);
    assert_eq!(vote(&app, &poll, &[https, ("Origin", "http://polls.example.org")]), 403);
}
