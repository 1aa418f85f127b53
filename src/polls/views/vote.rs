//! The view that takes votes.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse};

use super::pages::QuestionDetail;
use crate::clock;
use crate::db::Database;
use crate::polls::ballot_box::{BallotBox, Refusal, Voter};
use crate::polls::idempotency_key::IdempotencyKey;
use crate::polls::page_view::{self, PageView};
use crate::polls::paths;
use crate::web::http::forms::Form;
use crate::web::pages::generic::DetailView as _;
use crate::web::{Ambient, Error, Id, Page, Result, SeeOther, Site};

/// `GET /polls/{id}/vote/`: redirects to the poll. A browser requests it if the address of a refused vote is opened
/// again.
pub async fn no_vote(site: Data<Site>, id: Id) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, site.url(&paths::detail(id.0)))).finish()
}

/// `POST /polls/{id}/vote/`: casts a vote. When the vote is on disk, the answer redirects to the results. With an
/// `Idempotency-Key`, or from one page view, the vote counts once, even if it is sent several times.
///
/// # Errors
/// `NotFound` if the question is not public, `Unavailable` if the vote cannot be counted now.
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
        // A closed poll is reported first, because the ballot box did not check that for a vote without a choice.
        Refusal::NoSuchChoice if page.closed_since.is_none() => (Some(no_such_choice(&form)), StatusCode::BAD_REQUEST),
        _ => (None, StatusCode::CONFLICT),
    };
    Ok(Either::Right(page.refused(error, status)))
}

/// Shows the form again, with the choice selected and with an id in the form, to a browser that has sent no id because
/// it accepts no cookies or the page was open for more than a day. The vote is not counted yet.
fn ask_to_confirm(page: QuestionDetail, form: &Form, choice: Option<i64>) -> Result<Page<QuestionDetail>> {
    if !page.takes_votes() {
        return Ok(page.refused(None, StatusCode::CONFLICT));
    }
    match choice.filter(|choice| page.choices.iter().any(|of_page| of_page.id == *choice)) {
        None => Ok(page.refused(Some(no_such_choice(form)), StatusCode::BAD_REQUEST)),
        chosen => {
            let page = page.with_page_view(chosen, PageView::new()?);
            Ok(page.refused(Some("polls-confirm"), StatusCode::PRECONDITION_REQUIRED))
        }
    }
}

/// The message id for a vote without a choice, or for a choice that does not exist (any more).
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
