//! Writing: an object is added, changed or deleted, its inlines with it, and the log tells of it, in one
//! transaction.

use diesel::{OptionalExtension as _, QueryResult};
use serde::{Deserialize, Serialize};

use super::log;
use crate::admin::changes::log::{ActionFlag, Details};
use crate::admin::changes::snapshot::Snapshot;
use crate::admin::form::inline::{BoundInline, MOST_ROWS, Rights};
use crate::admin::form::related::FIND;
use crate::admin::registry::erased::{AdminModel, Bound, InlineModel, Record};
use crate::admin::registry::field::FieldError;
use crate::admin::registry::model::Permission;
use crate::admin::registry::site;
use crate::clock::TimeZone;
use crate::db::{self, Connection};
use crate::web::http::forms::Form;
use crate::web::pages::i18n::{Catalogue, Language};
use crate::web::{Site, Viewer};

/// Who writes, and how what they write is read.
pub struct Author<'a> {
    pub viewer: &'a Viewer,
    pub zone: &'a TimeZone,
    pub catalogue: &'a Catalogue,
}

impl<'a> Author<'a> {
    pub fn new(viewer: &'a Viewer, site: &'a Site) -> Self {
        Self { viewer, zone: &site.settings.time_zone, catalogue: &site.catalogue }
    }
}

/// An object that was written: its id, its name, and the log entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Written {
    pub pk: i64,
    pub label: String,
    pub entry: i32,
}

impl Written {
    /// Whether the object is as this write has left it.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn still_holds(&self, conn: &mut Connection, model: &dyn AdminModel) -> QueryResult<bool> {
        let now = Snapshot::take(conn, model, self.pk).optional()?;
        Ok(log::details(conn, self.entry)?.is_some_and(|details| details.after == now))
    }
}

/// What became of a form.
pub enum Submitted {
    Saved(Written),
    /// The object has been deleted meanwhile; the form to add it anew.
    Gone(Box<Attempt>),
    /// The form again, with what is wrong.
    Invalid(Box<Attempt>),
}

/// A form that could not be saved as it is.
pub struct Attempt {
    pub bound: Bound,
    pub inlines: Vec<BoundInline>,
    /// What is saved, where somebody else has changed it since the form was made.
    pub current: Option<Record>,
    pub version: String,
}

/// Saves a form, over an object or as a new one.
///
/// # Errors
/// What the database says.
pub fn submit(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
    pk: Option<i64>,
    form: &Form,
    author: &Author<'_>,
) -> QueryResult<Submitted> {
    let before = match pk {
        Some(pk) => {
            model.lock(conn, pk)?;
            match Snapshot::take(conn, model, pk).optional()? {
                Some(before) => Some(before),
                None => return gone(conn, model, form, author).map(Box::new).map(Submitted::Gone),
            }
        }
        None => None,
    };
    let mut bound = model.bind(conn, pk, form, author.zone)?;
    let mut inlines = read_inlines(conn, model, pk, form, author)?;
    if inlines.iter().any(|inline| inline.has_too_many) {
        bound.errors.push(("", FieldError::with_count("admin-error-too-many-rows", MOST_ROWS)));
    }
    if bound.errors.is_empty() {
        bound.errors = model.forbids(conn, author.viewer, pk, Some(&bound.record.values))?;
    }
    let version = before.as_ref().map(Snapshot::version).unwrap_or_default();
    // A script posts no version and means what it posts.
    let stale = form.get("_version").is_some_and(|made| !made.is_empty() && made != version) && pk.is_some();
    // Nothing is saved, and nothing said about what is not typed yet.
    if form.get(FIND).is_some() {
        bound.errors.clear();
        inlines.iter_mut().for_each(BoundInline::forgive);
        return Ok(Submitted::Invalid(Box::new(Attempt { bound, inlines, current: None, version })));
    }
    if stale || !bound.errors.is_empty() || inlines.iter().any(BoundInline::has_errors) {
        let current = match pk.filter(|_| stale) {
            Some(pk) => {
                inlines.iter_mut().try_for_each(|inline| inline.show_newer(conn, pk))?;
                Some(model.find(conn, pk)?)
            }
            None => None,
        };
        return Ok(Submitted::Invalid(Box::new(Attempt { bound, inlines, current, version })));
    }
    let saved = model.save(conn, pk, &bound.record.values)?;
    let mut rows = Vec::new();
    for inline in &inlines {
        rows.push((inline.model.meta(), inline.save(conn, saved)?));
    }
    let after = Snapshot::take(conn, model, saved)?;
    let label = model.find(conn, saved)?.label;
    let (flag, message) = match &before {
        None => (ActionFlag::Addition, log::added(&rows, |label| english(author, label))),
        Some(before) => {
            let fields: Vec<_> = before
                .differences(&after, model)
                .into_iter()
                .filter(|difference| difference.row.is_empty())
                .map(|difference| difference.label)
                .collect();
            (ActionFlag::Change, log::changed(&fields, &rows, |label| english(author, label)))
        }
    };
    let entry = log::write(conn, author.viewer.id, model.meta(), (saved, &label), flag, Some(&message))?;
    log::keep(conn, entry, &Details { before, after: Some(after) })?;
    Ok(Submitted::Saved(Written { pk: saved, label, entry }))
}

