//! The handlers and pages of this module.

mod login;
mod logout;
mod password_change;
mod password_reset;
mod password_reset_confirm;
mod setup;
mod tokens;

pub use login::{log_in, login};
pub use logout::log_out;
pub use password_change::{change_password, end_others, password_change, password_change_done};
pub use password_reset::{ask_for_reset, password_reset, password_reset_done};
pub use password_reset_confirm::{new_password, open_reset_link, password_reset_complete, set_new_password};
pub use setup::{set_up, setup};
pub use tokens::{make_token, revoke_token, tokens};
