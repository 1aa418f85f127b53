//! The list of errors at the top of a form that was not saved, with a link to each input.

use crate::admin::form::admin_form::{FormView, Input};
use crate::admin::registry::field::{FieldError, FieldKind};

/// An error of an input, or an input whose value somebody else has changed in the database.
pub struct Problem<'a> {
    /// The id of the HTML element to jump to.
    pub id: String,
    /// The message id of the field's label.
    pub label: &'static str,
    /// The number of the row in its formset, from 1; None for a field of the object itself.
    pub row: Option<usize>,
    /// None if the problem is that another value is saved now.
    pub error: Option<&'a FieldError>,
}

impl FormView {
    /// The number of errors, from which the catalogue chooses "error" or "errors".
    pub fn error_count(&self) -> i64 {
        let of_inputs = self.problems().iter().filter(|problem| problem.error.is_some()).count();
        i64::try_from(self.errors.len() + of_inputs).unwrap_or(i64::MAX)
    }

    /// The problems of all inputs, in the order of the page. The errors of the form as a whole are in
    /// [`FormView::errors`].
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let mut problems = Vec::new();
        for input in self.fieldsets.iter().flat_map(|fieldset| &fieldset.inputs) {
            problems.extend(of_input(input, None));
        }
        for row in self.inlines.iter().flat_map(|inline| inline.rows.iter().zip(1..)) {
            let (row, number) = row;
            // The errors of a row as a whole are linked to its first input.
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
