//! What a browser remembers of its vote, for the page of the results only: what was chosen, to be shown once, and that it
//! has voted, where the results are shown to those who have.
//!
//! Both are signed cookies of that page. The first lasts until it was shown, at most [`CHOSEN_MAX_AGE`]; the second is
//! set by that page, and only in a poll with such results, so that it keeps no other page out of a cache.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::http::header::HeaderMap;

use super::browser::{signed, verified};
use crate::polls::ballot::Mark;
use crate::polls::paths;
use crate::web::Ambient;
use crate::web::http::cookies;

/// The names of the cookies, which are also the purposes of their signatures.
const CHOSEN: &str = "chosen";
const VOTED: &str = "voted";
const CHOSEN_MAX_AGE: Duration = Duration::minutes(10);
const VOTED_MAX_AGE: Duration = Duration::days(400);
/// The most marks that are remembered: a cookie has at most 4096 bytes.
const MOST_MARKS: usize = 100;

/// The cookie after a vote with these marks.
pub fn chosen_cookie(ambient: &Ambient, question: i64, marks: &[Mark]) -> Cookie<'static> {
    let marks: Vec<_> = marks.iter().take(MOST_MARKS).map(|mark| format!("{}-{}", mark.choice, mark.value)).collect();
    cookie(ambient, CHOSEN, question, &format!("{question}_{}", marks.join("_")), CHOSEN_MAX_AGE)
}

/// The cookie that ends the first one.
pub fn shown_cookie(ambient: &Ambient, question: i64) -> Cookie<'static> {
    cookie(ambient, CHOSEN, question, "", Duration::ZERO)
}

/// The cookie of a browser that may see the results.
pub fn voted_cookie(ambient: &Ambient, question: i64) -> Cookie<'static> {
    cookie(ambient, VOTED, question, &question.to_string(), VOTED_MAX_AGE)
}

/// The marks of the vote after which the browser comes to the results; None if it does not, or was shown them already.
pub fn chosen(headers: &HeaderMap, ambient: &Ambient, question: i64) -> Option<Vec<Mark>> {
    let text = text(headers, ambient, CHOSEN)?;
    let (of, marks) = text.split_once('_')?;
    let mark = |text: &str| {
        let (choice, value) = text.split_once('-')?;
        Some(Mark { choice: choice.parse().ok()?, value: value.parse().ok()? })
    };
    (of == question.to_string()).then(|| marks.split('_').filter_map(mark).collect())
}

/// Whether the browser has voted in the poll.
pub fn has_voted(headers: &HeaderMap, ambient: &Ambient, question: i64) -> bool {
    text(headers, ambient, VOTED).is_some_and(|of| of == question.to_string())
}

fn text<'a>(headers: &'a HeaderMap, ambient: &Ambient, name: &'static str) -> Option<&'a str> {
    verified(&ambient.site.security, name, cookies::value_of_path(headers, ambient.client.secure, name)?)
}

fn cookie(ambient: &Ambient, name: &'static str, question: i64, text: &str, max_age: Duration) -> Cookie<'static> {
    let value = signed(&ambient.site.security, name, text);
    let path = ambient.site.url(&paths::results(question));
    cookies::build_for_path(ambient.client.secure, name, &value, path).max_age(max_age).finish()
}
