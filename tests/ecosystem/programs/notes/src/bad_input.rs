//! Requests that are wrong, servers that are dead or deaf, and queues that are full.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::client::Client;
use crate::client::{TIMEOUT, described};
use crate::server::Server;
use crate::store;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

pub async fn requests(address: SocketAddr) -> Result {
    let client = Client::without_reuse(address)?;
    let json = "application/json";
    let too_much = format!("{{\"text\":\"{}\"}}", "x".repeat(2_000));
    for (what, content_type, body) in [
        ("no JSON", json, "{\"text\":".to_owned()),
        ("no text", json, "{}".to_owned()),
        ("no type", "text/plain", "{\"text\":\"a\"}".to_owned()),
        ("2 kB", json, too_much),
    ] {
        let status = client.post_body("/notes", content_type, body).await?;
        println!("a note of {what}: {status}");
    }
    for path in ["/notes/0", "/notes/x", "/nowhere"] {
        println!("{path}: {}", client.get(path).await?.status());
    }
    println!(
        "what is not HTTP: {}",
        answer_to(address, "NO HTTP\r\n\r\n").await?
    );
    let headers = format!("GET /notes HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(200));
    println!("200 headers: {}", answer_to(address, &headers).await?);
    println!(
        "a handler that panics: {}",
        outcome(client.get("/panic").await)
    );
    println!("after all that: {}", client.get("/notes/1").await?.status());
    Ok(())
}

/// Returns the first line of the answer to some bytes.
async fn answer_to(address: SocketAddr, bytes: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.lines().next().unwrap_or("no answer").to_owned())
}

fn outcome(answer: reqwest::Result<reqwest::Response>) -> String {
    match answer {
        Ok(answer) => answer.status().to_string(),
        Err(error) => described(&error),
    }
}

/// What a server sends to whoever comes before it hangs up, if it does.
#[derive(Clone, Copy)]
enum Behaviour {
    Sends(&'static str),
    Sleeps,
}

pub async fn servers() -> Result {
    let gone = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    println!("nobody listens: {}", asked(gone).await);
    for (what, behaviour) in [
        ("hangs up", Behaviour::Sends("")),
        (
            "dies in the head",
            Behaviour::Sends("HTTP/1.1 200 OK\r\ncont"),
        ),
        (
            "dies in the body",
            Behaviour::Sends("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
        ),
        ("is not HTTP", Behaviour::Sends("220 ready\r\n")),
        ("does not answer", Behaviour::Sleeps),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve_badly(listener, behaviour));
        println!("a server that {what}: {}", asked(address).await);
        server.abort();
    }
    Ok(())
}

async fn serve_badly(listener: TcpListener, behaviour: Behaviour) -> io::Result<()> {
    let mut deaf = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await?;
        match behaviour {
            Behaviour::Sends(bytes) => {
                // The request is read, so that hanging up does not reset.
                let _ = stream.read(&mut [0; 1024]).await?;
                stream.write_all(bytes.as_bytes()).await?;
                stream.shutdown().await?;
            }
            Behaviour::Sleeps => deaf.push(stream),
        }
    }
}

/// Asks with a time limit and says what came of it.
async fn asked(address: SocketAddr) -> String {
    let request = reqwest::Client::new().get(format!("http://{address}/"));
    match request.timeout(TIMEOUT).send().await {
        Ok(answer) => match answer.text().await {
            Ok(text) => format!("answered {text:?}"),
            Err(error) => described(&error),
        },
        Err(error) => described(&error),
    }
}

/// Nobody accepts, and the kernel's queue is full.
pub async fn full_backlog() -> Result {
    let socket = TcpSocket::new_v4()?;
    socket.bind("127.0.0.1:0".parse()?)?;
    let listener = socket.listen(1)?;
    let address = listener.local_addr()?;
    let mut queue = Vec::new();
    while let Ok(stream) = timeout(TIMEOUT, TcpStream::connect(address)).await {
        queue.push(stream?);
    }
    let client = reqwest::Client::builder()
        .connect_timeout(TIMEOUT)
        .build()?;
    let request = client.get(format!("http://{address}/"));
    println!("the backlog is full: {}", outcome(request.send().await));

    let serve = axum::serve(
        listener,
        Router::new().route("/", get(|| async { "served" })),
    );
    let server = tokio::spawn(serve.into_future());
    // The kernel tries a connection again after a second or more.
    let patient = reqwest::Client::new().get(format!("http://{address}/"));
    println!("once somebody accepts: {}", outcome(patient.send().await));
    server.abort();
    Ok(())
}

/// All connections to the database are taken.
pub async fn full_pool(client: &Client, server: &Server) -> Result {
    let mut taken = Vec::new();
    for _ in 0..store::CONNECTIONS {
        taken.push(server.shared.pool.acquire().await?);
    }
    println!(
        "no connection to the database: {}",
        client.get("/notes/1").await?.status()
    );
    drop(taken);
    println!(
        "with connections again: {}",
        client.get("/notes/1").await?.status()
    );
    Ok(())
}
