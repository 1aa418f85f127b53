//! The settings of mail: whether the site sends any, through which server, from whom.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use lettre::message::Mailbox;
use secrecy::SecretString;

use super::security::AllowedHosts;
use super::values::Values;

/// Where development answers by default.
const DEVELOPMENT: &str = "http://localhost:8000";
/// The sender where nobody reads the mail, as in Django.
const NOBODY: &str = "webmaster@localhost";

#[derive(Debug, Clone)]
pub struct MailSettings {
    /// `mail.backend`: where mails go.
    pub backend: MailBackend,
    /// `mail.host`: the mail server's name.
    pub host: String,
    /// `mail.port`: its port.
    pub port: u16,
    /// `mail.tls`: how the way to it is encrypted.
    pub tls: MailTls,
    /// `mail.username`, with `mail.password` or the content of `mail.password_file`.
    pub login: Option<MailLogin>,
    /// `mail.timeout`: how long handing one mail over may take in all.
    pub timeout: Duration,
    /// `mail.from`: the sender of mails to users.
    pub from: Mailbox,
    /// `mail.server_from`: the sender of mails to administrators.
    pub server_from: Mailbox,
    /// `mail.subject_prefix`: the beginning of the subject of mails to administrators.
    pub subject_prefix: String,
    /// `mail.admins`: who is told of errors.
    pub admins: Vec<Mailbox>,
    /// `mail.directory`: where the backend `file` writes.
    pub directory: PathBuf,
    /// `mail.site_url`: the beginning of links in mails, without a final slash.
    pub site_url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailBackend {
    /// The site sends no mail, and offers nothing that needs it.
    Off,
    Smtp,
    /// Prints mails to standard output.
    Console,
    /// Writes each mail to a file of its own.
    File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    None,
    /// The connection begins in clear and is encrypted before anything else is said; never continues in clear.
    Starttls,
    /// The connection is encrypted from its first byte.
    Implicit,
}

/// How the program logs in at the mail server.
#[derive(Debug, Clone)]
pub struct MailLogin {
    pub username: String,
    pub password: SecretString,
}

impl MailSettings {
    /// `debug` is the setting of that name: in development mails are printed.
    pub(super) fn read(values: &mut Values, debug: bool, hosts: &AllowedHosts) -> Self {
        let usual = if debug { MailBackend::Console } else { MailBackend::Off };
        let backend = values.parsed("mail.backend", usual, MailBackend::from_str);
        let host = values.parsed("mail.host", "localhost".to_owned(), parse_host);
        let usual = if is_this_machine(&host) { MailTls::None } else { MailTls::Starttls };
        let tls = values.parsed("mail.tls", usual, MailTls::from_str);
        let port = values.number("mail.port", tls.usual_port(), 1..=u32::from(u16::MAX));
        let from = sender(values, "mail.from", backend == MailBackend::Smtp);
        let server_from = sender(values, "mail.server_from", false);
        let directory = values.optional("mail.directory").map(PathBuf::from);
        if backend == MailBackend::File && directory.is_none() {
            values.mistake("mail.directory", "the backend \"file\" needs the directory to which it writes mails");
        }
        let read = Self {
            backend,
            port: u16::try_from(port).unwrap_or_default(),
            tls,
            login: login(values),
            timeout: Duration::from_secs(u64::from(values.number("mail.timeout", 20, 1..=120))),
            server_from: server_from.unwrap_or_else(|| from.clone().unwrap_or_else(nobody)),
            from: from.unwrap_or_else(nobody),
            subject_prefix: values.parsed("mail.subject_prefix", "[Polls] ".to_owned(), parse_prefix),
            admins: values.list("mail.admins", &[] as &[&str], parse_mailbox),
            directory: directory.unwrap_or_default(),
            site_url: site_url(values, backend, debug, hosts),
            host,
        };
        if read.exposes_password() {
            values.warn(format!(
                "the password of mail goes to {} in clear, as mail.tls is \"none\"; \"starttls\" or \"implicit\" encrypt it",
                read.host
            ));
        }
        read
    }

    /// Whether the site sends mail.
    pub fn is_on(&self) -> bool {
        self.backend != MailBackend::Off
    }

