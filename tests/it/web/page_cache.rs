//! Pages for readers without a session come from memory, and nobody can tell but by the time it takes.

use std::time::{Duration, Instant};

use polls::clock;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(what_another_program_writes_is_noticed_within_a_second),
        on_every_database(a_vote_shows_at_once_to_all_and_in_every_process_to_its_voter),
        on_sqlite(whoever_votes_is_sent_past_memories_whatever_cookies_came),
        on_sqlite(on_sqlite_what_another_program_writes_shows_in_the_next_page),
        on_sqlite(writes_that_no_page_shows_leave_pages_in_memory),
        on_sqlite(a_page_is_kept_for_its_own_language_and_host),
        on_sqlite(a_session_and_others_never_get_the_pages_of_each_other),
        on_sqlite(a_question_appears_and_closes_on_time),
        on_sqlite(a_page_from_memory_is_the_page_from_the_database),
        on_sqlite(the_request_log_has_every_page),
    ]
}

/// With the page cache on, on every database.
fn cached(setup: Setup) -> Setup {
    setup.variable("POLLS_SERVER__PAGE_CACHE", "true")
}

/// How many votes the page of results shows.
fn total(page: &Response) -> String {
    page.html().text(".total")
}

fn what_another_program_writes_is_noticed_within_a_second(setup: Setup) {
    let app = cached(setup).start();
    let poll = app.poll();
    let before = app.get(&poll.detail()).expect(200).text();
    app.execute("UPDATE polls_question SET question_text = 'Another question?'");
    let written = Instant::now();
    loop {
        let asked = written.elapsed();
        if app.get(&poll.detail()).expect(200).text() != before {
            return;
        }
        assert!(asked < Duration::from_secs(1), "the old page is still there");
    }
}

fn a_vote_shows_at_once_to_all_and_in_every_process_to_its_voter(setup: Setup) {
    let app = cached(setup).start();
    let other = cached(Setup::new(app.engine())).variable("POLLS_DATABASE_URL", &app.database().url).start();
    let poll = app.poll();
    for votes in 1..=20 {
        let shown = format!("{votes} vote{} in all", if votes == 1 { "" } else { "s" });
        other.get(&poll.results()).expect(200);
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
        assert_eq!(total(&app.get(&poll.results()).expect(200)), shown);
        let voter = other.get(&poll.results()).header("Cookie", "other=1; fresh=1").expect(200);
        assert_eq!(total(&voter), shown);
        assert_eq!(voter.header("cache-control"), Some("private, no-store"));
    }
}

fn whoever_votes_is_sent_past_memories_whatever_cookies_came(app: &TestApp) {
    let poll = app.poll();
    for cookies in ["a=b", "fresh=1", "sessionid=0123456789abcdef0123456789abcdef"] {
        let vote = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).header("Cookie", cookies).expect(303);
        let fresh = "fresh=1; HttpOnly; SameSite=Lax; Path=/; Max-Age=2";
        assert!(vote.headers("set-cookie").contains(&fresh), "{cookies}: {:?}", vote.headers("set-cookie"));
    }
}

fn on_sqlite_what_another_program_writes_shows_in_the_next_page(app: &TestApp) {
    let poll = app.poll();
    for number in 0..50 {
        let text = format!("Question number {number}?");
        app.execute(&format!("UPDATE polls_question SET question_text = '{text}'"));
        assert_eq!(app.get(&poll.detail()).expect(200).html().text("h1"), text);
    }
}

/// Triggers count the writes that pages show; if their number is not the expected one, every commit counts.
fn writes_that_no_page_shows_leave_pages_in_memory(setup: Setup) {
    let app = cached(setup).settings("metrics_allowed = [\"127.0.0.0/8\"]").start();
    for number in 0..8 {
        app.execute(&format!("INSERT INTO outbound_host VALUES ('{number}.example', '2026-01-01 00:00:00')"));
        app.get("/bookmark/").expect(200);
    }
    let text = app.get("/metrics").expect(200).text();
    let hits = text.lines().find_map(|line| line.strip_prefix("polls_page_memory_total{result=\"hit\"} "));
    let hits = hits.and_then(|hits| hits.parse::<u32>().ok()).expect("a number");
    // A page is made anew after a second in any case.
    assert!(hits >= 4, "{text}");
}

