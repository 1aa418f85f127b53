//! The pages of polls, and the vote.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::ballot_box::{BallotBox, Refusal, Voter};
use super::idempotency_key::IdempotencyKey;
use super::models::{Choice, Question, total};
use super::page_view::{self, PageView};
use super::shares::{Share, shares};
use super::{paths, queries};
use crate::clock;
use crate::db::{Connection, Database};
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::generic;
use crate::web::pages::generic::{DetailView, ListView};
use crate::web::pages::pagination::{Paginated, Window};
use crate::web::{Ambient, Error, Id, Page, Result, SeeOther, Site};

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
#[template(path = "polls/detail.html")]
pub struct QuestionDetail {
    question: Question,
    choices: Vec<Choice>,
    /// The message of what was wrong with the vote.
    error: Option<&'static str>,
    closed_since: Option<NaiveDateTime>,
    open_until: Option<NaiveDateTime>,
    /// Whether the page is the answer to a vote, which then was not counted.
    is_answer: bool,
    /// The id of this page view, where the browser has shown that it has none by its cookie.
    page_view: Option<PageView>,
    /// The choice that is marked already.
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
    /// The page as the answer to a vote that was none.
    fn refused(self, error: Option<&'static str>, status: StatusCode) -> Page<Self> {
        Page::new(Self { error, is_answer: true, ..self }).with_status(status)
    }

    fn takes_votes(&self) -> bool {
        self.closed_since.is_none() && !self.choices.is_empty()
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.chosen == Some(choice.id)
    }
}

#[derive(Template)]
#[template(path = "polls/results.html")]
pub struct QuestionResults {
    question: Question,
    choices: Vec<(Choice, Share)>,
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

/// What a question that is not public yet says of itself, on all its pages.
#[derive(Template)]
#[template(path = "polls/upcoming.html")]
pub struct QuestionUpcoming {
    opens: NaiveDateTime,
}

/// The page of a question, or from when on there is one.
///
/// # Errors
/// `NotFound` for a question there is not.
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

/// `GET /polls/{id}/vote/`, which a browser asks for when its address is opened again: leads to the poll.
pub async fn no_vote(site: Data<Site>, id: Id) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, site.url(&paths::detail(id.0)))).finish()
}

/// `POST /polls/{id}/vote/`: the vote counts once it is on disk, and then the results are shown. With an
/// `Idempotency-Key`, or from one view of a page, it counts once however often it is sent.
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
    let ambient = Ambient::required(&request)?;
    let Ok(key) = IdempotencyKey::of(request.headers()) else {
        let page = form_again(&db, id).await?;
        return Ok(Either::Right(page.refused(Some("polls-key-malformed"), StatusCode::BAD_REQUEST)));
    };
    let view = PageView::of(request.headers(), &ambient, &form);
    let choice = form.get("choice").and_then(|choice| choice.parse().ok());
    let voter = match (&key, &view) {
        (Some(key), _) => Voter::of_key(key),
        (None, Some(view)) => Voter::of_page_view(view),
        (None, None) if page_view::is_from_browser(request.headers()) => {
            return ask_to_confirm(form_again(&db, id).await?, &form, choice).map(Either::Right);
        }
        (None, None) => Voter::fresh(),
    };
    let verdict = match choice {
        Some(choice) => ballots.cast(id.0, choice, voter).await?,
        None => Err(Refusal::NoSuchChoice),
    };
    let refusal = match verdict {
        Ok(()) => return Ok(Either::Left(SeeOther(paths::results(id.0)))),
        Err(Refusal::NoSuchQuestion) => return Err(Error::NotFound),
        Err(Refusal::Full) => return Err(Error::Conflict("the choice's total is at its limit")),
        Err(refusal) => refusal,
    };
    let page = form_again(&db, id).await?;
    let (error, status) = match refusal {
        Refusal::VotedOtherwise if key.is_some() => (Some("polls-key-used"), StatusCode::UNPROCESSABLE_ENTITY),
        Refusal::VotedOtherwise => (Some("polls-voted-otherwise"), StatusCode::CONFLICT),
        // Without a choice the ballot box was not asked whether it is closed.
        Refusal::NoSuchChoice if page.closed_since.is_none() => (Some(no_such_choice(&form)), StatusCode::BAD_REQUEST),
        _ => (None, StatusCode::CONFLICT),
    };
    Ok(Either::Right(page.refused(error, status)))
}

/// The form once more, with the choice marked and an id of its own, to a browser that has sent none: it takes no
/// cookies, or the page was open for more than a day. Nothing is counted yet.
fn ask_to_confirm(page: QuestionDetail, form: &Form, choice: Option<i64>) -> Result<Page<QuestionDetail>> {
    if !page.takes_votes() {
        return Ok(page.refused(None, StatusCode::CONFLICT));
    }
    match choice.filter(|choice| page.choices.iter().any(|of_page| of_page.id == *choice)) {
        None => Ok(page.refused(Some(no_such_choice(form)), StatusCode::BAD_REQUEST)),
        chosen => {
            let page = QuestionDetail { chosen, page_view: Some(PageView::new()?), ..page };
            Ok(page.refused(Some("polls-confirm"), StatusCode::PRECONDITION_REQUIRED))
        }
    }
}

/// Whether nothing was chosen, or what is not there, perhaps not any more.
fn no_such_choice(form: &Form) -> &'static str {
    match form.get("choice") {
        None | Some("") => "polls-no-choice",
        Some(_) => "polls-choice-gone",
    }
}

async fn form_again(db: &Database, id: Id) -> Result<QuestionDetail> {
    let now = clock::now();
    Ok(QuestionDetail::new(db.read(move |conn| QuestionDetail::object(conn, now, id.0)).await?))
}
