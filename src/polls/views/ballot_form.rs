//! The fields of a posted ballot: `choice` for each choice that is marked, `rank-{id}` and `score-{id}` with the values
//! of ranked and scored ballots.

use crate::polls::ballot::Mark;
use crate::web::http::forms::Form;

/// The field of an answer that the voter writes, and the value of `choice` beside it.
pub(super) const WRITE_IN: &str = "write_in";
pub(super) const OTHER: &str = "other";

/// Stands for a choice or a value that is no number; the ballot box refuses it.
const UNREADABLE: Mark = Mark { choice: 0, value: -1 };

/// The marks of a form. A rank or score that is empty, and a score of 0, is no mark.
pub(super) fn marks(form: &Form) -> Vec<Mark> {
    form.iter().filter_map(|(name, value)| mark(name, value.trim())).collect()
}

/// What the voter has written as an answer of the own. None where the form has none; empty if it was chosen and left
/// empty.
pub(super) fn written(form: &Form) -> Option<&str> {
    let text = form.get(WRITE_IN).map(str::trim).unwrap_or_default();
    (!text.is_empty() || form.all("choice").any(|choice| choice == OTHER)).then_some(text)
}

fn mark(name: &str, value: &str) -> Option<Mark> {
    if name == "choice" {
        let choice = (!value.is_empty() && value != OTHER).then(|| value.parse())?;
        return Some(choice.map_or(UNREADABLE, |choice| Mark { choice, value: 1 }));
    }
    let choice = name.strip_prefix("rank-").or_else(|| name.strip_prefix("score-"))?;
    if matches!(value, "" | "0") {
        return None;
    }
    Some(choice.parse().ok().zip(value.parse().ok()).map_or(UNREADABLE, |(choice, value)| Mark { choice, value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_a_mark_where_it_says_something() {
        assert_eq!(mark("choice", "12"), Some(Mark { choice: 12, value: 1 }));
        assert_eq!(mark("rank-12", "3"), Some(Mark { choice: 12, value: 3 }));
        assert_eq!(mark("score-12", "5"), Some(Mark { choice: 12, value: 5 }));
        for (name, value) in [
            ("choice", ""),
            ("choice", "other"),
            ("other", "12"),
            ("rank-12", ""),
            ("score-12", "0"),
            ("view", "12"),
            ("rank", "1"),
        ] {
            assert_eq!(mark(name, value), None, "{name}={value}");
        }
        for (name, value) in [("choice", "x"), ("rank-x", "1"), ("score-1", "many"), ("rank-1", "99999")] {
            assert_eq!(mark(name, value), Some(UNREADABLE), "{name}={value}");
        }
    }
}
