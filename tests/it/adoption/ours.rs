//! The other way round: Django on a database that we made.

use super::NEWS;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_every_database(django_finds_nothing_to_migrate_in_a_database_that_we_made),
        on_every_database(django_fills_a_database_that_we_made_as_it_does_its_own),
        on_every_database(django_deletes_a_question_of_ours_with_its_ballots),
    ];
    tests.map(|test| test.needing(Need::Django)).into()
}

fn django_finds_nothing_to_migrate_in_a_database_that_we_made(setup: Setup) {
    let setup = setup.without_tables();
    setup.run(&["migrate"]).expect(0);
    setup.django().has_nothing_to_migrate();
    assert!(setup.django().run(&["migrate"]).contains("No migrations to apply."));
    setup.run(&["migrate", "--check"]).expect(0);
}

fn django_fills_a_database_that_we_made_as_it_does_its_own(setup: Setup) {
    let djangos_own = Setup::new(setup.engine()).filled_by_django().django().snapshot();
    // Django's migrate has nothing to do here but to write its permissions.
    setup.django().run(&["migrate"]);
    setup.django().run(&["fill"]);
    let filled = setup.django().snapshot();
    assert_eq!(filled.clone().without_passwords(), djangos_own.without_passwords());

    let (news, app) = (filled.poll(NEWS), setup.start());
    app.post(&news.vote()).form(&[("choice", &news.value(0))]).expect(303);
    assert_eq!((app.totals(&news), app.ballots(&news)), (vec![8, 0], vec![1, 0]));
    app.run(&["recount"]).expect(0);
    assert_eq!(app.django().snapshot(), filled.with_more_votes(news.choices[0], 1));
}

fn django_deletes_a_question_of_ours_with_its_ballots(app: &TestApp) {
    let (kept, deleted) = (app.poll(), app.poll());
    app.bookmark(None, "https://example.org/");
    for poll in [&kept, &deleted] {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
    app.django().write(&deleted);
    app.get(&deleted.detail()).expect(404);
    assert_eq!((app.ballots(&kept), app.ballots(&deleted)), (vec![1, 0, 0], vec![0, 0, 0]));
    assert_eq!(app.all_ballots(), 1);
    app.run(&["recount"]).expect(0);
}
