//! The admin's own log, to be read.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::result::Error;

use super::{Backend, id, ids, relations};
use crate::admin::changes::log_message;
use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{Choices as Fixed, Field, Kind, Value};
use crate::admin::registry::model::{Choices, DeletePlan, Fieldset, Filter, Meta, ModelAdmin};
use crate::admin::registry::sentence::{Part, Sentence};
use crate::admin::schema::{django_admin_log as entries, django_content_type};
use crate::auth::schema::auth_user;
use crate::db::{self, Connection};

pub struct LogEntryAdmin;

/// An entry with the names of what it speaks of.
#[derive(Debug, Clone, Default)]
pub struct Row {
    entry: Columns,
    username: String,
    /// App and model.
    content_type: Option<(String, String)>,
}

#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = entries)]
struct Columns {
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

const FLAGS: Fixed = &[("1", "auth-log-addition"), ("2", "auth-log-change"), ("3", "auth-log-deletion")];

const FIELDS: &[Field<Row>] = &[
    Field::shown("action_time", "auth-log-time", Kind::DateTime, |row| Value::DateTime(row.entry.action_time)),
    Field::shown("user", "auth-log-user", Kind::ForeignKey(relations::author_options), |row: &Row| {
        match &row.entry.author {
            // There is no page of theirs any more.
            Some(name) => {
                let deleted = Sentence::new("admin-deleted-user").with("name", Part::Text(name.clone()));
                Value::Said(name.clone(), vec![deleted])
            }
            None => Value::Related(i64::from(row.entry.user_id), row.username.clone()),
        }
    })
    .of("auth", "user"),
    Field::shown("content_type", "auth-log-content-type", Kind::Text { max_length: 200 }, |row| {
        row.content_type.as_ref().map_or(Value::Empty, |(app, model)| {
            let named = Sentence::new("auth-log-type")
                .with("app", Part::App(app.clone()))
                .with("model", Part::Model(app.clone(), model.clone()));
            Value::Said(format!("{app}.{model}"), vec![named])
        })
    }),
    Field::shown("object_id", "auth-log-object-id", Kind::Paragraph, |row| {
        row.entry.object_id.clone().map_or(Value::Empty, Value::Text)
    }),
    Field::shown("object_repr", "auth-log-object", Kind::Text { max_length: 200 }, |row| {
        Value::Text(row.entry.object_repr.clone())
    }),
    Field::shown("action_flag", "auth-log-flag", Kind::Choice(FLAGS), |row| {
        Value::choice(FLAGS, &row.entry.action_flag.to_string()).unwrap_or(Value::Empty)
    }),
    Field::shown("change_message", "auth-log-message", Kind::Paragraph, |row| {
        log_message::value(&row.entry.change_message, row.entry.action_flag)
    }),
];

impl ModelAdmin for LogEntryAdmin {
    type Row = Row;
    const META: Meta = Meta {
        app: "admin",
        model: "logentry",
        verbose_name: "auth-log-entry",
        verbose_name_plural: "auth-log-entry-plural",
        app_name: "auth-log-app",
    };

    fn fields() -> &'static [Field<Row>] {
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
            Filter::new("action_flag__exact", "auth-log-flag", Choices::Fixed(FLAGS)),
            Filter::new("user__id__exact", "auth-log-user", Choices::Options(relations::author_options)),
        ];
        FILTERS
    }

    fn date_hierarchy() -> Option<&'static str> {
        Some("action_time")
    }

    fn sortable() -> &'static [&'static str] {
        &["action_time", "user", "content_type", "object_repr", "action_flag"]
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("action_time", true)]
    }

    fn has_search() -> bool {
        true
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

    fn pk(row: &Row) -> i64 {
        i64::from(row.entry.id)
    }

    fn label(row: &Row) -> String {
        row.entry.object_repr.clone()
    }

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        select(query).count().get_result(conn)
    }

    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Row>> {
        let rows = ordered(query).offset(query.offset).limit(query.most());
        let rows = rows.select(Columns::as_select()).load(conn)?;
        with_names(conn, rows)
    }

    fn ids(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        let ids: Vec<i32> = ordered(query).select(entries::id).load(conn)?;
        Ok(ids.into_iter().map(i64::from).collect())
    }

    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Row> {
        let row = entries::table.find(id(pk)?).select(Columns::as_select()).first(conn)?;
        with_names(conn, vec![row])?.pop().ok_or(Error::NotFound)
    }

    // Nobody gets this far: the model can be neither added to nor changed.

    fn save(_conn: &mut Connection, _pk: Option<i64>, _row: &Row) -> QueryResult<i64> {
        Err(Error::NotFound)
    }

    fn delete_plan(_conn: &mut Connection, _pk: i64) -> QueryResult<DeletePlan> {
        Err(Error::NotFound)
    }

    fn delete(_conn: &mut Connection, _pk: i64) -> QueryResult<()> {
        Err(Error::NotFound)
    }
}

/// What a list shows, in its order.
fn ordered(query: &ListQuery) -> entries::BoxedQuery<'_, Backend> {
    let mut rows = select(query);
    for (field, descending) in &query.order {
        rows = match (*field, *descending) {
            ("user", false) => rows.then_order_by(username().asc()),
            ("user", true) => rows.then_order_by(username().desc()),
            ("content_type", false) => rows.then_order_by(entries::content_type_id.asc()),
            ("content_type", true) => rows.then_order_by(entries::content_type_id.desc()),
            ("object_repr", false) => rows.then_order_by(entries::object_repr.asc()),
            ("object_repr", true) => rows.then_order_by(entries::object_repr.desc()),
            ("action_flag", false) => rows.then_order_by(entries::action_flag.asc()),
            ("action_flag", true) => rows.then_order_by(entries::action_flag.desc()),
            (_, false) => rows.then_order_by(entries::action_time.asc()),
            (_, true) => rows.then_order_by(entries::action_time.desc()),
        };
    }
    rows.then_order_by(entries::id.desc())
}

fn select(query: &ListQuery) -> entries::BoxedQuery<'_, Backend> {
    let mut rows = entries::table.into_boxed();
    for word in &query.words {
        rows = rows.filter(db::contains(entries::object_repr, word).or(db::contains(entries::change_message, word)));
    }
    for (key, value) in &query.filters {
        rows = match *key {
            "action_flag__exact" => rows.filter(entries::action_flag.eq(value.parse::<i16>().unwrap_or(0))),
            _ => rows.filter(entries::user_id.eq(value.parse::<i32>().unwrap_or(0))),
        };
    }
    for (_, bound) in query.dates() {
        rows = rows.filter(bound.on(entries::action_time));
    }
    match &query.ids {
        Some(pks) => rows.filter(entries::id.eq_any(ids(pks))),
        None => rows,
    }
}

/// The name of the entry's author.
#[diesel::dsl::auto_type]
fn username() -> _ {
    auth_user::table.filter(auth_user::id.eq(entries::user_id)).select(auth_user::username).single_value()
}

fn with_names(conn: &mut Connection, rows: Vec<Columns>) -> QueryResult<Vec<Row>> {
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
    let row = |entry: Columns| Row {
        username: users.get(&entry.user_id).cloned().unwrap_or_default(),
        content_type: entry.content_type_id.and_then(|id| types.get(&id).cloned()),
        entry,
    };
    Ok(rows.into_iter().map(row).collect())
}
