//! Forms that end the session from which they are sent and begin another: a new password, "log out everywhere else",
//! the first superuser. If one is sent twice, the browser keeps only the answer to the second, whose session the first
//! has ended: so the answer to the second begins a new session as well.

use chrono::TimeDelta;
use diesel::{OptionalExtension as _, QueryResult};
use serde::{Deserialize, Serialize};

use super::models::User;
use super::{middleware, queries};
use crate::db::{Connection, Database};
use crate::web::context::messages;
use crate::web::context::messages::Message;
use crate::web::http::secrets;
use crate::web::{Ambient, Result, SeeOther, Submission};

/// How long after the first a repetition may come with the ended session.
const WITHIN: TimeDelta = TimeDelta::minutes(1);

/// The outcome of such a form.
#[derive(Debug, Serialize, Deserialize)]
pub struct Renewal {
    user: i32,
    /// A hash of the user's encoded password after the form.
    password: String,
    /// The hash of the session's key from which the form was sent; None if there was no session.
    session: Option<String>,
    location: String,
    /// The name of the message to show.
    said: Option<String>,
}

impl Renewal {
    pub fn new(user: &User, session: Option<String>, location: &str, said: Option<&str>) -> Self {
        let (location, said) = (location.to_owned(), said.map(str::to_owned));
        Self { user: user.id, password: fingerprint(user), session, location, said }
    }

    /// Whether the user still has the password that the form left.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn still_holds(conn: &mut Connection, renewal: &Self) -> QueryResult<bool> {
        let user = queries::find(conn, renewal.user).optional()?;
        Ok(user.is_some_and(|user| fingerprint(&user) == renewal.password))
    }

    /// Begins the new session and returns the redirect; None if the user has changed since the form.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn answer(self, ambient: &Ambient, db: &Database) -> Result<Option<SeeOther>> {
        let id = self.user;
        let user = db.read(move |conn| queries::find(conn, id).optional()).await?;
        let is_as_left = |user: &User| user.is_active && fingerprint(user) == self.password;
        let Some(user) = user.filter(is_as_left) else {
            return Ok(None);
        };
        if ambient.session.presented_digest() == self.session {
            middleware::log_in(&ambient.session, &ambient.site, &user);
        }
        if let Some(said) = &self.said {
            messages::add_again(&ambient.session, Message::success(ambient.text(said)));
        }
        Ok(Some(SeeOther(self.location)))
    }
}

/// A hash of a user's encoded password.
pub fn fingerprint(user: &User) -> String {
    secrets::digest(&user.password)
}

/// The answer to a form that was sent before; None if it was not. The repetition must come from the session that the
/// form ended, within [`WITHIN`], or from a session of the same user.
///
/// # Errors
/// If the database does not answer.
pub async fn repeat(ambient: &Ambient, db: &Database, submission: &Submission) -> Result<Option<SeeOther>> {
    let viewer = ambient.viewer().map(|viewer| viewer.id);
    let within = if viewer.is_some() { TimeDelta::days(1) } else { WITHIN };
    let Some(renewal) = submission.earlier::<Renewal>(db, within).await? else {
        return Ok(None);
    };
    let is_theirs = viewer == Some(renewal.user);
    let is_from_there = viewer.is_none() && ambient.session.presented_digest() == renewal.session;
    if is_theirs || is_from_there { renewal.answer(ambient, db).await } else { Ok(None) }
}
