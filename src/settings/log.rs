//! The settings of the log.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::values::Values;

#[derive(Debug, Clone)]
pub struct LogSettings {
    /// `log.level`: a level for all targets, then levels for single targets: `info,polls.db=debug`.
    pub level: Targets,
    /// `log.format`: `text` or `json`.
    pub format: LogFormat,
    /// `log.file`: a file to log to instead of standard error.
    pub file: Option<PathBuf>,
    /// `log.rotation`: when the program begins a new file: `never`, `hourly` or `daily`.
    pub rotation: Rotation,
    /// `log.keep`: how many rotated files are kept.
    pub keep: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    Never,
    Hourly,
    Daily,
}

impl LogSettings {
    pub(super) fn read(values: &mut Values) -> Self {
        let level = values.parsed("log.level", "info,actix_server=warn,actix_http=off".to_owned(), levels);
        Self {
            level: level.parse().unwrap_or_default(),
            format: values.parsed("log.format", LogFormat::Text, LogFormat::from_str),
            file: values.optional("log.file").map(PathBuf::from),
            rotation: values.parsed("log.rotation", Rotation::Never, Rotation::from_str),
            keep: values.number("log.keep", 14, 1..=10_000) as usize,
        }
    }
}

/// The first parts of targets that are accepted: this program's, and those of the libraries that log.
const ROOTS: [&str; 9] =
    ["polls", "actix", "actix_http", "actix_server", "actix_web", "diesel", "mio", "tokio", "tracing"];

/// Checks levels such as `info,polls.db=debug` and writes them in the form that [`Targets`] reads. [`Targets`] would
/// take an unknown level for a target, and log only that target and nothing else; so unknown levels and targets are
/// mistakes here, and `info` is added if there is no level for all targets. Django's `warning` and `critical` are
/// accepted.
fn levels(text: &str) -> Result<String, String> {
    let expected = |what: &str| {
        Err(format!(
            "expected levels (off, error, warn, info, debug, trace) such as \"info,polls.db=debug\", found \"{what}\""
        ))
    };
    let mut levels = Vec::new();
    let mut has_general = false;
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (target, level) = part.split_once('=').map_or((None, part), |(target, level)| (Some(target.trim()), level));
        let level = match level.trim().to_ascii_lowercase().as_str() {
            "warning" => "warn".to_owned(),
            "critical" => "error".to_owned(),
            level if level.parse::<LevelFilter>().is_ok() && level.parse::<u8>().is_err() => level.to_owned(),
            _ => return expected(part),
        };
        let root = target.map(|target| target.split(['.', ':']).next().unwrap_or_default());
        match (target, root) {
            (None, _) => has_general = true,
            (Some(_), Some(root)) if !ROOTS.contains(&root) => {
                return Err(format!("there is no target \"{part}\"; those of this program begin with \"polls.\""));
            }
            _ => {}
        }
        levels.push(target.map_or_else(|| level.clone(), |target| format!("{target}={level}")));
    }
    if !has_general {
        levels.insert(0, "info".to_owned());
    }
    Ok(levels.join(","))
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("expected \"text\" or \"json\", found \"{text}\"")),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl FromStr for Rotation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "never" => Ok(Self::Never),
            "hourly" => Ok(Self::Hourly),
            "daily" => Ok(Self::Daily),
            _ => Err(format!("expected \"never\", \"hourly\" or \"daily\", found \"{text}\"")),
        }
    }
}

impl fmt::Display for Rotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "never",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::levels;

    #[test]
    fn a_level_is_one_that_there_is_and_silences_nothing_else() {
        for (text, read) in [
            ("info", "info"),
            ("warning", "warn"),
            ("WARN", "warn"),
            ("Critical", "error"),
            ("off", "off"),
            ("", "info"),
            ("polls.db=debug", "info,polls.db=debug"),
            ("warn, polls.db = trace", "warn,polls.db=trace"),
            ("info,actix_server=warn,actix_http=off", "info,actix_server=warn,actix_http=off"),
        ] {
            assert_eq!(levels(text).as_deref(), Ok(read), "{text}");
        }
        for wrong in ["loud", "warnings", "loud=very", "pols.db=debug", "polls.db=loud", "info,warm", "3"] {
            assert!(levels(wrong).is_err(), "{wrong}");
        }
    }
}
