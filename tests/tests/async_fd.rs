//! `AsyncFd`: descriptors of others in our reactor.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs::File;
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use futures_lite::future::poll_once;
use runtime::io::unix::{AsyncFd, AsyncFdReadyGuard, AsyncFdReadyMutGuard};
use runtime::io::{Interest, Ready};
use runtime::runtime::{Builder, Runtime};
use rustix::event::{EventfdFlags, eventfd};
use rustix::pipe::{PipeFlags, pipe_with};

const SCHEDULERS: [fn() -> Runtime; 2] = [
    || {
        Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    },
    || Builder::new_current_thread().enable_all().build().unwrap(),
];

/// Runs `test` on each scheduler, and fails if it takes far too long.
fn on_both<F: Future<Output = ()> + 'static>(test: fn() -> F) {
    for make in SCHEDULERS {
        let (done, finished) = channel();
        let thread = thread::spawn(move || {
            make().block_on(test());
            let _ = done.send(());
        });
        let hangs =
            finished.recv_timeout(Duration::from_secs(30)).is_err() && !thread.is_finished();
        assert!(!hangs, "the test hangs");
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

fn pipe() -> (File, File) {
    let (reader, writer) = pipe_with(PipeFlags::NONBLOCK | PipeFlags::CLOEXEC).unwrap();
    (reader.into(), writer.into())
}

fn read(mut file: &File, buf: &mut [u8]) -> io::Result<usize> {
    file.read(buf)
}

fn would_block<T>(result: &io::Result<T>) -> bool {
    matches!(result, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

#[test]
fn a_pipe_is_readable_when_written_to() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        let reader = AsyncFd::with_interest(reader, Interest::READABLE).unwrap();
        assert!(poll_once(pin!(reader.readable())).await.is_none());
        let reading = runtime::spawn(async move {
            let mut buf = [0; 8];
            let n = reader
                .async_io(Interest::READABLE, |file| read(file, &mut buf))
                .await
                .unwrap();
            assert_eq!(&buf[..n], b"piped");
            reader
        });
        writer.write_all(b"piped").unwrap();
        let reader = reading.await.unwrap();
        drop(writer);
        loop {
            let mut guard = reader.readable().await.unwrap();
            if guard.ready().is_read_closed() {
                break;
            }
            guard.clear_ready();
        }
        assert_eq!(read(reader.get_ref(), &mut [0]).unwrap(), 0);
    });
}

#[test]
fn an_event_counter_of_others_tells_of_both_directions() {
    on_both(|| async {
        let counter = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC).unwrap();
        let counter = AsyncFd::new(File::from(counter)).unwrap();
        let guard = counter
            .ready(Interest::READABLE | Interest::WRITABLE)
            .await
            .unwrap();
        assert!(guard.ready().is_writable() && !guard.ready().is_readable());

        let counter = Arc::new(counter);
        let waiter = runtime::spawn({
            let counter = Arc::clone(&counter);
            async move {
                let mut value = [0; 8];
                let take = |file: &File| read(file, &mut value);
                counter.async_io(Interest::READABLE, take).await.unwrap();
                u64::from_ne_bytes(value)
            }
        });
        let add = |mut file: &File| file.write(&7_u64.to_ne_bytes());
        counter.async_io(Interest::WRITABLE, add).await.unwrap();
        assert_eq!(waiter.await.unwrap(), 7);
    });
}

#[test]
fn every_waiter_sees_the_readiness() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        let reader = Arc::new(AsyncFd::with_interest(reader, Interest::READABLE).unwrap());
        let waiters: Vec<_> = (0..50)
            .map(|_| {
                let reader = Arc::clone(&reader);
                runtime::spawn(async move { reader.readable().await.unwrap().retain_ready() })
            })
            .collect();
        runtime::task::yield_now().await;
        writer.write_all(b"!").unwrap();
        for waiter in waiters {
            waiter.await.unwrap();
        }
    });
}

#[test]
fn readiness_lasts_until_it_is_cleared() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        let reader = AsyncFd::with_interest(reader, Interest::READABLE).unwrap();
        writer.write_all(b"x").unwrap();

        let mut guard = reader.readable().await.unwrap();
        assert_eq!(read(guard.get_inner(), &mut [0]).unwrap(), 1);
        guard.retain_ready();
        // Nothing is left, but nobody has said so.
        let mut guard = poll_once(pin!(reader.readable())).await.unwrap().unwrap();
        assert!(would_block(&read(guard.get_ref().get_ref(), &mut [0])));
        guard.clear_ready();
        assert!(guard.ready().is_empty());
        assert!(poll_once(pin!(reader.readable())).await.is_none());

        writer.write_all(b"y").unwrap();
        assert!(reader.readable().await.unwrap().ready().is_readable());
    });
}

