//! Adding and changing an object.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;

use super::changes::{self, Attempt, Submitted};
use super::erased::{AdminModel, Bound};
use super::field::{Kind, Value};
use super::form::{FormView, Parts};
use super::inline::BoundInline;
use super::model::Permission;
use super::panels::Panel;
use super::request::{Crumb, Frame, ModelRequest};
use super::snapshot::Snapshot;
use crate::db::{Connection, Database};
use crate::web::forms::Form;
use crate::web::messages::{Action as Button, Message};
use crate::web::{Error, Id, Page, Reader, Result, SeeOther, filters};

#[derive(Template)]
#[template(path = "admin/change_form.html")]
pub struct ChangeForm {
    frame: Frame,
    form: FormView,
    pk: Option<i64>,
    list_path: String,
    view_on_site: Option<String>,
    panel: Option<Panel>,
    editable: bool,
    may_add: bool,
    may_delete: bool,
    zone: String,
}

type Answer = Result<Either<SeeOther, Page<ChangeForm>>>;

/// `GET …/add/`
///
/// # Errors
/// `PermissionDenied`.
pub async fn add(request: ModelRequest, db: Data<Database>) -> Result<Page<ChangeForm>> {
    request.demand(Permission::Add)?;
    show(&request, &db, None).await
}

/// `GET …/{id}/change/`: read-only for who may only view.
///
/// # Errors
/// `PermissionDenied`, or `NotFound`.
pub async fn change(request: ModelRequest, id: Id, db: Data<Database>) -> Result<Page<ChangeForm>> {
    request.demand(Permission::View)?;
    show(&request, &db, Some(id.0)).await
}

/// `POST …/add/`
///
/// # Errors
/// `PermissionDenied`, or what the database says.
pub async fn create(request: ModelRequest, http: HttpRequest, db: Data<Database>, form: Form) -> Answer {
    request.demand(Permission::Add)?;
    submit(&request, &http, &db, None, form).await
}

/// `POST …/{id}/change/`
///
/// # Errors
/// `PermissionDenied`, `NotFound`, or what the database says.
pub async fn update(request: ModelRequest, id: Id, http: HttpRequest, db: Data<Database>, form: Form) -> Answer {
    request.demand(Permission::Change)?;
    submit(&request, &http, &db, Some(id.0), form).await
}

async fn show(request: &ModelRequest, db: &Database, pk: Option<i64>) -> Result<Page<ChangeForm>> {
    let may_change = pk.is_none() || request.may(Permission::Change);
    let viewer = request.admin.staff.viewer.clone();
    let (model, reader) = (request.model, request.admin.ambient.reader());
    let (page, editable) = db
        .read(move |conn| {
            let record = pk.map_or_else(|| Ok(model.initial()), |pk| model.find(conn, pk))?;
            let forbidden = pk.is_some() && !model.forbids(conn, &viewer, pk, Some(&record.values))?.is_empty();
            let editable = may_change && !forbidden;
            let mut inlines = Vec::new();
            for inline in model.inlines() {
                let extra = if editable { inline.extra() } else { 0 };
                inlines.push(BoundInline::load(conn, *inline, pk, extra)?);
            }
            let version = pk.map(|pk| Snapshot::take(conn, model, pk)).transpose()?;
            let version = version.as_ref().map(Snapshot::version).unwrap_or_default();
            let attempt = Attempt { bound: Bound { record, errors: Vec::new() }, inlines, current: None, version };
            Ok((Drawn::draw(conn, model, pk, &attempt, None, editable, &reader)?, editable))
        })
        .await?;
    Ok(Page::new(page.into_page(request, pk, editable)))
}

async fn submit(request: &ModelRequest, http: &HttpRequest, db: &Database, pk: Option<i64>, form: Form) -> Answer {
    let (model, site) = (request.model, request.admin.web_site());
    let viewer = request.admin.staff.viewer.clone();
    let (zone, reader) = (site.settings.time_zone, request.admin.ambient.reader());
    let posted = form.clone();
    let outcome = db
        .write(move |conn| -> Result<_> {
            let author = changes::Author { viewer: &viewer, zone, catalogue: &site.catalogue };
            match changes::submit(conn, model, pk, &posted, &author)? {
                Submitted::Saved { pk, label, entry } => Ok(Ok((pk, label, entry))),
                Submitted::Invalid(attempt) => {
                    Ok(Err(Drawn::draw(conn, model, pk, &attempt, Some(&posted), true, &reader)?))
                }
            }
        })
        .await?;
    match outcome {
        Ok((saved, label, entry)) => {
            log_write(request, if pk.is_some() { "changed" } else { "added" }, saved, &label);
            Ok(Either::Left(saved_redirect(request, http, pk, saved, &label, entry, &form)))
        }
        Err(drawn) => Ok(Either::Right(Page::new(drawn.into_page(request, pk, true)))),
    }
}