fn a_page_is_kept_for_its_own_language_and_host(setup: Setup) {
    let app = setup.settings("allowed_hosts = [\"127.0.0.1\", \"vote.example.org\"]").start();
    let poll = app.poll();
    let language = |page: Response| page.html().attribute("html", "lang").expect("a language");
    for _ in 0..3 {
        assert_eq!(language(app.get(&poll.detail()).expect(200)), "en");
        assert_eq!(
            language(app.get(&poll.detail()).header("Accept-Language", "ko-KR,ko;q=0.9,en;q=0.8").expect(200)),
            "ko"
        );
        assert_eq!(language(app.get(&poll.detail()).header("Cookie", "a=b; django_language=ko").expect(200)), "ko");
        let both = app.get(&poll.detail()).header("Cookie", "django_language=en").header("Accept-Language", "ko");
        assert_eq!(language(both.expect(200)), "en");
        assert_eq!(language(app.get(&poll.detail()).header("Cookie", "django_language=%6Bo").expect(200)), "en");
        app.get(&poll.detail()).host("vote.example.org").expect(200);
        app.get(&poll.detail()).host("evil.example.org").expect(400);
        app.get(&poll.detail()).header("Host", "polls.example.org").expect(400);
        app.request("HEAD", &poll.detail()).expect(200);
        app.post(&poll.detail()).expect(405);
    }
}

fn a_session_and_others_never_get_the_pages_of_each_other(app: &TestApp) {
    let admin = app.administrator("ada");
    for _ in 0..3 {
        let own = admin.get("/");
        assert_eq!(own.header("cache-control"), Some("private, no-store"));
        let public = app.get("/").expect(200);
        assert!(!public.text().contains("ada"), "{}", public.text());
        assert_eq!(public.header("cache-control"), Some("max-age=0, s-maxage=1, must-revalidate"));
        let stale = app.get("/").header("Cookie", "sessionid=0123456789abcdefghijklmnopqrstuvwxyz0123").expect(200);
        assert_eq!(stale.header("cache-control"), Some("private, no-store"));
    }
}

fn a_question_appears_and_closes_on_time(app: &TestApp) {
    let soon = clock::now() + chrono::TimeDelta::milliseconds(1500);
    let due = soon.and_utc().timestamp() + 1;
    let upcoming =
        app.question("Soon?").upcoming_in(chrono::TimeDelta::milliseconds(1500)).choices(["a", "b"]).create();
    let closing = app.poll();
    app.execute(&format!(
        "UPDATE polls_question SET close_date = '{}' WHERE question_text <> 'Soon?'",
        soon.format("%F %T%.6f")
    ));
    loop {
        let before = clock::now();
        let appears = app.get(&upcoming.detail()).send().status == 200;
        let is_open = app.get(&closing.detail()).expect(200).html().count("form[action$='/vote/']") == 1;
        let after = clock::now();
        if before.and_utc().timestamp() >= due {
            assert!(appears && !is_open);
            break;
        }
        assert!(after >= soon || (!appears && is_open));
    }
}

fn a_page_from_memory_is_the_page_from_the_database(setup: Setup) {
    let plain = Setup::new(Engine::Sqlite).variable("POLLS_SERVER__PAGE_CACHE", "false");
    let app = setup.start();
    let poll = app.poll();
    let plain = plain.variable("POLLS_DATABASE_URL", &app.database().url).start();
    for path in ["/".to_owned(), "/polls/".to_owned(), poll.detail(), poll.results(), "/bookmark/".to_owned()] {
        // A page names the host for which it was made.
        let made = plain.get(&path).host(HOST).expect(200);
        for _ in 0..4 {
            let kept = app.get(&path).host(HOST).expect(200);
            assert!(kept.body == made.body, "{path}");
            assert_eq!(kept.lasting_headers(), made.lasting_headers(), "{path}");
            assert!(kept.header("date").is_some_and(|date| date.ends_with(" GMT")));
        }
        let tag = made.header("etag").expect("a validator");
        let known = plain.get(&path).host(HOST).header("If-None-Match", tag).expect(304);
        for _ in 0..4 {
            let kept = app.get(&path).host(HOST).header("If-None-Match", tag).expect(304);
            assert_eq!(kept.lasting_headers(), known.lasting_headers(), "{path}");
        }
    }
}

fn the_request_log_has_every_page(app: &TestApp) {
    for number in 0..20 {
        app.get(&format!("/polls/?number={}", number % 2)).header("X-Request-Id", format!("page-{number}")).expect(200);
    }
    let log = app.log.wait_for_lines(20, "GET /polls/ 200");
    assert!(log.len() == 20 && log.iter().all(|line| line.contains("request_id")), "{log:?}");
}
