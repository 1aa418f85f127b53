//! The middleware around all handlers. It finds out the client's address, connection and language, refuses requests
//! that are malformed or not for this site, gives errors without a body their page, adds the security headers and
//! writes the line of the request log. The page cache ([`page_cache`]) is outside it and answers some requests without
//! it.

mod compression;
pub mod health;
pub mod metrics;
pub mod page_cache;
pub mod session;

use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_http::{ConnectionType, ResponseHead};
use actix_web::body::{BodySize, BodyStream, BoxBody, MessageBody};
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, HOST, HeaderValue, LOCATION, REFERER, REFERRER_POLICY, RETRY_AFTER,
    SET_COOKIE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use futures_util::{FutureExt as _, stream};

use crate::logging::Repeated;
use crate::metrics::{RouteNumber, count_request, is_on};
use crate::web::api::problem::problem_response;
use crate::web::context::client::{self, Client};
use crate::web::context::facts::RequestFacts;
use crate::web::edge::compression::compressed_page;
use crate::web::edge::health::Readiness;
use crate::web::http::{connection, cookies, error, headers, host, local_path, origin_check};
use crate::web::pages::error_page::error_response;
use crate::web::{Ambient, Error, Result, Site, paths};

/// The longest request target in bytes that is accepted.
const LONGEST_TARGET: usize = 8 * 1024;

/// Marks a request that a gateway received and could not parse; the text is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedRequest(pub &'static str);

/// The middleware. [`page_cache::PageCache`] is outside it, the session middleware inside.
///
/// # Errors
/// If a handler panicked; the error contains the answer.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(site) = request.app_data::<web::Data<Site>>().map(|site| Arc::clone(site)) else {
        return Err(actix_web::error::ErrorInternalServerError("the app was built without its site"));
    };
    let visit = Visit::begin(&request, &site);
    request.extensions_mut().insert(Rc::clone(&visit.ambient));
    match visit.check(&request).await {
        Err(refusal) => {
            let response = visit.refuse(request.request(), &refusal);
            Ok(visit.end(request.into_response(response)))
        }
        Ok(Some(elsewhere)) => Ok(visit.end(request.into_response(elsewhere))),
        Ok(None) => match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(Ok(response)) => {
                let response = visit.with_error_page(response.map_into_boxed_body());
                Ok(visit.end(response))
            }
            Ok(Err(error)) => Err(error),
            Err(panic) => Err(visit.panicked(&*panic)),
        },
    }
}

/// The state of the middleware for one request.
struct Visit {
    begun: Instant,
    ambient: Rc<Ambient>,
    method: Method,
    json: bool,
    /// Whether the address is one for programs: its errors are no pages.
    is_api: bool,
    compresses: bool,
    ends_connection: bool,
}

impl Visit {
    fn begin(request: &ServiceRequest, site: &Arc<Site>) -> Self {
        let client = Client::of(request.request(), &site.security);
        let known = request.extensions().get::<RequestFacts>().copied();
        let facts = known.unwrap_or_else(|| RequestFacts::of(request.headers(), client.secure, site));
        let request_id = client.request_id.clone().unwrap_or_else(new_request_id);
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
        let here = way_back(request, &target, site);
        let is_api = paths::is_api(request.match_info().as_str(), site);
        let language = if is_api { facts.language_without_cookie } else { facts.language };
        let ambient = Ambient::new(Arc::clone(site), language, client, request_id, here, target);
        if facts.wants_fresh {
            ambient.make_private();
        }
        Self {
            begun: Instant::now(),
            method: request.method().clone(),
            json: error::wants_json(request.headers()),
            is_api,
            compresses: facts.compresses_pages(),
            ends_connection: connection::has_chunks(request.request()) || connection::is_over(request.request()),
            ambient: Rc::new(ambient),
        }
    }

