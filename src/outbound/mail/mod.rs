//! Mails: made as plain text in UTF-8, and handed over as the settings say.

mod error;
mod smtp;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};

pub use error::MailError;

use crate::clock;
use crate::settings::{MailBackend, MailSettings};

/// The longest subject in characters; what is longer is cut.
const LONGEST_SUBJECT: usize = 200;

/// A mail to one person.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: Mailbox,
    pub from: MailSender,
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Who sends a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSender {
    /// The site, to its users (`mail.from`).
    Site,
    /// The program, to its administrators (`mail.server_from`, with `mail.subject_prefix`).
    Server,
}

/// Hands mails over.
#[derive(Debug, Clone)]
pub struct Mailer {
    settings: MailSettings,
}

impl Mailer {
    pub fn new(settings: &MailSettings) -> Self {
        Self { settings: settings.clone() }
    }

    /// Hands a mail over to the mail server, or to what takes its place.
    ///
    /// # Errors
    /// If it was not taken; the error says what can be done about it.
    pub fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let settings = &self.settings;
        if !settings.is_on() {
            return Err(MailError::Off);
        }
        let message = message(settings, mail)?;
        match settings.backend {
            MailBackend::Off => Err(MailError::Off),
            MailBackend::Smtp => {
                smtp::send(settings, &mail.to.email, sender(settings, mail.from), &message.formatted())
            }
            MailBackend::Console => print(settings, mail),
            MailBackend::File => write(&settings.directory, &message.formatted()),
        }
    }

    /// Where mails go, for people.
    pub fn destination(&self) -> String {
        let MailSettings { backend, host, port, tls, directory, .. } = &self.settings;
        match backend {
            MailBackend::Off => "nowhere".to_owned(),
            MailBackend::Smtp => format!("{host}:{port} (mail.tls: {tls})"),
            MailBackend::Console => "standard output".to_owned(),
            MailBackend::File => directory.display().to_string(),
        }
    }
}

fn sender(settings: &MailSettings, from: MailSender) -> &Mailbox {
    match from {
        MailSender::Site => &settings.from,
        MailSender::Server => &settings.server_from,
    }
}

fn message(settings: &MailSettings, mail: &Mail) -> Result<Message, MailError> {
    let from = sender(settings, mail.from);
    let id = format!("<{}@{}>", uuid::Uuid::now_v7().simple(), from.email.domain());
    // Out-of-office replies leave such a mail alone (RFC 3834).
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    MessageBuilder::new()
        .from(from.clone())
        .to(mail.to.clone())
        .subject(subject(settings, mail))
        .message_id(Some(id))
        .date_now()
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())
        .map_err(|error| MailError::Unmade(error.to_string()))
}

/// The subject in one line, whatever was put into it: a line break would begin another header.
fn subject(settings: &MailSettings, mail: &Mail) -> String {
    let prefix = if mail.from == MailSender::Server { settings.subject_prefix.as_str() } else { "" };
    let whole = format!("{prefix}{}", mail.subject);
    whole.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_SUBJECT).collect()
}

/// Prints a mail as a reader sees it, as the developer who looks for the link in it is one.
fn print(settings: &MailSettings, mail: &Mail) -> Result<(), MailError> {
    let (from, line) = (sender(settings, mail.from), "-".repeat(79));
    let text = format!(
        "Subject: {}\nFrom: {from}\nTo: {}\n\n{}\n{line}\n",
        subject(settings, mail),
        mail.to,
        mail.body.trim_end()
    );
    io::stdout().lock().write_all(text.as_bytes()).map_err(|error| MailError::File("standard output".to_owned(), error))
}

/// Writes a mail to a new file, whose name sorts by time.
fn write(directory: &Path, message: &[u8]) -> Result<(), MailError> {
    let name = format!("{}-{}.eml", clock::now().format("%Y%m%d-%H%M%S"), uuid::Uuid::now_v7().simple());
    let path = directory.join(name);
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let written = file.and_then(|mut file| {
        file.write_all(message)?;
        file.sync_all()
    });
    written.map_err(|error| MailError::File(path.display().to_string(), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{MailTls, Settings, Sources};

    fn settings() -> MailSettings {
        let environment = [("POLLS_MAIL__BACKEND", "console"), ("POLLS_MAIL__SITE_URL", "https://polls.example.org")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        let sources = Sources { environment, default_bind: "127.0.0.1:8000".to_owned(), ..Sources::default() };
        Settings::load(&sources, crate::settings::Purpose::Manage).unwrap().mail
    }

    fn mail(subject: &str) -> Mail {
        let to = "Ada <ada@example.org>".parse().unwrap();
        Mail {
            to, from: MailSender::Server, subject: subject.to_owned(), body: "한국어 본문\n.\n끝\n".to_owned()
        }
    }

    #[test]
    fn a_mail_is_ascii_on_its_way_and_marked_as_automatic() {
        let settings = settings();
        assert_eq!(settings.tls, MailTls::None);
        let text = String::from_utf8(message(&settings, &mail("비밀번호")).unwrap().formatted()).unwrap();
        assert!(text.is_ascii() && text.contains("Auto-Submitted: auto-generated\r\n"), "{text}");
        assert!(text.contains("Subject: [Polls] =?utf-8?b?") && text.contains("charset=utf-8"), "{text}");
        assert!(text.contains("@localhost>\r\n") && text.contains("Date: "), "{text}");
    }

    #[test]
    fn a_subject_stays_one_header() {
        let text = message(&settings(), &mail("one\r\nBcc: eve@example.org")).unwrap().formatted();
        assert!(!String::from_utf8(text).unwrap().contains("\nBcc:"));
    }
}
