//! `polls question`: polls and their invitations on the command line.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_poll_is_added_shown_changed_exported_and_deleted),
        on_sqlite(what_the_admin_refuses_the_command_refuses),
        on_every_database(invitations_are_made_printed_and_withdrawn),
        on_sqlite(who_does_it_needs_the_permission_and_stands_in_the_history),
    ]
}

fn a_poll_is_added_shown_changed_exported_and_deleted(app: &TestApp) {
    app.user("ada").superuser().create();
    let question = |arguments: &[&str]| app.run(&[&["question"], arguments].concat());
    let added = question(&[
        "add",
        "Tea?",
        "--choice",
        "Yes",
        "--choice",
        "No",
        "--set",
        "pub_date=2026-01-02 03:04",
        "--set",
        "voters=open",
    ]);
    let id = added.expect(0).stdout.trim().to_owned();
    let shown = question(&["show", &id]).expect(0).stdout;
    for line in ["question_text=Tea?\n", "pub_date=2026-01-02 03:04:00\n", "\tchoice_text=Yes", "\tchoice_text=No"] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let choice = shown.lines().find(|line| line.contains("=No")).and_then(|line| line.split_whitespace().nth(1));
    let choice = choice.expect("a choice").to_owned();
    let reword = format!("{choice}=Never");
    question(&["edit", &id, "--set", "close_date=2099-01-01 00:00", "--reword", &reword, "--choice", "Maybe"])
        .expect(0);
    let listed = question(&["list", "never"]).expect(0).stdout;
    assert!(listed.starts_with(&format!("{id}\topen\t")) && listed.ends_with("\tTea?\n"), "{listed}");
    app.execute(&format!("UPDATE polls_choice SET votes = 2 WHERE id = {choice}"));
    let csv = question(&["export", &id]).expect(0).stdout;
    assert!(csv.starts_with("choice,text,votes\n") && csv.contains(&format!("\n{choice},Never,2\n")), "{csv}");
    let json = question(&["export", &id, "--format", "json"]).expect(0).stdout;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rows.len(), 3);
    let poll = Poll { id: id.parse().expect("a number"), choices: vec![choice.parse().expect("a number")] };
    app.post(&poll.vote()).form(&[("choice", &choice)]).expect(303);
    let ballots = question(&["export", &id, "--ballots"]).expect(0).stdout;
    assert_eq!(ballots, format!("ballot,choice,value\n1,{choice},1\n"));
    let refused = question(&["edit", &id, "--remove", &choice]).expect(1);
    assert!(refused.stderr.contains("This choice has votes"), "{}", refused.stderr);
    question(&["edit", &id, "--withdraw", &choice]).expect(0);
    app.post(&poll.vote()).form(&[("choice", &choice)]).expect(400);
    let other = shown.lines().find(|line| line.contains("=Yes")).and_then(|line| line.split_whitespace().nth(1));
    question(&["edit", &id, "--remove", other.expect("a choice")]).expect(0);
    assert_eq!(app.count("polls_choice"), 2);
    question(&["delete", &id]).expect(0);
    assert_eq!((app.count("polls_question"), app.count("polls_choice")), (0, 0));
    let refused = question(&["show", &id]).expect(1);
    assert_eq!(refused.stderr, format!("polls: there is no poll {id}\n"));
    // The admin shows all of it, and can undo it.
    assert_eq!(app.count("django_admin_log"), 5);
    let ada = app.logged_in("ada");
    assert!(ada.get("/admin/").expect(200).text().contains("Tea?"));
}

fn what_the_admin_refuses_the_command_refuses(app: &TestApp) {
    app.user("ada").superuser().create();
    let refused = |arguments: &[&str], said: &str| {
        let refused = app.run(&[&["question"], arguments].concat()).expect(1);
        assert!(refused.stderr.contains(said), "{arguments:?}: {}", refused.stderr);
    };
    refused(&["add", " "], "question_text: This field is required.");
    refused(&["add", "Tea?", "--choice", "Yes", "--choice", "Yes"], "This looks the same as another choice.");
    refused(&["add", "Tea?", "--set", "close_date=2001-01-01 00:00"], "close_date: The closing date must be after");
    refused(&["add", "Tea?", "--set", "close_date=soon"], "close_date: ");
    refused(&["add", "Tea?", "--set", "votes=7"], "there is no field votes; there are question_text");
    refused(&["edit", "4711", "--choice", "Yes"], "there is no poll 4711");
    assert_eq!((app.count("polls_question"), app.count("django_admin_log")), (0, 0));
}

