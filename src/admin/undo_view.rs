//! The button that undoes.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use diesel::OptionalExtension as _;

use super::change_form::log_write;
use super::changes::{self, Author, Written};
use super::erased::AdminModel;
use super::request::{AdminRequest, Crumb, Frame, ModelRequest};
use super::sentence::Sentence;
use super::undo::{self, NotUndone};
use crate::db::{Connection, Database};
use crate::web::forms::Form;
use crate::web::messages::{Action as Button, Message};
use crate::web::submission::Outcome;
use crate::web::{Error, Id, Page, Result, SeeOther, Submission, filters};

/// The most objects whose change or deletion is undone at once.
pub(super) const MOST: usize = 1000;

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
    let (first, entries) = (ids[0], ids.clone());
    let named = db.read(move |conn| undo::model_of(conn, first)).await?.ok_or(Error::NotFound)?;
    let model = admin.site.model(&named.0, &named.1).filter(|model| model.can_be_undone()).ok_or(Error::NotFound)?;
    let request = ModelRequest { admin, model };
    let submission = Submission::new(&request.admin.ambient, &form, &[]);
    let posted = submission.clone();
    let (site, viewer) = (request.admin.web_site(), request.admin.staff.viewer.clone());
    let undone = db
        .write(move |conn| {
            let author = changes::Author::new(&viewer, &site);
            let holds = |conn: &mut Connection, undone: &Vec<Written>| Written::all_hold(undone, conn, model);
            posted.once(conn, holds, |conn| undo_all(conn, model, &entries, &author))
        })
        .await;
    let Outcome { value: objects, is_repeated } = match undone {
        Ok(undone) => undone,
        Err(NotUndone::Gone) => return Err(Error::NotFound),
        Err(NotUndone::Denied(permission)) => return Err(request.admin.staff.deny(&permission)),
        Err(NotUndone::Changed(pk, label)) => return refuse(&request, &db, pk, &label).await.map(Either::Right),
        Err(NotUndone::Database(error)) => return Err(error.into()),
    };
    for Written { pk, label, .. } in objects.iter().filter(|_| !is_repeated) {
        log_write(&request, "undid a change of", *pk, label);
    }
    let (message, location) = match objects.as_slice() {
        [Written { pk, label, .. }] => {
            let text = Message::success(request.admin.text_about("admin-message-undone", model.meta(), label));
            let path = request.object_path(*pk, "change");
            if request.may_see() { (text.with_link(label, path.clone()), path) } else { (text, request.way_back()) }
        }
        many => {
            let text = Sentence::with_count("admin-message-undone-many", many.len()).text(&request.admin.ambient);
            (Message::success(text), request.way_back())
        }
    };
    submission.tell(&db, &request.admin.ambient.session, is_repeated, message).await?;
    Ok(Either::Left(SeeOther(location)))
}

/// Undoes entries about objects of one model, all or none. What was done last is undone first.
fn undo_all(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
    entries: &[i32],
    author: &Author<'_>,
) -> std::result::Result<Vec<Written>, NotUndone> {
    let mut undone = Vec::new();
    for entry in entries.iter().rev() {
        let undoable = undo::find(conn, *entry)?.ok_or(NotUndone::Gone)?;
        if undoable.model() != Some((model.meta().app.to_owned(), model.meta().model.to_owned())) {
            return Err(NotUndone::Gone);
        }
        if let Some(lacking) = undoable.needs(model).into_iter().find(|needed| !author.viewer.can(needed)) {
            return Err(NotUndone::Denied(lacking));
        }
        undone.push(undoable.undo(conn, model, author)?);
    }
    undone.reverse();
    Ok(undone)
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
