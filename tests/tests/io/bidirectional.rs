//! Copying both ways between two streams.

use std::io::{Error, ErrorKind, Result};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use futures_lite::future::poll_once;
use runtime::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter, ReadBuf, copy_bidirectional,
    copy_bidirectional_with_sizes, duplex,
};
use runtime::net::{TcpListener, TcpStream};
use runtime::task::yield_now;
use runtime_tests::flavor::on_every_flavor;

type Copied = runtime::task::JoinHandle<Result<(u64, u64)>>;

/// A client, a server, and the proxy between them.
async fn through_duplex() -> (impl Stream + 'static, impl Stream, Copied) {
    let ((client, mut near), (server, mut far)) = (duplex(30), duplex(40));
    let proxy = async move { copy_bidirectional_with_sizes(&mut near, &mut far, 3, 4).await };
    (client, server, runtime::spawn(proxy))
}

async fn through_tcp() -> (impl Stream, impl Stream, Copied) {
    let ((client, mut near), (server, mut far)) = (tcp_pair().await, tcp_pair().await);
    let proxy = async move { copy_bidirectional(&mut near, &mut far).await };
    (client, server, runtime::spawn(proxy))
}

async fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).await;
    (near.unwrap(), listener.accept().await.unwrap().0)
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The one end says something and closes; the other hears the end, answers, and closes.
async fn speak_and_answer(mut speaker: impl Stream, mut other: impl Stream) {
    speaker.write_all(b"a question").await.unwrap();
    speaker.shutdown().await.unwrap();
    let mut heard = String::new();
    other.read_to_string(&mut heard).await.unwrap();
    assert_eq!(heard, "a question");
    other
        .write_all(b"the answer, which is longer")
        .await
        .unwrap();
    other.shutdown().await.unwrap();
    heard.clear();
    speaker.read_to_string(&mut heard).await.unwrap();
    assert_eq!(heard, "the answer, which is longer");
}

#[test]
fn an_end_is_passed_on_and_the_other_direction_lives() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (client, server, proxy) = through_duplex().await;
            speak_and_answer(client, server).await;
            assert_eq!(proxy.await.unwrap().unwrap(), (10, 27));

            let (client, server, proxy) = through_duplex().await;
            speak_and_answer(server, client).await;
            assert_eq!(proxy.await.unwrap().unwrap(), (27, 10));

            let (client, server, proxy) = through_tcp().await;
            speak_and_answer(client, server).await;
            assert_eq!(proxy.await.unwrap().unwrap(), (10, 27));

            let (client, server, proxy) = through_tcp().await;
            speak_and_answer(server, client).await;
            assert_eq!(proxy.await.unwrap().unwrap(), (27, 10));
        });
    });
}

#[test]
fn a_direction_that_is_held_up_does_not_hold_up_the_other() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (client, mut server, _proxy) = through_duplex().await;
            let (mut hears, mut speaks) = runtime::io::split(client);
            // Nobody reads what the client says.
            let flood = runtime::spawn(async move { speaks.write_all(&[7; 1000]).await });
            server.write_all(b"all the same").await.unwrap();
            let mut heard = [0; 12];
            hears.read_exact(&mut heard).await.unwrap();
            assert_eq!(&heard, b"all the same");
            assert!(!flood.is_finished());
        });
    });
}

#[test]
fn an_error_of_either_stream_ends_the_copying() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            for fault in [Fault::Read, Fault::Write, Fault::Close] {
                for faulty_first in [true, false] {
                    let (mut client, mut near) = duplex(64);
                    client.write_all(b"x").await.unwrap();
                    client.shutdown().await.unwrap();
                    let mut faulty = Faulty(fault);
                    let copied = match faulty_first {
                        true => copy_bidirectional(&mut faulty, &mut near).await,
                        false => copy_bidirectional(&mut near, &mut faulty).await,
                    };
                    assert_eq!(copied.unwrap_err().kind(), ErrorKind::AddrInUse);
                }
            }
        });
    });
}

