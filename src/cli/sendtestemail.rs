//! `polls sendtestemail`: finds out whether the settings of mail are right.

use std::process::ExitCode;

use fluent_bundle::FluentArgs;
use lettre::message::Mailbox;

use super::{Context, Failure};
use crate::app::features;
use crate::clock;
use crate::outbound::mail::{Mail, MailSender, Mailer};
use crate::web::pages::i18n::{self, Catalogue};

/// Send a mail to each address, to see whether the settings of mail are right
///
/// It is sent at once, by this command itself, and not by polls-outbound.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls sendtestemail ops@example.org
  polls sendtestemail --admins

Exit codes: 0 the mail server has taken all of them; 1 it has not, and each line says why.")]
pub struct SendtestemailArguments {
    /// Whom to write to
    #[arg(required_unless_present = "admins")]
    addresses: Vec<Mailbox>,
    /// Write to everybody in mail.admins
    #[arg(long)]
    admins: bool,
}

pub fn run(context: &Context, arguments: &SendtestemailArguments) -> Result<ExitCode, Failure> {
    let settings = context.logged_settings()?;
    let (texts, language) = (Catalogue::new(&features::installed().locales), settings.site.language_code);
    let admins = if arguments.admins { settings.mail.admins.as_slice() } else { &[] };
    if arguments.admins && admins.is_empty() {
        return Err("mail.admins names nobody".into());
    }
    let mut args = FluentArgs::new();
    args.set("site", settings.mail.site_url.clone());
    args.set("time", i18n::date_time(&texts, language, &settings.site.time_zone, clock::now()));
    let text = |id| texts.text(language, id, Some(&args));
    let mailer = Mailer::new(&settings.mail);
    let mut code = ExitCode::SUCCESS;
    for (to, from) in (arguments.addresses.iter().map(|to| (to, MailSender::Site)))
        .chain(admins.iter().map(|to| (to, MailSender::Server)))
    {
        let (subject, body) = (text("queue-mail-test-subject"), text("queue-mail-test-body"));
        match mailer.send(&Mail { to: to.clone(), from, subject, body }) {
            Ok(()) => println!("Sent to {} by {}.", to.email, mailer.destination()),
            Err(error) => {
                eprintln!("polls: {}: {error}", to.email);
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}
