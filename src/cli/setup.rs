//! `polls setup`: from an installed program to a site, in one command.

use std::fs;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::apache_config::SiteArguments;
use super::createsuperuser::prompt;
use super::{Context, Failure, connect};
use crate::auth::queries;
use crate::db::Create;
use crate::ops::apache_config::{ApacheMode, SiteFile};
use crate::ops::setup::{SitePlace, WantedSettings};
use crate::settings::{DatabaseUrl, Settings, parse_network};

/// Make a site: settings, secret key, tables, administrator, static files, and the site file for Apache
///
/// Asks what is not given, if there is a terminal, and prints what it did. What is there already stays; run again with
/// the same answers, it changes nothing. With systemd, it starts the program too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls setup vote.example.org
  polls setup vote.example.org --tls --admin alice --email alice@example.org --password-file - < password
  polls setup vote.example.org --behind 192.0.2.10 --database-url postgres://polls@%2Frun%2Fpostgresql/polls

Visitors come by one of:
  --tls                  HTTPS with a certificate that certbot gets, or with --certificate and --certificate-key
  --behind ADDRESS       a balancer or proxy in front of Apache, which ends TLS
  --plain                plain HTTP, for a trial

Exit codes: 0 the site is there; 1 something is missing or failed, the reason is on standard error.")]
pub struct SetupArguments {
    /// The name of the site
    host: String,
    /// The protocol between Apache and the program
    #[arg(long, value_enum, default_value_t = ApacheMode::Embedded)]
    mode: ApacheMode,
    /// Visitors come by plain HTTP
    #[arg(long, conflicts_with_all = ["tls", "behind"])]
    plain: bool,
    #[command(flatten)]
    site: SiteArguments,
    /// The database [default: as the settings say, or sqlite:///var/lib/polls/polls.sqlite3]
    #[arg(long, value_name = "URL", value_parser = str::parse::<DatabaseUrl>)]
    database_url: Option<DatabaseUrl>,
    /// The zone in which dates are shown, such as Asia/Seoul [default: as the settings say, or UTC]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// The language for visitors who ask for none that the site has
    #[arg(long, value_name = "en|ko")]
    language: Option<String>,
    /// The administrator's login name; made only if there is no user yet
    #[arg(long, value_name = "NAME")]
    admin: Option<String>,
    /// The administrator's e-mail address
    #[arg(long, value_name = "ADDRESS", default_value = "")]
    email: String,
    /// The file with the administrator's password; - is standard input
    #[arg(long, value_name = "FILE", requires = "admin")]
    password_file: Option<PathBuf>,
    /// The directory of settings and key
    #[arg(long, value_name = "DIRECTORY", default_value = "/etc/polls")]
    config_dir: PathBuf,
    /// The system user that runs the program [default: polls; with fcgid and cgi www-data]
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Make the site below this directory, as for an image: gives files to nobody and starts nothing
    #[arg(long, value_name = "DIRECTORY")]
    root: Option<PathBuf>,
}

/// Where site files are, on Debian and on RHEL.
const SITES: [&str; 2] = ["/etc/apache2/sites-available", "/etc/httpd/conf.d"];
const MODULES: &str = "/etc/apache2/mods-enabled";

