//! Sessions, stored in the database (Django's `django_session`) under a hash of the key that the cookie holds. A
//! session is read only if the request has the cookie, and written only if something changed; a visitor for whom
//! nothing has to be stored has no session.

pub mod store;

use std::cell::RefCell;
use std::rc::Rc;

use chrono::{NaiveDateTime, TimeDelta};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use store::{SessionSummary, clear_expired, clear_some_expired, end, end_all, list, update};

use crate::clock;
use crate::settings;
use crate::web::Result;
use crate::web::http::secrets;

/// The cookie, with Django's name; over TLS the name has a prefix.
pub const COOKIE: &str = "sessionid";
/// Characters of a session's key; 206 bits of randomness.
const KEY_LENGTH: usize = 40;
/// Hexadecimal digits of the hash that are stored, as many as Django's column holds; 160 bits.
const DIGEST_LENGTH: usize = 40;

/// The data stored about a visitor from one request to the next. Clones share the same session.
#[derive(Clone, Default)]
pub struct Session(Rc<RefCell<Content>>);

#[derive(Default)]
struct Content {
    /// The hash of the key that the browser sent, valid or not.
    presented: Option<String>,
    /// The row in the database; None before the first write.
    stored: Option<StoredSession>,
    user_id: Option<i32>,
    data: Map<String, Value>,
    /// The data as it was read.
    read: Map<String, Value>,
    changed: bool,
    /// The session gets a new key, so that nobody who learned the old one can use it.
    renewed: bool,
    /// A user has logged in: the session's maximum age counts from now.
    begins: bool,
}

struct StoredSession {
    digest: String,
    created_at: NaiveDateTime,
    expire_date: NaiveDateTime,
}

impl Session {
    /// A value; None if there is none or it has another type.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        self.0.borrow().data.get(key).and_then(|value| T::deserialize(value).ok())
    }

    pub fn insert<T: Serialize + ?Sized>(&self, key: &str, value: &T) {
        let Ok(value) = serde_json::to_value(value) else {
            tracing::error!(target: "polls.server", key, "A value cannot be kept in the session.");
            return;
        };
        let mut state = self.0.borrow_mut();
        state.changed |= state.data.get(key) != Some(&value);
        state.data.insert(key.to_owned(), value);
    }

    /// Removes a value and returns it.
    pub fn remove<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let mut state = self.0.borrow_mut();
        let value = state.data.remove(key)?;
        state.changed = true;
        T::deserialize(value).ok()
    }

    /// The user who is logged in with this session.
    pub fn user_id(&self) -> Option<i32> {
        self.0.borrow().user_id
    }

    /// The hash under which the session is stored; None if it is not stored or is about to get a new key.
    pub fn stored_digest(&self) -> Option<String> {
        let state = self.0.borrow();
        state.stored.as_ref().filter(|_| !state.renewed).map(|stored| stored.digest.clone())
    }

    /// The hash of the key that the browser sent; a session may be or have been stored under it.
    pub fn presented_digest(&self) -> Option<String> {
        self.0.borrow().presented.clone()
    }

    /// Records the hash of the key that the browser sent, valid or not.
    pub(in crate::web) fn present(&self, digest: String) {
        self.0.borrow_mut().presented = Some(digest);
    }

    /// Whether the session was found in the database.
    pub(in crate::web) fn is_stored(&self) -> bool {
        self.0.borrow().stored.is_some()
    }

    /// Replaces the data with what was meanwhile written to the database.
    pub fn reload(&self, data: Map<String, Value>) {
        let mut state = self.0.borrow_mut();
        state.read.clone_from(&data);
        state.data = data;
    }

    /// Logs a user in and gives the session a new key. The data of another user is removed first.
    pub fn log_in(&self, user_id: i32) {
        if self.user_id().is_some_and(|other| other != user_id) {
            self.flush();
        }
        self.renew();
        let mut state = self.0.borrow_mut();
        state.user_id = Some(user_id);
        state.begins = true;
    }

    /// Gives the session a new key and makes the old one invalid. The session's end does not change.
    pub fn renew(&self) {
        let mut state = self.0.borrow_mut();
        state.renewed = true;
        state.changed = true;
    }

    /// Removes all data and the user, and makes the old key invalid.
    pub fn flush(&self) {
        let mut state = self.0.borrow_mut();
        state.data.clear();
        state.user_id = None;
        state.renewed = true;
        state.changed = true;
    }

    fn fill(&self, stored: StoredSession, user_id: Option<i32>, data: Map<String, Value>) {
        let presented = self.presented_digest();
        let read = data.clone();
        *self.0.borrow_mut() = Content { presented, stored: Some(stored), user_id, data, read, ..Content::default() };
    }

    /// The change to write to the database; None if nothing changed.
    pub(in crate::web) fn write(
        &self,
        settings: &settings::SessionSettings,
        now: NaiveDateTime,
    ) -> Result<Option<Write>> {
        let state = self.0.borrow();
        if state.data.is_empty() && state.user_id.is_none() {
            return Ok(state.stored.as_ref().map(|stored| Write::Delete(stored.digest.clone())));
        }
        match &state.stored {
            Some(stored) if !state.renewed => {
                let digest = stored.digest.clone();
                let expire_date = expiry(settings, stored.created_at, now);
                // The end is moved only when at least a twentieth of the idle time has passed, so that reading pages
                // seldom writes.
                let due = expire_date - stored.expire_date >= delta(settings.idle_timeout) / 20;
                Ok(match (state.changed, due) {
                    (true, _) => {
                        let (read, data) = (state.read.clone(), state.data.clone());
                        Some(Write::Update { digest, user_id: state.user_id, read, data, expire_date })
                    }
                    (false, true) => Some(Write::Extend { digest, expire_date }),
                    (false, false) => None,
                })
            }
            stored if state.changed => {
                let begun = stored.as_ref().filter(|_| !state.begins).map(|stored| stored.created_at);
                let created_at = begun.unwrap_or(now);
                Ok(Some(Write::Create {
                    key: secrets::random(secrets::BASE36, KEY_LENGTH)?,
                    replaces: stored.as_ref().map(|stored| stored.digest.clone()),
                    user_id: state.user_id,
                    data: state.data.clone(),
                    created_at,
                    expire_date: expiry(settings, created_at, now),
                }))
            }
            _ => Ok(None),
        }
    }
}

