//! Checks the permissions of secret files, and that the static files for Apache are those of this program.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::CheckLevel::Warning;
use super::{Finding, Subject};
use crate::settings::DatabaseUrl;

/// The permission bits of users who are neither owner nor in the group.
const OTHERS: u32 = 0o007;

pub(super) fn check(subject: &Subject<'_>, deploy: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let open: Vec<_> = secrets(subject).into_iter().filter_map(|path| Some((mode(&path)?, path))).collect();
    for (mode, path) in open.into_iter().filter(|(mode, _)| mode & OTHERS != 0) {
        findings.push(Finding::new(
            "polls.W008",
            Warning,
            format!("{} is open to everybody on this machine (mode {mode:04o}).", path.display()),
            format!("chmod o= {}", path.display()),
        ));
    }
    match &subject.settings.site.static_root {
        Some(root) => findings.extend(stale(subject, root)),
        None if deploy => findings.push(Finding::new(
            "polls.W009",
            Warning,
            "static_root is not set: nobody knows where the static files for Apache are.",
            "Set it, and run `polls collectstatic`.",
        )),
        None => {}
    }
    findings
}

/// The files with secrets: keys, passwords, and data of users (the database and the log).
fn secrets(subject: &Subject<'_>) -> Vec<PathBuf> {
    let mut files: Vec<_> = subject.sources.file.iter().cloned().collect();
    let named = ["secret_key_file", "mail.password_file"];
    let named = subject.settings.shown.iter().filter(|shown| named.contains(&shown.key) && shown.value != "(none)");
    files.extend(named.map(|shown| PathBuf::from(&shown.value)));
    if let DatabaseUrl::Sqlite(path) = &subject.settings.database.url {
        files.extend(["", "-wal", "-shm"].map(|end| {
            let mut name = path.clone().into_os_string();
            name.push(end);
            PathBuf::from(name)
        }));
    }
    files.extend(subject.settings.log.file.clone());
    files
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|metadata| metadata.permissions().mode() & 0o7777)
}

/// A finding if static files in `root` are missing or differ from those of this program.
fn stale(subject: &Subject<'_>, root: &Path) -> Option<Finding> {
    let files = &subject.site.static_files;
    let is_same = |name: &str, content: &[u8]| fs::read(root.join(name)).is_ok_and(|there| there == content);
    let missing = files.iter().filter(|file| !is_same(&file.hashed_name, file.content())).count();
    // Apache's error pages contain the hashed address of the stylesheet of the program that wrote them.
    let style = files.url("css/base.css");
    let pages = fs::read_to_string(root.join("errors/404.html")).is_ok_and(|page| page.contains(&style));
    if missing == 0 && pages {
        return None;
    }
    let message = match missing {
        0 => format!("The pages in {} for Apache's own errors are not those of this program.", root.display()),
        _ => format!("{missing} of {} static files are not in {}.", files.iter().count(), root.display()),
    };
    Some(Finding::new("polls.W010", Warning, message, "Run `polls collectstatic`."))
}
