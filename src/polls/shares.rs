//! The percentages of choices. Those of a poll add up to 100. `0%` is shown only for no votes and `100%` only for all
//! votes.

use std::fmt;

/// A choice's percentage of all votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoteShare {
    /// In tenths of a per cent. Those of a poll with votes add up to 1000.
    tenths: i64,
    /// Whether all shares of the poll are whole per cents, and are shown without a decimal.
    whole: bool,
    is_none: bool,
    is_all: bool,
}

/// The share of each choice, in the order of `votes`. A negative total, which Django does not prevent, counts as 0. The
/// largest remainder method is used: every share is rounded down to a tenth of a per cent, and the remaining tenths go
/// to the shares that were rounded down most; of equal ones, to the first.
pub fn shares(votes: &[i64]) -> Vec<VoteShare> {
    let votes: Vec<i64> = votes.iter().map(|votes| (*votes).max(0)).collect();
    let total: i64 = votes.iter().sum();
    let whole = total == 0 || votes.iter().all(|votes| votes * 100 % total == 0);
    let mut shares: Vec<VoteShare> = votes
        .iter()
        .map(|votes| VoteShare {
            tenths: (votes * 1000).checked_div(total).unwrap_or(0),
            whole,
            is_none: *votes == 0,
            is_all: *votes == total,
        })
        .collect();
    if total > 0 {
        let mut by_remainder: Vec<usize> = (0..votes.len()).collect();
        by_remainder.sort_by_key(|at| std::cmp::Reverse(votes[*at] * 1000 % total));
        let left = 1000 - shares.iter().map(|share| share.tenths).sum::<i64>();
        for at in by_remainder.into_iter().take(usize::try_from(left).unwrap_or(0)) {
            shares[at].tenths += 1;
        }
    }
    shares
}

impl VoteShare {
    /// `part` of `total`, rounded. Such shares of a poll need not add up to 100, as a ballot may be in several of them.
    pub fn of(part: i64, total: i64) -> Self {
        Self {
            tenths: (part * 2000 + total).checked_div(total * 2).unwrap_or(0),
            whole: total == 0 || part * 100 % total == 0,
            is_none: part == 0,
            is_all: part == total,
        }
    }

    /// The length of a bar, in per cent: `33.4`.
    pub fn width(self) -> String {
        if self.tenths % 10 == 0 {
            return (self.tenths / 10).to_string();
        }
        format!("{}.{}", self.tenths / 10, self.tenths % 10)
    }
}

/// `50%`, `33.4%`, `<0.1%`, `>99.9%`; `0%` only for no votes and `100%` only for all votes.
impl fmt::Display for VoteShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tenths {
            0 if !self.is_none => f.write_str("<0.1%"),
            1000 if !self.is_all => f.write_str(">99.9%"),
            tenths if self.whole || self.is_none || self.is_all => write!(f, "{}%", tenths / 10),
            tenths => write!(f, "{}.{}%", tenths / 10, tenths % 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_alone() {
        let shown = [(1, 3), (2, 3), (0, 0), (3, 3), (0, 3), (1, 4), (1, 10_000), (9_999, 10_000)];
        let shown = shown.map(|(part, total)| VoteShare::of(part, total).to_string());
        assert_eq!(shown, ["33.3%", "66.7%", "0%", "100%", "0%", "25%", "<0.1%", ">99.9%"]);
    }

    fn shown(votes: &[i64]) -> Vec<String> {
        shares(votes).iter().map(VoteShare::to_string).collect()
    }

    #[test]
    fn shares_are_shown_as_they_are() {
        assert_eq!(shown(&[1, 1]), ["50%", "50%"]);
        assert_eq!(shown(&[1, 0, 3]), ["25%", "0%", "75%"]);
        assert_eq!(shown(&[1, 1, 1]), ["33.4%", "33.3%", "33.3%"]);
        assert_eq!(shown(&[0, 1, 2]), ["0%", "33.3%", "66.7%"]);
        assert_eq!(shown(&[1, 999_999]), ["<0.1%", ">99.9%"]);
        assert_eq!(shown(&[0, 7]), ["0%", "100%"]);
        assert_eq!(shown(&[0, 0]), ["0%", "0%"]);
        assert_eq!(shown(&[-5, 5]), ["0%", "100%"]);
        assert_eq!(shown(&[]), [""; 0]);
    }

    proptest::proptest! {
        #[test]
        fn shares_add_up(votes in proptest::collection::vec(0..i64::from(i32::MAX), 1..50)) {
            let sum: i64 = shares(&votes).iter().map(|share| share.tenths).sum();
            proptest::prop_assert_eq!(sum, if votes.iter().all(|votes| *votes == 0) { 0 } else { 1000 });
        }

        #[test]
        fn none_is_shown_as_nothing_or_all_that_is_not(votes in proptest::collection::vec(0..3_000_000_i64, 2..5)) {
            let total: i64 = votes.iter().sum();
            for (votes, share) in votes.iter().zip(shares(&votes)) {
                let shown = share.to_string();
                proptest::prop_assert_eq!(*votes == 0, shown == "0%", "{}", shown);
                proptest::prop_assert_eq!(total > 0 && *votes == total, shown == "100%", "{}", shown);
            }
        }
    }
}
