//! `polls query`: one query that reads.

use serde_json::{Value, json};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(rows_are_printed_as_a_table_as_csv_and_as_json),
        on_every_database(what_would_write_is_refused),
    ]
}

fn rows_are_printed_as_a_table_as_csv_and_as_json(app: &TestApp) {
    app.question("봄, \"가을\"?").choice_with_votes("네", 12).choices(["아니요"]).create();
    app.execute("UPDATE polls_question SET pub_date = '2026-01-02 03:04:05'");
    let sql = "SELECT q.question_text AS question, c.choice_text, c.votes, q.close_date, q.pub_date, q.is_draft \
               FROM polls_question q JOIN polls_choice c ON c.question_id = q.id ORDER BY c.id;";
    let table = app.run(&["query", sql]).expect(0).stdout;
    let lines: Vec<_> = table.lines().collect();
    assert!(lines[0].starts_with("question     choice_text  votes") && lines[0].contains("choice_text"), "{table}");
    assert!(lines[2].contains("네") && lines[2].contains("12") && lines[2].contains("2026-01-02"), "{table}");
    assert_eq!((lines.len(), lines[4]), (5, "(2 rows)"));

    let csv = app.run(&["query", "--format", "csv", sql]).expect(0).stdout;
    let row = csv.lines().nth(1).expect("a row");
    assert!(row.starts_with("\"봄, \"\"가을\"\"?\",네,12,,2026-01-02"), "{csv}");

    let rows: Vec<Value> =
        serde_json::from_str(&app.run(&["query", "--format", "json", sql]).expect(0).stdout).expect("it is JSON");
    assert_eq!(
        (&rows[0]["choice_text"], &rows[0]["votes"], &rows[1]["close_date"]),
        (&json!("네"), &json!("12"), &Value::Null)
    );
    let columns: Vec<_> = rows[0].as_object().expect("an object").keys().collect();
    assert_eq!(columns.len(), 6);

    let none = app.run(&["query", "SELECT id FROM polls_choice WHERE votes > 100"]).expect(0).stdout;
    assert_eq!(none, "(0 rows)\n");
    let sums = app.run(&["query", "SELECT sum(votes) AS votes, count(*) AS choices, 1.5 AS x FROM polls_choice"]);
    assert!(sums.expect(0).stdout.lines().nth(2).is_some_and(|line| line.starts_with("12")));
}

fn what_would_write_is_refused(app: &TestApp) {
    let poll = app.poll();
    for sql in [
        "DELETE FROM polls_choice",
        "SELECT 1; DELETE FROM polls_choice",
        "UPDATE polls_choice SET votes = 7",
        "SELECT 1) AS q; DELETE FROM polls_choice; --",
        "DROP TABLE polls_ballot",
        "CREATE TABLE other (id integer)",
    ] {
        let said = app.run(&["query", sql]);
        assert_eq!(app.totals(&poll), [0, 0, 0], "{sql}: {}", said.stderr);
    }
    for sql in ["DELETE FROM polls_choice", "SELECT nothing FROM nowhere", "", "SELEC"] {
        let refused = app.run(&["query", sql]);
        assert_eq!(refused.code, Some(1), "{sql}: {}", refused.stderr);
        assert!(refused.stderr.starts_with("polls: the query was refused: ") && refused.stdout.is_empty(), "{sql}");
    }
    assert_eq!(app.count("polls_ballot"), 0);
}
