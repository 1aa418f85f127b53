//! Who may vote in a poll, and as which voter, by the rule of the poll: once per browser, account or invitation.

pub mod browser;
