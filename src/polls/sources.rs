//! The sources of a poll: bookmarks that its page shows. Until the first vote the page shows them as they are. With the
//! first vote they are copied, and from then on the page shows the copies, since that is what voters have read, and says
//! what has changed. In the same way a source that is taken away later is shown as withdrawn, and one that is added later
//! as added.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::bookmark::models::Bookmark;
use crate::bookmark::queries as bookmarks;
use crate::clock;
use crate::db::Connection;
use crate::polls::schema::polls_source;
use crate::polls::wording;

/// The most sources of a poll.
pub const MOST: usize = 30;

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = polls_source, treat_none_as_null = true)]
pub struct PollSource {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub question_id: i64,
    pub bookmark_id: i64,
    pub position: i32,
    pub title: String,
    pub url: String,
    pub description: String,
    pub frozen_at: Option<NaiveDateTime>,
    pub is_late: bool,
    pub withdrawn_at: Option<NaiveDateTime>,
}

/// A source as a page shows it.
#[derive(Debug)]
pub struct ShownSource {
    /// With title, address and description as they are shown.
    pub bookmark: Bookmark,
    /// Since when it is a source, if it was added after the first vote.
    pub added_at: Option<NaiveDateTime>,
    pub withdrawn_at: Option<NaiveDateTime>,
    pub change: Option<SourceChange>,
}

/// What became of a bookmark after the first vote.
#[derive(Debug)]
pub enum SourceChange {
    /// The bookmark as it is now.
    Edited(Bookmark),
    Deleted,
}

/// The sources of a question, as everybody may see them.
pub fn shown(conn: &mut Connection, question: i64) -> QueryResult<Vec<ShownSource>> {
    let sources = of_questions(conn, &[question])?;
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let mut now = current(conn, &sources)?;
    Ok(sources.into_iter().filter_map(|source| ShownSource::of(now.remove(&source.bookmark_id), source)).collect())
}

/// The addresses of the sources of questions, by question, without those that are withdrawn.
pub fn addresses(conn: &mut Connection, questions: &[i64]) -> QueryResult<HashMap<i64, Vec<String>>> {
    let mut addresses: HashMap<i64, Vec<String>> = HashMap::new();
    for source in of_questions(conn, questions)?.into_iter().filter(|source| source.withdrawn_at.is_none()) {
        addresses.entry(source.question_id).or_default().push(source.url);
    }
    Ok(addresses)
}

