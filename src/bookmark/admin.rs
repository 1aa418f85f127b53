//! Bookmarks as a model of the admin.

use diesel::prelude::*;

use super::models::Bookmark;
use crate::admin::registry::descriptors::{Fieldset, Meta};
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, ModelField, Value};
use crate::admin::registry::model_admin::ModelAdmin;
use crate::admin::registry::table::table_row;
use crate::bookmark::schema::bookmark_bookmark;
use crate::clock;
use crate::db::Connection;

pub struct BookmarkAdmin;

table_row!(Bookmark: bookmark_bookmark, i64);

impl ModelAdmin for BookmarkAdmin {
    type Columns = Bookmark;
    type Row = Bookmark;
    const META: Meta = Meta {
        app: "bookmark",
        model: "bookmark",
        verbose_name: "bookmark-name",
        verbose_name_plural: "bookmark-name-plural",
        app_name: "bookmark-app",
    };

    fn fields() -> &'static [ModelField<Bookmark>] {
        const FIELDS: &[ModelField<Bookmark>] = &[
            ModelField::editable(
                "title",
                "bookmark-field-title",
                FieldKind::Text { max_length: 100 },
                |bookmark: &Bookmark| bookmark.title.clone().into(),
                // Never NULL, because the column in a table that Django has made may be NOT NULL.
                |bookmark: &mut Bookmark, value| bookmark.title = Some(value.text()),
            )
            .optional()
            .searched(),
            ModelField::editable(
                "url",
                "bookmark-field-url",
                FieldKind::Url { max_length: 200 },
                |bookmark: &Bookmark| Value::Text(bookmark.url.clone()),
                |bookmark: &mut Bookmark, value| bookmark.url = value.text(),
            )
            .searched(),
            ModelField::shown("added_at", "bookmark-field-added", FieldKind::DateTime, |bookmark: &Bookmark| {
                bookmark.added_at.into()
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

    fn can_be_undone() -> bool {
        true
    }

    fn label(bookmark: &Bookmark) -> String {
        bookmark.label().to_owned()
    }

    fn view_on_site(bookmark: &Bookmark) -> Option<String> {
        Some(super::paths::detail(bookmark.id))
    }

    fn clean(conn: &mut Connection, was: Option<&Bookmark>, bookmark: &Bookmark) -> QueryResult<FieldErrors> {
        let others: i64 = bookmark_bookmark::table
            .filter(bookmark_bookmark::url.eq(&bookmark.url))
            .filter(bookmark_bookmark::id.ne(was.map_or(0, |was| was.id)))
            .count()
            .get_result(conn)?;
        Ok(if others > 0 { vec![("url", FieldError::new("bookmark-error-duplicate"))] } else { Vec::new() })
    }

    fn pre_save(bookmark: &mut Bookmark, adding: bool) {
        if adding {
            bookmark.added_at = Some(clock::now());
        }
    }
}
