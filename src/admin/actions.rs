//! What is done to the objects chosen in a list: deleting and exporting them, and what the model offers.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder as _};
use askama::Template;

use super::change_form::undo_button;
use super::changes::{self, NotDeleted};
use super::export;
use super::model::{DeletePlan, Permission};
use super::query::{ListQuery, Params};
use super::request::{Crumb, Frame, ModelRequest};
use crate::clock;
use crate::db::Database;
use crate::web::forms::Form;
use crate::web::messages::Message;
use crate::web::{Error, Page, Result, SeeOther, filters};

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
    list_path: String,
    query: String,
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
    let Some((name, _)) = offered(&request).into_iter().find(|(offered, _)| *offered == name) else {
        return Err(Error::BadRequest("there is no such action"));
    };
    let Some(query) = chosen(&request, &http, &form) else {
        return go_back(Message::warning(request.admin.text("admin-action-nothing-chosen")));
    };
    match name {
        "export_csv" | "export_json" => {
            export::answer(&request, &db, query, name == "export_csv").await.map(Either::Left)
        }
        DELETE if form.get("post").is_none() => confirm(&request, &http, &db, query).await.map(Either::Right),
        DELETE => {
            let message = delete(&request, &db, query).await?;
            go_back(message)
        }
        _ => {
            let message = each(&request, &db, query, name).await?;
            go_back(message)
        }
    }
}

/// The objects that were chosen; None if none was.
fn chosen(request: &ModelRequest, http: &HttpRequest, form: &Form) -> Option<ListQuery> {
    let zone = request.admin.ambient.site.settings.time_zone;
    let query = Params::parse(http.query_string()).list_query(request.model, clock::now(), zone)?;
    if form.get("select_across").is_some_and(|across| across != "0" && !across.is_empty()) {
        return Some(query);
    }
    let ids: Vec<i64> = form.all("_selected_action").filter_map(|id| id.parse().ok()).collect();
    (!ids.is_empty()).then_some(ListQuery { ids: Some(ids), ..query })
}

async fn confirm(
    request: &ModelRequest,
    http: &HttpRequest,
    db: &Database,
    query: ListQuery,
) -> Result<Page<DeleteSelected>> {
    let model = request.model;
    let (ids, plans) = db
        .read(move |conn| {
            let ids: Vec<i64> = model.records(conn, &query)?.iter().filter_map(|record| record.pk).collect();
            let plans = ids.iter().map(|pk| model.delete_plan(conn, *pk)).collect::<diesel::QueryResult<Vec<_>>>()?;
            Ok((ids, plans))
        })
        .await?;
    let mut counts: Vec<(&'static str, i64)> = Vec::new();
    for (name, count) in plans.iter().flat_map(|plan| &plan.counts) {
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += count,
            None => counts.push((name, *count)),
        }
    }
    let here = request.admin.text("admin-delete-many");
    Ok(Page::new(DeleteSelected {
        frame: request.frame(request.admin.text("admin-delete-title"), vec![Crumb::here(here)]),
        plans,
        counts,
        ids,
        list_path: request.list_path(),
        query: http.query_string().to_owned(),
    }))
}

async fn delete(request: &ModelRequest, db: &Database, query: ListQuery) -> Result<Message> {
    let (model, site) = (request.model, request.admin.web_site());
    let viewer = request.admin.staff.viewer.clone();
    let deleted = db
        .write(move |conn| -> std::result::Result<_, NotDeleted> {
            let author = changes::Author { viewer: &viewer, zone: site.settings.time_zone, catalogue: &site.catalogue };
            let mut deleted = Vec::new();
            for record in model.records(conn, &query)? {
                let Some(pk) = record.pk else { continue };
                deleted.push(changes::delete(conn, model, pk, &author)?);
            }
            Ok(deleted)
        })
        .await;
    let deleted = match deleted {
        Ok(deleted) => deleted,
        Err(NotDeleted::Forbidden(error)) => return Ok(Message::error(error.text(&request.admin.ambient))),
        Err(error) => return Err(error.into()),
    };
    for (label, entry) in &deleted {
        super::change_form::log_write(request, "deleted", i64::from(*entry), label);
    }
    let text = counted(request, "admin-action-deleted", deleted.len());
    Ok(match deleted.as_slice() {
        [(_, entry)] if model.can_be_undone() => Message::success(text).with_action(undo_button(request, *entry)),
        _ => Message::success(text),
    })
}

/// Runs the model's own action, object by object, and logs each as a change.
async fn each(request: &ModelRequest, db: &Database, query: ListQuery, name: &str) -> Result<Message> {
    let (model, site) = (request.model, request.admin.web_site());
    let viewer = request.admin.staff.viewer.clone();
    let action = model.actions().iter().find(|action| action.name == name).ok_or(Error::NotFound)?;
    let count = db
        .write(move |conn| -> Result<_> {
            let author = changes::Author { viewer: &viewer, zone: site.settings.time_zone, catalogue: &site.catalogue };
            let records = model.records(conn, &query)?;
            for record in &records {
                if let Some(pk) = record.pk {
                    changes::act(conn, model, pk, action.run, &author)?;
                }
            }
            Ok(records.len())
        })
        .await?;
    Ok(Message::success(counted(request, action.done, count)))
}

fn counted(request: &ModelRequest, message: &str, count: usize) -> String {
    let mut args = fluent_bundle::FluentArgs::new();
    args.set("count", i64::try_from(count).unwrap_or(i64::MAX));
    request.admin.ambient.text_with(message, &args)
}
