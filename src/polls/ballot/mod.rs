//! Kinds of ballots, what may be marked on them, and how they are counted: without database and without web.

mod count;
mod instant_runoff;
mod kind;
mod lot;
mod marks;
mod pattern;
mod star;
mod tally;

#[cfg(test)]
mod tests;

pub use self::count::{BallotCount, tally};
pub use self::kind::{BallotKind, Mark};
pub use self::lot::lot_number;
pub use self::marks::{BallotRules, MarkBounds, MarksError};
pub use self::tally::{
    ChoiceSum, Elimination, EliminationRule, Finalist, Round, Standing, StarRule, StarRunOff, StarTie, Tally,
};
