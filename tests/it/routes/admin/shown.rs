//! What the admin's pages show, in either language.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(an_error_keeps_the_admins_frame_for_staff_and_leads_back),
        on_sqlite(an_error_tells_strangers_nothing_of_the_admin),
        on_sqlite(the_date_hierarchy_names_months_and_days_in_words),
        on_every_database(a_chart_has_a_bar_for_every_day_of_the_sites_zone),
        on_every_database(a_chart_of_a_long_time_has_a_bar_for_every_month),
        on_sqlite(permissions_and_the_log_are_named_in_the_readers_language),
        on_every_database(the_first_page_says_what_is_going_on),
        on_sqlite(the_site_wears_the_name_and_the_colour_that_are_set),
        on_every_database(the_history_tells_what_django_wrote),
        on_every_database(a_moment_keeps_the_part_of_its_second_that_no_input_shows),
        on_sqlite(a_message_leads_to_the_object_it_names),
        on_sqlite(a_narrowed_list_says_by_how_many_filters),
    ]
}

/// A page in Korean.
#[track_caller]
fn korean(app: &TestApp, person: &Person, path: &str) -> Html {
    person.send(app.get(path).header("Accept-Language", "ko")).expect(200).html()
}

fn an_error_keeps_the_admins_frame_for_staff_and_leads_back(app: &TestApp) {
    let poll = app.poll();
    let ada = app.administrator("ada");
    let page = ada.get("/admin/polls/question/9999/change/").expect(404).html();
    assert_eq!(page.texts(".breadcrumbs li"), ["Home", "Polls", "Questions", "There is no such page"]);
    assert_eq!(page.attribute(".way-back a", "href").as_deref(), Some("/admin/polls/question/"));
    assert_eq!(
        (page.count("#nav-sidebar"), page.count("#logout-form"), page.text("h1")),
        (1, 1, "There is no such page".into())
    );
    let page = ada.get("/admin/nothing/").expect(404).html();
    assert_eq!(page.attribute(".way-back a", "href").as_deref(), Some("/admin/"));

    app.user("bob").staff().may("bookmark.view_bookmark").create();
    let bob = app.logged_in("bob");
    let page = bob.get(&format!("/admin/polls/question/{}/change/", poll.id)).expect(403).html();
    assert_eq!(page.texts(".breadcrumbs li"), ["Home", "That is not allowed"], "no way to what may not be seen");
    assert_eq!(page.texts("#nav-sidebar .name"), ["Bookmarks"]);
    bob.post("/admin/undo/9999/", &[]).expect(404).html().text("#site-name");

    let json = ada.send(app.get("/admin/nothing/").header("Accept", "application/json")).expect(404);
    assert_eq!(json.json()["status"], 404);
    // The public site keeps its own frame, whoever asks.
    assert_eq!(ada.get("/polls/9999/").expect(404).html().count("#nav-sidebar, #logout-form"), 0);
}

fn an_error_tells_strangers_nothing_of_the_admin(app: &TestApp) {
    let page = app.get("/admin/nothing/at/all/of/that/").expect(404).html();
    assert_eq!(page.count("#nav-sidebar, #user-tools"), 0);
    app.user("zoe").create();
    let page = app.person().log_in("zoe", PASSWORD);
    assert_eq!(page.html().count("#nav-sidebar"), 0);
}

