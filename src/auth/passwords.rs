//! Hashes passwords for requests. Hashing takes much memory and time, so it runs on other threads than the workers',
//! and only as much at once as `MEMORY_AT_ONCE_KIB` allows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::hashers::{self, PasswordEncoding};
use crate::web::{Error, Result};

/// The memory in KiB that all hashing of the process may take at once, on any number of cores: two hashes of new
/// passwords. A hash that needs more (Django's argon2 takes 100 MiB) waits until no other is being made.
const MEMORY_AT_ONCE_KIB: u32 = 2 * hashers::MEMORY_KIB;
/// How long a request waits until it may hash.
const WAIT_LIMIT: Duration = Duration::from_secs(5);
/// The number of stored origins from which on those without a waiting request are removed.
const MAX_ORIGINS: usize = 256;

/// Hashes for requests.
pub struct Hasher {
    /// One permit for each KiB; waiting requests get theirs in the order of arrival.
    memory: Arc<Semaphore>,
    /// One permit for each origin of attempts: many attempts of one origin wait for each other, and not other origins
    /// for them.
    origins: Mutex<HashMap<String, Weak<Semaphore>>>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { memory: Arc::new(Semaphore::new(MEMORY_AT_ONCE_KIB as usize)), origins: Mutex::default() }
    }
}

impl Hasher {
    /// Encodes a new password.
    ///
    /// # Errors
    /// `Unavailable` if the request does not get its turn within `WAIT_LIMIT`.
    pub async fn encode(&self, encoding: PasswordEncoding, password: String) -> Result<String> {
        self.run(hashers::MEMORY_KIB, move || encoding.encode(&password)).await?
    }

    /// Whether `password` matches `encoded`. Attempts of the same origin are verified one after the other. If there is
    /// no such user (`encoded` is None), the password is verified against `stand_in`, another user's encoded password,
    /// so that the time does not reveal that the user does not exist; without a stand-in, against a hash of the kind of
    /// new passwords.
    ///
    /// # Errors
    /// `Unavailable` if the request does not get its turn within `WAIT_LIMIT`.
    pub async fn verify(
        &self,
        origin: &str,
        password: String,
        encoded: Option<String>,
        stand_in: Option<String>,
    ) -> Result<bool> {
        let permit = self.permit_of(origin);
        let _permit = in_time(permit.acquire_owned()).await?;
        let is_known = encoded.is_some();
        let encoded = encoded.or(stand_in).filter(|encoded| hashers::is_usable(encoded));
        let is_known = is_known && encoded.is_some();
        let encoded = encoded.unwrap_or_else(|| hashers::DECOY.to_owned());
        let right = self.run(hashers::memory_kib(&encoded), move || hashers::verify(&password, &encoded)).await?;
        Ok(right && is_known)
    }

    fn permit_of(&self, origin: &str) -> Arc<Semaphore> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(permit) = origins.get(origin).and_then(Weak::upgrade) {
            return permit;
        }
        if origins.len() >= MAX_ORIGINS {
            origins.retain(|_, permit| permit.strong_count() > 0);
        }
        let permit = Arc::new(Semaphore::new(1));
        origins.insert(origin.to_owned(), Arc::downgrade(&permit));
        permit
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

async fn in_time<T, E>(permit: impl Future<Output = std::result::Result<T, E>>) -> Result<T> {
    let busy = || Error::Unavailable("too many passwords are being hashed".into());
    tokio::time::timeout(WAIT_LIMIT, permit).await.map_err(|_| busy())?.map_err(|_| busy())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `make_password("인천 correct horse")` of Django 5.2 with these hashers.
    const PBKDF2: &str = "pbkdf2_sha256$3000$seasalt12seasalt12sea22$YNvznDJ6hoKLDqGHd9dqPrGbT9Y3i+t8X4b/nxKo0Ew=";
    const ARGON2: &str = "argon2$argon2id$v=19$m=20000,t=2,p=8$QWJDZEVmR2hJaktsTW5PcFFyU3RVdg$wlhfITEdezVMMQ6WQ5a7s7xVIq+V7z3fQTjqNgSjRN4";

    fn run<T>(task: impl Future<Output = T>) -> T {
        actix_web::rt::System::new().block_on(task)
    }

    #[test]
    fn only_the_own_password_is_right_and_never_that_of_the_stand_in() {
        let verify = |password: &str, encoded: Option<&str>, stand_in: Option<&str>| {
            let (password, text) = (password.to_owned(), |text: &str| text.to_owned());
            run(Hasher::default().verify("here", password, encoded.map(text), stand_in.map(text))).unwrap()
        };
        let own = PasswordEncoding::Argon2.encode("my own words").unwrap();
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
    fn all_at_once_take_no_more_memory_than_two_hashes_of_ours() {
        let hasher = Hasher::default();
        let kib = |encoded: &str| hashers::memory_kib(encoded).min(MEMORY_AT_ONCE_KIB);
        let held = run(Arc::clone(&hasher.memory).acquire_many_owned(kib(hashers::DECOY) + kib(PBKDF2))).unwrap();
        assert_eq!(hasher.memory.available_permits(), 0);
        drop(held);
        // One of Django's default parameters is alone.
        assert_eq!(kib(&ARGON2.replace("m=20000", "m=102400")), MEMORY_AT_ONCE_KIB);
    }

    #[test]
    fn one_origin_has_one_permit_and_leaves_the_others_theirs() {
        let hasher = Hasher::default();
        let first = Arc::clone(&hasher.permit_of("one")).try_acquire_owned().unwrap();
        assert!(hasher.permit_of("one").try_acquire_owned().is_err());
        assert!(hasher.permit_of("other").try_acquire_owned().is_ok());
        drop(first);
        assert!(hasher.permit_of("one").try_acquire_owned().is_ok());
        for number in 0..10 * MAX_ORIGINS {
            hasher.permit_of(&number.to_string());
        }
        assert!(hasher.origins.lock().unwrap().len() <= MAX_ORIGINS);
    }
}
