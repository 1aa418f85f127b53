//! Texts in the visitor's language, from message catalogues (Fluent), and which language that is.

mod dates;
mod negotiate;

pub use dates::{date_time, iso};
pub use negotiate::{COOKIE, choose};

use std::collections::HashMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::{LanguageIdentifier, langid};

pub use crate::settings::Language;

/// A feature's texts, a catalogue per language.
#[derive(Debug, Clone, Copy)]
pub struct Locale {
    pub en: &'static str,
    pub ko: &'static str,
}

/// All texts of the site.
pub struct Catalogue {
    english: FluentBundle<FluentResource>,
    korean: FluentBundle<FluentResource>,
    /// Messages by their English texts.
    by_english: HashMap<&'static str, &'static str>,
}

impl Catalogue {
    /// # Errors
    /// If a catalogue does not parse or two define the same message.
    pub fn new(locales: &[Locale]) -> Result<Self, String> {
        Ok(Self {
            english: bundle(&langid!("en"), locales.iter().map(|locale| locale.en))?,
            korean: bundle(&langid!("ko"), locales.iter().map(|locale| locale.ko))?,
            by_english: by_english(locales),
        })
    }

    /// A text that was kept in English, as gettext would translate it; one that is no message stays as it is.
    pub fn translate(&self, language: Language, english: &str) -> String {
        self.by_english.get(english).map_or_else(|| english.to_owned(), |id| self.text(language, id, None))
    }

    /// The text of a message; the message's own name where there is no such text.
    pub fn text(&self, language: Language, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = match language {
            Language::English => &self.english,
            Language::Korean => &self.korean,
        };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(target: "polls.i18n", id, language = language.code(), "There is no text for a message.");
            return id.to_owned();
        };
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut faults);
        if !faults.is_empty() {
            tracing::error!(target: "polls.i18n", id, ?faults, "A message could not be formatted.");
        }
        text.into_owned()
    }
}

/// The first message of every text that is all words.
fn by_english(locales: &[Locale]) -> HashMap<&'static str, &'static str> {
    let mut messages = HashMap::new();
    for (id, text) in locales.iter().flat_map(|locale| locale.en.lines()).filter_map(|line| line.split_once(" = ")) {
        if !id.starts_with([' ', '#']) && !text.contains('{') {
            messages.entry(text).or_insert(id);
        }
    }
    messages
}

fn bundle(
    language: &LanguageIdentifier,
    sources: impl Iterator<Item = &'static str>,
) -> Result<FluentBundle<FluentResource>, String> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
    bundle.set_use_isolating(false);
    for source in sources {
        let resource =
            FluentResource::try_new(source.to_owned()).map_err(|(_, faults)| format!("{language}: {faults:?}"))?;
        bundle.add_resource(resource).map_err(|faults| format!("{language}: {faults:?}"))?;
    }
    Ok(bundle)
}
