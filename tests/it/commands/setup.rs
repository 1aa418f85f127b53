//! `polls setup`: a site from nothing, below a root of the test's own.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::content::finished;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_site_is_made_in_one_command_and_is_the_same_after_another),
        on_sqlite(what_an_administrator_wrote_stays),
        on_sqlite(what_is_missing_is_said_before_anything_is_made),
        on_sqlite(at_a_terminal_it_asks).needing(Need::Python),
    ]
}

/// The arguments of an unattended run.
fn arguments<'a>(root: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let root = root.to_str().expect("the path is text");
    let admin = ["--admin", "alice", "--email", "alice@example.org", "--password-file", "password"];
    [&["setup", HOST, "--root", root], &admin[..], more].concat()
}

/// A root directory with Apache's.
fn root(setup: &Setup) -> PathBuf {
    let root = setup.path("root");
    fs::create_dir_all(root.join("etc/apache2/sites-available")).expect("a directory can be made");
    fs::write(setup.path("password"), format!("{PASSWORD}\n")).expect("a file can be written");
    root
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o7777
}

/// Every file with its content, but the database.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.to_string_lossy().contains(".sqlite3") {
            let content = fs::read(&path).expect("a file");
            found.insert(path, content);
        }
    }
    found
}

fn a_site_is_made_in_one_command_and_is_the_same_after_another(setup: Setup) {
    let setup = setup.development();
    let root = root(&setup);
    let said = setup.run(&arguments(&root, &["--tls"])).expect(0);
    assert_eq!(said.stderr, "");
    for done in
        ["made the secret key /etc/polls/secret_key", "made the administrator alice", "wrote /etc/polls/polls.toml"]
    {
        assert!(said.stdout.contains(done), "{done}: {said:?}");
    }
    let next = "Next:\n  a2ensite polls && systemctl reload apache2\n  certbot certonly";
    assert!(said.stdout.contains(next) && !format!("{said:?}").contains(PASSWORD), "{said:?}");
    let modes = [
        ("etc/polls", 0o750),
        ("etc/polls/polls.toml", 0o640),
        ("etc/polls/secret_key", 0o600),
        ("etc/apache2/sites-available/polls.conf", 0o644),
        ("var/lib/polls", 0o711),
        ("var/lib/polls/polls.sqlite3", 0o640),
        ("var/lib/polls/static", 0o755),
        ("var/log/polls", 0o750),
    ];
    for (path, wanted) in modes {
        assert_eq!(mode(&root.join(path)), wanted, "{path}");
    }
    let site = fs::read_to_string(root.join("etc/apache2/sites-available/polls.conf")).expect("a site file");
    for line in [
        &format!("Define POLLS_HOST {HOST}"),
        "<IfFile \"${POLLS_CERTIFICATE}\">",
        "Define POLLS_STATIC /var/lib/polls/static",
    ] {
        assert!(site.lines().any(|there| there.trim() == line), "{line}: {site}");
    }
    // The same answers once more, and without those that are about Apache.
    let before = files(&root);
    for more in [&["--tls"][..], &[]] {
        let again = setup.run(&arguments(&root, more)).expect(0);
        assert!(again.stdout.ends_with("Nothing was changed.\n") && !again.stdout.contains("Next:"), "{again:?}");
        assert!(files(&root) == before, "{more:?}");
    }
    // Another answer changes what it is about.
    let said = setup.run(&arguments(&root, &["--plain", "--time-zone", "Asia/Seoul"])).expect(0).stdout;
    assert!(
        said.contains("wrote /etc/polls/polls.toml") && said.contains("as it was: /etc/polls/secret_key"),
        "{said}"
    );
    let old = fs::read_to_string(root.join("etc/apache2/sites-available/polls.conf.old")).expect("the old site file");
    assert_eq!(old, site);
    // The program answers with it, and the administrator logs in.
    let place = |path: &str| root.join(path).display().to_string();
    let mut command = setup.command(&["--config", &place("etc/polls/polls.toml"), "serve", "--bind", "127.0.0.1:0"]);
    command.env("POLLS_DATABASE_URL", format!("sqlite://{}", place("var/lib/polls/polls.sqlite3")));
    command.env("POLLS_ALLOWED_HOSTS", format!("{HOST},127.0.0.1"));
    command.env("POLLS_SECRET_KEY_FILE", place("etc/polls/secret_key"));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("polls can be started");
    let app = TestApp::adopt(child, setup);
    let person = app.person();
    person.log_in("alice", PASSWORD).expect(303);
    assert!(person.get("/admin/").expect(200).text().contains("alice"));
}

