//! The site in a real browser.

mod accessibility;
mod admin;
mod directions;
mod intention;
mod keyboard;
mod language;
mod layout;
mod pages;
mod vote;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let modules = [
        vote::tests(),
        intention::tests(),
        keyboard::tests(),
        language::tests(),
        layout::tests(),
        directions::tests(),
        accessibility::tests(),
        admin::tests(),
    ];
    modules.into_iter().flatten().collect()
}
