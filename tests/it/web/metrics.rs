//! `/metrics`: what Prometheus reads, and who may.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(what_happens_is_counted_for_who_may_know), on_sqlite(others_do_not_find_it)]
}

#[track_caller]
fn number(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.rsplit_once(' ').is_some_and(|(there, _)| there == name));
    let line = line.unwrap_or_else(|| panic!("{name}: {text}"));
    line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a number")
}

fn what_happens_is_counted_for_who_may_know(setup: Setup) {
    let app = setup.mounted_at("/vote").settings("metrics_allowed = [\"127.0.0.0/8\"]").start();
    let poll = app.poll();
    let visit = |path: &str| app.get(&format!("/vote{path}"));
    // Within one second, so that the second answer is from memory; a second may end in between.
    for _ in 0..6 {
        visit("/polls/").expect(200);
    }
    visit(&poll.detail()).expect(200);
    let vote = |choice: &str| app.post(&format!("/vote{}", poll.vote())).form(&[("choice", choice)]);
    vote(&poll.value(0)).expect(303);
    vote("999999").send();
    for path in ["/nothing/", "/nobody/"] {
        visit(path).expect(404);
    }
    let answer = visit("/metrics").expect(200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let text = answer.text();
    let route = text
        .lines()
        .find_map(|line| line.strip_prefix("polls_http_requests_total{route=\"/vote/polls/{")?.split('"').next());
    let route = format!("/vote/polls/{{{}", route.expect("the route of a poll"));
    let of_route = |what: &str| format!("{what}{{route=\"{route}\"");
    assert!(number(&text, &format!("{},status=\"200\"}}", of_route("polls_http_requests_total"))) >= 1.0, "{text}");
    assert!(number(&text, &format!("{}}}", of_route("polls_http_request_duration_seconds_count"))) >= 1.0);
    let hits = number(&text, "polls_page_memory_total{result=\"hit\"}");
    let misses = number(&text, "polls_page_memory_total{result=\"miss\"}");
    assert!(hits >= 1.0 && misses >= 1.0, "{text}");
    assert!(number(&text, "polls_http_requests_total{route=\"unknown\",status=\"404\"}") >= 2.0, "{text}");
    assert!((number(&text, "polls_votes_total{outcome=\"counted\"}") - 1.0).abs() < 0.1, "{text}");
    assert!((number(&text, "polls_vote_batch_size_sum") - 2.0).abs() < 0.1, "{text}");
    assert!((number(&text, "polls_votes_total{outcome=\"refused\"}") - 1.0).abs() < 0.1, "{text}");
    assert!(number(&text, "polls_votes_waiting").abs() < 0.1, "{text}");
    assert!(!text.contains("nobody"), "{text}");
    assert!((number(&text, "polls_database_connections_max") - 8.0).abs() < 0.1, "{text}");
    assert!(number(&text, "polls_database_connections_in_use") < 8.0, "{text}");
    assert!(!text.contains("age_seconds"), "{text}");
    app.run(&["backup", app.path("backup.gz").to_str().expect("a text")]).expect(0);
    app.run(&["recount"]).expect(0);
    let text = visit("/metrics").expect(200).text();
    for name in ["polls_backup_age_seconds", "polls_recount_age_seconds"] {
        assert!((0.0..600.0).contains(&number(&text, name)), "{text}");
    }
}

fn others_do_not_find_it(setup: Setup) {
    let app = setup.start();
    app.get("/metrics").expect(404);
    let app = Setup::new(Engine::Sqlite).settings("metrics_allowed = [\"192.0.2.7\"]").bind_unix("http.sock").start();
    let ask = |address: &str| app.get("/metrics").header("X-Forwarded-For", address).send().status;
    assert_eq!(ask("192.0.2.7"), 200);
    assert_eq!(ask("192.0.2.8"), 404);
    // What a visitor writes is to the left of what the proxy does.
    assert_eq!(ask("192.0.2.7, 192.0.2.8"), 404);
    assert_eq!(ask("nonsense"), 404);
}
