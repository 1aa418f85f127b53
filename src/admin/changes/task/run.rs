//! Runs tasks: part by part, each in its own transaction. A task continues when the client no longer waits for the
//! answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{NewTask, Stopped, Task, Work};
use crate::admin::changes::log;
use crate::admin::changes::log::{Author, LoggedChange};
use crate::admin::changes::task::work::Step;
use crate::admin::pages::request::ModelRequest;
use crate::admin::registry::registered::RegisteredModel;
use crate::db::{Connection, Database};
use crate::web::pages::i18n::Language;
use crate::web::pages::submission::Outcome;
use crate::web::{Site, Submission, Viewer};

/// After how much time, or how many objects, a part commits and releases the write lock. The object that is being
/// processed then is finished first.
const LOCK_HELD: Duration = Duration::from_millis(40);
const OBJECTS_PER_PART: usize = 200;
/// How many partial steps (see [`Step::Partly`]) a part does at most. Each step changes many rows, which makes the
/// commit slow.
const STEPS_PER_PART: usize = 4;
/// For how long the write lock is free between two parts, at least. A connection that waits for SQLite's lock tries
/// again every 25 ms or more often in the first 128 ms, so every such connection tries at least once while the lock is
/// free. The pause is also at least as long as the lock was held. It is lengthened at random by up to 100 %: a
/// connection that tries every 100 ms could otherwise meet a held lock each time, if the parts came at that same
/// interval.
const LOCK_FREE: Duration = Duration::from_millis(30);
/// How long to wait before a part is tried again that failed because of a lock or a lost connection.
const RETRY_AFTER: Duration = Duration::from_millis(500);
/// If a task ends within this time, the request that started it answers with the result; otherwise it redirects to the
/// progress page.
const ANSWERED_WITHIN: Duration = Duration::from_secs(1);
/// How often a repeated request looks whether the task that the first request has started is over.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A task that a request wants to start.
pub struct TaskRequest {
    pub work: Work,
    pub ids: Vec<i64>,
    /// What was typed for the action; empty if it needs nothing.
    pub input: String,
    /// The path of the page that shows the result.
    pub way_back: String,
}

/// What is saved with a form's key, so that a repeated form finds the task that the first one has started.
#[derive(Debug, Serialize, Deserialize)]
struct StartedTask {
    task: i64,
}

/// Everything that the parts of a task need.
#[derive(Clone)]
struct Runner {
    db: Database,
    model: &'static dyn RegisteredModel,
    work: Work,
    ids: Arc<[i64]>,
    input: Arc<str>,
    viewer: Viewer,
    site: Arc<Site>,
    language: Language,
    request_id: String,
}

/// Starts a task and waits for its end, at most `ANSWERED_WITHIN`. A form that is sent again gets the task that it
/// has started before.
///
/// # Errors
/// [`Stopped`] if the check of all objects or the first part fails. Then nothing is changed.
pub async fn start(
    request: &ModelRequest,
    db: &Database,
    submission: &Submission,
    asked: TaskRequest,
) -> Result<Outcome<Task>, Stopped> {
    let runner = Runner {
        db: db.clone(),
        model: request.model,
        work: asked.work,
        ids: asked.ids.into(),
        input: asked.input.into(),
        viewer: request.admin.staff.viewer.clone(),
        site: request.admin.web_site(),
        language: request.admin.ambient.language,
        request_id: request.admin.ambient.request_id.clone(),
    };
    let begun = runner.begin(submission, asked.way_back).await?;
    let Outcome { value: task, is_repeated } = &begun;
    let id = task.id;
    if task.is_over() {
        return Ok(begun);
    }
    if db.answers_one_request() {
        // CGI: the process ends with this request, so the task runs to its end before the answer. A repeated request,
        // in another process, shows the progress page meanwhile.
        if !is_repeated {
            runner.go_on(id).await;
        }
    } else if *is_repeated {
        let since = Instant::now();
        while since.elapsed() < ANSWERED_WITHIN && !runner.find(id).await?.is_over() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    } else {
        // The spawned task continues when this request ends, because the client has left or the time is over.
        let _ = tokio::time::timeout(ANSWERED_WITHIN, tokio::spawn(runner.clone().finish(id))).await;
    }
    Ok(Outcome { value: runner.find(id).await?, is_repeated: *is_repeated })
}

