//! What the APIs of all features share: who asks, bodies and lists in JSON, errors as problems, and the description of
//! every address. A feature has its own handlers in its folder `api`.

pub mod body;
pub mod description;
pub mod list;
pub mod parameters;
pub mod problem;
pub mod user;

pub use body::JsonBody;
pub use list::{ApiList, ApiWindow};
pub use parameters::ApiParameters;
pub use problem::Problems;
pub use user::{ApiUser, TokenLogin};

use actix_web::web::ServiceConfig;

use crate::web::pages::urls::get;
use crate::web::paths;

pub fn configure(config: &mut ServiceConfig) {
    config.service(get(paths::API, description::index)).service(get(paths::API_DESCRIPTION, description::openapi));
}
