//! The pages with the form that adds or changes an object (GET). What happens when the form is posted is in
//! [`crate::admin::changes::change`].

use std::borrow::Cow;

use actix_web::web::Data;
use askama::Template;

use crate::admin::changes::duplicate;
use crate::admin::changes::snapshot::{self, Snapshot};
use crate::admin::changes::undo;
use crate::admin::form::admin_form::{FormContents, FormView};
use crate::admin::form::build::FormParts;
use crate::admin::form::inline::{BoundInline, Rights};
use crate::admin::form::order::Move;
use crate::admin::form::related::Related;
use crate::admin::form::withdrawal::{NOT_TICKED, TICKED};
use crate::admin::pages::request::{AdminFrame, Crumb, ModelRequest};
use crate::admin::registry::descriptors::{ObjectTool, Permission};
use crate::admin::registry::field::{FieldKind, Value};
use crate::admin::registry::panels::Panel;
use crate::admin::registry::registered::{NamedValues, Record, RegisteredModel};
use crate::db::{Connection, Database};
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Error, Id, Page, Reader, Result, SeeOther};

#[derive(Template)]
#[template(path = "admin/change_form.html")]
pub struct ChangeForm {
    frame: AdminFrame,
    form: FormView,
    pk: Option<i64>,
    view_on_site: Option<String>,
    tools: Vec<ObjectTool>,
    panel: Option<Panel>,
    /// The id of the log entry that this page offers to undo.
    undo: Option<i32>,
    editable: bool,
    may_add: bool,
    may_delete: bool,
    zone: String,
    /// The path that the form is posted to; None for the page's own address.
    action: Option<String>,
    delete_path: String,
    history_path: String,
    /// None if the viewer may add no copy.
    duplicate_path: Option<String>,
    close_path: String,
}

/// `GET …/add/`: the form for a new object.
///
/// # Errors
/// `PermissionDenied` without the permission to add.
pub async fn add(request: ModelRequest, db: Data<Database>) -> Result<Page<ChangeForm>> {
    request.demand(Permission::Add)?;
    show(&request, &db, None).await
}

/// `GET …/{id}/change/`: the form of an object. It is read-only for viewers without the permission to change.
///
/// # Errors
/// `PermissionDenied` without the permission to view, `NotFound` if there is no such object.
pub async fn change(request: ModelRequest, id: Id, db: Data<Database>) -> Result<Page<ChangeForm>> {
    request.demand(Permission::View)?;
    show(&request, &db, Some(id.0)).await
}

async fn show(request: &ModelRequest, db: &Database, pk: Option<i64>) -> Result<Page<ChangeForm>> {
    let may_change = pk.is_none() || request.may(Permission::Change);
    let viewer = request.admin.staff.viewer.clone();
    let model = request.model;
    let reader = request.admin.ambient.reader();
    let site = request.admin.site.clone();
    let given = if pk.is_none() { given_values(request) } else { NamedValues::new() };
    let (page, editable) = db
        .read_aside(move |conn| {
            let mut session = model.edit(conn, pk)?;
            if pk.is_none() {
                session.propose();
                session.assign(given.clone());
            }
            let record = session.record();
            let forbidden = pk.is_some() && !session.forbids(conn, &viewer)?.is_empty();
            let editable = may_change && !forbidden;
            let rows = match pk {
                Some(pk) => snapshot::inline_rows(conn, model, pk)?,
                None => vec![Vec::new(); model.inlines().len()],
            };
            let version = pk.map(|_| Snapshot::of(model, &record, &rows).version()).unwrap_or_default();
            let inlines = model
                .inlines()
                .iter()
                .zip(&rows)
                .map(|(inline, rows)| BoundInline::unbound(*inline, rows, Rights::of(&viewer, *inline, editable)));
            let inlines = inlines.collect();
            let contents = FormContents { record, errors: Vec::new(), inlines, current: None, version };
            let saved = Saved::of(pk, &contents.record);
            let mut drawn = DrawnForm::draw(conn, model, &contents, saved, None, editable, &reader)?;
            if let Some(entry) = pk.and_then(|pk| model.undoes(pk)) {
                let about = undo::model_of(conn, entry)?.and_then(|(app, model)| site.model(&app, &model));
                let is_open = about.map_or(Ok(false), |about| undo::is_open(conn, about, entry, &viewer))?;
                drawn.undo = is_open.then_some(entry);
            }
            Ok((drawn, editable))
        })
        .await?;
    Ok(Page::new(page.into_page(request, editable)))
}

