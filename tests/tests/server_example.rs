//! hyper serves and asks over loopback with this runtime's executor, timer and TCP
//! streams, on both schedulers.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::channel::Channel;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Version};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use runtime::hyper::{Executor, Timer};
use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::Builder;
use runtime::time::timeout;

/// Far beyond what any test takes: a hang becomes a failure.
const HANG: Duration = Duration::from_secs(60);

fn on_both_schedulers<F: Future>(test: impl Fn() -> F) {
    let mut multi_thread = Builder::new_multi_thread();
    multi_thread.worker_threads(2);
    for mut builder in [Builder::new_current_thread(), multi_thread] {
        let runtime = builder.enable_all().build().unwrap();
        runtime.block_on(async { timeout(HANG, test()).await.expect("the test hangs") });
    }
}

async fn echo(request: Request<Incoming>) -> Result<Response<Incoming>, Infallible> {
    let version = request.version();
    let mut response = Response::new(request.into_body());
    *response.version_mut() = version;
    Ok(response)
}

/// Starts a server that echoes bodies, HTTP/1.1 and HTTP/2 on one port.
async fn start_echo_server() -> (SocketAddr, Arc<GracefulShutdown>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let graceful = Arc::new(GracefulShutdown::new());
    let watch = Arc::clone(&graceful);
    drop(runtime::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let connection = auto::Builder::new(Executor::new())
            .serve_connection(stream, service_fn(echo))
            .into_owned();
        let watched = watch.watch(connection);
        drop(watch);
        watched.await.unwrap();
    }));
    (addr, graceful)
}

/// A client's end of one connection, whichever protocol it speaks.
enum Client<B> {
    Http1(http1::SendRequest<B>),
    Http2(http2::SendRequest<B>),
}

impl<B> Client<B>
where
    B: Body<Data = Bytes, Error = Infallible> + Send + Unpin + 'static,
{
    async fn connect(version: Version, addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        if version == Version::HTTP_2 {
            let (sender, connection) = http2::handshake(Executor::new(), stream).await.unwrap();
            drop(runtime::spawn(connection));
            Self::Http2(sender)
        } else {
            let (sender, connection) = http1::handshake(stream).await.unwrap();
            drop(runtime::spawn(connection));
            Self::Http1(sender)
        }
    }

    async fn post(&mut self, body: B) -> hyper::Result<Response<Incoming>> {
        let request = Request::post("http://localhost/").body(body).unwrap();
        match self {
            Self::Http1(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
            Self::Http2(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
        }
    }
}

async fn echoes_many_requests_on_one_connection(version: Version) {
    let (addr, _graceful) = start_echo_server().await;
    let mut client = Client::<Full<Bytes>>::connect(version, addr).await;
    for number in 0..100 {
        let sent = Bytes::from(format!("request {number}"));
        let response = client.post(Full::new(sent.clone())).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.version(), version);
        let got = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(got, sent);
    }
}

#[test]
fn http1_keeps_a_connection_for_many_requests() {
    on_both_schedulers(|| echoes_many_requests_on_one_connection(Version::HTTP_11));
}

#[test]
fn http2_keeps_a_connection_for_many_requests() {
    on_both_schedulers(|| echoes_many_requests_on_one_connection(Version::HTTP_2));
}

#[test]
fn http2_carries_many_requests_at_once() {
    on_both_schedulers(|| async {
        let (addr, _graceful) = start_echo_server().await;
        let Client::Http2(sender) = Client::connect(Version::HTTP_2, addr).await else {
            unreachable!("HTTP/2 was asked for")
        };
        let requests: Vec<_> = (0..64)
            .map(|number| {
                let mut client = Client::Http2(sender.clone());
                runtime::spawn(async move {
                    let sent = Bytes::from(vec![number; 10_000]);
                    let response = client.post(Full::new(sent.clone())).await.unwrap();
                    let got = response.into_body().collect().await.unwrap().to_bytes();
                    assert_eq!(got, sent);
                })
            })
            .collect();
        for request in requests {
            request.await.unwrap();
        }
    });
}

async fn streams_a_body_beyond_every_buffer(version: Version) {
    const LENGTH: usize = 16 << 20;
    let sent: Bytes = (0..LENGTH).map(|i| (i % 251) as u8).collect();
    let (addr, _graceful) = start_echo_server().await;
    let mut client = Client::connect(version, addr).await;
    let response = client.post(Full::new(sent.clone())).await.unwrap();
    let got = response.into_body().collect().await.unwrap().to_bytes();
    assert!(got == sent, "{} bytes came back", got.len());
}

#[test]
fn http1_streams_a_large_body_back() {
    on_both_schedulers(|| streams_a_body_beyond_every_buffer(Version::HTTP_11));
}

#[test]
fn http2_streams_a_large_body_back() {
    on_both_schedulers(|| streams_a_body_beyond_every_buffer(Version::HTTP_2));
}

async fn drains_a_request_under_way(version: Version) {
    let (addr, graceful) = start_echo_server().await;
    let mut client = Client::<Channel<Bytes>>::connect(version, addr).await;
    let (mut upload, body) = Channel::new(1);
    let mut response = client.post(body).await.unwrap().into_body();
    upload.send_data(Bytes::from("before ")).await.unwrap();
    let before = response.frame().await.unwrap().unwrap().into_data();
    assert_eq!(before.unwrap(), "before ");

    let graceful = Arc::into_inner(graceful).expect("the server's task has dropped its clone");
    let drained = runtime::spawn(graceful.shutdown());
    upload.send_data(Bytes::from("after")).await.unwrap();
    drop(upload);

    let after = response.collect().await.unwrap().to_bytes();
    assert_eq!(after, "after");
    drained.await.unwrap();
    let (_upload, body) = Channel::new(1);
    assert!(client.post(body).await.is_err(), "the connection is closed");
}

#[test]
fn http1_shutdown_waits_for_the_request_under_way() {
    on_both_schedulers(|| drains_a_request_under_way(Version::HTTP_11));
}

#[test]
fn http2_shutdown_waits_for_the_request_under_way() {
    on_both_schedulers(|| drains_a_request_under_way(Version::HTTP_2));
}

#[test]
fn a_client_that_never_finishes_its_headers_is_dropped_in_time() {
    const LIMIT: Duration = Duration::from_millis(50);
    on_both_schedulers(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let client = client.await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        client.writable().await.unwrap();
        client.try_write(b"GET / HTT").unwrap();

        let started = Instant::now();
        let served = hyper::server::conn::http1::Builder::new()
            .timer(Timer::new())
            .header_read_timeout(LIMIT)
            .serve_connection(server, service_fn(echo))
            .await;

        assert!(served.unwrap_err().is_timeout());
        assert!(started.elapsed() >= LIMIT);
        assert_closed(&client).await.unwrap();
    });
}

/// Reads what is left and expects the end after it.
async fn assert_closed(stream: &TcpStream) -> io::Result<()> {
    let mut left = [0; 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut left) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
}
