//! A text that was changed after the first vote, with the old and the new one and the time.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_text_that_is_changed_after_the_first_vote_is_shown_with_the_old_one),
        on_every_database(a_change_by_command_or_undo_is_shown_too),
        on_every_database(a_deletion_that_is_undone_brings_the_changes_back),
        on_sqlite(a_changed_text_is_never_markup),
    ]
}

fn question_form(poll: &Poll) -> String {
    format!("/admin/polls/question/{}/change/", poll.id)
}

fn shown(app: &TestApp, path: &str) -> Vec<String> {
    let lines = app.get(path).expect(200).html().texts(".wording li");
    lines.iter().map(|line| line.split_once(" · ").expect("a time").1.to_owned()).collect()
}

fn vote(app: &TestApp, poll: &Poll) {
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
}

fn a_text_that_is_changed_after_the_first_vote_is_shown_with_the_old_one(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    let other = app.question("Other?").choices(["Yes"]).create();
    let both = [("question_text", "Green tea?"), ("choice_set-1-choice_text", "Never")];
    ada.submit(&question_form(&poll), &both).expect(303);
    assert_eq!(app.count("polls_wording"), 0, "nobody had voted");
    vote(app, &poll);
    let both = [("question_text", "커피?"), ("choice_set-1-choice_text", "No")];
    ada.submit(&question_form(&poll), &both).expect(303);
    let choice = format!("/admin/polls/choice/{}/change/", poll.choices[0]);
    ada.submit(&choice, &[("choice_text", "Yes, please")]).expect(303);
    // What changes no text is no change of the wording.
    ada.submit(&question_form(&poll), &[("description", "A drink."), ("choice_set-0-DOWN", "")]).expect(200);
    ada.submit(&question_form(&poll), &[("description", "A drink.")]).expect(303);
    ada.submit(&question_form(&other), &[("question_text", "Changed?")]).expect(303);
    let expected = ["Question: Green tea? → 커피?", "Choice: Never → No", "Choice: Yes → Yes, please"];
    for path in [poll.detail(), poll.results()] {
        assert_eq!(shown(app, &path), expected, "{path}");
        let page = app.get(&path).expect(200).html();
        assert_eq!((page.count(".wording time[datetime]"), page.count(".wording h2")), (3, 1));
        assert_eq!((page.texts(".wording del").len(), page.texts(".wording ins").len()), (3, 3));
    }
    assert_eq!(app.get(&other.detail()).expect(200).html().count(".wording"), 0);
    // Where the results are hidden, that the texts were changed is not.
    app.execute("UPDATE polls_question SET results = 'staff'");
    assert_eq!(shown(app, &poll.results()), expected);
    app.run(&["recount"]).expect(0);
}

fn a_change_by_command_or_undo_is_shown_too(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    // A total that Django has counted is a vote as well.
    app.execute("UPDATE polls_choice SET votes = 1");
    let (id, reword) = (poll.id.to_string(), format!("{}=Never", poll.choices[1]));
    app.run(&["question", "edit", &id, "--set", "question_text=Coffee?", "--reword", &reword]).expect(0);
    let changed = ["Question: Tea? → Coffee?", "Choice: No → Never"];
    assert_eq!(shown(app, &poll.detail()), changed);
    let csv = app.run(&["question", "export", &id, "--wording"]).expect(0).stdout;
    let lines: Vec<_> = csv.lines().collect();
    assert!(lines.len() == 3 && lines[0] == "changed_at,choice,old,new", "{csv}");
    assert!(
        lines[1].ends_with(",,Tea?,Coffee?") && lines[2].ends_with(&format!(",{},No,Never", poll.choices[1])),
        "{csv}"
    );
    let json = app.run(&["question", "export", &id, "--wording", "--format", "json"]).expect(0).stdout;
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&json).expect("JSON")[1]["new"], "Never");
    let page = ada.get(&format!("/admin/polls/question/{id}/history/")).expect(200).html();
    let undo = page.attributes("form[action^='/admin/undo/']", "action").remove(0);
    ada.post(&undo, &[]).expect(303);
    let undone = ["Question: Coffee? → Tea?", "Choice: Never → No"];
    assert_eq!(shown(app, &poll.detail()), [changed, undone].concat());
}

fn a_deletion_that_is_undone_brings_the_changes_back(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Tea?").choices(["Yes", "No"]).create());
    vote(app, &poll);
    ada.submit(&question_form(&poll), &[("choice_set-1-choice_text", "Never")]).expect(303);
    ada.messages();
    ada.post(&format!("/admin/polls/question/{}/delete/", poll.id), &[("post", "yes")]).expect(303);
    app.get(&poll.results()).expect(404);
    ada.undo().expect(303);
    assert_eq!(shown(app, &poll.results()), ["Choice: No → Never"]);
    // The choice itself goes; what it was stays told, and that it went, unless that is undone.
    ada.submit(&question_form(&poll), &[("choice_set-1-DELETE", "on")]).expect(303);
    assert_eq!(shown(app, &poll.results()), ["Choice: No → Never", "Choice deleted: Never"]);
    ada.undo().expect(303);
    assert_eq!(shown(app, &poll.results()), ["Choice: No → Never"]);
    // One that has votes can be deleted on its own page only, and that is told as well.
    vote(app, &poll);
    ada.post(&format!("/admin/polls/choice/{}/delete/", poll.choices[0]), &[("post", "yes")]).expect(303);
    assert_eq!(shown(app, &poll.results()), ["Choice: No → Never", "Choice deleted: Yes"]);
    ada.undo().expect(303);
    assert_eq!(shown(app, &poll.results()), ["Choice: No → Never"]);
    // A copy begins anew.
    ada.post(&format!("/admin/polls/question/{}/duplicate/", poll.id), &[]).expect(303);
    assert_eq!(app.count("polls_wording"), 1);
}

fn a_changed_text_is_never_markup(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("<b>Tea</b>?").choices(["Yes"]).create());
    vote(app, &poll);
    ada.submit(&question_form(&poll), &[("question_text", "<script>x</script>")]).expect(303);
    assert_eq!(shown(app, &poll.detail()), ["Question: <b>Tea</b>? → <script>x</script>"]);
    assert_eq!(app.get(&poll.detail()).expect(200).html().count("main b, main script"), 0);
}
