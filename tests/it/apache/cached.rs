//! The cache option: readers without a session are answered from Apache's memory, and nobody ever gets what
//! was not for them.

use std::collections::BTreeSet;

use crate::support::servers::{Front, Site, Way};
use crate::support::*;

pub type Options = &'static [(&'static str, &'static str)];

/// What is in memory is sent after everything else was looked at.
pub const CHECKED: Options = &[("POLLS_CACHE", "")];
/// What is in memory is sent first of all.
pub const QUICK: Options = &[("POLLS_CACHE", ""), ("POLLS_CACHE_QUICK", "")];

pub fn tests() -> Vec<Test> {
    let tests = vec![
        on_sqlite(pages_come_from_memory_over_http),
        on_sqlite(pages_come_from_memory_over_fastcgi),
        on_sqlite(pages_come_quickly_over_http),
        on_sqlite(pages_come_quickly_over_fastcgi),
        on_sqlite(a_voter_sees_the_own_vote_and_others_within_a_second),
        on_sqlite(a_voter_sees_the_own_vote_where_pages_come_quickly),
        on_sqlite(a_page_view_votes_once_over_http),
        on_sqlite(a_page_view_votes_once_over_fastcgi),
        on_sqlite(a_page_view_votes_once_where_pages_come_quickly_over_http),
        on_sqlite(a_page_view_votes_once_where_pages_come_quickly_over_fastcgi),
        on_sqlite(nobody_gets_the_page_of_another_over_http),
        on_sqlite(nobody_gets_the_page_of_another_over_fastcgi),
        on_sqlite(nobody_gets_the_page_of_another_quickly_over_http),
        on_sqlite(nobody_gets_the_page_of_another_quickly_over_fastcgi),
        on_sqlite(apache_too_keeps_nothing_of_a_session),
        on_sqlite(who_is_shut_out_gets_no_page_from_memory),
        on_sqlite(a_part_that_is_not_there_is_refused_readably),
    ];
    tests.into_iter().map(|test| test.needing(Need::Apache)).collect()
}

fn with_cache(setup: Setup, way: Way, mount: &'static str, options: Options, visit: impl FnOnce(&Front<'_>)) {
    let site = Site::new(setup, mount);
    let front = site.open_with(way, options);
    visit(&front);
    assert_eq!(front.apache.errors(), [""; 0]);
}

fn pages_come_from_memory_over_http(setup: Setup) {
    with_cache(setup, Way::EmbeddedUnix, "/vote/", CHECKED, pages_come_from_memory);
}

fn pages_come_from_memory_over_fastcgi(setup: Setup) {
    with_cache(setup, Way::FastcgiUnix, "/", CHECKED, pages_come_from_memory);
}

fn pages_come_quickly_over_http(setup: Setup) {
    with_cache(setup, Way::EmbeddedUnix, "/", QUICK, pages_come_from_memory);
}

fn pages_come_quickly_over_fastcgi(setup: Setup) {
    with_cache(setup, Way::FastcgiUnix, "/vote/", QUICK, pages_come_from_memory);
}

/// What comes from Apache's memory has an age.
fn pages_come_from_memory(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/"] {
        for encoding in ["identity", "gzip"] {
            let get = || door.get(path).header("Accept-Encoding", encoding).expect(200);
            let made = get();
            let kept = eventually("a page from memory", || Some(get()).filter(|page| page.header("age").is_some()));
            assert!(kept.body == made.body && kept.header("etag") == made.header("etag"), "{path}");
            assert_eq!(kept.header("content-encoding").is_some(), encoding == "gzip", "{path}");
            for name in ["content-security-policy", "x-content-type-options", "cache-control"] {
                assert_eq!(kept.header(name), made.header(name), "{path}: {name}");
            }
        }
        let tag = door.get(path).expect(200).header("etag").map(str::to_owned).expect("a validator");
        eventually("a known page is not sent again", || {
            let known = door.get(path).header("If-None-Match", &tag).send();
            (known.status == 304).then_some(())
        });
        // When Apache has nothing in its memory, or nothing of this second, it asks for the page with its body.
        door.get(path).header("If-None-Match", &tag).header("Cache-Control", "no-cache").expect(200);
    }
    for path in ["/nothing/", "/polls/99/"] {
        for _ in 0..3 {
            assert_eq!(door.get(path).expect(404).header("age"), None, "{path}");
        }
    }
}

