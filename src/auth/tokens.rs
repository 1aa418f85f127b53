//! Tokens by which programs use the API in a user's name. What a token may do is what its user may do, and a token that
//! may only read changes nothing.

#![expect(clippy::missing_errors_doc, reason = "but for those that say more, all of these fail as the database does")]

use chrono::{DurationRound as _, NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::models::User;
use crate::auth::schema::{auth_apitoken, auth_user};
use crate::clock;
use crate::db::moment::moment_or_null;
use crate::db::{self, Connection};
use crate::web::Result;
use crate::web::http::secrets;

/// What a token begins with, so that people and scanners of secrets know what it is.
const BEGINNING: &str = "polls_";
/// The random characters of a token: 256 bits. Nobody guesses that, so a fast hash is enough, and no limit of tries.
const RANDOM: usize = 43;
/// How many characters of a token are kept to be shown: all but 220 bits.
const SHOWN: usize = BEGINNING.len() + 6;
/// The longest name, in characters, and the most tokens of one user that are not revoked.
pub const LONGEST_NAME: usize = 100;
const MOST: i64 = 100;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TokenScope {
    #[default]
    Read,
    Write,
}

impl TokenScope {
    /// The values with the messages of their names.
    pub const CHOICES: [(&'static str, &'static str); 2] =
        [("read", "auth-token-scope-read"), ("write", "auth-token-scope-write")];

    /// None for a value of a later version of this program.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "read" => Some(Self::Read),
            "write" => Some(Self::Write),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// A token as it is stored, which is not enough to use it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = auth_apitoken)]
pub struct ApiToken {
    pub id: i64,
    pub user_id: i32,
    pub name: String,
    pub prefix: String,
    pub scope: String,
    pub created_at: NaiveDateTime,
    pub expires_at: Option<NaiveDateTime>,
    pub last_used_at: Option<NaiveDateTime>,
    pub revoked_at: Option<NaiveDateTime>,
}

impl ApiToken {
    pub fn has_expired(&self, now: NaiveDateTime) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// The message of the scope's name.
    pub fn scope_name(&self) -> &'static str {
        TokenScope::CHOICES.iter().find(|(scope, _)| *scope == self.scope).map_or("", |(_, name)| name)
    }

    /// The message of what became of it; None while it can be used.
    pub fn end(&self, now: NaiveDateTime) -> Option<&'static str> {
        match self.revoked_at {
            Some(_) => Some("auth-token-revoked"),
            None => self.has_expired(now).then_some("auth-token-expired"),
        }
    }
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub user: i32,
    pub name: String,
    pub scope: TokenScope,
    pub expires_at: Option<NaiveDateTime>,
}

/// A new secret, which is stored nowhere: whoever gets it must keep it.
///
/// # Errors
/// If the operating system gives no random bytes.
pub fn new_secret() -> Result<String> {
    Ok(format!("{BEGINNING}{}", secrets::random(secrets::ALPHANUMERIC, RANDOM)?))
}

/// Stores a token of which `secret` is the text, and returns its id. None if the user has too many.
pub fn insert(conn: &mut Connection, token: &NewToken, secret: &str) -> QueryResult<Option<i64>> {
    let usable = of_user(token.user).filter(auth_apitoken::revoked_at.is_null());
    if usable.count().get_result::<i64>(conn)? >= MOST {
        return Ok(None);
    }
    diesel::insert_into(auth_apitoken::table)
        .values((
            auth_apitoken::user_id.eq(token.user),
            auth_apitoken::name.eq(&token.name),
            auth_apitoken::prefix.eq(secret.chars().take(SHOWN).collect::<String>()),
            auth_apitoken::digest.eq(secrets::digest(secret)),
            auth_apitoken::scope.eq(token.scope.name()),
            auth_apitoken::created_at.eq(clock::now()),
            auth_apitoken::expires_at.eq(moment_or_null(token.expires_at)),
        ))
        .execute(conn)?;
    db::last_insert_id(conn).map(Some)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_user(user: i32) -> _ {
    auth_apitoken::table.filter(auth_apitoken::user_id.eq(user))
}

/// A user's tokens, the newest first.
pub fn list(conn: &mut Connection, user: i32) -> QueryResult<Vec<ApiToken>> {
    of_user(user).order(auth_apitoken::id.desc()).select(ApiToken::as_select()).load(conn)
}

/// All tokens with the names of their users, the newest first.
pub fn list_all(conn: &mut Connection) -> QueryResult<Vec<(ApiToken, String)>> {
    auth_apitoken::table
        .inner_join(auth_user::table)
        .order(auth_apitoken::id.desc())
        .select((ApiToken::as_select(), auth_user::username))
        .load(conn)
}

/// Revokes a token of this user, or of anybody. It stays in the list. False if there is no such token, or it was revoked
/// before.
pub fn revoke(conn: &mut Connection, id: i64, user: Option<i32>) -> QueryResult<bool> {
    let token = auth_apitoken::table.find(id).filter(auth_apitoken::revoked_at.is_null());
    let revoked = auth_apitoken::revoked_at.eq(Some(clock::now()));
    let rows = match user {
        Some(user) => diesel::update(token.filter(auth_apitoken::user_id.eq(user))).set(revoked).execute(conn)?,
        None => diesel::update(token).set(revoked).execute(conn)?,
    };
    Ok(rows > 0)
}

/// The token that has this text, with its user, whatever became of either.
pub fn by_secret(conn: &mut Connection, secret: &str) -> QueryResult<Option<(ApiToken, User)>> {
    auth_apitoken::table
        .inner_join(auth_user::table)
        .filter(auth_apitoken::digest.eq(secrets::digest(secret)))
        .select((ApiToken::as_select(), User::as_select()))
        .first(conn)
        .optional()
}

/// The hour to be noted as that of the last use; None if it was noted already, so that a token that is in use all the
/// time writes once an hour.
pub fn hour_to_note(token: &ApiToken, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let hour = now.duration_trunc(TimeDelta::hours(1)).ok()?;
    token.last_used_at.is_none_or(|noted| noted < hour).then_some(hour)
}

pub fn note_use(conn: &mut Connection, id: i64, hour: NaiveDateTime) -> QueryResult<()> {
    diesel::update(auth_apitoken::table.find(id)).set(auth_apitoken::last_used_at.eq(Some(hour))).execute(conn)?;
    Ok(())
}
