//! `polls import-django`: takes over the data of a Django site.

use std::fs::File;
use std::io::BufReader;
use std::process::ExitCode;

use super::{Context, Failure, connect, migrate as migrating};
use crate::app::features;
use crate::db::{Create, migrate};
use crate::ops::fixtures;
use crate::ops::import_django::{self, ImportOptions, ImportReport};
use crate::settings::DatabaseUrl;

/// Take over polls, bookmarks, users with their passwords, groups, permissions and the admin's log of a Django site
///
/// They are added to the database of the settings, which needs all migrations. What is there already stays as it is, so
/// that a second run changes nothing. Nothing is written to Django's database. To go on with that database itself, name
/// it in the settings and run `polls migrate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls import-django --from sqlite:///srv/site/db.sqlite3 --dry-run
  polls import-django --from postgres://reader:secret@db.example.org/site
  python manage.py dumpdata > site.json && polls import-django --from site.json

Exit codes: 0 all that can be carried is here; 1 nothing was changed, for the reason on standard error.")]
pub struct ImportDjangoArguments {
    /// The database as a URL (sqlite:, postgres:, mysql:), or a file that `manage.py dumpdata` has written
    #[arg(long, value_name = "URL|FILE.json")]
    from: String,
    /// Take over sessions too: logged-in users stay logged in if secret_key is that of the Django site
    #[arg(long)]
    sessions: bool,
    /// Say what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub fn run(context: &Context, arguments: &ImportDjangoArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let mut conn = connect(&settings.database.url, Create::Never)?;
    if let Some(name) = migrate::missing(&mut conn)?.first() {
        return Err(format!("the migration {name} is missing; run `polls migrate` first").into());
    }
    let installed = features::installed();
    let (objects, foreign) = if arguments.from.contains(':') {
        let url: DatabaseUrl = arguments.from.parse().map_err(|error| format!("--from: {error}"))?;
        if url == settings.database.url {
            return Err("--from is the database of the settings itself; `polls migrate` takes it over in place".into());
        }
        let mut source = connect(&url, Create::Never)?;
        let objects = import_django::objects_of(&mut source, &installed)?;
        (objects, import_django::foreign_tables(&mut source, &installed)?)
    } else {
        let file = File::open(&arguments.from).map_err(|error| format!("{}: {error}", arguments.from))?;
        (fixtures::parse(&arguments.from, BufReader::new(file))?, Vec::new())
    };
    let options =
        ImportOptions { sessions: arguments.sessions, dry_run: arguments.dry_run, zone: settings.site.time_zone };
    let report = import_django::import(&mut conn, &installed, objects, &options)?;
    print(&report);
    for table in foreign {
        println!("Not carried: {} rows of the table {}, which this program does not have", table.rows, table.name);
    }
    if arguments.dry_run {
        println!("Nothing was changed (--dry-run).");
    } else {
        migrating::report_passwords(&mut conn)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(report: &ImportReport) {
    for (label, count) in &report.counts {
        println!("{label}: {} added, {} there already", count.added, count.present);
    }
    for (what, number) in &report.left_out {
        println!("Not carried: {number} {what}");
    }
}
