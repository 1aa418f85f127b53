//! What one person asks for keeps nobody else waiting, however long it takes.

use std::thread;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_every_database(one_persons_slow_searches_shut_nobody_out)]
}

/// Whoever searches the questions from now on is at it for minutes.
fn slow_down(app: &TestApp) {
    let minutes = match app.engine() {
        Engine::Sqlite => {
            "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000) SELECT i FROM n)"
        }
        Engine::Postgres => "(SELECT pg_sleep(120))",
        Engine::Mariadb => "(SELECT SLEEP(120) AS slept)",
    };
    app.execute("ALTER TABLE polls_question RENAME TO questions");
    app.execute(&format!(
        "CREATE VIEW polls_question AS SELECT q.* FROM {minutes} AS minutes CROSS JOIN questions AS q"
    ));
}

fn one_persons_slow_searches_shut_nobody_out(app: &TestApp) {
    const SEARCHES: usize = 10;
    app.poll();
    let searching: Vec<_> = (0..SEARCHES).map(|_| app.administrator("ada")).collect();
    app.user("bob").staff().may("auth.view_group").create();
    slow_down(app);
    let answers: Vec<_> = thread::scope(|scope| {
        let searching = searching.into_iter();
        let searches: Vec<_> = searching
            .map(|person| scope.spawn(move || (person.get("/admin/polls/question/?q=what"), person)))
            .collect();
        // Longer than a person waits for her own turn.
        for _ in 0..30 {
            let bob = app.logged_in("bob");
            for path in ["/admin/", "/admin/auth/group/?q=a", "/bookmark/"] {
                bob.get(path).expect(200);
            }
        }
        searches.into_iter().map(|search| search.join().expect("an answer")).collect()
    });
    let (stopped, later): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(answer, _)| answer.status == 503);
    assert!(!stopped.is_empty() && later.iter().all(|(answer, _)| answer.status == 429), "{}", stopped.len());
    for (answer, person) in &stopped {
        assert!(answer.text().contains("Please narrow it"), "{}", answer.text());
        assert!(answer.header("retry-after").is_none());
        person.get("/admin/auth/group/?q=a").expect(200);
    }
    for (answer, _) in &later {
        assert!(answer.text().contains("still being looked up") && answer.header("retry-after").is_some());
    }
}
