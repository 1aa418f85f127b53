//! Page by page, as the addresses are.

mod account_pages;
mod accounts;
mod admin;
mod api;
mod bookmark;
mod bookmark_search;
mod errors;
mod health;
mod home;
mod i18n;
mod password_reset;
mod polls;
mod second_factor;
mod slashes;
mod static_files;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let modules = [
        home::tests(),
        polls::tests(),
        bookmark::tests(),
        bookmark_search::tests(),
        admin::tests(),
        api::tests(),
        account_pages::tests(),
        accounts::tests(),
        password_reset::tests(),
        second_factor::tests(),
        i18n::tests(),
        health::tests(),
        static_files::tests(),
        slashes::tests(),
        errors::tests(),
    ];
    modules.into_iter().flatten().collect()
}
