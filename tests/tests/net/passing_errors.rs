//! Errors that pass: the system tells of them as it tells of an end, and the socket goes on.

use std::future::{Future, poll_fn};
use std::io::ErrorKind;
use std::os::fd::AsRawFd;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};

use futures_lite::future::poll_once;
use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::io::unix::AsyncFd;
use runtime::io::{Interest, ReadBuf};
use runtime::net::unix::pipe;
use runtime::net::{TcpListener, TcpStream, UdpSocket};
use runtime::task::yield_now;

use crate::harness::{Directory, on_every, waits};

struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Polls what must wait each time it asks for it, until it asks no more for a hundred turns; answers how often that was.
async fn polls_of(waiting: impl Future) -> usize {
    let mut waiting = pin!(waiting);
    let wakes = Arc::new(Wakes(AtomicUsize::new(1)));
    let waker = Waker::from(wakes.clone());
    let mut polls = 0;
    for _ in 0..100 {
        if wakes.0.swap(0, Ordering::SeqCst) > 0 {
            polls += 1;
            let polled = waiting.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
        }
        yield_now().await;
    }
    polls
}

/// So few polls are no sign of one who keeps a core busy.
const FEW: usize = 10;

async fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = TcpStream::connect(listener.local_addr().unwrap()).await;
    (ours.unwrap(), listener.accept().await.unwrap().0)
}

/// Asks for the moments at which what is sent leaves; they come through the error queue.
fn ask_for_timestamps(socket: &impl AsRawFd) {
    let flags = libc::SOF_TIMESTAMPING_TX_SOFTWARE | libc::SOF_TIMESTAMPING_SOFTWARE;
    // SAFETY: `flags` is of the length that is told, and outlives the call.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPING,
            (&raw const flags).cast(),
            size_of_val(&flags) as libc::socklen_t,
        )
    };
    assert_eq!(result, 0);
}

#[test]
fn a_timestamp_in_the_error_queue_keeps_no_writer_busy() {
    on_every(|| async {
        let (mut ours, _theirs) = tcp_pair().await;
        ask_for_timestamps(&ours);
        ours.write_all(b"x").await.unwrap();
        let told = ours.ready(Interest::ERROR).await.unwrap();
        assert!(told.is_error());
        while ours.try_write(&[0; 1 << 16]).is_ok() {}
        let polls = polls_of(ours.write_all(&[0; 1 << 16])).await;
        assert!(polls <= FEW, "{polls}");
    });
}

#[test]
fn a_timestamp_in_the_error_queue_wakes_no_reader() {
    on_every(|| async {
        let (mut ours, mut theirs) = tcp_pair().await;
        ask_for_timestamps(&ours);
        ours.write_all(b"x").await.unwrap();
        ours.ready(Interest::ERROR).await.unwrap();
        waits(ours.read(&mut [0])).await;
        theirs.write_all(b"y").await.unwrap();
        let mut byte = [0];
        ours.read_exact(&mut byte).await.unwrap();
        assert_eq!(&byte, b"y");
    });
}

/// A socket whose only datagram was refused, once that was told.
async fn refused() -> UdpSocket {
    let ours = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let theirs = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    ours.connect(theirs.local_addr().unwrap()).await.unwrap();
    drop(theirs);
    ours.send(b"anybody?").await.unwrap();
    assert!(ours.ready(Interest::ERROR).await.unwrap().is_error());
    ours
}

#[test]
fn a_refused_datagram_ends_no_wait_for_readiness() {
    on_every(|| async {
        let ours = refused().await;
        waits(ours.readable()).await;
        waits(ours.ready(Interest::READABLE)).await;
        waits(poll_fn(|cx| ours.poll_recv_ready(cx))).await;
        let ready = ours.ready(Interest::READABLE | Interest::WRITABLE).await;
        let ready = ready.unwrap();
        assert!(ready.is_writable() && !ready.is_write_closed(), "{ready:?}");
        assert!(!ready.is_readable(), "{ready:?}");
    });
}

