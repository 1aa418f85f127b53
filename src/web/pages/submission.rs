//! Makes a form that is sent twice have one effect. Each form of the admin carries a key, and the outcome is stored
//! under that key in the same transaction as the change: if the form is sent again (two clicks, Enter twice, Stop or
//! Back and again, a reload), nothing is changed again and the answer is the same. A form without a key has its effect
//! each time.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::clock;
use crate::db::moment::moment;
use crate::db::{self, Connection, Database};
use crate::web::context::messages;
use crate::web::context::messages::Message;
use crate::web::context::session;
use crate::web::http::forms::Form;
use crate::web::http::secrets;
use crate::web::schema::web_form_key;
use crate::web::{Ambient, Result, Session};

/// The name of the hidden field that holds a form's key.
pub const FIELD: &str = "_form_key";
/// Characters; 131 bits of randomness.
const KEY_LENGTH: usize = 22;
/// How long the outcome of a form is stored.
const LIFE: TimeDelta = TimeDelta::days(1);
/// The most old keys that one request deletes, so that nobody waits long for it.
const MOST_FORGOTTEN: i64 = 100;

/// A form that was sent, identified by its key and its content.
#[derive(Debug, Clone)]
pub struct Submission {
    /// A hash of the viewer and the key; None if the form has no key.
    digest: Option<String>,
    /// A hash of the address and the fields. If a key is sent with several contents, only the outcome of the newest is
    /// stored.
    content: String,
    /// When this request read the form.
    read_at: NaiveDateTime,
}

/// The outcome of a form, from this request or from an earlier one.
pub struct Outcome<T> {
    pub value: T,
    pub is_repeated: bool,
}

/// A new key for a form that is being rendered.
///
/// # Errors
/// If the operating system gives no random bytes.
pub fn new_key() -> Result<String> {
    secrets::random(secrets::ALPHANUMERIC, KEY_LENGTH)
}

impl Submission {
    /// A form that the viewer sends; the same key from another user is another form. `besides` names fields that do not
    /// change the effect, such as the buttons that choose the next page.
    pub fn new(ambient: &Ambient, form: &Form, besides: &[&str]) -> Self {
        Self::of(ambient, form, besides, ambient.viewer().map(|viewer| viewer.id))
    }

    /// A form that may end the sender's session: it is recognised by its key alone, whoever sends it.
    pub fn by_key(ambient: &Ambient, form: &Form) -> Self {
        Self::of(ambient, form, &[], None)
    }

    fn of(ambient: &Ambient, form: &Form, besides: &[&str], viewer: Option<i32>) -> Self {
        let key = form.get(FIELD).filter(|key| !key.is_empty() && key.len() <= 255);
        let mut content = Sha256::new();
        let fields = form.iter().filter(|(name, _)| *name != FIELD && !besides.contains(name));
        for text in fields.flat_map(|(name, value)| [name, value]).chain([ambient.target.as_str()]) {
            content.update((text.len() as u64).to_be_bytes());
            content.update(text);
        }
        if let Some(key) = key {
            // The content can hold a password. With the key in the hash, nobody who reads the database can test
            // passwords against it.
            content.update(key);
        }
        let digest = key.map(|key| secrets::digest(&format!("{} {key}", viewer.unwrap_or_default())));
        Self { digest, content: secrets::hex(&content.finalize()), read_at: clock::now() }
    }

    /// The outcome of the same form if it was sent before, within `within`, and its change was committed.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn earlier<T>(&self, db: &Database, within: TimeDelta) -> Result<Option<T>>
    where
        T: DeserializeOwned,
    {
        let (Some(digest), content, since) = (self.digest.clone(), self.content.clone(), clock::now() - within) else {
            return Ok(None);
        };
        let outcome = db
            .read(move |conn| {
                web_form_key::table
                    .filter(web_form_key::digest.eq(&digest))
                    .filter(web_form_key::content.eq(&content))
                    .filter(web_form_key::made_at.gt(since))
                    .select(web_form_key::outcome)
                    .first::<Option<String>>(conn)
                    .optional()
            })
            .await?;
        Ok(outcome.flatten().and_then(|outcome| serde_json::from_str(&outcome).ok()))
    }

