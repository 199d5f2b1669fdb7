//! A server that sends back what it gets.

use std::net::SocketAddr;

use quinn::{Connection, Endpoint, Incoming, RecvStream, SendStream, VarInt};
use rustls::pki_types::CertificateDer;
use tokio::task::JoinHandle;

use crate::Result;
use crate::endpoints;

/// The most that a stream may carry.
pub const LONGEST: usize = 1 << 20;

pub struct Server {
    pub address: SocketAddr,
    pub certificate: CertificateDer<'static>,
    endpoint: Endpoint,
    accepting: JoinHandle<()>,
}

impl Server {
    pub fn start() -> Result<Self> {
        let (endpoint, certificate) = endpoints::server()?;
        let address = endpoint.local_addr()?;
        let accepting = tokio::spawn(accept(endpoint.clone()));
        Ok(Self {
            address,
            certificate,
            endpoint,
            accepting,
        })
    }

    /// Connects from a socket of its own.
    pub async fn connect(&self) -> Result<(Endpoint, Connection)> {
        let endpoint = endpoints::client(self.certificate.clone())?;
        let connection = endpoint.connect(self.address, endpoints::NAME)?.await?;
        Ok((endpoint, connection))
    }

    /// Tells all clients, and waits until they know.
    pub async fn end(self) -> Result {
        self.endpoint.close(VarInt::from_u32(3), b"closing time");
        self.accepting.await?;
        self.endpoint.wait_idle().await;
        Ok(())
    }
}

async fn accept(endpoint: Endpoint) {
    while let Some(incoming) = endpoint.accept().await {
        // Who is refused, or goes away, is no concern of the others.
        tokio::spawn(serve(incoming));
    }
}

async fn serve(incoming: Incoming) -> Result {
    let connection = incoming.await?;
    loop {
        tokio::select! {
            streams = connection.accept_bi() => {
                let (send, receive) = streams?;
                tokio::spawn(echo(send, receive));
            }
            datagram = connection.read_datagram() => connection.send_datagram(datagram?)?,
        }
    }
}

async fn echo(mut send: SendStream, mut receive: RecvStream) -> Result {
    let mut buffer = vec![0; 16 * 1024];
    while let Some(length) = receive.read(&mut buffer).await? {
        send.write_all(&buffer[..length]).await?;
    }
    send.finish()?;
    Ok(())
}
