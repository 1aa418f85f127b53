//! Many links of a poll by invitation at once, for the admin and the command line: their labels, the CSV file that hands
//! them out, and their entry in the history.

use diesel::QueryResult;
use serde_json::json;

use super::admin::QuestionAdmin;
use super::eligibility::invitation::{InvitationCounts, InvitationToken, LABEL_LENGTH};
use super::paths;
use crate::admin::changes::log::{self, ActionFlag};
use crate::admin::list::export::safe_cell;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::db::Connection;
use crate::web::pages::i18n::{Catalogue, Language};

/// The lines of a text that are not blank; the error is a line that is too long or has a NUL character.
///
/// # Errors
/// If a line cannot be a label.
pub fn labels(text: &str) -> Result<Vec<String>, &str> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.chars().count() > LABEL_LENGTH || line.contains('\0') {
            true => Err(line),
            false => Ok(line.to_owned()),
        })
        .collect()
}

/// Numbers as labels, which go on from the number of links that the poll has.
///
/// # Errors
/// If the database does not answer.
pub fn numbers(conn: &mut Connection, question: i64, count: usize) -> QueryResult<Vec<String>> {
    let made = InvitationCounts::of(conn, question)?.made;
    Ok((made + 1..).take(count).map(|number| number.to_string()).collect())
}

/// The first line of the CSV file.
pub const CSV_HEAD: [&str; 2] = ["label", "link"];

/// The lines of the CSV file. `site` is the address before a link's path.
///
/// # Errors
/// None with memory to write to.
pub fn csv_lines(site: &str, question: i64, labels: &[String], tokens: &[InvitationToken]) -> csv::Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    for (label, token) in labels.iter().zip(tokens) {
        csv.write_record([
            &safe_cell(label.clone()),
            &format!("{site}{}", paths::invitation(question, token.as_str())),
        ])?;
    }
    csv.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// What happened to links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinksChange {
    Made,
    Withdrawn,
}

/// Writes an entry into the history of a poll (its id and text), by a user. `what` is the number of links, or the label
/// of those that were withdrawn.
///
/// # Errors
/// If the database refuses it or does not answer.
pub fn note(
    conn: &mut Connection,
    catalogue: &Catalogue,
    user: i32,
    poll: (i64, &str),
    (change, what): (LinksChange, &str),
) -> QueryResult<()> {
    let name = catalogue.text(Language::English, "polls-invitation-plural", None);
    let message = match change {
        LinksChange::Made => json!([{ "added": { "name": name, "object": what } }]),
        LinksChange::Withdrawn => json!([{ "deleted": { "name": name, "object": what } }]),
    };
    log::write(conn, user, QuestionAdmin::META, poll, ActionFlag::Change, Some(&message)).map(drop)
}
