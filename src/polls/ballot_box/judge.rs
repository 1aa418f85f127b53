//! Decides which ballots of a batch are counted. It uses only the facts that were read before, and no database.

use std::collections::{BTreeMap, HashMap};

use super::ballot::{Ballot, BallotVerdict, MAX_BATCH, Refusal};
use crate::seeded_bugs::{self, Bug};

/// The votes to add to each total, by choice and question, in ascending order of the choices' ids.
pub(super) type Additions = BTreeMap<(i64, i64), i32>;

/// What the database has about the questions, choices and voters that a batch names.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The public questions, and whether each is closed.
    pub public: BTreeMap<i64, bool>,
    /// The question and the total of each choice.
    pub choices: BTreeMap<i64, (i64, i32)>,
    /// By question, the choice of each voter whose ballot is counted already.
    pub counted: HashMap<i64, HashMap<String, i64>>,
}

/// The decision on a batch.
#[derive(Debug, Default)]
pub(super) struct Judgement<'a> {
    /// The verdict on each ballot, in their order.
    pub verdicts: Vec<BallotVerdict>,
    /// The votes to add to the totals.
    pub additions: Additions,
    /// The ballots to write, each with its position in the batch.
    pub accepted: Vec<(usize, &'a Ballot)>,
}

impl Facts {
    pub fn judge(mut self, ballots: &[Ballot]) -> Judgement<'_> {
        let mut judgement = Judgement::default();
        for (position, ballot) in ballots.iter().enumerate() {
            let verdict = match self.counted.get(&ballot.question).and_then(|voters| voters.get(ballot.voter.id())) {
                // A ballot that was counted before is acknowledged again, even if the question has been closed since.
                Some(choice) if *choice == ballot.choice => Ok(()),
                Some(_) => Err(Refusal::VotedOtherwise),
                None => {
                    let verdict = self.verdict(ballot);
                    if verdict.is_ok() {
                        *judgement.additions.entry((ballot.choice, ballot.question)).or_default() += 1;
                        judgement.accepted.push((position, ballot));
                        self.remember(ballot);
                    }
                    verdict
                }
            };
            judgement.verdicts.push(verdict);
        }
        if seeded_bugs::strikes(Bug::TotalWithoutBallots) {
            judgement.accepted.clear();
        }
        judgement
    }

    fn verdict(&self, ballot: &Ballot) -> BallotVerdict {
        match self.public.get(&ballot.question) {
            None => return Err(Refusal::NoSuchQuestion),
            Some(true) => return Err(Refusal::Closed),
            Some(false) => {}
        }
        match self.choices.get(&ballot.choice) {
            Some((question, _)) if *question != ballot.question => Err(Refusal::NoSuchChoice),
            None => Err(Refusal::NoSuchChoice),
            // There must be room for a whole transaction, so that no total overflows within one.
            Some((_, votes)) if *votes > i32::MAX - MAX_BATCH => Err(Refusal::Full),
            Some(_) => Ok(()),
        }
    }

    /// Adds a ballot to the facts, for another ballot of the same voter in the same batch.
    fn remember(&mut self, ballot: &Ballot) {
        if ballot.voter.may_be_known() {
            let voters = self.counted.entry(ballot.question).or_default();
            voters.insert(ballot.voter.id().to_owned(), ballot.choice);
        }
    }
}
