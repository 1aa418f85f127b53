//! The public pages: the list of polls, the form of a poll, its results.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::detail::QuestionDetail;
use crate::clock;
use crate::db::{Connection, Database};
use crate::polls::models::{Choice, Question, total};
use crate::polls::shares::{VoteShare, shares};
use crate::polls::{paths, queries};
use crate::web::pages::filters;
use crate::web::pages::generic::{self, DetailView, ListView};
use crate::web::pages::pagination::{Paginated, Window};
use crate::web::{Error, Id, Page, Result};

#[derive(Template)]
#[template(path = "polls/index.html")]
pub struct QuestionList {
    page: Paginated<Question>,
}

impl ListView for QuestionList {
    type Object = Question;

    fn objects(conn: &mut Connection, now: NaiveDateTime, window: Window) -> QueryResult<Vec<Option<Question>>> {
        queries::latest(conn, now, window)
    }

    fn id(question: &Question) -> i64 {
        question.id
    }

    fn new(page: Paginated<Question>) -> Self {
        Self { page }
    }
}

#[derive(Template)]
#[template(path = "polls/results.html")]
pub struct QuestionResults {
    question: Question,
    choices: Vec<(Choice, VoteShare)>,
    total: i64,
    closed_since: Option<NaiveDateTime>,
    open_until: Option<NaiveDateTime>,
}

impl DetailView for QuestionResults {
    type Object = (Question, Vec<Choice>);

    fn object(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Self::Object> {
        QuestionDetail::object(conn, now, id)
    }

    fn new((question, choices): Self::Object) -> Self {
        let now = clock::now();
        let shares = shares(&choices.iter().map(|choice| choice.votes).collect::<Vec<_>>());
        Self {
            total: total(&choices),
            closed_since: question.closed_since(now),
            open_until: question.open_until(now),
            question,
            choices: choices.into_iter().zip(shares).collect(),
        }
    }
}

/// The page shown at all addresses of a question that is not public yet.
#[derive(Template)]
#[template(path = "polls/upcoming.html")]
pub struct QuestionUpcoming {
    opens: NaiveDateTime,
}

/// A page of a question, or the page that says when it becomes public.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn page<V: DetailView>(db: Data<Database>, id: Id) -> Result<Either<Page<V>, Page<QuestionUpcoming>>> {
    match generic::detail::<V>(db.clone(), id).await {
        Err(Error::NotFound) => {
            let now = clock::now();
            let opens = db.read(move |conn| queries::opens(conn, now, id.0)).await?;
            Ok(Either::Right(Page::new(QuestionUpcoming { opens }).with_status(StatusCode::NOT_FOUND)))
        }
        public => public.map(Either::Left),
    }
}
