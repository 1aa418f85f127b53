//! Elections whose results can be seen by hand.

use super::super::{BallotKind, Elimination, EliminationRule, Mark, StarRule, StarTie, Tally, lot_number, tally};
use super::{SEED, many, marked, ranked, scored};

fn count(kind: BallotKind, choices: i64, ballots: &[(usize, Vec<Mark>)]) -> Tally {
    let choices: Vec<i64> = (1..=choices).collect();
    tally(kind, &choices, many(ballots), SEED)
}

fn places(tally: &Tally) -> Vec<(i64, usize)> {
    tally.standings.iter().map(|standing| (standing.choice, standing.place)).collect()
}

fn eliminations(tally: &Tally) -> Vec<Elimination> {
    tally.rounds.iter().filter_map(|round| round.elimination.clone()).collect()
}

/// The choices in the order of the lot.
fn in_lots_order(mut choices: Vec<i64>) -> Vec<i64> {
    choices.sort_by_key(|choice| lot_number(SEED, *choice));
    choices
}

#[test]
fn the_most_votes_win_and_equal_ones_tie() {
    for kind in [BallotKind::Single, BallotKind::Several, BallotKind::Approval, BallotKind::Score] {
        let one = |choice| marked(kind, &[choice]);
        let won = count(kind, 4, &[(2, one(1)), (3, one(2)), (2, one(4))]);
        assert_eq!((won.winners.clone(), won.is_tie(), won.ballots), (vec![2], false, 7));
        assert_eq!(places(&won), [(2, 1), (1, 2), (4, 2), (3, 4)]);
        let tied = count(kind, 3, &[(2, one(3)), (2, one(1)), (1, one(2))]);
        assert_eq!((tied.winners.clone(), tied.is_tie()), (vec![1, 3], true));
    }
}

#[test]
fn without_votes_nobody_wins() {
    for kind in BallotKind::ALL {
        for ballots in [vec![], vec![(3, marked(kind, &[7]))]] {
            let empty = count(kind, 3, &ballots);
            assert_eq!((empty.winners.clone(), places(&empty)), (vec![], vec![(1, 1), (2, 1), (3, 1)]), "{kind:?}");
        }
        assert_eq!(count(kind, 0, &[]).standings, []);
    }
}

#[test]
fn a_majority_ends_the_run_off() {
    let won = count(BallotKind::Ranked, 3, &[(3, ranked(&[1])), (2, ranked(&[2, 3]))]);
    assert_eq!((won.winners.clone(), won.rounds.len(), won.rounds[0].majority), (vec![1], 1, 3));
    assert_eq!(places(&won), [(1, 1), (2, 2), (3, 3)]);
    // Half is no majority.
    let tied = count(BallotKind::Ranked, 3, &[(2, ranked(&[1])), (2, ranked(&[2, 3]))]);
    assert_eq!((tied.winners.clone(), tied.rounds.len()), (vec![1, 2], 2));
    assert_eq!(tied.rounds[0].majority, 3);
}

#[test]
fn votes_of_the_last_are_transferred() {
    let ballots =
        [(4, ranked(&[1, 2])), (3, ranked(&[2, 3])), (2, ranked(&[3, 2])), (1, ranked(&[4])), (1, ranked(&[4, 3]))];
    let won = count(BallotKind::Ranked, 5, &ballots);
    assert_eq!(won.winners, [2]);
    let by_round: Vec<(i64, &[i64])> = won.standings.iter().map(|one| (one.choice, &*one.by_round)).collect();
    // 5 has no votes and leaves at once; 3 and 4 are tied in both rounds, and the lot decides.
    let out = in_lots_order(vec![3, 4])[1];
    let rules: Vec<_> = eliminations(&won).into_iter().map(|gone| (gone.choices, gone.rule, gone.tied)).collect();
    assert_eq!(rules[0], (vec![5], EliminationRule::NoVotes, vec![5]));
    assert_eq!(rules[1], (vec![out], EliminationRule::Lot, vec![3, 4]));
    assert_eq!(by_round[by_round.len() - 1], (5, &[0][..]));
    let exhausted: Vec<i64> = won.rounds.iter().map(|round| round.exhausted).collect();
    assert_eq!(&exhausted[..2], &[0, 0]);
    assert!(exhausted[2] <= 2);
}

#[test]
fn a_tie_of_the_last_looks_back_to_the_round_in_which_they_differed() {
    let ballots = [
        (9, ranked(&[1])),
        (4, ranked(&[2])),
        (3, ranked(&[3])),
        (1, ranked(&[4, 3])),
        (2, ranked(&[5, 1])),
        (12, ranked(&[6])),
    ];
    let won = count(BallotKind::Ranked, 6, &ballots);
    let gone: Vec<_> = eliminations(&won).into_iter().map(|gone| (gone.choices, gone.rule, gone.tied)).collect();
    assert_eq!(gone[0], (vec![4], EliminationRule::FewestVotes, vec![4]));
    assert_eq!(gone[1], (vec![5], EliminationRule::FewestVotes, vec![5]));
    // 2 and 3 have four votes in this round and had four in the one before.
    assert_eq!(gone[2], (vec![3], EliminationRule::EarlierRound(1), vec![2, 3]));
    assert_eq!(places(&won), [(6, 1), (1, 2), (2, 3), (3, 4), (5, 5), (4, 6)]);
}

