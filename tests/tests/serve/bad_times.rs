//! Errors of `accept`, a want of descriptors, and the reports of both.

use std::os::fd::AsRawFd;
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock};

use futures_lite::future;
use runtime::serve::{Acceptor, Shortage};
use runtime::time::{Duration, Instant, timeout};
use runtime_tests::alone;
use runtime_tests::flavor::Flavor;
use runtime_tests::process;
use runtime_tests::watchdog::Watchdog;
use rustix::process::Resource;

use crate::harness::{LONG, Troubled, bind, connect, is_closed};

#[test]
fn without_descriptors_clients_are_refused_and_accepting_goes_on() {
    alone::run(|| {
        Flavor::MultiThread(2).build().block_on(async {
            let reports = Arc::new(Mutex::new(Vec::new()));
            let seen = reports.clone();
            let acceptor = Acceptor::new(bind().await, 1_000).on_overload(move |overload| {
                assert!(matches!(overload.shortage, Shortage::Resources(_)));
                seen.lock().unwrap().push(overload.to_string());
                panic!("a report that panics stops nobody");
            });
            let mut clients = Vec::new();
            for _ in 0..5 {
                clients.push(connect(&acceptor).await);
            }
            let next = std::fs::File::open("/dev/null").unwrap().as_raw_fd();
            process::limit(Resource::Nofile, next.try_into().unwrap());
            let mut accepting = pin!(acceptor.accept());
            // One after the other is refused, as the only descriptor left is the spare one.
            for client in &mut clients {
                let refused = future::or(async { Some(is_closed(client).await) }, async {
                    let _ = accepting.as_mut().await;
                    None
                });
                assert_eq!(refused.await, Some(true));
            }
            process::lift(Resource::Nofile);
            assert_eq!(
                (acceptor.counts().refused, acceptor.counts().accepted),
                (5, 0)
            );
            assert_eq!(acceptor.active(), 0);
            let _client = connect(&acceptor).await;
            let accepted = timeout(LONG, accepting).await.unwrap().unwrap();
            assert_eq!(acceptor.counts().accepted, 1);
            drop(accepted);
            let reports = reports.lock().unwrap();
            let pauses = acceptor.counts().pauses as usize;
            assert!(
                !reports.is_empty() && reports.len() < pauses.max(2),
                "{reports:?}"
            );
            assert!(reports[0].contains("raise the limit"), "{reports:?}");
        });
    });
}

#[runtime::test(start_paused = true)]
async fn what_concerns_one_connection_is_passed_over_at_once() {
    let errors = [
        libc::ECONNABORTED,
        libc::EINTR,
        libc::EPROTO,
        libc::EPERM,
        libc::ECONNRESET,
        libc::ENONET,
        libc::ESOCKTNOSUPPORT,
        libc::EPROTONOSUPPORT,
    ];
    let acceptor = Acceptor::new(Troubled::with(&errors), 1);
    let start = Instant::now();
    let accepted = acceptor.accept().await.unwrap();
    assert_eq!(
        (acceptor.counts().aborted, acceptor.counts().accepted),
        (8, 1)
    );
    assert_eq!(start.elapsed(), Duration::ZERO);
    drop(accepted);
}

#[runtime::test(start_paused = true)]
async fn what_others_may_give_back_is_waited_for() {
    for error in [libc::ENOSR, libc::ENOSPC, libc::ENOMEM, libc::ENOBUFS] {
        // Each pause asks twice: the connection that cannot be served, and the one that is refused.
        let acceptor = Acceptor::new(Troubled::with(&[error; 4]), 1);
        let start = Instant::now();
        drop(acceptor.accept().await.unwrap());
        assert_eq!(start.elapsed(), Duration::from_millis(5 + 10));
    }
}

#[runtime::test]
async fn errors_that_never_end_do_not_keep_the_thread() {
    let acceptor = Arc::new(Acceptor::new(Troubled::with(&[libc::EPROTO; 1_000_000]), 1));
    let accepting = acceptor.clone();
    let accepting = runtime::spawn(async move { accepting.accept().await.map(drop) });
    runtime::task::yield_now().await;
    assert!(acceptor.counts().aborted < 1_000_000);
    accepting.abort();
}

#[runtime::test(start_paused = true)]
async fn pauses_grow_up_to_a_second_and_begin_anew_after_good_times() {
    let acceptor = Acceptor::new(Troubled::with(&[libc::EMFILE; 24]), 2);
    let start = Instant::now();
    let _first = acceptor.accept().await.unwrap();
    let grown = [5, 10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000, 1_000];
    assert_eq!(start.elapsed(), Duration::from_millis(grown.iter().sum()));
    *acceptor.listener().errors.lock().unwrap() = vec![libc::ENFILE; 2];
    let start = Instant::now();
    let _second = acceptor.accept().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(5));
}

#[runtime::test]
async fn what_no_waiting_heals_is_an_error() {
    let acceptor = Acceptor::new(Troubled::with(&[libc::EINVAL]), 1);
    assert_eq!(
        acceptor.accept().await.unwrap_err().raw_os_error(),
        Some(libc::EINVAL)
    );
    assert_eq!(acceptor.active(), 0);
    drop(acceptor.accept().await.unwrap());
}

#[test]
fn a_report_may_use_the_acceptor() {
    let _watchdog = Watchdog::start("in a report that accepts");
    Flavor::CurrentThread.build().block_on(async {
        let own = Arc::new(OnceLock::<Arc<Acceptor<Troubled>>>::new());
        let (seen, reports) = (own.clone(), Arc::new(Mutex::new(0)));
        let counted = reports.clone();
        let acceptor = Acceptor::new(Troubled::with(&[libc::EMFILE; 2]), 2);
        let acceptor = Arc::new(acceptor.on_overload(move |_| {
            *counted.lock().unwrap() += 1;
            let acceptor = seen.get().unwrap();
            let accepted = future::block_on(future::poll_once(acceptor.accept()));
            assert!(accepted.unwrap().is_ok());
            assert_eq!(acceptor.counts().accepted, 1);
        }));
        own.set(acceptor.clone()).unwrap();
        drop(acceptor.accept().await.unwrap());
        assert_eq!(*reports.lock().unwrap(), 1);
        assert_eq!(acceptor.counts().accepted, 2);
    });
}
