//! What `polls outbound` does for errors of the log: it mails them to the administrators.

use std::sync::LazyLock;

use diesel::prelude::*;
use fluent_bundle::FluentArgs;

use crate::db::{self, Connection};
use crate::outbound::mail::{Mail, MailSender};
use crate::outbound::queue::OutboundTask;
use crate::outbound::reports::{self, ErrorReport, REPORT};
use crate::outbound::worker::{Ending, OutboundHandler, Outreach};
use crate::web::pages::i18n::{self, Catalogue};
use crate::{clock, web};

pub const HANDLERS: &[OutboundHandler] =
    &[OutboundHandler { errand: REPORT, run: tell, plan: Some(|conn, _| db::write(conn, reports::forget)) }];

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[super::FEATURE.locale, web::LOCALE]));

/// How many characters of an error are in the subject.
const SUBJECT_LENGTH: usize = 100;

fn tell(outreach: &Outreach, conn: &mut Connection, task: &OutboundTask) -> QueryResult<Ending> {
    let Some(report) = reports::find(conn, task.object_id).optional()? else { return Ok(Ending::Unasked) };
    if report.times == 0 {
        return Ok(Ending::Unasked);
    }
    let (mut told, mut refused) = (0, Vec::new());
    for admin in &outreach.settings.mail.admins {
        let (subject, body) = texts(outreach, &report);
        let mail = Mail { to: admin.clone(), from: MailSender::Server, subject, body };
        match outreach.mailer.send(&mail) {
            Ok(()) => told += 1,
            Err(error) => {
                // A server that does not answer is not asked for each administrator anew.
                let is_over = !error.is_of_recipient();
                refused.push(error);
                if is_over {
                    break;
                }
            }
        }
    }
    // Whoever was reached is not told a second time because another one was not.
    if told > 0 {
        db::write(conn, |conn| reports::note_mailed(conn, &outreach.settings.mail, &report))?;
    }
    Ok(match refused.pop() {
        None => Ending::Done,
        Some(error) if error.is_passing() => Ending::Later { after: None, why: error.to_string() },
        Some(error) => Ending::Failed(error.to_string()),
    })
}

fn texts(outreach: &Outreach, report: &ErrorReport) -> (String, String) {
    let (site, language) = (&outreach.settings.site, outreach.settings.site.language_code);
    let moment = |time| {
        let zone = site.time_zone.abbreviation(time);
        format!("{} {zone}", i18n::date_time(&CATALOGUE, language, &site.time_zone, time))
    };
    let mut args = FluentArgs::new();
    args.set("error", report.text.chars().take(SUBJECT_LENGTH).collect::<String>());
    args.set("text", report.text.clone());
    args.set("place", report.place.clone());
    args.set("count", report.times);
    args.set("first", moment(report.first_at));
    args.set("last", moment(report.last_at));
    args.set("site", outreach.settings.mail.site_url.clone());
    args.set("now", moment(clock::now()));
    let text = |id| CATALOGUE.text(language, id, Some(&args));
    (text("queue-report-mail-subject"), text("queue-report-mail-body"))
}