    /// Checks a request before any handler runs. Returns an answer if the request must be redirected.
    async fn check(&self, request: &ServiceRequest) -> Result<Option<HttpResponse>> {
        let site = &self.ambient.site;
        if connection::is_over(request.request()) {
            return Err(Error::BadRequest("a request stands behind a body in chunks"));
        }
        if self.ends_connection {
            connection::end(request.request());
        }
        if let Some(MalformedRequest(what)) = request.extensions().get() {
            return Err(Error::BadRequest(what));
        }
        if self.ambient.target.len() > LONGEST_TARGET {
            return Err(Error::UriTooLong);
        }
        if health::is_probe(request.path(), site) {
            return Ok(None);
        }
        if !client::is_introduced(request.request(), &site.security) {
            tracing::warn!(
                target: "polls.security",
                request_id = self.ambient.request_id,
                "Refused a request of a trusted proxy that lacks X-Forwarded-For or X-Forwarded-Proto. If every request \
                 is refused, the proxy has to be told to send them: deploy/apache/embedded.conf shows how.",
            );
            return Err(Error::BadRequest("a trusted proxy did not say for whom it asks"));
        }
        let host = host::of(request, &site.security.allowed_hosts)?;
        let secure = self.ambient.client.secure;
        self.ambient.set_origin(origin(secure, &host));
        if site.security.secure_ssl_redirect && !secure {
            let host = host.strip_suffix(":80").unwrap_or(&host);
            let location = format!("https://{host}{}", self.ambient.target);
            return Ok(Some(HttpResponse::PermanentRedirect().insert_header((LOCATION, location)).finish()));
        }
        // What the API writes depends on a token, which no page of another site can make a browser send.
        if !self.is_api {
            origin_check::check(
                &self.method,
                request.headers(),
                self.ambient.origin(),
                &site.security.csrf_trusted_origins,
                self.is_secret(),
            )?;
        }
        // Static files are served without migrations: the error page about them needs its style sheet.
        if request.path().starts_with(&site.settings.static_url) {
            return Ok(None);
        }
        if let Some(readiness) = request.app_data::<web::Data<Readiness>>() {
            readiness.check().await?;
        }
        Ok(None)
    }

    fn refuse(&self, request: &HttpRequest, refusal: &Error) -> HttpResponse {
        self.log_error(refusal.status(), refusal);
        self.error_response(Some(request), refusal.status(), Some(refusal))
    }

    fn error_response(&self, request: Option<&HttpRequest>, status: StatusCode, error: Option<&Error>) -> HttpResponse {
        if self.is_api {
            return problem_response(&self.ambient, status, error);
        }
        error_response(&self.ambient, request, status, error, self.json)
    }

