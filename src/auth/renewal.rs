//! Forms that end the session they are sent from and begin another: a new password, "log out everywhere else", the
//! first administrator. When one is sent twice, the browser keeps the answer to the second alone, which came with a
//! session that is over by then: it begins one as well.

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

/// How long after the first one a second may come with the session that is over.
const WITHIN: TimeDelta = TimeDelta::minutes(1);

/// What such a form came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Renewal {
    user: i32,
    /// A hash of the encoded password that the user has since then.
    password: String,
    /// The session that it was sent from; none for the first administrator.
    session: Option<String>,
    location: String,
    /// A message of the catalogue.
    said: Option<String>,
}

impl Renewal {
    pub fn new(user: &User, session: Option<String>, location: &str, said: Option<&str>) -> Self {
        let (location, said) = (location.to_owned(), said.map(str::to_owned));
        Self { user: user.id, password: fingerprint(user), session, location, said }
    }

    /// Whether the user still has the password of then.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn still_holds(conn: &mut Connection, renewal: &Self) -> QueryResult<bool> {
        let user = queries::find(conn, renewal.user).optional()?;
        Ok(user.is_some_and(|user| fingerprint(&user) == renewal.password))
    }

    /// Begins the new session and says where it goes on; None if the user is not as the form has left them.
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
            messages::add(&ambient.session, Message::success(ambient.text(said)));
        }
        Ok(Some(SeeOther(self.location)))
    }
}

/// A hash of a user's encoded password, which changes with it.
pub fn fingerprint(user: &User) -> String {
    secrets::digest(&user.password)
}

/// The answer to a form that was sent before: from the session that it ended, a moment ago, or by who is logged in
/// as the same user.
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
