//! Which bookmarks have which tags.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::{Bookmark, TaggedBookmark};
use super::shown::ShownBookmarks;
use crate::bookmark::schema::{bookmark_bookmark, bookmark_tag, bookmark_tagging};
use crate::clock;
use crate::db::{self, Backend, Connection};
use crate::text::fold;
use crate::web::pages::pagination::{Start, Window};

/// The bookmarks with their tags, in the same order.
pub fn with_tags(conn: &mut Connection, bookmarks: Vec<Bookmark>) -> QueryResult<Vec<TaggedBookmark>> {
    let ids: Vec<i64> = bookmarks.iter().map(|bookmark| bookmark.id).collect();
    let rows: Vec<(i64, String)> = bookmark_tagging::table
        .inner_join(bookmark_tag::table)
        .filter(bookmark_tagging::bookmark_id.eq_any(ids))
        .order(bookmark_tag::folded)
        .select((bookmark_tagging::bookmark_id, bookmark_tag::name))
        .load(conn)?;
    let mut tags = HashMap::<i64, Vec<String>>::new();
    for (bookmark, name) in rows {
        tags.entry(bookmark).or_default().push(name);
    }
    let tagged = |bookmark: Bookmark| {
        let tags = tags.remove(&bookmark.id).unwrap_or_default();
        TaggedBookmark { tags, bookmark, check: None }
    };
    Ok(bookmarks.into_iter().map(tagged).collect())
}

/// Gives a bookmark these tags and no others. A tag that is there already keeps the case of its name.
pub fn set(conn: &mut Connection, bookmark: i64, names: &[String]) -> QueryResult<()> {
    let had: HashMap<String, i64> = bookmark_tagging::table
        .inner_join(bookmark_tag::table)
        .filter(bookmark_tagging::bookmark_id.eq(bookmark))
        .select((bookmark_tag::folded, bookmark_tag::id))
        .load(conn)?
        .into_iter()
        .collect();
    let wanted: HashMap<String, &String> = names.iter().map(|name| (fold(name), name)).collect();
    let gone: Vec<i64> = had.iter().filter(|(folded, _)| !wanted.contains_key(*folded)).map(|(_, id)| *id).collect();
    if !gone.is_empty() {
        let taggings = bookmark_tagging::table.filter(bookmark_tagging::bookmark_id.eq(bookmark));
        diesel::delete(taggings.filter(bookmark_tagging::tag_id.eq_any(gone))).execute(conn)?;
    }
    for (folded, name) in wanted.iter().filter(|(folded, _)| !had.contains_key(*folded)) {
        let tag = tag(conn, folded, name)?;
        diesel::insert_into(bookmark_tagging::table)
            .values((bookmark_tagging::bookmark_id.eq(bookmark), bookmark_tagging::tag_id.eq(tag)))
            .execute(conn)?;
    }
    Ok(())
}

/// Gives a bookmark without tags these, whose names all differ. `known` are the ids of tags by their folded names.
pub fn add(
    conn: &mut Connection,
    bookmark: i64,
    names: &[String],
    known: &mut HashMap<String, i64>,
) -> QueryResult<()> {
    for name in names {
        let folded = fold(name);
        let id = match known.get(&folded) {
            Some(id) => *id,
            None => tag(conn, &folded, name)?,
        };
        known.insert(folded, id);
        diesel::insert_into(bookmark_tagging::table)
            .values((bookmark_tagging::bookmark_id.eq(bookmark), bookmark_tagging::tag_id.eq(id)))
            .execute(conn)?;
    }
    Ok(())
}

/// The id of the tag with this name, which is inserted if it is new.
pub fn tag(conn: &mut Connection, folded: &str, name: &str) -> QueryResult<i64> {
    let known =
        bookmark_tag::table.filter(bookmark_tag::folded.eq(folded)).select(bookmark_tag::id).first(conn).optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    diesel::insert_into(bookmark_tag::table)
        .values((
            bookmark_tag::name.eq(name),
            bookmark_tag::folded.eq(folded),
            bookmark_tag::added_at.eq(Some(clock::now())),
        ))
        .execute(conn)?;
    db::last_insert_id(conn)
}

/// The most used tags of the bookmarks that are shown, with how many have each.
pub fn most_used(conn: &mut Connection, shown: &ShownBookmarks, limit: i64) -> QueryResult<Vec<(i64, String, i64)>> {
    bookmark_tagging::table
        .inner_join(bookmark_tag::table)
        .inner_join(bookmark_bookmark::table)
        .filter(db::in_time())
        .filter(bookmark_bookmark::is_private.eq_any(shown.privacies()))
        .filter(bookmark_bookmark::is_archived.eq_any(shown.shelves()))
        .group_by((bookmark_tag::id, bookmark_tag::name))
        .order((diesel::dsl::count_star().desc(), bookmark_tag::id))
        .limit(limit)
        .select((bookmark_tag::id, bookmark_tag::name, diesel::dsl::count_star()))
        .load(conn)
}

/// A tag: its id, its name, and the time in UTC at which it was made, if that is known.
type TagRow = (i64, String, Option<NaiveDateTime>);

/// The tags by name; without `with_private` only those of public bookmarks, since a name can tell what is private.
pub fn list(conn: &mut Connection, with_private: bool, window: Window) -> QueryResult<Vec<TagRow>> {
    let tags = seen(with_private).order((bookmark_tag::folded, bookmark_tag::id)).limit(window.limit);
    let tags = if let Start::Offset(offset) = window.start { tags.offset(offset) } else { tags };
    tags.select((bookmark_tag::id, bookmark_tag::name, bookmark_tag::added_at)).load(conn)
}

/// How many tags [`list`] has in all.
pub fn count(conn: &mut Connection, with_private: bool) -> QueryResult<i64> {
    seen(with_private).count().get_result(conn)
}

/// A tag, if it is among those that [`list`] has.
pub fn find(conn: &mut Connection, id: i64, with_private: bool) -> QueryResult<TagRow> {
    let tag = seen(with_private).filter(bookmark_tag::id.eq(id));
    tag.select((bookmark_tag::id, bookmark_tag::name, bookmark_tag::added_at)).first(conn)
}

fn seen(with_private: bool) -> bookmark_tag::BoxedQuery<'static, Backend> {
    let tags = bookmark_tag::table.filter(db::in_time()).into_boxed();
    if with_private {
        return tags;
    }
    let public = bookmark_tagging::table
        .inner_join(bookmark_bookmark::table)
        .filter(bookmark_bookmark::is_private.eq(false))
        .select(bookmark_tagging::tag_id);
    tags.filter(bookmark_tag::id.eq_any(public))
}

/// The ids of all bookmarks that have a tag.
pub fn bookmarks_with(conn: &mut Connection, tag: i64) -> QueryResult<Vec<i64>> {
    let tagged = bookmark_tagging::table.filter(bookmark_tagging::tag_id.eq(tag));
    tagged.order(bookmark_tagging::bookmark_id).select(bookmark_tagging::bookmark_id).load(conn)
}

/// Deletes a tag that no bookmark has any more.
pub fn delete(conn: &mut Connection, tag: i64) -> QueryResult<()> {
    diesel::delete(bookmark_tag::table.find(tag)).execute(conn).map(|_| ())
}
