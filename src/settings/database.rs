//! The settings of the database.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::values::Values;

#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// `database_url`: `sqlite:polls.sqlite3`, `sqlite:///var/lib/polls/polls.sqlite3`, `postgres://…`, `mysql://…`.
    /// A server may have several hosts, `mysql://polls@db1,db2:3307/polls`: the first that accepts writes is used.
    pub url: Url,
    /// `database_pool_size`: the most connections of one process, not counting that of the ballot box.
    pub pool_size: u32,
    /// `database_may_lose_votes`: whether to use a database server whose settings may lose committed votes.
    pub may_lose_votes: bool,
}

/// The address of a database, by kind.
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    Sqlite(PathBuf),
    Postgres(String),
    Mysql(String),
}

impl DatabaseSettings {
    pub(super) fn read(values: &mut Values) -> Self {
        Self {
            url: values.parsed("database_url", Url::Sqlite("polls.sqlite3".into()), Url::from_str),
            pool_size: values.number("database_pool_size", 8, 1..=1000),
            may_lose_votes: values.boolean("database_may_lose_votes", false),
        }
    }
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if Authority::of(text)
            .is_some_and(|authority| authority.hosts.contains(',') && authority.hosts().any(str::is_empty))
        {
            return Err("one of the hosts is empty; expected HOST:PORT,HOST:PORT".to_owned());
        }
        let missing = |name: &str| {
            Err(format!(
                "this program was built without {name}; build it with `cargo build --release --features {name}`"
            ))
        };
        match text.split_once(':') {
            Some(("sqlite", path)) => match path.strip_prefix("//").unwrap_or(path) {
                "" | ":memory:" | "/" | "//" => {
                    Err("expected the path of a file, such as \"sqlite:polls.sqlite3\"".to_owned())
                }
                // Four slashes: an absolute path as SQLAlchemy and dj-database-url write it.
                path if path.starts_with("//") => Ok(Self::Sqlite(format!("/{}", path.trim_start_matches('/')).into())),
                path => Ok(Self::Sqlite(path.into())),
            },
            Some(("postgres" | "postgresql", _)) if !cfg!(feature = "postgres") => missing("postgres"),
            Some(("mysql" | "mariadb", _)) if !cfg!(feature = "mysql") => missing("mysql"),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Ok(Self::Postgres(format!("postgres:{rest}")))
            }
            Some(("mysql" | "mariadb", rest)) if rest.starts_with("//") => Ok(Self::Mysql(format!("mysql:{rest}"))),
            _ => Err("expected sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME"
                .to_owned()),
        }
    }
}

impl Url {
    /// The same database at each of its hosts, in the order of the URL.
    pub fn each_host(&self) -> Vec<Self> {
        let (text, kind): (_, fn(String) -> Self) = match self {
            Self::Sqlite(_) => return vec![self.clone()],
            Self::Postgres(text) => (text, Self::Postgres),
            Self::Mysql(text) => (text, Self::Mysql),
        };
        match Authority::of(text) {
            Some(authority) => authority.hosts().map(|host| kind(authority.with(host))).collect(),
            None => vec![self.clone()],
        }
    }

    /// The URL as it is set, with its password, for a settings file.
    pub fn with_password(&self) -> String {
        match self {
            Self::Sqlite(_) => self.to_string(),
            Self::Postgres(url) | Self::Mysql(url) => url.clone(),
        }
    }
}

/// Writes the URL with its password masked.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}{}", if path.is_absolute() { "//" } else { "" }, path.display()),
            Self::Postgres(url) | Self::Mysql(url) => f.write_str(&masked(url)),
        }
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The part of a server's URL that names its hosts, with what stands before and after it.
struct Authority<'a> {
    before: &'a str,
    hosts: &'a str,
    after: &'a str,
}

impl<'a> Authority<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let begin = url.find("://")? + 3;
        let end = url[begin..].find(['/', '?', '#']).map_or(url.len(), |at| begin + at);
        let begin = url[begin..end].rfind('@').map_or(begin, |at| begin + at + 1);
        Some(Self { before: &url[..begin], hosts: &url[begin..end], after: &url[end..] })
    }

    fn hosts(&self) -> impl Iterator<Item = &'a str> {
        self.hosts.split(',')
    }

    fn with(&self, host: &str) -> String {
        [self.before, host, self.after].concat()
    }
}

fn masked(url: &str) -> String {
    let (url, query) = url.split_once('?').map_or((url, None), |(url, query)| (url, Some(query)));
    let query = query.map(|query| {
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.contains("password") => format!("{key}=********"),
            _ => pair.to_owned(),
        });
        format!("?{}", pairs.collect::<Vec<_>>().join("&"))
    });
    let authority = url.find("://").map_or(0, |at| at + 3);
    let at = url[authority..].rfind('@').map(|at| at + authority);
    let colon = at.and_then(|at| url[authority..at].find(':').map(|colon| (at, colon + authority)));
    let url = colon.map_or_else(|| url.to_owned(), |(at, colon)| format!("{}:********{}", &url[..colon], &url[at..]));
    url + &query.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_url_is_relative_or_absolute() {
        assert_eq!("sqlite:polls.sqlite3".parse(), Ok(Url::Sqlite("polls.sqlite3".into())));
        assert_eq!("sqlite:///var/lib/polls.sqlite3".parse(), Ok(Url::Sqlite("/var/lib/polls.sqlite3".into())));
        assert_eq!("sqlite:/var/lib/polls.sqlite3".parse(), Ok(Url::Sqlite("/var/lib/polls.sqlite3".into())));
        assert_eq!("sqlite:////var/lib/polls.sqlite3".parse(), Ok(Url::Sqlite("/var/lib/polls.sqlite3".into())));
        for wrong in [
            "",
            "polls.sqlite3",
            "sqlite:",
            "sqlite:////",
            "sqlite://",
            "sqlite::memory:",
            "oracle://x/y",
            "postgres:x",
        ] {
            assert!(wrong.parse::<Url>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_server_has_one_or_several_hosts() {
        let hosts = |text: &str| {
            let each = Url::Postgres(text.to_owned()).each_host();
            each.iter().map(Url::with_password).collect::<Vec<_>>()
        };
        assert_eq!(hosts("postgres://polls:a,b@db1:5432/polls?x=1,2").len(), 1);
        assert_eq!(hosts("postgres:///polls?host=/run/postgresql"), ["postgres:///polls?host=/run/postgresql"]);
        assert_eq!(
            hosts("postgres://polls:a@b,c@db1:5432,[::1]:5433,db3/polls?x=1"),
            [
                "postgres://polls:a@b,c@db1:5432/polls?x=1",
                "postgres://polls:a@b,c@[::1]:5433/polls?x=1",
                "postgres://polls:a@b,c@db3/polls?x=1"
            ]
        );
        for wrong in ["postgres://db1,/polls", "mysql://,db2/polls", "mysql://polls@db1,,db2/polls"] {
            assert!(wrong.parse::<Url>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for password in ["secret", "se:cret", "s@cret"] {
            let shown = Url::Postgres(format!("postgres://polls:{password}@db.example.com/polls")).to_string();
            assert_eq!(shown, "postgres://polls:********@db.example.com/polls");
        }
        let shown =
            Url::Postgres("postgres://db/polls?user=polls&password=secret&sslpassword=s".to_owned()).to_string();
        assert_eq!(shown, "postgres://db/polls?user=polls&password=********&sslpassword=********");
    }
}
