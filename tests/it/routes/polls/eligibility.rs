//! Who votes once: browsers by their cookies, and links of invitations.

use chrono::TimeDelta;
use diesel::prelude::*;
use polls::polls::ballot_box::Voter;
use polls::polls::eligibility::invitation::{self, InvitationCounts, InvitationToken};
use polls::polls::schema::polls_ballot;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_browser_keeps_its_id_and_is_another_voter_in_each_poll),
        on_sqlite(a_forged_cookie_is_replaced),
        on_sqlite(a_browser_without_cookies_is_shown_a_notice),
        on_every_database(reading_a_link_uses_nothing_up),
        on_every_database(a_link_that_cannot_vote_says_why),
        on_sqlite(the_secret_of_a_link_is_in_no_log_and_needs_no_origin),
        on_every_database(a_browser_votes_once),
        on_every_database(an_account_votes_once),
        on_every_database(an_invitation_votes_once),
        on_sqlite(nobody_votes_twice_by_a_changed_key),
    ]
}

/// The cookies that the stylesheet of a poll sets for a browser with these cookies: those of the browser and the vote.
fn load(app: &TestApp, poll: &Poll, cookie: Option<&str>) -> (Vec<String>, Response) {
    let request = app.get(&format!("/polls/browser/{}/view.css", poll.id));
    let style = match cookie {
        Some(cookie) => request.header("Cookie", cookie),
        None => request,
    };
    let style = style.expect(200);
    let pairs = style.headers("set-cookie").into_iter().map(|set| set.split(';').next().unwrap_or_default().to_owned());
    (pairs.collect(), style)
}

fn a_browser_keeps_its_id_and_is_another_voter_in_each_poll(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    let (first, style) = load(app, &poll, None);
    assert_eq!(style.header("cache-control"), Some("private, max-age=0"));
    let id = |cookie: &str| cookie.split('=').nth(1).and_then(|value| value.split('.').next().map(str::to_owned));
    let attributes = style.headers("set-cookie");
    for (cookie, name, path, age) in [
        (attributes[0], "browser=", "Path=/polls/browser/".to_owned(), "Max-Age=34560000"),
        (attributes[1], "voter=", format!("Path={}", poll.vote()), "Max-Age=86400"),
    ] {
        assert!(cookie.starts_with(name), "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Lax", &path, age] {
            assert!(cookie.split("; ").any(|part| part == attribute), "{attribute}: {cookie}");
        }
    }
    // A second tab, and another poll.
    let (again, style) = load(app, &poll, Some(&first[0]));
    assert_eq!((&again, style.text()), (&first, String::new()));
    let (elsewhere, _) = load(app, &other, Some(&first[0]));
    assert_eq!(elsewhere[0], first[0]);
    assert_ne!(elsewhere[1], first[1]);
    assert!(!first[1].contains(&id(&first[0]).expect("an id")[..22]), "the vote is sent nothing of the browser's id");
    // Two tabs that are opened at once before there is a cookie: each gets a pair, and the later pair is valid.
    let (later, _) = load(app, &poll, None);
    assert_ne!(later, first);
    assert_eq!(load(app, &poll, Some(&later[0])).0, later);
}

fn a_forged_cookie_is_replaced(app: &TestApp) {
    let poll = app.poll();
    let (cookies, _) = load(app, &poll, None);
    let (id, signature) = cookies[0].split_once('.').expect("a signature");
    for forged in [
        "browser=".to_owned(),
        format!("browser={}", "A".repeat(44)),
        format!("browser={}.{signature}", "A".repeat(44)),
        format!("{id}."),
        format!("{id}.{}", signature.to_lowercase()),
        cookies[1].replace("voter=", "browser="),
    ] {
        let (new, style) = load(app, &poll, Some(&forged));
        assert_ne!(new[0], forged);
        assert_ne!(new[0], cookies[0], "{forged}");
        assert!(style.text().contains("@import"));
    }
}

fn a_browser_without_cookies_is_shown_a_notice(app: &TestApp) {
    let (cookies, style) = load(app, &app.poll(), None);
    assert_eq!(style.text(), "@import \"/polls/browser/check.css\";\n");
    let check = app.get("/polls/browser/check.css");
    assert!(check.expect(200).text().contains(".cookies-off[hidden] { display: block; }"));
    let check = app.get("/polls/browser/check.css").header("Cookie", &cookies[0]).expect(200);
    assert_eq!((check.text(), check.header("cache-control")), (String::new(), Some("private, max-age=0")));
}

/// A poll with a rule of who votes.
fn poll_of(app: &TestApp, voters: &str) -> Poll {
    let poll = app.poll();
    app.execute(&format!("UPDATE polls_question SET voters = '{voters}' WHERE id = {}", poll.id));
    poll
}

fn link(app: &TestApp, poll: &Poll) -> (InvitationToken, String) {
    let token = invitation::make(&mut app.open(), poll.id, &["Ada".to_owned()]).expect("a link can be made").remove(0);
    let path = format!("/polls/{}/i/{}/", poll.id, token.as_str());
    (token, path)
}

