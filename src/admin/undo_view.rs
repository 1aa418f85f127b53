//! The button that undoes.

use actix_web::web::Data;

use super::change_form::log_write;
use super::changes;
use super::request::{AdminRequest, ModelRequest};
use super::sentence::Sentence;
use super::undo::{self, NotUndone, Undoable};
use crate::db::Database;
use crate::web::forms::Form;
use crate::web::messages::{Action as Button, Message};
use crate::web::{Error, Id, Result, SeeOther};

/// The most objects whose change or deletion is undone at once.
const MOST: usize = 1000;

/// A message about changes or deletions, with the button that undoes them where they can be undone.
pub fn with_undo(request: &ModelRequest, message: Message, entries: &[i32]) -> Message {
    let Some((first, others)) = entries.split_first().filter(|_| request.model.can_be_undone()) else {
        return message;
    };
    if entries.len() > MOST {
        let why = Sentence::with_count("admin-undo-too-many", MOST).text(&request.admin.ambient);
        return Message { text: format!("{} {why}", message.text), ..message };
    }
    let others: Vec<_> = others.iter().map(ToString::to_string).collect();
    let fields = if others.is_empty() { Vec::new() } else { vec![("also".to_owned(), others.join(","))] };
    let button = Button { label: request.admin.text("admin-undo"), url: format!("/admin/undo/{first}/"), fields };
    message.with_action(button)
}

/// `POST /admin/undo/{id}/`, with further entries in `also`: all are undone, or none.
///
/// # Errors
/// `PermissionDenied` without the inverse permission, `Conflict` if an object has changed since, `NotFound`
/// if there is nothing to undo.
pub async fn undo(admin: AdminRequest, id: Id, db: Data<Database>, form: Form) -> Result<SeeOther> {
    let mut ids = vec![i32::try_from(id.0).map_err(|_| Error::NotFound)?];
    for other in form.get("also").unwrap_or_default().split(',').filter(|other| !other.is_empty()) {
        ids.push(other.parse().map_err(|_| Error::NotFound)?);
    }
    if ids.len() > MOST {
        return Err(Error::BadRequest("too much is to be undone at once"));
    }
    let user = admin.staff.viewer.id;
    let found: Vec<_> = db.read(move |conn| ids.iter().map(|id| undo::find(conn, *id, user)).collect()).await?;
    let undoables: Vec<Undoable> = found.into_iter().collect::<Option<_>>().ok_or(Error::NotFound)?;
    let names = undoables.first().and_then(Undoable::model).ok_or(Error::NotFound)?;
    let model = admin.site.model(&names.0, &names.1).filter(|model| model.can_be_undone()).ok_or(Error::NotFound)?;
    if undoables.iter().any(|undoable| undoable.model().as_ref() != Some(&names)) {
        return Err(Error::NotFound);
    }
    let request = ModelRequest { admin, model };
    for permission in undoables.iter().flat_map(|undoable| undoable.needs(model)) {
        request.admin.staff.demand(&permission)?;
    }
    let objects: Vec<_> = undoables.iter().map(|undoable| (undoable.pk, undoable.entry.object_repr.clone())).collect();
    let (site, viewer) = (request.admin.web_site(), request.admin.staff.viewer.clone());
    db.write(move |conn| {
        let author = changes::Author { viewer: &viewer, zone: site.settings.time_zone, catalogue: &site.catalogue };
        // What was done last is undone first.
        undoables.iter().rev().try_for_each(|undoable| undoable.undo(conn, model, &author))
    })
    .await
    .map_err(|error| match error {
        NotUndone::Gone => Error::NotFound,
        NotUndone::Changed => Error::Conflict("the object has been changed since"),
        NotUndone::Database(error) => error.into(),
    })?;
    for (pk, label) in &objects {
        log_write(&request, "undid a change of", *pk, label);
    }
    let (text, location) = match objects.as_slice() {
        [(pk, label)] => {
            let text = request.admin.text_about("admin-message-undone", model.meta(), label);
            (text, if request.may_see() { request.object_path(*pk, "change") } else { request.way_back() })
        }
        many => {
            let text = Sentence::with_count("admin-message-undone-many", many.len()).text(&request.admin.ambient);
            (text, request.way_back())
        }
    };
    request.admin.say(Message::success(text));
    Ok(SeeOther(location))
}
