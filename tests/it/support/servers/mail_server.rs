//! A mail server of somebody else (tests/smtp/server.py), and the mails that it was handed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tempfile::TempDir;

use super::Logged;
use super::certificate::Certificate;
use crate::support::process::tied;

pub struct MailServer {
    pub port: u16,
    directory: TempDir,
    _process: Logged,
}

/// A mail as the server keeps it, its texts decoded.
#[derive(Debug, Clone, Deserialize)]
pub struct KeptMail {
    pub from: String,
    pub to: Vec<String>,
    pub is_encrypted: bool,
    pub is_logged_in: bool,
    pub hello: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl MailServer {
    /// Without encryption and login.
    pub fn start() -> Self {
        Self::with("none", &[], None)
    }

    /// `tls` as in `mail.tls`; a login; the files of a certificate and its key.
    pub fn with(tls: &str, login: &[&str], certificate: Option<&Certificate>) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let directory = tempfile::Builder::new().prefix("polls-mail-").tempdir().expect("a directory");
        let mut command = tied(root.join("target/smtp-venv/bin/python"));
        command.arg("-I").arg("-W").arg("ignore").arg(root.join("tests/smtp/server.py"));
        command.arg(directory.path()).arg(tls).args(login);
        if let Some(Certificate { certificate, key }) = certificate {
            command.arg("--certificate").arg(certificate).arg("--key").arg(key);
        }
        let mut process = Logged::start(command, directory.path().join("log"));
        let line = process.wait_for("Listening at port");
        let port = line.split_whitespace().last().and_then(|port| port.parse().ok()).expect("a port");
        Self { port, directory, _process: process }
    }

    /// All mails so far, in the order in which they came.
    pub fn mails(&self) -> Vec<KeptMail> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.directory.path())
            .expect("a directory")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        files.iter().map(|path| serde_json::from_slice(&fs::read(path).expect("a mail")).expect("JSON")).collect()
    }
}
