//! The server: hyper on this runtime, a task for each connection.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use runtime::net::{TcpListener, TcpStream};
use runtime::task;
use runtime::time::sleep;

use crate::trap::Trap;

/// How long a failed `accept` (no descriptors left, most often) is left alone before the next.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

pub(crate) async fn serve(listener: TcpListener, trap: Trap) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => spawn_connection(stream, trap.clone()),
            Err(error) => {
                eprintln!("stuck: cannot accept a connection: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn spawn_connection(stream: TcpStream, trap: Trap) {
    // Without it the kernel holds small answers back; a stream that refuses is served all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let response = answer(request.uri().path(), &trap);
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = http1::Builder::new().serve_connection(stream, service);
    let task = task::Builder::new().name("connection");
    // A client that goes away ends its own connection and nothing else.
    drop(task.spawn(async move { drop(connection.await) }));
}

fn answer(path: &str, trap: &Trap) -> Response<Full<Bytes>> {
    let (status, text) = match path {
        "/" => (StatusCode::OK, "at your service\n"),
        "/stuck" => {
            trap.get_stuck();
            (StatusCode::OK, "out of the trap\n")
        }
        _ => (StatusCode::NOT_FOUND, "there are / and /stuck\n"),
    };
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response
}
