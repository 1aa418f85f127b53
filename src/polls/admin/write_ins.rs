//! The actions on answers that voters wrote, in the list of choices.

use diesel::prelude::*;

use crate::admin::registry::descriptors::{ActionInput, ListAction, Permission};
use crate::admin::registry::field::FieldError;
use crate::admin::registry::table::TableRow as _;
use crate::clock;
use crate::db::Connection;
use crate::polls::models::Choice;
use crate::polls::queries;
use crate::polls::schema::polls_choice;
use crate::polls::write_in::WriteInState;
use crate::text::{appearance, fold};

type Review = fn(&mut Connection, i64, &str) -> QueryResult<bool>;

pub(super) const ACTIONS: &[ListAction] = &[
    action("accept_write_in", "polls-action-accept", |conn, pk, _| {
        decide(conn, pk, |answer| {
            (answer.merged_into, answer.withdrawn_at) = (None, None);
            answer.write_in.clear();
        })
    }),
    action("refuse_write_in", "polls-action-refuse", |conn, pk, _| {
        decide(conn, pk, |answer| {
            (answer.merged_into, answer.withdrawn_at) = (None, Some(clock::now()));
            WriteInState::Refused.name().clone_into(&mut answer.write_in);
        })
    }),
    ListAction {
        input: Some(ActionInput { label: "polls-action-merge-into", check: blank }),
        ..action("merge_write_in", "polls-action-merge", merge)
    },
];

const fn action(name: &'static str, title: &'static str, run: Review) -> ListAction {
    let (permission, done) = (Permission::Change, "polls-action-write-in-done");
    ListAction { name, title, done, permission, run, input: None, skipped: Some("polls-action-write-in-skipped") }
}

fn blank(typed: &str) -> Option<FieldError> {
    appearance(typed).is_empty().then(|| FieldError::new("admin-error-required"))
}

/// Changes an answer of a voter. False for every other choice.
fn decide(conn: &mut Connection, pk: i64, change: impl FnOnce(&mut Choice)) -> QueryResult<bool> {
    let mut answer = Choice::find(conn, Choice::all(), pk)?;
    if answer.is_shown() {
        return Ok(false);
    }
    change(&mut answer);
    answer.update(conn, pk).map(|()| true)
}

/// Merges an answer into the choice of its poll with the typed text. False if there is none that everybody sees.
fn merge(conn: &mut Connection, pk: i64, typed: &str) -> QueryResult<bool> {
    let question = polls_choice::table.find(pk).select(polls_choice::question_id).first(conn)?;
    let (typed, choices) = (fold(&appearance(typed)), queries::shown_choices(conn, question)?);
    let target = choices.iter().find(|choice| fold(&appearance(&choice.choice_text)) == typed);
    let Some(target) = target.map(|target| target.id) else { return Ok(false) };
    decide(conn, pk, |answer| {
        (answer.merged_into, answer.withdrawn_at) = (Some(target), None);
        WriteInState::Merged.name().clone_into(&mut answer.write_in);
    })
}
