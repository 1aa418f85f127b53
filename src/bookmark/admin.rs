//! Bookmarks in the admin.

use diesel::prelude::*;

use super::models::Bookmark;
use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{Field, FieldError, Kind, Value};
use crate::admin::registry::model::{DeletePlan, Doomed, Fieldset, Meta, ModelAdmin};
use crate::bookmark::schema::bookmark_bookmark;
use crate::clock;
use crate::db::{self, Connection};

pub struct BookmarkAdmin;

type Boxed<'a> = bookmark_bookmark::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

impl ModelAdmin for BookmarkAdmin {
    type Row = Bookmark;
    const META: Meta = Meta {
        app: "bookmark",
        model: "bookmark",
        verbose_name: "bookmark-name",
        verbose_name_plural: "bookmark-name-plural",
        app_name: "bookmark-app",
    };

    fn fields() -> &'static [Field<Bookmark>] {
        const FIELDS: &[Field<Bookmark>] = &[
            Field::editable(
                "title",
                "bookmark-field-title",
                Kind::Text { max_length: 100 },
                |bookmark: &Bookmark| bookmark.title.clone().map_or(Value::Empty, Value::Text),
                |bookmark: &mut Bookmark, value| bookmark.title = Some(value.text()),
            )
            .optional(),
            Field::editable(
                "url",
                "bookmark-field-url",
                Kind::Url { max_length: 200 },
                |bookmark| Value::Text(bookmark.url.clone()),
                |bookmark, value| bookmark.url = value.text(),
            ),
            Field::shown("added_at", "bookmark-field-added", Kind::DateTime, |bookmark: &Bookmark| {
                bookmark.added_at.map_or(Value::Empty, Value::DateTime)
            })
            .restored(|bookmark: &mut Bookmark, value| bookmark.added_at = value.date_time()),
        ];
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset { title: None, fields: &["title", "url", "added_at"], collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["title", "url", "added_at"]
    }

    fn sortable() -> &'static [&'static str] {
        Self::list_display()
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[]
    }

    fn has_search() -> bool {
        true
    }

    fn can_be_undone() -> bool {
        true
    }

    fn pk(bookmark: &Bookmark) -> i64 {
        bookmark.id
    }

    fn label(bookmark: &Bookmark) -> String {
        bookmark.label().to_owned()
    }

    fn view_on_site(bookmark: &Bookmark) -> Option<String> {
        Some(super::paths::detail(bookmark.id))
    }

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        select(query).count().get_result(conn)
    }

    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Bookmark>> {
        let rows = ordered(query).offset(query.offset).limit(query.most());
        rows.select(Bookmark::as_select()).load(conn)
    }

    fn ids(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        ordered(query).select(bookmark_bookmark::id).load(conn)
    }

    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Bookmark> {
        super::queries::find(conn, pk)
    }

    fn clean(
        conn: &mut Connection,
        pk: Option<i64>,
        bookmark: &Bookmark,
    ) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let others: i64 = bookmark_bookmark::table
            .filter(bookmark_bookmark::url.eq(&bookmark.url))
            .filter(bookmark_bookmark::id.ne(pk.unwrap_or(0)))
            .count()
            .get_result(conn)?;
        Ok(if others > 0 { vec![("url", FieldError::new("bookmark-error-duplicate"))] } else { Vec::new() })
    }

    fn save(conn: &mut Connection, pk: Option<i64>, bookmark: &Bookmark) -> QueryResult<i64> {
        // Never NULL: a table that Django made may not take it.
        let title = bookmark.title.as_deref().unwrap_or_default();
        let values = (bookmark_bookmark::title.eq(title), bookmark_bookmark::url.eq(&bookmark.url));
        match pk {
            Some(pk) => {
                diesel::update(bookmark_bookmark::table.find(pk)).set(values).execute(conn)?;
                Ok(pk)
            }
            None => {
                let added_at = bookmark_bookmark::added_at.eq(clock::now());
                diesel::insert_into(bookmark_bookmark::table).values((values, added_at)).execute(conn)?;
                db::last_insert_id(conn)
            }
        }
    }

    fn delete_plan(conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan> {
        let label = Self::label(&Self::find(conn, pk)?);
        Ok(DeletePlan {
            objects: vec![Doomed { model: Self::META.verbose_name, label, children: Vec::new() }],
            counts: vec![(Self::META.verbose_name_plural, 1)],
            needs: vec!["bookmark.delete_bookmark"],
        })
    }

    fn delete(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        diesel::delete(bookmark_bookmark::table.find(pk)).execute(conn).map(|_| ())
    }

    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        let bookmark = bookmark_bookmark::table.find(pk);
        diesel::update(bookmark).set(bookmark_bookmark::url.eq(bookmark_bookmark::url)).execute(conn).map(|_| ())
    }

    fn restore(conn: &mut Connection, pk: i64, bookmark: &Bookmark) -> QueryResult<()> {
        diesel::insert_into(bookmark_bookmark::table)
            .values((
                bookmark_bookmark::id.eq(pk),
                bookmark_bookmark::title.eq(bookmark.title.as_deref().unwrap_or_default()),
                bookmark_bookmark::url.eq(&bookmark.url),
                bookmark_bookmark::added_at.eq(bookmark.added_at),
            ))
            .execute(conn)
            .map(|_| ())
    }
}

/// What a list shows, in its order.
fn ordered(query: &ListQuery) -> Boxed<'_> {
    let mut rows = select(query);
    for (field, descending) in &query.order {
        rows = match (*field, *descending) {
            ("title", false) => rows.then_order_by(bookmark_bookmark::title.asc()),
            ("title", true) => rows.then_order_by(bookmark_bookmark::title.desc()),
            ("added_at", false) => rows.then_order_by(bookmark_bookmark::added_at.asc()),
            ("added_at", true) => rows.then_order_by(bookmark_bookmark::added_at.desc()),
            (_, false) => rows.then_order_by(bookmark_bookmark::url.asc()),
            (_, true) => rows.then_order_by(bookmark_bookmark::url.desc()),
        };
    }
    rows.then_order_by(bookmark_bookmark::id.desc())
}

fn select(query: &ListQuery) -> Boxed<'_> {
    let mut bookmarks = bookmark_bookmark::table.into_boxed();
    for word in &query.words {
        bookmarks = bookmarks
            .filter(db::contains(bookmark_bookmark::title, word).or(db::contains(bookmark_bookmark::url, word)));
    }
    for (_, bound) in query.dates() {
        bookmarks = bookmarks.filter(bound.on(bookmark_bookmark::added_at));
    }
    match &query.ids {
        Some(ids) => bookmarks.filter(bookmark_bookmark::id.eq_any(ids)),
        None => bookmarks,
    }
}
