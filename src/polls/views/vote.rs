//! The view that takes votes.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder as _};

use super::ballot_form;
use super::detail::{CountedText, QuestionDetail};
use crate::clock;
use crate::db::{Connection, Database};
use crate::polls::ballot::{Mark, MarksError};
use crate::polls::ballot_box::{BallotBox, CastMarks, Credentials, Refusal, Voter};
use crate::polls::eligibility::browser::{self, BrowserKey};
use crate::polls::eligibility::invitation::{self, InvitationState, InvitationToken};
use crate::polls::eligibility::{account, voted};
use crate::polls::idempotency_key::IdempotencyKey;
use crate::polls::page_view::{self, PageView};
use crate::polls::paths;
use crate::polls::rules::WhoVotes;
use crate::polls::write_in::{self, WriteInRefusal};
use crate::web::http::forms::Form;
use crate::web::{Ambient, Error, Id, Page, Result, SeeOther, Site};

type VoteAnswer = Either<HttpResponse, Page<QuestionDetail>>;

/// `GET /polls/{id}/vote/`: redirects to the poll. A browser requests it if the address of a refused vote is opened
/// again.
pub async fn no_vote(site: Data<Site>, id: Id) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, site.url(&paths::detail(id.0)))).finish()
}

/// `POST /polls/{id}/vote/`: casts a vote. When the vote is on disk, the answer redirects to the results. With an
/// `Idempotency-Key`, or from one page view, the vote counts once, even if it is sent several times; by the poll's rule
/// it counts once for a browser, an account or an invitation.
///
/// # Errors
/// `NotFound` if the question is not public, `Unavailable` if the vote cannot be counted now.
pub async fn vote(
    ballots: Data<BallotBox>,
    db: Data<Database>,
    request: HttpRequest,
    id: Id,
    form: Form,
) -> Result<VoteAnswer> {
    let link = link(&request, &form);
    let Ok(key) = IdempotencyKey::of(request.headers()) else {
        let page = form_again(&db, id, link).await?;
        return Ok(Either::Right(page.refused(Some(told("polls-key-malformed")), Vec::new(), StatusCode::BAD_REQUEST)));
    };
    let mut marks = ballot_form::marks(&form);
    let (credentials, state) = credentials(&db, &request, id, &form, key.as_ref()).await?;
    let written = match ballot_form::written(&form) {
        Some(text) => write_in(&db, id, text.to_owned(), credentials.clone()).await?.map(Some),
        None => Ok(None),
    };
    if let Ok(Some(choice)) = written {
        marks.push(Mark { choice, value: 1 });
    }
    let verdict = match written {
        Err(refusal) => match not_taken(refusal) {
            Ok((problem, status)) => {
                let page = form_again(&db, id, link).await?.with_written(&form);
                return Ok(Either::Right(page.refused(Some(problem), marks, status)));
            }
            Err(refusal) => Err(refusal),
        },
        Ok(_) if marks.is_empty() => Err(Refusal::Marks(MarksError::NoMark)),
        Ok(written) => ballots.cast(id.0, CastMarks { marks: marks.clone(), written }, credentials).await?,
    };
    match verdict {
        Ok(()) => {
            let ambient = Ambient::required(&request)?;
            let mut results = SeeOther(paths::results(id.0)).respond_to(&request);
            // The cookie only tells the page of the results what to say; the vote is on disk.
            let _ = results.add_cookie(&voted::chosen_cookie(&ambient, id.0, &marks));
            Ok(Either::Left(results))
        }
        Err(refusal) => {
            let page = form_again(&db, id, link).await?.with_written(&form);
            let page = refused(page, refusal, key.is_some(), state, marks)?;
            if refusal != Refusal::Unidentified(WhoVotes::Browser) {
                return Ok(Either::Right(page));
            }
            let mut asked_again = page.respond_to(&request);
            for cookie in browser::voter_cookies(request.headers(), &*Ambient::required(&request)?, id.0)? {
                asked_again.add_cookie(&cookie).map_err(|error| Error::Internal(error.to_string().into()))?;
            }
            Ok(Either::Left(asked_again))
        }
    }
}

