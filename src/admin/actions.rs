//! What is done to the objects chosen in a list: deleting and exporting them, and what the model offers.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder as _};
use askama::Template;

use super::change_form::log_write;
use super::changes::{self, Acted, NotDeleted};
use super::delete;
use super::export;
use super::model::{Action, DeletePlan, LONG, Permission};
use super::query::{ListQuery, Params, all_records};
use super::request::{Crumb, Frame, ModelRequest};
use super::sentence::Sentence;
use super::undo_view::with_undo;
use crate::clock;
use crate::db::Database;
use crate::web::forms::Form;
use crate::web::messages::Message;
use crate::web::{Error, Page, Result, SeeOther, filters};

/// The most objects that can be chosen one by one.
const MOST: usize = 10_000;

/// Django's name of the action that deletes.
const DELETE: &str = "delete_selected";

/// The actions that the viewer may take: name and message.
pub fn offered(request: &ModelRequest) -> Vec<(&'static str, &'static str)> {
    let mut actions = Vec::new();
    if request.may(Permission::Delete) {
        actions.push((DELETE, "admin-action-delete"));
    }
    for action in request.model.actions() {
        if request.may(action.permission) {
            actions.push((action.name, action.title));
        }
    }
    actions.extend([("export_csv", "admin-action-export-csv"), ("export_json", "admin-action-export-json")]);
    actions
}

#[derive(Template)]
#[template(path = "admin/delete_selected_confirmation.html")]
pub struct DeleteSelected {
    frame: Frame,
    plans: Vec<DeletePlan>,
    counts: Vec<(&'static str, i64)>,
    ids: Vec<i64>,
    /// What the viewer may not delete: the names of models.
    lacking: Vec<String>,
    list_path: String,
    query: String,
}

impl DeleteSelected {
    fn is_long(&self) -> bool {
        self.plans.iter().map(DeletePlan::size).sum::<usize>() > LONG
    }
}

/// `POST …/` with `action`, `_selected_action` and perhaps `select_across`.
///
/// # Errors
/// `PermissionDenied`, `BadRequest` for an action there is not, or what the database says.
pub async fn run(
    request: ModelRequest,
    http: HttpRequest,
    db: Data<Database>,
    form: Form,
) -> Result<Either<HttpResponse, Page<DeleteSelected>>> {
    request.demand(Permission::View)?;
    let back = match http.query_string() {
        "" => request.list_path(),
        query => format!("{}?{query}", request.list_path()),
    };
    let go_back = |message: Message| {
        request.admin.say(message);
        Ok(Either::Left(SeeOther(back.clone()).respond_to(&http)))
    };
    let name = form.get("action").unwrap_or_default();
    if name.is_empty() {
        return go_back(Message::warning(request.admin.text("admin-action-none")));
    }
    let action = request.model.actions().iter().find(|action| action.name == name);
    match (name, action) {
        (_, Some(action)) => request.demand(action.permission)?,
        (DELETE, _) => request.demand(Permission::Delete)?,
        ("export_csv" | "export_json", _) => {}
        _ => return Err(Error::BadRequest("there is no such action")),
    }
    if form.all("_selected_action").nth(MOST).is_some() {
        return Err(Error::BadRequest("too many objects are chosen"));
    }
    let Some(query) = chosen(&request, &http, &form) else {
        return go_back(Message::warning(request.admin.text("admin-action-nothing-chosen")));
    };
    match action {
        Some(action) => go_back(each(&request, &db, query, action).await?),
        None if name != DELETE => export::answer(&request, db, query, name == "export_csv").await.map(Either::Left),
        None if form.get("post").is_some() => go_back(delete_all(&request, &db, query).await?),
        None if has_too_many(&request, &db, &query).await? => {
            let message = Sentence::with_count("admin-action-delete-too-many", MOST);
            go_back(Message::warning(message.text(&request.admin.ambient)))
        }
        None => match confirm(&request, &http, &db, query).await? {
            Some(page) => Ok(Either::Right(page)),
            None => go_back(Message::warning(request.admin.text("admin-action-all-gone"))),
        },
    }
}

/// The objects that were chosen; None if none was.
fn chosen(request: &ModelRequest, http: &HttpRequest, form: &Form) -> Option<ListQuery> {
    let zone = &request.admin.ambient.site.settings.time_zone;
    let params = Params::of(request.model, http.query_string());
    let query = params.list_query(request.model, clock::now(), zone)?;
    if form.get("select_across").is_some_and(|across| across != "0" && !across.is_empty()) {
        return Some(query);
    }
    let mut ids: Vec<i64> = form.all("_selected_action").filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return None;
    }
    if let Some(listed) = &query.ids {
        ids.retain(|id| listed.contains(id));
    }
    Some(ListQuery { ids: Some(ids), ..query })
}

