//! What `polls outbound` does for mails to users.

use std::sync::LazyLock;

use chrono::TimeDelta;
use diesel::prelude::*;
use fluent_bundle::FluentArgs;
use lettre::message::Mailbox;

use super::errands::MAIL;
use super::mails::{self, MailKind, UserMail, may_reset};
use super::token::{self, ResetToken};
use crate::auth::models::User;
use crate::auth::{paths, queries};
use crate::clock;
use crate::db::{self, Connection};
use crate::outbound::mail::{Mail, MailSender};
use crate::outbound::queue::OutboundTask;
use crate::outbound::worker::{Ending, OutboundHandler, Outreach};
use crate::settings::Settings;
use crate::web::pages::i18n::Catalogue;

pub const HANDLERS: &[OutboundHandler] = &[OutboundHandler { errand: MAIL, run: send, plan: Some(forget) }];

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[crate::auth::FEATURE.locale]));

fn send(outreach: &Outreach, conn: &mut Connection, task: &OutboundTask) -> QueryResult<Ending> {
    let row = match mails::find(conn, task.object_id).optional()? {
        Some(row) if row.sent_at.is_none() => row,
        _ => return Ok(Ending::Unasked),
    };
    let life = life(&outreach.settings);
    if clock::now() - row.asked_at > life {
        mails::delete(conn, row.id)?;
        return Ok(Ending::Unasked);
    }
    match row.known_kind() {
        Some(MailKind::Asked) => {
            for user in db::write(conn, |conn| mails::answer(conn, &outreach.settings.mail, &row, life))? {
                tracing::info!(target: "polls.security", user, "A link for a new password is being sent.");
            }
            Ok(Ending::Unasked)
        }
        Some(kind) => send_to_user(outreach, conn, &row, kind),
        None => Ok(Ending::Failed("this program does not know such a mail".to_owned())),
    }
}

fn send_to_user(outreach: &Outreach, conn: &mut Connection, row: &UserMail, kind: MailKind) -> QueryResult<Ending> {
    let Some(id) = row.user_id else { return Ok(Ending::Unasked) };
    let user = queries::find(conn, id).optional()?;
    // The user may have been deactivated, or have lost the address or the password, since the mail was queued. Then no mail
    // is sent.
    let Some(user) = user.filter(may_reset) else {
        mails::delete(conn, row.id)?;
        return Ok(Ending::Unasked);
    };
    let Ok(address) = user.email.parse() else {
        return Ok(Ending::Failed("the user's address is none".to_owned()));
    };
    let to = Mailbox::new(None, address);
    let mail = match kind {
        MailKind::Changed => changed(&outreach.settings, row, &user, to),
        _ => reset(&outreach.settings, row, &user, to),
    };
    match outreach.mailer.send(&mail) {
        Ok(()) => {
            mails::note_sent(conn, row.id)?;
            Ok(Ending::Done)
        }
        Err(error) => {
            // Who looks at the queue need not see who has forgotten a password.
            let why = error.to_string().replace(&user.email, "…");
            Ok(if error.is_passing() { Ending::Later { after: None, why } } else { Ending::Failed(why) })
        }
    }
}

/// The mail with the link, which is made here and stored nowhere.
fn reset(settings: &Settings, row: &UserMail, user: &User, to: Mailbox) -> Mail {
    let key = settings.security.keys().next().unwrap_or_default();
    let token = ResetToken::new(key, user, clock::now());
    let path = paths::password_reset_confirm(&token::uid(user.id), &token.text());
    let mut args = arguments(settings, user);
    args.set("link", format!("{}{}{path}", settings.mail.site_url, settings.site.mount));
    args.set("hours", settings.security.password_reset_timeout.as_secs() / 3600);
    mail(row, to, ["auth-reset-mail-subject", "auth-reset-mail-body"], &args)
}

fn changed(settings: &Settings, row: &UserMail, user: &User, to: Mailbox) -> Mail {
    let mut args = arguments(settings, user);
    args.set("link", format!("{}{}{}", settings.mail.site_url, settings.site.mount, paths::PASSWORD_RESET));
    mail(row, to, ["auth-changed-mail-subject", "auth-changed-mail-body"], &args)
}

fn arguments(settings: &Settings, user: &User) -> FluentArgs<'static> {
    let url = settings.mail.site_url.as_str();
    let site = url.split_once("://").map_or(url, |(_, site)| site);
    let mut args = FluentArgs::new();
    args.set("site", format!("{site}{}", settings.site.mount));
    args.set("username", user.username.clone());
    args
}

fn mail(row: &UserMail, to: Mailbox, [subject, body]: [&str; 2], args: &FluentArgs<'_>) -> Mail {
    let text = |id| CATALOGUE.text(row.language(), id, Some(args));
    Mail { to, from: MailSender::Site, subject: text(subject), body: text(body) }
}

fn forget(conn: &mut Connection, settings: &Settings) -> QueryResult<()> {
    db::write(conn, |conn| mails::forget(conn, life(settings)))
}

fn life(settings: &Settings) -> TimeDelta {
    TimeDelta::from_std(settings.security.password_reset_timeout).unwrap_or(TimeDelta::days(1))
}
