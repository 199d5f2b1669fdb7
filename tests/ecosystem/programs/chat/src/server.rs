//! The chat's room: what anybody says is heard by all, in the same order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use trap::Trap;

use crate::Result;

/// How long a client may take until it is in.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_millis(500);
/// The longest message, in bytes.
const LONGEST_MESSAGE: usize = 4 * 1024;
/// Lines that a client may be behind.
const LINES_BEHIND: usize = 4 * 1024;

/// A room on a port of its own.
pub struct Server {
    pub address: SocketAddr,
    pub room: Arc<Room>,
    /// Why clients were refused or thrown out.
    faults: mpsc::UnboundedReceiver<String>,
}

/// What the connections share.
pub struct Room {
    lines: broadcast::Sender<String>,
    pub trap: Trap,
}

impl Server {
    /// Binds to a free port and lets clients in.
    pub async fn start(acceptor: TlsAcceptor) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let room = Arc::new(Room {
            lines: broadcast::Sender::new(LINES_BEHIND),
            trap: Trap::new(),
        });
        let (fault, faults) = mpsc::unbounded_channel();
        tokio::spawn(accept_all(listener, acceptor, room.clone(), fault));
        Ok(Self {
            address,
            room,
            faults,
        })
    }

    /// Waits for somebody to be refused or thrown out, and returns why.
    pub async fn fault(&mut self) -> String {
        self.faults
            .recv()
            .await
            .expect("the server accepts as long as the program runs")
    }
}

async fn accept_all(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    room: Arc<Room>,
    fault: mpsc::UnboundedSender<String>,
) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let (acceptor, room, fault) = (acceptor.clone(), room.clone(), fault.clone());
        tokio::spawn(async move {
            if let Err(error) = room.serve(stream, acceptor).await {
                // Nobody asks at the end of the program.
                let _ = fault.send(error.to_string());
            }
        });
    }
}

impl Room {
    /// Serves one client; the first thing it says is its name.
    async fn serve(&self, stream: TcpStream, acceptor: TlsAcceptor) -> Result {
        let config = WebSocketConfig::default().max_message_size(Some(LONGEST_MESSAGE));
        let shake_hands = async {
            let stream = acceptor.accept(stream).await?;
            let socket = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await?;
            Result::Ok(socket)
        };
        let mut socket = match timeout(HANDSHAKE_TIMEOUT, shake_hands).await {
            Ok(socket) => socket?,
            Err(_) => return Err("the handshake took too long".into()),
        };
        let Some(name) = socket.next().await.transpose()? else {
            return Ok(());
        };
        // Before the others hear of it, so that nothing is missed.
        let mut lines = self.lines.subscribe();
        self.say(format!("{name} joined"));
        let left = LeftWhenDropped(self, name.to_string());
        loop {
            tokio::select! {
                line = lines.recv() => socket.send(Message::from(line?)).await?,
                message = socket.next() => match message.transpose()? {
                    Some(Message::Text(text)) => self.said(&left.1, &text),
                    Some(Message::Close(_)) | None => break,
                    Some(_) => {}
                },
            }
        }
        // The library sends the answer to a goodbye while it is asked for more.
        while socket.next().await.transpose()?.is_some() {}
        Ok(())
    }

    fn said(&self, name: &str, text: &str) {
        match text {
            "/compute" => self.trap.compute(),
            "/block" => self.trap.block(),
            _ => self.say(format!("{name}: {text}")),
        }
    }

    fn say(&self, line: String) {
        // The room may be empty.
        let _ = self.lines.send(line);
    }
}

struct LeftWhenDropped<'a>(&'a Room, String);

impl Drop for LeftWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.say(format!("{} left", self.1));
    }
}
