//! `polls question`: adds, shows, changes and exports polls, and makes invitations to them.

mod export;
mod invite;

use std::process::ExitCode;

use clap::Subcommand;

use super::createsuperuser::system_user;
use super::{Context, Failure};
use crate::admin::changes::by_command::{self, NotSaved, TypedInputs};
use crate::admin::changes::deletion;
use crate::admin::changes::log::Author;
use crate::admin::form::withdrawal::TICKED;
use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::Value;
use crate::admin::registry::registered::RegisteredModel;
use crate::app::features;
use crate::auth::models::User;
use crate::auth::queries::{self, viewer_of};
use crate::clock;
use crate::db::{self, Connection, Create, migrate};
use crate::settings::Settings;
use crate::web::Viewer;
use crate::web::pages::i18n::{Catalogue, Language};

#[derive(Debug, Subcommand)]
pub enum QuestionCommand {
    /// List the polls that have all these words, the newest first
    List {
        words: Vec<String>,
    },
    /// Show the fields of a poll as --set takes them, and its choices
    Show {
        id: i64,
    },
    /// Add a poll
    Add {
        /// The question
        text: String,
        #[command(flatten)]
        fields: FieldArguments,
    },
    /// Change a poll
    Edit {
        id: i64,
        #[command(flatten)]
        fields: FieldArguments,
        /// Give a choice another text
        #[arg(long, value_name = "CHOICE=TEXT", value_parser = parse_pair)]
        reword: Vec<(String, String)>,
        /// Delete a choice that has no votes
        #[arg(long, value_name = "CHOICE")]
        remove: Vec<i64>,
        /// Withdraw a choice: it stays visible with its votes, and can no longer be chosen
        #[arg(long, value_name = "CHOICE")]
        withdraw: Vec<i64>,
    },
    /// Delete a poll with its choices and votes; the admin can undo it for a day
    Delete {
        id: i64,
        #[command(flatten)]
        by: AuthorArguments,
    },
    Invite(invite::InviteArguments),
    Withdraw(invite::WithdrawArguments),
    Export(export::ExportArguments),
}

#[derive(Debug, clap::Args)]
pub struct FieldArguments {
    /// Set a field; `show` lists them. A time is "2026-12-31 18:00" in the site's time zone
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = parse_pair)]
    set: Vec<(String, String)>,
    /// Add a choice
    #[arg(long = "choice", value_name = "TEXT")]
    choices: Vec<String>,
    #[command(flatten)]
    by: AuthorArguments,
}

#[derive(Debug, clap::Args)]
pub struct AuthorArguments {
    /// The user whom the history names, and whose permissions apply [default: the user with your login name on this
    /// machine, or else the first superuser]
    #[arg(long = "user", value_name = "NAME")]
    user: Option<String>,
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// What all of these commands need.
struct Desk {
    settings: Settings,
    conn: Connection,
    catalogue: Catalogue,
    questions: &'static dyn RegisteredModel,
}

pub fn run(context: &Context, command: QuestionCommand) -> Result<ExitCode, Failure> {
    let desk = &mut Desk::open(context)?;
    match command {
        QuestionCommand::List { words } => list(desk, &words.join(" ")),
        QuestionCommand::Show { id } => show(desk, id),
        QuestionCommand::Add { text, fields } => {
            let typed = by_command::typed(desk.questions, "question_text", &text)?;
            save(desk, None, &fields, typed)
        }
        QuestionCommand::Edit { id, fields, reword, remove, withdraw } => {
            let rows = choice_rows(desk, id, reword, &remove, &withdraw)?;
            save(desk, Some(id), &fields, rows)
        }
        QuestionCommand::Delete { id, by } => delete(desk, id, &by),
        QuestionCommand::Invite(arguments) => invite::run(desk, &arguments),
        QuestionCommand::Withdraw(arguments) => invite::withdraw(desk, &arguments),
        QuestionCommand::Export(arguments) => export::run(desk, &arguments),
    }
}

impl Desk {
    fn open(context: &Context) -> Result<Self, Failure> {
        let settings = context.logged_settings()?;
        let url = &settings.database.url;
        let mut conn = Connection::open(url, Create::Never).map_err(|error| format!("cannot open {url}: {error}"))?;
        if !migrate::missing(&mut conn)?.is_empty() {
            return Err(format!("{url} lacks migrations; run `polls migrate` first").into());
        }
        let questions = features::admin_site()?.model("polls", "question").ok_or("there are no polls")?;
        Ok(Self { conn, catalogue: Catalogue::new(&features::installed().locales), questions, settings })
    }

