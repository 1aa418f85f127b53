//! Counts scored ballots by STAR: score, then automatic run-off.

use std::cmp::{Ordering, Reverse};

use super::kind::BallotKind;
use super::lot::lot_number;
use super::pattern::{LEVELS, PackedMark, unpack};
use super::tally::{ChoiceSum, Finalist, StarRule, StarRunOff, StarTie, Tally, by_points};

/// A pattern of marks, and its number of ballots.
type Pattern<'a> = (&'a [PackedMark], i64);

/// The result of patterns of ballots; see [`super::tally()`].
pub(super) fn star<'a>(
    sums: &[ChoiceSum],
    ballots: i64,
    patterns: impl Iterator<Item = Pattern<'a>> + Clone,
    seed: &str,
) -> Tally {
    let scores = Scores { sums, patterns };
    let Some((finalists, entry)) = scores.finalists(seed) else {
        return Tally::of_sums(BallotKind::Star, ballots, sums);
    };
    let (order, rule, preferences) = scores.run_off(finalists);
    let [first, second] = if order == Ordering::Less { [1, 0] } else { [0, 1] };
    let finalist = |at: usize| Finalist { choice: sums[finalists[at]].choice, preferred_by: preferences[at] };
    let run_off = StarRunOff {
        finalists: [finalist(first), finalist(second)],
        no_preference: ballots - preferences.iter().sum::<i64>(),
        rule,
        entry,
    };
    let [first, second] = [first, second].map(|at| sums[finalists[at]]);
    let mut places = if rule.is_none() { vec![vec![first, second]] } else { vec![vec![first], vec![second]] };
    let is_other = |sum: &&ChoiceSum| ![first.choice, second.choice].contains(&sum.choice);
    places.extend(by_points(sums.iter().filter(is_other).copied().collect()));
    Tally { run_off: Some(run_off), ..Tally::ranking(BallotKind::Star, ballots, places) }
}

/// What scored ballots say; vectors have a value for each choice, by its index.
struct Scores<'s, P> {
    sums: &'s [ChoiceSum],
    patterns: P,
}

impl<'a, P: Iterator<Item = Pattern<'a>> + Clone> Scores<'_, P> {
    /// The two choices with the most points, and how a tie for a place among them was decided. None if fewer than two
    /// have any.
    fn finalists(&self, seed: &str) -> Option<([usize; 2], Option<StarTie>)> {
        let mut by_points: Vec<usize> = (0..self.sums.len()).filter(|index| self.sums[*index].points > 0).collect();
        by_points.sort_by_key(|index| Reverse(self.sums[*index].points));
        let [first, second, ..] = by_points[..] else { return None };
        let points = self.sums[second].points;
        let tied: Vec<usize> = by_points.into_iter().filter(|index| self.sums[*index].points == points).collect();
        // How many of the tied choices get a place in the run-off.
        let wanted = if self.sums[first].points == points { 2 } else { 1 };
        if tied.len() == wanted {
            return Some(([first, second], None));
        }
        let (preferences, full_scores) = (self.preferences(&tied), self.full_scores());
        let choice = |index: usize| self.sums[index].choice;
        let key = |at: usize| (Reverse(preferences[at]), Reverse(full_scores[tied[at]]));
        let mut order: Vec<usize> = (0..tied.len()).collect();
        order.sort_by_cached_key(|at| (key(*at), lot_number(seed, choice(tied[*at]))));
        let (last_in, first_out) = (key(order[wanted - 1]), key(order[wanted]));
        let rule = if last_in.0 != first_out.0 {
            StarRule::Preference
        } else if last_in.1 != first_out.1 {
            StarRule::FullScores
        } else {
            StarRule::Lot
        };
        let entered = tied[order[wanted - 1]];
        let finalists = if wanted == 2 { [tied[order[0]], entered] } else { [first, entered] };
        Some((finalists, Some(StarTie { tied: tied.iter().map(|index| choice(*index)).collect(), rule })))
    }

    /// How often each of these choices is given more points than another one of them.
    fn preferences(&self, among: &[usize]) -> Vec<i64> {
        let mut preferences = vec![0; among.len()];
        let mut points = vec![0_usize; self.sums.len()];
        for (marks, ballots) in self.patterns.clone() {
            points.fill(0);
            for (index, given) in marks.iter().map(|mark| unpack(*mark)) {
                points[index] = given;
            }
            // How many of the choices are given so many points.
            let mut given = [0_i64; LEVELS];
            for index in among {
                given[points[*index]] += 1;
            }
            for (index, preferences) in among.iter().zip(&mut preferences) {
                *preferences += ballots * given[..points[*index]].iter().sum::<i64>();
            }
        }
        preferences
    }

    /// How many ballots give each choice the most points.
    fn full_scores(&self) -> Vec<i64> {
        let mut full_scores = vec![0; self.sums.len()];
        for (marks, ballots) in self.patterns.clone() {
            for (index, _) in marks.iter().map(|mark| unpack(*mark)).filter(|(_, points)| *points == LEVELS - 1) {
                full_scores[index] += ballots;
            }
        }
        full_scores
    }

    /// How the first of two choices compares to the second, by which rule, and the ballots that prefer each.
    fn run_off(&self, finalists: [usize; 2]) -> (Ordering, Option<StarRule>, [i64; 2]) {
        let preferences = self.preferences(&finalists);
        let [one, other] = finalists;
        let full_scores = self.full_scores();
        let rules = [
            (StarRule::Preference, preferences[0].cmp(&preferences[1])),
            (StarRule::Points, self.sums[one].points.cmp(&self.sums[other].points)),
            (StarRule::FullScores, full_scores[one].cmp(&full_scores[other])),
        ];
        let deciding = rules.into_iter().find(|(_, order)| order.is_ne());
        let (rule, order) = deciding.map_or((None, Ordering::Equal), |(rule, order)| (Some(rule), order));
        (order, rule, [preferences[0], preferences[1]])
    }
}