fn the_date_hierarchy_names_months_and_days_in_words(app: &TestApp) {
    for day in ["2025-03-01", "2025-03-02", "2025-11-22", "2024-05-05"] {
        app.execute(&format!(
            "INSERT INTO polls_question (question_text, pub_date) VALUES ('{day}', '{day} 09:00:00')"
        ));
    }
    let ada = app.administrator("ada");
    let cases = [
        ("", vec!["2024", "2025"], vec!["2024년", "2025년"]),
        (
            "?pub_date__year=2025",
            vec!["‹ All dates", "2025", "March 2025", "November 2025"],
            vec!["‹ 모든 날짜", "2025년", "2025년 3월", "2025년 11월"],
        ),
        (
            "?pub_date__year=2025&pub_date__month=3",
            vec!["‹ 2025", "March 2025", "March 1", "March 2"],
            vec!["‹ 2025년", "2025년 3월", "3월 1일", "3월 2일"],
        ),
        (
            "?pub_date__year=2025&pub_date__month=3&pub_date__day=2",
            vec!["‹ March 2025", "March 2"],
            vec!["‹ 2025년 3월", "3월 2일"],
        ),
    ];
    for (query, english, in_korean) in cases {
        let path = format!("/admin/polls/question/{query}");
        assert_eq!(ada.get(&path).expect(200).html().texts(".toplinks li"), english);
        assert_eq!(korean(app, &ada, &path).texts(".toplinks li"), in_korean);
    }
}

/// Casts a vote at each of these times.
fn votes(app: &TestApp, poll: &Poll, times: &[&str]) {
    for (number, time) in times.iter().enumerate() {
        app.execute(&format!(
            "INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) VALUES ({}, {}, '{number:032}', '{time}')",
            poll.id, poll.choices[0],
        ));
    }
}

fn a_chart_has_a_bar_for_every_day_of_the_sites_zone(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let poll = app.poll();
    // 23:59:59 and midnight of the same night in Seoul, and two days later.
    votes(&app, &poll, &["2025-02-27 14:59:59", "2025-02-27 15:00:00", "2025-03-01 15:30:00", "2025-03-01 16:00:00"]);
    let ada = app.administrator("ada");
    let path = format!("/admin/polls/question/{}/change/", poll.id);
    let page = ada.get(&path).expect(200).html();
    assert_eq!(
        page.texts(".panel tbody th"),
        ["February 27, 2025", "February 28, 2025", "March 1, 2025", "March 2, 2025"]
    );
    assert_eq!(page.texts(".panel tbody td"), ["1", "1", "0", "2"]);
    assert_eq!(page.attributes(".panel rect", "height"), ["50", "50", "0", "100"]);
    let page = korean(&app, &ada, &path);
    assert_eq!(page.texts(".panel .days span"), ["2025년 2월 27일", "2025년 3월 2일"]);
}

fn a_chart_of_a_long_time_has_a_bar_for_every_month(app: &TestApp) {
    let poll = app.poll();
    votes(app, &poll, &["2024-11-30 12:00:00", "2025-01-01 00:00:00", "2025-03-31 12:00:00"]);
    let page = app.administrator("ada").get(&format!("/admin/polls/question/{}/change/", poll.id)).expect(200).html();
    let months = ["November 2024", "December 2024", "January 2025", "February 2025", "March 2025"];
    assert_eq!(page.texts(".panel tbody th"), months);
    assert_eq!(page.texts(".panel tbody td"), ["1", "0", "1", "0", "1"]);
}

fn permissions_and_the_log_are_named_in_the_readers_language(app: &TestApp) {
    let bookmark = app.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    let ada = app.administrator("ada");
    let change = [("title", "Rust"), ("url", "https://rust-lang.org/")];
    ada.post(&format!("/admin/bookmark/bookmark/{bookmark}/change/"), &change).expect(303);

    let options = korean(app, &ada, "/admin/auth/group/add/").texts("select[name=permissions] option");
    for option in [
        "설문조사 | 질문 | 질문 조회 가능",
        "설문조사 | 선택지 | 선택지 추가 가능",
        "인증 및 권한 | 사용자 | 사용자 변경 가능",
        "관리 | 로그 | 로그 삭제 가능",
    ] {
        assert!(options.iter().any(|known| known == option), "{option} is none of {options:?}");
    }
    assert!(!options.iter().any(|option| option.contains("Can ")), "{options:?}");
    // What another program has named is named as there.
    app.execute(
        "INSERT INTO auth_permission (name, codename, content_type_id) SELECT 'Can close polls', 'close_question', id \
         FROM django_content_type WHERE model = 'question'",
    );
    app.execute("UPDATE auth_permission SET name = 'Can change poll' WHERE codename = 'change_question'");
    let options = korean(app, &ada, "/admin/auth/group/add/").texts("select[name=permissions] option");
    for option in ["설문조사 | 질문 | Can close polls", "설문조사 | 질문 | poll 변경 가능"] {
        assert!(options.iter().any(|known| known == option), "{option} is none of {options:?}");
    }
    let options = ada.get("/admin/auth/group/add/").expect(200).html().texts("select[name=permissions] option");
    assert!(options.contains(&"Polls | question | Can change poll".to_owned()), "{options:?}");
    assert!(options.contains(&"Polls | question | Can view question".to_owned()), "{options:?}");

    let row = "#result_list tbody tr:first-child";
    let log = korean(app, &ada, "/admin/admin/logentry/");
    assert_eq!(log.text(&format!("{row} .field-content_type")), "북마크 | 북마크");
    assert_eq!(log.text(&format!("{row} .field-change_message")), "URL 필드가 변경되었습니다.");
    let log = ada.get("/admin/admin/logentry/").expect(200).html();
    assert_eq!(log.text(&format!("{row} .field-content_type")), "Bookmark | bookmark");
}

