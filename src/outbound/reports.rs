//! Errors of the log, for the administrators of `mail.admins`. The process that has logged one notes it in the database
//! and puts a mail into the queue; `polls outbound` sends it. A place in the program is told of once a minute at most, by
//! however many processes. Where the database cannot be reached, the error is only in the log.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use super::queue::{self, Errand};
use super::schema::outbound_report;
use crate::clock;
use crate::db::{self, Connection, Create, DatabaseError};
use crate::logging::{self, LoggedError};
use crate::settings::{DatabaseUrl, MailSettings, Settings};

/// Tells the administrators of an error; the object is a row of `outbound_report`.
pub const REPORT: Errand = Errand { kind: "report", app: "outbound", model: "report" };

/// How often a place is told of at most.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How many errors wait for the thread that notes them; further ones are only in the log.
const MOST_WAITING: usize = 256;
/// How many places are remembered between two notes; errors of further ones are only in the log.
const MOST_PLACES: usize = 50;
/// How long errors of a place are counted before they are noted again.
const COUNTED_FOR: Duration = Duration::from_secs(5);
/// How long a report of which everybody was told is kept.
const KEPT: TimeDelta = TimeDelta::days(7);
/// The longest place, in characters.
const LONGEST_PLACE: usize = 200;

/// A row of `outbound_report`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outbound_report)]
pub struct ErrorReport {
    pub id: i64,
    pub place: String,
    /// The newest error.
    pub text: String,
    /// How many there were since the last mail.
    pub times: i32,
    pub first_at: NaiveDateTime,
    pub last_at: NaiveDateTime,
    pub mailed_at: Option<NaiveDateTime>,
}

