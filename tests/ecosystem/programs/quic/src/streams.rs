//! Streams that do not come to their end.

use std::time::Duration;

use quinn::VarInt;
use tokio::time::timeout;

use crate::Result;
use crate::server::Server;

/// A read that is dropped while it waits loses nothing.
pub async fn half_way() -> Result {
    let server = Server::start()?;
    let (_endpoint, connection) = server.connect().await?;
    let (mut send, mut receive) = connection.open_bi().await?;
    send.write_all(b"first").await?;
    let mut first = [0; 5];
    receive.read_exact(&mut first).await?;

    let waited = timeout(Duration::from_millis(20), receive.read_chunk(16, true)).await;
    println!("a read without data is dropped: {}", waited.is_err());
    send.write_all(b"second").await?;
    send.finish()?;
    let rest = receive.read_to_end(100).await?;
    println!("then comes {:?}", String::from_utf8_lossy(&rest));

    let task = tokio::spawn({
        let connection = connection.clone();
        async move { connection.accept_uni().await.is_ok() }
    });
    tokio::task::yield_now().await;
    task.abort();
    println!(
        "a task that waits for a stream is aborted: {}",
        task.await.is_err()
    );
    Ok(())
}

pub async fn reset_and_stopped() -> Result {
    let server = Server::start()?;
    let (_endpoint, connection) = server.connect().await?;

    // The server does not go on with a stream that is reset, so that nothing comes back.
    let (mut send, mut receive) = connection.open_bi().await?;
    send.write_all(b"half").await?;
    let mut half = [0; 4];
    receive.read_exact(&mut half).await?;
    send.reset(VarInt::from_u32(7))?;
    let rest = receive.read_to_end(100).await?;
    println!("a stream that is reset: then come {} bytes", rest.len());

    // The server cannot send to one that is stopped, and then reads no more either.
    let (mut send, mut receive) = connection.open_bi().await?;
    send.write_all(b"half").await?;
    receive.read_exact(&mut half).await?;
    receive.stop(VarInt::from_u32(9))?;
    let refused = loop {
        if let Err(error) = send.write_all(&[0; 1024]).await {
            break error;
        }
    };
    println!("a stream that is stopped: {refused}");
    Ok(())
}
