//! New passwords by mail. A request only notes the address that was typed; `polls outbound` looks whose it is, and makes
//! the link when it sends the mail.

pub mod errand_handlers;
mod errands;
pub mod forms;
pub mod mails;
pub mod token;
