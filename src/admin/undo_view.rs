//! The button that undoes.

use actix_web::web::Data;

use super::changes;
use super::request::{AdminRequest, ModelRequest};
use super::undo::{self, NotUndone};
use crate::db::Database;
use crate::web::messages::Message;
use crate::web::{Error, Id, Result, SeeOther};

/// `POST /admin/undo/{id}/`
///
/// # Errors
/// `PermissionDenied` without the inverse permission, `Conflict` if the object has changed since, `NotFound`
/// if there is nothing to undo.
pub async fn undo(admin: AdminRequest, id: Id, db: Data<Database>) -> Result<SeeOther> {
    let entry = i32::try_from(id.0).map_err(|_| Error::NotFound)?;
    let undoable = db.read(move |conn| undo::find(conn, entry)).await?.ok_or(Error::NotFound)?;
    let names = undoable.entry.app_label.as_deref().zip(undoable.entry.model.as_deref());
    let model = names.and_then(|(app, model)| admin.site.model(app, model)).ok_or(Error::NotFound)?;
    let request = ModelRequest { admin, model };
    request.demand(undoable.permission())?;
    if !model.can_be_undone() {
        return Err(Error::NotFound);
    }
    let (site, viewer) = (request.admin.web_site(), request.admin.staff.viewer.clone());
    let (pk, label) = (undoable.pk, undoable.entry.object_repr.clone());
    db.write(move |conn| {
        let author = changes::Author { viewer: &viewer, zone: site.settings.time_zone, catalogue: &site.catalogue };
        undoable.undo(conn, model, &author)
    })
    .await
    .map_err(|error| match error {
        NotUndone::Gone => Error::NotFound,
        NotUndone::Changed => Error::Conflict("the object has been changed since"),
        NotUndone::Database(error) => error.into(),
    })?;
    super::change_form::log_write(&request, "undid a change of", pk, &label);
    request.admin.say(Message::success(request.admin.text_about("admin-message-undone", model.meta(), &label)));
    Ok(SeeOther(request.object_path(pk, "change")))
}