    /// The user who does it.
    fn author(&mut self, by: &AuthorArguments) -> Result<Viewer, Failure> {
        let conn = &mut self.conn;
        let find = |conn: &mut Connection, name: &str| -> Result<Option<User>, Failure> {
            Ok(queries::by_username(conn, name)?.filter(|user| user.is_active && user.is_staff))
        };
        let user = match &by.user {
            Some(name) => {
                find(conn, name)?.ok_or_else(|| format!("there is no active user {name} with staff status"))?
            }
            None => {
                let own = system_user().map(|name| find(conn, &name)).transpose()?.flatten();
                let own = own.map_or_else(|| queries::first_superuser(conn), |own| Ok(Some(own)))?;
                own.ok_or("there is no superuser; `polls createsuperuser` makes one")?
            }
        };
        Ok(viewer_of(conn, &user)?)
    }

    /// The name of a poll.
    fn label(&mut self, id: i64) -> Result<String, Failure> {
        Ok(self.questions.find(&mut self.conn, id).map_err(|error| no_such(id, error))?.label)
    }
}

fn no_such(id: i64, error: diesel::result::Error) -> Failure {
    match error {
        diesel::result::Error::NotFound => format!("there is no poll {id}").into(),
        error => error.into(),
    }
}

fn list(desk: &mut Desk, words: &str) -> Result<ExitCode, Failure> {
    let zone = desk.settings.site.time_zone.clone();
    let query = ListQuery { order: vec![("pub_date", true)], now: clock::now(), zone, ..ListQuery::of_words(words) };
    let names: Vec<_> = desk.questions.fields().iter().map(|field| field.name).collect();
    let place = |name: &str| names.iter().position(|known| *known == name);
    for record in desk.questions.records(&mut desk.conn, &query)? {
        let text = |name| place(name).map(|place| one_line(&record.values[place], &desk.settings)).unwrap_or_default();
        let id = record.pk.unwrap_or_default();
        println!("{id}\t{}\t{}\t{}\t{}", text("state"), text("pub_date"), text("votes"), text("question_text"));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(desk: &mut Desk, id: i64) -> Result<ExitCode, Failure> {
    let record = desk.questions.find(&mut desk.conn, id).map_err(|error| no_such(id, error))?;
    for (field, value) in desk.questions.fields().iter().zip(&record.values) {
        println!("{}={}", field.name, one_line(value, &desk.settings));
    }
    for inline in desk.questions.inlines() {
        let names = inline.fields();
        for row in inline.records(&mut desk.conn, id)? {
            let values: Vec<_> = row.values.iter().map(|value| one_line(value, &desk.settings)).collect();
            let values: Vec<_> =
                names.iter().zip(values).map(|(field, value)| format!("{}={value}", field.name)).collect();
            println!("choice {}\t{}", row.pk.unwrap_or_default(), values.join("\t"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A value as it is typed, in one line.
fn one_line(value: &Value, settings: &Settings) -> String {
    let text = match value {
        Value::Boolean(yes) => yes.to_string(),
        value => value.raw(&settings.site.time_zone).join(" "),
    };
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "").replace('\t', "\\t")
}

/// The choices that are reworded, withdrawn or deleted, as the form posts them.
fn choice_rows(
    desk: &mut Desk,
    id: i64,
    reword: Vec<(String, String)>,
    remove: &[i64],
    withdraw: &[i64],
) -> Result<TypedInputs, Failure> {
    let mut texts: Vec<(i64, String)> = Vec::new();
    for (choice, text) in reword {
        texts.push((choice.parse().map_err(|_| format!("{choice:?} is no number of a choice"))?, text));
    }
    // A row without its text would be refused.
    let choices = choices_of(desk, id)?;
    for choice in withdraw {
        if texts.iter().all(|(known, _)| known != choice) {
            let text = choices.iter().find(|(known, _)| known == choice).map(|(_, text)| text.clone());
            texts.push((*choice, text.ok_or_else(|| format!("poll {id} has no choice {choice}"))?));
        }
    }
    let mut typed = TypedInputs::new();
    let mut row = 0;
    for (choice, text) in texts {
        typed.push((format!("choice_set-{row}-id"), choice.to_string()));
        typed.push((format!("choice_set-{row}-choice_text"), text));
        if withdraw.contains(&choice) {
            typed.push((format!("choice_set-{row}-withdrawn_at"), TICKED.to_owned()));
        }
        row += 1;
    }
    for choice in remove {
        typed.push((format!("choice_set-{row}-id"), choice.to_string()));
        typed.push((format!("choice_set-{row}-DELETE"), TICKED.to_owned()));
        row += 1;
    }
    Ok(typed)
}

/// The ids and names of a poll's choices.
fn choices_of(desk: &mut Desk, id: i64) -> Result<Vec<(i64, String)>, Failure> {
    let mut choices = Vec::new();
    for inline in desk.questions.inlines() {
        let rows = inline.records(&mut desk.conn, id)?;
        choices.extend(rows.into_iter().filter_map(|row| Some((row.pk?, row.label))));
    }
    Ok(choices)
}

fn save(desk: &mut Desk, id: Option<i64>, fields: &FieldArguments, rows: TypedInputs) -> Result<ExitCode, Failure> {
    let viewer = desk.author(&fields.by)?;
    let mut typed = rows;
    for (name, value) in &fields.set {
        typed.extend(by_command::typed(desk.questions, name, value)?);
    }
    let taken = typed.iter().filter(|(name, _)| name.starts_with("choice_set-") && name.ends_with("-id")).count();
    for (row, choice) in (taken..).zip(&fields.choices) {
        typed.push((format!("choice_set-{row}-choice_text"), choice.clone()));
    }
    let zone = desk.settings.site.time_zone.clone();
    let author = Author { viewer: &viewer, zone: &zone, catalogue: &desk.catalogue, language: Language::English };
    let saved = by_command::save(&mut desk.conn, desk.questions, id, typed, &author);
    match saved {
        Ok(saved) => {
            tracing::info!(target: "polls.admin", user = viewer.username, pk = saved.pk, "A poll was saved on the command line.");
            println!("{}", saved.pk);
            Ok(ExitCode::SUCCESS)
        }
        Err(NotSaved::Denied(permission)) => {
            Err(format!("{} lacks the permission {permission}", viewer.username).into())
        }
        Err(NotSaved::Gone) => Err(format!("there is no poll {}", id.unwrap_or_default()).into()),
        Err(NotSaved::Database(error)) => Err(error.into()),
        Err(NotSaved::Invalid(errors)) => {
            for (place, error) in errors {
                let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
                eprintln!("polls: {place}{}", error.english(&desk.catalogue));
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

fn delete(desk: &mut Desk, id: i64, by: &AuthorArguments) -> Result<ExitCode, Failure> {
    let (viewer, zone) = (desk.author(by)?, desk.settings.site.time_zone.clone());
    let (questions, label) = (desk.questions, desk.label(id)?);
    let author = Author { viewer: &viewer, zone: &zone, catalogue: &desk.catalogue, language: Language::English };
    deletion::expect_deletable(&mut desk.conn, questions, id, &author)?;
    // The ballots are put aside in parts, so that votes in other polls wait for a moment only.
    while !db::write(&mut desk.conn, |conn| questions.lighten(conn, id))? {}
    db::write(&mut desk.conn, |conn| deletion::delete(conn, questions, id, &author))?;
    tracing::info!(target: "polls.admin", user = viewer.username, pk = id, "A poll was deleted on the command line.");
    println!("Deleted “{label}”.");
    Ok(ExitCode::SUCCESS)
}
