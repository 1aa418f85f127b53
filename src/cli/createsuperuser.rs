//! `polls createsuperuser`: creates a user with all permissions.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::{Context, Failure, connect};
use crate::app::features;
use crate::auth::models::NewUser;
use crate::auth::validators::{Fault, Owner, check_password, clean_email, clean_username};
use crate::auth::{hashers, queries};
use crate::clock;
use crate::db::{self, Connection, Create};
use crate::web::pages::i18n::{Catalogue, Language};

#[derive(Debug, clap::Args)]
pub struct CreatesuperuserArguments {
    /// The login name
    #[arg(long)]
    username: Option<String>,
    /// The e-mail address; may be empty
    #[arg(long)]
    email: Option<String>,
    /// Do not prompt: use $POLLS_SUPERUSER_USERNAME, _EMAIL and _PASSWORD for what is not given; without a
    /// password the user cannot log in until `changepassword` sets one
    #[arg(long, visible_alias = "no-input")]
    noinput: bool,
    /// Refuse a weak password with --noinput too
    #[arg(long, requires = "noinput")]
    validate: bool,
}

pub fn run(context: &Context, arguments: CreatesuperuserArguments) -> Result<ExitCode, Failure> {
    let url = context.logged_settings()?.database.url;
    let mut conn = connect(&url, Create::Never)?;
    let texts = Catalogue::new(&features::installed().locales);
    let (username, email, password) = if arguments.noinput {
        from_environment(context, &mut conn, &texts, arguments)?
    } else {
        demand_terminal()?;
        ask(&mut conn, &texts, arguments)?
    };
    let encoded = match password {
        Some(password) => hashers::PasswordEncoding::of(&mut conn)?.encode(&password)?,
        None => hashers::unusable()?,
    };
    let user = NewUser::superuser(username, email, encoded, clock::now());
    db::write(&mut conn, |conn| queries::insert(conn, &user))?;
    tracing::info!(target: "polls.security", user = user.username, "A superuser was made on the command line.");
    println!("Superuser created successfully.");
    Ok(ExitCode::SUCCESS)
}

type Answers = (String, String, Option<String>);

fn from_environment(
    context: &Context,
    conn: &mut Connection,
    texts: &Catalogue,
    arguments: CreatesuperuserArguments,
) -> Result<Answers, Failure> {
    let variable = |name: &str| context.environment.get(&format!("POLLS_SUPERUSER_{name}")).cloned();
    let missing = |flag: &str| format!("use --{flag} or POLLS_SUPERUSER_{} with --noinput", flag.to_uppercase());
    let username = arguments.username.or_else(|| variable("USERNAME")).ok_or_else(|| missing("username"))?;
    let email = arguments.email.or_else(|| variable("EMAIL")).ok_or_else(|| missing("email"))?;
    let username = free_username(conn, texts, &username)?;
    let email = clean_email(&email).map_err(|fault| text(texts, fault))?;
    let password = variable("PASSWORD").filter(|password| !password.is_empty());
    if arguments.validate {
        let owner = Owner { username: &username, email: &email, ..Owner::default() };
        let faults = check_password(password.as_deref().unwrap_or_default(), &owner);
        if !faults.is_empty() {
            return Err(faults.into_iter().map(|fault| text(texts, fault)).collect::<Vec<_>>().join(" ").into());
        }
    }
    Ok((username, email, password))
}

/// Prompts until the answer is valid.
fn ask(conn: &mut Connection, texts: &Catalogue, arguments: CreatesuperuserArguments) -> Result<Answers, Failure> {
    let mut given = arguments.username;
    let username = loop {
        let typed = match given.take() {
            Some(username) => username,
            None => ask_username(conn)?,
        };
        match free_username(conn, texts, &typed) {
            Ok(username) => break username,
            Err(error) => eprintln!("Error: {error}"),
        }
    };
    let mut given = arguments.email;
    let email = loop {
        let typed = match given.take() {
            Some(email) => email,
            None => prompt("Email address: ")?,
        };
        match clean_email(&typed) {
            Ok(email) => break email,
            Err(fault) => eprintln!("Error: {}", text(texts, fault)),
        }
    };
    let owner = Owner { username: &username, email: &email, ..Owner::default() };
    let password = loop {
        let Some(password) = ask_password()? else {
            continue;
        };
        let faults = check_password(&password, &owner);
        if faults.is_empty() {
            break password;
        }
        for fault in faults {
            eprintln!("{}", text(texts, fault));
        }
        if prompt("Bypass password validation and create user anyway? [y/N]: ")?.eq_ignore_ascii_case("y") {
            break password;
        }
    };
    Ok((username, email, Some(password)))
}

/// Asks for a name. Offers the login name of the system user, as Django does, if no user has it.
fn ask_username(conn: &mut Connection) -> Result<String, Failure> {
    let own = system_user().filter(|name| clean_username(name).is_ok());
    let own = match own {
        Some(name) if queries::by_username(conn, &name)?.is_none() => Some(name),
        _ => None,
    };
    Ok(match own {
        Some(own) => match prompt(&format!("Username (leave blank to use '{own}'): "))? {
            typed if typed.is_empty() => own,
            typed => typed,
        },
        None => prompt("Username: ")?,
    })
}

/// The name in the form in which it is stored; an error if a user has it already.
fn free_username(conn: &mut Connection, texts: &Catalogue, username: &str) -> Result<String, Failure> {
    let username = clean_username(username).map_err(|fault| text(texts, fault))?;
    match queries::by_username(conn, &username)? {
        None => Ok(username),
        Some(_) => Err(text(texts, Fault::UsernameTaken).into()),
    }
}

/// Asks twice for a new password; None if the two differ or are blank.
pub(super) fn ask_password() -> Result<Option<String>, Failure> {
    let password = rpassword::prompt_password("Password: ")?;
    if password != rpassword::prompt_password("Password (again): ")? {
        eprintln!("Error: Your passwords didn't match.");
        return Ok(None);
    }
    if password.trim().is_empty() {
        eprintln!("Error: Blank passwords aren't allowed.");
        return Ok(None);
    }
    Ok(Some(password))
}

/// # Errors
/// If standard input is not a terminal.
pub(super) fn demand_terminal() -> Result<(), Failure> {
    if std::io::stdin().is_terminal() {
        Ok(())
    } else {
        Err("there is no terminal to ask at; use --noinput with POLLS_SUPERUSER_USERNAME, _EMAIL and _PASSWORD".into())
    }
}

/// The login name of the system user that runs the command.
pub(super) fn system_user() -> Option<String> {
    nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten().map(|user| user.name)
}

pub(super) fn text(texts: &Catalogue, fault: Fault) -> String {
    fault.text(texts, Language::English)
}

pub(super) fn prompt(question: &str) -> Result<String, Failure> {
    print!("{question}");
    std::io::stdout().flush()?;
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        return Err("operation cancelled".into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
