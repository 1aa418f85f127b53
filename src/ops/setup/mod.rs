//! `polls setup`: makes what a site needs on this machine, and leaves what is there already.

pub mod settings_file;

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::User;

use crate::settings::{DatabaseUrl, Mistakes, Purpose, Settings, Sources};
use crate::web::http::secrets::{ALPHANUMERIC, random};

/// The settings file of a new site.
const EXAMPLE: &str = include_str!("../../../deploy/polls.toml");

/// The name in it that stands for the site's.
const EXAMPLE_HOST: &str = "polls.example.org";

/// Characters of a new secret key: 381 bits.
const KEY_LENGTH: usize = 64;

/// Why the site could not be made. The text says what to do.
type SetupError = Box<dyn std::error::Error + Send + Sync>;

/// Where the site is made, and for whom.
pub struct SitePlace {
    /// What stands before every path that is written to; None for this machine's own root.
    pub root: Option<PathBuf>,
    /// The directory of settings and key, without the root.
    pub config_dir: PathBuf,
    /// The system user that runs the program; None below another root, where all belongs to who makes it.
    owner: Option<User>,
    /// What was done, one line each.
    pub done: Vec<String>,
    /// What was there already.
    pub kept: Vec<String>,
}

/// What the settings of the site must say. What is None is left as it is.
pub struct WantedSettings<'a> {
    pub host: &'a str,
    /// Keys of the top table with their values in TOML.
    pub others: Vec<(&'static str, String)>,
}

impl SitePlace {
    /// # Errors
    /// If the user does not exist, or this process may not give files to it.
    pub fn new(root: Option<PathBuf>, config_dir: PathBuf, user: &str) -> Result<Self, SetupError> {
        let owner = match root {
            Some(_) => None,
            None if !nix::unistd::geteuid().is_root() => return Err("run it as root, or with --root DIRECTORY".into()),
            None => Some(User::from_name(user)?.ok_or_else(|| {
                format!("there is no user {user}: useradd --system --home-dir /var/lib/polls --shell /usr/sbin/nologin {user}")
            })?),
        };
        Ok(Self { root, config_dir, owner, done: Vec::new(), kept: Vec::new() })
    }

