//! The last secret ballots of this process. The database cannot say what a voter of a secret poll has marked, so a ballot
//! that is sent twice, by a double click or because its answer was lost, is known again by this memory only.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

use super::ballot::Ballot;
use super::judge::{Accepted, Facts};
use crate::polls::ballot::Mark;

/// How many ballots each half of the memory holds.
const HALF: usize = 4096;

/// Hashes of ballots with their voters, by a random key of this process. When the younger half is full, the older one is
/// forgotten.
#[derive(Debug, Default)]
pub(super) struct RecentBallots {
    key: RandomState,
    younger: HashSet<u64>,
    older: HashSet<u64>,
}

impl RecentBallots {
    /// Gives voters who are only known to have voted the marks of their ballots in the batch, if they cast just these.
    pub fn recall(&self, facts: &mut Facts, ballots: &[Ballot]) {
        if !facts.has_secret_polls() {
            return;
        }
        for ballot in ballots {
            let Some(voter) = ballot.credentials.voter(facts.poll(ballot.question).who_votes) else { continue };
            let of_question = facts.counted.get_mut(&ballot.question);
            let Some(counted) = of_question.and_then(|voters| voters.get_mut(voter.id())) else { continue };
            let hash = self.hash(ballot.question, voter.id(), &ballot.marks);
            if counted.marks.is_none() && (self.younger.contains(&hash) || self.older.contains(&hash)) {
                counted.marks = Some(ballot.marks.clone());
            }
        }
    }

    /// Remembers the secret ones of ballots that are about to be written.
    pub fn note(&mut self, accepted: &[Accepted]) {
        for ballot in accepted.iter().filter(|ballot| ballot.is_secret) {
            if self.younger.len() >= HALF {
                self.older = std::mem::take(&mut self.younger);
            }
            self.younger.insert(self.hash(ballot.question, ballot.voter.id(), ballot.marks));
        }
    }

    fn hash(&self, question: i64, voter: &str, marks: &[Mark]) -> u64 {
        let marks: Vec<_> = marks.iter().map(|mark| (mark.choice, mark.value)).collect();
        self.key.hash_one((question, voter, marks))
    }
}