pub fn run(context: &Context, mut arguments: SetupArguments) -> Result<ExitCode, Failure> {
    if context.config.is_some() {
        return Err("setup takes --config-dir in place of --config".into());
    }
    let user = arguments.user.clone().unwrap_or_else(|| arguments.mode.usual_user().to_owned());
    let root = arguments.root.as_deref().map(std::path::absolute).transpose()?;
    let mut place = SitePlace::new(root, arguments.config_dir.clone(), &user)?;
    let folder = SITES.iter().map(Path::new).find(|folder| place.path(folder).is_dir());
    let site_file = folder.map(|folder| folder.join("polls.conf"));
    let has_site_file = site_file.as_ref().is_some_and(|file| place.path(file).exists());
    let writes_site_file = arguments.plain || arguments.site.say_something() || !has_site_file;
    if writes_site_file && !arguments.plain && !arguments.site.tls && arguments.site.behind.is_empty() {
        ask_for_tls(&mut arguments)?;
    }
    place.make_directories()?;
    place.write_settings(&wanted(&arguments))?;
    let settings = place.settings()?;
    prepare(&mut place, &settings)?;
    make_administrator(&mut place, &settings, &arguments)?;
    let (mode, instances, tls) = (arguments.mode, arguments.site.instances, arguments.site.tls);
    let awaits_certificate = tls && arguments.site.certificate.is_none();
    let settings_file = arguments.config_dir.join("polls.toml");
    let site =
        SiteFile::new(&settings, arguments.site.wanted(mode, Some(arguments.host.clone()), Some(&settings_file)))?;
    match &site_file {
        Some(file) if writes_site_file => {
            place.write_public(file, &format!("{site}\n"), |line| line.starts_with("# Written by: "))?;
        }
        Some(file) => place.kept.push(file.display().to_string()),
        None => eprintln!("polls: Apache is not there; when it is, `polls apache-config` prints its site file"),
    }
    if place.root.is_none() {
        enable_modules(&mut place, &site)?;
        start(&mut place, mode, instances)?;
    }
    let is_new = !place.done.is_empty();
    print(&place);
    if is_new {
        next(&arguments.host, site_file.as_deref(), awaits_certificate);
        if !matches!(settings.database.url, DatabaseUrl::Sqlite(_)) {
            println!(
                "If the database is reached over TCP, give the units a network: see network.conf in deploy/systemd."
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn ask_for_tls(arguments: &mut SetupArguments) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(
            "say how visitors come: --tls, --behind ADDRESS or --plain; `polls setup --help` has examples".into()
        );
    }
    println!("How do visitors come to {}?", arguments.host);
    println!("  1  HTTPS with a certificate that certbot gets\n  2  HTTPS with a certificate that is here already");
    println!("  3  through a balancer or proxy in front of Apache, which ends TLS\n  4  plain HTTP, for a trial");
    loop {
        match prompt("[1]: ")?.as_str() {
            "" | "1" => arguments.site.tls = true,
            "2" => {
                arguments.site.tls = true;
                arguments.site.certificate = Some(prompt("File of the certificate with its intermediates: ")?);
                arguments.site.certificate_key = Some(prompt("File of its key: ")?);
            }
            "3" => {
                let addresses = prompt("Addresses of the proxy: ")?;
                arguments.site.behind = addresses.split_whitespace().map(str::to_owned).collect();
                if addresses.trim().is_empty() || arguments.site.behind.iter().any(|one| parse_network(one).is_err()) {
                    continue;
                }
            }
            "4" => arguments.plain = true,
            _ => continue,
        }
        return Ok(());
    }
}

fn wanted(arguments: &SetupArguments) -> WantedSettings<'_> {
    let mut others = Vec::new();
    let mut add = |key, value: Option<String>| others.extend(value.map(|value| (key, format!("{value:?}"))));
    add("database_url", arguments.database_url.as_ref().map(DatabaseUrl::with_password));
    add("time_zone", arguments.time_zone.clone());
    add("language_code", arguments.language.clone());
    add("script_name", arguments.site.mount.as_ref().map(ToString::to_string));
    // Apache itself redirects to HTTPS where it ends TLS.
    if !arguments.site.behind.is_empty() {
        others.push(("secure_ssl_redirect", "true".to_owned()));
    }
    WantedSettings { host: &arguments.host, others }
}

/// Migrates the database and writes the static files.
fn prepare(place: &mut SitePlace, settings: &Settings) -> Result<(), Failure> {
    let migrated = said(place.command(settings, &["migrate"], true)?)?;
    let applied = migrated.lines().filter(|line| line.ends_with(": applied") || line.contains(": adopted")).count();
    match applied {
        0 => place.kept.push(format!("{} (the database)", settings.database.url)),
        _ => place.done.push(format!("migrated {} ({applied} migrations)", settings.database.url)),
    }
    let collected = said(place.command(settings, &["collectstatic"], false)?)?;
    let line = collected.lines().next().unwrap_or_default();
    if line.starts_with("0 ") {
        place.kept.push("the static files".to_owned());
    } else {
        place.done.push(line.to_owned());
    }
    Ok(())
}

/// The standard output of a command that must succeed.
fn said(mut command: Command) -> Result<String, Failure> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.trim().trim_start_matches("polls: ").to_owned().into())
}