#[test]
fn clearing_what_was_seen_spares_what_came_since() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        let reader = AsyncFd::with_interest(reader, Interest::READABLE).unwrap();
        writer.write_all(b"x").unwrap();
        let mut old = reader.readable().await.unwrap();
        reader.readable().await.unwrap().clear_ready();
        writer.write_all(b"y").unwrap();
        reader.readable().await.unwrap().retain_ready();
        old.clear_ready();
        assert!(poll_once(pin!(reader.readable())).await.is_some());
    });
}

#[test]
fn one_direction_is_cleared_without_the_other() {
    on_both(|| async {
        let counter = eventfd(1, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC).unwrap();
        let counter = AsyncFd::new(counter).unwrap();
        let both = Interest::READABLE | Interest::WRITABLE;
        let mut guard = counter.ready(both).await.unwrap();
        while !(guard.ready().is_readable() && guard.ready().is_writable()) {
            guard = counter.ready(both).await.unwrap();
        }
        guard.clear_ready_matching(Ready::READABLE);
        assert!(!guard.ready().is_readable() && guard.ready().is_writable());
        assert!(poll_once(pin!(counter.readable())).await.is_none());
        assert!(poll_once(pin!(counter.writable())).await.is_some());
        guard.clear_ready_matching(Ready::WRITABLE);
        assert!(guard.ready().is_empty());
        assert!(poll_once(pin!(counter.writable())).await.is_none());
    });
}

#[test]
fn an_operation_that_would_block_clears_the_readiness() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        let mut reader = AsyncFd::with_interest(reader, Interest::READABLE).unwrap();
        writer.write_all(b"x").unwrap();
        let mut guard = reader.readable().await.unwrap();
        assert_eq!(
            guard
                .try_io(|fd| read(fd.get_ref(), &mut [0]))
                .unwrap()
                .unwrap(),
            1
        );
        let error = guard.try_io(|fd| read(fd.get_ref(), &mut [0])).unwrap_err();
        assert_eq!(error.to_string(), "the operation would have blocked");
        assert!(poll_once(pin!(reader.readable())).await.is_none());

        let unreached = reader.try_io(Interest::READABLE, |_| -> io::Result<()> { panic!() });
        assert!(would_block(&unreached));
        writer.write_all(b"yz").unwrap();
        reader.readable().await.unwrap().retain_ready();
        assert_eq!(
            reader
                .try_io(Interest::READABLE, |file| read(file, &mut [0]))
                .unwrap(),
            1
        );
        let read_mut = |file: &mut File| file.read(&mut [0]);
        assert_eq!(reader.try_io_mut(Interest::READABLE, read_mut).unwrap(), 1);
        assert!(would_block(
            &reader.try_io_mut(Interest::READABLE, read_mut)
        ));
        writer.write_all(b"!").unwrap();
        assert_eq!(
            reader
                .async_io_mut(Interest::READABLE, read_mut)
                .await
                .unwrap(),
            1
        );
    });
}

#[test]
fn polling_waits_and_is_woken_in_each_direction() {
    on_both(|| async {
        let (reader, writer) = pipe();
        let mut reader = AsyncFd::with_interest(reader, Interest::READABLE).unwrap();
        let mut writer = AsyncFd::with_interest(writer, Interest::WRITABLE).unwrap();
        let waits = poll_once(poll_fn(|cx| reader.poll_read_ready(cx).map(drop))).await;
        assert!(waits.is_none());

        let mut guard = poll_fn(|cx| writer.poll_write_ready(cx)).await.unwrap();
        guard
            .try_io(|fd| fd.get_ref().write(b"ab"))
            .unwrap()
            .unwrap();
        let guard = poll_fn(|cx| reader.poll_read_ready(cx)).await.unwrap();
        assert_eq!(read(guard.get_inner(), &mut [0]).unwrap(), 1);

        poll_fn(|cx| writer.poll_write_ready_mut(cx).map_ok(drop))
            .await
            .unwrap();
        poll_fn(|cx| reader.poll_read_ready_mut(cx).map_ok(drop))
            .await
            .unwrap();
        let mut guard = reader.readable_mut().await.unwrap();
        assert_eq!(
            guard
                .try_io(|fd| fd.get_mut().read(&mut [0]))
                .unwrap()
                .unwrap(),
            1
        );
        let error = guard.try_io(|fd| fd.get_mut().read(&mut [0])).unwrap_err();
        assert!(error.to_string().contains("blocked"));
        let mut guard = writer.writable_mut().await.unwrap();
        guard.get_inner_mut().write_all(b"c").unwrap();
        guard.clear_ready_matching(Ready::READABLE);
        assert!(guard.ready().is_writable());
    });
}

