//! Simulated clients and processes, and what happens to them. A seed decides the order.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};

use super::database::{Database, POISON, Shared, SimulatedSession, poll};
use super::random::Random;
use crate::db::DatabaseError;
use crate::polls::ballot::Mark;
use crate::polls::ballot_box::replies::{ReplyBatch, ReplyChannel, deliver};
use crate::polls::ballot_box::writer::Writer;
use crate::polls::ballot_box::writer_state::WriterState;
use crate::polls::ballot_box::{Ballot, CastOutcome, Credentials, NotCast, Queue, Refusal, Voter};
use crate::polls::idempotency_key::IdempotencyKey;

/// The result of a seed: how often each event happened, or which promise was broken.
pub type Ending = Result<BTreeMap<&'static str, usize>, String>;

pub struct World {
    random: Random,
    shared: Rc<RefCell<Shared>>,
    processes: Vec<Process>,
    votes: Vec<Vote>,
    attempts: Vec<Attempt>,
    /// Whether to print what happens.
    aloud: bool,
}

struct Process {
    queue: Queue,
    writer: Writer<SimulatedSession>,
    places: usize,
    replies: ReplyChannel,
    received: mpsc::UnboundedReceiver<ReplyBatch>,
}

/// A vote that a person wants counted once, in one or several requests.
struct Vote {
    question: i64,
    choice: i64,
    /// In an open poll a key of its own; elsewhere the browser. Without one every request is another voter.
    key: Option<IdempotencyKey>,
}

/// One request of a client.
struct Attempt {
    vote: usize,
    marks: Vec<Mark>,
    voter: Voter,
    answer: Option<oneshot::Receiver<CastOutcome>>,
    said: Option<Said>,
}

/// What the client knows in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Counted,
    Refused(Refusal),
    /// Refused because the queue was full.
    NotTaken,
    Unknown,
}

/// Fails the seed with this text unless the promise holds.
macro_rules! promise {
    ($holds:expr, $($text:tt)+) => {
        if !$holds {
            return Err(format!($($text)+));
        }
    };
}

impl World {
    pub fn new(seed: u64, aloud: bool) -> Self {
        let mut random = Random::new(seed);
        let shared = Shared {
            database: Database::new(),
            now: 0,
            random: Random::new(!seed),
            trouble: random.one_of(&[0, 5, 20, 60]),
            down_until: 0,
            killed: false,
            misreported: false,
            events: BTreeMap::new(),
        };
        let shared = Rc::new(RefCell::new(shared));
        let processes = (0..=random.below(2)).map(|_| Process::new(&shared, &mut random)).collect();
        let votes = (0..=random.below(12)).map(|number| Vote::new(number, &mut random)).collect();
        Self { random, shared, processes, votes, attempts: Vec::new(), aloud }
    }

    pub fn run(mut self) -> Ending {
        for _ in 0..20 + self.random.below(100) {
            self.happen()?;
            self.hear()?;
        }
        self.heal()?;
        self.close()?;
        self.check()?;
        Ok(std::mem::take(&mut self.shared.borrow_mut().events))
    }

    fn happen(&mut self) -> Result<(), String> {
        let (vote, process) = (self.random.below(self.votes.len()), self.random.below(self.processes.len()));
        match self.random.below(100) {
            0..40 => self.step(process),
            40..80 => {
                let wanted = self.votes[vote].choice;
                // A client without a key does not send its vote a second time.
                if self.votes[vote].key.is_some() || self.attempts.iter().all(|attempt| attempt.vote != vote) {
                    self.cast(vote, wanted, process)?;
                }
            }
            80..84 if self.votes[vote].key.is_some() => {
                let other = self.random.one_of(&[1, 2, 3]);
                self.cast(vote, other, process)?;
            }
            84..90 if !self.attempts.is_empty() => {
                let attempt = self.random.below(self.attempts.len());
                if self.attempts[attempt].answer.take().is_some() {
                    self.tell(|| format!("the client of attempt {attempt} leaves"));
                    self.attempts[attempt].said = Some(Said::Unknown);
                }
            }
            90..94 => self.shared.borrow_mut().now += 5,
            94 => {
                let question = self.random.one_of(&[1, 2]);
                let mut shared = self.shared.borrow_mut();
                let close = shared.now.min(shared.database.closes[&question]);
                shared.database.closes.insert(question, close);
                shared.note("a poll closed");
            }
            95..97 => self.shut_down(process)?,
            97 => {
                self.tell(|| format!("process {process} is killed"));
                self.replace(process);
            }
            _ => {}
        }
        Ok(())
    }