fn a_voter_sees_the_own_vote_and_others_within_a_second(setup: Setup) {
    with_cache(setup, Way::EmbeddedUnix, "/", CHECKED, a_voter_sees_the_own_vote);
}

fn a_voter_sees_the_own_vote_where_pages_come_quickly(setup: Setup) {
    with_cache(setup, Way::FastcgiUnix, "/", QUICK, a_voter_sees_the_own_vote);
}

fn a_voter_sees_the_own_vote(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    let votes = |page: Response| page.html().texts("main tr .votes")[0].clone();
    for number in 1..=20 {
        let shown = format!("{number} vote{}", if number == 1 { "" } else { "s" });
        door.get(&poll.results()).expect(200);
        let answer = door.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
        let pairs = answer.headers("set-cookie").into_iter().filter_map(|cookie| cookie.split(';').next());
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        assert_eq!(votes(door.get(&poll.results()).header("Cookie", &cookies).expect(200)), shown);
    }
    eventually("others see it", || (votes(door.get(&poll.results()).expect(200)) == "20 votes").then_some(()));
}

fn a_page_view_votes_once_over_http(setup: Setup) {
    with_cache(setup, Way::EmbeddedUnix, "/vote/", CHECKED, a_page_view_votes_once);
}

fn a_page_view_votes_once_over_fastcgi(setup: Setup) {
    with_cache(setup, Way::FastcgiUnix, "/", CHECKED, a_page_view_votes_once);
}

fn a_page_view_votes_once_where_pages_come_quickly_over_http(setup: Setup) {
    with_cache(setup, Way::EmbeddedUnix, "/", QUICK, a_page_view_votes_once);
}

fn a_page_view_votes_once_where_pages_come_quickly_over_fastcgi(setup: Setup) {
    with_cache(setup, Way::FastcgiUnix, "/vote/", QUICK, a_page_view_votes_once);
}

/// The ballot's page is the same bytes for all, from Apache's memory; each reader's page view is not.
fn a_page_view_votes_once(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    let mut views = BTreeSet::new();
    let mut pages = BTreeSet::new();
    for reader in 1..=5 {
        pages.insert(door.get(&poll.detail()).expect(200).body);
        let style = door.get(&format!("{}view.css", poll.detail())).expect(200);
        assert_eq!(style.header("age"), None);
        let cookie = style.header("set-cookie").expect("a cookie").to_owned();
        assert!(cookie.contains(&format!("Path={};", door.path(&poll.vote()))), "{cookie}");
        let pair = cookie.split(';').next().unwrap_or_default();
        for _ in 0..2 {
            let vote = door.post(&poll.vote()).header("Cookie", pair);
            vote.header("Sec-Fetch-Mode", "navigate").form(&[("choice", &poll.value(1)), ("view", "")]).expect(303);
        }
        assert_eq!(front.site.totals(&poll), [0, reader, 0]);
        views.insert(pair.to_owned());
    }
    assert_eq!((pages.len(), views.len()), (1, 5));
}

fn nobody_gets_the_page_of_another_over_http(setup: Setup) {
    nobody_gets_the_page_of_another(setup, Way::EmbeddedUnix, "/", CHECKED);
}

fn nobody_gets_the_page_of_another_over_fastcgi(setup: Setup) {
    nobody_gets_the_page_of_another(setup, Way::FastcgiUnix, "/vote/", CHECKED);
}

fn nobody_gets_the_page_of_another_quickly_over_http(setup: Setup) {
    nobody_gets_the_page_of_another(setup, Way::EmbeddedUnix, "/vote/", QUICK);
}

fn nobody_gets_the_page_of_another_quickly_over_fastcgi(setup: Setup) {
    nobody_gets_the_page_of_another(setup, Way::FastcgiUnix, "/", QUICK);
}

fn nobody_gets_the_page_of_another(setup: Setup, way: Way, mount: &'static str, options: Options) {
    with_cache(setup, way, mount, options, |front| readers_try_each_other(front, options == QUICK));
}

