//! The service on a port of its own, and clients of it.

use std::future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{self, Channel, Endpoint};

use crate::service::{Adder, Shared};
use crate::sums::sums_client::SumsClient;
use crate::sums::sums_server::SumsServer;

pub type Client = SumsClient<Channel>;

/// A service that serves until it is told to end, or dropped.
pub struct Server {
    pub address: SocketAddr,
    pub shared: Arc<Shared>,
    end: oneshot::Sender<()>,
    served: JoinHandle<Result<(), transport::Error>>,
}

impl Server {
    /// Binds to a free port and begins to serve.
    pub async fn start() -> std::io::Result<Self> {
        Self::start_on(TcpListener::bind("127.0.0.1:0").await?)
    }

    pub fn start_on(listener: TcpListener) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let adder = Adder::default();
        let shared = adder.0.clone();
        let (end, ended) = oneshot::channel();
        let serve = transport::Server::builder()
            .add_service(SumsServer::new(adder))
            .serve_with_incoming_shutdown(TcpIncoming::from(listener), async {
                // A sender that is gone is no reason to end.
                if ended.await.is_err() {
                    future::pending().await
                }
            });
        Ok(Self {
            address,
            shared,
            end,
            served: tokio::spawn(serve),
        })
    }

    /// Returns a client on a new connection.
    pub async fn client(&self) -> Result<Client, transport::Error> {
        Ok(SumsClient::new(endpoint(self.address)?.connect().await?))
    }

    /// Asks the service to take no more calls; the future it returns waits for those it has.
    pub fn end(self) -> impl Future<Output = Result<(), transport::Error>> {
        // Nobody listens if it has ended by itself, which its result tells.
        let _ = self.end.send(());
        async { self.served.await.expect("the server does not panic") }
    }
}

pub fn endpoint(address: SocketAddr) -> Result<Endpoint, transport::Error> {
    Endpoint::from_shared(format!("http://{address}"))
}
