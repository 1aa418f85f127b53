//! Marks in a form that takes little memory and time: a million ballots may have a million patterns.

use super::kind::BallotKind;

/// The index of a choice, and the points that it is given on a scored ballot.
pub(super) type PackedMark = u32;

/// How many different points there are, 0 among them.
pub(super) const LEVELS: usize = LEVELS_PACKED as usize;
const LEVELS_PACKED: u32 = BallotKind::MAX_SCORE.unsigned_abs() as u32 + 1;

/// Points beyond those that can be given are the nearest that can.
pub(super) fn pack(index: u32, points: i16) -> PackedMark {
    let points = points.clamp(0, BallotKind::MAX_SCORE);
    index * LEVELS_PACKED + u32::from(points.unsigned_abs())
}

/// The index and the points.
pub(super) fn unpack(mark: PackedMark) -> (usize, usize) {
    let mark = mark as usize;
    (mark / LEVELS, mark % LEVELS)
}