    /// Lets one process write one batch.
    fn step(&mut self, process: usize) {
        let most = 1 + self.random.below(8);
        let running = &mut self.processes[process];
        if running.queue.waiting() == 0 {
            return;
        }
        if running.queue.waiting().min(most) > 1 {
            self.shared.borrow_mut().note("a batch of several");
        }
        running.writer.step(most);
        self.tell(|| format!("process {process} writes at most {most}"));
        if std::mem::take(&mut self.shared.borrow_mut().killed) {
            self.replace(process);
        }
    }

    fn cast(&mut self, vote: usize, choice: i64, process: usize) -> Result<(), String> {
        let Vote { question, key, .. } = &self.votes[vote];
        let voter = key.as_ref().map_or_else(Voter::fresh, Voter::of_key);
        let marks = self.random.marks(*question, choice);
        let Process { queue, places, replies, .. } = &self.processes[process];
        let room = places - queue.waiting();
        let (answer, said) = match queue.put(ballot(*question, &marks, &voter), replies.clone()) {
            Ok(answer) => (Some(answer), None),
            Err(NotCast::Full) => {
                promise!(room == 0, "a vote was turned away although there was room for {room}");
                self.shared.borrow_mut().note("a full queue");
                (None, Some(Said::NotTaken))
            }
            Err(error) => return Err(format!("a vote was not taken: {error}")),
        };
        promise!(queue.waiting() <= *places, "{} votes wait in {places} places", queue.waiting());
        let attempt = self.attempts.len();
        self.tell(|| format!("attempt {attempt}: vote {vote} with {marks:?} at process {process}: {said:?}"));
        self.attempts.push(Attempt { vote, marks, voter, answer, said });
        Ok(())
    }

    /// Shuts down a process as `BallotBox::close` does: it writes what is waiting until its time is over.
    fn shut_down(&mut self, process: usize) -> Result<(), String> {
        self.tell(|| format!("process {process} shuts down"));
        self.shared.borrow_mut().note("a shutdown");
        let patience = self.random.one_of(&[0, 1, 3, 1000]);
        let (mut told, mut patience) = (false, patience);
        while patience > 0 {
            patience -= 1;
            told = told || self.processes[process].queue.close();
            if self.random.in_100(20) {
                let vote = self.random.below(self.votes.len());
                if self.votes[vote].key.is_some() {
                    self.cast(vote, self.votes[vote].choice, process)?;
                }
            }
            let most = 1 + self.random.below(8);
            let open = self.processes[process].writer.step(most);
            self.hear()?;
            let killed = std::mem::take(&mut self.shared.borrow_mut().killed);
            if !open || killed {
                break;
            }
        }
        self.replace(process);
        Ok(())
    }

    /// Replaces a process that has ended by a new one on the same database.
    fn replace(&mut self, process: usize) {
        self.processes[process] = Process::new(&self.shared, &mut self.random);
    }

    /// Receives the answers that have arrived, and checks each against the database.
    fn hear(&mut self) -> Result<(), String> {
        for Process { received, .. } in &mut self.processes {
            while let Ok(replies) = received.try_recv() {
                deliver(replies);
            }
        }
        for number in 0..self.attempts.len() {
            let attempt = &mut self.attempts[number];
            let outcome = match attempt.answer.as_mut().map(oneshot::Receiver::try_recv) {
                None | Some(Err(TryRecvError::Empty)) => continue,
                Some(Ok(outcome)) => outcome,
                Some(Err(TryRecvError::Closed)) => Err(NotCast::Stopped),
            };
            attempt.answer = None;
            let said = self.judged(number, &outcome)?;
            self.attempts[number].said = Some(said);
            self.tell(|| format!("attempt {number} hears {said:?}"));
        }
        Ok(())
    }

