//! The table of mails to users. It has what is needed to make a mail, and never its text.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::Text;
use unicode_normalization::UnicodeNormalization as _;

use super::errands::MAIL;
use crate::auth::models::User;
use crate::auth::schema::{auth_mail, auth_user};
use crate::clock;
use crate::db::{self, Connection};
use crate::outbound::queue;
use crate::settings::{Language, MailSettings};

/// The most links that a user is sent within [`OFTEN`], so that nobody can fill a mailbox. The user can still set a
/// password when others have used the limit up: the links that count are valid, as `password_reset_timeout` is at least
/// `OFTEN`, and links from before the last login do not count.
const MOST_OFTEN: i64 = 3;
const OFTEN: TimeDelta = TimeDelta::hours(1);
/// The most links of a user that are valid at once.
const MOST_VALID: i64 = 10;
/// How many users of one address are written to.
const MOST_USERS: i64 = 20;

/// A row of `auth_mail`.
#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable)]
#[diesel(table_name = auth_mail)]
pub struct UserMail {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub kind: String,
    /// To whom; None while that is not known.
    pub user_id: Option<i32>,
    /// What was typed, while it is not known whose it is.
    pub address: String,
    pub language: String,
    pub asked_at: NaiveDateTime,
    pub sent_at: Option<NaiveDateTime>,
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A form was sent with an e-mail address. `polls outbound` looks for its users later and writes a [`Self::Reset`] for
    /// each of them.
    Asked,
    /// A link for a new password.
    Reset,
    /// A mail that says that the password was changed.
    Changed,
}

impl MailKind {
    const ALL: [Self; 3] = [Self::Asked, Self::Reset, Self::Changed];

    fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Reset => "reset",
            Self::Changed => "changed",
        }
    }
}

impl UserMail {
    /// None for one of another version of this program.
    pub fn known_kind(&self) -> Option<MailKind> {
        MailKind::ALL.into_iter().find(|kind| kind.name() == self.kind)
    }

    pub fn language(&self) -> Language {
        self.language.parse().unwrap_or(Language::English)
    }
}

/// Queues the search for the users of an address. It writes the same rows whether or not a user has the address, so that
/// the answer and its time do not tell.
pub fn ask(conn: &mut Connection, mail: &MailSettings, address: &str, language: Language) -> QueryResult<()> {
    let address = address.to_owned();
    put(conn, mail, UserMail { address, ..new(MailKind::Asked, language) })
}

/// Has a user told that the password was changed.
pub fn tell_of_change(conn: &mut Connection, mail: &MailSettings, user: i32, language: Language) -> QueryResult<()> {
    put(conn, mail, UserMail { user_id: Some(user), ..new(MailKind::Changed, language) })
}

fn new(kind: MailKind, language: Language) -> UserMail {
    let (kind, language) = (kind.name().to_owned(), language.code().to_owned());
    UserMail { kind, language, asked_at: clock::now(), ..UserMail::default() }
}

fn put(conn: &mut Connection, mail: &MailSettings, row: UserMail) -> QueryResult<()> {
    diesel::insert_into(auth_mail::table).values(row).execute(conn)?;
    let id = db::last_insert_id(conn)?;
    queue::put_at(conn, MAIL, id, &mail.queue_host(), clock::now())
}

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<UserMail> {
    auth_mail::table.find(id).select(UserMail::as_select()).get_result(conn)
}

/// Puts a mail for each user of the address into the queue, in place of the request; returns the names of those who were
/// not sent too many yet. To be called in a transaction.
pub fn answer(
    conn: &mut Connection,
    mail: &MailSettings,
    asked: &UserMail,
    life: TimeDelta,
) -> QueryResult<Vec<String>> {
    let mut names = Vec::new();
    for user in owners(conn, &asked.address)? {
        if is_enough(conn, &user, life)? {
            tracing::warn!(target: "polls.security", user = user.username, "No further link for a new password is sent for now.");
            continue;
        }
        let (kind, address) = (MailKind::Reset.name().to_owned(), String::new());
        put(conn, mail, UserMail { kind, address, user_id: Some(user.id), ..asked.clone() })?;
        names.push(user.username);
    }
    delete(conn, asked.id)?;
    Ok(names)
}

diesel::define_sql_function! {
    fn lower(text: Text) -> Text;
}

/// The users who have an address and may set a new password. Databases differ in which letters are equal, and find some
/// that look the same: who is registered as `mike@example.org` must not be written to for `mıke@example.org`.
fn owners(conn: &mut Connection, address: &str) -> QueryResult<Vec<User>> {
    let wanted = normal(address);
    let alike = auth_user::table.filter(lower(auth_user::email).eq(lower(address)));
    let active = alike.filter(auth_user::is_active.eq(true)).order(auth_user::id);
    let users: Vec<User> = active.limit(MOST_USERS).select(User::as_select()).load(conn)?;
    Ok(users.into_iter().filter(|user| may_reset(user) && normal(&user.email) == wanted).collect())
}

/// Whether a user can set a new password by mail.
pub fn may_reset(user: &User) -> bool {
    user.is_active && user.has_usable_password() && !user.email.is_empty()
}

/// Equal addresses have the same one.
pub fn normal(address: &str) -> String {
    address.nfkc().collect::<String>().to_lowercase()
}

fn is_enough(conn: &mut Connection, user: &User, life: TimeDelta) -> QueryResult<bool> {
    let mut sent_within = |within: TimeDelta| {
        let since = clock::storable(clock::now() - within);
        let since = user.last_login.map_or(since, |login| since.max(login));
        let sent = auth_mail::table.filter(auth_mail::user_id.eq(user.id)).filter(auth_mail::asked_at.gt(since));
        sent.filter(auth_mail::kind.eq(MailKind::Reset.name())).count().get_result::<i64>(conn)
    };
    Ok(sent_within(OFTEN)? >= MOST_OFTEN || sent_within(life)? >= MOST_VALID)
}

pub fn note_sent(conn: &mut Connection, id: i64) -> QueryResult<()> {
    let row = diesel::update(auth_mail::table.find(id));
    row.set(auth_mail::sent_at.eq(Some(clock::now()))).execute(conn).map(|_| ())
}

pub fn delete(conn: &mut Connection, id: i64) -> QueryResult<()> {
    diesel::delete(auth_mail::table.find(id)).execute(conn).map(|_| ())
}

/// Forgets mails that were asked for longer ago than their links are valid, sent or not.
pub fn forget(conn: &mut Connection, life: TimeDelta) -> QueryResult<()> {
    let before = clock::storable(clock::now() - life);
    let old = auth_mail::table.filter(auth_mail::asked_at.lt(before)).select(auth_mail::id);
    for id in old.load::<i64>(conn)? {
        queue::cancel(conn, MAIL, id)?;
        delete(conn, id)?;
    }
    Ok(())
}
