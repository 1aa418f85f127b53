//! Which bookmarks have which tags.

use std::collections::HashMap;

use diesel::prelude::*;

use super::models::{Bookmark, TaggedBookmark};
use crate::bookmark::schema::{bookmark_bookmark, bookmark_tag, bookmark_tagging};
use crate::db::{self, Connection};
use crate::text::fold;

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
fn tag(conn: &mut Connection, folded: &str, name: &str) -> QueryResult<i64> {
    let known =
        bookmark_tag::table.filter(bookmark_tag::folded.eq(folded)).select(bookmark_tag::id).first(conn).optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    diesel::insert_into(bookmark_tag::table)
        .values((bookmark_tag::name.eq(name), bookmark_tag::folded.eq(folded)))
        .execute(conn)?;
    db::last_insert_id(conn)
}

/// The most used tags of the bookmarks that are shown, with how many have each.
pub fn most_used(conn: &mut Connection, is_private: Vec<bool>, limit: i64) -> QueryResult<Vec<(i64, String, i64)>> {
    bookmark_tagging::table
        .inner_join(bookmark_tag::table)
        .inner_join(bookmark_bookmark::table)
        .filter(db::in_time())
        .filter(bookmark_bookmark::is_private.eq_any(is_private))
        .group_by((bookmark_tag::id, bookmark_tag::name))
        .order((diesel::dsl::count_star().desc(), bookmark_tag::id))
        .limit(limit)
        .select((bookmark_tag::id, bookmark_tag::name, diesel::dsl::count_star()))
        .load(conn)
}