#[test]
fn a_refused_datagram_is_told_to_who_receives() {
    on_every(|| async {
        let error = refused().await.recv(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let error = refused().await.recv_from(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let error = refused().await.peek(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let socket = refused().await;
        let error = poll_fn(|cx| socket.poll_recv(cx, &mut ReadBuf::new(&mut [0]))).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::ConnectionRefused);
        // It has been told, and keeps nobody busy.
        let polls = polls_of(socket.recv(&mut [0])).await;
        assert!(polls <= FEW, "{polls}");
    });
}

#[test]
fn who_receives_already_is_woken_by_a_refusal() {
    on_every(|| async {
        let ours = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let theirs = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        ours.connect(theirs.local_addr().unwrap()).await.unwrap();
        drop(theirs);
        let mut buf = [0];
        let mut receiving = pin!(ours.recv(&mut buf));
        waits(receiving.as_mut()).await;
        ours.send(b"anybody?").await.unwrap();
        let error = receiving.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);

        waits(poll_fn(|cx| {
            ours.poll_recv(cx, &mut ReadBuf::new(&mut [0]))
        }))
        .await;
        ours.send(b"anybody?").await.unwrap();
        let error = poll_fn(|cx| ours.poll_recv(cx, &mut ReadBuf::new(&mut [0]))).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    });
}

/// Its writers have left, and one has come back.
#[test]
fn a_named_pipe_whose_writer_came_back_keeps_no_reader_busy() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RWXU).unwrap();
        let options = pipe::OpenOptions::new();
        let mut receiver = options.open_receiver(&path).unwrap();
        for letter in [b"a", b"b"] {
            let mut sender = options.open_sender(&path).unwrap();
            let mut buf = [0];
            let polls = polls_of(receiver.read(&mut buf)).await;
            assert!(polls <= FEW, "{polls}");
            sender.write_all(letter).await.unwrap();
            receiver.read_exact(&mut buf).await.unwrap();
            assert_eq!(&buf, letter);
            drop(sender);
            let ended = || async { receiver.ready(Interest::READABLE).await.unwrap() };
            while !ended().await.is_read_closed() {
                yield_now().await;
            }
            assert_eq!(receiver.read(&mut buf).await.unwrap(), 0, "it ends");
        }
    });
}

/// The guards of a descriptor believe an end as long as nobody was refused.
#[test]
fn a_guard_forgets_an_end_that_is_none() {
    on_every(|| async {
        // It is told anew to the next registration.
        let socket = refused().await.into_std().unwrap();
        let fd = AsyncFd::new(socket).unwrap();
        let would_block = || -> std::io::Result<()> { Err(ErrorKind::WouldBlock.into()) };
        for _ in 0..2 {
            let mut guard = fd.writable().await.unwrap();
            guard.try_io(|_| would_block()).unwrap_err();
        }
        waits(fd.writable()).await;
    });
}

#[test]
fn clearing_without_a_refusal_keeps_an_end() {
    on_every(|| async {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        std::io::Write::write_all(&mut &theirs, b"bye").unwrap();
        drop(theirs);
        let ours = AsyncFd::new(ours).unwrap();
        for expected in [3, 0, 0] {
            let mut guard = ours.readable().await.unwrap();
            let read = std::io::Read::read(&mut guard.get_inner(), &mut [0; 8]);
            assert_eq!(read.unwrap(), expected);
            if expected > 0 {
                guard.clear_ready();
            }
        }
    });
}

/// Which waits of a socket are over once its only datagram was refused: to read, to write, for an
/// error, to receive.
macro_rules! waits_that_end {
    ($UdpSocket:path, $Interest:path) => {{
        use $Interest as Interest;
        use $UdpSocket as UdpSocket;
        let ours = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let theirs = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        ours.connect(theirs.local_addr().unwrap()).await.unwrap();
        drop(theirs);
        ours.send(b"anybody?").await.unwrap();
        ours.ready(Interest::ERROR).await.unwrap();
        let is_over = async |interest| poll_once(ours.ready(interest)).await.is_some();
        [
            is_over(Interest::READABLE).await,
            is_over(Interest::WRITABLE).await,
            is_over(Interest::PRIORITY).await,
            is_over(Interest::ERROR).await,
            poll_once(ours.recv(&mut [0])).await.is_some(),
        ]
    }};
}

#[test]
fn an_error_alone_ends_the_waits_that_it_ends_on_tokio() {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap();
    let expected =
        tokio.block_on(async { waits_that_end!(tokio::net::UdpSocket, tokio::io::Interest) });
    assert_eq!(expected, [false, true, false, true, true]);
    on_every(|| async {
        let ended = waits_that_end!(UdpSocket, Interest);
        assert_eq!(ended, [false, true, false, true, true]);
    });
}
