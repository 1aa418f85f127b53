//! Password hashers in Django's formats. The hashes of all of Django's hashers can be verified, so that nobody is
//! locked out when a database is adopted. New passwords are Argon2id; if Django uses the database too, they are PBKDF2,
//! which Django reads without further packages.

mod argon2;
mod bcrypt;
mod md5;
mod pbkdf2;
mod scrypt;

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::auth::schema::auth_user;
use crate::db::{self, Connection};
use crate::settings::SharedWithDjango;
use crate::web::Result;
use crate::web::http::secrets;

/// The first character of an unusable password (Django's `UNUSABLE_PASSWORD_PREFIX`).
const UNUSABLE_PREFIX: char = '!';

/// The memory in KiB that the hash of a new password takes.
pub const MEMORY_KIB: u32 = argon2::MEMORY_KIB;

/// A hash that is verified if there is no password to verify, so that it takes as long.
pub const DECOY: &str = argon2::DECOY;

/// How a new password is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordEncoding {
    /// Argon2id. Django reads it if `argon2-cffi` is installed; otherwise Django answers a login with it with status
    /// 500.
    Argon2,
    /// PBKDF2 with SHA-256, Django's default.
    Pbkdf2,
}

impl PasswordEncoding {
    /// The encoding for a database.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn of(conn: &mut Connection) -> QueryResult<Self> {
        // `polls migrate` has recorded in the database what the settings say.
        let is_shared = db::is_shared(conn, SharedWithDjango::IfAdopted)?;
        Ok(if is_shared { Self::Pbkdf2 } else { Self::Argon2 })
    }

    /// Encodes a password on this thread. Takes tens of milliseconds or more.
    ///
    /// # Errors
    /// If the operating system gives no random bytes.
    pub fn encode(self, password: &str) -> Result<String> {
        match self {
            Self::Argon2 => argon2::encode(password),
            Self::Pbkdf2 => pbkdf2::encode(password),
        }
    }

    /// Whether a password should be encoded again at a login, when it is known. If Django uses the database too, hashes
    /// that Django reads and does not count as weak are kept, but not this program's Argon2, which Django may not be
    /// able to read.
    pub fn is_outdated(self, encoded: &str) -> bool {
        match (self, algorithm(encoded)) {
            (Self::Argon2, _) => encoded.strip_prefix("argon2").is_none_or(argon2::is_weak),
            (Self::Pbkdf2, "argon2") => encoded.starts_with(argon2::OWN_PREFIX),
            (Self::Pbkdf2, "pbkdf2_sha256") => pbkdf2::is_weak(encoded),
            (Self::Pbkdf2, "scrypt" | "bcrypt_sha256" | "bcrypt") => false,
            (Self::Pbkdf2, _) => true,
        }
    }
}

/// A new unusable password, as Django makes it.
///
/// # Errors
/// If the operating system gives no random bytes.
pub fn unusable() -> Result<String> {
    Ok(format!("{UNUSABLE_PREFIX}{}", secrets::random(secrets::ALPHANUMERIC, 40)?))
}

pub fn is_usable(encoded: &str) -> bool {
    !encoded.is_empty() && !encoded.starts_with(UNUSABLE_PREFIX)
}

/// Whether a password matches an encoded one. Takes tens of milliseconds or more. A hash that cannot be read, or is too
/// costly to verify, matches no password; the log names its algorithm and cost.
pub fn verify(password: &str, encoded: &str) -> bool {
    let right = try_verify(password, encoded);
    if right.is_none() && is_usable(encoded) {
        let kind = kind(encoded);
        tracing::warn!(target: "polls.security", kind, "A password hash has an unknown algorithm or a cost above the limit; set the password again with `polls changepassword`.");
    }
    right.unwrap_or(false)
}

/// None if the hash cannot be read or is too costly to verify.
fn try_verify(password: &str, encoded: &str) -> Option<bool> {
    let (algorithm, rest) = encoded.split_once('$')?;
    match algorithm {
        "argon2" => argon2::verify(password, &encoded["argon2".len()..]),
        "pbkdf2_sha256" | "pbkdf2_sha1" => pbkdf2::verify(password, algorithm, rest),
        "scrypt" => scrypt::verify(password, rest),
        "bcrypt_sha256" => bcrypt::verify_sha256(password, rest),
        "bcrypt" => bcrypt::verify(password, rest),
        "md5" => md5::verify(password, rest),
        _ => None,
    }
}

/// The approximate memory in KiB that verifying takes, at least that of a new password's hash: a hash that takes little
/// memory takes a processor core instead.
pub fn memory_kib(encoded: &str) -> u32 {
    let argon2 = encoded.strip_prefix("argon2").and_then(argon2::memory_kib);
    let memory = argon2.or_else(|| encoded.strip_prefix("scrypt$").and_then(scrypt::memory_kib));
    memory.map_or(MEMORY_KIB, |memory| memory.max(MEMORY_KIB))
}

/// The hashers of the active users' passwords by Django's names: how many users have each, and whether this program can
/// verify it.
///
/// # Errors
/// If the database does not answer.
pub fn found(conn: &mut Connection) -> QueryResult<BTreeMap<String, (usize, bool)>> {
    const READ: [&str; 7] = ["argon2", "pbkdf2_sha256", "pbkdf2_sha1", "scrypt", "bcrypt_sha256", "bcrypt", "md5"];
    let all: Vec<String> =
        auth_user::table.filter(auth_user::is_active.eq(true)).select(auth_user::password).load(conn)?;
    let mut found = BTreeMap::<String, (usize, bool)>::new();
    for encoded in all.iter().filter(|encoded| is_usable(encoded)) {
        let algorithm = algorithm(encoded);
        let is_read = READ.contains(&algorithm);
        let name = if is_read || is_name(algorithm) { algorithm } else { "(of no known form)" };
        found.entry(name.to_owned()).or_insert((0, is_read)).0 += 1;
    }
    Ok(found)
}

/// The part before the first `$`.
fn algorithm(encoded: &str) -> &str {
    encoded.split('$').next().unwrap_or_default()
}

/// Algorithm and cost: the part before the salt.
fn kind(encoded: &str) -> &str {
    let parts = if encoded.starts_with("argon2$") { 4 } else { 2 };
    encoded.match_indices('$').nth(parts - 1).map_or(encoded, |(end, _)| &encoded[..end])
}

/// Whether a text is the name of a hasher, and not a hash or a password in plain text.
fn is_name(text: &str) -> bool {
    text.len() <= 30 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests;
