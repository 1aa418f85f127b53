//! The page that confirms a deletion and lists what is deleted with the object, and the deletion itself.

use actix_web::Either;
use actix_web::web::Data;
use askama::Template;

use crate::admin::changes::deletion::NotDeleted;
use crate::admin::changes::log::LoggedChange;
use crate::admin::changes::task;
use crate::admin::changes::task::{Stopped, TaskRequest, Work};
use crate::admin::form::confirm::{self as password, ConfirmPassword};
use crate::admin::pages::request::{AdminFrame, Crumb, ModelRequest};
use crate::admin::registry::descriptors::{DeletePlan, Permission, UNFOLDED_OBJECTS};
use crate::admin::registry::field::FieldError;
use crate::db::Database;
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::submission::Outcome;
use crate::web::{Error, Id, Page, Result, SeeOther, Submission};

#[derive(Template)]
#[template(path = "admin/delete_confirmation.html")]
pub struct DeleteConfirmation {
    frame: AdminFrame,
    plan: DeletePlan,
    label: String,
    object_path: String,
    /// The names of the models of which the viewer may not delete objects.
    lacking: Vec<String>,
    /// Why the model refuses the deletion of this object.
    refused: Vec<FieldError>,
}

impl DeleteConfirmation {
    fn is_long(&self) -> bool {
        self.plan.size() > UNFOLDED_OBJECTS
    }
}

/// `GET …/{id}/delete/`: the confirmation page.
///
/// # Errors
/// `PermissionDenied` without the permission to delete, or `NotFound` if there is no such object.
pub async fn confirm(request: ModelRequest, id: Id, db: Data<Database>) -> Result<Page<DeleteConfirmation>> {
    request.demand(Permission::Delete)?;
    let model = request.model;
    let viewer = request.admin.staff.viewer.clone();
    let (label, plan, refused) = db
        .read_aside(move |conn| {
            let session = model.edit(conn, Some(id.0))?;
            let refused = session.forbids_deletion(conn, &viewer)?;
            Ok((session.record().label, session.delete_plan(conn)?, refused))
        })
        .await?;
    let object_path = request.preserving(request.object_path(id.0, "change"));
    let crumbs = vec![Crumb::to(label.clone(), object_path.clone()), Crumb::here(request.admin.text("admin-delete"))];
    let lacking = lacking(&request, &plan.needs);
    let possible = lacking.is_empty() && refused.is_empty();
    Ok(Page::new(DeleteConfirmation {
        frame: request.frame(title(&request, possible), crumbs),
        lacking,
        refused: refused.into_iter().map(|(_, error)| error).collect(),
        plan,
        label,
        object_path,
    }))
}

/// The page's title: Django's question, or that the object cannot be deleted.
pub fn title(request: &ModelRequest, possible: bool) -> String {
    if possible {
        request.admin.text("admin-delete-title")
    } else {
        request.admin.text_about("admin-title-undeletable", request.meta(), "")
    }
}

/// The names of the models of which the viewer may not delete objects, each once. For a model that is not registered in
/// the admin it is the permission's name.
pub fn lacking<'a>(request: &ModelRequest, needs: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut names = Vec::new();
    for permission in needs.into_iter().filter(|permission| !request.admin.staff.viewer.can(permission)) {
        let parts = permission.split_once('.').and_then(|(app, name)| Some((app, name.split_once('_')?.1)));
        let model = parts.and_then(|(app, model)| request.admin.site.model(app, model));
        let name = model.map_or_else(|| permission.clone(), |model| request.admin.text(model.meta().verbose_name));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// `POST …/{id}/delete/`: deletes the object. If the model refuses that, the answer is the confirmation page with the
/// reason.
///
/// # Errors
/// `PermissionDenied` without the permissions for the object and for everything that is deleted with it; `NotFound` if
/// there is no such object; or the database's error.
pub async fn delete(
    request: ModelRequest,
    id: Id,
    db: Data<Database>,
    form: Form,
) -> Result<Either<SeeOther, Either<Page<DeleteConfirmation>, Page<ConfirmPassword>>>> {
    request.demand(Permission::Delete)?;
    if let Some(question) = password::question(&request, &form) {
        return Ok(Either::Right(Either::Right(question)));
    }
    let submission = Submission::new(&request.admin.ambient, &form, &[]);
    let asked = TaskRequest { work: Work::Delete, ids: vec![id.0], input: String::new(), way_back: request.way_back() };
    let Outcome { value: task, is_repeated } = match task::start(&request, &db, &submission, asked).await {
        Ok(begun) => begun,
        Err(Stopped::NotDeleted(NotDeleted::Forbidden(_))) => {
            return confirm(request, id, db).await.map(Either::Left).map(Either::Right);
        }
        Err(Stopped::NotDeleted(error)) => return Err(error.answer(&request)),
        Err(Stopped::NotUndone(_)) => return Err(Error::Internal("a deletion undid something".into())),
        Err(Stopped::Database(error)) => return Err(error.into()),
    };
    if !task.is_whole() {
        return task.answer(&request, &db, &submission, is_repeated).await.map(Either::Left);
    }
    let deleted = db.read(move |conn| task.first(conn)).await?;
    let LoggedChange { label, entry, .. } = deleted.ok_or(Error::NotFound)?;
    let text = request.admin.text_about("admin-message-deleted", request.meta(), &label);
    let message = request.with_undo(Message::success(text), &[entry]);
    submission.tell(&db, &request.admin.ambient.session, is_repeated, message).await?;
    Ok(Either::Left(SeeOther(request.way_back())))
}

impl NotDeleted {
    /// The error for the HTTP answer. A missing permission is also written to the program's log.
    pub fn answer(self, request: &ModelRequest) -> Error {
        match self {
            Self::Denied(permission) => request.admin.staff.deny(&permission),
            Self::Forbidden(_) => Error::PermissionDenied,
            Self::Database(error) => error.into(),
        }
    }
}
