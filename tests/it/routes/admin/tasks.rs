//! Work on many objects: votes are written meanwhile, it goes on without its client, and is one change with one undo.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::QUESTIONS;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(votes_are_written_while_many_objects_are_worked_on),
        on_every_database(work_that_takes_long_is_watched_and_told_once),
        on_every_database(the_same_form_again_watches_the_same_work),
        on_every_database(work_whose_process_is_gone_is_told_and_undone),
        on_every_database(votes_are_written_while_a_question_with_many_ballots_goes_and_comes),
        on_every_database(what_is_broken_off_while_ballots_are_moved_counts_all_the_same),
        on_sqlite(more_than_can_be_shown_are_not_deleted),
        on_sqlite(what_somebody_else_has_begun_is_not_found),
    ]
}

/// How many objects: enough for several parts. `POLLS_ROWS=20000` measures more.
fn many() -> i64 {
    std::env::var("POLLS_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1000)
}

/// Makes so many questions that are open, with a choice each.
fn fill(app: &Setup, many: i64) {
    let digit = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL \
                 SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    app.execute(&format!(
        "INSERT INTO polls_question (question_text, pub_date) SELECT 'Doomed?', '2020-01-01 00:00:00' FROM {digit} a, \
         {digit} b, {digit} c, {digit} d, {digit} e WHERE a.d + 10*b.d + 100*c.d + 1000*d.d + 10000*e.d < {many}"
    ));
    app.execute(
        "INSERT INTO polls_choice (question_id, choice_text, votes) \
         SELECT id, 'Yes', 0 FROM polls_question WHERE question_text = 'Doomed?'",
    );
}

fn verbose(setup: Setup) -> TestApp {
    setup.settings("[log]\nlevel = \"info,polls.admin=debug\"\n").start()
}

/// Posts an action on every question that is called so.
fn act(person: &Person, action: &str) -> Response {
    let page = person.get(QUESTIONS).expect(200).html();
    let key = page.attribute("#changelist-form [name=_form_key]", "value").expect("a key");
    send(person, action, &key)
}

fn send(person: &Person, action: &str, key: &str) -> Response {
    let all =
        [("action", action), ("select_across", "1"), ("_selected_action", "0"), ("_form_key", key), ("post", "yes")];
    person.post(&format!("{QUESTIONS}?q=Doomed"), &all).expect(303)
}

/// Watches until the work is over, and says what was told then.
fn watch(person: &Person, answer: &Response) -> Vec<String> {
    person.watch(answer);
    person.messages()
}

/// Lets people vote while something is done, and says how long each vote took, in milliseconds, in order.
fn voting(app: &TestApp, poll: &Poll, work: impl FnOnce()) -> Vec<u128> {
    let over = AtomicBool::new(false);
    let vote = || {
        let mut times = Vec::new();
        while !over.load(Ordering::Relaxed) {
            let begun = Instant::now();
            app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
            times.push(begun.elapsed().as_millis());
            std::thread::sleep(Duration::from_millis(5));
        }
        times
    };
    let mut times: Vec<u128> = std::thread::scope(|scope| {
        let voters: Vec<_> = (0..4).map(|_| scope.spawn(vote)).collect();
        work();
        over.store(true, Ordering::Relaxed);
        voters.into_iter().flat_map(|voter| voter.join().expect("every vote was taken")).collect()
    });
    times.sort_unstable();
    times
}

/// The numbers that a field of the lines about parts has.
fn parts(app: &TestApp, field: &str) -> Vec<u64> {
    let lines = app.log.text();
    let lines = lines.lines().filter(|line| line.contains("A part of work on many objects."));
    let number = |line: &str| {
        let text = line.split(&format!("{field}=")).nth(1)?;
        text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    lines.map(|line| number(line).unwrap_or_else(|| panic!("{field}: {line}"))).collect()
}

fn votes_are_written_while_many_objects_are_worked_on(setup: Setup) {
    let app = verbose(setup);
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let many = many();
    fill(&app, many);
    let mut counted = 0;
    let all = format!("{many}").len();
    assert!(all >= 4, "enough for several parts");
    for (action, said) in [("close_now", "closed"), ("delete_selected", "Successfully deleted")] {
        let before = parts(&app, "rows").len();
        let times = voting(&app, &poll, || {
            let answer = act(&ada, action);
            let told = watch(&ada, &answer);
            assert!(matches!(told.as_slice(), [one] if one.contains(said)), "{action}: {told:?}");
        });
        counted += times.len();
        let rows = &parts(&app, "rows")[before..];
        assert_eq!(rows.iter().sum::<u64>(), u64::try_from(many).expect("a count"), "{action}");
        assert!(i64::try_from(rows.len()).expect("a count") > many / 200, "{action}: {} parts", rows.len());
        assert!(times.len() > rows.len() / 2, "{action}: {} votes in {} parts", times.len(), rows.len());
        assert_eq!(
            usize::try_from(app.totals(&poll)[0]).expect("a total"),
            counted,
            "{action}: each vote that was acknowledged, once"
        );
        let at = |share: usize| times[(times.len() - 1) * share / 1000];
        eprintln!(
            "{action} of {many}: {} votes, ms: median {} p99 {} most {}; {} parts, longest {} ms",
            times.len(),
            at(500),
            at(990),
            at(1000),
            rows.len(),
            parts(&app, "held")[before..].iter().max().copied().unwrap_or_default(),
        );
    }
    assert_eq!(app.count("polls_question WHERE question_text = 'Doomed?'"), 0);
    if many > 1000 {
        return;
    }
    let times = voting(&app, &poll, || {
        let page = ada.get("/admin/").expect(200).html();
        assert_eq!(page.count(".messagelist form"), 0, "told once");
        let (first, others) = undoing(&app);
        let answer = ada.post(&format!("/admin/undo/{first}/"), &[("also", &others)]).expect(303);
        let told = watch(&ada, &answer);
        assert_eq!(told, ["1,000 objects are as they were before."]);
    });
    assert_eq!(app.count("polls_question WHERE question_text = 'Doomed?' AND close_date IS NOT NULL"), many);
    assert_eq!(usize::try_from(app.totals(&poll)[0]).expect("a total"), counted + times.len());
}

/// The entries of the deletions, as the button would post them.
fn undoing(app: &TestApp) -> (i32, String) {
    use diesel::prelude::*;
    use polls::admin::schema::django_admin_log as log;
    let of_deletions = log::table.filter(log::action_flag.eq(3)).order(log::id).select(log::id);
    let entries: Vec<i32> = of_deletions.load(&mut app.open()).expect("the log");
    let others: Vec<_> = entries[1..].iter().map(ToString::to_string).collect();
    (entries[0], others.join(","))
}

fn work_that_takes_long_is_watched_and_told_once(app: &TestApp) {
    let ada = app.administrator("ada");
    fill(app, 1000);
    let answer = act(&ada, "delete_selected");
    if !answer.location().starts_with("/admin/progress/") {
        // A machine that does this in a second has nothing to show.
        return;
    }
    let page = ada.get(answer.location());
    if page.status == 200 {
        let page = page.html();
        assert_eq!(page.attribute("progress", "max").as_deref(), Some("1000"));
        assert_eq!(page.attribute("meta[http-equiv=refresh]", "content").as_deref(), Some("1"));
        assert!(page.text("#reached").ends_with("of 1,000 objects"), "{}", page.text("#reached"));
    }
    let told = watch(&ada, &answer);
    assert_eq!(told, ["Successfully deleted 1,000 objects."]);
    assert_eq!(ada.messages(), Vec::<String>::new());
    assert_eq!(app.count("polls_question"), 0);
}

fn the_same_form_again_watches_the_same_work(app: &TestApp) {
    let ada = app.administrator("ada");
    fill(app, 1000);
    let page = ada.get(QUESTIONS).expect(200).html();
    let key = page.attribute("#changelist-form [name=_form_key]", "value").expect("a key");
    let first = send(&ada, "close_now", &key);
    let second = send(&ada, "close_now", &key);
    if first.location().starts_with("/admin/progress/") && second.location().starts_with("/admin/progress/") {
        assert_eq!(first.location(), second.location());
    }
    watch(&ada, &second);
    let third = send(&ada, "close_now", &key);
    assert!(third.location().starts_with(QUESTIONS), "it is over: {}", third.location());
    assert_eq!(app.count("admin_task"), 1);
    assert_eq!(app.count("django_admin_log"), 1000);
}

fn work_whose_process_is_gone_is_told_and_undone(setup: Setup) {
    let app = setup.start();
    let ada = app.administrator("ada");
    fill(&app, 1000);
    let answer = act(&ada, "close_now");
    let path = answer.location().to_owned();
    if !path.starts_with("/admin/progress/") {
        return;
    }
    let session = ada.session().expect("a session");
    let app = app.kill().start();
    let done = app.count("polls_question WHERE close_date IS NOT NULL");
    assert!(0 < done && done < 1000, "{done}");
    assert_eq!(app.count("django_admin_log"), done, "what is done is in the log, and nothing else");
    let get = |path: &str| app.get(path).header("Cookie", format!("sessionid={session}")).send();
    app.execute("UPDATE admin_task SET beat_at = '2026-01-01 00:00:00'");
    assert_eq!(get(&path).expect(303).location(), format!("{QUESTIONS}?q=Doomed"));
    let page = get("/admin/").expect(200).html();
    let said = page.text(".messagelist li > span");
    assert!(
        said.starts_with(&format!("The work was broken off after {done} of 1,000 objects: The program was ended.")),
        "{said}"
    );
    let action = page.attribute(".messagelist form", "action").expect("a button");
    let fields = page.fields(".messagelist form");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.post(&action).form(&fields).header("Cookie", format!("sessionid={session}")).expect(303);
    eventually("it is undone", || (app.count("polls_question WHERE close_date IS NOT NULL") == 0).then_some(()));
}

/// How many ballots the question has. `POLLS_BALLOTS=100000` measures more.
fn many_ballots() -> i64 {
    std::env::var("POLLS_BALLOTS").ok().and_then(|ballots| ballots.parse().ok()).unwrap_or(3000)
}

/// Puts so many ballots in for one choice.
fn stuff(app: &Setup, poll: &Poll, many: i64) {
    let digit = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL \
                 SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    let (number, voter) = (
        "a.d + 10*b.d + 100*c.d + 1000*d.d + 10000*e.d",
        match app.engine() {
            Engine::Mariadb => "CAST(a.d + 10*b.d + 100*c.d + 1000*d.d + 10000*e.d AS CHAR)",
            _ => "CAST(a.d + 10*b.d + 100*c.d + 1000*d.d + 10000*e.d AS VARCHAR(32))",
        },
    );
    app.execute(&format!(
        "INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) SELECT {}, {}, {voter}, \
         '2026-01-01 00:00:00' FROM {digit} a, {digit} b, {digit} c, {digit} d, {digit} e WHERE {number} < {many}",
        poll.id, poll.choices[0]
    ));
    let total = format!("UPDATE polls_choice SET votes = {many}, opening_votes = 0 WHERE id = {}", poll.choices[0]);
    app.execute(&total);
}

fn votes_are_written_while_a_question_with_many_ballots_goes_and_comes(setup: Setup) {
    let app = verbose(setup);
    let (ada, poll, doomed) = (app.administrator("ada"), app.poll(), app.poll());
    let many = many_ballots();
    stuff(&app, &doomed, many);
    let path = super::delete(QUESTIONS, doomed.id);
    let mut counted = 0;
    for deletes in [true, false] {
        let times = voting(&app, &poll, || {
            let answer = if deletes {
                let key = ada.get(&path).expect(200).html().attribute("main form [name=_form_key]", "value");
                ada.post(&path, &[("post", "yes"), ("_form_key", &key.expect("a key"))]).expect(303)
            } else {
                let (first, _) = undoing(&app);
                ada.post(&format!("/admin/undo/{first}/"), &[]).expect(303)
            };
            watch(&ada, &answer);
        });
        counted += times.len();
        assert_eq!(
            usize::try_from(app.totals(&poll)[0]).expect("a total"),
            counted,
            "each vote that was acknowledged, once"
        );
        let at = |share: usize| times[(times.len() - 1) * share / 1000];
        let (what, votes) = (if deletes { "gone" } else { "back" }, times.len());
        eprintln!("{many} ballots {what}: {votes} votes, ms: median {} p99 {} most {}", at(500), at(990), at(1000));
        let here = format!("polls_ballot WHERE question_id = {}", doomed.id);
        assert_eq!(app.count(&here), if deletes { 0 } else { many });
    }
    assert_eq!(app.totals(&doomed)[0], i32::try_from(many).expect("not so many"));
    assert_eq!(app.count("polls_deleted_ballot"), 0);
    assert_eq!(app.count("polls_deleted_choice"), 0);
    app.run(&["recount"]).expect(0);
}

fn what_is_broken_off_while_ballots_are_moved_counts_all_the_same(setup: Setup) {
    let app = setup.start();
    let (ada, poll) = (app.administrator("ada"), app.poll());
    stuff(&app, &poll, 20_000);
    let path = super::delete(QUESTIONS, poll.id);
    let answer = ada.post(&path, &[("post", "yes")]).expect(303);
    if !answer.location().starts_with("/admin/progress/") {
        return;
    }
    let app = app.kill().start();
    let aside = app.count("polls_deleted_ballot");
    assert!(0 < aside && aside < 20_000, "{aside}");
    // It is there, with its votes, and takes more.
    app.run(&["recount"]).expect(0);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(app.totals(&poll)[0], 20_001);
    app.run(&["recount"]).expect(0);
    // Deleted to the end, and brought back.
    let ada = app.logged_in("ada");
    watch(&ada, &ada.post(&path, &[("post", "yes")]).expect(303));
    app.get(&poll.detail()).expect(404);
    assert_eq!(app.count("polls_deleted_ballot"), 20_001);
    let (first, _) = undoing(&app);
    watch(&ada, &ada.post(&format!("/admin/undo/{first}/"), &[]).expect(303));
    assert_eq!((app.totals(&poll)[0], app.all_ballots()), (20_001, 20_001));
    app.run(&["recount"]).expect(0);
}

fn more_than_can_be_shown_are_not_deleted(app: &TestApp) {
    let ada = app.administrator("ada");
    fill(app, 10_001);
    let answer = act(&ada, "delete_selected");
    assert_eq!(answer.location(), format!("{QUESTIONS}?q=Doomed"));
    let told = ada.messages();
    assert!(matches!(told.as_slice(), [one] if one.starts_with("More than 10,000 objects")), "{told:?}");
    assert_eq!(app.count("polls_question"), 10_001);
}

fn what_somebody_else_has_begun_is_not_found(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.administrator("bea"));
    fill(app, 1000);
    let path = act(&ada, "close_now").location().to_owned();
    if path.starts_with("/admin/progress/") {
        bea.get(&path).expect(404);
    }
    ada.get("/admin/progress/4711/").expect(404);
}
