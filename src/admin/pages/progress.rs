//! The page that shows the progress of a task. It reloads itself until the task has ended, and then redirects to the
//! page from which the task was started, with a message.

use actix_web::Either;
use actix_web::web::Data;
use askama::Template;
use diesel::OptionalExtension as _;

use crate::admin::changes::task::Task;
use crate::admin::pages::request::{AdminFrame, AdminRequest, Crumb, ModelRequest};
use crate::admin::registry::sentence::{Sentence, SentencePart};
use crate::db::Database;
use crate::web::pages::filters;
use crate::web::{Error, Id, Page, Result, SeeOther};

#[derive(Template)]
#[template(path = "admin/progress.html")]
pub struct TaskProgress {
    frame: AdminFrame,
    task: Task,
    /// The progress as a text.
    reached: String,
    way_back: String,
}

/// `GET /admin/progress/{id}/`
///
/// # Errors
/// `NotFound` if there is no such task, or if another user has started it.
pub async fn progress(admin: AdminRequest, id: Id, db: Data<Database>) -> Result<Either<SeeOther, Page<TaskProgress>>> {
    let found = db
        .read(move |conn| {
            let Some(task) = Task::find(conn, id.0).optional()? else { return Ok(None) };
            let entries = if task.is_over() { task.entries(conn)? } else { Vec::new() };
            Ok(Some((task, entries)))
        })
        .await?;
    let (task, entries) = found.filter(|(task, _)| task.user_id == admin.staff.viewer.id).ok_or(Error::NotFound)?;
    let model = admin.site.model(&task.app_label, &task.model).ok_or(Error::NotFound)?;
    let request = ModelRequest { admin, model };
    let way_back = task.way_back.clone();
    if task.is_over() {
        request.admin.say(task.message(&request, &entries));
        return Ok(Either::Left(SeeOther(way_back)));
    }
    let title = request.admin.text("admin-task-title");
    let frame = request.frame(title.clone(), vec![Crumb::here(title)]);
    let reached = Sentence::new("admin-task-reached")
        .with("reached", SentencePart::Number(task.reached))
        .with("total", SentencePart::Number(task.total))
        .text(&request.admin.ambient);
    Ok(Either::Right(Page::new(TaskProgress { frame, task, reached, way_back })))
}
