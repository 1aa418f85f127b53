//! Passwords, encoded as Django does: argon2id for new ones; PBKDF2 from before is verified, and replaced
//! at login. Hashing is made to be costly, so it happens off the workers and only a few at a time.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;

use crate::web::{Error, Result, secrets};

/// OWASP's least: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// What Django wants at least: 131 bits of letters and digits.
const SALT_LENGTH: usize = 22;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// What begins a password that nobody can enter (Django's `UNUSABLE_PASSWORD_PREFIX`).
const UNUSABLE: char = '!';
/// Some password's hash, of the kind that [`encode`] makes.
const DECOY: &str = "argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYQ$\
                     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes for requests, as many at once as there are cores.
pub struct Hasher {
    places: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { places: Arc::new(Semaphore::new(cores.min(8))) }
    }
}

impl Hasher {
    /// Encodes a new password.
    ///
    /// # Errors
    /// `Unavailable` when too many are being hashed.
    pub async fn encode(&self, password: String) -> Result<String> {
        self.run(move || encode(&password)).await?
    }

    /// Whether a password is the one that was encoded.
    ///
    /// # Errors
    /// `Unavailable` when too many are being hashed.
    pub async fn verify(&self, password: String, encoded: String) -> Result<bool> {
        self.run(move || verify(&password, &encoded)).await
    }

    /// The same, at the same cost whether there is a user or not and however theirs is encoded:
    /// `samples` holds an encoded password of every kind in use.
    ///
    /// # Errors
    /// `Unavailable` when too many are being hashed.
    pub async fn verify_evenly(
        &self,
        password: String,
        encoded: Option<String>,
        mut samples: Vec<String>,
    ) -> Result<bool> {
        samples.retain(|sample| is_usable(sample));
        samples.push(DECOY.to_owned());
        samples.sort_by(|a, b| kind(a).cmp(kind(b)));
        samples.dedup_by(|a, b| kind(a) == kind(b));
        self.run(move || {
            samples.iter().fold(false, |right, sample| match &encoded {
                Some(encoded) if kind(encoded) == kind(sample) => verify(&password, encoded) || right,
                _ => {
                    std::hint::black_box(verify(&password, sample));
                    right
                }
            })
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let busy = || Error::Unavailable("too many passwords are being hashed".into());
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(|_| busy())?;
        let task = tokio::task::spawn_blocking(move || {
            let _place = place;
            task()
        });
        task.await.map_err(|error| Error::Internal(error.into()))
    }
}

/// Encodes a password on this thread.
///
/// # Errors
/// If the system has no randomness to give.
pub fn encode(password: &str) -> Result<String> {
    let salt = secrets::random(secrets::ALPHANUMERIC, SALT_LENGTH)?;
    let internal = |error: argon2::password_hash::Error| Error::Internal(error.to_string().into());
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error::Internal(error.to_string().into()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hash =
        argon2.hash_password_customized(password.as_bytes(), salt.as_bytes(), None, None, params).map_err(internal)?;
    Ok(format!("argon2{hash}"))
}

/// A password that nobody can enter, as Django makes one.
///
/// # Errors
/// If the system has no randomness to give.
pub fn unusable() -> Result<String> {
    Ok(format!("{UNUSABLE}{}", secrets::random(secrets::ALPHANUMERIC, 40)?))
}

pub fn is_usable(encoded: &str) -> bool {
    !encoded.is_empty() && !encoded.starts_with(UNUSABLE)
}

/// Whether a password is the one that was encoded. Costly.
pub fn verify(password: &str, encoded: &str) -> bool {
    match encoded.split_once('$') {
        Some(("argon2", _)) => PasswordHash::new(&encoded["argon2".len()..])
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()),
        Some(("pbkdf2_sha256", rest)) => verify_pbkdf2(password, rest).unwrap_or(false),
        _ => {
            if is_usable(encoded) {
                let algorithm = kind(encoded);
                tracing::warn!(target: "polls.security", algorithm, "A password is encoded in a way that is not read here; set it anew with `polls changepassword`.");
            }
            false
        }
    }
}

/// `iterations$salt$hash`.
fn verify_pbkdf2(password: &str, encoded: &str) -> Option<bool> {
    let mut parts = encoded.splitn(3, '$');
    let iterations = parts.next()?.parse().ok()?;
    let salt = parts.next()?;
    let expected = STANDARD.decode(parts.next()?).ok()?;
    let actual = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), salt.as_bytes(), iterations);
    Some(actual.ct_eq(expected.as_slice()).into())
}

