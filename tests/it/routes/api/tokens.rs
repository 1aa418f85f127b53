//! Tokens: making, using, showing and revoking them.

use super::{BOOKMARKS, Program, problem};
use crate::support::*;

const TOKENS: &str = "/admin/tokens/";

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_token_of_the_command_line_is_good_until_it_is_revoked),
        on_every_database(staff_make_and_revoke_their_own_tokens),
        on_sqlite(a_token_is_shown_once_and_kept_as_a_hash),
        on_every_database(only_a_usable_token_of_an_active_user_is_accepted),
        on_sqlite(both_schemes_name_a_token_and_nothing_else_does),
        on_every_database(the_last_use_is_noted_once_an_hour),
        on_every_database(tokens_go_with_their_user),
        on_sqlite(a_new_password_revokes_no_token),
        on_sqlite(a_form_that_is_sent_twice_makes_one_token),
    ]
}

#[track_caller]
fn detail(app: &TestApp, token: &str) -> String {
    let answer = app.get(BOOKMARKS).header("Authorization", format!("Token {token}")).send();
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    problem(answer, 401)["detail"].as_str().expect("a text").to_owned()
}

fn a_token_of_the_command_line_is_good_until_it_is_revoked(app: &TestApp) {
    let program = Program::of_administrator(app);
    assert_eq!(program.get(BOOKMARKS)["count"], 0);
    let listed = app.run(&["token", "list"]).expect(0).stdout;
    assert!(
        listed.starts_with("1\troot\ta program\tpolls_") && listed.contains("\twrite\tusable\texpires never"),
        "{listed}"
    );
    assert!(!listed.contains(&program.token), "{listed}");
    app.run(&["token", "revoke", "1"]).expect(0);
    assert_eq!(detail(app, &program.token), "This token was revoked.");
    assert!(app.run(&["token", "list"]).expect(0).stdout.contains("\trevoked\t"));
    app.run(&["token", "revoke", "1"]).expect(1);
    app.run(&["token", "revoke", "99"]).expect(1);
    app.run(&["token", "add", "nobody", "x"]).expect(1);
    app.run(&["token", "add", "root", " "]).expect(1);
    app.run(&["token", "add", "root", "x", "--expires", "0"]).expect(2);
}

/// Makes a token on the page, and returns it.
#[track_caller]
fn make(person: &Person, fields: &[(&str, &str)]) -> String {
    let page = person.post(TOKENS, fields).expect(200);
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    page.html().attribute("#id_made", "value").expect("the new token")
}

fn staff_make_and_revoke_their_own_tokens(app: &TestApp) {
    app.user("bea").staff().may("bookmark.view_bookmark").create();
    app.user("cy").create();
    assert!(app.get(TOKENS).expect(302).location().contains("/admin/login/"));
    let (bea, cy) = (app.logged_in("bea"), app.person());
    cy.post("/accounts/login/", &[("username", "cy"), ("password", PASSWORD)]).expect(303);
    cy.get(TOKENS).expect(302);
    let read = make(&bea, &[("name", "Reader"), ("scope", "read"), ("days", "30")]);
    let write = make(&bea, &[("name", "<b>Writer"), ("scope", "write"), ("days", "0")]);
    for token in [&read, &write] {
        app.get(BOOKMARKS).header("Authorization", format!("Token {token}")).expect(200);
    }
    let page = bea.get(TOKENS).expect(200).html();
    assert_eq!(page.texts("#tokens tbody th"), ["<b>Writer", "Reader"]);
    assert_eq!(page.count("#tokens form"), 2);
    // Nobody revokes another's token.
    let ada = app.administrator("ada");
    ada.post("/admin/tokens/1/revoke/", &[]).expect(404);
    bea.post("/admin/tokens/99/revoke/", &[]).expect(404);
    bea.post("/admin/tokens/1/revoke/", &[]).expect(303);
    bea.post("/admin/tokens/1/revoke/", &[]).expect(303);
    assert_eq!(detail(app, &read), "This token was revoked.");
    app.get(BOOKMARKS).header("Authorization", format!("Token {write}")).expect(200);
    assert_eq!(ada.get(TOKENS).expect(200).html().count("#tokens"), 0);
    for name in ["", " ", "\u{200b}", &"x".repeat(101), "a\0b"] {
        let page = bea.post(TOKENS, &[("name", name)]).expect(400).html();
        assert!(page.text("#id_name_error").contains("100"), "{name:?}");
    }
    assert_eq!(app.count("auth_apitoken"), 2);
}

fn a_token_is_shown_once_and_kept_as_a_hash(app: &TestApp) {
    let ada = app.administrator("ada");
    let token = make(&ada, &[("name", "x"), ("scope", "write"), ("days", "365")]);
    assert!(token.starts_with("polls_") && token.len() == 49, "{token}");
    app.get(BOOKMARKS).header("Authorization", format!("Token {token}")).expect(200);
    for path in [TOKENS, "/admin/", "/admin/admin/logentry/"] {
        let text = ada.get(path).expect(200).text();
        assert!(!text.contains(&token), "{path}");
    }
    let secret = &token[12..];
    assert!(!app.log.text().contains(secret) && !app.run(&["dumpdata", "--all"]).stdout.contains(secret));
    assert_eq!(app.count(&format!("auth_apitoken WHERE digest = '{token}' OR prefix = '{token}'")), 0);
    assert_eq!(app.count("django_session WHERE session_data LIKE '%polls_%'"), 0);
}

