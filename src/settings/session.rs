//! The settings of sessions: how long people stay logged in.

use std::time::Duration;

use super::values::Values;

#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// `session_cookie_age`: seconds after which a session ends, even if it is in use.
    pub cookie_age: Duration,
    /// `session_idle_timeout`: seconds without a request after which a session ends.
    pub idle_timeout: Duration,
    /// `password_again_after`: seconds after the last entry of the password until changes of users and groups ask for it
    /// again.
    pub password_again_after: Duration,
    /// `session_expire_at_browser_close`: whether the cookie lasts only until the browser is closed.
    pub expire_at_browser_close: bool,
}

impl SessionSettings {
    pub(super) fn read(values: &mut Values) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
        Self {
            cookie_age: seconds(values.number("session_cookie_age", 1_209_600, 1..=31_536_000)),
            idle_timeout: seconds(values.number("session_idle_timeout", 86_400, 1..=31_536_000)),
            password_again_after: seconds(values.number("password_again_after", 900, 0..=31_536_000)),
            expire_at_browser_close: values.boolean("session_expire_at_browser_close", false),
        }
    }
}