fn read_inlines(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
    pk: Option<i64>,
    form: &Form,
    author: &Author<'_>,
) -> QueryResult<Vec<BoundInline>> {
    let mut read = |inline: &'static dyn InlineModel| {
        let rights = Rights::of(author.viewer, inline, true);
        BoundInline::read(conn, inline, pk, rights, form, author.zone)
    };
    model.inlines().iter().map(|inline| read(*inline)).collect()
}

/// What was typed, as the form of a new object.
fn gone(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
    form: &Form,
    author: &Author<'_>,
) -> QueryResult<Attempt> {
    let mut bound = model.bind(conn, None, form, author.zone)?;
    let may_add = site::may(author.viewer, model, Permission::Add);
    bound.errors = vec![("", FieldError::new(if may_add { "admin-error-gone" } else { "admin-error-gone-for-good" }))];
    let mut inlines = read_inlines(conn, model, None, form, author)?;
    inlines.iter_mut().for_each(BoundInline::begin_anew);
    Ok(Attempt { bound, inlines, current: None, version: String::new() })
}

/// Why an object is not deleted; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum NotDeleted {
    #[error("the permission {0} is lacking")]
    Denied(String),
    #[error("this very object must stay: {}", .0.message)]
    Forbidden(FieldError),
    #[error(transparent)]
    Database(#[from] db::DatabaseError),
}

impl From<diesel::result::Error> for NotDeleted {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Looks whether an object may be deleted, and says what it is called.
///
/// # Errors
/// [`NotDeleted`].
pub fn expect_deletable(
    conn: &mut Connection,
    model: &dyn AdminModel,
    pk: i64,
    author: &Author<'_>,
) -> Result<String, NotDeleted> {
    let label = model.find(conn, pk)?.label;
    let plan = model.delete_plan(conn, pk)?;
    if let Some(lacking) = plan.needs.iter().find(|permission| !author.viewer.can(permission)) {
        return Err(NotDeleted::Denied((*lacking).to_owned()));
    }
    if let Some((_, error)) = model.forbids(conn, author.viewer, Some(pk), None)?.into_iter().next() {
        return Err(NotDeleted::Forbidden(error));
    }
    Ok(label)
}

/// Deletes an object.
///
/// # Errors
/// [`NotDeleted`].
pub fn delete(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
    pk: i64,
    author: &Author<'_>,
) -> Result<Written, NotDeleted> {
    model.lock(conn, pk)?;
    let label = expect_deletable(conn, model, pk, author)?;
    let before = Snapshot::take_whole(conn, model, pk)?;
    let entry = log::write(conn, author.viewer.id, model.meta(), (pk, &label), ActionFlag::Deletion, None)?;
    log::keep(conn, entry, &Details { before: Some(before), after: None })?;
    model.delete(conn, pk)?;
    Ok(Written { pk, label, entry })
}

/// What an action did to an object.
pub enum Acted {
    Changed(Written),
    Unchanged,
    /// The action is not for it.
    Skipped,
}

/// Runs an action on an object and logs what it changed.
///
/// # Errors
/// `NotFound` if the object is gone; what the database says.
pub fn act(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
    pk: i64,
    run: fn(&mut Connection, i64) -> QueryResult<bool>,
    author: &Author<'_>,
) -> QueryResult<Acted> {
    model.lock(conn, pk)?;
    let before = Snapshot::take(conn, model, pk)?;
    if !run(conn, pk)? {
        return Ok(Acted::Skipped);
    }
    let after = Snapshot::take(conn, model, pk)?;
    let fields: Vec<_> = before.differences(&after, model).into_iter().map(|difference| difference.label).collect();
    if fields.is_empty() {
        return Ok(Acted::Unchanged);
    }
    let label = model.find(conn, pk)?.label;
    let message = log::changed(&fields, &[], |label| english(author, label));
    let entry = log::write(conn, author.viewer.id, model.meta(), (pk, &label), ActionFlag::Change, Some(&message))?;
    log::keep(conn, entry, &Details { before: Some(before), after: Some(after) })?;
    Ok(Acted::Changed(Written { pk, label, entry }))
}

/// Django writes its messages with the names of fields in English.
fn english(author: &Author<'_>, label: &str) -> String {
    author.catalogue.text(Language::English, label, None)
}
