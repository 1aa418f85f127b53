//! Django's `BCryptSHA256PasswordHasher` and `BCryptPasswordHasher`: a `$` and what bcrypt itself makes,
//! `$2b$12$salt and hash`.

use sha2::{Digest as _, Sha256};

use crate::web::http::secrets;

/// Each more is twice the time; Django's is 12, a quarter of a second.
const MOST_COST: u32 = 16;

/// Of the password its SHA-256, in hexadecimal, as bcrypt reads 72 bytes and stops at a zero.
pub(super) fn verify_sha256(password: &str, encoded: &str) -> Option<bool> {
    verify_bytes(secrets::hex(&Sha256::digest(password)).as_bytes(), encoded)
}

pub(super) fn verify(password: &str, encoded: &str) -> Option<bool> {
    verify_bytes(password.as_bytes(), encoded)
}

fn verify_bytes(password: &[u8], encoded: &str) -> Option<bool> {
    let hash = encoded.strip_prefix('$').unwrap_or(encoded);
    let cost = hash.split('$').nth(1)?.parse::<u32>().ok()?;
    if cost > MOST_COST {
        return None;
    }
    bcrypt::verify(password, &format!("${hash}")).ok()
}