    /// Gives errors that have no body the site's error page.
    fn with_error_page(&self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let status = response.status();
        let bare = matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0));
        let failure = response.response().error();
        if !(status.is_client_error() || status.is_server_error()) || !(bare || failure.is_some()) {
            return response;
        }
        if let Some(failure) = failure {
            self.log_error(status, failure);
        }
        let failure = failure.and_then(actix_web::Error::as_error::<Error>);
        let mut page = self.error_response(Some(response.request()), status, failure);
        for name in [ALLOW, RETRY_AFTER] {
            if let Some(value) = response.headers().get(&name) {
                page.headers_mut().insert(name, value.clone());
            }
        }
        for cookie in response.headers().get_all(SET_COOKIE) {
            page.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        response.into_response(page)
    }

    fn log_error(&self, status: StatusCode, error: &dyn std::fmt::Display) {
        /// While the database cannot be reached, every request fails with the same error, so it is logged once with a
        /// count.
        static UNAVAILABLE: Repeated = Repeated::new(|error, times| {
            tracing::error!(target: "polls.request", times, "{error}");
        });
        let (request_id, path) = (&self.ambient.request_id, self.path());
        if status == StatusCode::SERVICE_UNAVAILABLE {
            UNAVAILABLE.log(format!("{status}: {error} request_id={request_id:?} path={path:?}"));
        } else if status.is_server_error() {
            tracing::error!(target: "polls.request", request_id, path, "{status}: {error}");
        } else {
            tracing::debug!(target: "polls.request", request_id, path, "{status}: {error}");
        }
    }

    /// Answers a request whose handler panicked. The request was lost in the panic, so the answer is returned inside an
    /// error.
    fn panicked(&self, panic: &(dyn Any + Send)) -> actix_web::Error {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        self.log_error(status, &format!("the handler panicked: {}", text.unwrap_or("without a word")));
        let mut response = self.error_response(None, status, None);
        headers::secure(response.headers_mut(), &self.ambient.site, self.ambient.client.secure);
        if is_on() {
            count_request(RouteNumber::default(), status.as_u16(), self.begun.elapsed());
        }
        self.log(status);
        InternalError::from_response("the handler panicked", response).into()
    }

    fn end(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let response = if self.compresses { response.map_body(compressed_page) } else { response };
        let mut response = if self.method == Method::HEAD { response.map_body(without_body) } else { response };
        if self.ends_connection {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
        let is_secret = self.is_secret();
        let headers = response.headers_mut();
        if is_secret {
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        headers::secure(headers, &self.ambient.site, self.ambient.client.secure);
        let is_kept_for_back = headers.get(CACHE_CONTROL) == Some(&cookies::PRIVATE_UNTIL_LEFT);
        if (headers.contains_key(SET_COOKIE) && !is_kept_for_back) || self.ambient.is_private() || is_secret {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        }
        if is_on() {
            let route = RouteNumber::of(response.request().match_pattern());
            count_request(route, response.status().as_u16(), self.begun.elapsed());
        }
        self.log(response.status());
        response
    }

    fn is_secret(&self) -> bool {
        paths::before_secret(self.target_path(), &self.ambient.site).is_some()
    }

    fn log(&self, status: StatusCode) {
        // Load balancers and the watchdog ask all the time.
        if status == StatusCode::OK && health::is_probe(self.path(), &self.ambient.site) {
            return;
        }
        log(&self.ambient.request_id, &self.method, self.path(), status, self.begun);
    }

    /// The path for the log: without the query, which may hold what people typed, and without a secret.
    fn path(&self) -> &str {
        let path = self.target_path();
        paths::before_secret(path, &self.ambient.site).unwrap_or(path)
    }

    fn target_path(&self) -> &str {
        let target = &self.ambient.target;
        target.split_once('?').map_or(target.as_str(), |(path, _)| path)
    }
}

/// The answer to HEAD: the head of the answer to GET, without the body. actix-http would leave out the body by itself,
/// but it looks at the method of the request that it read last, which is another one if a client sends two at once.
pub(super) fn without_body(head: &mut ResponseHead, body: BoxBody) -> BoxBody {
    let BodySize::Sized(length) = body.size() else {
        return body;
    };
    head.headers_mut().insert(CONTENT_LENGTH, length.into());
    head.no_chunking(true);
    BoxBody::new(BodyStream::new(stream::empty::<std::result::Result<Bytes, Infallible>>()))
}

/// The line of the request log for a page that came from memory.
pub(super) fn log_from_memory(
    request: &RequestHead,
    client: impl FnOnce() -> Client,
    status: StatusCode,
    begun: Instant,
) {
    if tracing::enabled!(target: "polls.request", tracing::Level::INFO) {
        let request_id = client().request_id.unwrap_or_else(new_request_id);
        log(&request_id, &request.method, request.uri.path(), status, begun);
    }
}

fn log(request_id: &str, method: &Method, path: &str, status: StatusCode, begun: Instant) {
    tracing::info!(
        target: "polls.request",
        request_id,
        %method,
        path,
        status = status.as_u16(),
        duration_ms = (begun.elapsed().as_secs_f64() * 1e6).round() / 1000.0,
        "{method} {path} {}", status.as_u16(),
    );
}

fn new_request_id() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

/// Where the language switch returns to: this page, or for the answer to a write the page with its form.
fn way_back(request: &ServiceRequest, target: &str, site: &Site) -> String {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return target.to_owned();
    }
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let from = text(REFERER).and_then(|referer| referer.split_once("://")?.1.strip_prefix(text(HOST)?));
    from.filter(|from| local_path::is_local(from, &site.url("/"))).map_or_else(|| site.url("/"), str::to_owned)
}

/// The origin as a browser writes it: without the default port of the scheme.
fn origin(secure: bool, host: &str) -> String {
    let (scheme, port) = if secure { ("https", ":443") } else { ("http", ":80") };
    format!("{scheme}://{}", host.strip_suffix(port).unwrap_or(host))
}
