//! Random elections, counted beside votelib, pyrankvote and starvote: counters that others wrote, each in Python.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use polls::polls::ballot::{BallotKind, BallotRules, EliminationRule, Mark, StarRule, Tally, tally};
use polls::polls::rules::Rule as _;
use serde_json::{Value, json};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(run_offs_have_the_rounds_that_other_counters_find),
        on_sqlite(star_has_the_winners_that_other_counters_find),
        on_sqlite(the_highest_sum_is_what_other_counters_find),
    ];
    tests.into_iter().map(|test| test.needing(Need::Counters)).collect()
}

struct Election {
    kind: BallotKind,
    choices: Vec<i64>,
    ballots: Vec<Vec<Mark>>,
}

impl Election {
    /// With between 3 and 7 choices, of which the first ones are more popular.
    fn random(random: &mut Random, kind: BallotKind, ballots: usize) -> Self {
        let choices: Vec<i64> = (11..14 + i64::try_from(random.below(5)).expect("it is small")).collect();
        let rules = BallotRules { kind, choices: choices.iter().copied().collect(), ..BallotRules::default() };
        let ballot = |_| {
            let mut order = choices.clone();
            let number = if kind.has_several_marks() { 1 + random.below(order.len()) } else { 1 };
            for place in 0..number {
                let left = order.len() - place;
                order.swap(place, place + random.below(left).min(random.below(left + 1)).min(left - 1));
            }
            let marks = order[..number].iter().zip(1..).map(|(choice, rank)| {
                let value = match kind {
                    BallotKind::Ranked => rank,
                    BallotKind::Score | BallotKind::Star => i16::try_from(1 + random.below(5)).expect("it is small"),
                    _ => 1,
                };
                Mark { choice: *choice, value }
            });
            rules.check(marks.collect()).expect("a ballot by the rules")
        };
        let ballots = (0..ballots).map(ballot).collect();
        Self { kind, choices, ballots }
    }

    fn tally(&self) -> Tally {
        tally(self.kind, &self.choices, &self.ballots, "the lot")
    }

    fn json(&self) -> Value {
        let pairs = |ballot: &Vec<Mark>| ballot.iter().map(|mark| json!([mark.choice, mark.value])).collect();
        let ballots: Vec<Value> = self.ballots.iter().map(pairs).collect();
        json!({"kind": self.kind.name(), "choices": self.choices, "ballots": ballots})
    }
}

/// So many elections, each with our result and the answers of the others.
fn counted(number: usize, mut election: impl FnMut() -> Election) -> Vec<(Election, Tally, Value)> {
    let elections: Vec<Election> = (0..number).map(|_| election()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(root.join("target/counters-venv/bin/python"));
    command.arg("-I").arg(root.join("tests/counters/count.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = command.spawn().expect("Python can be started");
    let all = Value::from(elections.iter().map(Election::json).collect::<Vec<_>>());
    python.stdin.take().expect("a pipe").write_all(all.to_string().as_bytes()).expect("Python reads");
    let output = python.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "{}", output.status);
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).expect("a list of answers");
    assert_eq!(answers.len(), number);
    let ours: Vec<Tally> = elections.iter().map(Election::tally).collect();
    elections.into_iter().zip(ours).zip(answers).map(|((election, tally), answer)| (election, tally, answer)).collect()
}

fn run_offs_have_the_rounds_that_other_counters_find() {
    let mut random = Random::new();
    let elections = counted(150, || {
        let ballots = 100 + random.below(200);
        Election::random(&mut random, BallotKind::Ranked, ballots)
    });
    let (mut compared, mut with_several_rounds) = (0, 0);
    for (election, tally, answer) in &elections {
        let votes = |round: usize| {
            let left = tally.standings.iter().filter_map(|one| Some((one.choice, *one.by_round.get(round)?)));
            let mut left: Vec<(i64, i64)> = left.collect();
            left.sort_unstable();
            json!(left)
        };
        assert_eq!(answer["pyrankvote"]["first_round"], votes(0), "{}", election.json());
        let is_decided_by_votes = tally.rounds.iter().filter_map(|round| round.elimination.as_ref()).all(|gone| {
            gone.rule == EliminationRule::FewestVotes
                || gone.choices.len() == 1 && gone.rule == EliminationRule::NoVotes
        });
        // Other counters break ties by other rules.
        if tally.is_tie() || !is_decided_by_votes {
            continue;
        }
        compared += 1;
        with_several_rounds += usize::from(tally.rounds.len() > 1);
        let winner = json!(tally.winners[0]);
        assert_eq!(answer["pyrankvote"]["winner"], winner, "{}", election.json());
        let theirs = &answer["votelib"]["winner"];
        assert!(theirs.is_null() || *theirs == winner, "{}", election.json());
        // votelib asks for more than half of all ballots, not only of the continuing ones. It therefore goes on after our
        // last round, and reports neither a winner nor that round where two choices have the fewest votes in it.
        let last = tally.rounds.len() - 1;
        let is_reported = |round: usize| round < last || !theirs.is_null() || !has_a_tie_for_the_fewest(&votes(last));
        for round in (0..=last).filter(|round| is_reported(*round)) {
            assert_eq!(answer["votelib"]["rounds"][round], votes(round), "round {round} of {}", election.json());
        }
    }
    assert!(compared >= 110 && with_several_rounds >= 90, "{compared} compared, {with_several_rounds} with rounds");
}

/// Whether several of the choices of a round, `[[choice, votes], …]`, share its smallest number of votes.
fn has_a_tie_for_the_fewest(round: &Value) -> bool {
    let votes: Vec<i64> = round.as_array().into_iter().flatten().filter_map(|one| one[1].as_i64()).collect();
    let fewest = votes.iter().min();
    votes.iter().filter(|votes| Some(*votes) == fewest).count() > 1
}

fn star_has_the_winners_that_other_counters_find() {
    let mut random = Random::new();
    let elections = counted(300, || {
        // Ties are frequent among a few ballots; starvote breaks them by the same rules, apart from the lot.
        let ballots = if random.one_in(2) { 2 + random.below(6) } else { 20 + random.below(40) };
        Election::random(&mut random, BallotKind::Star, ballots)
    });
    let (mut compared, mut decided_by_rules) = (0, 0);
    for (election, tally, answer) in &elections {
        let Some(run_off) = &tally.run_off else { continue };
        let entry = run_off.entry.as_ref().map(|tie| tie.rule);
        let is_open = tally.is_tie() || entry == Some(StarRule::Lot);
        assert_eq!(answer["starvote"].is_null(), is_open, "{}", election.json());
        if is_open {
            continue;
        }
        compared += 1;
        assert_eq!(answer["starvote"], json!(tally.winners[0]), "{}", election.json());
        if entry.is_none() && run_off.rule == Some(StarRule::Preference) {
            assert_eq!(answer["votelib"], json!(tally.winners), "{}", election.json());
        } else {
            decided_by_rules += 1;
        }
    }
    assert!(compared >= 240 && decided_by_rules >= 15, "{compared} compared, {decided_by_rules} decided by rules");
}

fn the_highest_sum_is_what_other_counters_find() {
    let mut random = Random::new();
    let kinds = [BallotKind::Single, BallotKind::Several, BallotKind::Approval, BallotKind::Score];
    let mut at = 0;
    let elections = counted(200, || {
        at += 1;
        let ballots = 2 + random.below(30);
        Election::random(&mut random, kinds[at % kinds.len()], ballots)
    });
    for (election, tally, answer) in &elections {
        assert_eq!(answer["votelib"], json!(tally.winners), "{}", election.json());
    }
}
