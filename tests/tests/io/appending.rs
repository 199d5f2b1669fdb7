//! How reads grow the vector or the string that they append to.

use std::io::{self, ErrorKind};
use std::pin::{Pin, pin};
use std::str::Utf8Error;
use std::task::{Context, Poll, Waker};

use futures_lite::future::block_on;
use runtime::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader, ReadBuf, duplex};

#[test]
fn a_capacity_that_suffices_is_not_grown() {
    block_on(async {
        for capacity in 32..70 {
            for length in 0..=capacity {
                let bytes = vec![7; length];
                let (first, second) = bytes.split_at(length / 2);
                let mut all = Vec::with_capacity(capacity);
                let read = first.chain(second).read_to_end(&mut all).await;
                assert_eq!((read.unwrap(), &all), (length, &bytes));
                assert_eq!(all.capacity(), capacity, "{length} bytes");
            }
        }
    });
}

/// Initialises all that it is given, a byte of which it fills, and counts what was not initialised before. Every other poll is
/// pending.
#[derive(Default)]
struct Initializes {
    uninitialized: usize,
    polls: usize,
}

impl AsyncRead for Initializes {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.uninitialized += buf.capacity() - buf.initialized().len();
        buf.initialize_unfilled();
        self.polls += 1;
        if self.polls % 2 == 1 {
            return Poll::Pending;
        }
        if self.polls <= 100 {
            buf.put_slice(b"a");
        }
        Poll::Ready(Ok(()))
    }
}

#[test]
fn memory_is_initialised_once() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut reader = Initializes::default();
    let mut all = Vec::with_capacity(1000);
    let mut read = pin!(reader.read_to_end(&mut all));
    while read.as_mut().poll(&mut cx).is_pending() {}
    assert_eq!((all.len(), all.capacity()), (50, 1000));
    assert_eq!(reader.uninitialized, 1000);

    let mut reader = Initializes::default();
    let mut text = String::with_capacity(1000);
    let mut read = pin!(reader.read_to_string(&mut text));
    while read.as_mut().poll(&mut cx).is_pending() {}
    assert_eq!((text.len(), reader.uninitialized), (50, 1000));
}

#[test]
fn what_is_no_text_is_told_with_its_place() {
    fn valid_up_to(error: io::Error) -> usize {
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let fault = error.into_inner().unwrap().downcast::<Utf8Error>();
        fault.unwrap().valid_up_to()
    }
    block_on(async {
        let mut text = String::from("some");
        let error = (&b"text\xff"[..]).read_to_string(&mut text).await;
        assert_eq!(valid_up_to(error.unwrap_err()), 8);
        let error = (&b"text\xff\n"[..]).read_line(&mut text).await;
        assert_eq!(valid_up_to(error.unwrap_err()), 8);
        assert_eq!(text, "some");
        let error = (&b"text\xff\n"[..]).lines().next_line().await;
        let error = error.unwrap_err().into_inner().unwrap();
        let error = error.downcast::<std::string::FromUtf8Error>().unwrap();
        assert_eq!(error.utf8_error().valid_up_to(), 4);
        assert_eq!(error.into_bytes(), b"text\xff");
    });
}

#[test]
fn fill_buf_is_done_at_the_end_though_another_read_would_wait() {
    struct EndsOnce(bool);

    impl AsyncRead for EndsOnce {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if std::mem::replace(&mut self.0, true) {
                return Poll::Pending;
            }
            Poll::Ready(Ok(()))
        }
    }

    let mut cx = Context::from_waker(Waker::noop());
    let mut reader = BufReader::new(EndsOnce(false));
    match pin!(reader.fill_buf()).poll(&mut cx) {
        Poll::Ready(filled) => assert_eq!(filled.unwrap(), b""),
        Poll::Pending => panic!("it has ended"),
    };
}

#[test]
fn a_write_of_nothing_fails_if_nobody_reads_and_waits_for_no_room() {
    use runtime::io::AsyncWriteExt;

    block_on(async {
        let (mut near, far) = duplex(1);
        near.write_all(b"x").await.unwrap();
        assert_eq!(near.write(b"").await.unwrap(), 0);
        drop(far);
        assert_eq!(
            near.write(b"").await.unwrap_err().kind(),
            ErrorKind::BrokenPipe
        );
    });
}