fn the_first_page_says_what_is_going_on(app: &TestApp) {
    let ada = app.administrator("ada");
    let (quiet, busy) =
        (app.question("Quiet").choices(["One"]).create(), app.question("Busy").choices(["One"]).create());
    app.question("Closed").closed_ago(chrono::TimeDelta::days(1)).create();
    app.question("Soon").upcoming_in(chrono::TimeDelta::days(1)).create();
    for poll in [&quiet, &quiet, &quiet] {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
    app.execute("UPDATE polls_ballot SET cast_at = '2020-02-29 12:00:00'");
    app.post(&busy.vote()).form(&[("choice", &busy.value(0))]).expect(303);
    let page = ada.get("/admin/").expect(200).html();
    assert_eq!(page.texts(".figures dt"), ["Votes today", "Open polls", "Busiest poll in the past 7 days"]);
    let (figures, days) = (page.texts(".figures dd"), page.texts(".panel tbody td"));
    assert_eq!((figures[0].as_str(), figures[1].as_str(), figures[2].as_str()), (days[13].as_str(), "2", "Busy"));
    assert_eq!(days.iter().filter(|day| *day == "1").count(), 1, "of two weeks, in numbers: {days:?}");
    assert_eq!((page.count(".panel svg[role=img][aria-label] rect"), days.len()), (14, 14));
    let open = page.attributes(".figures a", "href").remove(0);
    assert_eq!(open, "/admin/polls/question/?state=open");
    assert_eq!(ada.get(&open).expect(200).html().count("#result_list tbody tr"), 2, "those that are counted");
    // It is of polls, and for who may see them.
    app.user("bea").staff().may("bookmark.view_bookmark").create();
    let page = app.logged_in("bea").get("/admin/").expect(200).html();
    assert_eq!((page.count(".figures"), page.count(".panel")), (0, 0));
}

fn the_site_wears_the_name_and_the_colour_that_are_set(setup: Setup) {
    let names = "site_header = \"Town hall <1>\"\nsite_title = \"Hall\"\nenvironment_label = \"Staging\"";
    let app = setup.settings(&format!("[admin]\n{names}\ncolor = \"#7a1f5c\"")).start();
    let ada = app.administrator("ada");
    for page in [app.get("/admin/login/").expect(200).html(), ada.get("/admin/").expect(200).html()] {
        assert_eq!((page.text("#site-name"), page.text(".environment")), ("Town hall <1>".into(), "Staging".into()));
        assert!(page.text("title").ends_with(" | Hall"), "{}", page.text("title"));
        assert_eq!(page.attribute("meta[name=theme-color]", "content").as_deref(), Some("#7a1f5c"));
        assert!(page.attributes("link[rel=stylesheet]", "href").contains(&"/admin/theme.css".to_owned()));
    }
    let css = app.get("/admin/theme.css").expect(200).text();
    assert!(css.contains("--header: #7a1f5c") && css.contains("--on-header: #"), "{css}");
}

fn the_history_tells_what_django_wrote(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let entry = |flag: i16, message: &str| {
        app.execute(&format!(
            "INSERT INTO django_admin_log (action_time, object_id, object_repr, action_flag, change_message, \
             content_type_id, user_id) SELECT '2025-01-0{flag} 09:00:00', '{}', 'Why?', {flag}, '{message}', \
             django_content_type.id, auth_user.id FROM django_content_type, auth_user WHERE model = 'question'",
            poll.id,
        ));
    };
    entry(1, r#"[{"added": {}}]"#);
    entry(2, r#"[{"changed": {"fields": ["Question text", "Date published"]}}]"#);
    entry(3, "As an old Django says it.");
    let path = format!("/admin/polls/question/{}/history/", poll.id);
    let (row, page) = ("#change-history tbody td:last-child", ada.get(&path).expect(200).html());
    assert_eq!(page.texts(&format!("{row} .verb")), ["Deleted", "Changed", "Added"]);
    let said = ["As an old Django says it.", "Changed Question text, Date published."];
    assert_eq!(page.texts(&format!("{row} p")), said, "and nothing besides an addition");
    let said = ["As an old Django says it.", "질문 내용, 게시일 필드가 변경되었습니다."];
    assert_eq!(korean(app, &ada, &path).texts(&format!("{row} p")), said);
}

fn a_moment_keeps_the_part_of_its_second_that_no_input_shows(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let kept = || app.count("polls_question WHERE pub_date = '2026-03-01 09:30:15.214986'");
    app.execute(&format!("UPDATE polls_question SET pub_date = '2026-03-01 09:30:15.214986' WHERE id = {}", poll.id));
    let path = format!("/admin/polls/question/{}/change/", poll.id);
    assert_eq!(ada.get(&path).expect(200).html().attribute("#id_pub_date_1", "value").as_deref(), Some("09:30:15"));
    ada.submit(&path, &[("question_text", "Why?")]).expect(303);
    assert_eq!(kept(), 1);
    ada.submit(&path, &[("pub_date_1", "09:30:16")]).expect(303);
    assert_eq!((kept(), app.count("polls_question WHERE pub_date = '2026-03-01 09:30:16'")), (0, 1));
}

fn a_message_leads_to_the_object_it_names(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let path = format!("/admin/polls/question/{}/change/", poll.id);
    let said = || {
        let page = ada.get("/admin/").expect(200).html();
        (page.text(".messagelist li > span"), page.text(".messagelist a"), page.attribute(".messagelist a", "href"))
    };
    let name = "The <i>question</i> “why”?";
    ada.submit(&path, &[("question_text", name)]).expect(303);
    let changed = format!("The question “{name}” was changed successfully.");
    assert_eq!(said(), (changed, name.to_owned(), Some(path.clone())));
    ada.submit(&path, &[("question_text", "Why?")]).expect(303);
    ada.undo().expect(303);
    assert_eq!(said(), ("The question “Why?” is as it was before.".to_owned(), "Why?".to_owned(), Some(path)));
    // What is gone is only named.
    ada.post(&format!("/admin/polls/question/{}/delete/", poll.id), &[("post", "yes")]).expect(303);
    assert_eq!(ada.get("/admin/").expect(200).html().count(".messagelist a"), 0);
}

fn a_narrowed_list_says_by_how_many_filters(app: &TestApp) {
    app.poll();
    let ada = app.administrator("ada");
    for (query, said, ways) in [
        ("", "Filter", 0),
        ("?q=new", "Filter", 0),
        ("?state=open", "Filter (1)", 1),
        ("?state=open&q=new", "Filter (1)", 1),
    ] {
        let page = ada.get(&format!("/admin/polls/question/{query}")).expect(200).html();
        assert_eq!(
            (page.text(".filter-toggle").as_str(), page.count("#toolbar .filter-clear")),
            (said, ways),
            "{query}"
        );
    }
}
