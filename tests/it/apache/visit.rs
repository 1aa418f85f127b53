//! What a visitor does on a good day.

use crate::support::servers::{Door, Front};
use crate::support::*;

/// From the list to the results, by the addresses that the pages themselves name.
pub fn a_visitor_votes(front: &Front<'_>) {
    let poll = front.site.poll();
    vote_by_links(&front.door, &poll);
    assert_eq!(front.site.totals(&poll), [0, 1, 0]);
    assert_eq!(front.site.ballots(&poll), [0, 1, 0]);
    front.site.run(&["recount"]).expect(0);
}

/// Follows links, form and redirect as a browser does; votes for the second choice.
pub fn vote_by_links(door: &Door, poll: &Poll) {
    let home = door.get("/").expect(200).html();
    assert!(home.attributes("main a", "href").contains(&door.path("/polls/")));
    let index = door.get("/polls/").expect(200).html();
    let detail = &index.attributes("main li a", "href")[0];
    assert_eq!(*detail, door.path(&poll.detail()));
    let page = door.visitor.get(detail).expect(200).html();
    let action = page.attribute("main form", "action").expect("the form goes somewhere");
    let value = &page.attributes("main input[name=choice]", "value")[1];
    let answer = door.visitor.post(&action).form(&[("choice", value)]).expect(303);
    assert_eq!(answer.location(), door.path(&poll.results()));
    let results = door.visitor.get(answer.location()).expect(200).html();
    assert_eq!(results.texts("main tr .votes"), ["1 vote", "0 votes", "0 votes"]);
    let again = results.attributes("main a", "href");
    assert!(again.contains(detail), "{again:?}");
}

/// Every address that a page names, a redirect leads to or a cookie is for is below the mount.
pub fn no_address_leaves_the_mount(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    front.site.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/", "/nothing/"] {
        let page = door.get(path).send().html();
        let named = [("[href]", "href"), ("[src]", "src"), ("form", "action"), ("input[name=next]", "value")];
        let addresses: Vec<_> = named.iter().flat_map(|(tag, name)| page.attributes(tag, name)).collect();
        assert!(addresses.len() > 5, "{path}");
        for address in addresses.iter().filter(|address| !address.starts_with(['#', '?'])) {
            let is_ours = address.starts_with(door.mount) && !address.starts_with("//");
            assert!(is_ours || address == "https://www.rust-lang.org/", "{path} names {address}");
        }
    }
    assert_eq!(door.get("/polls").expect(308).location(), door.path("/polls/"));
    let page = [("language", "ko"), ("next", &door.path("/polls/"))];
    let switched = door.post("/i18n/setlang/").form(&page).expect(303);
    assert_eq!(switched.location(), door.path("/polls/"));
    let cookie = switched.header("set-cookie").expect("the language is remembered");
    let path = cookie.split("; ").find_map(|part| part.strip_prefix("Path=")).expect("a path");
    assert_eq!(format!("{}/", path.trim_end_matches('/')), door.mount);
    let cookie = cookie.split(';').next().expect("a name and a value");
    assert!(door.get("/polls/").header("Cookie", cookie).expect(200).text().contains("lang=\"ko\""));
    if let Some(prefix) = door.mount.strip_suffix('/').filter(|prefix| !prefix.is_empty()) {
        assert!(door.visitor.get(prefix).expect(308).location().ends_with(door.mount));
        // What is beside the mount is none of the site's.
        let beside = door.visitor.get("/polls/").expect(404);
        assert!(!beside.text().contains("site-header"));
    }
}

/// Its pages are not compressed by Apache either, whose own settings would.
pub fn a_session_gets_pages_as_they_are(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    for path in ["/", &poll.results(), "/admin/login/", "/nothing/"] {
        let get = || door.get(path).header("Accept-Encoding", "gzip, br");
        assert_eq!(get().send().header("content-encoding"), Some("gzip"), "{path}");
        assert_eq!(get().header("Cookie", "sessionid=1").send().header("content-encoding"), None, "{path}");
    }
}

/// HEAD has the head of GET, and a page that is known is not sent again, compressed or not.
pub fn a_known_page_is_not_sent_again(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    for path in ["/", "/polls/", &poll.detail(), &poll.results()] {
        let page = door.get(path).expect(200);
        assert_eq!(page.header("content-length"), Some(&*page.body.len().to_string()), "{path}");
        let head = door.request("HEAD", path).expect(200);
        for name in ["content-type", "etag", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), page.header(name), "{path}: {name}");
            assert!(head.header(name).is_some(), "{path}: {name}");
        }
        for encoding in ["identity", "gzip"] {
            let page = door.get(path).header("Accept-Encoding", encoding).expect(200);
            assert_eq!(page.header("content-encoding").is_some(), encoding == "gzip", "{path}");
            assert_eq!(page.header("content-length"), Some(&*page.body.len().to_string()), "{path}");
            let tag = page.header("etag").expect("a validator");
            assert!(tag.starts_with("W/"), "{tag}");
            let again = door.get(path).header("Accept-Encoding", encoding).header("If-None-Match", tag);
            let again = again.expect(304);
            assert_eq!(again.header("etag"), Some(tag), "{path}");
        }
    }
    let tag = door.get(&poll.results()).expect(200).header("etag").map(str::to_owned).expect("a validator");
    door.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    door.get(&poll.results()).header("If-None-Match", tag).expect(200);
}
