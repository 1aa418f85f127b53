//! The handlers and pages of this module.

mod beginning;
mod confirm_password;
mod login;
mod login_code;
mod logout;
mod password_change;
mod password_reset;
mod password_reset_confirm;
mod second_factor;
mod sessions;
mod setup;
mod tokens;

pub use confirm_password::{confirm_password, no_password};
pub use login::{log_in, login};
pub use login_code::{check_login_code, login_code};
pub use logout::log_out;
pub use password_change::{change_password, end_others, password_change, password_change_done};
pub use password_reset::{ask_for_reset, password_reset, password_reset_done};
pub use password_reset_confirm::{new_password, open_reset_link, password_reset_complete, set_new_password};
pub use second_factor::{change_second_factor, second_factor};
pub use sessions::{end_session, sessions};
pub use setup::{set_up, setup};
pub use tokens::{make_token, revoke_token, tokens};
