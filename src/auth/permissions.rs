//! The content types and permissions that Django's `migrate` writes (`create_contenttypes`,
//! `create_permissions`), for the models of all features.

use std::collections::HashMap;
use std::collections::HashSet;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::admin::schema::django_content_type;
use crate::auth::schema::auth_permission;
use crate::db::{self, Connection};
use crate::web::Reader;
use crate::web::context::installed::{ContentType, Installed};
use crate::web::pages::i18n::{Catalogue, Language};

/// Django's `default_permissions`.
const ACTIONS: [&str; 4] = ["add", "change", "delete", "view"];

/// The message for one of Django's default permissions, and the name of its model; None for any other permission, which
/// is shown by its stored name.
pub(super) fn sentence(
    reader: &Reader,
    app: &str,
    model: &str,
    codename: &str,
    name: &str,
) -> Option<(&'static str, String)> {
    let (action, message) = [
        ("add", "auth-permission-add"),
        ("change", "auth-permission-change"),
        ("delete", "auth-permission-delete"),
        ("view", "auth-permission-view"),
    ]
    .into_iter()
    .find(|(action, _)| codename.strip_prefix(action).and_then(|rest| rest.strip_prefix('_')) == Some(model))?;
    let about = name.strip_prefix("Can ")?.strip_prefix(action)?.strip_prefix(' ')?;
    let known =
        reader.model_name(app, model).filter(|_| reader.english_model_name(app, model).as_deref() == Some(about));
    Some((message, known.unwrap_or_else(|| about.to_owned())))
}

/// How often the creation is tried if another process is in the way.
const MAX_TRIES: usize = 5;

/// Creates the missing content types and permissions, and returns the number of new permissions. Existing ones are not
/// changed.
///
/// # Errors
/// If the database refuses them or does not answer; then nothing is written.
pub fn create(conn: &mut Connection, installed: &Installed) -> QueryResult<usize> {
    let catalogue = Catalogue::new(&installed.locales);
    let create = |conn: &mut Connection| create_missing(conn, &installed.content_types, &catalogue);
    let mut tries = 1;
    loop {
        match db::write(conn, create) {
            // Another process creates them at the same time: it was first, or MySQL ended one of two transactions that
            // waited for each other.
            Err(error) if tries < MAX_TRIES && (is_duplicate(&error) || db::is_busy(&error)) => tries += 1,
            result => return result,
        }
    }
}

fn is_duplicate(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

fn create_missing(conn: &mut Connection, models: &[ContentType], catalogue: &Catalogue) -> QueryResult<usize> {
    let types = content_types(conn)?;
    let missing: Vec<_> = models.iter().filter(|known| !types.contains_key(&key(known.app, known.model))).collect();
    for known in &missing {
        diesel::insert_into(django_content_type::table)
            .values((django_content_type::app_label.eq(known.app), django_content_type::model.eq(known.model)))
            .execute(conn)?;
    }
    let types = if missing.is_empty() { types } else { content_types(conn)? };
    let present: HashSet<(i32, String)> = auth_permission::table
        .select((auth_permission::content_type_id, auth_permission::codename))
        .load(conn)?
        .into_iter()
        .collect();
    let mut written = 0;
    for ContentType { app, model, verbose_name, .. } in models {
        let name = catalogue.text(Language::English, verbose_name, None);
        let content_type = *types.get(&key(app, model)).ok_or(Error::NotFound)?;
        for action in ACTIONS {
            let codename = format!("{action}_{model}");
            if !present.contains(&(content_type, codename.clone())) {
                written += diesel::insert_into(auth_permission::table)
                    .values((
                        auth_permission::name.eq(format!("Can {action} {name}")),
                        auth_permission::content_type_id.eq(content_type),
                        auth_permission::codename.eq(codename),
                    ))
                    .execute(conn)?;
            }
        }
    }
    Ok(written)
}

fn content_types(conn: &mut Connection) -> QueryResult<HashMap<(String, String), i32>> {
    let rows: Vec<(i32, String, String)> = django_content_type::table
        .select((django_content_type::id, django_content_type::app_label, django_content_type::model))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, app, model)| ((app, model), id)).collect())
}

fn key(app: &str, model: &str) -> (String, String) {
    (app.to_owned(), model.to_owned())
}
