//! The page that says how the program is doing: the numbers of `/metrics` for people, with charts of the last hours. They
//! are those of the process that answers; where there are several, each has its own.

use std::time::Instant;

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, NaiveDateTime};

use crate::admin::pages::request::{AdminFrame, AdminRequest, Crumb};
use crate::clock;
use crate::db::{Chore, Database};
use crate::metrics::{self, DATABASE_ERRORS, PAGE_MEMORY, PAGE_MEMORY_BYTES, VOTES, VOTES_WAITING, history};
use crate::outbound::queue;
use crate::web::pages::{filters, i18n};
use crate::web::{Error, Page, Result};

/// The message ids of what the metrics count, in their order.
const VOTES_BY: [&str; 5] = [
    "admin-status-counted",
    "admin-status-refused",
    "admin-status-queue-full",
    "admin-status-late",
    "admin-status-failed",
];
const PAGES_BY: [&str; 2] = ["admin-status-hit", "admin-status-miss"];
const ERRORS_BY: [&str; 4] =
    ["admin-status-busy", "admin-status-unreachable", "admin-status-too-slow", "admin-status-other"];

#[derive(Template)]
#[template(path = "admin/status.html")]
pub struct Status {
    frame: AdminFrame,
    facts: Vec<Fact>,
    charts: Vec<HistoryChart>,
}

/// A line of the page.
struct Fact {
    /// The message id of its title.
    title: &'static str,
    value: FactValue,
}

enum FactValue {
    Text(String),
    Number(i64),
    Time(NaiveDateTime),
    /// The time, at which what is done regularly was done too long ago.
    Overdue(NaiveDateTime),
    Never,
    /// The message ids of the names of a metric, with their numbers.
    Numbers(Vec<(&'static str, i64)>),
}

/// What happened in the last hours.
struct HistoryChart {
    title: &'static str,
    /// The largest number of a bar.
    most: i64,
    bars: Vec<HistoryBar>,
}

struct HistoryBar {
    /// In UTC.
    began: NaiveDateTime,
    count: i64,
    /// The chart is 100 high.
    height: u64,
}

/// What the database says.
struct Answered {
    backup: Option<NaiveDateTime>,
    recount: Option<NaiveDateTime>,
    /// How many outbound tasks wait, and how many were given up.
    outbound: (i64, i64),
}

/// `GET /admin/status/`: for superusers.
///
/// # Errors
/// `PermissionDenied` for others. A database that does not answer is no error but a line of the page.
pub async fn status(request: AdminRequest, db: Data<Database>) -> Result<Page<Status>> {
    if !request.staff.viewer.is_superuser {
        return Err(Error::PermissionDenied);
    }
    let asked = Instant::now();
    let answered = db.read(|conn| {
        let (backup, recount) = (Chore::Backup.last(conn)?, Chore::Recount.last(conn)?);
        Ok(Answered { backup, recount, outbound: queue::counts(conn)? })
    });
    let answered = answered.await.ok();
    let mut facts = of_process(&db);
    match &answered {
        Some(answered) => facts.extend(of_database(answered, asked)),
        None => facts.push(Fact { title: "admin-status-database", value: text(request.text("admin-status-silent")) }),
    }
    let title = request.text("admin-status");
    let frame = request.frame(title.clone(), vec![Crumb::here(title)]);
    let mut charts = vec![
        HistoryChart::of("admin-status-votes-chart", &history::VOTES),
        HistoryChart::of("admin-status-errors-chart", &history::DATABASE_ERRORS),
    ];
    if metrics::is_on() {
        charts.insert(1, HistoryChart::of("admin-status-requests-chart", &history::REQUESTS));
    }
    Ok(Page::new(Status { frame, facts, charts }))
}

/// What the process knows itself.
fn of_process(db: &Database) -> Vec<Fact> {
    use std::sync::atomic::Ordering::Relaxed;

    let connections = db.connections();
    let used = format!("{} / {}", i18n::number(connections.in_use), i18n::number(connections.most));
    [
        ("admin-status-version", text(env!("CARGO_PKG_VERSION").to_owned())),
        ("admin-status-process", text(std::process::id().to_string())),
        ("admin-status-began", FactValue::Time(*metrics::BEGAN)),
        ("admin-status-votes", numbers(&VOTES_BY, &VOTES.numbers())),
        ("admin-status-waiting", FactValue::Number(VOTES_WAITING.load(Relaxed))),
        ("admin-status-page-memory", numbers(&PAGES_BY, &PAGE_MEMORY.numbers())),
        ("admin-status-page-bytes", FactValue::Number(PAGE_MEMORY_BYTES.load(Relaxed))),
        ("admin-status-connections", text(used)),
        ("admin-status-database-errors", numbers(&ERRORS_BY, &DATABASE_ERRORS.numbers())),
    ]
    .into_iter()
    .map(|(title, value)| Fact { title, value })
    .collect()
}

fn of_database(answered: &Answered, asked: Instant) -> Vec<Fact> {
    let milliseconds = asked.elapsed().as_secs_f64() * 1000.0;
    let regular = |at: Option<NaiveDateTime>| match at {
        Some(at) if clock::now() - at > Chore::OVERDUE => FactValue::Overdue(at),
        Some(at) => FactValue::Time(at),
        None => FactValue::Never,
    };
    let (waiting, given_up) = answered.outbound;
    [
        ("admin-status-database", text(format!("{milliseconds:.1} ms"))),
        ("admin-status-backup", regular(answered.backup)),
        ("admin-status-recount", regular(answered.recount)),
        ("admin-status-outbound", FactValue::Number(waiting)),
        ("admin-status-given-up", FactValue::Number(given_up)),
    ]
    .into_iter()
    .map(|(title, value)| Fact { title, value })
    .collect()
}

/// The numbers of a metric, each with the message id of its name, in the same order.
fn numbers<const N: usize>(ids: &[&'static str; N], numbers: &[u64; N]) -> FactValue {
    let number = |number: &u64| i64::try_from(*number).unwrap_or(i64::MAX);
    FactValue::Numbers(ids.iter().copied().zip(numbers.iter().map(number)).collect())
}

fn text(text: String) -> FactValue {
    FactValue::Text(text)
}

impl HistoryChart {
    fn of(title: &'static str, history: &history::RecentCounts) -> Self {
        let parts = history.parts();
        let most = parts.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let bar = |(began, count): (u64, u64)| HistoryBar {
            began: DateTime::from_timestamp(i64::try_from(began).unwrap_or(0), 0).unwrap_or_default().naive_utc(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
            height: (count * 100).checked_div(most).unwrap_or(0),
        };
        Self { title, most: i64::try_from(most).unwrap_or(i64::MAX), bars: parts.into_iter().map(bar).collect() }
    }
}
