//! What other programs are told of the polls: the feed, the sitemap, previews, codes.

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_feed_has_the_newest_polls),
        on_sqlite(search_engines_find_every_public_poll),
        on_sqlite(a_link_has_a_preview),
        on_sqlite(what_is_not_there_leads_to_the_list),
        on_sqlite(a_poll_has_a_code_of_its_address),
        on_sqlite(a_poll_is_passed_on_by_its_page),
        on_sqlite(no_site_embeds_a_poll_unless_the_settings_name_it),
        on_sqlite(the_sites_of_the_settings_embed_a_poll),
        on_sqlite(an_embedded_poll_shows_no_hidden_results),
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

fn a_poll_has_a_code_of_its_address(setup: Setup) {
    let app = setup.settings("script_name = \"/vote\"").start();
    let poll = app.poll();
    let get = |name: &str| app.get(&format!("/vote{}{name}", poll.detail())).host("polls.example.org").expect(200);
    let svg = get("qr.svg");
    assert_eq!(svg.header("content-type"), Some("image/svg+xml"));
    assert!(svg.text().starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "), "{}", svg.text());
    let png = get("qr.png");
    assert_eq!((png.header("content-type"), &png.body[..8]), (Some("image/png"), &b"\x89PNG\r\n\x1a\n"[..]));
    for (name, picture) in [("qr.svg", &svg), ("qr.png", &png)] {
        assert_eq!(picture.header("cache-control"), Some("max-age=0, s-maxage=1, must-revalidate"));
        assert_eq!(get(name).body, picture.body, "the same bytes for all");
        let tag = picture.header("etag").expect("a validator");
        let path = format!("/vote{}{name}", poll.detail());
        app.get(&path).host("polls.example.org").header("If-None-Match", tag).expect(304);
        // Another address of the site has another code.
        assert_ne!(app.get(&path).expect(200).body, picture.body);
        // One that will be public has one; a draft, and what is not there, has none.
        let upcoming = app.question("Soon?").upcoming_in(TimeDelta::days(1)).choices(["Yes"]).create();
        app.get(&format!("/vote{}{name}", upcoming.detail())).expect(200);
        app.execute(&format!("UPDATE polls_question SET is_draft = 1 WHERE id = {}", upcoming.id));
        app.get(&format!("/vote{}{name}", upcoming.detail())).expect(404);
        app.get(&format!("/vote/polls/4711/{name}")).expect(404);
        app.get(&format!("/vote/polls/x/{name}")).expect(404);
    }
    app.get("/vote/polls/1/qr.gif").expect(404);
}

fn a_poll_is_passed_on_by_its_page(app: &TestApp) {
    let poll = app.poll();
    let page = app.get(&poll.detail()).host("polls.example.org").expect(200);
    let html = page.html();
    let address = format!("http://polls.example.org{}", poll.detail());
    assert_eq!(html.text("details.pass-on .address a"), address);
    assert_eq!(html.attribute("details.pass-on button[data-copy]", "data-copy").as_deref(), Some(&*address));
    assert_eq!(html.attribute("details.pass-on img", "src"), Some(format!("{}qr.svg", poll.detail())));
    assert_eq!(html.texts("details.pass-on a[download]"), ["QR code as SVG", "QR code as PNG"]);
    assert_eq!(html.count("details.pass-on[open], #embed, link[type*=oembed]"), 0);
    assert_eq!(html.attribute("meta[property='og:url']", "content").as_deref(), Some(&*address));
    assert_eq!(app.get(&poll.detail()).host("polls.example.org").expect(200).body, page.body);
}

fn no_site_embeds_a_poll_unless_the_settings_name_it(app: &TestApp) {
    let poll = app.poll();
    for name in ["embed/", "oembed.json"] {
        app.get(&format!("{}{name}", poll.detail())).expect(404);
    }
    for (sites, mistake) in [("[\"example.com\"]", true), ("[\"https://a.example; x\"]", true), ("[\"*\"]", false)] {
        let answer = app
            .command(&["config", "show"])
            .env("POLLS_EMBED_ALLOWED_SITES", sites.trim_matches(['[', ']', '"']))
            .output();
        let answer = answer.expect("it can be run");
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert_eq!(said.contains("EMBED_ALLOWED_SITES"), mistake, "{sites}: {said}");
    }
}

fn the_sites_of_the_settings_embed_a_poll(setup: Setup) {
    let sites = "embed_allowed_sites = [\"https://news.example\", \"http://localhost:3000\"]";
    let app = setup.settings(sites).start();
    let poll = app.question("\"Tea\" & <b>?").choice_with_votes("Yes", 3).choices(["No"]).create();
    let path = format!("{}embed/", poll.detail());
    // The second answer comes from memory.
    for _ in 0..2 {
        let answer = app.get(&path).host("polls.example.org").expect(200);
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.ends_with("; frame-ancestors https://news.example http://localhost:3000"), "{policy}");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
        assert_eq!(answer.header("cache-control"), Some("max-age=0, s-maxage=1, must-revalidate"));
        assert!(answer.headers("set-cookie").is_empty());
        let page = answer.html();
        assert_eq!((page.text("h1"), page.count("form, input, script")), ("\"Tea\" & <b>?".to_owned(), 0));
        assert_eq!(page.text("a.button[target=_blank][rel=noopener]"), "Vote on the poll’s own page");
        assert_eq!(page.attribute("a.button", "href"), Some(poll.detail()));
        assert_eq!(page.texts("table.results .votes"), ["3 votes", "0 votes"]);
    }
    // No other page may be framed.
    for path in [poll.detail(), poll.results(), "/".to_owned(), "/admin/login/".to_owned()] {
        let answer = app.get(&path).expect(200);
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{path}: {policy}");
    }
    let page = app.get(&poll.detail()).host("polls.example.org").expect(200).html();
    let link = page.attribute("link[type='application/json+oembed']", "href").expect("a link");
    let json = link.strip_prefix("http://polls.example.org").expect("an address of the site");
    let embedded = app.get(&format!("{json}?maxwidth=320&maxheight=x")).host("polls.example.org").expect(200).json();
    let iframe = |width: u32| {
        format!(
            "<iframe src=\"http://polls.example.org{path}\" title=\"&#34;Tea&#34; &#38; &#60;b&#62;?\" width=\"{width}\" height=\"480\" loading=\"lazy\"></iframe>"
        )
    };
    let expected = serde_json::json!({
        "version": "1.0",
        "type": "rich",
        "provider_name": embedded["provider_name"],
        "provider_url": "http://polls.example.org/",
        "title": "\"Tea\" & <b>?",
        "html": iframe(320),
        "width": 320,
        "height": 480,
    });
    assert_eq!(embedded, expected);
    assert_eq!(page.text("#embed"), iframe(600));
    let upcoming = app.question("Soon?").upcoming_in(TimeDelta::days(1)).choices(["Yes"]).create();
    for name in ["embed/", "oembed.json"] {
        for missing in [upcoming.detail(), "/polls/4711/".to_owned()] {
            let refused = app.get(&format!("{missing}{name}")).expect(404);
            let policy = refused.header("content-security-policy").expect("a policy");
            assert!(policy.ends_with("frame-ancestors 'none'") && !refused.text().contains("Yes"), "{missing}{name}");
        }
    }
}

