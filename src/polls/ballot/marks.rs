//! What may be marked on a ballot.

use std::collections::BTreeSet;

use super::kind::{BallotKind, Mark};

/// What a poll asks of a ballot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BallotRules {
    pub kind: BallotKind,
    /// The least number of marks where several choices are marked; 0 for no bound.
    pub min: usize,
    /// The most marks where several choices are marked; 0 for no bound.
    pub max: usize,
    /// The choices that can be marked.
    pub choices: BTreeSet<i64>,
    /// The choices that could be marked once.
    pub withdrawn: BTreeSet<i64>,
}

/// How many choices a ballot marks where several choices are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkBounds {
    /// The least number of marks; 0 for no bound.
    pub least: usize,
    /// The most marks; None if all choices may be marked.
    pub most: Option<usize>,
}

impl MarkBounds {
    /// The bounds of a poll that has these rules, 0 or less for no bound, and so many choices that can be marked. More
    /// marks are never needed than a ballot can have: choices may have been withdrawn since the rule was made, and
    /// another program may have written one that contradicts itself.
    pub fn of(min: i16, max: i16, choices: usize) -> Self {
        let bound = |number: i16| usize::try_from(number).unwrap_or(0);
        let most = Some(bound(max)).filter(|most| (1..choices).contains(most));
        Self { least: bound(min).min(most.unwrap_or(choices)), most }
    }
}

/// Why a ballot is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MarksError {
    #[error("nothing is marked")]
    NoMark,
    /// With the least number of marks.
    #[error("fewer than {0} choices are marked")]
    TooFew(usize),
    /// With the most marks.
    #[error("more than {0} choices are marked")]
    TooMany(usize),
    #[error("{0} is not a choice of the poll")]
    UnknownChoice(i64),
    #[error("choice {0} has been withdrawn")]
    WithdrawnChoice(i64),
    #[error("choice {0} is marked twice")]
    ChoiceTwice(i64),
    /// Points above the most, or below 0; a rank below 1.
    #[error("{} is no value for choice {}", .0.value, .0.choice)]
    ValueOutOfRange(Mark),
    #[error("rank {0} is given twice")]
    RankTwice(i64),
    /// With the first rank that is missing.
    #[error("rank {0} is missing")]
    RankMissing(i64),
}

impl BallotRules {
    /// The ballot with these marks, in the one form that equal ballots have: ranked choices by their ranks, others by
    /// their ids, and without choices that are given 0 points.
    ///
    /// # Errors
    ///
    /// The first fault that is found; faults of a single mark come before those of the whole ballot.
    pub fn check(&self, mut marks: Vec<Mark>) -> Result<Vec<Mark>, MarksError> {
        marks.sort_unstable();
        for mark in &marks {
            self.check_mark(*mark)?;
        }
        if let Some(pair) = marks.windows(2).find(|pair| pair[0].choice == pair[1].choice) {
            return Err(MarksError::ChoiceTwice(pair[0].choice));
        }
        marks.retain(|mark| mark.value > 0);
        if marks.is_empty() {
            return Err(MarksError::NoMark);
        }
        match self.kind {
            BallotKind::Single => check_number(marks.len(), 1, 1)?,
            BallotKind::Several => check_number(marks.len(), self.min, self.max)?,
            BallotKind::Ranked => {
                marks.sort_unstable_by_key(|mark| mark.value);
                check_ranks(&marks)?;
            }
            BallotKind::Approval | BallotKind::Score | BallotKind::Star => {}
        }
        Ok(marks)
    }

    fn check_mark(&self, mark: Mark) -> Result<(), MarksError> {
        if self.withdrawn.contains(&mark.choice) {
            return Err(MarksError::WithdrawnChoice(mark.choice));
        }
        if !self.choices.contains(&mark.choice) {
            return Err(MarksError::UnknownChoice(mark.choice));
        }
        let can_be = match self.kind {
            BallotKind::Single | BallotKind::Several | BallotKind::Approval => 1..=1,
            BallotKind::Ranked => 1..=i16::MAX,
            BallotKind::Score | BallotKind::Star => 0..=BallotKind::MAX_SCORE,
        };
        if can_be.contains(&mark.value) { Ok(()) } else { Err(MarksError::ValueOutOfRange(mark)) }
    }
}

fn check_number(marks: usize, min: usize, max: usize) -> Result<(), MarksError> {
    if marks < min {
        return Err(MarksError::TooFew(min));
    }
    if max > 0 && marks > max {
        return Err(MarksError::TooMany(max));
    }
    Ok(())
}

/// The ranks of marks in ascending order are 1, 2, 3 and so on.
fn check_ranks(marks: &[Mark]) -> Result<(), MarksError> {
    for (mark, rank) in marks.iter().zip(1..) {
        let given = i64::from(mark.value);
        if given < rank {
            return Err(MarksError::RankTwice(given));
        }
        if given > rank {
            return Err(MarksError::RankMissing(rank));
        }
    }
    Ok(())
}
