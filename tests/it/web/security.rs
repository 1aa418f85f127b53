//! The headers that every answer carries for the browser's sake.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_answer_is_guarded),
        on_sqlite(nothing_inline_and_nothing_from_elsewhere_is_allowed_or_needed),
        on_sqlite(static_files_of_another_host_are_allowed_and_nothing_else),
        on_sqlite(strict_transport_is_asked_for_over_tls_alone),
        on_sqlite(plain_http_is_sent_to_https_when_told),
    ]
}

fn every_answer_is_guarded(app: &TestApp) {
    let poll = app.poll();
    let answers = [
        app.get("/").expect(200),
        app.get("/nothing/").expect(404),
        app.get("/static/img/icon.svg").expect(200),
        app.get("/polls").expect(308),
        app.get("/healthz").expect(200),
        app.get("/").host("evil.example").expect(400),
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303),
        app.request("DELETE", "/").expect(405),
    ];
    for answer in answers {
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert!(answer.header("permissions-policy").is_some_and(|policy| policy.contains("camera=()")));
        assert_eq!((answer.header("server"), answer.header("x-powered-by")), (None, None));
    }
}

fn nothing_inline_and_nothing_from_elsewhere_is_allowed_or_needed(app: &TestApp) {
    let poll = app.poll();
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/", "/nothing/"] {
        let page = app.get(path).send().html();
        let inline = page.count("style, [style], script:not([src]), [onclick], [onload], [onsubmit]");
        assert_eq!(inline, 0, "{path}");
        let fetched = page.attributes("link[href]:not([rel=alternate])", "href").into_iter();
        let fetched = fetched.chain(page.attributes("[src]", "src"));
        let of_poll = ["view.css", "qr.svg"].map(|name| format!("{}{name}", poll.detail()));
        let own = |address: &String| address.starts_with("/static/") || of_poll.contains(address);
        assert!(fetched.into_iter().all(|address| own(&address)), "{path}");
    }
}

fn static_files_of_another_host_are_allowed_and_nothing_else(setup: Setup) {
    let app = setup.settings("static_url = \"https://static.example.org/polls/\"").start();
    let response = app.get("/").expect(200);
    let policy = response.header("content-security-policy").expect("a policy");
    assert!(policy.contains("style-src 'self' https://static.example.org;"), "{policy}");
    let styles = response.html().attributes("link[rel=stylesheet]", "href");
    assert!(styles.iter().all(|style| style.starts_with("https://static.example.org/polls/css/")), "{styles:?}");
}

fn strict_transport_is_asked_for_over_tls_alone(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]").start();
    assert_eq!(app.get("/").expect(200).header("strict-transport-security"), None);
    for proto in ["http", "", "ftp"] {
        let response = app.get("/").header("X-Forwarded-Proto", proto).expect(200);
        assert_eq!(response.header("strict-transport-security"), None, "{proto}");
    }
    for proto in ["https", "HTTPS"] {
        let response = app.get("/").header("X-Forwarded-Proto", proto).expect(200);
        assert_eq!(response.header("strict-transport-security"), Some("max-age=31536000"), "{proto}");
    }
}

fn plain_http_is_sent_to_https_when_told(setup: Setup) {
    let app = setup.settings("secure_ssl_redirect = true\ntrusted_proxies = [\"127.0.0.1\"]").start();
    let response = app.get("/polls/?page=2").host(HOST).expect(308);
    assert_eq!(response.location(), format!("https://{HOST}/polls/?page=2"));
    app.get("/").host(HOST).header("X-Forwarded-Proto", "https").expect(200);
    app.get("/").host("evil.example").expect(400);
    app.get("/healthz").expect(200);
}
