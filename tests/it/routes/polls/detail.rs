//! `/polls/{id}/`

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(the_choices_are_radio_buttons_of_one_form),
        on_every_database(a_question_that_is_missing_or_upcoming_is_not_found),
        on_sqlite(an_id_that_is_none_is_not_found),
        on_every_database(the_longest_texts_are_shown_whole),
        on_every_database(texts_are_never_markup),
        on_sqlite(a_question_without_choices_has_no_form),
        on_sqlite(the_date_is_shown_in_the_time_zone_of_the_site),
    ]
}

fn the_choices_are_radio_buttons_of_one_form(app: &TestApp) {
    let poll = app.poll();
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.text("h1"), "What's new?");
    assert_eq!(page.count("main form"), 1);
    assert_eq!(page.attribute("main form", "method").as_deref(), Some("post"));
    assert_eq!(page.attribute("main form", "action"), Some(poll.vote()));
    assert!(!page.text("main form fieldset legend").is_empty());
    assert_eq!(page.texts("main form fieldset label"), ["Not much", "The sky", "Just hacking again"]);
    let values: Vec<_> = (0..3).map(|index| poll.value(index)).collect();
    assert_eq!(page.attributes("label input[type=radio][name=choice]", "value"), values);
    assert_eq!(page.text("main form button[type=submit]"), "Vote");
}

fn a_question_that_is_missing_or_upcoming_is_not_found(app: &TestApp) {
    let upcoming = app.question("Soon?").upcoming_in(TimeDelta::hours(1)).choices(["Yes"]).create();
    for path in [upcoming.detail(), upcoming.results()] {
        let page = app.get(&path).expect(404);
        assert!(!page.text().contains("Yes"), "{path}");
        let page = page.html();
        assert!(page.text("main").contains("in 60 min"), "{path}");
        assert_eq!(page.text("h1"), "This poll is not open yet");
        assert!(page.count("main time[datetime]") == 1 && page.count("main a[href='/polls/']") == 1, "{path}");
    }
    app.get("/polls/123456/").expect(404);
    app.get("/polls/123456/results/").expect(404);
}

fn an_id_that_is_none_is_not_found(app: &TestApp) {
    let poll = app.poll();
    let id = poll.id;
    let spellings = [format!("0{id}"), format!("+{id}"), format!("%20{id}"), format!("{id}.0"), format!("{id}%00")];
    let others = ["abc", "-1", "0", "99999999999999999999", "9223372036854775808", "%FF", "１", "1;drop", "'"];
    for id in spellings.iter().map(String::as_str).chain(others) {
        for rest in ["", "results/"] {
            let response = app.get(&format!("/polls/{}/{rest}", urlencode(id))).send();
            assert_eq!(response.status, 404, "{id}");
        }
    }
}

/// What is no ASCII, as a browser sends it.
fn urlencode(text: &str) -> String {
    let byte = |byte: u8| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}

fn the_longest_texts_are_shown_whole(app: &TestApp) {
    let (question, choice) = ("질".repeat(198) + "🍜?", "⛄".repeat(200));
    let poll = app.question(&question).choices([&choice]).create();
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!((page.text("h1"), page.text("label")), (question, choice));
}

fn texts_are_never_markup(app: &TestApp) {
    let text = "<script>alert('1')</script><b title=\"x\">&amp;</b>";
    let poll = app.question(text).choices([text]).create();
    for path in ["/polls/", &poll.detail(), &poll.results()] {
        let response = app.get(path).expect(200);
        let page = response.html();
        assert!(page.texts("h1, main h2, label, .choice-text").iter().any(|shown| shown == text), "{path}");
        assert_eq!(page.count("script:not([src])") + page.count("b"), 0, "{path}");
        assert!(!response.text().contains("<script>"), "{path}");
    }
}

fn a_question_without_choices_has_no_form(app: &TestApp) {
    let poll = app.question("Well?").create();
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.count("main form"), 0);
    app.get(&poll.results()).expect(200);
}

fn the_date_is_shown_in_the_time_zone_of_the_site(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let poll = app.poll();
    app.execute("UPDATE polls_question SET pub_date = '2024-12-31 15:05:00'");
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.text("main time"), "January 1, 2025, 12:05 a.m. KST");
    assert_eq!(page.attribute("main time", "datetime").as_deref(), Some("2024-12-31T15:05:00Z"));
    let page = app.get(&poll.detail()).header("Accept-Language", "ko").expect(200).html();
    assert_eq!(page.text("main time"), "2025년 1월 1일 오전 12:05 KST");
}
