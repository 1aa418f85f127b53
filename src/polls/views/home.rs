//! The polls' section of the home page.

use askama::Template;
use chrono::{NaiveDateTime, TimeDelta};
use diesel::QueryResult;

use crate::db::Connection;
use crate::polls::ballot::BallotKind;
use crate::polls::listing::{self, PollEntry};
use crate::polls::models::Choice;
use crate::polls::rules::{ChoiceOrder, Rule as _, WhoVotes};
use crate::polls::stage::Stage;
use crate::polls::{paths, queries};
use crate::web::context::installed::HomeSection;
use crate::web::pages::filters;

/// How many open polls, from the newest on, the section chooses from.
const CONSIDERED: i64 = 100;
/// How many polls each of its lists has at most.
const SHOWN: usize = 5;
/// A poll that closes within this time is about to close.
const SOON: TimeDelta = TimeDelta::days(7);
/// A poll with more choices is too long for the home page.
const MOST_CHOICES: usize = 10;

#[derive(Template)]
#[template(path = "polls/home.html")]
struct PollsOnHome {
    /// A poll that can be voted in on the home page, and its choices.
    ballot: Option<(PollEntry, Vec<Choice>)>,
    /// Lists of polls, each with its title's message id.
    lists: Vec<(&'static str, Vec<PollEntry>)>,
}

/// The open poll with the most votes, the ones that close soon, and the newest ones.
///
/// # Errors
/// If the database does not answer.
pub fn section(conn: &mut Connection, now: NaiveDateTime) -> QueryResult<HomeSection> {
    let mut polls = listing::open(conn, now, CONSIDERED)?;
    let busiest = (0..polls.len()).filter(|at| fits(&polls[*at])).rev().max_by_key(|at| polls[*at].votes);
    let mut ballot = None;
    if let Some(at) = busiest {
        let mut choices = queries::shown_choices(conn, polls[at].question.id)?;
        choices.retain(|choice| !choice.is_withdrawn(now));
        if (1..=MOST_CHOICES).contains(&choices.len()) {
            ballot = Some((polls.remove(at), choices));
        }
    }
    let closes = |poll: &PollEntry| poll.question.close_date.filter(|close| *close <= now + SOON);
    let (mut closing, mut latest): (Vec<_>, Vec<_>) = polls.into_iter().partition(|poll| closes(poll).is_some());
    closing.sort_by_key(closes);
    closing.truncate(SHOWN);
    latest.truncate(SHOWN);
    let lists = [("polls-closing", closing), ("polls-latest", latest)].into_iter();
    Ok(Box::new(PollsOnHome { ballot, lists: lists.filter(|(_, polls)| !polls.is_empty()).collect() }))
}

/// Whether the ballot of a poll is short and the same for everybody.
fn fits(poll: &PollEntry) -> bool {
    let question = &poll.question;
    question.ballot_kind() == BallotKind::Single
        && !question.write_ins
        && matches!(question.who_votes(), WhoVotes::Open | WhoVotes::Browser)
        && ChoiceOrder::named(&question.choice_order) == ChoiceOrder::Written
}
