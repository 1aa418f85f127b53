//! HTTP by actix-http, for mod_proxy or directly for browsers.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{ConnectionType, HttpService, Request};
use actix_server::{GracefulShutdownSignal, Server as ActixServer};
use actix_service::{
    IntoServiceFactory, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory, fn_service, map_config,
};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Service, ServiceResponse};
use actix_web::rt::net::{TcpStream, UnixStream};
use tokio::io::{AsyncRead, AsyncWrite};

use super::Application;
use super::drain::{self, Drain, KeptConnection};
use super::listen::{Listener, ListeningSocket};
use super::paced::Paced;
use crate::settings::ServerSettings;
use crate::web::context::client::LocalPeer;
use crate::web::http::connection::Connection;

/// After an answer that was sent before the whole body arrived, the rest of the body is read for so long: a client that
/// is cut off before it has sent its body does not read the answer. The connection keeps its buffers meanwhile.
/// actix-http (3.20.0) counts from a clock that it reads every half second, and never ends a time that is over when it
/// begins: with less than that, a connection stayed until the client closed it.
const LINGER: Duration = Duration::from_secs(1);

/// Serves HTTP until SIGTERM, with one app for each worker, then stops as [`drain`] describes. Requests that have begun
/// get the shutdown timeout to finish.
///
/// # Errors
/// If a listener cannot be used, or the server fails.
pub async fn serve<I, A>(
    app: impl Fn() -> I + Clone + Send + 'static,
    listeners: Vec<Listener>,
    settings: &ServerSettings,
) -> io::Result<()>
where
    I: IntoServiceFactory<A, Request> + 'static,
    A: Application,
{
    let drain = Arc::new(Drain::default());
    let handed_over = listeners.iter().all(|listener| listener.handed_over);
    let mut server = ActixServer::build()
        .workers(settings.workers)
        .max_concurrent_connections(settings.connections_of_a_worker())
        .shutdown_timeout(settings.shutdown_timeout.as_secs())
        .disable_signals();
    let stopping = server.graceful_shutdown_signal();
    let keep_alive = settings.keep_alive;
    for listener in listeners {
        let (app, stopping, drain) = (app.clone(), stopping.clone(), Arc::clone(&drain));
        server = match listener.socket {
            ListeningSocket::Tcp(socket) => server.listen("http", socket, move || {
                let peer = |stream: &TcpStream| stream.peer_addr().ok();
                connections(app.clone(), stopping.clone(), Arc::clone(&drain), keep_alive, peer, false)
            })?,
            ListeningSocket::Unix(socket) => server.listen_uds("http", socket, move || {
                let peer = |_: &UnixStream| None;
                connections(app.clone(), stopping.clone(), Arc::clone(&drain), keep_alive, peer, true)
            })?,
        };
    }
    drain::run(server.run(), drain, handed_over).await
}

/// The service of one worker: one app for all its connections.
fn connections<S, I, A>(
    app: impl Fn() -> I + Clone + 'static,
    stopping: GracefulShutdownSignal,
    drain: Arc<Drain>,
    keep_alive: Duration,
    peer: fn(&S) -> Option<SocketAddr>,
    is_local: bool,
) -> impl ServiceFactory<S, Config = (), Response = (), Error = actix_http::error::DispatchError, InitError = ()>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
    I: IntoServiceFactory<A, Request> + 'static,
    A: Application,
{
    let app = apply_fn_factory(app(), answer::<A::Service>).map_err(|error| error.error_response());
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(keep_alive)
        .client_disconnect_timeout(LINGER)
        .on_connect_ext(move |_: &Paced<S>, data| {
            data.insert(Connection::default());
            data.insert(Rc::new(drain.connection()));
            if is_local {
                data.insert(LocalPeer);
            }
        })
        .h1(map_config(app, |()| AppConfig::default()));
    fn_service(move |stream: S| async move {
        let peer = peer(&stream);
        Ok((Paced::new(stream), peer))
    })
    .and_then(http)
}

/// Answers a request, with `Connection: close` if the connection may not be used again.
fn answer<S>(request: Request, app: &S) -> impl Future<Output = Result<ServiceResponse<BoxBody>, S::Error>> + use<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>>,
{
    let kept = request.conn_data::<Rc<KeptConnection>>().cloned();
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
