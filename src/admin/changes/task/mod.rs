//! Work on many objects: an action, a deletion or an undo is done in short transactions with pauses between them, so
//! that votes, which on SQLite wait for the same writer's lock, are written meanwhile. The row of a task says how far
//! it is, to every process; what is done stays done and is one change with one undo, also where it was broken off.

mod act;
mod run;
mod work;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::admin::changes::log::LoggedChange;
pub use crate::admin::changes::task::run::{TaskRequest, start};
pub use crate::admin::changes::task::work::{Stopped, Work};
use crate::admin::changes::undo::UNDONE_AT_ONCE;
use crate::admin::pages::request::ModelRequest;
use crate::admin::paths;
use crate::admin::registry::descriptors::Meta;
use crate::admin::registry::registered::RegisteredModel;
use crate::admin::registry::sentence::{Sentence, SentencePart};
use crate::admin::schema::{admin_change, admin_task, django_admin_log};
use crate::clock;
use crate::db::moment::moment;
use crate::db::{self, Connection, Database};
use crate::web::context::messages::Message;
use crate::web::{Result, SeeOther, Submission};

/// How long nothing is heard of a task that goes on. One that is silent for longer has lost its process, and does
/// not go on should that come back.
const SILENT_AT_MOST: TimeDelta = TimeDelta::seconds(15);
/// How long a task is known.
const TASK_KEPT_FOR: TimeDelta = TimeDelta::days(1);
/// How many tasks are forgotten at a time, so that nobody waits for it.
const FORGOTTEN_AT_ONCE: i64 = 100;
/// How many of its objects tell whether what a task has left still holds: each takes some queries.
const SAMPLED_OBJECTS: i64 = 100;

/// A row of `admin_task`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = admin_task)]
pub struct Task {
    pub id: i64,
    pub user_id: i32,
    pub app_label: String,
    pub model: String,
    /// [`Work::name`].
    pub work: String,
    pub way_back: String,
    /// How many objects it is about, and how many of them it has gone through.
    pub total: i64,
    pub reached: i64,
    /// What it did with those; the others were gone.
    pub done: i64,
    pub skipped: i64,
    pub beat_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
    /// A message: why it ended before its end.
    pub fault: Option<String>,
}

/// A task to come.
pub struct NewTask {
    pub user_id: i32,
    pub meta: Meta,
    pub work: &'static str,
    pub way_back: String,
    pub total: i64,
}

impl NewTask {
    /// Puts it into the table, and takes out what is old.
    fn insert(self, conn: &mut Connection) -> QueryResult<Task> {
        let now = clock::storable(clock::now());
        let before = clock::now() - TASK_KEPT_FOR;
        let old: Vec<i64> = admin_task::table
            .filter(admin_task::beat_at.lt(before))
            .order(admin_task::beat_at)
            .limit(FORGOTTEN_AT_ONCE)
            .select(admin_task::id)
            .load(conn)?;
        if !old.is_empty() {
            diesel::delete(admin_task::table.filter(admin_task::id.eq_any(old))).execute(conn)?;
        }
        diesel::insert_into(admin_task::table)
            .values((
                admin_task::user_id.eq(self.user_id),
                admin_task::app_label.eq(self.meta.app),
                admin_task::model.eq(self.meta.model),
                admin_task::work.eq(self.work),
                admin_task::way_back.eq(self.way_back),
                admin_task::total.eq(self.total),
                admin_task::reached.eq(0),
                admin_task::done.eq(0),
                admin_task::skipped.eq(0),
                admin_task::beat_at.eq(moment(now)),
            ))
            .execute(conn)?;
        let id = db::last_insert_id(conn)?;
        Task::find(conn, id)
    }
}

impl Task {
    /// # Errors
    /// `NotFound`, or if the database does not answer.
    pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Self> {
        admin_task::table.find(id).select(Self::as_select()).first(conn)
    }

    /// Whether nothing more is done.
    pub fn is_over(&self) -> bool {
        self.ended_at.is_some() || clock::now() - self.beat_at > SILENT_AT_MOST
    }

    /// Whether it was done to its end.
    pub fn is_whole(&self) -> bool {
        self.is_over() && !self.is_broken_off()
    }

