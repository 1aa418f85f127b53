//! Writes of the API: one transaction for each, by the rules and with the history of the admin.

use std::sync::Arc;

use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::documents::{BookmarkDocument, member};
use super::rights::sees_private;
use crate::admin::changes::log;
use crate::admin::registry::field::FieldErrors;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::bookmark::admin::BookmarkAdmin;
use crate::bookmark::editing::{self, Editor};
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::queries;
use crate::db::{Connection, Database, DatabaseError};
use crate::web::api::ApiUser;
use crate::web::{Error, Result, Site};

/// A bookmark as it is after a write, or why it was not written.
type SavedBookmark = std::result::Result<TaggedBookmark, FieldErrors>;

/// The user who writes, for the thread that does it.
#[derive(Clone)]
pub struct ApiWriter {
    user: i32,
    username: String,
    request_id: String,
    pub sees_private: bool,
    site: Arc<Site>,
}

impl ApiWriter {
    pub fn of(user: &ApiUser) -> Self {
        Self {
            user: user.viewer.id,
            username: user.viewer.username.clone(),
            request_id: user.ambient.request_id.clone(),
            sees_private: sees_private(&user.viewer),
            site: Arc::clone(&user.ambient.site),
        }
    }

    pub fn editor(&self) -> Editor<'_> {
        Editor { user: Some(self.user), catalogue: &self.site.catalogue }
    }

    /// Runs a change in one transaction.
    ///
    /// # Errors
    /// `Conflict` if another request writes the same address or tag; or the database's error.
    pub async fn write<T, F>(&self, db: &Database, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection, &Self) -> QueryResult<T> + Send + 'static,
    {
        let writer = self.clone();
        let written = db.write(move |conn| change(conn, &writer).map_err(DatabaseError::from)).await;
        written.map_err(|error| match error {
            DatabaseError::Query(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                Error::Conflict("Another request has just saved the same address or tag. Send this one again.")
            }
            error => error.into(),
        })
    }

    /// Saves typed fields over a bookmark, or as a new one.
    ///
    /// # Errors
    /// `NotFound` if there is no such bookmark; or the database's error.
    pub fn save(
        &self,
        conn: &mut Connection,
        id: Option<i64>,
        fields: &[(&'static str, String)],
    ) -> QueryResult<SavedBookmark> {
        match editing::save(conn, id, fields, &self.editor())? {
            Err(errors) => Ok(Err(errors)),
            Ok(saved) => queries::detail(conn, saved, true).map(Ok),
        }
    }

    /// The answer about what was saved.
    ///
    /// # Errors
    /// `Invalid` if it was not.
    pub fn document(&self, user: &ApiUser, verb: &str, saved: SavedBookmark) -> Result<BookmarkDocument> {
        match saved {
            Err(errors) => {
                let told = errors.iter().map(|(field, error)| (member(field).to_owned(), error.text(&user.ambient)));
                Err(Error::Invalid(told.collect()))
            }
            Ok(row) => {
                self.report(verb, row.bookmark.id, row.bookmark.label());
                Ok(BookmarkDocument::of(row, &user.viewer))
            }
        }
    }

    /// Writes a line to the program's log, as the admin does.
    pub fn report(&self, verb: &str, id: i64, label: &str) {
        log::report(&self.request_id, &self.username, BookmarkAdmin::META, verb, id, label);
    }
}
