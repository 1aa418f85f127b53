//! Deleting questions and choices. Ballots of deleted choices are moved to another table, with the choices' totals, and
//! stay there as long as the deletion can be undone.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::choices::{self, ChoiceRow};
use super::moving::{self, Moving};
use crate::admin::changes::undo::UNDO_HOURS;
use crate::admin::registry::descriptors::{DeletePlan, Doomed, Permission};
use crate::clock;
use crate::db::Connection;
use crate::polls::ballot_box::lock_choices;
use crate::polls::schema::{
    polls_ballot, polls_choice, polls_deleted_ballot, polls_deleted_choice, polls_participation, polls_question,
};
use crate::polls::wording;

/// Adds the choices and ballots of a question to its plan.
pub(super) fn with_choices(conn: &mut Connection, mut plan: DeletePlan, question: i64) -> QueryResult<DeletePlan> {
    let choices = choices::of_question(conn, question)?;
    let ballots: i64 = polls_ballot::table.filter(polls_ballot::question_id.eq(question)).count().get_result(conn)?;
    let many = i64::try_from(choices.len()).unwrap_or(i64::MAX);
    plan.counts.extend([(choices::META.verbose_name_plural, many), ("polls-ballot-plural", ballots)]);
    if !choices.is_empty() {
        plan.needs.push(choices::META.permission(Permission::Delete));
    }
    let doomed = |row: ChoiceRow| Doomed {
        model: choices::META.verbose_name,
        label: row.choice.choice_text,
        children: Vec::new(),
    };
    if let Some(object) = plan.objects.first_mut() {
        object.children = choices.into_iter().map(doomed).collect();
    }
    Ok(plan)
}

/// Adds the ballots of a choice to its plan.
pub(super) fn with_ballots(conn: &mut Connection, mut plan: DeletePlan, choice: i64) -> QueryResult<DeletePlan> {
    let ballots: i64 = polls_ballot::table.filter(polls_ballot::choice_id.eq(choice)).count().get_result(conn)?;
    plan.counts.push(("polls-ballot-plural", ballots));
    Ok(plan)
}

pub(super) fn delete_question(conn: &mut Connection, pk: i64) -> QueryResult<()> {
    for choice in lock_choices_of(conn, pk)? {
        delete_choice(conn, choice)?;
    }
    diesel::delete(polls_question::table.find(pk)).execute(conn).map(|_| ())
}

/// Locks a question's choices and returns their ids.
pub(super) fn lock_choices_of(conn: &mut Connection, question: i64) -> QueryResult<Vec<i64>> {
    let choices = choices_of(conn, question)?;
    lock_choices(conn, &choices)?;
    Ok(choices)
}

pub(super) fn choices_of(conn: &mut Connection, question: i64) -> QueryResult<Vec<i64>> {
    polls_choice::table.filter(polls_choice::question_id.eq(question)).select(polls_choice::id).load(conn)
}

/// Deletes a choice and moves its ballots to `polls_deleted_ballot`. The choice is locked first, so that no vote is
/// counted between the move and the deletion.
pub(super) fn delete_choice(conn: &mut Connection, pk: i64) -> QueryResult<()> {
    forget_old(conn, clock::now())?;
    lock_choices(conn, &[pk])?;
    moving::note(conn, pk, Moving::No)?;
    let ballots: Vec<i64> =
        polls_ballot::table.filter(polls_ballot::choice_id.eq(pk)).select(polls_ballot::id).load(conn)?;
    moving::put_aside(conn, &ballots)?;
    diesel::delete(polls_choice::table.find(pk)).execute(conn).map(|_| ())
}

