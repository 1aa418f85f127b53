//! Makes the site file for Apache. One template (`templates/apache`) serves all modes in which Apache passes requests
//! to the program.

use std::path::PathBuf;

use askama::Template;

use crate::settings::{Bind, Mount, Settings};

/// The paths that the packages of Debian and RHEL and the units in `deploy/systemd` use.
const PROGRAM: &str = "/usr/local/bin/polls";
const SETTINGS: &str = "/etc/polls/polls.toml";
const STATIC_ROOT: &str = "/var/lib/polls/static";
const HOST: &str = "polls.example.org";

/// The ways a request comes from Apache to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ApacheMode {
    /// mod_proxy speaks HTTP to `polls serve`
    Embedded,
    /// mod_proxy_fcgi speaks FastCGI to `polls fastcgi`
    Fastcgi,
    /// mod_fcgid starts `polls fastcgi` itself
    Fcgid,
    /// one process for every request
    Cgi,
}

/// Whether Apache keeps pages for readers without a session for a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ApacheCache {
    #[default]
    #[value(skip)]
    Off,
    /// After the rules of the site (Require, RewriteRule) were looked at
    On,
    /// Before; where there is no such rule
    Quick,
}

/// What the command line asks for. Everything else comes from the settings.
#[derive(Debug)]
pub struct Wanted {
    pub mode: ApacheMode,
    pub server_name: Option<String>,
    pub port: Option<u16>,
    pub mount: Option<Mount>,
    pub tls: bool,
    pub certificate: Option<String>,
    pub certificate_key: Option<String>,
    pub cache: ApacheCache,
    /// The addresses and networks of the proxies in front of Apache.
    pub behind: Vec<String>,
    /// The addresses of the processes behind Apache, if there are several.
    pub balancer: Vec<Bind>,
    /// How many processes run on this machine. Their addresses are made from the one in the settings.
    pub instances: u16,
    /// The command line that made the file. It is written into the file, so that readers can repeat it.
    pub command: String,
    /// The paths of the settings file and of this program, as they are installed.
    pub settings_file: Option<PathBuf>,
    pub program: Option<PathBuf>,
}

/// The site file, as its template needs it.
#[derive(Debug, Template)]
#[template(path = "apache/site.conf", escape = "none")]
pub struct SiteFile {
    mode: ApacheMode,
    command: String,
    /// The modules that the site needs, in an order in which Apache can load them.
    modules: String,
    /// Those of the modules that Debian does not load by default.
    to_enable: String,
    host: String,
    port: Option<u16>,
    mount: String,
    static_root: String,
    /// The address of the static files on the site: as a path, and as the beginning of a regular expression.
    static_path: String,
    static_pattern: String,
    socket: String,
    tcp: Option<String>,
    members: Vec<BalancerMember>,
    program: String,
    config: String,
    tls: bool,
    /// Whether the certificate is one that certbot will get, for which Apache must run already.
    awaits_certificate: bool,
    certificate: String,
    certificate_key: String,
    hsts: u64,
    cache: ApacheCache,
    behind: String,
}

/// One of several processes of the program behind Apache.
#[derive(Debug)]
struct BalancerMember {
    bind: Bind,
    /// The host name in the worker's URL. Apache distinguishes workers by it, and unix sockets have none of their own.
    name: String,
}

