//! The evening of the vote: 40,000 votes within three seconds, through Apache.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use super::audit::audit_votes;
use super::booth::Booth;
use super::ledger::{Ballot, Vote, new_key};
use crate::support::fastcgi::{Answer, Request, answers};
use crate::support::servers::{Front, Site, Way};
use crate::support::*;

const VOTES: usize = 40_000;
const OFFERED_WITHIN: Duration = Duration::from_secs(3);
/// In a release build on two cores; a debug build is some times slower and is not held to it.
const COUNTED_WITHIN: Duration = Duration::from_secs(30);
/// Connections to Apache, each with one request at a time.
const CONNECTIONS: usize = 256;
/// Bytes.
const MOST_MEMORY: u64 = 256 << 20;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_burst_is_counted_over_http).needing(Need::Apache),
        on_sqlite(a_burst_is_counted_over_fastcgi).needing(Need::Apache),
    ]
}

fn a_burst_is_counted_over_http(setup: Setup) {
    burst(setup, Way::EmbeddedUnix);
}

fn a_burst_is_counted_over_fastcgi(setup: Setup) {
    burst(setup, Way::FastcgiUnix);
}

fn burst(setup: Setup, way: Way) {
    let site = Site::new(setup, "/");
    let front = site.open_by(way);
    let poll = site.poll();
    let crowd = Crowd::new(&poll);
    let (over, most_memory) = (AtomicBool::new(false), AtomicU64::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let watched = scope.spawn(|| watch(&front, way, &over, &most_memory));
        let address = SocketAddr::from(([127, 0, 0, 1], front.apache.port));
        let voters: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let voters = std::thread::Builder::new().stack_size(256 << 10);
                let booth = Booth::new(address, &poll.vote());
                voters.spawn_scoped(scope, || crowd.vote(booth)).expect("a thread can be started")
            })
            .collect();
        for voters in voters {
            voters.join().expect("nobody is turned away for good");
        }
        over.store(true, Ordering::Relaxed);
        watched.join().expect("the program is alive all the while");
    });
    let (took, memory) = (begun.elapsed(), most_memory.into_inner());
    println!(
        "{way:?}: {VOTES} votes counted in {:.1} s, {} refusals, {} MiB",
        took.as_secs_f64(),
        crowd.refusals(),
        memory >> 20
    );
    audit_votes(&mut site.open(), poll.id, &crowd.votes()).expect_none();
    assert_eq!(site.all_ballots(), 40_000);
    site.run(&["recount"]).expect(0);
    assert!(cfg!(debug_assertions) || took <= COUNTED_WITHIN, "{took:?}");
    assert!(memory <= MOST_MEMORY, "{memory} bytes");
}

/// Asks whether the program is alive, directly and through Apache, and weighs its processes.
fn watch(front: &Front<'_>, way: Way, over: &AtomicBool, most_memory: &AtomicU64) {
    let daemon = front.daemon.as_ref().expect("a daemon");
    let direct = Visitor::at(Address::Unix(daemon.address.clone().into()));
    while !over.load(Ordering::Relaxed) {
        front.door.get("/healthz").expect(200);
        if way == Way::EmbeddedUnix {
            direct.get("/healthz").expect(200);
        } else {
            let answers = answers(&direct.raw(&Request::get("/healthz").bytes(1000)));
            assert_eq!(answers.iter().map(Answer::status).collect::<Vec<_>>(), ["200"]);
        }
        most_memory.fetch_max(memory(daemon.process.id()), Ordering::Relaxed);
    }
}

/// The memory of a process and of those it started: its own, and its share of what several have (PSS). Bytes.
fn memory(id: u32) -> u64 {
    let share = |id: u32| {
        let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
    };
    [vec![id], descendants(id)].concat().into_iter().map(share).sum()
}

/// Voters who each come at a time of their own, and come back when they are told to.
struct Crowd {
    ballots: Vec<Ballot>,
    queue: Mutex<Queue>,
    changed: Condvar,
}

struct Queue {
    /// When who comes, the earliest first.
    coming: BinaryHeap<Reverse<(Instant, usize)>>,
    /// How many have not been counted.
    left: usize,
    refusals: usize,
    random: Random,
}

impl Crowd {
    fn new(poll: &Poll) -> Self {
        let mut random = Random::new();
        let ballots: Vec<_> = (0..VOTES)
            .map(|_| Ballot { key: new_key(&mut random), choice: poll.choices[random.below(poll.choices.len())] })
            .collect();
        let begin = Instant::now();
        let count = u32::try_from(VOTES).expect("it fits");
        let coming = (0..count).map(|n| Reverse((begin + OFFERED_WITHIN * n / count, n as usize))).collect();
        let queue = Queue { coming, left: VOTES, refusals: 0, random };
        Self { ballots, queue: Mutex::new(queue), changed: Condvar::new() }
    }

    /// Votes for one after the other until nobody is left.
    fn vote(&self, mut booth: Booth) {
        while let Some(voter) = self.next() {
            let answer = booth.vote(&self.ballots[voter], || ());
            let mut queue = self.queue.lock().expect("a voter panicked");
            match answer {
                Ok(answer) if answer.status == 303 => queue.left -= 1,
                // Whoever is refused comes back when told to, and not all at the same moment.
                Ok(answer) => {
                    let wait = answer.retry_after.filter(|_| answer.status == 503);
                    let wait = wait.unwrap_or_else(|| panic!("neither counted nor asked to come back: {answer:?}"));
                    queue.refusals += 1;
                    queue.comes_after(wait * 1000, voter);
                }
                Err(error) => {
                    assert!(error.kind() != std::io::ErrorKind::InvalidData, "{error}");
                    queue.comes_after(500, voter);
                }
            }
            self.changed.notify_one();
            if queue.left == 0 {
                self.changed.notify_all();
            }
        }
    }

    /// Who comes next, once it is time.
    fn next(&self) -> Option<usize> {
        let mut queue = self.queue.lock().expect("a voter panicked");
        loop {
            if queue.left == 0 {
                return None;
            }
            let now = Instant::now();
            match queue.coming.peek() {
                Some(Reverse((at, _))) if *at <= now => {
                    return queue.coming.pop().map(|Reverse((_, voter))| voter);
                }
                Some(Reverse((at, _))) => {
                    let wait = *at - now;
                    queue = self.changed.wait_timeout(queue, wait).expect("a voter panicked").0;
                }
                None => queue = self.changed.wait(queue).expect("a voter panicked"),
            }
        }
    }

    fn refusals(&self) -> usize {
        self.queue.lock().expect("a voter panicked").refusals
    }

    /// All were acknowledged.
    fn votes(&self) -> HashMap<String, Vote> {
        let vote = |ballot: &Ballot| (ballot.key.clone(), Vote { choice: ballot.choice, acknowledged: true });
        self.ballots.iter().map(vote).collect()
    }
}

impl Queue {
    fn comes_after(&mut self, milliseconds: u64, voter: usize) {
        let jitter = self.random.next() % milliseconds.max(1);
        self.coming.push(Reverse((Instant::now() + Duration::from_millis(milliseconds + jitter), voter)));
    }
}
