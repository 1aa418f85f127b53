//! Deleting an object, after showing what goes with it.

use actix_web::Either;
use actix_web::web::Data;
use askama::Template;

use crate::admin::changes::deletion::NotDeleted;
use crate::admin::changes::log::LoggedChange;
use crate::admin::changes::task;
use crate::admin::changes::task::{Stopped, TaskRequest, Work};
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
    /// What the viewer may not delete: the names of models.
    lacking: Vec<String>,
    /// What forbids it to this viewer in particular.
    refused: Vec<FieldError>,
}

impl DeleteConfirmation {
    fn is_long(&self) -> bool {
        self.plan.size() > UNFOLDED_OBJECTS
    }
}

/// `GET …/{id}/delete/`
///
/// # Errors
/// `PermissionDenied`, or `NotFound`.
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

/// A question where it can be answered, as Django's.
pub fn title(request: &ModelRequest, possible: bool) -> String {
    if possible {
        request.admin.text("admin-delete-title")
    } else {
        request.admin.text_about("admin-title-undeletable", request.meta(), "")
    }
}

/// What the viewer may not delete, each once; a model that is not registered goes by its permission.
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

/// `POST …/{id}/delete/`
///
/// # Errors
/// `PermissionDenied` (also where something that goes with it must stay), `NotFound`.
pub async fn delete(
    request: ModelRequest,
    id: Id,
    db: Data<Database>,
    form: Form,
) -> Result<Either<SeeOther, Page<DeleteConfirmation>>> {
    request.demand(Permission::Delete)?;
    let submission = Submission::new(&request.admin.ambient, &form, &[]);
    let asked = TaskRequest { work: Work::Delete, ids: vec![id.0], way_back: request.way_back() };
    let Outcome { value: task, is_repeated } = match task::start(&request, &db, &submission, asked).await {
        Ok(begun) => begun,
        Err(Stopped::NotDeleted(NotDeleted::Forbidden(_))) => return confirm(request, id, db).await.map(Either::Right),
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
    /// What is answered, and written to the log where it is a refusal.
    pub fn answer(self, request: &ModelRequest) -> Error {
        match self {
            Self::Denied(permission) => request.admin.staff.deny(&permission),
            Self::Forbidden(_) => Error::PermissionDenied,
            Self::Database(error) => error.into(),
        }
    }
}