    /// The first that it changed.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn first(&self, conn: &mut Connection) -> QueryResult<Option<LoggedChange>> {
        Ok(self.written(conn, 1)?.pop())
    }

    /// Whether it ended before its end.
    fn is_broken_off(&self) -> bool {
        self.fault.is_some() || self.ended_at.is_none()
    }

    /// Writes how far it is, and that these changes are its own.
    fn advance(&mut self, conn: &mut Connection, written: &[LoggedChange], is_all: bool) -> QueryResult<()> {
        let now = clock::storable(clock::now());
        let entries = written.iter().map(|written| written.entry);
        self.beat_at = now;
        self.ended_at = is_all.then_some(now);
        let ours = admin_change::table.filter(admin_change::log_id.eq_any(entries));
        diesel::update(ours).set(admin_change::task_id.eq(self.id)).execute(conn)?;
        diesel::update(admin_task::table.find(self.id))
            .set((
                admin_task::reached.eq(self.reached),
                admin_task::done.eq(self.done),
                admin_task::skipped.eq(self.skipped),
                admin_task::beat_at.eq(self.beat_at),
                admin_task::ended_at.eq(self.ended_at),
            ))
            .execute(conn)
            .map(|_| ())
    }

    /// Writes that it ends here, and why.
    fn break_off(conn: &mut Connection, id: i64, fault: &str) -> QueryResult<()> {
        diesel::update(admin_task::table.find(id).filter(admin_task::ended_at.is_null()))
            .set((admin_task::ended_at.eq(clock::storable(clock::now())), admin_task::fault.eq(fault)))
            .execute(conn)
            .map(|_| ())
    }

    /// What it changed, at most so many: the entries of the log, and their objects.
    fn written(&self, conn: &mut Connection, most: i64) -> QueryResult<Vec<LoggedChange>> {
        let rows: Vec<(i32, Option<String>, String)> = admin_change::table
            .inner_join(django_admin_log::table)
            .filter(admin_change::task_id.eq(self.id))
            .order(admin_change::log_id)
            .limit(most)
            .select((django_admin_log::id, django_admin_log::object_id, django_admin_log::object_repr))
            .load(conn)?;
        let written = |(entry, pk, label): (i32, Option<String>, String)| {
            Some(LoggedChange { pk: pk?.parse().ok()?, label, entry })
        };
        Ok(rows.into_iter().filter_map(written).collect())
    }

    /// The entries of the log that undo it: one more than can be undone at once, where it changed more.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn entries(&self, conn: &mut Connection) -> QueryResult<Vec<i32>> {
        let most = i64::try_from(UNDONE_AT_ONCE).unwrap_or(i64::MAX).saturating_add(1);
        Ok(self.written(conn, most)?.into_iter().map(|written| written.entry).collect())
    }

    /// Whether the first of its objects are as it has left them.
    fn still_holds(&self, conn: &mut Connection, model: &dyn RegisteredModel) -> QueryResult<bool> {
        if !self.is_over() {
            return Ok(true);
        }
        for written in self.written(conn, SAMPLED_OBJECTS)? {
            if !written.still_holds(conn, model)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Leads on from the form that has begun it: to where it is told what was done, or to where that can be watched.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn answer(
        self,
        request: &ModelRequest,
        db: &Database,
        submission: &Submission,
        is_repeated: bool,
    ) -> Result<SeeOther> {
        if !self.is_over() {
            return Ok(SeeOther(paths::progress(self.id)));
        }
        let task = self.clone();
        let entries = db.read(move |conn| task.entries(conn)).await?;
        let message = self.message(request, &entries);
        submission.tell(db, &request.admin.ambient.session, is_repeated, message).await?;
        Ok(SeeOther(self.way_back))
    }

    /// What is said of one that is over, with its undo.
    pub fn message(&self, request: &ModelRequest, entries: &[i32]) -> Message {
        let ambient = &request.admin.ambient;
        let is_undo = self.work == Work::Undo.name();
        let entries = if is_undo { &[] } else { entries };
        let action = request.model.actions().iter().find(|action| action.name == self.work);
        let count = |message, number| Sentence::with_count(message, usize::try_from(number).unwrap_or(0)).text(ambient);
        let done = match action {
            Some(action) => action.done,
            None if is_undo => "admin-message-undone-many",
            None => "admin-action-deleted",
        };
        let skipped = action.and_then(|action| action.skipped).filter(|_| self.skipped > 0);
        let skipped = skipped.map(|message| count(message, self.skipped));
        if self.is_broken_off() {
            let why = self.fault.as_deref().unwrap_or("admin-task-lost");
            let text = Sentence::new("admin-task-broken-off")
                .with("reached", SentencePart::Number(self.reached))
                .with("total", SentencePart::Number(self.total))
                .with("why", SentencePart::Text(request.admin.text(why)));
            let texts = [Some(text.text(ambient)), (self.done > 0).then(|| count(done, self.done)), skipped];
            let text = texts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            return request.with_undo(Message::error(text), entries);
        }
        match (self.done, skipped) {
            (0, None) => Message::warning(request.admin.text("admin-action-all-gone")),
            (0, Some(skipped)) => Message::warning(skipped),
            (number, skipped) => {
                let text = [Some(count(done, number)), skipped].into_iter().flatten().collect::<Vec<_>>().join(" ");
                request.with_undo(Message::success(text), entries)
            }
        }
    }
}
