//! The links beside a relation's select to add, change or view the related object, as Django's
//! `RelatedFieldWidgetWrapper`; and the pop-ups in which a script opens them.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::json;

use crate::admin::list::query::Params;
use crate::admin::pages::request::{AdminFrame, AdminRequest, ModelRequest};
use crate::admin::paths;
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::FieldKind;
use crate::admin::registry::registered::FieldMeta;
use crate::admin::registry::site::{may, may_see};
use crate::db::{Database, ReadTurn};
use crate::web::pages::filters;
use crate::web::{Error, Result};

/// The name of the button that searches a relation's options. The form it posts is not saved.
pub const FIND: &str = "_find";

/// The placeholder for the chosen object's id in a path.
const CHOSEN: &str = "__fk__";

/// The links that the viewer has beside a select.
#[derive(Debug, Clone)]
pub struct Related {
    /// Django's model name. The script uses it to find all selects of one model.
    pub reference: &'static str,
    /// The message id of the model's name.
    pub name: &'static str,
    pub add: Option<String>,
    /// Paths in which `__fk__` stands for the id of the chosen object.
    pub change: Option<String>,
    pub view: Option<String>,
}

impl Related {
    /// The links that the viewer has beside a field's input; None if the viewer has none.
    pub fn of(request: &AdminRequest, field: &FieldMeta) -> Option<Self> {
        let (app, model) = field.related?;
        let model = request.site.model(app, model)?;
        let viewer = &request.staff.viewer;
        let meta = model.meta();
        let is_one = matches!(field.kind, FieldKind::ForeignKey(_) | FieldKind::Searched(_));
        let change = paths::object(meta.app, meta.model, CHOSEN, "change");
        let related = Self {
            reference: meta.model,
            name: meta.verbose_name,
            add: may(viewer, model, Permission::Add).then(|| paths::add(meta.app, meta.model)),
            change: (is_one && may(viewer, model, Permission::Change)).then(|| change.clone()),
            view: (is_one && may_see(viewer, model)).then_some(change),
        };
        let leads_nowhere = related.add.is_none() && related.change.is_none() && related.view.is_none();
        (!leads_nowhere).then_some(related)
    }

    /// A path of [`Related`] with the id of the chosen object in it.
    pub fn at(path: &str, id: &str) -> String {
        path.replace(CHOSEN, id)
    }
}

/// The name of the HTML input with the search text for a field.
pub fn search_key(field: &str) -> String {
    format!("{field}__q")
}

/// `GET …/options/?field=question&q=…`: the options that a search finds, as JSON. The script requests it while the
/// person types.
///
/// # Errors
/// `PermissionDenied` for a viewer who may neither add nor change objects of the model, `NotFound` for a field that has
/// no search.
pub async fn options(request: ModelRequest, http: HttpRequest, db: Data<Database>) -> Result<HttpResponse> {
    if !request.may(Permission::Add) {
        request.demand(Permission::Change)?;
    }
    let params = Params::parse(http.query_string());
    let field =
        request.model.fields().into_iter().find(|field| field.editable && params.get("field") == Some(field.name));
    let Some(FieldKind::Searched(lookup)) = field.map(|field| field.kind) else {
        return Err(Error::NotFound);
    };
    let text = params.get("q").unwrap_or_default().to_owned();
    let found =
        db.read_in_turn(ReadTurn::User(request.admin.staff.viewer.id), move |conn| lookup.find(conn, &text)).await?;
    let results: Vec<_> = found.into_iter().map(|(id, text)| json!({ "id": id, "text": text })).collect();
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({ "results": results })))
}

/// The answer to a form that was saved in a pop-up: its script passes the saved object to the window that opened the
/// pop-up, and closes the pop-up.
#[derive(Template)]
#[template(path = "admin/popup_response.html")]
pub struct PopupResponse {
    frame: AdminFrame,
    /// The message for a pop-up without an opening window, which stays open.
    text: String,
    /// The data for the script, in Django's form.
    data: String,
}

impl PopupResponse {
    pub fn new(request: &ModelRequest, is_new: bool, pk: i64, label: &str) -> Self {
        let value = pk.to_string();
        let data = if is_new {
            json!({ "value": value, "obj": label })
        } else {
            json!({ "action": "change", "value": value, "obj": label, "new_value": value })
        };
        let text = if is_new { "admin-message-added" } else { "admin-message-changed" };
        let frame = request.frame(request.admin.text("admin-popup-closing"), Vec::new());
        Self {
            frame: AdminFrame { is_popup: true, ..frame },
            text: request.admin.text_about(text, request.meta(), label),
            data: data.to_string(),
        }
    }
}
