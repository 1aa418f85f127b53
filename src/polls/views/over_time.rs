//! The page with a poll's votes over time.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use askama::Template;

use super::pages::upcoming;
use super::results::sees_results;
use crate::admin::registry::panels::Panel;
use crate::clock;
use crate::db::Database;
use crate::polls::admin::votes;
use crate::polls::eligibility::voted;
use crate::polls::models::Question;
use crate::polls::rules::ResultsRule;
use crate::polls::{paths, queries};
use crate::web::pages::filters;
use crate::web::pages::long_read::read_in_turn;
use crate::web::{Ambient, Error, Id, Page, Result};

#[derive(Template)]
#[template(path = "polls/over_time.html")]
struct VotesOverTime {
    question: Question,
    /// None if the reader may not see the results.
    panel: Option<Panel>,
}

/// `GET /polls/{id}/results/time/`: how many ballots came in each hour, day or month, for those who see the results. All
/// ballots of the poll are read, so a reader gets one such page at a time.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn over_time(db: Data<Database>, request: HttpRequest, id: Id) -> Result<HttpResponse> {
    let ambient = Ambient::required(&request)?;
    let now = clock::now();
    let question = match db.read(move |conn| queries::published(conn, now, id.0)).await.map_err(Error::from) {
        Err(Error::NotFound) => return Ok(upcoming(&db, id).await?.respond_to(&request)),
        question => question?,
    };
    if question.shows_results() == ResultsRule::Voted && !question.shows_results_to_all(now) {
        ambient.make_private();
    }
    let panel = if sees_results(&question, &ambient, voted::has_voted(request.headers(), &ambient, id.0)) {
        let zone = ambient.site.settings.time_zone.clone();
        Some(read_in_turn(&db, &ambient, move |conn| votes::over_time(conn, id.0, &zone)).await?)
    } else {
        None
    };
    Ok(Page::new(VotesOverTime { question, panel }).respond_to(&request))
}