    /// The first step of the form's transaction: returns the outcome if the form was sent before. If the earlier
    /// request is still writing, this waits for its end.
    ///
    /// # Errors
    /// If the database does not answer, or not in time.
    pub fn begin<T: DeserializeOwned>(&self, conn: &mut Connection) -> QueryResult<Option<T>> {
        let Some(digest) = &self.digest else {
            return Ok(None);
        };
        let (columns, now) = ("(digest, content, outcome, told, made_at)", clock::storable(clock::now()));
        let or_lock = db::or_lock(conn, "web_form_key", "digest");
        // Safe to put into the statement: both hashes consist of hexadecimal digits.
        let values = format!("'{digest}', '{}', NULL, FALSE", self.content);
        let now = now.format("%Y-%m-%d %H:%M:%S%.6f");
        diesel::sql_query(format!("INSERT INTO web_form_key {columns} VALUES ({values}, '{now}') {or_lock}"))
            .execute(conn)?;
        let outcome = web_form_key::table
            .filter(web_form_key::digest.eq(digest))
            .filter(web_form_key::content.eq(&self.content))
            .select(web_form_key::outcome)
            .first::<Option<String>>(conn)
            .optional()?;
        Ok(outcome.flatten().and_then(|outcome| serde_json::from_str(&outcome).ok()))
    }

    /// Stores the form's outcome, as the last step of its transaction.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn end<T: Serialize>(&self, conn: &mut Connection, value: &T) -> QueryResult<()> {
        let Some(digest) = &self.digest else {
            return Ok(());
        };
        let outcome =
            serde_json::to_string(value).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
        diesel::update(web_form_key::table.find(digest))
            .set((
                web_form_key::content.eq(&self.content),
                web_form_key::outcome.eq(Some(outcome)),
                web_form_key::told.eq(false),
                web_form_key::made_at.eq(moment(clock::storable(clock::now()))),
            ))
            .execute(conn)
            .map(|_| ())
    }

    /// Makes the change of a form, unless it was made before and `still_holds` returns true for that outcome.
    ///
    /// # Errors
    /// The error of `change`, or of the database; the caller must then roll back, and nothing is stored.
    pub fn once<T, E>(
        &self,
        conn: &mut Connection,
        still_holds: impl FnOnce(&mut Connection, &T) -> QueryResult<bool>,
        change: impl FnOnce(&mut Connection) -> std::result::Result<T, E>,
    ) -> std::result::Result<Outcome<T>, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<diesel::result::Error>,
    {
        if let Some(value) = self.begin(conn)?
            && still_holds(conn, &value)?
        {
            return Ok(Outcome { value, is_repeated: true });
        }
        let value = change(conn)?;
        self.end(conn, &value)?;
        Ok(Outcome { value, is_repeated: false })
    }

    /// Adds a message about the outcome to the session, for the page to which the answer redirects. If a form was sent
    /// several times, the browser follows the last answer only, and the requests end in any order. So the message goes
    /// into the stored session, written by the request that is first to get here.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn tell(&self, db: &Database, session: &Session, is_repeated: bool, message: Message) -> Result<()> {
        let (Some(digest), Some(stored)) = (self.digest.clone(), session.stored_digest()) else {
            messages::add(session, message);
            return Ok(());
        };
        let read_at = self.read_at;
        let data = db
            .write_unseen(move |conn| -> Result<_> {
                let untold = web_form_key::table.find(&digest).filter(web_form_key::told.eq(false));
                let is_first = diesel::update(untold).set(web_form_key::told.eq(true)).execute(conn)? == 1;
                forget_old(conn, clock::now())?;
                // Whoever sends a form again after its outcome was stored may have interrupted the page that has taken
                // the message. Requests that ran at the same time lead to one page only, and it may be shown already.
                let earlier = web_form_key::table.find(&digest).filter(web_form_key::made_at.lt(read_at));
                let is_again = is_repeated && earlier.count().get_result::<i64>(conn)? == 1;
                if !is_first && !is_again {
                    return Ok(None);
                }
                Ok(session::update(conn, &stored, |data| messages::add_again_to(data, message))?)
            })
            .await?;
        if let Some(data) = data {
            session.reload(data);
        }
        Ok(())
    }
}

/// Deletes up to [`MOST_FORGOTTEN`] old keys, and returns how many.
///
/// # Errors
/// If the database does not answer.
pub fn forget_old(conn: &mut Connection, now: NaiveDateTime) -> QueryResult<usize> {
    let before = now - LIFE;
    let old: Vec<String> = web_form_key::table
        .filter(web_form_key::made_at.lt(before))
        .order(web_form_key::digest)
        .limit(MOST_FORGOTTEN)
        .select(web_form_key::digest)
        .load(conn)?;
    if old.is_empty() {
        return Ok(0);
    }
    diesel::delete(web_form_key::table.filter(web_form_key::digest.eq_any(old))).execute(conn)
}
