//! `/bookmark/?q=…`, tags, the feed, private bookmarks, and adding in one step.

use crate::support::*;

const ADD: &str = "/admin/bookmark/bookmark/add/";

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_search_finds_the_same_everywhere),
        on_every_database(private_bookmarks_are_seen_by_those_who_may),
        on_every_database(tags_are_kept_by_the_admin),
        on_every_database(many_bookmarks_get_and_lose_tags_at_once),
        on_sqlite(a_search_keeps_its_words_from_page_to_page),
        on_sqlite(a_feed_has_what_a_search_finds),
        on_sqlite(a_page_is_added_in_one_step),
        on_every_database(django_deletes_a_bookmark_with_tags),
    ]
}

/// Adds a bookmark in the admin: title, address, description, tags.
#[track_caller]
fn add(person: &Person, title: &str, url: &str, description: &str, tags: &str, private: bool) {
    let mut fields = vec![("title", title), ("url", url), ("description", description), ("tags", tags)];
    fields.extend(private.then_some(("is_private", "on")));
    person.post(ADD, &fields).expect(303);
}

fn search(text: &str) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
    format!("/bookmark/?{query}")
}

#[track_caller]
fn found(app: &TestApp, text: &str) -> Vec<String> {
    app.get(&search(text)).expect(200).html().texts("main li h2")
}

fn a_search_finds_the_same_everywhere(app: &TestApp) {
    let ada = app.administrator("ada");
    add(&ada, "Rust", "https://www.rust-lang.org/", "A language \"for\" all", "lang, systems", false);
    add(&ada, "위키백과", "https://ko.wikipedia.org/wiki/%EB%8C%80%EB%AC%B8", "", "한국어, Machine Learning", false);
    add(&ada, "ÄPFEL", "https://example.org/100%25", "fruit_salad", "", false);
    app.bookmark(None, "https://untitled.example/rust");
    for (text, titles) in [
        ("RUST", &["https://untitled.example/rust", "Rust"][..]),
        ("rust lang", &["Rust"]),
        ("\"language \\\"for\\\"\"", &["Rust"]),
        ("\"lang rust\"", &[]),
        ("-rust", &["ÄPFEL", "위키백과"]),
        ("rust -#lang", &["https://untitled.example/rust"]),
        ("#LANG or #한국어", &["위키백과", "Rust"]),
        ("tag:machine-learning", &["위키백과"]),
        ("#lan", &[]),
        ("system", &["Rust"]),
        ("(äpfel or 위키) -대문", &["ÄPFEL"]),
        ("대문", &["위키백과"]),
        ("\u{1103}\u{1162}\u{1106}\u{116e}\u{11ab}", &["위키백과"]),
        ("a\u{308}pfel", &["ÄPFEL"]),
        ("100%", &["ÄPFEL"]),
        ("t_s", &["ÄPFEL"]),
        ("not (rust or äpfel)", &["위키백과"]),
        ("' OR 1=1 --", &[]),
        ("\\", &[]),
        ("(((", &["https://untitled.example/rust", "ÄPFEL", "위키백과", "Rust"]),
    ] {
        assert_eq!(found(app, text), titles, "{text}");
    }
    let nothing = app.get(&search("nowhere")).expect(200).html();
    assert!(nothing.text(".empty").contains("No bookmark was found."));
    assert_eq!(nothing.attribute("input[type=search]", "value").as_deref(), Some("nowhere"));
    let oldest = app.get("/bookmark/?sort=oldest").expect(200).html();
    assert_eq!(oldest.texts("main li h2")[0], "Rust");
}

