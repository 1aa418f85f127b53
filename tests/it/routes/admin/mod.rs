//! `/admin/`.

mod auth;
mod shown;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [auth::tests(), shown::tests()].into_iter().flatten().collect()
}
