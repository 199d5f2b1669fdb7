//! Signals, values to wait for, tokens, and the tracker of tasks.

use std::cell::Cell;
use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

use runtime::sync::futures::{Notified, OwnedNotified};
use runtime::sync::watch::error::{RecvError, SendError};
use runtime::sync::watch::{Receiver, Ref, Sender, channel};
use runtime::sync::{
    Barrier, BarrierWaitResult, CancellationToken, DropGuard, DropGuardRef, Notify, SetOnce,
    SetOnceError, WaitForCancellationFuture, WaitForCancellationFutureOwned,
};
use runtime::task::{TaskTracker, TaskTrackerToken, TaskTrackerWaitFuture, TrackedFuture};

use super::{IsNotSend as _, IsNotSync as _, IsNotUnpin as _, IsSend as _, IsSync as _, of};

type NotSend = Rc<u8>;
type NotSync = Cell<u8>;

table! {
    Notify:                              1 1 1 1 1;
    Notified<'static>:                   1 1 0 1 0;
    OwnedNotified:                       1 1 0 1 0;
    Barrier:                             1 1 1 1 1;
    BarrierWaitResult:                   1 1 1 1 1;
    SetOnce<u8>:                         1 1 1 1 1;
    SetOnce<NotSync>:                    1 0 1 1 0;
    SetOnce<NotSend>:                    0 0 1 1 1;
    SetOnceError<u8>:                    1 1 1 1 1;
    SetOnceError<NotSend>:               0 0 1 1 1;
    Sender<u8>:                          1 1 1 1 1;
    Sender<NotSync>:                     0 0 1 0 0;
    Sender<NotSend>:                     0 0 1 1 1;
    Receiver<u8>:                        1 1 1 1 1;
    Receiver<NotSync>:                   0 0 1 0 0;
    Receiver<NotSend>:                   0 0 1 1 1;
    Ref<'static, u8>:                    0 1 1 0 0;
    Ref<'static, NotSync>:               0 0 1 0 0;
    Ref<'static, NotSend>:               0 0 1 0 0;
    SendError<u8>:                       1 1 1 1 1;
    SendError<NotSend>:                  0 0 1 1 1;
    RecvError:                           1 1 1 1 1;
    CancellationToken:                   1 1 1 1 1;
    DropGuard:                           1 1 1 1 1;
    DropGuardRef<'static>:               1 1 1 1 1;
    WaitForCancellationFuture<'static>:  1 1 0 1 0;
    WaitForCancellationFutureOwned:      1 1 0 1 0;
    TaskTracker:                         1 1 1 1 1;
    TaskTrackerToken:                    1 1 1 1 1;
    TaskTrackerWaitFuture<'static>:      1 1 0 1 0;
    TrackedFuture<Ready<u8>>:            1 1 1 1 1;
    TrackedFuture<Ready<NotSend>>:       0 0 1 1 1;
}

#[test]
fn futures_of_signals_can_be_sent() {
    let (notify, barrier) = (Arc::new(Notify::new()), Barrier::new(1));
    let (token, tracker) = (CancellationToken::new(), TaskTracker::new());
    futures! {
        notify.notified() => 1 1 0;
        notify.clone().notified_owned() => 1 1 0;
        barrier.wait() => 1 1 0;
        token.cancelled() => 1 1 0;
        token.clone().cancelled_owned() => 1 1 0;
        token.run_until_cancelled(ready(1)) => 1 1 0;
        token.run_until_cancelled(ready(Rc::new(1))) => 0 0 0;
        token.clone().run_until_cancelled_owned(ready(1)) => 1 1 0;
        tracker.wait() => 1 1 0;
    }
}

#[test]
fn futures_of_values_go_where_the_values_may() {
    let (sender, mut receiver) = channel(1);
    let (unshared, mut watching_unshared) = channel(Cell::new(1));
    let (unsent, mut watching_unsent) = channel(Rc::new(1));
    futures! {
        sender.closed() => 1 1 0;
        unshared.closed() => 0 0 0;
        unsent.closed() => 0 0 0;
        receiver.changed() => 1 1 0;
        watching_unshared.changed() => 0 0 0;
        watching_unsent.changed() => 0 0 0;
        receiver.wait_for(|_| true) => 1 1 0;
        watching_unshared.wait_for(|_| true) => 0 0 0;
        SetOnce::from(1).wait() => 1 1 0;
        SetOnce::from(Cell::new(1)).wait() => 0 0 0;
        SetOnce::from(Rc::new(1)).wait() => 0 0 0;
    }
}