/// A change of the session table.
pub(in crate::web) enum Write {
    Create {
        key: String,
        replaces: Option<String>,
        user_id: Option<i32>,
        data: Map<String, Value>,
        created_at: NaiveDateTime,
        expire_date: NaiveDateTime,
    },
    Update {
        digest: String,
        user_id: Option<i32>,
        /// The data as this request has read it.
        read: Map<String, Value>,
        data: Map<String, Value>,
        expire_date: NaiveDateTime,
    },
    Extend {
        digest: String,
        expire_date: NaiveDateTime,
    },
    Delete(String),
}

/// The end of the session: `idle_timeout` from now, but not later than `cookie_age` after its creation.
fn expiry(settings: &settings::SessionSettings, created_at: NaiveDateTime, now: NaiveDateTime) -> NaiveDateTime {
    clock::storable((now + delta(settings.idle_timeout)).min(created_at + delta(settings.cookie_age)))
}

fn delta(duration: std::time::Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

pub(in crate::web) fn digest(key: &str) -> String {
    let mut digest = secrets::digest(key);
    digest.truncate(DIGEST_LENGTH);
    digest
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SETTINGS: settings::SessionSettings = settings::SessionSettings {
        cookie_age: Duration::from_secs(10_000),
        idle_timeout: Duration::from_secs(1000),
        password_again_after: Duration::from_secs(900),
        expire_at_browser_close: false,
    };

    fn at(seconds: i64) -> NaiveDateTime {
        chrono::DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap().naive_utc()
    }

    fn loaded() -> Session {
        let session = Session::default();
        let stored = StoredSession { digest: "d".to_owned(), created_at: at(0), expire_date: at(1000) };
        session.fill(stored, Some(1), Map::new());
        session
    }

    #[test]
    fn a_visitor_about_whom_nothing_is_remembered_has_no_session() {
        let session = Session::default();
        assert!(session.write(&SETTINGS, at(0)).unwrap().is_none());
        session.insert("a", &1);
        assert_eq!(session.remove::<i32>("a"), Some(1));
        assert!(session.write(&SETTINGS, at(0)).unwrap().is_none());
    }

    #[test]
    fn reading_moves_the_end_now_and_then_and_never_past_the_age() {
        assert!(loaded().write(&SETTINGS, at(49)).unwrap().is_none());
        let Some(Write::Extend { expire_date, .. }) = loaded().write(&SETTINGS, at(50)).unwrap() else {
            panic!("not extended");
        };
        assert_eq!(expire_date, at(1050));
        let Some(Write::Extend { expire_date, .. }) = loaded().write(&SETTINGS, at(9900)).unwrap() else {
            panic!("not extended");
        };
        assert_eq!(expire_date, at(10_000));
    }

    #[test]
    fn a_new_key_ends_when_the_old_one_would_have_ended_and_only_a_login_begins_anew() {
        let session = loaded();
        session.renew();
        let Some(Write::Create { created_at, expire_date, .. }) = session.write(&SETTINGS, at(9900)).unwrap() else {
            panic!("not renewed");
        };
        assert_eq!((created_at, expire_date), (at(0), at(10_000)));
        session.log_in(1);
        let Some(Write::Create { created_at, expire_date, .. }) = session.write(&SETTINGS, at(9900)).unwrap() else {
            panic!("not renewed");
        };
        assert_eq!((created_at, expire_date), (at(9900), at(10_900)));
    }

    #[test]
    fn a_login_replaces_the_key_and_what_another_left() {
        let session = loaded();
        session.insert("mine", &true);
        session.log_in(2);
        let Some(Write::Create { key, replaces, user_id, data, .. }) = session.write(&SETTINGS, at(5)).unwrap() else {
            panic!("not renewed");
        };
        assert_eq!((key.len(), replaces.as_deref(), user_id, data.len()), (KEY_LENGTH, Some("d"), Some(2), 0));
        session.flush();
        assert!(matches!(session.write(&SETTINGS, at(5)).unwrap(), Some(Write::Delete(digest)) if digest == "d"));
    }
}
