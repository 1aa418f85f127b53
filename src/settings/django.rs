//! Whether a Django site also uses the database.

use std::fmt;
use std::str::FromStr;

use super::values::Values;

#[derive(Debug, Clone)]
pub struct DjangoSettings {
    /// `shared_with_django`: whether Django counts votes in the same database and reads the passwords that this program
    /// writes.
    pub shares: SharedWithDjango,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedWithDjango {
    /// `auto`: yes if Django created the database, which `polls migrate` records in it.
    IfAdopted,
    Yes,
    No,
}

impl DjangoSettings {
    pub(super) fn read(values: &mut Values) -> Self {
        Self { shares: values.parsed("shared_with_django", SharedWithDjango::IfAdopted, str::parse) }
    }
}

impl FromStr for SharedWithDjango {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::IfAdopted),
            "true" => Ok(Self::Yes),
            "false" => Ok(Self::No),
            _ => Err("expected true, false or \"auto\"".to_owned()),
        }
    }
}

impl fmt::Display for SharedWithDjango {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IfAdopted => "auto",
            Self::Yes => "true",
            Self::No => "false",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sharing_is_said_or_found_out() {
        for text in ["auto", "true", "false"] {
            assert_eq!(text.parse::<SharedWithDjango>().map(|setting| setting.to_string()), Ok(text.to_owned()));
        }
        assert!("yes".parse::<SharedWithDjango>().is_err());
    }
}
