//! Calls that are wrong, servers that are dead or deaf, and a queue that is full.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport;
use tonic::{Code, Request, Response, Status};
use tonic_prost::ProstCodec;

use crate::calls::outcome;
use crate::messages::{Number, Terms};
use crate::server::{Client, Server, endpoint};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// For what is not answered.
const TIMEOUT: Duration = Duration::from_millis(300);

pub async fn requests() -> Result {
    let server = Server::start().await?;
    let client = server.client().await?;
    println!(
        "a method that is not there: {}",
        outcome(call_unknown(&server).await?)
    );

    let values = vec![1; 8 << 20];
    let huge = client.clone().add(Terms { values }).await;
    println!(
        "a request of 8 MiB: {:?}",
        huge.map_err(|status| status.code()).err()
    );

    let mut small = client.clone().max_decoding_message_size(1);
    let values = vec![1_000];
    let answer = small.add(Terms { values }).await;
    println!(
        "an answer that is longer than asked for: {}",
        outcome(answer)
    );

    let mut stream = TcpStream::connect(server.address).await?;
    stream
        .write_all(b"NO HTTP/2 AT ALL, BUT AS LONG\r\n\r\n")
        .await?;
    let values = vec![1, 2];
    println!(
        "after all that: {}",
        outcome(client.clone().add(Terms { values }).await)
    );
    Ok(())
}

async fn call_unknown(
    server: &Server,
) -> std::result::Result<std::result::Result<Response<Number>, Status>, transport::Error> {
    let channel = endpoint(server.address)?.connect().await?;
    let mut grpc = tonic::client::Grpc::new(channel);
    let path = PathAndQuery::from_static("/sums.Sums/Multiply");
    Ok(match grpc.ready().await {
        Err(error) => Err(Status::unknown(error.to_string())),
        Ok(()) => {
            let codec = ProstCodec::<Number, Number>::default();
            grpc.unary(Request::new(1.into()), path, codec).await
        }
    })
}

pub async fn servers() -> Result {
    let gone = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    println!("nobody listens: {}", connected(gone).await?);
    for (what, bytes) in [
        ("hangs up", &b""[..]),
        (
            "is not HTTP/2",
            &b"220 ready for something else, at length\r\n"[..],
        ),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve_badly(listener, bytes));
        let mut client = Client::new(endpoint(address)?.connect_lazy());
        let answer = timeout(10 * TIMEOUT, client.wait(Number::from(0))).await;
        println!("a server that {what}: {}", failed(&answer?));
        server.abort();
    }
    Ok(())
}

async fn serve_badly(listener: TcpListener, bytes: &'static [u8]) -> io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        stream.write_all(bytes).await?;
        stream.shutdown().await?;
    }
}

async fn connected(address: SocketAddr) -> std::result::Result<String, transport::Error> {
    let endpoint = endpoint(address)?.connect_timeout(TIMEOUT);
    Ok(match endpoint.connect().await {
        Ok(_) => "connected".to_owned(),
        Err(error) => root(&error),
    })
}

fn root(error: &(dyn Error + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    match root.downcast_ref::<io::Error>() {
        Some(error) => error.kind().to_string(),
        None => root.to_string(),
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
    println!("the backlog is full: {}", connected(address).await?);
    let server = Server::start_on(listener)?;
    let values = vec![1, 2];
    // The kernel tries a connection again after a second or more.
    let answer = server.client().await?.add(Terms { values }).await;
    println!("once somebody accepts: {}", outcome(answer));
    Ok(())
}

/// A runtime of its own, shut down under its clients, is as good as a machine that fails.
pub async fn server_that_dies() -> Result {
    let dying = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let server = dying.spawn(Server::start()).await??;
    let address = server.address;
    let mut client = Client::new(endpoint(address)?.connect_lazy());
    let mut counted = client.count(Number::from(i64::MAX)).await?.into_inner();
    println!("before it dies: {:?}", counted.message().await?);
    let waiting = tokio::spawn({
        let mut client = client.clone();
        async move { client.wait(Number::from(0)).await }
    });
    server.shared.waiting.notified().await;
    dying.shutdown_background();

    let cut_off = loop {
        match counted.message().await {
            Ok(Some(_)) => {}
            ended => break ended,
        }
    };
    println!("a stream when it dies: {}", failed(&cut_off));
    println!("a call when it dies: {}", failed(&waiting.await?));
    let refused = loop {
        // Until the channel has noticed, too.
        match client.add(Terms { values: vec![1, 2] }).await {
            Err(status) if status.code() == Code::Unavailable => break "Unavailable",
            Err(_) => {}
            Ok(_) => break "answered",
        }
    };
    println!("calls afterwards, in the end: {refused}");

    let _successor = Server::start_on(TcpListener::bind(address).await?)?;
    let values = vec![1, 2];
    println!(
        "a call to its successor: {}",
        outcome(client.add(Terms { values }).await)
    );
    Ok(())
}

/// Whether it failed. With which code depends on whether tonic hears it first from the call or
/// from the connection.
fn failed<T>(answer: &std::result::Result<T, Status>) -> &'static str {
    if answer.is_err() {
        "an error"
    } else {
        "no error"
    }
}
