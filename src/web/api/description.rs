//! The description of the whole API by OpenAPI 3.1, from what the features say of theirs, and the list of its addresses.

use actix_web::HttpRequest;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder, Server};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::web::api::list::{absolute, addresses};
use crate::web::api::problem::ProblemDocument;
use crate::web::{Ambient, Error, Result, SharedDocument, paths};

/// The name of the scheme of authentication, which features name in their descriptions.
pub const TOKEN: &str = "token";

/// What there is at [`paths::API`].
#[derive(Debug, Serialize)]
pub struct ApiIndex {
    /// The address of the description.
    openapi: String,
    /// The addresses that need no number.
    addresses: Vec<String>,
}

/// `GET /api/`: the addresses of the API, for people who have only this one.
///
/// # Errors
/// `Internal` outside the app.
pub async fn index(request: HttpRequest) -> Result<Json<ApiIndex>> {
    let ambient = Ambient::required(&request)?;
    ambient.make_private();
    let known = description(&ambient);
    let addresses = addresses(&ambient, known.paths.paths.keys());
    Ok(Json(ApiIndex { openapi: absolute(&ambient, paths::API_DESCRIPTION), addresses }))
}

/// `GET /api/openapi.json`, the same for everybody.
///
/// # Errors
/// `Internal` outside the app.
pub async fn openapi(request: HttpRequest) -> Result<SharedDocument> {
    let ambient = Ambient::required(&request)?;
    let body = description(&ambient).to_json().map_err(|error| Error::Internal(error.into()))?;
    Ok(SharedDocument { content_type: "application/json", body })
}

fn description(ambient: &Ambient) -> OpenApi {
    let about = "The requests that programs make in a user's name, by a token of the admin or of `polls token add`. \
                 Addresses and members are those of linkding.";
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(format!("`Authorization: Bearer …` or `Authorization: Token …`; see {}.", paths::TOKENS)));
    let mut components = Components::new();
    components.schemas.insert(ProblemDocument::name().into_owned(), ProblemDocument::schema());
    components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme.build()));
    let info = InfoBuilder::new().title("polls").version(env!("CARGO_PKG_VERSION")).description(Some(about));
    let mount = ambient.site.url("");
    let whole = OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([Server::new(if mount.is_empty() { "/" } else { &mount })]))
        .components(Some(components))
        .build();
    ambient.site.installed.apis.iter().fold(whole, |whole, api| whole.merge_from(api()))
}
