//! System checks, as Django's: they find faults of an installation before users meet them.
//!
//! Ids that begin with `security.` are Django's and have Django's meaning; those that begin with `polls.` are our own.

pub mod apache;
mod database;
mod files;
mod security;
mod server;
pub mod url;

use std::path::PathBuf;

use serde::Serialize;

use crate::settings::{Settings, Sources};
use crate::web::Site;

/// The levels of Django's checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "UPPERCASE")]
#[value(rename_all = "UPPER")]
pub enum CheckLevel {
    Info,
    Warning,
    Error,
    Critical,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub id: &'static str,
    pub level: CheckLevel,
    pub message: String,
    /// How to correct it.
    pub hint: String,
}

impl Finding {
    pub fn new(id: &'static str, level: CheckLevel, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { id, level, message: message.into(), hint: hint.into() }
    }
}

/// What the checks look at.
pub struct Subject<'a> {
    pub settings: &'a Settings,
    pub sources: &'a Sources,
    pub site: &'a Site,
    /// The site files of Apache that were found on this machine.
    pub site_files: Vec<PathBuf>,
}

/// Django's checks that always pass, because the program has no setting for them; each with the reason.
pub const ALWAYS_ON: [(&str, &str); 17] = [
    ("security.W001", "headers against sniffing, framing and referrers are sent with every answer"),
    ("security.W002", "no other site may show a page in a frame"),
    ("security.W003", "forms of other sites are refused, by Sec-Fetch-Site and Origin"),
    ("security.W006", "X-Content-Type-Options: nosniff"),
    ("security.W010", "the session's cookie is Secure wherever the visitor came over TLS"),
    ("security.W011", "the session's cookie is Secure wherever the visitor came over TLS"),
    ("security.W012", "the session's cookie is Secure wherever the visitor came over TLS"),
    ("security.W013", "the session's cookie is HttpOnly"),
    ("security.W014", "the session's cookie is HttpOnly"),
    ("security.W015", "the session's cookie is HttpOnly"),
    ("security.W016", "there is no cookie against cross-site requests"),
    ("security.W019", "frame-ancestors 'none'"),
    ("security.W022", "Referrer-Policy: same-origin"),
    ("security.E023", "Referrer-Policy: same-origin"),
    ("security.E024", "Cross-Origin-Opener-Policy: same-origin"),
    ("security.E101", "no other page for refused forms can be set"),
    ("security.E102", "no other page for refused forms can be set"),
];

/// Runs the checks and returns all faults, the most serious first. With `deploy`, also those that matter only in
/// production.
pub fn run(subject: &Subject<'_>, deploy: bool) -> Vec<Finding> {
    let mut findings = database::check(subject, deploy);
    findings.extend(files::check(subject, deploy));
    if deploy {
        findings.extend(security::check(subject));
        findings.extend(server::check(subject));
        findings.extend(apache::check(subject));
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings
}
