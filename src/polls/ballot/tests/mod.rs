//! Tests of the rules for ballots, and of the counting.

mod elections;
mod marks;
mod properties;
mod tallies;

use super::{BallotKind, Mark};

/// The seed of a lot.
const SEED: &str = "A seed that was published before the poll opened.";

/// A ballot with these choices: in the order of preference, or just marked.
fn marked(kind: BallotKind, choices: &[i64]) -> Vec<Mark> {
    let value = |rank| if kind == BallotKind::Ranked { rank } else { 1 };
    choices.iter().zip(1..).map(|(choice, rank)| Mark { choice: *choice, value: value(rank) }).collect()
}

fn ranked(choices: &[i64]) -> Vec<Mark> {
    marked(BallotKind::Ranked, choices)
}

/// A ballot that gives points to the choices 1, 2, 3 and so on.
fn scored(points: &[i16]) -> Vec<Mark> {
    let marks = points.iter().zip(1..).map(|(points, choice)| Mark { choice, value: *points });
    marks.filter(|mark| mark.value > 0).collect()
}

/// So many of each ballot.
fn many(ballots: &[(usize, Vec<Mark>)]) -> Vec<Vec<Mark>> {
    ballots.iter().flat_map(|(number, marks)| vec![marks.clone(); *number]).collect()
}
