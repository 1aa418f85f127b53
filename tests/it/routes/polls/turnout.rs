//! How many could vote and how many did, where that is known.

use polls::polls::eligibility::invitation;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(invitations_that_were_used_are_counted),
        on_every_database(accounts_that_have_voted_are_counted),
        on_sqlite(where_anybody_may_vote_nobody_is_counted),
    ]
}

/// What the page of the results says, and what the admin says.
fn said(app: &TestApp, poll: &Poll) -> (Vec<String>, Vec<String>) {
    let page = app.get(&poll.results()).expect(200).html();
    let form = app.administrator("ada").get(&format!("/admin/polls/question/{}/change/", poll.id)).expect(200).html();
    (page.texts("main .turnout"), form.texts(".panel .about"))
}

fn invitations_that_were_used_are_counted(app: &TestApp) {
    let poll = app.poll();
    app.execute("UPDATE polls_question SET voters = 'invitation'");
    let labels: Vec<_> = (0..4).map(|number| number.to_string()).collect();
    let tokens = invitation::make(&mut app.open(), poll.id, &labels).expect("links can be made");
    let told = |sentence: &str| (vec![sentence.to_owned()], vec![sentence.to_owned()]);
    assert_eq!(said(app, &poll), told("0 of 4 invitations used."));
    for token in &tokens[..2] {
        let path = format!("/polls/{}/i/{}/", poll.id, token.as_str());
        app.post(&path).form(&[("choice", &poll.value(0))]).expect(303);
    }
    assert_eq!(said(app, &poll), told("2 of 4 invitations used."));
    invitation::withdraw(&mut app.open(), poll.id, Some("3")).expect("it can be withdrawn");
    let both = ["2 of 4 invitations used.", "1 was withdrawn."];
    assert_eq!(said(app, &poll), (vec![both.join(" ")], both.map(str::to_owned).into()));
    let korean = app.get(&poll.results()).header("Accept-Language", "ko").expect(200).html().text("main .turnout");
    assert_eq!(korean, "초대 4개 중 2개를 사용했습니다. 취소된 초대는 1개입니다.");
    // What the page says stays right while it is open.
    let state = app.get(&format!("{}state.json", poll.detail())).expect(200).json();
    assert_eq!(state["results"]["turnout"], both.join(" "));
    app.execute("UPDATE polls_question SET results = 'closed'");
    let (page, form) = said(app, &poll);
    assert_eq!((page.len(), form.len()), (0, 2), "the admin knows, readers do not");
}

fn accounts_that_have_voted_are_counted(app: &TestApp) {
    let poll = app.poll();
    app.execute("UPDATE polls_question SET voters = 'account'");
    for name in ["one", "two", "gone"] {
        app.user(name).create();
    }
    app.execute("UPDATE auth_user SET is_active = (1 = 0) WHERE username = 'gone'");
    // The two and the administrator.
    assert_eq!(said(app, &poll).1, ["0 of 3 accounts have voted."]);
    let person = app.person();
    person.post("/accounts/login/", &[("username", "one"), ("password", PASSWORD)]).expect(303);
    person.post(&poll.vote(), &[("choice", &poll.value(1))]).expect(303);
    let sentence = vec!["1 of 3 accounts have voted.".to_owned()];
    assert_eq!(said(app, &poll), (sentence.clone(), sentence));
}

fn where_anybody_may_vote_nobody_is_counted(app: &TestApp) {
    let poll = app.poll();
    for voters in ["open", "browser"] {
        app.execute(&format!("UPDATE polls_question SET voters = '{voters}'"));
        assert_eq!(said(app, &poll), (Vec::new(), Vec::new()), "{voters}");
    }
    let state = app.get(&format!("{}state.json", poll.detail())).expect(200).json();
    assert_eq!(state["results"].get("turnout"), None);
}
