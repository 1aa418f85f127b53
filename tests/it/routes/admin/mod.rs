//! `/admin/`.

mod auth;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [auth::tests()].into_iter().flatten().collect()
}
