//! Formsets: the rows of objects that are edited with the one they belong to, in Django's form names.

use chrono_tz::Tz;
use diesel::QueryResult;

use super::erased::{Bound, InlineModel, Record};
use super::field::{FieldError, OptionCache};
use crate::db::Connection;
use crate::web::forms::Form;

/// Django's `max_num`: more rows than this are refused.
pub const MOST_ROWS: usize = 1000;

/// The rows of one inline, read from a form or from the database.
pub struct BoundInline {
    pub model: &'static dyn InlineModel,
    pub rows: Vec<BoundRow>,
    /// How many of the rows were there when the form was made.
    pub initial: usize,
}

pub struct BoundRow {
    pub bound: Bound,
    /// The row as it is saved, if it is.
    pub was: Option<Record>,
    pub deleted: bool,
}

/// What a form did with the rows.
#[derive(Debug, Default)]
pub struct RowChanges {
    pub added: Vec<String>,
    /// The row's name and the fields that changed.
    pub changed: Vec<(String, Vec<&'static str>)>,
    pub deleted: Vec<String>,
}

impl BoundInline {
    /// The rows as they are, and room for more.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn load(
        conn: &mut Connection,
        model: &'static dyn InlineModel,
        parent: Option<i64>,
        extra: usize,
    ) -> QueryResult<Self> {
        let records = match parent {
            Some(parent) => model.records(conn, parent)?,
            None => Vec::new(),
        };
        let initial = records.len();
        let bound = |record: Record| Bound { record, errors: Vec::new() };
        let mut rows: Vec<_> = records
            .into_iter()
            .map(|record| BoundRow { was: Some(record.clone()), bound: bound(record), deleted: false })
            .collect();
        rows.extend((0..extra).map(|_| BoundRow { was: None, bound: bound(model.empty()), deleted: false }));
        Ok(Self { model, rows, initial })
    }

    /// The rows that a form posts. A form without the formset's own fields leaves the rows alone.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn read(
        conn: &mut Connection,
        model: &'static dyn InlineModel,
        parent: Option<i64>,
        form: &Form,
        zone: Tz,
    ) -> QueryResult<Self> {
        let prefix = model.prefix();
        let Some(total) = form.get(&format!("{prefix}-TOTAL_FORMS")).and_then(|total| total.parse::<usize>().ok())
        else {
            return Self::load(conn, model, parent, 0);
        };
        let saved = match parent {
            Some(parent) => model.records(conn, parent)?,
            None => Vec::new(),
        };
        let (mut rows, mut options) = (Vec::new(), OptionCache::default());
        for index in 0..total.min(MOST_ROWS) {
            let key = format!("{prefix}-{index}-");
            let pk = form.get(&format!("{key}id")).and_then(|pk| pk.parse::<i64>().ok());
            let was = pk.and_then(|pk| saved.iter().find(|record| record.pk == Some(pk)));
            let mut bound = model.bind(conn, &mut options, was, &key, form, zone)?;
            let deleted = form.get(&format!("{key}DELETE")).is_some();
            if pk.is_some() && was.is_none() {
                // Somebody has deleted it meanwhile; what was typed is kept for the person to decide.
                bound.errors = vec![("", FieldError::new("admin-error-row-gone"))];
            } else if deleted || (was.is_none() && is_blank(model, &key, form)) {
                bound.errors.clear();
            }
            rows.push(BoundRow { bound, was: was.cloned(), deleted });
        }
        Ok(Self { model, initial: rows.iter().filter(|row| row.was.is_some()).count(), rows })
    }

    pub fn has_errors(&self) -> bool {
        self.rows.iter().any(|row| !row.bound.errors.is_empty())
    }

    /// Writes what the form asked for.
    ///
    /// # Errors
    /// What the database says.
    pub fn save(&self, conn: &mut Connection, parent: i64, form: &Form) -> QueryResult<RowChanges> {
        let mut changes = RowChanges::default();
        for (index, row) in self.rows.iter().enumerate() {
            let key = format!("{}-{index}-", self.model.prefix());
            let values = &row.bound.record.values;
            match &row.was {
                Some(was) if row.deleted => {
                    self.model.delete(conn, parent, was.pk.unwrap_or_default())?;
                    changes.deleted.push(was.label.clone());
                }
                Some(was) => {
                    let fields = self.model.fields();
                    let changed: Vec<_> = (0..fields.len())
                        .filter(|field| fields[*field].editable && was.values[*field].json() != values[*field].json())
                        .map(|field| fields[field].label)
                        .collect();
                    if !changed.is_empty() {
                        self.model.save(conn, parent, was.pk, values)?;
                        changes.changed.push((was.label.clone(), changed));
                    }
                }
                None if row.deleted || is_blank(self.model, &key, form) => {}
                None => {
                    self.model.save(conn, parent, None, values)?;
                    changes.added.push(row.bound.record.label.clone());
                }
            }
        }
        Ok(changes)
    }
}

/// Whether nothing was typed into a new row.
fn is_blank(model: &dyn InlineModel, key: &str, form: &Form) -> bool {
    model.fields().iter().filter(|field| field.editable).all(|field| {
        field
            .kind
            .keys(&format!("{key}{}", field.name))
            .iter()
            .all(|key| form.get(key).unwrap_or_default().trim().is_empty())
    })
}
