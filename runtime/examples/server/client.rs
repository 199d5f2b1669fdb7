//! A keep-alive HTTP/1.1 client built on the runtime, which asks for one page over and over.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, StatusCode};
use runtime::net::TcpStream;
use runtime::time::timeout;

use crate::{Failure, routes};

/// How long the last answer may take before it counts as an error.
const PATIENCE: Duration = Duration::from_secs(10);

/// One open connection.
#[derive(Debug)]
pub(crate) struct Client {
    sender: SendRequest<Empty<Bytes>>,
    host: HeaderValue,
}

/// What one connection has seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) latencies: Vec<Duration>,
    pub(crate) errors: Vec<Failure>,
}

impl Client {
    pub(crate) async fn connect(addr: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(stream).await?;
        // It ends with the sender; what goes wrong on it is the error of the request under way.
        drop(runtime::spawn(connection));
        let host = HeaderValue::try_from(addr.to_string())?;
        Ok(Self { sender, host })
    }

    /// Sends one request after another until `deadline`, and adds each
    /// answer to `answered` at once.
    ///
    /// A broken connection stays broken: it is one error, and the load is less by one
    /// connection from then on.
    pub(crate) async fn load_until(mut self, deadline: Instant, answered: &AtomicU64) -> Tally {
        let mut tally = Tally::default();
        let patience = deadline.saturating_duration_since(Instant::now()) + PATIENCE;
        let load = self.send_requests(deadline, answered, &mut tally.latencies);
        match timeout(patience, load).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tally.errors.push(error),
            Err(_) => tally
                .errors
                .push(format!("no answer within {PATIENCE:?}").into()),
        }
        tally
    }

    async fn send_requests(
        &mut self,
        deadline: Instant,
        answered: &AtomicU64,
        latencies: &mut Vec<Duration>,
    ) -> Result<(), Failure> {
        let mut now = Instant::now();
        while now < deadline {
            let sent = now;
            self.get().await?;
            now = Instant::now();
            latencies.push(now - sent);
            answered.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Asks for `/` once and checks the whole answer.
    async fn get(&mut self) -> Result<(), Failure> {
        let request = Request::get("/")
            .header(HOST, &self.host)
            .body(Empty::new())?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status != StatusCode::OK || body != routes::HELLO {
            return Err(format!("unexpected answer: {status}, {} bytes", body.len()).into());
        }
        Ok(())
    }
}
