//! The page with a poll's results.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use askama::Template;
use chrono::NaiveDateTime;
use form_urlencoded::parse;

use super::pages::upcoming;
use crate::clock;
use crate::db::{Connection, Database};
use crate::polls::ballot::Mark;
use crate::polls::eligibility::voted;
use crate::polls::models::Question;
use crate::polls::outcome::{PollOutcome, outcome};
use crate::polls::rules::{ResultsRule, TieRule, WhoVotes};
use crate::polls::stage::Stage;
use crate::polls::wording::{self, WordingChange};
use crate::polls::{paths, queries};
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Id, Page, Result};

#[derive(Template)]
#[template(path = "polls/results.html")]
pub struct QuestionResults {
    question: Question,
    wording: Vec<WordingChange>,
    stage: Stage,
    open_until: Option<NaiveDateTime>,
    /// None if the reader may not see it.
    outcome: Option<PollOutcome>,
    summary: Option<String>,
    is_by_place: bool,
    /// What the reader has just voted for, to be shown once.
    chosen: Option<Vec<String>>,
    /// Whether the reader is known to have voted.
    has_voted: bool,
    /// Whether a script may refresh the numbers by the address that everybody can read.
    is_live: bool,
    /// Whether the browser shall load the page again and again.
    reloads: bool,
}

/// `GET /polls/{id}/results/`: the results, in the order of their votes or, with `?order=written`, as the choices are
/// written. After a vote the page also says, once, that it was counted and what was chosen.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn results(db: Data<Database>, request: HttpRequest, id: Id) -> Result<HttpResponse> {
    let (ambient, headers) = (Ambient::required(&request)?, request.headers());
    let chosen = voted::chosen(headers, &ambient, id.0);
    let has_voted = chosen.is_some() || voted::has_voted(headers, &ambient, id.0);
    let (question, outcome) = match read(&db, &ambient, id, has_voted).await {
        Err(Error::NotFound) => return Ok(upcoming(&db, id).await?.respond_to(&request)),
        read => read?,
    };
    let wording = db.read(move |conn| wording::changes(conn, id.0)).await?;
    let now = clock::now();
    let is_for_voters = question.shows_results() == ResultsRule::Voted && !question.shows_results_to_all(now);
    if chosen.is_some() || is_for_voters {
        ambient.make_private();
    }
    let was_chosen = chosen.is_some();
    let chosen = match chosen {
        Some(marks) => Some(names(&db, id, marks).await?),
        None => None,
    };
    let query = request.query_string().as_bytes();
    let asked = |name: &str, value: &str| parse(query).any(|pair| pair == (name.into(), value.into()));
    let is_by_place = !asked("order", "written");
    let outcome = if is_by_place { outcome.map(PollOutcome::by_place) } else { outcome };
    let page = Page::new(QuestionResults {
        stage: Stage::of(&question, now),
        open_until: question.open_until(now),
        summary: outcome.as_ref().and_then(|outcome| outcome.summary(&ambient)),
        question,
        wording,
        outcome,
        is_by_place,
        chosen,
        has_voted,
        is_live: !is_for_voters,
        reloads: asked("reload", ""),
    });
    let mut response = page.respond_to(&request);
    if was_chosen {
        let cookies =
            [Some(voted::shown_cookie(&ambient, id.0)), is_for_voters.then(|| voted::voted_cookie(&ambient, id.0))];
        for cookie in cookies.iter().flatten() {
            response.add_cookie(cookie).map_err(|error| Error::Internal(error.to_string().into()))?;
        }
    }
    Ok(response)
}

/// The texts of the choices that a ballot marks: in the order of its ranks, or of the poll.
async fn names(db: &Database, id: Id, marks: Vec<Mark>) -> Result<Vec<String>> {
    let mut choices = db.read(move |conn| queries::choices(conn, id.0)).await?;
    let value = |choice: i64| marks.iter().find(|mark| mark.choice == choice).map(|mark| mark.value);
    choices.retain(|choice| value(choice.id).is_some());
    choices.sort_by_key(|choice| value(choice.id));
    Ok(choices.into_iter().map(|choice| choice.choice_text).collect())
}

/// A public question, and what came of it if the reader may see that.
pub(super) async fn read(
    db: &Database,
    ambient: &Ambient,
    id: Id,
    has_voted: bool,
) -> Result<(Question, Option<PollOutcome>)> {
    let now = clock::now();
    let question = db.read(move |conn| queries::published(conn, now, id.0)).await?;
    if !sees_results(&question, ambient, has_voted) {
        return Ok((question, None));
    }
    let counted = question.clone();
    let count = move |conn: &mut Connection| outcome(conn, &counted, now);
    // Where a ballot has several marks, all ballots are read.
    let outcome =
        if question.ballot_kind().has_several_marks() { db.read_aside(count).await? } else { db.read(count).await? };
    Ok((question, Some(outcome)))
}

pub(super) fn sees_results(question: &Question, ambient: &Ambient, has_voted: bool) -> bool {
    let is_staff = ambient.viewer().is_some_and(|viewer| viewer.is_staff && viewer.can("polls.view_question"));
    let is_for_voter = has_voted && question.shows_results() == ResultsRule::Voted;
    is_staff || is_for_voter || question.shows_results_to_all(clock::now())
}

impl QuestionResults {
    /// Who votes, as a message; None for a closed poll in which anybody could.
    fn voters(&self) -> Option<&'static str> {
        match self.question.who_votes() {
            WhoVotes::Open => self.is_open().then_some("polls-open-to-all"),
            WhoVotes::Browser => Some("polls-once-per-browser"),
            WhoVotes::Account if self.question.is_secret => Some("polls-once-per-account-secret"),
            WhoVotes::Account => Some("polls-once-per-account"),
            WhoVotes::Invitation => Some("polls-by-invitation"),
        }
    }

    fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    /// Whether the page may offer to vote, or to vote again.
    fn offers_vote(&self) -> bool {
        self.is_open() && (!self.has_voted || self.question.who_votes() == WhoVotes::Open)
    }
}
