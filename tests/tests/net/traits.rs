//! The trait families, all on the same types.

use runtime::net::unix::pipe;
use runtime::net::{TcpStream, UnixStream, tcp, unix};

fn reads<T>()
where
    T: runtime::io::AsyncRead
        + futures_lite::io::AsyncRead
        + tokio::io::AsyncRead
        + hyper::rt::Read,
{
}

fn writes<T>()
where
    T: runtime::io::AsyncWrite
        + futures_lite::io::AsyncWrite
        + tokio::io::AsyncWrite
        + hyper::rt::Write,
{
}

#[test]
fn what_reads_or_writes_does_so_in_every_family() {
    reads::<TcpStream>();
    reads::<tcp::ReadHalf<'_>>();
    reads::<tcp::OwnedReadHalf>();
    reads::<UnixStream>();
    reads::<unix::ReadHalf<'_>>();
    reads::<unix::OwnedReadHalf>();
    reads::<pipe::Receiver>();
    writes::<TcpStream>();
    writes::<tcp::WriteHalf<'_>>();
    writes::<tcp::OwnedWriteHalf>();
    writes::<UnixStream>();
    writes::<unix::WriteHalf<'_>>();
    writes::<unix::OwnedWriteHalf>();
    writes::<pipe::Sender>();
}

/// By shared reference, as crates of the smol family do.
mod futures_io {
    use std::io::IoSliceMut;

    use futures_lite::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
    use runtime::net::UnixStream;
    use runtime::net::unix::pipe;

    use crate::harness::{on_both, pair};

    /// Reads seven bytes, which are there at once.
    async fn read_vectored(mut reader: impl AsyncRead + Unpin) {
        let (mut head, mut rest) = ([0; 2], [0; 8]);
        let mut bufs = [&mut head[..], &mut [], &mut rest].map(IoSliceMut::new);
        assert_eq!(reader.read_vectored(&mut bufs).await.unwrap(), 7);
        assert_eq!((&head, &rest), (b"ve", b"ctors\0\0\0"));
    }

    #[test]
    fn a_vectored_read_fills_all_buffers_in_turn() {
        on_both(|| async {
            let (mut ours, theirs) = pair().await;
            ours.write_all(b"vectors").await.unwrap();
            read_vectored(&theirs).await;
            ours.write_all(b"vectors").await.unwrap();
            let (reader, _writer) = theirs.into_split();
            read_vectored(reader).await;

            let (mut ours, theirs) = UnixStream::pair().unwrap();
            ours.write_all(b"vectors").await.unwrap();
            read_vectored(theirs).await;

            let (mut sender, receiver) = pipe::pipe().unwrap();
            sender.write_all(b"vectors").await.unwrap();
            read_vectored(receiver).await;
        });
    }

    #[test]
    fn a_shared_reference_reads_and_writes() {
        on_both(|| async {
            let (ours, theirs) = pair().await;
            (&ours).write_all(b"a line\nrest").await.unwrap();
            (&ours).flush().await.unwrap();
            (&ours).close().await.unwrap();
            let mut line = String::new();
            let mut reader = BufReader::new(&theirs);
            reader.read_line(&mut line).await.unwrap();
            assert_eq!(line, "a line\n");
            line.clear();
            reader.read_to_string(&mut line).await.unwrap();
            assert_eq!(line, "rest");
        });
    }
}

/// `runtime::io` alone.
mod runtime_io {
    use std::future::poll_fn;
    use std::mem::MaybeUninit;
    use std::pin::Pin;

    use runtime::io::{
        AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf,
        copy, copy_bidirectional, duplex,
    };
    use runtime::net::UnixStream;
    use runtime::net::unix::pipe;

    use crate::harness::{on_both, on_every, pair};

    #[test]
    fn unix_streams_and_pipes_are_copied_by_its_helpers() {
        on_every(|| async {
            let (mut ours, theirs) = UnixStream::pair().unwrap();
            let (mut sender, mut receiver) = pipe::pipe().unwrap();
            let copying = runtime::spawn(async move {
                let (mut reader, _writer) = theirs.into_split();
                copy(&mut reader, &mut sender).await.unwrap()
            });
            ours.write_all(b"through both").await.unwrap();
            ours.shutdown().await.unwrap();
            let mut text = String::new();
            receiver.read_to_string(&mut text).await.unwrap();
            assert_eq!(text, "through both");
            assert_eq!(copying.await.unwrap(), 12);
        });
    }

