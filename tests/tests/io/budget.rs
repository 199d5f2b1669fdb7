//! Streams in memory take part in the poll budget.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runtime::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional, duplex};
use runtime_tests::flavor::Flavor;
use runtime_tests::watchdog::Watchdog;

/// Runs a task that is always ready until a timer of the same thread has fired.
fn until_a_timer_fires<F>(busy: impl FnOnce(Arc<AtomicBool>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let _watchdog = Watchdog::start("starved");
    Flavor::CurrentThread
        .builder()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async {
            let fired = Arc::new(AtomicBool::new(false));
            let busy = runtime::spawn(busy(fired.clone()));
            runtime::time::sleep(Duration::from_millis(1)).await;
            fired.store(true, Ordering::SeqCst);
            busy.await.unwrap();
        });
}

#[test]
fn a_duplex_that_is_always_ready_starves_nobody() {
    until_a_timer_fires(|fired| async move {
        let (mut near, mut far) = duplex(16);
        let mut byte = [0];
        while !fired.load(Ordering::SeqCst) {
            near.write_all(b"x").await.unwrap();
            far.read_exact(&mut byte).await.unwrap();
        }
    });
}

#[test]
fn copying_between_streams_without_a_budget_starves_nobody() {
    until_a_timer_fires(|fired| async move {
        let mut endless = Endless(fired.clone());
        let mut other = Endless(fired);
        copy_bidirectional(&mut endless, &mut other).await.unwrap();
    });
}

/// A foreign stream that is always ready, until it is told to end.
struct Endless(Arc<AtomicBool>);

mod endless {
    use std::io::Result;
    use std::pin::Pin;
    use std::sync::atomic::Ordering;
    use std::task::{Context, Poll};

    use runtime::io::{AsyncRead, AsyncWrite, ReadBuf};

    use super::Endless;

    impl AsyncRead for Endless {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<Result<()>> {
            if !self.0.load(Ordering::SeqCst) {
                buf.put_slice(b"x");
            }
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Endless {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &[u8],
        ) -> Poll<Result<usize>> {
            Poll::Ready(Ok(buf.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
            Poll::Ready(Ok(()))
        }
    }
}
