//! The conversation with a mail server. Each step is made by itself, so that its failure can be told from the others.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, Instant};

use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use secrecy::ExposeSecret as _;

use super::error::MailError;
use crate::settings::{MailSettings, MailTls};

/// The longest part of what a server says that is kept, in characters.
const LONGEST_REPLY: usize = 300;
/// What each step may take at least, although the whole time is over: a timeout of 0 would mean none.
const SHORTEST: Duration = Duration::from_millis(1);

/// Hands one message over for one recipient.
pub(super) fn send(settings: &MailSettings, to: &Address, from: &Mailbox, message: &[u8]) -> Result<(), MailError> {
    let mut conversation = Conversation::begin(settings)?;
    conversation.log_in()?;
    conversation.hand_over(to, from, message)
}

struct Conversation<'a> {
    settings: &'a MailSettings,
    /// The name and port of the server, for messages.
    server: String,
    begun: Instant,
    conn: SmtpConnection,
}

impl<'a> Conversation<'a> {
    fn begin(settings: &'a MailSettings) -> Result<Self, MailError> {
        let (begun, server) = (Instant::now(), format!("{}:{}", settings.host, settings.port));
        let broken = |error: &dyn StdError| MailError::Broken(server.clone(), error.to_string());
        let tls = match settings.tls {
            MailTls::None => None,
            // Trusts the certificates that this machine trusts.
            _ => Some(TlsParameters::new_rustls(settings.host.clone()).map_err(|error| broken(&error))?),
        };
        let hello = ClientId::Domain(own_name());
        let from_the_start = tls.as_ref().filter(|_| settings.tls == MailTls::Implicit);
        let address = (settings.host.as_str(), settings.port);
        let connected = SmtpConnection::connect(address, Some(settings.timeout), &hello, from_the_start, None);
        let conn = connected.map_err(|error| unanswered(&server, settings, &error))?;
        let mut conversation = Self { settings, server, begun, conn };
        if let Some(tls) = tls.filter(|_| settings.tls == MailTls::Starttls) {
            if !conversation.conn.can_starttls() {
                conversation.conn.abort();
                return Err(MailError::NoStarttls(conversation.server));
            }
            conversation.step(|conn| conn.starttls(&tls, &hello), |_, error| error)?;
        }
        Ok(conversation)
    }

    fn log_in(&mut self) -> Result<(), MailError> {
        let Some(login) = &self.settings.login else { return Ok(()) };
        let credentials = Credentials::new(login.username.clone(), login.password.expose_secret().to_owned());
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        if self.conn.server_info().get_auth_mechanism(&mechanisms).is_none() {
            self.conn.abort();
            return Err(MailError::NoLogin(self.server.clone()));
        }
        self.step(
            |conn| conn.auth(&mechanisms, &credentials),
            |reply, error| reply.map_or(error, |Reply { server, said, .. }| MailError::Login(server, said)),
        )
        .map(|_| ())
    }

    fn hand_over(&mut self, to: &Address, from: &Mailbox, message: &[u8]) -> Result<(), MailError> {
        let takes_utf8 = self.conn.server_info().supports_feature(Extension::SmtpUtfEight);
        let is_ascii = [to, &from.email].iter().all(|address| AsRef::<str>::as_ref(*address).is_ascii());
        if !is_ascii && !takes_utf8 {
            self.conn.abort();
            return Err(MailError::NoUtf8(self.server.clone()));
        }
        let parameters = if is_ascii { Vec::new() } else { vec![MailParameter::SmtpUtfEight] };
        let sender = from.email.clone();
        self.step(
            |conn| conn.command(Mail::new(Some(sender), parameters)),
            |reply, error| {
                reply
                    .map_or(error, |Reply { server, said, .. }| MailError::Sender(server, from.email.to_string(), said))
            },
        )?;
        self.step(
            |conn| conn.command(Rcpt::new(to.clone(), Vec::new())),
            |reply, error| {
                reply.map_or(error, |reply| MailError::Recipient(reply.server, reply.said, reply.is_passing))
            },
        )?;
        let refused = |reply: Option<Reply>, error| {
            reply.map_or(error, |reply| MailError::Content(reply.server, reply.said, reply.is_passing))
        };
        self.step(|conn| conn.command(Data), refused)?;
        self.step(|conn| conn.message(message), refused)?;
        // The server has taken the mail: how the goodbye goes does not matter.
        self.conn.abort();
        Ok(())
    }

    /// Makes one step within what is left of the time. `name` makes an error of what the server has answered, if it has.
    fn step<T>(
        &mut self,
        make: impl FnOnce(&mut SmtpConnection) -> Result<T, SmtpError>,
        name: impl FnOnce(Option<Reply>, MailError) -> MailError,
    ) -> Result<T, MailError> {
        let left = self.settings.timeout.saturating_sub(self.begun.elapsed()).max(SHORTEST);
        let made = match self.conn.set_timeout(Some(left)) {
            Ok(()) => make(&mut self.conn),
            Err(error) => return Err(MailError::Broken(self.server.clone(), error.to_string())),
        };
        made.map_err(|error| {
            let reply = Reply::of(&self.server, &error);
            let unanswered = unanswered(&self.server, self.settings, &error);
            self.conn.abort();
            name(reply, unanswered)
        })
    }
}

/// What a server has answered instead of yes.
struct Reply {
    server: String,
    said: String,
    /// Whether the answer may be another one later (a status of 4xx).
    is_passing: bool,
}

impl Reply {
    fn of(server: &str, error: &SmtpError) -> Option<Self> {
        let code = error.status()?;
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        let said = format!("{code} {}", one_line(&text));
        Some(Self { server: server.to_owned(), said, is_passing: error.is_transient() })
    }
}

/// The error for a step that the server has not answered.
fn unanswered(server: &str, settings: &MailSettings, error: &SmtpError) -> MailError {
    let (server, said) = (server.to_owned(), one_line(&innermost(error)));
    if let Some(error) = cause::<rustls::Error>(error) {
        return match error {
            rustls::Error::InvalidCertificate(why) => MailError::Certificate(server, format!("{why:?}")),
            other => MailError::NoTls(server, other.to_string()),
        };
    }
    if error.status().is_some() || error.is_response() || error.is_client() {
        return MailError::Broken(server, said);
    }
    let kind = cause::<io::Error>(error).map(io::Error::kind);
    match kind {
        Some(io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => {
            MailError::TooLong(server, settings.timeout.as_secs())
        }
        Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            MailError::Broken(server, said)
        }
        _ => MailError::Unreachable(server, said),
    }
}

/// The first error of a type among the causes of another one, also inside errors of input and output.
fn cause<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn innermost(error: &dyn StdError) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// What a server says in one line of a bounded length.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_REPLY).collect()
}

/// The name of this machine, with which a client introduces itself.
fn own_name() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    let is_plain = |name: &String| {
        !name.is_empty()
            && name.len() <= 253
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
    };
    name.filter(is_plain).unwrap_or_else(|| "localhost".to_owned())
}