    fn judged(&self, number: usize, outcome: &CastOutcome) -> Result<Said, String> {
        let (attempt, shared) = (&self.attempts[number], self.shared.borrow());
        let question = self.votes[attempt.vote].question;
        let stored = shared.database.ballots.get(&(question, attempt.voter.id().to_owned()));
        let has_marks = stored == Some(&attempt.marks);
        match outcome {
            Ok(Ok(())) => {
                // Where voters may change their ballots, a later one may be stored by now.
                promise!(
                    has_marks || (poll(question).may_change && stored.is_some()),
                    "attempt {number} was acknowledged, and its ballot is {stored:?}"
                );
                return Ok(Said::Counted);
            }
            Ok(Err(refusal)) => {
                // Another choice may have been counted under the same key after this answer was given.
                let absent = !has_marks;
                let is_of_question = |mark: &Mark| {
                    shared.database.choices.get(&mark.choice).is_some_and(|choice| choice.question == question)
                };
                let right = match refusal {
                    Refusal::VotedOtherwise => absent && stored.is_some(),
                    Refusal::NoSuchQuestion => absent && question == 3,
                    Refusal::Closed => absent && shared.database.is_closed(question, shared.now),
                    Refusal::NoSuchChoice => absent && !attempt.marks.iter().all(is_of_question),
                    Refusal::Full | Refusal::Withdrawn | Refusal::Marks(_) | Refusal::Unidentified(_) => false,
                };
                promise!(right, "attempt {number} was refused as {refusal:?}, and its ballot is {stored:?}");
                return Ok(Said::Refused(*refusal));
            }
            Err(NotCast::Database(DatabaseError::Query(error))) => {
                let own = attempt.marks.iter().any(|mark| mark.choice == POISON) || shared.misreported;
                promise!(own, "attempt {number} failed for what another ballot did: {error}");
            }
            Err(_) => {}
        }
        Ok(Said::Unknown)
    }

    /// Ends all failures; then every client with a key sends its vote again until it has an answer.
    fn heal(&mut self) -> Result<(), String> {
        self.tell(|| "the trouble ends".to_owned());
        {
            let mut shared = self.shared.borrow_mut();
            (shared.trouble, shared.down_until, shared.misreported) = (0, 0, false);
        }
        self.drain()?;
        for vote in 0..self.votes.len() {
            let Vote { key, choice, .. } = &self.votes[vote];
            let (has_key, choice) = (key.is_some(), *choice);
            let settled = |world: &Self| {
                let mut of_vote = world.attempts.iter().filter(|attempt| attempt.vote == vote);
                of_vote.any(|attempt| matches!(attempt.said, Some(Said::Counted | Said::Refused(_))))
            };
            if has_key && choice != POISON && !settled(self) {
                let process = self.random.below(self.processes.len());
                self.cast(vote, choice, process)?;
                self.drain()?;
                promise!(settled(self), "vote {vote} is not answered although nothing is wrong");
            }
        }
        Ok(())
    }

    fn drain(&mut self) -> Result<(), String> {
        for process in 0..self.processes.len() {
            while self.processes[process].queue.waiting() > 0 {
                self.step(process);
                self.hear()?;
            }
        }
        Ok(())
    }

