//! What the service does for each request.

use std::future;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::server::Shared;
use crate::store;

type Service = State<Arc<Shared>>;

/// Lines that may wait for a client who reads slowly.
const LINES_AHEAD: usize = 4;

/// A note as it is sent.
#[derive(Serialize, Deserialize)]
pub struct Note {
    pub text: String,
}

pub async fn add(
    State(shared): Service,
    Json(note): Json<Note>,
) -> Result<(StatusCode, Json<i64>), StatusCode> {
    let id = store::add(&shared.pool, &note.text).await.map_err(status)?;
    Ok((StatusCode::CREATED, Json(id)))
}

pub async fn one(State(shared): Service, Path(id): Path<i64>) -> Result<Json<Note>, StatusCode> {
    let text = store::text(&shared.pool, id).await.map_err(status)?;
    Ok(Json(Note { text }))
}

/// All texts, a line each, sent while they are read.
pub async fn all(State(shared): Service) -> Body {
    let (lines, body) = mpsc::channel(LINES_AHEAD);
    tokio::spawn(async move {
        let mut texts = store::texts(&shared.pool);
        while let Some(text) = texts.next().await {
            // The client may have gone.
            if lines.send(text.map(|text| text + "\n")).await.is_err() {
                return;
            }
        }
    });
    Body::from_stream(ReceiverStream::new(body))
}

pub async fn swap(
    State(shared): Service,
    Path((a, b)): Path<(i64, i64)>,
) -> Result<(), StatusCode> {
    let half_way = tokio::task::yield_now();
    store::swap(&shared.pool, [a, b], half_way)
        .await
        .map_err(status)
}

/// Never gets to its second statement.
pub async fn swap_and_wait(
    State(shared): Service,
    Path((a, b)): Path<(i64, i64)>,
) -> Result<(), StatusCode> {
    let _told = TellWhenDropped(&shared.given_up);
    let half_way = async {
        shared.half_way.notify_one();
        future::pending().await
    };
    store::swap(&shared.pool, [a, b], half_way)
        .await
        .map_err(status)
}

pub async fn slow(State(shared): Service) -> &'static str {
    shared.slow.notify_one();
    shared.slow_may_end.notified().await;
    "slow, and whole"
}

pub async fn panic() {
    panic!("a handler that panics");
}

pub async fn compute(State(shared): Service) {
    shared.trap.compute();
}

pub async fn block(State(shared): Service) {
    shared.trap.block();
}

struct TellWhenDropped<'a>(&'a Notify);

impl Drop for TellWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

fn status(error: sqlx::Error) -> StatusCode {
    match error {
        sqlx::Error::RowNotFound => StatusCode::NOT_FOUND,
        sqlx::Error::PoolTimedOut => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
