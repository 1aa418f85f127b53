//! Works off the queue: one task after the other, each at a host that has had its pause. Any number of workers, in any
//! number of processes, share a queue.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use diesel::QueryResult;

use super::mail::Mailer;
use super::queue::{self, Errand, OutboundTask, Taken};
use super::robots_cache::RobotsCache;
use super::{Fetcher, hosts};
use crate::clock;
use crate::db::{Connection, Create, DatabaseError, migrate};
use crate::settings::Settings;

/// What a feature does for a task of its errand.
#[derive(Clone, Copy)]
pub struct OutboundHandler {
    pub errand: Errand,
    pub run: fn(&Outreach, &mut Connection, &OutboundTask) -> QueryResult<Ending>,
    /// Puts tasks into the queue that are due by themselves; called now and then.
    pub plan: Option<fn(&mut Connection, &Settings) -> QueryResult<()>>,
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Done,
    /// It is done, and nobody was asked: its host needs no pause.
    Unasked,
    /// It may succeed later: after the time that the site asks for, or a time that grows with each attempt.
    Later {
        after: Option<TimeDelta>,
        why: String,
    },
    /// It will never succeed.
    Failed(String),
}

/// What a task reaches out with.
pub struct Outreach {
    pub fetcher: Fetcher,
    pub robots: RobotsCache,
    /// How long a host is left alone after a question.
    pub pause: TimeDelta,
    pub mailer: Mailer,
    pub settings: Settings,
}

impl Outreach {
    pub fn new(settings: &Settings) -> Self {
        Self {
            fetcher: Fetcher::new(&settings.outbound),
            robots: RobotsCache::default(),
            pause: TimeDelta::from_std(settings.outbound.host_pause).unwrap_or_default(),
            mailer: Mailer::new(&settings.mail),
            settings: settings.clone(),
        }
    }
}

/// How long a worker waits for new tasks.
const IDLE: Duration = Duration::from_secs(2);
/// The same after the database did not answer.
const AFTER_A_FAULT: Duration = Duration::from_secs(5);
/// How long a worker that only works off what is there waits at most for a host's pause to end.
const SHORT_PAUSE: TimeDelta = TimeDelta::seconds(60);
/// How often it is looked for what is due by itself.
const PLANNED_EVERY: TimeDelta = TimeDelta::minutes(10);
/// The times between attempts; after the last one a task is given up.
const BACK_OFF: [TimeDelta; 5] =
    [TimeDelta::minutes(1), TimeDelta::minutes(10), TimeDelta::hours(1), TimeDelta::hours(6), TimeDelta::hours(24)];

/// Lets a worker know that it is to end.
#[derive(Debug, Default)]
pub struct EndSignal {
    given: Mutex<bool>,
    changed: Condvar,
}

impl EndSignal {
    pub fn give(&self) {
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    fn is_given(&self) -> bool {
        *self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the signal, at most for so long.
    pub fn wait(&self, most: Duration) {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_timeout_while(given, most, |given| !*given));
    }
}

/// How many tasks a worker has ended, and how many of them failed or are to be tried again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkedOff {
    pub done: u64,
    pub later: u64,
    pub failed: u64,
}

pub struct Worker<'a> {
    pub settings: &'a Settings,
    pub handlers: &'a [OutboundHandler],
    pub end: &'a EndSignal,
    /// Called between tasks, for a watchdog.
    pub alive: fn(),
}

