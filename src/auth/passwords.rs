//! Passwords, encoded as Django does: argon2id for new ones, unless Django uses the database too; what there is from
//! before is verified by `auth::hashers`, and replaced at login. Hashing takes much memory and time, so it happens off the workers, and only as much at once as
//! [`MEMORY_AT_ONCE_KIB`] allows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::hashers;
use crate::web::http::secrets;
use crate::web::{Error, Result};

/// OWASP's least: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// What Django wants at least: 131 bits of letters and digits.
const SALT_LENGTH: usize = 22;
/// Memory that all hashing of the process may take at once, on however many cores: two hashes of our own. One that
/// needs more (Django's argon2 takes 100 MiB) waits until it is alone.
const MEMORY_AT_ONCE_KIB: u32 = 2 * MEMORY_KIB;
/// The costliest hashes that are verified. Who can write a hash to the database must not stop the program with it.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_MEMORY_TIMES_PASSES_KIB: u64 = 2 * 1024 * 1024;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many origins are known before those without a request are forgotten.
const ORIGINS: usize = 256;
/// What begins a password that nobody can enter (Django's `UNUSABLE_PASSWORD_PREFIX`).
const UNUSABLE: char = '!';
/// What the passwords begin with that [`encode`] makes.
pub(super) const OWN_PREFIX: &str = "argon2$argon2id$v=19$m=19456,t=2,p=1$";
/// Some password's hash, of the kind that [`encode`] makes.
const DECOY: &str = "argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYQ$\
                     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes for requests.
pub struct Hasher {
    /// A permit for each KiB; whoever waits is served in the order of arrival.
    memory: Arc<Semaphore>,
    /// One place for each origin of attempts, so that one that makes many waits for itself and not others for it.
    origins: Mutex<HashMap<String, Weak<Semaphore>>>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { memory: Arc::new(Semaphore::new(MEMORY_AT_ONCE_KIB as usize)), origins: Mutex::default() }
    }
}

impl Hasher {
    /// Encodes a new password in the form that the database's other readers need.
    ///
    /// # Errors
    /// `Unavailable` when too many are being hashed.
    pub async fn encode(&self, form: hashers::Form, password: String) -> Result<String> {
        self.run(MEMORY_KIB, move || form.encode(&password)).await?
    }

    /// Whether a password that came from `origin` is the one that was encoded. Of one origin, one is looked at at a
    /// time. Where there is no such user, `stand_in` is another's: the cost is that of some user's password then,
    /// and does not tell that there is none. Where that is none either, it is a new password's.
    ///
    /// # Errors
    /// `Unavailable` when too many are being hashed.
    pub async fn verify(
        &self,
        origin: &str,
        password: String,
        encoded: Option<String>,
        stand_in: Option<String>,
    ) -> Result<bool> {
        let place = self.place_of(origin);
        let _own = in_time(place.acquire_owned()).await?;
        let is_known = encoded.is_some();
        let encoded = encoded.or(stand_in).filter(|encoded| is_usable(encoded));
        let is_known = is_known && encoded.is_some();
        let encoded = encoded.unwrap_or_else(|| DECOY.to_owned());
        let right = self.run(memory_kib(&encoded), move || verify(&password, &encoded)).await?;
        Ok(right && is_known)
    }

    fn place_of(&self, origin: &str) -> Arc<Semaphore> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = origins.get(origin).and_then(Weak::upgrade) {
            return place;
        }
        if origins.len() >= ORIGINS {
            origins.retain(|_, place| place.strong_count() > 0);
        }
        let place = Arc::new(Semaphore::new(1));
        origins.insert(origin.to_owned(), Arc::downgrade(&place));
        place
    }

    async fn run<T: Send + 'static>(&self, memory_kib: u32, task: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permits = memory_kib.min(MEMORY_AT_ONCE_KIB);
        let memory = in_time(Arc::clone(&self.memory).acquire_many_owned(permits)).await?;
        let task = tokio::task::spawn_blocking(move || {
            let _memory = memory;
            task()
        });
        task.await.map_err(|error| Error::Internal(error.into()))
    }
}

async fn in_time<T, E>(place: impl Future<Output = std::result::Result<T, E>>) -> Result<T> {
    let busy = || Error::Unavailable("too many passwords are being hashed".into());
    tokio::time::timeout(PATIENCE, place).await.map_err(|_| busy())?.map_err(|_| busy())
}

