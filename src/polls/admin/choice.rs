//! A choice's own list and form.

use diesel::prelude::*;

use super::{deletion, filters, moving};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{Field, FieldError, Kind, Value};
use crate::admin::registry::model::{DeletePlan, Fieldset, Filter, Meta, ModelAdmin};
use crate::db::{self, Backend, Connection};
use crate::polls::ballot_box::lock_choices;
use crate::polls::schema::{polls_ballot, polls_choice, polls_question};
use crate::text::appearance;

pub struct ChoiceAdmin;

/// A choice with its question's text.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub id: i64,
    pub question_id: i64,
    pub question_text: String,
    pub choice_text: String,
    pub votes: i32,
}

impl ModelAdmin for ChoiceAdmin {
    type Row = Row;
    const META: Meta = Meta {
        app: "polls",
        model: "choice",
        verbose_name: "polls-choice",
        verbose_name_plural: "polls-choice-plural",
        app_name: "polls-app",
    };

    fn fields() -> &'static [Field<Row>] {
        const FIELDS: &[Field<Row>] = &[
            Field::editable(
                "question",
                "polls-field-question",
                Kind::Searched(&filters::QUESTIONS),
                |row: &Row| {
                    if row.question_id == 0 {
                        Value::Empty
                    } else {
                        Value::Related(row.question_id, row.question_text.clone())
                    }
                },
                |row: &mut Row, value| row.question_id = value.related(),
            )
            .of("polls", "question"),
            Field::editable(
                "choice_text",
                "polls-field-choice-text",
                Kind::Text { max_length: 200 },
                |row| Value::Text(row.choice_text.clone()),
                |row, value| row.choice_text = value.text(),
            ),
            Field::shown("votes", "polls-field-votes", Kind::Integer, |row| Value::Integer(i64::from(row.votes))),
        ];
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset { title: None, fields: &["question", "choice_text", "votes"], collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["choice_text", "question", "votes"]
    }

    fn list_filter() -> &'static [Filter] {
        filters::CHOICE
    }

    fn sortable() -> &'static [&'static str] {
        &["choice_text", "question", "votes"]
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[]
    }

    fn has_search() -> bool {
        true
    }

    fn can_be_undone() -> bool {
        true
    }

    fn pk(row: &Row) -> i64 {
        row.id
    }

    fn label(row: &Row) -> String {
        row.choice_text.clone()
    }

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        filters::choices(query).count().get_result(conn)
    }

    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Row>> {
        let rows = ordered(query).offset(query.offset).limit(query.most());
        let rows: Vec<Columns> = rows.select(COLUMNS).load(conn)?;
        with_questions(conn, rows)
    }

    fn ids(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        ordered(query).select(polls_choice::id).load(conn)
    }

    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Row> {
        let row: Columns = polls_choice::table.find(pk).select(COLUMNS).first(conn)?;
        with_questions(conn, vec![row])?.pop().ok_or(diesel::result::Error::NotFound)
    }

    /// A vote was given to an answer of one question; it cannot be counted for another.
    fn clean(conn: &mut Connection, pk: Option<i64>, row: &Row) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let known: i64 = polls_question::table.find(row.question_id).count().get_result(conn)?;
        if known == 0 {
            return Ok(vec![("question", FieldError::new("admin-error-choice"))]);
        }
        if let Some(pk) = pk {
            let was = Self::find(conn, pk)?;
            if was.question_id != row.question_id && has_votes(conn, pk)? {
                return Ok(vec![("question", FieldError::new("polls-error-has-votes"))]);
            }
            if was.question_id == row.question_id && was.choice_text == row.choice_text {
                return Ok(Vec::new());
            }
        }
        let look = appearance(&row.choice_text);
        let others = others_of(conn, row.question_id, pk)?;
        let is_alike = others.iter().any(|other| appearance(&other.choice_text) == look);
        Ok(if is_alike { vec![("choice_text", FieldError::new("polls-error-same-choice"))] } else { Vec::new() })
    }

    fn save(conn: &mut Connection, pk: Option<i64>, row: &Row) -> QueryResult<i64> {
        let Some(pk) = pk else {
            return insert(conn, row.question_id, &row.choice_text);
        };
        diesel::update(polls_choice::table.find(pk))
            .set((polls_choice::question_id.eq(row.question_id), polls_choice::choice_text.eq(&row.choice_text)))
            .execute(conn)?;
        Ok(pk)
    }

    fn delete_plan(conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan> {
        let row = Self::find(conn, pk)?;
        deletion::plan_of_choice(conn, pk, row.choice_text)
    }

    fn delete(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        deletion::delete_choice(conn, pk)
    }

    fn lighten(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        moving::put_some_aside(conn, &[pk])
    }

    fn settle(conn: &mut Connection) -> QueryResult<bool> {
        moving::bring_some_back(conn)
    }

    fn restore(conn: &mut Connection, pk: i64, row: &Row) -> QueryResult<()> {
        deletion::restore_choice(conn, pk, &row.choice_text)
    }

    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        lock_choices(conn, &[pk])
    }
}

