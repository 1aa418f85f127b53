//! The Debian package: made of this program, installed, upgraded, removed and purged by dpkg below a root of the test's
//! own, with scripts that run outside of it (`DPKG_ROOT`), so without a running systemd.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::content::finished;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(the_package_is_installed_upgraded_and_purged).needing(Need::Debian)]
}

fn package(setup: &Setup, version: &str) -> PathBuf {
    let mut build = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/debian/build"));
    build.arg(env!("CARGO_BIN_EXE_polls")).arg(setup.path("packages"));
    build.env("VERSION", version).env("COMPRESSION", "none");
    finished(&mut build).expect(0);
    let entries = fs::read_dir(setup.path("packages")).expect("packages").flatten().map(|entry| entry.path());
    let named = |path: &PathBuf| path.to_string_lossy().contains(&format!("polls_{version}_"));
    entries.into_iter().find(named).expect("a package")
}

/// Everybody may read what is in it, and nobody write it, but for what is the program's own.
fn expect_usual_modes(package: &Path) {
    let listed = finished(Command::new("dpkg-deb").arg("--contents").arg(package)).expect(0).stdout;
    let own = ["./etc/polls/", "./etc/polls/polls.toml", "./var/lib/polls/", "./var/log/polls/"];
    for line in listed.lines() {
        let (mode, path) = (&line[..10], line.split_whitespace().last().expect("a path"));
        assert!(line[10..].trim_start().starts_with("root/root"), "{line}");
        let usual = ["drwxr-xr-x", if path.starts_with("./usr/bin/") { "-rwxr-xr-x" } else { "-rw-r--r--" }];
        assert!(usual.contains(&mode) || own.contains(&path), "{line}");
    }
    for path in
        ["./usr/share/man/man1/polls-setup.1.gz", "./usr/lib/systemd/system/polls.socket", "./etc/logrotate.d/polls"]
    {
        assert!(listed.contains(path), "{path}: {listed}");
    }
}

fn the_package_is_installed_upgraded_and_purged(setup: Setup) {
    let root = setup.path("root");
    for directory in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "tmp"] {
        fs::create_dir_all(root.join(directory)).expect("a directory can be made");
    }
    fs::write(root.join("var/lib/dpkg/status"), "").expect("a file can be written");
    let dpkg = |arguments: &[&str]| {
        let mut command = Command::new("dpkg");
        command.arg(format!("--root={}", root.display()));
        command.args(["--force-script-chrootless", "--force-depends", "--force-bad-path"]).args(arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive").env("DEBCONF_NOWARNINGS", "yes");
        // What debconf remembers is the machine's, not the test's.
        let store = format!("File{{{}}}", setup.path("debconf.dat").display());
        finished(command.env("DEBCONF_DB_OVERRIDE", store)).expect(0)
    };
    let [old, new] = ["0.0.1", "0.0.2"].map(|version| package(&setup, version));
    expect_usual_modes(&new);
    let text = |path: &Path| path.to_str().expect("the path is text").to_owned();
    let said = dpkg(&["--install", &text(&old)]);
    assert!(said.stderr.contains("Next: polls setup"), "{said:?}");
    let user = fs::read_to_string(root.join("etc/passwd")).expect("users");
    let user = user.lines().find(|line| line.starts_with("polls:")).expect("the program's user").to_owned();
    let [id, group] = [2, 3].map(|at| user.split(':').nth(at).and_then(|id| id.parse::<u32>().ok()).expect("an id"));
    let of = |path: &str| {
        let found = fs::metadata(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        (found.permissions().mode() & 0o7777, found.uid(), found.gid())
    };
    assert_eq!(of("etc/polls"), (0o750, 0, group));
    assert_eq!(of("etc/polls/polls.toml"), (0o640, 0, group));
    assert_eq!(of("var/lib/polls"), (0o711, id, group));
    assert_eq!(of("var/log/polls"), (0o750, id, group));
    let unit = fs::read_to_string(root.join("usr/lib/systemd/system/polls.service")).expect("a unit");
    assert!(unit.contains("ExecStart=/usr/bin/polls serve") && !unit.contains("/usr/local/bin"), "{unit}");
    // The packed program makes a site, whose settings an upgrade leaves alone.
    fs::write(setup.path("password"), PASSWORD).expect("a file can be written");
    let program = root.join("usr/bin/polls");
    let mut made = tied(&program);
    made.args(["setup", HOST, "--plain", "--admin", "alice", "--password-file", "password", "--root"]).arg(&root);
    finished(made.current_dir(setup.path("."))).expect(0);
    let settings = fs::read(root.join("etc/polls/polls.toml")).expect("settings");
    dpkg(&["--install", &text(&new)]);
    assert!(fs::read(root.join("etc/polls/polls.toml")).expect("settings") == settings);
    assert_eq!(of("etc/polls/polls.toml").0, 0o640);
    let status = fs::read_to_string(root.join("var/lib/dpkg/status")).expect("packages");
    assert!(status.contains("Status: install ok installed") && status.contains("Version: 0.0.2"), "{status}");
    dpkg(&["--remove", "polls"]);
    assert!(!program.exists() && root.join("etc/polls/polls.toml").exists());
    let said = dpkg(&["--purge", "polls"]);
    assert!(said.stderr.contains("the database is left"), "{said:?}");
    for gone in ["etc/polls", "etc/logrotate.d/polls", "var/log/polls", "var/lib/polls/static"] {
        assert!(!root.join(gone).exists(), "{gone}");
    }
    assert!(root.join("var/lib/polls/polls.sqlite3").exists());
}
