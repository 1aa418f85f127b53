//! What the ballots of a poll come to.

use super::kind::BallotKind;
use super::lot::lot_number;

/// The result of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub kind: BallotKind,
    /// All ballots, also those that mark only choices that have been withdrawn.
    pub ballots: i64,
    /// The winner. Several tie for the first place; there is none without a vote.
    pub winners: Vec<i64>,
    /// The choices that shared the first place before the lot decided; empty if it did not.
    pub before_lot: Vec<i64>,
    /// The choices, the best first, equal ones in the order of their ids.
    pub standings: Vec<Standing>,
    /// The rounds of an instant run-off, on ranked ballots.
    pub rounds: Vec<Round>,
    /// The run-off of STAR, unless fewer than two choices have points.
    pub run_off: Option<StarRunOff>,
}

/// How a choice came off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub choice: i64,
    /// From 1; equal choices share a place, and the next one is as many places further.
    pub place: usize,
    /// The ballots that mark the choice; on ranked ballots those that prefer it to all others.
    pub votes: i64,
    /// The sum of its points; equal to `votes` on ballots without scores.
    pub points: i64,
    /// Its votes in each round of an instant run-off, until it was eliminated.
    pub by_round: Vec<i64>,
}

/// What the marks for a choice add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoiceSum {
    pub choice: i64,
    /// The ballots that mark it.
    pub votes: i64,
    /// The sum of the marks' values.
    pub points: i64,
}

/// A round of an instant run-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The ballots that count for one of the choices that are left.
    pub continuing: i64,
    /// The ballots that prefer none of the choices that are left.
    pub exhausted: i64,
    /// So many votes win the round: more than half of `continuing`.
    pub majority: i64,
    /// None in the last round.
    pub elimination: Option<Elimination>,
}

/// Who leaves an instant run-off after a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elimination {
    /// One choice, or all without votes.
    pub choices: Vec<i64>,
    pub rule: EliminationRule,
    /// The choices that had the fewest votes; more than one where these were tied.
    pub tied: Vec<i64>,
}

/// Why a choice leaves an instant run-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EliminationRule {
    /// Choices without votes leave at once: nothing of theirs is to be transferred.
    NoVotes,
    FewestVotes,
    /// Of those with the fewest votes it had fewer in an earlier round (from 1), the last one in which they differ.
    EarlierRound(usize),
    /// It came last in the lot.
    Lot,
}

/// The run-off of STAR between the two choices with the most points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarRunOff {
    /// The winner first.
    pub finalists: [Finalist; 2],
    /// The ballots that give both the same points.
    pub no_preference: i64,
    /// How the winner was found; None if the finalists are tied by all rules.
    pub rule: Option<StarRule>,
    /// A tie for a place in the run-off.
    pub entry: Option<StarTie>,
}

/// A choice in the run-off of STAR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finalist {
    pub choice: i64,
    /// The ballots that give it more points than the other.
    pub preferred_by: i64,
}

/// A tie for a place in the run-off of STAR, and how it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarTie {
    pub tied: Vec<i64>,
    pub rule: StarRule,
}

/// What decides in STAR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StarRule {
    /// More ballots give it more points than the other; among several, more often.
    Preference,
    /// It has more points.
    Points,
    /// More ballots give it the most points that can be given.
    FullScores,
    /// It came first in the lot.
    Lot,
}

impl Tally {
    /// The result of a poll whose winner has the highest sum: of every kind without a run-off.
    pub fn of_sums(kind: BallotKind, ballots: i64, sums: &[ChoiceSum]) -> Self {
        Self::ranking(kind, ballots, by_points(sums.to_vec()))
    }

    /// The result with these places, the best first; choices that share one are together.
    pub(super) fn ranking(kind: BallotKind, ballots: i64, places: Vec<Vec<ChoiceSum>>) -> Self {
        let mut standings: Vec<Standing> = Vec::new();
        for mut shared in places {
            shared.sort_unstable_by_key(|sum| sum.choice);
            let place = standings.len() + 1;
            standings.extend(shared.into_iter().map(|sum| Standing {
                choice: sum.choice,
                place,
                votes: sum.votes,
                points: sum.points,
                by_round: Vec::new(),
            }));
        }
        let best = standings.iter().take_while(|standing| standing.place == 1 && standing.points > 0);
        let winners = best.map(|standing| standing.choice).collect();
        Self { kind, ballots, winners, before_lot: Vec::new(), standings, rounds: Vec::new(), run_off: None }
    }

    /// The same where the lot decides a tie for the first place: its first has won, the others share the second place.
    pub fn decided_by_lot(mut self, seed: &str) -> Self {
        if !self.is_tie() {
            return self;
        }
        self.before_lot = std::mem::take(&mut self.winners);
        self.winners.extend(self.before_lot.iter().min_by_key(|choice| lot_number(seed, **choice)));
        for standing in &mut self.standings {
            if self.before_lot.contains(&standing.choice) && !self.winners.contains(&standing.choice) {
                standing.place = 2;
            }
        }
        self.standings.sort_by_key(|standing| standing.place);
        self
    }

    /// Whether several choices share the first place.
    pub fn is_tie(&self) -> bool {
        self.winners.len() > 1
    }
}

/// The choices with the most points first, those with equal points together.
pub(super) fn by_points(mut sums: Vec<ChoiceSum>) -> Vec<Vec<ChoiceSum>> {
    sums.sort_unstable_by_key(|sum| std::cmp::Reverse(sum.points));
    sums.chunk_by(|one, other| one.points == other.points).map(<[ChoiceSum]>::to_vec).collect()
}
