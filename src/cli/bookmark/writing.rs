//! Adding, changing and deleting bookmarks, with an entry in the history.

use std::process::ExitCode;

use diesel::QueryResult;

use super::listing::line;
use super::{AuthorArgument, absent};
use crate::app::features;
use crate::auth::queries::by_username;
use crate::bookmark::editing::{self, Editor};
use crate::bookmark::errands::TITLE;
use crate::cli::Failure;
use crate::db::{self, Connection};
use crate::outbound::queue;
use crate::web::pages::i18n::Catalogue;

pub fn save(
    conn: &mut Connection,
    id: Option<i64>,
    given: &[(&'static str, String)],
    author: &AuthorArgument,
    no_fetch: bool,
) -> Result<ExitCode, Failure> {
    let catalogue = Catalogue::new(&features::installed().locales);
    let editor = editor(conn, author, &catalogue)?;
    let saved = db::write(conn, |conn| {
        let saved = editing::save(conn, id, given, &editor)?;
        if let (Ok(saved), true) = (&saved, no_fetch) {
            queue::cancel(conn, TITLE, *saved)?;
        }
        QueryResult::Ok(saved)
    });
    match saved.map_err(|error| absent(id.unwrap_or_default(), error))? {
        Ok(saved) => {
            println!("{} bookmark {saved}.", if id.is_some() { "Changed" } else { "Added" });
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => {
            let told = errors.iter().map(|(field, error)| format!("{field}: {}", error.english(&catalogue)));
            Err(told.collect::<Vec<_>>().join("\n").into())
        }
    }
}

fn editor<'a>(conn: &mut Connection, author: &AuthorArgument, catalogue: &'a Catalogue) -> Result<Editor<'a>, Failure> {
    let user = match &author.user {
        None => None,
        Some(name) => {
            let user = by_username(conn, name)?;
            Some(user.ok_or_else(|| format!("user '{name}' does not exist"))?.id)
        }
    };
    Ok(Editor { user, catalogue })
}

pub fn delete(conn: &mut Connection, ids: &[i64], author: &AuthorArgument) -> Result<ExitCode, Failure> {
    let catalogue = Catalogue::new(&features::installed().locales);
    let editor = editor(conn, author, &catalogue)?;
    for id in ids {
        let label = db::write(conn, |conn| editing::delete(conn, *id, &editor)).map_err(|error| absent(*id, error))?;
        println!("Deleted bookmark {id}: {}", line(&label));
    }
    Ok(ExitCode::SUCCESS)
}