    /// A path of the site, below the root.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.root.as_ref().map_or_else(|| path.to_owned(), |root| root.join(path.strip_prefix("/").unwrap_or(path)))
    }

    pub fn settings_file(&self) -> PathBuf {
        self.path(self.config_dir.join("polls.toml"))
    }

    /// Makes the directories of settings, data and log. Mode 0711 lets Apache reach the static files among the data.
    ///
    /// # Errors
    /// If one cannot be made.
    pub fn make_directories(&mut self) -> Result<(), SetupError> {
        let config_dir = self.config_dir.clone();
        for (path, mode, is_own) in [
            (config_dir.as_path(), 0o750, false),
            (Path::new("/var/lib/polls"), 0o711, true),
            (Path::new("/var/log/polls"), 0o750, true),
        ] {
            let (there, failed) = (self.path(path), failure(path));
            if there.is_dir() {
                continue;
            }
            DirBuilder::new().recursive(true).mode(0o755).create(&there).map_err(&failed)?;
            fs::set_permissions(&there, fs::Permissions::from_mode(mode)).map_err(&failed)?;
            self.give(&there, is_own).map_err(&failed)?;
            self.done.push(format!("made {} (mode {mode:04o})", path.display()));
        }
        Ok(())
    }

    /// Gives a file to the program's user, or only to the user's group, which may read it then.
    fn give(&self, path: &Path, wholly: bool) -> std::io::Result<()> {
        match &self.owner {
            Some(owner) => chown(path, wholly.then_some(owner.uid.as_raw()), Some(owner.gid.as_raw())),
            None => Ok(()),
        }
    }

    /// Writes settings and secret key, or changes in the settings what is wanted otherwise.
    ///
    /// # Errors
    /// If a file cannot be written, or the settings would have a mistake; then they stay as they were.
    pub fn write_settings(&mut self, wanted: &WantedSettings<'_>) -> Result<(), SetupError> {
        let file = self.settings_file();
        let failed = failure(&file);
        let old = match fs::read_to_string(&file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error).into()),
        };
        let mut text = old.clone().unwrap_or_else(|| EXAMPLE.to_owned());
        let unreadable = |error: String| format!("{}: {error}", file.display());
        let mut set = |key: &str, value: &str| -> Result<(), SetupError> {
            let wanted = settings_file::get(&format!("{key} = {value}"), key).map_err(unreadable)?;
            let found = settings_file::get(&text, key).map_err(unreadable)?;
            if found.map(|value| value.kind) != wanted.map(|value| value.kind) {
                text = settings_file::set(&text, key, value).map_err(unreadable)?;
            }
            Ok(())
        };
        for (key, value) in &wanted.others {
            set(key, value)?;
        }
        if old.is_none() {
            set("secret_key_file", &format!("\"{}\"", self.config_dir.join("secret_key").display()))?;
        }
        let mut hosts: Vec<String> = settings_file::get(&text, "allowed_hosts")
            .map_err(unreadable)?
            .and_then(|value| value.into_array().ok())
            .map_or_else(Vec::new, |hosts| hosts.into_iter().filter_map(|host| host.into_string().ok()).collect());
        if !hosts.iter().any(|host| host == wanted.host) {
            hosts.retain(|host| host != EXAMPLE_HOST);
            hosts.insert(0, wanted.host.to_owned());
            text = settings_file::set(&text, "allowed_hosts", &format!("{hosts:?}")).map_err(unreadable)?;
        }
        self.make_key(&text)?;
        if old.as_ref() == Some(&text) {
            self.kept.push(format!("{} (the settings)", self.config_dir.join("polls.toml").display()));
            return Ok(());
        }
        let nascent = file.with_extension("toml.new");
        let _ = fs::remove_file(&nascent);
        let result = create(&nascent, 0o640, text.as_bytes())
            .and_then(|()| self.give(&nascent, false))
            .map_err(|error| failed(error).into())
            .and_then(|()| self.load(&nascent).map_err(SetupError::from))
            .and_then(|_| fs::rename(&nascent, &file).map_err(|error| failed(error).into()));
        if result.is_err() {
            let _ = fs::remove_file(&nascent);
        }
        self.done.push(format!("wrote {}", self.config_dir.join("polls.toml").display()));
        result
    }

    /// Makes the file of the secret key if the settings name one that is not there.
    fn make_key(&mut self, settings: &str) -> Result<(), SetupError> {
        let named = settings_file::get(settings, "secret_key_file")?.and_then(|value| value.into_string().ok());
        let Some(path) = named.filter(|name| !name.is_empty()) else { return Ok(()) };
        let there = self.path(&path);
        if there.exists() {
            self.kept.push(format!("{path} (the secret key)"));
            return Ok(());
        }
        // Below another root there is no group to which the file could be given.
        let mode = if self.owner.is_some() { 0o640 } else { 0o600 };
        let failed = failure(&there);
        create(&there, mode, random(ALPHANUMERIC, KEY_LENGTH)?.as_bytes()).map_err(&failed)?;
        self.give(&there, false).map_err(&failed)?;
        self.done.push(format!("made the secret key {path} (mode {mode:04o})"));
        Ok(())
    }

    /// The settings as the site has them.
    ///
    /// # Errors
    /// If there are mistakes in them.
    pub fn settings(&self) -> Result<Settings, Mistakes> {
        self.load(&self.settings_file())
    }

    fn load(&self, file: &Path) -> Result<Settings, Mistakes> {
        let mut environment = BTreeMap::new();
        if self.root.is_some() {
            let text = fs::read_to_string(file).unwrap_or_default();
            let key =
                settings_file::get(&text, "secret_key_file").ok().flatten().and_then(|value| value.into_string().ok());
            environment
                .extend(key.map(|key| ("POLLS_SECRET_KEY_FILE".to_owned(), self.path(key).display().to_string())));
        }
        let sources = Sources {
            file: Some(file.to_owned()),
            environment,
            default_bind: "127.0.0.1:8000".to_owned(),
            ..Sources::default()
        };
        Settings::load(&sources, Purpose::Gateway)
    }

    /// Where the database is, below the root if it is a file.
    pub fn database(&self, settings: &Settings) -> DatabaseUrl {
        match &settings.database.url {
            DatabaseUrl::Sqlite(path) => DatabaseUrl::Sqlite(self.path(path)),
            url => url.clone(),
        }
    }

    /// `polls …` with the settings of the site; as the user that runs the program, or as this process's own.
    ///
    /// # Errors
    /// If this program's own file is not found.
    pub fn command(&self, settings: &Settings, arguments: &[&str], as_owner: bool) -> std::io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--config").arg(self.settings_file()).args(arguments).env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        if self.root.is_some() {
            if let url @ DatabaseUrl::Sqlite(_) = self.database(settings) {
                command.env("POLLS_DATABASE_URL", url.to_string());
            }
            let key = settings.shown.iter().find(|shown| shown.key == "secret_key_file" && shown.value != "(none)");
            command.envs(key.map(|shown| ("POLLS_SECRET_KEY_FILE", shown.value.clone())));
            let root = settings.site.static_root.as_ref().map(|root| self.path(root));
            command.envs(root.map(|root| ("POLLS_STATIC_ROOT", root)));
        }
        if let Some(owner) = self.owner.as_ref().filter(|_| as_owner) {
            command.uid(owner.uid.as_raw()).gid(owner.gid.as_raw()).current_dir("/");
        }
        Ok(command)
    }

    /// Writes a file that others may read, unless it is there with the same text but for the line that `ignores`
    /// matches. What was there is kept beside it as `.old`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_public(&mut self, path: &Path, text: &str, ignores: impl Fn(&str) -> bool) -> Result<(), SetupError> {
        let (there, failed) = (self.path(path), failure(path));
        if let Ok(old) = fs::read_to_string(&there) {
            if old.lines().filter(|line| !ignores(line)).eq(text.lines().filter(|line| !ignores(line))) {
                self.kept.push(path.display().to_string());
                return Ok(());
            }
            fs::rename(&there, there.with_extension("conf.old")).map_err(&failed)?;
        }
        create(&there, 0o644, text.as_bytes()).map_err(&failed)?;
        self.done.push(format!("wrote {}", path.display()));
        Ok(())
    }
}

fn failure(path: &Path) -> impl Fn(std::io::Error) -> String {
    let path = path.display().to_string();
    move |error| format!("{path}: {error}")
}

/// Writes a new file with a mode, whatever the umask is.
fn create(path: &Path, mode: u32, content: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    file.set_permissions(fs::Permissions::from_mode(mode))
}
