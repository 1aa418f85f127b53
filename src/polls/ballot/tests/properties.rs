//! What holds for every election.

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::super::{BallotCount, BallotKind, BallotRules, Elimination, EliminationRule, Mark, Tally, tally};
use super::SEED;

/// The most choices of an election.
const CHOICES: i64 = 6;

fn rules(kind: BallotKind) -> BallotRules {
    BallotRules { kind, choices: (1..=CHOICES).collect(), ..Default::default() }
}

/// Ids of choices without order, of which a single choice's ballot has the first.
fn ballot(kind: BallotKind) -> impl Strategy<Value = Vec<Mark>> {
    let values = vec((1..=CHOICES, 0..=BallotKind::MAX_SCORE), 1..=6);
    values.prop_filter_map("nothing is marked", move |mut pairs| {
        let mut seen = Vec::new();
        pairs.retain(|(choice, _)| {
            !seen.contains(choice) && {
                seen.push(*choice);
                true
            }
        });
        if !kind.has_several_marks() {
            pairs.truncate(1);
        }
        let value = |rank, points| match kind {
            BallotKind::Ranked => rank,
            BallotKind::Score | BallotKind::Star => points,
            _ => 1,
        };
        let marks = pairs.into_iter().zip(1..);
        rules(kind)
            .check(marks.map(|((choice, points), rank)| Mark { choice, value: value(rank, points) }).collect())
            .ok()
    })
}

fn ballots(kind: BallotKind) -> impl Strategy<Value = Vec<Vec<Mark>>> {
    vec(ballot(kind), 0..40)
}

/// Ballots of any kind.
fn elections() -> impl Strategy<Value = (BallotKind, Vec<Vec<Mark>>)> {
    proptest::sample::select(BallotKind::ALL.to_vec()).prop_flat_map(|kind| (Just(kind), ballots(kind)))
}

fn count(kind: BallotKind, ballots: &[Vec<Mark>]) -> Tally {
    tally(kind, &(1..=CHOICES).collect::<Vec<_>>(), ballots, SEED)
}

fn points(ballot: &[Mark], choice: i64) -> i16 {
    ballot.iter().find(|mark| mark.choice == choice).map_or(0, |mark| mark.value)
}

/// How many ballots rank one choice before another.
fn ranking_before(ballots: &[Vec<Mark>], one: i64, other: i64) -> usize {
    let rank = |ballot: &[Mark], choice| Some(points(ballot, choice)).filter(|rank| *rank > 0).unwrap_or(i16::MAX);
    ballots.iter().filter(|ballot| rank(ballot, one) < rank(ballot, other)).count()
}

