//! Counts ballots.

use std::collections::HashMap;

use super::instant_runoff::instant_runoff;
use super::kind::{BallotKind, Mark};
use super::pattern::{PackedMark, pack};
use super::star::star;
use super::tally::{ChoiceSum, Tally};

/// Ballots that are being counted. For a run-off it keeps each pattern of marks once, with the number of ballots that
/// have it.
#[derive(Debug, Clone)]
pub struct BallotCount {
    kind: BallotKind,
    ballots: i64,
    /// The ids of the choices in ascending order, each with its index.
    choices: Vec<(i64, u32)>,
    sums: Vec<ChoiceSum>,
    patterns: HashMap<Box<[PackedMark]>, i64>,
    /// The pattern of the ballot that is added, kept so that its memory is used again.
    pattern: Vec<PackedMark>,
}

/// The result of these ballots. The seed is that of the lot; see [`super::lot_number`].
///
/// Marks for other choices than these, which have been withdrawn, are passed over. The order of choices and ballots does
/// not matter. A tie for the first place is a tie, and all who share it are winners:
///
/// * Where the highest sum wins, equal sums are a tie.
/// * In an instant run-off the first choice with more than half of the continuing ballots wins. If all choices that are
///   left have equally many, they are tied. Otherwise the one with the fewest leaves; of several, the one that had the
///   fewest in the last earlier round in which they differ, then the last one of the lot. Choices without votes leave
///   at once.
/// * Into STAR's run-off go the two choices with the most points; of choices with equal points those that were more
///   often given more points than another one of them, then those with more full scores, then the first of the lot.
///   There the choice wins to which more ballots give more points than to the other, then the one with more points, then
///   the one with more full scores; then they are tied.
pub fn tally<B: AsRef<[Mark]>>(
    kind: BallotKind,
    choices: &[i64],
    ballots: impl IntoIterator<Item = B>,
    seed: &str,
) -> Tally {
    let mut count = BallotCount::new(kind, choices);
    for ballot in ballots {
        count.add(ballot.as_ref());
    }
    count.tally(seed)
}

impl BallotCount {
    /// A count for these choices.
    pub fn new(kind: BallotKind, choices: &[i64]) -> Self {
        let mut choices = choices.to_vec();
        choices.sort_unstable();
        choices.dedup();
        let sums = choices.iter().map(|choice| ChoiceSum { choice: *choice, votes: 0, points: 0 }).collect();
        let choices = choices.into_iter().zip(0..).collect();
        Self { kind, ballots: 0, choices, sums, patterns: HashMap::new(), pattern: Vec::new() }
    }

    /// Adds a ballot with marks that [`super::BallotRules::check`] has let pass.
    pub fn add(&mut self, marks: &[Mark]) {
        if self.kind == BallotKind::Ranked && !marks.is_sorted_by_key(|mark| mark.value) {
            let mut by_rank = marks.to_vec();
            by_rank.sort_unstable_by_key(|mark| mark.value);
            return self.add(&by_rank);
        }
        self.ballots += 1;
        self.pattern.clear();
        for mark in marks {
            if let Ok(at) = self.choices.binary_search_by_key(&mark.choice, |(choice, _)| *choice) {
                self.sums[at].votes += 1;
                self.sums[at].points += i64::from(mark.value);
                let points = if self.kind == BallotKind::Star { mark.value } else { 1 };
                self.pattern.push(pack(self.choices[at].1, points));
            }
        }
        if !self.kind.has_run_off() {
            return;
        }
        match self.patterns.get_mut(self.pattern.as_slice()) {
            Some(ballots) => *ballots += 1,
            None => {
                self.patterns.insert(self.pattern.as_slice().into(), 1);
            }
        }
    }

    /// The result of the ballots so far; see [`tally`].
    pub fn tally(&self, seed: &str) -> Tally {
        let patterns = self.patterns.iter().map(|(pattern, ballots)| (&**pattern, *ballots));
        match self.kind {
            BallotKind::Ranked => {
                let choices: Vec<i64> = self.sums.iter().map(|sum| sum.choice).collect();
                instant_runoff(&choices, self.ballots, patterns, seed)
            }
            BallotKind::Star => star(&self.sums, self.ballots, patterns, seed),
            _ => Tally::of_sums(self.kind, self.ballots, &self.sums),
        }
    }
}
