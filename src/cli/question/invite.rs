//! `polls question invite` and `withdraw`: the one-time links of polls by invitation.

use std::io::{Write as _, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::super::progress::ProgressLine;
use super::{AuthorArguments, Desk, Failure};
use crate::db;
use crate::polls::eligibility::invitation::{self, InvitationToken, LABEL_LENGTH};
use crate::polls::invitation_batch::{self, LinksChange};
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
        None => invitation_batch::numbers(&mut desk.conn, id, arguments.count.unwrap_or(0) as usize)?,
    };
    println!("{}", invitation_batch::CSV_HEAD.join(","));
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
    note(desk, &viewer, (id, &label), (LinksChange::Made, &made.to_string()))?;
    printed.map(|()| ExitCode::SUCCESS)
}

pub fn withdraw(desk: &mut Desk, arguments: &WithdrawArguments) -> Result<ExitCode, Failure> {
    let (viewer, id) = (author(desk, &arguments.by)?, arguments.id);
    let label = desk.label(id)?;
    let number = db::write(&mut desk.conn, |conn| invitation::withdraw(conn, id, arguments.label.as_deref()))?;
    let what = arguments.label.clone().unwrap_or_else(|| number.to_string());
    note(desk, &viewer, (id, &label), (LinksChange::Withdrawn, &what))?;
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

/// The labels that a file has.
fn names(file: &Path) -> Result<Vec<String>, Failure> {
    let text = if file == Path::new("-") { std::io::read_to_string(stdin()) } else { std::fs::read_to_string(file) };
    let text = text.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    invitation_batch::labels(&text)
        .map_err(|label| format!("a label has at most {LABEL_LENGTH} characters: {label:.40}…").into())
}

fn print(site: &str, id: i64, labels: &[String], tokens: &[InvitationToken]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&invitation_batch::csv_lines(site, id, labels, tokens)?)?;
    Ok(stdout.flush()?)
}

/// Writes an entry into the history of a poll.
fn note(desk: &mut Desk, viewer: &Viewer, poll: (i64, &str), change: (LinksChange, &str)) -> Result<(), Failure> {
    let Desk { conn, catalogue, .. } = desk;
    db::write(conn, |conn| invitation_batch::note(conn, catalogue, viewer.id, poll, change))?;
    tracing::info!(target: "polls.admin", user = viewer.username, pk = poll.0, "The invitations to a poll were changed on the command line.");
    Ok(())
}
