//! The order of an inline's rows, for a model that has a field for it: buttons move a row up or down, and new rows come
//! last.

use super::inline::{BoundInline, BoundRow};
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

impl BoundInline {
    /// Whether the form was sent to move a row. Then it is shown again with the new order, and nothing is saved.
    pub fn is_moved(&self) -> bool {
        self.rows.iter().any(|row| row.moved.is_some())
    }

    /// Carries out what a button asks for, or else gives new rows the last place. `highest` is the highest position that
    /// is saved.
    pub(super) fn arrange(&mut self, highest: i64) {
        let Some(name) = self.model.order() else { return };
        let Some(field) = self.model.fields().iter().position(|field| field.name == name) else { return };
        match self.rows.iter().position(|row| row.moved.is_some()) {
            Some(moved) => {
                self.shift(moved);
                let places = positions(self.rows.iter().filter(|row| !row.is_blank).map(|row| {
                    let position = row.position.or_else(|| position_of(row, field)).unwrap_or(0);
                    (row.was.as_ref().and_then(|was| was.pk).unwrap_or(i64::MAX), position)
                }));
                for (row, position) in self.rows.iter_mut().filter(|row| !row.is_blank).zip(places) {
                    row.position = Some(position);
                }
            }
            None => {
                let highest = self.rows.iter().filter_map(|row| row.position).fold(highest, i64::max);
                let new = |row: &&mut BoundRow| row.was.is_none() && !row.is_blank && row.position.is_none();
                for row in self.rows.iter_mut().filter(new) {
                    row.position = Some(highest);
                }
            }
        }
        for row in &mut self.rows {
            if let Some(position) = row.position {
                // As the field shows it: 0 is no position.
                row.record.values[field] = if position == 0 { Value::Empty } else { Value::Integer(position) };
            }
        }
    }

    /// Changes a row's place with that of the next one in its way.
    fn shift(&mut self, at: usize) {
        let is_row = |at: &usize| !self.rows[*at].is_blank;
        let other = match self.rows[at].moved {
            Some(Move::Up) => (0..at).rev().find(is_row),
            _ => (at + 1..self.rows.len()).find(is_row),
        };
        if let Some(other) = other {
            self.rows.swap(at, other);
        }
    }
}

/// The position that a row is saved with; None for a new one.
pub fn saved_position(inline: &BoundInline, row: &BoundRow) -> Option<i64> {
    let name = inline.model.order()?;
    position_of(row, inline.model.fields().iter().position(|field| field.name == name)?)
}

fn position_of(row: &BoundRow, field: usize) -> Option<i64> {
    match row.was.as_ref()?.values[field] {
        Value::Integer(position) => Some(position),
        _ => Some(0),
    }
}

/// The highest position among values of a field.
pub(super) fn highest<'a>(values: impl Iterator<Item = &'a Value>) -> i64 {
    values
        .filter_map(|value| if let Value::Integer(position) = value { Some(*position) } else { None })
        .max()
        .unwrap_or(0)
}

/// The positions that put rows into this order, each given by its id and its position until now; rows with equal
/// positions are in the order of their ids, and a new one has the highest. As few as possible are changed: where nobody
/// has ever moved a row, all are 0.
fn positions(rows: impl Iterator<Item = (i64, i64)>) -> Vec<i64> {
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
