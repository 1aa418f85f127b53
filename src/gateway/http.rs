//! HTTP, by actix-web: for mod_proxy, or for browsers directly.

use std::io;

use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::HttpServer;
use actix_web::rt::net::UnixStream;

use super::Application;
use super::listen::{Listener, ListeningSocket};
use crate::settings::Server;
use crate::web::client::LocalPeer;
use crate::web::connection::Connection;

/// Serves what `app` makes for each worker until SIGTERM, then lets requests in flight finish within the
/// shutdown timeout.
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
    let mut server = HttpServer::new(app)
        .on_connect(|connection, data| {
            data.insert(Connection::default());
            if connection.is::<UnixStream>() {
                data.insert(LocalPeer);
            }
        })
        .workers(settings.workers)
        .keep_alive(settings.keep_alive)
        .shutdown_timeout(settings.shutdown_timeout.as_secs());
    for listener in listeners {
        server = match listener.socket {
            ListeningSocket::Tcp(socket) => server.listen(socket)?,
            ListeningSocket::Unix(socket) => server.listen_uds(socket)?,
        };
    }
    server.run().await
}
