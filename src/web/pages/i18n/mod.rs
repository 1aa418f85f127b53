//! Texts in the visitor's language, from Fluent catalogues, and the choice of that language.

mod dates;
mod negotiate;

pub use dates::{date_time, date_time_short, iso, until};
pub use negotiate::{COOKIE, choose};

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

pub use crate::settings::Language;
use crate::text::isolate;

/// The texts of a feature, one catalogue for each language.
#[derive(Debug, Clone, Copy)]
pub struct Locale {
    /// The prefix of the names of its messages.
    pub prefix: &'static str,
    pub en: &'static str,
    pub ko: &'static str,
}

/// All texts of the site. A feature's catalogue is parsed when the first of its texts is used, because a program that
/// answers one request and ends (CGI) needs few.
pub struct Catalogue {
    features: Vec<Texts>,
    /// Messages by their English texts.
    by_english: OnceLock<HashMap<&'static str, &'static str>>,
}

/// A feature's texts; a language is parsed at its first use.
struct Texts {
    locale: Locale,
    english: OnceLock<FluentBundle<FluentResource>>,
    korean: OnceLock<FluentBundle<FluentResource>>,
}

impl Catalogue {
    /// `locales` must have different prefixes. One prefix may be empty: it has the messages that match no other prefix.
    pub fn new(locales: &[Locale]) -> Self {
        let mut features: Vec<Texts> = locales.iter().copied().map(Texts::new).collect();
        features.sort_by_key(|texts| texts.locale.prefix.is_empty());
        Self { features, by_english: OnceLock::new() }
    }

    /// Translates a text that is stored in English, as gettext does; a text that is no message is returned unchanged.
    pub fn translate(&self, language: Language, english: &str) -> String {
        let by_english = self.by_english.get_or_init(|| by_english(self.features.iter().map(|texts| texts.locale)));
        by_english.get(english).map_or_else(|| english.to_owned(), |id| self.text(language, id, None))
    }

    /// The text of a message; its name if there is no such message, which is logged as an error.
    pub fn text(&self, language: Language, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let texts = self.features.iter().find(|texts| id.starts_with(texts.locale.prefix));
        let bundle = texts.map(|texts| texts.bundle(language));
        let pattern = bundle.and_then(|bundle| Some((bundle, bundle.get_message(id)?.value()?)));
        let Some((bundle, pattern)) = pattern else {
            tracing::error!(target: "polls.i18n", id, language = language.code(), "There is no text for a message.");
            return id.to_owned();
        };
        let mut faults = Vec::new();
        let isolated = args.map(isolated);
        let text = bundle.format_pattern(pattern, isolated.as_ref(), &mut faults);
        if !faults.is_empty() {
            tracing::error!(target: "polls.i18n", id, ?faults, "A message could not be formatted.");
        }
        text.into_owned()
    }
}

impl Texts {
    fn new(locale: Locale) -> Self {
        Self { locale, english: OnceLock::new(), korean: OnceLock::new() }
    }

    fn bundle(&self, language: Language) -> &FluentBundle<FluentResource> {
        match language {
            Language::English => self.english.get_or_init(|| bundle(language, self.locale.en)),
            Language::Korean => self.korean.get_or_init(|| bundle(language, self.locale.ko)),
        }
    }
}

/// The messages of a catalogue, without those that do not parse; a test ensures that all do.
fn bundle(language: Language, source: &'static str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![match language {
        Language::English => langid!("en"),
        Language::Korean => langid!("ko"),
    }]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| grouped(value)));
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(parsed, faults)| {
        tracing::error!(target: "polls.i18n", ?faults, language = language.code(), "A catalogue does not parse.");
        parsed
    });
    bundle.add_resource_overriding(resource);
    bundle
}

/// The values put into a text, each text isolated so that right-to-left letters in it do not reorder the words around
/// it. Fluent's own isolation would put marks around numbers as well.
fn isolated<'a>(args: &'a FluentArgs<'a>) -> FluentArgs<'a> {
    let isolated = |value: &FluentValue<'a>| match value {
        FluentValue::String(text) => FluentValue::from(isolate(text)),
        other => other.clone(),
    };
    args.iter().map(|(name, value)| (name, isolated(value))).collect()
}

/// A number in a text, with its digits in groups of three. None for other values.
fn grouped(value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    group(&number.as_string())
}

/// A whole number as both languages write it: `1,234,567`.
pub fn number(number: impl Display) -> String {
    let text = number.to_string();
    group(&text).unwrap_or(text)
}

/// None if there are at most three digits, or other characters.
fn group(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    if digits.len() <= 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut grouped = sign.to_owned();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(grouped)
}

/// The first message for every English text that has no placeholders.
fn by_english(locales: impl Iterator<Item = Locale>) -> HashMap<&'static str, &'static str> {
    let mut messages = HashMap::new();
    for (id, text) in locales.flat_map(|locale| locale.en.lines()).filter_map(|line| line.split_once(" = ")) {
        if !id.starts_with([' ', '#']) && !text.contains('{') {
            messages.entry(text).or_insert(id);
        }
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_numbers_are_grouped() {
        for (number, text) in [
            (0, None),
            (999, None),
            (-999, None),
            (1000, Some("1,000")),
            (-1000, Some("-1,000")),
            (123_456, Some("123,456")),
            (1_234_567, Some("1,234,567")),
        ] {
            assert_eq!(grouped(&number.into()).as_deref(), text, "{number}");
            assert_eq!(super::number(number), text.map_or_else(|| number.to_string(), str::to_owned));
        }
    }
}
