//! `polls migrate` takes over what is there; then the site and Django work on the same rows.

use std::process::Stdio;

use super::{NEWS, SEASONS};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_every_database(migrate_adopts_what_django_made_and_changes_none_of_it),
        on_every_database(django_finds_nothing_to_migrate_in_an_adopted_database),
        on_every_database(the_site_shows_the_questions_that_django_has_kept),
        on_sqlite(the_site_shows_djangos_times_to_the_minute),
        on_every_database(the_site_shows_the_bookmarks_that_django_has_kept),
        on_every_database(bookmarks_were_added_when_djangos_log_says_so),
        on_every_database(django_and_the_site_read_what_the_other_writes),
        on_every_database(one_of_several_migrations_at_once_adopts),
    ];
    tests.map(|test| test.needing(Need::Django)).into()
}

/// The migrations whose tables Django makes.
const DJANGOS: [&str; 6] =
    ["0001_contenttypes", "0002_auth", "0003_admin", "0004_sessions", "0005_polls", "0006_bookmark"];

fn migrate_adopts_what_django_made_and_changes_none_of_it(setup: Setup) {
    let setup = setup.filled_by_django();
    let before = setup.django().snapshot();
    let report = setup.run(&["migrate"]).expect(0).stdout;
    assert_eq!(adopted(&report), DJANGOS);
    assert!(applied(&report).contains(&"0008_ballot"), "{report}");
    assert!(!applied(&report).iter().any(|name| DJANGOS.contains(name)), "{report}");
    assert_eq!(setup.django().snapshot(), before);

    let again = setup.run(&["migrate"]).expect(0).stdout;
    assert_eq!((adopted(&again), applied(&again)), (vec![], vec![]));
    setup.run(&["migrate", "--check"]).expect(0);
    assert_eq!(setup.django().snapshot(), before);
}

fn django_finds_nothing_to_migrate_in_an_adopted_database(setup: Setup) {
    let setup = setup.adopted_from_django();
    setup.django().has_nothing_to_migrate();
    let before = setup.django().snapshot();
    assert!(setup.django().run(&["migrate"]).contains("No migrations to apply."));
    assert_eq!(setup.django().snapshot(), before);
}

fn bookmarks_were_added_when_djangos_log_says_so(setup: Setup) {
    let setup = setup.filled_by_django();
    // The second bookmark, where another one was before that had its id.
    for time in ["2020-02-29 12:00:00", "2021-03-01 09:00:00.123456"] {
        setup.execute(&format!(
            "INSERT INTO django_admin_log (action_time, object_id, object_repr, action_flag, change_message, content_type_id, user_id) \
             SELECT '{time}', '2', 'x', 1, '', id, 1 FROM django_content_type WHERE app_label = 'bookmark'"
        ));
    }
    setup.run(&["migrate"]).expect(0);
    assert_eq!(setup.count("bookmark_bookmark WHERE added_at IS NOT NULL"), 1);
    assert_eq!(setup.count("bookmark_bookmark WHERE id = 2 AND added_at = '2021-03-01 09:00:00.123456'"), 1);
}

fn the_site_shows_the_questions_that_django_has_kept(setup: Setup) {
    let kept = setup.adopted_from_django();
    let (snapshot, app) = (kept.django().snapshot(), kept.start());
    let list = app.get("/polls/").expect(200).html();
    let longest = format!("{:가<199}?", "이 질문은 아주 깁니다. ");
    let texts = ["점심 메뉴로 무엇을 추천하시나요? 🍜", NEWS, SEASONS, "No choices yet", &longest];
    assert_eq!(list.texts("main li h2")[..5], texts);
    assert_eq!(
        list.attributes("main li time", "datetime")[..5],
        [
            "2025-01-31T14:59:59Z",
            "2024-07-15T09:30:15Z",
            "2024-03-01T00:00:00Z",
            "2023-12-31T15:00:00Z",
            "2020-02-29T23:59:59Z"
        ]
    );
    for text in texts {
        let poll = snapshot.poll(text);
        let detail = app.get(&poll.detail()).expect(200).html();
        assert_eq!(detail.text("h1"), text);
        let values: Vec<_> = poll.choices.iter().map(i64::to_string).collect();
        assert_eq!(detail.attributes("input[type=radio]", "value"), values);
        app.get(&poll.results()).expect(200);
    }
    let lunch = app.get(&snapshot.poll(texts[0]).results_as_written()).expect(200).html();
    assert_eq!(lunch.texts(".choice-text"), ["냉면", "김치찌개", "Fish & <b>chips</b>"]);
    assert_eq!(lunch.texts(".votes"), ["0 votes", "0 votes", "1 vote"]);
    app.get(&snapshot.poll("앞으로 공개될 질문입니다.").detail()).expect(404);
}

