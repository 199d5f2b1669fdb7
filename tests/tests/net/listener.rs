//! What a listener promises.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_lite::future;
use runtime::net::{TcpListener, TcpStream};
use socket2::SockRef;

use crate::harness::on_both;

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[test]
fn bind_sets_reuse_address_and_tells_its_port() {
    on_both(|| async {
        let (listener, address) = listener().await;
        assert_ne!(address.port(), 0);
        assert!(SockRef::from(&listener).reuse_address().unwrap());
        assert!(SockRef::from(&listener).nonblocking().unwrap());
    });
}

#[test]
fn bind_takes_the_first_address_that_is_free() {
    on_both(|| async {
        let (_listener, taken) = listener().await;
        let free: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let second = TcpListener::bind(&[taken, free][..]).await.unwrap();
        assert_ne!(second.local_addr().unwrap(), taken);

        let error = TcpListener::bind(&[taken][..]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    });
}

#[test]
fn bind_to_no_address_is_invalid_input() {
    on_both(|| async {
        let error = TcpListener::bind(&[][..]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn the_backlog_holds_hundreds_of_connections_that_nobody_accepts() {
    // 128 is the usual default; beyond it the system drops the handshake and the connect times out.
    const CONNECTIONS: usize = 400;
    let limit = std::fs::read_to_string("/proc/sys/net/core/somaxconn");
    if limit.is_ok_and(|limit| limit.trim().parse::<usize>().unwrap() < CONNECTIONS) {
        return;
    }
    on_both(|| async {
        let (listener, address) = listener().await;
        let connect = || std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1));
        let connections: Vec<_> = (0..CONNECTIONS).map(|_| connect().unwrap()).collect();
        for _ in &connections {
            listener.accept().await.unwrap();
        }
    });
}

#[test]
fn many_tasks_accept_and_each_connection_is_taken_once() {
    const CONNECTIONS: usize = 64;
    on_both(|| async {
        let (listener, address) = listener().await;
        let listener = Arc::new(listener);
        let acceptors: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let listener = Arc::clone(&listener);
                runtime::spawn(async move { listener.accept().await.unwrap().1 })
            })
            .collect();

        let mut connected = Vec::new();
        for _ in 0..CONNECTIONS {
            connected.push(TcpStream::connect(address).await.unwrap());
        }
        let mut accepted = Vec::new();
        for acceptor in acceptors {
            accepted.push(acceptor.await.unwrap());
        }
        let mut connected: Vec<_> = connected.iter().map(|s| s.local_addr().unwrap()).collect();
        connected.sort();
        accepted.sort();
        assert_eq!(accepted, connected);
    });
}

#[test]
fn poll_accept_waits_and_is_woken() {
    on_both(|| async {
        let (listener, address) = listener().await;
        assert!(
            future::poll_once(poll_fn(|cx| listener.poll_accept(cx)))
                .await
                .is_none()
        );
        let client = runtime::spawn(TcpStream::connect(address));
        let (stream, peer) = poll_fn(|cx| listener.poll_accept(cx)).await.unwrap();
        let client = client.await.unwrap().unwrap();
        assert_eq!(peer, client.local_addr().unwrap());
        assert_eq!(stream.peer_addr().unwrap(), peer);
    });
}

#[test]
fn dropping_a_waiting_accept_loses_no_connection() {
    on_both(|| async {
        let (listener, address) = listener().await;
        {
            let mut accept = pin!(listener.accept());
            assert!(future::poll_once(&mut accept).await.is_none());
        }
        let client = TcpStream::connect(address).await.unwrap();
        let (_stream, peer) = listener.accept().await.unwrap();
        assert_eq!(peer, client.local_addr().unwrap());
    });
}

#[test]
fn a_listener_goes_to_the_standard_library_and_back() {
    on_both(|| async {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // It is still in blocking mode: the conversion sets that right.
        let listener = TcpListener::from_std(listener).unwrap();
        assert!(SockRef::from(&listener).nonblocking().unwrap());
        let listener = listener.into_std().unwrap();
        let listener = TcpListener::try_from(listener).unwrap();
        assert_eq!(listener.local_addr().unwrap(), address);

        let client = runtime::spawn(TcpStream::connect(address));
        listener.accept().await.unwrap();
        client.await.unwrap().unwrap();
    });
}

#[test]
fn the_time_to_live_can_be_set() {
    on_both(|| async {
        let (listener, _) = listener().await;
        listener.set_ttl(61).unwrap();
        assert_eq!(listener.ttl().unwrap(), 61);
        assert!(format!("{listener:?}").contains("127.0.0.1"));
    });
}
