//! The content types and permissions that Django's `migrate` writes (`create_contenttypes`,
//! `create_permissions`), for the models that there are.

use std::collections::HashMap;
use std::collections::HashSet;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::admin::registry::sentence::SentencePart;
use crate::db::schema::{auth_permission, django_content_type};
use crate::db::{self, Connection};

/// App, model, what Django calls one of it, and the message that says so.
const MODELS: &[(&str, &str, &str, &str)] = &[
    ("admin", "logentry", "log entry", "auth-log-entry"),
    ("auth", "permission", "permission", "auth-permission"),
    ("auth", "group", "group", "auth-group"),
    ("auth", "user", "user", "auth-user"),
    ("contenttypes", "contenttype", "content type", "auth-content-type"),
    ("sessions", "session", "session", "auth-session"),
    ("polls", "question", "question", "polls-question"),
    ("polls", "choice", "choice", "polls-choice"),
    ("bookmark", "bookmark", "bookmark", "bookmark-name"),
];

/// Apps and the messages of their names.
const APPS: &[(&str, &str)] = &[
    ("admin", "auth-log-app"),
    ("auth", "auth-app"),
    ("contenttypes", "auth-content-types-app"),
    ("sessions", "auth-sessions-app"),
    ("polls", "polls-app"),
    ("bookmark", "bookmark-app"),
];

/// Django's `default_permissions`.
const ACTIONS: [&str; 4] = ["add", "change", "delete", "view"];

/// "Polls" and "question", by which Django names a content type; what is none of ours goes by its keys.
pub(super) fn type_names(app: &str, model: &str) -> [SentencePart; 2] {
    let app_name = APPS.iter().find(|(label, _)| *label == app).map(|(_, message)| *message);
    let known = MODELS.iter().find(|(label, known, ..)| *label == app && *known == model);
    let part = |message: Option<&'static str>, key: &str| {
        message.map_or_else(|| SentencePart::Text(key.to_owned()), SentencePart::Message)
    };
    [part(app_name, app), part(known.map(|(.., message)| *message), model)]
}

/// The message of one of Django's default permissions, and what it is about; None for a permission of another kind,
/// which goes by the name that is kept.
pub(super) fn sentence(model: &str, codename: &str, name: &str) -> Option<(&'static str, SentencePart)> {
    let (action, message) = [
        ("add", "auth-permission-add"),
        ("change", "auth-permission-change"),
        ("delete", "auth-permission-delete"),
        ("view", "auth-permission-view"),
    ]
    .into_iter()
    .find(|(action, _)| codename.strip_prefix(action).and_then(|rest| rest.strip_prefix('_')) == Some(model))?;
    let about = name.strip_prefix("Can ")?.strip_prefix(action)?.strip_prefix(' ')?;
    let known = MODELS.iter().find(|(_, known, english, _)| *known == model && *english == about);
    Some((
        message,
        known.map_or_else(|| SentencePart::Text(about.to_owned()), |(.., message)| SentencePart::Message(message)),
    ))
}

/// Writes what is missing and says how many permissions that were. What is there stays as it is.
///
/// # Errors
/// If the database does not take them; then nothing is written.
pub fn create(conn: &mut Connection) -> QueryResult<usize> {
    match db::write(conn, create_missing) {
        // Another process has written them at the same time.
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => db::write(conn, create_missing),
        result => result,
    }
}

fn create_missing(conn: &mut Connection) -> QueryResult<usize> {
    let types = content_types(conn)?;
    let missing: Vec<_> = MODELS.iter().filter(|(app, model, ..)| !types.contains_key(&key(app, model))).collect();
    for (app, model, ..) in &missing {
        diesel::insert_into(django_content_type::table)
            .values((django_content_type::app_label.eq(app), django_content_type::model.eq(model)))
            .execute(conn)?;
    }
    let types = if missing.is_empty() { types } else { content_types(conn)? };
    let present: HashSet<(i32, String)> = auth_permission::table
        .select((auth_permission::content_type_id, auth_permission::codename))
        .load(conn)?
        .into_iter()
        .collect();
    let mut written = 0;
    for (app, model, name, _) in MODELS {
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