fn invitations_are_made_printed_and_withdrawn(app: &TestApp) {
    app.user("ada").superuser().create();
    let poll = app.poll();
    let id = poll.id.to_string();
    let invite = |arguments: &[&str]| app.run(&[&["question", "invite", &id], arguments].concat());
    let links = |csv: &str| -> Vec<(String, String)> {
        let rows = csv.lines().skip(1).map(|line| line.rsplit_once(',').expect("two cells"));
        rows.map(|(label, link)| (label.to_owned(), link.to_owned())).collect()
    };
    let made = invite(&["--count", "600"]).expect(0).stdout;
    let made = links(&made);
    assert_eq!((made.len(), app.count("polls_invitation")), (600, 600));
    assert_eq!((made[0].0.as_str(), made[599].0.as_str()), ("1", "600"));
    let site = format!("https://{HOST}");
    for (_, link) in [&made[0], &made[599]] {
        app.get(link.strip_prefix(&site).expect("a link of the site")).expect(200);
    }
    std::fs::write(app.path("names"), "\u{feff}Ada <ada@example.org>\n\n 홍길동 \n=1+1\n")
        .expect("a file can be written");
    let named = invite(&["--names", "names", "--site", "http://localhost:8000/vote/"]).expect(0).stdout;
    let named = links(&named);
    let labels: Vec<_> = named.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["Ada <ada@example.org>", "홍길동", "'=1+1"]);
    assert!(named.iter().all(|(_, link)| link.starts_with(&format!("http://localhost:8000/vote/polls/{id}/i/"))));
    // What is stored opens no link.
    let token = named[0].1.trim_end_matches('/').rsplit('/').next().expect("a token").to_owned();
    assert_eq!(app.count(&format!("polls_invitation WHERE token_hash LIKE '%{token}%'")), 0);
    let withdrawn = app.run(&["question", "withdraw", &id, "--label", "홍길동"]).expect(0).stdout;
    assert_eq!(withdrawn, "1\n");
    assert_eq!(app.run(&["question", "withdraw", &id]).expect(0).stdout, "602\n");
    let path = format!("/polls/{id}/i/{token}/");
    app.get(&path).expect(410);
    assert_eq!(app.count("django_admin_log"), 4);
    for (arguments, said) in [
        (&["--count", "1", "--names", "names"][..], "cannot be used with"),
        (&[], "--count"),
        (&["--names", "nowhere"], "cannot read nowhere"),
        (&["--count", "1", "--site", "polls.example.org"], "expected an address"),
    ] {
        let refused = invite(arguments);
        assert!(refused.code != Some(0) && refused.stderr.contains(said), "{arguments:?}: {}", refused.stderr);
    }
    assert_eq!(app.count("polls_invitation"), 603);
}

fn who_does_it_needs_the_permission_and_stands_in_the_history(app: &TestApp) {
    let nobody = app.run(&["question", "add", "Tea?"]).expect(1);
    assert!(nobody.stderr.contains("there is no superuser"), "{}", nobody.stderr);
    app.user("reader").staff().may("polls.view_question").create();
    app.user("writer").staff().may("polls.add_question").may("polls.change_question").create();
    app.user("visitor").create();
    for (user, said) in
        [("reader", "reader lacks the permission polls.add_question"), ("visitor", "no active user visitor")]
    {
        let refused = app.run(&["question", "add", "Tea?", "--user", user]).expect(1);
        assert!(refused.stderr.contains(said), "{}", refused.stderr);
    }
    app.run(&["question", "add", "Tea?", "--user", "writer"]).expect(0);
    let by_writer = "django_admin_log WHERE user_id = (SELECT id FROM auth_user WHERE username = 'writer')";
    assert_eq!(app.count(by_writer), 1);
}
