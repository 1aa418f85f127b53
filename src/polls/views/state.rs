//! The numbers of a poll's results, for programs and for the page that keeps itself up to date.

use actix_web::HttpRequest;
use actix_web::web::Data;
use fluent_bundle::FluentArgs;
use serde::Serialize;

use super::results::read;
use crate::clock;
use crate::db::Database;
use crate::polls::outcome::PollOutcome;
use crate::polls::stage::Stage;
use crate::web::pages::i18n;
use crate::web::{Ambient, Error, Id, Result, SharedDocument};

#[derive(Serialize)]
struct PollState {
    state: &'static str,
    /// RFC 3339; null for a poll without an end.
    closes: Option<String>,
    /// Null while the results are hidden.
    results: Option<PollNumbers>,
}

#[derive(Serialize)]
struct PollNumbers {
    ballots: i64,
    /// The ids of the choices in the first place.
    leaders: Vec<i64>,
    choices: Vec<ChoiceNumbers>,
    /// The same in words of the reader's language.
    text: String,
    summary: String,
    /// How many could vote and did, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    turnout: Option<String>,
}

#[derive(Serialize)]
struct ChoiceNumbers {
    id: i64,
    votes: i64,
    place: Option<usize>,
    /// In per cent, to a tenth.
    width: String,
    share: String,
    text: String,
}

/// `GET /polls/{id}/state.json`.
///
/// # Errors
/// `NotFound` if the question is not public, or the database's error.
pub async fn state(db: Data<Database>, request: HttpRequest, id: Id) -> Result<SharedDocument> {
    let ambient = Ambient::required(&request)?;
    let (question, outcome) = read(&db, &ambient, id, false).await?;
    let state = PollState {
        state: Stage::of(&question, clock::now()).name(),
        closes: question.close_date.map(i18n::iso),
        results: outcome.map(|outcome| numbers(&outcome, &ambient)),
    };
    let body = serde_json::to_string(&state).map_err(|error| Error::Internal(error.into()))?;
    Ok(SharedDocument { content_type: "application/json", body })
}

fn numbers(outcome: &PollOutcome, ambient: &Ambient) -> PollNumbers {
    let text = |message: &str, count: i64| {
        let mut args = FluentArgs::new();
        args.set("count", count);
        ambient.text_with(message, &args)
    };
    let choices = outcome.lines.iter().map(|line| ChoiceNumbers {
        id: line.choice.id,
        votes: line.count,
        place: Some(line.place).filter(|place| *place != usize::MAX),
        width: line.share.width(),
        share: line.share.to_string(),
        text: text(outcome.counted(), line.count),
    });
    PollNumbers {
        ballots: outcome.tally.ballots,
        leaders: if outcome.is_led_by_unshown() { Vec::new() } else { outcome.tally.winners.clone() },
        choices: choices.collect(),
        text: text(outcome.turnout(), outcome.tally.ballots),
        summary: outcome.summary(ambient).unwrap_or_default(),
        turnout: outcome.turnout_of_those_asked(ambient),
    }
}
