//! Tasks: an action, a deletion or an undo of many objects. A task runs in short transactions with pauses between them,
//! so that votes are written meanwhile; on SQLite both need the same write lock. The table `admin_task` holds each
//! task's progress, so that every process can show it. If a task stops early, the objects that it has changed stay
//! changed and can be undone together.

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

/// A running task updates `beat_at` after every part. A task without an update for longer than this counts as ended,
/// because its process has ended or hangs; if the process continues later, it does not continue the task.
const SILENT_AT_MOST: TimeDelta = TimeDelta::seconds(15);
/// How long a task stays in the table.
const TASK_KEPT_FOR: TimeDelta = TimeDelta::days(1);
/// How many old tasks are deleted when a new one is inserted. The limit keeps that insertion short.
const FORGOTTEN_AT_ONCE: i64 = 100;
/// How many of a task's objects are compared to find out whether its result is still in the database. The limit is
/// there because each object takes several queries.
const SAMPLED_OBJECTS: i64 = 100;

/// A row of `admin_task`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = admin_task)]
pub struct Task {
    pub id: i64,
    pub user_id: i32,
    pub app_label: String,
    pub model: String,
    /// The name of the work ([`Work::name`]).
    pub work: String,
    pub way_back: String,
    /// How many objects the task has, and how many of them it has processed.
    pub total: i64,
    pub reached: i64,
    /// How many of the processed objects were done or skipped; the rest were deleted already.
    pub done: i64,
    pub skipped: i64,
    pub beat_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
    /// The message id of the reason why the task stopped early; None if it did not.
    pub fault: Option<String>,
}

/// A task that is to be inserted.
pub struct NewTask {
    pub user_id: i32,
    pub meta: Meta,
    pub work: &'static str,
    pub way_back: String,
    pub total: i64,
}

impl NewTask {
    /// Inserts the task, and deletes at most [`FORGOTTEN_AT_ONCE`] tasks that are older than [`TASK_KEPT_FOR`].
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
    /// `NotFound` if there is no such task, or if the database does not answer.
    pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Self> {
        admin_task::table.find(id).select(Self::as_select()).first(conn)
    }

    /// Whether the task has ended, completely or not.
    pub fn is_over(&self) -> bool {
        self.ended_at.is_some() || clock::now() - self.beat_at > SILENT_AT_MOST
    }

    /// Whether the task has processed all of its objects.
    pub fn is_whole(&self) -> bool {
        self.is_over() && !self.is_broken_off()
    }

    /// The first change of the task; None if it has changed nothing.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn first(&self, conn: &mut Connection) -> QueryResult<Option<LoggedChange>> {
        Ok(self.written(conn, 1)?.pop())
    }

    /// Whether the task ended before it had processed all of its objects.
    fn is_broken_off(&self) -> bool {
        self.fault.is_some() || self.ended_at.is_none()
    }

    /// Saves the progress, and marks the log entries in `written` as this task's.
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

    /// Saves that the task has stopped early, and why.
    fn break_off(conn: &mut Connection, id: i64, fault: &str) -> QueryResult<()> {
        diesel::update(admin_task::table.find(id).filter(admin_task::ended_at.is_null()))
            .set((admin_task::ended_at.eq(clock::storable(clock::now())), admin_task::fault.eq(fault)))
            .execute(conn)
            .map(|_| ())
    }

    /// The first changes of the task, at most `most`.
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

    /// The ids of the task's log entries, for the undo. If there are more than [`UNDONE_AT_ONCE`], one more than that
    /// is returned, so that the caller sees that there are too many.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn entries(&self, conn: &mut Connection) -> QueryResult<Vec<i32>> {
        let most = i64::try_from(UNDONE_AT_ONCE).unwrap_or(i64::MAX).saturating_add(1);
        Ok(self.written(conn, most)?.into_iter().map(|written| written.entry).collect())
    }

    /// Whether the first [`SAMPLED_OBJECTS`] objects still have the values that the task gave them. True for a task
    /// that still runs.
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

    /// The redirect after a request that started the task: to `way_back` with a message if the task has ended, else to
    /// the page that shows its progress.
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

    /// The message for a task that has ended, with the button that undoes it.
    pub fn message(&self, request: &ModelRequest, entries: &[i32]) -> Message {
        let ambient = &request.admin.ambient;
        let is_undo = self.work == Work::Undo.name();
        let is_copy = self.work == Work::Duplicate.name();
        // An addition is not undone: what was added is deleted.
        let entries = if is_undo || is_copy { &[] } else { entries };
        let action = request.model.actions().iter().find(|action| action.name == self.work);
        let count = |message, number| Sentence::with_count(message, usize::try_from(number).unwrap_or(0)).text(ambient);
        let done = match action {
            Some(action) => action.done,
            None if is_undo => "admin-message-undone-many",
            None if is_copy => "admin-action-duplicated",
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
