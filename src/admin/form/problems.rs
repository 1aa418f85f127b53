//! What is said above a form that could not be taken: how much is wrong, and the way to each input.

use crate::admin::form::admin_form::{FormView, Input};
use crate::admin::registry::field::{FieldError, FieldKind};

/// One thing that is wrong with an input, or an input that somebody else has saved another value for.
pub struct Problem<'a> {
    /// The id of the element that takes the input.
    pub id: String,
    /// The field's message.
    pub label: &'static str,
    /// The row of a formset, from 1.
    pub row: Option<usize>,
    /// None where the value that is saved now is another one.
    pub error: Option<&'a FieldError>,
}

impl FormView {
    /// How many errors there are, for "error" or "errors".
    pub fn error_count(&self) -> i64 {
        let of_inputs = self.problems().iter().filter(|problem| problem.error.is_some()).count();
        i64::try_from(self.errors.len() + of_inputs).unwrap_or(i64::MAX)
    }

    /// What is wrong, in the order of the page, other than with the form as a whole.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let mut problems = Vec::new();
        for input in self.fieldsets.iter().flat_map(|fieldset| &fieldset.inputs) {
            problems.extend(of_input(input, None));
        }
        for row in self.inlines.iter().flat_map(|inline| inline.rows.iter().zip(1..)) {
            let (row, number) = row;
            // What is wrong with a row is said at its first input.
            if let Some(first) = row.inputs.iter().find(|input| input.editable).or(row.inputs.first()) {
                let problem = |error| Problem { error: Some(error), ..about(first, Some(number)) };
                problems.extend(row.errors.iter().map(problem));
            }
            for input in &row.inputs {
                problems.extend(of_input(input, Some(number)));
            }
        }
        problems
    }
}

fn of_input(input: &Input, row: Option<usize>) -> impl Iterator<Item = Problem<'_>> {
    let theirs = input.theirs.is_some() && input.errors.is_empty();
    let errors = input.errors.iter().map(move |error| Problem { error: Some(error), ..about(input, row) });
    errors.chain(theirs.then(|| about(input, row)))
}

fn about(input: &Input, row: Option<usize>) -> Problem<'_> {
    let id = match input.meta.kind {
        FieldKind::DateTime if input.has_wrong_date() || input.errors.is_empty() => format!("{}_0", input.id()),
        FieldKind::DateTime => format!("{}_1", input.id()),
        _ => input.id(),
    };
    Problem { id, label: input.meta.label, row, error: None }
}