fn private_bookmarks_are_seen_by_those_who_may(app: &TestApp) {
    let ada = app.administrator("ada");
    app.user("bea").staff().may("bookmark.view_bookmark").create();
    app.user("cy").staff().create();
    add(&ada, "Open", "https://open.example/", "", "both", false);
    add(&ada, "Secret", "https://secret.example/", "hidden", "both, only", true);
    let secret = "/bookmark/2/";
    let pages = [
        "/bookmark/",
        "/bookmark/?q=secret",
        "/bookmark/?q=%23only",
        "/bookmark/tags/",
        "/bookmark/feed/",
        "/bookmark/feed/?q=hidden",
        "/bookmark/?sort=title",
    ];
    let (bea, cy) = (app.logged_in("bea"), app.logged_in("cy"));
    for path in pages {
        for text in [app.get(path).expect(200).text(), cy.get(path).expect(200).text()] {
            for word in ["Secret", "secret.example", ">only<"] {
                assert!(!text.contains(word), "{path}: {word}");
            }
        }
    }
    app.get(secret).expect(404);
    cy.get(secret).expect(404);
    assert_eq!(bea.get("/bookmark/").expect(200).html().texts("main li h2"), ["Secret", "Open"]);
    assert_eq!(bea.get(secret).expect(200).html().text("h1"), "Secret");
    let cloud = |html: Html| html.texts(".cloud a");
    assert_eq!(cloud(app.get("/bookmark/tags/").expect(200).html()), ["both 1"]);
    assert_eq!(cloud(bea.get("/bookmark/tags/").expect(200).html()), ["both 2", "only 1"]);
    // Not in a feed, whoever asks; and what was private a moment ago is public to all at once.
    assert!(!bea.get("/bookmark/feed/").expect(200).text().contains("Secret"));
    ada.post("/admin/bookmark/bookmark/", &[("action", "make_public"), ("_selected_action", "2")]).expect(303);
    assert_eq!(app.get("/bookmark/").expect(200).html().texts("main li h2"), ["Secret", "Open"]);
}

fn tags_are_kept_by_the_admin(app: &TestApp) {
    let ada = app.administrator("ada");
    add(&ada, "Rust", "https://www.rust-lang.org/", "", "Rust web", false);
    let path = "/admin/bookmark/bookmark/1/change/";
    let tags = || ada.get(path).expect(200).html().attribute("#id_tags", "value").unwrap_or_default();
    assert_eq!(tags(), "Rust, web");
    ada.submit(path, &[("tags", "WEB, machine learning, Straße")]).expect(303);
    assert_eq!(tags(), "machine-learning, Straße, web");
    ada.submit(path, &[("tags", "web")]).expect(303);
    ada.undo().expect(303);
    assert_eq!(tags(), "machine-learning, Straße, web");
    ada.submit(path, &[("tags", "Rust web")]).expect(303);
    let refused = ada.submit(path, &[("tags", &"t".repeat(65))]).expect(200).html();
    assert!(refused.text("#id_tags_error").contains("64"));
    let list = |query: &str| ada.get(&format!("/admin/bookmark/bookmark/?{query}")).expect(200).html();
    let count = |query: &str| list(query).count("#result_list tbody tr");
    app.bookmark(None, "https://untagged.example/");
    assert_eq!((count("tags__id__exact=1"), count("tags__isnull=True"), count("q=web")), (1, 1, 1));
    ada.post("/admin/bookmark/bookmark/1/delete/", &[("post", "yes")]).expect(303);
    assert_eq!(app.count("bookmark_tagging"), 0);
    ada.undo().expect(303);
    assert_eq!(tags(), "Rust, web");
}

fn many_bookmarks_get_and_lose_tags_at_once(app: &TestApp) {
    let ada = app.administrator("ada");
    add(&ada, "One", "https://one.example/", "", "Rust web", false);
    add(&ada, "Two", "https://two.example/", "", "", false);
    let many: Vec<_> = (0..50).map(|number| format!("t{number}")).collect();
    add(&ada, "Full", "https://full.example/", "", &many.join(" "), false);
    let list = "/admin/bookmark/bookmark/";
    let run = |action: &str, typed: &str| {
        let page = ada.get(list).expect(200).html();
        assert_eq!(page.count("[name=action_input]"), 1);
        let chosen = ["1", "2", "3"].map(|id| ("_selected_action", id));
        let fields: Vec<_> = [("action", action), ("action_input", typed)].into_iter().chain(chosen).collect();
        ada.submit_page(list, &page, &fields).expect(303);
    };
    let tags = |id: i64| {
        let form = ada.get(&format!("{list}{id}/change/")).expect(200).html();
        form.attribute("#id_tags", "value").unwrap_or_default()
    };
    run("add_tags", "RUST, 한국어");
    let said = ada.messages().join(" ");
    assert!(said.contains("Changed 2 bookmarks") && said.contains("1 bookmark would have too many tags"), "{said}");
    assert_eq!((tags(1), tags(2)), ("Rust, web, 한국어".to_owned(), "Rust, 한국어".to_owned()));
    assert!(!tags(3).contains("Rust"));
    // What was done together is undone together.
    run("remove_tags", "WEB 한국어 none");
    ada.undo().expect(303);
    assert_eq!((tags(1), tags(2)), ("Rust, web, 한국어".to_owned(), "Rust, 한국어".to_owned()));
    run("remove_tags", "WEB 한국어 none");
    assert_eq!((tags(1), tags(2)), ("Rust".to_owned(), "Rust".to_owned()));
    for (typed, wrong) in [(" , ", "Type the tags"), (&*"t".repeat(65), "64")] {
        run("add_tags", typed);
        let said = ada.messages().join(" ");
        assert!(said.contains(wrong), "{said}");
    }
    // A tag gets another name, and becomes one with a tag that is there.
    run("replace_tag", "rust, Rust-lang");
    assert!(ada.messages().join(" ").contains("1 bookmark does not have the tag"));
    assert_eq!((tags(1), tags(2)), ("Rust-lang".to_owned(), "Rust-lang".to_owned()));
    run("replace_tag", "t0, t1");
    assert_eq!(tags(3).split(", ").count(), 49);
    run("replace_tag", "t0");
    assert!(ada.messages().join(" ").contains("the old tag and the new one"));
    // A list whose actions need no text has no place for one.
    assert_eq!(ada.get("/admin/polls/question/").expect(200).html().count("[name=action_input]"), 0);
}

