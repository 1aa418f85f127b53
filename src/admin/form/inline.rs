//! Formsets: rows of another model that are edited on the page of the object they belong to, with Django's form keys.

use std::collections::HashSet;

use diesel::QueryResult;

use crate::admin::form::order::{self, Move, posted_position};
use crate::admin::form::paste::{self, Pasted};
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::{FieldError, FieldErrors, OptionCache, Value};
use crate::admin::registry::registered::{FieldMeta, Record, RegisteredInline};
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::text::appearance;
use crate::web::Viewer;
use crate::web::http::forms::Form;

/// Django's `max_num`: a form that adds rows is refused if the object would then have more rows than this.
pub const MOST_ROWS: usize = 1000;
/// How many rows a form may post beyond [`MOST_ROWS`], blank ones included. The sum is Django's `absolute_max`.
const MOST_BEYOND: usize = 1000;

/// What the viewer may do with the rows, by the permissions of the rows' own model.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rights {
    pub view: bool,
    pub add: bool,
    pub change: bool,
    pub delete: bool,
}

/// The rows of one inline, from a posted form or from the database.
pub struct BoundInline {
    pub model: &'static dyn RegisteredInline,
    pub rights: Rights,
    pub rows: Vec<BoundRow>,
    pub has_too_many: bool,
    /// What was pasted and is shown again, because it has too many lines.
    pub pasted: String,
}

pub struct BoundRow {
    pub record: Record,
    pub errors: FieldErrors,
    /// The saved row; None for a new one.
    pub was: Option<Record>,
    pub deleted: bool,
    /// The posted values of this row, by field names without the formset's prefix.
    pub posted: Option<Form>,
    /// Whether it is a new row with no typed text; such a row is not saved.
    pub is_blank: bool,
    /// The row's place, where the form says it.
    pub position: Option<i64>,
    /// The button of the row by which the form was sent.
    pub moved: Option<Move>,
}

/// What saving a formset has changed. Rows are named by their labels.
#[derive(Debug, Default)]
pub struct RowChanges {
    pub added: Vec<String>,
    /// Each changed row with the labels of its changed fields.
    pub changed: Vec<(String, Vec<&'static str>)>,
    pub deleted: Vec<String>,
}

impl Rights {
    /// `editable` is false for a page that is read-only: then nothing but viewing is allowed.
    pub fn of(viewer: &Viewer, model: &dyn RegisteredInline, editable: bool) -> Self {
        let meta = model.meta();
        let can = |permission| viewer.can(&meta.permission(permission));
        let change = can(Permission::Change);
        Self {
            view: change || can(Permission::View),
            add: editable && can(Permission::Add),
            change: editable && change,
            delete: editable && can(Permission::Delete),
        }
    }

    pub fn can_write(self) -> bool {
        self.add || self.change || self.delete
    }
}

impl BoundRow {
    fn saved(record: Record) -> Self {
        let was = Some(record.clone());
        Self { was, is_blank: false, ..Self::empty(record) }
    }

    fn empty(record: Record) -> Self {
        Self {
            record,
            errors: Vec::new(),
            was: None,
            deleted: false,
            posted: None,
            is_blank: true,
            position: None,
            moved: None,
        }
    }
}

impl BoundInline {
    /// The saved rows and the model's `extra` number of blank rows.
    pub fn unbound(model: &'static dyn RegisteredInline, saved: &[Record], rights: Rights) -> Self {
        let mut rows: Vec<_> = visible(saved, rights).iter().cloned().map(BoundRow::saved).collect();
        let room = MOST_ROWS.saturating_sub(rows.len());
        let extra = if rights.add { model.extra().min(room) } else { 0 };
        rows.extend((0..extra).map(|_| BoundRow::empty(model.empty())));
        Self { model, rights, rows, has_too_many: false, pasted: String::new() }
    }

