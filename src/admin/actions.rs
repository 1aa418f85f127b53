//! What is done to the objects chosen in a list: deleting and exporting them, and what the model offers.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder as _};
use askama::Template;
use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use super::change_form::log_write;
use super::changes::{self, Acted, NotDeleted, Written};
use super::delete;
use super::erased::AdminModel;
use super::export;
use super::model::{Action, DeletePlan, LONG, Permission};
use super::query::{ListQuery, Params, all_records};
use super::request::{Crumb, Frame, ModelRequest};
use super::sentence::Sentence;
use super::undo_view::{self, with_undo};
use crate::clock;
use crate::db::{Connection, Database};
use crate::web::forms::Form;
use crate::web::messages::Message;
use crate::web::submission::Outcome;
use crate::web::{Error, Page, Result, SeeOther, Submission, filters};

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
    let submission = Submission::new(&request.admin.ambient, &form, &[]);
    match action {
        Some(action) => {
            each(&request, &db, query, action, &submission).await?;
            Ok(Either::Left(SeeOther(back).respond_to(&http)))
        }
        None if name != DELETE => export::answer(&request, db, query, name == "export_csv").await.map(Either::Left),
        None if form.get("post").is_some() => {
            delete_all(&request, &db, query, &submission).await?;
            Ok(Either::Left(SeeOther(back).respond_to(&http)))
        }
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
    let count = db.read_in_turn(request.admin.staff.viewer.id, move |conn| model.count(conn, &query)).await?;
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

/// What an action has done, as it is kept for a form that is sent again.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Done {
    count: usize,
    skipped: usize,
    /// What was written: as much as can be undone at once, and one more if it is too much.
    written: Vec<Written>,
    /// What was written beyond that.
    #[serde(skip)]
    further: Vec<Written>,
}

impl Done {
    fn push(&mut self, written: Written) {
        let list = if self.written.len() <= undo_view::MOST { &mut self.written } else { &mut self.further };
        list.push(written);
    }

    /// Whether everything is as the action has left it.
    fn still_holds(&self, conn: &mut Connection, model: &dyn AdminModel) -> QueryResult<bool> {
        Written::all_hold(&self.written, conn, model)
    }
}

async fn delete_all(request: &ModelRequest, db: &Database, query: ListQuery, submission: &Submission) -> Result<()> {
    let (model, site) = (request.model, request.admin.web_site());
    let (viewer, posted) = (request.admin.staff.viewer.clone(), submission.clone());
    let deleted = db
        .write(move |conn| -> std::result::Result<_, NotDeleted> {
            let author = changes::Author::new(&viewer, &site);
            let holds = |conn: &mut Connection, done: &Done| done.still_holds(conn, model);
            posted.once(conn, holds, |conn| {
                let mut done = Done::default();
                for pk in all_records(conn, model, &query)?.iter().filter_map(|record| record.pk) {
                    done.push(changes::delete(conn, model, pk, &author)?);
                    done.count += 1;
                }
                Ok(done)
            })
        })
        .await;
    let Outcome { value: done, is_repeated } = match deleted {
        Ok(deleted) => deleted,
        Err(NotDeleted::Forbidden(error)) => {
            request.admin.say(Message::error(error.text(&request.admin.ambient)));
            return Ok(());
        }
        Err(error) => return Err(error.answer(request)),
    };
    let message = if done.count == 0 {
        Message::warning(request.admin.text("admin-action-all-gone"))
    } else {
        let text = Sentence::with_count("admin-action-deleted", done.count).text(&request.admin.ambient);
        told(request, text, "deleted", &done, is_repeated)
    };
    submission.tell(db, &request.admin.ambient.session, is_repeated, message).await
}

/// Runs the model's own action, object by object, and logs each as a change.
async fn each(
    request: &ModelRequest,
    db: &Database,
    query: ListQuery,
    action: &'static Action,
    submission: &Submission,
) -> Result<()> {
    let (model, site) = (request.model, request.admin.web_site());
    let (viewer, posted) = (request.admin.staff.viewer.clone(), submission.clone());
    let Outcome { value: done, is_repeated } = db
        .write(move |conn| -> Result<_> {
            let author = changes::Author::new(&viewer, &site);
            let holds = |conn: &mut Connection, done: &Done| done.still_holds(conn, model);
            posted.once(conn, holds, |conn| {
                let mut done = Done::default();
                for pk in all_records(conn, model, &query)?.iter().filter_map(|record| record.pk) {
                    match changes::act(conn, model, pk, action.run, &author)? {
                        Acted::Skipped => done.skipped += 1,
                        Acted::Unchanged => done.count += 1,
                        Acted::Changed(written) => {
                            done.count += 1;
                            done.push(written);
                        }
                    }
                }
                Ok(done)
            })
        })
        .await?;
    let skipped = action.skipped.filter(|_| done.skipped > 0);
    let skipped = skipped.map(|message| Sentence::with_count(message, done.skipped).text(&request.admin.ambient));
    let message = match (done.count, skipped) {
        (0, None) => Message::warning(request.admin.text("admin-action-all-gone")),
        (0, Some(skipped)) => Message::warning(skipped),
        (count, skipped) => {
            let text = Sentence::with_count(action.done, count).text(&request.admin.ambient);
            let text = skipped.map_or_else(|| text.clone(), |skipped| format!("{text} {skipped}"));
            told(request, text, "changed", &done, is_repeated)
        }
    };
    submission.tell(db, &request.admin.ambient.session, is_repeated, message).await
}

/// Tells of writes: each in the log, and all in a message by which they can be undone.
fn told(request: &ModelRequest, text: String, verb: &str, done: &Done, is_repeated: bool) -> Message {
    for written in done.written.iter().chain(&done.further).filter(|_| !is_repeated) {
        log_write(request, verb, written.pk, &written.label);
    }
    let entries: Vec<i32> = done.written.iter().map(|written| written.entry).collect();
    with_undo(request, Message::success(text), &entries)
}
