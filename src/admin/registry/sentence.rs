//! Texts that are kept as message ids with arguments, and are made in the reader's language when they are shown.

use fluent_bundle::FluentArgs;

use crate::web::pages::i18n::{Catalogue, Language};
use crate::web::{Ambient, Reader};

/// A message id and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub message: &'static str,
    args: Vec<(&'static str, SentencePart)>,
}

/// An error at an input, or the reason why a change is refused.
pub type FieldError = Sentence;

/// Errors, each with the name of its field; `""` stands for the object as a whole.
pub type FieldErrors = Vec<(&'static str, FieldError)>;

/// An argument of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentencePart {
    Number(i64),
    /// A message id.
    Message(&'static str),
    Text(String),
    /// Texts in English, as Django stores the names of fields; they are translated when they are shown.
    English(Vec<String>),
    /// The name of an app, by its label. If no feature has that app, the label is shown.
    App(String),
    /// The name of a model, by app label and model name. If no feature has that model, the model name is shown.
    Model(String, String),
}

impl Sentence {
    pub const fn new(message: &'static str) -> Self {
        Self { message, args: Vec::new() }
    }

    pub fn with_count(message: &'static str, count: usize) -> Self {
        Self::new(message).with("count", SentencePart::Number(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, part: SentencePart) -> Self {
        self.args.push((name, part));
        self
    }

    /// The text in English, for commands.
    pub fn english(&self, catalogue: &Catalogue) -> String {
        let mut args = FluentArgs::new();
        for (name, part) in &self.args {
            match part {
                SentencePart::Number(number) => args.set(*name, *number),
                SentencePart::Message(message) => args.set(*name, catalogue.text(Language::English, message, None)),
                part => args.set(*name, part.read_by(None)),
            }
        }
        catalogue.text(Language::English, self.message, Some(&args))
    }

    /// The text in the language of the request.
    pub fn text(&self, ambient: &Ambient) -> String {
        let mut args = FluentArgs::new();
        for (name, part) in &self.args {
            match part {
                SentencePart::Number(number) => args.set(*name, *number),
                SentencePart::Message(message) => args.set(*name, ambient.text(message)),
                SentencePart::Text(text) => args.set(*name, text.clone()),
                SentencePart::App(_) | SentencePart::Model(..) => {
                    args.set(*name, part.read_by(Some(&ambient.reader())));
                }
                SentencePart::English(texts) => {
                    let texts = texts.iter().map(|text| ambient.site.catalogue.translate(ambient.language, text));
                    args.set(*name, texts.collect::<Vec<_>>().join(", "));
                }
            }
        }
        ambient.text_with(self.message, &args)
    }
}

impl SentencePart {
    /// The argument as a text. Without a reader, a message is given as its id.
    pub fn read_by(&self, reader: Option<&Reader>) -> String {
        match (self, reader) {
            (Self::Number(number), _) => number.to_string(),
            (Self::Message(message), Some(reader)) => reader.text(message),
            (Self::Message(message), None) => (*message).to_owned(),
            (Self::Text(text), _) => text.clone(),
            (Self::English(texts), _) => texts.join(", "),
            (Self::App(app), reader) => reader.and_then(|reader| reader.app_name(app)).unwrap_or_else(|| app.clone()),
            (Self::Model(app, model), reader) => {
                reader.and_then(|reader| reader.model_name(app, model)).unwrap_or_else(|| model.clone())
            }
        }
    }
}
