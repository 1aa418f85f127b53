//! Puts the rows of an inline into their order, for a model that has a field for it: buttons move a row up or down, and
//! new rows come last.

use super::inline::{BoundInline, BoundRow};
use super::order::{Move, positions};
use crate::admin::registry::field::Value;

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
