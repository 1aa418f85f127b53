//! The pages of one poll, and the page in place of them before it opens.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use super::detail::QuestionDetail;
use crate::clock;
use crate::db::Database;
use crate::polls::models::Question;
use crate::polls::rules::TieRule;
use crate::polls::stage::Stage;
use crate::polls::{paths, queries};
use crate::web::pages::filters;
use crate::web::{Error, Id, Page, Result};

/// The page shown at all addresses of a question that is not public yet.
#[derive(Template)]
#[template(path = "polls/upcoming.html")]
pub struct QuestionUpcoming {
    question: Question,
}

/// `GET /polls/{id}/`: the page of a question, or the page that says when it becomes public.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn page(db: Data<Database>, id: Id) -> Result<Either<Page<QuestionDetail>, Page<QuestionUpcoming>>> {
    match QuestionDetail::read(&db, id).await {
        Err(Error::NotFound) => upcoming(&db, id).await.map(Either::Right),
        public => public.map(|page| Either::Left(Page::new(page))),
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
