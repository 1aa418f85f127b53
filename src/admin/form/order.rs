//! The order of an inline's rows, for a model that has a field for it: what a form says of it, without the rows.

use crate::admin::registry::field::Value;
use crate::web::http::forms::Form;

/// A button of a row, by the end of its name: `choice_set-3-UP`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
}

impl Move {
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "UP",
            Self::Down => "DOWN",
        }
    }

    /// The button that was pressed in a row.
    pub fn of(row: &Form) -> Option<Self> {
        [Self::Up, Self::Down].into_iter().find(|way| row.get(way.name()).is_some())
    }
}

/// The position that a row was posted with. None for a row that had no place when the form was made, and from a
/// program that does not post positions.
pub fn posted_position(row: &Form, name: &str) -> Option<i64> {
    row.get(name)?.trim().parse().ok().filter(|position| i32::try_from(*position).is_ok())
}

/// The highest position among values of a field.
pub fn highest<'a>(values: impl Iterator<Item = &'a Value>) -> i64 {
    values
        .filter_map(|value| if let Value::Integer(position) = value { Some(*position) } else { None })
        .max()
        .unwrap_or(0)
}

/// The new positions of rows that are given in the wanted order, each as its id (`i64::MAX` for a new row) and its
/// position until now. Rows are sorted by position and then by id, so a row keeps its position where that already sorts
/// it after the row before it, and gets a higher one otherwise. Fewer changed rows make a shorter history.
pub fn positions(rows: impl Iterator<Item = (i64, i64)>) -> Vec<i64> {
    let mut last = (i64::MIN, i64::MIN);
    rows.map(|(id, position)| {
        let position = match last {
            (least, _) if position > least => position,
            (least, before) if before < id || (before, id) == (i64::MAX, i64::MAX) => least,
            (least, _) => least + 1,
        };
        last = (position, id);
        position
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_get_another_position() {
        let of = |rows: &[(i64, i64)]| positions(rows.iter().copied());
        assert_eq!(of(&[(1, 0), (2, 0), (3, 0)]), [0, 0, 0]);
        assert_eq!(of(&[(1, 0), (3, 0), (2, 0)]), [0, 0, 1]);
        assert_eq!(of(&[(2, 0), (1, 0), (3, 0), (4, 0)]), [0, 1, 1, 1]);
        assert_eq!(of(&[(1, 4), (2, 9), (3, 7)]), [4, 9, 9]);
        assert_eq!(of(&[(1, 4), (3, 7), (2, 9)]), [4, 7, 9]);
        assert_eq!(of(&[(1, 0), (i64::MAX, 0), (i64::MAX, 0), (2, 0)]), [0, 0, 0, 1]);
        assert_eq!(of(&[(5, -3), (4, -3)]), [-3, -2]);
        assert_eq!(of(&[]), [0; 0]);
    }
}