/// Writes a ballot as the ballot box does.
fn cast(app: &TestApp, poll: &Poll, voter: &Voter) {
    diesel::insert_into(polls_ballot::table)
        .values((
            polls_ballot::question_id.eq(poll.id),
            polls_ballot::choice_id.eq(poll.choices[0]),
            polls_ballot::voter.eq(voter.id()),
            polls_ballot::cast_at.eq(polls::clock::storable(polls::clock::now())),
        ))
        .execute(&mut app.open())
        .expect("a ballot can be written");
}

fn reading_a_link_uses_nothing_up(app: &TestApp) {
    let poll = poll_of(app, "invitation");
    let (token, path) = link(app, &poll);
    for _ in 0..100 {
        app.request("HEAD", &path).expect(200);
    }
    let page = app.get(&path).expect(200);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert_eq!(page.html().attribute("form.ballot", "action"), Some(path.clone()));
    let counts = |made, used, withdrawn| InvitationCounts { made, withdrawn, used };
    let now = || InvitationCounts::of(&mut app.open(), poll.id).expect("they can be counted");
    assert_eq!(now(), counts(1, 0, 0));
    cast(app, &poll, &token.voter(poll.id));
    assert_eq!(now(), counts(1, 1, 0));
    let page = app.get(&path).expect(200).html();
    assert_eq!(page.text("main .lead"), "This invitation has voted, and the vote counts. Each invitation votes once.");
    assert_eq!(page.count("form.ballot"), 0);
}

fn a_link_that_cannot_vote_says_why(app: &TestApp) {
    let poll = app.poll();
    let (token, path) = link(app, &poll);
    let (_, elsewhere) = link(app, &app.poll());
    let foreign = elsewhere.rsplit("/i/").next().expect("a token");
    let cut = &token.as_str()[..21];
    let says = |path: &str, status: u16, beginning: &str| {
        let page = app.get(path).expect(status);
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(page.header("cache-control"), Some("private, no-store"), "{path}");
        let said = page.html().text("main .lead");
        assert!(said.starts_with(beginning), "{path}: {said}");
    };
    let of_poll = |token: &str| format!("/polls/{}/i/{token}/", poll.id);
    for guessed in ["AAAAAAAAAAAAAAAAAAAAAA", cut, "x", "%F0%9F%92%A9"] {
        says(&of_poll(guessed), 404, "There is no such invitation.");
    }
    says(&of_poll(foreign.trim_end_matches('/')), 404, "This invitation belongs to another poll.");
    assert_eq!(invitation::withdraw(&mut app.open(), poll.id, Some("Bob")).expect("it can be tried"), 0);
    assert_eq!(invitation::withdraw(&mut app.open(), poll.id, Some("Ada")).expect("it can be withdrawn"), 1);
    says(&path, 410, "This invitation was withdrawn");
    let closed = app.question("Over?").closed_ago(TimeDelta::minutes(1)).choices(["Yes"]).create();
    let (_, late) = link(app, &closed);
    assert_eq!(app.get(&late).expect(200).html().text(".closed h2"), "This poll is closed");
    let upcoming = app.question("Soon?").upcoming_in(TimeDelta::hours(1)).choices(["Yes"]).create();
    let (_, early) = link(app, &upcoming);
    assert_eq!(app.get(&early).expect(404).html().text("h1"), "This poll is not open yet");
    app.get("/polls/4711/i/AAAAAAAAAAAAAAAAAAAAAA/").expect(404);
}

fn the_secret_of_a_link_is_in_no_log_and_needs_no_origin(app: &TestApp) {
    let poll = app.poll();
    let (token, path) = link(app, &poll);
    app.get(&path).expect(200);
    app.get(path.trim_end_matches('/')).send();
    app.request("PUT", &path).send();
    app.post(&path).header("Origin", "null").form(&[]).expect(400);
    app.post(&poll.vote()).header("Origin", "null").form(&[]).expect(403);
    app.log.wait_for_lines(4, &format!("/polls/{}/i/", poll.id));
    assert!(!app.log.text().contains(token.as_str()), "{}", app.log.text());
}

fn a_browser_votes_once(app: &TestApp) {
    let (poll, other) = (poll_of(app, "browser"), poll_of(app, "browser"));
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.attribute("link[href$='view.css']", "href"), Some(format!("/polls/browser/{}/view.css", poll.id)));
    assert_eq!(page.count(".cookies-off[hidden]"), 1);
    let cookie = load(app, &poll, None).0.remove(1);
    let foreign = load(app, &other, None).0.remove(1);
    let vote = |cookie: &str, choice: usize| {
        app.visitor().post(&poll.vote()).header("Cookie", cookie).form(&[("choice", &poll.value(choice))]).send()
    };
    let forged = format!("voter={}.{}.{}", poll.id, "A".repeat(31), "A".repeat(22));
    for none in ["", "voter=", &foreign, &forged] {
        let told = vote(none, 0).expect(428).html();
        assert!(told.text("[role=alert]").contains("one ballot per browser"), "{none}");
    }
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| vote(&cookie, 1).expect(303));
        }
    });
    assert!(vote(&cookie, 2).expect(409).html().text("[role=alert]").starts_with("You have voted in this poll"));
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));
    vote(&load(app, &poll, None).0[1], 2).expect(303);
    assert_eq!(app.totals(&poll), [0, 1, 1]);
    app.run(&["recount"]).expect(0);
}

