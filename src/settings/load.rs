//! Reads the settings from their sources and merges them.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use config::{Config, Environment, File, FileFormat, Value, ValueKind};

use super::Mistakes;

/// Variables that begin with `POLLS_` and are not settings.
fn is_no_setting(name: &str) -> bool {
    name == "POLLS_CONFIG"
        || name.starts_with("POLLS_SUPERUSER_")
        || (cfg!(feature = "seeded-bugs") && name == "POLLS_SEEDED_BUG")
}

/// The sources of the settings.
#[derive(Debug, Default)]
pub struct Sources {
    /// The settings file, if there is one (see [`find_file`]).
    pub file: Option<PathBuf>,
    /// The environment variables; only those that begin with `POLLS_` are used.
    pub environment: BTreeMap<String, String>,
    /// The address at which the command listens by default.
    pub default_bind: String,
    /// The settings given on the command line, by key.
    pub flags: Vec<(&'static str, config::Value)>,
    /// The sign that this is an installed program and not a developer's build, if there is one: then the mode is
    /// production even without a settings file.
    pub installed: Option<&'static str>,
}

impl Sources {
    /// A hash of the settings file's metadata and the variables; it changes when one of them changes. The file is not
    /// read. Call it before the settings are loaded. Flags and secret variables are not included.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.file.hash(&mut hasher);
        if let Some(Ok(file)) = self.file.as_deref().map(std::fs::metadata) {
            (file.dev(), file.ino(), file.len(), file.mtime(), file.mtime_nsec()).hash(&mut hasher);
        }
        self.environment.iter().filter(|(name, _)| !name.contains("SECRET")).for_each(|set| set.hash(&mut hasher));
        hasher.finish()
    }
}

/// A value and the source that set it.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub value: Value,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    File(PathBuf),
    Variable(String),
    Flag,
}

/// The settings file: `--config`, then `POLLS_CONFIG`, `./polls.toml`, `/etc/polls/polls.toml`.
///
/// A file that is named must exist; the others are used if they exist. A file whose existence cannot be checked counts
/// as existing: without it, production would silently become development.
pub fn find_file(flag: Option<&Path>, environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let named = flag
        .map(Path::to_path_buf)
        .or_else(|| environment.get("POLLS_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from));
    named.or_else(|| {
        ["polls.toml", "/etc/polls/polls.toml"]
            .into_iter()
            .map(PathBuf::from)
            .find(|path| path.try_exists().unwrap_or(true))
    })
}

/// The sign that this program is installed and was not just built, for error messages; None if there is none.
pub fn installed() -> Option<&'static str> {
    // The variable must hold this process's own id: a terminal that a systemd service has opened inherits the variable.
    let is_unit = std::env::var("SYSTEMD_EXEC_PID").is_ok_and(|pid| pid == std::process::id().to_string());
    let program = std::env::current_exe().unwrap_or_default();
    if is_unit {
        Some("systemd has started it")
    } else if ["/usr", "/opt"].iter().any(|system| program.starts_with(system)) {
        Some("it is installed below /usr or /opt")
    } else if Path::new("/etc/polls").is_dir() {
        Some("there is a directory /etc/polls")
    } else {
        None
    }
}

/// Every key that a source sets, with the value of the last source that sets it.
pub(super) fn merge(sources: &Sources) -> Result<BTreeMap<String, Setting>, Mistakes> {
    let mut merged = BTreeMap::new();
    if let Some(path) = &sources.file {
        let file = File::from(path.as_path()).format(FileFormat::Toml);
        let values =
            collect(Config::builder().add_source(file)).map_err(|error| Mistakes(vec![unreadable(path, &error)]))?;
        merged.extend(settings(values, |_| Origin::File(path.clone())));
    }
    let variables = sources
        .environment
        .iter()
        .filter(|(name, _)| name.starts_with("POLLS_"))
        .filter(|(name, _)| !is_no_setting(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let environment = Environment::with_prefix("POLLS").prefix_separator("_").separator("__").source(Some(variables));
    let values = collect(Config::builder().add_source(environment))
        .map_err(|error| Mistakes(vec![format!("the environment: {error}")]))?;
    merged.extend(settings(values, |key| Origin::Variable(variable(key))));
    for (key, value) in &sources.flags {
        merged.insert((*key).to_owned(), Setting { value: value.clone(), origin: Origin::Flag });
    }
    Ok(merged)
}

/// The variable that sets a key: `server.bind` is `POLLS_SERVER__BIND`.
pub(super) fn variable(key: &str) -> String {
    format!("POLLS_{}", key.replace('.', "__").to_uppercase())
}

fn collect(
    builder: config::ConfigBuilder<config::builder::DefaultState>,
) -> Result<config::Map<String, Value>, config::ConfigError> {
    use config::Source as _;
    builder.build()?.collect()
}

/// The parser's message without the quoted lines of the file, as they may contain secrets.
fn unreadable(path: &Path, error: &config::ConfigError) -> String {
    match error {
        config::ConfigError::FileParse { cause, .. } => {
            let cause = cause.to_string();
            let mut lines = cause.lines();
            let first = lines.next().unwrap_or_default();
            let last = lines.rfind(|line| !line.contains('|') && !line.is_empty()).unwrap_or_default();
            format!("{}: {first}: {last}", path.display())
        }
        other => format!("{}: cannot be read: {other}", path.display()),
    }
}

fn settings(values: config::Map<String, Value>, origin: impl Fn(&str) -> Origin) -> Vec<(String, Setting)> {
    let mut leaves = Vec::new();
    flatten("", values, &mut leaves);
    leaves
        .into_iter()
        .map(|(key, value)| {
            let origin = origin(&key);
            (key, Setting { value, origin })
        })
        .collect()
}

fn flatten(prefix: &str, table: config::Map<String, Value>, leaves: &mut Vec<(String, Value)>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value.kind {
            ValueKind::Table(inner) => flatten(&key, inner, leaves),
            _ => leaves.push((key, value)),
        }
    }
}
