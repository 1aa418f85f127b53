//! Apache httpd: as little configuration as it starts with, and one of the files from `deploy/apache`.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::logged::{self, Logged};
use super::program;
use crate::support::process::{descendants, eventually};
use crate::support::run::{self, Runner};

/// Where Debian puts modules and what belongs to them.
const MODULES: &str = "/usr/lib/apache2/modules";
const DEBIAN: &str = "/etc/apache2/mods-available";

/// What Apache says of a busy server with as few threads as these, and of TRACE through a proxy.
const PROVOKED: [&str; 2] = ["[mpm_event:error]", "AH01139"];

/// What is bad, and a mere notice or warning: a child that has crashed, a target that was not passed on as it came.
const BAD: [&str; 3] = ["AH00051", "AH00052", "AH01136"];

/// What the site's file is called here.
const SITE_FILE: &str = "polls.conf";

/// A rule of the site's own, with `Define RESTRICTED`: only who says so is let in.
const RESTRICTED: &str = "<IfDefine RESTRICTED>\n<Location />\n\
     Require expr \"req_novary('X-Let-In') == 'yes'\"\n</Location>\n</IfDefine>\n";

/// Who runs Apache, and what Apache starts.
pub fn runner() -> Runner {
    Runner::like("www-data")
}

/// An Apache for one site, ended with its test.
pub struct Apache {
    pub port: u16,
    directory: PathBuf,
    process: Logged,
}

impl Apache {
    /// Starts Apache with a file of `deploy/apache` and the values that it is to be read with.
    ///
    /// `threads` is the number of requests that are answered at once.
    #[track_caller]
    pub fn start(file: &str, threads: u32, values: &[(&str, &str)]) -> Self {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/apache").join(file);
        let text = fs::read_to_string(&shipped).expect("the shipped file can be read");
        Self::start_with(&text, threads, values)
    }

    /// Starts Apache with the text of a site's file.
    #[track_caller]
    pub fn start_with(text: &str, threads: u32, values: &[(&str, &str)]) -> Self {
        // Between choosing a port and listening there, somebody else may have taken it.
        for _ in 0..5 {
            if let Some(apache) = Self::try_start(text, threads, values, run::free_port()) {
                return apache;
            }
        }
        panic!("Apache does not start");
    }

    /// What Apache says of the text of a site's file, with the modules that it names loaded and no others, unless it
    /// finds nothing wrong with it.
    pub fn refusal(text: &str, values: &[(&str, &str)]) -> Option<String> {
        let directory = directory();
        fs::create_dir(directory.join("htdocs")).expect("a directory can be made");
        fs::write(directory.join(SITE_FILE), text).expect("a file can be written");
        let configuration = configuration(&directory, &modules(text), 1, 80, values);
        fs::write(directory.join("httpd.conf"), configuration).expect("a file can be written");
        let mut command = runner().command(program("apache2", &[]));
        let tested = command.arg("-t").arg("-f").arg(directory.join("httpd.conf")).output().expect("it can be started");
        let said = String::from_utf8_lossy(&tested.stderr).trim().to_owned();
        fs::remove_dir_all(&directory).expect("it can be removed");
        (!tested.status.success() || said != "Syntax OK").then_some(said)
    }

    /// Starts Apache as it is in the container, with `deploy/docker/httpd.conf`; what the image has elsewhere is where
    /// Debian has it. The first values are for the site's file, the others are the container's variables.
    #[track_caller]
    pub fn start_in_container(values: &[(&str, &str)], variables: &[(&str, &str)]) -> Self {
        for _ in 0..5 {
            let (directory, port) = (directory(), run::free_port());
            let configuration = container(&directory, port, values);
            if let Some(apache) = Self::launch(directory, port, &configuration, variables) {
                return apache;
            }
        }
        panic!("Apache does not start");
    }

    fn try_start(text: &str, threads: u32, values: &[(&str, &str)], port: u16) -> Option<Self> {
        let directory = directory();
        fs::create_dir(directory.join("htdocs")).expect("a directory can be made");
        // The runner may not be allowed to enter the directory of the source.
        fs::write(directory.join(SITE_FILE), text).expect("a file can be written");
        // Debian has them on, and compresses what is text/html.
        let mut modules = [modules(text), vec!["filter", "deflate"]].concat();
        if values.iter().any(|(name, _)| *name == "POLLS_TLS") {
            modules.extend(["ssl", "http2"]);
        }
        if values.iter().any(|(name, _)| *name == "POLLS_CACHE") {
            modules.extend(["cache", "cache_socache", "socache_shmcb"]);
        }
        if values.iter().any(|(name, _)| *name == "POLLS_BALANCER") {
            modules.push("remoteip");
        }
        let configuration = configuration(&directory, &modules, threads, port, values);
        Self::launch(directory, port, &configuration, &[])
    }

    fn launch(directory: PathBuf, port: u16, configuration: &str, variables: &[(&str, &str)]) -> Option<Self> {
        fs::write(directory.join("httpd.conf"), configuration).expect("a file can be written");
        let mut command = runner().command(program("apache2", &[]));
        command.envs(variables.iter().copied());
        command.arg("-f").arg(directory.join("httpd.conf")).args(["-D", "FOREGROUND"]).current_dir(&directory);
        let mut process = Logged::start(command, directory.join("output.log"));
        let answers = eventually("Apache takes connections", || {
            let answers = directory.join("httpd.pid").exists() && TcpStream::connect(("127.0.0.1", port)).is_ok();
            (answers || process.has_ended()).then_some(answers)
        });
        let taken = process.text().contains("Address already in use");
        assert!(answers || taken, "{}{}", process.text(), logged::read(&directory.join("error.log")));
        answers.then_some(Self { port, directory, process })
    }

