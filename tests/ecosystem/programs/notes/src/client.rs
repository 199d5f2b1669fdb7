//! The client of the service, and what its errors come to in one line.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::{Response, StatusCode};

use crate::handlers::Note;

/// For requests that are not answered.
pub const TIMEOUT: Duration = Duration::from_millis(300);

/// A client that is cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: SocketAddr,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            http: reqwest::Client::new(),
            address,
        }
    }

    /// Returns a client that takes a new connection for each request.
    ///
    /// A server that refuses a request hangs up on what it has not read. One that is sent at
    /// that moment on the same connection would be lost, on any runtime.
    pub fn without_reuse(address: SocketAddr) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { http, address })
    }

    pub async fn get(&self, path: &str) -> reqwest::Result<Response> {
        self.http.get(self.url(path)).send().await
    }

    pub async fn post(&self, path: &str) -> reqwest::Result<Response> {
        self.http.post(self.url(path)).send().await
    }

    /// Posts a body of the given type.
    pub async fn post_body(
        &self,
        path: &str,
        content_type: &str,
        body: String,
    ) -> reqwest::Result<StatusCode> {
        let request = self.http.post(self.url(path)).body(body);
        let answer = request.header("content-type", content_type).send().await?;
        Ok(answer.status())
    }

    /// Adds a note and returns its number.
    pub async fn add(&self, text: String) -> reqwest::Result<i64> {
        let request = self.http.post(self.url("/notes")).json(&Note { text });
        request.send().await?.error_for_status()?.json().await
    }

    /// Returns the text of a note.
    pub async fn text(&self, id: i64) -> reqwest::Result<String> {
        let answer = self.get(&format!("/notes/{id}")).await?;
        let note: Note = answer.error_for_status()?.json().await?;
        Ok(note.text)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Says of what kind an error is and what began it, without addresses.
pub fn described(error: &reqwest::Error) -> String {
    let kinds = [
        (error.is_connect(), "connect"),
        (error.is_timeout(), "timeout"),
        (error.is_request(), "request"),
        (error.is_body(), "body"),
        (error.is_decode(), "decode"),
        (error.is_status(), "status"),
    ];
    let kinds: Vec<_> = kinds
        .iter()
        .filter(|kind| kind.0)
        .map(|kind| kind.1)
        .collect();
    format!("{} error, from: {}", kinds.join("+"), root(error))
}

fn root(error: &(dyn Error + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    match root.downcast_ref::<io::Error>() {
        Some(error) => error.kind().to_string(),
        None => root.to_string(),
    }
}
