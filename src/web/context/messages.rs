//! What a page says once about what was just done: kept in the session until it is shown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::text::isolate;
use crate::web::context::session::Session;

const KEY: &str = "_messages";
/// With one more, the oldest is dropped.
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
    /// Its name, also as a CSS class.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A message; the text is in its reader's language already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub level: Level,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
}

/// What of a message's text leads where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// As it stands in the text, between “ and ”.
    pub name: String,
    /// A path, below the mount.
    pub url: String,
}

/// A button beside a message: a form with hidden fields that is posted to an address of this site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    pub label: String,
    /// A path, below the mount.
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
        // As it is put into the text.
        Self { link: Some(Link { name: isolate(&name.into()), url }), ..self }
    }

    /// The text before the link, the link, and the text after it; all is before where there is none.
    pub fn parts(&self) -> (&str, Option<&Link>, &str) {
        let parts = self.link.as_ref().and_then(|link| {
            let start = self.text.find(&format!("“{}”", link.name))? + '“'.len_utf8();
            let (before, rest) = self.text.split_at(start);
            Some((before, Some(link), &rest[link.name.len()..]))
        });
        parts.unwrap_or((&self.text, None, ""))
    }
}

/// Keeps a message for the next page that shows messages.
pub fn add(session: &Session, message: Message) {
    let mut messages: Vec<Message> = session.get(KEY).unwrap_or_default();
    messages.push(message);
    let surplus = messages.len().saturating_sub(MOST_MESSAGES);
    session.insert(KEY, &messages[surplus..]);
}

/// Puts a message into the data of a session, unless the same one is waiting there.
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

/// The messages, which are thereby shown and gone.
pub fn take(session: &Session) -> Vec<Message> {
    session.remove(KEY).unwrap_or_default()
}
