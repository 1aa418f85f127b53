//! `/`

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(the_open_poll_with_the_most_votes_can_be_voted_in_there),
        on_sqlite(an_empty_site_links_every_part),
        on_sqlite(only_a_short_ballot_with_one_choice_is_on_the_home_page),
        on_sqlite(administration_is_linked_for_staff_only),
    ]
}

fn the_open_poll_with_the_most_votes_can_be_voted_in_there(app: &TestApp) {
    app.question("Few").choice_with_votes("Yes", 1).create();
    let poll =
        app.question("Many").published_ago(TimeDelta::days(9)).choice_with_votes("Yes", 5).choices(["No"]).create();
    app.question("Over")
        .published_ago(TimeDelta::days(2))
        .closed_ago(TimeDelta::days(1))
        .choice_with_votes("Y", 9)
        .create();
    app.question("Soon over").closed_ago(-TimeDelta::hours(5)).choices(["Yes"]).create();
    app.question("To come").upcoming_in(TimeDelta::days(1)).create();
    app.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    let page = app.get("/").expect(200).html();
    assert_eq!(page.texts("main h2"), ["Many", "Closing soon", "Latest polls", "Latest bookmarks"]);
    assert_eq!(page.texts("main .lines li a"), ["Soon over", "Few", "Rust"]);
    assert_eq!(page.attribute("main form.ballot", "action"), Some(poll.vote()));
    let style = page.attribute("link[href$='view.css']", "href").expect("the page begins a page view");
    let cookie = app.get(&style).expect(200).header("set-cookie").expect("a cookie").to_owned();
    let choice = page.attributes("main form.ballot input", "value").remove(1);
    for _ in 0..2 {
        let vote = app.post(&poll.vote()).header("Cookie", cookie.split(';').next().unwrap_or_default());
        vote.header("Sec-Fetch-Mode", "navigate").form(&[("choice", &choice)]).expect(303);
    }
    assert_eq!(app.totals(&poll), [5, 1]);
}

fn an_empty_site_links_every_part(app: &TestApp) {
    let page = app.get("/").expect(200).html();
    assert!(page.text("main .empty").contains("No poll is open now."));
    assert!(page.attributes("main a", "href").contains(&"/polls/".to_owned()));
    assert_eq!((page.count("script:not([data-zone])"), page.count("main form")), (0, 0));
}

fn only_a_short_ballot_with_one_choice_is_on_the_home_page(app: &TestApp) {
    let poll = app.poll();
    for rule in
        ["kind = 'approval'", "kind = 'single', voters = 'account'", "voters = 'open', choice_order = 'shuffled'"]
    {
        app.execute(&format!("UPDATE polls_question SET {rule}"));
        let page = app.get("/").expect(200).html();
        assert_eq!((page.count("main form"), page.attributes("main li a", "href")), (0, vec![poll.detail()]), "{rule}");
    }
    app.execute("UPDATE polls_question SET choice_order = 'written', voters = 'browser', results = 'staff'");
    let page = app.get("/").expect(200).html();
    assert_eq!((page.count("main form"), page.count(".votes")), (1, 0));
    app.execute("UPDATE polls_choice SET withdrawn_at = '2026-01-01 00:00:00'");
    assert_eq!(app.get("/").expect(200).html().count("main form"), 0);
}

fn administration_is_linked_for_staff_only(app: &TestApp) {
    let links = |page: Response| page.html().attributes("main a[href^='/admin/']", "href");
    assert_eq!(links(app.get("/").expect(200)), [""; 0]);
    app.user("bob").create();
    assert_eq!(links(app.administrator("ada").get("/").expect(200)), ["/admin/"]);
}
