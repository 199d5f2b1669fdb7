//! A client of the chat.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::Result;
use crate::certificates::NAME;

/// Somebody in the room.
pub struct Client {
    pub socket: WebSocketStream<TlsStream<TcpStream>>,
}

impl Client {
    /// Connects, gives its name and waits until it is in.
    pub async fn join(address: SocketAddr, connector: TlsConnector, name: &str) -> Result<Self> {
        let stream = shake_hands(address, connector, NAME).await?;
        let url = format!("wss://{NAME}/");
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await?;
        let mut client = Self { socket };
        client.say(name).await?;
        client.hear_until(&format!("{name} joined")).await?;
        Ok(client)
    }

    pub async fn say(&mut self, text: &str) -> tungstenite::Result<()> {
        self.socket.send(Message::from(text)).await
    }

    /// Returns the next line, or nothing if the server has hung up.
    pub async fn hear(&mut self) -> tungstenite::Result<Option<String>> {
        match self.socket.next().await.transpose()? {
            Some(Message::Text(line)) => Ok(Some(line.to_string())),
            _ => Ok(None),
        }
    }

    /// Returns all lines up to the one that is waited for.
    pub async fn hear_until(&mut self, last: &str) -> Result<Vec<String>> {
        let mut heard = Vec::new();
        loop {
            let line = self.hear().await?.ok_or("the server hung up")?;
            let found = line == last;
            heard.push(line);
            if found {
                return Ok(heard);
            }
        }
    }

    /// Says goodbye and waits until the server has, too.
    pub async fn leave(mut self) -> tungstenite::Result<()> {
        self.socket.close(None).await?;
        while !matches!(
            self.socket.next().await.transpose()?,
            Some(Message::Close(_)) | None
        ) {}
        Ok(())
    }
}

/// Connects to a server that calls itself by a name.
pub async fn shake_hands(
    address: SocketAddr,
    connector: TlsConnector,
    name: &'static str,
) -> Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    Ok(connector
        .connect(ServerName::try_from(name)?, stream)
        .await?)
}