fn the_site_shows_djangos_times_to_the_minute(setup: Setup) {
    let app = setup.adopted_from_django().settings("time_zone = \"Asia/Seoul\"").start();
    let shown = |language| app.get("/polls/").header("Accept-Language", language).expect(200).html().texts("main time");
    assert_eq!(
        shown("ko")[..5],
        [
            "2025년 1월 31일 오후 11:59 KST",
            "2024년 7월 15일 오후 6:30 KST",
            "2024년 3월 1일 오전 9:00 KST",
            "2024년 1월 1일 오전 12:00 KST",
            "2020년 3월 1일 오전 8:59 KST"
        ]
    );
    assert_eq!(
        shown("en")[..5],
        [
            "January 31, 2025, 11:59 p.m. KST",
            "July 15, 2024, 6:30 p.m. KST",
            "March 1, 2024, 9:00 a.m. KST",
            "January 1, 2024, 12:00 a.m. KST",
            "March 1, 2020, 8:59 a.m. KST"
        ]
    );
}

fn the_site_shows_the_bookmarks_that_django_has_kept(setup: Setup) {
    let kept = setup.adopted_from_django();
    let (snapshot, app) = (kept.django().snapshot(), kept.start());
    let list = app.get("/bookmark/").expect(200).html();
    let labels = [
        "As long as the column allows",
        "http://example.org/",
        "https://example.com/empty-title?a=1&b=2",
        "위키백과, 우리 모두의 백과사전",
        "Django",
    ];
    assert_eq!(list.texts("main li h2"), labels);
    for (bookmark, label) in snapshot.rows("bookmarks").iter().rev().zip(labels) {
        let detail = app.get(&format!("/bookmark/{}/", bookmark["id"])).expect(200).html();
        assert_eq!(detail.text("h1"), label);
        assert_eq!(detail.attribute("a[rel='noopener noreferrer']", "href").as_deref(), bookmark["url"].as_str());
    }
}

fn django_and_the_site_read_what_the_other_writes(setup: Setup) {
    let kept = setup.adopted_from_django();
    let before = kept.django().snapshot();
    let (seasons, news, app) = (before.poll(SEASONS), before.poll(NEWS), kept.start());
    app.post(&seasons.vote()).form(&[("choice", &seasons.value(0))]).expect(303);
    app.post(&news.vote()).form(&[("choice", &news.value(1))]).expect(303);
    let voted = before.with_more_votes(seasons.choices[0], 1).with_more_votes(news.choices[1], 1);
    assert_eq!(app.django().snapshot(), voted);

    let written = app.django().write(&news);
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    app.get(&news.detail()).expect(404);
    assert_eq!(app.ballots(&news), [0, 0]);
    assert_eq!(app.all_ballots(), 1);
    assert_eq!(written["renamed"]["id"], seasons.choices[0]);
    let results = app.get(&seasons.results_as_written()).expect(200).html();
    assert_eq!(results.texts(".choice-text")[0], text(&written["renamed"]["choice_text"]));
    assert_eq!(results.texts(".votes")[0], "8 votes");
    let bookmark = app.get(&format!("/bookmark/{}/", written["bookmark"]["id"])).expect(200).html();
    assert_eq!(bookmark.text("h1"), text(&written["bookmark"]["title"]));
    app.run(&["recount"]).expect(0);

    let added = app.django().snapshot().poll(&text(&written["question"]["question_text"]));
    assert_eq!(app.totals(&added), [3, 0]);
    app.post(&added.vote()).form(&[("choice", &added.value(0))]).expect(303);
    app.post(&added.vote()).form(&[("choice", &added.value(1))]).expect(303);
    assert_eq!((app.totals(&added), app.ballots(&added)), (vec![4, 1], vec![1, 1]));
    app.run(&["recount"]).expect(0);
    app.django().has_nothing_to_migrate();
}

fn one_of_several_migrations_at_once_adopts(setup: Setup) {
    let setup = setup.filled_by_django();
    let before = setup.django().snapshot();
    let command = || setup.command(&["migrate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let migrations = [command(), command(), command()].map(|child| child.expect("polls can be started"));
    let outputs = migrations.map(|child| child.wait_with_output().expect("a child can be waited for"));
    let reports = outputs.map(|output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    let (idle, busy): (Vec<_>, Vec<_>) = reports.iter().partition(|report| applied(report).is_empty());
    assert_eq!((idle.len(), busy.len()), (2, 1), "{reports:?}");
    assert_eq!(adopted(busy[0]), DJANGOS);
    assert!(idle.iter().all(|report| adopted(report).is_empty()), "{reports:?}");
    setup.run(&["migrate", "--check"]).expect(0);
    assert_eq!(setup.django().snapshot(), before);
}

fn adopted(report: &str) -> Vec<&str> {
    report.lines().filter_map(|line| line.strip_suffix(": adopted, Django has made it")).collect()
}

fn applied(report: &str) -> Vec<&str> {
    report.lines().filter_map(|line| line.strip_suffix(": applied")).collect()
}
