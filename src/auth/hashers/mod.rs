//! Passwords as Django encodes them, besides argon2 (`auth::passwords`): each of its own hashers is verified, so that
//! nobody is locked out when a database is adopted; and, where Django uses the database too, new passwords are
//! encoded so that Django reads them without further packages.

mod bcrypt;
mod md5;
mod pbkdf2;
mod scrypt;

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::passwords;
use crate::auth::schema::auth_user;
use crate::db::{self, Connection};
use crate::settings::SharedWithDjango;
use crate::web::Result;

/// How a new password is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Argon2id, which Django reads where `argon2-cffi` is installed, and answers 500 to its owner where it is not.
    Argon2,
    /// PBKDF2 with SHA-256, Django's own preference.
    Pbkdf2,
}

impl Form {
    /// The form for a database.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn of(conn: &mut Connection) -> QueryResult<Self> {
        // What the settings say was written down by `polls migrate`.
        let is_shared = db::is_shared(conn, SharedWithDjango::IfAdopted)?;
        Ok(if is_shared { Self::Pbkdf2 } else { Self::Argon2 })
    }

    /// Encodes a password. Costly.
    ///
    /// # Errors
    /// If the system has no randomness to give.
    pub fn encode(self, password: &str) -> Result<String> {
        match self {
            Self::Argon2 => passwords::encode(password),
            Self::Pbkdf2 => pbkdf2::encode(password),
        }
    }

    /// Whether a password should be encoded anew now that it is known. Where Django uses the database too, what it
    /// reads and holds to be good stays; not so the argon2 of ours, which it may not be able to read.
    pub fn is_outdated(self, encoded: &str) -> bool {
        match (self, algorithm(encoded)) {
            (Self::Argon2, _) => passwords::is_outdated(encoded),
            (Self::Pbkdf2, "argon2") => encoded.starts_with(passwords::OWN_PREFIX),
            (Self::Pbkdf2, "pbkdf2_sha256") => pbkdf2::is_weak(encoded),
            (Self::Pbkdf2, "scrypt" | "bcrypt_sha256" | "bcrypt") => false,
            (Self::Pbkdf2, _) => true,
        }
    }
}

/// Whether a password is the one that was encoded, by one of Django's hashers but argon2. None for a hash that cannot
/// be read or costs too much to be verified.
pub fn verify(password: &str, encoded: &str) -> Option<bool> {
    let (algorithm, rest) = encoded.split_once('$')?;
    match algorithm {
        "pbkdf2_sha256" | "pbkdf2_sha1" => pbkdf2::verify(password, algorithm, rest),
        "scrypt" => scrypt::verify(password, rest),
        "bcrypt_sha256" => bcrypt::verify_sha256(password, rest),
        "bcrypt" => bcrypt::verify(password, rest),
        "md5" => md5::verify(password, rest),
        _ => None,
    }
}

/// The memory in KiB that verifying takes, where that is much.
pub fn memory_kib(encoded: &str) -> Option<u32> {
    encoded.strip_prefix("scrypt$").and_then(scrypt::memory_kib)
}

/// How many of the active users' passwords are encoded in which way, by Django's names, and whether each is read here.
///
/// # Errors
/// If the database does not answer.
pub fn found(conn: &mut Connection) -> QueryResult<BTreeMap<String, (usize, bool)>> {
    let all: Vec<String> =
        auth_user::table.filter(auth_user::is_active.eq(true)).select(auth_user::password).load(conn)?;
    let mut found = BTreeMap::<String, (usize, bool)>::new();
    for encoded in all.iter().filter(|encoded| passwords::is_usable(encoded)) {
        let algorithm = algorithm(encoded);
        let is_read = algorithm == "argon2" || READ.contains(&algorithm);
        let name = if is_read || is_name(algorithm) { algorithm } else { "(of no known form)" };
        found.entry(name.to_owned()).or_insert((0, is_read)).0 += 1;
    }
    Ok(found)
}

const READ: [&str; 6] = ["pbkdf2_sha256", "pbkdf2_sha1", "scrypt", "bcrypt_sha256", "bcrypt", "md5"];

/// What stands before the first `$`.
fn algorithm(encoded: &str) -> &str {
    encoded.split('$').next().unwrap_or_default()
}

