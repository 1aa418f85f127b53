//! Many rows of an inline that are pasted at once, one a line.

use crate::admin::registry::registered::RegisteredInline;
use crate::web::http::forms::Form;

/// The name of the textarea of an inline.
pub fn key(prefix: &str) -> String {
    format!("{prefix}-PASTED")
}

/// What a textarea holds: rows, each as the form of a row with that text, or so many that none is taken.
pub enum Pasted {
    Rows(Vec<Form>),
    TooMany(String),
}

/// The rows in a posted form, at most `most`. Lines are trimmed, and blank ones left out.
pub fn pasted(model: &dyn RegisteredInline, form: &Form, most: usize) -> Pasted {
    let Some((field, text)) = model.pasted_into().zip(form.get(&key(model.prefix()))) else {
        return Pasted::Rows(Vec::new());
    };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(most + 1).collect();
    if lines.len() > most {
        return Pasted::TooMany(text.to_owned());
    }
    let row = |line: &str| std::iter::once((field.to_owned(), line.to_owned())).collect();
    Pasted::Rows(lines.into_iter().map(row).collect())
}