    /// The error log of the server, where programs that Apache starts write to, and of the site.
    pub fn error_log(&self) -> String {
        ["error.log", "polls_error.log"].map(|name| logged::read(&self.directory.join(name))).concat()
    }

    /// The line of the access log that contains a text, as soon as it is there.
    #[track_caller]
    pub fn access_log(&self, text: &str) -> String {
        eventually(&format!("{text} in the access log"), || {
            let log = logged::read(&self.directory.join("polls_access.log"));
            log.lines().find(|line| line.contains(text)).map(str::to_owned)
        })
    }

    /// What stands in the error log at level error or worse, and is not the test's own doing.
    pub fn errors(&self) -> Vec<String> {
        let log = self.error_log();
        let grave = |line: &&str| {
            let level = line.split("] [").nth(1).and_then(|origin| origin.rsplit(':').next());
            matches!(level, Some("error" | "crit" | "alert" | "emerg"))
        };
        let is_among = |line: &str, marks: &[&str]| marks.iter().any(|mark| line.contains(mark));
        let bad = |line: &&str| is_among(line, &BAD) || grave(line) && !is_among(line, &PROVOKED);
        log.lines().filter(bad).map(str::to_owned).collect()
    }

    /// The processes that it started, and those that these started.
    pub fn descendants(&self) -> Vec<u32> {
        descendants(self.process.id())
    }
}

/// Shows what Apache had to say when its test fails.
impl Drop for Apache {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("Apache's error log:\n{}", self.error_log());
        }
    }
}

/// A directory for one Apache.
fn directory() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    runner().directory(&format!("apache-{}", COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// The container's configuration with Debian's paths, and a free port.
fn container(directory: &Path, port: u16, values: &[(&str, &str)]) -> String {
    let (root, source) = (directory.display(), Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy"));
    let text = fs::read_to_string(source.join("docker/httpd.conf")).expect("the shipped file can be read");
    fs::create_dir(directory.join("conf")).expect("a directory can be made");
    fs::copy(source.join("apache/embedded.conf"), directory.join("conf/polls.conf")).expect("it can be copied");
    let is_built_in = |line: &&str| {
        let module = line.strip_prefix("LoadModule ").and_then(|rest| rest.split('/').nth(1));
        module.is_some_and(|module| !Path::new(MODULES).join(module).exists())
    };
    // The test names its own directory of static files.
    let is_named = |line: &&str| line.starts_with("Define POLLS_STATIC ");
    let lines = text
        .lines()
        .filter(|line| !is_built_in(line) && !is_named(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let places = [
        // First, as the other places here may be below it.
        (" /tmp", format!(" {root}")),
        ("/usr/local/lib/polls", format!("{root}/conf")),
        (" modules/", format!(" {MODULES}/")),
        ("/proc/self/fd/1", format!("{root}/polls_access.log")),
        ("/proc/self/fd/2", format!("{root}/polls_error.log")),
        ("8080", port.to_string()),
    ];
    let text = places.iter().fold(lines, |text, (image, here)| text.replace(image, here));
    let mut defines = String::new();
    for (name, value) in values {
        let _ = writeln!(defines, "Define {name} \"{value}\"");
    }
    defines + &text
}

/// The modules that a shipped file says it needs, and no others.
fn modules(text: &str) -> Vec<&str> {
    let needs = text.lines().find_map(|line| line.strip_prefix("# needs: "));
    needs.expect("the file says which modules it needs").split(' ').collect()
}

fn configuration(directory: &Path, modules: &[&str], threads: u32, port: u16, values: &[(&str, &str)]) -> String {
    let root = directory.display();
    let mut text = format!(
        "ServerRoot {root}\nDefaultRuntimeDir {root}\nPidFile {root}/httpd.pid\nErrorLog {root}/error.log\n\
         LogLevel warn\nServerName localhost\nListen 127.0.0.1:{port}\n\
         LoadModule mpm_event_module {MODULES}/mod_mpm_event.so\n\
         StartServers 1\nServerLimit 1\nThreadsPerChild {threads}\nMaxRequestWorkers {threads}\n\
         <Directory />\n    AllowOverride None\n    Require all denied\n</Directory>\n\
         DocumentRoot {root}/htdocs\n<Directory {root}/htdocs>\n    Require all granted\n</Directory>\n"
    );
    for module in modules {
        let _ = writeln!(text, "LoadModule {module}_module {MODULES}/mod_{module}.so");
        // Debian's own settings of a module come before ours; these have paths that are not for us.
        if !["cgid", "fcgid", "ssl"].contains(module) {
            let _ = writeln!(text, "IncludeOptional {DEBIAN}/{module}.conf");
        }
    }
    if modules.contains(&"fcgid") {
        let _ = writeln!(text, "LogLevel fcgid:info\nFcgidIPCDir {root}/fcgid\nFcgidProcessTableFile {root}/fcgid_shm");
    }
    let own = [("POLLS_PORT", port.to_string()), ("POLLS_LOG_DIR", root.to_string())];
    for (name, value) in own.iter().map(|(name, value)| (*name, value.as_str())).chain(values.iter().copied()) {
        let _ = writeln!(text, "Define {name} \"{value}\"");
    }
    if let Some((_, port)) = values.iter().find(|(name, _)| *name == "POLLS_HTTP_PORT") {
        let _ = writeln!(text, "Listen 127.0.0.1:{port}");
    }
    text += RESTRICTED;
    let _ = writeln!(text, "Include {root}/{SITE_FILE}");
    text
}
