//! Options of UDP sockets: groups, broadcast, and what packets carry.

use std::net::{Ipv4Addr, Ipv6Addr};

use runtime::net::UdpSocket;

use crate::harness::on_every;

#[test]
fn options_can_be_set_and_read() {
    on_every(|| async {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        assert!(!socket.broadcast().unwrap());
        socket.set_broadcast(true).unwrap();
        assert!(socket.broadcast().unwrap());
        socket.set_multicast_loop_v4(false).unwrap();
        assert!(!socket.multicast_loop_v4().unwrap());
        socket.set_multicast_ttl_v4(5).unwrap();
        assert_eq!(socket.multicast_ttl_v4().unwrap(), 5);
        socket.set_ttl(61).unwrap();
        assert_eq!(socket.ttl().unwrap(), 61);
        socket.set_tos_v4(0x10).unwrap();
        assert_eq!(socket.tos_v4().unwrap(), 0x10);
        assert_eq!(socket.device().unwrap(), None);
        assert!(format!("{socket:?}").contains("127.0.0.1"));
    });
}

#[test]
fn options_of_the_newer_protocol_can_be_set_and_read() {
    on_every(|| async {
        let Ok(socket) = UdpSocket::bind("[::1]:0").await else {
            return;
        };
        socket.set_multicast_loop_v6(false).unwrap();
        assert!(!socket.multicast_loop_v6().unwrap());
        socket.set_tclass_v6(0x20).unwrap();
        assert_eq!(socket.tclass_v6().unwrap(), 0x20);
        let all_nodes = Ipv6Addr::new(0xff01, 0, 0, 0, 0, 0, 0, 1);
        if socket.join_multicast_v6(&all_nodes, 0).is_ok() {
            socket.leave_multicast_v6(&all_nodes, 0).unwrap();
        }
    });
}

#[test]
fn broadcasting_is_refused_until_it_is_allowed() {
    on_every(|| async {
        let socket = UdpSocket::bind("0.0.0.0:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let everybody = (Ipv4Addr::new(127, 255, 255, 255), port);
        let error = socket.send_to(b"x", everybody).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
        socket.set_broadcast(true).unwrap();
        socket.send_to(b"to all", everybody).await.unwrap();
        let mut buf = [0; 8];
        assert_eq!(socket.recv(&mut buf).await.unwrap(), 6);
    });
}

#[test]
fn members_of_a_group_receive_what_is_sent_to_it_until_they_leave() {
    on_every(|| async {
        let group = Ipv4Addr::new(239, 255, 42, 99);
        let local = Ipv4Addr::LOCALHOST;
        let member = UdpSocket::bind("0.0.0.0:0").await.unwrap();
        member.join_multicast_v4(group, local).unwrap();
        assert!(member.join_multicast_v4(group, local).is_err());

        let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let interface = socket2::SockRef::from(&sender);
        interface.set_multicast_if_v4(&local).unwrap();
        let port = member.local_addr().unwrap().port();
        sender.send_to(b"members", (group, port)).await.unwrap();
        let mut buf = [0; 16];
        let (n, from) = member.recv_from(&mut buf).await.unwrap();
        assert_eq!(&buf[..n], b"members");
        assert_eq!(from, sender.local_addr().unwrap());

        member.leave_multicast_v4(group, local).unwrap();
        assert!(member.leave_multicast_v4(group, local).is_err());
    });
}
