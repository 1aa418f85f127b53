//! Bookmarks as a model of the admin.

use diesel::prelude::*;

use super::errands::TITLE;
use super::fields::FIELDS;
use super::links::{self, LinkState};
use super::models::{Bookmark, TaggedBookmark};
use super::shown::ShownBookmarks;
use super::{actions, tagging, tags};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::descriptors::{Fieldset, Filter, FilterChoices, ListAction, Meta};
use crate::admin::registry::field::{FieldError, FieldErrors, ModelField};
use crate::admin::registry::model_admin::{self, ModelAdmin, Query};
use crate::admin::registry::table::{Condition, TableRow as _, annotated_row, table_row};
use crate::bookmark::schema::{bookmark_bookmark, bookmark_check, bookmark_tagging};
use crate::clock;
use crate::db::Connection;
use crate::outbound::queue;
use crate::text::fold;
use crate::web::Reader;

pub struct BookmarkAdmin;

table_row!(Bookmark: bookmark_bookmark, i64);
annotated_row!(TaggedBookmark.bookmark: Bookmark);

/// How many tags the filter offers.
const TAGS_OFFERED: i64 = 50;

const YES_OR_NO: FilterChoices = FilterChoices::Fixed(&[("1", "bookmark-filter-yes"), ("0", "bookmark-filter-no")]);

impl ModelAdmin for BookmarkAdmin {
    type Columns = Bookmark;
    type Row = TaggedBookmark;
    const META: Meta = Meta {
        app: "bookmark",
        model: "bookmark",
        verbose_name: "bookmark-name",
        verbose_name_plural: "bookmark-name-plural",
        app_name: "bookmark-app",
    };

