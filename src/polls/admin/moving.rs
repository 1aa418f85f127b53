//! Moves ballots between `polls_ballot` and `polls_deleted_ballot`, in parts of [`BALLOTS_AT_ONCE`] so that no
//! transaction takes long: away before their choice is deleted, and back after it is restored. If the move stops
//! half-way, the choice still exists with its whole total, and `polls recount` counts the ballots in both tables.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock;
use crate::db::Connection;
use crate::polls::ballot_box::lock_choices;
use crate::polls::schema::{polls_ballot, polls_choice, polls_deleted_ballot, polls_deleted_choice};

/// How many ballots are moved at a time.
pub(super) const BALLOTS_AT_ONCE: i64 = 250;

/// The column `moving` of `polls_deleted_choice`: where the choice's ballots are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i16)]
pub(super) enum Moving {
    /// All are in `polls_deleted_ballot`, and the choice is deleted.
    No = 0,
    Aside = 1,
    Back = 2,
}

/// Moves some ballots of these choices away. True if at most [`BALLOTS_AT_ONCE`] are left; these stay, and are moved by
/// the deletion itself.
pub(super) fn put_some_aside(conn: &mut Connection, choices: &[i64]) -> QueryResult<bool> {
    let mut rows: Vec<(i64, i64)> = polls_ballot::table
        .filter(polls_ballot::choice_id.eq_any(choices))
        .limit(BALLOTS_AT_ONCE + 1)
        .select((polls_ballot::id, polls_ballot::choice_id))
        .load(conn)?;
    let some = usize::try_from(BALLOTS_AT_ONCE).unwrap_or(usize::MAX);
    if rows.len() <= some {
        return Ok(true);
    }
    rows.truncate(some);
    let (ballots, mut choices): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    choices.sort_unstable();
    choices.dedup();
    lock_choices(conn, &choices)?;
    for choice in choices {
        note(conn, choice, Moving::Aside)?;
    }
    put_aside(conn, &ballots)?;
    Ok(false)
}

/// Copies a choice, as it is now, to `polls_deleted_choice`. A row that is there already with [`Moving::No`] is
/// replaced: it belongs to an earlier choice with the same id.
pub(super) fn note(conn: &mut Connection, choice: i64, moving: Moving) -> QueryResult<()> {
    type DeletedColumns = (i64, String, i32, Option<i32>, i32, Option<NaiveDateTime>, (String, Option<i64>));
    let (question_id, choice_text, votes, opening, position, withdrawn_at, write_in): DeletedColumns =
        polls_choice::table
            .find(choice)
            .select((
                polls_choice::question_id,
                polls_choice::choice_text,
                polls_choice::votes,
                polls_choice::opening_votes,
                polls_choice::position,
                polls_choice::withdrawn_at,
                (polls_choice::write_in, polls_choice::merged_into),
            ))
            .first(conn)?;
    let values = (
        polls_deleted_choice::question_id.eq(question_id),
        polls_deleted_choice::choice_text.eq(choice_text),
        polls_deleted_choice::votes.eq(votes),
        polls_deleted_choice::opening_votes.eq(opening),
        polls_deleted_choice::deleted_at.eq(clock::now()),
        polls_deleted_choice::moving.eq(moving as i16),
        polls_deleted_choice::position.eq(position),
        polls_deleted_choice::withdrawn_at.eq(withdrawn_at),
        polls_deleted_choice::write_in.eq(write_in.0),
        polls_deleted_choice::merged_into.eq(write_in.1),
    );
    let on_their_way =
        polls_deleted_choice::table.find(choice).filter(polls_deleted_choice::moving.ne(Moving::No as i16));
    if on_their_way.count().get_result::<i64>(conn)? == 1 {
        return diesel::update(polls_deleted_choice::table.find(choice)).set(values).execute(conn).map(|_| ());
    }
    diesel::delete(polls_deleted_choice::table.find(choice)).execute(conn)?;
    diesel::insert_into(polls_deleted_choice::table)
        .values((polls_deleted_choice::id.eq(choice), values))
        .execute(conn)
        .map(|_| ())
}

