//! How long a million ballots of each kind take to count: `cargo bench --bench counting`.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run ends")]

use std::time::Instant;

use polls::polls::ballot::{BallotKind, BallotRules, Mark, tally};

const BALLOTS: usize = 1_000_000;

fn main() {
    for (kind, number) in BallotKind::ALL.into_iter().flat_map(|kind| [(kind, 5), (kind, 10)]) {
        let choices: Vec<i64> = (1..=number).collect();
        let ballots = random_ballots(kind, &choices);
        let marks: usize = ballots.iter().map(Vec::len).sum();
        let start = Instant::now();
        let tally = tally(kind, &choices, &ballots, "a seed");
        println!("{kind:?}, {number} choices, {marks} marks: {:?}, {} rounds", start.elapsed(), tally.rounds.len());
    }
}

/// Ballots with any number of marks, in which the first choices are more popular.
fn random_ballots(kind: BallotKind, choices: &[i64]) -> Vec<Vec<Mark>> {
    let rules = BallotRules { kind, choices: choices.iter().copied().collect(), ..BallotRules::default() };
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let has_points = matches!(kind, BallotKind::Score | BallotKind::Star);
    let ballots = (0..BALLOTS).map(|_| {
        let mut order = choices.to_vec();
        let number = if kind.has_several_marks() { 1 + random(order.len()) } else { 1 };
        for place in 0..number {
            let left = order.len() - place;
            order.swap(place, place + random(left).min(random(left)));
        }
        let value = |rank: i16, place: usize, points: i16| match kind {
            BallotKind::Ranked => rank,
            _ if has_points => {
                if place == 0 {
                    BallotKind::MAX_SCORE
                } else {
                    points
                }
            }
            _ => 1,
        };
        let marks = (1..).zip(order[..number].iter().enumerate()).map(|(rank, (place, choice))| {
            let points = i16::try_from(random(6)).expect("at most 5");
            Mark { choice: *choice, value: value(rank, place, points) }
        });
        rules.check(marks.collect()).expect("a ballot of its kind")
    });
    ballots.collect()
}
