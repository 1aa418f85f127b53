//! The settings of the site: language, time zone, addresses.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::values::Values;
use crate::clock::TimeZone;

#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// `language_code`: the language for visitors whose own languages the site does not have.
    pub language_code: Language,
    /// `time_zone`: the zone in which dates are shown and entered, by its IANA name.
    pub time_zone: TimeZone,
    /// `script_name`: the path at which the site is mounted, as in Django's `FORCE_SCRIPT_NAME`.
    pub mount: Mount,
    /// `static_url`: a path relative to the mount, an absolute path, or the URL of another host.
    pub static_url: String,
    /// `static_root`: the directory into which `collectstatic` writes.
    pub static_root: Option<PathBuf>,
}

/// A language of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    Korean,
}

/// The path prefix of the site: empty, or `/vote` (never with a final slash).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount(String);

impl SiteSettings {
    pub(super) fn read(values: &mut Values) -> Self {
        let mount = values.parsed("script_name", Mount(String::new()), Mount::parse);
        let static_url = values.parsed("static_url", "static/".to_owned(), parse_static_url);
        Self {
            language_code: values.parsed("language_code", Language::English, |text| {
                text.parse().map_err(|UnknownLanguage| "expected \"en\" or \"ko\"".to_owned())
            }),
            time_zone: values.parsed("time_zone", TimeZone::default(), |text| {
                text.parse().map_err(|_| format!("\"{text}\" is no IANA time zone; for example \"Asia/Seoul\""))
            }),
            static_url: if static_url.starts_with('/') || static_url.contains("://") {
                static_url
            } else {
                format!("{mount}/{static_url}")
            },
            static_root: values.optional("static_root").map(PathBuf::from),
            mount,
        }
    }
}

/// The error for a language of which the site has no texts.
#[derive(Debug)]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// The language of a tag such as `ko-KR`, by its primary subtag.
    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code())).ok_or(UnknownLanguage)
    }
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Korean];

    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }

    /// The language's name in the language itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "한국어",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Mount {
    /// Reads a path, with or without the final slash.
    ///
    /// # Errors
    /// If it does not begin with a slash, or has characters other than letters, digits and `-._~`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let path = text.trim_end_matches('/');
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        if path.is_empty() || (path.starts_with('/') && !path.contains("//") && path.chars().all(plain)) {
            Ok(Self(path.to_owned()))
        } else {
            Err("expected a path such as \"/vote\", of letters, digits and -._~".to_owned())
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The `Path` of a cookie that the browser sends to this site only, and not to other sites on the host.
    pub fn cookie_path(&self) -> String {
        format!("{}/", self.0)
    }
}

impl fmt::Display for Mount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn parse_static_url(text: &str) -> Result<String, String> {
    let clean = !text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'<>;,?#".contains(c));
    let absolute = !text.contains("://") || text.starts_with("https://") || text.starts_with("http://");
    if clean && absolute && text.ends_with('/') && !text.starts_with("//") {
        Ok(text.to_owned())
    } else {
        Err("expected a path or an http(s) URL with a final slash, such as \"static/\"".to_owned())
    }
}
