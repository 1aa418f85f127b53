//! The page of an invitation's link.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder as _};
use askama::Template;

use super::detail::QuestionDetail;
use super::pages::page;
use crate::clock;
use crate::db::Database;
use crate::polls::eligibility::invitation::{self, InvitationState, InvitationToken, USED};
use crate::polls::paths;
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Id, Page, Result};

/// Says why a link shows no ballot: it has voted, is withdrawn, or is not one of this poll.
#[derive(Template)]
#[template(path = "polls/invitation.html")]
pub struct InvitationEnded {
    /// The name of a message.
    reason: &'static str,
    question: i64,
}

/// `GET /polls/{id}/i/{token}/`: the poll, with a form that votes by the link. (If the poll
/// is not by invitation, it votes without.)
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn invited(request: HttpRequest, db: Data<Database>, id: Id) -> Result<HttpResponse> {
    Ambient::required(&request)?.make_private();
    let token = invitation::sent(&request, None).and_then(InvitationToken::parse);
    let now = clock::now();
    let asked = token.clone();
    let (state, poll) = db
        .read(move |conn| {
            let poll = diesel::OptionalExtension::optional(QuestionDetail::object(conn, now, id.0))?;
            Ok((invitation::state(conn, id.0, asked.as_ref())?, poll))
        })
        .await?;
    let Some(poll) = poll else {
        return match page(db, id).await? {
            Either::Left(_) => Err(Error::NotFound),
            Either::Right(upcoming) => Ok(upcoming.respond_to(&request)),
        };
    };
    let ended = |reason| Page::new(InvitationEnded { reason, question: id.0 });
    Ok(match state.refusal() {
        Some((reason, status)) => ended(reason).with_status(status).respond_to(&request),
        None if state == InvitationState::Used && !poll.0.may_change => ended(USED).respond_to(&request),
        None => Page::new(QuestionDetail::new(poll).invited(token)).respond_to(&request),
    })
}
