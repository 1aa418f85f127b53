//! What is logged, how, and to where.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tracing_subscriber::filter::Targets;

use super::values::Values;

#[derive(Debug, Clone)]
pub struct Log {
    /// `log.level`: a level, then levels of single targets: `info,polls.db=debug`.
    pub level: Targets,
    /// `log.format`: `text` or `json`.
    pub format: Format,
    /// `log.file`: a file instead of standard error.
    pub file: Option<PathBuf>,
    /// `log.rotation`: when a new file is begun: `never`, `hourly` or `daily`.
    pub rotation: Rotation,
    /// `log.keep`: how many rotated files are kept.
    pub keep: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    Never,
    Hourly,
    Daily,
}

impl Log {
    pub(super) fn read(values: &mut Values) -> Self {
        let level = values.parsed("log.level", "info,actix_server=warn,actix_http=off".to_owned(), |text| {
            match text.parse::<Targets>() {
                Ok(_) => Ok(text.to_owned()),
                Err(_) => Err(format!("expected levels such as \"info,polls.db=debug\", found \"{text}\"")),
            }
        });
        Self {
            level: level.parse().unwrap_or_default(),
            format: values.parsed("log.format", Format::Text, Format::from_str),
            file: values.optional("log.file").map(PathBuf::from),
            rotation: values.parsed("log.rotation", Rotation::Never, Rotation::from_str),
            keep: values.number("log.keep", 14, 1..=10_000) as usize,
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("expected \"text\" or \"json\", found \"{text}\"")),
        }
    }
}

impl fmt::Display for Format {
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
