//! What the message of an entry in the log says to people.

use serde_json::{Map, Value as Json};

use crate::admin::log::ActionFlag;
use crate::admin::sentence::{Part, Sentence};

/// What Django's `get_change_message` says. None where the message is no list: then it is a text by itself.
pub(super) fn sentences(message: &str, flag: i16) -> Vec<Sentence> {
    let Ok(Json::Array(parts)) = serde_json::from_str(message) else {
        return Vec::new();
    };
    let sentences: Vec<_> = parts.iter().filter_map(Json::as_object).filter_map(sentence).collect();
    match sentences.is_empty() && flag == ActionFlag::Change as i16 {
        true => vec![Sentence::new("auth-log-nothing")],
        false => sentences,
    }
}

fn sentence(part: &Map<String, Json>) -> Option<Sentence> {
    let (what, about) = part.iter().next()?;
    let text = |key: &str| about.get(key).and_then(Json::as_str);
    let message = match (what.as_str(), text("object").is_some()) {
        ("added", false) => "auth-log-added",
        ("added", true) => "auth-log-added-object",
        ("changed", false) => "auth-log-changed",
        ("changed", true) => "auth-log-changed-object",
        ("deleted", _) => "auth-log-deleted-object",
        _ => return None,
    };
    let fields = about.get("fields").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    Some(
        Sentence::new(message)
            .with("name", Part::English(text("name").map(str::to_owned).into_iter().collect()))
            .with("object", Part::Text(text("object").unwrap_or_default().to_owned()))
            .with("fields", Part::English(fields.map(str::to_owned).collect())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_django_reads_it() {
        let said = |message, flag| sentences(message, flag).iter().map(|said| said.message).collect::<Vec<_>>();
        assert_eq!(said(r#"[{"added": {}}]"#, 1), ["auth-log-added"]);
        let inline = r#"[{"changed": {"fields": ["Username"]}}, {"deleted": {"name": "choice", "object": "No"}}]"#;
        assert_eq!(said(inline, 2), ["auth-log-changed", "auth-log-deleted-object"]);
        assert_eq!(said("[]", 2), ["auth-log-nothing"]);
        assert_eq!(said("[]", 3), Vec::<&str>::new());
        for text in ["", "Changed something.", "{}", "[1, {\"other\": {}}]"] {
            assert_eq!(said(text, 3), Vec::<&str>::new(), "{text}");
        }
    }
}
