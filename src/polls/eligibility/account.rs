//! The voter of a poll that takes one ballot per account.
//!
//! It is made from the user's id with the site's secret key: whoever reads the database without the key cannot tell who
//! cast a ballot, and the operator, who has both, can. After a change of the key a user stays the voter that they were,
//! as long as the earlier key is among `secret_key_fallbacks`.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::QueryResult;

use super::{has_voted, voters};
use crate::db::Connection;
use crate::polls::ballot_box::Voter;
use crate::settings::SecuritySettings;
use crate::web::http::secrets;

/// The first character of the id of an account's voter.
const INITIAL: &str = "a";

/// The voter that a user is in a poll. The database is asked only if there are earlier keys.
///
/// # Errors
/// If the database does not answer.
pub fn voter(conn: &mut Connection, security: &SecuritySettings, question: i64, user: i32) -> QueryResult<Voter> {
    let by_key = |key: &str| {
        let hash = secrets::keyed_hash(key, "voter.account", &format!("{question} {user}"));
        Voter::known(&format!("{INITIAL}{}", BASE64_URL_SAFE_NO_PAD.encode(hash)))
    };
    for key in security.keys().skip(1) {
        let earlier = by_key(key);
        if has_voted(conn, question, &earlier)? {
            return Ok(earlier);
        }
    }
    Ok(by_key(security.keys().next().unwrap_or_default()))
}

/// How many accounts have voted in a poll.
///
/// # Errors
/// If the database does not answer.
pub fn votes(conn: &mut Connection, question: i64) -> QueryResult<i64> {
    voters(conn, question, INITIAL, "b")
}
