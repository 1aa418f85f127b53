//! Asks whether the page of a bookmark is there.

use chrono::TimeDelta;

use super::state::{FoundLink, LinkState};
use crate::outbound::worker::Outreach;
use crate::outbound::{FetchError, Probe, ProbeMethod};

/// What a site answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkAnswer {
    Found(FoundLink),
    /// It has no time now, and may have said for how long. What it answered counts if it never has.
    NotNow(Option<TimeDelta>, FoundLink),
}

/// Asks for the head of the page, and for the page itself where that is not answered as it should be. What the site's
/// `robots.txt` forbids is not asked for.
pub fn ask(outreach: &Outreach, url: &str) -> LinkAnswer {
    match outreach.robots.allow(&outreach.fetcher, url) {
        Ok(true) => {}
        Ok(false) => return LinkAnswer::Found(FoundLink::new(LinkState::Robots, "its robots.txt forbids it")),
        Err(FetchError::Status(status)) => {
            let found = FoundLink {
                status: Some(status.0.as_u16()),
                ..FoundLink::new(LinkState::Faulty, format!("its robots.txt answered {status}"))
            };
            return LinkAnswer::NotNow(None, found);
        }
        Err(error) => return LinkAnswer::Found(FoundLink::of(url, &Err(error))),
    }
    let mut answer = outreach.fetcher.probe(url, ProbeMethod::Head);
    if is_doubtful(&answer) {
        answer = outreach.fetcher.probe(url, ProbeMethod::Get);
    }
    let found = FoundLink::of(url, &answer);
    match answer {
        Ok(Probe { status: 429 | 503, retry_after, .. }) => {
            LinkAnswer::NotNow(retry_after.and_then(|wait| TimeDelta::from_std(wait).ok()), found)
        }
        _ => LinkAnswer::Found(found),
    }
}

/// Whether a question for the head alone may have been answered otherwise than one for the page: many sites refuse the
/// former, each in its own way.
fn is_doubtful(answer: &Result<Probe, FetchError>) -> bool {
    match answer {
        Ok(Probe { status, .. }) => *status >= 400 && !matches!(status, 401 | 410 | 429 | 503),
        Err(error) => matches!(error, FetchError::Broken(_) | FetchError::Unreachable(..)),
    }
}
