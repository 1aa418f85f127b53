//! The actions on bookmarks that are selected in the admin's list.

use diesel::QueryResult;

use super::errands::CHECK;
use super::models::Bookmark;
use super::{links, queries, tagging, tags};
use crate::admin::registry::descriptors::{ActionInput, ListAction, Permission};
use crate::admin::registry::field::FieldError;
use crate::admin::registry::table::TableRow as _;
use crate::clock;
use crate::db::Connection;
use crate::outbound::queue;
use crate::text::fold;

type Run = fn(&mut Connection, i64, &str) -> QueryResult<bool>;

const TAGS_TO_TYPE: ActionInput = ActionInput { label: "bookmark-field-tags", check: wrong_tags };

pub const ACTIONS: &[ListAction] = &[
    action("make_private", "bookmark-action-private", |conn, pk, _| set(conn, pk, |row| row.is_private = true)),
    action("make_public", "bookmark-action-public", |conn, pk, _| set(conn, pk, |row| row.is_private = false)),
    action("mark_unread", "bookmark-action-unread", |conn, pk, _| set(conn, pk, |row| row.unread = true)),
    action("archive", "bookmark-action-archive", |conn, pk, _| set(conn, pk, |row| row.is_archived = true)),
    action("unarchive", "bookmark-action-unarchive", |conn, pk, _| set(conn, pk, |row| row.is_archived = false)),
    action("mark_read", "bookmark-action-read", |conn, pk, _| set(conn, pk, |row| row.unread = false)),
    ListAction {
        input: Some(TAGS_TO_TYPE),
        skipped: Some("bookmark-action-too-many-tags"),
        ..action("add_tags", "bookmark-action-add-tags", |conn, pk, typed| {
            retag(conn, pk, |mut tags| {
                tags.extend(tags::parse(typed));
                let tags = tags::unique(tags.into_iter());
                (tags.len() <= tags::MOST).then_some(tags)
            })
        })
    },
    ListAction {
        input: Some(TAGS_TO_TYPE),
        ..action("remove_tags", "bookmark-action-remove-tags", |conn, pk, typed| {
            let gone: Vec<_> = tags::parse(typed).iter().map(|tag| fold(tag)).collect();
            retag(conn, pk, |tags| Some(tags.into_iter().filter(|tag| !gone.contains(&fold(tag))).collect()))
        })
    },
    ListAction {
        input: Some(ActionInput { check: wrong_pair, ..TAGS_TO_TYPE }),
        skipped: Some("bookmark-action-without-tag"),
        ..action("replace_tag", "bookmark-action-replace-tag", |conn, pk, typed| {
            retag(conn, pk, |tags| tags::replaced(tags, &tags::parse(typed)))
        })
    },
    ListAction {
        done: "bookmark-action-queued",
        ..action("check_links", "bookmark-action-check", |conn, pk, _| {
            let bookmark = queries::find(conn, pk)?;
            queue::put(conn, CHECK, pk, &bookmark.url).map(|()| true)
        })
    },
    ListAction {
        skipped: Some("bookmark-action-not-moved"),
        ..action("take_new_address", "bookmark-action-new-address", |conn, pk, _| {
            let Some(url) = links::new_address(conn, pk)? else { return Ok(false) };
            let mut bookmark = queries::find(conn, pk)?;
            bookmark.url = url;
            bookmark.changed_at = Some(clock::now());
            bookmark.update(conn, pk)?;
            links::forget(conn, pk).map(|()| true)
        })
    },
];

const fn action(name: &'static str, title: &'static str, run: Run) -> ListAction {
    let (permission, done) = (Permission::Change, "bookmark-action-done");
    ListAction { name, title, done, permission, run, input: None, skipped: None }
}

fn wrong_tags(typed: &str) -> Option<FieldError> {
    let typed = tags::parse(typed);
    if typed.is_empty() {
        return Some(FieldError::new("bookmark-action-no-tags"));
    }
    let is_too_long = typed.iter().any(|tag| tags::is_too_long(tag));
    is_too_long.then(tags::too_long)
}

/// A tag and the one that takes its place.
fn wrong_pair(typed: &str) -> Option<FieldError> {
    let is_pair = tags::parse(typed).len() == 2;
    if is_pair { wrong_tags(typed) } else { Some(FieldError::new("bookmark-action-no-pair")) }
}

/// Changes the tags of a bookmark for an action of the list. False if the action does not apply to these tags.
fn retag(conn: &mut Connection, pk: i64, change: impl FnOnce(Vec<String>) -> Option<Vec<String>>) -> QueryResult<bool> {
    let had = queries::detail(conn, pk, true)?.tags;
    let Some(tags) = change(had.clone()) else { return Ok(false) };
    if tags == had {
        return Ok(true);
    }
    tagging::set(conn, pk, &tags)?;
    set(conn, pk, |_| {})
}

/// Changes a bookmark for an action of the list.
fn set(conn: &mut Connection, pk: i64, change: fn(&mut Bookmark)) -> QueryResult<bool> {
    let mut bookmark = queries::find(conn, pk)?;
    change(&mut bookmark);
    bookmark.changed_at = Some(clock::now());
    bookmark.update(conn, pk)?;
    Ok(true)
}