#[test]
fn what_a_writer_buffers_is_flushed_when_there_is_nothing_to_read() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let ((mut client, mut near), (mut server, far)) = (duplex(64), duplex(64));
            let proxy = runtime::spawn(async move {
                let mut far = Buffered(BufWriter::new(far));
                copy_bidirectional(&mut near, &mut far).await
            });
            client.write_all(b"a word").await.unwrap();
            let mut heard = [0; 6];
            server.read_exact(&mut heard).await.unwrap();
            assert_eq!(&heard, b"a word");
            drop((client, server));
            let _ = proxy.await.unwrap();
        });
    });
}

#[test]
#[should_panic(expected = "`a_to_b_buf_size` must be greater than 0")]
fn a_buffer_of_no_bytes_is_refused() {
    let ((_client, mut near), (_server, mut far)) = (duplex(1), duplex(1));
    let copying = copy_bidirectional_with_sizes(&mut near, &mut far, 0, 1);
    let _ = futures_lite::future::block_on(copying);
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Read,
    Write,
    Close,
}

/// Fails at one thing; else it accepts everything and says nothing.
struct Faulty(Fault);

impl Faulty {
    fn at<T>(&self, fault: Fault, otherwise: Poll<Result<T>>) -> Poll<Result<T>> {
        if self.0 == fault {
            return Poll::Ready(Err(Error::from(ErrorKind::AddrInUse)));
        }
        otherwise
    }
}

impl AsyncRead for Faulty {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        self.at(Fault::Read, Poll::Pending)
    }
}

impl AsyncWrite for Faulty {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.at(Fault::Write, Poll::Ready(Ok(buf.len())))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        self.at(Fault::Close, Poll::Ready(Ok(())))
    }
}

/// Buffers what is written, and not what is read.
struct Buffered(BufWriter<runtime::io::DuplexStream>);

impl AsyncRead for Buffered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(self.0.get_mut()).poll_read(cx, buf)
    }
}

impl AsyncWrite for Buffered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// Always ready; counts what is read from it, and ends after so many bytes.
struct AlwaysReady {
    left: Arc<AtomicU64>,
    /// Bytes that a read or a write takes at most.
    step: usize,
}

impl AlwaysReady {
    fn new(bytes: u64, step: usize) -> (Self, Arc<AtomicU64>) {
        let left = Arc::new(AtomicU64::new(bytes));
        (
            AlwaysReady {
                left: left.clone(),
                step,
            },
            left,
        )
    }
}

impl AsyncRead for AlwaysReady {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let most = buf.remaining().min(self.step) as u64;
        let n = self.left.load(Relaxed).min(most);
        self.left.fetch_sub(n, Relaxed);
        buf.initialize_unfilled_to(n as usize);
        buf.advance(n as usize);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for AlwaysReady {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        Poll::Ready(Ok(buf.len().min(self.step)))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Copies between two sides of which one never ends, until the other has been read to its end.
async fn copy_until_the_other_has_ended(first_never_ends: bool, step: usize) {
    let (few, endless) = (10_000, u64::MAX);
    let (a, b) = if first_never_ends {
        (endless, few)
    } else {
        (few, endless)
    };
    let ((mut a, a_left), (mut b, b_left)) = (AlwaysReady::new(a, step), AlwaysReady::new(b, step));
    let left = if first_never_ends { b_left } else { a_left };
    let mut copying = pin!(copy_bidirectional_with_sizes(&mut a, &mut b, 4096, 4096));
    for _ in 0..10_000 {
        assert!(poll_once(&mut copying).await.is_none());
        if left.load(Relaxed) == 0 {
            return;
        }
        yield_now().await;
    }
    panic!(
        "{} bytes are left, first_never_ends = {first_never_ends}",
        left.load(Relaxed)
    );
}

#[test]
fn a_side_that_is_always_ready_does_not_hold_up_the_other() {
    on_every_flavor(|flavor| {
        let runtime = flavor.build();
        for (first_never_ends, step) in [(true, 4096), (false, 4096), (true, 1), (false, 1)] {
            let copy = copy_until_the_other_has_ended(first_never_ends, step);
            runtime.block_on(runtime.spawn(copy)).unwrap();
        }
    });
}