fn only_a_usable_token_of_an_active_user_is_accepted(app: &TestApp) {
    let program = Program::of_administrator(app);
    assert!(problem(app.get(BOOKMARKS).send(), 401)["detail"].as_str().is_some_and(|text| text.contains("needed")));
    assert_eq!(detail(app, "polls_of_another_site"), "This site has no such token.");
    app.execute("UPDATE auth_apitoken SET expires_at = '2020-01-01 00:00:00'");
    assert_eq!(detail(app, &program.token), "This token has expired.");
    app.execute("UPDATE auth_apitoken SET expires_at = '2999-01-01 00:00:00'");
    program.get(BOOKMARKS);
    app.execute("UPDATE auth_user SET is_active = FALSE");
    assert_eq!(detail(app, &program.token), "The user of this token is not active.");
    app.execute("UPDATE auth_user SET is_active = TRUE");
    program.get(BOOKMARKS);
}

fn both_schemes_name_a_token_and_nothing_else_does(app: &TestApp) {
    let program = Program::of_administrator(app);
    let token = &program.token;
    for header in [format!("Token {token}"), format!("bearer  {token} "), format!("TOKEN {token}")] {
        app.get(BOOKMARKS).header("Authorization", header).expect(200);
    }
    let changed = token.to_uppercase();
    for header in [
        String::new(),
        "Token".to_owned(),
        "Token ".to_owned(),
        token.clone(),
        format!("Basic {token}"),
        format!("Token {token}x"),
        format!("Token {changed}"),
        format!("Token {token} {token}"),
        format!("Token {}", "x".repeat(7000)),
        format!("Token {}", &token[..12]),
    ] {
        problem(app.get(BOOKMARKS).header("Authorization", &header).send(), 401);
    }
    problem(app.get(BOOKMARKS).header("Authorization", b"Token \xff\xfe").send(), 401);
    let twice = app.get(BOOKMARKS).header("Authorization", format!("Token {token}"));
    problem(twice.header("Authorization", format!("Token {token}")).send(), 401);
    problem(app.get(&format!("{BOOKMARKS}?token={token}")).send(), 401);
    // Nor does a session: no cookie is read.
    let ada = app.administrator("ada");
    problem(ada.get(BOOKMARKS), 401);
    let answer = ada.send(app.get(BOOKMARKS).header("Authorization", format!("Token {token}"))).expect(200);
    assert!(answer.headers("set-cookie").is_empty());
}

fn the_last_use_is_noted_once_an_hour(app: &TestApp) {
    let program = Program::of_administrator(app);
    assert_eq!(app.count("auth_apitoken WHERE last_used_at IS NULL"), 1);
    program.get(BOOKMARKS);
    assert_eq!(app.count("auth_apitoken WHERE last_used_at IS NOT NULL"), 1);
    app.execute("UPDATE auth_apitoken SET last_used_at = '2998-01-01 00:00:00'");
    program.get(BOOKMARKS);
    assert_eq!(app.count("auth_apitoken WHERE last_used_at > '2990-01-01 00:00:00'"), 1);
    app.execute("UPDATE auth_apitoken SET last_used_at = '2020-01-01 00:00:00'");
    program.get(BOOKMARKS);
    assert_eq!(app.count("auth_apitoken WHERE last_used_at > '2021-01-01 00:00:00'"), 1);
}

fn tokens_go_with_their_user(app: &TestApp) {
    let ada = app.administrator("ada");
    let bea = app.user("bea").staff().create();
    let program = Program::of(app, "bea", "read");
    program.get(BOOKMARKS);
    ada.post(&format!("/admin/auth/user/{bea}/delete/"), &[("post", "yes")]).expect(303);
    assert_eq!(app.count("auth_apitoken"), 0);
    assert_eq!(detail(app, &program.token), "This site has no such token.");
}

fn a_new_password_revokes_no_token(app: &TestApp) {
    let ada = app.administrator("ada");
    let token = make(&ada, &[("name", "x")]);
    let new = "another horse battery";
    let fields = [("old_password", PASSWORD), ("new_password1", new), ("new_password2", new)];
    ada.post("/admin/password_change/", &fields).expect(303);
    app.get(BOOKMARKS).header("Authorization", format!("Token {token}")).expect(200);
}

fn a_form_that_is_sent_twice_makes_one_token(app: &TestApp) {
    let ada = app.administrator("ada");
    let key = ada.get(TOKENS).expect(200).html().attribute("#token-form [name=_form_key]", "value").expect("a key");
    let fields = [("name", "x"), ("_form_key", key.as_str())];
    make(&ada, &fields);
    assert_eq!(ada.post(TOKENS, &fields).expect(303).location(), TOKENS);
    assert_eq!(app.count("auth_apitoken"), 1);
}
