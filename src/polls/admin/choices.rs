//! The rows of choices, for the choices' own form and for the inline on their question's page.

use std::collections::{HashMap, HashSet};

use diesel::dsl::exists;
use diesel::prelude::*;

use super::filters;
use crate::admin::registry::descriptors::Meta;
use crate::admin::registry::field::{FieldKind, ModelField, Value};
use crate::admin::registry::table::{annotated_row, table_row};
use crate::clock;
use crate::db::{self, Connection};
use crate::polls::models::Choice;
use crate::polls::schema::{polls_ballot, polls_choice, polls_question};
use crate::polls::write_in::WriteInState;

pub(super) const META: Meta = Meta {
    app: "polls",
    model: "choice",
    verbose_name: "polls-choice",
    verbose_name_plural: "polls-choice-plural",
    app_name: "polls-app",
};

/// A choice with the text of its question.
#[derive(Debug, Clone, Default)]
pub struct ChoiceRow {
    pub choice: Choice,
    pub question_text: String,
}

table_row!(Choice: polls_choice, i64);
annotated_row!(ChoiceRow.choice: Choice);

pub(super) const CHOICE_TEXT: ModelField<ChoiceRow> = ModelField::editable(
    "choice_text",
    "polls-field-choice-text",
    FieldKind::Text { max_length: 200 },
    |row: &ChoiceRow| Value::Text(row.choice.choice_text.clone()),
    |row: &mut ChoiceRow, value| row.choice.choice_text = value.text(),
)
.searched();

/// Read-only: a new choice has 0 votes, whatever is posted.
pub(super) const VOTES: ModelField<ChoiceRow> =
    ModelField::shown("votes", "polls-field-votes", FieldKind::Integer, |row: &ChoiceRow| {
        Value::Integer(i64::from(row.choice.votes))
    });

pub(super) const POSITION: ModelField<ChoiceRow> = ModelField::editable(
    "position",
    "polls-field-position",
    FieldKind::Integer,
    |row: &ChoiceRow| match row.choice.position {
        0 => Value::Empty,
        position => Value::Integer(position.into()),
    },
    |row: &mut ChoiceRow, value| {
        row.choice.position = match value {
            Value::Integer(position) => i32::try_from(position).unwrap_or(i32::MAX),
            _ => 0,
        };
    },
)
.optional();

/// A withdrawn choice remembers since when; only a change of the field changes that.
pub(super) const WITHDRAWN: ModelField<ChoiceRow> = ModelField::editable(
    "withdrawn_at",
    "polls-field-withdrawn",
    FieldKind::Boolean,
    |row: &ChoiceRow| row.choice.withdrawn_at.is_some().into(),
    |row: &mut ChoiceRow, value| {
        let withdrawn = value == Value::Boolean(true);
        row.choice.withdrawn_at = withdrawn.then(|| row.choice.withdrawn_at.unwrap_or_else(clock::now));
    },
)
.optional()
.help("polls-help-withdrawn");

/// What became of an answer that a voter wrote; empty for every other choice.
pub(super) const WRITE_IN: ModelField<ChoiceRow> =
    ModelField::shown("write_in", "polls-field-write-in", FieldKind::State, |row: &ChoiceRow| {
        Value::choice(WriteInState::CHOICES, &row.choice.write_in).unwrap_or(Value::Empty)
    });

/// The id of the choice that such an answer is merged into.
pub(super) const MERGED_INTO: ModelField<ChoiceRow> =
    ModelField::shown("merged_into", "polls-field-merged-into", FieldKind::Integer, |row: &ChoiceRow| {
        row.choice.merged_into.map_or(Value::Empty, Value::Integer)
    });

/// Whether a choice has votes: ballots, or a total that Django has counted.
pub(super) fn has_votes(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
    let votes: i32 = polls_choice::table.find(pk).select(polls_choice::votes).first(conn)?;
    let ballots: i64 = polls_ballot::table.filter(polls_ballot::choice_id.eq(pk)).count().get_result(conn)?;
    Ok(votes != 0 || ballots > 0)
}

/// The choices of a question that have votes, as in [`has_votes`].
pub(super) fn with_votes(conn: &mut Connection, question: i64) -> QueryResult<Vec<i64>> {
    let ballots = polls_ballot::table.filter(polls_ballot::choice_id.eq(polls_choice::id));
    polls_choice::table
        .filter(polls_choice::question_id.eq(question))
        .filter(polls_choice::votes.ne(0).or(exists(ballots)))
        .select(polls_choice::id)
        .load(conn)
}

/// The other choices of a question. The question is locked until the transaction ends, so that no choice is added
/// meanwhile.
pub(super) fn others_of(conn: &mut Connection, question: i64, pk: Option<i64>) -> QueryResult<Vec<ChoiceRow>> {
    let same = polls_question::question_text.eq(polls_question::question_text);
    diesel::update(polls_question::table.find(question)).set(same).execute(conn)?;
    let mut choices = of_question(conn, question)?;
    choices.retain(|row| Some(row.choice.id) != pk);
    Ok(choices)
}

/// The choices of a question, in the order in which voters see them.
pub(super) fn of_question(conn: &mut Connection, question: i64) -> QueryResult<Vec<ChoiceRow>> {
    let of_question = || {
        polls_choice::table
            .filter(polls_choice::question_id.eq(question))
            .order((polls_choice::position, polls_choice::id))
    };
    let rows = db::readable(
        conn,
        "polls_choice",
        |conn| of_question().select(Choice::as_select()).load(conn),
        |conn| of_question().select(polls_choice::id).load(conn),
        |conn, id: i64| polls_choice::table.find(id).select(Choice::as_select()).get_result(conn),
    )?;
    with_questions(conn, rows.into_iter().flatten().collect())
}

pub(super) fn with_questions(conn: &mut Connection, choices: Vec<Choice>) -> QueryResult<Vec<ChoiceRow>> {
    let ids: HashSet<i64> = choices.iter().map(|choice| choice.question_id).collect();
    let texts =
        filters::texts(conn, || polls_question::table.filter(polls_question::id.eq_any(ids.clone())).into_boxed())?;
    let texts: HashMap<i64, String> = texts.into_iter().collect();
    let row = |choice: Choice| {
        let question_text = texts.get(&choice.question_id).cloned().unwrap_or_default();
        ChoiceRow { choice, question_text }
    };
    Ok(choices.into_iter().map(row).collect())
}
