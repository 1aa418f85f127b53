//! Django's `check --deploy`, and checks of which hosts and proxies are trusted.

use std::collections::HashSet;

use secrecy::ExposeSecret as _;

use super::CheckLevel::Warning;
use super::{Finding, Subject, apache};

/// Django's requirements for the secret key (security.W009, security.W025): the number of characters, the number of different
/// characters, and the prefix that it must not have.
const LONG_ENOUGH: usize = 50;
const DIFFERENT_ENOUGH: usize = 5;
const MADE_UP: &str = "django-insecure-";

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let security = &subject.settings.security;
    let mut findings = Vec::new();
    let mut warn = |id, message: &str, hint: &str| findings.push(Finding::new(id, Warning, message, hint));
    if security.secure_hsts_seconds.is_zero() {
        warn(
            "security.W004",
            "secure_hsts_seconds is 0, so browsers are never told to come back by HTTPS only.",
            "If the whole site has TLS, leave it at 31536000, a year.",
        );
    }
    if !security.secure_ssl_redirect && !apache::ends_tls(subject) {
        warn(
            "security.W008",
            "secure_ssl_redirect is false: the program itself does not send plain HTTP on to HTTPS.",
            "Set it, or have Apache do so, as the site file of `polls apache-config --tls` does.",
        );
    }
    if security.secret_key_is_lasting
        && let Some(fault) = weakness(security.secret_key.expose_secret())
    {
        warn(
            "security.W009",
            &format!("The secret key has {fault}. Who guesses it can make up sessions and messages."),
            "Write `openssl rand -base64 48` into the file that secret_key_file names; everybody is logged out by it.",
        );
    }
    for (number, key) in (1..).zip(&security.secret_key_fallbacks) {
        if let Some(fault) = weakness(key.expose_secret()) {
            warn(
                "security.W025",
                &format!("Key {number} of secret_key_fallbacks has {fault}. It is believed as the key itself is."),
                "Remove it from secret_key_fallbacks, as soon as nobody needs it.",
            );
        }
    }
    if subject.settings.shown.iter().any(|shown| shown.key == "debug" && shown.value == "true") {
        warn(
            "security.W018",
            "debug is true: the program makes up what it is not told.",
            "Set debug = false in the settings file.",
        );
    }
    if security.allowed_hosts.is_empty() {
        warn("security.W020", "allowed_hosts is empty.", "Name the site there, such as [\"polls.example.org\"].");
    }
    if security.allowed_hosts.allow_any() {
        warn(
            "polls.W001",
            "allowed_hosts has \"*\": whoever asks decides what the site is called.",
            "Name the site there, such as [\"polls.example.org\"].",
        );
    }
    if security.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
        warn(
            "polls.W002",
            "trusted_proxies has a network of all addresses: everybody may say where they come from, and that they came by TLS.",
            "Name the address of Apache there, such as [\"127.0.0.1\"]; the peer at a unix socket is trusted by itself.",
        );
    }
    let mail = &subject.settings.mail;
    if mail.exposes_password() {
        warn(
            "polls.W012",
            &format!("The password of mail goes to {} in clear: whoever is on the way can read it.", mail.host),
            "Set mail.tls to \"implicit\" or \"starttls\", whichever the mail server has.",
        );
    }
    findings
}

/// What makes a key weak, by Django's rules; None for a strong one.
fn weakness(key: &str) -> Option<String> {
    let different = key.chars().collect::<HashSet<_>>().len();
    let is_weak = key.len() < LONG_ENOUGH || different < DIFFERENT_ENOUGH || key.starts_with(MADE_UP);
    is_weak.then(|| format!("{} characters, {different} of them different", key.len()))
}