/// Whether a text is the name of a hasher and not a hash, or a password, by itself.
fn is_name(text: &str) -> bool {
    text.len() <= 30 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "인천 correct horse";

    const BCRYPT_SHA256: &str = "bcrypt_sha256$$2b$05$fIKn3ZtdwLO276xRz55z4e/jLkkgZfZUBE75vWiOOGft8GX3fdZHW";
    const BCRYPT: &str = "bcrypt$$2b$05$EYCHM4jFHb9J.houNuywKOsXNUeyEMVLp840V.Ajr.uD0zM8jEwiW";
    /// Of 72 letters, which is all that bcrypt reads.
    const BCRYPT_LONG: &str = "bcrypt$$2b$05$SDbqI0C3DRnsv00/F2rvzuTtnUWpokLb0SZXCgRKHymP.e.Bkj5Rq";

    /// `make_password(PASSWORD, …)` of Django 5.2 with each of its hashers, some at a smaller cost.
    const ENCODED: [&str; 7] = [
        "pbkdf2_sha256$3000$seasalt12seasalt12sea22$YNvznDJ6hoKLDqGHd9dqPrGbT9Y3i+t8X4b/nxKo0Ew=",
        "pbkdf2_sha1$3000$seasalt12seasalt12sea22$6kcDDIE/u4cOqUKrQ2luOg57cKM=",
        "scrypt$16384$seasalt12seasalt12sea22$8$5$7wTANBWq9z7tYbtOXbXyTDMSw7UV3N7MTqFtNr9mLOqY2j9qzzzRoXSBeAi57hg/8D/BjuaQtyD9nyPGdINv8g==",
        "md5$seasalt12seasalt12sea22$b07b6e8e396e663a32382ccbb1455e39",
        BCRYPT_SHA256,
        BCRYPT,
        BCRYPT_LONG,
    ];

    #[test]
    fn what_django_encoded_is_verified() {
        for encoded in ENCODED {
            let password = if encoded == BCRYPT_LONG { "a".repeat(80) } else { PASSWORD.to_owned() };
            assert_eq!(verify(&password, encoded), Some(true), "{encoded}");
            assert_eq!(verify("인천 correct house", encoded), Some(false), "{encoded}");
            assert_eq!(verify("", encoded), Some(false), "{encoded}");
        }
    }

    #[test]
    fn what_is_broken_or_costs_too_much_is_not_verified() {
        for encoded in [
            "",
            "plain",
            "md5$",
            "md5$salt",
            "crypt$$abc",
            "pbkdf2_sha256$",
            "pbkdf2_sha256$x$s$aGFzaA==",
            "pbkdf2_sha256$4000000000$s$aGFzaA==",
            "pbkdf2_sha1$1$s",
            "scrypt$16384$s$8$1",
            "scrypt$16383$s$8$1$aGFzaA==",
            "scrypt$1073741824$s$8$1$aGFzaA==",
            "scrypt$16384$s$8$1000000$aGFzaA==",
            "bcrypt$$2b$31$aaa",
            "bcrypt$x",
            "bcrypt_sha256$$2b$12$short",
            "sha1$salt$hash",
        ] {
            assert_eq!(verify(PASSWORD, encoded), None, "{encoded}");
        }
    }

    #[test]
    fn beside_django_passwords_are_in_its_own_form() {
        let encoded = Form::Pbkdf2.encode(PASSWORD).unwrap();
        assert!(encoded.starts_with("pbkdf2_sha256$1000000$") && encoded.len() <= 128, "{encoded}");
        assert_eq!(verify(PASSWORD, &encoded), Some(true));
        assert!(!Form::Pbkdf2.is_outdated(&encoded) && Form::Argon2.is_outdated(&encoded));
        let later = encoded.replace("$1000000$", "$1800000$");
        assert!(!Form::Pbkdf2.is_outdated(&later), "a later Django's is left to it");
        let ours = Form::Argon2.encode(PASSWORD).unwrap();
        assert!(Form::Pbkdf2.is_outdated(&ours) && !Form::Argon2.is_outdated(&ours));
        for (encoded, is_outdated) in ENCODED.iter().zip([true, true, false, true, false, false, false]) {
            assert_eq!(Form::Pbkdf2.is_outdated(encoded), is_outdated, "{encoded}");
        }
        assert!(!Form::Pbkdf2.is_outdated("argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA"), "Django's own");
    }
}
