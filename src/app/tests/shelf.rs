//! A model that the site does not have: all that the admin needs of it, and its table.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::admin::registry::descriptors::{Fieldset, Meta};
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, ModelField, Value};
use crate::admin::registry::model_admin::ModelAdmin;
use crate::admin::registry::table::table_row;
use crate::db::Connection;
use crate::web::Reader;

diesel::table! {
    library_shelf (id) {
        id -> BigInt,
        name -> Text,
        above -> Nullable<BigInt>,
        beside -> Text,
    }
}

/// Makes the table, as SQLite has it.
pub fn create_table(conn: &mut Connection) -> QueryResult<()> {
    let columns = "id integer PRIMARY KEY AUTOINCREMENT, name text NOT NULL, above bigint, beside text NOT NULL";
    conn.batch_execute(&format!("CREATE TABLE library_shelf ({columns})"))
}

pub struct ShelfAdmin;

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = library_shelf, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Shelf {
    #[diesel(skip_insertion)]
    id: i64,
    name: String,
    above: Option<i64>,
    /// The ids of other shelves, with commas.
    beside: String,
}

table_row!(Shelf: library_shelf, i64);

const FIELDS: &[ModelField<Shelf>] = &[
    ModelField::editable(
        "name",
        "bookmark-field-title",
        FieldKind::Text { max_length: 20 },
        |shelf: &Shelf| Value::Text(shelf.name.clone()),
        |shelf: &mut Shelf, value| shelf.name = value.text(),
    )
    .searched(),
    ModelField::editable(
        "above",
        "bookmark-name",
        FieldKind::ForeignKey(shelves),
        |shelf: &Shelf| shelf.above.map_or(Value::Empty, |id| Value::Related(id, format!("#{id}"))),
        |shelf: &mut Shelf, value| shelf.above = Some(value.related()).filter(|id| *id > 0),
    )
    .of("library", "shelf")
    .optional(),
    ModelField::editable(
        "beside",
        "bookmark-name-plural",
        FieldKind::Many(shelves),
        |shelf: &Shelf| Value::Many(shelf.beside.split(',').filter_map(|id| id.parse().ok()).collect()),
        |shelf: &mut Shelf, value| {
            shelf.beside = value.many().iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        },
    )
    .optional(),
    ModelField::shown("length", "bookmark-field-url", FieldKind::Integer, |shelf: &Shelf| {
        Value::Integer(i64::try_from(shelf.name.len()).unwrap_or(0))
    }),
];

impl ModelAdmin for ShelfAdmin {
    type Columns = Shelf;
    type Row = Shelf;
    const META: Meta = Meta {
        app: "library",
        model: "shelf",
        verbose_name: "bookmark-name",
        verbose_name_plural: "bookmark-name-plural",
        app_name: "bookmark-app",
    };

    fn fields() -> &'static [ModelField<Shelf>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset { title: None, fields: &["name", "above", "beside", "length"], collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["name", "above", "length"]
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("name", false)]
    }

    fn can_be_undone() -> bool {
        true
    }

    fn label(shelf: &Shelf) -> String {
        shelf.name.clone()
    }

    fn clean(_: &mut Connection, _: Option<&Shelf>, shelf: &Shelf) -> QueryResult<FieldErrors> {
        let error = ("name", FieldError::new("bookmark-error-duplicate"));
        Ok(if shelf.name == "taken" { vec![error] } else { Vec::new() })
    }
}

fn shelves(conn: &mut Connection, _: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    library_shelf::table.order(library_shelf::name).select((library_shelf::id, library_shelf::name)).load(conn)
}