impl SiteFile {
    /// The site file for these settings and options.
    ///
    /// # Errors
    /// If the requested options contradict each other, or a value cannot be written into an Apache file. The text says
    /// which.
    pub fn new(settings: &Settings, wanted: Wanted) -> Result<Self, String> {
        let mode = wanted.mode;
        if mode.is_started_by_apache() {
            if wanted.instances > 1 || !wanted.balancer.is_empty() {
                return Err("--instances and --balancer are for the modes embedded and fastcgi; in the others Apache \
                            itself starts as many processes as it needs"
                    .to_owned());
            }
            if wanted.cache == ApacheCache::Quick {
                return Err("--cache=quick is for the modes embedded and fastcgi; take --cache".to_owned());
            }
        }
        let mount = wanted.mount.as_ref().unwrap_or(&settings.site.mount).cookie_path();
        let (static_path, static_pattern) = static_files(settings);
        let bind = bound(settings);
        let socket = match (&bind, mode) {
            (Some(Bind::Unix(path)), _) => path.display().to_string(),
            (_, ApacheMode::Fastcgi) => "/run/polls/fastcgi.sock".to_owned(),
            _ => "/run/polls/polls.sock".to_owned(),
        };
        let tcp = match bind {
            Some(Bind::Tcp(address)) => Some(address),
            _ => None,
        };
        let members = if wanted.balancer.is_empty() && wanted.instances > 1 {
            let one = tcp.map_or_else(|| Bind::Unix(socket.clone().into()), Bind::Tcp);
            (0..wanted.instances).map(|index| neighbour(&one, index)).collect::<Result<_, _>>()?
        } else {
            wanted.balancer
        };
        let name = |(index, bind)| BalancerMember { bind, name: format!("polls-{}", index + 1) };
        let members: Vec<_> = members.into_iter().enumerate().map(name).collect();
        let usual_port = if wanted.tls { 443 } else { 80 };
        let (modules, to_enable) =
            modules(mode, wanted.tls, wanted.cache, !wanted.behind.is_empty(), !members.is_empty());
        let path = |path: Option<PathBuf>, usual: &str| {
            path.map_or_else(|| usual.to_owned(), |path| path.display().to_string())
        };
        let file = Self {
            mode,
            command: wanted.command,
            modules,
            to_enable,
            host: wanted.server_name.unwrap_or_else(|| host(settings)),
            port: wanted.port.filter(|port| *port != usual_port),
            mount,
            static_root: path(
                settings.site.static_root.as_deref().and_then(|root| std::path::absolute(root).ok()),
                STATIC_ROOT,
            ),
            static_path,
            static_pattern,
            socket,
            tcp: tcp.map(|address| address.to_string()),
            members,
            program: path(wanted.program, PROGRAM),
            config: path(wanted.settings_file, SETTINGS),
            tls: wanted.tls,
            awaits_certificate: wanted.tls && wanted.certificate.is_none(),
            certificate: certificate(wanted.certificate, "fullchain.pem"),
            certificate_key: certificate(wanted.certificate_key, "privkey.pem"),
            hsts: settings.security.secure_hsts_seconds.as_secs(),
            cache: wanted.cache,
            behind: wanted.behind.join(" "),
        };
        file.expect_plain()?;
        Ok(file)
    }

    /// The modules that `a2enmod` has to enable on Debian.
    pub fn modules_to_enable(&self) -> Vec<&str> {
        self.to_enable.split(' ').collect()
    }

    /// Checks that no value contains a character that has a meaning in Apache's files.
    fn expect_plain(&self) -> Result<(), String> {
        let sockets = self.members.iter().map(|member| member.bind.to_string()).collect::<Vec<_>>().concat();
        let values = [
            &self.host,
            &self.mount,
            &self.static_root,
            &self.static_path.replace("${POLLS_MOUNT}", ""),
            &self.socket,
            &self.program,
            &self.config,
            &sockets,
        ];
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || "\"'\\|<>%{}".contains(c);
        let odd = values.into_iter().find(|value| value.contains(is_odd) || value.contains('$'));
        let certificates = [&self.certificate, &self.certificate_key].map(|path| path.replace("${POLLS_HOST}", ""));
        match odd.or_else(|| certificates.iter().find(|path| path.contains(is_odd) || path.contains('$'))) {
            Some(value) => Err(format!("{value:?} has a space, a quote or another sign that Apache would take apart")),
            None => Ok(()),
        }
    }
}

/// The address that the settings name; None if they name none, because systemd passes the socket.
fn bound(settings: &Settings) -> Option<Bind> {
    let is_set = settings.shown.iter().any(|shown| shown.key == "server.bind" && shown.origin != "default");
    settings.server.bind.first().filter(|_| is_set).cloned()
}

/// The first allowed host, or a placeholder if that is `localhost`.
fn host(settings: &Settings) -> String {
    match settings.security.allowed_hosts.first() {
        "localhost" => HOST.to_owned(),
        host => host.to_owned(),
    }
}

/// The address of the static files for Apache's file: relative to the mount if it is below it.
fn static_files(settings: &Settings) -> (String, String) {
    let url = settings.site.static_url.as_str();
    // If the pages load their static files from another host, this host still serves those that its own error pages
    // need.
    let url = if url.starts_with('/') { url } else { &format!("{}/static/", settings.site.mount) };
    match url.strip_prefix(&settings.site.mount.cookie_path()) {
        Some(below) => (format!("${{POLLS_MOUNT}}{below}"), format!("\\Q${{POLLS_MOUNT}}\\E{}", pattern(below))),
        None => (url.to_owned(), pattern(url)),
    }
}

