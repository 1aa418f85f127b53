//! `polls question invite` and `withdraw`: the one-time links of polls by invitation.

use std::io::{Write as _, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use super::super::progress::ProgressLine;
use super::{AuthorArguments, Desk, Failure};
use crate::admin::changes::log::{self, ActionFlag};
use crate::admin::list::export::safe_cell;
use crate::db;
use crate::polls::eligibility::invitation::{self, InvitationCounts, InvitationToken, LABEL_LENGTH};
use crate::polls::paths;
use crate::web::Viewer;

/// How many links one transaction makes.
const BATCH: usize = 1000;
/// The permission that making and withdrawing links takes.
const PERMISSION: &str = "polls.change_question";

/// Make one-time links to a poll and print them as CSV: a label and the link
///
/// The links are stored nowhere: who loses them needs new ones.
#[derive(Debug, clap::Args)]
pub struct InviteArguments {
    id: i64,
    /// Make so many links, labelled with numbers
    #[arg(long, value_name = "NUMBER", required_unless_present = "names", conflicts_with = "names")]
    count: Option<u32>,
    /// Make a link for every line of this file, for instance a name or an address; "-" is standard input
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// The site's address [default: https:// and the first of allowed_hosts]
    #[arg(long, value_name = "URL")]
    site: Option<String>,
    #[command(flatten)]
    by: AuthorArguments,
}

/// Withdraw links to a poll that have not been withdrawn; votes that were cast with them still count
#[derive(Debug, clap::Args)]
pub struct WithdrawArguments {
    id: i64,
    /// Withdraw the links with this label only
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    #[command(flatten)]
    by: AuthorArguments,
}

pub fn run(desk: &mut Desk, arguments: &InviteArguments) -> Result<ExitCode, Failure> {
    let (viewer, id) = (author(desk, &arguments.by)?, arguments.id);
    let (label, site) = (desk.label(id)?, site(desk, arguments.site.as_deref())?);
    let labels = match &arguments.names {
        Some(file) => names(file)?,
        None => {
            let made = InvitationCounts::of(&mut desk.conn, id)?.made;
            (made + 1..).take(arguments.count.unwrap_or(0) as usize).map(|number| number.to_string()).collect()
        }
    };
    println!("label,link");
    let mut progress = ProgressLine::new();
    let mut made = 0;
    let printed = labels.chunks(BATCH).try_for_each(|labels| -> Result<(), Failure> {
        let tokens = db::write(&mut desk.conn, |conn| invitation::make(conn, id, labels))
            .map_err(|error| Failure::from(error.to_string()))?;
        if let Err(error) = print(&site, id, labels, &tokens) {
            db::write(&mut desk.conn, |conn| invitation::unmake(conn, &tokens))?;
            return Err(error);
        }
        made += tokens.len();
        progress.show("Links made", made as u64);
        Ok(())
    });
    progress.end();
    note(desk, &viewer, (id, &label), &json!([{ "added": { "name": name(desk), "object": made.to_string() } }]))?;
    printed.map(|()| ExitCode::SUCCESS)
}

pub fn withdraw(desk: &mut Desk, arguments: &WithdrawArguments) -> Result<ExitCode, Failure> {
    let (viewer, id) = (author(desk, &arguments.by)?, arguments.id);
    let label = desk.label(id)?;
    let number = db::write(&mut desk.conn, |conn| invitation::withdraw(conn, id, arguments.label.as_deref()))?;
    let what = arguments.label.clone().unwrap_or_else(|| number.to_string());
    note(desk, &viewer, (id, &label), &json!([{ "deleted": { "name": name(desk), "object": what } }]))?;
    println!("{number}");
    Ok(ExitCode::SUCCESS)
}

fn author(desk: &mut Desk, by: &AuthorArguments) -> Result<Viewer, Failure> {
    let viewer = desk.author(by)?;
    match viewer.can(PERMISSION) {
        true => Ok(viewer),
        false => Err(format!("{} lacks the permission {PERMISSION}", viewer.username).into()),
    }
}

/// The address before a link's path.
fn site(desk: &Desk, given: Option<&str>) -> Result<String, Failure> {
    let security = &desk.settings.security;
    match given {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        Some(_) => Err("--site: expected an address such as https://polls.example.org".into()),
        None if security.allowed_hosts.is_empty() || security.allowed_hosts.allow_any() => {
            Err("allowed_hosts does not say where the site is; use --site https://polls.example.org".into())
        }
        None => Ok(format!("https://{}{}", security.allowed_hosts.first(), desk.settings.site.mount)),
    }
}

/// The lines of a file that are not blank.
fn names(file: &Path) -> Result<Vec<String>, Failure> {
    let text = if file == Path::new("-") { std::io::read_to_string(stdin()) } else { std::fs::read_to_string(file) };
    let text = text.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let labels: Vec<_> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    match labels.iter().find(|label| label.chars().count() > LABEL_LENGTH || label.contains('\0')) {
        Some(label) => Err(format!("a label has at most {LABEL_LENGTH} characters: {label:.40}…").into()),
        None => Ok(labels),
    }
}

fn print(site: &str, id: i64, labels: &[String], tokens: &[InvitationToken]) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    for (label, token) in labels.iter().zip(tokens) {
        csv.write_record([&safe_cell(label.clone()), &format!("{site}{}", paths::invitation(id, token.as_str()))])?;
    }
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&csv.into_inner().map_err(|error| error.to_string())?)?;
    Ok(stdout.flush()?)
}

/// The English name of invitations, as the history keeps it.
fn name(desk: &Desk) -> String {
    desk.catalogue.text(crate::web::pages::i18n::Language::English, "polls-invitation-plural", None)
}

/// Writes an entry into the history of a poll.
fn note(desk: &mut Desk, viewer: &Viewer, poll: (i64, &str), message: &Json) -> Result<(), Failure> {
    let meta = desk.questions.meta();
    db::write(&mut desk.conn, |conn| log::write(conn, viewer.id, meta, poll, ActionFlag::Change, Some(message)))?;
    tracing::info!(target: "polls.admin", user = viewer.username, pk = poll.0, "The invitations to a poll were changed on the command line.");
    Ok(())
}
