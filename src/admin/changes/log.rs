//! The admin's log: Django's table `django_admin_log`, with Django's messages. The values before and after each change
//! are kept in our own table `admin_change`; the history page shows them and an undo restores them.

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
use crate::db::moment::moment;
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

/// An entry of the log, with the names that pages show.
#[derive(Debug, Clone, Queryable)]
pub struct Entry {
    pub id: i32,
    pub action_time: NaiveDateTime,
    pub action_flag: i16,
    pub object_id: Option<String>,
    pub object_repr: String,
    pub change_message: String,
    pub username: String,
    /// The author's name, if the author's account was deleted.
    pub(in crate::admin) deleted_author: Option<String>,
    pub app_label: Option<String>,
    pub model: Option<String>,
}

/// The object's values before and after the entry's change, which Django's table does not hold. None where the object
/// was not there: before an addition, after a deletion.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub before: Option<Snapshot>,
    pub after: Option<Snapshot>,
}

/// A logged write: the object's primary key and name, and the id of the log entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoggedChange {
    pub pk: i64,
    pub label: String,
    pub entry: i32,
}

impl LoggedChange {
    /// Whether the object still has the values that this write gave it, or, after a deletion, is still deleted.
    pub fn still_holds(&self, conn: &mut Connection, model: &dyn RegisteredModel) -> QueryResult<bool> {
        let now = Snapshot::read(conn, model, self.pk).optional()?;
        Ok(match (details(conn, self.entry)?, now) {
            (Some(Details { after: Some(after), .. }), Some(now)) => after.agrees_with(&now),
            (Some(Details { after: None, .. }), None) => true,
            _ => false,
        })
    }
}

/// The user who writes, the time zone in which typed times are read, and the catalogue for the log's English texts.
pub struct Author<'a> {
    pub viewer: &'a Viewer,
    pub zone: &'a TimeZone,
    pub catalogue: &'a Catalogue,
    /// The language of texts that are written for the author.
    pub language: Language,
}

impl<'a> Author<'a> {
    pub fn new(viewer: &'a Viewer, site: &'a Site) -> Self {
        Self { viewer, zone: &site.settings.time_zone, catalogue: &site.catalogue, language: Language::English }
    }

    /// A text in English, whatever the author's language: Django keeps the names of fields in the log in English.
    pub fn english(&self, message: &str) -> String {
        self.catalogue.text(Language::English, message, None)
    }
}

/// Writes an entry and returns its id. As in Django, a deletion has no message, and the object's name is cut to 200
/// characters.
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

/// How many entries are deleted at a time.
const FORGOTTEN_AT_ONCE: i64 = 500;

/// Deletes some of the entries older than `before`, with the values that they keep, and returns how many.
pub fn forget_some(conn: &mut Connection, before: NaiveDateTime) -> QueryResult<usize> {
    let old: Vec<i32> = django_admin_log::table
        .filter(django_admin_log::action_time.lt(moment(before)))
        .order(django_admin_log::id)
        .limit(FORGOTTEN_AT_ONCE)
        .select(django_admin_log::id)
        .load(conn)?;
    if old.is_empty() {
        return Ok(0);
    }
    diesel::delete(admin_change::table.filter(admin_change::log_id.eq_any(&old))).execute(conn)?;
    diesel::delete(django_admin_log::table.filter(django_admin_log::id.eq_any(old))).execute(conn)
}

/// Writes a line about a change to the program's own log (not to the database).
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

/// The id of the model's content type. As in Django, it is inserted when it is first needed.
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

/// Saves the values before and after the change of an entry.
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

/// The values before and after the change of an entry; None if none are saved.
pub fn details(conn: &mut Connection, entry: i32) -> QueryResult<Option<Details>> {
    let kept: Option<(Option<String>, Option<String>)> = admin_change::table
        .filter(admin_change::log_id.eq(entry))
        .select((admin_change::before, admin_change::after))
        .first(conn)
        .optional()?;
    let parse = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(kept.map(|(before, after)| Details { before: parse(before), after: parse(after) }))
}

/// The entry with this id; None if there is none.
pub fn entry(conn: &mut Connection, id: i32) -> QueryResult<Option<Entry>> {
    Ok(entries(conn, Of::Entry(id), 1)?.pop())
}

/// The newest entries, at most `limit`: of one user, or about one object.
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

/// The user who has written an object last; None if the log does not say.
pub fn last_author(conn: &mut Connection, meta: Meta, pk: i64) -> QueryResult<Option<i32>> {
    django_admin_log::table
        .inner_join(django_content_type::table)
        .filter(django_content_type::app_label.eq(meta.app))
        .filter(django_content_type::model.eq(meta.model))
        .filter(django_admin_log::object_id.eq(pk.to_string()))
        .order(django_admin_log::id.desc())
        .select(django_admin_log::user_id)
        .first(conn)
        .optional()
}

#[derive(Clone, Copy)]
pub enum Of<'a> {
    Entry(i32),
    User(i32),
    Object(&'a Meta, i64),
}

/// Django's message of an addition; `rows` are the inline rows that were added with the object.
pub fn added(rows: &[(Meta, RowChanges)], english: impl Fn(&str) -> String) -> Json {
    let mut message = vec![json!({ "added": {} })];
    message.extend(of_rows(rows, &english));
    Json::Array(message)
}

/// The message of a deletion that was undone. The first part makes Django show the entry as an addition; Django ignores
/// the second part, which this program reads.
pub fn restored() -> Json {
    json!([{ "added": {} }, { "restored": {} }])
}

/// The message of a change that was undone: Django's message, and a second part that only this program reads.
pub fn undone(fields: &[String]) -> Json {
    json!([{ "changed": { "fields": fields } }, { "undone": {} }])
}

/// Django's message of a change. The names of fields are in English, whatever the author's language.
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