/// Whether a password should be encoded anew now that it is known: it is weaker than what [`encode`] makes.
pub fn is_outdated(encoded: &str) -> bool {
    let Some(hash) = encoded.strip_prefix("argon2").and_then(|phc| PasswordHash::new(phc).ok()) else {
        return true;
    };
    let Ok(params) = Params::try_from(&hash) else {
        return true;
    };
    hash.algorithm.as_str() != "argon2id" || params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES
}

/// Algorithm and cost: what stands before the salt.
pub(super) fn kind(encoded: &str) -> &str {
    let parts = if encoded.starts_with("argon2$") { 4 } else { 2 };
    encoded.match_indices('$').nth(parts - 1).map_or(encoded, |(end, _)| &encoded[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `make_password("인천 correct horse")` of Django 5.2, with each hasher.
    const PBKDF2: &str = "pbkdf2_sha256$3000$seasalt12seasalt12sea22$YNvznDJ6hoKLDqGHd9dqPrGbT9Y3i+t8X4b/nxKo0Ew=";
    const ARGON2: &str = "argon2$argon2id$v=19$m=20000,t=2,p=8$QWJDZEVmR2hJaktsTW5PcFFyU3RVdg$wlhfITEdezVMMQ6WQ5a7s7xVIq+V7z3fQTjqNgSjRN4";

    #[test]
    fn what_django_encoded_is_verified() {
        for encoded in [PBKDF2, ARGON2] {
            assert!(verify("인천 correct horse", encoded), "{encoded}");
            assert!(!verify("인천 correct house", encoded), "{encoded}");
        }
    }

    #[test]
    fn what_we_encode_is_django_s_form_and_each_time_another() {
        let (one, two) = (encode("secret words").unwrap(), encode("secret words").unwrap());
        assert!(one.starts_with("argon2$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert!(one.len() <= 128 && one != two);
        assert!(verify("secret words", &one) && !verify("secret word", &one));
        assert_eq!(kind(&one), kind(DECOY));
    }

    #[test]
    fn among_samples_of_other_kinds_only_the_own_password_is_right() {
        let verify = |password: &str, encoded: Option<&str>| {
            let samples = vec![PBKDF2.to_owned(), ARGON2.to_owned(), "!".to_owned(), "md5$salt$hash".to_owned()];
            let (password, encoded) = (password.to_owned(), encoded.map(str::to_owned));
            let hasher = Hasher::default();
            let run = hasher.verify_evenly(password, encoded, samples);
            actix_web::rt::System::new().block_on(run).unwrap()
        };
        let own = encode("my own words").unwrap();
        for (encoded, password) in [(own.as_str(), "my own words"), (PBKDF2, "인천 correct horse")] {
            assert!(verify(password, Some(encoded)));
            assert!(!verify("another", Some(encoded)));
        }
        // The samples' own password opens nothing else.
        for encoded in [None, Some(own.as_str()), Some("!"), Some("md5$salt$hash")] {
            assert!(!verify("인천 correct horse", encoded), "{encoded:?}");
        }
    }

    #[test]
    fn nobody_enters_an_unusable_or_broken_password() {
        for encoded in
            [unusable().unwrap().as_str(), "", "!", "plain", "argon2$x", "pbkdf2_sha256$1$s", "md5$s$h", DECOY]
        {
            for password in ["", "plain", encoded] {
                assert!(!verify(password, encoded), "{encoded}");
            }
        }
    }

    #[test]
    fn weaker_encodings_are_outdated_and_stronger_ones_not() {
        assert!(is_outdated(PBKDF2));
        assert!(!is_outdated(ARGON2) && !is_outdated(DECOY));
        assert!(is_outdated(&DECOY.replace("m=19456", "m=8192")) && is_outdated(&DECOY.replace("argon2id", "argon2i")));
    }
}
