//! The extractors of the admin's views, which check who may enter, and the frame that all pages share.

use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use fluent_bundle::FluentArgs;

use crate::admin::changes::undo::UNDONE_AT_ONCE;
use crate::admin::list::query::Params;
use crate::admin::paths;
use crate::admin::registry::descriptors::{Meta, Permission};
use crate::admin::registry::registered::RegisteredModel;
use crate::admin::registry::sentence::Sentence;
use crate::admin::registry::site::{AdminSite, ListedApp, may, may_see};
use crate::web::context::messages;
use crate::web::context::messages::{Action as Button, Message};
use crate::web::{Ambient, Error, Result, Site, Staff};

/// Django's key, in the query string and in a form, that says that the page is in a pop-up.
pub const POPUP: &str = "_popup";

/// A request to the admin by a member of staff. The extractor refuses all others.
pub struct AdminRequest {
    pub staff: Staff,
    pub ambient: Rc<Ambient>,
    pub site: Data<AdminSite>,
}

/// A request about one model, which its path names.
pub struct ModelRequest {
    pub admin: AdminRequest,
    pub model: &'static dyn RegisteredModel,
}

/// The frame of an admin page: sidebar, title and breadcrumbs.
pub struct AdminFrame {
    pub apps: Vec<ListedApp>,
    pub title: String,
    /// The name of the object that the page is about; empty if it is about none.
    pub subtitle: String,
    pub crumbs: Vec<Crumb>,
    /// The app label and model name that the page is about; empty if it is about none.
    pub here: (&'static str, &'static str),
    /// Whether the page is in a pop-up, where sidebar and breadcrumbs are not shown.
    pub is_popup: bool,
}

/// A breadcrumb. The one of the page itself has no path.
pub struct Crumb {
    pub text: String,
    pub path: Option<String>,
}

impl FromRequest for AdminRequest {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut parts = || {
            let staff = Staff::from_request(request, payload).into_inner()?;
            let ambient = Ambient::of(request).ok_or_else(outside)?;
            let site = request.app_data::<Data<AdminSite>>().cloned().ok_or_else(outside)?;
            Ok(Self { staff, ambient, site })
        };
        ready(parts())
    }
}

impl FromRequest for ModelRequest {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut parts = || {
            let admin = AdminRequest::from_request(request, payload).into_inner()?;
            let path = request.match_info();
            let model = admin.site.model(path.query("app"), path.query("model")).ok_or(Error::NotFound)?;
            Ok(Self { admin, model })
        };
        ready(parts())
    }
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn outside() -> Error {
    Error::Internal("an admin page was asked for outside the app".into())
}

impl AdminRequest {
    /// A text from the catalogue in the viewer's language.
    pub fn text(&self, id: &str) -> String {
        self.ambient.text(id)
    }

    /// A text about an object. In it `$name` and `$names` are the model's name in singular and plural, and `$object` is
    /// the object's name.
    pub fn text_about(&self, id: &str, meta: Meta, object: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("name", self.text(meta.verbose_name));
        args.set("names", self.text(meta.verbose_name_plural));
        args.set("object", object.to_owned());
        self.ambient.text_with(id, &args)
    }

    pub fn say(&self, message: Message) {
        messages::add(&self.ambient.session, message);
    }

    /// The query string of the requested address.
    fn query(&self) -> &str {
        self.ambient.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub fn web_site(&self) -> Arc<Site> {
        Arc::clone(&self.ambient.site)
    }

    pub fn frame(&self, title: String, crumbs: Vec<Crumb>) -> AdminFrame {
        let home = Crumb { text: self.text("admin-home"), path: Some(paths::INDEX.to_owned()) };
        let crumbs = std::iter::once(home).chain(crumbs).collect();
        let apps = self.site.apps(&self.staff.viewer);
        let query = Params::parse(self.query());
        let is_popup = query.get(POPUP).is_some();
        AdminFrame { apps, title, subtitle: String::new(), crumbs, here: ("", ""), is_popup }
    }
}

impl ModelRequest {
    pub fn meta(&self) -> Meta {
        self.model.meta()
    }