/// Makes the administrator, unless there is a user already.
fn make_administrator(place: &mut SitePlace, settings: &Settings, arguments: &SetupArguments) -> Result<(), Failure> {
    let url = place.database(settings);
    let mut conn = connect(&url, Create::Never)?;
    if queries::is_any(&mut conn)? {
        place.kept.push("the users".to_owned());
        return Ok(());
    }
    drop(conn);
    let name = arguments.admin.as_deref();
    let mut words = vec!["createsuperuser"];
    words.extend(name.map(|name| ["--username", name]).into_iter().flatten());
    if let (Some(name), Some(file)) = (name, &arguments.password_file) {
        let mut password = String::new();
        if file == Path::new("-") {
            std::io::stdin().read_to_string(&mut password)?;
        } else {
            password = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        words.extend(["--email", &arguments.email, "--noinput", "--validate"]);
        let mut command = place.command(settings, &words, true)?;
        command.env("POLLS_SUPERUSER_PASSWORD", password.trim_end_matches(['\r', '\n']));
        said(command)?;
        place.done.push(format!("made the administrator {name}"));
    } else if std::io::stdin().is_terminal() {
        println!("The administrator, who logs in at https://{}{}/admin/:", arguments.host, settings.site.mount);
        if !place.command(settings, &words, true)?.status()?.success() {
            return Err("there is no administrator yet; run this again".into());
        }
        place.done.push("made the administrator".to_owned());
    } else {
        eprintln!(
            "polls: there is no administrator yet; --admin and --password-file, or `polls createsuperuser`, make one"
        );
    }
    Ok(())
}

/// Enables what the site file needs, on Debian.
fn enable_modules(place: &mut SitePlace, site: &SiteFile) -> Result<(), Failure> {
    let is_missing = |module: &&str| !Path::new(MODULES).join(format!("{module}.load")).exists();
    let missing: Vec<_> = site.modules_to_enable().into_iter().filter(is_missing).collect();
    if !missing.is_empty() && Path::new(MODULES).is_dir() {
        let mut command = Command::new("a2enmod");
        command.arg("--quiet").args(&missing);
        said(command)?;
        place.done.push(format!("enabled Apache's modules {}", missing.join(" ")));
    }
    Ok(())
}

/// Starts the program where systemd runs and has the units; starts it anew if its settings have changed.
fn start(place: &mut SitePlace, mode: ApacheMode, instances: u16) -> Result<(), Failure> {
    let Some(unit) = mode.unit().filter(|_| Path::new("/run/systemd/system").is_dir()) else { return Ok(()) };
    let names: Vec<_> = match instances {
        1 => vec![unit.to_owned()],
        several => (1..=several).map(|number| format!("{unit}@{number}")).collect(),
    };
    let has_new_settings = place.done.iter().any(|done| done.contains("polls.toml") || done.starts_with("migrated"));
    for name in names {
        let systemctl = |words: &[&str]| {
            let mut command = Command::new("systemctl");
            command.args(words).arg(format!("{name}.service"));
            command
        };
        let is_active = systemctl(&["is-active", "--quiet"]).status()?.success();
        if is_active && !has_new_settings {
            place.kept.push(format!("{name}.service runs"));
            continue;
        }
        if is_active {
            said(systemctl(&["restart"]))?;
        } else {
            said(systemctl(&["enable", "--now", "--quiet", &format!("{name}.socket")]))?;
        }
        place.done.push(format!("started {name}.service"));
    }
    Ok(())
}

fn print(place: &SitePlace) {
    for line in &place.kept {
        println!("as it was: {line}");
    }
    for line in &place.done {
        println!("{line}");
    }
    if place.done.is_empty() {
        println!("Nothing was changed.");
    }
}

/// Prints the commands that are left to the administrator.
fn next(host: &str, site_file: Option<&Path>, awaits_certificate: bool) {
    let reload = match site_file {
        Some(file) if file.starts_with(SITES[0]) => "a2ensite polls && systemctl reload apache2",
        Some(_) => "systemctl reload httpd",
        None => return,
    };
    println!("Next:\n  {reload}");
    if awaits_certificate {
        println!("  certbot certonly --webroot -w /var/www/html -d {host} --deploy-hook \"systemctl reload apache2\"");
    }
}
