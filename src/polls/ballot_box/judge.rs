//! Decides which ballots of a batch are counted. It uses only the facts that were read before, and no database.

use std::collections::{BTreeMap, HashMap};

use super::ballot::{Ballot, BallotVerdict, MAX_BATCH, Refusal};
use super::voter::Voter;
use crate::polls::ballot::{BallotKind, BallotRules, Mark, MarkBounds};
use crate::polls::rules::WhoVotes;
use crate::seeded_bugs::{self, Bug};

/// The votes to add to each total, by choice and question, in ascending order of the choices' ids.
pub(super) type Additions = BTreeMap<(i64, i64), i32>;

/// What the database has about the questions, choices and voters that a batch names.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub polls: BTreeMap<i64, PollFacts>,
    pub choices: BTreeMap<i64, ChoiceFacts>,
    /// By question, the ballot of each voter whose ballot is counted already.
    pub counted: HashMap<i64, HashMap<String, CountedBallot>>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PollFacts {
    pub is_public: bool,
    pub is_closed: bool,
    pub kind: BallotKind,
    pub min_choices: i16,
    pub max_choices: i16,
    /// How many choices can be marked; None if no ballot of the batch is so short that it matters.
    pub choices: Option<usize>,
    pub who_votes: WhoVotes,
    /// Whether a voter's later ballot replaces the earlier one.
    pub may_change: bool,
    /// Whether ballots are stored without their voters.
    pub is_secret: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ChoiceFacts {
    pub question: i64,
    /// The total.
    pub votes: i32,
    pub is_withdrawn: bool,
    /// False for an answer of a voter that staff have not accepted.
    pub is_shown: bool,
}

/// A ballot in the database.
#[derive(Debug, Clone, Default)]
pub(super) struct CountedBallot {
    /// In the order of `ballot::sorted`; None for a voter of a secret poll, of whom it is only known that they voted.
    pub marks: Option<Vec<Mark>>,
    /// Whether some of the marks are in `polls_deleted_ballot`: such a ballot cannot be replaced.
    pub is_aside: bool,
}

/// The decision on a batch.
#[derive(Debug, Default)]
pub(super) struct Judgement<'a> {
    /// The verdict on each ballot, in their order.
    pub verdicts: Vec<BallotVerdict>,
    /// The votes to add to the totals.
    pub additions: Additions,
    /// The ballots to write.
    pub accepted: Vec<Accepted<'a>>,
    /// The ballots to delete before, because they are replaced or withdrawn.
    pub replaced: Vec<Replaced<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Accepted<'a> {
    /// Its position in the batch.
    pub position: usize,
    pub question: i64,
    pub voter: &'a Voter,
    pub marks: &'a [Mark],
    /// Whether it is stored without its voter.
    pub is_secret: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Replaced<'a> {
    pub question: i64,
    pub voter: &'a Voter,
    /// How many marks the ballot has.
    pub marks: usize,
}

impl PollFacts {
    /// Whether a ballot with these marks has too few of them, unless the poll has no more choices.
    pub fn is_short(&self, marks: &[Mark]) -> bool {
        let least = MarkBounds::of(self.min_choices, self.max_choices, usize::MAX).least;
        self.kind == BallotKind::Several && (1..least).contains(&marks.len())
    }

    /// Checks marks of which each is for a choice of the poll.
    fn check(&self, marks: &[Mark]) -> BallotVerdict {
        if self.kind == BallotKind::Single && matches!(marks, [Mark { value: 1, .. }]) {
            return Ok(());
        }
        let bounds = MarkBounds::of(self.min_choices, self.max_choices, self.choices.unwrap_or(usize::MAX));
        let rules = BallotRules {
            kind: self.kind,
            min: bounds.least,
            max: bounds.most.unwrap_or(0),
            choices: marks.iter().map(|mark| mark.choice).collect(),
            ..BallotRules::default()
        };
        rules.check(marks.to_vec()).map(drop).map_err(Refusal::Marks)
    }
}

/// What is to be done with a ballot that is not refused.
enum Decision<'a> {
    /// It is counted already.
    Nothing,
    Write(&'a Voter),
}