/// Notes errors of this process until its end.
pub struct ErrorReporter {
    sender: SyncSender<ReporterWord>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum ReporterWord {
    Logged(LoggedError),
    End,
}

/// Starts to note errors, if there is anybody to be told. The thread that does it is started with the process, as one
/// that is in trouble may not get another.
pub fn start(settings: &Settings) -> Option<ErrorReporter> {
    if !settings.mail.is_on() || settings.mail.admins.is_empty() {
        return None;
    }
    let (sender, receiver) = sync_channel(MOST_WAITING);
    let (database, mail) = (settings.database.url.clone(), settings.mail.clone());
    let thread = thread::Builder::new().name("reports".to_owned()).spawn(move || note_all(&receiver, &database, &mail));
    let thread = match thread {
        Ok(thread) => thread,
        Err(error) => {
            tracing::warn!(target: "polls.outbound", %error, "Errors cannot be mailed to mail.admins; they are in the log.");
            return None;
        }
    };
    let logged = sender.clone();
    logging::hand_errors_to(move |error| {
        // A full queue leaves the error in the log only: a request does not wait for it.
        let _ = logged.try_send(ReporterWord::Logged(error));
    });
    Some(ErrorReporter { sender, thread: Mutex::new(Some(thread)) })
}

impl ErrorReporter {
    /// Notes what is left.
    pub fn finish(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // An error means that the thread has ended.
        let _ = self.sender.send(ReporterWord::End);
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// The errors of one place that are not noted yet.
struct CountedErrors {
    text: String,
    times: i32,
    first_at: NaiveDateTime,
}

fn note_all(receiver: &Receiver<ReporterWord>, database: &DatabaseUrl, mail: &MailSettings) {
    logging::tell_nobody_of_this_thread();
    let (mut counted, mut noted_at) = (HashMap::<String, CountedErrors>::new(), None::<Instant>);
    loop {
        // What comes alone is noted at once; while more comes, all is noted together now and then.
        let wait = noted_at.map_or(Duration::ZERO, |at| COUNTED_FOR.saturating_sub(at.elapsed()));
        let word = if counted.is_empty() {
            receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            receiver.recv_timeout(wait)
        };
        let is_over = match word {
            Ok(ReporterWord::Logged(error)) => {
                count(&mut counted, error);
                continue;
            }
            Ok(ReporterWord::End) | Err(RecvTimeoutError::Disconnected) => true,
            Err(RecvTimeoutError::Timeout) => false,
        };
        if !counted.is_empty() {
            match note(database, mail, &counted) {
                Ok(()) => counted.clear(),
                Err(error) => {
                    tracing::warn!(target: "polls.outbound", %error, "Errors cannot be put into the queue of mails now; they are in the log.");
                }
            }
            noted_at = Some(Instant::now());
        }
        if is_over {
            return;
        }
    }
}

fn count(counted: &mut HashMap<String, CountedErrors>, LoggedError { place, text }: LoggedError) {
    let place: String = place.chars().filter(char::is_ascii).take(LONGEST_PLACE).collect();
    if let Some(known) = counted.get_mut(&place) {
        known.times = known.times.saturating_add(1);
        known.text = text;
    } else if counted.len() < MOST_PLACES {
        counted.insert(place, CountedErrors { text, times: 1, first_at: clock::now() });
    }
}

fn note(
    database: &DatabaseUrl,
    mail: &MailSettings,
    counted: &HashMap<String, CountedErrors>,
) -> Result<(), DatabaseError> {
    let mut conn = Connection::open(database, Create::Never)?;
    for (place, counted) in counted {
        let noted = db::write(&mut conn, |conn| note_one(conn, mail, place, counted));
        match noted {
            // Another process has noted the first one of this place at the same moment.
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                db::write(&mut conn, |conn| note_one(conn, mail, place, counted))?;
            }
            noted => noted?,
        }
    }
    Ok(())
}

fn note_one(conn: &mut Connection, mail: &MailSettings, place: &str, counted: &CountedErrors) -> QueryResult<()> {
    let (now, text) = (clock::now(), counted.text.replace('\0', ""));
    let of_place = || outbound_report::table.filter(outbound_report::place.eq(place));
    // The first since the last mail begins the count anew.
    let began = diesel::update(of_place().filter(outbound_report::times.eq(0)));
    began.set(outbound_report::first_at.eq(counted.first_at)).execute(conn)?;
    let known = diesel::update(of_place())
        .set((
            outbound_report::times.eq(outbound_report::times + counted.times),
            outbound_report::text.eq(&text),
            outbound_report::last_at.eq(now),
        ))
        .execute(conn)?;
    if known == 0 {
        diesel::insert_into(outbound_report::table)
            .values((
                outbound_report::place.eq(place),
                outbound_report::text.eq(&text),
                outbound_report::times.eq(counted.times),
                outbound_report::first_at.eq(counted.first_at),
                outbound_report::last_at.eq(now),
            ))
            .execute(conn)?;
    }
    let report: ErrorReport = of_place().select(ErrorReport::as_select()).first(conn)?;
    put(conn, mail, &report)
}

/// Puts the mail into the queue, unless it is there: for now, or a while after the last one.
fn put(conn: &mut Connection, mail: &MailSettings, report: &ErrorReport) -> QueryResult<()> {
    if queue::is_open(conn, REPORT, report.id)? {
        return Ok(());
    }
    let now = clock::now();
    let after = report.mailed_at.map_or(now, |mailed| clock::storable(mailed + PAUSE).max(now));
    queue::put_at(conn, REPORT, report.id, &mail.queue_host(), after)
}

/// # Errors
/// `NotFound` if there is no such report; another error if the database does not answer.
pub fn find(conn: &mut Connection, id: i64) -> QueryResult<ErrorReport> {
    outbound_report::table.find(id).select(ErrorReport::as_select()).get_result(conn)
}

/// Notes that the administrators were told, and puts another mail into the queue if there were errors meanwhile.
///
/// # Errors
/// If the database does not answer.
pub fn note_mailed(conn: &mut Connection, mail: &MailSettings, told: &ErrorReport) -> QueryResult<()> {
    let now = clock::now();
    diesel::update(outbound_report::table.find(told.id))
        .set((
            outbound_report::times.eq(outbound_report::times - told.times),
            outbound_report::first_at.eq(now),
            outbound_report::mailed_at.eq(Some(now)),
        ))
        .execute(conn)?;
    // Here and not by the worker afterwards: whoever notes another error now must see that no mail waits.
    queue::cancel(conn, REPORT, told.id)?;
    let now = find(conn, told.id)?;
    if now.times > 0 { put(conn, mail, &now) } else { Ok(()) }
}

/// Forgets old errors.
///
/// # Errors
/// If the database does not answer.
pub fn forget(conn: &mut Connection) -> QueryResult<()> {
    let before = clock::storable(clock::now() - KEPT);
    let old = outbound_report::table.filter(outbound_report::last_at.lt(before)).select(outbound_report::id);
    for id in old.load::<i64>(conn)? {
        queue::cancel(conn, REPORT, id)?;
        diesel::delete(outbound_report::table.find(id)).execute(conn)?;
    }
    Ok(())
}
