//! A mail server of somebody else (tests/smtp/server.py), and the mails that it was handed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use tempfile::TempDir;

use super::Logged;
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

/// A certificate that nobody else has signed, in files.
pub struct Certificate {
    pub certificate: PathBuf,
    key: PathBuf,
}

impl Certificate {
    /// For 127.0.0.1.
    pub fn make(directory: &Path) -> Self {
        let [settings, certificate, key] =
            ["openssl.cnf", "certificate.pem", "key.pem"].map(|name| directory.join(name));
        let text = "[req]\ndistinguished_name = dn\nx509_extensions = v3\nprompt = no\n[dn]\nCN = mail server\n\
            [v3]\nbasicConstraints = critical, CA:FALSE\nsubjectAltName = IP:127.0.0.1\n";
        fs::write(&settings, text).expect("a file");
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]);
        openssl.arg("-config").arg(settings).arg("-out").arg(&certificate).arg("-keyout").arg(&key);
        let made = openssl.output().expect("openssl can be started");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self { certificate, key }
    }

    pub fn path(&self) -> &str {
        self.certificate.to_str().expect("a path")
    }
}