#[test]
fn taking_it_apart_gives_back_a_descriptor_that_can_be_registered_again() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        let fd = reader.as_raw_fd();
        let mut reader = AsyncFd::with_interest(reader, Interest::READABLE).unwrap();
        assert_eq!((reader.as_raw_fd(), reader.as_fd().as_raw_fd()), (fd, fd));
        for _ in 0..3 {
            reader = AsyncFd::with_interest(reader.into_inner(), Interest::READABLE).unwrap();
        }
        writer.write_all(b"x").unwrap();
        reader.readable().await.unwrap().retain_ready();
    });
}

#[test]
fn a_descriptor_that_cannot_be_polled_comes_back_with_the_error() {
    on_both(|| async {
        let file = File::open("/proc/self/exe").unwrap();
        let fd = file.as_raw_fd();
        let error = AsyncFd::try_new(file).unwrap_err();
        let (file, cause) = error.into_parts();
        assert_eq!(file.as_raw_fd(), fd);
        assert_eq!(cause.kind(), ErrorKind::PermissionDenied);
        let error = AsyncFd::new(file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    });
}

/// An object of a library that knows nothing of `AsFd`.
struct Library(File);

impl AsRawFd for Library {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

#[test]
fn an_object_that_only_tells_its_number_is_registered() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        let library = AsyncFd::with_interest(Library(reader), Interest::READABLE).unwrap();
        writer.write_all(b"x").unwrap();
        let n = library
            .async_io(Interest::READABLE, |library| read(&library.0, &mut [0; 4]))
            .await;
        assert_eq!(n.unwrap(), 1);

        let number = library.as_raw_fd();
        let library = AsyncFd::try_with_interest(library.into_inner(), Interest::READABLE);
        let library = AsyncFd::try_new(library.unwrap().into_inner()).unwrap();
        let library = AsyncFd::new(library.into_inner()).unwrap();
        assert_eq!(library.as_raw_fd(), number);
    });
}

#[test]
fn a_number_that_nobody_has_open_comes_back_with_the_error() {
    on_both(|| async {
        let (number, cause) = AsyncFd::<RawFd>::try_new(-1).unwrap_err().into_parts();
        assert_eq!(number, -1);
        assert_eq!(cause.raw_os_error(), Some(libc::EBADF));
    });
}

#[test]
fn a_bare_number_is_registered_on_the_callers_word() {
    on_both(|| async {
        let (reader, mut writer) = pipe();
        // SAFETY: `reader` is open for as long as the registration lasts.
        let number = unsafe { AsyncFd::<RawFd>::register(reader.as_raw_fd()) };
        let number = number.unwrap();
        writer.write_all(b"x").unwrap();
        assert!(number.readable().await.unwrap().ready().is_readable());
        assert_eq!(number.into_inner(), reader.as_raw_fd());
    });
}

#[test]
fn one_that_outlives_its_runtime_answers_with_an_error() {
    for make in SCHEDULERS {
        let (reader, _writer) = pipe();
        let reader = make().block_on(async { AsyncFd::new(reader).unwrap() });
        make().block_on(async {
            assert!(reader.readable().await.is_err());
            assert!(
                reader
                    .async_io(Interest::READABLE, |file| read(file, &mut [0]))
                    .await
                    .is_err()
            );
        });
        let _reader: File = reader.into_inner();
    }
}

#[test]
#[should_panic(expected = "no runtime is running")]
fn without_a_runtime_it_panics() {
    let _ = AsyncFd::new(pipe().0);
}

#[test]
fn types_can_be_sent_and_shared_if_the_object_can() {
    fn holds<T: Send + Sync + Unpin>() {}
    holds::<AsyncFd<OwnedFd>>();
    holds::<AsyncFdReadyGuard<'_, OwnedFd>>();
    holds::<AsyncFdReadyMutGuard<'_, OwnedFd>>();
    holds::<runtime::io::unix::TryIoError>();
    holds::<runtime::io::unix::AsyncFdRegisterError<OwnedFd>>();
}
