//! The settings of `polls check`.

use super::values::Values;

#[derive(Debug, Clone, Default)]
pub struct Checks {
    /// `silenced_system_checks`: ids of checks whose findings are not reported.
    pub silenced: Vec<String>,
}

impl Checks {
    pub(super) fn read(values: &mut Values) -> Self {
        let silenced = values.list("silenced_system_checks", &[] as &[&str], |text| match text.split_once('.') {
            Some(("security" | "polls", number)) if number.len() == 4 => Ok(text.to_owned()),
            _ => Err("expected the id of a check, such as \"security.W008\"".to_owned()),
        });
        Self { silenced }
    }
}