fn what_an_administrator_wrote_stays(setup: Setup) {
    let setup = setup.development();
    let root = root(&setup);
    let file = root.join("etc/polls/polls.toml");
    fs::create_dir_all(root.join("etc/polls")).expect("a directory can be made");
    let key = "correct horse battery staple correct horse battery staple";
    let written = format!(
        "# ours\nsecret_key = \"{key}\"\nallowed_hosts = [\"www.example.org\"]  # old name\n\
         database_url = \"sqlite:///var/lib/polls/polls.sqlite3\"\nstatic_root = \"/var/lib/polls/static\"\n[log]\nformat = \"json\"\n"
    );
    fs::write(&file, &written).expect("a file can be written");
    setup.run(&arguments(&root, &["--behind", "192.0.2.10"])).expect(0);
    let text = fs::read_to_string(&file).expect("the settings");
    let hosts = format!("allowed_hosts = [\"{HOST}\", \"www.example.org\"]  # old name");
    let expected = written
        .replace("allowed_hosts = [\"www.example.org\"]  # old name", &hosts)
        .replace("\n[log]", "\nsecure_ssl_redirect = true\n[log]");
    assert_eq!(text, expected);
    assert!(!root.join("etc/polls/secret_key").exists());
    // What it cannot change, or what would be a mistake, it leaves alone and says so.
    let listed = written.replace("[\"www.example.org\"]", "[\n  \"www.example.org\",\n]");
    fs::write(&file, &listed).expect("a file can be written");
    let said = setup.run(&arguments(&root, &["--plain"])).expect(1).stderr;
    assert!(said.contains("by hand"), "{said}");
    let said = setup.run(&arguments(&root, &["--plain", "--time-zone", "Nowhere"])).expect(1).stderr;
    assert!(said.contains("by hand") || said.contains("IANA"), "{said}");
    assert_eq!(fs::read_to_string(&file).expect("the settings"), listed);
}

fn what_is_missing_is_said_before_anything_is_made(setup: Setup) {
    let setup = setup.development();
    let root = root(&setup);
    let said = setup.run(&arguments(&root, &[])).expect(1).stderr;
    assert!(said.contains("--tls, --behind ADDRESS or --plain"), "{said}");
    assert!(!root.join("etc/polls").exists());
    fs::write(setup.path("password"), "12345678").expect("a file can be written");
    let said = setup.run(&arguments(&root, &["--plain"])).expect(1).stderr;
    assert!(said.contains("too common") && !said.contains("12345678"), "{said}");
    // Everything else is there by now.
    fs::write(setup.path("password"), PASSWORD).expect("a file can be written");
    let said = setup.run(&arguments(&root, &["--plain"])).expect(0).stdout;
    assert!(said.contains("made the administrator alice"), "{said}");
    setup.run(&["setup", "not a host", "--plain", "--root", "elsewhere"]).expect(1);
    assert!(!setup.path("elsewhere/etc/polls/polls.toml").exists());
}

/// Runs a command at a terminal and answers it: a text that it shows, then what is typed.
const TYPIST: &str = "
import os, pty, sys
arguments, answers = sys.argv[1:sys.argv.index('--')], sys.argv[sys.argv.index('--') + 1:]
process, terminal = pty.fork()
if process == 0:
    os.execv(arguments[0], arguments)
shown = ''
while True:
    try:
        part = os.read(terminal, 4096).decode()
    except OSError:
        break
    sys.stdout.write(part)
    shown += part
    if answers and answers[0] in shown:
        os.write(terminal, (answers[1] + '\\n').encode())
        shown, answers = '', answers[2:]
sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
";

fn at_a_terminal_it_asks(setup: Setup) {
    let root = root(&setup);
    let root = root.to_str().expect("the path is text");
    let typed = |answers: &[&str]| {
        let mut typist = tied("python3");
        typist.args(["-c", TYPIST, env!("CARGO_BIN_EXE_polls"), "setup", HOST, "--root", root, "--"]).args(answers);
        finished(typist.current_dir(setup.path("."))).expect(0).stdout
    };
    let way = ["[1]: ", "5", "[1]: ", "3", "proxy: ", "nonsense", "[1]: ", "3", "proxy: ", "192.0.2.1 10.0.0.0/8"];
    let administrator = ["name", "alice", "mail", "", "Password: ", PASSWORD, "(again): ", PASSWORD];
    let said = typed(&[&way[..], &administrator].concat());
    assert!(said.contains("made the administrator"), "{said}");
    let site = fs::read_to_string(Path::new(root).join("etc/apache2/sites-available/polls.conf")).expect("a site file");
    assert!(site.contains("Define POLLS_BALANCER \"192.0.2.1 10.0.0.0/8\""), "{site}");
    // What has been answered is not asked again.
    let said = typed(&[]);
    assert!(said.contains("Nothing was changed.") && !said.contains("How do visitors come"), "{said}");
}
