//! The choices on their question's page.

use diesel::QueryResult;

use super::ChoiceAdmin;
use super::choices::{self, ChoiceRow};
use crate::admin::registry::descriptors::Withdrawal;
use crate::admin::registry::field::ModelField;
use crate::admin::registry::model_admin::InlineModelAdmin;
use crate::db::Connection;

pub struct ChoiceInline;

impl InlineModelAdmin for ChoiceInline {
    type Model = ChoiceAdmin;
    const PREFIX: &'static str = "choice_set";

    fn fields() -> &'static [ModelField<ChoiceRow>] {
        const FIELDS: &[ModelField<ChoiceRow>] =
            &[choices::CHOICE_TEXT, choices::POSITION, choices::WITHDRAWN, choices::VOTES, choices::WRITE_IN];
        FIELDS
    }

    fn order() -> Option<&'static str> {
        Some("position")
    }

    fn pasted_into() -> Option<&'static str> {
        Some("choice_text")
    }

    fn distinct() -> Option<(&'static str, &'static str)> {
        Some(("choice_text", "polls-error-same-choice"))
    }

    fn rows(conn: &mut Connection, parent: i64) -> QueryResult<Vec<ChoiceRow>> {
        choices::of_question(conn, parent)
    }

    fn set_parent(row: &mut ChoiceRow, parent: i64) {
        row.choice.question_id = parent;
    }

    /// A choice that was withdrawn from a poll, or written by a voter and not accepted, is none of its copy.
    fn is_copied(row: &ChoiceRow) -> bool {
        row.choice.withdrawn_at.is_none() && row.choice.is_shown()
    }

    fn in_use(conn: &mut Connection, question: i64) -> QueryResult<Vec<i64>> {
        choices::with_votes(conn, question)
    }

    /// Voters must be able to see what became of a choice that was voted for.
    fn withdrawal() -> Option<Withdrawal> {
        Some(Withdrawal { field: "withdrawn_at", label: "polls-field-withdrawn", refusal: "polls-error-withdraw" })
    }
}
