//! Messages about what was just done. They are kept in the session and shown once.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::text::isolate;
use crate::web::context::session::Session;

const KEY: &str = "_messages";
/// The most messages in a session; when another is added, the oldest is dropped.
const MOST_MESSAGES: usize = 20;

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
        Self { level, text: text.into(), link: None, action: None }
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
    messages.push(message);
    let surplus = messages.len().saturating_sub(MOST_MESSAGES);
    session.insert(KEY, &messages[surplus..]);
}

/// Adds a message to the data of a session, unless the same message is there already.
pub fn add_to(data: &mut Map<String, Value>, message: Message) {
    let mut messages: Vec<Message> =
        data.get(KEY).and_then(|messages| Vec::deserialize(messages).ok()).unwrap_or_default();
    if !messages.contains(&message) {
        messages.push(message);
    }
    let surplus = messages.len().saturating_sub(MOST_MESSAGES);
    if let Ok(messages) = serde_json::to_value(&messages[surplus..]) {
        data.insert(KEY.to_owned(), messages);
    }
}

/// Removes the messages from the session and returns them.
pub fn take(session: &Session) -> Vec<Message> {
    session.remove(KEY).unwrap_or_default()
}