    fn fields() -> &'static [ModelField<TaggedBookmark>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        const FIELDS: &[&str] = &[
            "title",
            "url",
            "description",
            "tags",
            "folder",
            "is_private",
            "unread",
            "is_archived",
            "added_at",
            "changed_at",
        ];
        const NOTES: &[&str] = &["notes"];
        const LINK: &[&str] = &["link_state", "link_checked", "link_answer", "link_failing", "new_address", "archive"];
        &[
            Fieldset { title: None, fields: FIELDS, collapsed: false },
            Fieldset { title: Some("bookmark-field-notes"), fields: NOTES, collapsed: false },
            Fieldset { title: Some("bookmark-fieldset-link"), fields: LINK, collapsed: false },
        ]
    }

    fn list_display() -> &'static [&'static str] {
        &["title", "url", "added_at", "tags", "is_private", "link_state"]
    }

    fn list_filter() -> &'static [Filter] {
        const FILTERS: &[Filter] = &[
            Filter::new("tags__id__exact", "bookmark-filter-tag", FilterChoices::Options(offered_tags))
                .or_empty("tags__isnull"),
            Filter::new("is_private__exact", "bookmark-field-private", YES_OR_NO),
            Filter::new("unread__exact", "bookmark-field-unread", YES_OR_NO),
            Filter::new("is_archived__exact", "bookmark-field-archived", YES_OR_NO),
            Filter::new("link_state__exact", "bookmark-field-link-state", FilterChoices::Fixed(LinkState::CHOICES))
                .or_empty("link_state__isnull"),
        ];
        FILTERS
    }

    fn date_hierarchy() -> Option<&'static str> {
        Some("added_at")
    }

    fn actions() -> &'static [ListAction] {
        actions::ACTIONS
    }

    fn can_be_undone() -> bool {
        true
    }

    fn label(row: &TaggedBookmark) -> String {
        row.bookmark.label().to_owned()
    }

    fn view_on_site(row: &TaggedBookmark) -> Option<String> {
        Some(super::paths::detail(row.bookmark.id))
    }

    fn also_found_by(word: &str) -> Option<Condition<bookmark_bookmark::table>> {
        Some(super::shown::has_tag_with(word))
    }

    fn filter<'a>(rows: Query<'a, Self>, key: &str, value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        let tagged = bookmark_tagging::table.select(bookmark_tagging::bookmark_id);
        let checked = bookmark_check::table.select(bookmark_check::bookmark_id);
        match key {
            "link_state__isnull" if value == "True" => rows.filter(bookmark_bookmark::id.ne_all(checked)),
            "link_state__isnull" => rows.filter(bookmark_bookmark::id.eq_any(checked)),
            "link_state__exact" => {
                let found = checked.filter(bookmark_check::state.eq(value.to_owned()));
                rows.filter(bookmark_bookmark::id.eq_any(found))
            }
            "is_private__exact" => rows.filter(bookmark_bookmark::is_private.eq(value == "1")),
            "is_archived__exact" => rows.filter(bookmark_bookmark::is_archived.eq(value == "1")),
            "unread__exact" => rows.filter(bookmark_bookmark::unread.eq(value == "1")),
            "tags__isnull" if value == "True" => rows.filter(bookmark_bookmark::id.ne_all(tagged)),
            "tags__isnull" => rows.filter(bookmark_bookmark::id.eq_any(tagged)),
            _ => {
                let tag = value.parse::<i64>().unwrap_or(0);
                rows.filter(bookmark_bookmark::id.eq_any(tagged.filter(bookmark_tagging::tag_id.eq(tag))))
            }
        }
    }

    fn annotate(conn: &mut Connection, rows: Vec<Bookmark>) -> QueryResult<Vec<TaggedBookmark>> {
        let tagged = tagging::with_tags(conn, rows)?;
        links::with_checks(conn, tagged)
    }

    fn clean(conn: &mut Connection, was: Option<&TaggedBookmark>, row: &TaggedBookmark) -> QueryResult<FieldErrors> {
        let mut errors = Vec::new();
        let others: i64 = bookmark_bookmark::table
            .filter(bookmark_bookmark::url.eq(&row.bookmark.url))
            .filter(bookmark_bookmark::id.ne(was.map_or(0, |was| was.bookmark.id)))
            .count()
            .get_result(conn)?;
        if others > 0 {
            errors.push(("url", FieldError::new("bookmark-error-duplicate")));
        }
        for (field, text) in [("description", &row.bookmark.description), ("notes", &row.bookmark.notes)] {
            if text.contains('\0') {
                errors.push((field, FieldError::new("admin-error-null")));
            }
        }
        if row.tags.iter().any(|tag| tags::is_too_long(tag)) {
            errors.push(("tags", tags::too_long()));
        }
        if row.tags.len() > tags::MOST {
            errors.push(("tags", FieldError::with_count("bookmark-error-too-many-tags", tags::MOST)));
        }
        Ok(errors)
    }

    fn pre_save(row: &mut TaggedBookmark, adding: bool) {
        let time = if adding { &mut row.bookmark.added_at } else { &mut row.bookmark.changed_at };
        *time = Some(clock::now());
    }

    fn save(conn: &mut Connection, was: Option<&TaggedBookmark>, row: &TaggedBookmark) -> QueryResult<i64> {
        let pk = model_admin::write::<Self>(conn, was, row)?;
        tagging::set(conn, pk, &row.tags)?;
        let url = &row.bookmark.url;
        if was.is_some_and(|was| was.bookmark.url != *url) {
            links::forget(conn, pk)?;
        }
        // The page is asked for its title by `polls outbound`, never here.
        let is_blank = row.bookmark.title.as_deref().is_none_or(crate::text::is_blank);
        if was.is_none() && is_blank && row.bookmark.link().is_some() {
            queue::put(conn, TITLE, pk, url)?;
        }
        Ok(pk)
    }

    fn restore(conn: &mut Connection, pk: i64, row: &TaggedBookmark) -> QueryResult<()> {
        row.bookmark.clone().insert(conn, Some(pk))?;
        tagging::set(conn, pk, &row.tags)
    }
}

/// The tags that most bookmarks have, by name.
fn offered_tags(conn: &mut Connection, _: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    let tags = tagging::most_used(conn, &ShownBookmarks::all(), TAGS_OFFERED)?;
    let mut tags: Vec<_> = tags.into_iter().map(|(id, name, _)| (id, name)).collect();
    tags.sort_by_key(|(_, name)| fold(name));
    Ok(tags)
}
