//! A sentence that does not yet know in which language it will be read.

use fluent_bundle::FluentArgs;

use crate::web::{Ambient, Reader};

/// A message and what is put into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub message: &'static str,
    args: Vec<(&'static str, SentencePart)>,
}

/// What is wrong with an input, or what forbids a write.
pub type FieldError = Sentence;

/// What is wrong with an object, by the names of its fields; `""` is the object as a whole.
pub type FieldErrors = Vec<(&'static str, FieldError)>;

/// Something that is put into a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentencePart {
    Number(i64),
    /// A message.
    Message(&'static str),
    Text(String),
    /// Texts that are kept in English, as Django keeps the names of fields, and read in any language.
    English(Vec<String>),
    /// The name of an app, by its label; the label itself where no feature has it.
    App(String),
    /// The name of a model, by app and model; the model itself where no feature has it.
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

    /// The sentence for the reader of a page.
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
    /// The part by itself; without a reader a message goes by its own name.
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
