//! Why a mail was not handed over, in sentences that say what to do.

use std::io;

/// The server's name with its port is the first value of most.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("mail is off: set mail.backend, as deploy/polls.toml shows")]
    Off,
    #[error("the mail cannot be made: {0}")]
    Unmade(String),
    #[error("{0} cannot be written: {1}")]
    File(String, io::Error),
    #[error("{0} cannot be reached ({1}): is that mail.host, and does a mail server listen at mail.port?")]
    Unreachable(String, String),
    #[error(
        "{0} did not answer within {1} s (mail.timeout): is a firewall between, or mail.port one of another mail.tls \
         (\"implicit\" 465, \"starttls\" 587, \"none\" 25)?"
    )]
    TooLong(String, u64),
    #[error(
        "{0} has no certificate that can be trusted ({1}): mail.host has to be the name in it, and whoever signed it \
         known to this machine (ca-certificates)"
    )]
    Certificate(String, String),
    #[error(
        "{0} speaks no TLS as mail.tls has it ({1}): set it to \"starttls\" or \"none\", or mail.port to another one"
    )]
    NoTls(String, String),
    #[error(
        "{0} offers no STARTTLS: set mail.tls to \"implicit\" and mail.port to 465; \"none\" would send all in clear"
    )]
    NoStarttls(String),
    #[error("{0} offers no login that this program knows (PLAIN, LOGIN): does it want TLS, or no mail.username?")]
    NoLogin(String),
    #[error("{0} refuses mail.username with its password: {1}")]
    Login(String, String),
    #[error("{0} refuses mail from {1} (mail.from, mail.server_from): {2}")]
    Sender(String, String, String),
    /// The server, what it says, and whether it may say something else later.
    #[error("{0} refuses the recipient: {1}")]
    Recipient(String, String, bool),
    #[error("{0} refuses the mail: {1}")]
    Content(String, String, bool),
    #[error("{0} takes no addresses with letters other than ASCII's (SMTPUTF8)")]
    NoUtf8(String),
    #[error("the conversation with {0} broke off: {1}")]
    Broken(String, String),
}

impl MailError {
    /// Whether another recipient may be accepted.
    pub fn is_of_recipient(&self) -> bool {
        matches!(self, Self::Recipient(..) | Self::NoUtf8(_))
    }

    /// Whether the same mail may be taken later: when the server is back, or an administrator has corrected the settings.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Recipient(_, _, is_passing) | Self::Content(_, _, is_passing) => *is_passing,
            Self::Unmade(_) | Self::NoUtf8(_) => false,
            _ => true,
        }
    }
}