/// Inserts a deleted choice again, with its total and its ballots as they were. If there are many ballots, only a part
/// is moved back here, and the rest by [`moving::bring_some_back`].
pub(super) fn restore_choice(conn: &mut Connection, pk: i64, choice_text: &str) -> QueryResult<()> {
    type RestoredColumns = (i64, i32, Option<i32>, i32, Option<NaiveDateTime>, (String, Option<i64>));
    let (question_id, votes, opening, position, withdrawn_at, write_in): RestoredColumns = polls_deleted_choice::table
        .find(pk)
        .select((
            polls_deleted_choice::question_id,
            polls_deleted_choice::votes,
            polls_deleted_choice::opening_votes,
            polls_deleted_choice::position,
            polls_deleted_choice::withdrawn_at,
            (polls_deleted_choice::write_in, polls_deleted_choice::merged_into),
        ))
        .first(conn)?;
    diesel::insert_into(polls_choice::table)
        .values((
            polls_choice::id.eq(pk),
            polls_choice::question_id.eq(question_id),
            polls_choice::choice_text.eq(choice_text),
            polls_choice::votes.eq(votes),
            polls_choice::opening_votes.eq(opening),
            polls_choice::position.eq(position),
            polls_choice::withdrawn_at.eq(withdrawn_at),
            polls_choice::write_in.eq(write_in.0),
            polls_choice::merged_into.eq(write_in.1),
        ))
        .execute(conn)?;
    wording::forget_deletion(conn, pk)?;
    moving::bring_back(conn, pk)
}

/// How many old choices are removed for good at a time. The limit keeps the deletion that does it short.
const FORGOTTEN_AT_ONCE: i64 = 20;

/// Removes for good a part of what can no longer be restored: at most [`moving::BALLOTS_AT_ONCE`] ballots, and the
/// choices once no more ballots are left. Returns how many of both.
///
/// # Errors
/// If the database does not answer.
pub fn forget_old(conn: &mut Connection, now: NaiveDateTime) -> QueryResult<usize> {
    let before = now - TimeDelta::hours(UNDO_HOURS + 1);
    let old: Vec<i64> = polls_deleted_choice::table
        .filter(polls_deleted_choice::deleted_at.lt(before))
        .filter(polls_deleted_choice::moving.eq(Moving::No as i16))
        .order(polls_deleted_choice::deleted_at)
        .limit(FORGOTTEN_AT_ONCE)
        .select(polls_deleted_choice::id)
        .load(conn)?;
    if old.is_empty() {
        return Ok(0);
    }
    let ballots: Vec<i64> = polls_deleted_ballot::table
        .filter(polls_deleted_ballot::choice_id.eq_any(&old))
        .limit(moving::BALLOTS_AT_ONCE)
        .select(polls_deleted_ballot::id)
        .load(conn)?;
    let many = i64::try_from(ballots.len()).is_ok_and(|many| many == moving::BALLOTS_AT_ONCE);
    let ballots = polls_deleted_ballot::table.filter(polls_deleted_ballot::id.eq_any(ballots));
    let ballots = diesel::delete(ballots).execute(conn)?;
    if many {
        return Ok(ballots);
    }
    let choices = polls_deleted_choice::table.filter(polls_deleted_choice::id.eq_any(old));
    Ok(ballots + diesel::delete(choices).execute(conn)?)
}

/// Removes some voters of a secret poll that is gone and can no longer be restored. Returns how many.
///
/// # Errors
/// If the database does not answer.
pub fn forget_voters(conn: &mut Connection, _now: NaiveDateTime) -> QueryResult<usize> {
    let there = polls_question::table.select(polls_question::id);
    let restorable = polls_deleted_choice::table.select(polls_deleted_choice::question_id);
    let gone: Option<i64> = polls_participation::table
        .filter(polls_participation::question_id.ne_all(there))
        .filter(polls_participation::question_id.ne_all(restorable))
        .select(polls_participation::question_id)
        .first(conn)
        .optional()?;
    let Some(question) = gone else { return Ok(0) };
    let of_question = polls_participation::table.filter(polls_participation::question_id.eq(question));
    let some = of_question.select(polls_participation::voter).limit(moving::BALLOTS_AT_ONCE);
    let voters: Vec<String> = some.load(conn)?;
    diesel::delete(of_question.filter(polls_participation::voter.eq_any(voters))).execute(conn)
}

/// Removes what is left of the voters of an earlier question with the same id, as after Django's `flush`.
pub(super) fn forget_voters_of(conn: &mut Connection, question: i64) -> QueryResult<()> {
    let of_question = polls_participation::table.filter(polls_participation::question_id.eq(question));
    diesel::delete(of_question).execute(conn).map(|_| ())
}
