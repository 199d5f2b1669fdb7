//! The hello server, written once for every runtime.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};

use super::options::ServerOptions;
use super::serves::Serves;
use super::{BODY, Burner};
use crate::under_test::TaskHandle;

/// A runtime that serves until it is dropped.
#[derive(Debug)]
pub(super) struct Server<R> {
    _runtime: R,
}

impl<R> Server<R> {
    /// Goes on serving for a while, then stops.
    pub(super) fn keep(self, duration: Duration) {
        thread::sleep(duration);
    }
}

/// Binds the port and serves on a new runtime.
pub(super) fn start<R: Serves>(options: &ServerOptions) -> io::Result<Server<R>> {
    let runtime = R::build(options.workers)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    listener.set_nonblocking(true)?;
    let listener = runtime.block_on(async { R::listen(listener) })?;
    let mut protocol = http1::Builder::new();
    if options.timers {
        protocol.timer(R::timer());
    }
    let burner = Arc::new(Burner::new(options.burn_every));
    let accepting = accept_all::<R>(listener, protocol, burner);
    runtime.spawn_from_outside(accepting).detach();
    Ok(Server { _runtime: runtime })
}

async fn accept_all<R: Serves>(
    listener: R::Listener,
    protocol: http1::Builder,
    burner: Arc<Burner>,
) {
    loop {
        match R::accept(&listener).await {
            Ok(stream) => R::spawn(serve(protocol.clone(), stream, burner.clone())).detach(),
            Err(error) => eprintln!("accept: {error}"),
        }
    }
}

async fn serve<S>(protocol: http1::Builder, stream: S, burner: Arc<Burner>)
where
    S: hyper::rt::Read + hyper::rt::Write + Unpin,
{
    let hello = service_fn(|_: Request<hyper::body::Incoming>| {
        burner.request();
        let response = Response::new(Full::new(Bytes::from_static(BODY.as_bytes())));
        async { Ok::<_, Infallible>(response) }
    });
    // A client that goes away is no fault of the server.
    let _ = protocol.serve_connection(stream, hello).await;
}
