//! Adds, changes and deletes bookmarks outside the admin's pages, by the same rules and with the same entries in its log.

use diesel::prelude::*;

use super::admin::BookmarkAdmin;
use crate::admin::changes::log::{self, ActionFlag, Details};
use crate::admin::changes::snapshot::Snapshot;
use crate::admin::registry::field::FieldErrors;
use crate::admin::registry::registered::RegisteredModel;
use crate::admin::registry::registration::Registration;
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::web::pages::i18n::{Catalogue, Language};

static MODEL: Registration<BookmarkAdmin> = Registration::new();

/// Who writes. Without a user there is no entry in the log, since each entry names one.
pub struct Editor<'a> {
    pub user: Option<i32>,
    /// For the names of fields in the log.
    pub catalogue: &'a Catalogue,
}

/// Locks a bookmark until the transaction ends.
///
/// # Errors
/// If the database does not answer.
pub fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
    MODEL.lock(conn, pk)
}

/// Checks these typed values and saves them over the bookmark `pk`, or as a new one. Fields that are not given keep
/// their values, and nothing is written if all of them do. Returns the primary key, or what is wrong. To be called in a transaction.
///
/// # Errors
/// `NotFound` if there is no such bookmark; or the database's error.
pub fn save(
    conn: &mut Connection,
    pk: Option<i64>,
    given: &[(&'static str, String)],
    editor: &Editor<'_>,
) -> QueryResult<Result<i64, FieldErrors>> {
    if let Some(pk) = pk {
        MODEL.lock(conn, pk)?;
    }
    let mut session = MODEL.edit(conn, pk)?;
    let before = pk.map(|_| Snapshot::of(&MODEL, &session.record(), &[]));
    let (mut values, mut errors) = (Vec::new(), FieldErrors::new());
    for field in MODEL.fields() {
        let raw = given.iter().find(|(name, _)| *name == field.name).map(|(_, text)| vec![text.clone()]);
        match raw.map(|raw| field.kind.parse(&raw, field.required, &TimeZone::default())) {
            Some(Ok(value)) => values.push((field.name, value)),
            Some(Err(error)) => errors.push((field.name, error)),
            None => {}
        }
    }
    session.assign(values);
    if errors.is_empty() {
        errors = session.clean(conn)?;
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    // What is there already is no change: no entry, and its date stays.
    if let (Some(pk), Some(before)) = (pk, &before)
        && before.differences(&Snapshot::of(&MODEL, &session.record(), &[]), &MODEL).is_empty()
    {
        return Ok(Ok(pk));
    }
    let pk = session.save(conn)?;
    let after = Snapshot::of(&MODEL, &session.record(), &[]);
    let english = |message: &str| editor.catalogue.text(Language::English, message, None);
    let (flag, message) = match &before {
        None => (ActionFlag::Addition, log::added(&[], english)),
        Some(before) => {
            let fields: Vec<_> = before.differences(&after, &MODEL).iter().map(|field| field.label).collect();
            (ActionFlag::Change, log::changed(&fields, &[], english))
        }
    };
    if let Some(user) = editor.user {
        let object = (pk, &*session.record().label);
        let entry = log::write(conn, user, MODEL.meta(), object, flag, Some(&message))?;
        log::keep(conn, entry, &Details { before, after: Some(after) })?;
    }
    Ok(Ok(pk))
}

/// Deletes a bookmark, and returns its name. To be called in a transaction.
///
/// # Errors
/// `NotFound` if there is no such bookmark; or the database's error.
pub fn delete(conn: &mut Connection, pk: i64, editor: &Editor<'_>) -> QueryResult<String> {
    MODEL.lock(conn, pk)?;
    let session = MODEL.edit(conn, Some(pk))?;
    let record = session.record();
    let before = Snapshot::of_whole(&MODEL, &record, &[]);
    session.delete(conn)?;
    if let Some(user) = editor.user {
        let entry = log::write(conn, user, MODEL.meta(), (pk, &record.label), ActionFlag::Deletion, None)?;
        log::keep(conn, entry, &Details { before: Some(before), after: None })?;
    }
    Ok(record.label)
}
