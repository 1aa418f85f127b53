//! The log of the admin: Django's `django_admin_log`, message and all, and beside it in a table of our own
//! the values before and after, from which the history is told and an undo is made.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::admin::changes::snapshot::Snapshot;
use crate::admin::form::inline::RowChanges;
use crate::admin::registry::descriptors::Meta;
use crate::admin::registry::registered::RegisteredModel;
use crate::admin::schema::{admin_change, auth_user, django_admin_log, django_content_type};
use crate::clock::{self, TimeZone};
use crate::db::{self, Connection};
use crate::web::pages::i18n::{Catalogue, Language};
use crate::web::{Site, Viewer};

/// Django's `action_flag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i16)]
pub enum ActionFlag {
    Addition = 1,
    Change = 2,
    Deletion = 3,
}

/// An entry as pages show it.
#[derive(Debug, Clone, Queryable)]
pub struct Entry {
    pub id: i32,
    pub action_time: NaiveDateTime,
    pub action_flag: i16,
    pub object_id: Option<String>,
    pub object_repr: String,
    pub change_message: String,
    pub username: String,
    /// The name of an author who is deleted.
    pub(in crate::admin) deleted_author: Option<String>,
    pub app_label: Option<String>,
    pub model: Option<String>,
}

/// What an entry knows besides what Django's table holds.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub before: Option<Snapshot>,
    pub after: Option<Snapshot>,
}

/// An object that was written: its id, its name, and the entry of the log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoggedChange {
    pub pk: i64,
    pub label: String,
    pub entry: i32,
}

impl LoggedChange {
    /// Whether the object is as this write has left it.
    pub fn still_holds(&self, conn: &mut Connection, model: &dyn RegisteredModel) -> QueryResult<bool> {
        let now = Snapshot::read(conn, model, self.pk).optional()?;
        Ok(match (details(conn, self.entry)?, now) {
            (Some(Details { after: Some(after), .. }), Some(now)) => after.agrees_with(&now),
            (Some(Details { after: None, .. }), None) => true,
            _ => false,
        })
    }
}

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

    /// A message in English, in which Django keeps the names of fields, whatever the author's language.
    pub fn english(&self, message: &str) -> String {
        self.catalogue.text(Language::English, message, None)
    }
}

/// Writes an entry and returns its id. Of a deletion there is no message, as in Django.
pub fn write(
    conn: &mut Connection,
    user: i32,
    meta: Meta,
    object: (i64, &str),
    flag: ActionFlag,
    message: Option<&Json>,
) -> QueryResult<i32> {
    let content_type = content_type(conn, meta)?;
    let (pk, label) = object;
    let label: String = label.chars().take(200).collect();
    diesel::insert_into(django_admin_log::table)
        .values((
            django_admin_log::action_time.eq(clock::now()),
            django_admin_log::object_id.eq(pk.to_string()),
            django_admin_log::object_repr.eq(label),
            django_admin_log::action_flag.eq(flag as i16),
            django_admin_log::change_message.eq(message.map(Json::to_string).unwrap_or_default()),
            django_admin_log::content_type_id.eq(content_type),
            django_admin_log::user_id.eq(user),
        ))
        .execute(conn)?;
    last_id(conn)
}

/// Tells of a write in the program's own log.
pub fn report(request_id: &str, user: &str, meta: Meta, verb: &str, pk: i64, label: &str) {
    tracing::info!(
        target: "polls.admin",
        request_id,
        user,
        model = format!("{}.{}", meta.app, meta.model),
        pk,
        "{user} {verb} {label:?}.",
    );
}

/// The model's content type, made when it is first needed, as Django does.
fn content_type(conn: &mut Connection, meta: Meta) -> QueryResult<i32> {
    let known = django_content_type::table
        .filter(django_content_type::app_label.eq(meta.app))
        .filter(django_content_type::model.eq(meta.model))
        .select(django_content_type::id)
        .first(conn)
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    diesel::insert_into(django_content_type::table)
        .values((django_content_type::app_label.eq(meta.app), django_content_type::model.eq(meta.model)))
        .execute(conn)?;
    last_id(conn)
}

fn last_id(conn: &mut Connection) -> QueryResult<i32> {
    db::last_insert_id(conn).and_then(|id| i32::try_from(id).map_err(|_| diesel::result::Error::NotFound))
}

