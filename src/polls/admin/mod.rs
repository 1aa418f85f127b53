//! Questions, choices and invitations as models of the admin, the page that makes invitations, and the dashboard.

mod choice;
mod choices;
mod dashboard;
mod deletion;
mod filters;
mod inline;
mod invitation;
mod invitation_sheet;
pub mod invite;
mod moving;
mod question;
mod question_row;
mod rules;
pub(super) mod votes;
mod write_ins;

pub use choice::ChoiceAdmin;
pub use dashboard::dashboard;
pub use deletion::{forget_old, forget_voters};
pub use invitation::InvitationAdmin;
pub use question::QuestionAdmin;
