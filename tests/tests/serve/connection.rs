//! A connection is used as its stream is.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd};

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use hyper::service::service_fn;
use hyper::{Request, Response, body::Incoming};
use runtime::io as runtime_io;
use runtime::net::{TcpListener, TcpStream, UnixStream};
use runtime::serve::{Acceptor, Connection};

use crate::harness::{bind, connect};

async fn pair() -> (Acceptor<TcpListener>, TcpStream, Connection<TcpStream>) {
    let acceptor = Acceptor::new(bind().await, 1);
    let client = connect(&acceptor).await;
    let (connection, peer) = acceptor.accept().await.unwrap();
    assert_eq!(peer, client.local_addr().unwrap());
    (acceptor, client, connection)
}

#[runtime::test]
async fn the_methods_of_the_stream_are_at_hand() {
    let (_acceptor, mut client, mut connection) = pair().await;
    connection.set_nodelay(true).unwrap();
    assert!(connection.nodelay().unwrap());
    let peer: SocketAddr = connection.peer_addr().unwrap();
    assert_eq!(peer, client.local_addr().unwrap());
    assert_eq!(connection.as_fd().as_raw_fd(), connection.as_raw_fd());

    client.write_all(b"ab").await.unwrap();
    connection.readable().await.unwrap();
    assert_eq!(connection.peek(&mut [0]).await.unwrap(), 1);
    assert_eq!(connection.try_read(&mut [0]).unwrap(), 1);
    let (mut reader, mut writer) = connection.split();
    reader.read_exact(&mut [0]).await.unwrap();
    writer.write_all(b"c").await.unwrap();
    client.read_exact(&mut [0]).await.unwrap();
}

#[runtime::test]
async fn it_reads_and_writes_in_each_family_of_traits() {
    fn families<T>()
    where
        T: futures_lite::AsyncRead + futures_lite::AsyncWrite + Unpin + Send,
        T: runtime_io::AsyncRead + runtime_io::AsyncWrite,
        T: hyper::rt::Read + hyper::rt::Write,
        for<'a> &'a T: futures_lite::AsyncRead + futures_lite::AsyncWrite,
    {
    }
    families::<Connection<TcpStream>>();
    families::<Connection<UnixStream>>();

    let (_acceptor, client, mut connection) = pair().await;
    let mut client = futures_lite::io::BufReader::new(client);
    runtime_io::AsyncWriteExt::write_all(&mut connection, b"tokio ")
        .await
        .unwrap();
    (&connection).write_all(b"shared ").await.unwrap();
    connection.close().await.unwrap();
    let mut text = String::new();
    client.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "tokio shared ");
    client.get_mut().write_all(b"xy").await.unwrap();
    let (mut reader, _writer) = connection.into_split();
    let mut answer = [0; 2];
    runtime_io::AsyncReadExt::read_exact(&mut reader, &mut answer)
        .await
        .unwrap();
    assert_eq!(&answer, b"xy");
}

async fn hello(_: Request<Incoming>) -> Result<Response<String>, Infallible> {
    Ok(Response::new("hello".to_owned()))
}

#[runtime::test]
async fn hyper_serves_it() {
    let (acceptor, mut client, connection) = pair().await;
    let served = runtime::spawn(async move {
        let http = hyper::server::conn::http1::Builder::new();
        http.serve_connection(connection, service_fn(hello)).await
    });
    client
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("hello"), "{answer}");
    served.await.unwrap().unwrap();
    assert_eq!(acceptor.active(), 0);
}

#[runtime::test]
async fn vectored_writes_stay_vectored() {
    let (_acceptor, _client, connection) = pair().await;
    assert!(runtime_io::AsyncWrite::is_write_vectored(&connection));
    assert!(hyper::rt::Write::is_write_vectored(&connection));
}
