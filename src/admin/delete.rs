//! Deleting an object, after showing what goes with it.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;

use super::change_form::{changelist_filters, log_write, undo_button};
use super::changes;
use super::model::{DeletePlan, Permission};
use super::request::{Crumb, Frame, ModelRequest};
use crate::db::Database;
use crate::web::messages::Message;
use crate::web::{Error, Id, Page, Result, SeeOther, filters};

#[derive(Template)]
#[template(path = "admin/delete_confirmation.html")]
pub struct DeleteConfirmation {
    frame: Frame,
    plan: DeletePlan,
    label: String,
    object_path: String,
    /// Permissions that the viewer lacks.
    lacking: Vec<&'static str>,
}

/// `GET …/{id}/delete/`
///
/// # Errors
/// `PermissionDenied`, or `NotFound`.
pub async fn confirm(request: ModelRequest, id: Id, db: Data<Database>) -> Result<Page<DeleteConfirmation>> {
    request.demand(Permission::Delete)?;
    let model = request.model;
    let (label, plan) =
        db.read(move |conn| Ok((model.find(conn, id.0)?.label, model.delete_plan(conn, id.0)?))).await?;
    let object_path = request.object_path(id.0, "change");
    let crumbs = vec![Crumb::to(label.clone(), object_path.clone()), Crumb::here(request.admin.text("admin-delete"))];
    let viewer = &request.admin.staff.viewer;
    Ok(Page::new(DeleteConfirmation {
        frame: request.frame(request.admin.text("admin-delete-title"), crumbs),
        lacking: plan.needs.iter().copied().filter(|permission| !viewer.can(permission)).collect(),
        plan,
        label,
        object_path,
    }))
}

/// `POST …/{id}/delete/`
///
/// # Errors
/// `PermissionDenied` (also where something that goes with it must stay), `NotFound`.
pub async fn delete(
    request: ModelRequest,
    id: Id,
    http: HttpRequest,
    db: Data<Database>,
) -> Result<Either<SeeOther, Page<DeleteConfirmation>>> {
    request.demand(Permission::Delete)?;
    let (model, site) = (request.model, request.admin.web_site());
    let viewer = request.admin.staff.viewer.clone();
    let (label, entry) = db
        .write(move |conn| -> Result<_> {
            let author = changes::Author { id: viewer.id, zone: site.settings.time_zone, catalogue: &site.catalogue };
            let plan = model.delete_plan(conn, id.0)?;
            if !plan.protected.is_empty() || plan.needs.iter().any(|permission| !viewer.can(permission)) {
                return Err(Error::PermissionDenied);
            }
            Ok(changes::delete(conn, model, id.0, &author)?)
        })
        .await?;
    log_write(&request, "deleted", id.0, &label);
    let mut message = Message::success(request.admin.text_about("admin-message-deleted", request.meta(), &label));
    if model.can_be_undone() {
        message = message.with_action(undo_button(&request, entry));
    }
    request.admin.say(message);
    let filters = changelist_filters(&http);
    let list = request.list_path();
    Ok(Either::Left(SeeOther(if filters.is_empty() { list } else { format!("{list}?{filters}") })))
}
