//! What other programs are told of the polls: the feed, the sitemap, previews, codes.

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_feed_has_the_newest_polls),
        on_sqlite(search_engines_find_every_public_poll),
        on_sqlite(a_link_has_a_preview),
        on_sqlite(what_is_not_there_leads_to_the_list),
    ]
}

fn the_feed_has_the_newest_polls(setup: Setup) {
    let app = setup.settings("script_name = \"/vote\"").start();
    app.question("Soon").upcoming_in(TimeDelta::days(1)).create();
    let old = app.question("<b>Old</b> & \u{8}so on").published_ago(TimeDelta::days(2)).create();
    app.question("New").published_ago(TimeDelta::days(1)).closed_ago(-TimeDelta::days(1)).create();
    let feed = app.get("/vote/polls/feed/").host("polls.example.org").expect(200);
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    let text = feed.text();
    assert!(!text.contains("Soon") && !text.contains('\u{8}'), "{text}");
    assert!(text.find("<title>New</title>") < text.find("Old"), "{text}");
    assert!(text.contains("&#60;b&#62;Old&#60;/b&#62; &#38; so on"), "{text}");
    assert!(text.contains(&format!("<id>http://polls.example.org/vote{}</id>", old.detail())), "{text}");
    assert_eq!((text.matches("<entry>").count(), text.matches("<updated>").count()), (2, 3));
    let tag = feed.header("etag").expect("a validator").to_owned();
    app.get("/vote/polls/feed/").host("polls.example.org").header("If-None-Match", tag).expect(304);
    let list = app.get("/vote/polls/").expect(200).html();
    assert_eq!(list.attribute("link[type='application/atom+xml']", "href").as_deref(), Some("/vote/polls/feed/"));
}

fn search_engines_find_every_public_poll(app: &TestApp) {
    let poll = app.poll();
    let robots = app.get("/robots.txt").host("polls.example.org").expect(200).text();
    assert!(robots.contains("\nDisallow: /admin/\n"), "{robots}");
    assert!(robots.contains("\nSitemap: http://polls.example.org/sitemap.xml\n"), "{robots}");
    let sitemap = app.get("/sitemap.xml").host("polls.example.org").expect(200).text();
    assert!(sitemap.contains(&format!("<loc>http://polls.example.org{}</loc>", poll.detail())), "{sitemap}");
    let icon = app.get("/favicon.ico").expect(200);
    assert_eq!((icon.header("content-type"), &icon.body[..4]), (Some("image/x-icon"), &[0, 0, 1, 0][..]));
}

fn a_link_has_a_preview(app: &TestApp) {
    let poll = app.question("\"Which\"?").choices(["Yes"]).create();
    let page = app.get(&poll.results()).host("polls.example.org").expect(200).html();
    let property = |name: &str| page.attribute(&format!("meta[property='og:{name}']"), "content");
    assert_eq!(property("title").as_deref(), Some("\"Which\"?"));
    assert_eq!(property("url"), Some(format!("http://polls.example.org{}", poll.results())));
    let image = property("image").expect("a picture");
    let path = image.strip_prefix("http://polls.example.org").expect("an address of the site");
    assert_eq!(app.get(path).expect(200).header("content-type"), Some("image/png"));
    let copied = page.attribute("button[data-copy]", "data-copy");
    assert_eq!(copied, Some(format!("http://polls.example.org{}", poll.detail())));
}

fn what_is_not_there_leads_to_the_list(app: &TestApp) {
    for path in ["/polls/999/", "/polls/abc/", "/polls/1/nothing/", "/polls/?page=99"] {
        let page = app.get(path).expect(404).html();
        assert_eq!(page.text("main a.button[href='/polls/']"), "All polls", "{path}");
    }
    assert_eq!(app.get("/nothing/").expect(404).html().attributes("main a.button", "href"), ["/"]);
}