fn a_search_keeps_its_words_from_page_to_page(app: &TestApp) {
    for number in 0..11 {
        app.bookmark(Some("Page"), &format!("https://example.com/{number}"));
    }
    let page = app.get("/bookmark/?q=page&sort=title").expect(200).html();
    let next = page.attribute("[rel=next]", "href").unwrap_or_default();
    assert_eq!(next, "?q=page&sort=title&page=2");
    assert_eq!(app.get(&format!("/bookmark/{next}")).expect(200).html().count("main li"), 1);
}

fn a_feed_has_what_a_search_finds(app: &TestApp) {
    let ada = app.administrator("ada");
    add(&ada, "<Rust> & \u{1}co", "https://www.rust-lang.org/?a=1&b=2", "한국어", "lang", false);
    add(&ada, "Other", "https://other.example/", "", "", false);
    let feed = app.get("/bookmark/feed/?q=%23lang").expect(200);
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    let text = feed.text();
    assert!(text.starts_with("<?xml") && !text.contains("Other") && !text.contains('\u{1}'), "{text}");
    assert_eq!(text.matches("<entry>").count(), 1, "{text}");
    assert!(text.contains("https://www.rust-lang.org/?a=1&#38;b=2"), "{text}");
    let all = app.get("/bookmark/feed/").expect(200);
    assert_eq!(all.text().matches("<entry>").count(), 2);
    app.get("/bookmark/feed/").header("If-None-Match", all.header("etag").expect("a tag")).expect(304);
}

fn a_page_is_added_in_one_step(app: &TestApp) {
    app.user("cy").staff().create();
    app.user("dee").staff().may("bookmark.add_bookmark").create();
    assert!(app.get("/bookmark/add/?url=naver.com/x").expect(302).location().contains("next="));
    app.logged_in("cy").get("/bookmark/add/?url=naver.com/x").expect(403);
    let dee = app.logged_in("dee");
    let location = dee.get("/bookmark/add/?url=naver.com/x&title=N").expect(303).location().to_owned();
    assert_eq!(location, format!("{ADD}?url=https%3A%2F%2Fnaver.com%2Fx&title=N"));
    let form = dee.get(&location).expect(200).html();
    let value = |name: &str| form.attribute(&format!("#id_{name}"), "value").unwrap_or_default();
    assert_eq!((value("url"), value("title")), ("https://naver.com/x".to_owned(), "N".to_owned()));
    app.bookmark(Some("Known"), "http://www.naver.com:80/x/");
    app.bookmark(Some("Known"), "http://naver.com/x/");
    let page = dee.get("/bookmark/add/?url=https://NAVER.com/x?utm_source=a").expect(200).html();
    assert_eq!(page.attributes("main h2 a", "href"), ["/bookmark/2/"]);
    assert_eq!(page.attributes("main .links a", "href").len(), 2);
    assert!(dee.get("/bookmark/").expect(200).text().contains("javascript:location.href="));
    assert!(!app.get("/bookmark/").expect(200).text().contains("javascript:"));
}

fn django_deletes_a_bookmark_with_tags(app: &TestApp) {
    let ada = app.administrator("ada");
    add(&ada, "Rust", "https://www.rust-lang.org/", "", "rust", false);
    app.execute("DELETE FROM bookmark_bookmark WHERE id = 1");
    assert_eq!((app.count("bookmark_tagging"), app.count("bookmark_tag")), (0, 1));
    assert_eq!(app.get("/bookmark/tags/").expect(200).html().count(".cloud a"), 0);
}