    /// The host at which a mail is put into the queue: a server takes one at a time.
    pub fn queue_host(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether a password goes over the network in clear.
    pub fn exposes_password(&self) -> bool {
        let sends_one = self.backend == MailBackend::Smtp && self.login.is_some();
        sends_one && self.tls == MailTls::None && !is_this_machine(&self.host)
    }
}

/// A sender; None if it is not set.
fn sender(values: &mut Values, key: &'static str, is_needed: bool) -> Option<Mailbox> {
    let Some(text) = values.optional(key) else {
        if is_needed {
            values.mistake(key, "mail needs the address that it comes from, such as \"polls@example.org\"");
        }
        return None;
    };
    match parse_mailbox(&text) {
        Ok(mailbox) => Some(mailbox),
        Err(expected) => {
            values.mistake(key, &expected);
            None
        }
    }
}

fn nobody() -> Mailbox {
    let (user, domain) = NOBODY.split_once('@').unwrap_or_default();
    Mailbox::new(None, lettre::Address::new_dangerous(user, domain))
}

fn login(values: &mut Values) -> Option<MailLogin> {
    let username = values.optional("mail.username");
    let password = values.secret_or_file("mail.password", "mail.password_file");
    match (username, password) {
        (Some(username), Some(password)) => Some(MailLogin { username, password: password.into() }),
        (Some(_), None) => {
            values.mistake("mail.username", "a login needs mail.password or mail.password_file too");
            None
        }
        (None, Some(_)) => {
            values.mistake("mail.password", "a login needs mail.username too");
            None
        }
        (None, None) => None,
    }
}

/// The beginning of links in mails. It never comes from a request: who asks for a new password in somebody else's name
/// would decide where that person's link leads.
fn site_url(values: &mut Values, backend: MailBackend, debug: bool, hosts: &AllowedHosts) -> String {
    let usual = match hosts.named() {
        Some(host) => format!("https://{host}"),
        None if debug => DEVELOPMENT.to_owned(),
        None => String::new(),
    };
    let url = values.parsed("mail.site_url", if debug { DEVELOPMENT.to_owned() } else { usual }, parse_site_url);
    if url.is_empty() && backend != MailBackend::Off {
        values.mistake(
            "mail.site_url",
            "mails need the address of the site, such as \"https://polls.example.org\", as allowed_hosts names none",
        );
    }
    url
}

fn parse_site_url(text: &str) -> Result<String, String> {
    let expected =
        || "expected the address of the site without a path, such as \"https://polls.example.org\"".to_owned();
    let url = url::Url::parse(text).map_err(|_| expected())?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    if is_bare && is_plain { Ok(url.origin().ascii_serialization()) } else { Err(expected()) }
}

fn parse_host(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    let is_ip = text.parse::<std::net::IpAddr>().is_ok();
    if !text.is_empty() && text.chars().all(plain) && (is_ip || !text.contains(':')) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("expected the name of a mail server without scheme and port, such as \"smtp.example.org\"".to_owned())
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

fn parse_mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse()
        .map_err(|_| "expected an address such as \"polls@example.org\" or \"Polls <polls@example.org>\"".to_owned())
}

fn parse_prefix(text: &str) -> Result<String, String> {
    if text.contains(char::is_control) { Err("expected a text of one line".to_owned()) } else { Ok(text.to_owned()) }
}

impl MailTls {
    /// The port at which servers expect connections of this kind.
    fn usual_port(self) -> u32 {
        match self {
            Self::None => 25,
            Self::Starttls => 587,
            Self::Implicit => 465,
        }
    }
}

impl FromStr for MailBackend {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "smtp" => Ok(Self::Smtp),
            "console" => Ok(Self::Console),
            "file" => Ok(Self::File),
            _ => Err(format!("expected \"off\", \"smtp\", \"console\" or \"file\", found \"{text}\"")),
        }
    }
}

impl fmt::Display for MailBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Smtp => "smtp",
            Self::Console => "console",
            Self::File => "file",
        })
    }
}

impl FromStr for MailTls {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "starttls" => Ok(Self::Starttls),
            "implicit" => Ok(Self::Implicit),
            _ => Err(format!("expected \"none\", \"starttls\" or \"implicit\", found \"{text}\"")),
        }
    }
}

impl fmt::Display for MailTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Starttls => "starttls",
            Self::Implicit => "implicit",
        })
    }
}
