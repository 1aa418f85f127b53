//! Typed access to the merged settings, which collects every mistake.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::Duration;

use config::{Value, ValueKind};

use super::Mistakes;
use super::load::{Origin, Setting, variable};

/// The settings while they are being read. A key that is never read is an unknown setting, and so a mistake.
pub(super) struct Values {
    given: BTreeMap<String, Setting>,
    shown: Vec<Shown>,
    mistakes: Vec<String>,
    warnings: Vec<String>,
}

/// A setting as `polls config show` prints it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub key: &'static str,
    pub value: String,
    pub origin: String,
}

impl Values {
    pub fn new(given: BTreeMap<String, Setting>) -> Self {
        Self { given, shown: Vec::new(), mistakes: Vec::new(), warnings: Vec::new() }
    }

    pub fn boolean(&mut self, key: &'static str, default: bool) -> bool {
        self.read(key, default, "true or false", |value| value.into_bool().ok())
    }

    pub fn number(&mut self, key: &'static str, default: u32, range: std::ops::RangeInclusive<u32>) -> u32 {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(key, default, &expected, |value| {
            value.into_int().ok().and_then(|n| u32::try_from(n).ok()).filter(|n| range.contains(n))
        })
    }

    /// A number of seconds, shown as the number.
    pub fn seconds(&mut self, key: &'static str, default: u32, most: u32) -> Duration {
        Duration::from_secs(u64::from(self.number(key, default, 0..=most)))
    }

    /// A text that `parse` converts; the error of `parse` says what was expected.
    pub fn parsed<T: Display>(
        &mut self,
        key: &'static str,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        let Some(text) = self.text(key) else {
            self.show(key, default.to_string(), &Origin::Default);
            return default;
        };
        match parse(&text) {
            Ok(value) => {
                let origin = self.origin(key);
                self.show(key, value.to_string(), &origin);
                value
            }
            Err(expected) => {
                self.show(key, text, &Origin::Default);
                self.mistake(key, &expected);
                default
            }
        }
    }

    /// A text that may be absent; an empty one counts as absent.
    pub fn optional(&mut self, key: &'static str) -> Option<String> {
        let text = self.text(key).filter(|text| !text.is_empty());
        let origin = self.origin(key);
        self.show(key, text.clone().unwrap_or_else(|| "(none)".into()), &origin);
        text
    }

    /// As [`Self::optional`], but shown masked.
    pub fn secret(&mut self, key: &'static str) -> Option<String> {
        let text = self.text(key).filter(|text| !text.is_empty());
        let origin = self.origin(key);
        self.show(key, if text.is_some() { "********".into() } else { "(none)".into() }, &origin);
        text
    }

    /// A secret that is set in `key`, or is the content of the file that `file_key` names.
    pub fn secret_or_file(&mut self, key: &'static str, file_key: &'static str) -> Option<String> {
        let given = self.secret(key);
        let path = self.optional(file_key);
        match (given, path) {
            (Some(_), Some(_)) => {
                self.mistake(file_key, &format!("set this or {key}, not both"));
                None
            }
            (given, None) => given,
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
                Ok(_) => {
                    self.mistake(file_key, &format!("{path} is empty"));
                    None
                }
                Err(error) => {
                    self.mistake(file_key, &format!("cannot read {path}: {error}"));
                    None
                }
            },
        }
    }

    /// Whether a source sets a key to a text that is not empty.
    pub fn is_set(&self, key: &str) -> bool {
        self.take(key).and_then(|value| value.into_string().ok()).is_some_and(|text| !text.is_empty())
    }

    /// A list of texts; in a variable they are separated by commas.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        default: &[impl ToString],
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let origin = self.origin(key);
        let texts: Vec<String> = match self.take(key).map(|value| value.kind) {
            None => default.iter().map(ToString::to_string).collect(),
            Some(ValueKind::Array(items)) => items.into_iter().filter_map(|item| item.into_string().ok()).collect(),
            Some(ValueKind::String(text)) => {
                text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
            }
            Some(_) => {
                self.mistakes.push(format!("{}: expected a list of texts", place(key, &origin)));
                Vec::new()
            }
        };
        self.show(key, format!("[{}]", texts.join(", ")), &origin);
        texts
            .iter()
            .filter_map(|text| match parse(text) {
                Ok(item) => Some(item),
                Err(expected) => {
                    self.mistakes.push(format!("{}: \"{text}\": {expected}", place(key, &origin)));
                    None
                }
            })
            .collect()
    }

    /// Records a mistake in the value of a key.
    pub fn mistake(&mut self, key: &'static str, what: &str) {
        self.mistakes.push(format!("{}: {what}", place(key, &self.origin(key))));
    }

    /// Records a warning for a value that is allowed but not recommended.
    pub fn warn(&mut self, what: String) {
        self.warnings.push(what);
    }

    /// Replaces the shown value of a key if the effective value differs from the given one.
    pub fn show_as(&mut self, key: &'static str, value: String) {
        if let Some(shown) = self.shown.iter_mut().find(|shown| shown.key == key) {
            shown.value = value;
        }
    }

    /// All settings to show, and all warnings.
    ///
    /// # Errors
    /// If there are mistakes: all of them, including unknown keys.
    pub fn finish(mut self) -> Result<(Vec<Shown>, Vec<String>), Mistakes> {
        let unknown: Vec<_> = self
            .given
            .iter()
            .filter(|(key, _)| !self.shown.iter().any(|shown| shown.key == key.as_str()))
            .map(|(key, setting)| unknown(key, &setting.origin, &self.shown))
            .collect();
        self.mistakes.extend(unknown);
        if self.mistakes.is_empty() { Ok((self.shown, self.warnings)) } else { Err(Mistakes(self.mistakes)) }
    }

    fn read<T: Display>(
        &mut self,
        key: &'static str,
        default: T,
        expected: &str,
        convert: impl FnOnce(Value) -> Option<T>,
    ) -> T {
        let origin = self.origin(key);
        let value = match self.take(key) {
            None => default,
            Some(value) => {
                let given = value.to_string();
                convert(value).unwrap_or_else(|| {
                    self.mistakes.push(format!("{}: expected {expected}, found \"{given}\"", place(key, &origin)));
                    default
                })
            }
        };
        self.show(key, value.to_string(), &origin);
        value
    }

    fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        let text = value.into_string().ok();
        if text.is_none() {
            self.show(key, String::new(), &Origin::Default);
            self.mistake(key, "expected a text");
        }
        text
    }

    fn take(&self, key: &str) -> Option<Value> {
        self.given.get(key).map(|setting| setting.value.clone())
    }

    fn origin(&self, key: &str) -> Origin {
        self.given.get(key).map_or(Origin::Default, |setting| setting.origin.clone())
    }

    fn show(&mut self, key: &'static str, value: String, origin: &Origin) {
        let origin = match origin {
            Origin::Default => "default".to_owned(),
            Origin::File(path) => path.display().to_string(),
            Origin::Variable(name) => name.clone(),
            Origin::Flag => "command line".to_owned(),
        };
        self.shown.push(Shown { key, value, origin });
    }
}

/// The place of a key, for messages.
fn place(key: &str, origin: &Origin) -> String {
    match origin {
        Origin::Default => format!("{key} ({})", variable(key)),
        Origin::File(path) => format!("{}: {key}", path.display()),
        Origin::Variable(name) => name.clone(),
        Origin::Flag => format!("--{}", key.rsplit('.').next().unwrap_or(key).replace('_', "-")),
    }
}

fn unknown(key: &str, origin: &Origin, known: &[Shown]) -> String {
    let nearest = known
        .iter()
        .map(|shown| (strsim::jaro_winkler(key, shown.key), shown.key))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match (nearest, origin) {
        (Some((_, near)), Origin::Variable(_)) => format!("; did you mean {}?", variable(near)),
        (Some((_, near)), _) => format!("; did you mean {near}?"),
        (None, _) => "; `polls config show` lists all settings".to_owned(),
    };
    format!("{}: unknown setting{hint}", place(key, origin))
}