/// Whether more is to be deleted than the form of the page that asks could post.
async fn has_too_many(request: &ModelRequest, db: &Database, query: &ListQuery) -> Result<bool> {
    let (model, query) = (request.model, query.clone());
    let count = db.read_aside(move |conn| model.count(conn, &query)).await?;
    Ok(usize::try_from(count).is_ok_and(|count| count > MOST))
}

/// The page that asks, unless nothing of what was chosen is there any more.
async fn confirm(
    request: &ModelRequest,
    http: &HttpRequest,
    db: &Database,
    query: ListQuery,
) -> Result<Option<Page<DeleteSelected>>> {
    let model = request.model;
    let (ids, plans) = db
        .read_aside(move |conn| {
            let ids: Vec<i64> = all_records(conn, model, &query)?.iter().filter_map(|record| record.pk).collect();
            let plans = ids.iter().map(|pk| model.delete_plan(conn, *pk)).collect::<diesel::QueryResult<Vec<_>>>()?;
            Ok((ids, plans))
        })
        .await?;
    if ids.is_empty() {
        return Ok(None);
    }
    let lacking = delete::lacking(request, plans.iter().flat_map(|plan| &plan.needs));
    let mut counts: Vec<(&'static str, i64)> = Vec::new();
    for (name, count) in plans.iter().flat_map(|plan| &plan.counts) {
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += count,
            None => counts.push((name, *count)),
        }
    }
    let here = request.admin.text("admin-delete-many");
    Ok(Some(Page::new(DeleteSelected {
        frame: request.frame(delete::title(request, lacking.is_empty()), vec![Crumb::here(here)]),
        plans,
        counts,
        ids,
        lacking,
        list_path: request.list_path(),
        query: http.query_string().to_owned(),
    })))
}

async fn delete_all(request: &ModelRequest, db: &Database, query: ListQuery) -> Result<Message> {
    let (model, site) = (request.model, request.admin.web_site());
    let viewer = request.admin.staff.viewer.clone();
    let deleted = db
        .write(move |conn| -> std::result::Result<_, NotDeleted> {
            let author = changes::Author::new(&viewer, &site);
            let mut deleted = Vec::new();
            for record in all_records(conn, model, &query)? {
                let Some(pk) = record.pk else { continue };
                let (label, entry) = changes::delete(conn, model, pk, &author)?;
                deleted.push((pk, label, entry));
            }
            Ok(deleted)
        })
        .await;
    let deleted = match deleted {
        Ok(deleted) => deleted,
        Err(NotDeleted::Forbidden(error)) => return Ok(Message::error(error.text(&request.admin.ambient))),
        Err(error) => return Err(error.answer(request)),
    };
    if deleted.is_empty() {
        return Ok(Message::warning(request.admin.text("admin-action-all-gone")));
    }
    let text = Sentence::with_count("admin-action-deleted", deleted.len()).text(&request.admin.ambient);
    Ok(told(request, text, "deleted", &deleted))
}

/// Runs the model's own action, object by object, and logs each as a change.
async fn each(request: &ModelRequest, db: &Database, query: ListQuery, action: &'static Action) -> Result<Message> {
    let (model, site) = (request.model, request.admin.web_site());
    let viewer = request.admin.staff.viewer.clone();
    let (count, skipped, changed) = db
        .write(move |conn| -> Result<_> {
            let author = changes::Author::new(&viewer, &site);
            let (mut count, mut skipped, mut changed) = (0, 0, Vec::new());
            for pk in all_records(conn, model, &query)?.iter().filter_map(|record| record.pk) {
                match changes::act(conn, model, pk, action.run, &author)? {
                    Acted::Skipped => skipped += 1,
                    Acted::Unchanged => count += 1,
                    Acted::Changed(label, entry) => {
                        count += 1;
                        changed.push((pk, label, entry));
                    }
                }
            }
            Ok((count, skipped, changed))
        })
        .await?;
    let skipped = action.skipped.filter(|_| skipped > 0).map(|message| Sentence::with_count(message, skipped));
    let skipped = skipped.map(|sentence| sentence.text(&request.admin.ambient));
    match (count, skipped) {
        (0, None) => Ok(Message::warning(request.admin.text("admin-action-all-gone"))),
        (0, Some(skipped)) => Ok(Message::warning(skipped)),
        (count, skipped) => {
            let done = Sentence::with_count(action.done, count).text(&request.admin.ambient);
            let text = skipped.map_or_else(|| done.clone(), |skipped| format!("{done} {skipped}"));
            Ok(told(request, text, "changed", &changed))
        }
    }
}

/// Tells of writes: each (id, name, log entry) in the log, and all in a message by which they can be undone.
fn told(request: &ModelRequest, text: String, verb: &str, written: &[(i64, String, i32)]) -> Message {
    for (pk, label, _) in written {
        log_write(request, verb, *pk, label);
    }
    let entries: Vec<i32> = written.iter().map(|(_, _, entry)| *entry).collect();
    with_undo(request, Message::success(text), &entries)
}
