//! Paths without their final slash.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_path_without_its_final_slash_leads_to_the_one_with_it),
        on_sqlite(a_path_that_nobody_has_leads_nowhere),
    ]
}

fn a_path_without_its_final_slash_leads_to_the_one_with_it(app: &TestApp) {
    for path in ["/polls", "/polls/1", "/polls/1/results", "/bookmark", "/bookmark/1"] {
        assert_eq!(app.get(path).expect(308).location(), format!("{path}/"));
        assert_eq!(app.request("HEAD", path).expect(308).location(), format!("{path}/"));
    }
    assert_eq!(app.get("/polls?page=2&x=%2F").expect(308).location(), "/polls/?page=2&x=%2F");
    let poll = app.poll();
    let vote = app.post(poll.vote().trim_end_matches('/')).form(&[("choice", &poll.value(0))]).expect(308);
    assert_eq!(vote.location(), poll.vote());
    assert_eq!(app.totals(&poll), [0, 0, 0]);
}

fn a_path_that_nobody_has_leads_nowhere(app: &TestApp) {
    for path in [
        "/nothing",
        "/nothing/",
        "//evil.example/polls",
        "/polls//1/",
        "/polls/1/2/",
        "/healthz/",
        "/..",
        "/polls/../polls/",
    ] {
        let response = app.get(path).expect(404);
        assert_eq!(response.header("location"), None, "{path}");
    }
}
