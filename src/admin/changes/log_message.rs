//! Reads the message of a log entry, which is JSON in Django's form, and makes sentences of it.

use serde_json::{Map, Value as Json};

use crate::admin::changes::log::ActionFlag;
use crate::admin::registry::field::Value;
use crate::admin::registry::sentence::{Sentence, SentencePart};

/// The sentence for an object that was deleted and restored.
const RESTORED: &str = "admin-log-said-restored";

/// Whether an entry is about a deletion that was undone.
pub fn is_restored(message: &str) -> bool {
    message.contains("\"restored\"") && sentences(message, 0).iter().any(|said| said.message == RESTORED)
}

/// An entry's message as a value that pages show.
pub fn value(message: &str, flag: i16) -> Value {
    let sentences = sentences(message, flag);
    // An empty list has no text of its own to show; a deletion, for example, says nothing more.
    let kept = if message == "[]" { String::new() } else { message.to_owned() };
    Value::Said(kept, sentences)
}

/// A message without the parts about inline rows, for a viewer who may not see those rows.
pub fn without_rows(message: &str) -> String {
    let Ok(Json::Array(mut parts)) = serde_json::from_str(message) else {
        return message.to_owned();
    };
    parts.retain(|part| {
        let mut about = part.as_object().into_iter().flat_map(Map::values);
        about.all(|about| about.get("object").is_none())
    });
    if parts.is_empty() { String::new() } else { Json::Array(parts).to_string() }
}

/// The sentences of Django's `get_change_message`. None of them where the message is not a JSON list: then the message
/// is plain text that is shown as it is.
fn sentences(message: &str, flag: i16) -> Vec<Sentence> {
    let Ok(Json::Array(parts)) = serde_json::from_str(message) else {
        return Vec::new();
    };
    let mut sentences: Vec<_> = parts.iter().filter_map(Json::as_object).filter_map(sentence).collect();
    // A restored object is logged as "added" for Django only (see `log::restored`); here "restored" alone is shown.
    if sentences.iter().any(|said| said.message == RESTORED) {
        sentences.retain(|said| said.message != "admin-log-said-added");
    }
    match sentences.is_empty() && flag == ActionFlag::Change as i16 {
        true => vec![Sentence::new("admin-log-said-nothing")],
        false => sentences,
    }
}

fn sentence(part: &Map<String, Json>) -> Option<Sentence> {
    let (what, about) = part.iter().next()?;
    let text = |key: &str| about.get(key).and_then(Json::as_str);
    let message = match (what.as_str(), text("object").is_some()) {
        ("added", false) => "admin-log-said-added",
        ("added", true) => "admin-log-said-added-object",
        ("changed", false) => "admin-log-said-changed",
        ("changed", true) => "admin-log-said-changed-object",
        ("deleted", _) => "admin-log-said-deleted-object",
        ("restored", _) => RESTORED,
        ("undone", _) => "admin-log-said-undone",
        _ => return None,
    };
    let fields = about.get("fields").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    Some(
        Sentence::new(message)
            .with("name", SentencePart::English(text("name").map(str::to_owned).into_iter().collect()))
            .with("object", SentencePart::Text(text("object").unwrap_or_default().to_owned()))
            .with("fields", SentencePart::English(fields.map(str::to_owned).collect())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_django_reads_it() {
        let said = |message, flag| sentences(message, flag).iter().map(|said| said.message).collect::<Vec<_>>();
        assert_eq!(said(r#"[{"added": {}}]"#, 1), ["admin-log-said-added"]);
        let inline = r#"[{"changed": {"fields": ["Username"]}}, {"deleted": {"name": "choice", "object": "No"}}]"#;
        assert_eq!(said(inline, 2), ["admin-log-said-changed", "admin-log-said-deleted-object"]);
        let restored = super::super::log::restored().to_string();
        assert_eq!(said(&restored, 1), ["admin-log-said-restored"]);
        let undone = super::super::log::undone(&["Title".to_owned()]).to_string();
        assert_eq!(said(&undone, 2), ["admin-log-said-changed", "admin-log-said-undone"]);
        assert_eq!(said("[]", 2), ["admin-log-said-nothing"]);
        assert_eq!(said("[]", 3), Vec::<&str>::new());
        for text in ["", "Changed something.", "{}", "[1, {\"other\": {}}]"] {
            assert_eq!(said(text, 3), Vec::<&str>::new(), "{text}");
        }
    }
}
