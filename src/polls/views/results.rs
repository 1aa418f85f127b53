//! The page with a poll's results.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;
use chrono::NaiveDateTime;
use form_urlencoded::parse;

use super::pages::{QuestionUpcoming, upcoming};
use crate::clock;
use crate::db::{Connection, Database};
use crate::polls::models::Question;
use crate::polls::outcome::{PollOutcome, outcome};
use crate::polls::rules::{ResultsRule, WhoVotes};
use crate::polls::stage::Stage;
use crate::polls::{paths, queries};
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Id, Page, Result};

#[derive(Template)]
#[template(path = "polls/results.html")]
pub struct QuestionResults {
    question: Question,
    stage: Stage,
    open_until: Option<NaiveDateTime>,
    /// None if the reader may not see it.
    outcome: Option<PollOutcome>,
    summary: Option<String>,
    is_by_place: bool,
    /// Whether the reader has just voted.
    has_voted: bool,
    /// Whether the browser shall load the page again and again.
    reloads: bool,
}

/// `GET /polls/{id}/results/`: the results, in the order of their votes or, with `?order=written`, as the choices are
/// written. A vote leads here with `?voted`.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn results(
    db: Data<Database>,
    request: HttpRequest,
    id: Id,
) -> Result<Either<Page<QuestionResults>, Page<QuestionUpcoming>>> {
    let ambient = Ambient::required(&request)?;
    let (question, outcome) = match read(&db, &ambient, id).await {
        Err(Error::NotFound) => return upcoming(&db, id).await.map(Either::Right),
        read => read?,
    };
    let asked = |name: &str, value: &str| {
        parse(request.query_string().as_bytes()).any(|pair| pair == (name.into(), value.into()))
    };
    let is_by_place = !asked("order", "written");
    let outcome = if is_by_place { outcome.map(PollOutcome::by_place) } else { outcome };
    let now = clock::now();
    Ok(Either::Left(Page::new(QuestionResults {
        stage: Stage::of(&question, now),
        open_until: question.open_until(now),
        summary: outcome.as_ref().and_then(|outcome| outcome.summary(&ambient)),
        question,
        outcome,
        is_by_place,
        has_voted: asked("voted", ""),
        reloads: asked("reload", ""),
    })))
}

/// A public question, and what came of it if the reader may see that.
pub(super) async fn read(db: &Database, ambient: &Ambient, id: Id) -> Result<(Question, Option<PollOutcome>)> {
    let now = clock::now();
    let is_staff = ambient.viewer().is_some_and(|viewer| viewer.is_staff && viewer.can("polls.view_question"));
    let question = db.read(move |conn| queries::published(conn, now, id.0)).await?;
    if !is_staff && !question.shows_results_to_all(now) {
        return Ok((question, None));
    }
    let counted = question.clone();
    let count = move |conn: &mut Connection| outcome(conn, &counted, now);
    // Where a ballot has several marks, all ballots are read.
    let outcome =
        if question.ballot_kind().has_several_marks() { db.read_aside(count).await? } else { db.read(count).await? };
    Ok((question, Some(outcome)))
}

impl QuestionResults {
    /// Who votes, as a message; None for a closed poll in which anybody could.
    fn voters(&self) -> Option<&'static str> {
        match self.question.who_votes() {
            WhoVotes::Open => self.is_open().then_some("polls-open-to-all"),
            WhoVotes::Browser => Some("polls-once-per-browser"),
            WhoVotes::Account => Some("polls-once-per-account"),
            WhoVotes::Invitation => Some("polls-by-invitation"),
        }
    }

    /// Why the results are not shown, as a message.
    fn hidden(&self) -> &'static str {
        match self.question.shows_results() {
            ResultsRule::Voted => "polls-results-voted",
            ResultsRule::Always | ResultsRule::Closed => "polls-results-closed",
            ResultsRule::Staff => "polls-results-staff",
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
