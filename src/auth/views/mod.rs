//! The handlers and pages of this module.

mod login;
mod logout;
mod password_change;
mod setup;

pub use login::{log_in, login};
pub use logout::log_out;
pub use password_change::{change_password, end_others, password_change, password_change_done};
pub use setup::{set_up, setup};
