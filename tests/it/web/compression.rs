//! Pages come compressed to those who accept it, but never to a session.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_page_comes_compressed_to_those_who_accept_it),
        on_sqlite(without_memory_too_a_page_comes_compressed),
        on_sqlite(a_page_from_memory_comes_as_its_reader_accepts_it),
        on_sqlite(the_form_with_its_error_comes_compressed_too),
        on_sqlite(whoever_has_a_session_gets_pages_as_they_are),
    ]
}

fn a_page_comes_compressed_to_those_who_accept_it(app: &TestApp) {
    comes_compressed(app);
}

fn without_memory_too_a_page_comes_compressed(setup: Setup) {
    comes_compressed(&setup.variable("POLLS_SERVER__PAGE_CACHE", "false").start());
}

#[track_caller]
fn comes_compressed(app: &TestApp) {
    let poll = app.poll();
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/"] {
        let plain = app.get(path).expect(200);
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        for accepted in ["gzip", "br, GZIP; q=0.5;x=0", "gzip, deflate, br, zstd"] {
            let packed = app.get(path).header("Accept-Encoding", accepted).expect(200);
            assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}: {accepted}");
            assert!(packed.unpacked() == plain.body && packed.body.len() < plain.body.len(), "{path}");
            for name in ["etag", "vary", "cache-control", "content-type"] {
                assert_eq!(packed.header(name), plain.header(name), "{path}: {name}");
            }
            let head = app.request("HEAD", path).header("Accept-Encoding", accepted).expect(200);
            assert_eq!(head.lasting_headers(), packed.lasting_headers(), "{path}");
            let tag = packed.header("etag").expect("a validator");
            let known = app.get(path).header("Accept-Encoding", accepted).header("If-None-Match", tag).expect(304);
            assert_eq!((known.header("etag"), known.header("content-encoding")), (Some(tag), None), "{path}");
        }
        for refused in ["", "identity", "br", "gzip;q=0", "gzip; Q=0.000;x=1", "gzip;q=no", "x-gzipped"] {
            let answer = app.get(path).header("Accept-Encoding", refused).expect(200);
            assert_eq!((answer.header("content-encoding"), &answer.body), (None, &plain.body), "{path}: {refused}");
        }
    }
}

fn a_page_from_memory_comes_as_its_reader_accepts_it(app: &TestApp) {
    let poll = app.poll();
    for _ in 0..3 {
        for accepted in ["gzip", "identity", "gzip", "identity"] {
            let page = app.get(&poll.results()).header("Accept-Encoding", accepted).expect(200);
            assert_eq!(page.header("content-encoding").is_some(), accepted == "gzip");
            assert!(String::from_utf8(page.unpacked()).expect("text").contains("Not much"));
        }
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
}

fn the_form_with_its_error_comes_compressed_too(app: &TestApp) {
    let poll = app.poll();
    for (request, status) in [(app.post(&poll.vote()).form(&[]), 400), (app.get("/nothing/"), 404)] {
        let page = request.header("Accept-Encoding", "gzip").expect(status);
        assert_eq!(page.header("content-encoding"), Some("gzip"), "{status}");
        assert!(page.header("vary").is_some_and(|vary| vary.contains("Accept-Encoding")), "{status}");
        assert!(page.unpacked().trim_ascii_end().ends_with(b"</html>"), "{status}");
    }
}

fn whoever_has_a_session_gets_pages_as_they_are(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    for path in ["/", &poll.detail(), "/admin/", "/admin/polls/question/?q=secret", "/nothing/"] {
        let page = ada.send(app.get(path).header("Accept-Encoding", "gzip"));
        assert_eq!(page.header("content-encoding"), None, "{path}");
        assert!(page.text().contains("<html"), "{path}");
    }
    let unknown = app.get("/").header("Cookie", "sessionid=nobody").header("Accept-Encoding", "gzip").expect(200);
    assert_eq!(unknown.header("content-encoding"), None);
}
