//! The button beside a message about changes, which undoes them.

use crate::admin::pages::request::ModelRequest;
use crate::admin::registry::sentence::Sentence;
use crate::web::context::messages::{Action as Button, Message};

/// The most objects whose change or deletion is undone at once.
pub const MOST: usize = 1000;

/// A message about changes or deletions, with the button that undoes them where they can be undone.
pub fn with_undo(request: &ModelRequest, message: Message, entries: &[i32]) -> Message {
    let Some((first, others)) = entries.split_first().filter(|_| request.model.can_be_undone()) else {
        return message;
    };
    if entries.len() > MOST {
        let why = Sentence::with_count("admin-undo-too-many", MOST).text(&request.admin.ambient);
        return Message { text: format!("{} {why}", message.text), ..message };
    }
    let others: Vec<_> = others.iter().map(ToString::to_string).collect();
    let fields = if others.is_empty() { Vec::new() } else { vec![("also".to_owned(), others.join(","))] };
    let button = Button { label: request.admin.text("admin-undo"), url: format!("/admin/undo/{first}/"), fields };
    message.with_action(button)
}
