//! `/polls/`

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(without_a_question_the_list_says_so),
        on_every_database(open_polls_come_first_then_those_to_come_then_closed_ones),
        on_every_database(a_long_list_is_shown_a_page_at_a_time),
        on_every_database(the_last_page_of_a_thousand_polls_is_linked),
        on_sqlite(a_page_that_is_not_there_is_not_found),
        on_sqlite(a_list_of_exactly_one_page_has_no_second),
        on_every_database(a_search_finds_words_of_questions_and_choices),
        on_every_database(the_number_of_votes_is_shown_where_the_results_are),
        on_sqlite(a_draft_is_in_no_list),
    ]
}

fn without_a_question_the_list_says_so(app: &TestApp) {
    let page = app.get("/polls/").expect(200).html();
    assert!(page.text("main").contains("No polls are available."));
    assert_eq!((page.count("main li"), page.count("input[type=search]")), (0, 0));
}

fn open_polls_come_first_then_those_to_come_then_closed_ones(app: &TestApp) {
    let days = TimeDelta::days;
    app.question("Over").published_ago(days(3)).closed_ago(days(1)).create();
    app.question("Later").upcoming_in(days(9)).create();
    app.question("An old one").published_ago(days(30)).create();
    app.question("Soon").upcoming_in(days(1)).create();
    app.question("Newly over").published_ago(days(2)).closed_ago(days(1)).create();
    let new = app.question("A new one").published_ago(TimeDelta::seconds(2)).create();
    app.question("하나 더").published_ago(days(1)).closed_ago(-TimeDelta::hours(3)).create();
    let page = app.get("/polls/").expect(200).html();
    let texts = ["A new one", "하나 더", "An old one", "Soon", "Later", "Newly over", "Over"];
    assert_eq!(page.texts("main li h2"), texts);
    assert_eq!(page.attributes("main li a", "href")[0], new.detail());
    let states = ["Open", "Open", "Open", "Upcoming", "Upcoming", "Closed", "Closed"];
    assert_eq!(page.texts("main li .badge"), states);
    let notes = page.texts("main li .note");
    assert!(notes[1].contains("Closes ") && notes[1].contains("UTC, in 3 h"), "{notes:?}");
    assert!(notes[4].contains("Opens ") && notes[4].ends_with("in 9 days"), "{notes:?}");
}

/// The links are followed as a reader does.
fn a_long_list_is_shown_a_page_at_a_time(app: &TestApp) {
    for number in 1..=43 {
        app.question(&format!("Question {number}")).published_ago(TimeDelta::days(number)).create();
    }
    let pages: Vec<_> =
        ["/polls/", "/polls/?page=2", "/polls/?page=3"].map(|path| app.get(path).expect(200).html()).into();
    let shown: Vec<_> = pages.iter().flat_map(|page| page.texts("main li h2")).collect();
    assert_eq!(shown, (1..=43).map(|number| format!("Question {number}")).collect::<Vec<_>>());
    assert_eq!(pages.iter().map(|page| page.count("main li")).collect::<Vec<_>>(), [20, 20, 3]);
    assert_eq!(pages[0].attribute("a[rel=next]", "href").as_deref(), Some("?page=2"));
    assert_eq!(pages[1].attribute("a[rel=prev]", "href").as_deref(), Some("?page=1"));
    assert_eq!((pages[0].count("a[rel=prev]"), pages[2].count("a[rel=next]")), (0, 0));
}

fn the_last_page_of_a_thousand_polls_is_linked(app: &TestApp) {
    app.question("One").published_ago(TimeDelta::days(1)).create();
    app.question("Other").published_ago(TimeDelta::days(2)).create();
    for _ in 0..11 {
        app.execute(
            "INSERT INTO polls_question (question_text, pub_date) SELECT question_text, pub_date FROM polls_question",
        );
    }
    let page = |query: &str| app.get(&format!("/polls/{query}")).expect(200).html();
    let numbers = |page: &Html| page.texts(".pagination > :not([rel])");
    assert_eq!(numbers(&page("")), ["1", "2", "3", "…", "204", "205"]);
    let last = page("?page=205");
    assert_eq!(numbers(&last), ["1", "2", "…", "203", "204", "205"]);
    assert_eq!((last.text("[aria-current=page]").as_str(), last.count("main li")), ("205", 16));
    // No poll is on two pages, whichever end they are counted from.
    let mut shown: Vec<_> =
        (100..=104).flat_map(|n| page(&format!("?page={n}")).attributes("main li a", "href")).collect();
    assert_eq!(shown.len(), 100);
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), 100);
    app.get("/polls/?page=206").expect(404);
}

