//! What may be marked.

use super::super::{BallotKind, BallotRules, Mark, MarkBounds, MarksError};

/// A poll with the choices 1 to 5, of which 5 has been withdrawn.
fn rules(kind: BallotKind) -> BallotRules {
    BallotRules { kind, min: 2, max: 3, choices: (1..=4).collect(), withdrawn: [5].into() }
}

fn check(kind: BallotKind, marks: &[(i64, i16)]) -> Result<Vec<(i64, i16)>, MarksError> {
    let marks = marks.iter().map(|(choice, value)| Mark { choice: *choice, value: *value }).collect();
    let checked = rules(kind).check(marks)?;
    Ok(checked.into_iter().map(|mark| (mark.choice, mark.value)).collect())
}

#[test]
fn nothing_marked_is_no_ballot() {
    for kind in BallotKind::ALL {
        assert_eq!(check(kind, &[]), Err(MarksError::NoMark), "{kind:?}");
    }
    assert_eq!(check(BallotKind::Score, &[(1, 0), (2, 0)]), Err(MarksError::NoMark));
}

#[test]
fn a_choice_must_be_one_of_the_poll_and_not_withdrawn() {
    for kind in BallotKind::ALL {
        assert_eq!(check(kind, &[(1, 1), (9, 2)]), Err(MarksError::UnknownChoice(9)), "{kind:?}");
        assert_eq!(check(kind, &[(5, 1)]), Err(MarksError::WithdrawnChoice(5)), "{kind:?}");
        assert_eq!(check(kind, &[(3, 1), (3, 1)]), Err(MarksError::ChoiceTwice(3)), "{kind:?}");
    }
    assert_eq!(check(BallotKind::Ranked, &[(3, 1), (3, 2)]), Err(MarksError::ChoiceTwice(3)));
    assert_eq!(check(BallotKind::Star, &[(3, 0), (3, 4)]), Err(MarksError::ChoiceTwice(3)));
}

#[test]
fn the_number_of_marks_is_bounded() {
    assert_eq!(check(BallotKind::Single, &[(2, 1)]), Ok(vec![(2, 1)]));
    assert_eq!(check(BallotKind::Single, &[(2, 1), (1, 1)]), Err(MarksError::TooMany(1)));
    let all: Vec<(i64, i16)> = (1..=4).map(|choice| (choice, 1)).collect();
    assert_eq!(check(BallotKind::Several, &all[..1]), Err(MarksError::TooFew(2)));
    assert_eq!(check(BallotKind::Several, &all), Err(MarksError::TooMany(3)));
    for number in 2..=3 {
        assert_eq!(check(BallotKind::Several, &all[..number]), Ok(all[..number].to_vec()));
    }
    // The bounds are those of several choices only.
    assert_eq!(check(BallotKind::Approval, &all), Ok(all.clone()));
    assert_eq!(check(BallotKind::Approval, &all[..1]), Ok(all[..1].to_vec()));
    assert_eq!(check(BallotKind::Ranked, &all[..1]), Ok(all[..1].to_vec()));
    let unbounded = BallotRules { min: 0, max: 0, ..rules(BallotKind::Several) };
    assert!(
        unbounded.check(all.iter().map(|(choice, value)| Mark { choice: *choice, value: *value }).collect()).is_ok()
    );
}

#[test]
fn no_more_marks_are_needed_than_can_be_made() {
    let bounds = |min, max, choices| {
        let MarkBounds { least, most } = MarkBounds::of(min, max, choices);
        (least, most)
    };
    assert_eq!(bounds(2, 3, 4), (2, Some(3)));
    assert_eq!(bounds(3, 0, 4), (3, None));
    assert_eq!(bounds(3, 0, 2), (2, None), "two choices are left");
    assert_eq!(bounds(3, 4, 2), (2, None));
    assert_eq!(bounds(3, 1, 4), (1, Some(1)), "the rule contradicts itself");
    assert_eq!(bounds(0, 4, 4), (0, None));
    assert_eq!(bounds(-2, -1, 4), (0, None));
    assert_eq!(bounds(2, 2, 0), (0, None));
}

#[test]
fn ranks_have_no_gaps_and_no_doubles() {
    assert_eq!(check(BallotKind::Ranked, &[(4, 3), (1, 2), (3, 1)]), Ok(vec![(3, 1), (1, 2), (4, 3)]));
    assert_eq!(check(BallotKind::Ranked, &[(1, 2), (2, 3)]), Err(MarksError::RankMissing(1)));
    assert_eq!(check(BallotKind::Ranked, &[(1, 1), (2, 3)]), Err(MarksError::RankMissing(2)));
    assert_eq!(check(BallotKind::Ranked, &[(1, 1), (2, 1)]), Err(MarksError::RankTwice(1)));
    assert_eq!(check(BallotKind::Ranked, &[(1, 1), (2, 2), (3, 2), (4, 3)]), Err(MarksError::RankTwice(2)));
    assert_eq!(check(BallotKind::Ranked, &[(1, i16::MAX)]), Err(MarksError::RankMissing(1)));
}

#[test]
fn values_are_in_range() {
    let is_refused = |kind, value| {
        let mark = Mark { choice: 1, value };
        assert_eq!(check(kind, &[(1, value)]), Err(MarksError::ValueOutOfRange(mark)), "{kind:?} {value}");
    };
    for kind in [BallotKind::Single, BallotKind::Several, BallotKind::Approval] {
        for value in [i16::MIN, -1, 0, 2, i16::MAX] {
            is_refused(kind, value);
        }
    }
    for rank in [i16::MIN, -1, 0] {
        is_refused(BallotKind::Ranked, rank);
    }
    for kind in [BallotKind::Score, BallotKind::Star] {
        for points in [i16::MIN, -1, 6, i16::MAX] {
            is_refused(kind, points);
        }
        assert_eq!(check(kind, &[(4, 5), (3, 0), (1, 1)]), Ok(vec![(1, 1), (4, 5)]));
    }
}
