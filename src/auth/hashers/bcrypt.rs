//! Django's `BCryptSHA256PasswordHasher` and `BCryptPasswordHasher`: a `$` and bcrypt's own format, `$2b$12$salt and
//! hash`.

use sha2::{Digest as _, Sha256};

use crate::web::http::secrets;

/// The highest cost that is verified. Each step doubles the time; Django's cost is 12, which takes a quarter of a
/// second.
const MAX_COST: u32 = 16;

/// Verifies the SHA-256 of the password in hexadecimal, since bcrypt reads at most 72 bytes and stops at a zero byte.
pub(super) fn verify_sha256(password: &str, encoded: &str) -> Option<bool> {
    verify_bytes(secrets::hex(&Sha256::digest(password)).as_bytes(), encoded)
}

pub(super) fn verify(password: &str, encoded: &str) -> Option<bool> {
    verify_bytes(password.as_bytes(), encoded)
}

fn verify_bytes(password: &[u8], encoded: &str) -> Option<bool> {
    let hash = encoded.strip_prefix('$').unwrap_or(encoded);
    let cost = hash.split('$').nth(1)?.parse::<u32>().ok()?;
    if cost > MAX_COST {
        return None;
    }
    bcrypt::verify(password, &format!("${hash}")).ok()
}