impl Facts {
    pub fn judge(mut self, ballots: &[Ballot]) -> Judgement<'_> {
        let mut judgement = Judgement::default();
        for (position, ballot) in ballots.iter().enumerate() {
            let verdict = self.decide(ballot).map(|decision| {
                if let Decision::Write(voter) = decision {
                    self.accept(position, ballot, voter, &mut judgement);
                }
            });
            judgement.verdicts.push(verdict);
        }
        judgement.additions.retain(|_, votes| *votes != 0);
        if seeded_bugs::strikes(Bug::TotalWithoutBallots) {
            judgement.accepted.clear();
        }
        judgement
    }

    fn decide<'a>(&self, ballot: &'a Ballot) -> Result<Decision<'a>, Refusal> {
        let poll = self.poll(ballot.question);
        let voter = ballot.credentials.voter(poll.who_votes);
        let counted = voter.and_then(|voter| self.counted_of(ballot.question, voter));
        match counted {
            // A ballot that was counted before is acknowledged again, even if the question has been closed or deleted
            // since.
            Some(counted) if counted.marks.as_ref() == Some(&ballot.marks) => return Ok(Decision::Nothing),
            Some(counted) if counted.is_aside || !poll.may_change => return Err(Refusal::VotedOtherwise),
            _ if !poll.is_public => return Err(Refusal::NoSuchQuestion),
            _ if poll.is_closed => return Err(Refusal::Closed),
            // Withdrawn already, or never cast.
            None if ballot.marks.is_empty() => return Ok(Decision::Nothing),
            _ => {}
        }
        if !ballot.marks.is_empty() {
            self.check(&poll, ballot)?;
        }
        voter.map(Decision::Write).ok_or(Refusal::Unidentified(poll.who_votes))
    }

    /// The rules of a question; of one that does not exist, those of an open poll that is not public.
    pub fn poll(&self, question: i64) -> PollFacts {
        self.polls.get(&question).copied().unwrap_or_default()
    }

    pub fn has_secret_polls(&self) -> bool {
        self.polls.values().any(|poll| poll.is_secret)
    }

    fn counted_of(&self, question: i64, voter: &Voter) -> Option<&CountedBallot> {
        self.counted.get(&question)?.get(voter.id())
    }

    fn check(&self, poll: &PollFacts, ballot: &Ballot) -> BallotVerdict {
        for mark in &ballot.marks {
            match self.choices.get(&mark.choice) {
                Some(choice) if choice.question != ballot.question => return Err(Refusal::NoSuchChoice),
                None => return Err(Refusal::NoSuchChoice),
                // Who guesses its number learns nothing of it.
                Some(choice) if !choice.is_shown && ballot.written != Some(mark.choice) => {
                    return Err(Refusal::NoSuchChoice);
                }
                Some(choice) if choice.is_withdrawn => return Err(Refusal::Withdrawn),
                // There must be room for a whole transaction, so that no total overflows within one.
                Some(choice) if choice.votes > i32::MAX - MAX_BATCH => return Err(Refusal::Full),
                Some(_) => {}
            }
        }
        poll.check(&ballot.marks)
    }

    fn accept<'a>(&mut self, position: usize, ballot: &'a Ballot, voter: &'a Voter, judgement: &mut Judgement<'a>) {
        let Ballot { question, marks, .. } = ballot;
        let PollFacts { kind, is_secret, .. } = self.poll(*question);
        let mut add = |marks: &[Mark], votes: i32| {
            for mark in marks.iter().filter(|mark| kind.is_counted_in_total(**mark)) {
                *judgement.additions.entry((mark.choice, *question)).or_default() += votes;
            }
        };
        if let Some(counted) = self.counted_of(*question, voter) {
            let marks = counted.marks.as_deref().unwrap_or_default();
            add(marks, -1);
            let in_batch = judgement
                .accepted
                .iter()
                .position(|accepted| (accepted.question, accepted.voter) == (*question, voter));
            match in_batch {
                // The ballot that is replaced has not been written yet.
                Some(at) => {
                    judgement.accepted.remove(at);
                }
                None => judgement.replaced.push(Replaced { question: *question, voter, marks: marks.len() }),
            }
        }
        add(marks, 1);
        if !marks.is_empty() {
            judgement.accepted.push(Accepted { position, question: *question, voter, marks, is_secret });
        }
        self.remember(ballot, voter);
    }

    /// Adds a ballot to the facts, for another ballot of the same voter in the same batch.
    fn remember(&mut self, ballot: &Ballot, voter: &Voter) {
        if !voter.may_be_known() {
            return;
        }
        let voters = self.counted.entry(ballot.question).or_default();
        if ballot.marks.is_empty() {
            voters.remove(voter.id());
        } else {
            voters.insert(voter.id().to_owned(), CountedBallot { marks: Some(ballot.marks.clone()), is_aside: false });
        }
    }
}
