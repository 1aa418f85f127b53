//! The addresses that the app answers, as actix has them when it is built.

use actix_web::introspection::{IntrospectionReportItem, IntrospectionTree};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use serde::Serialize;

use super::features;
use crate::settings::Settings;
use crate::web::Site;

/// An address with the methods that it answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Route {
    /// A pattern: `{name}` stands for a part of a path, `{name:…}` for what the regular expression matches.
    pub path: String,
    pub methods: Vec<String>,
}

/// All addresses, sorted by their paths. Nothing is connected to and nothing served.
pub fn routes(settings: &Settings) -> Vec<Route> {
    let site = Site::new(settings, features::installed());
    actix_web::rt::System::new().block_on(async {
        let service = init_service(actix_web::App::new().service(super::addresses(&site))).await;
        // actix keeps its list of routes in the app's data, which only a request can read. No handler answers "//".
        let answer = call_service(&service, TestRequest::with_uri("//").to_request()).await;
        let tree = answer.request().app_data::<Data<IntrospectionTree>>();
        let items: Vec<IntrospectionReportItem> = tree.map(|tree| (&tree.root).into()).unwrap_or_default();
        let mut routes: Vec<_> = items.into_iter().filter(|item| !item.methods.is_empty()).map(route).collect();
        routes.sort();
        routes
    })
}

fn route(item: IntrospectionReportItem) -> Route {
    let mut methods = item.methods;
    methods.sort();
    methods.dedup();
    Route { path: item.full_path, methods }
}
