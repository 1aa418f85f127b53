//! The actions on the objects that are selected in a list: deleting, exporting, and the model's own actions.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder as _};
use askama::Template;
use diesel::OptionalExtension as _;

use super::export;
use crate::admin::changes::deletion::NotDeleted;
use crate::admin::changes::duplicate;
use crate::admin::changes::task;
use crate::admin::changes::task::{Stopped, TaskRequest, Work};
use crate::admin::form::confirm;
use crate::admin::list::query::{ListQuery, Params};
use crate::admin::pages::delete;
use crate::admin::pages::request::{AdminFrame, Crumb, ModelRequest};
use crate::admin::registry::descriptors::{DeletePlan, ListAction, Permission, UNFOLDED_OBJECTS};
use crate::admin::registry::sentence::Sentence;
use crate::clock;
use crate::db::Database;
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::submission::Outcome;
use crate::web::{Error, Page, Result, SeeOther, Submission};

/// How many objects can be selected one by one, and how many can be deleted at once.
const CHOSEN_AT_ONCE: usize = 10_000;

/// Django's name of the action that deletes.
const DELETE: &str = "delete_selected";
const DUPLICATE: &str = "duplicate_selected";

/// An action that the viewer may use.
pub struct OfferedAction {
    pub name: &'static str,
    /// The message id of its name.
    pub title: &'static str,
    /// The message id of the label of what has to be typed for it.
    pub input: Option<&'static str>,
}

impl OfferedAction {
    const fn new(name: &'static str, title: &'static str) -> Self {
        Self { name, title, input: None }
    }
}

pub fn offered(request: &ModelRequest) -> Vec<OfferedAction> {
    let mut actions = Vec::new();
    if request.may(Permission::Delete) {
        actions.push(OfferedAction::new(DELETE, "admin-action-delete"));
    }
    for ListAction { name, title, input, .. } in
        request.model.actions().iter().filter(|one| request.may(one.permission))
    {
        actions.push(OfferedAction { name, title, input: input.map(|input| input.label) });
    }
    if duplicate::is_offered(request) {
        actions.push(OfferedAction::new(DUPLICATE, "admin-action-duplicate"));
    }
    actions.push(OfferedAction::new("export_csv", "admin-action-export-csv"));
    actions.push(OfferedAction::new("export_json", "admin-action-export-json"));
    actions
}

#[derive(Template)]
#[template(path = "admin/delete_selected_confirmation.html")]
pub struct DeleteSelected {
    frame: AdminFrame,
    plans: Vec<DeletePlan>,
    counts: Vec<(&'static str, i64)>,
    ids: Vec<i64>,
    /// The names of the models of which the viewer may not delete objects.
    lacking: Vec<String>,
    list_path: String,
    query: String,
}

impl DeleteSelected {
    fn is_long(&self) -> bool {
        self.plans.iter().map(DeletePlan::size).sum::<usize>() > UNFOLDED_OBJECTS
    }
}

/// `POST …/` with `action`, `_selected_action`, and `select_across` if all objects of the list are selected.
///
/// # Errors
/// `PermissionDenied` without the action's permission; `BadRequest` for an unknown action or too many selected objects;
/// or the database's error.
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
        (DUPLICATE, _) if duplicate::is_allowed(&request)? => {}
        ("export_csv" | "export_json", _) => {}
        _ => return Err(Error::BadRequest("there is no such action")),
    }
    if form.all("_selected_action").nth(CHOSEN_AT_ONCE).is_some() {
        return Err(Error::BadRequest("too many objects are chosen"));
    }
    let changes = !matches!(name, "export_csv" | "export_json") && (name != DELETE || form.get("post").is_some());
    if let Some(question) = confirm::question(&request, &form).filter(|_| changes) {
        return Ok(Either::Left(question.respond_to(&http)));
    }
    let Some(query) = chosen(&request, &http, &form) else {
        return go_back(Message::warning(request.admin.text("admin-action-nothing-chosen")));
    };
    let typed = form.get("action_input").unwrap_or_default().trim().to_owned();
    let checked = action.and_then(|action| action.input).and_then(|input| (input.check)(&typed));
    if let Some(error) = checked {
        return go_back(Message::error(error.text(&request.admin.ambient)));
    }
    let submission = Submission::new(&request.admin.ambient, &form, &[]);
    if matches!(name, "export_csv" | "export_json") {
        return export::answer(&request, db, query, name == "export_csv").await.map(Either::Left);
    }
    let model = request.model;
    let ids = db.read_aside(move |conn| model.ids(conn, &query)).await?;
    let work = match action {
        Some(action) => Work::Act(action),
        None if name == DUPLICATE => Work::Duplicate,
        // The confirmation page lists everything that is deleted with the objects, which is not possible for more of
        // them.
        None if ids.len() > CHOSEN_AT_ONCE => {
            let message = Sentence::with_count("admin-action-delete-too-many", CHOSEN_AT_ONCE);
            return go_back(Message::warning(message.text(&request.admin.ambient)));
        }
        None if form.get("post").is_some() => Work::Delete,
        None => {
            return match confirm(&request, &http, &db, ids).await? {
                Some(page) => Ok(Either::Right(page)),
                None => go_back(Message::warning(request.admin.text("admin-action-all-gone"))),
            };
        }
    };
    let asked = TaskRequest { work, ids, input: typed, way_back: back.clone() };
    let Outcome { value: task, is_repeated } = match task::start(&request, &db, &submission, asked).await {
        Ok(begun) => begun,
        Err(Stopped::NotDeleted(NotDeleted::Forbidden(error))) => {
            return go_back(Message::error(error.text(&request.admin.ambient)));
        }
        Err(Stopped::NotDeleted(error)) => return Err(error.answer(&request)),
        Err(Stopped::NotUndone(_)) => return Err(Error::Internal("an action undid something".into())),
        Err(Stopped::Database(error)) => return Err(error.into()),
    };
    let way = task.answer(&request, &db, &submission, is_repeated).await?;
    Ok(Either::Left(way.respond_to(&http)))
}

/// The query for the selected objects; None if none is selected.
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

/// The page that asks for confirmation; None if all selected objects are deleted already.
async fn confirm(
    request: &ModelRequest,
    http: &HttpRequest,
    db: &Database,
    ids: Vec<i64>,
) -> Result<Option<Page<DeleteSelected>>> {
    let model = request.model;
    let (ids, plans) = db
        .read_aside(move |conn| {
            let mut there = Vec::new();
            let mut plans = Vec::new();
            for pk in &ids {
                if let Some(session) = model.edit(conn, Some(*pk)).optional()? {
                    there.push(*pk);
                    plans.push(session.delete_plan(conn)?);
                }
            }
            Ok((there, plans))
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
