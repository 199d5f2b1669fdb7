//! What each path answers.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use runtime::time::sleep;

use crate::metrics_page;

pub(crate) const HELLO: &str = "Hello, world!\n";

const SLEEP: &str = "/sleep/";
const LONGEST_SLEEP_MS: u64 = 60_000;

/// A text of ours, or the request's own body on its way back.
pub(crate) type Body = Either<Full<Bytes>, Incoming>;

pub(crate) async fn answer(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path();
    let Some(allowed) = allowed_method(path) else {
        return Ok(not_found());
    };
    if request.method() != allowed {
        return Ok(wrong_method(allowed));
    }
    Ok(match path {
        "/" => text(StatusCode::OK, HELLO),
        "/echo" => echo(request),
        "/metrics" => text(StatusCode::OK, metrics_page::render()),
        _ => sleep_for(&path[SLEEP.len()..]).await,
    })
}

/// The one method that `path` takes, if there is such a path.
fn allowed_method(path: &str) -> Option<&'static str> {
    match path {
        "/" | "/metrics" => Some("GET"),
        "/echo" => Some("POST"),
        _ => path.starts_with(SLEEP).then_some("GET"),
    }
}

/// Streams: a frame of the body goes back before the next is read, so memory stays bounded.
fn echo(request: Request<Incoming>) -> Response<Body> {
    Response::new(Either::Right(request.into_body()))
}

async fn sleep_for(ms: &str) -> Response<Body> {
    match ms.parse() {
        Ok(ms @ 0..=LONGEST_SLEEP_MS) => {
            sleep(Duration::from_millis(ms)).await;
            text(StatusCode::OK, format!("slept {ms} ms\n"))
        }
        _ => text(
            StatusCode::BAD_REQUEST,
            format!("give whole milliseconds from 0 to {LONGEST_SLEEP_MS}, such as /sleep/250\n"),
        ),
    }
}

fn not_found() -> Response<Body> {
    text(
        StatusCode::NOT_FOUND,
        "no such path: there are /, /echo, /sleep/{ms} and /metrics\n",
    )
}

fn wrong_method(allowed: &'static str) -> Response<Body> {
    let mut response = text(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("this path takes {allowed} only\n"),
    );
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(body.into())));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}
