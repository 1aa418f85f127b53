//! What a change does to the database: saved, deleted, logged, undone, and done in the background where it is long.

pub mod change;
pub mod deletion;
pub mod log;
pub mod log_message;
pub mod snapshot;
pub mod task;
pub mod undo;
pub mod undo_view;
