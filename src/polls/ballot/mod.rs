//! Kinds of ballots, what may be marked on them, and how they are counted: without database and without web.

mod kind;
mod marks;

pub use self::kind::{BallotKind, Mark};
pub use self::marks::{BallotRules, MarksError};