    /// The posted rows. A form without any rows of this inline leaves the saved rows as they are.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn bind(
        conn: &mut Connection,
        model: &'static dyn RegisteredInline,
        saved: &[Record],
        rights: Rights,
        form: &Form,
        zone: &TimeZone,
    ) -> QueryResult<Self> {
        let posted = form.rows(model.prefix());
        let (lines, pasted) = match paste::pasted(model, form, MOST_ROWS) {
            Pasted::Rows(lines) if rights.add => (lines, String::new()),
            Pasted::Rows(_) => (Vec::new(), String::new()),
            Pasted::TooMany(text) => (Vec::new(), text),
        };
        let total = form.get(&format!("{}-TOTAL_FORMS", model.prefix())).and_then(|total| total.parse().ok());
        let total = total.unwrap_or(usize::MAX);
        if (posted.is_empty() && lines.is_empty() && pasted.is_empty()) || !rights.can_write() {
            return Ok(Self::unbound(model, saved, Rights { add: false, ..rights }));
        }
        let highest = model.order().map_or(0, |name| {
            let field = model.fields().iter().position(|field| field.name == name);
            order::highest(saved.iter().filter_map(|record| record.values.get(field?)))
        });
        let saved = visible(saved, rights);
        let mut rows = Vec::new();
        let mut options = OptionCache::default();
        let mut seen = HashSet::new();
        let posted = posted.into_iter().filter(|(index, _)| *index < total).map(|(_, row)| row);
        for row in posted.chain(lines) {
            let pk = row.get("id").and_then(|pk| pk.parse::<i64>().ok());
            let was = saved.iter().find(|record| record.pk == pk && pk.is_some_and(|pk| seen.insert(pk)));
            let deleted = row.get("DELETE").is_some() && (was.is_none() || rights.delete);
            if was.is_none() && !rights.add {
                continue;
            }
            let (record, mut errors) = match was {
                Some(was) if !rights.change => (was.clone(), Vec::new()),
                was => model.bind(conn, &mut options, was, &row, zone)?,
            };
            let is_blank = was.is_none() && is_blank(model, &row);
            if deleted || is_blank {
                errors.clear();
            } else if pk.is_some() && was.is_none() {
                // The row was deleted by somebody else since the form was made. What was typed is shown again with this
                // error.
                errors = vec![("", FieldError::new("admin-error-row-gone"))];
            }
            let order = model.order().filter(|_| rights.change || was.is_none());
            let position = order.and_then(|name| posted_position(&row, name));
            let moved = order.filter(|_| rights.change && !is_blank).and_then(|_| Move::of(&row));
            let was = was.cloned();
            let mut bound = BoundRow { record, errors, was, deleted, posted: None, is_blank, position, moved };
            bound.bind_withdrawal(model, &row, rights.change);
            rows.push(BoundRow { posted: Some(row), ..bound });
        }
        // A script may post rows without `TOTAL_FORMS`; then the posted rows are counted.
        let posted = if total == usize::MAX { rows.len() } else { total };
        let has_too_many =
            posted > MOST_ROWS.max(saved.len()) + MOST_BEYOND || !pasted.is_empty() || would_be_too_many(&rows);
        let mut inline = Self { model, rights, rows, has_too_many, pasted };
        inline.tell_apart();
        inline.arrange(highest);
        Ok(inline)
    }

    /// Removes all errors.
    pub fn forgive(&mut self) {
        self.rows.iter_mut().for_each(|row| row.errors.clear());
    }

    /// Adds an error to each new or changed row that looks the same as another row. Rows that stay as they are get
    /// none, so that old duplicates can still be saved.
    fn tell_apart(&mut self) {
        let Some((name, message)) = self.model.distinct() else {
            return;
        };
        let Some(field) = self.model.fields().iter().position(|field| field.name == name) else {
            return;
        };
        let is_changed =
            |row: &BoundRow| row.was.as_ref().is_none_or(|was| was.values[field] != row.record.values[field]);
        let look = |row: &BoundRow| match &row.record.values[field] {
            Value::Text(text) => appearance(text),
            _ => String::new(),
        };
        let (staying, changed): (Vec<_>, Vec<_>) =
            self.rows.iter_mut().filter(|row| !row.deleted && !row.is_blank).partition(|row| !is_changed(row));
        let mut seen: HashSet<String> = staying.iter().map(|row| look(row)).collect();
        for row in changed.into_iter().filter(|row| row.errors.is_empty()) {
            if !seen.insert(look(row)) {
                row.errors.push((name, FieldError::new(message)));
            }
        }
    }