/// Moves these ballots away. They are given by their ids, because more ballots for the choice may be inserted
/// meanwhile.
pub(super) fn put_aside(conn: &mut Connection, ballots: &[i64]) -> QueryResult<()> {
    for ballots in ballots.chunks(usize::try_from(BALLOTS_AT_ONCE).unwrap_or(1)) {
        let these = polls_ballot::table.filter(polls_ballot::id.eq_any(ballots));
        these
            .clone()
            .select((
                polls_ballot::id,
                polls_ballot::question_id,
                polls_ballot::choice_id,
                polls_ballot::voter,
                polls_ballot::cast_at,
                polls_ballot::mark,
                polls_ballot::value,
            ))
            .insert_into(polls_deleted_ballot::table)
            .into_columns((
                polls_deleted_ballot::id,
                polls_deleted_ballot::question_id,
                polls_deleted_ballot::choice_id,
                polls_deleted_ballot::voter,
                polls_deleted_ballot::cast_at,
                polls_deleted_ballot::mark,
                polls_deleted_ballot::value,
            ))
            .execute(conn)?;
        diesel::delete(these).execute(conn)?;
    }
    Ok(())
}

/// Moves some ballots of a restored choice back. If more are left, the choice is marked as [`Moving::Back`].
pub(super) fn bring_back(conn: &mut Connection, choice: i64) -> QueryResult<()> {
    let of_choice = polls_deleted_ballot::table.filter(polls_deleted_ballot::choice_id.eq(choice));
    let ballots: Vec<i64> = of_choice.limit(BALLOTS_AT_ONCE + 1).select(polls_deleted_ballot::id).load(conn)?;
    let some = usize::try_from(BALLOTS_AT_ONCE).unwrap_or(usize::MAX);
    let these = polls_deleted_ballot::table
        .filter(polls_deleted_ballot::id.eq_any(ballots.iter().copied().take(some).collect::<Vec<_>>()));
    these
        .clone()
        .select((
            polls_deleted_ballot::id,
            polls_deleted_ballot::question_id,
            polls_deleted_ballot::choice_id,
            polls_deleted_ballot::voter,
            polls_deleted_ballot::cast_at,
            polls_deleted_ballot::mark,
            polls_deleted_ballot::value,
        ))
        .insert_into(polls_ballot::table)
        .into_columns((
            polls_ballot::id,
            polls_ballot::question_id,
            polls_ballot::choice_id,
            polls_ballot::voter,
            polls_ballot::cast_at,
            polls_ballot::mark,
            polls_ballot::value,
        ))
        .execute(conn)?;
    diesel::delete(these).execute(conn)?;
    let row = polls_deleted_choice::table.find(choice);
    if ballots.len() > some {
        diesel::update(row).set(polls_deleted_choice::moving.eq(Moving::Back as i16)).execute(conn)?;
    } else {
        diesel::delete(row).execute(conn)?;
    }
    Ok(())
}

/// Moves some ballots of one choice with [`Moving::Back`] back. True if there is no such choice left.
pub(super) fn bring_some_back(conn: &mut Connection) -> QueryResult<bool> {
    let to = polls_deleted_choice::table.filter(polls_deleted_choice::moving.eq(Moving::Back as i16));
    let Some(choice) = to.order(polls_deleted_choice::id).select(polls_deleted_choice::id).first(conn).optional()?
    else {
        return Ok(true);
    };
    lock_choices(conn, &[choice])?;
    if polls_choice::table.find(choice).count().get_result::<i64>(conn)? == 1 {
        bring_back(conn, choice)?;
    } else {
        // Another program has deleted the choice again.
        let row = diesel::update(polls_deleted_choice::table.find(choice));
        row.set(polls_deleted_choice::moving.eq(Moving::No as i16)).execute(conn)?;
    }
    Ok(false)
}