    /// Closes all processes, and checks that every request has an answer and that no further vote is accepted.
    fn close(&mut self) -> Result<(), String> {
        let vote = self.random.below(self.votes.len());
        for Process { queue, mut writer, replies, .. } in std::mem::take(&mut self.processes) {
            promise!(queue.close(), "there is no room to say that an empty box is closed");
            promise!(!writer.step(1), "a closed box goes on");
            drop(writer);
            let Vote { question, choice, .. } = self.votes[vote];
            let marks = [Mark { choice, value: 1 }];
            let late = queue.put(ballot(question, &marks, &Voter::fresh()), replies);
            promise!(matches!(late, Err(NotCast::Closed)), "a closed box takes votes");
        }
        self.hear()?;
        let unanswered = self.attempts.iter().position(|attempt| attempt.said.is_none());
        promise!(unanswered.is_none(), "attempt {unanswered:?} was never answered");
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        let database = &self.shared.borrow().database;
        for (id, choice) in &database.choices {
            let kind = poll(choice.question).kind;
            let counted = |mark: &&Mark| mark.choice == *id && kind.is_counted_in_total(**mark);
            let ballots = database.ballots.values().flatten().filter(counted).count();
            let (votes, opening) = (choice.votes, choice.opening);
            promise!(
                i32::try_from(ballots).is_ok_and(|ballots| votes == opening + ballots),
                "choice {id} has {votes} votes: {opening} to begin with, and {ballots} ballots"
            );
        }
        let mut known = BTreeSet::new();
        for (number, attempt) in self.attempts.iter().enumerate() {
            let key = (self.votes[attempt.vote].question, attempt.voter.id().to_owned());
            let stored = database.ballots.get(&key);
            let is_stored = stored == Some(&attempt.marks);
            let counted = is_stored || (poll(key.0).may_change && stored.is_some());
            let keyed = self.votes[attempt.vote].key.is_some();
            match attempt.said {
                Some(Said::Counted) => promise!(counted, "attempt {number} was acknowledged, and its ballot is gone"),
                Some(Said::Refused(refusal)) => {
                    promise!(!is_stored, "attempt {number} was refused as {refusal:?}, and counted");
                }
                Some(Said::NotTaken) => promise!(keyed || !is_stored, "attempt {number} was turned away, and counted"),
                Some(Said::Unknown) | None => {}
            }
            known.insert((key, attempt.marks.clone()));
        }
        for (key, marks) in &database.ballots {
            promise!(known.contains(&(key.clone(), marks.clone())), "nobody cast the ballot {key:?} with {marks:?}");
        }
        for vote in 0..self.votes.len() {
            let question = self.votes[vote].question;
            let of_vote = self.attempts.iter().filter(|attempt| attempt.vote == vote);
            let voters: BTreeSet<_> = of_vote.map(|attempt| (question, attempt.voter.id().to_owned())).collect();
            let ballots = voters.iter().filter(|voter| database.ballots.contains_key(*voter)).count();
            promise!(ballots <= 1, "vote {vote} was counted {ballots} times");
        }
        Ok(())
    }

    fn tell(&self, what: impl FnOnce() -> String) {
        if self.aloud {
            eprintln!("{:>5}  {}", self.shared.borrow().now, what());
        }
    }
}

/// A ballot of this voter, as an open poll and a poll of browsers want to know it.
fn ballot(question: i64, marks: &[Mark], voter: &Voter) -> Ballot {
    let voter = Some(voter.clone());
    let credentials = Credentials { request: voter.clone(), browser: voter, ..Credentials::default() };
    Ballot { question, marks: marks.to_vec(), written: None, credentials }
}

impl Process {
    fn new(shared: &Rc<RefCell<Shared>>, random: &mut Random) -> Self {
        let places = 2 + random.below(10);
        let (queue, votes) = Queue::new(places);
        let (replies, received) = ReplyChannel::new();
        Self {
            queue,
            writer: Writer::new(Arc::new(WriterState::new(votes, None)), SimulatedSession(Rc::clone(shared))),
            places,
            replies,
            received,
        }
    }
}

impl Vote {
    fn new(number: usize, random: &mut Random) -> Self {
        let question = random.one_of(&[1, 1, 1, 2, 2, 3]);
        let own = match question {
            1 => random.one_of(&[1, 2]),
            2 => 3,
            _ => 5,
        };
        let choice = if random.in_100(80) { own } else { random.one_of(&[1, 3, 77, POISON]) };
        let key = random.in_100(60).then(|| {
            let header = HeaderName::from_static("idempotency-key");
            let value = HeaderValue::try_from(format!("the key of client number {number}")).expect("a value");
            let headers: HeaderMap = [(header, value)].into_iter().collect();
            IdempotencyKey::of(&headers).expect("a proper key").expect("a key")
        });
        Self { question, choice, key }
    }
}
