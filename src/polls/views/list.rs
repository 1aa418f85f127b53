//! The list of polls, with its search.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use form_urlencoded::{Serializer, parse};

use crate::admin::list::query::words;
use crate::clock;
use crate::db::{Connection, Database};
use crate::polls::listing::{self, MOST_FOUND, PAGE_SIZE, PollEntry};
use crate::polls::paths;
use crate::polls::stage::Stage;
use crate::web::pages::filters;
use crate::web::pages::long_read::read_in_turn;
use crate::web::pages::pagination::{linked_numbers, page_number};
use crate::web::{Ambient, Error, Page, Result};

/// From this place in the list on the database has to skip so many polls that it takes a while.
const FAR: i64 = 2000;

#[derive(Template)]
#[template(path = "polls/index.html")]
pub struct QuestionList {
    entries: Vec<PollEntry>,
    /// What is searched for; empty for all polls.
    search: String,
    total: i64,
    number: i64,
    pages: i64,
}

/// `GET /polls/`: a page of all polls, or of those that a search finds.
///
/// # Errors
/// `NotFound` if there is no such page; `Unavailable` if another search of a reader takes too long.
pub async fn list(db: Data<Database>, request: HttpRequest) -> Result<Page<QuestionList>> {
    let (ambient, query) = (Ambient::required(&request)?, request.query_string());
    let number = page_number(query)?;
    let search = parse(query.as_bytes()).filter(|(name, _)| name == "q").last();
    let search = search.map(|(_, text)| text.trim().to_owned()).unwrap_or_default();
    let (words, now, offset) = (words(&search), clock::now(), (number - 1) * PAGE_SIZE);
    let takes_long = !words.is_empty() || offset >= FAR;
    let read = move |conn: &mut Connection| match words.as_slice() {
        [] => listing::page(conn, now, offset),
        words => listing::found(conn, now, words, offset),
    };
    let page = if takes_long { read_in_turn(&db, &ambient, read).await? } else { db.read(read).await? };
    if number > 1 && offset >= page.total {
        return Err(Error::NotFound);
    }
    let pages = (page.total + PAGE_SIZE - 1) / PAGE_SIZE;
    Ok(Page::new(QuestionList { entries: page.entries, search, total: page.total, number, pages }))
}

impl QuestionList {
    /// The page numbers to link; 0 stands for a gap.
    fn numbers(&self) -> Vec<i64> {
        linked_numbers(self.number, self.pages)
    }

    /// The query string of a page.
    fn page(&self, number: i64) -> String {
        let mut query = Serializer::for_suffix("?".to_owned(), 1);
        if !self.search.is_empty() {
            query.append_pair("q", &self.search);
        }
        query.append_pair("page", &number.to_string()).finish()
    }

    fn found_too_many(&self) -> bool {
        !self.search.is_empty() && self.total >= MOST_FOUND
    }
}
