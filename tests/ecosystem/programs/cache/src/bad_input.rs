//! Commands that are wrong, and servers that are dead or deaf.

use std::io;

use redis::{AsyncCommands, cmd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::Result;
use crate::servers::{Server, TIMEOUT, outcome};

pub async fn commands(server: &Server) -> Result {
    let mut connection = server.connection().await?;
    let () = connection.set("text", "no number").await?;
    let number = connection.incr::<_, _, i64>("text", 1).await;
    println!("no number: {}", outcome(number));
    let list = connection.lpush::<_, _, i64>("text", 1).await;
    println!("no list: {}", outcome(list));
    let nonsense = cmd("NONSENSE").query_async::<()>(&mut connection).await;
    println!("no command: {}", outcome(nonsense));
    let integer = connection.get::<_, i64>("text").await;
    println!("no integer: {}", outcome(integer));
    let text: String = connection.get("text").await?;
    println!("after all that: {text}");
    Ok(())
}

/// What a server does that is not one.
#[derive(Clone, Copy)]
enum Behaviour {
    Sends(&'static str),
    Sleeps,
}

pub async fn servers() -> Result {
    let gone = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    tried("nobody listens", &Server::on(gone.port())).await;
    for (what, behaviour) in [
        ("hangs up", Behaviour::Sends("")),
        ("is not Redis", Behaviour::Sends("220 ready\r\n")),
        (
            "refuses",
            Behaviour::Sends("-ERR max number of clients reached\r\n"),
        ),
        ("does not answer", Behaviour::Sleeps),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Server::on(listener.local_addr()?.port());
        let bad = tokio::spawn(serve_badly(listener, behaviour));
        tried(&format!("a server that {what}"), &server).await;
        bad.abort();
    }
    Ok(())
}

async fn serve_badly(listener: TcpListener, behaviour: Behaviour) -> io::Result<()> {
    let mut deaf = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await?;
        match behaviour {
            Behaviour::Sends(bytes) => {
                // What the client sends is read, so that hanging up does not reset.
                let _ = stream.read(&mut [0; 1024]).await?;
                stream.write_all(bytes.as_bytes()).await?;
            }
            Behaviour::Sleeps => deaf.push(stream),
        }
    }
}

/// Connects in each way and says what came of it.
async fn tried(what: &str, server: &Server) {
    println!(
        "{what}: shared: {}",
        outcome(server.hasty_connection().await)
    );
    println!("{what}: managed: {}", outcome(server.manager().await));
    match timeout(TIMEOUT, server.subscriber()).await {
        Ok(subscriber) => println!("{what}: subscriber: {}", outcome(subscriber)),
        Err(elapsed) => println!("{what}: subscriber: {elapsed}"),
    }
}
