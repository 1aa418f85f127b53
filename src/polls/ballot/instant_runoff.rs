//! Counts ranked ballots by an instant run-off.

use std::cmp::Reverse;

use super::kind::BallotKind;
use super::lot::lot_number;
use super::pattern::{PackedMark, unpack};
use super::tally::{ChoiceSum, Elimination, EliminationRule, Round, Tally};

/// What is left of a pattern of ballots: choices in the order of preference.
type Preferences<'a> = &'a [PackedMark];

/// A run-off that is under way. Vectors have a value for each choice, by its index.
struct Runoff<'a> {
    choices: &'a [i64],
    seed: &'a str,
    /// The choices that are left, in ascending order.
    left: Vec<usize>,
    is_left: Vec<bool>,
    /// The patterns that count for a choice, with the numbers of their ballots.
    piles: Vec<Vec<(Preferences<'a>, i64)>>,
    votes: Vec<i64>,
    exhausted: i64,
    /// The votes of each round so far in which the choice took part.
    by_round: Vec<Vec<i64>>,
}

/// The result of patterns of ballots, each with its number of ballots; see [`super::tally()`].
pub(super) fn instant_runoff<'a>(
    choices: &'a [i64],
    ballots: i64,
    patterns: impl Iterator<Item = (Preferences<'a>, i64)>,
    seed: &'a str,
) -> Tally {
    let mut runoff = Runoff::new(choices, seed);
    for (preferences, ballots) in patterns {
        runoff.give(preferences, ballots);
    }
    let names = |indexes: &[usize]| indexes.iter().map(|index| choices[*index]).collect();
    let (mut rounds, mut places) = (Vec::new(), Vec::new());
    loop {
        let (mut round, fewest) = runoff.count();
        let gone = fewest.map(|fewest| {
            let (gone, rule) = runoff.choose(&fewest, rounds.len());
            round.elimination = Some(Elimination { choices: names(&gone), rule, tied: names(&fewest) });
            gone
        });
        rounds.push(round);
        let Some(gone) = gone else { break };
        runoff.transfer(&gone);
        places.push(gone);
    }
    places.extend(runoff.left_by_votes());
    places.reverse();
    runoff.tally(ballots, &places, rounds)
}

impl<'a> Runoff<'a> {
    fn new(choices: &'a [i64], seed: &'a str) -> Self {
        let number = choices.len();
        Self {
            choices,
            seed,
            left: (0..number).collect(),
            is_left: vec![true; number],
            piles: vec![Vec::new(); number],
            votes: vec![0; number],
            exhausted: 0,
            by_round: vec![Vec::new(); number],
        }
    }

    /// Counts ballots for the first of their preferences that is left.
    fn give(&mut self, preferences: Preferences<'a>, ballots: i64) {
        match preferences.iter().position(|mark| self.is_left[unpack(*mark).0]) {
            None => self.exhausted += ballots,
            Some(at) => {
                let (index, _) = unpack(preferences[at]);
                self.votes[index] += ballots;
                self.piles[index].push((&preferences[at + 1..], ballots));
            }
        }
    }

    /// The round, and the choices with the fewest votes, if one of them has to leave.
    fn count(&mut self) -> (Round, Option<Vec<usize>>) {
        for index in &self.left {
            self.by_round[*index].push(self.votes[*index]);
        }
        let votes = || self.left.iter().map(|index| self.votes[*index]);
        let (continuing, most) = (votes().sum::<i64>(), votes().max());
        let (majority, least) = (continuing / 2 + 1, votes().min());
        let round = Round { continuing, exhausted: self.exhausted, majority, elimination: None };
        let is_last = most == least || most.is_some_and(|most| most >= majority);
        let has_fewest = |index: &usize| Some(self.votes[*index]) == least;
        let fewest = (!is_last).then(|| self.left.iter().copied().filter(has_fewest).collect());
        (round, fewest)
    }

    /// Those of the choices with the fewest votes that leave after a round (from 0), and why.
    fn choose(&self, fewest: &[usize], round: usize) -> (Vec<usize>, EliminationRule) {
        let (mut tied, mut rule) = (fewest.to_vec(), EliminationRule::FewestVotes);
        if tied.iter().all(|index| self.votes[*index] == 0) {
            return (tied, EliminationRule::NoVotes);
        }
        for earlier in (0..round).rev() {
            if tied.len() == 1 {
                break;
            }
            let before = tied.len();
            let least = tied.iter().map(|index| self.by_round[*index][earlier]).min();
            tied.retain(|index| Some(self.by_round[*index][earlier]) == least);
            if tied.len() < before {
                rule = EliminationRule::EarlierRound(earlier + 1);
            }
        }
        if tied.len() > 1 {
            rule = EliminationRule::Lot;
            tied.sort_by_cached_key(|index| Reverse(lot_number(self.seed, self.choices[*index])));
            tied.truncate(1);
        }
        (tied, rule)
    }

    /// Counts the ballots of choices that leave for their next preferences.
    fn transfer(&mut self, gone: &[usize]) {
        for index in gone {
            self.is_left[*index] = false;
        }
        self.left.retain(|index| self.is_left[*index]);
        for index in gone {
            for (preferences, ballots) in std::mem::take(&mut self.piles[*index]) {
                self.give(preferences, ballots);
            }
        }
    }

    /// The choices that are left, those with the fewest votes first, and those with equally many together.
    fn left_by_votes(&self) -> Vec<Vec<usize>> {
        let mut left = self.left.clone();
        left.sort_by_key(|index| self.votes[*index]);
        left.chunk_by(|one, other| self.votes[*one] == self.votes[*other]).map(<[usize]>::to_vec).collect()
    }

    fn tally(mut self, ballots: i64, places: &[Vec<usize>], rounds: Vec<Round>) -> Tally {
        let sum = |index: &usize| {
            let votes = self.by_round[*index].first().copied().unwrap_or(0);
            ChoiceSum { choice: self.choices[*index], votes, points: votes }
        };
        let places = places.iter().map(|shared| shared.iter().map(sum).collect()).collect();
        let mut tally = Tally::ranking(BallotKind::Ranked, ballots, places);
        for standing in &mut tally.standings {
            if let Ok(index) = self.choices.binary_search(&standing.choice) {
                standing.by_round = std::mem::take(&mut self.by_round[index]);
            }
        }
        Tally { rounds, ..tally }
    }
}
