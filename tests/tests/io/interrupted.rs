//! What a signal has interrupted is tried again, except where one call is asked for.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_lite::future::block_on;
use runtime::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter,
    ReadBuf, copy, copy_bidirectional, copy_buf,
};

/// Moves a byte at a time. Every other call is interrupted, the first one too.
#[derive(Default)]
struct Interrupted {
    unread: &'static [u8],
    written: Vec<u8>,
    reads: usize,
    writes: usize,
}

fn reads(unread: &'static [u8]) -> Interrupted {
    Interrupted {
        unread,
        ..Interrupted::default()
    }
}

fn goes_on(calls: &mut usize) -> io::Result<()> {
    *calls += 1;
    match *calls % 2 {
        1 => Err(ErrorKind::Interrupted.into()),
        _ => Ok(()),
    }
}

impl AsyncRead for Interrupted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        goes_on(&mut self.reads)?;
        let (read, unread) = self.unread.split_at(self.unread.len().min(1));
        self.unread = unread;
        buf.put_slice(read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Interrupted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        goes_on(&mut self.writes)?;
        self.written.push(buf[0]);
        Poll::Ready(Ok(1))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn reads_of_several_calls_go_on() {
    block_on(async {
        let mut four = [0; 4];
        reads(b"text").read_exact(&mut four).await.unwrap();
        assert_eq!(&four, b"text");
        assert_eq!(reads(&[1, 2, 3, 4]).read_u32().await.unwrap(), 0x0102_0304);
        assert_eq!(reads(&[1, 2]).read_i16_le().await.unwrap(), 0x0201);

        // The capacity is just used up when the end is looked for.
        for capacity in [0, 32, 64] {
            let mut all = Vec::with_capacity(capacity);
            let bytes = &[7; 32];
            assert_eq!(reads(bytes).read_to_end(&mut all).await.unwrap(), 32);
            assert_eq!(all, bytes);
        }
        let mut text = String::from("some ");
        reads(b"text").read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "some text");

        let mut reader = BufReader::new(reads(b"one\ntwo"));
        let mut line = String::new();
        reader.read_line(&mut line).await.unwrap();
        assert_eq!(line, "one\n");
        assert_eq!(
            reader.lines().next_line().await.unwrap().as_deref(),
            Some("two")
        );
    });
}

#[test]
fn writes_of_several_calls_go_on() {
    block_on(async {
        let mut writer = Interrupted::default();
        writer.write_all(b"text").await.unwrap();
        writer.write_all_buf(&mut &b" and "[..]).await.unwrap();
        writer.write_u16(0x6d6f).await.unwrap();
        let mut buffered = BufWriter::new(writer);
        buffered.write_all(b"re").await.unwrap();
        buffered.flush().await.unwrap();
        assert_eq!(buffered.into_inner().written, b"text and more");
    });
}

#[test]
fn copies_go_on() {
    block_on(async {
        let mut writer = Interrupted::default();
        copy(&mut reads(b"one "), &mut writer).await.unwrap();
        copy_buf(&mut BufReader::new(reads(b"two")), &mut writer)
            .await
            .unwrap();
        assert_eq!(writer.written, b"one two");

        let (mut a, mut b) = (reads(b"there"), reads(b"back"));
        let copied = copy_bidirectional(&mut a, &mut b).await.unwrap();
        assert_eq!(copied, (5, 4));
        assert_eq!((&*a.written, &*b.written), (&b"back"[..], &b"there"[..]));
    });
}

#[test]
fn a_single_call_tells() {
    block_on(async {
        let mut stream = reads(b"text");
        let error = stream.read(&mut [0; 4]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        let error = stream.write(b"text").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
    });
}