/// A path as a regular expression. It is quoted if it has characters other than ASCII letters, digits, `/`, `_` and
/// `-`.
fn pattern(path: &str) -> String {
    let is_plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/_-".contains(c));
    if is_plain { path.to_owned() } else { format!("\\Q{path}\\E") }
}

fn certificate(given: Option<String>, name: &str) -> String {
    given.unwrap_or_else(|| format!("/etc/letsencrypt/live/${{POLLS_HOST}}/{name}"))
}

/// The address of process number `index`: `polls-1.sock`, `polls-2.sock` and so on, or consecutive ports.
fn neighbour(one: &Bind, index: u16) -> Result<Bind, String> {
    match one {
        Bind::Unix(path) => {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let end = path.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
            Ok(Bind::Unix(path.with_file_name(format!("{stem}-{}{end}", index + 1))))
        }
        Bind::Tcp(address) => {
            let port = address.port().checked_add(index).ok_or("there are not so many ports")?;
            Ok(Bind::Tcp((address.ip(), port).into()))
        }
    }
}

/// The Apache modules that a site file needs; and of these the ones to enable on Debian, without those that Debian
/// loads by default or enables as a dependency.
fn modules(mode: ApacheMode, tls: bool, cache: ApacheCache, behind: bool, balancer: bool) -> (String, String) {
    let always = "alias authz_core authz_host env headers mime reqtimeout rewrite setenvif unique_id";
    let own = match mode {
        ApacheMode::Embedded => "proxy proxy_http",
        ApacheMode::Fastcgi => "proxy proxy_fcgi",
        ApacheMode::Fcgid => "fcgid",
        ApacheMode::Cgi => "cgid",
    };
    let mut needed: Vec<_> = always.split(' ').chain(own.split(' ')).collect();
    needed.sort_unstable();
    let mut to_enable = vec!["headers", own.rsplit(' ').next().unwrap_or(own), "rewrite", "unique_id"];
    to_enable.sort_unstable();
    let mut add = |if_wanted: bool, modules: &[&'static str], enabled: &[&'static str]| {
        if if_wanted {
            needed.extend(modules);
            to_enable.extend(enabled);
        }
    };
    add(tls, &["socache_shmcb", "ssl", "http2"], &["ssl", "http2"]);
    let cached = cache != ApacheCache::Off;
    add(cached && !tls, &["socache_shmcb"], &["socache_shmcb"]);
    add(cached, &["cache", "cache_socache"], &["cache_socache"]);
    add(behind, &["remoteip"], &["remoteip"]);
    add(balancer, &["slotmem_shm", "proxy_balancer", "lbmethod_byrequests"], &["lbmethod_byrequests"]);
    (needed.join(" "), to_enable.join(" "))
}

impl ApacheMode {
    fn is_embedded(self) -> bool {
        self == Self::Embedded
    }

    fn is_fcgid(self) -> bool {
        self == Self::Fcgid
    }

    fn is_started_by_apache(self) -> bool {
        matches!(self, Self::Fcgid | Self::Cgi)
    }

    /// The unit of systemd that starts the program, without its ending; None if Apache does.
    pub fn unit(self) -> Option<&'static str> {
        match self {
            Self::Embedded => Some("polls"),
            Self::Fastcgi => Some("polls-fastcgi"),
            Self::Fcgid | Self::Cgi => None,
        }
    }

    /// The system user that runs the program.
    pub fn usual_user(self) -> &'static str {
        if self.is_started_by_apache() { "www-data" } else { "polls" }
    }

    /// The subcommand of the program that listens for Apache.
    fn command(self) -> &'static str {
        if self.is_embedded() { "serve" } else { "fastcgi" }
    }
}

impl ApacheCache {
    fn is_on(self) -> bool {
        self != Self::Off
    }

    fn is_quick(self) -> bool {
        self == Self::Quick
    }
}

impl BalancerMember {
    /// Its URL in Apache's file.
    fn url(&self, scheme: &str) -> String {
        match &self.bind {
            Bind::Unix(path) => format!("unix:{}|{scheme}://{}", path.display(), self.name),
            Bind::Tcp(address) => format!("{scheme}://{address}"),
        }
    }

    /// How long Apache waits for a connection, and after how many seconds it tries again a process that accepted none.
    fn patience(&self) -> &'static str {
        let is_near = matches!(self.bind, Bind::Unix(_)) || self.bind.is_loopback_tcp();
        if is_near { "retry=0 connectiontimeout=5" } else { "retry=2 connectiontimeout=2" }
    }
}