/// Keeps the values of an entry.
pub fn keep(conn: &mut Connection, entry: i32, details: &Details) -> QueryResult<()> {
    let text =
        |snapshot: &Option<Snapshot>| snapshot.as_ref().and_then(|snapshot| serde_json::to_string(snapshot).ok());
    diesel::insert_into(admin_change::table)
        .values((
            admin_change::log_id.eq(entry),
            admin_change::before.eq(text(&details.before)),
            admin_change::after.eq(text(&details.after)),
        ))
        .execute(conn)
        .map(|_| ())
}

/// The values of an entry, if they are kept.
pub fn details(conn: &mut Connection, entry: i32) -> QueryResult<Option<Details>> {
    let kept: Option<(Option<String>, Option<String>)> = admin_change::table
        .filter(admin_change::log_id.eq(entry))
        .select((admin_change::before, admin_change::after))
        .first(conn)
        .optional()?;
    let parse = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(kept.map(|(before, after)| Details { before: parse(before), after: parse(after) }))
}

/// An entry, if it is there.
pub fn entry(conn: &mut Connection, id: i32) -> QueryResult<Option<Entry>> {
    Ok(entries(conn, Of::Entry(id), 1)?.pop())
}

/// The newest entries: of one person, or of one object.
pub fn entries(conn: &mut Connection, of: Of<'_>, limit: i64) -> QueryResult<Vec<Entry>> {
    let with_names = || django_admin_log::table.inner_join(auth_user::table).left_join(django_content_type::table);
    let columns = (
        django_admin_log::id,
        django_admin_log::action_time,
        django_admin_log::action_flag,
        django_admin_log::object_id,
        django_admin_log::object_repr,
        django_admin_log::change_message,
        auth_user::username,
        django_admin_log::author,
        django_content_type::app_label.nullable(),
        django_content_type::model.nullable(),
    );
    let newest = || {
        let newest = (django_admin_log::action_time.desc(), django_admin_log::id.desc());
        let query = with_names().order(newest).limit(limit).into_boxed();
        match of {
            Of::Entry(id) => query.filter(django_admin_log::id.eq(id)),
            Of::User(user) => query.filter(django_admin_log::user_id.eq(user)),
            Of::Object(meta, pk) => query
                .filter(django_content_type::app_label.eq(meta.app))
                .filter(django_content_type::model.eq(meta.model))
                .filter(django_admin_log::object_id.eq(pk.to_string())),
        }
    };
    let entries = db::readable(
        conn,
        "django_admin_log",
        |conn| newest().select(columns).load(conn),
        |conn| newest().select(django_admin_log::id).load(conn),
        |conn, id: i32| with_names().filter(django_admin_log::id.eq(id)).select(columns).get_result(conn),
    )?;
    Ok(entries.into_iter().flatten().collect())
}

#[derive(Clone, Copy)]
pub enum Of<'a> {
    Entry(i32),
    User(i32),
    Object(&'a Meta, i64),
}

/// Django's message of an addition, with the rows that came with it.
pub fn added(rows: &[(Meta, RowChanges)], english: impl Fn(&str) -> String) -> Json {
    let mut message = vec![json!({ "added": {} })];
    message.extend(of_rows(rows, &english));
    Json::Array(message)
}

/// The message of a deletion that was undone. Django reads an addition, which it was to the table.
pub fn restored() -> Json {
    json!([{ "added": {} }, { "restored": {} }])
}

/// The message of a change that was undone: Django's, and what it does not know.
pub fn undone(fields: &[String]) -> Json {
    json!([{ "changed": { "fields": fields } }, { "undone": {} }])
}

/// Django's message of a change: the names of fields in English, whatever the person's language.
pub fn changed(fields: &[&'static str], rows: &[(Meta, RowChanges)], english: impl Fn(&str) -> String) -> Json {
    let mut message = Vec::new();
    if !fields.is_empty() {
        message.push(json!({ "changed": { "fields": names(fields, &english) } }));
    }
    message.extend(of_rows(rows, &english));
    Json::Array(message)
}

fn of_rows(rows: &[(Meta, RowChanges)], english: &impl Fn(&str) -> String) -> Vec<Json> {
    let mut message = Vec::new();
    for (meta, changes) in rows {
        let name = english(meta.verbose_name);
        message.extend(changes.added.iter().map(|object| json!({ "added": { "name": name, "object": object } })));
        message.extend(changes.changed.iter().map(|(object, fields)| {
            json!({ "changed": { "name": name, "object": object, "fields": names(fields, english) } })
        }));
        message.extend(changes.deleted.iter().map(|object| json!({ "deleted": { "name": name, "object": object } })));
    }
    message
}

fn names(labels: &[&'static str], english: &impl Fn(&str) -> String) -> Vec<String> {
    labels.iter().map(|label| english(label)).collect()
}
