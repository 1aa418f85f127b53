//! Who may: login, logout, passwords, and the commands that make users.

mod commands;
mod login;
mod password_again;
mod password_change;
mod permissions;
mod sessions;
mod setup;
mod throttle;
mod users;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let modules = [
        login::tests(),
        sessions::tests(),
        throttle::tests(),
        password_again::tests(),
        password_change::tests(),
        setup::tests(),
        commands::tests(),
        permissions::tests(),
        users::tests(),
    ];
    modules.into_iter().flatten().collect()
}