/// The texts in the query string of the form for a new object, as in Django's `get_changeform_initial_data`.
fn given_values(request: &ModelRequest) -> NamedValues {
    let fields = request.model.fields();
    let (_, query) = request.admin.ambient.target.split_once('?').unwrap_or_default();
    let is_text = |kind| matches!(kind, FieldKind::Text { .. } | FieldKind::Url { .. } | FieldKind::Paragraph);
    let value = |(name, text): (Cow<'_, str>, Cow<'_, str>)| {
        let field = fields.iter().find(|field| field.name == name && field.editable && is_text(field.kind))?;
        Some((field.name, Value::Text(text.into_owned())))
    };
    form_urlencoded::parse(query.as_bytes()).filter_map(value).collect()
}

/// The saved state of the object that a form is about. The page's title is made from it, not from the values that are
/// being typed.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    pk: Option<i64>,
    label: String,
    view_on_site: Option<String>,
    tools: Vec<ObjectTool>,
}

impl Saved {
    /// For a new object (without `pk`) everything is empty.
    pub fn of(pk: Option<i64>, record: &Record) -> Self {
        let Record { label, view_on_site, tools, .. } = record.clone();
        if pk.is_some() { Self { pk, label, view_on_site, tools } } else { Self::default() }
    }
}

/// What a form page needs from the database.
pub struct DrawnForm {
    form: FormView,
    saved: Saved,
    panel: Option<Panel>,
    undo: Option<i32>,
}

impl DrawnForm {
    /// # Errors
    /// If the database does not answer.
    pub fn draw(
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        contents: &FormContents,
        saved: Saved,
        posted: Option<&Form>,
        editable: bool,
        reader: &Reader,
    ) -> diesel::QueryResult<Self> {
        let parts = FormParts { model, contents, posted, editable, reader };
        let panel = match saved.pk {
            Some(pk) => model.panel(conn, pk, reader.zone())?,
            None => None,
        };
        Ok(Self { form: FormView::build(conn, &parts)?, saved, panel, undo: None })
    }

    pub fn into_page(mut self, request: &ModelRequest, editable: bool) -> ChangeForm {
        self.form.relate(|field| Related::of(&request.admin, field));
        let Saved { pk, label, view_on_site, tools } = self.saved;
        let title = match (pk, editable) {
            (None, _) => "admin-title-add",
            (Some(_), true) => "admin-title-change",
            (Some(_), false) => "admin-title-view",
        };
        let here =
            if pk.is_some() { label.clone() } else { request.admin.text_about("admin-title-add", request.meta(), "") };
        let frame = request.frame(request.admin.text_about(title, request.meta(), &label), vec![Crumb::here(here)]);
        ChangeForm {
            frame: AdminFrame { subtitle: label, ..frame },
            form: self.form,
            pk,
            view_on_site,
            tools: if editable { tools } else { Vec::new() },
            panel: self.panel,
            undo: self.undo,
            editable,
            may_add: request.may(Permission::Add),
            may_delete: pk.is_some() && request.may(Permission::Delete),
            zone: request.admin.ambient.site.settings.time_zone.to_string(),
            action: None,
            delete_path: request.preserving(request.object_path(pk.unwrap_or_default(), "delete")),
            history_path: request.preserving(request.object_path(pk.unwrap_or_default(), "history")),
            duplicate_path: pk
                .filter(|_| duplicate::is_offered(request))
                .map(|pk| request.preserving(request.object_path(pk, "duplicate"))),
            close_path: request.way_back(),
        }
    }
}

impl ChangeForm {
    /// Shows the page as a pop-up, if the form was posted from a pop-up.
    pub fn in_popup(self, is_popup: bool) -> Self {
        if is_popup { Self { frame: AdminFrame { is_popup, ..self.frame }, ..self } } else { self }
    }

    /// Makes the form post to another address: the form of a deleted object posts to the one that adds an object.
    pub fn posted_to(self, action: String) -> Self {
        Self { action: Some(action), ..self }
    }
}

/// `GET …/{id}/`: redirects to the form, as Django does.
///
/// # Errors
/// Never. Requests without access to the model are refused by [`ModelRequest`] before this runs.
pub async fn object(request: ModelRequest, id: Id) -> Result<SeeOther> {
    Ok::<_, Error>(SeeOther(request.object_path(id.0, "change")))
}
