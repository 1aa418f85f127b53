//! A certificate for servers of tests on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A certificate that nobody else has signed, in files.
pub struct Certificate {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Certificate {
    /// For 127.0.0.1.
    pub fn make(directory: &Path) -> Self {
        let [settings, certificate, key] =
            ["openssl.cnf", "certificate.pem", "key.pem"].map(|name| directory.join(name));
        let text = "[req]\ndistinguished_name = dn\nx509_extensions = v3\nprompt = no\n[dn]\nCN = a server of the tests\n\
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
