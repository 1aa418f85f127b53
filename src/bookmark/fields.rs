//! The fields of a bookmark in the admin.

use super::links::LinkState;
use super::models::{LinkCheck, TaggedBookmark};
use super::{folder, paths, tags};
use crate::admin::registry::field::{FieldKind, ModelField, SortKey, Value};
use crate::bookmark::address::{LONGEST_ADDRESS, LONGEST_TITLE};

/// For sorting; bookmarks that were never checked come first.
const STATE_OF_LINK: &str = "COALESCE((SELECT bookmark_check.state FROM bookmark_check \
    WHERE bookmark_check.bookmark_id = bookmark_bookmark.id), '')";

pub const FIELDS: &[ModelField<TaggedBookmark>] = &[
    ModelField::editable(
        "title",
        "bookmark-field-title",
        FieldKind::Text { max_length: LONGEST_TITLE },
        |row: &TaggedBookmark| row.bookmark.title.clone().into(),
        // Never NULL, because the column in a table that Django has made may be NOT NULL.
        |row: &mut TaggedBookmark, value| row.bookmark.title = Some(value.text()),
    )
    .optional()
    .searched(),
    ModelField::editable(
        "url",
        "bookmark-field-url",
        FieldKind::Url { max_length: LONGEST_ADDRESS },
        |row: &TaggedBookmark| Value::Text(row.bookmark.url.clone()),
        |row: &mut TaggedBookmark, value| row.bookmark.url = value.text(),
    )
    .searched(),
    ModelField::editable(
        "description",
        "bookmark-field-description",
        FieldKind::Paragraph,
        |row: &TaggedBookmark| Value::Text(row.bookmark.description.clone()),
        |row: &mut TaggedBookmark, value| row.bookmark.description = value.text(),
    )
    .optional()
    .searched(),
    ModelField::editable(
        "tags",
        "bookmark-field-tags",
        FieldKind::Text { max_length: 4000 },
        |row: &TaggedBookmark| Value::Text(row.tags.join(", ")),
        |row: &mut TaggedBookmark, value| row.tags = tags::parse(&value.text()),
    )
    .optional()
    .sorted_by(SortKey::None)
    .help("bookmark-help-tags"),
    ModelField::editable(
        "is_private",
        "bookmark-field-private",
        FieldKind::Boolean,
        |row: &TaggedBookmark| row.bookmark.is_private.into(),
        |row: &mut TaggedBookmark, value| row.bookmark.is_private = value.boolean(),
    )
    .optional()
    .help("bookmark-help-private"),
    ModelField::editable(
        "unread",
        "bookmark-field-unread",
        FieldKind::Boolean,
        |row: &TaggedBookmark| row.bookmark.unread.into(),
        |row: &mut TaggedBookmark, value| row.bookmark.unread = value.boolean(),
    )
    .optional(),
    ModelField::editable(
        "is_archived",
        "bookmark-field-archived",
        FieldKind::Boolean,
        |row: &TaggedBookmark| row.bookmark.is_archived.into(),
        |row: &mut TaggedBookmark, value| row.bookmark.is_archived = value.boolean(),
    )
    .optional()
    .help("bookmark-help-archived"),
    ModelField::editable(
        "folder",
        "bookmark-field-folder",
        FieldKind::Text { max_length: folder::LONGEST },
        |row: &TaggedBookmark| Value::Text(row.bookmark.folder.clone()),
        |row: &mut TaggedBookmark, value| row.bookmark.folder = folder::tidied(&value.text()),
    )
    .optional()
    .help("bookmark-help-folder"),
    ModelField::editable(
        "notes",
        "bookmark-field-notes",
        FieldKind::Paragraph,
        |row: &TaggedBookmark| Value::Text(row.bookmark.notes.clone()),
        |row: &mut TaggedBookmark, value| row.bookmark.notes = value.text(),
    )
    .optional()
    .searched()
    .help("bookmark-help-notes"),
    ModelField::shown("added_at", "bookmark-field-added", FieldKind::DateTime, |row: &TaggedBookmark| {
        row.bookmark.added_at.into()
    })
    .restored(|row: &mut TaggedBookmark, value| row.bookmark.added_at = value.date_time()),
    ModelField::shown("changed_at", "bookmark-field-changed", FieldKind::DateTime, |row: &TaggedBookmark| {
        row.bookmark.changed_at.into()
    })
    .restored(|row: &mut TaggedBookmark, value| row.bookmark.changed_at = value.date_time()),
    ModelField::shown("link_state", "bookmark-field-link-state", FieldKind::State, |row: &TaggedBookmark| {
        row.check.as_ref().and_then(|check| Value::choice(LinkState::CHOICES, &check.state)).into()
    })
    .sorted_by(SortKey::Expression(STATE_OF_LINK)),
    ModelField::shown("link_checked", "bookmark-field-link-checked", FieldKind::State, |row: &TaggedBookmark| {
        row.check.as_ref().map(|check| check.checked_at).into()
    })
    .sorted_by(SortKey::None),
    ModelField::shown("link_answer", "bookmark-field-link-answer", FieldKind::State, |row: &TaggedBookmark| {
        row.check.as_ref().map(LinkCheck::answer).into()
    })
    .sorted_by(SortKey::None),
    ModelField::shown("link_failing", "bookmark-field-link-failing", FieldKind::State, |row: &TaggedBookmark| {
        row.check.as_ref().and_then(|check| check.first_failed_at).into()
    })
    .sorted_by(SortKey::None),
    ModelField::shown("new_address", "bookmark-field-new-address", FieldKind::State, |row: &TaggedBookmark| {
        row.check.as_ref().map(|check| check.new_address.clone()).filter(|new| !new.is_empty()).into()
    })
    .sorted_by(SortKey::None),
    ModelField::shown("archive", "bookmark-field-archive", FieldKind::Link, |row: &TaggedBookmark| {
        let link = row.bookmark.link().filter(|_| row.check.as_ref().is_some_and(LinkCheck::is_dead));
        link.map_or(Value::Empty, |url| Value::Link("bookmark-archive", paths::archive(url)))
    })
    .sorted_by(SortKey::None),
];
