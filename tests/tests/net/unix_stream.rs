//! What Unix listeners and streams promise.

use std::future::poll_fn;
use std::io::{ErrorKind, IoSlice, IoSliceMut, Read};
use std::os::fd::AsFd;
use std::sync::Arc;

use futures_lite::future;
use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::io::Interest;
use runtime::net::unix::SocketAddr;
use runtime::net::{UnixListener, UnixStream};
#[cfg(target_os = "linux")]
use socket2::{Domain, Socket, Type};

use crate::harness::{Directory, abstract_name, on_every, waits, would_block};

const LOTS: usize = 1024 * 1024;

#[test]
fn a_listener_accepts_by_path() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("socket");
        let listener = UnixListener::bind(&path).unwrap();
        assert_eq!(listener.local_addr().unwrap().as_pathname(), Some(&*path));
        let client = runtime::spawn(async move {
            let mut stream = UnixStream::connect(&path).await.unwrap();
            assert_eq!(stream.peer_addr().unwrap().as_pathname(), Some(&*path));
            stream.write_all(b"by path").await.unwrap();
        });
        let (mut stream, peer) = listener.accept().await.unwrap();
        assert!(peer.is_unnamed() && stream.peer_addr().unwrap().is_unnamed());
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "by path");
        client.await.unwrap();
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_listener_accepts_by_abstract_name() {
    on_every(|| async {
        let name = abstract_name("listener");
        let listener = UnixListener::bind(&name).unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let bytes = name.as_os_str().as_encoded_bytes();
        assert_eq!(address.as_abstract_name(), Some(&bytes[1..]));
        assert!(!address.is_unnamed() && address.as_pathname().is_none());

        let by_name = UnixStream::connect(&name).await.unwrap();
        let by_address = UnixStream::connect_addr(&address).await.unwrap();
        for stream in [by_name, by_address] {
            let (_accepted, _) = listener.accept().await.unwrap();
            let peer = stream.peer_addr().unwrap();
            assert_eq!(peer.as_abstract_name(), Some(&bytes[1..]));
        }
        // The name is free as soon as nobody has it.
        drop(listener);
        let again = std::os::unix::net::SocketAddr::from(address);
        UnixListener::bind_addr(&again.into()).unwrap();
    });
}

#[test]
fn a_path_that_nobody_listens_on_refuses() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("socket");
        let error = UnixStream::connect(&path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        drop(UnixListener::bind(&path).unwrap());
        let error = UnixStream::connect(&path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let error = UnixListener::bind(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    });
}

#[test]
fn many_tasks_accept_and_each_connection_is_taken_once() {
    const CONNECTIONS: usize = 64;
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("socket");
        let listener = Arc::new(UnixListener::bind(&path).unwrap());
        let acceptors: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let listener = Arc::clone(&listener);
                runtime::spawn(async move {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    stream.write_all(b"!").await.unwrap();
                })
            })
            .collect();
        for _ in 0..CONNECTIONS {
            let mut stream = UnixStream::connect(&path).await.unwrap();
            stream.read_exact(&mut [0]).await.unwrap();
        }
        for acceptor in acceptors {
            acceptor.await.unwrap();
        }
    });
}

#[test]
fn poll_accept_waits_and_is_woken_and_a_dropped_accept_loses_nothing() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("socket");
        let listener = UnixListener::bind(&path).unwrap();
        waits(poll_fn(|cx| listener.poll_accept(cx))).await;
        waits(listener.accept()).await;
        let client = runtime::spawn(async move { UnixStream::connect(path).await.unwrap() });
        poll_fn(|cx| listener.poll_accept(cx)).await.unwrap();
        client.await.unwrap();
        assert!(listener.take_error().unwrap().is_none());
    });
}

