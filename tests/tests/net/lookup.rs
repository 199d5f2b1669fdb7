//! Names and addresses.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use futures_lite::future;
use runtime::net::{TcpListener, TcpStream, ToSocketAddrs, lookup_host};

use crate::harness::on_both;

/// Resolves without a runtime: only what needs no look-up can succeed.
fn at_once(address: impl ToSocketAddrs) -> Vec<SocketAddr> {
    let answer = future::block_on(future::poll_once(lookup_host(address)));
    let addresses = answer.expect("no look-up is needed").unwrap();
    addresses.collect()
}

#[test]
fn addresses_need_no_resolver() {
    let v4 = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 80);
    let v6 = SocketAddrV6::new(Ipv6Addr::LOCALHOST, 80, 0, 0);
    let (four, six) = (SocketAddr::from(v4), SocketAddr::from(v6));
    assert_eq!(at_once(four), [four]);
    assert_eq!(at_once(v4), [four]);
    assert_eq!(at_once(v6), [six]);
    assert_eq!(at_once((IpAddr::from(*v4.ip()), 80)), [four]);
    assert_eq!(at_once((*v4.ip(), 80)), [four]);
    assert_eq!(at_once((*v6.ip(), 80)), [six]);
    assert_eq!(at_once(&[four, six][..]), [four, six]);
    assert_eq!(at_once("127.0.0.1:80"), [four]);
    assert_eq!(at_once(String::from("[::1]:80")), [six]);
    assert_eq!(at_once(("127.0.0.1", 80)), [four]);
    assert_eq!(at_once((String::from("::1"), 80)), [six]);
    let by_reference: &SocketAddr = &four;
    assert_eq!(at_once(by_reference), [four]);
}

#[test]
fn names_are_looked_up() {
    on_both(|| async {
        for addresses in [
            lookup_host("localhost:81")
                .await
                .unwrap()
                .collect::<Vec<_>>(),
            lookup_host(("localhost", 81)).await.unwrap().collect(),
            lookup_host((String::from("localhost"), 81))
                .await
                .unwrap()
                .collect(),
        ] {
            assert!(!addresses.is_empty());
            assert!(
                addresses
                    .iter()
                    .all(|a| a.ip().is_loopback() && a.port() == 81)
            );
        }
    });
}

#[test]
fn a_server_is_reached_by_name() {
    on_both(|| async {
        let listener = TcpListener::bind("localhost:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let stream = TcpStream::connect(("localhost", port)).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap().port(), port);
    });
}

#[test]
fn malformed_and_unknown_names_are_errors() {
    on_both(|| async {
        for malformed in ["no port", "127.0.0.1", "host:99999"] {
            let Err(error) = lookup_host(malformed).await else {
                panic!("{malformed} is no address");
            };
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
        // Reserved for this use by RFC 6761.
        assert!(TcpStream::connect("unknown.invalid:80").await.is_err());
    });
}
