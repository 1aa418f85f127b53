//! FastCGI by tokio-fastcgi, for mod_proxy_fcgi, mod_fcgid and other web servers. As for HTTP, actix-server accepts the
//! connections and runs the workers.

mod connection;
mod records;
mod writer;

use std::io;
use std::rc::Rc;
use std::sync::Arc;

use actix_http::Request;
use actix_server::{GracefulShutdownSignal, Server as ActixServer};
use actix_service::{IntoServiceFactory, ServiceFactory, fn_factory, fn_service};
use actix_web::dev::AppConfig;
use tokio::io::{AsyncRead, AsyncWrite};

use super::Application;
use super::drain::{self, Drain};
use super::listen::{Listener, ListeningSocket};
use crate::settings::ServerSettings;

pub use connection::serve_connection;

/// Serves FastCGI until SIGTERM, with one app for each worker, then stops as [`drain`] describes. Requests that have
/// begun get the shutdown timeout to finish. `body_limit` is the most bytes of a request's body that are kept.
///
/// # Errors
/// If a listener cannot be used.
pub async fn serve<I, A>(
    app: impl Fn() -> I + Clone + Send + 'static,
    listeners: Vec<Listener>,
    settings: &ServerSettings,
    body_limit: usize,
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
    for listener in listeners {
        let (app, stopping, drain) = (app.clone(), stopping.clone(), Arc::clone(&drain));
        let name = "fastcgi";
        server = match listener.socket {
            ListeningSocket::Tcp(socket) => server.listen(name, socket, move || {
                connections(app.clone(), stopping.clone(), Arc::clone(&drain), body_limit)
            })?,
            ListeningSocket::Unix(socket) => server.listen_uds(name, socket, move || {
                connections(app.clone(), stopping.clone(), Arc::clone(&drain), body_limit)
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
    body_limit: usize,
) -> impl ServiceFactory<S, Config = (), Response = (), Error = (), InitError = ()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    I: IntoServiceFactory<A, Request> + 'static,
    A: Application,
{
    fn_factory(move || {
        let (app, stopping, drain) = (app.clone(), stopping.clone(), Arc::clone(&drain));
        async move {
            let service = app().into_factory().new_service(AppConfig::default()).await?;
            let service = Rc::new(service);
            Ok(fn_service(move |stream: S| {
                let (service, stopping, kept) = (Rc::clone(&service), stopping.clone(), drain.connection());
                async move {
                    serve_connection(stream, &*service, body_limit, &kept, stopping.notified()).await;
                    Ok(())
                }
            }))
        }
    })
}