/// `POST /polls/{id}/vote/withdraw/`: withdraws the voter's ballot, where the poll allows it.
///
/// # Errors
/// As of [`vote`].
pub async fn withdraw(
    ballots: Data<BallotBox>,
    db: Data<Database>,
    request: HttpRequest,
    id: Id,
    form: Form,
) -> Result<VoteAnswer> {
    let link = link(&request, &form);
    let (credentials, state) = credentials(&db, &request, id, &form, None).await?;
    match ballots.cast(id.0, Vec::new(), credentials).await? {
        Ok(()) => {
            let link = link.map(|token| paths::invitation(id.0, token.as_str()));
            Ok(Either::Left(SeeOther(link.unwrap_or_else(|| paths::detail(id.0))).respond_to(&request)))
        }
        Err(refusal) => refused(form_again(&db, id, link).await?, refusal, false, state, Vec::new()).map(Either::Right),
    }
}

/// The link of an invitation by which the request votes.
fn link(request: &HttpRequest, form: &Form) -> Option<InvitationToken> {
    invitation::sent(request, Some(form)).and_then(InvitationToken::parse)
}

/// What the request says about its voter, and the state of the link that it names. A post of a browser without a page
/// view identifies nobody in an open poll: it may be half of a double click. At the address of a link only the link
/// counts: there another site's page could send the browser's cookies.
async fn credentials(
    db: &Database,
    request: &HttpRequest,
    id: Id,
    form: &Form,
    key: Option<&IdempotencyKey>,
) -> Result<(Credentials, Option<InvitationState>)> {
    let (ambient, headers) = (Ambient::required(request)?, request.headers());
    let view = || PageView::of(headers, &ambient, form).map(|view| Voter::of_page_view(&view));
    let fresh = || (!page_view::is_from_browser(headers)).then(Voter::fresh);
    let (is_at_link, names_link) =
        (invitation::sent(request, None).is_some(), invitation::sent(request, Some(form)).is_some());
    let (token, viewer) = (link(request, form), ambient.viewer().map(|viewer| viewer.id));
    let request = key.map(Voter::of_key).or_else(view).or_else(fresh);
    let browser = BrowserKey::of(headers, &ambient, id.0).map(|browser| browser.voter());
    let credentials = Credentials { request, browser, ..Credentials::default() };
    let (credentials, viewer) = if is_at_link { (Credentials::default(), None) } else { (credentials, viewer) };
    if viewer.is_none() && !names_link {
        return Ok((credentials, None));
    }
    let site = Arc::clone(&ambient.site);
    let identified = db.read(move |conn| {
        let account = viewer.map(|user| account::voter(conn, &site.security, id.0, user)).transpose()?;
        let state = names_link.then(|| invitation::state(conn, id.0, token.as_ref())).transpose()?;
        let is_good = state.is_some_and(|state| state.refusal().is_none());
        let invitation = token.as_ref().filter(|_| is_good).map(|token| token.voter(id.0));
        Ok((account, invitation, state))
    });
    let (account, invitation, state) = identified.await?;
    Ok((Credentials { account, invitation, ..credentials }, state))
}

/// The choice for the answer that the voter wrote.
async fn write_in(
    db: &Database,
    id: Id,
    text: String,
    credentials: Credentials,
) -> Result<std::result::Result<i64, WriteInRefusal>> {
    let choice = move |conn: &mut Connection| -> Result<_> {
        Ok(write_in::choice(conn, id.0, &text, &credentials, clock::now())?)
    };
    db.write_unseen(choice).await
}