    pub fn may(&self, permission: Permission) -> bool {
        may(&self.admin.staff.viewer, self.model, permission)
    }

    /// Whether the viewer may see objects of the model. The permission to change includes this.
    pub fn may_see(&self) -> bool {
        may_see(&self.admin.staff.viewer, self.model)
    }

    /// # Errors
    /// `PermissionDenied` without the permission, which is also written to the program's log.
    pub fn demand(&self, permission: Permission) -> Result<()> {
        let allowed = if permission == Permission::View { self.may_see() } else { self.may(permission) };
        if allowed {
            return Ok(());
        }
        Err(self.admin.staff.deny(&self.meta().permission(permission)))
    }

    pub fn list_path(&self) -> String {
        self.meta().list_path()
    }

    /// The path after an object was saved or deleted: the list with the filters it had, or the admin's first page for a
    /// viewer who may not see the list.
    pub fn way_back(&self) -> String {
        match (self.may_see(), self.preserved()) {
            (false, _) => paths::INDEX.to_owned(),
            (true, filters) if filters.is_empty() => self.list_path(),
            (true, filters) => format!("{}?{filters}", self.list_path()),
        }
    }

    /// The query string of the list from which the page was opened (Django's preserved filters), encoded anew.
    pub fn preserved(&self) -> String {
        Params::parse(Params::parse(self.admin.query()).get("_changelist_filters").unwrap_or_default()).encode()
    }

    /// A path with the preserved filters added, so that the page at that path can link back to the filtered list.
    pub fn preserving(&self, path: String) -> String {
        let filters = self.preserved();
        if filters.is_empty() { path } else { format!("{path}?_changelist_filters={}", encode(&filters)) }
    }

    pub fn object_path(&self, pk: i64, view: &str) -> String {
        paths::object(self.meta().app, self.meta().model, &pk.to_string(), view)
    }

    pub fn add_path(&self) -> String {
        paths::add(self.meta().app, self.meta().model)
    }

    /// A message about changes or deletions, with the button that undoes them if the model supports it.
    pub fn with_undo(&self, mut message: Message, entries: &[i32]) -> Message {
        let Some((first, others)) = entries.split_first().filter(|_| self.model.can_be_undone()) else {
            return message;
        };
        if entries.len() > UNDONE_AT_ONCE {
            let why = Sentence::with_count("admin-undo-too-many", UNDONE_AT_ONCE).text(&self.admin.ambient);
            message.text = format!("{} {why}", message.text);
            return message;
        }
        let others: Vec<_> = others.iter().map(ToString::to_string).collect();
        let fields = if others.is_empty() { Vec::new() } else { vec![("also".to_owned(), others.join(","))] };
        let label = self.admin.text("admin-undo");
        message.with_action(Button { label, url: paths::undo(*first), fields })
    }

    /// The frame with the breadcrumbs of the app and of the model's list, followed by `further`.
    pub fn frame(&self, title: String, further: Vec<Crumb>) -> AdminFrame {
        let meta = self.meta();
        let app = Crumb { text: self.admin.text(meta.app_name), path: Some(paths::app(meta.app)) };
        let path = (!further.is_empty()).then(|| self.list_path());
        let list = Crumb { text: self.admin.text(meta.verbose_name_plural), path };
        let crumbs = [app, list].into_iter().chain(further).collect();
        AdminFrame { here: (meta.app, meta.model), ..self.admin.frame(title, crumbs) }
    }
}

impl Crumb {
    pub fn here(text: impl Into<String>) -> Self {
        Self { text: text.into(), path: None }
    }

    pub fn to(text: impl Into<String>, path: String) -> Self {
        Self { text: text.into(), path: Some(path) }
    }
}
