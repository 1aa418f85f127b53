//! The button that undoes.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use diesel::OptionalExtension as _;

use super::change_form::log_write;
use super::changes;
use super::request::{AdminRequest, Crumb, Frame, ModelRequest};
use super::sentence::Sentence;
use super::undo::{self, NotUndone, Undoable};
use crate::db::Database;
use crate::web::forms::Form;
use crate::web::messages::{Action as Button, Message};
use crate::web::{Error, Id, Page, Result, SeeOther, filters};

/// The most objects whose change or deletion is undone at once.
const MOST: usize = 1000;

/// Why nothing was undone, and where to see what is there now.
#[derive(Template)]
#[template(path = "admin/undo_refused.html")]
pub struct UndoRefused {
    frame: Frame,
    text: String,
    list_path: String,
    /// Of an object that is still there: its form, and its history.
    paths: Option<(String, String)>,
}

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
/// `PermissionDenied` without the inverse permission, `NotFound` if there is nothing to undo. If an object has
/// changed since, the answer is 409 and a page about it.
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
    let undone = db
        .write(move |conn| {
            let author = changes::Author::new(&viewer, &site);
            // What was done last is undone first.
            undoables.iter().rev().try_for_each(|undoable| undoable.undo(conn, model, &author))
        })
        .await;
    match undone {
        Ok(()) => {}
        Err(NotUndone::Gone) => return Err(Error::NotFound),
        Err(NotUndone::Changed(pk)) => {
            let label = objects.iter().find(|(changed, _)| *changed == pk).map(|(_, label)| label.as_str());
            return refuse(&request, &db, pk, label.unwrap_or_default()).await.map(Either::Right);
        }
        Err(NotUndone::Database(error)) => return Err(error.into()),
    }
    for (pk, label) in &objects {
        log_write(&request, "undid a change of", *pk, label);
    }
    let (message, location) = match objects.as_slice() {
        [(pk, label)] => {
            let text = Message::success(request.admin.text_about("admin-message-undone", model.meta(), label));
            let path = request.object_path(*pk, "change");
            if request.may_see() { (text.with_link(label, path.clone()), path) } else { (text, request.way_back()) }
        }
        many => {
            let text = Sentence::with_count("admin-message-undone-many", many.len()).text(&request.admin.ambient);
            (Message::success(text), request.way_back())
        }
    };
    request.admin.say(message);
    Ok(Either::Left(SeeOther(location)))
}

/// The page about an object that is no longer what was to be undone.
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
