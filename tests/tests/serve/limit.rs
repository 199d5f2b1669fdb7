//! How many connections are served at a time, and whose a place is.

use std::pin::pin;
use std::sync::Arc;

use futures_lite::{AsyncReadExt, AsyncWriteExt, future};
use runtime::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use runtime::serve::{Acceptor, Connection, Shortage, Shutdown};
use runtime::task::yield_now;
use runtime::time::{Duration, timeout};
use runtime_tests::flavor::on_every_flavor;

use crate::harness::{Gauge, LONG, bind, connect, is_closed};

#[test]
fn who_only_uses_the_stream_keeps_the_limit() {
    const CLIENTS: usize = 20;
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 1);
            let (shutdown, gauge) = (Shutdown::new(), Arc::new(Gauge::default()));
            let clients = runtime::spawn(clients(
                CLIENTS,
                acceptor.local_addr().unwrap(),
                shutdown.clone(),
            ));
            // As in the example of the module.
            while let Some(accepted) = shutdown.unless_started(acceptor.accept()).await {
                let (mut connection, peer) = accepted.unwrap();
                let gauge = gauge.clone();
                drop(shutdown.spawn(format!("connection of {peer}"), async move {
                    let _inside = gauge.enter();
                    for _ in 0..5 {
                        yield_now().await;
                    }
                    let _ = connection.write_all(b"hello\n").await;
                }));
            }
            clients.await.unwrap();
            assert_eq!(gauge.most(), 1);
            assert_eq!(acceptor.counts().accepted, CLIENTS as u64);
            shutdown.finish(LONG).await;
            assert_eq!(acceptor.active(), 0);
        });
    });
}

/// Lets so many be greeted at once, then asks for the end.
async fn clients(count: usize, address: std::net::SocketAddr, shutdown: Shutdown) {
    let greeted = (0..count).map(|_| {
        runtime::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let mut greeting = String::new();
            stream.read_to_string(&mut greeting).await.unwrap();
            assert_eq!(greeting, "hello\n");
        })
    });
    for greeted in greeted.collect::<Vec<_>>() {
        greeted.await.unwrap();
    }
    shutdown.start();
}

#[test]
fn at_the_limit_the_next_connection_waits_for_a_place() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 2);
            let _clients = [
                connect(&acceptor).await,
                connect(&acceptor).await,
                connect(&acceptor).await,
            ];
            let first = acceptor.accept().await.unwrap();
            let _second = acceptor.accept().await.unwrap();
            assert_eq!(acceptor.active(), 2);
            let mut third = pin!(acceptor.accept());
            for _ in 0..10 {
                assert!(future::poll_once(&mut third).await.is_none());
                yield_now().await;
            }
            drop(first);
            let third = third.await.unwrap();
            assert_eq!((acceptor.active(), acceptor.counts().full), (2, 1));
            drop(third);
        });
    });
}

#[test]
fn a_place_is_held_until_the_last_half_is_gone() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 1);
            for reader_first in [true, false] {
                let _client = connect(&acceptor).await;
                let (connection, _) = acceptor.accept().await.unwrap();
                let (reader, writer) = connection.into_split();
                match reader_first {
                    true => drop(reader),
                    false => drop(writer),
                }
                assert_eq!(acceptor.active(), 1);
                assert!(future::poll_once(acceptor.accept()).await.is_none());
            }
            assert_eq!(acceptor.active(), 0);
        });
    });
}

#[runtime::test]
async fn a_place_that_was_taken_out_is_held_apart_from_the_stream() {
    let acceptor = Acceptor::new(bind().await, 1);
    let mut client = connect(&acceptor).await;
    let (stream, place) = acceptor.accept().await.unwrap().0.into_parts();
    let clone = place.clone();
    drop((stream, place));
    assert!(is_closed(&mut client).await);
    assert_eq!(acceptor.active(), 1);
    // In the same place another stream.
    let second = Connection::from_parts((), clone);
    assert_eq!(acceptor.active(), 1);
    drop(second);
    assert_eq!(acceptor.active(), 0);
}