    #[test]
    fn helpers_work_on_our_streams() {
        on_both(|| async {
            let (mut ours, mut theirs) = pair().await;
            let (mut near, mut far) = duplex(16);
            let proxy =
                runtime::spawn(async move { copy_bidirectional(&mut theirs, &mut far).await });
            ours.write_all(b"through the proxy\n").await.unwrap();
            ours.shutdown().await.unwrap();
            let mut text = String::new();
            near.read_to_string(&mut text).await.unwrap();
            near.write_all(text.to_uppercase().as_bytes())
                .await
                .unwrap();
            drop(near);
            text.clear();
            BufReader::new(ours).read_line(&mut text).await.unwrap();
            assert_eq!(text, "THROUGH THE PROXY\n");
            assert_eq!(proxy.await.unwrap().unwrap(), (18, 18));
        });
    }

    #[test]
    fn a_read_appends_to_memory_that_was_never_initialised() {
        on_both(|| async {
            let (mut ours, theirs) = pair().await;
            let (_, mut writer) = theirs.into_split();
            assert!(writer.is_write_vectored());
            let mut memory = [MaybeUninit::uninit(); 8];
            let mut buf = ReadBuf::uninit(&mut memory);
            buf.put_slice(b"<<");
            writer.write_all(b"some").await.unwrap();
            while buf.filled().len() < 6 {
                poll_fn(|cx| Pin::new(&mut ours).poll_read(cx, &mut buf))
                    .await
                    .unwrap();
            }
            assert_eq!(buf.filled(), b"<<some");
            assert_eq!(buf.remaining(), 2);

            writer.write_all(b"more").await.unwrap();
            poll_fn(|cx| Pin::new(&mut ours).poll_read(cx, &mut buf))
                .await
                .unwrap();
            assert_eq!(buf.filled(), b"<<somemo");
            // Full: it answers at once and takes nothing.
            poll_fn(|cx| Pin::new(&mut ours).poll_read(cx, &mut buf))
                .await
                .unwrap();
            let mut rest = [0; 2];
            ours.read_exact(&mut rest).await.unwrap();
            assert_eq!(&rest, b"re");
        });
    }
}

/// `hyper::rt`.
mod hyper_rt {
    use std::future::poll_fn;
    use std::io::IoSlice;
    use std::mem::MaybeUninit;
    use std::pin::Pin;

    use hyper::rt::{Read, ReadBuf, Write};

    use crate::harness::{on_both, pair};

    #[test]
    fn a_read_fills_the_cursor_up_to_the_end_of_the_stream() {
        on_both(|| async {
            let (mut ours, mut theirs) = pair().await;
            assert!(ours.is_write_vectored());
            let parts = [IoSlice::new(b"hyper"), IoSlice::new(b" text")];
            let written = poll_fn(|cx| Pin::new(&mut theirs).poll_write_vectored(cx, &parts)).await;
            assert_eq!(written.unwrap(), 10);
            let written = poll_fn(|cx| Pin::new(&mut theirs).poll_write(cx, b"!")).await;
            assert_eq!(written.unwrap(), 1);
            poll_fn(|cx| Pin::new(&mut theirs).poll_flush(cx))
                .await
                .unwrap();
            poll_fn(|cx| Pin::new(&mut theirs).poll_shutdown(cx))
                .await
                .unwrap();

            let mut memory = [MaybeUninit::uninit(); 32];
            let mut buf = ReadBuf::uninit(&mut memory);
            let mut before = usize::MAX;
            while before != buf.filled().len() {
                before = buf.filled().len();
                poll_fn(|cx| Pin::new(&mut ours).poll_read(cx, buf.unfilled()))
                    .await
                    .unwrap();
            }
            assert_eq!(buf.filled(), b"hyper text!");
        });
    }
}