#[test]
fn the_peers_credentials_are_those_of_this_process() {
    on_every(|| async {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = ours.peer_cred().unwrap();
        assert_eq!(peer.uid(), rustix::process::geteuid().as_raw());
        assert_eq!(peer.gid(), rustix::process::getegid().as_raw());
        let this = i32::try_from(std::process::id()).unwrap();
        assert_eq!(peer.pid(), Some(this));
        assert_eq!(peer, peer.clone());
    });
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_peer_its_process_has_the_number_zero() {
    on_every(|| async {
        let socket = Socket::new(Domain::UNIX, Type::STREAM.nonblocking(), None).unwrap();
        let unconnected = UnixStream::from_std(std::os::unix::net::UnixStream::from(
            std::os::fd::OwnedFd::from(socket),
        ));
        assert_eq!(unconnected.unwrap().peer_cred().unwrap().pid(), Some(0));
    });
}

#[test]
fn lots_of_data_goes_both_ways_at_once() {
    on_every(|| async {
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        let echo = runtime::spawn(async move { futures_lite::io::copy(&theirs, &theirs).await });
        let (mut reader, mut writer) = ours.split();
        let send = async {
            writer.write_all(&vec![3; LOTS]).await.unwrap();
            writer.close().await.unwrap();
        };
        let receive = async {
            let mut all = Vec::new();
            reader.read_to_end(&mut all).await.unwrap();
            all
        };
        let ((), all) = future::zip(send, receive).await;
        assert!(all.len() == LOTS && all.iter().all(|byte| *byte == 3));
        assert_eq!(echo.await.unwrap().unwrap(), LOTS as u64);
    });
}

#[test]
fn the_end_is_seen_after_a_short_read() {
    on_every(|| async {
        let (mut ours, mut theirs) = UnixStream::pair().unwrap();
        for _ in 0..100 {
            theirs.write_all(b"short").await.unwrap();
            assert_eq!(ours.read(&mut [0; 64]).await.unwrap(), 5);
        }
        theirs.write_all(b"last").await.unwrap();
        drop(theirs);
        assert_eq!(ours.read(&mut [0; 64]).await.unwrap(), 4);
        assert_eq!(ours.read(&mut [0; 64]).await.unwrap(), 0);
        let error = ours.write_all(b"gone").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn half_a_stream_can_be_closed() {
    on_every(|| async {
        let (mut ours, mut theirs) = UnixStream::pair().unwrap();
        ours.close().await.unwrap();
        assert_eq!(theirs.read(&mut [0]).await.unwrap(), 0);
        theirs.write_all(b"still").await.unwrap();
        let mut buf = [0; 5];
        ours.read_exact(&mut buf).await.unwrap();
        assert_eq!(&buf, b"still");
        assert!(ours.write(b"x").await.is_err());
    });
}

#[test]
fn trying_does_not_wait_and_vectored_transfers_use_all_buffers() {
    on_every(|| async {
        let (ours, theirs) = UnixStream::pair().unwrap();
        assert!(would_block(&ours.try_read(&mut [0])));
        assert_eq!(ours.try_read(&mut []).unwrap(), 0);
        theirs.writable().await.unwrap();
        let parts = [IoSlice::new(b"ab"), IoSlice::new(b""), IoSlice::new(b"cde")];
        assert_eq!(theirs.try_write_vectored(&parts).unwrap(), 5);
        assert_eq!(theirs.try_write(b"fg").unwrap(), 2);
        let ready = ours.ready(Interest::READABLE).await.unwrap();
        assert!(ready.is_readable());
        let (mut one, mut two) = ([0; 3], [0; 3]);
        let mut parts = [IoSliceMut::new(&mut one), IoSliceMut::new(&mut two)];
        assert_eq!(ours.try_read_vectored(&mut parts).unwrap(), 6);
        assert_eq!((&one, &two), (b"abc", b"def"));
        let mut buf = Vec::with_capacity(8);
        assert_eq!(ours.try_read_buf(&mut buf).unwrap(), 1);
        assert_eq!(buf, b"g");
        assert!(would_block(&ours.try_read_buf(&mut buf)));
        waits(ours.readable()).await;
        waits(poll_fn(|cx| ours.poll_read_ready(cx))).await;
        poll_fn(|cx| ours.poll_write_ready(cx)).await.unwrap();
    });
}

#[test]
fn a_full_stream_takes_no_more_until_there_is_room() {
    on_every(|| async {
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.writable().await.unwrap();
        let mut written = 0;
        while let Ok(n) = ours.try_write(&[7; 4096]) {
            written += n;
        }
        waits(ours.writable()).await;
        let writer = runtime::spawn(async move {
            ours.writable().await.unwrap();
            ours.try_write(b"more").unwrap();
        });
        let mut read = 0;
        while read < written {
            theirs.readable().await.unwrap();
            match theirs.try_read(&mut [0; 65536]) {
                Ok(n) => read += n,
                result => assert!(would_block(&result)),
            }
        }
        writer.await.unwrap();
    });
}

#[test]
fn operations_of_the_callers_own_carry_descriptors() {
    on_every(|| async {
        use rustix::net::{
            RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
            SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
        };
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (carried, mut peer_of_carried) = std::os::unix::net::UnixStream::pair().unwrap();
        let receiver = runtime::spawn(async move {
            let receive = || {
                let mut space = [std::mem::MaybeUninit::uninit(); 64];
                let mut ancillary = RecvAncillaryBuffer::new(&mut space);
                let mut byte = [0];
                let mut parts = [IoSliceMut::new(&mut byte)];
                recvmsg(&theirs, &mut parts, &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
                for message in ancillary.drain() {
                    if let RecvAncillaryMessage::ScmRights(mut fds) = message {
                        return Ok(fds.next().unwrap());
                    }
                }
                panic!("no descriptor came");
            };
            theirs.async_io(Interest::READABLE, receive).await.unwrap()
        });
        ours.writable().await.unwrap();
        let fds = [carried.as_fd()];
        let mut space = [std::mem::MaybeUninit::uninit(); 64];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        assert!(ancillary.push(SendAncillaryMessage::ScmRights(&fds)));
        let send = || {
            let parts = [IoSlice::new(b"!")];
            Ok(sendmsg(&ours, &parts, &mut ancillary, SendFlags::empty())?)
        };
        assert_eq!(ours.try_io(Interest::WRITABLE, send).unwrap(), 1);
        let received = UnixStream::from_std(receiver.await.unwrap().into()).unwrap();
        (&received).write_all(b"hello").await.unwrap();
        let mut buf = [0; 5];
        peer_of_carried.read_exact(&mut buf).unwrap();
        assert_eq!(&buf, b"hello");
    });
}

#[test]
fn owned_halves_part_and_come_together_again() {
    on_every(|| async {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let (reader, mut writer) = ours.into_split();
        assert!(reader.local_addr().unwrap().is_unnamed());
        assert!(writer.peer_addr().unwrap().is_unnamed());
        let task = runtime::spawn(async move {
            writer.writable().await.unwrap();
            writer.write_all(b"apart").await.unwrap();
            writer
        });
        let mut buf = [0; 5];
        theirs.read_exact(&mut buf).await.unwrap();
        assert_eq!(&buf, b"apart");
        let writer = task.await.unwrap();
        let (stranger, _) = UnixStream::pair().unwrap();
        let (_, foreign) = stranger.into_split();
        let error = reader.reunite(foreign).unwrap_err();
        assert!(error.to_string().contains("not of one stream"));
        let ours = writer.reunite(error.0).unwrap();

        let (mut reader, writer) = ours.into_split();
        drop(writer);
        assert_eq!(theirs.read(&mut [0]).await.unwrap(), 0);
        theirs.write_all(b"?").await.unwrap();
        reader.read_exact(&mut [0]).await.unwrap();
    });
}

#[test]
fn a_forgotten_writer_leaves_the_stream_open() {
    on_every(|| async {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (_reader, writer) = ours.into_split();
        writer.forget();
        assert!(would_block(&theirs.into_std().unwrap().read(&mut [0])));
    });
}

#[test]
fn of_many_readable_waiters_none_is_lost() {
    const WAITERS: usize = 50;
    on_every(|| async {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let ours = Arc::new(ours);
        let waiters: Vec<_> = (0..WAITERS)
            .map(|_| {
                let ours = Arc::clone(&ours);
                runtime::spawn(async move { ours.readable().await.unwrap() })
            })
            .collect();
        runtime::task::yield_now().await;
        theirs.write_all(b"for all of you").await.unwrap();
        for waiter in waiters {
            waiter.await.unwrap();
        }
    });
}