/// Neither to readers nor to staff, whose page it would be in a frame of another site.
fn an_embedded_poll_shows_no_hidden_results(setup: Setup) {
    let app = setup.settings("embed_allowed_sites = [\"*\"]").start();
    let poll = app.question("Hidden?").choice_with_votes("Yes", 31337).choices(["No"]).create();
    let ada = app.administrator("ada");
    for rule in ["voted", "closed", "staff"] {
        app.execute(&format!("UPDATE polls_question SET results = '{rule}'"));
        let mut before = Vec::new();
        for round in 0..2 {
            for name in ["embed/", "oembed.json", "qr.svg", "qr.png", ""] {
                let path = format!("{}{name}", poll.detail());
                for answer in [app.get(&path).expect(200), ada.get(&path).expect(200)] {
                    let text = answer.text();
                    assert!(!["31337", "31,337", "100%"].iter().any(|number| text.contains(number)), "{rule}: {path}");
                }
                let tag = app.get(&path).expect(200).header("etag").map(str::to_owned);
                if round == 0 {
                    before.push(tag);
                } else {
                    assert!(before.contains(&tag), "no validator tells of votes: {path}");
                }
            }
            app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
        }
    }
    app.execute("UPDATE polls_question SET results = 'always'");
    assert!(app.get(&format!("{}embed/", poll.detail())).expect(200).text().contains("31,337"));
}

fn what_is_not_there_leads_to_the_list(app: &TestApp) {
    for path in ["/polls/999/", "/polls/abc/", "/polls/1/nothing/", "/polls/?page=99"] {
        let page = app.get(path).expect(404).html();
        assert_eq!(page.text("main a.button[href='/polls/']"), "All polls", "{path}");
    }
    assert_eq!(app.get("/nothing/").expect(404).html().attributes("main a.button", "href"), ["/"]);
}
