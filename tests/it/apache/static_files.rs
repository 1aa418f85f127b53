//! Static files, which Apache answers by itself.

use crate::support::servers::Front;

/// Every file that the pages name is there for ever, as the client can read it, and the program never
/// hears of it.
pub fn static_files_are_apaches_own(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    for path in ["/", &poll.detail(), &poll.results(), "/nothing/"] {
        let page = door.get(path).send().html();
        let named = [page.attributes("link[href]", "href"), page.attributes("img", "src")].concat();
        // The style of one page view comes from the program.
        for file in named.iter().filter(|file| file.contains("/static/")) {
            fetch_in_every_form(front, file);
        }
    }
    for path in ["/static/css/none.css", "/static/", "/static/css/", "/static/../polls.toml", "/static/..%2fpolls.toml"]
    {
        let answer = door.get(path).send();
        assert!([400, 403, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret_key"), "{path}");
        // The program's own error pages name the request; those that Apache shows by itself cannot.
        assert!(path.contains("..") || !answer.text().contains("<code>"), "{path} went to the program");
    }
    let log = front.program_log();
    assert!(log.contains(&format!("GET {}", door.path(&poll.detail()))), "{log}");
    let forwarded = |line: &&str| line.contains("polls.request") && line.contains("/static/") && !line.contains("..");
    assert_eq!(log.lines().find(forwarded), None);
}

fn fetch_in_every_form(front: &Front<'_>, file: &str) {
    let get = |encoding: &str| {
        let response = front.door.visitor.get(file).header("Accept-Encoding", encoding).expect(200);
        assert_eq!(response.header("cache-control"), Some("public, max-age=31536000, immutable"), "{file}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{file}");
        assert_eq!(response.header("set-cookie"), None, "{file}");
        let content_type = if file.contains("/img/") { "image/svg+xml" } else { "text/css; charset=utf-8" };
        assert_eq!(response.header("content-type"), Some(content_type), "{file}");
        assert_eq!(response.header("content-language"), None, "{file}");
        assert_eq!(response.header("vary"), Some("Accept-Encoding"), "{file}");
        response
    };
    let plain = get("identity");
    assert_eq!(plain.header("content-encoding"), None, "{file}");
    for refusal in ["br;q=0, gzip;q=0", "gzip;q=0.0", "", "deflate, brotli"] {
        let answer = get(refusal);
        assert_eq!((answer.header("content-encoding"), &answer.body), (None, &plain.body), "{file}: {refusal:?}");
    }
    let local = front.site.static_root().join(file.split_once("static/").expect("a static file").1);
    let packed = local.with_file_name(format!("{}.gz", local.file_name().expect("a name").display()));
    for asked in ["gzip, deflate, br", "gzip;q=0.5", "gzip", "br;q=0, gzip"] {
        let answer = get(asked);
        if packed.exists() {
            assert_eq!(answer.header("content-encoding"), Some("gzip"), "{file}: {asked}");
            assert!(answer.body.len() < plain.body.len(), "{file}: {asked}");
        }
        assert!(answer.unpacked() == plain.body, "{file}: {asked}");
        let tag = answer.header("etag").expect("a validator").to_owned();
        let again =
            front.door.visitor.get(file).header("Accept-Encoding", asked).header("If-None-Match", tag).expect(304);
        assert_eq!(again.header("content-encoding").filter(|&given| given != "gzip"), None);
    }
}