#[test]
fn equal_votes_of_all_that_are_left_are_a_tie() {
    let tied = count(BallotKind::Ranked, 4, &[(2, ranked(&[1, 2])), (2, ranked(&[2, 3])), (2, ranked(&[3, 1]))]);
    assert_eq!((tied.winners.clone(), tied.is_tie()), (vec![1, 2, 3], true));
    assert_eq!(places(&tied), [(1, 1), (2, 1), (3, 1), (4, 4)]);
}

#[test]
fn withdrawn_choices_are_passed_over() {
    let ballots = many(&[(3, ranked(&[9, 1])), (2, ranked(&[2])), (1, ranked(&[9])), (1, ranked(&[2, 9, 1]))]);
    let won = tally(BallotKind::Ranked, &[1, 2], ballots, SEED);
    assert_eq!((won.winners.clone(), won.rounds[0].exhausted, won.ballots), (vec![1, 2], 1, 7));
    assert_eq!(won.standings[0].votes, 3);
}

/// Anybody can draw it again: `printf '%s' 'poll 7, 2026-11-30/17' | sha256sum`.
#[test]
fn the_lot_is_a_published_calculation() {
    let hex = lot_number("poll 7, 2026-11-30/", 17).map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(hex, "61be35503063fcb812b4143014a2f5a38b4540f235c1d13a25667b40a57b982a");
}

#[test]
fn star_has_a_run_off_of_the_two_with_most_points() {
    // 1 has the most points, but more voters prefer 2.
    let won = count(BallotKind::Star, 3, &[(3, scored(&[3, 4, 0])), (2, scored(&[5, 0, 4])), (1, scored(&[2, 2, 0]))]);
    let points: Vec<_> = won.standings.iter().map(|one| (one.choice, one.place, one.points, one.votes)).collect();
    assert_eq!(points, [(2, 1, 14, 4), (1, 2, 21, 6), (3, 3, 8, 2)]);
    let run_off = won.run_off.unwrap();
    assert_eq!(run_off.finalists.map(|finalist| (finalist.choice, finalist.preferred_by)), [(2, 3), (1, 2)]);
    assert_eq!((run_off.no_preference, run_off.rule, run_off.entry), (1, Some(StarRule::Preference), None));
    // The sum of points alone decides on scored ballots.
    let won = count(BallotKind::Score, 3, &[(3, scored(&[3, 4, 0])), (2, scored(&[5, 0, 4]))]);
    assert_eq!((won.winners, won.run_off), (vec![1], None));
}

#[test]
fn star_breaks_ties_by_its_rules() {
    let star = |ballots: &[(usize, Vec<Mark>)]| {
        let tally = count(BallotKind::Star, 4, ballots);
        let run_off = tally.run_off.clone().unwrap();
        (tally.winners, run_off.rule, run_off.entry)
    };
    // As many prefer either: more points.
    assert_eq!(star(&[(1, scored(&[5, 1])), (1, scored(&[2, 4]))]), (vec![1], Some(StarRule::Points), None));
    // And equal points: more full scores.
    let ballots = [(1, scored(&[5, 3])), (1, scored(&[2, 4])), (1, scored(&[3, 3])), (1, scored(&[1, 1]))];
    assert_eq!(star(&ballots), (vec![1], Some(StarRule::FullScores), None));
    // And equal full scores.
    assert_eq!(star(&[(1, scored(&[5, 4])), (1, scored(&[4, 5]))]), (vec![1, 2], None, None));

    // For the second place in the run-off 2 and 3 have equal points: more voters prefer 3 to 2.
    let ballots = [(3, scored(&[5, 1, 2])), (1, scored(&[5, 5, 2]))];
    let entry = |tied: &[i64], rule| Some(StarTie { tied: tied.to_vec(), rule });
    assert_eq!(star(&ballots), (vec![1], Some(StarRule::Preference), entry(&[2, 3], StarRule::Preference)));
    // As many voters prefer either; 2 has a full score.
    let ballots = [(1, scored(&[5, 1, 2])), (1, scored(&[5, 5, 4]))];
    assert_eq!(star(&ballots).2, entry(&[2, 3], StarRule::FullScores));
    // The lot decides who of three equal ones goes into the run-off.
    let equal = count(BallotKind::Star, 4, &[(1, scored(&[0, 3, 3, 3]))]);
    let order = in_lots_order(vec![2, 3, 4]);
    let mut finalists = order[..2].to_vec();
    finalists.sort_unstable();
    assert_eq!(equal.winners, finalists);
    assert_eq!(equal.run_off.unwrap().entry, entry(&[2, 3, 4], StarRule::Lot));
}

#[test]
fn who_alone_has_points_wins_without_a_run_off() {
    let won = count(BallotKind::Star, 3, &[(2, scored(&[0, 4]))]);
    assert_eq!((won.winners, won.run_off), (vec![2], None));
}
