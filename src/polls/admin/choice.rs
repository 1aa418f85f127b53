//! The list and form of choices.

use diesel::prelude::*;

use super::choices::{self, ChoiceRow};
use super::{deletion, filters, moving, write_ins};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::descriptors::{DeletePlan, Fieldset, Filter, ListAction, Meta};
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, ModelField, Value};
use crate::admin::registry::model_admin::{self, ModelAdmin, Query};
use crate::db::Connection;
use crate::polls::ballot_box::lock_choices;
use crate::polls::models::Choice;
use crate::polls::schema::{polls_choice, polls_question};
use crate::polls::wording;
use crate::text::appearance;

pub struct ChoiceAdmin;

const QUESTION: ModelField<ChoiceRow> = ModelField::editable(
    "question",
    "polls-field-question",
    FieldKind::Searched(&filters::QUESTIONS),
    |row: &ChoiceRow| match row.choice.question_id {
        0 => Value::Empty,
        id => Value::Related(id, row.question_text.clone()),
    },
    |row: &mut ChoiceRow, value| row.choice.question_id = value.related(),
)
.of("polls", "question");

impl ModelAdmin for ChoiceAdmin {
    type Columns = Choice;
    type Row = ChoiceRow;
    const META: Meta = choices::META;
    const RESTORED_APART: &'static [&'static str] = &["votes", "opening_votes", "write_in", "merged_into"];

    fn fields() -> &'static [ModelField<ChoiceRow>] {
        const FIELDS: &[ModelField<ChoiceRow>] = &[
            QUESTION,
            choices::CHOICE_TEXT,
            choices::POSITION,
            choices::WITHDRAWN,
            choices::VOTES,
            choices::WRITE_IN,
            choices::MERGED_INTO,
        ];
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset {
            title: None,
            fields: &["question", "choice_text", "position", "withdrawn_at", "write_in", "merged_into", "votes"],
            collapsed: false,
        }]
    }

    fn list_display() -> &'static [&'static str] {
        &["choice_text", "question", "votes", "write_in"]
    }

    fn list_filter() -> &'static [Filter] {
        filters::CHOICE
    }

    fn can_be_undone() -> bool {
        true
    }

    fn label(row: &ChoiceRow) -> String {
        row.choice.choice_text.clone()
    }

    fn actions() -> &'static [ListAction] {
        write_ins::ACTIONS
    }

    fn filter<'a>(rows: Query<'a, Self>, key: &str, value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        match key {
            "write_in__exact" => rows.filter(polls_choice::write_in.eq(value.to_owned())),
            _ => rows.filter(polls_choice::question_id.eq(value.parse::<i64>().unwrap_or(0))),
        }
    }

    fn annotate(conn: &mut Connection, rows: Vec<Choice>) -> QueryResult<Vec<ChoiceRow>> {
        choices::with_questions(conn, rows)
    }

    /// Refuses to move a choice that has votes to another question: the votes were cast for an answer to the old one.
    fn clean(conn: &mut Connection, was: Option<&ChoiceRow>, row: &ChoiceRow) -> QueryResult<FieldErrors> {
        let Choice { question_id, choice_text, .. } = &row.choice;
        let known: i64 = polls_question::table.find(*question_id).count().get_result(conn)?;
        if known == 0 {
            return Ok(vec![("question", FieldError::new("admin-error-choice"))]);
        }
        if let Some(ChoiceRow { choice: was, .. }) = was {
            if was.question_id != *question_id && choices::has_votes(conn, was.id)? {
                return Ok(vec![("question", FieldError::new("polls-error-has-votes"))]);
            }
            if was.question_id == *question_id && was.choice_text == *choice_text {
                return Ok(Vec::new());
            }
        }
        let look = appearance(choice_text);
        let others = choices::others_of(conn, *question_id, was.map(|was| was.choice.id))?;
        let is_alike = others.iter().any(|other| appearance(&other.choice.choice_text) == look);
        Ok(if is_alike { vec![("choice_text", FieldError::new("polls-error-same-choice"))] } else { Vec::new() })
    }

    fn save(conn: &mut Connection, was: Option<&ChoiceRow>, row: &ChoiceRow) -> QueryResult<i64> {
        let pk = model_admin::write::<Self>(conn, was, row)?;
        // Voters have never seen the text of an answer that is not accepted, and must not see it as an old wording.
        if let Some(was) = was.filter(|was| was.choice.is_shown()) {
            let (old, new) = (&was.choice, &row.choice);
            wording::note(conn, new.question_id, Some(pk), &old.choice_text, &new.choice_text)?;
        }
        Ok(pk)
    }

    fn delete_plan(conn: &mut Connection, row: &ChoiceRow) -> QueryResult<DeletePlan> {
        deletion::with_ballots(conn, DeletePlan::of(Self::META, Self::label(row)), row.choice.id)
    }

    fn delete(conn: &mut Connection, row: &ChoiceRow) -> QueryResult<()> {
        let Choice { id, question_id, choice_text, .. } = &row.choice;
        if row.choice.is_shown() {
            wording::note(conn, *question_id, Some(*id), choice_text, "")?;
        }
        deletion::delete_choice(conn, *id)
    }

    fn lighten(conn: &mut Connection, pk: i64) -> QueryResult<bool> {
        moving::put_some_aside(conn, &[pk])
    }

    fn settle(conn: &mut Connection) -> QueryResult<bool> {
        moving::bring_some_back(conn)
    }

    fn restore(conn: &mut Connection, pk: i64, row: &ChoiceRow) -> QueryResult<()> {
        deletion::restore_choice(conn, pk, &row.choice.choice_text)
    }

    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        lock_choices(conn, &[pk])
    }
}
