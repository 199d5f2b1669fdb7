//! What `duplex` and `simplex` promise.

use std::future::Future;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_lite::future;
use runtime::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, SimplexStream, duplex, simplex};
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::panic_of;

/// A block of bytes of which no two neighbourhoods are alike.
fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 31 + n / 256) as u8).collect()
}

#[test]
fn bytes_go_both_ways_at_once() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            for limit in [1, 7, 4096] {
                let (near, far) = duplex(limit);
                let sent = pattern(20_000);
                let talk = |end: DuplexStream, sent: Vec<u8>| async move {
                    let (mut reader, mut writer) = runtime::io::split(end);
                    let writing = runtime::spawn(async move {
                        for chunk in sent.chunks(13) {
                            writer.write_all(chunk).await.unwrap();
                        }
                        writer.shutdown().await.unwrap();
                    });
                    let mut received = Vec::new();
                    reader.read_to_end(&mut received).await.unwrap();
                    writing.await.unwrap();
                    received
                };
                let there = runtime::spawn(talk(near, sent.clone()));
                let back = runtime::spawn(talk(far, sent.clone()));
                assert_eq!(there.await.unwrap(), sent);
                assert_eq!(back.await.unwrap(), sent);
            }
        });
    });
}

#[test]
fn a_writer_waits_at_the_limit_and_is_woken_by_a_read() {
    let (mut near, mut far) = duplex(4);
    future::block_on(async {
        assert_eq!(near.write(b"abcdef").await.unwrap(), 4);
        let woken = Counter::new();
        let waker = Waker::from(Arc::new(woken.clone()));
        let mut write = pin!(near.write(b"efgh"));
        let cx = &mut Context::from_waker(&waker);
        assert!(write.as_mut().poll(cx).is_pending());
        assert_eq!(woken.get(), 0);
        let mut buf = [0; 3];
        assert_eq!(far.read(&mut buf).await.unwrap(), 3);
        assert_eq!(woken.get(), 1);
        assert!(matches!(write.poll(cx), Poll::Ready(Ok(3))));
        let mut rest = [0; 9];
        assert_eq!(far.read(&mut rest).await.unwrap(), 4);
        assert_eq!((&buf, &rest[..4]), (b"abc", &b"defg"[..]));
    });
}

#[test]
fn only_the_last_waker_of_a_side_is_woken() {
    let (mut near, mut far) = duplex(4);
    let wakers = [(); 2].map(|()| Counter::new());
    let mut buf = [0; 4];
    let mut read = pin!(near.read(&mut buf));
    for counter in &wakers {
        let waker = Waker::from(Arc::new(counter.clone()));
        assert!(
            read.as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
    }
    future::block_on(far.write_all(b"x")).unwrap();
    assert_eq!(wakers.each_ref().map(Counter::get), [0, 1]);
}

#[test]
fn closing_lets_the_reader_finish_and_go_on_writing() {
    future::block_on(async {
        let (mut near, mut far) = duplex(16);
        near.write_all(b"last words").await.unwrap();
        near.shutdown().await.unwrap();
        let again = near.write(b"more").await.unwrap_err();
        assert_eq!(again.kind(), ErrorKind::BrokenPipe);
        let mut text = String::new();
        far.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "last words");
        far.write_all(b"answer").await.unwrap();
        drop(far);
        text.clear();
        near.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "answer");
    });
}

#[test]
fn dropping_an_end_wakes_whoever_waits_at_the_other() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (mut near, far) = duplex(1);
            let reading = runtime::spawn(async move {
                let mut text = Vec::new();
                near.read_to_end(&mut text).await.map(|_| text)
            });
            runtime::task::yield_now().await;
            drop(far);
            assert_eq!(reading.await.unwrap().unwrap(), b"");

            let (mut near, far) = duplex(1);
            let writing = runtime::spawn(async move { near.write_all(b"too much").await });
            runtime::task::yield_now().await;
            drop(far);
            let error = writing.await.unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        });
    });
}

#[test]
fn a_transfer_of_no_bytes_is_done_at_once() {
    let (mut near, mut far) = duplex(1);
    future::block_on(async {
        assert_eq!(near.read(&mut []).await.unwrap(), 0);
        far.write_all(b"x").await.unwrap();
        assert_eq!(far.write(b"").await.unwrap(), 0);
        assert_eq!(far.write_vectored(&[]).await.unwrap(), 0);
        far.flush().await.unwrap();
    });
}

