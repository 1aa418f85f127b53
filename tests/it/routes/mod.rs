//! Page by page, as the addresses are.

mod admin;
mod polls;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [admin::tests(), polls::tests()].into_iter().flatten().collect()
}
