//! The queue of work that reaches out to other sites. Features put tasks into it in the transaction that makes them
//! necessary; workers of any number of processes take them out.
//!
//! A worker claims a task for a time, and deletes it when it is done. If the worker dies, another one claims the task
//! when that time is over: what a task does must be harmless if it is done again.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::hosts;
use super::schema::{outbound_host, outbound_task};
use crate::clock;
use crate::db::{self, Connection};

/// The longest reason of a failure that is kept, in characters.
const LONGEST_ERROR: usize = 500;
/// Work that waits for longer than this does not move.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// What is to be done, on objects of which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errand {
    pub kind: &'static str,
    pub app: &'static str,
    pub model: &'static str,
}

/// A row of `outbound_task`.
#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = outbound_task, treat_none_as_null = true)]
pub struct OutboundTask {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub kind: String,
    pub app_label: String,
    pub model: String,
    pub object_id: i64,
    pub host: String,
    pub created_at: NaiveDateTime,
    pub run_after: NaiveDateTime,
    pub attempts: i32,
    pub claimed_at: Option<NaiveDateTime>,
    pub claimed_by: String,
    pub failed_at: Option<NaiveDateTime>,
    pub last_error: String,
}

impl OutboundTask {
    pub fn is(&self, errand: Errand) -> bool {
        (&*self.kind, &*self.app_label, &*self.model) == (errand.kind, errand.app, errand.model)
    }
}

/// Puts a task for an object into the queue, to ask the host of `url`. One that is there already begins anew, also if a
/// worker has it: the worker's end is then not the task's.
pub fn put(conn: &mut Connection, errand: Errand, object: i64, url: &str) -> QueryResult<()> {
    put_at(conn, errand, object, &hosts::host(url), clock::now())
}

