//! Messages about what was just done. They are kept in the session and shown once.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock;
use crate::text::isolate;
use crate::web::context::session::Session;

const KEY: &str = "_messages";
/// The most messages in a session; when another is added, the oldest is dropped.
const MOST_MESSAGES: usize = 20;
/// Seconds after a form was sent again in which its message may be shown a second time.
const AGAIN_WITHIN: i64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Success,
    Info,
    Warning,
    Error,
}

impl Level {
    /// The level's name, also its CSS class.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A message; its text is already translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub level: Level,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again: Option<Again>,
}

/// A form that is sent twice leads to its page twice: the browser asks for the page, is interrupted, and asks again. The
/// message must be in the second answer, the only one that is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Again {
    /// Seconds since 1970.
    until: i64,
    /// The address at which the message was shown for the first time.
    shown_at: Option<String>,
}

/// The part of a message's text that is a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The link's text, as in the message, where it is between “ and ”.
    pub name: String,
    /// A path of this site, without the mount.
    pub url: String,
}

/// A button beside a message: a form with hidden fields that is posted to an address of this site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    pub label: String,
    /// A path of this site, without the mount.
    pub url: String,
    #[serde(default)]
    pub fields: Vec<(String, String)>,
}

impl Message {
    pub fn new(level: Level, text: impl Into<String>) -> Self {
        Self { level, text: text.into(), link: None, action: None, again: None }
    }

    pub fn success(text: impl Into<String>) -> Self {
        Self::new(Level::Success, text)
    }

    pub fn info(text: impl Into<String>) -> Self {
        Self::new(Level::Info, text)
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self::new(Level::Warning, text)
    }

    pub fn error(text: impl Into<String>) -> Self {
        Self::new(Level::Error, text)
    }

    pub fn with_action(self, action: Action) -> Self {
        Self { action: Some(action), ..self }
    }

    pub fn with_link(self, name: impl Into<String>, url: String) -> Self {
        // Isolated, as it is in the text.
        Self { link: Some(Link { name: isolate(&name.into()), url }), ..self }
    }

    fn content(&self) -> (Level, &String, &Option<Link>, &Option<Action>) {
        (self.level, &self.text, &self.link, &self.action)
    }

    /// Whether a page shows it, for the first or for the second time.
    fn is_shown(&self, page: &str, now: i64) -> bool {
        let Some(Again { until, shown_at: Some(first) }) = &self.again else { return true };
        first == page && now < *until
    }

    /// What is kept of it after a page has shown it.
    fn kept(self, page: &str, now: i64) -> Option<Self> {
        let again = self.again.filter(|again| again.shown_at.is_none() && now < again.until)?;
        Some(Self { again: Some(Again { shown_at: Some(page.to_owned()), ..again }), ..self })
    }

    /// The text before the link, the link, and the text after it; without a link the first is the whole text.
    pub fn parts(&self) -> (&str, Option<&Link>, &str) {
        let parts = self.link.as_ref().and_then(|link| {
            let start = self.text.find(&format!("“{}”", link.name))? + '“'.len_utf8();
            let (before, rest) = self.text.split_at(start);
            Some((before, Some(link), &rest[link.name.len()..]))
        });
        parts.unwrap_or((&self.text, None, ""))
    }
}

/// Stores a message in the session for the next page that shows messages.
pub fn add(session: &Session, message: Message) {
    let mut messages: Vec<Message> = session.get(KEY).unwrap_or_default();
    push(&mut messages, message);
    session.insert(KEY, &messages);
}

/// The same for the message of a form that was sent before.
pub fn add_again(session: &Session, message: Message) {
    let mut messages: Vec<Message> = session.get(KEY).unwrap_or_default();
    push_again(&mut messages, message);
    session.insert(KEY, &messages);
}

/// Adds the message of a form that may have been sent before to the data of a session.
pub fn add_again_to(data: &mut Map<String, Value>, message: Message) {
    let mut messages: Vec<Message> =
        data.get(KEY).and_then(|messages| Vec::deserialize(messages).ok()).unwrap_or_default();
    push_again(&mut messages, message);
    if let Ok(messages) = serde_json::to_value(&messages) {
        data.insert(KEY.to_owned(), messages);
    }
}

fn push(messages: &mut Vec<Message>, message: Message) {
    messages.retain(|kept| kept.again.as_ref().is_none_or(|again| again.shown_at.is_none()));
    messages.push(message);
    let surplus = messages.len().saturating_sub(MOST_MESSAGES);
    messages.drain(..surplus);
}

/// A message that is still there may be on its way in an answer that the browser no longer waits for.
fn push_again(messages: &mut Vec<Message>, message: Message) {
    let same = |kept: &&mut Message| kept.content() == message.content();
    match messages.iter_mut().find(same) {
        Some(kept) => kept.again = Some(Again { until: now() + AGAIN_WITHIN, shown_at: None }),
        None => push(messages, message),
    }
}

/// Takes the messages that a page shows out of the session.
pub fn take(session: &Session, page: &str) -> Vec<Message> {
    let messages: Vec<Message> = session.get(KEY).unwrap_or_default();
    if messages.is_empty() {
        return messages;
    }
    let now = now();
    let shown: Vec<Message> = messages.into_iter().filter(|message| message.is_shown(page, now)).collect();
    let kept: Vec<Message> = shown.iter().filter_map(|message| message.clone().kept(page, now)).collect();
    if kept.is_empty() {
        session.remove::<Value>(KEY);
    } else {
        session.insert(KEY, &kept);
    }
    shown
}

fn now() -> i64 {
    clock::now().and_utc().timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(session: &Session, page: &str) -> Vec<String> {
        take(session, page).into_iter().map(|message| message.text).collect()
    }

    #[test]
    fn a_message_is_shown_once() {
        let session = Session::default();
        add(&session, Message::success("Done."));
        assert_eq!(shown(&session, "/list/"), ["Done."]);
        assert_eq!(shown(&session, "/list/"), [""; 0]);
    }

    #[test]
    fn the_message_of_a_form_that_was_sent_twice_is_in_both_answers_at_its_page() {
        let session = Session::default();
        let sent_twice = || {
            add(&session, Message::success("Done."));
            add_again(&session, Message::success("Done."));
        };
        sent_twice();
        assert_eq!(shown(&session, "/list/"), ["Done."]);
        assert_eq!(shown(&session, "/list/"), ["Done."]);
        assert_eq!(shown(&session, "/list/"), [""; 0]);
        sent_twice();
        assert_eq!(shown(&session, "/list/"), ["Done."]);
        assert_eq!(shown(&session, "/"), [""; 0], "the first answer was seen");
        assert_eq!(shown(&session, "/list/"), [""; 0]);
        sent_twice();
        assert_eq!(shown(&session, "/list/"), ["Done."]);
        add(&session, Message::success("More."));
        assert_eq!(shown(&session, "/list/"), ["More."]);
    }

    #[test]
    fn a_message_that_was_shown_before_the_form_came_again_is_shown_again() {
        let session = Session::default();
        add(&session, Message::success("Done."));
        assert_eq!(shown(&session, "/list/"), ["Done."]);
        add_again(&session, Message::success("Done."));
        assert_eq!(shown(&session, "/list/"), ["Done."]);
        assert_eq!(shown(&session, "/list/"), [""; 0]);
    }
}
