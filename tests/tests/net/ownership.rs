//! Sockets and the runtime that watches them.

use std::io::{ErrorKind, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::channel;
use std::thread;

use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::Runtime;
use socket2::SockRef;

use crate::harness::{current_thread, multi_thread, on_both, pair, pair_with_std, within_patience};

const SCHEDULERS: [fn() -> Runtime; 2] = [multi_thread, current_thread];

#[test]
fn a_socket_that_outlives_its_runtime_answers_with_an_error() {
    for make in SCHEDULERS {
        within_patience(move || {
            let first = make();
            let (ours, mut theirs) = first.block_on(pair_with_std());
            drop(first);
            theirs.write_all(b"nobody watches").unwrap();
            make().block_on(async {
                let error = ours.readable().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Other);
                assert!(error.to_string().contains("runtime"), "{error}");
                assert!((&ours).read(&mut [0]).await.is_err());
                assert!((&ours).write(&[0]).await.is_err());
                assert!(ours.peek(&mut [0]).await.is_err());
                // Only the system is asked.
                assert_eq!(ours.try_read(&mut [0]).unwrap(), 1);
            });
        });
    }
}

#[test]
fn waiters_of_another_runtime_are_woken_when_the_sockets_own_runtime_ends() {
    for make in SCHEDULERS {
        within_patience(move || {
            let first = make();
            let (ours, _theirs) = first.block_on(pair());
            let (waits, waiting) = channel();
            let waiter = thread::spawn(move || {
                make().block_on(async move {
                    let mut readable = std::pin::pin!(ours.readable());
                    assert!(
                        futures_lite::future::poll_once(&mut readable)
                            .await
                            .is_none()
                    );
                    waits.send(()).unwrap();
                    readable.await
                })
            });
            waiting.recv().unwrap();
            drop(first);
            assert!(waiter.join().unwrap().is_err());
        });
    }
}

#[test]
fn a_listener_that_outlives_its_runtime_answers_with_an_error() {
    for make in SCHEDULERS {
        within_patience(move || {
            let listener = make().block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
            make().block_on(async { assert!(listener.accept().await.is_err()) });
        });
    }
}

#[test]
fn a_socket_serves_tasks_of_another_runtime() {
    within_patience(|| {
        let (watches, works) = (multi_thread(), multi_thread());
        let (mut ours, mut theirs) = watches.block_on(pair());
        let echo = works.spawn(async move {
            let mut buf = [0; 4];
            for _ in 0..100 {
                theirs.read_exact(&mut buf).await.unwrap();
                theirs.write_all(&buf).await.unwrap();
            }
        });
        works.block_on(async move {
            let mut buf = [0; 4];
            for i in 0..100_u32 {
                ours.write_all(&i.to_ne_bytes()).await.unwrap();
                ours.read_exact(&mut buf).await.unwrap();
                assert_eq!(buf, i.to_ne_bytes());
            }
            echo.await.unwrap();
        });
    });
}

#[test]
fn a_stream_goes_to_the_standard_library_and_to_another_runtime() {
    within_patience(|| {
        let first = multi_thread();
        let (ours, theirs) = first.block_on(pair());
        let theirs = theirs.into_std().unwrap();
        // Back in blocking mode: the conversion sets that right.
        theirs.set_nonblocking(false).unwrap();
        let ours = std::net::TcpStream::try_from(ours).unwrap();
        drop(first);
        current_thread().block_on(async {
            let mut ours = TcpStream::try_from(ours).unwrap();
            let mut theirs = TcpStream::from_std(theirs).unwrap();
            assert!(SockRef::from(&theirs).nonblocking().unwrap());
            ours.write_all(b"moved").await.unwrap();
            let mut buf = [0; 5];
            theirs.read_exact(&mut buf).await.unwrap();
            assert_eq!(&buf, b"moved");
            drop(std::os::fd::OwnedFd::try_from(ours).unwrap());
            assert_eq!(theirs.read(&mut buf).await.unwrap(), 0);
        });
    });
}

#[test]
fn sockets_are_dropped_without_a_runtime() {
    on_both(|| async {
        let sockets = pair().await;
        thread::spawn(move || drop(sockets)).join().unwrap();
    });
}

#[test]
fn without_a_runtime_the_panic_names_the_remedy_and_the_callers_line() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (report, reported) = channel();
    let this = thread::current().id();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| match info.location() {
        Some(location) if thread::current().id() == this => {
            report
                .send((location.file().to_owned(), location.line()))
                .unwrap();
        }
        _ => before(info),
    }));
    let call = AssertUnwindSafe(|| (line!(), TcpListener::from_std(listener)).1.map(drop));
    let line = line!() - 1;
    let panic = panic::catch_unwind(call).unwrap_err();
    drop(panic::take_hook());

    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or(panic.downcast_ref::<&str>().copied()).unwrap();
    assert!(message.contains("no runtime is running"), "{message}");
    assert_eq!(reported.recv().unwrap(), (file!().to_owned(), line));
}