/// The index of the first of these addresses that is neither a source of the question already nor the address of a
/// public bookmark. `question` is None for a new one.
pub fn first_unknown(conn: &mut Connection, question: Option<i64>, wanted: &[String]) -> QueryResult<Option<usize>> {
    let there = of_questions(conn, question.as_slice())?;
    for (index, address) in wanted.iter().enumerate() {
        if there.iter().all(|source| source.url != *address) && bookmarks::public_with_address(conn, address)?.is_none()
        {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Makes the bookmarks with these addresses the sources of a question, in this order. Addresses without a public
/// bookmark are left out.
pub fn set(conn: &mut Connection, question: i64, wanted: &[String]) -> QueryResult<()> {
    let now = clock::storable(clock::now());
    let has_votes = wording::has_votes(conn, question)?;
    if has_votes {
        freeze(conn, &BTreeSet::from([question]), now)?;
    }
    let mut there = of_questions(conn, &[question])?;
    let mut named = HashSet::new();
    for (position, address) in (0..).zip(wanted) {
        let bookmark = bookmarks::public_with_address(conn, address)?;
        if bookmark.as_ref().is_some_and(|bookmark| !named.insert(bookmark.id)) {
            continue;
        }
        let is_same = |source: &PollSource| {
            source.url == *address || bookmark.as_ref().is_some_and(|bookmark| bookmark.id == source.bookmark_id)
        };
        if let Some(at) = there.iter().position(is_same) {
            let source = PollSource { position, withdrawn_at: None, ..there.swap_remove(at) };
            diesel::update(polls_source::table.find(source.id)).set(&source).execute(conn)?;
        } else if let Some(bookmark) = bookmark {
            let frozen_at = has_votes.then_some(now);
            let source =
                PollSource { question_id: question, bookmark_id: bookmark.id, position, ..PollSource::default() };
            let source = PollSource { frozen_at, is_late: has_votes, ..source.copied(Some(&bookmark)) };
            diesel::insert_into(polls_source::table).values(source).execute(conn)?;
        }
    }
    for source in there {
        let row = polls_source::table.find(source.id);
        if source.frozen_at.is_none() {
            diesel::delete(row).execute(conn)?;
        } else if source.withdrawn_at.is_none() {
            diesel::update(row).set(polls_source::withdrawn_at.eq(now)).execute(conn)?;
        }
    }
    Ok(())
}

/// Copies the bookmarks of these questions that are not copied yet. The writer of ballots calls this before it writes
/// the first one.
pub fn freeze(conn: &mut Connection, questions: &BTreeSet<i64>, now: NaiveDateTime) -> QueryResult<()> {
    let loose: Vec<PollSource> = polls_source::table
        .filter(polls_source::question_id.eq_any(questions))
        .filter(polls_source::frozen_at.is_null())
        .order(polls_source::id)
        .select(PollSource::as_select())
        .load(conn)?;
    if loose.is_empty() {
        return Ok(());
    }
    let bookmarks = current(conn, &loose)?;
    for source in loose {
        let bookmark = bookmarks.get(&source.bookmark_id);
        let source = PollSource { frozen_at: Some(now), ..source.copied(bookmark) };
        diesel::update(polls_source::table.find(source.id)).set(&source).execute(conn)?;
    }
    Ok(())
}

/// Deletes the sources of a question that had this id before: a deleted question leaves them, so that they are there again
/// when the deletion is undone.
pub fn forget(conn: &mut Connection, question: i64) -> QueryResult<()> {
    diesel::delete(polls_source::table.filter(polls_source::question_id.eq(question))).execute(conn).map(|_| ())
}

/// In the order in which they are shown: those that are withdrawn come last.
fn of_questions(conn: &mut Connection, questions: &[i64]) -> QueryResult<Vec<PollSource>> {
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let mut sources: Vec<PollSource> = polls_source::table
        .filter(polls_source::question_id.eq_any(questions))
        .order((polls_source::position, polls_source::id))
        .select(PollSource::as_select())
        .load(conn)?;
    sources.sort_by_key(|source| source.withdrawn_at.is_some());
    Ok(sources)
}

/// The bookmarks of sources as they are now, by their ids.
fn current(conn: &mut Connection, sources: &[PollSource]) -> QueryResult<HashMap<i64, Bookmark>> {
    let ids: Vec<i64> = sources.iter().map(|source| source.bookmark_id).collect();
    Ok(bookmarks::with_ids(conn, &ids)?.into_iter().map(|bookmark| (bookmark.id, bookmark)).collect())
}

impl PollSource {
    /// With a copy of the bookmark, or without a title if it is deleted or private.
    fn copied(self, bookmark: Option<&Bookmark>) -> Self {
        let Some(bookmark) = bookmark.filter(|bookmark| !bookmark.is_private) else {
            return Self { title: String::new(), description: String::new(), ..self };
        };
        let (title, description) = (bookmark.label().to_owned(), bookmark.description.clone());
        Self { title, url: bookmark.url.clone(), description, ..self }
    }
}

impl ShownSource {
    /// None if it may not be shown. What was shown before the first vote and is private now is not.
    fn of(now: Option<Bookmark>, source: PollSource) -> Option<Self> {
        let PollSource { frozen_at, is_late, withdrawn_at, title, url, description, .. } = source;
        let is_private = now.as_ref().is_some_and(|bookmark| bookmark.is_private);
        if is_private || (frozen_at.is_some() && title.is_empty()) {
            return None;
        }
        if frozen_at.is_none() {
            return Some(Self { bookmark: now?, added_at: None, withdrawn_at: None, change: None });
        }
        let copy = Bookmark { title: Some(title), url, description, ..Bookmark::default() };
        let change = match now {
            None => Some(SourceChange::Deleted),
            Some(now) if now.label() != copy.label() || now.url != copy.url => Some(SourceChange::Edited(now)),
            Some(_) => None,
        };
        Some(Self { bookmark: copy, added_at: frozen_at.filter(|_| is_late), withdrawn_at, change })
    }
}
