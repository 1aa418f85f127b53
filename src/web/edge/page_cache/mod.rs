//! The page cache: answers requests for public pages from memory, or from files for processes that answer one request
//! each (CGI).
//!
//! A page for readers without a session is the same bytes for everybody who asks for the same address in the same
//! language and encoding, so it is made at most once a second, and anew after every change. That second is the wall
//! clock's and the page's `Date`: a question that is published or closed at a set time is shown so on time, and a
//! shared cache in front of the program, which may keep a page for that same second, does not add to its age.

mod file_format;
mod files;
mod key;
mod memory;
mod past;
mod stored;

pub use files::{FoundPage, PageFiles};

use std::future::{Ready, ready};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::Error;
use actix_web::HttpMessage as _;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use futures_util::future::{Either, LocalBoxFuture};

use crate::db::Database;
use crate::metrics;
use crate::web::context::client::{self, Client};
use crate::web::context::facts::RequestFacts;
use crate::web::edge::page_cache::key::Key;
use crate::web::edge::page_cache::memory::Memory;
use crate::web::http::connection;
use crate::web::{Site, edge};

/// The middleware, outside [`edge`].
pub struct PageCache {
    pub site: Data<Site>,
    pub db: Data<Database>,
    pub enabled: bool,
}

impl<S> Transform<S, ServiceRequest> for PageCache
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type InitError = ();
    type Transform = Remembering<S>;
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let memory = self.enabled.then(|| Rc::new(Memory::new(self.db.clone())));
        ready(Ok(Remembering { service, site: self.site.clone(), memory }))
    }
}

/// The service of one worker, with its cached pages.
pub struct Remembering<S> {
    service: S,
    site: Data<Site>,
    memory: Option<Rc<Memory>>,
}

type ServiceResult = Result<ServiceResponse<BoxBody>, Error>;

impl<S> Service<ServiceRequest> for Remembering<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = Either<Ready<ServiceResult>, Either<S::Future, LocalBoxFuture<'static, ServiceResult>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let begun = Instant::now();
        let known = request.extensions().get::<RequestFacts>().copied();
        let facts = known.unwrap_or_else(|| {
            RequestFacts::of(request.headers(), client::is_secure(&request, &self.site.security), &self.site)
        });
        let known = self.memory.as_ref().and_then(|memory| {
            let asked = request.request();
            if !client::is_introduced(asked, &self.site.security)
                || connection::has_chunks(asked)
                || connection::is_over(asked)
            {
                return None;
            }
            let key = Key::of(request.head(), facts)?;
            Some((memory, memory.moment(begun)?, key))
        });
        let Some((memory, moment, key)) = known else {
            request.extensions_mut().insert(facts);
            return Either::Right(Either::Left(self.service.call(request)));
        };
        if let Some((response, route)) = memory.answer(&key, request.headers()) {
            let response = whole_or_head(request.into_response(response));
            let (request, security) = (response.request(), &self.site.security);
            edge::log_from_memory(request.head(), || Client::of(request, security), response.status(), begun);
            if metrics::is_on() {
                metrics::PAGE_MEMORY.count("hit");
                metrics::count_request(route, response.status().as_u16(), begun.elapsed());
            }
            return Either::Left(ready(Ok(response)));
        }
        metrics::PAGE_MEMORY.count("miss");
        let key = key.into_owned();
        request.extensions_mut().insert(facts);
        let (memory, answer) = (Rc::clone(memory), self.service.call(request));
        Either::Right(Either::Right(Box::pin(async move {
            let answer = answer.await?;
            if answer.status() == StatusCode::SERVICE_UNAVAILABLE
                && let Some(page) = memory.past_answer(&key, answer.request().headers(), begun)
            {
                return Ok(whole_or_head(answer.into_response(page)));
            }
            Ok(memory.keep(key, moment, answer))
        })))
    }
}

fn whole_or_head(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if *response.request().method() == Method::HEAD { response.map_body(edge::without_body) } else { response }
}
