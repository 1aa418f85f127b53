//! `/admin/status/`: how the program is doing, for superusers.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_every_database(the_status_has_the_numbers_of_the_program), on_sqlite(only_superusers_see_the_status)]
}

fn the_status_has_the_numbers_of_the_program(app: &TestApp) {
    let poll = app.poll();
    for _ in 0..3 {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
    app.post(&poll.vote()).form(&[("choice", "999999")]).expect(400);
    let ada = app.administrator("ada");
    assert!(ada.get("/admin/").expect(200).html().attributes("a", "href").contains(&"/admin/status/".to_owned()));
    let page = ada.get("/admin/status/").expect(200).html();
    let fact = |title: &str| {
        let titles = page.texts(".facts dt");
        let at = titles.iter().position(|known| known == title).unwrap_or_else(|| panic!("{title}: {titles:?}"));
        page.texts(".facts dd")[at].clone()
    };
    assert_eq!(fact("Votes"), "counted 3 refused 1 queue full 0 late 0 failed 0");
    assert_eq!(fact("Version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(fact("Votes that wait to be written"), "0");
    assert!(fact("The database answers in").ends_with(" ms"));
    assert_eq!((fact("Last backup"), fact("Last recount")), ("never".to_owned(), "never".to_owned()));
    // The chart of votes has one bar, or two if ten minutes have just ended, and the same numbers as a table.
    let bars = page.texts(".panel[aria-label^=Votes] tbody .number");
    let counted: i64 = bars.iter().map(|number| number.parse::<i64>().expect("a number")).sum();
    assert_eq!(counted, 3);
    app.run(&["backup", "backup.gz"]).expect(0);
    app.run(&["recount"]).expect(0);
    let page = ada.get("/admin/status/").expect(200).html();
    assert_eq!(page.count(".facts strong"), 0, "both were done just now");
    app.execute("UPDATE ops_last_done SET done_at = '2026-01-01 00:00:00'");
    let page = ada.get("/admin/status/").expect(200).html();
    assert_eq!(page.texts(".facts strong"), ["more than a week ago"; 2]);
}

fn only_superusers_see_the_status(app: &TestApp) {
    app.user("bea").staff().may("polls.view_question").create();
    let bea = app.logged_in("bea");
    assert_eq!(bea.get("/admin/status/").status, 403);
    assert!(!bea.get("/admin/").expect(200).text().contains("/admin/status/"));
    app.get("/admin/status/").expect(302);
}
