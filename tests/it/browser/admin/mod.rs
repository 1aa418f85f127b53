//! The admin in a real browser.

pub mod hands;
mod journey;
mod lists;
mod pages;
mod related;
mod room;
mod tour;
mod twice;
mod writing;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [
        journey::tests(),
        pages::tests(),
        lists::tests(),
        writing::tests(),
        related::tests(),
        room::tests(),
        twice::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
