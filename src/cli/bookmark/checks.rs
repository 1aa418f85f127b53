//! `polls bookmark check`: asks for the pages of bookmarks.

use std::collections::{HashMap, VecDeque};
use std::io::{Write as _, stdout};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::listing::line;
use super::{NOT_ALL_READ, absent};
use crate::bookmark::errand_handlers::note;
use crate::bookmark::errands::CHECK;
use crate::bookmark::links::{self, FoundLink, LinkAnswer, LinkState};
use crate::bookmark::queries;
use crate::cli::Failure;
use crate::cli::progress::ProgressLine;
use crate::clock;
use crate::db::{self, Connection};
use crate::outbound::worker::Outreach;
use crate::outbound::{hosts, queue};
use crate::settings::Settings;

/// How long a host is kept from other processes while it is asked.
const CLAIMED_FOR: i32 = 6;
/// A host that wants to be left alone for longer is not waited for.
const LONG_PAUSE: TimeDelta = TimeDelta::minutes(2);
/// How long it is waited at most before a host that others ask is looked at again.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

pub fn run(
    conn: &mut Connection,
    settings: &Settings,
    ids: &[i64],
    older_than: Option<u32>,
) -> Result<ExitCode, Failure> {
    let bookmarks = if ids.is_empty() {
        links::due(conn, older_than.unwrap_or(0))?
    } else {
        let found = ids.iter().map(|id| queries::find(conn, *id).map_err(|error| absent(*id, error)));
        found.map(|found| found.map(|bookmark| (bookmark.id, bookmark.url))).collect::<Result<_, _>>()?
    };
    let outreach = Outreach::new(settings);
    let lease = TimeDelta::from_std(settings.outbound.timeout)? * CLAIMED_FOR;
    let (total, mut number, mut all_there) = (bookmarks.len(), 0, true);
    let mut round = HostRound::new(bookmarks);
    let mut progress = ProgressLine::new();
    loop {
        let (id, url) = match round.next(conn)? {
            Turn::Ask(bookmark) => bookmark,
            Turn::Leave(bookmarks) => {
                all_there = false;
                for (id, url) in bookmarks {
                    number += 1;
                    leave(conn, id, &url, "")?;
                }
                continue;
            }
            Turn::End => break,
        };
        let host = hosts::host(&url);
        let now = clock::now();
        if !db::write(conn, |conn| hosts::claim(conn, &host, now, clock::storable(now + lease)))? {
            round.put_back(host, (id, url));
            continue;
        }
        number += 1;
        progress.show(&format!("Bookmark (of {total})"), number);
        let answer = links::ask(&outreach, &url);
        let mut next_at = clock::now() + outreach.pause;
        progress.end();
        match answer {
            LinkAnswer::Found(found) => {
                all_there &= !found.state.is_dead() && found.state != LinkState::NotAllowed;
                note(conn, id, &url, &found)?;
                tell(id, &url, &found)?;
            }
            LinkAnswer::NotNow(after, found) => {
                all_there = false;
                if let Some(after) = after {
                    next_at = next_at.max(clock::now() + after);
                }
                leave(conn, id, &url, &found.status.map(|status| status.to_string()).unwrap_or_default())?;
            }
        }
        hosts::release(conn, &host, clock::storable(next_at))?;
    }
    progress.end();
    Ok(if all_there { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL_READ) })
}

fn tell(id: i64, url: &str, found: &FoundLink) -> Result<(), Failure> {
    let status = found.status.map(|status| status.to_string()).unwrap_or_default();
    let (name, new) = (found.state.name(), found.new_address.as_deref().unwrap_or_default());
    writeln!(stdout(), "{id}\t{name}\t{status}\t{}\t{}", line(url), line(new))?;
    if !found.reason.is_empty() {
        eprintln!("{id}: {}", line(&found.reason));
    }
    Ok(())
}

/// Leaves a bookmark to `polls outbound`.
fn leave(conn: &mut Connection, id: i64, url: &str, status: &str) -> Result<(), Failure> {
    db::write(conn, |conn| queue::put(conn, CHECK, id, url))?;
    writeln!(stdout(), "{id}\tlater\t{status}\t{}\t", line(url))?;
    Ok(())
}

/// What comes next.
enum Turn {
    Ask((i64, String)),
    /// Their host wants to be left alone for long.
    Leave(VecDeque<(i64, String)>),
    End,
}

/// What is still to be asked, by host: no host waits for another one's pause.
struct HostRound {
    waiting: HashMap<String, VecDeque<(i64, String)>>,
    order: VecDeque<String>,
}

impl HostRound {
    fn new(bookmarks: Vec<(i64, String)>) -> Self {
        let mut round = Self { waiting: HashMap::new(), order: VecDeque::new() };
        for bookmark in bookmarks {
            let host = hosts::host(&bookmark.1);
            if !round.waiting.contains_key(&host) {
                round.order.push_back(host.clone());
            }
            round.waiting.entry(host).or_default().push_back(bookmark);
        }
        round
    }

    fn put_back(&mut self, host: String, bookmark: (i64, String)) {
        if !self.waiting.contains_key(&host) {
            self.order.push_back(host.clone());
        }
        self.waiting.entry(host).or_default().push_front(bookmark);
    }

    /// The next one at a host that may be asked now; waits for one.
    fn next(&mut self, conn: &mut Connection) -> Result<Turn, Failure> {
        loop {
            let mut first: Option<NaiveDateTime> = None;
            for _ in 0..self.order.len() {
                let Some(host) = self.order.pop_front() else { break };
                if let Some(until) = hosts::busy_until(conn, &host)? {
                    if until - clock::now() > LONG_PAUSE {
                        return Ok(Turn::Leave(self.waiting.remove(&host).unwrap_or_default()));
                    }
                    first = Some(first.map_or(until, |first| first.min(until)));
                    self.order.push_back(host);
                    continue;
                }
                let Some(waiting) = self.waiting.get_mut(&host) else { continue };
                let bookmark = waiting.pop_front();
                if waiting.is_empty() {
                    self.waiting.remove(&host);
                } else {
                    self.order.push_back(host);
                }
                if let Some(bookmark) = bookmark {
                    return Ok(Turn::Ask(bookmark));
                }
            }
            let Some(first) = first else { return Ok(Turn::End) };
            let pause = (first - clock::now()).to_std().unwrap_or_default();
            thread::sleep(pause.min(LONGEST_SLEEP));
        }
    }
}