/// What a list shows, in its order.
fn ordered(query: &ListQuery) -> polls_choice::BoxedQuery<'_, Backend> {
    let mut rows = filters::choices(query);
    for (field, descending) in &query.order {
        rows = match (*field, *descending) {
            ("choice_text", false) => rows.then_order_by(polls_choice::choice_text.asc()),
            ("choice_text", true) => rows.then_order_by(polls_choice::choice_text.desc()),
            ("votes", false) => rows.then_order_by(polls_choice::votes.asc()),
            ("votes", true) => rows.then_order_by(polls_choice::votes.desc()),
            (_, false) => rows.then_order_by(polls_choice::question_id.asc()),
            (_, true) => rows.then_order_by(polls_choice::question_id.desc()),
        };
    }
    rows.then_order_by(polls_choice::id.desc())
}

/// Whether somebody has voted for a choice, here or before it was ours.
pub(super) fn has_votes(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
    let votes: i32 = polls_choice::table.find(pk).select(polls_choice::votes).first(conn)?;
    let ballots: i64 = polls_ballot::table.filter(polls_ballot::choice_id.eq(pk)).count().get_result(conn)?;
    Ok(votes != 0 || ballots > 0)
}

/// The other choices of a question. Nobody adds one meanwhile: the question is locked until the transaction ends.
fn others_of(conn: &mut Connection, question: i64, pk: Option<i64>) -> QueryResult<Vec<Row>> {
    let same = polls_question::question_text.eq(polls_question::question_text);
    diesel::update(polls_question::table.find(question)).set(same).execute(conn)?;
    let mut choices = of_question(conn, question)?;
    choices.retain(|choice| Some(choice.id) != pk);
    Ok(choices)
}

/// The choices of a question, in the order they were written.
pub(super) fn of_question(conn: &mut Connection, question: i64) -> QueryResult<Vec<Row>> {
    let of_question = || polls_choice::table.filter(polls_choice::question_id.eq(question)).order(polls_choice::id);
    let rows = db::readable(
        conn,
        "polls_choice",
        |conn| of_question().select(COLUMNS).load::<Columns>(conn),
        |conn| of_question().select(polls_choice::id).load(conn),
        |conn, id: i64| polls_choice::table.find(id).select(COLUMNS).get_result(conn),
    )?;
    with_questions(conn, rows.into_iter().flatten().collect())
}

/// A new choice begins without votes, whatever is posted.
pub(super) fn insert(conn: &mut Connection, question: i64, choice_text: &str) -> QueryResult<i64> {
    diesel::insert_into(polls_choice::table)
        .values((
            polls_choice::question_id.eq(question),
            polls_choice::choice_text.eq(choice_text),
            polls_choice::votes.eq(0),
        ))
        .execute(conn)?;
    db::last_insert_id(conn)
}

type Columns = (i64, i64, String, i32);
type ColumnNames = (polls_choice::id, polls_choice::question_id, polls_choice::choice_text, polls_choice::votes);
const COLUMNS: ColumnNames =
    (polls_choice::id, polls_choice::question_id, polls_choice::choice_text, polls_choice::votes);

fn with_questions(conn: &mut Connection, rows: Vec<Columns>) -> QueryResult<Vec<Row>> {
    let ids: std::collections::HashSet<i64> = rows.iter().map(|row| row.1).collect();
    let texts =
        filters::texts(conn, || polls_question::table.filter(polls_question::id.eq_any(ids.clone())).into_boxed())?;
    let texts: std::collections::HashMap<i64, String> = texts.into_iter().collect();
    let row = |(id, question_id, choice_text, votes): Columns| Row {
        id,
        question_id,
        question_text: texts.get(&question_id).cloned().unwrap_or_default(),
        choice_text,
        votes,
    };
    Ok(rows.into_iter().map(row).collect())
}
