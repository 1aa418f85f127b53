//! `/static/…`, for when nothing stands in front.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_file_that_a_page_names_is_there_for_ever),
        on_sqlite(a_known_file_is_not_sent_again),
        on_sqlite(a_file_is_sent_as_the_client_can_read_it),
        on_sqlite(by_its_plain_name_a_file_is_asked_for_again_each_time),
        on_sqlite(what_is_no_file_is_not_found),
    ]
}

/// The style sheets that the home page names.
fn style_sheets(app: &TestApp) -> Vec<String> {
    let named = app.get("/").expect(200).html().attributes("link[rel=stylesheet]", "href");
    assert!(!named.is_empty());
    named
}

fn every_file_that_a_page_names_is_there_for_ever(app: &TestApp) {
    let poll = app.poll();
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/"] {
        let page = app.get(path).expect(200).html();
        let links = page.attributes("link[href]:not([rel=alternate])", "href").into_iter();
        // No files: the stylesheet of a page view, each answer of which is another one, and a poll's own QR code.
        let is_file = |file: &String| !file.ends_with("/view.css") && !file.ends_with("/qr.svg");
        let files = links.chain(page.attributes("[src]", "src")).filter(is_file);
        for file in files {
            let response = app.get(&file).expect(200);
            assert_eq!(response.header("cache-control"), Some("public, max-age=31536000, immutable"), "{file}");
            assert!(response.header("etag").is_some_and(|tag| tag.starts_with('"')), "{file}");
            assert_eq!(response.header("set-cookie"), None);
        }
    }
}

fn a_known_file_is_not_sent_again(app: &TestApp) {
    for file in style_sheets(app) {
        for encoding in ["identity", "gzip", "br"] {
            let first = app.get(&file).header("Accept-Encoding", encoding).expect(200);
            let tag = first.header("etag").expect("a validator");
            let again = app.get(&file).header("Accept-Encoding", encoding).header("If-None-Match", tag).expect(304);
            assert_eq!(again.header("etag"), Some(tag));
            app.get(&file).header("Accept-Encoding", encoding).header("If-None-Match", "\"other\"").expect(200);
        }
    }
}

fn a_file_is_sent_as_the_client_can_read_it(app: &TestApp) {
    // The largest is worth packing.
    let files = style_sheets(app).into_iter();
    let file = files.max_by_key(|file| app.get(file).expect(200).body.len()).expect("a style sheet");
    let plain = app.get(&file).expect(200);
    assert_eq!(plain.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("Accept-Encoding")));
    for accepted in ["gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.5"] {
        let gzip = app.get(&file).header("Accept-Encoding", accepted).expect(200);
        assert_eq!(gzip.header("content-encoding"), Some("gzip"), "{accepted}");
        assert!(gzip.unpacked() == plain.body && gzip.body.len() < plain.body.len(), "{accepted}");
    }
    for refused in ["gzip;q=0, br;q=0.0", "br"] {
        let refused = app.get(&file).header("Accept-Encoding", refused).expect(200);
        assert_eq!((refused.header("content-encoding"), &refused.body), (None, &plain.body));
    }
}

fn by_its_plain_name_a_file_is_asked_for_again_each_time(app: &TestApp) {
    let icon = app.get("/static/img/icon.svg").expect(200);
    assert_eq!(icon.header("cache-control"), Some("no-cache"));
    assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
}

fn what_is_no_file_is_not_found(app: &TestApp) {
    let traps =
        ["", "css", "css/", "css/none.css", "css/base.0000000000000000.css", "../Cargo.toml", "%2e%2e/Cargo.toml"];
    for name in traps.into_iter().chain(["/etc/passwd", "..%2fCargo.toml", "css/base.css%00", "%FF"]) {
        app.get(&format!("/static/{name}")).expect(404);
    }
    app.post("/static/img/icon.svg").expect(405);
}
