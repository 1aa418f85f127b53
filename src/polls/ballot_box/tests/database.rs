//! A simulated database in memory. It keeps what was committed, and has the failures of real databases.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::random::Random;
use crate::db::DatabaseError;
use crate::polls::ballot::{BallotKind, Mark};
use crate::polls::ballot_box::Ballot;
use crate::polls::ballot_box::Voter;
use crate::polls::ballot_box::judge::{ChoiceFacts, CountedBallot, Facts, Judgement, PollFacts};
use crate::polls::ballot_box::session::{CommitBallots, Committed};
use crate::polls::rules::WhoVotes;

/// A choice that the judge knows and the database refuses: its ballots make a commit fail.
pub const POISON: i64 = 9;

/// What is kept when processes end.
pub struct Database {
    /// When each question closes. Not all questions are public.
    pub closes: BTreeMap<i64, u64>,
    pub choices: BTreeMap<i64, Choice>,
    /// The marks of each ballot, by question and voter.
    pub ballots: BTreeMap<(i64, String), Vec<Mark>>,
}

pub struct Choice {
    pub question: i64,
    pub opening: i32,
    pub votes: i32,
}

/// The rules of the simulated polls: an open one, one that browsers vote in once with ranks and may change their
/// ballots, and one that is not public.
pub fn poll(question: i64) -> PollFacts {
    match question {
        2 => PollFacts {
            kind: BallotKind::Ranked,
            who_votes: WhoVotes::Browser,
            may_change: true,
            ..PollFacts::default()
        },
        _ => PollFacts::default(),
    }
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
                (4, choice(2, 0)),
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
        let mut counted: HashMap<i64, HashMap<String, CountedBallot>> = HashMap::new();
        for ballot in ballots {
            let rules = poll(ballot.question);
            let voter = ballot.credentials.voter(rules.who_votes).filter(|voter| again || voter.may_be_known());
            let key = (ballot.question, voter.map_or_else(String::new, |voter| voter.id().to_owned()));
            if let Some(marks) = self.ballots.get(&key) {
                let ballot = CountedBallot { marks: Some(marks.clone()), is_aside: false };
                counted.entry(key.0).or_default().insert(key.1, ballot);
            }
        }
        let facts = |question: &i64| {
            (*question, PollFacts { is_public: true, is_closed: self.is_closed(*question, now), ..poll(*question) })
        };
        let choice = |(id, choice): (&i64, &Choice)| {
            (*id, ChoiceFacts { question: choice.question, votes: choice.votes, is_withdrawn: false, is_shown: true })
        };
        Facts {
            polls: self.closes.keys().map(facts).collect(),
            choices: self.choices.iter().map(choice).collect(),
            counted,
        }
    }

    /// Commits all of the judgement or nothing.
    fn commit(&mut self, judgement: &Judgement) -> Result<(), DatabaseError> {
        let violation = |kind| DatabaseError::Query(Diesel::DatabaseError(kind, Box::new("refused".to_owned())));
        if judgement.additions.keys().any(|(choice, _)| *choice == POISON) {
            return Err(violation(DatabaseErrorKind::ForeignKeyViolation));
        }
        let key = |question, voter: &Voter| (question, voter.id().to_owned());
        let replaced: BTreeMap<_, _> =
            judgement.replaced.iter().map(|ballot| (key(ballot.question, ballot.voter), ballot.marks)).collect();
        if replaced.iter().any(|(key, marks)| self.ballots.get(key).map(Vec::len) != Some(*marks)) {
            return Err(DatabaseError::Query(Diesel::NotFound));
        }
        let is_there = |key: &(i64, String)| self.ballots.contains_key(key) && !replaced.contains_key(key);
        if judgement.accepted.iter().any(|ballot| is_there(&key(ballot.question, ballot.voter))) {
            return Err(violation(DatabaseErrorKind::UniqueViolation));
        }
        self.ballots.retain(|key, _| !replaced.contains_key(key));
        for ((choice, _), votes) in &judgement.additions {
            self.choices.get_mut(choice).expect("the judge knows it").votes += votes;
        }
        let written = judgement.accepted.iter();
        self.ballots.extend(written.map(|ballot| (key(ballot.question, ballot.voter), ballot.marks.to_vec())));
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
                let written = judgement.accepted.iter().map(|ballot| ballot.position).collect();
                Ok(Committed { verdicts: judgement.verdicts, written })
            }
        }
    }

    /// Commits one of these votes first, as another process does to which the client has sent the same vote.
    fn overtake(&mut self, judgement: &Judgement) {
        let both = judgement.accepted.iter().find(|ballot| {
            ballot.voter.may_be_known()
                && judgement.replaced.iter().all(|replaced| replaced.voter != ballot.voter)
                && ballot.marks.iter().all(|mark| mark.choice != POISON)
        });
        if let Some(ballot) = both {
            let kind = poll(ballot.question).kind;
            let counted = ballot.marks.iter().filter(|mark| kind.is_counted_in_total(**mark));
            let additions = counted.map(|mark| ((mark.choice, ballot.question), 1)).collect();
            let first = Judgement { additions, accepted: vec![*ballot], ..Judgement::default() };
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
