//! A simulated database in memory. It keeps what was committed, and has the failures of real databases.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::random::Random;
use crate::db::DatabaseError;
use crate::polls::ballot_box::Ballot;
use crate::polls::ballot_box::judge::{Facts, Judgement};
use crate::polls::ballot_box::session::{CommitBallots, Committed};

/// A choice that the judge knows and the database refuses: its ballots make a commit fail.
pub const POISON: i64 = 9;

/// What is kept when processes end.
pub struct Database {
    /// When each question closes. Not all questions are public.
    pub closes: BTreeMap<i64, u64>,
    pub choices: BTreeMap<i64, Choice>,
    /// The choice of each ballot, by question and voter.
    pub ballots: BTreeMap<(i64, String), i64>,
}

pub struct Choice {
    pub question: i64,
    pub opening: i32,
    pub votes: i32,
}

impl Database {
    /// Has two public questions and one that is not public.
    pub fn new() -> Self {
        let choice = |question, opening| Choice { question, opening, votes: opening };
        Self {
            closes: [(1, u64::MAX), (2, u64::MAX)].into(),
            choices: [
                (1, choice(1, 0)),
                (2, choice(1, 0)),
                (POISON, choice(1, 0)),
                (3, choice(2, 10)),
                (5, choice(3, 0)),
            ]
            .into(),
            ballots: BTreeMap::new(),
        }
    }

    pub fn is_closed(&self, question: i64, now: u64) -> bool {
        self.closes.get(&question).is_some_and(|close| *close <= now)
    }

    fn facts(&self, ballots: &[Ballot], again: bool, now: u64) -> Facts {
        let mut counted: HashMap<i64, HashMap<String, i64>> = HashMap::new();
        for ballot in ballots.iter().filter(|ballot| again || ballot.voter.may_be_known()) {
            let key = (ballot.question, ballot.voter.id().to_owned());
            if let Some(choice) = self.ballots.get(&key) {
                counted.entry(key.0).or_default().insert(key.1, *choice);
            }
        }
        Facts {
            public: self.closes.keys().map(|question| (*question, self.is_closed(*question, now))).collect(),
            choices: self.choices.iter().map(|(id, choice)| (*id, (choice.question, choice.votes))).collect(),
            counted,
        }
    }

    /// Commits all of the judgement or nothing.
    fn commit(&mut self, judgement: &Judgement) -> Result<(), DatabaseError> {
        let violation = |kind| DatabaseError::Query(Diesel::DatabaseError(kind, Box::new("refused".to_owned())));
        if judgement.additions.keys().any(|(choice, _)| *choice == POISON) {
            return Err(violation(DatabaseErrorKind::ForeignKeyViolation));
        }
        let key = |ballot: &Ballot| (ballot.question, ballot.voter.id().to_owned());
        if judgement.accepted.iter().any(|(_, ballot)| self.ballots.contains_key(&key(ballot))) {
            return Err(violation(DatabaseErrorKind::UniqueViolation));
        }
        for ((choice, _), votes) in &judgement.additions {
            self.choices.get_mut(choice).expect("the judge knows it").votes += votes;
        }
        self.ballots.extend(judgement.accepted.iter().map(|(_, ballot)| (key(ballot), ballot.choice)));
        Ok(())
    }
}

/// What all simulated processes share: the database, the clock, and the random failures.
pub struct Shared {
    pub database: Database,
    pub now: u64,
    pub random: Random,
    /// How many writes of a hundred fail.
    pub trouble: usize,
    /// Until this time no connection can be made.
    pub down_until: u64,
    /// Whether the process that was writing has been killed.
    pub killed: bool,
    /// Whether a commit was reported as a failed query.
    pub misreported: bool,
    /// How often each event has happened.
    pub events: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Busy,
    Unreachable,
    Slow,
    /// Another process commits the same vote first.
    Overtaken,
    /// The commit succeeds, but its answer is lost.
    Unanswered,
    Misreported,
    PanicBefore,
    PanicAfter,
    KilledBefore,
    KilledAfter,
}