/// The same for a host that is asked in another way than by the web, of letters, digits and `.-_:`, and not before that
/// time.
pub fn put_at(
    conn: &mut Connection,
    errand: Errand,
    object: i64,
    host: &str,
    run_after: NaiveDateTime,
) -> QueryResult<()> {
    let known = outbound_task::table.filter(outbound_task::object_id.eq(object));
    let known = known.filter(outbound_task::kind.eq(errand.kind)).filter(outbound_task::model.eq(errand.model));
    let begun_anew = diesel::update(known.filter(outbound_task::app_label.eq(errand.app)))
        .set((
            outbound_task::host.eq(host),
            outbound_task::run_after.eq(run_after),
            outbound_task::attempts.eq(0),
            outbound_task::claimed_at.eq(None::<NaiveDateTime>),
            outbound_task::claimed_by.eq(""),
            outbound_task::failed_at.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    if begun_anew > 0 {
        return Ok(());
    }
    let task = OutboundTask {
        kind: errand.kind.to_owned(),
        app_label: errand.app.to_owned(),
        model: errand.model.to_owned(),
        object_id: object,
        host: host.to_owned(),
        created_at: clock::now(),
        run_after,
        ..OutboundTask::default()
    };
    diesel::insert_into(outbound_task::table).values(task).execute(conn).map(|_| ())
}

/// Whether a task for an object is in the queue, and not given up.
pub fn is_open(conn: &mut Connection, errand: Errand, object: i64) -> QueryResult<bool> {
    let known = outbound_task::table.filter(outbound_task::object_id.eq(object));
    let known = known.filter(outbound_task::kind.eq(errand.kind)).filter(outbound_task::model.eq(errand.model));
    let open = known.filter(outbound_task::app_label.eq(errand.app)).filter(outbound_task::failed_at.is_null());
    Ok(open.count().get_result::<i64>(conn)? > 0)
}

/// Takes a task out of the queue that nobody is to do.
pub fn cancel(conn: &mut Connection, errand: Errand, object: i64) -> QueryResult<()> {
    let known = outbound_task::table.filter(outbound_task::object_id.eq(object));
    let known = known.filter(outbound_task::kind.eq(errand.kind)).filter(outbound_task::model.eq(errand.model));
    diesel::delete(known.filter(outbound_task::app_label.eq(errand.app))).execute(conn).map(|_| ())
}

/// Begins a task anew. False if there is no such task.
pub fn try_again(conn: &mut Connection, id: i64) -> QueryResult<bool> {
    let task = diesel::update(outbound_task::table.find(id));
    let begun_anew = task.set((
        outbound_task::run_after.eq(clock::now()),
        outbound_task::attempts.eq(0),
        outbound_task::claimed_at.eq(None::<NaiveDateTime>),
        outbound_task::claimed_by.eq(""),
        outbound_task::failed_at.eq(None::<NaiveDateTime>),
    ));
    Ok(begun_anew.execute(conn)? > 0)
}

/// What [`take`] has found.
#[derive(Debug)]
pub enum Taken {
    Task(Box<OutboundTask>),
    /// Another worker was faster; there may be more.
    Missed,
    /// Nothing is due at a host that may be asked now.
    Nothing,
}

/// Claims the task that has been due for longest, and its host, for as long as `lease`.
pub fn take(conn: &mut Connection, lease: TimeDelta) -> QueryResult<Taken> {
    // Looked at without a lock: most of the time there is nothing, and votes must not wait for that.
    if due(conn, lease, TimeDelta::zero())?.is_none() {
        return Ok(Taken::Nothing);
    }
    let claim = format!("{:016x}", getrandom::u64().unwrap_or_default());
    db::write(conn, |conn| {
        let Some(mut task) = due(conn, lease, TimeDelta::zero())? else { return Ok(Taken::Nothing) };
        let now = clock::now();
        if !hosts::claim(conn, &task.host, now, clock::storable(now + lease))? {
            return Ok(Taken::Missed);
        }
        let as_it_was = outbound_task::table.find(task.id).filter(outbound_task::claimed_by.eq(&task.claimed_by));
        let claimed = diesel::update(as_it_was.filter(outbound_task::failed_at.is_null()))
            .set((
                outbound_task::claimed_at.eq(Some(now)),
                outbound_task::claimed_by.eq(&claim),
                outbound_task::attempts.eq(outbound_task::attempts + 1),
            ))
            .execute(conn)?;
        if claimed == 0 {
            return Ok(Taken::Missed);
        }
        task.attempts += 1;
        task.claimed_by = claim;
        Ok(Taken::Task(Box::new(task)))
    })
}

/// The first task that a worker could take now, or will be able to within `soon`, as far as its host goes.
pub fn due(conn: &mut Connection, lease: TimeDelta, soon: TimeDelta) -> QueryResult<Option<OutboundTask>> {
    let now = clock::now();
    let busy: Vec<String> = outbound_host::table
        .filter(outbound_host::next_at.gt(clock::storable(now + soon)))
        .select(outbound_host::host)
        .load(conn)?;
    let lost = outbound_task::claimed_at.lt(Some(clock::storable(now - lease)));
    outbound_task::table
        .filter(outbound_task::failed_at.is_null())
        .filter(outbound_task::run_after.le(now))
        .filter(outbound_task::claimed_at.is_null().or(lost))
        .filter(outbound_task::host.ne_all(busy))
        .order((outbound_task::run_after, outbound_task::id))
        .select(OutboundTask::as_select())
        .first(conn)
        .optional()
}

/// Deletes a task that is done, unless it was begun anew meanwhile.
pub fn done(conn: &mut Connection, task: &OutboundTask) -> QueryResult<()> {
    let mine = outbound_task::table.find(task.id).filter(outbound_task::claimed_by.eq(&task.claimed_by));
    diesel::delete(mine).execute(conn).map(|_| ())
}

/// Gives a task back, to be tried again at that time, or never if it is None.
pub fn give_back(
    conn: &mut Connection,
    task: &OutboundTask,
    again: Option<NaiveDateTime>,
    why: &str,
) -> QueryResult<()> {
    let now = clock::now();
    let mine = outbound_task::table.find(task.id).filter(outbound_task::claimed_by.eq(&task.claimed_by));
    diesel::update(mine)
        .set((
            outbound_task::run_after.eq(again.unwrap_or(now)),
            outbound_task::claimed_at.eq(None::<NaiveDateTime>),
            outbound_task::claimed_by.eq(""),
            outbound_task::failed_at.eq(again.is_none().then_some(now)),
            outbound_task::last_error.eq(cut(why)),
        ))
        .execute(conn)
        .map(|_| ())
}

/// A reason as it is kept: not too long, and without characters that a database or a terminal takes for something else.
pub fn cut(why: &str) -> String {
    why.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_ERROR).collect()
}

/// How many tasks could have been done for an hour, if none was begun in that hour; None if work moves.
pub fn stuck(conn: &mut Connection) -> QueryResult<Option<i64>> {
    let before = clock::storable(clock::now() - PATIENCE);
    let open = || outbound_task::table.filter(outbound_task::failed_at.is_null());
    let waiting: i64 = open().filter(outbound_task::run_after.lt(before)).count().get_result(conn)?;
    // A host is claimed when it is asked.
    let asked: i64 = outbound_host::table.filter(outbound_host::next_at.gt(before)).count().get_result(conn)?;
    Ok((waiting > 0 && asked == 0).then_some(waiting))
}

/// How many tasks wait, and how many were given up.
pub fn counts(conn: &mut Connection) -> QueryResult<(i64, i64)> {
    let tasks = || outbound_task::table.count();
    let waiting = tasks().filter(outbound_task::failed_at.is_null()).get_result(conn)?;
    Ok((waiting, tasks().filter(outbound_task::failed_at.is_not_null()).get_result(conn)?))
}
