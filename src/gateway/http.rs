//! HTTP, by actix-web: for mod_proxy, or for browsers directly.

use std::io;
use std::rc::Rc;
use std::sync::Arc;

use actix_http::{ConnectionType, Request};
use actix_service::{IntoServiceFactory, apply_fn_factory};
use actix_web::HttpServer;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::rt::net::UnixStream;

use super::Application;
use super::drain::{self, Drain, Kept};
use super::listen::{Listener, ListeningSocket};
use crate::settings::Server;
use crate::web::client::LocalPeer;
use crate::web::connection::Connection;

/// Serves what `app` makes for each worker until SIGTERM, then as [`drain`] says, and lets requests in flight finish
/// within the shutdown timeout.
///
/// # Errors
/// If a listener cannot be used.
pub async fn serve<I, A>(
    app: impl Fn() -> I + Clone + Send + 'static,
    listeners: Vec<Listener>,
    settings: &Server,
) -> io::Result<()>
where
    I: IntoServiceFactory<A, Request> + 'static,
    A: Application,
{
    let drain = Arc::new(Drain::default());
    let handed_over = listeners.iter().all(|listener| listener.handed_over);
    let connections = Arc::clone(&drain);
    let mut server = HttpServer::new(move || apply_fn_factory(app(), answer::<A::Service>))
        .on_connect(move |connection, data| {
            data.insert(Connection::default());
            data.insert(Rc::new(connections.connection()));
            if connection.is::<UnixStream>() {
                data.insert(LocalPeer);
            }
        })
        .workers(settings.workers)
        .keep_alive(settings.keep_alive)
        .shutdown_timeout(settings.shutdown_timeout.as_secs())
        .disable_signals();
    for listener in listeners {
        server = match listener.socket {
            ListeningSocket::Tcp(socket) => server.listen(socket)?,
            ListeningSocket::Unix(socket) => server.listen_uds(socket)?,
        };
    }
    drain::run(server.run(), drain, handed_over).await
}

/// Answers a request, and lets the connection end with it if it may not be used again.
fn answer<S>(request: Request, app: &S) -> impl Future<Output = Result<ServiceResponse<BoxBody>, S::Error>> + use<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>>,
{
    let kept = request.conn_data::<Rc<Kept>>().cloned();
    let asks_to_keep = request.head().connection_type() != ConnectionType::Close;
    if let Some(kept) = &kept {
        kept.begin_request();
    }
    let answer = app.call(request);
    async move {
        let mut answer = answer.await?;
        let head = answer.response_mut().head_mut();
        let is_kept = asks_to_keep && head.connection_type() != ConnectionType::Close;
        if is_kept && !kept.is_some_and(|kept| kept.end_request()) {
            head.set_connection_type(ConnectionType::Close);
        }
        Ok(answer)
    }
}
