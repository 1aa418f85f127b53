//! The form of a poll, and the page of one that is not open yet.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use crate::clock;
use crate::db::{Connection, Database};
use crate::polls::models::{Choice, Question};
use crate::polls::page_view::{self, PageView};
use crate::polls::stage::Stage;
use crate::polls::{paths, queries};
use crate::web::pages::filters;
use crate::web::pages::generic::{self, DetailView};
use crate::web::{Error, Id, Page, Result};

#[derive(Template)]
#[template(path = "polls/detail.html")]
pub struct QuestionDetail {
    question: Question,
    pub(super) choices: Vec<Choice>,
    /// The message id of the reason why the vote was not counted.
    error: Option<&'static str>,
    pub(super) closed_since: Option<NaiveDateTime>,
    open_until: Option<NaiveDateTime>,
    /// Whether the page is the answer to a vote that was not counted.
    is_answer: bool,
    /// The id of this page view, for a browser that did not send the cookie.
    page_view: Option<PageView>,
    /// The choice that is already selected.
    chosen: Option<i64>,
}

impl DetailView for QuestionDetail {
    type Object = (Question, Vec<Choice>);

    fn object(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Self::Object> {
        Ok((queries::published(conn, now, id)?, queries::choices(conn, id)?))
    }

    fn new((question, choices): Self::Object) -> Self {
        let now = clock::now();
        Self {
            closed_since: question.closed_since(now),
            open_until: question.open_until(now),
            question,
            choices,
            error: None,
            is_answer: false,
            page_view: None,
            chosen: None,
        }
    }
}

impl QuestionDetail {
    /// The page as the answer to a vote that was not counted.
    pub(super) fn refused(self, error: Option<&'static str>, status: StatusCode) -> Page<Self> {
        Page::new(Self { error, is_answer: true, ..self }).with_status(status)
    }

    /// The page with a choice selected and with an id of its own.
    pub(super) fn with_page_view(self, chosen: Option<i64>, page_view: PageView) -> Self {
        Self { chosen, page_view: Some(page_view), ..self }
    }

    pub(super) fn takes_votes(&self) -> bool {
        self.closed_since.is_none() && !self.choices.is_empty()
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.chosen == Some(choice.id)
    }
}

/// The page shown at all addresses of a question that is not public yet.
#[derive(Template)]
#[template(path = "polls/upcoming.html")]
pub struct QuestionUpcoming {
    question: Question,
}

/// A page of a question, or the page that says when it becomes public.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn page<V: DetailView>(db: Data<Database>, id: Id) -> Result<Either<Page<V>, Page<QuestionUpcoming>>> {
    match generic::detail::<V>(db.clone(), id).await {
        Err(Error::NotFound) => upcoming(&db, id).await.map(Either::Right),
        public => public.map(Either::Left),
    }
}

/// The page that says when a question becomes public.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub(super) async fn upcoming(db: &Database, id: Id) -> Result<Page<QuestionUpcoming>> {
    let now = clock::now();
    let question = db.read(move |conn| queries::upcoming(conn, now, id.0)).await?;
    Ok(Page::new(QuestionUpcoming { question }).with_status(StatusCode::NOT_FOUND))
}
