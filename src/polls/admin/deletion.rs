//! Deleting questions and choices: what goes with them is put aside with its votes, for as long as it can
//! be brought back.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::choice;
use crate::admin::model::{DeletePlan, Doomed};
use crate::admin::undo::UNDO_HOURS;
use crate::clock;
use crate::db::schema::{polls_ballot, polls_choice, polls_deleted_ballot, polls_deleted_choice, polls_question};
use crate::db::{self, Connection};

pub(super) fn plan_of_question(conn: &mut Connection, pk: i64, label: String) -> QueryResult<DeletePlan> {
    let choices = choice::of_question(conn, pk)?;
    let ballots: i64 = polls_ballot::table.filter(polls_ballot::question_id.eq(pk)).count().get_result(conn)?;
    let children: Vec<_> = choices
        .iter()
        .map(|row| Doomed { model: "polls-choice", label: row.choice_text.clone(), children: Vec::new() })
        .collect();
    let many = i64::try_from(choices.len()).unwrap_or(i64::MAX);
    Ok(DeletePlan {
        objects: vec![Doomed { model: "polls-question", label, children }],
        counts: vec![("polls-question-plural", 1), ("polls-choice-plural", many), ("polls-ballot-plural", ballots)],
        needs: if choices.is_empty() {
            vec!["polls.delete_question"]
        } else {
            vec!["polls.delete_question", "polls.delete_choice"]
        },
        protected: Vec::new(),
    })
}

pub(super) fn plan_of_choice(conn: &mut Connection, pk: i64, label: String) -> QueryResult<DeletePlan> {
    let ballots: i64 = polls_ballot::table.filter(polls_ballot::choice_id.eq(pk)).count().get_result(conn)?;
    Ok(DeletePlan {
        objects: vec![Doomed { model: "polls-choice", label, children: Vec::new() }],
        counts: vec![("polls-choice-plural", 1), ("polls-ballot-plural", ballots)],
        needs: vec!["polls.delete_choice"],
        protected: Vec::new(),
    })
}

pub(super) fn delete_question(conn: &mut Connection, pk: i64) -> QueryResult<()> {
    for choice in lock_choices_of(conn, pk)? {
        delete_choice(conn, choice)?;
    }
    diesel::delete(polls_question::table.find(pk)).execute(conn).map(|_| ())
}

/// Locks a question's choices and says which they are.
pub(super) fn lock_choices_of(conn: &mut Connection, question: i64) -> QueryResult<Vec<i64>> {
    let choices: Vec<i64> =
        polls_choice::table.filter(polls_choice::question_id.eq(question)).select(polls_choice::id).load(conn)?;
    db::lock_choices(conn, &choices)?;
    Ok(choices)
}

/// Its row is locked first, so that no vote comes between what is put aside and what is deleted.
pub(super) fn delete_choice(conn: &mut Connection, pk: i64) -> QueryResult<()> {
    forget_old(conn)?;
    let choice = polls_choice::table.find(pk);
    db::lock_choices(conn, &[pk])?;
    let (question_id, choice_text, votes, opening): (i64, String, i32, Option<i32>) = choice
        .select((
            polls_choice::question_id,
            polls_choice::choice_text,
            polls_choice::votes,
            polls_choice::opening_votes,
        ))
        .first(conn)?;
    diesel::delete(polls_deleted_choice::table.find(pk)).execute(conn)?;
    diesel::insert_into(polls_deleted_choice::table)
        .values((
            polls_deleted_choice::id.eq(pk),
            polls_deleted_choice::question_id.eq(question_id),
            polls_deleted_choice::choice_text.eq(choice_text),
            polls_deleted_choice::votes.eq(votes),
            polls_deleted_choice::opening_votes.eq(opening),
            polls_deleted_choice::deleted_at.eq(clock::now()),
        ))
        .execute(conn)?;
    let ballots = polls_ballot::table.filter(polls_ballot::choice_id.eq(pk));
    ballots
        .select((
            polls_ballot::id,
            polls_ballot::question_id,
            polls_ballot::choice_id,
            polls_ballot::voter,
            polls_ballot::cast_at,
        ))
        .insert_into(polls_deleted_ballot::table)
        .into_columns((
            polls_deleted_ballot::id,
            polls_deleted_ballot::question_id,
            polls_deleted_ballot::choice_id,
            polls_deleted_ballot::voter,
            polls_deleted_ballot::cast_at,
        ))
        .execute(conn)?;
    diesel::delete(ballots).execute(conn)?;
    diesel::delete(choice).execute(conn).map(|_| ())
}

/// Brings a choice back with its ballots and its total as they were.
pub(super) fn restore_choice(conn: &mut Connection, pk: i64, choice_text: &str) -> QueryResult<()> {
    let (question_id, votes, opening): (i64, i32, Option<i32>) = polls_deleted_choice::table
        .find(pk)
        .select((polls_deleted_choice::question_id, polls_deleted_choice::votes, polls_deleted_choice::opening_votes))
        .first(conn)?;
    diesel::insert_into(polls_choice::table)
        .values((
            polls_choice::id.eq(pk),
            polls_choice::question_id.eq(question_id),
            polls_choice::choice_text.eq(choice_text),
            polls_choice::votes.eq(votes),
            polls_choice::opening_votes.eq(opening),
        ))
        .execute(conn)?;
    polls_deleted_ballot::table
        .filter(polls_deleted_ballot::choice_id.eq(pk))
        .select((
            polls_deleted_ballot::id,
            polls_deleted_ballot::question_id,
            polls_deleted_ballot::choice_id,
            polls_deleted_ballot::voter,
            polls_deleted_ballot::cast_at,
        ))
        .insert_into(polls_ballot::table)
        .into_columns((
            polls_ballot::id,
            polls_ballot::question_id,
            polls_ballot::choice_id,
            polls_ballot::voter,
            polls_ballot::cast_at,
        ))
        .execute(conn)?;
    diesel::delete(polls_deleted_choice::table.find(pk)).execute(conn).map(|_| ())
}

/// What can no longer be brought back; its ballots go with it by their key.
fn forget_old(conn: &mut Connection) -> QueryResult<()> {
    let before = clock::now() - TimeDelta::hours(UNDO_HOURS + 1);
    diesel::delete(polls_deleted_choice::table.filter(polls_deleted_choice::deleted_at.lt(before)))
        .execute(conn)
        .map(|_| ())
}