impl Worker<'_> {
    /// Works until the signal to end is given. A database that is away is waited for.
    pub fn work(&self) -> WorkedOff {
        let outreach = Outreach::new(self.settings);
        let mut counts = WorkedOff::default();
        while !self.end.is_given() {
            (self.alive)();
            let error = match self.connect() {
                Ok(mut conn) => match self.follow(&outreach, &mut conn, &mut counts) {
                    Ok(()) => break,
                    Err(error) => error.to_string(),
                },
                Err(error) => error.to_string(),
            };
            tracing::warn!(target: "polls.outbound", error, "Outbound work cannot go on now.");
            self.end.wait(AFTER_A_FAULT);
        }
        counts
    }

    /// Works off what is due, and ends.
    ///
    /// # Errors
    /// If the database does not answer, or lacks migrations.
    pub fn work_off(&self) -> Result<WorkedOff, DatabaseError> {
        let outreach = Outreach::new(self.settings);
        let mut counts = WorkedOff::default();
        let mut conn = self.connect()?;
        self.plan(&mut conn)?;
        while !self.end.is_given() {
            if self.step(&outreach, &mut conn, &mut counts)? {
                continue;
            }
            // What is left waits for the pause of its host.
            match queue::due(&mut conn, self.lease(), SHORT_PAUSE)? {
                None => break,
                Some(task) => {
                    let until = hosts::busy_until(&mut conn, &task.host)?;
                    let pause = until.and_then(|until| (until - clock::now()).to_std().ok());
                    self.end.wait(pause.unwrap_or_default());
                }
            }
        }
        Ok(counts)
    }

    fn connect(&self) -> Result<Connection, DatabaseError> {
        let mut conn = Connection::open(&self.settings.database.url, Create::Never)?;
        match migrate::missing(&mut conn) {
            Ok(missing) if missing.is_empty() => Ok(conn),
            Ok(_) => Err(DatabaseError::Refused("the database lacks migrations; run `polls migrate`".to_owned())),
            Err(error) => Err(DatabaseError::Unreachable(error.to_string())),
        }
    }

    fn follow(&self, outreach: &Outreach, conn: &mut Connection, counts: &mut WorkedOff) -> QueryResult<()> {
        let mut planned = None;
        while !self.end.is_given() {
            (self.alive)();
            if planned.is_none_or(|planned| clock::now() - planned > PLANNED_EVERY) {
                self.plan(conn)?;
                planned = Some(clock::now());
            }
            if !self.step(outreach, conn, counts)? {
                self.end.wait(IDLE);
            }
        }
        Ok(())
    }

    fn plan(&self, conn: &mut Connection) -> QueryResult<()> {
        hosts::forget(conn)?;
        for plan in self.handlers.iter().filter_map(|handler| handler.plan) {
            plan(conn, self.settings)?;
        }
        Ok(())
    }

    /// A task may take no longer: it asks for the rules of a site and for a page twice, or hands one mail over.
    fn lease(&self) -> TimeDelta {
        let mail = Some(&self.settings.mail).filter(|mail| mail.is_on()).map(|mail| mail.timeout).unwrap_or_default();
        TimeDelta::from_std(self.settings.outbound.timeout.max(mail) * 6).unwrap_or(TimeDelta::hours(1))
    }

    /// Does one task; false if there is none to be done now.
    fn step(&self, outreach: &Outreach, conn: &mut Connection, counts: &mut WorkedOff) -> QueryResult<bool> {
        let task = match queue::take(conn, self.lease())? {
            Taken::Task(task) => task,
            Taken::Missed => return Ok(true),
            Taken::Nothing => return Ok(false),
        };
        let handler = self.handlers.iter().find(|handler| task.is(handler.errand));
        let ending = match handler {
            // Each worker that had it has died of it.
            Some(_) if is_last(task.attempts - 1) => Ending::Failed("no attempt came to an end".to_owned()),
            Some(handler) => (handler.run)(outreach, conn, &task)?,
            None => Ending::Failed("this program does not know such work".to_owned()),
        };
        let now = clock::now();
        let mut next_at = now + outreach.pause;
        tracing::debug!(target: "polls.outbound", task = task.id, kind = task.kind, ?ending, "A task ended.");
        match ending {
            Ending::Done | Ending::Unasked => {
                if ending == Ending::Unasked {
                    next_at = now;
                }
                counts.done += 1;
                queue::done(conn, &task)?;
            }
            Ending::Later { after, why } => {
                let again = again(task.attempts, after).map(|wait| clock::storable(now + wait));
                if let Some(after) = after {
                    next_at = next_at.max(now + after);
                }
                if again.is_some() {
                    counts.later += 1;
                } else {
                    counts.failed += 1;
                }
                queue::give_back(conn, &task, again, &why)?;
            }
            Ending::Failed(why) => {
                counts.failed += 1;
                queue::give_back(conn, &task, None, &why)?;
            }
        }
        hosts::release(conn, &task.host, clock::storable(next_at))?;
        Ok(true)
    }
}

/// Whether a task is given up if it does not succeed now, at the attempt of this number.
pub fn is_last(attempts: i32) -> bool {
    again(attempts, None).is_none()
}

/// How long a task waits for its next attempt, after so many; None if it is given up.
fn again(attempts: i32, asked_for: Option<TimeDelta>) -> Option<TimeDelta> {
    let done = usize::try_from(attempts).unwrap_or_default().max(1);
    let wait = *BACK_OFF.get(done - 1)?;
    Some(asked_for.map_or(wait, |asked| asked.max(BACK_OFF[0])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_become_rarer_and_end() {
        assert_eq!(again(1, None), Some(TimeDelta::minutes(1)));
        assert_eq!(again(2, None), Some(TimeDelta::minutes(10)));
        assert_eq!(again(5, None), Some(TimeDelta::hours(24)));
        assert_eq!(again(6, None), None);
        assert_eq!(again(1, Some(TimeDelta::hours(3))), Some(TimeDelta::hours(3)));
        assert_eq!(again(1, Some(TimeDelta::zero())), Some(TimeDelta::minutes(1)));
        assert_eq!(again(6, Some(TimeDelta::hours(3))), None);
        assert_eq!(again(0, None), Some(TimeDelta::minutes(1)));
    }
}
