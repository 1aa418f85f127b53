//! Rows of an inline that are withdrawn instead of deleted, because other rows depend on them (choices with votes).

use super::inline::{BoundInline, BoundRow};
use crate::admin::registry::descriptors::Withdrawal;
use crate::admin::registry::field::{FieldError, Value};
use crate::admin::registry::registered::RegisteredInline;
use crate::web::http::forms::Form;

/// The value that a ticked box posts.
pub const TICKED: &str = "on";
/// The value of a hidden input before the box. A browser posts nothing for a box that is not ticked. A form with neither
/// value comes from a program that does not know the box, and then the row stays withdrawn or valid as it was.
pub const NOT_TICKED: &str = "off";

/// The box that withdraws a row. It stands in place of the one that deletes it.
pub struct WithdrawalBox {
    pub key: String,
    pub label: &'static str,
    pub is_ticked: bool,
}

impl BoundRow {
    /// Takes the posted box into the row, and refuses the deletion of a row that is in use.
    pub(super) fn bind_withdrawal(&mut self, model: &dyn RegisteredInline, posted: &Form, may_change: bool) {
        let Some((withdrawal, field)) = withdrawal_of(model) else { return };
        let Some(was) = &self.was else { return };
        if self.deleted && was.is_in_use {
            self.deleted = false;
            self.errors.push(("", FieldError::new(withdrawal.refusal)));
        }
        if let Some(typed) = posted.get(withdrawal.field).filter(|_| may_change) {
            self.record.values[field] = Value::Boolean(typed == TICKED);
        }
    }

    /// The box of a row that is in use or withdrawn.
    pub(super) fn withdrawal_box(&self, inline: &BoundInline, key: &str) -> Option<WithdrawalBox> {
        let (withdrawal, field) = withdrawal_of(inline.model)?;
        let is_withdrawn = |values: &[Value]| values[field] == Value::Boolean(true);
        let was = self.was.as_ref().filter(|was| was.is_in_use || is_withdrawn(&was.values))?;
        let is_ticked = is_withdrawn(if inline.rights.change { &self.record.values } else { &was.values });
        Some(WithdrawalBox { key: format!("{key}{}", withdrawal.field), label: withdrawal.label, is_ticked })
    }
}

/// How rows are withdrawn, and the number of the field.
fn withdrawal_of(model: &dyn RegisteredInline) -> Option<(Withdrawal, usize)> {
    let withdrawal = model.withdrawal()?;
    let field = model.fields().iter().position(|field| field.name == withdrawal.field)?;
    Some((withdrawal, field))
}
