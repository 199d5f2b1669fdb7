//! What comes back over streams and in datagrams.

use std::net::UdpSocket;
use std::time::Duration;

use quinn::Connection;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Result;
use crate::endpoints::{ANY_PORT, outcome};
use crate::server::{LONGEST, Server};

const CLIENTS: usize = 6;
const STREAMS_EACH: usize = 4;
const LENGTH: usize = 256 * 1024;

/// Clients that have several streams under way at once.
pub async fn echoes() -> Result {
    let server = Server::start()?;
    let mut streams = JoinSet::new();
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let (endpoint, connection) = server.connect().await?;
        for stream in 0..STREAMS_EACH {
            let connection = connection.clone();
            let bytes = some_bytes(client * STREAMS_EACH + stream);
            streams.spawn(async move { Result::Ok(echo(&connection, &bytes).await? == bytes) });
        }
        clients.push((endpoint, connection));
    }
    let mut same = 0;
    for stream in streams.join_all().await {
        same += usize::from(stream?);
    }
    println!("{CLIENTS} clients with {STREAMS_EACH} streams each: {same} came back");
    Ok(())
}

fn some_bytes(seed: usize) -> Vec<u8> {
    (0..LENGTH).map(|at| (at * 31 + seed * 7) as u8).collect()
}

/// Sends the bytes on a stream of their own, and returns what comes back.
pub async fn echo(connection: &Connection, bytes: &[u8]) -> Result<Vec<u8>> {
    let (mut send, mut receive) = connection.open_bi().await?;
    let sent = async {
        send.write_all(bytes).await?;
        Result::Ok(send.finish()?)
    };
    let received = async { Result::Ok(receive.read_to_end(LONGEST).await?) };
    Ok(tokio::try_join!(sent, received)?.1)
}

/// One at a time: they may get lost, but not on a loopback where nothing else is under way.
pub async fn datagrams() -> Result {
    const DATAGRAMS: u8 = 100;
    let server = Server::start()?;
    let (_endpoint, connection) = server.connect().await?;
    let mut same = 0;
    for number in 0..DATAGRAMS {
        let bytes = vec![number; 1 + usize::from(number)];
        connection.send_datagram(bytes.clone().into())?;
        let back = timeout(Duration::from_secs(5), connection.read_datagram()).await??;
        same += usize::from(back == bytes);
    }
    println!("datagrams: {same} of {DATAGRAMS} came back");
    let too_large = vec![0; LENGTH];
    println!(
        "one that is too large: {}",
        outcome(connection.send_datagram(too_large.into()))
    );
    Ok(())
}

/// A connection that moves to another port.
pub async fn another_socket() -> Result {
    let server = Server::start()?;
    let (endpoint, connection) = server.connect().await?;
    let before = echo(&connection, b"before").await? == b"before";
    endpoint.rebind(UdpSocket::bind(ANY_PORT)?)?;
    let after = echo(&connection, b"after").await? == b"after";
    println!("from one socket: {before}, then from another: {after}");
    Ok(())
}

/// The server says that it ends, and a client that waits is told.
pub async fn end() -> Result {
    let server = Server::start()?;
    let (endpoint, connection) = server.connect().await?;
    let echoed = echo(&connection, b"once").await?;
    let waiting = tokio::spawn({
        let connection = connection.clone();
        async move { outcome(connection.accept_bi().await) }
    });
    server.end().await?;
    println!("the end, after {} bytes: {}", echoed.len(), waiting.await?);
    println!("a new stream: {}", outcome(connection.open_bi().await));
    endpoint.wait_idle().await;
    Ok(())
}