#[test]
fn who_waits_is_not_active_and_loses_neither_place_nor_connection() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 1);
            let mut waiting = Box::pin(acceptor.accept());
            assert!(future::poll_once(&mut waiting).await.is_none());
            assert_eq!(acceptor.active(), 0);
            drop(waiting);
            for _ in 0..5 {
                assert!(future::poll_once(acceptor.accept()).await.is_none());
            }
            let mut client = connect(&acceptor).await;
            let (mut connection, _) = acceptor.accept().await.unwrap();
            assert_eq!(acceptor.active(), 1);
            for _ in 0..5 {
                assert!(future::poll_once(acceptor.accept()).await.is_none());
            }
            connection.write_all(b"x").await.unwrap();
            client.read_exact(&mut [0]).await.unwrap();
            drop(connection);
            let _next = connect(&acceptor).await;
            drop(timeout(LONG, acceptor.accept()).await.unwrap().unwrap());
        });
    });
}

#[runtime::test]
async fn a_place_that_others_wait_in_is_no_overload() {
    let acceptor = Acceptor::new(bind().await, 1).on_overload(|overload| {
        assert!(matches!(overload.shortage, Shortage::Connections));
        assert_eq!(overload.active, 1);
    });
    let (mut first, mut second) = (pin!(acceptor.accept()), pin!(acceptor.accept()));
    assert!(future::poll_once(&mut first).await.is_none());
    assert!(future::poll_once(&mut second).await.is_none());
    assert_eq!(acceptor.counts().full, 0);
    let _client = connect(&acceptor).await;
    let _served = first.await.unwrap();
    assert!(future::poll_once(acceptor.accept()).await.is_none());
    assert_eq!(acceptor.counts().full, 1);
}

#[runtime::test]
async fn unix_sockets_have_acceptors_too() {
    let path = std::env::temp_dir().join(format!("runtime-tests-serve-{}", std::process::id()));
    let acceptor = Acceptor::new(UnixListener::bind(&path).unwrap(), 1);
    let mut client = UnixStream::connect(&path).await.unwrap();
    let (connection, _) = acceptor.accept().await.unwrap();
    assert_eq!(acceptor.local_addr().unwrap().as_pathname(), Some(&*path));
    std::fs::remove_file(path).unwrap();
    let (mut reader, mut writer) = connection.into_split();
    client.write_all(b"ping").await.unwrap();
    let mut question = [0; 4];
    reader.read_exact(&mut question).await.unwrap();
    writer.write_all(&question).await.unwrap();
    client.read_exact(&mut question).await.unwrap();
    drop(writer);
    assert_eq!(acceptor.active(), 1);
    drop(reader);
    assert_eq!(acceptor.active(), 0);
}

/// Reads a request of four bytes and sends it back; who takes too long for it is cut off.
async fn answer(mut connection: Connection<TcpStream>) {
    let mut request = [0; 4];
    let limit = Duration::from_millis(200);
    if let Ok(Ok(())) = timeout(limit, connection.read_exact(&mut request)).await {
        connection.write_all(&request).await.unwrap();
    }
}

#[test]
fn a_client_that_sends_a_byte_now_and_then_keeps_nobody_from_being_served() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Arc::new(Acceptor::new(bind().await, 2));
            let accepting = acceptor.clone();
            let server = runtime::spawn(async move {
                loop {
                    let (connection, _) = accepting.accept().await.unwrap();
                    drop(runtime::spawn(answer(connection)));
                }
            });
            let mut slow = connect(&acceptor).await;
            slow.write_all(b"b").await.unwrap();
            for _ in 0..20 {
                let mut quick = connect(&acceptor).await;
                let mut answer = [0; 4];
                quick.write_all(b"ping").await.unwrap();
                quick.read_exact(&mut answer).await.unwrap();
                assert_eq!(&answer, b"ping");
            }
            // A byte now and then does not buy more time.
            let dripping = async {
                while slow.write_all(b"b").await.is_ok() && !is_closed_now(&mut slow).await {
                    runtime::time::sleep(Duration::from_millis(90)).await;
                }
            };
            timeout(LONG, dripping).await.unwrap();
            server.abort();
        });
    });
}

/// Whether the other side has closed the connection by now.
async fn is_closed_now(stream: &mut TcpStream) -> bool {
    future::poll_once(is_closed(stream)).await == Some(true)
}

#[test]
#[should_panic(expected = "allow one at least")]
fn an_acceptor_of_none_is_refused() {
    let listener = crate::harness::Troubled::with(&[]);
    drop(Acceptor::new(listener, 0));
}

#[test]
fn an_acceptor_goes_where_its_listener_goes() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Acceptor<TcpListener>>();
    is_send_and_sync::<Connection<TcpStream>>();
}
