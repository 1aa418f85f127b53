//! Django's `PBKDF2PasswordHasher` and `PBKDF2SHA1PasswordHasher`: `iterations$salt$hash`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pbkdf2::pbkdf2_hmac_array;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::web::Result;
use crate::web::http::secrets;

/// The iterations of Django 5.2. Later versions use more (6.0: 1,200,000; 6.1: 1,500,000) and encode a password with
/// fewer again at a login; this program keeps hashes with more, so that the two do not replace each other's hashes at
/// every login.
const ITERATIONS: u32 = 1_000_000;
/// The most iterations that are verified: a hash that somebody wrote into the database must not be able to keep the
/// program busy.
const MAX_ITERATIONS: u32 = 10_000_000;
/// Django's minimum: 131 bits of letters and digits.
const SALT_LENGTH: usize = 22;

pub(super) fn verify(password: &str, algorithm: &str, encoded: &str) -> Option<bool> {
    let (iterations, rest) = encoded.split_once('$')?;
    let (salt, hash) = rest.split_once('$')?;
    let iterations = iterations.parse().ok().filter(|iterations| (1..=MAX_ITERATIONS).contains(iterations))?;
    let expected = STANDARD.decode(hash).ok()?;
    let password = password.as_bytes();
    let salt = salt.as_bytes();
    Some(match algorithm {
        "pbkdf2_sha1" => pbkdf2_hmac_array::<Sha1, 20>(password, salt, iterations).ct_eq(expected.as_slice()).into(),
        _ => pbkdf2_hmac_array::<Sha256, 32>(password, salt, iterations).ct_eq(expected.as_slice()).into(),
    })
}

pub(super) fn encode(password: &str) -> Result<String> {
    let salt = secrets::random(secrets::ALPHANUMERIC, SALT_LENGTH)?;
    let hash = pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), salt.as_bytes(), ITERATIONS);
    Ok(format!("pbkdf2_sha256${ITERATIONS}${salt}${}", STANDARD.encode(hash)))
}

/// Whether a hash has fewer iterations than a new one.
pub(super) fn is_weak(encoded: &str) -> bool {
    let iterations = encoded.split('$').nth(1).and_then(|iterations| iterations.parse::<u32>().ok());
    iterations.is_none_or(|iterations| iterations < ITERATIONS)
}
