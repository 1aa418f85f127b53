//! The handlers and pages of this module.

mod login;
mod logout;
mod password_change;
mod setup;
mod tokens;

pub use login::{log_in, login};
pub use logout::log_out;
pub use password_change::{change_password, end_others, password_change, password_change_done};
pub use setup::{set_up, setup};
pub use tokens::{make_token, revoke_token, tokens};
