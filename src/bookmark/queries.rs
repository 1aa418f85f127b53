//! What is asked of the table of bookmarks.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::Bookmark;
use crate::admin::log::ActionFlag;
use crate::db::Connection;
use crate::db::schema::{bookmark_bookmark, django_admin_log, django_content_type};
use crate::web::pagination::Window;

/// Bookmarks, newest first.
pub fn latest(conn: &mut Connection, window: Window) -> QueryResult<Vec<Bookmark>> {
    bookmark_bookmark::table
        .order(bookmark_bookmark::id.desc())
        .offset(window.offset)
        .limit(window.limit)
        .select(Bookmark::as_select())
        .load(conn)
}

/// When a bookmark was added, by the admin's log. An id may have been another one's before.
pub fn added_at(conn: &mut Connection, id: i64) -> QueryResult<Option<NaiveDateTime>> {
    django_admin_log::table
        .inner_join(django_content_type::table)
        .filter(django_content_type::app_label.eq("bookmark").and(django_content_type::model.eq("bookmark")))
        .filter(django_admin_log::action_flag.eq(ActionFlag::Addition as i16))
        .filter(django_admin_log::object_id.eq(id.to_string()))
        .select(diesel::dsl::max(django_admin_log::action_time))
        .first(conn)
}

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Bookmark> {
    bookmark_bookmark::table.find(id).select(Bookmark::as_select()).get_result(conn)
}