impl Runner {
    fn author(&self) -> Author<'_> {
        Author { language: self.language, ..Author::new(&self.viewer, &self.site) }
    }

    async fn find(&self, id: i64) -> Result<Task, Stopped> {
        Ok(self.db.read(move |conn| Task::find(conn, id)).await?)
    }

    /// Checks all objects, then runs the first part. The form's key is saved in the same transaction.
    async fn begin(&self, submission: &Submission, way_back: String) -> Result<Outcome<Task>, Stopped> {
        let runner = self.clone();
        let possible = self
            .db
            .read_aside(move |conn| {
                let author = runner.author();
                Ok(runner.work.expect_possible(conn, runner.model, &runner.ids, &author))
            })
            .await?;
        let runner = self.clone();
        let posted = submission.clone();
        let (begun, written) = self
            .db
            .write_by_turns(move |conn| {
                if let Some(StartedTask { task }) = posted.begin(conn)? {
                    let task = Task::find(conn, task)?;
                    if task.still_holds(conn, runner.model)? {
                        return Ok((Outcome { value: task, is_repeated: true }, Vec::new()));
                    }
                }
                possible?;
                let task = NewTask {
                    user_id: runner.viewer.id,
                    meta: runner.model.meta(),
                    work: runner.work.name(),
                    way_back,
                    total: i64::try_from(runner.ids.len()).unwrap_or(i64::MAX),
                };
                let task = task.insert(conn)?;
                posted.end(conn, &StartedTask { task: task.id })?;
                let (task, written) = runner.part(conn, task)?;
                Ok::<_, Stopped>((Outcome { value: task, is_repeated: false }, written))
            })
            .await?;
        self.report(&written);
        Ok(begun)
    }

    async fn finish(self, id: i64) {
        self.go_on(id).await;
    }

    /// Runs part after part until the task ends or fails.
    async fn go_on(&self, id: i64) {
        let mut free = LOCK_HELD;
        loop {
            tokio::time::sleep(free).await;
            let runner = self.clone();
            let part = move |conn: &mut Connection| {
                let begun = Instant::now();
                let task = Task::find(conn, id)?;
                if task.is_over() {
                    return Ok(None);
                }
                let (task, written) = runner.part(conn, task)?;
                Ok::<_, Stopped>(Some((task, written, begun)))
            };
            match self.db.write_by_turns(part).await {
                Ok(None) => return,
                Ok(Some((task, written, begun))) => {
                    // Measured after the commit, because the lock is held until the commit has reached the disk.
                    let held = begun.elapsed();
                    self.report(&written);
                    if task.is_over() {
                        return;
                    }
                    free = LOCK_FREE.max(held).mul_f64(1.0 + random());
                }
                Err(error) if error.is_for_now() => free = RETRY_AFTER,
                Err(error) => {
                    tracing::warn!(target: "polls.admin", task = id, %error, "Work on many objects is broken off.");
                    let fault = error.message();
                    // If this cannot be written either, the task counts as ended after [`super::SILENT_AT_MOST`]
                    // without an update.
                    let _ = self.db.write_unseen(move |conn| Ok::<_, Stopped>(Task::break_off(conn, id, fault)?)).await;
                    return;
                }
            }
        }
    }

    /// Processes the next objects. Must run in a transaction.
    fn part(&self, conn: &mut Connection, mut task: Task) -> Result<(Task, Vec<LoggedChange>), Stopped> {
        let begun = Instant::now();
        let author = self.author();
        let mut written = Vec::new();
        let mut rows = 0;
        let mut steps = 0;
        let first = usize::try_from(task.reached).unwrap_or(usize::MAX);
        let rest = self.ids.get(first..).unwrap_or_default();
        while let Some(id) =
            rest.get(rows).filter(|_| rows < OBJECTS_PER_PART && steps < STEPS_PER_PART && begun.elapsed() < LOCK_HELD)
        {
            match self.work.step(conn, self.model, *id, &self.input, &author)? {
                Step::Partly => {
                    steps += 1;
                    continue;
                }
                Step::Changed(one) => {
                    task.done += 1;
                    written.push(one);
                }
                Step::Unchanged => task.done += 1,
                Step::Skipped => task.skipped += 1,
                Step::Gone => {}
            }
            task.reached += 1;
            rows += 1;
        }
        let mut is_settled = false;
        while rows == rest.len() && steps < STEPS_PER_PART && !is_settled {
            is_settled = self.work.settle(conn, self.model)?;
            steps += 1;
        }
        task.advance(conn, &written, is_settled)?;
        let held = begun.elapsed().as_millis();
        tracing::debug!(target: "polls.admin", task = task.id, rows, held, "A part of work on many objects.");
        Ok((task, written))
    }

    fn report(&self, written: &[LoggedChange]) {
        for LoggedChange { pk, label, .. } in written {
            log::report(&self.request_id, &self.viewer.username, self.model.meta(), self.work.verb(), *pk, label);
        }
    }
}

/// A random number from 0 to 1.
fn random() -> f64 {
    f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX)
}
