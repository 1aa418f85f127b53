//! Error pages with the admin's sidebar and breadcrumbs, so that staff can navigate on from them.

use actix_web::dev::Payload;
use actix_web::{FromRequest as _, HttpRequest};
use askama::Template;

use crate::admin::pages::request::{AdminFrame, AdminRequest, Crumb, ModelRequest};
use crate::admin::paths::INDEX;
use crate::web::Ambient;
use crate::web::pages::error_page::ErrorPage;
use crate::web::pages::filters;

#[derive(Template)]
#[template(path = "admin/error.html")]
struct AdminError<'a> {
    frame: AdminFrame,
    error: &'a ErrorPage,
}

impl AdminError<'_> {
    /// The last breadcrumb with a link: text and path.
    fn way_back(&self) -> Option<(&str, &str)> {
        self.frame.crumbs.iter().rev().find_map(|crumb| Some((crumb.text.as_str(), crumb.path.as_deref()?)))
    }
}

/// The error page for a member of staff at an address of the admin; None for other viewers and addresses.
pub fn error_page(request: &HttpRequest, error: &ErrorPage) -> Option<askama::Result<String>> {
    let ambient = Ambient::of(request)?;
    let is_staff = ambient.viewer().is_some_and(|viewer| viewer.is_staff);
    if !is_staff || !ambient.target.starts_with(&ambient.site.url(INDEX)) {
        return None;
    }
    let payload = &mut Payload::None;
    let here = vec![Crumb::here(&error.title)];
    let model = ModelRequest::from_request(request, payload).into_inner().ok();
    let frame = match model.filter(ModelRequest::may_see) {
        Some(model) => model.frame(error.title.clone(), here),
        None => AdminRequest::from_request(request, payload).into_inner().ok()?.frame(error.title.clone(), here),
    };
    Some(AdminError { frame, error }.render_with_values(&*ambient))
}
