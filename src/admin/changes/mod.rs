//! What the admin changes in the database: saving, deleting, logging, undoing, and long work in the background.

pub mod by_command;
pub mod change;
pub mod deletion;
pub mod duplicate;
pub mod log;
pub mod log_message;
pub mod snapshot;
pub mod task;
pub mod undo;
pub mod undo_view;