/// The form again, with the reason why the vote was not counted.
fn refused(
    page: QuestionDetail,
    refusal: Refusal,
    has_key: bool,
    link: Option<InvitationState>,
    marks: Vec<Mark>,
) -> Result<Page<QuestionDetail>> {
    let rule = page.question.who_votes();
    let (problem, status): (CountedText, _) = match refusal {
        Refusal::NoSuchQuestion => return Err(Error::NotFound),
        Refusal::Full => return Err(Error::Conflict("the choice's total is at its limit")),
        Refusal::VotedOtherwise if has_key && rule == WhoVotes::Open => {
            (told("polls-key-used"), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Refusal::VotedOtherwise if rule == WhoVotes::Open => (told("polls-voted-otherwise"), StatusCode::CONFLICT),
        Refusal::VotedOtherwise if rule == WhoVotes::Invitation => (told(invitation::USED), StatusCode::CONFLICT),
        Refusal::VotedOtherwise => (told("polls-voted-already"), StatusCode::CONFLICT),
        // A closed poll is reported first, because the ballot box did not check that for a vote without a choice.
        _ if !page.takes_votes() => return Ok(page.refused(None, marks, StatusCode::CONFLICT)),
        Refusal::Closed => return Ok(page.refused(None, marks, StatusCode::CONFLICT)),
        Refusal::Unidentified(WhoVotes::Open) => {
            let page = page.with_page_view(PageView::new()?);
            return Ok(page.refused(Some(told("polls-confirm")), marks, StatusCode::PRECONDITION_REQUIRED));
        }
        Refusal::Unidentified(WhoVotes::Browser) => (told("polls-no-cookie"), StatusCode::PRECONDITION_REQUIRED),
        Refusal::Unidentified(WhoVotes::Account) => (told("polls-no-account"), StatusCode::FORBIDDEN),
        Refusal::Unidentified(WhoVotes::Invitation) => match link.and_then(InvitationState::refusal) {
            Some((reason, status)) => (told(reason), status),
            None => (told("polls-no-invitation"), StatusCode::FORBIDDEN),
        },
        Refusal::NoSuchChoice => (told("polls-choice-gone"), StatusCode::BAD_REQUEST),
        Refusal::Withdrawn => (told("polls-choice-withdrawn"), StatusCode::BAD_REQUEST),
        Refusal::Marks(error) => (problem_of(error), StatusCode::BAD_REQUEST),
    };
    Ok(page.refused(Some(problem), marks, status))
}

/// Why an answer is not taken, or why no ballot of this voter would be.
fn not_taken(refusal: WriteInRefusal) -> std::result::Result<(CountedText, StatusCode), Refusal> {
    let longest = i64::try_from(write_in::LONGEST).unwrap_or(i64::MAX);
    Ok(match refusal {
        WriteInRefusal::NotTaken => (told("polls-write-in-none"), StatusCode::BAD_REQUEST),
        WriteInRefusal::Blank => (told("polls-write-in-blank"), StatusCode::BAD_REQUEST),
        WriteInRefusal::TooLong => (CountedText { id: "polls-write-in-long", count: longest }, StatusCode::BAD_REQUEST),
        WriteInRefusal::Refused => (told("polls-write-in-was-refused"), StatusCode::CONFLICT),
        WriteInRefusal::TooMany => (told("polls-write-in-many"), StatusCode::CONFLICT),
        WriteInRefusal::Ballot(refusal) => return Err(refusal),
    })
}

/// A message without a number.
fn told(id: &'static str) -> CountedText {
    CountedText { id, count: 0 }
}

fn problem_of(error: MarksError) -> CountedText {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    match error {
        MarksError::NoMark => told("polls-no-choice"),
        MarksError::TooFew(least) => CountedText { id: "polls-too-few", count: count(least) },
        MarksError::TooMany(most) => CountedText { id: "polls-too-many", count: count(most) },
        MarksError::UnknownChoice(_) => told("polls-choice-gone"),
        MarksError::WithdrawnChoice(_) => told("polls-choice-withdrawn"),
        MarksError::ChoiceTwice(_) => told("polls-choice-twice"),
        MarksError::ValueOutOfRange(_) => told("polls-value-out-of-range"),
        MarksError::RankTwice(rank) => CountedText { id: "polls-rank-twice", count: rank },
        MarksError::RankMissing(rank) => CountedText { id: "polls-rank-missing", count: rank },
    }
}

async fn form_again(db: &Database, id: Id, link: Option<InvitationToken>) -> Result<QuestionDetail> {
    Ok(QuestionDetail::read(db, id).await?.invited(link))
}
