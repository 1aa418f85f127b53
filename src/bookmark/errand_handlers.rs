//! What `polls outbound` does for bookmarks: it fetches titles that are missing, and checks links.

use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use super::admin::BookmarkAdmin;
use super::editing::{self, Editor};
use super::errands::{CHECK, TITLE};
use super::links::{self, LinkAnswer};
use super::page::{PageError, fetch_head};
use super::{models::Bookmark, queries};
use crate::admin::changes::log;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::db::{self, Connection};
use crate::outbound::queue::{self, OutboundTask};
use crate::outbound::worker::{Ending, OutboundHandler, Outreach, is_last};
use crate::outbound::{FetchError, hosts};
use crate::settings::Settings;
use crate::text::is_blank;
use crate::web::pages::i18n::Catalogue;

pub const HANDLERS: &[OutboundHandler] = &[
    OutboundHandler { errand: TITLE, run: fetch_title, plan: None },
    OutboundHandler { errand: CHECK, run: check, plan: Some(plan) },
];

/// How many checks are put into the queue at a time.
const PLANNED_AT_ONCE: i64 = 200;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[super::FEATURE.locale]));

fn fetch_title(outreach: &Outreach, conn: &mut Connection, task: &OutboundTask) -> QueryResult<Ending> {
    let Some(bookmark) = queries::find(conn, task.object_id).optional()? else { return Ok(Ending::Done) };
    if !lacks_title(&bookmark) {
        return Ok(Ending::Done);
    }
    let head = match fetch_head(&outreach.fetcher, &bookmark.url) {
        Ok(head) => head,
        Err(error) if is_passing(&error) => return Ok(Ending::Later { after: None, why: error.to_string() }),
        Err(error) => return Ok(Ending::Failed(error.to_string())),
    };
    if head.title.is_none() {
        return Ok(Ending::Failed("its page has no title".to_owned()));
    }
    db::write(conn, |conn| {
        // What somebody has written meanwhile stays.
        editing::lock(conn, bookmark.id)?;
        let Some(now) = queries::find(conn, bookmark.id).optional()? else { return Ok(Ending::Done) };
        if now.url != bookmark.url {
            return Ok(Ending::Later { after: None, why: "the address was changed meanwhile".to_owned() });
        }
        let title = head.title.filter(|_| lacks_title(&now));
        let description = head.description.filter(|_| is_blank(&now.description));
        let given = [("title", title), ("description", description)];
        let given: Vec<_> = given.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
        if given.is_empty() {
            return Ok(Ending::Done);
        }
        // In the history it is the work of who wrote the bookmark last.
        let editor = Editor { user: log::last_author(conn, BookmarkAdmin::META, bookmark.id)?, catalogue: &CATALOGUE };
        Ok(match editing::save(conn, Some(bookmark.id), &given, &editor)? {
            Ok(_) => Ending::Done,
            Err(errors) => {
                let told = errors.iter().map(|(field, error)| format!("{field}: {}", error.english(&CATALOGUE)));
                Ending::Failed(told.collect::<Vec<_>>().join("; "))
            }
        })
    })
}

fn lacks_title(bookmark: &Bookmark) -> bool {
    bookmark.title.as_deref().is_none_or(is_blank)
}

/// Whether a page may be there later although it is not now.
fn is_passing(error: &PageError) -> bool {
    match error {
        PageError::Fetch(FetchError::Status(status)) => {
            status.0.is_server_error() || [408, 425, 429].contains(&status.0.as_u16())
        }
        PageError::Fetch(error) => matches!(
            error,
            FetchError::UnknownName(_) | FetchError::Unreachable(..) | FetchError::TooLong(_) | FetchError::Broken(_)
        ),
        PageError::NoPage(_) => false,
    }
}

fn check(outreach: &Outreach, conn: &mut Connection, task: &OutboundTask) -> QueryResult<Ending> {
    let Some(bookmark) = queries::find(conn, task.object_id).optional()? else { return Ok(Ending::Done) };
    if hosts::host(&bookmark.url) != task.host {
        // Another host has to be claimed.
        queue::put(conn, CHECK, bookmark.id, &bookmark.url)?;
        return Ok(Ending::Done);
    }
    let (found, ending) = match links::ask(outreach, &bookmark.url) {
        LinkAnswer::Found(found) => (found, Ending::Done),
        LinkAnswer::NotNow(after, found) => {
            let status = found.status.map(|status| status.to_string()).unwrap_or_default();
            let later = Ending::Later { after, why: format!("the site has no time now ({status})") };
            if !is_last(task.attempts) {
                return Ok(later);
            }
            (found, later)
        }
    };
    if !note(conn, bookmark.id, &bookmark.url, &found)? {
        return Ok(Ending::Later { after: None, why: "the address was changed meanwhile".to_owned() });
    }
    Ok(ending)
}

/// Notes what was found in a transaction of its own. Another process may note the same bookmark at the same moment.
///
/// # Errors
/// If the database does not answer.
pub fn note(conn: &mut Connection, id: i64, url: &str, found: &links::FoundLink) -> QueryResult<bool> {
    match db::write(conn, |conn| links::note(conn, id, url, found)) {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            db::write(conn, |conn| links::note(conn, id, url, found))
        }
        noted => noted,
    }
}

fn plan(conn: &mut Connection, settings: &Settings) -> QueryResult<()> {
    let days = settings.outbound.link_check_days;
    if days == 0 {
        return Ok(());
    }
    for (id, url) in links::unqueued(conn, days, PLANNED_AT_ONCE)? {
        match db::write(conn, |conn| queue::put(conn, CHECK, id, &url)) {
            // Another worker plans the same.
            Ok(()) | Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
