//! `/admin/`.

mod auth;
mod bad_input;
mod choices;
mod django;
mod duplicate;
mod escaping;
mod hostile;
mod invitations;
mod lists;
mod logs;
mod lookups;
mod related;
mod rights;
mod shown;
mod stale;
mod status;
mod tasks;
mod telling;
mod twice;
mod undo;
mod visible;
mod votes;

use crate::support::{Poll, Test};

const QUESTIONS: &str = "/admin/polls/question/";
const CHOICES: &str = "/admin/polls/choice/";
const BOOKMARKS: &str = "/admin/bookmark/bookmark/";

pub fn tests() -> Vec<Test> {
    let modules = [
        auth::tests(),
        bad_input::tests(),
        hostile::tests(),
        escaping::tests(),
        rights::tests(),
        stale::tests(),
        status::tests(),
        tasks::tests(),
        twice::tests(),
        undo::tests(),
        duplicate::tests(),
        invitations::tests(),
        choices::tests(),
        lists::tests(),
        lookups::tests(),
        related::tests(),
        votes::tests(),
        logs::tests(),
        django::tests(),
        shown::tests(),
        telling::tests(),
        visible::tests(),
    ];
    modules.into_iter().flatten().collect()
}

/// An object's form.
fn change(list: &str, pk: i64) -> String {
    format!("{list}{pk}/change/")
}

fn history(list: &str, pk: i64) -> String {
    format!("{list}{pk}/history/")
}

fn delete(list: &str, pk: i64) -> String {
    format!("{list}{pk}/delete/")
}

fn form_of(poll: &Poll) -> String {
    change(QUESTIONS, poll.id)
}
