//! What many listeners, runtimes and processes share, and what becomes of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

use futures_lite::future;
use runtime::runtime::Handle;
use runtime::signal::unix::{Signal, SignalKind, signal};
use runtime::signal::{ctrl_c, shutdown_requested};
use runtime_tests::alone;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::process::{descriptors, lift, limit};
use runtime_tests::reported::panic_of;
use rustix::process::{Resource, Signal as Sent};

use super::{listen, send};

#[test]
fn listeners_cost_no_descriptors_but_the_first() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                drop(listen(SignalKind::interrupt()));
                let before = descriptors();
                let mut waiting: Vec<_> = (0..600).map(|_| Box::pin(ctrl_c())).collect();
                for ctrl_c in &mut waiting {
                    assert!(future::poll_once(ctrl_c).await.is_none());
                }
                let requested = pin!(shutdown_requested());
                assert!(future::poll_once(requested).await.is_none());
                assert_eq!(descriptors(), before, "on {flavor}");
                send(Sent::INT);
                for ctrl_c in waiting {
                    ctrl_c.await.unwrap();
                }
            });
        });
    });
}

/// A server that selects on `ctrl_c` must not end when its clients have taken all descriptors.
#[test]
fn who_has_listened_once_can_listen_without_descriptors() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                assert!(future::poll_once(ctrl_c()).await.is_none());
                limit(Resource::Nofile, 0);
                for _ in 0..100 {
                    assert!(future::poll_once(ctrl_c()).await.is_none());
                }
                let requested = pin!(shutdown_requested());
                let polled = future::poll_once(requested).await;
                assert!(polled.is_none());
                lift(Resource::Nofile);
            });
        });
    });
}

#[test]
fn the_first_listener_says_that_it_takes_descriptors_and_can_be_tried_again() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            // Each in a process without a listener so far.
            in_a_fork(|| {
                let rt = flavor.build();
                let _guard = rt.enter();
                limit(Resource::Nofile, 0);
                let error = signal(SignalKind::interrupt()).unwrap_err();
                assert!(error.to_string().contains("two descriptors"), "{error}");
                lift(Resource::Nofile);
                let mut listener = listen(SignalKind::interrupt());
                send(Sent::INT);
                rt.block_on(listener.recv());
            });
        });
    });
}

/// Asserts that `child` runs to its end in a fork of this process.
#[track_caller]
fn in_a_fork(child: impl FnOnce()) {
    // SAFETY: the child runs what follows and nothing else, and ends by `_exit`.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "no fork");
    if pid == 0 {
        let outcome = catch_unwind(AssertUnwindSafe(child));
        // SAFETY: it ends the process, whatever state that is in.
        unsafe { libc::_exit(i32::from(outcome.is_err())) };
    }
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
    assert_eq!(status, 0);
}

#[test]
fn runtimes_that_come_and_go_hear_of_signals_and_leave_nothing() {
    alone::run(|| {
        let mut before = None;
        for _ in 0..5 {
            on_every_flavor(|flavor| {
                let rt = flavor.build();
                let mut listener = {
                    let _guard = rt.enter();
                    listen(SignalKind::user_defined1())
                };
                send(Sent::USR1);
                rt.block_on(listener.recv()).unwrap();
            });
            let now = descriptors();
            assert_eq!(*before.get_or_insert(now), now);
        }
    });
}

#[test]
fn a_listener_hears_through_whichever_runtime_is_driven() {
    alone::run(|| {
        let idle = Flavor::CurrentThread.build();
        let mut listener = {
            let _guard = idle.enter();
            listen(SignalKind::user_defined1())
        };
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                let _own = listen(SignalKind::user_defined2());
                assert!(future::poll_once(listener.recv()).await.is_none());
                send(Sent::USR1);
                listener.recv().await.unwrap();
            });
        });
    });
}

#[test]
fn a_listener_whose_runtime_ends_tells_what_came_before_and_then_says_so() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let [mut waiting, mut told] = {
                let _guard = rt.enter();
                [
                    listen(SignalKind::user_defined1()),
                    listen(SignalKind::user_defined2()),
                ]
            };
            send(Sent::USR2);
            let other = Flavor::MultiThread(2).build();
            let (start, started) = std::sync::mpsc::channel();
            let task = other.spawn(async move {
                assert!(future::poll_once(waiting.recv()).await.is_none());
                start.send(()).unwrap();
                waiting.recv().await
            });
            started.recv().unwrap();
            drop(rt);
            assert!(other.block_on(task).unwrap_err().is_panic(), "on {flavor}");
            other.block_on(told.recv()).unwrap();
        });
    });
}

#[test]
fn a_fork_listens_anew() {
    alone::run(|| {
        let rt = Flavor::CurrentThread.build();
        let mut listener = {
            let _guard = rt.enter();
            listen(SignalKind::user_defined1())
        };
        assert!(rt.block_on(future::poll_once(listener.recv())).is_none());
        in_a_fork(|| {
            on_every_flavor(|flavor| {
                flavor.build().block_on(async {
                    let mut own = listen(SignalKind::user_defined1());
                    send(Sent::USR1);
                    own.recv().await.unwrap();
                });
            });
            let mut cx = Context::from_waker(Waker::noop());
            let inherited = || listener.poll_recv(&mut cx);
            let report = panic_of(inherited);
            assert!(report.message.contains("is a fork"), "{report:?}");
        });
        rt.block_on(async {
            let mut later = listen(SignalKind::user_defined2());
            send(Sent::USR2);
            later.recv().await.unwrap();
            assert!(future::poll_once(listener.recv()).await.is_none());
        });
    });
}

/// A waker that listens and stops listening while it is woken: no lock of ours may be held.
struct Meddler(Handle, Mutex<Vec<Signal>>);

impl Wake for Meddler {
    fn wake(self: Arc<Self>) {
        let _guard = self.0.enter();
        let mut signals = self.1.lock().unwrap();
        signals.clear();
        for kind in [SignalKind::user_defined1(), SignalKind::hangup()] {
            let mut signal = listen(kind);
            let mut cx = Context::from_waker(Waker::noop());
            assert!(signal.poll_recv(&mut cx).is_pending());
            signals.push(signal);
        }
    }
}

#[test]
fn a_waker_may_listen_and_stop_listening() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let mut listener = {
                let _guard = rt.enter();
                listen(SignalKind::user_defined1())
            };
            let meddler = Arc::new(Meddler(rt.handle().clone(), Mutex::new(Vec::new())));
            let waker = Waker::from(meddler.clone());
            assert!(
                listener
                    .poll_recv(&mut Context::from_waker(&waker))
                    .is_pending()
            );
            send(Sent::USR1);
            rt.block_on(async {
                while meddler.1.lock().unwrap().is_empty() {
                    runtime::task::yield_now().await;
                }
            });
            assert_eq!(meddler.1.lock().unwrap().len(), 2);
        });
    });
}

#[test]
fn of_many_signals_to_many_threads_none_is_lost() {
    alone::run(|| {
        on_multi_thread(|flavor| {
            let rt = flavor.build();
            for _ in 0..200 {
                let tasks: Vec<_> = (0..4)
                    .map(|_| {
                        let listener = {
                            let _guard = rt.enter();
                            listen(SignalKind::user_defined1())
                        };
                        (rt.handle().clone(), listener)
                    })
                    .map(|(handle, mut listener)| {
                        handle.spawn(async move { listener.recv().await.unwrap() })
                    })
                    .collect();
                send(Sent::USR1);
                for task in tasks {
                    rt.block_on(task).unwrap();
                }
            }
        });
    });
}
