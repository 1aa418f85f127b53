//! The pages of polls, and the vote.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::ballot_box::{BallotBox, Refusal, Voter};
use super::idempotency_key::IdempotencyKey;
use super::models::{Choice, Question, total};
use super::{queries, urls};
use crate::clock;
use crate::db::{Connection, Database};
use crate::web::forms::Form;
use crate::web::generic::{DetailView, ListView};
use crate::web::pagination::{Paginated, Window};
use crate::web::{Error, Id, Page, Result, SeeOther, filters};

#[derive(Template)]
#[template(path = "polls/index.html")]
pub struct QuestionList {
    page: Paginated<Question>,
}

impl ListView for QuestionList {
    type Object = Question;

    fn objects(conn: &mut Connection, now: NaiveDateTime, window: Window) -> QueryResult<Vec<Question>> {
        queries::latest(conn, now, window)
    }

    fn new(page: Paginated<Question>) -> Self {
        Self { page }
    }
}

#[derive(Template)]
#[template(path = "polls/detail.html")]
pub struct QuestionDetail {
    question: Question,
    choices: Vec<Choice>,
    /// The message of what was wrong with the vote.
    error: Option<&'static str>,
    closed_since: Option<NaiveDateTime>,
}

impl DetailView for QuestionDetail {
    type Object = (Question, Vec<Choice>);

    fn object(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Self::Object> {
        Ok((queries::published(conn, now, id)?, queries::choices(conn, id)?))
    }

    fn new((question, choices): Self::Object) -> Self {
        Self { closed_since: question.closed_since(clock::now()), question, choices, error: None }
    }
}

impl QuestionDetail {
    /// The page as the answer to a vote that was none.
    fn refused(self, error: Option<&'static str>, status: StatusCode) -> Page<Self> {
        Page::new(Self { error, ..self }).with_status(status)
    }
}

#[derive(Template)]
#[template(path = "polls/results.html")]
pub struct QuestionResults {
    question: Question,
    choices: Vec<Choice>,
    total: i64,
}

impl DetailView for QuestionResults {
    type Object = (Question, Vec<Choice>);

    fn object(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Self::Object> {
        QuestionDetail::object(conn, now, id)
    }

    fn new((question, choices): Self::Object) -> Self {
        Self { total: total(&choices), question, choices }
    }
}

/// `POST /polls/{id}/vote/`: the vote counts once it is on disk, and then the results are shown. With an
/// `Idempotency-Key` it counts once however often it is sent.
///
/// # Errors
/// `NotFound` for a question that is not public, `Unavailable` when the vote cannot be counted now.
pub async fn vote(
    ballots: Data<BallotBox>,
    db: Data<Database>,
    request: HttpRequest,
    id: Id,
    form: Form,
) -> Result<Either<SeeOther, Page<QuestionDetail>>> {
    let Ok(key) = IdempotencyKey::of(request.headers()) else {
        let page = form_again(&db, id).await?;
        return Ok(Either::Right(page.refused(Some("polls-key-malformed"), StatusCode::BAD_REQUEST)));
    };
    let verdict = match form.get("choice").and_then(|choice| choice.parse().ok()) {
        Some(choice) => ballots.cast(id.0, choice, key.as_ref().map_or_else(Voter::fresh, Voter::of)).await?,
        None => Err(Refusal::NoSuchChoice),
    };
    let refusal = match verdict {
        Ok(()) => return Ok(Either::Left(SeeOther(urls::results(id.0)))),
        Err(Refusal::NoSuchQuestion) => return Err(Error::NotFound),
        Err(Refusal::Full) => return Err(Error::Conflict("the choice's total is at its limit")),
        Err(refusal) => refusal,
    };
    let page = form_again(&db, id).await?;
    let (error, status) = match refusal {
        Refusal::VotedOtherwise => (Some("polls-key-used"), StatusCode::UNPROCESSABLE_ENTITY),
        // Without a choice the ballot box was not asked whether it is closed.
        Refusal::NoSuchChoice if page.closed_since.is_none() => (Some("polls-no-choice"), StatusCode::BAD_REQUEST),
        _ => (None, StatusCode::CONFLICT),
    };
    Ok(Either::Right(page.refused(error, status)))
}

async fn form_again(db: &Database, id: Id) -> Result<QuestionDetail> {
    let now = clock::now();
    Ok(QuestionDetail::new(db.read(move |conn| QuestionDetail::object(conn, now, id.0)).await?))
}
