//! Ballots of real elections, counted by an official tabulator.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{BallotKind, EliminationRule, Tally, tally};
use super::{SEED, ranked};

struct Election {
    candidates: Vec<i64>,
    ballots: Vec<(usize, Vec<i64>)>,
    winner: i64,
    /// The votes of each candidate that was left.
    rounds: Vec<BTreeMap<i64, i64>>,
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

impl Election {
    fn read(text: &str) -> Self {
        let json: Value = serde_json::from_str(text).unwrap();
        let list = |name: &str| json[name].as_array().unwrap().iter();
        let votes = |round: &Value| {
            let pairs = round["votes"].as_array().unwrap().iter().map(numbers);
            pairs.map(|pair| (pair[0], pair[1])).collect()
        };
        let ballot = |pair: &Value| (usize::try_from(pair[0].as_u64().unwrap()).unwrap(), numbers(&pair[1]));
        Self {
            candidates: (0..).take(list("candidates").count()).collect(),
            ballots: list("ballots").map(ballot).collect(),
            winner: json["winner"].as_i64().unwrap(),
            rounds: list("rounds").map(votes).collect(),
        }
    }

    fn tally(&self) -> Tally {
        let ballots = self.ballots.iter().flat_map(|(number, names)| std::iter::repeat_n(ranked(names), *number));
        tally(BallotKind::Ranked, &self.candidates, ballots, SEED)
    }

    /// The winner, the first and the last round are those of the tabulator, and so is each other round in which the
    /// same candidates are left; their number is returned.
    fn compare(&self, tally: &Tally) -> usize {
        assert_eq!(tally.winners, [self.winner]);
        let ours: Vec<BTreeMap<i64, i64>> = (0..tally.rounds.len())
            .map(|round| {
                let left = tally.standings.iter().filter_map(|one| Some((one.choice, *one.by_round.get(round)?)));
                left.collect()
            })
            .collect();
        assert_eq!(ours.first(), self.rounds.first());
        assert_eq!(ours.last(), self.rounds.last());
        let same = |round: &&BTreeMap<i64, i64>| {
            let theirs = self.rounds.iter().find(|theirs| theirs.keys().eq(round.keys()));
            theirs.inspect(|theirs| assert_eq!(*round, *theirs)).is_some()
        };
        ours.iter().filter(same).count()
    }
}

#[test]
fn minneapolis_2013() {
    let election = Election::read(include_str!("../../../../tests/data/elections/minneapolis-2013-mayor.json"));
    let tally = election.tally();
    assert_eq!(tally.ballots, 80_101);
    let same = election.compare(&tally);
    // Until its write-ins have left, and where several leave at once, other candidates are left than there.
    assert_eq!((same, tally.rounds.len()), (25, 35));
    let (first, last) = (&tally.rounds[0], &tally.rounds[tally.rounds.len() - 1]);
    assert_eq!((first.continuing, first.exhausted, first.majority), (79_312, 789, 39_657));
    assert_eq!((last.continuing, last.exhausted), (63_794, 16_307));
    assert_eq!(last.elimination, None);
}

#[test]
fn portland_2015() {
    let election = Election::read(include_str!("../../../../tests/data/elections/portland-2015-mayor.json"));
    let tally = election.tally();
    let same = election.compare(&tally);
    // In one round the lot chose otherwise between two candidates with equal votes.
    assert_eq!((same, tally.rounds.len()), (13, 14));
    let rules = tally.rounds.iter().filter_map(|round| Some(round.elimination.as_ref()?.rule));
    assert_eq!(rules.filter(|rule| *rule == EliminationRule::EarlierRound(1)).count(), 1);
}
