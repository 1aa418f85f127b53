//! Checks that Apache's site file agrees with the settings.

use std::fs;
use std::path::Path;

use super::CheckLevel::Error;
use super::{Finding, Subject};

/// The directories in which site files, and files that set their variables before them, are searched.
pub const DIRECTORIES: [&str; 4] =
    ["/etc/apache2/conf-enabled", "/etc/apache2/sites-enabled", "/etc/httpd/conf.d", "/usr/local/apache2/conf"];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let site = &subject.settings.site;
    if let Some((mount, file)) = defined(subject, "POLLS_MOUNT")
        && mount != site.mount.cookie_path()
    {
        findings.push(Finding::new(
            "polls.E006",
            Error,
            format!("Apache has the site at {mount} ({file}), and script_name is \"{}\".", site.mount),
            format!(
                "Set script_name = \"{}\", or print Apache's file anew with `polls apache-config`.",
                mount.trim_end_matches('/')
            ),
        ));
    }
    let root = site.static_root.as_deref().and_then(|root| std::path::absolute(root).ok());
    if let (Some((directory, file)), Some(root)) = (defined(subject, "POLLS_STATIC"), root)
        && Path::new(&directory) != root
    {
        findings.push(Finding::new(
            "polls.E007",
            Error,
            format!("Apache has the static files in {directory} ({file}), and static_root is {}.", root.display()),
            "Set static_root to the same, or print Apache's file anew with `polls apache-config`.",
        ));
    }
    findings
}

/// Whether the site file has TLS, and so redirects plain HTTP.
pub(super) fn ends_tls(subject: &Subject<'_>) -> bool {
    let has_tls = |text: String| text.lines().any(|line| line.trim() == "Define POLLS_TLS");
    subject.site_files.iter().any(|file| fs::read_to_string(file).is_ok_and(has_tls))
}

/// The value of a `Define` in Apache's files, and the file. The first one counts, because the site file defines only
/// variables that are not defined yet.
fn defined(subject: &Subject<'_>, name: &str) -> Option<(String, String)> {
    subject.site_files.iter().find_map(|file| {
        let text = fs::read_to_string(file).ok()?;
        let line = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("Define ")?.trim().strip_prefix(name)?.strip_prefix(' '));
        Some((line?.trim().trim_matches('"').to_owned(), file.display().to_string()))
    })
}
