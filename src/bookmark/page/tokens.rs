//! A page as tags and texts, while it comes in.

use std::borrow::Cow;
use std::io::Read;

use html5gum::{DefaultEmitter, IoReader, StartTag, Tokenizer};

/// The tokens of a page in UTF-8. What stands in a title, a script or a comment is a text.
pub fn tokens<R: Read>(input: R) -> Tokenizer<IoReader<R>> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(IoReader::new(input), emitter)
}

/// The value of an attribute that is there and not blank.
pub fn attribute<'a>(tag: &'a StartTag<()>, name: &str) -> Option<Cow<'a, str>> {
    tag.attributes.get(name.as_bytes()).map(|value| text(value)).filter(|value| !value.trim().is_empty())
}

pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