fn a_page_that_is_not_there_is_not_found(app: &TestApp) {
    app.poll();
    app.get("/polls/?page=1").expect(200);
    for page in ["2", "0", "-1", "abc", "", "1.0", "99999999999999999999", "%FF"] {
        app.get(&format!("/polls/?page={page}")).expect(404);
    }
}

fn a_list_of_exactly_one_page_has_no_second(app: &TestApp) {
    for _ in 0..20 {
        app.poll();
    }
    let page = app.get("/polls/").expect(200).html();
    assert_eq!((page.count("main li"), page.count("a[rel=next]")), (20, 0));
    app.get("/polls/?page=2").expect(404);
}

fn a_search_finds_words_of_questions_and_choices(app: &TestApp) {
    app.question("Where to eat?").choices(["Pizza place", "김밥"]).create();
    app.question("Pizza or pasta?").closed_ago(TimeDelta::hours(1)).published_ago(TimeDelta::days(1)).create();
    app.question("Something else?").choices(["No"]).create();
    for _ in 0..21 {
        app.question("Many?").create();
    }
    let found = |words: &str| app.get(&format!("/polls/?q={words}")).expect(200).html();
    assert_eq!(found("PIZZA").texts("main li h2"), ["Where to eat?", "Pizza or pasta?"]);
    assert_eq!(found("pizza+eat").texts("main li h2"), ["Where to eat?"]);
    assert_eq!(found("%22or+pasta%22").texts("main li h2"), ["Pizza or pasta?"]);
    assert_eq!(found("%EA%B9%80%EB%B0%A5").texts("main li h2"), ["Where to eat?"]);
    let none = found("%3Cb%3Enothing");
    assert_eq!((none.count("main li"), none.count("b")), (0, 0));
    assert_eq!(none.attribute("input[name=q]", "value").as_deref(), Some("<b>nothing"));
    assert!(none.text("[role=status]").starts_with("No poll has these words."));
    let many = found("many");
    assert!(many.text("[role=status]").starts_with("21 polls have these words."));
    assert_eq!(many.attribute("a[rel=next]", "href").as_deref(), Some("?q=many&page=2"));
    assert_eq!(found("many&page=2").count("main li"), 1);
    app.get("/polls/?q=many&page=3").expect(404);
}

fn the_number_of_votes_is_shown_where_the_results_are(app: &TestApp) {
    let poll = |text, rule: &str| {
        let poll = app.question(text).choice_with_votes("Yes", 2).choice_with_votes("No", 1234).create();
        app.execute(&format!("UPDATE polls_question SET results = '{rule}' WHERE id = {}", poll.id));
        poll
    };
    poll("Shown?", "always");
    let votes = || app.get("/polls/").expect(200).html().texts("main li .votes");
    assert_eq!(votes(), ["1,236 votes"]);
    let hidden = ["closed", "voted", "staff"].map(|rule| poll(rule, rule));
    assert_eq!(votes(), ["1,236 votes"]);
    for poll in &hidden {
        app.execute(&format!("UPDATE polls_question SET close_date = pub_date WHERE id = {}", poll.id));
    }
    assert_eq!(votes().len(), 3);
}

fn a_draft_is_in_no_list(app: &TestApp) {
    let draft = app.question("Not yet written?").choices(["Yes"]).create();
    app.execute(&format!("UPDATE polls_question SET is_draft = TRUE WHERE id = {}", draft.id));
    for path in ["/", "/polls/", "/polls/?q=written", "/polls/feed/", "/sitemap.xml"] {
        let page = app.get(path).expect(200).text();
        assert!(!page.contains("written?") && !page.contains(&draft.detail()), "{path}");
    }
}
