//! One intention counts once. A form of the admin carries a key of its own, and what it came to is kept under that
//! key in the transaction of the change itself: a form that is sent twice (two clicks, Enter twice, Stop or Back and
//! again, a reload) has one effect, and each time the answer to it. A form without a key counts each time.

use chrono::TimeDelta;
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

/// The hidden field of a form that holds its key.
pub const FIELD: &str = "_form_key";
/// 131 bits.
const KEY_LENGTH: usize = 22;
/// How long it is known what a form came to.
const LIFE: TimeDelta = TimeDelta::days(1);
/// How many forms are forgotten at a time, so that nobody waits for it.
const MOST_FORGOTTEN: i64 = 100;

/// A form that was sent.
#[derive(Debug, Clone)]
pub struct Submission {
    /// A hash of its key; None for a form without.
    digest: Option<String>,
    /// A hash of where it was sent to and what it says. Of the same key with other content only the newest counts.
    content: String,
}

/// What became of a form, now or when it was sent before.
pub struct Outcome<T> {
    pub value: T,
    pub is_repeated: bool,
}

/// A key for a form that is being drawn.
///
/// # Errors
/// If the system has no randomness to give.
pub fn new_key() -> Result<String> {
    secrets::random(secrets::ALPHANUMERIC, KEY_LENGTH)
}

impl Submission {
    /// A form that the viewer sends; from another's hands it is another. `besides` names the fields that do not change
    /// what is meant, such as the buttons that say where to go next.
    pub fn new(ambient: &Ambient, form: &Form, besides: &[&str]) -> Self {
        Self::of(ambient, form, besides, ambient.viewer().map(|viewer| viewer.id))
    }

    /// A form after which its sender may be known no longer: whoever has its key sends it again.
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
            // The content can hold a password; with the key in it nobody can try passwords on the hash.
            content.update(key);
        }
        let digest = key.map(|key| secrets::digest(&format!("{} {key}", viewer.unwrap_or_default())));
        Self { digest, content: secrets::hex(&content.finalize()) }
    }

    /// What it came to when it was sent before and was written to the end, within a time.
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

    /// Begins what a form asks for, as the first step of its transaction: says what it came to when it was sent
    /// before. While that is still being written, its end is waited for.
    ///
    /// # Errors
    /// If the database does not answer, or not in time.
    pub fn begin<T: DeserializeOwned>(&self, conn: &mut Connection) -> QueryResult<Option<T>> {
        let Some(digest) = &self.digest else {
            return Ok(None);
        };
        let (columns, now) = ("(digest, content, outcome, told, made_at)", clock::storable(clock::now()));
        let or_lock = db::or_lock(conn, "web_form_key", "digest");
        // Both hashes are hexadecimal digits.
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

    /// Keeps what a form came to, as the last step of its transaction.
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

    /// Does what a form asks for, unless that was done already and `still_holds`.
    ///
    /// # Errors
    /// What `change` says; then nothing is kept.
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

    /// Leaves a message about what a form came to, for the page that its last answer leads to. The browser follows
    /// the last of several answers only, and the requests end in any order: so the message is put into the stored
    /// session, and by the first of them that gets here.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn tell(&self, db: &Database, session: &Session, is_repeated: bool, message: Message) -> Result<()> {
        let (Some(digest), Some(stored)) = (self.digest.clone(), session.stored_digest()) else {
            messages::add(session, message);
            return Ok(());
        };
        let data = db
            .write_unseen(move |conn| -> Result<_> {
                let untold = web_form_key::table.find(&digest).filter(web_form_key::told.eq(false));
                let is_first = diesel::update(untold).set(web_form_key::told.eq(true)).execute(conn)? == 1;
                forget_old(conn)?;
                // Told by a later one, and perhaps shown by now.
                if !is_first && !is_repeated {
                    return Ok(None);
                }
                Ok(session::update(conn, &stored, |data| messages::add_to(data, message))?)
            })
            .await?;
        if let Some(data) = data {
            session.reload(data);
        }
        Ok(())
    }
}

fn forget_old(conn: &mut Connection) -> QueryResult<()> {
    let before = clock::now() - LIFE;
    let old: Vec<String> = web_form_key::table
        .filter(web_form_key::made_at.lt(before))
        .order(web_form_key::digest)
        .limit(MOST_FORGOTTEN)
        .select(web_form_key::digest)
        .load(conn)?;
    if old.is_empty() {
        return Ok(());
    }
    diesel::delete(web_form_key::table.filter(web_form_key::digest.eq_any(old))).execute(conn).map(|_| ())
}
