//! The list of the admin's own log. It is read-only.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::relations;
use crate::admin::changes::log_message;
use crate::admin::list::query::ListQuery;
use crate::admin::registry::descriptors::{Fieldset, Filter, FilterChoices, Meta};
use crate::admin::registry::field::{Choices as Fixed, FieldKind, ModelField, SortKey, Value};
use crate::admin::registry::model_admin::{ModelAdmin, Query};
use crate::admin::registry::sentence::{Sentence, SentencePart};
use crate::admin::registry::table::{annotated_row, table_row};
use crate::admin::schema::{django_admin_log as entries, django_content_type};
use crate::auth::schema::auth_user;
use crate::db::{self, Connection};

pub struct LogEntryAdmin;

/// A log entry with the names of its author and its model.
#[derive(Debug, Clone, Default)]
pub struct LogEntryRow {
    entry: LogEntry,
    username: String,
    /// The app label and the model name of the entry's object.
    content_type: Option<(String, String)>,
}

#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct LogEntry {
    id: i32,
    action_time: NaiveDateTime,
    object_id: Option<String>,
    object_repr: String,
    action_flag: i16,
    change_message: String,
    content_type_id: Option<i32>,
    user_id: i32,
    author: Option<String>,
}

table_row!(read LogEntry: entries, i32);
annotated_row!(LogEntryRow.entry: LogEntry);

/// Sorts by the name of the entry's author.
const USERNAME: SortKey =
    SortKey::Expression("(SELECT auth_user.username FROM auth_user WHERE auth_user.id = django_admin_log.user_id)");

const FLAGS: Fixed = &[("1", "auth-log-addition"), ("2", "auth-log-change"), ("3", "auth-log-deletion")];

const FIELDS: &[ModelField<LogEntryRow>] = &[
    ModelField::shown("action_time", "auth-log-time", FieldKind::DateTime, |row| {
        Value::DateTime(row.entry.action_time)
    }),
    ModelField::shown(
        "user",
        "auth-log-user",
        FieldKind::ForeignKey(relations::author_options),
        |row: &LogEntryRow| {
            match &row.entry.author {
                // The author's account was deleted, so the name is shown without a link.
                Some(name) => {
                    let deleted = Sentence::new("admin-deleted-user").with("name", SentencePart::Text(name.clone()));
                    Value::Said(name.clone(), vec![deleted])
                }
                None => Value::Related(i64::from(row.entry.user_id), row.username.clone()),
            }
        },
    )
    .of("auth", "user")
    .sorted_by(USERNAME),
    ModelField::shown("content_type", "auth-log-content-type", FieldKind::Text { max_length: 200 }, |row| {
        row.content_type.as_ref().map_or(Value::Empty, |(app, model)| {
            let named = Sentence::new("auth-log-type")
                .with("app", SentencePart::App(app.clone()))
                .with("model", SentencePart::Model(app.clone(), model.clone()));
            Value::Said(format!("{app}.{model}"), vec![named])
        })
    }),
    ModelField::shown("object_id", "auth-log-object-id", FieldKind::Paragraph, |row| {
        row.entry.object_id.clone().map_or(Value::Empty, Value::Text)
    }),
    ModelField::shown("object_repr", "auth-log-object", FieldKind::Text { max_length: 200 }, |row: &LogEntryRow| {
        Value::Text(row.entry.object_repr.clone())
    })
    .searched(),
    ModelField::shown("action_flag", "auth-log-flag", FieldKind::Choice(FLAGS), |row| {
        Value::choice(FLAGS, &row.entry.action_flag.to_string()).unwrap_or(Value::Empty)
    }),
    ModelField::shown("change_message", "auth-log-message", FieldKind::Paragraph, |row: &LogEntryRow| {
        log_message::value(&row.entry.change_message, row.entry.action_flag)
    })
    .searched()
    .sorted_by(SortKey::None),
];

impl ModelAdmin for LogEntryAdmin {
    type Columns = LogEntry;
    type Row = LogEntryRow;
    const META: Meta = Meta {
        app: "admin",
        model: "logentry",
        verbose_name: "auth-log-entry",
        verbose_name_plural: "auth-log-entry-plural",
        app_name: "auth-log-app",
    };

    fn fields() -> &'static [ModelField<LogEntryRow>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        const FORM: &[&str] =
            &["action_time", "user", "content_type", "object_id", "object_repr", "action_flag", "change_message"];
        &[Fieldset { title: None, fields: FORM, collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["action_time", "user", "content_type", "object_repr", "action_flag", "change_message"]
    }

    fn list_filter() -> &'static [Filter] {
        const FILTERS: &[Filter] = &[
            Filter::new("action_flag__exact", "auth-log-flag", FilterChoices::Fixed(FLAGS)),
            Filter::new("user__id__exact", "auth-log-user", FilterChoices::Options(relations::author_options)),
        ];
        FILTERS
    }

    fn date_hierarchy() -> Option<&'static str> {
        Some("action_time")
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("action_time", true)]
    }

    fn may_be_added() -> bool {
        false
    }

    fn may_be_changed() -> bool {
        false
    }

    fn undoes(pk: i64) -> Option<i32> {
        i32::try_from(pk).ok()
    }

    fn filter<'a>(rows: Query<'a, Self>, key: &str, value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        match key {
            "action_flag__exact" => rows.filter(entries::action_flag.eq(value.parse::<i16>().unwrap_or(0))),
            _ => rows.filter(entries::user_id.eq(value.parse::<i32>().unwrap_or(0))),
        }
    }

    fn annotate(conn: &mut Connection, rows: Vec<LogEntry>) -> QueryResult<Vec<LogEntryRow>> {
        with_names(conn, rows)
    }

    fn label(row: &LogEntryRow) -> String {
        row.entry.object_repr.clone()
    }
}

fn with_names(conn: &mut Connection, rows: Vec<LogEntry>) -> QueryResult<Vec<LogEntryRow>> {
    let authors: HashSet<i32> = rows.iter().map(|row| row.user_id).collect();
    let names = (auth_user::id, auth_user::username);
    let users: Vec<Option<(i32, String)>> = db::readable(
        conn,
        "auth_user",
        |conn| auth_user::table.filter(auth_user::id.eq_any(&authors)).select(names).load(conn),
        |_| Ok(authors.iter().copied().collect()),
        |conn, id: i32| auth_user::table.find(id).select(names).get_result(conn),
    )?;
    let users: HashMap<i32, String> = users.into_iter().flatten().collect();
    let types: Vec<(i32, String, String)> = django_content_type::table
        .select((django_content_type::id, django_content_type::app_label, django_content_type::model))
        .load(conn)?;
    let types: HashMap<i32, (String, String)> = types.into_iter().map(|(id, app, model)| (id, (app, model))).collect();
    let row = |entry: LogEntry| LogEntryRow {
        username: users.get(&entry.user_id).cloned().unwrap_or_default(),
        content_type: entry.content_type_id.and_then(|id| types.get(&id).cloned()),
        entry,
    };
    Ok(rows.into_iter().map(row).collect())
}