/// The memory that verifying takes, about. What takes none takes a core, of which it holds as much as a hash of ours.
fn memory_kib(encoded: &str) -> u32 {
    let memory = argon2_params(encoded).map(|params| params.m_cost()).or_else(|| hashers::memory_kib(encoded));
    memory.map_or(MEMORY_KIB, |memory| memory.max(MEMORY_KIB))
}

fn argon2_params(encoded: &str) -> Option<Params> {
    let hash = PasswordHash::new(encoded.strip_prefix("argon2")?).ok()?;
    Params::try_from(&hash).ok()
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
    let right = match encoded.split_once('$') {
        Some(("argon2", _)) => verify_argon2(password, encoded),
        _ => hashers::verify(password, encoded),
    };
    if right.is_none() && is_usable(encoded) {
        let kind = kind(encoded);
        tracing::warn!(target: "polls.security", kind, "A password hash has an unknown algorithm or a cost above the limit; set the password again with `polls changepassword`.");
    }
    right.unwrap_or(false)
}

/// None for a hash that cannot be read or costs too much.
fn verify_argon2(password: &str, encoded: &str) -> Option<bool> {
    let hash = PasswordHash::new(encoded.strip_prefix("argon2")?).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    if params.m_cost() > MOST_MEMORY_KIB || work > MOST_MEMORY_TIMES_PASSES_KIB {
        return None;
    }
    Some(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
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

    fn run<T>(task: impl Future<Output = T>) -> T {
        actix_web::rt::System::new().block_on(task)
    }

    #[test]
    fn only_the_own_password_is_right_and_never_that_of_the_stand_in() {
        let verify = |password: &str, encoded: Option<&str>, stand_in: Option<&str>| {
            let (password, text) = (password.to_owned(), |text: &str| text.to_owned());
            run(Hasher::default().verify("here", password, encoded.map(text), stand_in.map(text))).unwrap()
        };
        let own = encode("my own words").unwrap();
        for (encoded, password) in [(own.as_str(), "my own words"), (PBKDF2, "인천 correct horse")] {
            assert!(verify(password, Some(encoded), Some(ARGON2)));
            assert!(!verify("another", Some(encoded), Some(ARGON2)));
        }
        for encoded in [None, Some(own.as_str()), Some("!"), Some("md5$salt$hash")] {
            for stand_in in [None, Some(PBKDF2), Some(ARGON2), Some("!")] {
                assert!(!verify("인천 correct horse", encoded, stand_in), "{encoded:?} {stand_in:?}");
            }
        }
    }

    #[test]
    fn hashes_that_cost_too_much_are_refused_at_once() {
        for costly in [
            ARGON2.replace("m=20000", "m=4000000"),
            ARGON2.replace("t=2", "t=100000"),
            PBKDF2.replace("$3000$", "$4000000000$"),
        ] {
            assert!(!verify("인천 correct horse", &costly), "{costly}");
        }
    }

    #[test]
    fn all_at_once_take_no_more_memory_than_two_hashes_of_ours() {
        let hasher = Hasher::default();
        let kib = |encoded: &str| memory_kib(encoded).min(MEMORY_AT_ONCE_KIB);
        let held = run(Arc::clone(&hasher.memory).acquire_many_owned(kib(DECOY) + kib(PBKDF2))).unwrap();
        assert_eq!(hasher.memory.available_permits(), 0);
        drop(held);
        // One of Django's default parameters is alone.
        assert_eq!(kib(&ARGON2.replace("m=20000", "m=102400")), MEMORY_AT_ONCE_KIB);
    }

    #[test]
    fn one_origin_has_one_place_and_leaves_the_others_theirs() {
        let hasher = Hasher::default();
        let first = Arc::clone(&hasher.place_of("one")).try_acquire_owned().unwrap();
        assert!(hasher.place_of("one").try_acquire_owned().is_err());
        assert!(hasher.place_of("other").try_acquire_owned().is_ok());
        drop(first);
        assert!(hasher.place_of("one").try_acquire_owned().is_ok());
        for number in 0..10 * ORIGINS {
            hasher.place_of(&number.to_string());
        }
        assert!(hasher.origins.lock().unwrap().len() <= ORIGINS);
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
