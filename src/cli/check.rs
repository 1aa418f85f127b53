//! `polls check`: reports what is wrong with this installation.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::{Context, Failure, serve};
use crate::app::features;
use crate::ops::checks::{self, ALWAYS_ON, CheckLevel, Finding, Subject};
use crate::settings::{Mistakes, Purpose, Settings, Sources};
use crate::web::Site;

/// Look for what is wrong with this installation: settings, database, files
///
/// Changes nothing. Run it as the user that runs the program, because it also checks which files that user can read and
/// write.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  runuser -u polls -- polls check --deploy
  polls check --deploy --fail-level WARNING --format json
  polls check --url https://vote.example.org/
  polls check --settings-only

Ids that begin with `security.` are Django's. One that is of no concern is silenced in the settings:
  silenced_system_checks = [\"security.W008\"]

Exit codes: 0 nothing at or above --fail-level; 1 the checks themselves could not be run; 3 warnings, 4 errors,
5 something critical at or above --fail-level.")]
pub struct CheckArguments {
    /// Also check what matters in production
    #[arg(long)]
    deploy: bool,
    /// Also ask the running site, as visitors do, at this address; with curl
    #[arg(long, value_name = "URL", value_parser = site_address)]
    url: Option<String>,
    /// Look at the settings alone, as before a start: the database need not answer
    #[arg(long, conflicts_with_all = ["deploy", "url"])]
    settings_only: bool,
    /// The format of the findings
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
    /// The lowest level of findings for which the command fails
    #[arg(long, value_name = "LEVEL", value_enum, ignore_case = true, default_value_t = CheckLevel::Error)]
    fail_level: CheckLevel,
    /// A file of Apache with `Define` lines [default: those that are enabled]
    #[arg(long, value_name = "FILE")]
    site_file: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ReportFormat {
    Text,
    Json,
}

pub fn run(context: &Context, arguments: CheckArguments) -> Result<ExitCode, Failure> {
    let sources = context.sources(serve::DEFAULT_BIND, Vec::new());
    let (settings, mistakes) = read(&sources);
    let mut findings: Vec<_> = mistakes.iter().flat_map(Mistakes::lines).map(mistake).collect();
    let mut silenced = Vec::new();
    if let Some(settings) = &settings {
        let site = Arc::new(Site::new(settings, features::installed()));
        let site_files = if arguments.site_file.is_empty() { enabled() } else { arguments.site_file };
        let subject = Subject { settings, sources: &sources, site: &site, site_files };
        if !arguments.settings_only {
            findings.extend(checks::run(&subject, arguments.deploy));
            findings.extend(arguments.url.iter().flat_map(|url| checks::url::check(&subject, url)));
            findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        }
        (silenced, findings) =
            findings.into_iter().partition(|finding| settings.checks.silenced.iter().any(|id| id == finding.id));
    }
    match arguments.format {
        ReportFormat::Text => print_text(&findings, silenced.len(), arguments.deploy),
        ReportFormat::Json => print_json(&findings, &silenced, arguments.deploy)?,
    }
    let worst = findings.iter().map(|finding| finding.level).filter(|level| *level >= arguments.fail_level).max();
    Ok(match worst {
        None | Some(CheckLevel::Info) => ExitCode::SUCCESS,
        Some(CheckLevel::Warning) => ExitCode::from(3),
        Some(CheckLevel::Error) => ExitCode::from(4),
        Some(CheckLevel::Critical) => ExitCode::from(5),
    })
}

fn site_address(text: &str) -> Result<String, String> {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    is_address
        .then(|| text.to_owned())
        .ok_or_else(|| "expected an address such as https://vote.example.org/".to_owned())
}

/// The settings as a server reads them; if they have mistakes, as an administrator's command reads them, which requires
/// less.
fn read(sources: &Sources) -> (Option<Settings>, Option<Mistakes>) {
    let is_debug =
        |settings: &Settings| settings.shown.iter().any(|shown| shown.key == "debug" && shown.value == "true");
    match (Settings::load(sources, Purpose::Manage), Settings::load(sources, Purpose::Gateway)) {
        (Ok(settings), _) if is_debug(&settings) => (Some(settings), None),
        (_, Ok(settings)) => (Some(settings), None),
        (settings, Err(mistakes)) => (settings.ok(), Some(mistakes)),
    }
}

fn mistake(line: &String) -> Finding {
    Finding::new(
        "polls.E001",
        CheckLevel::Error,
        format!("The settings: {line}."),
        "`polls config show` prints what is set and where.",
    )
}

/// The enabled site files of Apache, in the order in which Apache reads them.
fn enabled() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for directory in checks::apache::DIRECTORIES {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "conf")).collect();
        found.sort();
        files.extend(found);
    }
    files
}

fn print_text(findings: &[Finding], silenced: usize, deploy: bool) {
    if !findings.is_empty() {
        println!("System check identified some issues:");
    }
    let mut last = None;
    for finding in findings {
        if last.replace(finding.level) != Some(finding.level) {
            println!(
                "\n{}:",
                match finding.level {
                    CheckLevel::Info => "INFOS",
                    CheckLevel::Warning => "WARNINGS",
                    CheckLevel::Error => "ERRORS",
                    CheckLevel::Critical => "CRITICALS",
                }
            );
        }
        println!("?: ({}) {}\n\tHINT: {}", finding.id, finding.message, finding.hint);
    }
    if !findings.is_empty() {
        println!();
    }
    if deploy {
        let ids: Vec<_> = ALWAYS_ON.iter().map(|(id, _)| *id).collect();
        println!("Always right here: {}.", ids.join(", "));
    }
    let number = if findings.is_empty() { "no".to_owned() } else { findings.len().to_string() };
    println!(
        "System check identified {number} issue{} ({silenced} silenced).",
        if findings.len() == 1 { "" } else { "s" }
    );
}

fn print_json(findings: &[Finding], silenced: &[Finding], deploy: bool) -> Result<(), Failure> {
    let always: Vec<_> =
        ALWAYS_ON.iter().filter(|_| deploy).map(|(id, what)| serde_json::json!({"id": id, "why": what})).collect();
    let silenced: Vec<_> = silenced.iter().map(|finding| finding.id).collect();
    let report = serde_json::json!({"findings": findings, "silenced": silenced, "always_right": always});
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
