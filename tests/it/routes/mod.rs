//! Page by page, as the addresses are.

mod polls;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [polls::tests()].into_iter().flatten().collect()
}