    pub fn has_errors(&self) -> bool {
        self.rows.iter().any(|row| !row.errors.is_empty())
    }

    /// How many of the rows were saved when the form was made (Django's `INITIAL_FORMS`).
    pub fn initial(&self) -> usize {
        self.rows.iter().filter(|row| row.was.is_some()).count()
    }

    /// Adds the rows that somebody else has saved since the form was made.
    pub fn show_newer(&mut self, saved: &[Record]) {
        let known: HashSet<_> = self.rows.iter().filter_map(|row| row.was.as_ref()?.pk).collect();
        let newer = visible(saved, self.rights).iter();
        let newer = newer.filter(|record| record.pk.is_none_or(|pk| !known.contains(&pk))).cloned();
        let place = self.rows.iter().rposition(|row| row.was.is_some()).map_or(0, |last| last + 1);
        self.rows.splice(place..place, newer.map(BoundRow::saved).collect::<Vec<_>>());
    }

    /// Drops the deleted rows and all errors: the object was deleted, and the form now adds it as a new object.
    pub fn begin_anew(&mut self) {
        self.rows.retain(|row| !row.deleted);
        self.rows.iter_mut().for_each(|row| row.errors.clear());
    }

    /// Saves the rows: inserts, updates and deletes as the form asks.
    ///
    /// # Errors
    /// If the database refuses a write or does not answer.
    pub fn save(&self, conn: &mut Connection, parent: i64) -> QueryResult<RowChanges> {
        let fields = self.model.fields();
        let mut added = Vec::new();
        let mut changed = Vec::new();
        let mut deleted = Vec::new();
        for row in &self.rows {
            let values = &row.record.values;
            let named = || fields.iter().map(|field| field.name).zip(values.iter().cloned()).collect();
            match &row.was {
                Some(was) if row.deleted => {
                    self.model.delete(conn, was.pk.unwrap_or_default())?;
                    deleted.push(was.label.clone());
                }
                Some(was) => {
                    let differing: Vec<_> = (0..fields.len())
                        .filter(|field| fields[*field].editable && was.values[*field].json() != values[*field].json())
                        .map(|field| fields[field].label)
                        .collect();
                    if !differing.is_empty() {
                        changed.push((self.model.save(conn, parent, was.pk, named())?, differing));
                    }
                }
                None if row.deleted || row.is_blank => {}
                None => added.push(self.model.save(conn, parent, None, named())?),
            }
        }
        if added.is_empty() && changed.is_empty() {
            return Ok(RowChanges { deleted, ..RowChanges::default() });
        }
        let now = self.model.records(conn, parent)?;
        let label = |pk: i64| {
            let record = now.iter().find(|record| record.pk == Some(pk));
            record.map(|record| record.label.clone()).unwrap_or_default()
        };
        Ok(RowChanges {
            added: added.into_iter().map(label).collect(),
            changed: changed.into_iter().map(|(pk, fields)| (label(pk), fields)).collect(),
            deleted,
        })
    }
}

/// The saved rows that the viewer may see: all or none.
fn visible(saved: &[Record], rights: Rights) -> &[Record] {
    if rights.view { saved } else { &[] }
}

/// Whether the form adds rows although the object would then have more than [`MOST_ROWS`]. Blank and deleted rows do
/// not count. An object that has more rows already, because another program wrote them, can still be saved without new
/// rows.
fn would_be_too_many(rows: &[BoundRow]) -> bool {
    let mut kept = rows.iter().filter(|row| !row.deleted && !row.is_blank);
    kept.clone().count() > MOST_ROWS && kept.any(|row| row.was.is_none())
}

/// Whether all inputs of a new row are empty.
fn is_blank(model: &dyn RegisteredInline, row: &Form) -> bool {
    let typed = |field: &FieldMeta| field.editable && model.order() != Some(field.name);
    let mut keys = model.fields().into_iter().filter(typed).flat_map(|field| field.kind.keys(field.name));
    keys.all(|key| row.get(&key).unwrap_or_default().trim().is_empty())
}