fn an_account_votes_once(app: &TestApp) {
    let poll = poll_of(app, "account");
    app.user("voter").create();
    app.user("other").create();
    let log_in = |username| {
        let person = app.person();
        person.post("/accounts/login/", &[("username", username), ("password", PASSWORD)]).expect(303);
        person
    };
    let fields = |choice: usize| [("choice", poll.value(choice))];
    let vote = |person: &Person, choice: usize| {
        person.post(&poll.vote(), &fields(choice).each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    let stranger = vote(&app.person(), 0).expect(403).html();
    assert!(stranger.text("[role=alert]").contains("please log in first"));
    let login = format!("/accounts/login/?next={}", poll.detail());
    assert_eq!(stranger.count(&format!("form.ballot a[href='{login}']")), 1);
    let (here, there, other) = (log_in("voter"), log_in("voter"), log_in("other"));
    assert_eq!(here.get(&poll.detail()).expect(200).html().count("form.ballot a"), 0);
    vote(&here, 1).expect(303);
    vote(&there, 1).expect(303);
    vote(&there, 2).expect(409);
    vote(&other, 1).expect(303);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 2, 0], vec![0, 2, 0]));
    app.execute("UPDATE auth_user SET is_active = (1 = 0)");
    vote(&here, 1).expect(403);
}

fn an_invitation_votes_once(app: &TestApp) {
    let poll = poll_of(app, "invitation");
    let ((_, path), (_, second)) = (link(app, &poll), link(app, &poll));
    let (_, foreign) = link(app, &poll_of(app, "invitation"));
    let foreign = format!("/polls/{}/i/{}", poll.id, foreign.rsplit("/i/").next().expect("a token"));
    let vote = |path: &str, choice: usize, status: u16| {
        let vote = app.visitor().post(path).header("Origin", "null").form(&[("choice", &poll.value(choice))]);
        vote.expect(status)
    };
    for _ in 0..100 {
        app.get(&path).expect(200);
    }
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| assert_eq!(vote(&path, 1, 303).location(), poll.results()));
        }
    });
    let again = vote(&path, 2, 409);
    assert_eq!(again.header("referrer-policy"), Some("no-referrer"));
    let again = again.html();
    assert!(again.text("[role=alert]").starts_with("This invitation has voted, and the vote counts."));
    assert_eq!(again.attribute("form.ballot", "action"), Some(path.clone()));
    let told = |path: &str, status: u16| vote(path, 0, status).html().text("[role=alert]");
    assert!(told(&foreign, 404).starts_with("This invitation belongs to another poll."));
    vote(&path[..path.len() - 2], 0, 308);
    assert!(told(&format!("{}/", &path[..path.len() - 2]), 404).starts_with("There is no such invitation."));
    let without = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(403).html();
    assert!(without.text("[role=alert]").contains("this poll is by invitation"));
    invitation::withdraw(&mut app.open(), poll.id, None).expect("they can be withdrawn");
    assert!(told(&second, 410).starts_with("This invitation was withdrawn"));
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));
}

/// While the key before is among the fallbacks, sessions, browsers and accounts are the same as before.
fn nobody_votes_twice_by_a_changed_key(setup: Setup) {
    let app = setup.start();
    app.user("voter").create();
    let (by_account, by_browser) = (poll_of(&app, "account"), poll_of(&app, "browser"));
    let person = app.person();
    person.post("/accounts/login/", &[("username", "voter"), ("password", PASSWORD)]).expect(303);
    let session = format!("sessionid={}", person.session().expect("a session"));
    let cookies = load(&app, &by_browser, None).0;
    let vote = |app: &TestApp, poll: &Poll, cookie: &str, choice: usize, status: u16| {
        app.post(&poll.vote()).header("Cookie", cookie).form(&[("choice", &poll.value(choice))]).expect(status);
    };
    vote(&app, &by_account, &session, 0, 303);
    vote(&app, &by_browser, &cookies[1], 0, 303);
    let old = "correct horse battery staple ".repeat(2);
    let new = "another horse, another battery, another staple, another key";
    let keys = format!("secret_key = \"{new}\"\nsecret_key_fallbacks = [\"{old}\"]");
    let app = app.stop().settings(&keys).start();
    vote(&app, &by_account, &session, 1, 409);
    vote(&app, &by_browser, &cookies[1], 1, 409);
    let renewed = load(&app, &by_browser, Some(&cookies[0])).0;
    assert_ne!(renewed, cookies, "they are signed with the new key");
    vote(&app, &by_browser, &renewed[1], 1, 409);
    assert_eq!((app.totals(&by_account), app.totals(&by_browser)), (vec![1, 0, 0], vec![1, 0, 0]));
}
