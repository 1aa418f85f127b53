//! The public lists of polls: the pages of all polls, a search, the newest ones.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::admin::QuestionAdmin;
use super::models::Question;
use super::queries;
use super::stage::Stage;
use crate::admin::registry::model_admin;
use crate::db::{self, Backend, Connection};
use crate::polls::schema::polls_question::{self, close_date, id, is_draft, pub_date, table};

type PollsQuery<'a> = polls_question::BoxedQuery<'a, Backend>;

/// The polls of one page of the list.
pub const PAGE_SIZE: i64 = 20;
/// The most polls that a search finds.
pub const MOST_FOUND: i64 = 1000;

/// A poll in a list.
pub struct PollEntry {
    pub question: Question,
    pub stage: Stage,
    /// How many ballots were cast; None if that is not public.
    pub votes: Option<i64>,
}

/// A page of a list.
pub struct PollPage {
    pub entries: Vec<PollEntry>,
    /// The number of polls on all pages.
    pub total: i64,
}

/// The page of all polls that begins at `offset`: open ones first, then those to come, then closed ones.
pub fn page(conn: &mut Connection, now: NaiveDateTime, offset: i64) -> QueryResult<PollPage> {
    let (mut total, mut found) = (0, Vec::new());
    for stage in Stage::LISTED {
        let count = of_stage(table.into_boxed(), stage, now).count().get_result::<i64>(conn)?;
        let first = (offset - total).clamp(0, count);
        let end = (offset + PAGE_SIZE - total).clamp(0, count);
        if first < end {
            found.extend(part(conn, stage, now, first..end, count)?);
        }
        total += count;
    }
    Ok(PollPage { entries: entries(conn, now, found)?, total })
}

/// Some polls of a stage, by their places. They are read from the nearer end, so that the last page costs what the
/// first one does.
fn part(
    conn: &mut Connection,
    stage: Stage,
    now: NaiveDateTime,
    places: std::ops::Range<i64>,
    count: i64,
) -> QueryResult<Vec<Question>> {
    let from_end = places.start > count - places.end;
    let offset = if from_end { count - places.end } else { places.start };
    let mut questions = read(conn, || {
        let questions = of_stage(table.into_boxed(), stage, now).offset(offset).limit(places.end - places.start);
        ordered(questions, (stage == Stage::Upcoming) != from_end)
    })?;
    if from_end {
        questions.reverse();
    }
    Ok(questions)
}

/// The page of the polls that have all `words` in their texts or their choices, as the admin's search finds them.
pub fn found(conn: &mut Connection, now: NaiveDateTime, words: &[String], offset: i64) -> QueryResult<PollPage> {
    let mut ids: Vec<i64> = Vec::new();
    for stage in Stage::LISTED {
        let left = MOST_FOUND - i64::try_from(ids.len()).unwrap_or(MOST_FOUND);
        let mut questions = of_stage(table.filter(db::in_time()).into_boxed(), stage, now).limit(left);
        for word in words {
            questions = model_admin::search::<QuestionAdmin>(questions, word);
        }
        ids.extend(ordered(questions, stage == Stage::Upcoming).select(id).load::<i64>(conn)?);
    }
    let shown = ids.iter().skip(usize::try_from(offset).unwrap_or(usize::MAX));
    let shown: Vec<i64> = shown.take(usize::try_from(PAGE_SIZE).unwrap_or(0)).copied().collect();
    let mut questions = read(conn, || table.filter(id.eq_any(shown.clone())).into_boxed())?;
    questions.sort_by_key(|question| shown.iter().position(|of_list| *of_list == question.id));
    let total = i64::try_from(ids.len()).unwrap_or(MOST_FOUND);
    Ok(PollPage { entries: entries(conn, now, questions)?, total })
}

/// The newest polls that are open.
pub fn open(conn: &mut Connection, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<PollEntry>> {
    let questions = read(conn, || ordered(of_stage(table.into_boxed(), Stage::Open, now).limit(limit), false))?;
    entries(conn, now, questions)
}

/// The newest polls that are open or closed.
pub fn newest(conn: &mut Connection, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<Question>> {
    let public = || table.filter(pub_date.le(now)).filter(is_draft.eq(false)).limit(limit);
    read(conn, || ordered(public().into_boxed(), false))
}

fn of_stage(questions: PollsQuery<'_>, stage: Stage, now: NaiveDateTime) -> PollsQuery<'_> {
    let questions = questions.filter(is_draft.eq(false));
    match stage {
        Stage::Open => questions.filter(pub_date.le(now)).filter(close_date.is_null().or(close_date.gt(now))),
        Stage::Upcoming => questions.filter(pub_date.gt(now)),
        Stage::Closed => questions.filter(pub_date.le(now)).filter(close_date.le(now)),
    }
}

fn ordered(questions: PollsQuery<'_>, oldest_first: bool) -> PollsQuery<'_> {
    if oldest_first {
        questions.order((pub_date.asc(), id.asc()))
    } else {
        questions.order((pub_date.desc(), id.desc()))
    }
}

fn read<'a>(conn: &mut Connection, questions: impl Fn() -> PollsQuery<'a>) -> QueryResult<Vec<Question>> {
    let rows = db::readable(
        conn,
        "polls_question",
        |conn| questions().select(Question::as_select()).load(conn),
        |conn| questions().select(id).load(conn),
        |conn, question: i64| table.find(question).select(Question::as_select()).get_result(conn),
    )?;
    Ok(rows.into_iter().flatten().collect())
}

fn entries(conn: &mut Connection, now: NaiveDateTime, questions: Vec<Question>) -> QueryResult<Vec<PollEntry>> {
    let is_counted = |question: &Question| question.is_public(now) && question.shows_results_to_all(now);
    let counted: Vec<&Question> = questions.iter().filter(|question| is_counted(question)).collect();
    let mut votes = queries::turnout(conn, &counted)?;
    let entry = |question: Question| PollEntry {
        stage: Stage::of(&question, now),
        votes: is_counted(&question).then(|| votes.remove(&question.id).unwrap_or(0)),
        question,
    };
    Ok(questions.into_iter().map(entry).collect())
}
