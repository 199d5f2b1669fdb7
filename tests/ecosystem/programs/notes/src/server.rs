//! The service: routes over the store.

use std::future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use sqlx::SqlitePool;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use trap::Trap;

use crate::handlers;

const LONGEST_BODY: usize = 1024;

/// What the handlers share, with each other and with the program that looks on.
pub struct Shared {
    pub pool: SqlitePool,
    pub trap: Trap,
    /// A swap is between its two statements, and was given up there.
    pub half_way: Notify,
    pub given_up: Notify,
    /// A slow answer is being made, and may be ended.
    pub slow: Notify,
    pub slow_may_end: Notify,
}

/// The service on a port of its own.
pub struct Server {
    pub address: SocketAddr,
    pub shared: Arc<Shared>,
    end: oneshot::Sender<()>,
    served: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Binds and begins to serve.
    pub async fn start(pool: SqlitePool) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            pool,
            trap: Trap::new(),
            half_way: Notify::new(),
            given_up: Notify::new(),
            slow: Notify::new(),
            slow_may_end: Notify::new(),
        });
        let (end, ended) = oneshot::channel();
        let serve = axum::serve(listener, routes(shared.clone())).with_graceful_shutdown(async {
            // A sender that is gone is no reason to end.
            if ended.await.is_err() {
                future::pending().await
            }
        });
        let served = tokio::spawn(serve.into_future());
        Ok(Self {
            address,
            shared,
            end,
            served,
        })
    }

    /// Asks the service to take no more; the future it returns waits for what it has.
    pub fn end(self) -> impl Future<Output = io::Result<()>> {
        // Nobody listens if it has ended by itself, which its result tells.
        let _ = self.end.send(());
        async { self.served.await? }
    }
}

fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/notes", post(handlers::add).get(handlers::all))
        .route("/notes/{id}", get(handlers::one))
        .route("/swap/{a}/{b}", post(handlers::swap))
        .route("/swap/{a}/{b}/and-wait", post(handlers::swap_and_wait))
        .route("/slow", get(handlers::slow))
        .route("/panic", get(handlers::panic))
        .route("/compute", get(handlers::compute))
        .route("/block", get(handlers::block))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(shared)
}
