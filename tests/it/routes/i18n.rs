//! `POST /i18n/setlang/`, and the language that pages are in.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_switch_sets_a_cookie_and_leads_back),
        on_sqlite(the_cookie_overrides_what_the_browser_prefers),
        on_sqlite(the_browser_is_asked_and_then_the_settings),
        on_sqlite(the_way_back_never_leaves_the_site),
        on_sqlite(a_language_that_there_is_not_is_refused),
        on_sqlite(every_page_has_the_switch_with_the_way_back),
        on_sqlite(the_answer_to_a_write_leads_back_to_the_page_it_was_sent_from),
        on_sqlite(over_tls_the_cookie_is_bound_to_the_host),
    ]
}

const SWITCH: &str = "/i18n/setlang/";

fn the_switch_sets_a_cookie_and_leads_back(app: &TestApp) {
    let response = app.post(SWITCH).form(&[("language", "ko"), ("next", "/polls/?page=1")]).expect(303);
    assert_eq!(response.location(), "/polls/?page=1");
    assert_eq!(response.header("cache-control"), Some("private, no-store"));
    let cookie = response.header("set-cookie").expect("a cookie");
    let mut parts: Vec<_> = cookie.split("; ").collect();
    parts.retain(|part| !part.starts_with("Max-Age="));
    assert_eq!(parts, ["django_language=ko", "HttpOnly", "SameSite=Lax", "Path=/"]);
    let log = app.log.wait_for("plain HTTP");
    assert!(log.contains("WARN"), "{log}");
}

fn the_cookie_overrides_what_the_browser_prefers(app: &TestApp) {
    let page =
        app.get("/polls/").header("Accept-Language", "en").header("Cookie", "a=b; django_language=ko").expect(200);
    assert_eq!(page.html().attribute("html", "lang").as_deref(), Some("ko"));
    assert_eq!(page.html().text("h1"), "설문조사");
    for nonsense in ["django_language=xx", "django_language=", "django_language", ";;=;"] {
        let page = app.get("/polls/").header("Cookie", nonsense).expect(200).html();
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("en"), "{nonsense}");
    }
}

fn the_browser_is_asked_and_then_the_settings(setup: Setup) {
    let app = setup.settings("language_code = \"ko\"").start();
    for (accepted, language) in
        [("en-US,en;q=0.9", "en"), ("fr", "ko"), ("ko;q=0.1, en;q=0.2", "en"), ("*", "ko"), ("", "ko")]
    {
        let page = app.get("/").header("Accept-Language", accepted).expect(200).html();
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(language), "{accepted}");
    }
    assert_eq!(app.get("/").expect(200).html().attribute("html", "lang").as_deref(), Some("ko"));
}

fn the_way_back_never_leaves_the_site(app: &TestApp) {
    let traps = [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "polls/",
    ];
    let hidden = ["/\t/evil.example", "/\r\nSet-Cookie: a=b", " //evil.example", "/%0d%0a\r\n", "", "/\u{0}"];
    for next in traps.into_iter().chain(hidden) {
        let response = app.post(SWITCH).form(&[("language", "en"), ("next", next)]).expect(303);
        assert_eq!(response.location(), "/", "{next:?}");
    }
    assert_eq!(app.post(SWITCH).form(&[("language", "en")]).expect(303).location(), "/");
}

fn a_language_that_there_is_not_is_refused(app: &TestApp) {
    for language in ["", "xx", "../en", "en\r\n", "KO"] {
        let response = app.post(SWITCH).form(&[("language", language), ("next", "/")]).expect(400);
        assert_eq!(response.header("set-cookie"), None);
    }
    app.get(SWITCH).expect(405);
}

fn every_page_has_the_switch_with_the_way_back(app: &TestApp) {
    let poll = app.poll();
    for path in ["/", "/polls/?page=1", &poll.detail(), &poll.results(), "/bookmark/"] {
        let page = app.get(path).expect(200).html();
        assert_eq!(page.attribute("form[action='/i18n/setlang/'] input[name=next]", "value").as_deref(), Some(path));
        assert_eq!(page.attributes("form[action='/i18n/setlang/'] button[name=language]", "value"), ["en", "ko"]);
    }
}

fn the_answer_to_a_write_leads_back_to_the_page_it_was_sent_from(app: &TestApp) {
    let poll = app.poll();
    let origin = format!("http://127.0.0.1:{}", app.port());
    let way_back = |referer: &str| {
        let form = [("choice", "x"), ("x", &*"x".repeat(2_000_000))];
        let page = app.post(&poll.vote()).header("Referer", referer).form(&form).expect(413).html();
        page.attribute("form[action='/i18n/setlang/'] input[name=next]", "value").expect("a way back")
    };
    assert_eq!(way_back(&format!("{origin}{}?a=1", poll.detail())), format!("{}?a=1", poll.detail()));
    let foreign =
        ["", "x", "https://evil.example/polls/", &format!("{origin}.evil.example/"), &format!("{origin}//evil")];
    for referer in foreign {
        assert_eq!(way_back(referer), "/", "{referer}");
    }
}

fn over_tls_the_cookie_is_bound_to_the_host(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]").start();
    let response =
        app.post(SWITCH).header("X-Forwarded-Proto", "https").form(&[("language", "ko"), ("next", "/")]).expect(303);
    let cookie = response.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-django_language=ko; HttpOnly; SameSite=Lax; Secure; Path=/"), "{cookie}");
    let page = app.get("/").header("X-Forwarded-Proto", "https").header("Cookie", "__Host-django_language=ko");
    assert_eq!(page.expect(200).html().attribute("html", "lang").as_deref(), Some("ko"));
    let planted = app.get("/").header("X-Forwarded-Proto", "https").header("Cookie", "django_language=ko");
    assert_eq!(planted.expect(200).html().attribute("html", "lang").as_deref(), Some("en"));
}
