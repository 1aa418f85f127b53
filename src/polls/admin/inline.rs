//! Choices on their question's page.

use diesel::prelude::*;

use super::choice::{self, Row};
use super::deletion;
use crate::admin::registry::field::{Field, Kind, Value};
use crate::admin::registry::model::{InlineAdmin, Meta, ModelAdmin as _};
use crate::db::Connection;
use crate::polls::schema::polls_choice;

pub struct ChoiceInline;

impl InlineAdmin for ChoiceInline {
    type Row = Row;
    const META: Meta = super::ChoiceAdmin::META;
    const PREFIX: &'static str = "choice_set";

    fn fields() -> &'static [Field<Row>] {
        const FIELDS: &[Field<Row>] = &[
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

    fn distinct() -> Option<(&'static str, &'static str)> {
        Some(("choice_text", "polls-error-same-choice"))
    }

    fn pk(row: &Row) -> i64 {
        row.id
    }

    fn label(row: &Row) -> String {
        row.choice_text.clone()
    }

    fn rows(conn: &mut Connection, parent: i64) -> QueryResult<Vec<Row>> {
        choice::of_question(conn, parent)
    }

    fn save(conn: &mut Connection, parent: i64, pk: Option<i64>, row: &Row) -> QueryResult<i64> {
        match pk {
            Some(pk) => {
                diesel::update(polls_choice::table.find(pk).filter(polls_choice::question_id.eq(parent)))
                    .set(polls_choice::choice_text.eq(&row.choice_text))
                    .execute(conn)?;
                Ok(pk)
            }
            None => choice::insert(conn, parent, &row.choice_text),
        }
    }

    fn delete(conn: &mut Connection, _parent: i64, pk: i64) -> QueryResult<()> {
        deletion::delete_choice(conn, pk)
    }

    fn restore(conn: &mut Connection, _parent: i64, pk: i64, row: &Row) -> QueryResult<()> {
        deletion::restore_choice(conn, pk, &row.choice_text)
    }

    fn is_in_use(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        choice::has_votes(conn, pk)
    }
}