const TROUBLES: [Trouble; 10] = [
    Trouble::Busy,
    Trouble::Unreachable,
    Trouble::Slow,
    Trouble::Overtaken,
    Trouble::Unanswered,
    Trouble::Misreported,
    Trouble::PanicBefore,
    Trouble::PanicAfter,
    Trouble::KilledBefore,
    Trouble::KilledAfter,
];

impl Shared {
    pub fn note(&mut self, event: &'static str) {
        *self.events.entry(event).or_default() += 1;
    }

    fn trouble(&mut self) -> Option<Trouble> {
        let trouble = self.random.in_100(self.trouble).then(|| self.random.one_of(&TROUBLES));
        match trouble? {
            Trouble::Busy => self.note("busy"),
            Trouble::Unreachable => {
                self.down_until = self.now + self.random.below(8) as u64;
                self.note("unreachable");
            }
            Trouble::Slow => self.now += self.random.below(20) as u64,
            Trouble::Unanswered => self.note("a commit's answer lost"),
            Trouble::Misreported => self.misreported = true,
            Trouble::PanicBefore | Trouble::PanicAfter => self.note("a panic"),
            Trouble::KilledBefore | Trouble::KilledAfter => {
                self.killed = true;
                self.note("killed while writing");
            }
            Trouble::Overtaken => {}
        }
        trouble
    }

    fn write(&mut self, ballots: &[Ballot], again: bool) -> Result<Committed, DatabaseError> {
        self.now += 1;
        if self.now < self.down_until {
            return Err(DatabaseError::Unreachable("the network is down".to_owned()));
        }
        let trouble = self.trouble();
        match trouble {
            Some(Trouble::Busy) => return Err(DatabaseError::Busy("somebody holds a lock".to_owned())),
            Some(Trouble::Unreachable) => return Err(DatabaseError::Unreachable("connection refused".to_owned())),
            Some(Trouble::PanicBefore | Trouble::KilledBefore) => unwind(),
            _ => {}
        }
        let facts = self.database.facts(ballots, again, self.now);
        if facts.counted.values().any(|voters| !voters.is_empty()) {
            self.note("a ballot found in the box");
        }
        let judgement = facts.judge(ballots);
        if trouble == Some(Trouble::Overtaken) {
            self.overtake(&judgement);
        }
        self.database.commit(&judgement)?;
        match trouble {
            Some(Trouble::Unanswered) => Err(DatabaseError::Unreachable("server closed the connection".to_owned())),
            Some(Trouble::Misreported) => Err(DatabaseError::Query(Diesel::RollbackTransaction)),
            Some(Trouble::PanicAfter | Trouble::KilledAfter) => unwind(),
            _ => {
                let written = judgement.accepted.iter().map(|(position, _)| *position).collect();
                Ok(Committed { verdicts: judgement.verdicts, written })
            }
        }
    }

    /// Commits one of these votes first, as another process does to which the client has sent the same vote.
    fn overtake(&mut self, judgement: &Judgement) {
        let both = judgement.accepted.iter().find(|(_, ballot)| ballot.voter.may_be_known() && ballot.choice != POISON);
        if let Some((position, ballot)) = both {
            let additions = [((ballot.choice, ballot.question), 1)].into();
            let first = Judgement { additions, accepted: vec![(*position, *ballot)], ..Judgement::default() };
            if self.database.commit(&first).is_ok() {
                self.note("overtaken by another process");
            }
        }
    }
}

/// Panics without a message on standard error.
fn unwind() -> ! {
    std::panic::resume_unwind(Box::new("as the simulation wanted"))
}

/// The session of a simulated process with this database.
pub struct SimulatedSession(pub Rc<RefCell<Shared>>);

impl CommitBallots for SimulatedSession {
    fn commit(&mut self, ballots: &[Ballot], again: bool) -> Result<Committed, DatabaseError> {
        self.0.borrow_mut().write(ballots, again)
    }

    fn disconnect(&mut self) {}
}
