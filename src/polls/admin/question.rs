//! A question's list and form.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::inline::ChoiceInline;
use super::{deletion, filters, moving, votes};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::erased::InlineModel;
use crate::admin::registry::field::{Field, FieldError, Kind, Value};
use crate::admin::registry::model::{Action, DeletePlan, Fieldset, Filter, Meta, ModelAdmin, Permission};
use crate::admin::registry::panels::Panel;
use crate::admin::registry::registered::Registered;
use crate::clock::{self, TimeZone};
use crate::db::moment::{moment, moment_or_null};
use crate::db::{self, Backend, Connection};
use crate::polls::paths;
use crate::polls::schema::polls_question;

pub struct QuestionAdmin;

/// A question with the sum of its votes.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub id: i64,
    pub question_text: String,
    pub pub_date: Option<NaiveDateTime>,
    pub close_date: Option<NaiveDateTime>,
    pub votes: i64,
}

impl Row {
    /// Within the last day, as the tutorial's `was_published_recently`.
    fn was_published_recently(&self) -> bool {
        let now = clock::now();
        self.pub_date.is_some_and(|date| date <= now && date > now - TimeDelta::days(1))
    }

    /// What a visitor finds now.
    fn state(&self, now: NaiveDateTime) -> Value {
        if self.pub_date.is_some_and(|date| date > now) {
            Value::Choice("upcoming", "polls-filter-upcoming")
        } else if self.close_date.is_some_and(|date| date <= now) {
            Value::Choice("closed", "polls-filter-closed")
        } else {
            Value::Choice("open", "polls-filter-open")
        }
    }
}

impl ModelAdmin for QuestionAdmin {
    type Row = Row;
    const META: Meta = Meta {
        app: "polls",
        model: "question",
        verbose_name: "polls-question",
        verbose_name_plural: "polls-question-plural",
        app_name: "polls-app",
    };

    fn fields() -> &'static [Field<Row>] {
        const FIELDS: &[Field<Row>] = &[
            Field::editable(
                "question_text",
                "polls-field-question-text",
                Kind::Text { max_length: 200 },
                |row| Value::Text(row.question_text.clone()),
                |row, value| row.question_text = value.text(),
            ),
            Field::editable(
                "pub_date",
                "polls-field-pub-date",
                Kind::DateTime,
                |row| row.pub_date.map_or(Value::Empty, Value::DateTime),
                |row, value| row.pub_date = value.date_time(),
            ),
            Field::editable(
                "close_date",
                "polls-field-close-date",
                Kind::DateTime,
                |row: &Row| row.close_date.map_or(Value::Empty, Value::DateTime),
                |row: &mut Row, value| row.close_date = value.date_time(),
            )
            .optional()
            .help("polls-help-close-date"),
            Field::shown("was_published_recently", "polls-field-recent", Kind::Boolean, |row| {
                Value::Boolean(row.was_published_recently())
            }),
            Field::shown("votes", "polls-field-votes", Kind::Integer, |row| Value::Integer(row.votes)),
            Field::shown("state", "polls-field-state", Kind::State, |row| row.state(clock::now())),
        ];
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[
            Fieldset { title: None, fields: &["question_text"], collapsed: false },
            Fieldset { title: Some("polls-date-information"), fields: &["pub_date", "close_date"], collapsed: true },
        ]
    }

    fn list_display() -> &'static [&'static str] {
        // Later columns last: an address that sorts by the numbers of the others goes on doing so.
        &["question_text", "pub_date", "was_published_recently", "votes", "close_date", "state"]
    }

    fn list_filter() -> &'static [Filter] {
        filters::QUESTION
    }

    fn date_hierarchy() -> Option<&'static str> {
        Some("pub_date")
    }

    fn sortable() -> &'static [&'static str] {
        &["question_text", "pub_date", "was_published_recently", "close_date"]
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("pub_date", true)]
    }

    fn has_search() -> bool {
        true
    }

    fn actions() -> &'static [Action] {
        &[
            Action {
                name: "publish_now",
                title: "polls-action-publish",
                done: "polls-action-publish-done",
                permission: Permission::Change,
                run: publish_now,
                skipped: None,
            },
            Action {
                name: "close_now",
                title: "polls-action-close",
                done: "polls-action-close-done",
                permission: Permission::Change,
                run: close_now,
                skipped: Some("polls-action-close-skipped"),
            },
        ]
    }

    fn inlines() -> &'static [&'static dyn InlineModel] {
        const INLINES: &[&dyn InlineModel] = &[&Registered::<ChoiceInline>::new()];
        INLINES
    }

    fn can_be_undone() -> bool {
        true
    }

    fn pk(row: &Row) -> i64 {
        row.id
    }

    fn label(row: &Row) -> String {
        row.question_text.clone()
    }

    fn view_on_site(row: &Row) -> Option<String> {
        let public = row.pub_date.is_some_and(|date| date <= clock::now());
        public.then(|| paths::detail(row.id))
    }

    fn panel(conn: &mut Connection, pk: i64, zone: &TimeZone) -> QueryResult<Option<Panel>> {
        votes::over_time(conn, pk, zone).map(Some)
    }

    /// A new question is published now, unless it is told otherwise: its date is folded away, and a
    /// question without one could not be saved.
    fn initial() -> Row {
        Row { pub_date: Some(whole_seconds(clock::now())), ..Row::default() }
    }

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        filters::questions(query).count().get_result(conn)
    }

    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Row>> {
        let rows = ordered(query).offset(query.offset).limit(query.most());
        let rows: Vec<Columns> = rows.select(COLUMNS).load(conn)?;
        with_votes(conn, rows)
    }

    fn ids(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        ordered(query).select(polls_question::id).load(conn)
    }

    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Row> {
        let row: Columns = polls_question::table.find(pk).select(COLUMNS).first(conn)?;
        with_votes(conn, vec![row])?.pop().ok_or(diesel::result::Error::NotFound)
    }

    fn clean(_conn: &mut Connection, _pk: Option<i64>, row: &Row) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let closes_first = row.close_date.is_some_and(|close| row.pub_date.is_some_and(|open| close <= open));
        Ok(if closes_first { vec![("close_date", FieldError::new("polls-error-closes-first"))] } else { Vec::new() })
    }

    fn save(conn: &mut Connection, pk: Option<i64>, row: &Row) -> QueryResult<i64> {
        let values = (
            polls_question::question_text.eq(&row.question_text),
            polls_question::pub_date.eq(moment(row.pub_date.unwrap_or_else(clock::now))),
            polls_question::close_date.eq(moment_or_null(row.close_date)),
        );
        match pk {
            Some(pk) => {
                diesel::update(polls_question::table.find(pk)).set(values).execute(conn)?;
                Ok(pk)
            }
            None => {
                diesel::insert_into(polls_question::table).values(values).execute(conn)?;
                db::last_insert_id(conn)
            }
        }
    }

    fn delete_plan(conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan> {
        let row = Self::find(conn, pk)?;
        deletion::plan_of_question(conn, pk, row.question_text)
    }

    fn delete(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        deletion::delete_question(conn, pk)
    }

    fn lighten(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        let choices = deletion::choices_of(conn, pk)?;
        moving::put_some_aside(conn, &choices)
    }

    fn settle(conn: &mut Connection) -> QueryResult<bool> {
        moving::bring_some_back(conn)
    }

    fn restore(conn: &mut Connection, pk: i64, row: &Row) -> QueryResult<()> {
        diesel::insert_into(polls_question::table)
            .values((
                polls_question::id.eq(pk),
                polls_question::question_text.eq(&row.question_text),
                polls_question::pub_date.eq(moment(row.pub_date.unwrap_or_else(clock::now))),
                polls_question::close_date.eq(moment_or_null(row.close_date)),
            ))
            .execute(conn)
            .map(|_| ())
    }

    /// Its choices first, as ballots do.
    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        deletion::lock_choices_of(conn, pk)?;
        let question = polls_question::table.find(pk);
        let same = polls_question::question_text.eq(polls_question::question_text);
        diesel::update(question).set(same).execute(conn).map(|_| ())
    }
}