/// Readers of every kind ask for the same addresses in turn, each trying to leave a page for the next one.
fn readers_try_each_other(front: &Front<'_>, is_quick: bool) {
    let (door, poll) = (&front.door, front.site.poll());
    front.site.user("ada").superuser().create();
    let fields = [("username", "ada"), ("password", PASSWORD), ("next", door.mount)];
    let answer = door.post("/admin/login/").form(&fields).expect(303);
    let session = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a session");
    let invented = "sessionid=0123456789abcdefghijklmnopqrstuvwxyz0123";
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/admin/", "/admin/login/"] {
        let public = |page: &Response| !page.text().contains("ada") && page.header("set-cookie").is_none();
        let private = |page: &Response| page.header("cache-control") == Some("private, no-store");
        for round in 0..4 {
            // A session's pages are its own, whatever else the request says.
            for cookie in [session.to_owned(), format!("a=b;{session}"), format!("django_language=ko; {session}")] {
                for control in ["max-age=0", "no-cache", "only-if-cached", "max-stale=3600"] {
                    let page = door.get(path).header("Cookie", &cookie).header("Cache-Control", control).send();
                    // Asked first of all, Apache has nothing for who wants nothing else.
                    let has_nothing = is_quick && control == "only-if-cached" && !path.starts_with("/admin/");
                    assert_eq!(page.status == 504, has_nothing, "{path}, {cookie}, {control}, {round}");
                    assert!(private(&page) || has_nothing, "{path}, {cookie}, {control}, {round}");
                    assert_eq!(page.header("age"), None, "{path}, {cookie}, {control}, {round}");
                }
            }
            for cookie in ["", "a=b", "xsessionid=1", "django_language=ko", "notfresh=1"] {
                let page = door.get(path).header("Cookie", cookie).send();
                assert!(public(&page), "{path}, {cookie}, {round}: {}", page.text());
                let korean = cookie.contains("ko");
                assert_eq!(page.text().contains("<html lang=\"ko\""), korean && page.status == 200, "{path}, {cookie}");
            }
            let korean = door.get(path).header("Accept-Language", "ko").send();
            assert_eq!(korean.text().contains("<html lang=\"ko\""), korean.status == 200, "{path}");
            let nobody = door.get(path).header("Cookie", invented).send();
            assert!(private(&nobody) && nobody.header("age").is_none(), "{path}");
        }
    }
}

/// An answer that says it may be kept: a file at a path that Apache does not know for static at first.
fn apache_too_keeps_nothing_of_a_session(setup: Setup) {
    with_cache(setup, Way::EmbeddedUnix, "/", QUICK, |front| {
        let file = front.door.get("/").expect(200).html().attributes("link[rel=stylesheet]", "href")[0].clone();
        let file = file.replace("/static/", "/%73tatic/");
        for cookie in ["sessionid=1", "a=b; __Host-sessionid=1", "__Secure-sessionid=1;a=b", "fresh=1"] {
            front.door.get(&file).header("Cookie", cookie).expect(200);
            front.door.get(&file).header("Cache-Control", "only-if-cached").expect(504);
        }
        front.door.get(&file).header("Cookie", "xsessionid=1").expect(200);
        front.door.get(&file).header("Cache-Control", "only-if-cached").expect(200);
    });
}

/// A site's own access rules come before Apache's memory.
fn who_is_shut_out_gets_no_page_from_memory(setup: Setup) {
    let site = Site::new(setup, "/");
    let front = site.open_with(Way::EmbeddedUnix, &[CHECKED, &[("RESTRICTED", "")]].concat());
    let let_in = || front.door.get("/polls/").header("X-Let-In", "yes").expect(200);
    eventually("a page from memory", || let_in().header("age").map(drop));
    for _ in 0..20 {
        let_in();
        front.door.get("/polls/").expect(403);
    }
}

/// An error page of Apache's own is not labelled with the encoding of the page that it stands for.
fn a_part_that_is_not_there_is_refused_readably(setup: Setup) {
    let site = Site::new(setup, "/");
    for way in Way::ALL {
        for options in [&[], CHECKED] {
            let front = site.open_with(way, options);
            for path in ["/", "/polls/", "/bookmark/"] {
                let part = front.door.get(path).header("Accept-Encoding", "gzip").header("Range", "bytes=999999-");
                let answer = part.send();
                assert!([200, 416].contains(&answer.status), "{way:?}: {}", answer.status);
                assert!(answer.unpacked().trim_ascii_end().ends_with(b"</html>"), "{way:?}: {path}");
            }
        }
    }
}
