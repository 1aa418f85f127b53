//! What the voters know of their votes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use crate::support::{Poll, Random};

/// A vote as it is sent, again and again until it is acknowledged.
#[derive(Debug, Clone)]
pub struct Ballot {
    pub key: String,
    pub choice: i64,
}

/// A vote as its voter knows it.
#[derive(Debug, Clone, Copy)]
pub struct Vote {
    pub choice: i64,
    pub acknowledged: bool,
}

/// A key that no other vote has.
pub fn new_key(random: &mut Random) -> String {
    format!("vote-{:016x}{:016x}", random.next(), random.next())
}

pub struct Ledger {
    pub poll: Poll,
    state: Mutex<State>,
}

struct State {
    votes: HashMap<String, Vote>,
    /// Those without an answer, or whose answer was to come back later; and those on their way.
    unanswered: Vec<Ballot>,
    under_way: Vec<Ballot>,
    acknowledged: Vec<Ballot>,
    random: Random,
}

impl Ledger {
    pub fn new(poll: Poll) -> Self {
        let state = State {
            votes: HashMap::new(),
            unanswered: Vec::new(),
            under_way: Vec::new(),
            acknowledged: Vec::new(),
            random: Random::new(),
        };
        Self { poll, state: Mutex::new(state) }
    }

    /// What a voter sends next: mostly a vote without an answer, or else a new one; now and then one that was
    /// acknowledged long ago or that another voter is just sending, as when somebody clicks twice.
    pub fn next(&self) -> Ballot {
        let state = &mut *self.lock();
        let again = [&state.acknowledged, &state.under_way].into_iter().find_map(|ballots| {
            let twice = state.random.one_in(10) && !ballots.is_empty();
            twice.then(|| ballots[state.random.below(ballots.len())].clone())
        });
        let ballot = again.or_else(|| state.unanswered.pop()).unwrap_or_else(|| {
            let key = new_key(&mut state.random);
            let choice = self.poll.choices[state.random.below(self.poll.choices.len())];
            state.votes.insert(key.clone(), Vote { choice, acknowledged: false });
            Ballot { key, choice }
        });
        state.under_way.push(ballot.clone());
        ballot
    }

    /// A vote without an answer, if there is one.
    pub fn unanswered(&self) -> Option<Ballot> {
        let state = &mut *self.lock();
        let ballot = state.unanswered.pop()?;
        state.under_way.push(ballot.clone());
        Some(ballot)
    }

    /// The program said that the vote counts.
    pub fn acknowledged(&self, ballot: Ballot) {
        let state = &mut *self.lock();
        state.left(&ballot);
        let vote = state.votes.get_mut(&ballot.key).expect("only votes of ours are sent");
        if !vote.acknowledged {
            vote.acknowledged = true;
            state.acknowledged.push(ballot);
        }
    }

    /// The program said nothing, or not now: it may have been counted.
    pub fn not_acknowledged(&self, ballot: Ballot) {
        let state = &mut *self.lock();
        state.left(&ballot);
        if !state.votes[&ballot.key].acknowledged {
            state.unanswered.push(ballot);
        }
    }

    pub fn votes(&self) -> HashMap<String, Vote> {
        self.lock().votes.clone()
    }

    /// A number between 0 and a bound.
    pub fn random(&self, bound: usize) -> usize {
        self.lock().random.below(bound)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a voter panicked")
    }
}

impl State {
    fn left(&mut self, ballot: &Ballot) {
        let at = self.under_way.iter().position(|other| other.key == ballot.key).expect("it was on its way");
        self.under_way.swap_remove(at);
    }
}
