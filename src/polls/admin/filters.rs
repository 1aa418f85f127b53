//! The filters and the search of the lists of questions and choices.

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::admin::list::query::{ListQuery, midnight};
use crate::admin::registry::descriptors::{Filter, FilterChoices};
use crate::admin::registry::field::RelatedLookup;
use crate::admin::registry::table::Condition;
use crate::db::moment::moment;
use crate::db::{self, Backend, Connection};
use crate::polls::ballot::BallotKind;
use crate::polls::rules::{Rule as _, WhoVotes};
use crate::polls::schema::{polls_choice, polls_question};
use crate::polls::write_in::WriteInState;
use crate::web::Reader;

type Questions<'a> = polls_question::BoxedQuery<'a, Backend>;

pub(super) const QUESTION: &[Filter] = &[
    Filter::new(
        "pub_date",
        "polls-filter-pub-date",
        FilterChoices::Fixed(&[
            ("today", "polls-filter-today"),
            ("past_7_days", "polls-filter-past-7-days"),
            ("this_month", "polls-filter-this-month"),
            ("this_year", "polls-filter-this-year"),
            ("upcoming", "polls-filter-upcoming"),
        ]),
    ),
    Filter::new(
        "state",
        "polls-filter-state",
        FilterChoices::Fixed(&[
            ("open", "polls-filter-open"),
            ("closed", "polls-filter-closed"),
            ("draft", "polls-filter-draft"),
        ]),
    ),
    Filter::new("kind", "polls-filter-kind", FilterChoices::Fixed(BallotKind::CHOICES)),
    Filter::new("voters", "polls-filter-voters", FilterChoices::Fixed(WhoVotes::CHOICES)),
];

pub(super) const CHOICE: &[Filter] = &[
    Filter::new("question__id__exact", "polls-filter-question", FilterChoices::Options(newest_questions)),
    Filter::new("write_in__exact", "polls-field-write-in", FilterChoices::Fixed(WriteInState::CHOICES)),
];

/// How many questions the filter offers at most.
const OFFERED: i64 = 100;

fn newest_questions(conn: &mut Connection, _: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    texts(conn, || newest().limit(OFFERED))
}

/// The polls by invitation.
pub(super) fn newest_by_invitation(conn: &mut Connection, _: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    texts(conn, || newest().filter(polls_question::voters.eq(WhoVotes::Invitation.name())).limit(OFFERED))
}

/// Questions as options of a relation.
pub(super) const QUESTIONS: RelatedLookup = RelatedLookup { search: newest_with, name: text };

fn newest_with(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<(i64, String)>> {
    texts(conn, || {
        let mut questions = newest().filter(db::in_time()).limit(query.most());
        for word in &query.words {
            questions = questions.filter(db::contains(polls_question::question_text, word));
        }
        questions
    })
}

fn newest() -> Questions<'static> {
    polls_question::table.order((polls_question::pub_date.desc(), polls_question::id.desc())).into_boxed()
}

/// The ids and texts of questions; rows that cannot be read are left out.
pub(super) fn texts<'a>(
    conn: &mut Connection,
    questions: impl Fn() -> Questions<'a>,
) -> QueryResult<Vec<(i64, String)>> {
    let columns = (polls_question::id, polls_question::question_text);
    let texts = db::readable(
        conn,
        "polls_question",
        |conn| questions().select(columns).load(conn),
        |conn| questions().select(polls_question::id).load(conn),
        |conn, id: i64| polls_question::table.find(id).select(columns).get_result(conn),
    )?;
    Ok(texts.into_iter().flatten().collect())
}

fn text(conn: &mut Connection, id: i64) -> QueryResult<Option<String>> {
    polls_question::table.find(id).select(polls_question::question_text).get_result(conn).optional()
}

/// Finds questions that have a choice with this word.
pub(super) fn has_choice_with(word: &str) -> Condition<polls_question::table> {
    let of_choices = polls_choice::table
        .filter(db::in_time())
        // The public list searches as well.
        .filter(polls_choice::write_in.eq(""))
        .filter(db::contains(polls_choice::choice_text, word))
        .select(polls_choice::question_id);
    Box::new(polls_question::id.eq_any(of_choices))
}

pub(super) fn filter<'a>(questions: Questions<'a>, key: &str, value: &str, query: &ListQuery) -> Questions<'a> {
    match (key, value) {
        // Questions that take votes now. Those that are not public yet do not.
        ("kind", kind) => questions.filter(polls_question::kind.eq(kind.to_owned())),
        ("voters", voters) => questions.filter(polls_question::voters.eq(voters.to_owned())),
        ("state", "draft") => questions.filter(polls_question::is_draft.eq(true)),
        ("state", "open") => questions
            .filter(polls_question::is_draft.eq(false))
            .filter(polls_question::pub_date.le(query.now))
            .filter(polls_question::close_date.is_null().or(polls_question::close_date.gt(query.now))),
        ("state", _) => questions.filter(polls_question::close_date.le(query.now)),
        (_, "upcoming") => questions.filter(polls_question::pub_date.gt(query.now)),
        (_, period) => {
            let (from, until) = span(period, query);
            questions
                .filter(polls_question::pub_date.ge(moment(from)))
                .filter(polls_question::pub_date.lt(moment(until)))
        }
    }
}

/// A period relative to today in the site's time zone, with the same bounds as in Django's date filter.
fn span(period: &str, query: &ListQuery) -> (NaiveDateTime, NaiveDateTime) {
    let today = query.zone.local(query.now).date();
    let tomorrow = today + TimeDelta::days(1);
    let first_of = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(today);
    let (from, until) = match period {
        "today" => (today, tomorrow),
        "past_7_days" => (today - TimeDelta::days(7), tomorrow),
        "this_month" => {
            let first = first_of(today.year(), today.month());
            (first, first + Months::new(1))
        }
        _ => (first_of(today.year(), 1), first_of(today.year() + 1, 1)),
    };
    (midnight(&query.zone, from), midnight(&query.zone, until))
}
