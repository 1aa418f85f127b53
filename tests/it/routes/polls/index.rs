//! `/polls/`

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(without_a_question_the_list_says_so),
        on_every_database(the_newest_question_comes_first_and_an_upcoming_one_not_at_all),
        on_every_database(a_long_list_is_shown_a_page_at_a_time),
        on_every_database(pages_far_behind_are_found_from_their_neighbours),
        on_sqlite(a_page_that_is_not_there_is_not_found),
        on_sqlite(a_list_of_exactly_one_page_has_no_second),
    ]
}

fn without_a_question_the_list_says_so(app: &TestApp) {
    app.question("Soon?").upcoming_in(TimeDelta::days(1)).create();
    let page = app.get("/polls/").expect(200).html();
    assert!(page.text("main").contains("No polls are available."));
    assert_eq!(page.count("main li"), 0);
}

fn the_newest_question_comes_first_and_an_upcoming_one_not_at_all(app: &TestApp) {
    let old = app.question("An old one").published_ago(TimeDelta::days(30)).create();
    let new = app.question("A new one").published_ago(TimeDelta::seconds(2)).create();
    let middle = app.question("하나 더").published_ago(TimeDelta::days(1)).create();
    app.question("Soon?").upcoming_in(TimeDelta::seconds(600)).create();
    let page = app.get("/polls/").expect(200).html();
    assert_eq!(page.texts("main li h2"), ["A new one", "하나 더", "An old one"]);
    assert_eq!(page.attributes("main li a", "href"), [new.detail(), middle.detail(), old.detail()]);
}

fn a_long_list_is_shown_a_page_at_a_time(app: &TestApp) {
    for number in 1..=23 {
        app.question(&format!("Question {number}")).published_ago(TimeDelta::days(number)).create();
    }
    let pages: Vec<_> =
        ["/polls/", "/polls/?page=2", "/polls/?page=3"].map(|path| app.get(path).expect(200).html()).into();
    let shown: Vec<_> = pages.iter().flat_map(|page| page.texts("main li h2")).collect();
    assert_eq!(shown, (1..=23).map(|number| format!("Question {number}")).collect::<Vec<_>>());
    assert_eq!(pages.iter().map(|page| page.count("main li")).collect::<Vec<_>>(), [10, 10, 3]);
    assert_eq!(pages[0].attribute("a[rel=next]", "href").as_deref(), Some("?page=2"));
    assert_eq!(pages[1].attribute("a[rel=prev]", "href").as_deref(), Some("?page=1"));
    assert_eq!((pages[0].count("a[rel=prev]"), pages[2].count("a[rel=next]")), (0, 0));
}

/// A thousand objects are counted for no page: those behind are found from an object of the page that leads there.
fn pages_far_behind_are_found_from_their_neighbours(app: &TestApp) {
    app.question("One").published_ago(TimeDelta::days(1)).create();
    app.question("Other").published_ago(TimeDelta::days(2)).create();
    for _ in 0..9 {
        app.execute(
            "INSERT INTO polls_question (question_text, pub_date) SELECT question_text, pub_date FROM polls_question",
        );
    }
    let page = |query: &str| app.get(&format!("/polls/{query}")).expect(200).html();
    let shown = |page: &Html| page.attributes("main li a", "href");
    let way = |page: &Html, rel: &str| page.attributes(&format!("a[rel={rel}]"), "href").pop();
    let mut here = page("?page=99");
    assert_eq!(way(&here, "next").as_deref(), Some("?page=100"));
    let mut pages = Vec::new();
    for number in 100..=103 {
        here = page(&way(&here, "next").expect("a next page"));
        assert_eq!(shown(&here), shown(&page(&format!("?page={number}"))), "{number}");
        assert_eq!(here.texts("[aria-current=page]").last().map(String::as_str), Some(&*format!("Page {number}")));
        pages.push(shown(&here));
    }
    assert_eq!((way(&here, "next"), pages[3].len()), (None, 4));
    for number in [102, 101, 100] {
        let back = way(&here, "prev").expect("a page before");
        assert_eq!(back.contains("&before="), number > 100, "{back}");
        here = page(&back);
        assert_eq!(shown(&here), pages[number - 100], "{number}");
    }
    for query in
        ["?page=104", "?page=101&after=0", "?page=101&after=x", "?page=101&before=-1", "?page=102&after=999999"]
    {
        app.get(&format!("/polls/{query}")).expect(404);
    }
}

fn a_page_that_is_not_there_is_not_found(app: &TestApp) {
    app.poll();
    app.get("/polls/?page=1").expect(200);
    for page in ["2", "0", "-1", "abc", "", "1.0", "99999999999999999999", "%FF"] {
        app.get(&format!("/polls/?page={page}")).expect(404);
    }
}

fn a_list_of_exactly_one_page_has_no_second(app: &TestApp) {
    for _ in 0..10 {
        app.poll();
    }
    let page = app.get("/polls/").expect(200).html();
    assert_eq!((page.count("main li"), page.count("a[rel=next]")), (10, 0));
    app.get("/polls/?page=2").expect(404);
}
