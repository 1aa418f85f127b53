//! The site below a path: every link, redirect and cookie obeys it.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_address_lies_below_the_mount),
        on_sqlite(every_link_and_form_stays_below_the_mount),
        on_sqlite(redirects_and_cookies_stay_below_the_mount),
        on_sqlite(what_lies_beside_the_mount_is_not_found),
        on_sqlite(a_final_slash_of_the_setting_changes_nothing),
    ]
}

fn every_address_lies_below_the_mount(setup: Setup) {
    let app = setup.mounted_at("/vote").start();
    let poll = app.poll();
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/", "/healthz", "/readyz"] {
        app.get(&format!("/vote{path}")).expect(200);
    }
    for style in app.get("/vote/").expect(200).html().attributes("link[rel=stylesheet]", "href") {
        assert!(
            style.starts_with("/vote/static/css/") || style == format!("/vote{}view.css", poll.detail()),
            "{style}"
        );
        app.get(&style).expect(200);
    }
}

fn every_link_and_form_stays_below_the_mount(setup: Setup) {
    let app = setup.mounted_at("/vote").start();
    let poll = app.poll();
    app.bookmark(None, "https://example.com/");
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/", "/nothing/", "/i18n/setlang/"] {
        let page = app.get(&format!("/vote{path}")).send().html();
        let links = page.attributes("a[href]:not([rel~=noopener]), link[href]", "href").into_iter();
        for link in links.chain(page.attributes("form", "action")).chain(page.attributes("input[name=next]", "value")) {
            assert!(link.starts_with("/vote/") || link.starts_with(['#', '?']), "{path}: {link}");
        }
    }
}

fn redirects_and_cookies_stay_below_the_mount(setup: Setup) {
    let app = setup.mounted_at("/vote").settings("trusted_proxies = [\"127.0.0.1\"]").start();
    let poll = app.poll();
    let vote = app.post(&format!("/vote{}", poll.vote())).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(vote.location(), format!("/vote{}", poll.results()));
    assert_eq!(app.get("/vote/polls?x=1").expect(308).location(), "/vote/polls/?x=1");
    assert_eq!(app.get("/vote").expect(308).location(), "/vote/");

    let switch = app.post("/vote/i18n/setlang/").form(&[("language", "ko"), ("next", "//evil.example")]).expect(303);
    assert_eq!(switch.location(), "/vote/");
    let cookie = switch.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("django_language=ko;") && cookie.contains("; Path=/vote/;"), "{cookie}");
    let switch = app.post("/vote/i18n/setlang/").header("X-Forwarded-Proto", "https").form(&[("language", "ko")]);
    let switch = switch.expect(303);
    let cookie = switch.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Secure-django_language=ko;") && cookie.contains("; Secure; Path=/vote/"), "{cookie}");
}

fn what_lies_beside_the_mount_is_not_found(setup: Setup) {
    let app = setup.mounted_at("/vote").start();
    for path in ["/", "/polls/", "/votepolls/", "/Vote/", "/vote/vote/", "/healthz", "/static/img/icon.svg", "/polls"] {
        let response = app.get(path).expect(404);
        assert_eq!(response.header("location"), None, "{path}");
    }
}

fn a_final_slash_of_the_setting_changes_nothing(setup: Setup) {
    let app = setup.mounted_at("/a/b/").start();
    app.get("/a/b/polls/").expect(200);
    app.get("/a/polls/").expect(404);
}