proptest! {
    #[test]
    fn the_order_of_ballots_and_choices_does_not_matter(
        (election, shuffled) in elections().prop_flat_map(|(kind, ballots)| {
            (Just((kind, ballots.clone())), Just(ballots).prop_shuffle())
        }),
        choices in Just((1..=CHOICES).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (kind, ballots) = election;
        prop_assert_eq!(tally(kind, &choices, &shuffled, SEED), count(kind, &ballots));
    }

    #[test]
    fn ballots_are_counted_as_they_come((kind, ballots) in elections(), at in any::<prop::sample::Index>()) {
        let mut counting = BallotCount::new(kind, &(1..=CHOICES).collect::<Vec<_>>());
        let now = at.index(ballots.len() + 1);
        ballots[..now].iter().for_each(|ballot| counting.add(ballot));
        prop_assert_eq!(counting.tally(SEED), count(kind, &ballots[..now]));
        ballots[now..].iter().for_each(|ballot| counting.add(ballot));
        prop_assert_eq!(counting.tally(SEED), count(kind, &ballots));
    }

    #[test]
    fn every_choice_has_its_place_and_its_sums((kind, ballots) in elections()) {
        let tally = count(kind, &ballots);
        let choices: Vec<i64> = tally.standings.iter().map(|standing| standing.choice).collect();
        let mut sorted = choices.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (1..=CHOICES).collect::<Vec<_>>());
        for (at, standing) in tally.standings.iter().enumerate() {
            let shares = at > 0 && tally.standings[at - 1].place == standing.place;
            prop_assert!(shares || standing.place == at + 1);
            let marks = ballots.iter().flatten().filter(|mark| mark.choice == standing.choice);
            let counted: Vec<_> = marks.filter(|mark| kind.is_counted_in_total(**mark)).collect();
            prop_assert_eq!(standing.votes, i64::try_from(counted.len()).unwrap());
            prop_assert_eq!(standing.points, counted.iter().map(|mark| i64::from(mark.value)).sum::<i64>());
        }
        let best: Vec<i64> =
            tally.standings.iter().filter(|one| one.place == 1).map(|one| one.choice).collect();
        prop_assert_eq!(tally.winners, if ballots.is_empty() { Vec::new() } else { best });
    }

    #[test]
    fn twice_the_ballots_have_the_same_result((kind, ballots) in elections()) {
        let (once, twice) = (count(kind, &ballots), count(kind, &[&ballots[..], &ballots[..]].concat()));
        prop_assert_eq!(&once.winners, &twice.winners);
        let places = |tally: &Tally| tally.standings.iter().map(|one| (one.choice, one.place)).collect::<Vec<_>>();
        prop_assert_eq!(places(&once), places(&twice));
    }

    #[test]
    fn marks_for_a_withdrawn_choice_are_as_if_never_made((kind, ballots) in elections(), gone in 1..=CHOICES) {
        let left: Vec<i64> = (1..=CHOICES).filter(|choice| *choice != gone).collect();
        let unmarked = ballots.iter().map(|ballot| ballot.iter().copied().filter(|mark| mark.choice != gone).collect());
        let unmarked: Vec<Vec<Mark>> = unmarked.collect();
        prop_assert_eq!(tally(kind, &left, &ballots, SEED), tally(kind, &left, &unmarked, SEED));
    }

    #[test]
    fn in_each_round_every_ballot_is_with_one_choice_or_exhausted(ballots in ballots(BallotKind::Ranked)) {
        let tally = count(BallotKind::Ranked, &ballots);
        prop_assert!(!tally.rounds.is_empty());
        for (at, round) in tally.rounds.iter().enumerate() {
            let votes = || tally.standings.iter().filter_map(|standing| standing.by_round.get(at).copied());
            prop_assert_eq!(votes().sum::<i64>(), round.continuing);
            prop_assert_eq!(round.continuing + round.exhausted, tally.ballots);
            prop_assert!(round.majority * 2 > round.continuing && (round.majority - 1) * 2 <= round.continuing);
            prop_assert_eq!(round.elimination.is_none(), at + 1 == tally.rounds.len());
            let has_majority = votes().any(|votes| votes >= round.majority);
            match &round.elimination {
                Some(Elimination { choices, rule, tied }) => {
                    prop_assert!(!has_majority);
                    for standing in &tally.standings {
                        let left = choices.contains(&standing.choice);
                        prop_assert_eq!(left, standing.by_round.len() == at + 1);
                        let is_fewest = standing.by_round.get(at).copied() == votes().min();
                        prop_assert_eq!(tied.contains(&standing.choice), is_fewest);
                    }
                    prop_assert!(choices.iter().all(|choice| tied.contains(choice)));
                    prop_assert!(choices.len() == 1 || *rule == EliminationRule::NoVotes);
                    prop_assert_eq!(*rule == EliminationRule::FewestVotes, tied.len() == 1 && votes().min() != Some(0));
                }
                None => prop_assert!(has_majority || votes().min() == votes().max()),
            }
        }
        for standing in &tally.standings {
            prop_assert!(standing.by_round.is_sorted(), "votes only grow: {:?}", standing.by_round);
        }
    }

    #[test]
    fn more_than_half_of_the_first_preferences_win(
        mut ballots in ballots(BallotKind::Ranked),
        majority in ballots(BallotKind::Ranked),
        favourite in 1..=CHOICES,
    ) {
        // Whoever they are, the favourite's supporters are more.
        let supporters = ballots.len() + 1;
        ballots.extend(majority.into_iter().chain(std::iter::repeat(Vec::new())).take(supporters).map(|ballot| {
            let others = ballot.into_iter().map(|mark| mark.choice).filter(|choice| *choice != favourite);
            super::ranked(&std::iter::once(favourite).chain(others).collect::<Vec<_>>())
        }));
        let tally = count(BallotKind::Ranked, &ballots);
        prop_assert_eq!(&tally.winners, &[favourite]);
        prop_assert_eq!(tally.rounds.len(), 1);
    }

    /// The winner of a run-off is never the choice that would lose against each other one. (Of several that are tied,
    /// one may be.)
    #[test]
    fn who_would_lose_to_everybody_does_not_win(ballots in ballots(BallotKind::Ranked)) {
        let tally = count(BallotKind::Ranked, &ballots);
        if let [winner] = &tally.winners[..] {
            let loses = |other: i64| ranking_before(&ballots, other, *winner) > ranking_before(&ballots, *winner, other);
            prop_assert!(!(1..=CHOICES).filter(|other| other != winner).all(loses));
        }
    }

    /// Of two finalists the one that more ballots score higher wins; no other choice has more points than they.
    #[test]
    fn star_is_won_by_who_is_preferred(ballots in ballots(BallotKind::Star)) {
        let tally = count(BallotKind::Star, &ballots);
        let Some(run_off) = tally.run_off else {
            prop_assert!(tally.standings.iter().filter(|standing| standing.points > 0).count() < 2);
            return Ok(());
        };
        let [first, second] = run_off.finalists;
        let preferring = |one: i64, other: i64| {
            let number = ballots.iter().filter(|ballot| points(ballot, one) > points(ballot, other)).count();
            i64::try_from(number).unwrap()
        };
        prop_assert_eq!(first.preferred_by, preferring(first.choice, second.choice));
        prop_assert_eq!(second.preferred_by, preferring(second.choice, first.choice));
        prop_assert_eq!(first.preferred_by + second.preferred_by + run_off.no_preference, tally.ballots);
        prop_assert!(first.preferred_by >= second.preferred_by);
        prop_assert_eq!(run_off.rule.is_none(), tally.winners.len() == 2);
        prop_assert!(tally.winners.contains(&first.choice));
        let sum = |choice| tally.standings.iter().find(|one| one.choice == choice).map_or(0, |one| one.points);
        let least = sum(first.choice).min(sum(second.choice));
        let others = tally.standings.iter().filter(|one| ![first.choice, second.choice].contains(&one.choice));
        prop_assert!(others.map(|one| one.points).all(|points| points <= least));
    }

    #[test]
    fn equal_intentions_are_equal_ballots((kind, marks, shuffled) in elections().prop_flat_map(|(kind, ballots)| {
        let marks = ballots.first().cloned().unwrap_or_default();
        (Just(kind), Just(marks.clone()), Just(marks).prop_shuffle())
    })) {
        prop_assume!(!marks.is_empty());
        prop_assert_eq!(rules(kind).check(shuffled), Ok(marks));
    }

    /// Whatever is sent: what is let pass has the right number of marks, each for a choice of the poll.
    #[test]
    fn no_marks_pass_that_break_the_rules(
        kind in proptest::sample::select(BallotKind::ALL.to_vec()),
        sent in vec((-1..9_i64, -1..8_i16), 0..8),
        withdrawn in btree_set(1..=CHOICES, 0..3),
        bounds in (0..4_usize, 0..4_usize),
    ) {
        let choices = (1..=CHOICES).filter(|choice| !withdrawn.contains(choice)).collect();
        let rules = BallotRules { kind, min: bounds.0, max: bounds.1, choices, withdrawn };
        let marks: Vec<Mark> = sent.iter().map(|(choice, value)| Mark { choice: *choice, value: *value }).collect();
        let Ok(passed) = rules.check(marks.clone()) else { return Ok(()) };
        prop_assert!(!passed.is_empty() && passed.iter().all(|mark| mark.value > 0 && marks.contains(mark)));
        prop_assert!(passed.iter().all(|mark| rules.choices.contains(&mark.choice)));
        prop_assert_eq!(rules.check(passed.clone()), Ok(passed.clone()));
        match kind {
            BallotKind::Single => prop_assert_eq!(passed.len(), 1),
            BallotKind::Several => {
                prop_assert!(passed.len() >= bounds.0.min(rules.choices.len()));
                prop_assert!(bounds.1 == 0 || passed.len() <= bounds.1);
            }
            BallotKind::Ranked => prop_assert!(passed.iter().zip(1..).all(|(mark, rank)| mark.value == rank)),
            _ => prop_assert!(passed.iter().all(|mark| mark.value <= BallotKind::MAX_SCORE)),
        }
    }
}
