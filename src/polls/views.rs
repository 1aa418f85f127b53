//! The pages of polls, and the vote.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::ballot_box::{BallotBox, Refusal};
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

/// `POST /polls/{id}/vote/`: the vote counts once it is on disk, and then the results are shown.
///
/// # Errors
/// `NotFound` for a question that is not public, `Unavailable` when the vote cannot be counted now.
pub async fn vote(
    ballots: Data<BallotBox>,
    db: Data<Database>,
    id: Id,
    form: Form,
) -> Result<Either<SeeOther, Page<QuestionDetail>>> {
    let choice = form.get("choice").and_then(|choice| choice.parse().ok());
    let verdict = match choice {
        Some(choice) => ballots.cast(id.0, choice).await?,
        None => Err(Refusal::NoSuchChoice),
    };
    match verdict {
        Ok(()) => Ok(Either::Left(SeeOther(urls::results(id.0)))),
        Err(Refusal::NoSuchQuestion) => Err(Error::NotFound),
        Err(Refusal::Full) => Err(Error::Conflict("the choice's total is at its limit")),
        Err(refusal) => {
            let now = clock::now();
            let object = db.read(move |conn| QuestionDetail::object(conn, now, id.0)).await?;
            let page = QuestionDetail::new(object);
            // Without a choice the ballot box was not asked.
            let (error, status) = match (refusal, page.closed_since) {
                (Refusal::Closed, _) | (_, Some(_)) => (None, StatusCode::CONFLICT),
                _ => (Some("polls-no-choice"), StatusCode::BAD_REQUEST),
            };
            Ok(Either::Right(Page::new(QuestionDetail { error, ..page }).with_status(status)))
        }
    }
}
