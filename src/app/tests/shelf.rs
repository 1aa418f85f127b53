//! A model that the site does not have, kept in the table of bookmarks: all that the admin needs of it.

use diesel::prelude::*;

use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{Field, FieldError, Kind, Value};
use crate::admin::registry::model::{DeletePlan, Doomed, Fieldset, Meta, ModelAdmin};
use crate::bookmark::schema::bookmark_bookmark as table;
use crate::db::{self, Connection};
use crate::web::Reader;

pub struct ShelfAdmin;

/// `title` holds the shelf above, `url` the name and the shelves beside.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    id: i64,
    name: String,
    above: Option<i64>,
    beside: Vec<i64>,
}

const FIELDS: &[Field<Shelf>] = &[
    Field::editable(
        "name",
        "bookmark-field-title",
        Kind::Text { max_length: 20 },
        |shelf: &Shelf| Value::Text(shelf.name.clone()),
        |shelf: &mut Shelf, value| shelf.name = value.text(),
    ),
    Field::editable(
        "above",
        "bookmark-name",
        Kind::ForeignKey(shelves),
        |shelf: &Shelf| shelf.above.map_or(Value::Empty, |id| Value::Related(id, format!("#{id}"))),
        |shelf: &mut Shelf, value| shelf.above = Some(value.related()).filter(|id| *id > 0),
    )
    .of("library", "shelf")
    .optional(),
    Field::editable(
        "beside",
        "bookmark-name-plural",
        Kind::Many(shelves),
        |shelf: &Shelf| Value::Many(shelf.beside.clone()),
        |shelf: &mut Shelf, value| shelf.beside = value.many(),
    )
    .optional(),
    Field::shown("length", "bookmark-field-url", Kind::Integer, |shelf: &Shelf| {
        Value::Integer(i64::try_from(shelf.name.len()).unwrap_or(0))
    }),
];

impl ModelAdmin for ShelfAdmin {
    type Row = Shelf;
    const META: Meta = Meta {
        app: "library",
        model: "shelf",
        verbose_name: "bookmark-name",
        verbose_name_plural: "bookmark-name-plural",
        app_name: "bookmark-app",
    };

    fn fields() -> &'static [Field<Shelf>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset { title: None, fields: &["name", "above", "beside", "length"], collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["name", "above", "length"]
    }

    fn sortable() -> &'static [&'static str] {
        &["name"]
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("name", false)]
    }

    fn has_search() -> bool {
        true
    }

    fn can_be_undone() -> bool {
        true
    }

    fn pk(shelf: &Shelf) -> i64 {
        shelf.id
    }

    fn label(shelf: &Shelf) -> String {
        shelf.name.clone()
    }

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        Ok(i64::try_from(Self::rows(conn, query)?.len()).unwrap_or(0))
    }

    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Shelf>> {
        let mut rows = table::table.order(table::url).into_boxed();
        for word in &query.words {
            rows = rows.filter(crate::db::contains(table::url, word));
        }
        if let Some(ids) = &query.ids {
            rows = rows.filter(table::id.eq_any(ids));
        }
        Ok(rows.select((table::id, table::title, table::url)).load(conn)?.into_iter().map(shelf).collect())
    }

    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Shelf> {
        table::table.find(pk).select((table::id, table::title, table::url)).first(conn).map(shelf)
    }

    fn clean(_: &mut Connection, _: Option<i64>, shelf: &Shelf) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let error = ("name", FieldError::new("bookmark-error-duplicate"));
        Ok(if shelf.name == "taken" { vec![error] } else { Vec::new() })
    }

    fn save(conn: &mut Connection, pk: Option<i64>, shelf: &Shelf) -> QueryResult<i64> {
        let values = columns(shelf);
        match pk {
            Some(pk) => diesel::update(table::table.find(pk)).set(values).execute(conn).map(|_| pk),
            None => {
                diesel::insert_into(table::table).values(values).execute(conn)?;
                db::last_insert_id(conn)
            }
        }
    }

    fn delete_plan(conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan> {
        let label = Self::find(conn, pk)?.name;
        let objects = vec![Doomed { model: "bookmark-name", label, children: Vec::new() }];
        Ok(DeletePlan { objects, counts: vec![("bookmark-name-plural", 1)], ..DeletePlan::default() })
    }

    fn delete(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        diesel::delete(table::table.find(pk)).execute(conn).map(|_| ())
    }

    fn restore(conn: &mut Connection, pk: i64, shelf: &Shelf) -> QueryResult<()> {
        diesel::insert_into(table::table).values((table::id.eq(pk), columns(shelf))).execute(conn).map(|_| ())
    }
}

type Columns = (diesel::dsl::Eq<table::title, String>, diesel::dsl::Eq<table::url, String>);

fn columns(shelf: &Shelf) -> Columns {
    let beside: Vec<_> = shelf.beside.iter().map(ToString::to_string).collect();
    let above = shelf.above.unwrap_or(0).to_string();
    (table::title.eq(above), table::url.eq(format!("{}|{}", shelf.name, beside.join(","))))
}

fn shelf((id, title, url): (i64, Option<String>, String)) -> Shelf {
    let (name, beside) = url.split_once('|').unwrap_or((&url, ""));
    Shelf {
        id,
        name: name.to_owned(),
        above: title.and_then(|id| id.parse().ok()).filter(|id| *id > 0),
        beside: beside.split(',').filter_map(|id| id.parse().ok()).collect(),
    }
}

fn shelves(conn: &mut Connection, _: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    let shelves = ShelfAdmin::rows(conn, &ListQuery::default())?;
    Ok(shelves.into_iter().map(|shelf| (shelf.id, shelf.name)).collect())
}
