//! The changes of a poll's texts after its first vote. The poll's pages show each with the old and the new text, since
//! those who voted before it have read the old one. A change is noted in the transaction that makes it, whether a form, a
//! command or an undo does.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock;
use crate::db::Connection;
use crate::db::moment::moment;
use crate::polls::queries;
use crate::polls::schema::{polls_choice, polls_wording};

/// How many changes a page shows at most, from the first on.
const MOST_SHOWN: i64 = 100;

/// A text that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = polls_wording)]
pub struct WordingChange {
    /// None for the text of the question.
    pub choice_id: Option<i64>,
    pub old_text: String,
    /// Empty for a choice that was deleted.
    pub new_text: String,
    /// In UTC.
    pub changed_at: NaiveDateTime,
}

impl WordingChange {
    pub fn is_deletion(&self) -> bool {
        self.new_text.is_empty()
    }
}

/// The changes of a question and its choices, the first one first.
pub fn changes(conn: &mut Connection, question: i64) -> QueryResult<Vec<WordingChange>> {
    polls_wording::table
        .filter(polls_wording::question_id.eq(question))
        .order(polls_wording::id)
        .limit(MOST_SHOWN)
        .select(WordingChange::as_select())
        .load(conn)
}

/// Notes that the text of a question, or of one of its choices, was changed, if there are votes. A choice that is
/// deleted gets an empty text.
pub fn note(
    conn: &mut Connection,
    question: i64,
    choice: Option<i64>,
    old_text: &str,
    new_text: &str,
) -> QueryResult<()> {
    if old_text == new_text || !has_votes(conn, question)? {
        return Ok(());
    }
    diesel::insert_into(polls_wording::table)
        .values((
            polls_wording::question_id.eq(question),
            polls_wording::choice_id.eq(choice),
            polls_wording::old_text.eq(old_text),
            polls_wording::new_text.eq(new_text),
            polls_wording::changed_at.eq(moment(clock::storable(clock::now()))),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Removes the note of a choice's deletion, which is undone.
pub fn forget_deletion(conn: &mut Connection, choice: i64) -> QueryResult<()> {
    let of_choice = polls_wording::table.filter(polls_wording::choice_id.eq(choice));
    diesel::delete(of_choice.filter(polls_wording::new_text.eq(""))).execute(conn).map(|_| ())
}

/// Whether a question has ballots, or totals that Django has counted.
pub fn has_votes(conn: &mut Connection, question: i64) -> QueryResult<bool> {
    let counted = polls_choice::table.filter(polls_choice::question_id.eq(question)).filter(polls_choice::votes.ne(0));
    Ok(queries::has_ballots(conn, question)? || counted.count().get_result::<i64>(conn)? > 0)
}