#[test]
fn vectored_writes_take_from_every_buffer_up_to_the_limit() {
    use std::io::IoSlice;
    future::block_on(async {
        let (mut near, mut far) = duplex(7);
        let bufs = [&b"ab"[..], b"", b"cde", b"fghi"].map(IoSlice::new);
        assert_eq!(near.write_vectored(&bufs).await.unwrap(), 7);
        let mut read = [0; 9];
        assert_eq!(far.read(&mut read).await.unwrap(), 7);
        assert_eq!(&read[..7], b"abcdefg");
    });
}

#[test]
fn vectored_reads_fill_every_buffer_with_what_is_there() {
    use std::io::IoSliceMut;
    future::block_on(async {
        let (mut near, mut far) = duplex(16);
        for (text, expected) in [(&b"abcdef"[..], b"abcdef\0\0"), (b"ab", b"ab\0\0\0\0\0\0")] {
            near.write_all(text).await.unwrap();
            let mut read = [0; 8];
            let (head, rest) = read.split_at_mut(2);
            let mut bufs = [head, &mut [], rest].map(IoSliceMut::new);
            let n = futures_lite::AsyncReadExt::read_vectored(&mut far, &mut bufs).await;
            assert_eq!(n.unwrap(), text.len());
            assert_eq!(&read, expected);
        }
        drop(near);
        let mut read = [0; 2];
        let mut bufs = [IoSliceMut::new(&mut read)];
        let n = futures_lite::AsyncReadExt::read_vectored(&mut far, &mut bufs).await;
        assert_eq!(n.unwrap(), 0);
    });
}

#[test]
fn a_limit_of_nothing_is_refused_where_it_is_given() {
    assert_eq!(panic_of(|| duplex(0)).file, file!());
    assert_eq!(panic_of(|| simplex(0)).file, file!());
    assert_eq!(panic_of(|| SimplexStream::new_unsplit(0)).file, file!());
}

#[test]
fn simplex_reads_what_was_written_and_ends_when_closed() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (mut reader, mut writer) = simplex(5);
            let sent = pattern(5_000);
            let expected = sent.clone();
            let writing = runtime::spawn(async move {
                writer.write_all(&sent).await.unwrap();
                writer.shutdown().await.unwrap();
                writer.write(b"x").await.unwrap_err().kind()
            });
            let mut received = Vec::new();
            reader.read_to_end(&mut received).await.unwrap();
            assert_eq!(received, expected);
            assert_eq!(writing.await.unwrap(), ErrorKind::BrokenPipe);
        });
    });
}

#[test]
fn an_unsplit_simplex_is_a_queue_of_bytes() {
    let mut stream = SimplexStream::new_unsplit(3);
    future::block_on(async {
        assert_eq!(stream.write(b"abcd").await.unwrap(), 3);
        let mut buf = [0; 2];
        stream.read_exact(&mut buf).await.unwrap();
        assert_eq!(stream.write(b"de").await.unwrap(), 2);
        let mut rest = [0; 3];
        stream.read_exact(&mut rest).await.unwrap();
        assert_eq!((&buf, &rest), (b"ab", b"cde"));
    });
}

mod families {
    use runtime::io::{AsyncReadExt, AsyncWriteExt, simplex};
    use runtime::io::{DuplexStream, SimplexStream, duplex};
    use runtime_tests::flavor::on_every_flavor;

    fn all<T>()
    where
        T: runtime::io::AsyncRead + runtime::io::AsyncRead + hyper::rt::Read,
        T: runtime::io::AsyncWrite + runtime::io::AsyncWrite + hyper::rt::Write,
    {
    }

    #[test]
    fn tokios_traits_read_and_write() {
        all::<DuplexStream>();
        all::<SimplexStream>();
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                let (mut near, mut far) = duplex(8);
                near.write_all(b"tokio's").await.unwrap();
                near.shutdown().await.unwrap();
                let mut text = Vec::with_capacity(3);
                far.read_to_end(&mut text).await.unwrap();
                assert_eq!(text, b"tokio's");
                let (mut reader, mut writer) = simplex(8);
                writer.write_all(b"halves").await.unwrap();
                writer.shutdown().await.unwrap();
                text.clear();
                reader.read_to_end(&mut text).await.unwrap();
                assert_eq!(text, b"halves");
            });
        });
    }
}
