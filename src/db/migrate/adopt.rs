//! Adopting a database that Django has made: checks that its tables are what our migrations would have made.
//!
//! If all tables of a Django app exist, the app is adopted; if none exists, our migration makes them. If only some
//! exist, the database is refused before anything is written.

use diesel::QueryResult;

use super::MigrationError;
use crate::db::Connection;
use crate::db::dialect::{self, ColumnInfo};

/// The tables of a Django app as Django 5.2 makes them, and the migration of ours that makes the same tables.
struct DjangoApp {
    migration: &'static str,
    tables: &'static [DjangoTable],
}

struct DjangoTable {
    name: &'static str,
    columns: &'static [(&'static str, ColumnKind)],
}

/// What a column must be able to store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnKind {
    Integer,
    BigInteger,
    Text,
    Boolean,
    Time,
}

use ColumnKind::{BigInteger, Boolean, Integer, Text, Time};

const APPS: &[DjangoApp] = &[
    DjangoApp {
        migration: "0001_contenttypes",
        tables: &[
            DjangoTable { name: "django_migrations", columns: &[("app", Text), ("name", Text), ("applied", Time)] },
            DjangoTable {
                name: "django_content_type",
                columns: &[("id", Integer), ("app_label", Text), ("model", Text)],
            },
        ],
    },
    DjangoApp {
        migration: "0002_auth",
        tables: &[
            DjangoTable {
                name: "auth_permission",
                columns: &[("id", Integer), ("name", Text), ("content_type_id", Integer), ("codename", Text)],
            },
            DjangoTable { name: "auth_group", columns: &[("id", Integer), ("name", Text)] },
            DjangoTable {
                name: "auth_group_permissions",
                columns: &[("group_id", Integer), ("permission_id", Integer)],
            },
            DjangoTable {
                name: "auth_user",
                columns: &[
                    ("id", Integer),
                    ("password", Text),
                    ("last_login", Time),
                    ("is_superuser", Boolean),
                    ("username", Text),
                    ("first_name", Text),
                    ("last_name", Text),
                    ("email", Text),
                    ("is_staff", Boolean),
                    ("is_active", Boolean),
                    ("date_joined", Time),
                ],
            },
            DjangoTable { name: "auth_user_groups", columns: &[("user_id", Integer), ("group_id", Integer)] },
            DjangoTable {
                name: "auth_user_user_permissions",
                columns: &[("user_id", Integer), ("permission_id", Integer)],
            },
        ],
    },
    DjangoApp {
        migration: "0003_admin",
        tables: &[DjangoTable {
            name: "django_admin_log",
            columns: &[
                ("id", Integer),
                ("action_time", Time),
                ("object_id", Text),
                ("object_repr", Text),
                ("action_flag", Integer),
                ("change_message", Text),
                ("content_type_id", Integer),
                ("user_id", Integer),
            ],
        }],
    },
    DjangoApp {
        migration: "0004_sessions",
        tables: &[DjangoTable {
            name: "django_session",
            columns: &[("session_key", Text), ("session_data", Text), ("expire_date", Time)],
        }],
    },
    DjangoApp {
        migration: "0005_polls",
        tables: &[
            DjangoTable {
                name: "polls_question",
                columns: &[("id", BigInteger), ("question_text", Text), ("pub_date", Time)],
            },
            DjangoTable {
                name: "polls_choice",
                columns: &[("id", BigInteger), ("choice_text", Text), ("votes", Integer), ("question_id", BigInteger)],
            },
        ],
    },
    DjangoApp {
        migration: "0006_bookmark",
        tables: &[DjangoTable {
            name: "bookmark_bookmark",
            columns: &[("id", BigInteger), ("title", Text), ("url", Text)],
        }],
    },
];

/// The columns that Django itself gives a table; None for a table that Django does not have.
pub fn django_columns(table: &str) -> Option<impl Iterator<Item = &'static str>> {
    let table = APPS.iter().flat_map(|app| app.tables).find(|known| known.name == table)?;
    Some(table.columns.iter().map(|(name, _)| *name))
}

/// The migrations whose tables Django has made already.
///
/// # Errors
/// [`MigrationError::Foreign`], with every difference that was found; or the database's error.
pub(super) fn adoptable(conn: &mut Connection, present: &[String]) -> Result<Vec<String>, MigrationError> {
    let mut adopted = Vec::new();
    let mut faults = Vec::new();
    for app in APPS {
        let (there, absent): (Vec<_>, Vec<_>) =
            app.tables.iter().partition(|table| present.iter().any(|name| name == table.name));
        if there.is_empty() {
            continue;
        }
        faults.extend(absent.iter().map(|table| format!("table {} is missing beside {}", table.name, there[0].name)));
        for table in there {
            faults.extend(differences(conn, table)?);
        }
        adopted.push(app.migration.to_owned());
    }
    faults.extend(
        present.iter().filter(|name| *name == "polls_ballot").map(|name| format!("table {name} is there already")),
    );
    if faults.is_empty() { Ok(adopted) } else { Err(MigrationError::Foreign(faults.join("; "))) }
}

fn differences(conn: &mut Connection, table: &DjangoTable) -> QueryResult<Vec<String>> {
    let columns = dialect::columns(conn, table.name)?;
    let sqlite = matches!(conn, Connection::Sqlite(_));
    let expected =
        table.columns.iter().filter_map(|(name, kind)| match columns.iter().find(|column| column.name == *name) {
            None => Some(format!("{}.{name} is missing", table.name)),
            Some(column) if !holds(column, *kind, sqlite) => {
                Some(format!("{}.{name} is {}, expected {}", table.name, column.data_type, kind.expected()))
            }
            Some(_) => None,
        });
    let extra = columns
        .iter()
        .filter(|column| {
            column.required && column.name != "id" && !table.columns.iter().any(|(name, _)| *name == column.name)
        })
        .map(|column| format!("{}.{} has no default, so new rows could not be written", table.name, column.name));
    Ok(expected.chain(extra).collect())
}

/// The type names are those of Django's `data_types` for the three databases.
fn holds(column: &ColumnInfo, kind: ColumnKind, sqlite: bool) -> bool {
    let names: &[&str] = match kind {
        Integer => &["integer", "int", "smallint", "smallint unsigned"],
        // SQLite's "integer" has 64 bits; on the other databases it has 32.
        BigInteger if sqlite => &["bigint", "integer"],
        BigInteger => &["bigint"],
        Text => &["varchar", "character varying", "char", "text", "longtext"],
        Boolean => &["bool", "boolean", "tinyint"],
        Time => &["datetime", "timestamp with time zone"],
    };
    names.contains(&column.data_type.as_str())
}

impl ColumnKind {
    fn expected(self) -> &'static str {
        match self {
            Integer => "an integer",
            BigInteger => "a bigint (Django's BigAutoField)",
            Text => "text",
            Boolean => "a boolean",
            Time => "a date and time with zone",
        }
    }
}
