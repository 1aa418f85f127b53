//! The view behind the "Undo" button.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use diesel::OptionalExtension as _;

use super::task;
use super::undo;
use crate::admin::changes::task::{Stopped, TaskRequest, Work};
use crate::admin::changes::undo::{NotUndone, UNDONE_AT_ONCE};
use crate::admin::pages::request::{AdminFrame, AdminRequest, Crumb, ModelRequest};
use crate::db::Database;
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::submission::Outcome;
use crate::web::{Error, Id, Page, Result, SeeOther, Submission};

/// The page that says why nothing was undone, with links to the object as it is now.
#[derive(Template)]
#[template(path = "admin/undo_refused.html")]
pub struct UndoRefused {
    frame: AdminFrame,
    text: String,
    list_path: String,
    /// The paths of the object's form and of its history; None if the object is deleted.
    paths: Option<(String, String)>,
}

/// `POST /admin/undo/{id}/`, with the ids of further entries in `also`, separated by commas. All of them are checked
/// before the first is undone; if an object is changed by somebody while the undo runs, the undo stops there.
///
/// # Errors
/// `PermissionDenied` without the permissions for the undo, `NotFound` if there is nothing to undo, `BadRequest` for
/// more than [`UNDONE_AT_ONCE`] entries. If an object has changed since, the answer is a page with status 409.
pub async fn undo(
    admin: AdminRequest,
    id: Id,
    db: Data<Database>,
    form: Form,
) -> Result<Either<SeeOther, Page<UndoRefused>>> {
    let mut ids = vec![i32::try_from(id.0).map_err(|_| Error::NotFound)?];
    for other in form.get("also").unwrap_or_default().split(',').filter(|other| !other.is_empty()) {
        ids.push(other.parse().map_err(|_| Error::NotFound)?);
    }
    if ids.len() > UNDONE_AT_ONCE {
        return Err(Error::BadRequest("too much is to be undone at once"));
    }
    let first = ids[0];
    let entries = ids;
    let named = db.read(move |conn| undo::model_of(conn, first)).await?.ok_or(Error::NotFound)?;
    let model = admin.site.model(&named.0, &named.1).filter(|model| model.can_be_undone()).ok_or(Error::NotFound)?;
    let request = ModelRequest { admin, model };
    let submission = Submission::new(&request.admin.ambient, &form, &[]);
    // The newest entry is undone first: it may depend on the older ones.
    let ids = entries.iter().rev().map(|entry| i64::from(*entry)).collect();
    let asked = TaskRequest { work: Work::Undo, ids, input: String::new(), way_back: request.way_back() };
    let Outcome { value: task, is_repeated } = match task::start(&request, &db, &submission, asked).await {
        Ok(begun) => begun,
        Err(Stopped::NotUndone(NotUndone::Gone)) => return Err(Error::NotFound),
        Err(Stopped::NotUndone(NotUndone::Denied(permission))) => return Err(request.admin.staff.deny(&permission)),
        Err(Stopped::NotUndone(NotUndone::Changed(pk, label))) => {
            return refuse(&request, &db, pk, &label).await.map(Either::Right);
        }
        Err(Stopped::NotUndone(NotUndone::Database(error)) | Stopped::Database(error)) => return Err(error.into()),
        Err(Stopped::NotDeleted(_)) => return Err(Error::Internal("an undo deleted something".into())),
    };
    if task.total > 1 || !task.is_whole() {
        return task.answer(&request, &db, &submission, is_repeated).await.map(Either::Left);
    }
    let undone = db.read(move |conn| undo::find(conn, first)).await?.ok_or(Error::NotFound)?;
    let label = &undone.entry.object_repr;
    let text = Message::success(request.admin.text_about("admin-message-undone", model.meta(), label));
    let path = request.object_path(undone.pk, "change");
    let (message, location) =
        if request.may_see() { (text.with_link(label, path.clone()), path) } else { (text, request.way_back()) };
    submission.tell(&db, &request.admin.ambient.session, is_repeated, message).await?;
    Ok(Either::Left(SeeOther(location)))
}

/// The page for an object that was changed after the entry that was to be undone.
async fn refuse(request: &ModelRequest, db: &Database, pk: i64, label: &str) -> Result<Page<UndoRefused>> {
    let model = request.model;
    let is_there = db.read(move |conn| Ok(model.find(conn, pk).optional()?.is_some())).await?;
    let text = if is_there { "admin-undo-refused" } else { "admin-undo-refused-gone" };
    let here = request.admin.text("admin-undo");
    let path = |view| request.object_path(pk, view);
    let page = UndoRefused {
        frame: request.frame(request.admin.text("error-409-title"), vec![Crumb::here(here)]),
        text: request.admin.text_about(text, request.meta(), label),
        list_path: request.way_back(),
        paths: (is_there && request.may_see()).then(|| (path("change"), path("history"))),
    };
    Ok(Page::new(page).with_status(StatusCode::CONFLICT))
}
