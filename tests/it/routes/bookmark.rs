//! `/bookmark/…`

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(the_newest_bookmark_comes_first_and_opens_its_page),
        on_every_database(the_detail_opens_the_target_without_telling_it_of_us),
        on_every_database(without_a_title_the_address_stands_for_it),
        on_sqlite(an_address_that_is_none_of_the_webs_is_shown_and_not_linked),
        on_sqlite(texts_are_never_markup),
        on_sqlite(a_long_list_is_shown_a_page_at_a_time),
        on_sqlite(a_bookmark_that_is_not_there_is_not_found),
    ]
}

fn detail(id: i64) -> String {
    format!("/bookmark/{id}/")
}

fn the_newest_bookmark_comes_first_and_opens_its_page(app: &TestApp) {
    let (django, wiki) = ("https://www.djangoproject.com/", "https://ko.wikipedia.org/wiki/%EB%8C%80%EB%AC%B8");
    let first = app.bookmark(Some("Django"), django);
    let second = app.bookmark(Some("위키백과"), wiki);
    let page = app.get("/bookmark/").expect(200).html();
    assert_eq!(page.texts("main li h2"), ["위키백과", "Django"]);
    assert_eq!(page.attributes("main li h2 a[rel~=noopener]", "href"), [wiki, django]);
    assert_eq!(page.attributes("main li a.details", "href"), [detail(second), detail(first)]);
    assert_eq!(page.texts("main li .host"), ["ko.wikipedia.org", "djangoproject.com"]);
}

fn the_detail_opens_the_target_without_telling_it_of_us(app: &TestApp) {
    let url = "https://example.com/?a=1&b=2#c";
    let id = app.bookmark(Some("Example"), url);
    let page = app.get(&detail(id)).expect(200).html();
    assert_eq!(page.text("h1"), "Example");
    assert_eq!(page.attributes("main a[rel='noopener noreferrer']", "href"), [url]);
}

fn without_a_title_the_address_stands_for_it(app: &TestApp) {
    let untitled = app.bookmark(None, "https://example.com/none");
    let empty = app.bookmark(Some(""), "https://example.com/empty");
    let page = app.get("/bookmark/").expect(200).html();
    assert_eq!(page.texts("main li h2"), ["https://example.com/empty", "https://example.com/none"]);
    assert_eq!(app.get(&detail(untitled)).expect(200).html().text("h1"), "https://example.com/none");
    assert_eq!(app.get(&detail(empty)).expect(200).html().text("h1"), "https://example.com/empty");
}

fn an_address_that_is_none_of_the_webs_is_shown_and_not_linked(app: &TestApp) {
    for url in ["javascript:alert(1)", "JavaScript://example.com/%0Aalert(1)", "data:text/html,x", " https://x", "//x"]
    {
        let id = app.bookmark(Some("Trap"), url);
        let page = app.get(&detail(id)).expect(200).html();
        assert!(page.text("main").contains(url.trim()), "{url}");
        assert!(
            page.attributes("a", "href").iter().all(|href| href.starts_with('/') || href.starts_with('#')),
            "{url}"
        );
    }
    let list = app.get("/bookmark/").expect(200).html();
    assert!(list.attributes("main a", "href").iter().all(|href| href.starts_with("/bookmark/")));
}

fn texts_are_never_markup(app: &TestApp) {
    let id = app.bookmark(Some("<script>alert(1)</script>"), "https://example.com/\"><script>alert(2)</script>");
    for path in ["/bookmark/", &detail(id)] {
        let response = app.get(path).expect(200);
        assert_eq!(response.html().count("script:not([src])"), 0, "{path}");
        assert!(response.html().text("main").contains("<script>alert(1)</script>"), "{path}");
    }
}

fn a_long_list_is_shown_a_page_at_a_time(app: &TestApp) {
    for number in 0..11 {
        app.bookmark(None, &format!("https://example.com/{number}"));
    }
    assert_eq!(app.get("/bookmark/").expect(200).html().count("main li"), 10);
    assert_eq!(app.get("/bookmark/?page=2").expect(200).html().texts("main li h2"), ["https://example.com/0"]);
    app.get("/bookmark/?page=3").expect(404);
}

fn a_bookmark_that_is_not_there_is_not_found(app: &TestApp) {
    for id in ["1", "0", "-1", "abc", "99999999999999999999"] {
        app.get(&format!("/bookmark/{id}/")).expect(404);
    }
}
