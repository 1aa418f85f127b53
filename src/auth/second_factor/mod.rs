//! The second factor of a login: a code that an app makes from the time and a secret, or a code on paper that is good once.

pub mod store;
pub mod totp;

use secrecy::ExposeSecret as _;

use crate::settings::SecuritySettings;
use crate::web::Result;
use crate::web::http::secrets;

/// How many codes on paper there are.
const RECOVERY_CODES: usize = 10;
/// The letters of such a code: none that looks like another one. 10 of them are 49 bits.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
const HALF: usize = 5;

/// A salt for the secret of a user.
///
/// # Errors
/// If the operating system gives no random bytes.
pub fn fresh_salt() -> Result<String> {
    secrets::random(secrets::BASE36, 40)
}

/// The secret that the site's present key makes of a salt.
pub fn secret(security: &SecuritySettings, salt: &str) -> Vec<u8> {
    secret_by(security.secret_key.expose_secret(), salt)
}

fn secret_by(key: &str, salt: &str) -> Vec<u8> {
    let mut secret = secrets::keyed_hash(key, "auth.second-factor", salt);
    secret.truncate(totp::SECRET_LENGTH);
    secret
}

/// The step of a code, if it is right at a time (seconds since 1970) by one of the site's keys.
pub fn step_of(security: &SecuritySettings, salt: &str, code: &str, at: i64) -> Option<i64> {
    security.keys().find_map(|key| totp::step_of(&secret_by(key, salt), code, at))
}

/// New codes on paper, as they are shown once.
///
/// # Errors
/// If the operating system gives no random bytes.
pub fn fresh_recovery_codes() -> Result<Vec<String>> {
    let half = || secrets::random(LETTERS, HALF);
    (0..RECOVERY_CODES).map(|_| Ok(format!("{}-{}", half()?, half()?))).collect()
}

/// The hashes under which a code on paper may be stored, one for each of the site's keys, the present one first.
pub fn recovery_digests(security: &SecuritySettings, code: &str) -> Vec<String> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    security.keys().map(|key| secrets::hex(&secrets::keyed_hash(key, "auth.recovery-code", &code))).collect()
}
