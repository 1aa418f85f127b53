//! The page with a poll's votes over time.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(the_votes_of_a_short_poll_are_told_by_hours),
        on_sqlite(the_votes_of_a_secret_poll_are_told_by_days),
        on_sqlite(where_results_are_hidden_so_is_when_votes_came),
    ]
}

fn path(poll: &Poll) -> String {
    format!("{}time/", poll.results())
}

fn cast(app: &TestApp, poll: &Poll, times: &[&str]) {
    for time in times {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
        let newest = format!(
            "SELECT id FROM (SELECT MAX(id) AS id FROM polls_ballot WHERE question_id = {}) AS newest",
            poll.id
        );
        app.execute(&format!("UPDATE polls_ballot SET cast_at = '{time}' WHERE id = ({newest})"));
    }
}

fn the_votes_of_a_short_poll_are_told_by_hours(app: &TestApp) {
    let poll = app.question("Tea?").choices(["Yes", "No"]).create();
    let page = app.get(&path(&poll)).expect(200).html();
    assert!(page.text("main").contains("No ballots yet."));
    cast(app, &poll, &["2026-03-01 22:10:00", "2026-03-01 22:50:00", "2026-03-02 00:00:00"]);
    let page = app.get(&path(&poll)).expect(200).html();
    let rows = page.texts("tbody tr").into_iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
    let expected = ["March 1, 2026, 10:00 p.m. 2", "March 1, 2026, 11:00 p.m. 0", "March 2, 2026, 12:00 a.m. 1"];
    let words = |row: &str| row.replace("p.m.", "p.m. ").replace("a.m.", "a.m. ").replace("  ", " ");
    assert_eq!(rows.map(|row| words(&row)).collect::<Vec<_>>(), expected);
    assert_eq!(page.count("svg.bars rect"), 3);
    let link = app.get(&poll.results()).expect(200).html().attributes(".links a", "href");
    assert!(link.contains(&path(&poll)), "{link:?}");
    cast(app, &poll, &["2026-03-05 00:00:00"]);
    assert_eq!(app.get(&path(&poll)).expect(200).html().count("svg.bars rect"), 5);
    app.get("/polls/999/results/time/").expect(404);
}

fn the_votes_of_a_secret_poll_are_told_by_days(app: &TestApp) {
    let poll = app.question("Tea?").choices(["Yes", "No"]).create();
    cast(app, &poll, &["2026-03-01 00:00:00", "2026-03-02 00:00:00"]);
    app.execute("UPDATE polls_question SET is_secret = (1 = 1)");
    assert_eq!(app.get(&path(&poll)).expect(200).html().count("svg.bars rect"), 2);
}

fn where_results_are_hidden_so_is_when_votes_came(app: &TestApp) {
    let poll = app.question("Tea?").choices(["Yes", "No"]).create();
    cast(app, &poll, &["2026-03-01 22:10:00"]);
    for rule in ["voted", "closed", "staff"] {
        app.execute(&format!("UPDATE polls_question SET results = '{rule}'"));
        let page = app.get(&path(&poll)).expect(200).html();
        assert_eq!((page.count("svg"), page.count("main table")), (0, 0), "{rule}");
        assert_eq!(page.count("main .empty"), 1, "{rule}");
        let links = app.get(&poll.results()).expect(200).html().attributes(".links a", "href");
        assert!(!links.contains(&path(&poll)), "{rule}");
    }
    let ada = app.administrator("ada");
    assert_eq!(ada.get(&path(&poll)).expect(200).html().count("svg.bars rect"), 1);
}
