//! Argon2id, as `argon2-cffi` and Django's `Argon2PasswordHasher` write it: `argon2` and a PHC string.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::web::http::secrets;
use crate::web::{Error, Result};

/// OWASP's minimum: 19 MiB, two passes, one lane.
pub(super) const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Django's minimum: 131 bits of letters and digits.
const SALT_LENGTH: usize = 22;
/// The limits for hashes that are verified. A hash that somebody wrote into the database must not be able to stop the
/// program.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_MEMORY_TIMES_PASSES_KIB: u64 = 2 * 1024 * 1024;
/// The beginning of every password that [`encode`] makes.
pub(super) const OWN_PREFIX: &str = "argon2$argon2id$v=19$m=19456,t=2,p=1$";
/// A hash with the cost of [`encode`], which no known password matches.
pub(super) const DECOY: &str = "argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYQ$\
                                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(super) fn encode(password: &str) -> Result<String> {
    let salt = secrets::random(secrets::ALPHANUMERIC, SALT_LENGTH)?;
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error::Internal(error.to_string().into()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hash = argon2
        .hash_password_customized(password.as_bytes(), salt.as_bytes(), None, None, params)
        .map_err(|error| Error::Internal(error.to_string().into()))?;
    Ok(format!("argon2{hash}"))
}

/// Verifies a password; None if the hash is invalid or above the limits. `phc` is the encoded password without the
/// prefix `argon2`.
pub(super) fn verify(password: &str, phc: &str) -> Option<bool> {
    let hash = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    if params.m_cost() > MAX_MEMORY_KIB || work > MAX_MEMORY_TIMES_PASSES_KIB {
        return None;
    }
    Some(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Whether a hash is weaker than those of [`encode`].
pub(super) fn is_weak(phc: &str) -> bool {
    let Ok(hash) = PasswordHash::new(phc) else {
        return true;
    };
    let Ok(params) = Params::try_from(&hash) else {
        return true;
    };
    hash.algorithm.as_str() != "argon2id" || params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES
}

pub(super) fn memory_kib(phc: &str) -> Option<u32> {
    let hash = PasswordHash::new(phc).ok()?;
    Params::try_from(&hash).ok().map(|params| params.m_cost())
}
