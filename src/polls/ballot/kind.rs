//! How a ballot of a poll is marked.

/// The kind of a poll's ballots; `polls_question.kind` has its name (`rules::Rule`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BallotKind {
    /// One choice.
    #[default]
    Single,
    /// Several choices, between a least and a most number of them.
    Several,
    /// Any number of choices, all that the voter agrees with.
    Approval,
    /// The choices in the voter's order, as many as the voter likes; counted as an instant run-off.
    Ranked,
    /// Each choice gets 0 to [`Self::MAX_SCORE`] points; the highest sum wins.
    Score,
    /// Scores as above; the two highest sums go into a run-off, which the one that more voters scored higher wins.
    Star,
}

/// A mark on a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    pub choice: i64,
    /// 1 for a choice that is marked; the rank, from 1, on a ranked ballot; the points, from 1, on a scored one. (A
    /// choice with 0 points has no mark.)
    pub value: i16,
}

impl BallotKind {
    pub const ALL: [Self; 6] = [Self::Single, Self::Several, Self::Approval, Self::Ranked, Self::Score, Self::Star];
    /// The most points a choice can get on a scored ballot.
    pub const MAX_SCORE: i16 = 5;

    /// Whether a ballot can have more than one mark.
    pub fn has_several_marks(self) -> bool {
        self != Self::Single
    }

    /// Whether the winner is found by a run-off, which needs the ballots and not only the sums of their marks.
    pub fn has_run_off(self) -> bool {
        matches!(self, Self::Ranked | Self::Star)
    }

    /// Whether a mark adds to `polls_choice.votes`: every mark does, but on a ranked ballot only the first preference.
    pub fn is_counted_in_total(self, mark: Mark) -> bool {
        self != Self::Ranked || mark.value == 1
    }
}