/// What a list shows, in its order.
fn ordered(query: &ListQuery) -> polls_question::BoxedQuery<'_, Backend> {
    let mut rows = filters::questions(query);
    for (field, descending) in &query.order {
        rows = match (*field, *descending) {
            ("question_text", false) => rows.then_order_by(polls_question::question_text.asc()),
            ("question_text", true) => rows.then_order_by(polls_question::question_text.desc()),
            // What has no end ends last. Databases do not agree on where to put it.
            ("close_date", false) => rows
                .then_order_by(polls_question::close_date.is_null().asc())
                .then_order_by(polls_question::close_date.asc()),
            ("close_date", true) => rows
                .then_order_by(polls_question::close_date.is_null().desc())
                .then_order_by(polls_question::close_date.desc()),
            (_, false) => rows.then_order_by(polls_question::pub_date.asc()),
            (_, true) => rows.then_order_by(polls_question::pub_date.desc()),
        };
    }
    rows.then_order_by(polls_question::id.desc())
}

type Columns = (i64, String, NaiveDateTime, Option<NaiveDateTime>);
type ColumnNames =
    (polls_question::id, polls_question::question_text, polls_question::pub_date, polls_question::close_date);
const COLUMNS: ColumnNames =
    (polls_question::id, polls_question::question_text, polls_question::pub_date, polls_question::close_date);

fn with_votes(conn: &mut Connection, rows: Vec<Columns>) -> QueryResult<Vec<Row>> {
    let votes = votes::totals(conn, rows.iter().map(|row| row.0))?;
    let row = |(id, question_text, pub_date, close_date): Columns| Row {
        id,
        question_text,
        pub_date: Some(pub_date),
        close_date,
        votes: votes.get(&id).copied().unwrap_or(0),
    };
    Ok(rows.into_iter().map(row).collect())
}

fn whole_seconds(time: NaiveDateTime) -> NaiveDateTime {
    use chrono::SubsecRound as _;
    time.trunc_subsecs(0)
}

/// A question that was to appear later appears now; one that is public keeps its date.
fn publish_now(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
    let now = clock::now();
    diesel::update(polls_question::table.find(pk).filter(polls_question::pub_date.gt(now)))
        .set(polls_question::pub_date.eq(now))
        .execute(conn)
        .map(|_| true)
}

/// A question that is open takes no more votes; one that is closed keeps its date. One that is still to appear
/// cannot be closed before that.
fn close_now(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
    let now = clock::now();
    let public = polls_question::table.find(pk).filter(polls_question::pub_date.lt(now));
    if public.count().get_result::<i64>(conn)? == 0 {
        return Ok(false);
    }
    let open = polls_question::close_date.is_null().or(polls_question::close_date.gt(now));
    diesel::update(polls_question::table.find(pk).filter(open))
        .set(polls_question::close_date.eq(now))
        .execute(conn)
        .map(|_| true)
}