/// What a form page takes from the database.
struct Drawn {
    form: FormView,
    label: String,
    view_on_site: Option<String>,
    panel: Option<Panel>,
}

impl Drawn {
    fn draw(
        conn: &mut Connection,
        model: &'static dyn AdminModel,
        pk: Option<i64>,
        attempt: &Attempt,
        posted: Option<&Form>,
        editable: bool,
        reader: &Reader,
    ) -> diesel::QueryResult<Self> {
        let parts = Parts {
            model,
            bound: &attempt.bound,
            inlines: &attempt.inlines,
            posted,
            current: attempt.current.as_ref(),
            editable,
            version: attempt.version.clone(),
            reader,
        };
        let panel = match pk {
            Some(pk) => model.panel(conn, pk, reader.zone())?,
            None => None,
        };
        // The page is named by what is saved, not by what somebody is typing.
        let saved = pk.map(|pk| model.find(conn, pk)).transpose()?;
        let (label, view_on_site) = saved.map_or_else(Default::default, |record| (record.label, record.view_on_site));
        Ok(Self { form: FormView::build(conn, &parts)?, label, view_on_site, panel })
    }

    fn into_page(self, request: &ModelRequest, pk: Option<i64>, editable: bool) -> ChangeForm {
        let title = match (pk, editable) {
            (None, _) => "admin-title-add",
            (Some(_), true) => "admin-title-change",
            (Some(_), false) => "admin-title-view",
        };
        let here = if pk.is_some() {
            self.label.clone()
        } else {
            request.admin.text_about("admin-title-add", request.meta(), "")
        };
        let frame =
            request.frame(request.admin.text_about(title, request.meta(), &self.label), vec![Crumb::here(here)]);
        ChangeForm {
            frame: Frame { subtitle: self.label, ..frame },
            form: self.form,
            pk,
            list_path: request.list_path(),
            view_on_site: self.view_on_site,
            panel: self.panel,
            editable,
            may_add: request.may(Permission::Add),
            may_delete: pk.is_some() && request.may(Permission::Delete),
            zone: request.admin.ambient.site.settings.time_zone.to_string(),
        }
    }
}

/// Where Django goes after a save, by the button that was pressed.
fn saved_redirect(
    request: &ModelRequest,
    http: &HttpRequest,
    pk: Option<i64>,
    saved: i64,
    label: &str,
    entry: i32,
    form: &Form,
) -> SeeOther {
    let filters = changelist_filters(http);
    let keep = |path: String| {
        if filters.is_empty() { path } else { format!("{path}?_changelist_filters={}", encode(&filters)) }
    };
    let new = pk.is_none();
    let (added, changed, location) = if form.get("_addanother").is_some() {
        let location = keep(format!("{}add/", request.list_path()));
        ("admin-message-added-add-another", "admin-message-changed-add-another", location)
    } else if form.get("_continue").is_some() || (new && request.model.is_added_in_two_steps()) {
        let location = keep(request.object_path(saved, "change"));
        ("admin-message-added-continue", "admin-message-changed-continue", location)
    } else if filters.is_empty() {
        ("admin-message-added", "admin-message-changed", request.list_path())
    } else {
        ("admin-message-added", "admin-message-changed", format!("{}?{filters}", request.list_path()))
    };
    let text = request.admin.text_about(if new { added } else { changed }, request.meta(), label);
    let mut message = Message::success(text);
    if pk.is_some() && request.model.can_be_undone() {
        message = message.with_action(undo_button(request, entry));
    }
    request.admin.say(message);
    SeeOther(location)
}

/// The button beside a message about a change or a deletion.
pub fn undo_button(request: &ModelRequest, entry: i32) -> Button {
    Button { label: request.admin.text("admin-undo"), url: format!("/admin/undo/{entry}/"), fields: Vec::new() }
}

/// One line for every write.
pub fn log_write(request: &ModelRequest, verb: &str, pk: i64, label: &str) {
    let (meta, user) = (request.meta(), &request.admin.staff.viewer.username);
    tracing::info!(
        target: "polls.admin",
        request_id = request.admin.ambient.request_id,
        user,
        model = format!("{}.{}", meta.app, meta.model),
        pk,
        "{user} {verb} {label:?}.",
    );
}

/// The query of the list that the form was opened from.
pub fn changelist_filters(http: &HttpRequest) -> String {
    let query = form_urlencoded::parse(http.query_string().as_bytes());
    query
        .filter(|(name, _)| name == "_changelist_filters")
        .last()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

pub fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// `GET …/{id}/`, which Django sends on to the form.
///
/// # Errors
/// None.
pub async fn object(request: ModelRequest, id: Id) -> Result<SeeOther> {
    Ok::<_, Error>(SeeOther(request.object_path(id.0, "change")))
}
