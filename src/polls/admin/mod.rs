//! Questions and choices as models of the admin, and the dashboard.

mod choice;
mod choices;
mod dashboard;
mod deletion;
mod filters;
mod inline;
mod moving;
mod question;
mod question_row;
mod rules;
mod votes;

pub use choice::ChoiceAdmin;
pub use dashboard::dashboard;
pub use question::QuestionAdmin;
