//! The gateways (HTTP, FastCGI, CGI): each turns a listener or standard input into requests to the same app.

pub mod cgi;
pub mod drain;
pub mod fastcgi;
pub mod http;
pub mod listen;
mod paced;
pub mod params;
pub mod response;
pub mod service_manager;
pub mod signals;

use actix_http::Request;
use actix_service::ServiceFactory;
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceResponse};

/// A factory of the service that answers requests, which is made once for each worker: the app, or a stand-in of a
/// test.
pub trait Application:
    ServiceFactory<
        Request,
        Config = AppConfig,
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
        Service: 'static,
        Future: 'static,
    > + 'static
{
}

impl<F> Application for F where
    F: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
            Service: 'static,
            Future: 'static,
        > + 'static
{
}
