//! The secret of a link for a new password, as Django's `PasswordResetTokenGenerator` makes it: a time, and a keyed hash
//! of that time and of the user's password, last login and address. It is stored nowhere, and is invalid as soon as one of
//! them changes: after the new password, and after a login with the old one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::auth::models::User;
use crate::web::http::secrets;

/// Hexadecimal digits of the hash in a link: 128 bits.
const HASH_LENGTH: usize = 32;

/// The token of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetToken {
    /// Seconds since 1970.
    made_at: i64,
    hash: String,
}

/// What a session keeps of a token: nothing with which anybody else could set a password.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResetGrant {
    made_at: i64,
    digest: String,
}

impl ResetToken {
    pub fn new(key: &str, user: &User, now: NaiveDateTime) -> Self {
        Self::at(key, user, now.and_utc().timestamp())
    }

    fn at(key: &str, user: &User, made_at: i64) -> Self {
        let last_login = user.last_login.map(|time| time.and_utc().timestamp()).unwrap_or_default();
        let state = format!("{}\0{}\0{last_login}\0{made_at}\0{}", user.id, user.password, user.email);
        let mut hash = secrets::hex(&secrets::keyed_hash(key, "auth.password-reset", &state));
        hash.truncate(HASH_LENGTH);
        Self { made_at, hash }
    }

    /// Reads what [`Self::text`] writes; None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (time, hash) = text.split_once('-')?;
        let made_at = i64::from_str_radix(time, 36).ok()?;
        let token = Self { made_at, hash: hash.to_owned() };
        // One token has one spelling.
        (hash.len() == HASH_LENGTH && token.text() == text).then_some(token)
    }

    pub fn text(&self) -> String {
        format!("{}-{}", base36(self.made_at), self.hash)
    }

    /// Whether it is one of this user's, made with one of the keys within `life`.
    pub fn is_of<'a>(
        &self,
        mut keys: impl Iterator<Item = &'a str>,
        user: &User,
        now: NaiveDateTime,
        life: TimeDelta,
    ) -> bool {
        is_young(self.made_at, now, life)
            && keys.any(|key| Self::at(key, user, self.made_at).hash.as_bytes().ct_eq(self.hash.as_bytes()).into())
    }

    pub fn grant(&self) -> ResetGrant {
        ResetGrant { made_at: self.made_at, digest: secrets::digest(&self.hash) }
    }
}

impl ResetGrant {
    /// [`ResetToken::is_of`] for the token that it was made of.
    pub fn is_of<'a>(
        &self,
        mut keys: impl Iterator<Item = &'a str>,
        user: &User,
        now: NaiveDateTime,
        life: TimeDelta,
    ) -> bool {
        let is_same = |key: &str| secrets::digest(&ResetToken::at(key, user, self.made_at).hash);
        is_young(self.made_at, now, life)
            && keys.any(|key| is_same(key).as_bytes().ct_eq(self.digest.as_bytes()).into())
    }
}

fn is_young(made_at: i64, now: NaiveDateTime, life: TimeDelta) -> bool {
    now.and_utc().timestamp().checked_sub(made_at).is_some_and(|age| age <= life.num_seconds())
}

/// A number from 0 in base 36.
fn base36(number: i64) -> String {
    let mut number = number.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(digit_of(number % 36));
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.into_iter().rev().collect()
}

fn digit_of(digit: u64) -> char {
    u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 36)).unwrap_or('0')
}

/// A user's id as Django writes it into links.
pub fn uid(user: i32) -> String {
    URL_SAFE_NO_PAD.encode(user.to_string())
}

/// The id that [`uid`] has written; None for anything else.
pub fn user_of(text: &str) -> Option<i32> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let id: i32 = std::str::from_utf8(&bytes).ok()?.parse().ok()?;
    (uid(id) == text).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "correct horse battery staple correct horse battery staple";
    const DAY: TimeDelta = TimeDelta::days(1);

    fn user() -> User {
        let time = at(0);
        User {
            id: 7,
            password: "argon2$a".to_owned(),
            email: "ada@example.org".to_owned(),
            last_login: Some(time),
            ..User::default()
        }
    }

    fn at(seconds: i64) -> NaiveDateTime {
        chrono::DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap().naive_utc()
    }

    fn holds(user: &User, keys: &[&str], seconds: i64) -> bool {
        let token = ResetToken::new(KEY, &self::user(), at(0));
        let is_valid = ResetToken::parse(&token.text()).unwrap().is_of(keys.iter().copied(), user, at(seconds), DAY);
        assert_eq!(token.grant().is_of(keys.iter().copied(), user, at(seconds), DAY), is_valid);
        is_valid
    }

    #[test]
    fn a_token_is_of_one_user_in_one_state_for_a_time() {
        assert!(holds(&user(), &[KEY], 0) && holds(&user(), &["new", KEY], 86_400));
        assert!(!holds(&user(), &[KEY], 86_401) && !holds(&user(), &["new"], 0) && !holds(&user(), &[], 0));
        let changes: [fn(&mut User); 4] = [
            |user| user.id = 8,
            |user| user.password = "argon2$b".to_owned(),
            |user| user.email = "eve@example.org".to_owned(),
            |user| user.last_login = Some(at(1)),
        ];
        for change in changes {
            let mut other = user();
            change(&mut other);
            assert!(!holds(&other, &[KEY], 0));
        }
    }

    #[test]
    fn a_token_has_one_spelling() {
        let text = ResetToken::new(KEY, &user(), at(0)).text();
        assert!(ResetToken::parse(&text).is_some());
        let upper = text.to_uppercase();
        for wrong in [
            "",
            "-",
            "set-password",
            &text[1..],
            &text[..text.len() - 1],
            &upper,
            &format!("0{text}"),
            &format!("-{text}"),
        ] {
            let valid =
                ResetToken::parse(wrong).is_some_and(|token| token.is_of([KEY].into_iter(), &user(), at(0), DAY));
            assert!(!valid, "{wrong}");
        }
    }

    #[test]
    fn a_users_id_is_read_as_django_writes_it() {
        assert_eq!((uid(1).as_str(), user_of("MQ")), ("MQ", Some(1)));
        assert_eq!(user_of(&uid(i32::MAX)), Some(i32::MAX));
        for wrong in ["", "M", "MQ==", "MDE", "KzE", "LTE=", "한국", "OTk5OTk5OTk5OTk5OTk"] {
            assert_eq!(user_of(wrong), None, "{wrong}");
        }
    }
}
